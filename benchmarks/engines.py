"""Both engines at equal outputs: speed, time to a first answer, memory, and how they grow.

Use: python benchmarks/engines.py [--quick] [--json FILE] [PART ...]

Parts: outputs, first, memory, size, cores; all if none is named.

Every measurement is a process of its own and the rows of a part take turns, so that a slow spell of the machine falls
on all of them.  Figures of one part are ratios within one run; seconds belong to a machine.  Before anything is
compared, the engines' records of the same replications must be equal bit for bit, logs included, and the number of
events that SimPy handles must be the one in ``expected.json``.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.measuring import in_words, keep, machine, text  # noqa: E402

if TYPE_CHECKING:
    from sim.plan.plan import Plan
    from sim.record import Record

EXPECTED = json.loads((ROOT / "benchmarks" / "expected.json").read_text(encoding="utf-8"))
SCENARIO = ROOT / EXPECTED["scenario"]
SEED = EXPECTED["seed"]
ENGINES = ("simpy", "fast")
OUTPUTS = {
    "model": "model alone",
    "tables": "measures and daily tables, kept",
    "log": "the same and the full event log",
}
FACTORS = (0.5, 1.0, 2.0, 4.0)
MB = 1e6
CONVOI = [sys.executable, "-c", "from sim.cli.main import main; main()"]


class Amount:
    """How much is measured."""

    def __init__(self, quick: bool) -> None:
        self.rounds = 2 if quick else 5
        self.replications = 1 if quick else 4
        self.passes = {"simpy": 1, "fast": 5 if quick else 10}
        self.sized_rounds = 1 if quick else 3
        self.many = (20, 40) if quick else (100, 400, 1600)
        self.study = {"simpy": 4 if quick else 16, "fast": 40 if quick else 400}


# What a process of its own does.


def replications(engine: str, output: str, count: int, passes: int, sets: list[str], central: bool) -> dict[str, Any]:
    """Do replications 0 to ``count`` − 1 a number of times and return the CPU seconds of one, and what came of them."""
    import resource

    import sim
    from sim.plan import build
    from sim.results.ledger import Ledger, Outcome
    from sim.results.measures import measures
    from sim.results.tables import columns

    plan = build(sim.load(SCENARIO, sets=sets))
    do = _simpy(plan, central) if engine == "simpy" else _fast(plan, central)
    log = output == "log"
    left = [_left(do(number, log)) for number in range(count)]
    began = time.process_time()
    with Ledger(None) as ledger:
        for _ in range(passes):
            for number in range(count):
                record = do(number, log)
                if output != "model":
                    ledger.put("benchmark", number, Outcome(measures(record, ()), columns(record)))
    seconds = (time.process_time() - began) / (passes * count)
    kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "seconds": seconds,
        "mb": kib * 1024 / MB,
        "events": left[0]["events"],
        "logged": sum(summary["rows"]["log"] for summary in left) / count,
        "rows": [summary["rows"] for summary in left],
        "digest": [summary["digest"] for summary in left],
    }


def _simpy(plan: Plan, central: bool) -> Any:
    from sim.study.replicate import simulate

    return lambda number, log: simulate(plan, SEED, number, central=central, log=log, engine="simpy")


def _fast(plan: Plan, central: bool) -> Any:
    from sim.fast import Twin
    from sim.world.nature import nature

    twin = Twin(plan)
    return lambda number, log: twin.replicate(nature(plan, SEED, number, central=central), log=log)


TABLES_OF_A_RECORD = ("towns", "flows", "convoys", "encounters", "users", "imports", "log")


def _left(record: Record) -> dict[str, Any]:
    """Return the rows of a record's tables and a hash of every bit in them; NaN is NaN, whatever its bits."""
    from hashlib import sha256

    import numpy as np

    digest, rows = sha256(), {}
    for name in TABLES_OF_A_RECORD:
        table = getattr(record, name)
        rows[name] = len(next(iter(table.values()))) if table else 0
        for column, values in sorted(table.items()) if rows[name] else ():
            digest.update(f"{name}.{column} {values.dtype.str} {len(values)}".encode())
            plain = np.where(np.isnan(values), np.nan, values) if values.dtype.kind == "f" else values
            digest.update(np.ascontiguousarray(plain).tobytes())
    digest.update(repr((record.balance, record.unit_hours, record.ambushes_laid, record.ambushes_met)).encode())
    return {"events": record.events, "rows": rows, "digest": digest.hexdigest()}


