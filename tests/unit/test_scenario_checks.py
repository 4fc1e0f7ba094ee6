"""Rules between values, and the place of each problem."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.scenario.load import load
from sim.scenario.problem import Problem
from tests.files import TINY, write
from tests.refusals import problems, refusal


def changed(tmp_path: Path, *changes: tuple[str, str]) -> list[Problem]:
    text = TINY.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return problems(load, write(tmp_path / "s.yaml", text))


@pytest.mark.parametrize(
    ("change", "path", "wrong"),
    [
        ("hub: <Capital → Capitol>", "hub", "unknown town"),
        ("lead: <petrol → petrl>", "lead", "unknown product"),
        ("lead: <petrol → heavy>", "lead", "not a pump product"),
        ("coast: {from: <Port → Prot>", "roads.coast.from", "unknown town or junction"),
        ("roads: [<savanna → savana>]\n    chance", "zones.steppe.roads.0", "unknown road"),
        ("roads: [<savanna → savanna, coast>]\n    chance", "zones.steppe.roads.1", "a road in two places"),
        ("  <Port → North>:", "junctions.North", "a town and a junction of one name"),
        ("{town: <Port → Prt>, slots", "terminals.Harbour.town", "unknown town or junction"),
        ("terminal: <Harbour → Harbor>", "corridors.Coast.terminal", "unknown terminal"),
        ("terminal: <Harbour → Capital depot>", "corridors.Coast.terminal", "not a terminal of an import corridor"),
        ("<, depot: true → >", "corridors.Savanna.terminal", "not a terminal of an inland corridor"),
        ("<    terminal: Harbour\n → >", "corridors.Coast.terminal", "missing"),
        ("    roads: [<coast → >]\n    assembly", "corridors.Coast.roads", "missing"),
        ("roads: [<coast → coast, coast, coats>]\n    ass", "corridors.Coast.roads.2", "unknown road"),
        ("roads: [<coast → savanna>]\n    ass", "corridors.Coast.roads.0", "a road that does not connect"),
        ("assembly: <Port → North>", "corridors.Coast.assembly", "not on the corridor"),
        ("serves: [<Capital → Captal>]\n    share: 90", "corridors.Coast.serves.0", "unknown town"),
        ("serves: [<North → Capital>]", "corridors.Savanna.serves.0", "not on the corridor after its assembly point"),
        ("serves: [<North → >]", "corridors.Savanna.serves", "a corridor that serves no town"),
        ("kind: <exogenous → exogenous\n    assembly: Port>", "corridors.Other.assembly", "a key without meaning here"),
        ("product: <heavy → havy>", "users.power station.product", "unknown product"),
        ("corridors: [<Coast → Cost>]}", "willingness.strikes.drivers.corridors.0", "unknown corridor"),
        ("serves: [<Coast → Cost>]", "escorts.pools.wing.serves.0", "unknown corridor"),
        ("road: <coast → cost>", "attacks.replayed.bridge.road", "unknown road"),
        ("priority: [<Coast → Cost>, ", "strategy.priority.0", "unknown corridor"),
        ("shares: {<Coast → Cost>", "strategy.shares.Cost", "unknown corridor"),
        ("towns: [<Capital → Cpital>]", "rationing.cans.towns.0", "unknown town"),
        ("products: [<petrol → petrl>]", "rationing.cans.products.0", "unknown product"),
        ("end: 2025-<02 → 01>-01", "end", "the end is not after the start"),
        ("end: <2025-02 → 2055-01>-01", "end", "too long"),
        ("end: 2025-02-<01 → 01 06:00>", "end", "not a midnight"),
        ("start: <2025-01-01 → day 3>", "start", "not a date"),
        ("end: <2025-02-01 → day 30.5>", "end", "not a midnight"),
        ("end: <2025-02-01 → day -3>", "end", "the end is not after the start"),
        ("end: <2025-02-01 → {value: 2025-02-01, low: 2025-02-01, high: 2025-02-03}>", "end", "an uncertain date"),
        ("    <chance → effort: 1 /month\n    chance>:", "zones.steppe", "effort or chance"),
        ("ceiling: <20 → 9> /month\n    roadblocks", "zones.forest.effort.1", "effort above the zone's ceiling"),
        (
            "{<value → from: day 1, value>: 1, source: assumption, why: open",
            "towns.North.blockade.0.from",
            "no value before the first 'from'",
        ),
        ("value: 8 /month, low: <5 → 9>", "zones.forest.effort.1", "the range does not hold the value"),
        ("    - {<min → from: 2025-01-02, min>: 5", "strategy.imports.0.from", "no regime before the first 'from'"),
        ("    - {<min: 5 → from: 2025-01-01, min: 500>", "strategy.imports.0.min", "a least size above the largest"),
        (
            "from: <2025-01-10, must: [national → 2024-12-30, must: [foreign>]",
            "strategy.imports.1.must.0",
            "an escort that never comes",
        ),
        ("must: [national], may: [<air → national>]", "strategy.imports.1.may.0", "a component named twice"),
        (
            "allocation: <queue\n  priority: [Coast, Savanna] → priority>",
            "strategy.allocation",
            "an allocation without its list",
        ),
        ("to: 2025-01-<14 12:00 → 11>", "willingness.strikes.drivers.to", "the last moment is not after the first"),
        ("to: <2025-01-28 → day 3>", "rationing.cans.to", "the last moment is not after the first"),
        ("day_to: <18 → 5> h", "driving.day_to", "hours out of order"),
        ("delivered_to: <10 → 1> h", "retail.delivered_to", "hours out of order"),
        ("pump: <true → false>", "products", "no product is sold at stations"),
        (
            "roads: [<coast → coast, coast, coast>]\n    ass",
            "corridors.Coast.roads.2",
            "a road driven twice the same way",
        ),
        ("coast: {from: Port, to: <Capital → Port>", "roads.coast.to", "a road that leads nowhere"),
        (
            "to: <2025-01-28 → {value: 2025-01-28, low: 2025-01-19, high: 2025-01-30}>",
            "rationing.cans.to",
            "the last moment is not after the first",
        ),
        ("    - {min: <5 → {value: 50, low: 5, high: 70}>", "strategy.imports.0.min", "a least size above the largest"),
        (
            "    - {min: <5, max: 60 → 50, max: {value: 60, low: 40, high: 80}>",
            "strategy.imports.0.min",
            "a least size above the largest",
        ),
        ("day_to: <18 h → {value: 18 h, low: 6 h, high: 19 h}>", "driving.day_to", "hours out of order"),
        (
            "split: {detection: <0.3, deterrence: 0.3, damage: 0.4 → 0, deterrence: 0, damage: 0>}",
            "escorts.split.damage",
            "out of range",
        ),
        ("<value: 9, low → low>: 5", "documented.losses", "value, date or bound"),
        ("fleet:\n  <size → sise>", "fleet.sise", "unknown key"),
        ("rule: <even → evn>", "retail.rule", "not a known word"),
        ("lat: <10.5 → 100>", "towns.Capital.at.lat", "out of range"),
        ("lat: <10.5 → .nan>", "towns.Capital.at.lat", "not a number that can be used"),
        ("terminal: <Harbour → null>\n    roads: <[coast] → 5>\n", "corridors.Coast.terminal", "missing"),
        ("on: <true → 3>", "willingness.on", "of the wrong kind"),
        ("title: <Tiny → 7>", "title", "of the wrong kind"),
        ("  <Capital → ' Capital'>:\n    at", "towns. Capital", "not a name"),
    ],
)
def test_each_rule_names_the_path(tmp_path: Path, change: str, path: str, wrong: str) -> None:
    """A change is written into what stands in the file: ``hub: <Capital → Capitol>``."""
    old, new = (re.sub("<(.*?) → (.*?)>", rf"\{side}", change, flags=re.DOTALL) for side in (1, 2))
    faults = {(fault.path, fault.wrong) for fault in changed(tmp_path, (old, new))}
    assert (path, wrong) in faults


def test_dates_must_increase(tmp_path: Path) -> None:
    change = (
        "ceiling: 20 /month\n    roadblocks: 0.001 /km",
        "ceiling: 20 /month\n"
        "    roadblocks: [{value: 0 /km}, {from: day 5, value: 0.2 /km}, {from: day 4, value: 0.1 /km}]",
    )
    (problem,) = changed(tmp_path, change)
    assert problem.path == "zones.forest.roadblocks.2.from"
    assert problem.wrong == "dates out of order"


def test_a_problem_has_file_line_and_column(tmp_path: Path) -> None:
    (problem,) = changed(tmp_path, ("freed: 30 days", "freed: 30 km"))
    line = TINY.read_text(encoding="utf-8").split("\n").index("  freed: 30 days") + 1
    assert (Path(problem.file).name, problem.line, problem.column) == ("s.yaml", line, 10)
    assert re.match(
        rf".*s\.yaml:{line}:10: crews\.freed: 'km' is not a unit of a time; given '30 km'; expected a time",
        str(problem),
    )


def test_an_unknown_key_is_placed_at_the_key_and_names_the_nearest(tmp_path: Path) -> None:
    faults = changed(tmp_path, ("  killed: 20 %", "  kiled: 20 %"))
    key = next(fault for fault in faults if fault.wrong == "unknown key")
    assert key.column == 3
    assert "'killed'" in key.expected


def test_a_missing_key_is_placed_at_its_part_and_says_what_it_means(tmp_path: Path) -> None:
    (problem,) = changed(tmp_path, ("  killed: 20 %\n", ""))
    assert (problem.path, problem.wrong) == ("crews.killed", "missing")
    assert "Chance that the crew of a lost tanker is killed" in problem.expected


def test_a_fault_inside_a_list_is_placed_at_its_entry(tmp_path: Path) -> None:
    (problem,) = changed(
        tmp_path,
        (
            "units: [{value: 0}, {from: 2025-01-15, value: 1}]",
            "units:\n        - value: 0\n        - from: 2025-01-15\n          value: 1.5",
        ),
    )
    assert problem.path == "escorts.pools.wing.units.1.value"
    assert problem.column == 18


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    faults = changed(
        tmp_path,
        ("hub: Capital", "hub: Capitol"),
        ("freed: 30 days", "freed: 30 km"),
        ("rule: even", "rule: evn"),
        ("road: coast", "road: cost"),
        ("loading: 1 h", "loading: 1"),
        ("power: {hours: 20 h", "power: {hours: 20 h, hours: 3 h"),
        ("label: army, aircraft", "labl: army, aircraft"),
    )
    told = {fault.path for fault in faults}
    assert told >= {"hub", "crews.freed", "retail.rule", "attacks.replayed.bridge.road", "fleet.loading", "power.hours"}
    assert {"strategy.labl", "strategy.label"} <= told
    assert [fault.line for fault in faults] == sorted(fault.line for fault in faults)


def test_independent_problems_of_spelling_and_meaning_come_together(tmp_path: Path) -> None:
    faults = changed(
        tmp_path,
        ("freed: 30 days", "fred: 30 days"),
        ("knocked_out: 10 %", "knocked_out: 110 %"),
        ("{min: 5, max: 60", "{min: 50, max: 20"),
        ("must: [national], may: [air]", "must: [foreign], may: [air]"),
        ("day_to: 18 h", "day_to: 5 h"),
    )
    assert {(fault.path, fault.wrong) for fault in faults} == {
        ("crews.fred", "unknown key"),
        ("crews.freed", "missing"),
        ("attacks.knocked_out", "out of range"),
        ("strategy.imports.0.min", "a least size above the largest"),
        ("strategy.imports.1.must.0", "an escort that never comes"),
        ("driving.day_to", "hours out of order"),
    }


@pytest.mark.parametrize(
    "changes",
    [
        [("min: 5, max", "min: 5 km, max")],
        [("component: national", "component: natonal")],
        [("day_from: 6 h", "day_from: 6")],
        [("start: 2025-01-01", "start: soon")],
        [("  steppe:\n    roads: [savanna]\n    chance", "  steppe:\n    roads: [savanna]\n    chnce")],
        [("  split: {", "  splt: {")],
    ],
)
def test_a_rule_about_what_cannot_be_read_waits(tmp_path: Path, changes: list[tuple[str, str]]) -> None:
    wrong = {problem.wrong for problem in changed(tmp_path, *changes)}
    assert wrong <= {
        "a number without a unit",
        "a unit where none is due",
        "not a known word",
        "not a moment",
        "unknown key",
        "missing",
    }


@pytest.mark.parametrize("setting", ["fleet.size=18000 %", "towns.Capital.stations.count=100 %", "attacks.damage=90 %"])
def test_a_percentage_of_what_is_no_share_is_refused(setting: str) -> None:
    with pytest.raises(ScenarioError, match="a percentage of what is no share"):
        load(TINY, sets=setting)


def test_a_share_above_one_is_refused_however_it_is_written() -> None:
    for setting in ("crews.killed=18000 %", "crews.killed=180", "crews.killed={value: 90 %, low: 80 %, high: 101 %}"):
        with pytest.raises(ScenarioError, match="out of range"):
            load(TINY, sets=setting)


@pytest.mark.parametrize(
    "setting",
    [
        "fleet.load={value: null}",
        "fleet.load={value: , low: 1 m3}",
        "zones.forest.effort=[null, {from: day 3, value: 5 /month}]",
        "zones.forest.effort=[{from: day 0}]",
    ],
)
def test_a_number_without_a_value_is_told(setting: str) -> None:
    with pytest.raises(ScenarioError, match="a number without a value"):
        load(TINY, sets=setting)


def test_a_country_without_inland_corridors_needs_no_inland_policy(tmp_path: Path) -> None:
    text = TINY.read_text(encoding="utf-8")
    begin, end = text.index("  Savanna:\n    kind: inland"), text.index("  Other:\n    kind: exogenous")
    text = text[:begin] + text[end:]
    begin, end = text.index("  inland:\n    - {min"), text.index("  allocation: queue")
    text = (text[:begin] + text[end:]).replace("inland: {policy: proportional, reserve: 5 days}\n", "")
    text = text.replace("[Coast, Savanna]", "[Coast]").replace("{Coast: 0.8, Savanna: 0.2}", "{Coast: 1}")
    root = load(write(tmp_path / "s.yaml", text)).root
    assert (root.inland.policy, root.inland.reserve.value, root.strategy.inland) == ("proportional", 0.0, [])
    (problem,) = changed(
        tmp_path, ("inland: {policy: proportional, reserve: 5 days}\n", ""), ("  allocation: queue", "")
    )
    assert problem.path == "strategy.allocation"


def test_what_is_missing_at_the_top_is_told_of_the_file(tmp_path: Path) -> None:
    (problem,) = changed(tmp_path, ("\npower: {hours: 20 h, thermal: 60 %}", ""))
    assert str(problem).startswith(f"{tmp_path / 's.yaml'}:1:1: power: missing; given nothing; expected a mapping with")


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("corridors.Coast.fleet=60", "expected 0 to 1: Weight of the corridor in the fleet, whose tankers fleet.size"),
        ("fleet=60", "expected a mapping with size, load, driving, returning, loading, unloading, …; for example "
                     "'size: 60' in it"),
        ("towns.Capital.depot=9 days", "for example 'capacity: 9 days' in it"),
        ("strategy=army", "a mapping with name, label, note, imports, inland, allocation, …"),
    ],
)  # fmt: skip
def test_a_number_that_is_out_of_place_is_told_where_it_belongs(setting: str, told: str) -> None:
    assert told in str(refusal(load, TINY, sets=setting))
