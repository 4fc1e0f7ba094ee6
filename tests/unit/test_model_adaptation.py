"""Attackers that adapt: off by default, effort that moves and grows, and what stays as the scenario declares it."""

from itertools import pairwise
from math import exp
from types import SimpleNamespace

import pytest

from sim.errors import ModelError, ScenarioError
from sim.model.adaptation import Adaptation
from sim.model.convoy import Convoy
from sim.model.world import World
from sim.record import Kind
from sim.results.measures import measures
from sim.rules.adaptation import LOOK_BACK
from sim.rules.hazard import rate_of_chance
from sim.view.study_words import made_words
from sim.world.keys import Draws
from sim.world.nature import Nature, given_plan, marks
from tests import build

MONTH = 730.5
TWO = {
    **build.SECOND_WAY,
    "zones": {
        "east": {"roads": ["lane"], "effort": "10 /month", "ceiling": "100 /month"},
        "west": {"roads": ["plain"], "effort": "10 /month", "ceiling": "100 /month"},
    },
    "escorts": {"pools": {"army": build.pool("national", 40, serves=["sea"])}, "loss_ratio": {"none": 4}},
    **build.imports(may=["national"]),
}
"""Two alike ways into the country; only convoys from the sea, through the west, have an escort."""
HARMLESS = {"attacks": {"damage": 0}, "driving": {"halt": "0 h", "regroup": "0 h"}}
"""Ambushes cost neither tankers nor time, so that convoys do not depend on them."""


def adaptive(reshare=0, recruitment=0, fading="60 days"):
    return {"attacks": {"adaptive": {"on": True, "reshare": reshare, "recruitment": recruitment, "fading": fading}}}


def efforts(record):
    """Return the effort of each zone a month, by week."""
    names = dict(zip(record.plan.zones.entity, record.plan.zones.name, strict=True))
    weeks = {}
    for entry in build.rows(record.log):
        if entry.kind == Kind.EFFORT:
            weeks.setdefault(round(entry.time / LOOK_BACK), {})[names[entry.entity]] = entry.value * MONTH
    return weeks


def laid(record):
    return {(entry.entity, entry.serial) for entry in build.rows(record.log) if entry.kind == Kind.LAID}


def two(*changes):
    return build.run(build.plan(TWO, *changes), log=True)


def test_it_is_off_unless_a_scenario_says_otherwise_and_then_nothing_of_it_is_drawn():
    off, on = (build.plan(TWO, *change) for change in ((), ({"attacks": {"adaptive": {"on": True}}},)))
    drawn = [[number.path for number in plan.uncertain if "adaptive" in number.path] for plan in (off, on)]
    assert not off.attacks.adaptive.on
    assert drawn == [[], [f"attacks.adaptive.{name}" for name in ("fading", "recruitment", "reshare")]]
    draws = build.country(on).draws
    assert given_plan(off, Nature(draws, marks(off, draws))).attacks.adaptive == off.attacks.adaptive
    assert given_plan(on, Nature(draws, marks(on, draws))).attacks.adaptive.reshare != on.attacks.adaptive.reshare


def test_without_resharing_and_recruitment_nothing_changes():
    off, on = two(), two(adaptive())
    assert laid(off)
    assert repr(measures(on)) == repr(measures(off))
    assert [entry for entry in build.rows(on.log) if entry.kind != Kind.EFFORT] == build.rows(off.log)
    for table in ("encounters", "towns", "flows"):
        assert repr(build.rows(getattr(on, table))) == repr(build.rows(getattr(off, table)))


def test_effort_moves_to_the_corridor_with_less_protection_and_its_sum_stays():
    weeks = efforts(two(adaptive(reshare=0.5)))
    assert list(weeks) == list(range(1, 9)), "each seventh midnight within the run"
    for week in weeks.values():
        assert week["east"] + week["west"] == pytest.approx(20)
        assert week["east"] > 11 > 9 > week["west"]


def test_all_effort_moves_where_alone_fuel_passes():
    weeks = efforts(two(adaptive(reshare=1), {"corridors": {"sea": {"open": 0}}}))
    assert weeks[8] == pytest.approx({"east": 20, "west": 0})


