"""From when on two scenarios differ is read off what they say, and told where alternatives begin on different days."""

from __future__ import annotations

from dataclasses import replace

import pytest

import sim
from sim.scenario.difference import change_of_strategy, onset
from sim.view.beginnings import beginning_words
from tests.unit.comparisons import SCENARIOS, comparison, scenario

BASE = "as it is"
DAY = {"1 August": 0, "3 September": 33, "10 September": 40, "1 November": 92, "10 November": 101}


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("customs-24h", "1 August"),
        ("security-stock", "1 August"),
        ("ration-13l", "3 September"),
        ("escorted-only", "10 September"),
        ("guinea-opened", "1 November"),
        ("loss-of-50-today", "1 November"),
        ("strike-five-days", "1 November"),
        ("threats-end", "1 November"),
        ("partner-leaves", "10 November"),
    ],
)
def test_a_what_if_begins_when_it_first_makes_a_difference(name: str, day: str) -> None:
    assert onset(scenario(name), scenario(BASE)) == onset(scenario(BASE), scenario(name)) == 24.0 * DAY[day]


def test_what_changes_nothing_in_the_model_never_begins() -> None:
    base = scenario(BASE)
    assert onset(base, base) is None
    told = sim.load(base, sets=["title=Other", "strategy.label=other", "record=no"])
    assert onset(told, base) is None
    assert onset(sim.load(SCENARIOS / "blockade-2025.yaml", "pump-free"), base) is None


def test_a_pool_begins_with_its_first_units_and_a_change_of_it_with_the_change() -> None:
    base = scenario(BASE)
    more = sim.load(base, sets=["escorts.pools.*.units@2025-10-15*=2"])
    assert onset(more, base) == 24.0 * 75


def test_strategies_of_the_house_begin_on_one_day() -> None:
    assert {change_of_strategy(scenario(name)) for name in ("none", "army", "ground+air", "inland")} == {960.0}


def test_alternatives_that_begin_on_different_days_are_told_with_what_counts_the_last() -> None:
    (told,) = beginning_words(comparison((BASE, "customs-24h", "guinea-opened", "pause"), replications=2))
    assert told == (
        "They begin on different days, customs-24h with the run and guinea-opened and pause on 1 November: 'Days with "
        "under half the stations open' is of the whole run, in which what begins late has less time to show."
    )
    outcome = comparison((BASE, "customs-24h", "guinea-opened"), replications=2)
    outcome.measures["imports.2025-11"] = 1.0
    outcome.measures["imports.2025-10"] = 1.0
    assert beginning_words(outcome)[0].endswith(
        "has less time to show; measure='imports.2025-11' ranks by what comes after."
    )
    assert beginning_words(replace(outcome, goal="imports.2025-11")) == []
    (early,) = beginning_words(replace(outcome, goal="imports.2025-10"))
    assert "'Imports in October' begins before the last of them, so that what begins late" in early


@pytest.mark.parametrize("names", [("none", "army", "ground+air"), (BASE, "guinea-opened", "pause"), (BASE, "pause")])
def test_nothing_is_told_of_those_that_begin_together(names: tuple[str, ...]) -> None:
    assert beginning_words(comparison(names, replications=2)) == []


def test_strategies_that_begin_on_different_days_are_told() -> None:
    outcome = comparison(("none", "army", "air-only"), replications=2)
    none, army, air = outcome.alternatives
    late = sim.load(army.scenario, sets=["strategy.imports.1.from=2025-10-01"])
    told = beginning_words(replace(outcome, alternatives=(none, replace(army, scenario=late), air)))
    assert told[0].startswith(
        "They begin on different days, ‘none’ and air-only on 10 September and army on 1 October:"
    )


def test_what_was_laid_on_all_is_told_once() -> None:
    from sim.view.study_words import shared_words

    both = [
        sim.load("blockade-2025", [name, "pause"], ["fleet.load=40 m3"]) for name in ("guinea-opened", "customs-24h")
    ]
    told = shared_words(both, central=False)
    assert told[0] == "Laid on all: pause, fleet.load=40 m3."
    assert told[1].startswith("Parameters: drawn from their ranges, before any fit")
    assert shared_words([sim.load("blockade-2025", "pause")], central=False)[0] == "Laid on it: pause."
