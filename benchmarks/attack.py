"""An attack on what lies around the engines: kills, flipped bits, spoilt files, two studies in a folder, full disks.

Use: python benchmarks/attack.py [PART ...] [--share 1.0] [--seed 1]

Parts are kills, flips, code, files, mutants, pairs and full; all of them if none is named.  Each says how many attempts
were made, what came of them, and in words whatever should not have come; the exit code is 1 if anything did.  A share
makes as many attempts as that part of the usual number.  A full disk is a small file system of its own, which only
Linux with user namespaces lets anyone make.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple
from unittest import mock
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
TINY = ROOT / "tests" / "data" / "tiny.yaml"
USUAL: Final = {"kills": 50, "flips": 400, "code": 100, "files": 10_000, "mutants": 300, "pairs": 50, "full": 8}
"""Attempts of each part."""
CONVOI: Final = (sys.executable, "-c", "from sim.cli.main import main; main(prog_name='convoi')")
SECONDS: Final = 10.0
"""What any file under 1 MB may take to be read or refused."""
EVENTS: Final = 300_000
"""Events of a mutant that both engines run, at most, as estimated; SimPy takes some ten seconds for them."""


class Tally(NamedTuple):
    """What came of the attempts of a part, and what should not have come."""

    came: Counter[str]
    wrong: list[str]


def study(out: Path, *also: str) -> list[str]:
    """Return the command of a small comparison."""
    words = ["compare", str(TINY), "--strategy", "none", "--strategy", "army", "-n", "60", "--out", str(out), *also]
    return [*CONVOI, *words]


def begun(words: list[str], here: Path) -> subprocess.Popen[str]:
    """Start a command in a group of its own."""
    pipe = subprocess.PIPE
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        words, cwd=here, env=environment, stdout=pipe, stderr=pipe, text=True, start_new_session=True
    )


def ended(words: list[str], here: Path) -> tuple[int, str]:
    """Run a command; return its exit code and what it said."""
    with begun(words, here) as process:
        out, err = process.communicate()
    return process.returncode, out + err


def tables(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each table that a study left."""
    files = [path for path in sorted(folder.iterdir()) if path.suffix in (".parquet", ".csv")]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def undisturbed(here: Path, *also: str) -> tuple[dict[str, str], float]:
    """Return the tables of a study that nothing disturbs, and how long it takes (s)."""
    ended(study(here / "warm", *also), here)
    began = time.monotonic()
    code, said = ended(study(here / "right", *also), here)
    if code:
        raise SystemExit(f"the study itself fails:\n{said}")
    return tables(here / "right"), time.monotonic() - began


def kills(here: Path, attempts: int, draw: random.Random) -> Tally:
    """End a study at any moment, by any signal, until it has ended by itself; the tables must be the same bytes."""
    came, wrong = Counter[str](), list[str]()
    right, whole = undisturbed(here)
    for number in count():
        if came["killed"] + came["interrupted"] + came["terminated"] >= attempts:
            return Tally(came, wrong)
        out = here / f"study{number}"
        while True:
            process = begun(study(out), here)
            try:
                said = "".join(process.communicate(timeout=draw.uniform(0.1, 1.1) * whole))
                break
            except subprocess.TimeoutExpired:
                which, word = draw.choice(
                    [(signal.SIGKILL, "killed"), (signal.SIGINT, "interrupted"), (signal.SIGTERM, "terminated")]
                )
                os.killpg(process.pid, which)
                began = time.monotonic()
                said = "".join(process.communicate())
                came[word] += 1
                if time.monotonic() - began > 2.0:
                    wrong.append(f"{word}: took {time.monotonic() - began:.1f} s to end")
                if "Traceback" in said:
                    wrong.append(f"{word}: {said[-300:]}")
        came["ended by itself"] += 1
        if process.returncode or "Traceback" in said or tables(out) != right:
            wrong.append(f"after kills: exit code {process.returncode}, {said[-300:]}")
    raise AssertionError


