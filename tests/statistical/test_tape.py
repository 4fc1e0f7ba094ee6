"""The ambush tape against the Poisson process that it is thinned from.

Seeds are fixed, so a test passes always or never; bounds are set so that a correct tape fails with chance ALARM per
statistic.
"""

import numpy as np
import pytest
from scipy import stats

from sim.model.ambush import Ambushes
from sim.model.world import World
from sim.record import Kind
from sim.rules.hazard import chance_of_meeting
from sim.rules.steps import at
from sim.study.threat import threats
from sim.world.keys import Draws
from sim.world.tape import AMBUSH, MINE, unroll
from tests import build

ALARM = 1e-6
REPLICATIONS = 100
HOURS_A_MONTH = 730.5
LENGTHS = {"one": 100, "two": 250, "three": 650}


def threat(effort, ceiling="60 /month", **others):
    """Return changes that put a chain of three roads in one zone; a year."""
    places = ["Border", "A", "B", "Capital"]
    return {
        "end": "2031-01-01",
        "junctions": {"A": {"at": build.HERE}, "B": {"at": build.HERE}},
        "roads": {
            "plain": None,
            **{
                name: {"from": places[k], "to": places[k + 1], "length": f"{length} km", "pace": "60 km/h"}
                for k, (name, length) in enumerate(LENGTHS.items())
            },
        },
        "corridors": {"sea": {"roads": ["coast", *LENGTHS]}},
        "zones": {"savanna": {"roads": list(LENGTHS), "effort": effort, "ceiling": ceiling, **others}},
    }


STEPS = [{"value": "4 /month"}, {"from": "day 100", "value": "30 /month"}, {"from": "day 250", "value": "12 /month"}]


def laid(plan, replication):
    """Return the candidates that the model lays in a replication, in order of time."""
    tape = unroll(plan, Draws(1, replication))
    world = World(plan, Draws(1, replication), log=True)
    world.clock.process(Ambushes(world).lay())
    world.clock.run()
    named = {(c.entity, c.serial): c for c in tape.candidates}
    entries = [entry for entry in world.log.entries if entry.kind == Kind.LAID]
    assert all(named[entry.entity, entry.serial].time == entry.time for entry in entries)
    return [named[entry.entity, entry.serial] for entry in entries]


def two_sided(count, mean):
    """Return the p-value of a Poisson count."""
    law = stats.poisson(mean)
    return 2 * min(law.cdf(count), law.sf(count - 1))


@pytest.fixture(scope="module")
def plan():
    return build.plan(threat(STEPS, mines="6 /month"))


@pytest.fixture(scope="module")
def tapes(plan):
    return [laid(plan, replication) for replication in range(REPLICATIONS)]


@pytest.mark.parametrize(("first", "last", "rate"), [(0, 100, 4), (100, 250, 30), (250, 365, 12)])
def test_counts_are_poisson_at_each_level_of_effort(tapes, first, last, rate):
    mean = rate * (last - first) * 24 / HOURS_A_MONTH
    counts = [sum(1 for c in tape if c.kind == AMBUSH and first * 24 <= c.time < last * 24) for tape in tapes]
    assert two_sided(sum(counts), mean * REPLICATIONS) > ALARM
    dispersion = sum((n - mean) ** 2 for n in counts) / mean
    law = stats.chi2(REPLICATIONS)
    assert law.ppf(ALARM / 2) < dispersion < law.isf(ALARM / 2)


def test_mines_are_a_second_process(tapes):
    mines = [sum(1 for c in tape if c.kind == MINE) for tape in tapes]
    ambushes = [sum(1 for c in tape if c.kind == AMBUSH) for tape in tapes]
    assert two_sided(sum(mines), 6 * 365 * 24 / HOURS_A_MONTH * REPLICATIONS) > ALARM
    assert abs(stats.pearsonr(mines, ambushes).statistic) < stats.norm.isf(ALARM / 2) / np.sqrt(REPLICATIONS)


def test_gaps_between_candidates_are_exponential(plan):
    gaps = []
    for replication in range(20):
        times = [c.time for c in unroll(plan, Draws(1, replication)).candidates if c.kind == AMBUSH]
        gaps += list(np.diff(times))
    assert stats.kstest(gaps, stats.expon(scale=HOURS_A_MONTH / 60).cdf).pvalue > ALARM


def test_gaps_between_ambushes_at_constant_effort_are_exponential(tapes):
    gaps = []
    for tape in tapes:
        times = [c.time for c in tape if c.kind == AMBUSH and 2400 <= c.time < 6000]
        gaps += list(np.diff(times))
    # The window cuts long gaps off; of 146 gaps a replication this is one or so, below what the test can see.
    assert stats.kstest(gaps, stats.expon(scale=HOURS_A_MONTH / 30).cdf).pvalue > ALARM


