"""Python calls as a stranger makes them: each works or is refused in words of the house."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import sim
from sim.errors import ConvoiError
from tests.calls import convoi
from tests.files import TINY
from tests.refusals import refusal


@pytest.fixture(scope="module")
def made() -> SimpleNamespace:
    scenario = sim.load(TINY)
    return SimpleNamespace(
        sim=sim,
        s=scenario,
        r=sim.run(scenario, 2, workers=1),
        c=sim.compare(scenario, ["army", "none"], replications=2),
    )


@pytest.mark.parametrize(
    ("call", "told"),
    [
        ("sim.run('tutoriol')", "the nearest is 'tutorial'"),
        ("sim.run('tutorial.yaml', 2)", "'tutorial', without folder and ending, names the one that is shipped"),
        ("sim.run(3)", "no scenario: given 3; expected a path or a name"),
        ("sim.run(None)", "no scenario: given nothing"),
        ("sim.run(['tutorial'])", "no scenario: given a list of 1"),
        ("sim.run(b'tutorial')", "expected a path or a name"),
        ("sim.run(s, 'ten')", "run: replications is 'ten'; expected a whole number from 1"),
        ("sim.run(s, 0)", "replications is 0"),
        ("sim.run(s, 1.5)", "replications is 1.5"),
        ("sim.run(s, True)", "replications is yes"),
        ("sim.run(s, 'auto')", "replications is 'auto'"),
        ("sim.run(s, [])", "at least one replication"),
        ("sim.run(s, [1, -1])", "numbers of replications, from 0"),
        ("sim.run(s, 2, seed=-1)", "run: seed is -1; expected a whole number from 0 to 2⁶⁴"),
        ("sim.run(s, 2, seed='x')", "seed is 'x'"),
        ("sim.run(s, 2, engine='Fast')", "expected 'fast' or 'simpy'"),
        ("sim.run(s, 2, engine=3)", "engine is 3"),
        ("sim.run(s, 2, central='yes')", "expected True or False"),
        ("sim.run(s, 2, folder=3)", "expected a folder"),
        ("sim.run(s, 2, folder='')", "expected a folder"),
        ("sim.run(s, 2, folder='/proc/x')", "cannot write results to /proc/x"),
        ("sim.run(s, 2, workers=0)", "workers is 0"),
        ("sim.run(s, 2, where='tcp://x')", "expected a sim.Where(workers=…)"),
        ("sim.run(s, 2, strategy='armi')", "no strategy 'armi'; the nearest is 'army'"),
        ("sim.run(s, 2, strategy=3)", "no strategy: given 3"),
        ("sim.run(s, 2, overlays=3)", "run: overlays is 3; expected a name, a dict, or a list of them"),
        ("sim.run(s, 2, overlays=[3])", "expected names or dicts, of which 3 is none"),
        ("sim.run('army', 2)", "no scenario 'army'; it is a strategy, to be laid on a scenario by strategy"),
        ("sim.compare('army', 'none')", "it is a strategy, to be laid on a scenario by strategy"),
        ("sim.load('pause')", "it is an overlay, to be laid on a scenario by overlays"),
        ("sim.compare(s, ['army', 'none'], 20)", "compare: overlays is 20; expected a name, a dict, or a list of them"),
        (
            "sim.compare(s, ['army', 'none'], [3])",
            "compare: overlays is a list of 1; expected names or dicts, of which 3 is none",
        ),
        ("sim.compare(s, ['army', 'none'], common=3)", "compare: common is"),
        ("sim.compare(s, ['army', 'none'], replications='auto', measure='x')", "no such measure"),
        ("sim.sensitivity(s, 4)", "sensitivity: strategies is 4"),
        ("sim.run(s, 2, overlays='pauze')", "the nearest is 'pause'"),
        ("sim.run(s, 2, sets='fleet.siz=3')", "the nearest is 'fleet.size'"),
        ("sim.run(s, 2, replicatons=3)", "run has no argument 'replicatons'; the nearest is 'replications'"),
        ("sim.run()", "missing a required argument: 'scenario'"),
        ("sim.run(s, 2, progress=3)", "expected a function"),
        ("sim.compare(s)", "expected two strategies or more"),
        ("sim.compare(s, 3)", "strategies is 3; expected a name or a list"),
        ("sim.compare(s, [3, 4])", "expected names, of which 3 is none"),
        ("sim.compare(s, ['army', 'none'], replications='many')", "compare: replications is 'many'"),
        ("sim.compare(s, ['army', 'none'], replications=[1, 2])", "compare: replications is a list of 2"),
        ("sim.compare(s, ['army', 'none'], measure='days')", "no such measure"),
        ("sim.compare(s, ['army', 'none'], worth='x')", "worth is 'x'"),
        ("sim.compare(s, ['army', 'none'], baseline='x')", "expected one of army, none"),
        ("sim.compare(s, ['army', 'none'], adaptive='maybe')", "'as set' or 'off'"),
        ("sim.compare({'a': s, 'b': 3})", "no scenario: given 3"),
        ("sim.sweep(s)", "0 parameters varied"),
        ("sim.sweep(s, 3)", "vary is 3; expected a name or a list"),
        ("sim.sweep(s, [3])", "sweep: vary is a list of 1"),
        ("sim.sweep(s, 'fleet.siz=1:3')", "vary fleet.siz: no such path"),
        ("sim.break_even(s, 'army', replications=2)", "expected two, or a scenario and a list of two strategies"),
        ("sim.break_even(c, ['army', 'x'], replications=2)", "no alternative 'x'"),
        ("sim.break_even(c, replications=2)", "no two strategies of which the second has air"),
        ("sim.sensitivity(3)", "no scenario: given 3"),
        ("sim.validate(s, 'x')", "no file of targets 'x'"),
        ("sim.validate(s, 3)", "no file of targets: given 3"),
        ("sim.validate(s, 'tutorial', 20, series='x')", "'customs' or 'minister'"),
        ("sim.validate(s, 'tutorial', 20, since='2030-01-01')", "expected a datetime.date"),
        ("sim.calibrate(s, 'tutorial', 5)", "expected a sim.Setting(particles=…, sweeps=…)"),
        ("sim.calibrate(s, 'tutorial', sim.Setting(particles='x'))", "for its particles a whole number"),
        ("sim.told(s)", "given a Scenario; expected what a verb"),
        ("sim.plot.stock(s)", "run is a Scenario; expected what sim.run returned"),
        ("sim.plot.stock('results/x')", "run is 'results/x'"),
        ("sim.plot.stock(r, 'Capitol')", "no town 'Capitol'"),
        ("sim.plot.stock(r, 3)", "town is 3"),
        ("sim.plot.stock(r, twn='Capital')", "the nearest is 'town'"),
        ("sim.plot.forest(r)", "comparison is a Run; expected what sim.compare returned"),
        ("sim.plot.sensitivity(r)", "study is a Run; expected what sim.sensitivity returned"),
        ("sim.plot.informed(r)", "calibration is a Run; expected what sim.calibrate returned"),
        ("sim.plot.flows(c)", "run is a Comparison"),
        ("sim.plot.winners(c)", "sweep is a Comparison"),
        ("sim.plot.frontier(c, 'gold')", "no cost 'gold'"),
        ("sim.save(r, 3)", "save: folder is 3"),
        ("sim.save(3, 'x')", "save: study is 3; expected what sim.run or sim.compare returned"),
        ("sim.at(s, '2025-02-01')", "'2025-02-01' is outside the run"),
        ("sim.at(r, 'soon')", "not a moment; given 'soon'"),
        ("sim.at(r, 12)", "at: when is 12; expected a date"),
        ("sim.at(r, '2025-01-20', 'Nrth')", "the nearest is 'North'"),
        ("sim.at(r, '2025-01-20', sets='fleet.size=9')", "a run is read as it was made"),
        ("sim.at(c, '2025-01-20')", "no scenario: given"),
        ("sim.load()", "missing a required argument"),
        ("sim.load('tutorial', sett='x')", "the nearest is 'sets'"),
        ("sim.load_targets(3)", "no file of targets: given 3"),
        ("sim.Where(workers='x')", "cannot use x workers"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(made: SimpleNamespace, call: str, told: str) -> None:
    error = refusal(eval, call, vars(made), error=ConvoiError)
    assert told in str(error)
    assert " --" not in f" {error}", "an option of the command line"


def test_the_command_line_is_answered_with_its_options() -> None:
    told = {
        ("run", "army"): "by --strategy\n",
        ("show", "pause"): "by --overlay\n",
        ("sweep", "tutorial", "--vary", "fleet.siz=1:3"): "--vary fleet.siz: no such path",
        ("run", "tutorial", "--set", "fleet.siz=3"): "--set fleet.siz=3: ",
    }
    for words, message in told.items():
        assert message in convoi(*words).stderr


def test_each_verb_takes_a_path_a_name_and_a_loaded_scenario(
    made: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[Any] = [TINY, str(TINY), made.s, "tiny"]
    (tmp_path / "tiny.yaml").write_text(TINY.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    runs = [sim.run(scenario, np.int64(2), strategy="army", folder="kept") for scenario in given]  # type: ignore[arg-type]
    compared = [sim.compare(scenario, ["army", "none"], replications=2) for scenario in given]
    swept = [sim.sweep(scenario, "fleet.size=100:120:2", replications=1) for scenario in given]
    assert all(run.measures.equals(runs[0].measures) for run in runs)
    assert all(study.measures.equals(compared[0].measures) for study in compared)
    assert all(study.measures.equals(swept[0].measures) for study in swept)
    assert sim.save(runs[0], "stored").folder == Path("stored")
    assert {"manifest.json", "measures.parquet"} <= {path.name for path in (tmp_path / "stored").iterdir()}
    assert (tmp_path / "kept").is_dir()


def test_what_a_verb_returns_is_shown_in_few_lines(made: SimpleNamespace, tmp_path: Path) -> None:
    outcomes = {
        "Run of 'Tiny': n = 2, seed 1": made.r,
        f"Run of 'Tiny': n = 2, seed 1, kept in {tmp_path / 'kept'}": sim.save(made.r, tmp_path / "kept"),
        "Comparison of army, none: n = 2 each, seed 1, baseline army, ranked by days_half_closed": made.c,
        "Sweep of fleet.size, 2 points of as it is: n = 1 each, seed 1, ranked by days_half_closed": sim.sweep(
            made.s, "fleet.size=100:120:2", replications=1
        ),
        "Events of 'Tiny': replication 3, seed 1": sim.events(made.s, 3),
        "Day of 'Tiny': 2025-01-20, day 19 of the run, n = 2": sim.at(made.r, "2025-01-20"),
    }
    for told, outcome in outcomes.items():
        first, second = repr(outcome).splitlines()
        assert first == told
        for name in re.findall(r"\.(\w+)(?=[,(;])", second.partition("; in words")[0] + ";"):
            assert hasattr(outcome, name), (told, name)
        assert sim.told(outcome)


def test_the_face_of_the_package_shows_its_verbs() -> None:
    assert {"run", "compare", "load", "plot", "told"} <= set(dir(sim))
    assert not {"Any", "annotations", "TYPE_CHECKING"} & set(dir(sim))
    assert all(sim.__dict__.get(name) or getattr(sim, name) for name in dir(sim))
    with pytest.raises(AttributeError, match="the nearest is 'compare'"):
        _ = sim.compar  # type: ignore[attr-defined]
    for name in ("load", "run", "compare", "sweep", "calibrate", "validate"):
        assert ">>> " in getattr(sim, name).__doc__, name


def test_the_name_of_the_distribution_leads_to_that_of_the_package() -> None:
    with pytest.raises(ImportError, match="import sim"):
        importlib.import_module("convoi")


def test_commands_of_the_shell_alone_are_said_to_be() -> None:
    from sim.cli.main import COMMANDS

    assert {*COMMANDS} - {*dir(sim)} - {"import"} == {*sim._SHELL}
    with pytest.raises(AttributeError, match="'convoi check' is of the command line alone"):
        sim.check  # noqa: B018
    assert sim.errors.ConvoiError
