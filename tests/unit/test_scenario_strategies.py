"""Strategies by name: which are found, which of two counts, and what is said of one that is not there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.scenario.names import strategies, strategy_file, strategy_folders
from tests.files import STRATEGIES, installed, write
from tests.refusals import refusal

OWN = "extends: army\nstrategy: {name: own, label: own label, note: One. Two.}\n"


def test_the_shipped_ones_are_found_anywhere_and_are_sound(here: Path) -> None:
    known = strategies()
    assert list(known) == sorted(path.stem for path in STRATEGIES.glob("*.yaml"))
    assert {"few-large", "many-small", "one-corridor", "shared", "inland"} < set(known)
    for strategy in known.values():
        assert (strategy.problem, strategy.hides) == (None, ())
        assert strategy.label and strategy.note.endswith(".") and "\n" not in strategy.note
    assert len({strategy.label for strategy in known.values()}) == len(known)


def test_ones_own_need_say_only_what_differs(here: Path) -> None:
    path = write(here / "strategies" / "own.yaml", OWN)
    own = strategies()["own"]
    assert (own.name, own.label, own.note, own.path, own.problem) == ("own", "own label", "One. Two.", path, None)
    assert strategy_file("own") == path


def test_the_nearer_of_two_counts_and_says_which_it_hides(here: Path, tmp_path: Path) -> None:
    text = OWN.replace("own,", "army,")
    scenario = tmp_path / "else" / "scenarios" / "mine" / "s.yaml"
    by_name = {
        "beside": write(scenario.parent / "strategies" / "army.yaml", text),
        "above": write(scenario.parents[1] / "strategies" / "army.yaml", text),
        "here": write(here / "strategies" / "army.yaml", text),
        "below": write(here / "scenarios" / "strategies" / "army.yaml", text),
    }
    write(tmp_path / "else" / "strategies" / "outside.yaml", OWN)
    army = strategies(beside=scenario)["army"]
    assert [army.path, *army.hides] == [*by_name.values(), STRATEGIES / "army.yaml"]
    assert strategies()["army"].path == by_name["here"]
    assert strategy_file("army", scenario) == by_name["beside"]
    assert "outside" not in strategies(beside=scenario)


def test_the_shipped_folder_is_searched_once_and_last_also_beside_its_scenarios(here: Path) -> None:
    own = write(here / "strategies" / "army.yaml", OWN)
    assert strategy_folders(STRATEGIES.parent / "mali.yaml") == [here / "strategies", STRATEGIES]
    assert strategy_file("army", STRATEGIES.parent / "mali.yaml") == own
    (here / "scenarios").symlink_to(STRATEGIES.parent)
    assert strategy_folders() == [here / "strategies", here / "scenarios" / "strategies"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("strategy: [", "own.yaml:"),
        ("fleet: {size: 3}\n", "not a strategy: it has no 'strategy'"),
        (OWN.replace("name: own", "name: owm"), "strategy.name is 'owm'; expected 'own', as the file is called"),
        ("extends: army\n", "strategy.name is 'army'; expected 'own', as the file is called"),
        ("strategy: {name: own, label: 3}\n", "no strategy.label"),
        ("extends: nothing.yaml\nstrategy: {name: own, label: x}\n", "no such file"),
        ("extends: ../../x.yaml\nstrategy: {name: own, label: x}\n", "a file outside the scenario's folder"),
    ],
)
def test_a_file_that_cannot_serve_is_listed_with_its_problem(here: Path, text: str, told: str) -> None:
    write(here / "strategies" / "own.yaml", text)
    known = strategies()
    assert told in (known["own"].problem or "")
    assert known["army"].problem is None


def test_a_path_is_a_strategy_too(here: Path) -> None:
    path = write(here / "elsewhere.yaml", OWN)
    assert strategy_file("elsewhere.yaml") == Path("elsewhere.yaml")
    assert strategy_file(str(path)) == path
    write(here / "army", OWN)
    assert strategy_file("army") == STRATEGIES / "army.yaml"
    assert strategy_file("./army") == Path("./army")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("grond", "the nearest is 'ground'"),
        ("air_only", "the nearest is 'air-only'"),
        ("strategies/few-lage.yaml", "the nearest is 'few-large'"),
        ("xyzzy", "expected one of air-only, "),
        ("", "expected one of air-only, "),
        ("a\0b", "no strategy 'a"),
    ],
)
def test_an_unknown_one_is_answered_with_the_nearest_and_where_it_was_sought(here: Path, name: str, told: str) -> None:
    (here / "strategies").mkdir()
    message = str(refusal(strategy_file, name))
    assert told in message
    assert message.endswith(f"looked in strategies, {STRATEGIES}")


@pytest.mark.parametrize("name", ["customs-24h", "what-if/customs-24h.yaml", "all-customs-free"])
def test_an_overlay_that_is_no_strategy_is_said_to_be_one(here: Path, name: str) -> None:
    with pytest.raises(ScenarioError, match=f"no strategy '{name}'; it is an overlay: overlays='{name}'$"):
        strategy_file(name)


def test_a_folder_that_is_not_there_is_refused(here: Path) -> None:
    with pytest.raises(ScenarioError, match="expected a folder of strategies"):
        strategies([here / "absent"])


def test_an_installed_package_finds_the_strategies_inside_it(tmp_path: Path) -> None:
    installed(tmp_path)
    code = (
        "import sim; from sim.scenario.names import strategies\n"
        "known = strategies(); print(known['shared'].path, [one.problem for one in known.values() if one.problem])\n"
        "print(sim.load('sim/_scenarios/blockade-2025.yaml', [known['shared'].path]).root.strategy.name)"
    )
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    words = [sys.executable, "-c", code]
    done = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    inside = (tmp_path / "sim" / "_scenarios" / "strategies").resolve()
    assert done.stdout == f"{inside / 'shared.yaml'} []\nshared\n"
