"""Losses of attacks, through the model's own meetings of convoys and ambushes.

Seeds are fixed; bounds are set so that a correct model fails with chance ALARM per statistic.
"""

import math

import numpy as np
import pytest
from scipy import stats

from sim.model.convoy import Convoy
from sim.plan.sections import AIR, FOREIGN, NATIONAL
from sim.world.keys import entity
from sim.world.tape import AMBUSH, MINE, Candidate
from tests import build

ALARM = 1e-6
N = 2000
FEWER = 600
"""Meetings of large convoys, which take long, and of those that are compared ambush by ambush."""
BOUND = stats.norm.isf(ALARM / 2)
ZONE = entity("zone", "savanna")
POOLS = {**build.POOLS, "attacks": {"prey": 0}}
"""One unit of each component, and ambushes that take interest in whoever comes."""
BARE = {"escorts": {"detection": 0, "deterrence": 0, "loss_ratio": {"none": 1}}, "attacks": {"knocked_out": 0}}
NOON = 12.0


def meetings(plan, escort, size, kind=AMBUSH, n=N):
    """Return what happened to convoys of one size and escort at n ambushes: rows, and places lost."""
    country = build.country(plan)
    country.clock.run(until=NOON)
    corridor = country.corridors[0]
    units = [pool.units[0] for pool in country.pools if pool.component & escort]
    losses = []
    column = build.tankers(country, corridor, size)
    for serial in range(n):
        candidate = Candidate(0.0, ZONE, serial, kind, 0, 0, 0.5, 1e9, 0.0, 1.0, -1.0)
        convoy = Convoy(country.ambushes, corridor, list(column), list(units), False)
        country.ambushes.armed[ZONE, serial] = 0
        country.ambushes.meet(convoy, candidate)
        left = {tanker.serial for tanker in convoy.column}
        losses.append(frozenset(range(size)) - left)
        for tanker in column:
            tanker.at_stop = country.clock.event()
    return build.encounters(country), losses


def counts(plan, escort, size, n=N):
    return np.array([len(gone) for gone in meetings(plan, escort, size, n=n)[1]])


def attacks(**values):
    return build.plan(POOLS, BARE, {"attacks": values})


def test_losses_follow_the_negative_binomial_law():
    mean, shape = 9.0, 1.5
    lost = counts(attacks(damage=mean, exponent=0.7, shape=shape), NATIONAL, 100)
    law = stats.nbinom(shape, shape / (shape + mean))
    edges = [0, 1, 2, 3, 5, 7, 9, 12, 16, 22, 30]
    seen = np.histogram(lost, [*edges, 101])[0]
    expected = N * np.diff([*law.cdf(np.array(edges) - 1), 1.0])
    assert stats.chisquare(seen, expected).pvalue > ALARM
    assert abs(lost.mean() - mean) < BOUND * math.sqrt((mean + mean**2 / shape) / N)
    # The variance of a sample variance, by the law's fourth moment.
    excess = float(law.stats(moments="k"))
    variance = mean + mean**2 / shape
    spread = variance * math.sqrt((excess + 2) / N)
    assert abs(lost.var() - variance) < BOUND * spread


def test_blackett_s_law_at_exponent_0():
    """Losses an attack do not grow with the convoy: ambush by ambush the same number, while it is under the convoy."""
    plan = attacks(damage=10, exponent=0, shape=3)
    small, middle, large = (counts(plan, NATIONAL, size, FEWER) for size in (100, 200, 400))
    assert (small == middle).all()
    assert (middle == large).all()
    assert large.max() < 100
    assert abs(large.mean() - 10) < BOUND * math.sqrt((10 + 100 / 3) / FEWER)


def test_proportional_losses_at_exponent_1():
    plan = attacks(damage=10, exponent=1, shape=3)
    shares = {}
    for size in (100, 200, 400):
        lost = counts(plan, NATIONAL, size, FEWER)
        mean = 10 * size / 100
        assert abs(lost.mean() - mean) < BOUND * math.sqrt((mean + mean**2 / 3) / FEWER)
        shares[size] = lost.mean() / size
    assert shares[400] == pytest.approx(shares[100], rel=0.02), "one mark an ambush: nearly the same share"


def test_losses_stop_at_the_convoy():
    plan = attacks(damage=30, exponent=0, shape=1)
    whole, few = counts(plan, NATIONAL, 60), counts(plan, NATIONAL, 8)
    assert (few == np.minimum(whole, 8)).all()
    assert (few == 8).sum() > N / 2


