"""What one trip faces, as ``convoi show`` tells it, against simulated trips; roadblocks by the kilometre; prey.

Parties leave one at a time, far apart, so that no ambush is spent on another party.  Seeds are fixed; bounds are set so
that a correct model fails with chance ALARM per statistic.
"""

import math

import numpy as np
import pytest
from scipy import stats

from sim.model.convoy import Convoy
from sim.model.roadblock import Roadblocks
from sim.record import OUTCOMES, ROADBLOCK
from sim.results.measures import measures
from sim.rules.encounter import interest
from sim.rules.hazard import chance_of_meeting
from sim.study.replicate import simulate
from sim.study.threat import chances, threats
from sim.world.keys import Draws, Stream, entity, index
from sim.world.tape import AMBUSH, Candidate
from tests import build

ALARM = 1e-6
BOUND = stats.norm.isf(ALARM / 2)
ARMY = {
    "escorts": {
        "pools": {"army": {"component": "national", "units": 30, "cost": "1 USD/day"}},
        "detection": 0.3,
        "deterrence": 0.4,
        "loss_ratio": {"none": 1.5},
    }
}


def parties(size, must=(), every="10 days"):
    """Return changes by which parties of one size leave far apart, for as long as a run may be."""
    regime = build.imports(must=list(must), min=size, max=size, headway=every, longest_wait="100000 h")
    return build.lay(ARMY, regime, {"end": "2034-12-30", "willingness": {"on": False}})


def trips(plan, replications):
    """Return the rows of convoys that ended, and of what they met, each with its replication first."""
    convoys, meetings = [], []
    for k in range(replications):
        record = simulate(plan, 1, k, central=True, engine="fast")
        ended = ~np.isnan(record.convoys["days"])
        rows = zip(
            *(record.convoys[name][ended].tolist() for name in ("convoy", "tankers", "lost", "attacked")), strict=True
        )
        convoys += [(k, *row) for row in rows]
        columns = ("convoy", "kind", "outcome", "size", "lost", "killed", "abducted")
        meetings += [(k, *row) for row in zip(*(record.encounters[name].tolist() for name in columns), strict=True)]
    return convoys, meetings


# The table of ``convoi show``


AMBUSHED = {
    "fleet": {"size": 400},
    "zones": {"west": {"roads": ["plain"], "effort": "12 /month", "ceiling": "12 /month", "mines": "3 /month"}},
    # An attack that costs nobody counts; so the fleet lasts.
    "attacks": {"lifetime": "24 h", "mine_lifetime": "30 h", "prey": 12, "damage": 0},
}


@pytest.mark.parametrize("army", [False, True], ids=["alone", "army"])
@pytest.mark.parametrize("size", [1, 10, 100])
def test_the_chance_of_an_attack_is_that_of_simulated_trips(size, army):
    """Some 700 trips of each kind, binomial at ALARM."""
    scenario = build.scenario(parties(size, ["national"] * army), AMBUSHED)
    (threat,) = threats(scenario)
    expected = chances(scenario, threat, size, army).attacked
    convoys, _ = trips(build.build(scenario), 4)
    assert len(convoys) > 600
    assert {tankers for _, _, tankers, _, _ in convoys} == {size}
    attacked = sum(flag for *_, flag in convoys)
    assert 0.03 < expected < 0.6
    assert stats.binomtest(attacked, len(convoys), expected).pvalue > ALARM


BLOCKED = {
    "fleet": {"size": 6000},
    "zones": {"west": {"roads": ["plain"], "effort": "0 /month", "ceiling": "1 /month", "roadblocks": "0.004 /km"}},
    "roadblocks": {"taken": 0.15, "turned_back": 0, "killed": 0.25},
}
MEAN = 0.004 * 480


