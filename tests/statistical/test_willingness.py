"""Crews that change their mind: who stands aside, for how long, and that constant willingness is a steady state.

Seeds are fixed; bounds are set so that a correct model fails with chance ALARM per statistic.
"""

import math

import numpy as np
import pytest
from scipy import stats

from sim.model.tanker import draw_phases, think_again
from sim.record import Kind
from sim.rules.crews import period
from sim.rules.order import Rank
from sim.study.replicate import simulate
from sim.world.keys import Draws, Stream, index
from tests import build

ALARM = 1e-6
BOUND = stats.norm.isf(ALARM / 2)
DAYS = 40
FEW = 3000


def mean_ceiling(first, last):
    """Return the mean of the next whole number of a uniform one between two numbers."""

    def integral(x):
        whole = math.floor(x)
        return whole * (whole + 1) / 2 + (x - whole) * (whole + 1)

    return (integral(last) - integral(first)) / (last - first)


def refusal(willing, resolve):
    """Return the mean days from the midnight before a crew refused until it leaves.

    At that midnight its period ends at a uniform time within the next ``resolve`` days, as its phase is uniform; a
    mind is seen to change at the midnight after.  Each further mind is again unwilling with chance ``1 - willing``:
    sum over k of ``w (1 - w)**k E ceil(U + k R)``, U uniform on (0, R).  With whole R this is
    ``(R + 1) / 2 + R (1 - w) / w``.
    """
    return sum(willing * (1 - willing) ** k * mean_ceiling(k * resolve, (k + 1) * resolve) for k in range(200))


@pytest.mark.parametrize(("willing", "resolve"), [(0.9, 4), (0.5, 3), (0.25, 1)])
def test_the_formula_for_whole_days(willing, resolve):
    assert refusal(willing, resolve) == pytest.approx((resolve + 1) / 2 + resolve * (1 - willing) / willing)


def crowd(resolve, seed):
    """Return a country of many tankers with their phases and first minds."""
    change = {"fleet": {"size": FEW}, "willingness": {"resolve": f"{resolve} days"}}
    country = build.country(build.plan(change), seed)
    draw_phases(country.world, country.tankers)
    think_again(country.world, country.tankers)
    return country


@pytest.mark.parametrize("resolve", [1, 2.5, 4])
@pytest.mark.parametrize("willing", [0.9, 0.5])
def test_a_share_stands_aside_for_as_long_as_minds_last(resolve, willing):
    """Tankers reach the assembly point at times of their own, none in a day's last hour; convoys leave every hour.

    The share refused is binomial, the mean wait of those refused by its own spread; ALARM each.
    """
    country = crowd(resolve, 1)
    corridor, clock = country.corridors[0], country.clock
    corridor.crews.willing = willing
    chance = np.random.default_rng(3)
    refused = []

    def come():
        times = sorted((24 * chance.integers(1, 10, FEW) + chance.uniform(0, 23, FEW)).tolist())
        for time, tanker in zip(times, chance.permutation(country.tankers).tolist(), strict=True):
            yield clock.at(time, Rank.TANKER)
            tanker.destination, tanker.product, tanker.laden = 0, 0, True
            tanker.at_stop = clock.event()
            corridor.stand_by(tanker)
            if not tanker.mark < willing:
                refused.append(tanker)

    def midnights():
        for day in range(1, DAYS * 2):
            yield clock.at(24.0 * day, Rank.MIDNIGHT)
            think_again(country.world, country.tankers)
            build.assembly(country, corridor).think_again(clock.now)

    left = {}

    def dispatch():
        for hour in range(24, DAYS * 48):
            yield clock.at(float(hour), Rank.DISPATCH)
            known = len(country.convoys)
            build.assembly(country, corridor).dispatch(clock.now)
            for convoy in country.convoys[known:]:
                left.update((id(tanker), clock.now) for tanker in convoy.column)

    clock.process(come())
    clock.process(midnights())
    clock.process(dispatch())
    clock.run(until=DAYS * 48.0)
    assert len(left) == FEW
    assert stats.binomtest(len(refused), FEW, 1 - willing).pvalue > ALARM
    # From the midnight before each came, in days; all leave at a midnight, when their minds change.
    waits = np.array([left[id(tanker)] / 24 - math.floor(tanker.ready / 24) for tanker in refused])
    assert (waits == np.round(waits)).all()
    half = BOUND * waits.std(ddof=1) / math.sqrt(len(waits))
    assert abs(waits.mean() - refusal(willing, resolve)) < half
    assert half < 0.35 * waits.mean(), "the test can tell"
    # The hours counted as refusal are those waits, but for the part of the hour in which each came.
    hours = sum(left[id(tanker)] - math.ceil(tanker.ready) for tanker in refused)
    assert corridor.refusal_hours == pytest.approx(hours)


