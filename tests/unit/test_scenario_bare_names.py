"""Files by bare name: which is meant, what is said of one that is not there, what can be named."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.scenario.load import load
from sim.scenario.names import Kind, file_of, named_files
from sim.scenario.targets import load as load_targets
from tests import files
from tests.files import SCENARIOS, write

TINY = files.TINY.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "kind", "file"),
    [
        ("tutorial", "scenario", "tutorial.yaml"),
        ("tutorial", "overlay", "posteriors/tutorial.yaml"),
        ("tutorial", "targets", "targets/tutorial.yaml"),
        ("posteriors/pump-free", "overlay", "posteriors/pump-free.yaml"),
        ("recorded", "overlay", "recorded.yaml"),
        ("army", "overlay", "strategies/army.yaml"),
        ("strategies/army", "overlay", "strategies/army.yaml"),
        ("targets/tutorial", "targets", "targets/tutorial.yaml"),
    ],
)
def test_what_is_shipped_goes_by_name_from_anywhere(here: Path, name: str, kind: Kind, file: str) -> None:
    assert file_of(name, kind) == SCENARIOS / file


def test_ones_own_go_before_the_shipped_and_those_beside_the_scenario_first(here: Path, tmp_path: Path) -> None:
    own = write(here / "tutorial.yaml", TINY)
    assert file_of("tutorial", "scenario") == Path("tutorial.yaml")
    assert file_of("tutorial", "overlay") == SCENARIOS / "posteriors" / "tutorial.yaml", "a scenario is no overlay"
    write(here / "scenarios" / "what-if" / "pause.yaml", "fleet: {size: 30}\n")
    assert file_of("pause", "overlay") == Path("scenarios/what-if/pause.yaml")
    beside = write(tmp_path / "else" / "pause.yaml", "fleet: {size: 40}\n")
    scenario = write(tmp_path / "else" / "tiny.yaml", TINY)
    assert file_of("pause", "overlay", scenario) == beside
    assert load(own, "pause").root.fleet.size.value == 30
    assert load(scenario, "pause").root.fleet.size.value == 40
    write(here / "pause", "fleet: {size: 50}\n")
    assert load(scenario, "pause").root.fleet.size.value == 50, "what is a file is that file"


def test_a_name_of_several_is_told_with_all(here: Path) -> None:
    for home in ("scope", "what-if"):
        write(here / home / "twice.yaml", "fleet: {size: 30}\n")
    with pytest.raises(ScenarioError, match="several files; expected one of 'what-if/twice', 'scope/twice'"):
        file_of("twice", "overlay")
    assert file_of("scope/twice", "overlay") == Path("scope/twice.yaml")
    assert [file.name for file in named_files() if file.path.stem == "twice"] == ["scope/twice", "what-if/twice"]


@pytest.mark.parametrize(
    ("name", "kind", "told"),
    [
        ("tutoriol", "scenario", "no scenario 'tutoriol'; the nearest is 'tutorial'"),
        ("costoms-24h", "overlay", "no overlay 'costoms-24h'; the nearest is 'customs-24h'"),
        ("pause", "scenario", "it is an overlay, to be laid on a scenario by overlays"),
        ("mali", "overlay", "no overlay 'mali'; it is a scenario"),
        ("army", "targets", "it is a strategy, to be laid on a scenario by strategy"),
        ("recorded", "targets", "it is an overlay"),
        ("mali", "targets", "it is a scenario"),
        ("xyzzy", "targets", "expected a path, or one of blockade-2025, tutorial; looked in"),
        ("xyzzy", "scenario", "expected a path, or one of blockade-2025, mali, tutorial; looked in"),
        ("strategies/armi", "overlay", "no strategy 'armi'; the nearest is 'army'"),
        ("what-if/xyzzy", "overlay", "expected a path, or one of "),
        ("", "scenario", "no scenario ''"),
    ],
)
def test_an_unknown_name_is_answered_with_what_may_be_meant(here: Path, name: str, kind: Kind, told: str) -> None:
    with pytest.raises(ScenarioError, match=re.escape(told)):
        file_of(name, kind)


@pytest.mark.parametrize("name", ["scenarios/mali.yaml", "mali.yaml"])
def test_a_shipped_file_that_is_not_here_is_named_files(here: Path, name: str) -> None:
    with pytest.raises(
        ScenarioError, match=r"no such file; .*'mali', without folder and ending, names the one that is"
    ):
        load(name)


def test_all_that_is_shipped_can_be_named_and_says_a_line_of_itself(here: Path) -> None:
    rows = named_files()
    assert {row.path for row in rows} == set(SCENARIOS.rglob("*.yaml"))
    assert [row.name for row in rows if row.kind == "scenario"] == ["blockade-2025", "mali", "tutorial"]
    for row in rows:
        assert len(row.told) > 10
        assert file_of(row.name, row.kind) == row.path  # type: ignore[arg-type]
    write(here / "other.yaml", "services: {web: {image: x}}\n")
    write(here / "broken.yaml", "towns: [\n")
    write(here / "own.yaml", "extends: tutorial\ntitle: Mine\n")
    assert [(row.name, row.kind, row.told) for row in named_files() if row.path.parent == here] == [
        ("own", "scenario", "Mine")
    ]


def test_a_strategy_is_laid_before_overlays(here: Path) -> None:
    write(here / "customs.yaml", "corridors: {from the sea: {customs: 12 h}}\n")
    scenario = load("tutorial", "customs", "fleet.size=200", strategy="none")
    assert (scenario.laid, scenario.root.strategy.name) == (("none", "customs", "fleet.size=200"), "none")


def test_more_is_laid_on_a_loaded_scenario_as_if_at_once(here: Path) -> None:
    path = write(here / "tiny.yaml", TINY)
    first = load("tiny", sets="fleet.size=70")
    assert load(first) is first
    both = load(first, strategy="none", sets="fleet.load=40 m3")
    assert both.digest == load("tiny", sets=["fleet.size=70", "fleet.load=40 m3"], strategy="none").digest
    path.write_text(TINY.replace("warmup: 7 days", "warmup: 8 days"), encoding="utf-8")
    os.utime(path, ns=(1, 1))
    with pytest.raises(ScenarioError, match="no longer what its files say; load it again"):
        load(first, sets="fleet.load=40 m3")


def test_targets_go_by_name_and_stay_as_they_are(here: Path) -> None:
    targets = load_targets("tutorial")
    assert targets.path == SCENARIOS / "targets" / "tutorial.yaml"
    assert load_targets(targets) is targets