@pytest.mark.parametrize("size", [1, 10, 100])
def test_the_chance_to_be_taken_is_that_of_simulated_trips(size):
    """Per tanker.  Tankers of a party meet the same roadblocks, so the interval is that of the means of parties."""
    scenario = build.scenario(parties(size), BLOCKED)
    (threat,) = threats(scenario)
    assert threat.roadblocks == pytest.approx(MEAN)
    expected = chances(scenario, threat, size, False).taken
    assert expected == pytest.approx(1 - math.exp(-MEAN * 0.15))
    convoys, meetings = trips(build.build(scenario), 4)
    share = np.array([lost / tankers for _, _, tankers, lost, _ in convoys])
    half = BOUND * share.std(ddof=1) / math.sqrt(len(share))
    assert len(share) > 600
    assert abs(share.mean() - expected) < half
    lost, killed, abducted = (sum(row[place] for row in meetings) for place in (5, 6, 7))
    assert abducted == lost - killed
    assert stats.binomtest(killed, lost, 0.25).pvalue > ALARM
    assert chances(scenario, threat, size, True).taken == 0.0


def test_tankers_turned_back_are_so_many_of_those_not_taken():
    """At each roadblock, of single tankers; binomial at ALARM."""
    change = {"roadblocks": {"taken": 0.2, "turned_back": 0.3}}
    convoys, meetings = trips(build.plan(parties(1, every="2 days"), BLOCKED, change), 1)
    taken = sum(row[5] for row in meetings)
    assert stats.binomtest(taken, len(meetings), 0.2).pvalue > ALARM
    # A party that ends with its tanker neither lost nor arrived has turned back.
    record = simulate(build.plan(parties(1, every="2 days"), BLOCKED, change), 1, 0, central=True, engine="fast")
    ended = ~np.isnan(record.convoys["days"])
    back = (1 - record.convoys["lost"] - record.convoys["arrived"])[ended].sum()
    assert stats.binomtest(int(back), len(meetings), 0.8 * 0.3).pvalue > ALARM
    assert len(convoys) == ended.sum()


# Roadblocks by the kilometre


def test_a_lone_party_meets_a_poisson_number_of_roadblocks():
    """Mean rate x km; chi-squared over the counts, and the variance, of some 1,800 parties; ALARM each."""
    convoys, meetings = trips(build.plan(parties(1, every="2 days"), BLOCKED, {"roadblocks": {"taken": 0}}), 2)
    counts = np.zeros(len(convoys), int)
    number = {row[:2]: place for place, row in enumerate(convoys)}
    for row in meetings:
        assert (row[2], OUTCOMES[row[3]]) == (ROADBLOCK, "stopped")
        if row[:2] in number:
            counts[number[row[:2]]] += 1
    assert len(counts) > 1700
    law = stats.poisson(MEAN)
    seen = np.bincount(np.minimum(counts, 7), minlength=8)
    expected = len(counts) * np.array([*law.pmf(np.arange(7)), law.sf(6)])
    assert stats.chisquare(seen, expected).pvalue > ALARM
    dispersion = ((counts - MEAN) ** 2).sum() / MEAN
    # The chi-squared law of the index of dispersion is nearly exact at this mean and number.
    assert stats.chi2.ppf(ALARM / 2, len(counts)) < dispersion < stats.chi2.isf(ALARM / 2, len(counts))


def test_roadblocks_stand_evenly_along_the_road():
    """Of parties that each meet many; Kolmogorov–Smirnov at ALARM."""
    country = build.country(
        build.plan(BLOCKED, {"zones": {"west": {"roadblocks": "0.02 /km"}}, "roadblocks": {"taken": 0}})
    )
    (road,) = country.corridors[0].roads
    places = []
    for serial in range(300):
        column = build.tankers(country, country.corridors[0], 1)
        column[0].serial, column[0].trips = serial, 1
        blocks = Roadblocks(Convoy(country.ambushes, country.corridors[0], column, [], False))
        place = blocks.enter(road, 0.0)
        while place < math.inf:
            places.append(place)
            place = blocks.stop(place, 0.0)
    assert len(places) > 2000
    assert max(places) <= 1.0
    assert stats.kstest(places, stats.uniform.cdf).pvalue > ALARM