def pairs(here: Path, attempts: int, draw: random.Random) -> Tally:
    """Start two studies into one folder at once: one does it, the other is told so, and nothing is lost or mixed."""
    came, wrong = Counter[str](), list[str]()
    right = [undisturbed(_made(here / f"seed{seed}"), "--seed", seed)[0] for seed in "12"]
    for number in range(attempts):
        out = here / f"pair{number}"
        two = [begun(study(out, "--seed", draw.choice("12")), here)]
        time.sleep(draw.choice([0.0, 0.0, draw.uniform(0.0, 3.0)]))
        two.append(begun(study(out, "--seed", draw.choice("12")), here))
        said = ["".join(process.communicate()) for process in two]
        codes = sorted(process.returncode for process in two)
        kept = tables(out)
        came["both done, one after the other" if codes == [0, 0] else "one done, one refused"] += 1
        if kept not in right or codes[0] or "Traceback" in "".join(said) or (codes[1] and not _explained(said)):
            wrong.append(f"exit codes {codes}: {' | '.join(text[-200:] for text in said)}")
        wrong += [f"{path.name} is no picture" for path in out.glob("*.svg") if not _is_xml(path)]
    return Tally(came, wrong)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def _explained(said: list[str]) -> bool:
    return any("--out" in text or "--force" in text for text in said)


def _is_xml(path: Path) -> bool:
    try:
        ElementTree.parse(path)
    except ElementTree.ParseError:
        return False
    return True


def full(here: Path, attempts: int, draw: random.Random) -> Tally:
    """Let the disk be full; with room made, the same command ends with the same tables."""
    came, wrong = Counter[str](), list[str]()
    right, _ = undisturbed(here)
    done = shlex.join(study(_made(here / "disk") / "out"))
    for attempt in range(attempts):
        size = round(16_384 * 2 ** (8.0 * attempt / max(1, attempts - 1)))  # 16 kB to 4 MB
        script = (
            f"mount -t tmpfs -o size={size} none disk || exit 99; {done} >first 2>&1; echo $? >codes; "
            f"mount -o remount,size=64m disk; {done} >second 2>&1; echo $? >>codes; cp -r disk/out kept{attempt}"
        )
        code, _ = ended(["unshare", "-rm", "sh", "-c", script], here)
        if code == 99:
            return Tally(Counter({"no file system can be made here": 1}), wrong)
        codes, told = (here / "codes").read_text().split(), (here / "first").read_text()
        came["full" if codes[0] != "0" else "room enough"] += 1
        if codes[1] != "0" or "Traceback" in told or tables(here / f"kept{attempt}") != right:
            wrong.append(f"{size} bytes: exit codes {codes}: {told[-300:]} | {(here / 'second').read_text()[-300:]}")
    return Tally(came, wrong)


def flips(here: Path, attempts: int, draw: random.Random) -> Tally:
    """Flip a bit of a finished study's ledger or tables; no other number comes of it without a word."""
    words = ["run", str(TINY), "-n", "8", "--quiet", "--out"]
    ended([*CONVOI, *words, str(here / "right")], here)
    jobs = [(here, words, draw.randrange(2**32)) for _ in range(attempts)]
    with ProcessPoolExecutor() as executor:
        outcomes = [*executor.map(_flipped, jobs, chunksize=10)]
    return Tally(Counter(kind for kind, _ in outcomes), [said for kind, said in outcomes if kind.startswith("wrong")])


def _flipped(job: tuple[Path, list[str], int]) -> tuple[str, str]:
    from sim.errors import ConvoiError
    from sim.results.store import read_manifest, read_table

    here, words, seed = job
    draw, right, copy = random.Random(seed), here / "right", here / f"copy{seed}"
    shutil.copytree(right, copy)
    ledger = draw.random() < 0.7
    flipped = copy / "ledger.sqlite" if ledger else draw.choice([*copy.glob("*.parquet"), copy / "manifest.json"])
    place = flip(flipped, draw)
    told = f"{flipped.name}, {place}: "
    try:
        if ledger:
            code, said, names = *_called([*words, str(copy)]), ["measures", "towns", "convoys", "stocks"]
            if code or "Traceback" in said:
                return "wrong: not done again", f"{told}exit code {code}: {said[-300:]}"
        else:
            said, names = "", [flipped.stem] if flipped.suffix == ".parquet" else ["measures"]
            read_manifest(copy)
        same = all(read_table(copy, name).equals(read_table(right, name)) for name in names)
    except ConvoiError as error:
        return "table refused", str(error)
    except BaseException as error:
        return "wrong: a traceback", f"{told}{type(error).__name__}: {error}"
    finally:
        shutil.rmtree(copy)
    what = "ledger" if ledger else "tables"
    if not same:
        return "wrong: other numbers", told + said
    return f"{what}: the same numbers" + (", and said" if said.strip() else ", nothing said"), ""


