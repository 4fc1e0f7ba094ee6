"""convoi run."""

from __future__ import annotations

import json
import os
import pty
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from click.testing import Result

import sim
from sim.errors import ModelError, StudyError
from sim.results.ledger import LEDGER
from sim.results.store import UNFINISHED, read_manifest, read_table
from sim.results.tables import TABLES
from tests import calls
from tests.calls import COMMAND, TINY
from tests.digest import measures_digest
from tests.files import of_a_day

CHARTS = ("stock-capital", "flows", "waiting", "map", "funnel")
FIGURES = {f"{name}.{kind}" for name in CHARTS for kind in ("png", "svg")}
FILES = FIGURES | {f"{name}.parquet" for name in ("measures", *TABLES)} | {"manifest.json", "scenario.yaml", LEDGER}
ENDLESS = "100000"


def convoi(*words: str, figures: bool = False, code: int | None = None) -> Result:
    return calls.convoi("run", *words, *([] if figures else ["--no-figures"]), code=code)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[subprocess.CompletedProcess[str], Path]:
    """A run as a user makes it, with two workers and the folder left to the command."""
    here = tmp_path_factory.mktemp("here")
    words = [*COMMAND, "run", TINY, "-n", "4", "--workers", "2"]
    return subprocess.run(words, cwd=here, env=calls.environment(), capture_output=True, text=True, check=False), here


@pytest.fixture(scope="module")
def same() -> sim.study.replicate.Run:
    """The same replications from Python, in one process."""
    return sim.run(sim.load(TINY), replications=4, workers=1)


def test_the_answer_is_printed_and_says_where_things_are(ran) -> None:
    done, here = ran
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    folder = of_a_day("run_tiny", here / "results").relative_to(here)
    assert lines[:2] == ["Tiny", "4 replications, seed 1. Strategy: army, aircraft when free. Scope: all fuel."]
    assert f"Tables: {folder}" in lines
    assert {path.name for path in (of_a_day("run_tiny", here / "results")).iterdir()} == FILES
    named = lines[lines.index(f"Figures: {folder}") + 1].strip().split(", ")
    assert set(named) == {name for name in FIGURES if name.endswith(".png")}


def test_no_line_is_longer_than_100_columns_and_none_has_colour(ran) -> None:
    done, _ = ran
    assert max(map(len, done.stdout.splitlines())) <= 100
    assert "\x1b" not in done.stdout


def test_two_workers_say_what_one_says(ran, same) -> None:
    _, here = ran
    folder = of_a_day("run_tiny", here / "results")
    assert measures_digest(read_table(folder, "measures")) == measures_digest(same.measures)
    assert read_manifest(folder)["workers"] == 2
    assert same.manifest["workers"] == 1


@pytest.mark.parametrize("table", ["measures", *TABLES])
def test_stored_tables_read_back_equal(ran, same, table: str) -> None:
    _, here = ran
    stored, made = read_table(of_a_day("run_tiny", here / "results"), table), getattr(same, table)
    assert len(made) > 0
    pd.testing.assert_frame_equal(stored, made, check_exact=True)


def test_the_manifest_tells_how_the_run_was_made(ran) -> None:
    _, here = ran
    manifest = read_manifest(of_a_day("run_tiny", here / "results"))
    assert manifest["title"] == "Tiny"
    assert manifest["digest"] == sim.load(TINY).digest
    assert (manifest["seed"], manifest["replications"]) == (1, 4)
    assert (manifest["central"], manifest["engine"]) == (False, "fast")
    assert manifest["command"].endswith(shlex.join(["run", TINY, "-n", "4", "--workers", "2"]))
    assert {"python", "simpy", "numba", "numpy", "pandas", "pyarrow"} <= set(manifest["versions"])


def test_quiet_prints_nothing_and_stores_all() -> None:
    answer = convoi(TINY, "-n", "1", "--quiet", "--out", "there/deeper", figures=True)
    assert (answer.exit_code, answer.output) == (0, "")
    assert {path.name for path in Path("there/deeper").iterdir()} == FILES


@pytest.mark.parametrize("also", [[], ["--quiet"]])
def test_json_is_the_summary_of_the_measures(also: list[str], same) -> None:
    answer = convoi(TINY, "-n", "4", "--workers", "1", "--json", "--out", "there", *also)
    assert (answer.exit_code, answer.stderr) == (0, "")
    told = json.loads(answer.stdout, parse_constant=pytest.fail)
    assert list(told) == list(same.measures)
    expected = same.summary()
    for name, row in told.items():
        assert set(row) == {"mean", "median", "low", "high", "defined", "never"}
        assert row["defined"] == expected["defined"][name]
        # A date that did not come in every replication has no mean.
        if row["defined"] and not row["never"]:
            assert row["mean"] == pytest.approx(expected["mean"][name], rel=1e-9, abs=1e-9)
        else:
            assert row["mean"] is None