def test_a_zone_that_gives_a_chance_takes_part_with_its_rate():
    zones = {"zones": {"west": {"effort": None, "chance": 0.4}}}
    weeks = efforts(two(adaptive(reshare=0.5), zones))
    for week in weeks.values():
        assert week["east"] + week["west"] == pytest.approx(10 + rate_of_chance(0.4, 48, 1) * MONTH)


def test_a_pause_stays_a_pause():
    """Whatever was learnt and recruited before: in one zone from day 20, in both from day 40."""
    pause = [{"value": "10 /month"}, {"from": "day 40", "value": "0 /month"}]
    west = [{"value": "10 /month"}, {"from": "day 20", "value": "0 /month"}]
    record = two(adaptive(reshare=1, recruitment=2), {"zones": {"east": {"effort": pause}, "west": {"effort": west}}})
    weeks = efforts(record)
    assert weeks[2]["west"] > 0
    assert all(weeks[week]["west"] == 0 < weeks[week]["east"] for week in (3, 4, 5))
    assert all(weeks[week] == {"east": 0, "west": 0} for week in (6, 7, 8))
    assert max(entry.time for entry in build.rows(record.log) if entry.kind == Kind.LAID) < 40 * 24


def test_fuel_in_a_quiet_zone_draws_no_effort():
    west = [{"value": "10 /month"}, {"from": "day 20", "value": "0 /month"}]
    weeks = efforts(two(adaptive(reshare=1), {"zones": {"west": {"effort": west}}}))
    assert weeks[2]["west"] > 1
    assert all(weeks[week] == pytest.approx({"east": 10, "west": 0}) for week in range(3, 9))


def test_more_recruitment_lays_more_of_the_same_ambushes():
    sets = [laid(two(HARMLESS, adaptive(recruitment=growth))) for growth in (0, 0.1, 0.5, 2)]
    assert sets[0] == laid(two(HARMLESS))
    for fewer, more in pairwise(sets):
        assert fewer <= more
    assert len(sets[0]) < len(sets[2]) < len(sets[3])


def test_with_losses_too_recruitment_only_adds_to_what_is_laid():
    assert laid(two()) < laid(two(adaptive(recruitment=1)))


def test_effort_never_exceeds_the_ceiling():
    record = two(HARMLESS, adaptive(reshare=1, recruitment=2), {"zones": {"east": {"ceiling": "15 /month"}}})
    east = [week["east"] for week in efforts(record).values()]
    assert max(east) == pytest.approx(15, rel=1e-12)
    assert sum(entity == record.plan.zones.entity[0] for entity, _ in laid(record)) <= sum(
        candidate.zone == 0 for candidate in build.country(record.plan).tape.candidates
    )


def test_a_declared_effort_above_the_ceiling_stays_an_error():
    """A scenario with one is refused; so is a drawn one in a run."""
    with pytest.raises(ScenarioError, match="effort above the zone's ceiling"):
        build.plan(TWO, adaptive(reshare=1), {"zones": {"east": {"ceiling": "9 /month"}}})
    plan = build.with_section(build.plan(TWO, adaptive(reshare=1)), "zones", ceiling=(9 / MONTH, 100 / MONTH))
    with pytest.raises(ModelError, match="zone 'east': effort 10 a month is above the ceiling"):
        build.run(plan)


def alone(*changes):
    """Return the adaptation of a country whose clock a test moves, and a way to end weeks."""
    world = World(build.plan(TWO, *changes), Draws(1, 0))
    adaptation, clock = Adaptation(world), world.clock

    def end_week():
        clock.run(until=clock.now + LOOK_BACK)
        adaptation.week()

    return adaptation, end_week


def test_a_week_s_traffic_counts_in_the_next_week_only():
    adaptation, end_week = alone(adaptive(reshare=1))
    road = adaptation.plan.roads.name.index("plain")
    adaptation.passes(road, 50, 0, 10.0)
    adaptation.passes(road, 30, 1, LOOK_BACK + 10.0)
    assert adaptation.exposed == [0, 0]
    for expected in ([0, 50 * 4], [0, 30], [0, 0]):
        end_week()
        assert adaptation.exposed == pytest.approx(expected)


