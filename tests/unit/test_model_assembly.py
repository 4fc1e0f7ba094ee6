"""Assembly points: who waits where, who leaves with whom, when crews that changed their mind go, convoys on record."""

import math

import pytest

from sim.plan.sections import AIR, FOREIGN, NATIONAL
from sim.results.measures import measures
from sim.rules.order import Rank
from sim.study.replicate import simulate
from tests import build
from tests.refusals import refusal

EAST = {
    "junctions": {"Fork": {"at": build.HERE}},
    "towns": {"Capital": {"share": 0.5}, "East": build.town(0.5)},
    "roads": {
        "plain": {"from": "Border", "to": "Fork"},
        "rise": {"from": "Fork", "to": "Capital", "length": "100 km", "pace": "40 km/h"},
        "fall": {"from": "Fork", "to": "East", "length": "100 km", "pace": "40 km/h"},
    },
    "corridors": {
        "sea": {"roads": ["coast", "plain", "rise"], "fleet": 0.5},
        "bay": build.corridor("Harbour", ["coast", "plain", "fall"], "Border", "East", fleet=0.5),
    },
}
"""A second corridor that begins with the same road after the border and goes to another town."""
TWIN = {
    "corridors": {
        "sea": {"share": 0.5, "fleet": 0.5},
        "twin": build.corridor("Harbour", ["coast", "plain"], "Border", "Capital", 0.5, 0.5),
    }
}
"""A second corridor on the same roads."""