def test_set_and_overlay_reach_the_run_and_the_name_of_its_folder() -> None:
    Path("half.yaml").write_text("fleet: {size: 77}\n", encoding="utf-8")
    for words, expected in (
        (["--set", "fleet.size=77"], sim.load(TINY, sets=["fleet.size=77"])),
        (["--overlay", "half.yaml"], sim.load(TINY, overlays=["half.yaml"])),
    ):
        convoi(TINY, "-n", "1", "--quiet", *words, code=0)
        folder = of_a_day(f"run_tiny_{'half' if '--overlay' in words else 'fleet.size=77'}")
        stored = read_table(folder, "measures")
        assert measures_digest(stored) == measures_digest(sim.run(expected, replications=1).measures)
        assert measures_digest(stored) != measures_digest(sim.run(sim.load(TINY), replications=1).measures)


def test_runs_with_different_settings_have_different_folders() -> None:
    for size in ("77", "78"):
        assert convoi(TINY, "-n", "1", "--quiet", "--set", f"fleet.size={size}").exit_code == 0
    assert len(list(Path("results").iterdir())) == 2


def test_central_holds_the_parameters_and_tells_no_ignorance() -> None:
    answer = convoi(TINY, "-n", "4", "--workers", "1", "--central", "--out", "there", code=0)
    assert read_manifest(Path("there"))["central"] is True
    assert "ignorance" not in answer.stdout
    expected = sim.run(sim.load(TINY), replications=4, central=True, workers=1)
    assert measures_digest(read_table(Path("there"), "measures")) == measures_digest(expected.measures)


def test_another_seed_is_another_run(same) -> None:
    assert convoi(TINY, "-n", "4", "--workers", "1", "--seed", "2", "--quiet", "--out", "there").exit_code == 0
    assert measures_digest(read_table(Path("there"), "measures")) != measures_digest(same.measures)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["absent.yaml"], "absent.yaml: no such file"),
        (["."], "expected a scenario file"),
        (["bad.yaml"], "bad.yaml:1:1: titel: unknown key"),
        ([TINY, "--overlay", "absent.yaml"], "absent.yaml: no such file"),
        ([TINY, "--overlay", "bad.yaml"], "bad.yaml:1:1: titel: unknown key"),
        ([TINY, "--set", "fleet.sise=9"], "the nearest is 'fleet.size'"),
        ([TINY, "--set", "fleet.size"], "expected path=value"),
        ([TINY, "--set", "fleet.load=9 km"], "'km' is not a unit of a volume"),
        ([TINY, "--colour"], "No such option '--colour'"),
        ([TINY, "-n", "0"], "0 is not in the range"),
        ([TINY, "-n", "many"], "'many' is not a valid integer"),
        ([TINY, "--seed", "-1"], "-1 is not in the range"),
        ([TINY, "--workers", "0"], "0 is not in the range"),
        ([TINY, "--engine", "steam"], "'steam' is not"),
        ([TINY, "--out", "bad.yaml"], "'bad.yaml' is a file"),
        ([], "Missing argument 'SCENARIO'"),
    ],
)
def test_bad_input_is_told_with_code_2_and_nothing_is_written(words: list[str], told: str) -> None:
    Path("bad.yaml").write_text("titel: Wrong\n", encoding="utf-8")
    answer = convoi(*words, code=2)
    assert isinstance(answer.exception, SystemExit)
    assert told in answer.stderr
    assert answer.stdout == ""
    assert [path.name for path in Path.cwd().iterdir()] == ["bad.yaml"]


def test_a_folder_that_cannot_be_made_is_told_before_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("file").write_text("", encoding="utf-8")
    monkeypatch.setattr("sim.study.replicate.run", lambda *_, **__: pytest.fail("the run began"))
    answer = convoi(TINY, "-n", "1", "--out", "file/there", code=1)
    assert isinstance(answer.exception, SystemExit)
    assert "cannot write" in answer.stderr
    assert "file/there" in answer.stderr


@pytest.mark.parametrize("taken", ["measures.parquet", "manifest.json", "map.png"])
def test_a_file_that_cannot_be_written_is_told(taken: str) -> None:
    (Path("there") / taken).mkdir(parents=True)
    answer = convoi(TINY, "-n", "1", "--out", "there", figures=True, code=1)
    assert isinstance(answer.exception, SystemExit)
    assert "cannot write" in answer.stderr
    assert "there" in answer.stderr


def test_a_replication_that_fails_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(job: object) -> None:
        raise ModelError("fuel appeared")

    monkeypatch.setattr("sim.study.campaign.do", fail)
    answer = convoi(TINY, "-n", "3", "--workers", "1", "--seed", "5", code=1)
    assert answer.stderr == "replication 0 (seed 5) failed: replication: fuel appeared\n"
    with pytest.raises(StudyError, match="fuel appeared") as caught:
        sim.run(sim.load(TINY), replications=1, workers=1)
    assert "in fail" in caught.value.__notes__[0]  # where, for whoever calls from Python