def test_victims_are_spread_evenly_over_the_column():
    plan = attacks(damage=10, exponent=0, shape=3)
    _, losses = meetings(plan, NATIONAL, 40)
    hits = np.bincount([place for gone in losses for place in gone], minlength=40)
    # Places of one attack exclude each other, which makes the counts more even than independent ones.
    assert stats.chisquare(hits).statistic < stats.chi2.isf(ALARM, 39)


def test_victims_of_a_smaller_loss_are_among_those_of_a_larger():
    more = meetings(attacks(damage=20, exponent=0, shape=2), NATIONAL, 60, n=FEWER)[1]
    fewer = meetings(attacks(damage=6, exponent=0, shape=2), NATIONAL, 60, n=FEWER)[1]
    assert all(part <= whole for part, whole in zip(fewer, more, strict=True))
    assert sum(map(len, fewer)) < sum(map(len, more))


def test_mines_take_one_tanker_and_are_not_deterred():
    plan = build.plan(POOLS, {"escorts": {"detection": 0.3, "deterrence": 0.9}})
    rows, losses = meetings(plan, NATIONAL, 20, MINE)
    assert {row.outcome for row in rows} == {"detected", "sprung"}
    assert all(len(gone) == (row.outcome == "sprung") for row, gone in zip(rows, losses, strict=True))
    detected = sum(row.outcome == "detected" for row in rows)
    assert stats.binomtest(detected, N, 0.3).pvalue > ALARM


def test_fates_of_crews():
    plan = build.plan(POOLS, BARE, {"attacks": {"damage": 10}, "crews": {"killed": 0.2, "abducted": 0.5}})
    rows, _ = meetings(plan, NATIONAL, 50)
    lost = sum(row.lost for row in rows)
    assert stats.binomtest(sum(row.killed for row in rows), lost, 0.2).pvalue > ALARM
    assert stats.binomtest(sum(row.abducted for row in rows), lost, 0.8 * 0.5).pvalue > ALARM


def test_knocked_out_escorts():
    plan = build.plan(POOLS, BARE, {"attacks": {"knocked_out": 0.25}})
    rows, _ = meetings(plan, NATIONAL | FOREIGN | AIR, 20)
    fights = [row for row in rows if row.outcome == "sprung"]
    # Each ground component has a mark of its own; air cover cannot be knocked out.
    assert stats.binomtest(sum(row.knocked_out for row in fights), 2 * len(fights), 0.25).pvalue > ALARM
    assert max(row.knocked_out for row in fights) == 2
    assert not any(row.knocked_out for row in rows if row.outcome != "sprung")


def test_stages_of_an_encounter():
    """Army alone: detected with its chance, then deterred with its chance, else attacked."""
    plan = build.plan(POOLS, {"escorts": {"detection": 0.15, "deterrence": 0.4}})
    rows, losses = meetings(plan, NATIONAL, 100)
    seen = {outcome: sum(row.outcome == outcome for row in rows) for outcome in ("detected", "deterred", "sprung")}
    expected = [N * 0.15, N * 0.85 * 0.4, N * 0.85 * 0.6]
    assert stats.chisquare(list(seen.values()), expected).pvalue > ALARM
    assert all(row.outcome == "sprung" or not gone for row, gone in zip(rows, losses, strict=True))


CHAIN = {"none": 0, "army": NATIONAL, "air-only": NATIONAL | AIR, "ground+air": NATIONAL | FOREIGN | AIR}


def test_expected_loss_by_rule_falls_along_the_chain():
    """At n = 100 and loss ratios 1.5, 1, 0.5, 0.3: means by simulation, each at its ratio and all in order."""
    plan = build.plan(POOLS, {"attacks": {"damage": 12, "exponent": 0.5, "shape": 4, "knocked_out": 0}})
    base = 12 * 0.8 * 0.8
    means = []
    for escort, ratio in zip(CHAIN.values(), (1.5, 1, 0.5, 0.3), strict=True):
        lost = counts(plan, escort, 100)
        means.append(lost.mean())
        assert abs(lost.mean() - base * ratio) < BOUND * lost.std() / math.sqrt(N)
    assert means == sorted(means, reverse=True)
    assert min(-np.diff(means)) > 1
