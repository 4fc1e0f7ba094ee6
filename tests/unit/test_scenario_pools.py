"""Escort pools and the strategy that calls on them: what contradicts is refused, what is hardly meant is noted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.rules.sharing import apportioned
from sim.scenario.load import load
from sim.scenario.pools import quotas
from sim.scenario.problem import Problem
from tests.files import TINY
from tests.refusals import problems

NEVER = "an escort that never comes"
SHARES = "strategy.allocation=shares"
PRIORITY = "strategy.allocation=priority"
BOTH = "strategy.inland.0.must=[national]"


def faults(*sets: str) -> set[tuple[str, str]]:
    """Return path and fault of each problem of the tiny country with settings."""
    return {(problem.path, problem.wrong) for problem in problems(load, TINY, sets=sets)}


def notes(*sets: str) -> list[str]:
    return [note.path for note in load(TINY, sets=sets).notes if isinstance(note, Problem)]


@pytest.mark.parametrize(
    ("sets", "path"),
    [
        (("escorts.pools.army.serves=[Savanna]",), "strategy.imports.1.must.0"),
        (("escorts.pools.army.units=0",), "strategy.imports.1.must.0"),
        (
            ("strategy.imports.1.must=[air]", "strategy.imports.1.may=[]", "escorts.pools.wing.availability=0"),
            "strategy.imports.1.must.0",
        ),
        # Three units for January's first days only; the regime that needs them begins on the 10th.
        (("escorts.pools.army.units=[{value: 3}, {from: 2025-01-08, value: 0}]",), "strategy.imports.1.must.0"),
        ((SHARES, "strategy.shares={Savanna: 1}"), "strategy.imports.1.must.0"),
        ((SHARES, "strategy.shares={Savanna: 0.8, Coast: 0}"), "strategy.imports.1.must.0"),
        # Of three units by shares of 9 and 1, the largest remainders give the smaller none.
        ((SHARES, "strategy.shares={Coast: 0.9, Savanna: 0.1}", BOTH), "strategy.inland.0.must.0"),
    ],
)
def test_an_escort_that_never_comes_is_refused(sets: tuple[str, ...], path: str) -> None:
    assert faults(*sets) == {(path, NEVER)}


@pytest.mark.parametrize(
    "sets",
    [
        ("escorts.pools.army.units={value: 0, low: 0, high: 2, law: uniform}",),
        ("escorts.pools.army.units=[{value: 3}, {from: {value: day 7, low: day 7, high: day 11}, value: 0}]",),
        ("escorts.pools.army.units=[{value: 0}, {from: 2025-01-25, value: 1}]",),
        ("escorts.pools.army.serves=[Savanna]", "corridors.Coast.open=0"),
        (SHARES, "strategy.shares={Coast: 0.8, Savanna: 0.2}", BOTH),
        (SHARES, "strategy.shares={Coast: 0.9, Savanna: {value: 0.1, low: 0, high: 0.5}}", BOTH),
        (SHARES, "strategy.shares={Coast: 0.9, Savanna: 0.1}", BOTH, "escorts.pools.army.units=6"),
        (PRIORITY, "strategy.priority=[Savanna]"),
    ],
)
def test_an_escort_that_may_come_is_allowed(sets: tuple[str, ...]) -> None:
    load(TINY, sets=sets)


@pytest.mark.parametrize(
    ("sets", "path", "wrong"),
    [
        (("escorts.pools.wing.serves=[Coast, Coast]",), "escorts.pools.wing.serves.1", "named twice"),
        (("escorts.pools.wing.serves=[Coast, Other]",), "escorts.pools.wing.serves.1", "a corridor without convoys"),
        ((PRIORITY, "strategy.priority=[Coast, Other]"), "strategy.priority.1", "a corridor without convoys"),
        ((PRIORITY, "strategy.priority=[Coast, Coast]"), "strategy.priority.1", "named twice"),
        ((SHARES, "strategy.shares={Coast: 0.5, Other: 0.5}"), "strategy.shares.Other", "a corridor without convoys"),
    ],
)
def test_a_list_of_corridors_that_contradicts_itself_is_refused(sets: tuple[str, ...], path: str, wrong: str) -> None:
    assert faults(*sets) == {(path, wrong)}


def test_the_message_says_what_would_help() -> None:
    with pytest.raises(ScenarioError) as caught:
        load(TINY, sets=(SHARES, "strategy.shares={Coast: 0.9, Savanna: 0.1}", BOTH))
    told = str(caught.value)
    assert "given national: the share of Savanna never comes to a unit" in told
    assert "expected a weight of Savanna in strategy.shares that makes one unit, or national under 'may'" in told
    with pytest.raises(ScenarioError) as caught:
        load(TINY, sets="escorts.pools.army.units=[{value: 3}, {from: 2025-01-08, value: 0}]")
    assert "a pool of national units that serves Coast while the regime holds" in str(caught.value)


@pytest.mark.parametrize(
    ("sets", "paths"),
    [
        (("strategy.imports.1.may=[foreign]",), ["strategy.imports.1.may.0"]),
        (("escorts.pools.wing.units=[0]",), ["strategy.imports.1.may.0"]),
        (("strategy.inland.0.may=[air]",), ["strategy.inland.0.may.0"]),
        (("strategy.inland.0.may=[national]",), []),
        ((SHARES, "strategy.shares={Coast: 1}", "escorts.pools.wing.serves=[Coast, Savanna]"), ["wing.serves.1"]),
        ((SHARES, "strategy.shares={Coast: 1}"), []),
    ],
)
def test_an_escort_that_may_be_taken_and_never_comes_is_noted(sets: tuple[str, ...], paths: list[str]) -> None:
    noted = notes(*sets)
    assert len(noted) == len(paths)
    assert all(path.endswith(end) for path, end in zip(noted, paths, strict=True))


def test_a_problem_of_pools_is_told_beside_others() -> None:
    problems = faults("escorts.pools.army.serves=[Savanna]", "crews.freed=30 km", "strategy.inland.0.headway=3")
    others = {"crews.freed.value", "strategy.inland.0.headway.value"}
    assert {path for path, _ in problems} == {*others, "strategy.imports.1.must.0"}


@given(
    units=st.integers(0, 9),
    sea=st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0]),
    north=st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0]),
)
def test_the_quotas_checked_are_those_of_the_model(units: int, sea: float, north: float) -> None:
    north_and_sea = [apportioned(units, (north, sea), k) for k in (0, 1)]
    assert list(quotas(units, {"north": north, "sea": sea}).values()) == north_and_sea
