"""Fuel that cannot come is told before anything runs, and what `check` passes is what `run` runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import ConvoiError
from sim.plan import build
from sim.results.stated import documented
from sim.scenario.load import load
from sim.scenario.problem import Problem
from sim.study.notes import notes
from sim.study.replicate import run
from tests.files import ROOT
from tests.refusals import refusal

TINY, TUTORIAL = ROOT / "tests" / "data" / "tiny.yaml", ROOT / "scenarios" / "tutorial.yaml"
TOWN = "{at: {lat: 1, lon: 1}, share: %s, depot: {capacity: 9 days, target: 80 %%, bays: 2}, "
TOWN += "stations: {count: 3, tank: 30 m3, spread: 0.2}}"


SECOND = [
    "terminals.Haven={town: Port, slots: 96 /day}",
    "corridors.Shore={kind: import, terminal: Haven, roads: [coast], assembly: Port, "
    "serves: [Capital], share: 10 %, fleet: 0.8}",
]
"""A second way in, so that the first may fail."""
SEA, SLOTS, NOTHING = "corridors.from the sea.fleet", "terminals.Port.slots", "a country that imports nothing"


@pytest.mark.parametrize(
    ("path", "sets", "told"),
    [
        (
            TUTORIAL,
            [f"{SEA}=null", "corridors.to the hills.fleet=null"],
            f"{SEA}: {NOTHING}; given fleet 0 and no moves",
        ),
        (TUTORIAL, [f"{SEA}=0"], f"{SEA}: {NOTHING}; given fleet 0 and no moves"),
        (
            TUTORIAL,
            [f"{SLOTS}=[0 /day, {{from: 2031-01-01, value: 9 /day}}]"],
            f"{SLOTS}: {NOTHING}; given 0 all the time: no tanker ever loads here",
        ),
        (TINY, ["terminals.Harbour.supply=0 ML/day"], "terminals.Harbour.supply: a country that imports nothing"),
        (TINY, ["corridors.Coast.share=0"], "corridors.Coast.share: a country that imports nothing"),
        (TINY, ["fleet.size=4", "crews.per_tanker=0.1"], f"corridors.Coast: {NOTHING}; given no"),
        (
            TINY,
            ["corridors.Coast=null", "corridors.Savanna.fleet=0"],
            "corridors.Savanna.fleet: no corridor has a tanker; given fleet 0 on each; expected its weight",
        ),
        (TUTORIAL, ["corridors.from the sea.share=0"], "no fuel comes into the country; given share 0 on from the sea"),
        (TINY, ["corridors.*.share=0"], "no fuel comes into the country; given share 0 on Coast, Other"),
        (TINY, ["corridors.Coast.share=[0, {from: day 90, value: 1}]", "corridors.Other.share=0"], "no fuel comes"),
        (TINY, ["corridors.Other.fleet=0.3"], "corridors.Other.fleet: a key without meaning here"),
    ],
)
def test_a_country_that_no_fuel_can_reach_is_refused(path: Path, sets: list[str], told: str) -> None:
    assert told in str(refusal(load, path, sets=sets))


@pytest.mark.parametrize(
    ("sets", "path", "told"),
    [
        (["corridors.Coast.fleet=null"], "corridors.Coast.fleet", "it states no 'fleet': write its weight"),
        (["corridors.Savanna.fleet=0"], "corridors.Savanna.fleet", "no tanker ever comes here"),
        (["fleet.size=1"], "corridors.Savanna.fleet", "its part of fleet.size 1 is less than one"),
        (
            ["corridors.Coast.fleet=0.1", "fleet.size=10", "crews.per_tanker=0.1"],
            "corridors.Coast",
            "no crew: 1 tanker times crews.per_tanker 0.1",
        ),
        (["corridors.Coast.share=0"], "corridors.Coast.share", "nothing is ever ordered"),
        (["corridors.Other.share=0"], "corridors.Other.share", "nothing is ever ordered"),
        (["terminals.Harbour.slots=0 /day"], "terminals.Harbour.slots", "no tanker ever loads"),
        (["terminals.Harbour.supply=0 ML/day"], "terminals.Harbour.supply", "no tanker ever loads"),
        (["towns.North.share=0.25"], "towns", "the shares of the towns add up to 1.05, not 1: they are taken in"),
        (["corridors.Coast.share=0.6"], "corridors", "the shares of Coast, Other, Shore add up to 0.8, not 1"),
        (["corridors.Savanna.share=0.6"], "corridors", "the share of Savanna is 0.6, not 1, and no other serves its"),
        (["corridors.Coast.share=[0.6, {from: day 9, value: 0.5}]"], "corridors", "add up to 0.8, not 1"),
        (["towns.Far=" + TOWN % 0.3], "towns.Far", "no corridor serves this town"),
        (["towns.Far=" + TOWN % 0], "towns.Far", "nobody uses fuel here"),
        (["corridors.Other.serves=[Capital]", "corridors.Savanna.share=0"], "towns.North", "no corridor serves"),
        (["products.jet={pump: false, need: 1 ML/day}"], "products.jet.need", "no station sells this product"),
        (["products.jet={pump: true, need: 0 ML/day}"], "products.jet", "nobody uses this product"),
        (["attacks.mode=replayed", "attacks.replayed={}"], "attacks.mode", "attacks.replayed lists none"),
        (["convoys.mode=recorded"], "convoys.mode", "convoys.recorded lists none"),
        (["retail.rule=priority"], "retail.rule", "no station has it"),
        (
            [
                "roads.spare={from: Port, to: Capital, length: 9 km, pace: 9 km/h}",
                "attacks.replayed.bridge.road=spare",
                "attacks.mode=both",
            ],
            "attacks.replayed.bridge.road",
            "nobody meets the attack",
        ),
        (["escorts.pools.wing.serves=[Savanna]"], "escorts.pools.wing", "no regime of its corridors"),
    ],
)
def test_what_a_country_forgot_is_noted(sets: list[str], path: str, told: str) -> None:
    reasons: dict[str, str] = {}
    for note in load(TINY, sets=[*SECOND, *sets]).notes:
        assert isinstance(note, Problem)
        reasons[note.path] = reasons.get(note.path, "") + note.wrong
    assert told in reasons[path]


@pytest.mark.parametrize(
    "sets",
    [
        ["fleet.moves.share=50 %", "corridors.*.open=0"],  # cut on purpose
        ["corridors.Coast.share=[0, {from: day 9, value: 90 %}]"],
        ["corridors.Coast.share=[90 %, {from: day 9, value: 50 %}]"],
        ["corridors.Coast.share=89.6 %", "towns.North.share=20.4 %"],
        ["terminals.Harbour.slots=[0 /day, {from: day 9, value: 96 /day}]"],
    ],
)
def test_what_is_meant_is_not_noted(sets: list[str]) -> None:
    assert load(TINY, sets=sets).notes == ()


@pytest.mark.parametrize(
    ("measure", "given", "most"),
    [
        ("days_half_closed", 99, "31 days"),
        ("longest_dry_spell", "5 weeks", "31 days"),
        ("weeks_bound_escort", 6, "5"),
        ("power_hours", 25, "24 h/day"),
        ("relief.2025-01-05", 15, "14 days"),
    ],
)
def test_a_documented_value_that_no_run_of_this_length_can_have_is_refused(
    measure: str, given: object, most: str
) -> None:
    scenario = load(TINY, sets=f"documented.it={{measure: {measure}, value: {given}, label: it, source: TRK-01}}")
    message = str(refusal(documented, scenario, build(scenario)))
    assert f"documented.it.value: more than {measure} can be in a run of 31 days" in message
    assert message.endswith(f"expected at most {most}")


def test_labels_stand_on_one_line() -> None:
    breaks = ('title="a\\n\\n b"', 'strategy.label="a\\nb"', 'marks.embargo.label="a\\n"')
    root = load(TINY, sets=(*breaks, 'documented.losses.label="a\\r\\nb"')).root
    assert (root.title, root.strategy.label) == ("a b", "a b")
    assert (root.marks["embargo"].label, root.documented["losses"].label) == ("a", "a b")


CHANGES = (
    *("start=2025-01-05", "start=2025-01-31", "end=2025-01-03", "end=day 2", "start=2024-12-30", "start=2025-02-02"),
    *("warmup=0 days", "warmup=2.5 days", "scope=pump", "hub=North", "lead=heavy", "fleet.size=1", "fleet.size=0"),
    *("fleet.load=200 m3", "crews.per_tanker=0.1", "corridors.Coast.fleet=null", "corridors.*.fleet=null"),
    *("corridors.Coast.share=0", "corridors.*.share=0", "corridors.*.open=0", "towns.North.share=0"),
    *("towns.Capital.share=0", "towns.North.blockade.0=0", "terminals.*.slots=0 /day", "zones.*.roadblocks=1 /km"),
    *("zones.forest=null", "zones.steppe.chance*=0", "attacks.mode=both", "attacks.mode=none", "convoys.mode=recorded"),
    *("users.power station=null", "documented.losses.measure=imports.2025-01", "documented.losses.value=null"),
    *("documented.losses.measure=imports.2024-12", "documented.losses.measure=days_half_closed", "marks=null"),
    *("stocks={Capital: {petrol: 0 ML}}", "national_stock={at: 2025-01-02, value: 0 ML}", "consumers.calm=0 days"),
    *("national_stock={at: 2025-01-20, value: 1 ML}", "escorts.pools=null", "escorts.pools.*.units@day 1*=2"),
    *("strategy.imports@2025-01-10=null", "hindcast=yes", "retail.rule=priority", "products.petrol.need=100 ML/day"),
)


@pytest.mark.parametrize("change", CHANGES)
def test_what_check_passes_runs_and_what_it_refuses_does_not(change: str) -> None:
    """`check` loads, builds and asks; whatever it lets pass is simulated and answered."""
    from sim.view.run_answer import run_answer

    sets = () if change.startswith(("start", "end")) else ("end=2025-01-04",)
    try:
        scenario = load(TINY, sets=(*sets, "fleet.size=20", "towns.*.stations.count=2", change))
        plan = build(scenario)
        documented(scenario, plan)
        list(notes([(scenario, plan)]))
    except ConvoiError:
        return
    done = run(scenario, 1)
    assert done.failures.empty
    assert run_answer(done, [])


def test_a_month_outside_a_later_run_is_noted_and_runs() -> None:
    scenario = load(ROOT / "scenarios" / "blockade-2025.yaml", sets=("start=2025-10-01", "end=2025-10-04"))
    plan = build(scenario)
    documented(scenario, plan)
    told = [note for note in map(str, notes([(scenario, plan)])) if "figures are not asked" in note]
    assert len(told) == 1 and "imports of September" in told[0]
    assert run(scenario, 1).failures.empty


@pytest.mark.parametrize(("slots", "noted"), [("0.1 /day", True), ("60 /day", False)])
def test_terminals_that_cannot_load_half_of_what_is_used_are_noted(slots: str, noted: bool) -> None:
    lines = [str(note) for note in load(TUTORIAL, sets=(f"terminals.Port.slots={slots}",)).notes]
    assert any("terminals: all terminals together load 5 m3 a day at most" in note for note in lines) is noted


def test_a_posterior_of_drawn_attacks_on_those_of_the_record_is_noted() -> None:
    def told(*overlays: str) -> list[str]:
        scenario = load("blockade-2025", overlays)
        return [str(note) for note in notes([(scenario, build(scenario))]) if "it is no fit" in str(note)]

    assert told("pump-free") == told("recorded", "pump-replay") == []
    (note,) = told("recorded", "pump-free")
    assert "fitted with convoys and attacks drawn; here they are imposed as on record" in note