def flip(path: Path, draw: random.Random) -> str:
    """Flip one bit of a file; return which."""
    data = bytearray(path.read_bytes())
    place, bit = draw.randrange(len(data)), draw.randrange(8)
    data[place] ^= 1 << bit
    path.write_bytes(data)
    return f"bit {bit} of byte {place}"


def _called(words: list[str]) -> tuple[int, str]:
    """Call the command in this process, without figures; return its exit code and what it said."""
    from click.testing import CliRunner

    import sim.view.figures
    from sim.cli.main import main

    sim.view.figures.save_all = lambda *_: [Path("none.png")]
    done = CliRunner().invoke(main, words)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


def code(here: Path, attempts: int, draw: random.Random) -> Tally:
    """Flip a bit of the compiled code that is kept; it is found before the code is loaded, and compiled anew."""
    from sim.fast import cache, prepare
    from sim.fast.prepared import SIGNATURES

    prepare()
    kept, copy, names = cache.folder(), here / "cache", [function.__name__ for function, _ in SIGNATURES]
    came, wrong = Counter[str](), list[str]()
    for _ in range(attempts):
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(kept, there := copy / kept.name)
        flipped = draw.choice([path for path in there.rglob("*") if path.suffix in (".nbi", ".nbc")])
        place = flip(flipped, draw)
        with mock.patch.object(cache, "folder", lambda there=there: there):
            noticed = not cache.is_kept(names)
        came["found" if noticed else "not found"] += 1
        if not noticed:
            wrong.append(f"{flipped.name}, {place}")
    right, _ = undisturbed(here)
    with mock.patch.dict(os.environ, CONVOI_CACHE=str(copy)):
        exit_code, said = ended(study(here / "anew"), here)
    came["run all the same, compiled anew"] += 1
    if exit_code or tables(here / "anew") != right or "compiling" not in said:
        wrong.append(f"run with damaged code: exit code {exit_code}, {said[-300:]}")
    return Tally(came, wrong)