class Point:
    """An assembly point where a test puts tankers by hand; only the clock's hours and midnights run."""

    def __init__(self, regime, *changes, name="sea"):
        self.country = build.country(build.plan(build.POOLS, build.imports(**regime), *changes))
        self.corridor = self.find(name)
        self.tankers = {}

    def find(self, name):
        """Return a corridor."""
        return self.country.corridors[self.country.plan.corridors.name.index(name)]

    def put(self, name, ready, mark=0.0, corridor="sea", town="Capital"):
        """Let a tanker stand by at a time, with a mark that a test may change at midnights."""
        country, line = self.country, self.find(corridor)
        number = len(self.tankers)
        (tanker,) = build.tankers(country, line, 1, country.plan.towns.name.index(town))
        tanker.serial, tanker.mark = number, mark
        self.tankers[name] = tanker

        def come():
            yield country.clock.at(ready, Rank.TANKER, tanker.key)
            line.stand_by(tanker)

        country.clock.process(come())

    def run(self, hours, minds=None, willing=1.0):
        """Run the hours and midnights, at which ``minds`` gives tankers by name new marks; return who left when."""
        country, point = self.country, build.assembly(self.country, self.corridor)
        for corridor in point.corridors:
            corridor.crews.willing = willing

        def midnights():
            for day in range(1, hours // 24 + 1):
                yield country.clock.at(24.0 * day, Rank.MIDNIGHT)
                for name, mark in (minds or {}).get(day, {}).items():
                    self.tankers[name].mark = mark
                point.think_again(country.clock.now)

        def dispatch():
            for hour in range(1, hours):
                yield country.clock.at(float(hour), Rank.DISPATCH)
                point.dispatch(country.clock.now)

        columns = {}
        country.clock.process(midnights())
        country.clock.process(dispatch())
        for hour in range(1, hours + 1):
            country.clock.run(until=hour - 0.5)
            for convoy in country.convoys[len(columns) :]:
                names = [name for name, tanker in self.tankers.items() if any(tanker is gone for gone in convoy.column)]
                columns[convoy.number] = (convoy.departed, names, convoy.escort)
        return list(columns.values())


# Who shares a point


def test_corridors_that_leave_by_the_same_road_queue_together_and_share_convoys():
    point = Point({"min": 3, "longest_wait": "100 h"}, TWIN)
    twin = point.find("twin")
    assert build.assembly(point.country, twin) is build.assembly(point.country, point.corridor)
    for name, ready, corridor in (("a", 0.2, "twin"), ("b", 0.5, "sea"), ("c", 3.5, "twin")):
        point.put(name, ready, corridor=corridor)
    assert point.run(8) == [(4.0, ["a", "b", "c"], 0)]
    assert (point.corridor.departed, twin.departed) == (1, 2)


def test_a_convoy_takes_only_those_whose_town_is_on_the_way_of_its_first():
    point = Point({"headway": "2 h"}, EAST)
    for name, ready, corridor, town in (
        ("a", 0.2, "bay", "East"),
        ("b", 0.3, "sea", "Capital"),
        ("c", 0.4, "bay", "East"),
        ("d", 0.5, "sea", "Capital"),
    ):
        point.put(name, ready, corridor=corridor, town=town)
    assert build.assembly(point.country, point.find("bay")) is build.assembly(point.country, point.corridor)
    assert point.run(8) == [(1.0, ["a", "c"], 0), (3.0, ["b", "d"], 0)]


def test_inland_corridors_that_leave_by_different_roads_do_not_share():
    east = {
        "towns": {"East": build.town(0.1)},
        "roads": {"desert": {"from": "Capital", "to": "East", "length": "100 km", "pace": "40 km/h"}},
        "corridors": {"east": {**build.INLAND["corridors"]["north"], "roads": ["desert"], "serves": ["East"]}},
    }
    country = build.country(build.plan(build.INLAND, east))
    north, other = (country.corridors[country.plan.corridors.name.index(name)] for name in ("north", "east"))
    assert [build.assembly(country, corridor).corridors for corridor in (north, other)] == [[north], [other]]


def test_import_and_inland_corridors_do_not_share_though_both_leave_by_one_road():
    far = {
        "towns": {"North": {"share": 0.2}, "Far": build.town(0.1)},
        "roads": {"on": {"from": "North", "to": "Far", "length": "50 km", "pace": "40 km/h"}},
        "corridors": {
            "through": build.corridor("Harbour", ["coast", "plain", "savanna", "on"], "Capital", "Far", fleet=0.2)
        },
    }
    country = build.country(build.plan(build.INLAND, far))
    by_name = {country.plan.corridors.name[c.number]: build.assembly(country, c) for c in country.corridors}
    assert len({id(point) for point in by_name.values()}) == 3


# Escorts between which a convoy may choose


@pytest.mark.parametrize(
    ("must", "escorts"),
    [
        (["national"], [NATIONAL]),
        (["national | foreign"], [NATIONAL, FOREIGN]),
        (["national | foreign", "air"], [NATIONAL | AIR]),
        (["national | foreign | air"], [NATIONAL, FOREIGN, AIR]),
    ],
)
def test_a_partner_s_units_add_convoys_where_either_will_do(must, escorts):
    """One unit of each component; convoys of one tanker, all by day, and no unit is back within the day."""
    point = Point({"must": must, "max": 1, "headway": "1 h"})
    for k in range(6):
        point.put(k, 6.5)
    assert [escort for _, _, escort in point.run(17)] == escorts


def test_a_foreign_unit_alone_takes_a_convoy_when_no_national_one_is_there():
    none = {"escorts": {"pools": {"army": {"units": 0}}}}
    point = Point({"must": ["national | foreign"], "max": 1}, none)
    point.put("a", 0.5)
    assert point.run(4) == [(1.0, ["a"], FOREIGN)]


@pytest.mark.parametrize("text", ["national | forein", "national | national", "national |", "| air", "nobody"])
@pytest.mark.parametrize("rank", [0, 1])
def test_alternatives_are_checked_and_the_place_is_named(text, rank):
    must = ["air", text] if rank else [text, "air"]
    (problem,) = refusal(build.scenario, build.POOLS, build.imports(must=must)).problems
    assert problem.path == f"strategy.imports.0.must.{rank}"
    assert problem.wrong == "not a component"
    assert text in problem.given
    assert "'national | foreign'" in problem.expected


# Patience


ALONE = {"must": ["air"], "alone": True, "patience": "30 h", "min": 1}
NO_AIR = {"escorts": {"pools": {"wing": {"units": [{"value": 0}, {"from": "day 50", "value": 1}]}}}}


def test_patience_counts_from_when_a_crew_is_willing():
    """One is willing from the first, one turns so on day 2; each goes 30 h after that, at the next full hour."""
    point = Point(ALONE, NO_AIR)
    point.put("willing", 0.5, 0.3)
    point.put("later", 0.5, 0.9)
    left = point.run(120, {2: {"later": 0.1}}, willing=0.8)
    assert left == [(31.0, ["willing"], 0), (48.0 + 30.0, ["later"], 0)]


def test_a_crew_that_was_willing_between_two_refusals_begins_anew():
    point = Point(ALONE, NO_AIR)
    point.put("a", 0.5, 0.3)
    assert point.run(140, {1: {"a": 0.9}, 3: {"a": 0.2}}, willing=0.8) == [(72.0 + 30.0, ["a"], 0)]


def test_nobody_goes_alone_who_would_go_with_an_escort_only():
    """Half of the willing go alone: a mark of 0.5 is under 0.8 but not under 0.4."""
    half = {"willingness": {"alone": 0.5}}
    point = Point(ALONE, NO_AIR, half)
    point.put("brave", 0.5, 0.39)
    point.put("cautious", 0.5, 0.41)
    assert point.run(100, willing=0.8) == [(31.0, ["brave"], 0)]
    assert point.corridor.refusal_hours == 0, "both are willing; one lacks an escort"
    there = Point(ALONE, half)
    there.put("brave", 0.5, 0.39)
    there.put("cautious", 0.5, 0.41)
    assert there.run(12, willing=0.8) == [(1.0, ["brave", "cautious"], AIR)]


# Convoys on record


def on_record(mode="both", **convoys):
    """Return a country in which tankers wait for an escort that comes late, and convoys on record."""
    return {
        **build.imports(must=["national"], max=500),
        "escorts": {"pools": {"army": build.pool("national", [{"value": 0}, {"from": "day 30", "value": 1}])}},
        "convoys": {"mode": mode, "recorded": convoys},
        "attacks": {"mode": "none"},
        "end": "2030-02-10",
    }


def given(at, tankers, escort=(), corridor="sea"):
    return {"at": at, "tankers": tankers, "escort": list(escort), "corridor": corridor}


def left(plan, engine, until=math.inf):
    """Return time, tankers, escort and shortfall of each convoy, and the measures."""
    record = simulate(plan, 1, 0, central=True, engine=engine)
    rows = [(row.departed, row.tankers, row.escort, row.short) for row in build.rows(record.convoys)]
    return [row for row in rows if row[0] < until], measures(record, ()), record


@pytest.mark.parametrize("engine", ["simpy", "fast"])
def test_a_convoy_on_record_leaves_on_the_hour_with_the_first_and_its_escort(engine):
    """Nobody has a unit before day 30, and on strike nobody is willing; they leave all the same."""
    strike = {"willingness": {"strikes": {"union": {"from": "day 7", "to": "day 9"}}}}
    plan = build.plan(
        on_record(
            first=given("2030-01-09 10:20", 7, ["national", "air"]),
            second=given("2030-01-09 13:00", 5),
        ),
        strike,
    )
    rows, numbers, _ = left(plan, engine, until=29 * 24)
    assert rows == [(8 * 24 + 11, 7, NATIONAL | AIR, 0), (8 * 24 + 13, 5, 0, 0)]
    assert numbers["missing_on_record"] == 0


@pytest.mark.parametrize("engine", ["simpy", "fast"])
def test_a_shortfall_is_reported_also_when_nobody_is_there(engine):
    plan = build.plan(on_record(first=given("2030-01-01 00:00", 4), second=given("2030-01-09 10:00", 400, ["foreign"])))
    rows, numbers, record = left(plan, engine, until=29 * 24)
    ((time, tankers, escort, short),) = rows
    assert (time, escort) == (8 * 24 + 10, FOREIGN)
    assert 0 < tankers < 150
    assert tankers + short == 400
    assert record.missing == [4, short]
    assert numbers["missing_on_record"] == 4 + short


@pytest.mark.parametrize("engine", ["simpy", "fast"])
def test_a_convoy_on_record_outside_the_run_does_not_leave(engine):
    plan = build.plan(on_record(early=given("2029-12-20", 4), late=given("2030-03-20", 4)))
    rows, numbers, _ = left(plan, engine, until=29 * 24)
    assert rows == []
    assert numbers["missing_on_record"] == 0


def test_a_convoy_on_record_leaves_those_whose_town_is_not_on_its_way():
    both = Point({"must": ["air"]}, EAST, NO_AIR)
    both.put("a", 0.2, corridor="bay", town="East")
    both.put("b", 0.3, 0.99, corridor="sea")
    both.country.clock.run(until=1.0)
    assert build.assembly(both.country, both.corridor).leave_on_record(1.0, both.corridor, 3, 0) == 2
    (convoy,) = both.country.convoys
    assert [tanker is both.tankers["b"] for tanker in convoy.column] == [True]
    assert [entry[3] is both.tankers["a"] for entry in build.assembly(both.country, both.corridor).queue] == [True]


@pytest.mark.parametrize("engine", ["simpy", "fast"])
def test_units_of_the_pools_go_with_it_as_far_as_they_are_free(engine):
    plan = build.plan(
        on_record(first=given("2030-02-02 10:00", 3, ["national", "foreign"])),
        build.imports(must=["foreign"]),
        {"escorts": {"pools": {"friends": build.pool("foreign", [{"value": 0}, {"from": "day 38", "value": 1}])}}},
    )
    record = simulate(plan, 1, 0, central=True, engine=engine, log=True)
    (convoy,) = [row for row in build.rows(record.convoys) if row.departed < 37 * 24]
    assert (convoy.departed, convoy.escort) == (32 * 24 + 10, NATIONAL | FOREIGN)
    army = plan.escorts.name.index("army")
    assert record.unit_hours[army] > 48
    assert record.unit_hours[1 - army] <= 48, "no foreign unit was there before day 38"


@pytest.mark.parametrize("engine", ["simpy", "fast"])
def test_recorded_convoys_stand_for_those_that_must_have_an_escort_and_no_others(engine):
    """The regime asks for an escort up to day 20 and for none after; there is a unit all the time."""
    change = {
        "strategy": {
            "imports": [{**build.FREELY, "must": ["national"]}, {**build.FREELY, "from": "day 20"}],
        },
        "escorts": {"pools": {"army": {"units": 50}}},
    }
    convoys = {"first": given("2030-01-09 10:00", 6, ["national"])}
    rows, _, _ = left(build.plan(on_record("recorded", **convoys), change), engine)
    assert rows[0] == (8 * 24 + 10, 6, NATIONAL, 0)
    assert rows[1][0] == 20 * 24
    assert {escort for _, _, escort, _ in rows[1:]} == {0}
    both, _, _ = left(build.plan(on_record("both", **convoys), change), engine)
    assert sum(time < 20 * 24 for time, *_ in both) > 50
    formed, _, _ = left(build.plan(on_record("formed", **convoys), change), engine)
    assert [row for row in formed if row[0] < 8 * 24] == [row for row in both if row[0] < 8 * 24]


@pytest.mark.parametrize(
    ("corridor", "wrong"), [("see", "unknown corridor"), ("other", "a convoy on an exogenous inflow")]
)
def test_a_convoy_on_record_needs_a_corridor_with_tankers(corridor, wrong):
    other = {"corridors": {"other": {"kind": "exogenous", "serves": ["Capital"], "share": 0.1}}}
    (problem,) = refusal(build.scenario, on_record(first=given("day 3", 4, corridor=corridor)), other).problems
    assert (problem.path, problem.wrong) == ("convoys.recorded.first.corridor", wrong)


@pytest.mark.parametrize(("at", "noted"), [("2029-12-30", True), ("2030-02-10", True), ("2030-02-09", False)])
def test_a_convoy_on_record_outside_the_run_is_noted(at, noted):
    notes = build.scenario(on_record(first=given(at, 4))).notes
    assert [note.path for note in notes] == [*["convoys.recorded.first.at"] * noted, "power.thermal"]