@pytest.mark.parametrize("resolve", [1, 2.5, 4])
def test_minds_are_even_and_last_for_a_period(resolve):
    """At each midnight marks are uniform; so many in R change theirs; old and new marks have nothing in common."""
    country = crowd(resolve, 2)
    tankers, clock = country.tankers, country.clock
    before = np.array([tanker.mark for tanker in tankers])
    changes = []
    for day in range(1, 12):
        clock.run(until=24.0 * day)
        think_again(country, tankers)
        now = np.array([tanker.mark for tanker in tankers])
        assert stats.kstest(now, stats.uniform.cdf).pvalue > ALARM
        moved = now != before
        changes.append(moved)
        assert stats.binomtest(int(moved.sum()), FEW, 1 / resolve).pvalue > ALARM
        if moved.sum() > 10:
            assert abs(stats.spearmanr(now[moved], before[moved]).statistic) < BOUND / math.sqrt(moved.sum() - 1)
        before = now
    counts = np.array(changes).sum(axis=0)
    assert set(counts) <= {math.floor(11 / resolve), math.ceil(11 / resolve)}


LASTING = {
    "end": "2031-01-01",
    "attacks": {"mode": "none"},
    "willingness": {
        "fear": 0,
        "recovery": "4000 days",
        "threats": {"ban": {"at": "day 0", "factor": 0.9}},
    },
}
"""A willingness of 0.9 that recovers to 0.91 in the year."""


@pytest.mark.parametrize("size", [150, 20], ids=["tankers to spare", "tankers bind"])
@pytest.mark.parametrize("resolve", ["1 day", "4 days", "20 days"])
def test_constant_willingness_gives_a_steady_flow(size, resolve):
    """The twelfth month imports what the second did, within 3 %; no more stand aside at its end; 4 runs."""
    plan = build.plan(LASTING, {"fleet": {"size": size}, "willingness": {"resolve": resolve}})
    records = [simulate(plan, 1, k, central=True, engine="fast") for k in range(4)]
    arrived = sum(record.flows["arrived"] for record in records)
    second, last = arrived[31:61].sum(), arrived[335:365].sum()
    assert last == pytest.approx(second, rel=0.03)
    refused = sum(record.flows["waiting_refusal"] for record in records)
    assert refused[335:365].sum() < 1.3 * refused[31:61].sum() + 40
    willing = records[0].flows["willingness"]
    assert 0.9 <= willing[1:].min() <= willing.max() < 0.91
    if size == 20:
        plenty = 4 * 30 * 460 / 46
        assert last < 0.95 * plenty, "the fleet is the limit"


def test_a_share_of_those_that_reach_the_point_stands_aside_in_a_run():
    """All tankers always have orders, so that marks at arrival owe nothing to how orders choose.

    From the log of three runs of a year: each arrival's mark is read from its key; the share refused is one less the
    willingness of the day, and tanker-days of refusal are those of a crew that keeps its mind for a period.  ALARM.
    """
    plan = build.plan(LASTING, {"fleet": {"size": 20}, "willingness": {"resolve": "2 days"}})
    came = refused = expected = counted = replayed = 0.0
    for replication in range(3):
        record = simulate(plan, 1, replication, central=True, engine="fast", log=True)
        draws = Draws(1, replication)
        flows = record.flows
        willing = flows["willingness"]
        home = plan.corridors.entity[0]

        def mark(serial, day, draws=draws, home=home):
            phase = draws.uniform(Stream.PHASE, home, index(serial))
            return draws.uniform(Stream.RESOLVE, home, index(serial, period(24.0 * day, 48.0, phase)))

        for entry in build.rows(record.log):
            if entry.kind != Kind.READY:
                continue
            day = math.floor(entry.time / 24)
            came += 1
            expected += 1 - willing[day]
            if not mark(entry.serial, day) < willing[day]:
                refused += 1
                later = day + 1
                while later < plan.days and not mark(entry.serial, later) < willing[later]:
                    later += 1
                replayed += 24.0 * later - math.ceil(entry.time)
        counted += 24 * flows["waiting_refusal"].sum()
    assert counted == pytest.approx(replayed, rel=1e-9)
    assert came > 5000
    assert stats.binomtest(int(refused), int(came), expected / came).pvalue > ALARM