def test_a_road_counts_by_its_part_of_the_zone_and_not_without_zone():
    track = {"from": "Port", "to": "Dock", "length": "100 km", "pace": "40 km/h"}
    changes = {"zones": {"east": None, "west": {"roads": ["plain", "lane", "coast"]}}, "roads": {"track": track}}
    adaptation, end_week = alone(adaptive(reshare=1), changes)
    assert adaptation.plan.roads.name == ("coast", "lane", "plain", "track")
    for road in range(4):
        adaptation.passes(road, 50, 1, 1.0)
    end_week()
    assert adaptation.exposed == pytest.approx([50])


def test_recruits_come_with_fights_and_fade():
    adaptation, end_week = alone(adaptive(recruitment=0.4, fading="7 days"))
    for _ in range(5):
        adaptation.fought()
    end_week()
    assert adaptation.level == pytest.approx(0.2)
    assert adaptation.effort(0, adaptation.world.clock.now) * MONTH == pytest.approx(10 * exp(0.2))
    end_week()
    assert adaptation.level == pytest.approx(0.2 * exp(-1))


@pytest.mark.parametrize(("departure", "ratio"), [(2.0, 4 * 0.5), (14.0, 4)])
def test_air_cover_counts_if_it_is_there_half_way(departure, ratio):
    """A drive of 24 h through the west, by night too; half-way it is day or night."""
    wing = {"component": "air", "units": 1, "availability": 1, "cost": "1 USD/day"}
    country = build.country(build.plan(TWO, {"escorts": {"pools": {"wing": wing}}}, adaptive(reshare=1)))
    country.clock.run(until=departure)
    sea = country.corridors[country.plan.corridors.name.index("sea")]
    unit = country.pools[country.plan.escorts.name.index("wing")].free_unit(sea.number, departure, 0, [])
    convoy = Convoy(country.ambushes, sea, build.tankers(country, sea, 20), [unit], daylight=False)
    country.clock.process(convoy.drive())
    country.clock.run(until=LOOK_BACK)
    country.adaptation.week()
    assert convoy.arrived == 20
    assert country.adaptation.exposed == pytest.approx([0, 20 * ratio])


def test_mines_neither_move_nor_recruit():
    mines = {"zones": {zone: {"effort": "0.01 /month", "mines": "30 /month"} for zone in ("east", "west")}}
    off, on = two(mines), two(mines, adaptive(recruitment=2))
    assert measures(on)["tankers_lost"] > 20
    assert all(week == pytest.approx({"east": 0.01, "west": 0.01}) for week in efforts(on).values())
    assert laid(on) == laid(off) == laid(two(mines, adaptive(reshare=1)))


def test_a_replayed_attack_recruits():
    attack = {"bridge": {"at": "day 10", "road": "plain", "window": "96 h", "lost": 2, "smallest": 2}}
    low = {"zones": {zone: {"effort": "0.1 /month"} for zone in ("east", "west")}}
    record = two(low, {"attacks": {"mode": "both", "replayed": attack}}, adaptive(recruitment=2))
    (attacked,) = build.rows(record.encounters)
    assert attacked.lost == 2
    week = int(attacked.time // LOOK_BACK)
    weeks = efforts(record)
    assert weeks[week]["west"] == pytest.approx(0.1)
    assert weeks[week + 1]["west"] == pytest.approx(0.1 * exp(0.2))


@pytest.mark.parametrize("on", [False, True])
def test_answer_and_figures_say_that_it_is_exploratory(on):
    scenario = build.scenario(TWO, {"attacks": {"adaptive": {"on": on}}})
    words = made_words(SimpleNamespace(scenario=scenario, manifest={"laid": ["one.yaml"]}))
    assert ("Exploratory: attackers adapt." in words) is on
    assert words.startswith("Strategy: none.")
    assert words.endswith("Laid on: one.yaml.")