def files(here: Path, attempts: int, draw: random.Random) -> Tally:
    """Spoil scenario files; each is refused with its place, or loads, soon."""
    from tests.property.test_mutations import MUTATORS

    each = range(-(-attempts // len(MUTATORS)))
    seeds = [(mutator.__name__, draw.randrange(2**32)) for mutator in MUTATORS for _ in each]
    with ProcessPoolExecutor(initializer=_surroundings, initargs=(str(here),)) as executor:
        outcomes = [*executor.map(_spoilt, seeds, chunksize=50)]
    wrong = [
        f"{name} {seed}: {said}" for (name, seed), (kind, said) in zip(seeds, outcomes, strict=True) if kind == "wrong"
    ]
    return Tally(Counter(kind for kind, _ in outcomes), wrong)


def _surroundings(here: str) -> None:
    """Make the folder of a process, with files that spoilt ones may extend, and go there."""
    inner = Path(here) / str(os.getpid()) / "inner"
    (inner / "sub").mkdir(parents=True)
    (inner / "other.yaml").write_text("title: other\n", encoding="utf-8")
    (inner / "back.yaml").write_text("extends: s.yaml\n", encoding="utf-8")
    (inner / "linked").symlink_to(inner.parent)
    os.chdir(inner)


def _spoilt(which: tuple[str, int]) -> tuple[str, str]:
    from tests.property import test_mutations

    name, seed = which
    spoilt = getattr(test_mutations, name)(random.Random(seed))
    Path("s.yaml").write_bytes(spoilt if isinstance(spoilt, bytes) else spoilt.encode("utf-8", "surrogateescape"))
    began = time.process_time()
    try:
        kind, said = _read("s.yaml")
    except BaseException as error:
        return "wrong", f"{type(error).__name__}: {error}"
    took = time.process_time() - began
    return (kind, said) if took < SECONDS else ("wrong", f"took {took:.0f} s")


def _read(file: str) -> tuple[str, str]:
    from sim.errors import ConvoiError, ScenarioError
    from sim.plan import build
    from sim.scenario.load import load
    from tests.property.test_mutations import PLACE

    try:
        build(load(file))
    except ScenarioError as error:
        lines = str(error).splitlines()
        return ("refused", "") if lines and all(map(PLACE.match, lines)) else ("wrong", f"no place: {error}")
    except ConvoiError:
        return "refused by the plan", ""
    return "loaded", ""


FACTORS: Final = (0.0, 0.1, 0.5, 0.9, 1.1, 2.0, 5.0, 20.0)


def mutants(here: Path, attempts: int, draw: random.Random) -> Tally:
    """Change numbers of scenarios at random; what is accepted runs, and both engines do the same, event by event."""
    with ProcessPoolExecutor() as executor:
        seeds = (draw.randrange(2**32) for _ in count())
        came, wrong = Counter[str](), list[str]()
        while came["equal"] + came["fail in both"] < attempts:
            batch = [next(seeds) for _ in range(40)]
            for seed, (kind, said) in zip(batch, executor.map(_mutant, batch), strict=True):
                came[kind] += 1
                if kind == "wrong":
                    wrong.append(f"{seed}: {said}")
    return Tally(came, wrong)


def _mutant(seed: int) -> tuple[str, str]:
    from sim.errors import ConvoiError
    from sim.plan import build
    from sim.scenario.load import load
    from sim.study.notes import cost
    from tests.engines import compared
    from tests.property.test_mutations import NUMBER

    draw = random.Random(seed)
    text = draw.choice([TINY, ROOT / "scenarios" / "tutorial.yaml"]).read_text(encoding="utf-8")
    for _ in range(draw.randint(1, 6)):
        place = draw.choice([*NUMBER.finditer(text)])
        number, blank, unit = place[0].partition(" ")
        text = f"{text[: place.start()]}{float(number) * draw.choice(FACTORS):.6g}{blank}{unit}{text[place.end() :]}"
    with TemporaryDirectory() as folder:
        path = Path(folder) / "s.yaml"
        path.write_text(text, encoding="utf-8")
        try:
            plan = build(load(path))
        except ConvoiError:
            return "refused", ""
        except BaseException as error:
            return "wrong", f"{type(error).__name__}: {error}"
    if cost(plan).events > EVENTS:
        return "too large to be run by SimPy", ""
    outcome = compared(plan, draw.randrange(2**64), draw.randrange(1000))
    kinds = {"equal": "equal", "failed": "fail in both"}
    return (kinds[outcome.kind], "") if outcome.kind in kinds else ("wrong", outcome.text)


PARTS: Final[dict[str, Callable[[Path, int, random.Random], Tally]]] = {
    "kills": kills,
    "flips": flips,
    "code": code,
    "files": files,
    "mutants": mutants,
    "pairs": pairs,
    "full": full,
}


def main() -> None:
    """Attack, and say what came of it."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    arguments.add_argument("--share", type=float, default=1.0)
    arguments.add_argument("--seed", type=int, default=1)
    asked = arguments.parse_args()
    if unknown := set(asked.parts) - PARTS.keys():
        arguments.error(f"no part {', '.join(sorted(unknown))}; expected some of {', '.join(PARTS)}")
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell lets what runs beside it ignore Ctrl-C, for good
    fine = True
    for name in asked.parts or PARTS:
        began = time.monotonic()
        with TemporaryDirectory(prefix="convoi-attack-") as folder:
            attempts = max(1, round(USUAL[name] * asked.share))
            tally = PARTS[name](Path(folder), attempts, random.Random(f"{name} {asked.seed}"))
        came = ", ".join(f"{number:,} {kind}" for kind, number in tally.came.most_common())
        print(f"{name} ({time.monotonic() - began:.0f} s): {came}; {len(tally.wrong)} wrong", flush=True)
        for text in tally.wrong[:20]:
            print(f"  {text}", flush=True)
        fine = fine and not tally.wrong
    sys.exit(not fine)


if __name__ == "__main__":
    main()
