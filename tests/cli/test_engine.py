"""--engine: both engines give one answer; what the fast one cannot do is told before anything runs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pandas as pd
import pytest
from click.testing import CliRunner, Result

import sim
from sim import fast
from sim.cli.main import main
from sim.errors import FastError, ModelError, StudyError
from sim.plan import build
from sim.results.store import read_manifest, read_table
from sim.study import engine
from sim.study.campaign import Job, Work, do
from sim.study.replicate import simulate

ROOT = Path(__file__).resolve().parents[2]
TINY = str(ROOT / "tests" / "data" / "tiny.yaml")
UNITS = "escorts.pools.army.units"
COMMANDS = {
    "run": ("run", TINY, "-n", "4"),
    "compare": ("compare", TINY, "--overlay", "more.yaml", "-n", "4"),
    "sweep": ("sweep", TINY, "--vary", f"{UNITS}=5:9:2", "-n", "2"),
}


def convoi(*words: str) -> Result:
    return CliRunner().invoke(main, words)


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("more.yaml").write_text("escorts: {pools: {army: {units: {value: 9, source: assumption, why: w}}}}\n")


@pytest.mark.parametrize("command", COMMANDS)
def test_both_engines_give_the_same_answer_and_the_manifest_says_which(command: str) -> None:
    told, tables = [], []
    for name in ("fast", "simpy"):
        answer = convoi(*COMMANDS[command], "--engine", name, "--json", "--out", name)
        assert answer.exit_code == 0, answer.output
        told.append(answer.stdout)
        tables.append(read_table(Path(name), "measures"))
        assert read_manifest(Path(name))["engine"] == name
        assert "numba" in read_manifest(Path(name))["versions"]
    assert told[0] == told[1]
    pd.testing.assert_frame_equal(*tables, check_exact=True)


def test_the_fast_engine_is_the_one_if_none_is_said() -> None:
    assert convoi(*COMMANDS["run"], "--quiet", "--out", "there").exit_code == 0
    assert read_manifest(Path("there"))["engine"] == "fast"
    assert sim.run(sim.load(TINY), 1).manifest["engine"] == "fast"


def test_simpy_needs_no_compiler() -> None:
    code = (
        "import sys\nfrom sim.cli.main import main\n"
        "words = ['run', sys.argv[1], '-n', '1', '--engine', 'simpy', '--workers', '1', '--quiet']\n"
        "main(words, standalone_mode=False)\n"
        "assert 'simpy' in sys.modules and 'numba' not in sys.modules\n"
    )
    there = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", code, TINY], env=there, check=True, timeout=120)


@pytest.mark.parametrize("command", COMMANDS)
def test_what_the_fast_engine_lacks_is_refused_before_anything_is_written(
    command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> NoReturn:
        raise FastError("the fast engine has no balloons; use --engine simpy")

    monkeypatch.setattr("sim.study.engine.Twins.of", refuse)
    answer = convoi(*COMMANDS[command])
    assert answer.exit_code == 2
    assert answer.stderr == "the fast engine has no balloons; use --engine simpy\n"
    assert {path.name for path in Path.cwd().iterdir()} == {"more.yaml"}
    assert convoi(*COMMANDS[command], "--engine", "simpy", "--workers", "1").exit_code == 0


@pytest.mark.parametrize(("compiled", "quiet"), [(False, False), (False, True), (True, False)])
def test_compiling_is_told_once_on_stderr(compiled: bool, quiet: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared = []
    monkeypatch.setattr(engine, "_prepared", False)
    monkeypatch.setattr(fast, "is_compiled", lambda: compiled)
    monkeypatch.setattr(fast, "prepare", lambda: prepared.append(1))
    answer = convoi(*COMMANDS["run"], *["--quiet"] * quiet)
    assert answer.exit_code == 0, answer.output
    assert answer.stderr == ("" if compiled or quiet else f"{engine.COMPILING}\n")
    assert len(prepared) == 1


def test_an_error_of_the_fast_engine_is_told_in_the_words_of_simpy(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> NoReturn:
        raise ModelError("code 7")

    job = Job(Work(build(sim.load(TINY)), 5), 3)
    monkeypatch.setattr("sim.fast.Twin.replicate", fail)
    with pytest.raises(ModelError, match=r"engines differ: with seed 5 .* replication 3 \(code 7\).*--engine simpy"):
        do(job)

    def explain(*_: object) -> NoReturn:
        raise ModelError("fuel appeared in Capital")

    monkeypatch.setattr("sim.model.replicate", explain)
    with pytest.raises(ModelError, match=r"^fuel appeared in Capital$") as caught:
        do(job)
    assert caught.value.stage == "model"


def test_engines_do_not_go_on_with_what_the_other_kept() -> None:
    plan = build(sim.load(TINY))
    assert Work(plan, 1, engine="fast").digest != Work(plan, 1, engine="simpy").digest


def test_guests_come_to_simpy_only() -> None:
    plan = build(sim.load(TINY))
    with pytest.raises(StudyError, match="guests with engine 'fast'"):
        simulate(plan, 1, 0, guests=[lambda country: iter(())], engine="fast")


def test_packed_plans_are_kept_and_the_oldest_goes() -> None:
    plan = build(sim.load(TINY))
    twins = engine.Twins(most=2)
    first, second = twins.of("a", plan), twins.of("b", plan)
    assert twins.of("a", plan) is first
    twins.of("c", plan)
    assert twins.of("a", plan) is first
    assert twins.of("b", plan) is not second