def test_roads_are_hit_by_length_and_places_evenly(plan, tapes):
    ambushes = [c for tape in tapes for c in tape if c.kind == AMBUSH]
    seen = [sum(1 for c in ambushes if plan.roads.name[c.road] == name) for name in LENGTHS]
    expected = [len(ambushes) * length / 1000 for length in LENGTHS.values()]
    assert stats.chisquare(seen, expected).pvalue > ALARM
    for name in LENGTHS:
        places = [c.place for c in ambushes if plan.roads.name[c.road] == name]
        assert stats.kstest(places, stats.uniform.cdf).pvalue > ALARM


def test_lifetimes_are_exponential_and_independent_of_the_rest(tapes):
    ambushes = [c for tape in tapes for c in tape if c.kind == AMBUSH]
    lives = np.array([c.end - c.time for c in ambushes])
    assert stats.kstest(lives, stats.expon(scale=48).cdf).pvalue > ALARM
    bound = stats.norm.isf(ALARM / 2) / np.sqrt(len(lives))
    for other in ([c.place for c in ambushes], [c.height for c in ambushes], [c.time for c in ambushes]):
        assert abs(stats.spearmanr(lives, other).statistic) < bound


def test_mines_last_for_a_time_of_their_own(plan, tapes):
    """Exponential with the mines' mean; each of the two lifetimes changes one kind and not the other."""
    lives = [c.end - c.time for tape in tapes for c in tape if c.kind == MINE]
    assert stats.kstest(lives, stats.expon(scale=plan.attacks.mine_lifetime).cdf).pvalue > ALARM
    for key, kind in (("lifetime", AMBUSH), ("mine_lifetime", MINE)):
        other = laid(build.plan(threat(STEPS, mines="6 /month"), {"attacks": {key: "500 h"}}), 0)
        changed = [candidate != another for candidate, another in zip(tapes[0], other, strict=True)]
        assert changed == [c.kind == kind for c in other]


def test_heights_decide_and_nothing_else(plan, tapes):
    for replication in range(5):
        under = [
            c
            for c in unroll(plan, Draws(1, replication)).candidates
            if c.kind == AMBUSH and c.height * plan.zones.ceiling[0] < at(*plan.zones.effort[0], c.time)
        ]
        assert under == [c for c in tapes[replication] if c.kind == AMBUSH]


@pytest.mark.parametrize("less", ["2 /month", [{"value": "4 /month"}, {"from": "day 100", "value": "3 /month"}]])
def test_less_effort_lays_a_subset_of_the_same_ambushes(tapes, less):
    fewer = build.plan(threat(less))
    # The first case lies under the effort of STEPS at every moment, and so does the second.
    for replication in range(20):
        subset = laid(fewer, replication)
        assert set(subset) < set(tapes[replication])
        assert len(subset) > 0


def test_the_same_effort_under_another_strategy_or_map_lays_the_same(tapes):
    """What is not on the tape's key moves nothing: another fleet, a further zone, another name order."""
    other = build.plan(
        threat(STEPS, mines="6 /month"),
        {"fleet": {"size": 40}, "zones": {"abc": {"roads": ["coast"], "effort": "5 /month", "ceiling": "60 /month"}}},
    )
    zone = other.zones.name.index("savanna")
    place = {name: k for k, name in enumerate(other.roads.name)}
    first = build.plan(threat(STEPS))
    for replication in range(3):
        known = [(c.time, c.place, first.roads.name[c.road]) for c in tapes[replication]]
        again = [c for c in laid(other, replication) if c.zone == zone]
        assert [(c.time, c.place, other.roads.name[c.road]) for c in again] == known
        assert {c.road for c in again} <= set(place.values())


@pytest.mark.parametrize("chance", [0.02, 0.2, 0.6])
def test_chance_per_passage(chance):
    """Convoys far apart drive the whole zone; each meets an ambush with the chance that the scenario states."""
    change = threat(None, "400 /month", chance=chance)
    del change["zones"]["savanna"]["effort"]
    change = build.lay(change, {"end": "2034-06-01", "attacks": {"lifetime": "2 h", "damage": 0}})
    change = build.lay(change, {"driving": {"regroup": "0 h"}, "escorts": {"detection": 0, "deterrence": 0}})
    scenario = build.scenario(change)
    plan = build.build(scenario)
    hits, passages = 0, 0
    every = 192.0  # ninety lifetimes after the last passage has begun, forty after it has ended
    for replication in range(4):
        country = build.country(plan, replication)
        corridor = country.corridors[0]
        country.clock.process(country.ambushes.lay())

        def leave(country=country, corridor=corridor):
            from sim.model.convoy import Convoy

            for k in range(1, 200):
                yield country.clock.timeout(every)
                convoy = Convoy(country.ambushes, corridor, build.tankers(country, corridor, k % 3 + 1), [], False)
                country.clock.process(convoy.drive())

        country.clock.process(leave())
        country.clock.run(until=201 * every)
        passages += len(country.convoys)
        hits += len({row.convoy for row in build.encounters(country)})
    assert passages == 4 * 199
    assert stats.binomtest(hits, passages, chance).pvalue > ALARM
    assert chance_of_meeting(threats(scenario)[0].ambushes) == pytest.approx(chance)
