"""The strategy that ought to be silly is not the best: tankers one by one, while roadblocks stand.

Seeds are fixed; the mean paired difference of the blockade in the central scope lies several standard errors from 0.
"""

import math
import statistics
from functools import cache

import pytest

import sim
from sim.plan import build
from sim.results.measures import measures
from sim.study.replicate import simulate

REPLICATIONS = 40


@cache
def half_shut(root, strategy, *sets):
    """Return by replication the days with under half of Bamako's stations open."""
    overlay = root / f"scenarios/strategies/{strategy}.yaml"
    plan = build(sim.load(root / "scenarios/blockade-2025.yaml", overlays=[overlay], sets=sets))
    records = (simulate(plan, 1, number, engine="fast") for number in range(REPLICATIONS))
    return [measures(record)["days_half_closed"] for record in records]


@pytest.mark.parametrize("better", ["army", "air-only", "ground-instead"])
def test_going_one_by_one_is_not_the_best_strategy(root, better):
    alone, escorted = half_shut(root, "none-dispersed"), half_shut(root, better)
    more = [days - other for days, other in zip(alone, escorted, strict=True)]
    error = statistics.stdev(more) / math.sqrt(len(more))
    assert statistics.mean(more) > 3 * error


def test_many_more_escorts_change_much(root):
    """Fifty units on one side and a hundred on the other once gained three days of twenty-five."""
    many = (
        "escorts.pools.national Senegal side.units@2025-09-10=50",
        "escorts.pools.national Ivorian side.units@2025-09-10=100",
        "escorts.pools.national Ivorian side.units@2025-10-01=100",
    )
    few, plenty = half_shut(root, "army"), half_shut(root, "army", *many)
    assert statistics.mean(plenty) < 0.5 * statistics.mean(few)