@pytest.mark.parametrize(
    ("must", "stopped"), [((), True), (("air",), True), (("national",), False), (("foreign", "air"), False)]
)
def test_only_soldiers_keep_roadblocks_away(must, stopped):
    pools = {name: {"component": name, "units": 60, "cost": "1 USD/day"} for name in ("national", "foreign", "air")}
    plan = build.plan(
        {"escorts": {"pools": pools}},
        build.imports(must=list(must), headway="12 h", daylight=True),
        BLOCKED,
        {"zones": {"west": {"roadblocks": "0.05 /km"}}, "roadblocks": {"taken": 0.01}, "willingness": {"on": False}},
    )
    record = simulate(plan, 1, 0, central=True, engine="fast")
    assert len(record.convoys["convoy"]) > 40
    assert (len(record.encounters["time"]) > 40) is stopped
    assert stopped or not len(record.encounters["time"])
    assert (measures(record, ())["tankers_taken"] > 0) is stopped


CUT = {
    "junctions": {"Ford": {"at": build.HERE}, "Mill": {"at": build.HERE}},
    "roads": {
        "plain": {"to": "Ford", "length": "160 km"},
        "plain 2": {"from": "Mill", "to": "Ford", "length": "240 km", "pace": "40 km/h"},
        "plain 3": {"from": "Mill", "to": "Capital", "length": "80 km", "pace": "40 km/h"},
    },
    "corridors": {"sea": {"roads": ["coast", "plain", "plain 2", "plain 3"]}},
    "zones": {"west": {"roads": ["plain", "plain 2", "plain 3"]}},
}


@pytest.mark.parametrize("engine", ["simpy", "fast"])
def test_cutting_a_road_in_three_changes_nothing(engine):
    """The same parties meet the same roadblocks at the same times, and all that follows is equal but for rounding.

    Each part takes whole hours and a roadblock odd ones, so that rounding moves nothing over a full hour.
    """
    change = {"roadblocks": {"turned_back": 0.2, "delay": "2.71 h"}, "willingness": {"fear": 0.4}}
    whole, other = (
        simulate(build.plan(BLOCKED, {"fleet": {"size": 300}}, change, *cut), 5, 2, central=True, engine=engine)
        for cut in ((), (CUT,))
    )
    assert whole.encounters["time"].size > 100
    for name in ("time", "convoy", "size", "lost", "killed", "abducted", "outcome"):
        np.testing.assert_allclose(other.encounters[name], whole.encounters[name], rtol=1e-9, err_msg=name)
    assert set(other.encounters["road"].tolist()) > set(whole.encounters["road"].tolist())
    for name, column in whole.convoys.items():
        np.testing.assert_allclose(other.convoys[name], column, rtol=1e-9, err_msg=name)
    for name, column in whole.flows.items():
        np.testing.assert_allclose(other.flows[name], column, rtol=1e-9, atol=1e-9, err_msg=name)
    assert measures(other) == pytest.approx(measures(whole), rel=1e-9, abs=1e-9, nan_ok=True)


# A chance along a corridor


LONG = {
    "junctions": {"Dock": {"at": build.HERE}},
    "roads": {"lane": {"from": "Dock", "to": "Capital", "length": "900 km", "pace": "40 km/h"}},
}


def along(chance, corridor="sea"):
    """Return changes by which a zone of two roads, of which the corridor drives one, has a chance from 1 October."""
    entries = [{"value": 0}, {"from": "2030-10-01", "value": chance}]
    return {
        **LONG,
        "zones": {"all": {"roads": ["plain", "lane"], "chance": entries, "along": corridor, "ceiling": "900 /month"}},
        "attacks": {"lifetime": "5 h", "prey": 0},
        "driving": {"halt": "0 h", "regroup": "0 h"},
        "escorts": {"detection": 0, "deterrence": 0, "loss_ratio": {"none": 1}},
    }


def test_five_per_cent_along_a_corridor_is_five_per_cent_of_its_trips():
    """In the table, and of some 1,000 simulated trips; binomial at ALARM."""
    changes = build.lay(parties(2, every="40 h"), along(0.05))
    scenario = build.scenario(changes, {"end": "2033-01-01"})
    before, after = threats(scenario)
    assert (before.corridor, before.ambushes) == ("sea", 0.0)
    assert f"{after.start:%Y-%m-%d}" == "2030-10-01"
    assert chance_of_meeting(after.ambushes) == pytest.approx(0.05, rel=1e-12)
    assert chances(scenario, after, 2, False).attacked == pytest.approx(0.05, rel=1e-12)
    met = count = 0
    plan = build.build(scenario)
    for replication in range(4):
        record = simulate(plan, 1, replication, central=True, engine="fast")
        late = (record.convoys["departed"] > 274 * 24) & ~np.isnan(record.convoys["days"])
        count += late.sum()
        met += record.convoys["attacked"][late].sum()
        assert record.convoys["attacked"][record.convoys["departed"] < 270 * 24].sum() == 0
    assert count > 900
    assert stats.binomtest(int(met), int(count), 0.05).pvalue > ALARM


