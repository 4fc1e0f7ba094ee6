"""--engine: both engines give one answer; what the fast one cannot do is told before anything runs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pandas as pd
import pytest

import sim
from sim import fast
from sim.errors import FastError, ModelError, RequestError
from sim.plan import build
from sim.results.store import read_manifest, read_table
from sim.study import engine
from sim.study.campaign import Job, Work, do
from sim.study.replicate import simulate
from tests.calls import TINY, convoi
from tests.files import ROOT

UNITS = "escorts.pools.army.units"
COMMANDS = {
    "run": ("run", TINY, "-n", "4", "--no-figures"),
    "compare": ("compare", TINY, "--overlay", "more.yaml", "-n", "4", "--no-figures"),
    "sweep": ("sweep", TINY, "--vary", f"{UNITS}=5:9:2", "-n", "2", "--no-figures"),
}


@pytest.fixture(autouse=True)
def files(elsewhere: None) -> None:
    Path("more.yaml").write_text("escorts: {pools: {army: {units: {value: 9, source: assumption, why: w}}}}\n")


@pytest.mark.parametrize("command", COMMANDS)
def test_both_engines_give_the_same_answer_and_the_manifest_says_which(command: str) -> None:
    told, tables = [], []
    for name in ("fast", "simpy"):
        answer = convoi(*COMMANDS[command], "--engine", name, "--json", "--out", name, code=0)
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
        "words = ['run', sys.argv[1], '-n', '1', '--engine', 'simpy', '--workers', '1', '--quiet', '--no-figures']\n"
        "main(words, standalone_mode=False)\n"
        "assert 'simpy' in sys.modules and 'numba' not in sys.modules\n"
    )
    there = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", code, TINY], env=there, check=True, timeout=120)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_fast_engine_that_cannot_be_had_is_refused_before_anything_is_written(command: str) -> None:
    code = "import tempfile; tempfile.tempdir = '/proc/none'; from sim.cli.main import main; main()"
    there = {**os.environ, "PYTHONPATH": str(ROOT), "CONVOI_CACHE": "/proc/none"}
    words = [sys.executable, "-c", code, *COMMANDS[command], "--workers", "1"]
    ran = subprocess.run(words, env=there, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 2
    where = r"/proc/none \(it cannot be written\) nor in .*"
    told = rf"compiled code cannot be kept in {where}; name a folder in CONVOI_CACHE, or use --engine simpy\n"
    assert ran.stdout == ""
    assert re.fullmatch(told, ran.stderr)
    assert {path.name for path in Path.cwd().iterdir()} == {"more.yaml"}


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is done to make the engine ready, in a process that has none; it is made ready by nothing."""
    done: list[str] = []
    monkeypatch.setattr(engine, "_prepared", False)
    monkeypatch.setattr(fast, "is_compiled", lambda: False)
    monkeypatch.setattr(engine, "_compile_aside", lambda: done.append("compiled"))
    monkeypatch.setattr(fast, "prepare", lambda: done.append("loaded"))
    return done


@pytest.mark.parametrize("words", [(), ("--quiet",), ("--json",)])
def test_compiling_is_told_once_on_stderr(words: tuple[str, ...], steps: list[str]) -> None:
    answer = convoi(*COMMANDS["run"], *words, code=0)
    assert answer.stderr == ("" if words == ("--quiet",) else f"{engine.COMPILING}\n")
    assert engine.COMPILING not in answer.stdout
    assert steps == ["compiled", "loaded"]


def test_compiling_is_told_to_whoever_calls_from_python(
    steps: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    sim.run(sim.load(TINY), 2)
    assert capsys.readouterr() == ("", f"{engine.COMPILING}\n")
    monkeypatch.setattr(engine, "_prepared", False)
    told: list[str] = []
    engine.prepare(told.append)
    assert told == [engine.COMPILING]
    assert capsys.readouterr() == ("", "")
    assert steps == ["compiled", "loaded"] * 2


def test_an_engine_that_is_ready_is_loaded_without_a_word(steps: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fast, "is_compiled", lambda: True)
    assert convoi(*COMMANDS["run"]).stderr == ""
    assert steps == ["loaded"]


def test_interpreted_a_run_gives_the_same_and_compiles_nothing(tmp_path: Path) -> None:
    words = ["run", TINY, "-n", "1", "--json", "--no-figures", "--out"]
    there = {**os.environ, "PYTHONPATH": str(ROOT), "NUMBA_DISABLE_JIT": "1", "CONVOI_CACHE": str(tmp_path / "cache")}
    code = "from sim.cli.main import main; main()"
    ran = subprocess.run(
        [sys.executable, "-c", code, *words, "interpreted"], env=there, capture_output=True, text=True, check=False
    )
    compiled = convoi(*words, "compiled")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout == compiled.stdout
    assert not [*tmp_path.rglob("*.nb[ic]")]


def test_an_engine_that_does_not_exist_is_refused() -> None:
    scenario = sim.load(TINY)
    for call in (lambda: sim.run(scenario, 1, engine="Fast"), lambda: simulate(build(scenario), 1, 0, engine="Fast")):
        with pytest.raises(RequestError, match="no engine 'Fast'; expected 'fast' or 'simpy'"):
            call()


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
    with pytest.raises(FastError, match=r"guests with engine 'fast'.*use engine 'simpy'"):
        simulate(plan, 1, 0, guests=[lambda country: iter(())], engine="fast")


def test_packed_plans_are_kept_and_the_oldest_goes() -> None:
    plan = build(sim.load(TINY))
    twins = engine.Twins(most=2)
    first, second = twins.of("a", plan), twins.of("b", plan)
    assert twins.of("a", plan) is first
    twins.of("c", plan)
    assert twins.of("a", plan) is first
    assert twins.of("b", plan) is not second
