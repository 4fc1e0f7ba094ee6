"""What a draw is keyed by, and what the plan holds of a number that is drawn."""

import math
from datetime import datetime

import pytest

from sim.plan import Plan, build, laws
from sim.scenario.load import load
from sim.world import nature
from sim.world.keys import Draws
from tests.files import TINY

FOREST = "zones.forest.effort@2025-01-11"
ARMY = "escorts.pools.army.units"


def plan(*sets: str) -> Plan:
    return build(load(TINY, sets=sets))


def values(*sets: str) -> dict[str, float]:
    ours = plan(*sets)
    return nature.values(ours, nature.marks(ours, Draws(1, 0)))


def share(value: float, low: float, high: float) -> float:
    return (value - low) / (high - low)


@pytest.mark.parametrize(
    "text",
    [
        f"{ARMY}=[{{value: 4, low: 2, high: 6}}, {{from: day 20, value: 9, low: 8, high: 12}}]",
        f"{ARMY}=[{{value: 4, low: 2, high: 6}}, {{from: day 5, value: 1, low: 0, high: 2}}, {{from: day 20, value: 9, "
        "low: 8, high: 12}]",
        f"{ARMY}=[{{value: 4, low: 2, high: 6}}, {{from: 2025-01-21, value: 9, low: 8, high: 12}}]",
        f"{ARMY}=[{{value: 4, low: 2, high: 6}}, {{from: {{value: 2025-01-21 00:00, low: day 19, high: day 22}}, "
        "value: 9, low: 8, high: 12}]".replace("day 19", "2025-01-20").replace("day 22", "2025-01-23"),
    ],
)
def test_a_list_in_other_words_redraws_nothing(text: str) -> None:
    alone, listed = values(f"{ARMY}={{value: 4, low: 2, high: 6}}"), values(text)
    assert alone.items() <= listed.items()
    last = values(f"{ARMY}=[0, {{from: day 20, value: 9, low: 8, high: 12}}]")
    assert listed[f"{ARMY}@2025-01-21"] == last[f"{ARMY}@2025-01-21"]


def test_an_uncertain_date_is_drawn_by_its_date() -> None:
    since = "{from: {value: day 20, low: day 18, high: day 22}, value: 9}"
    name = f"{ARMY}@2025-01-21.from"
    assert values(f"{ARMY}=[0, {since}]")[name] == values(f"{ARMY}=[0, {{from: day 4, value: 2}}, {since}]")[name]


def test_a_draw_may_be_named_by_the_path_of_another_number() -> None:
    law = "law: uniform"
    drawn = values(
        f"{ARMY}={{value: 4, low: 2, high: 6, {law}}}",
        f"fleet.driving={{value: 8 h, low: 6 h, high: 10 h, {law}, draw: {ARMY}}}",
        f"fleet.size={{value: 150, low: 100, high: 200, {law}, draw: fleet.driving}}",
        f"escorts.pools.wing.units@2025-01-15={{value: 4, low: 2, high: 6, {law}, draw: {FOREST}}}",
        f"{FOREST}.law=uniform",
    )
    army = share(drawn[ARMY], 2, 6)
    assert share(drawn["fleet.driving"], 6, 10) == pytest.approx(army)
    assert share(drawn["fleet.size"], 100, 200) != pytest.approx(army)
    wing = share(drawn["escorts.pools.wing.units@2025-01-15"], 2, 6)
    assert share(drawn[FOREST] * 730.5, 5, 10) == pytest.approx(wing)


def test_a_number_scaled_from_a_date_is_as_high_as_before() -> None:
    drawn = values(f"{ARMY}={{value: 4, low: 2, high: 6}}", f"{ARMY}@day 9*=2")
    assert drawn[f"{ARMY}@2025-01-10"] == pytest.approx(2 * drawn[ARMY])


@pytest.mark.parametrize(
    ("law", "median"), [("uniform", 43.5), ("triangular", 47 - math.sqrt(0.5 * 7 * 6)), ("lognormal", 41)]
)
def test_the_plan_has_the_median(law: str, median: float) -> None:
    ours = plan(f"fleet.load={{value: 41 m3, low: 40 m3, high: 47 m3, law: {law}}}")
    number = next(number for number in ours.uncertain if number.path == "fleet.load")
    assert ours.fleet.load == laws.draw(number.law, 0.5, 40.0, 41.0, 47.0) == pytest.approx(median)
    assert number.value == 41.0


def test_the_plan_has_the_median_of_a_date() -> None:
    since = "{value: 2025-01-15, low: 2025-01-15, high: 2025-01-21}"
    ours = plan(f"escorts.pools.wing.units=[0, {{from: {since}, value: 1}}]")
    (wing,) = (units for name, units in zip(ours.escorts.name, ours.escorts.units, strict=True) if name == "wing")
    assert wing.starts == (0.0, ours.begin + (datetime(2025, 1, 18) - ours.start).days * 24.0)