def test_a_terminal_sees_progress_and_quiet_silences_it() -> None:
    for also in ([], ["--quiet"]):
        near, far = pty.openpty()
        words = [*COMMAND, "run", TINY, "-n", "2", "--workers", "1", "--no-figures", *also]
        process = subprocess.Popen(words, env=calls.environment(), stdout=subprocess.PIPE, stderr=far)
        os.close(far)
        seen = b""
        try:
            while part := os.read(near, 4096):
                seen += part
        except OSError:  # how the end of a terminal reads
            pass
        os.close(near)
        out = process.communicate()[0]
        assert process.returncode == 0, seen
        assert (b"replications" in seen) is not bool(also)
        assert b"\x1b" not in out
        assert bool(out) is not bool(also)


def started(*words: str, count: str = ENDLESS) -> subprocess.Popen[str]:
    """Start a run that would take hours, in a process group of its own, and wait until it simulates."""
    process = subprocess.Popen(
        [*COMMAND, "run", TINY, "-n", count, "--out", "there", *words],
        env=calls.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    until((Path("there") / LEDGER).exists, process)  # made just before the first replication
    return process


def until(true: Callable[[], object], process: subprocess.Popen[str]) -> None:
    """Wait for something while a process lives; a minute at most."""
    for _ in range(1200):
        if true():
            return
        assert process.poll() is None
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    pytest.fail("waited a minute in vain")


def children(pid: int) -> list[int]:
    """Return the worker processes of a run."""
    lists = Path(f"/proc/{pid}/task").glob("*/children")  # of each thread: who started a worker is its parent
    pids = [child for path in lists for child in path.read_text(encoding="ascii").split()]
    # A child that has only just forked still has its parent's command line: not a worker yet, perhaps never.
    return [int(child) for child in pids if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]


@pytest.mark.parametrize(
    ("engine", "workers", "later"),
    [("simpy", "1", 0.5), ("simpy", "2", 0.2), ("simpy", "2", 3.0), ("fast", "1", 0.3), ("fast", "2", 1.0)],
)
@pytest.mark.parametrize("whole_group", [True, False], ids=["keyboard", "kill"])
def test_an_interrupted_run_ends_soon_and_leaves_nobody_behind(
    engine: str, workers: str, later: float, whole_group: bool
) -> None:
    process = started("--engine", engine, "--workers", workers)
    time.sleep(later)
    (os.killpg if whole_group else os.kill)(process.pid, signal.SIGINT)
    began = time.monotonic()
    out, err = process.communicate(timeout=60)
    assert time.monotonic() - began < 2
    assert process.returncode == 130
    assert (out, err.strip()) == ("", "interrupted; what is done is kept, the same command goes on from there")
    assert {path.name for path in Path("there").iterdir()} <= {LEDGER, f"{LEDGER}-journal", UNFINISHED}
    with pytest.raises(ProcessLookupError):
        for _ in range(100):
            os.killpg(process.pid, 0)
            time.sleep(0.05)


@pytest.mark.parametrize("later", [0.3, 1.0])
def test_a_worker_that_dies_is_told_and_stops_no_other(later: float) -> None:
    process = started("--engine", "simpy", "--workers", "2", count="30")
    until(lambda: len(children(process.pid)) == 2, process)
    time.sleep(later)
    os.kill(children(process.pid)[0], signal.SIGKILL)
    out, err = process.communicate(timeout=120)
    assert "Traceback" not in err
    if process.returncode:  # else it died before it had a job
        assert process.returncode == 1
        assert "seed 1, at worker: " in err
        assert err.endswith("the same command tries them again; what is done is kept\n")
    failed = [
        int(line.split("replication ")[1].split(",")[0]) for line in err.splitlines() if line.startswith("failed")
    ]
    measures = read_table(Path("there"), "measures")
    assert set(measures.index) == set(range(30)) - set(failed)
    assert ("30 replications" in out) is not bool(failed)
    convoi(TINY, "-n", "30", "--engine", "simpy", "--out", "there", "--workers", "1", code=0)
    assert set(read_table(Path("there"), "measures").index) == set(range(30))


@pytest.mark.parametrize("way", ["file", "stdin", "words"])
def test_a_plain_script_needs_no_guard(way: str, same) -> None:
    code = (
        "import sim\nfrom tests.digest import measures_digest\n"
        f"run = sim.run(sim.load({TINY!r}), replications=4, workers=2)\n"
        "print(measures_digest(run.measures))\n"
    )
    Path("plain.py").write_text(code, encoding="utf-8")
    words = {"file": ["plain.py"], "stdin": ["-"], "words": ["-c", code]}[way]
    done = subprocess.run(
        [sys.executable, *words],
        input=code if way == "stdin" else None,
        env=calls.environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stderr[-2000:]) == (0, "")
    assert done.stdout.strip() == measures_digest(same.measures)