def study(engine: str, workers: int, count: int) -> dict[str, Any]:
    """Run a study and return its wall seconds; the engine is compiled and its workers' start is included."""
    import sim
    from sim.study.executors import Where
    from sim.study.replicate import run

    scenario = sim.load(SCENARIO)
    run(scenario, 1, seed=SEED, engine=engine, where=Where(1, threads=True))
    began = time.perf_counter()
    done = run(scenario, count, seed=SEED, engine=engine, where=Where(workers))
    return {"seconds": time.perf_counter() - began, "rows": len(done.measures)}


# What starts the processes.


def apart(function: str, **given: Any) -> dict[str, Any]:
    """Return what a function of this file finds in a process of its own."""
    words = [sys.executable, __file__, "--apart", json.dumps({"function": function, "given": given})]
    done = subprocess.run(words, cwd=ROOT, env=_environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{function} {given} failed:\n{done.stderr}")
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def command(words: Iterable[str], **environment: str) -> dict[str, float]:
    """Return the wall and CPU seconds and the peak memory (MB) of ``convoi`` with these words, its own process."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as errors:
        words = [word.replace("{out}", f"{folder}/out") for word in words]
        began = time.perf_counter()
        child = subprocess.Popen(
            [*CONVOI, *words], cwd=ROOT, env=_environment() | environment, stdout=subprocess.DEVNULL, stderr=errors
        )
        _, status, used = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            errors.seek(0)
            sys.exit(f"convoi {' '.join(words)} failed:\n{errors.read().decode()}")
    return {"seconds": seconds, "cpu": used.ru_utime + used.ru_stime, "mb": used.ru_maxrss * 1024 / MB}


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def agree(answers: dict[str, dict[str, Any]], what: str) -> None:
    """Stop unless both engines left the same rows and the same bits."""
    first, *others = answers
    for other in others:
        for key in ("rows", "digest"):
            if answers[first][key] != answers[other][key]:
                sys.exit(
                    f"{what}: the engines differ in {key}: {first} {answers[first][key]}, {other} {answers[other][key]}"
                )


def unchanged(events: int) -> None:
    """Stop if SimPy did not handle the number of events that it should."""
    if events != EXPECTED["events"]:
        sys.exit(
            f"{events:,} events in replication {EXPECTED['replication']} of {EXPECTED['scenario']}, seed {SEED}; "
            f"expected {EXPECTED['events']:,}.  Either the model is wrong or it was changed: then run "
            "tests/golden/regenerate.py and write the decision in CHANGELOG.md."
        )


# The parts.


def outputs(amount: Amount) -> list[dict[str, Any]]:
    """CPU seconds of a replication by output and engine."""
    rows: dict[tuple[str, str], dict[str, Any]] = {
        (output, engine): {"output": output, "engine": engine, "seconds": [], "mb": []}
        for output in OUTPUTS
        for engine in ENGINES
    }
    for _ in range(amount.rounds):
        for output in OUTPUTS:
            answers = {}
            for engine in ENGINES:
                answer = answers[engine] = apart(
                    "replications", engine=engine, output=output, count=amount.replications,
                    passes=amount.passes[engine], sets=[], central=False,
                )  # fmt: skip
                row = rows[output, engine]
                row["seconds"].append(answer["seconds"])
                row["mb"].append(answer["mb"])
                row["logged"] = answer["logged"]
            unchanged(answers["simpy"]["events"])
            agree(answers, OUTPUTS[output])
    return list(rows.values())


def first(amount: Amount) -> list[dict[str, Any]]:
    """Wall seconds of ``convoi run`` with 20 replications in a fresh process: cold, warm, and with SimPy."""
    run = ["run", str(SCENARIO), "-n", "20", "--seed", str(SEED), "--quiet", "--out", "{out}"]
    cache = Path(tempfile.mkdtemp())
    rows = {
        "fast, nothing compiled yet": (run, True),
        "fast, compiled before": (run, False),
        "SimPy": ([*run, "--engine", "simpy"], False),
        "`convoi --help`": (["--help"], False),
    }
    seconds: dict[str, list[float]] = {name: [] for name in rows}
    try:
        for _ in range(amount.sized_rounds):
            for name, (words, empty) in rows.items():
                if empty:
                    shutil.rmtree(cache)
                    cache.mkdir()
                seconds[name].append(command(words, CONVOI_CACHE=str(cache))["seconds"])
    finally:
        shutil.rmtree(cache, ignore_errors=True)
    return [{"what": name, "seconds": values} for name, values in seconds.items()]


def memory(amount: Amount) -> list[dict[str, Any]]:
    """Peak memory and wall seconds of whole commands by the number of replications, with the fast engine."""
    whole = {
        "convoi run": ["run", str(SCENARIO)],
        "convoi compare, two strategies": ["compare", str(SCENARIO), "--strategy", "army", "--strategy", "ground"],
    }
    rows = []
    for count in amount.many:
        for name, words in whole.items():
            used = command([*words, "-n", str(count), "--seed", str(SEED), "--quiet", "--out", "{out}"])
            rows.append({"command": name, "replications": count, **used})
    return rows


def size(amount: Amount) -> list[dict[str, Any]]:
    """CPU seconds of a replication, model alone, central values, by tankers, stations and days."""
    cases = [(what, factor, sets) for what, of in sizes().items() for factor, sets in of.items()]
    rows = [
        {"what": what, "factor": factor, "engine": engine, "seconds": []}
        for what, factor, _ in cases
        for engine in ENGINES
    ]
    for _ in range(amount.sized_rounds):
        places = iter(rows)
        for what, factor, sets in cases:
            answers = {}
            for engine in ENGINES:
                answers[engine] = apart(
                    "replications", engine=engine, output="model", count=1,
                    passes=min(5, amount.passes[engine]), sets=sets, central=True,
                )  # fmt: skip
                next(places)["seconds"].append(answers[engine]["seconds"])
            agree(answers, f"{factor} times the {what}")
    return rows


def sizes() -> dict[str, dict[float, list[str]]]:
    """Return what is set for each size: the fleet, the stations of every town, the last day."""
    from datetime import timedelta

    import sim
    from sim.plan import build

    plan = build(sim.load(SCENARIO))
    stations = [(name, count) for name, count in zip(plan.towns.name, plan.towns.stations, strict=True) if count]
    return {
        "tankers": {factor: [f"fleet.size={round(plan.fleet.size * factor)}"] for factor in FACTORS},
        "stations": {
            factor: [f"towns.{name}.stations.count={max(1, round(count * factor))}" for name, count in stations]
            for factor in FACTORS
        },
        "days": {
            factor: [f"end={(plan.start + timedelta(days=round(plan.days * factor))).date()}"] for factor in FACTORS
        },
    }


def cores(amount: Amount) -> list[dict[str, Any]]:
    """Wall seconds of a study by workers and engine."""
    workers = sorted({1, min(2, os.cpu_count() or 1), os.cpu_count() or 1})
    rows = [{"engine": engine, "workers": count, "seconds": []} for engine in ENGINES for count in workers]
    for _ in range(amount.sized_rounds):
        for row in rows:
            many = amount.study[row["engine"]]
            answer = apart("study", engine=row["engine"], workers=row["workers"], count=many)
            if answer["rows"] != many:
                sys.exit(f"{answer['rows']} rows of measures, expected {many}")
            row["replications"] = many
            row["seconds"].append(answer["seconds"])
    return rows


PARTS = {"outputs": outputs, "first": first, "memory": memory, "size": size, "cores": cores}


def main() -> None:
    """Read the command line, measure, print."""
    from benchmarks.document import of_engines

    words = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    words.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)}; all if none is named")
    words.add_argument("--quick", action="store_true", help="a short run, to try out")
    words.add_argument("--json", type=Path, help="also write what was measured here")
    words.add_argument("--apart", help=argparse.SUPPRESS)
    asked = words.parse_args()
    if asked.apart:
        what = json.loads(asked.apart)
        print(json.dumps({"replications": replications, "study": study}[what["function"]](**what["given"])))
        return
    if unknown := set(asked.parts) - set(PARTS):
        words.error(f"no part '{min(unknown)}'; expected some of {', '.join(PARTS)}")
    amount = Amount(asked.quick)
    rounds = {"outputs": amount.rounds, "others": amount.sized_rounds}
    measured: dict[str, Any] = {"machine": machine("numba", "numpy", "simpy"), "rounds": rounds}
    print(in_words(measured["machine"]))
    # So that no row is the one that compiles.
    apart("replications", engine="fast", output="model", count=1, passes=1, sets=[], central=False)
    for part in asked.parts or PARTS:
        measured[part] = PARTS[part](amount)
        for name, table in of_engines({part: measured[part]}).items():
            print(f"\n{name}\n{text(*table)}", flush=True)
        if asked.json:
            keep(asked.json, measured)


if __name__ == "__main__":
    main()