def test_five_per_cent_on_the_road_by_sikasso(root):
    """In the shipped country: the zone holds roads that the corridor does not drive; its own trips have the chance."""
    import sim

    blockade = root / "scenarios" / "blockade-2025.yaml"
    others = [name for name in build.build(sim.load(blockade)).zones.name if name != "south"]
    sets = [
        "zones.south.effort=null",
        "zones.south.chance=[{value: 0}, {from: 2025-10-01, value: 5 %}]",
        "zones.south.along=Sikasso",
        "zones.south.ceiling=900 /month",
        *(f"zones.{name}.effort=[{{value: 0 /month}}]" for name in others),
    ]
    scenario = sim.load(blockade, sets=sets)
    rows = [row for row in threats(scenario) if row.corridor == "Sikasso"]
    assert [row.ambushes for row in rows if row.start.month < 10] == [0.0] * sum(row.start.month < 10 for row in rows)
    (october,) = {row.ambushes for row in rows if row.start.month >= 10}
    assert chance_of_meeting(october) == pytest.approx(0.05, rel=1e-12)


# Prey


@pytest.mark.parametrize("size", [1, 5, 40])
def test_an_ambush_takes_interest_by_the_size_of_a_party(size):
    """Of 4,000 meetings: those whose mark is under 1 - exp(-n / prey), no other, and so many of them; binomial."""
    plan = build.plan(
        {"attacks": {"prey": 12}, "escorts": {"detection": 0, "deterrence": 0, "loss_ratio": {"none": 1}}}
    )
    country = build.country(plan)
    (corridor,) = country.corridors
    zone, many = entity("zone", "savanna"), 4000
    column = build.tankers(country, corridor, size)
    for serial in range(many):
        convoy = Convoy(country.ambushes, corridor, list(column), [], False)
        country.ambushes.armed[zone, serial] = 2
        country.ambushes.meet(convoy, Candidate(0.0, zone, serial, AMBUSH, 0, 0, 0.5, 1e9, 0.0, 1.0, -1.0))
        for tanker in column:
            tanker.at_stop = country.clock.event()
    rows = build.encounters(country)
    sprung = [row.outcome == "sprung" for row in rows]
    assert {row.outcome for row in rows} == {"sprung", "let pass"}
    draws = Draws(1, 0)
    assert sprung == [draws.uniform(Stream.PREY, zone, index(k, 2)) < interest(size, 12) for k in range(many)]
    assert stats.binomtest(sum(sprung), many, -math.expm1(-size / 12)).pvalue > ALARM


def test_a_lone_tanker_does_not_spend_an_ambush():
    """It is let pass, the ambush stays, and the next party is judged anew, as the second to reach it."""
    plan = build.plan(
        {"attacks": {"prey": 15}, "escorts": {"detection": 0, "deterrence": 0, "loss_ratio": {"none": 1}}}
    )
    draws, zone = Draws(1, 0), entity("zone", "savanna")
    serial = next(k for k in range(999) if draws.uniform(Stream.PREY, zone, index(k)) > interest(1, 15))
    country = build.country(plan)
    (corridor,) = country.corridors
    country.ambushes.armed[zone, serial] = 0
    candidate = Candidate(0.0, zone, serial, AMBUSH, 0, 0, 0.5, 1e9, 0.0, 1.0, -1.0)
    for size in (1, 100, 100):
        convoy = Convoy(country.ambushes, corridor, build.tankers(country, corridor, size), [], False)
        country.ambushes.meet(convoy, candidate)
    rows = build.encounters(country)
    assert [(row.ordinal, row.size, row.outcome) for row in rows] == [(0, 1, "let pass"), (1, 100, "sprung")]
    assert (zone, serial) not in country.ambushes.armed
    assert rows[0].lost == 0
