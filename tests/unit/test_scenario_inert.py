"""Settings that change nothing are noted, with place and reason; shipped files and deliberate lists are not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim.scenario.load import load
from sim.scenario.problem import Problem
from tests.files import BLOCKADE, TINY, TUTORIAL

RULE = "rationing.r={from: day 3, to: day 9, %s}"


def notes(path: Path, *sets: str, overlays: tuple[Path, ...] = ()) -> dict[str, str]:
    listed = load(path, overlays, sets).notes
    assert all(isinstance(note, Problem) for note in listed)
    return {note.path: note.wrong for note in listed if isinstance(note, Problem)}


def test_four_things_that_never_happen(tmp_path: Path) -> None:
    overlay = tmp_path / "o.yaml"
    overlay.write_text(
        "attacks: {replayed: {big: {at: day 10, road: Border–Capital, window: 48 h, lost: 50}}}\n"
        "rationing:\n"
        "  afternoon: {from: 2030-01-10 14:00, to: 2030-01-10 20:00, fill: 5 L}\n"
        "  empty: {from: day 5}\n"
        "willingness: {on: no, strikes: {s: {from: day 10, to: day 20}}}\n",
        encoding="utf-8",
    )
    reasons = notes(TUTORIAL, overlays=(overlay,))
    assert set(reasons) == {
        "attacks.replayed.big",
        "rationing.afternoon",
        "rationing.empty",
        "willingness.strikes.s",
    }
    assert "no midnight of the run" in reasons["rationing.afternoon"]
    (note,) = [note for note in load(TUTORIAL, overlay).notes if "replayed" in str(note)]
    assert str(note) == f"{overlay}:1:22: attacks.replayed.big: never happens: attacks.mode is drawn"


@pytest.mark.parametrize(
    ("sets", "path", "why"),
    [
        (["convoys.recorded.c={at: day 3, corridor: Coast, tankers: 9}"], "convoys.recorded.c", "convoys.mode is"),
        (["willingness.on=no", "willingness.threats.t={at: day 3, factor: 0.5}"], "willingness.threats.t", "on is no"),
        (["strategy.imports.0.headway=5000 h"], "strategy.imports.0.headway", "only one convoy leaves"),
        (
            ["strategy.imports.0.min=9000", "strategy.imports.0.max=9000", "strategy.imports.0.longest_wait=9000 h"],
            "strategy.imports.0.min",
            "no convoy ever gathers",
        ),
        (["attacks.adaptive.reshare=0.3"], "attacks.adaptive.reshare", "adaptive.on is no"),
        (["retail.priority=0.3"], "retail.priority", "retail.rule is even"),
        (["strategy.priority=[Savanna]"], "strategy.priority", "allocation is queue"),
        ([RULE % "fill: 500 L"], "rationing.r.fill", "people buy"),
        ([RULE % "products: [heavy], fill: 1 L"], "rationing.r.products", "no station sells"),
        (["rationing.r={from: day 30.5, fill: 1 L}"], "rationing.r", "no midnight"),
        (["escorts.pools.wing.rest=3 h"], "escorts.pools.wing.rest", "air units"),
        (["escorts.pools.army.availability=0.5"], "escorts.pools.army.availability", "ground units"),
        (
            ["escorts.pools.guests={component: foreign, units: 2, rest: 1 h, cost: 1 USD/day}"],
            "escorts.pools.guests",
            "no regime",
        ),
        (["willingness.strikes.drivers.corridors=[Other]"], "willingness.strikes.drivers.corridors.0", "no crews"),
        (["junctions.Nowhere={at: {lat: 1, lon: 1}}"], "junctions.Nowhere", "no road and no terminal"),
        (["roads.spare={from: Port, to: Capital, length: 9 km, pace: 9 km/h}"], "roads.spare", "no corridor drives"),
        (["terminals.spare={town: Port, slots: 1 /day}"], "terminals.spare", "no corridor begins"),
        (
            [
                "roads.spare={from: Port, to: Capital, length: 9 km, pace: 9 km/h}",
                "zones.spare={roads: [spare], effort: 1 /month, ceiling: 9 /month}",
            ],
            "zones.spare",
            "no corridor drives",
        ),
    ],
)
def test_what_changes_nothing_is_noted(sets: list[str], path: str, why: str) -> None:
    reasons = notes(TINY, *sets)
    assert path in reasons
    assert re.search(why, reasons[path])


@pytest.mark.parametrize(
    "sets",
    [
        ["willingness.on=no"],  # what is listed below was there before it was turned off
        ["attacks.mode=none"],
        ["attacks.adaptive.on=yes", "attacks.adaptive.reshare=0.3"],
        ["retail.rule=priority", "retail.priority=0.3"],
        [RULE % "fill: 1 L"],
        [RULE % "closed_days: [sun]"],
        [RULE % "products: [petrol, heavy], fill: 1 L"],
        ["rationing.r={from: day 3.5, to: day 4.1, share: 0}"],
        ["rationing.r={from: {value: day 3.5, low: day 3, high: day 3.8}, to: day 3.9, share: 0}"],
    ],
)
def test_what_may_change_something_is_not(sets: list[str]) -> None:
    assert notes(TINY, *sets) == {}


@pytest.mark.parametrize(
    ("sets", "path", "told"),
    [
        (["strategy.imports.1.alone=yes"], "strategy.imports.1.alone", "nobody ever goes alone: patience is 100000 h"),
        (["rationing.cans.closed_stations=0"], "rationing.cans.closed_stations", "no station is closed"),
        (["users.power station=null"], "power.thermal", "no user is a power station"),
    ],
)
def test_what_nothing_reads_is_noted(sets: list[str], path: str, told: str) -> None:
    assert told in notes(TINY, *sets)[path]


@pytest.mark.parametrize(
    "sets", [["strategy.imports.1.alone=yes", "strategy.imports.1.patience=48 h"], ["power.thermal=0"]]
)
def test_what_is_read_is_not_noted(sets: list[str]) -> None:
    assert load(TINY, sets=sets).notes == ()


def test_what_is_laid_on_an_attack_that_is_not_imposed_is_noted_however_deep() -> None:
    reasons = notes(BLOCKADE, "attacks.replayed.13 October.lost=10")
    assert "never happens: attacks.mode is drawn" in reasons["attacks.replayed.13 October"]
    assert "attacks.replayed.13 October" not in notes(BLOCKADE)
