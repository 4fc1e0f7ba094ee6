"""Draws against their theory.

Seeds are fixed, so a test passes always or never; each bound is set so that one seed in a million would fail a correct
generator (ALARM per statistic).
"""

import numpy as np
import pytest
from scipy import stats

from sim.plan import laws
from sim.world.keys import Draws, Stream, entity, index

ALARM = 1e-6
N = 65536
WORLD = Draws(20250901, 0)
TOWN = entity("town", "Bamako")


def chi_square(u, bins=64):
    """Return Pearson's statistic of u over equal bins."""
    counts = np.bincount((u * bins).astype(np.int64), minlength=bins)
    expected = u.size / bins
    return ((counts - expected) ** 2).sum() / expected


def correlation_bound(pairs, alarm=ALARM):
    """Return the bound that the correlation of independent pairs passes, either way, with chance alarm."""
    return stats.norm.isf(alarm / 2) / np.sqrt(pairs)


def along(axis):
    """Return N draws that differ in one part of their key only."""
    steps = np.arange(N)
    match axis:
        case "serial":
            return WORLD.uniforms(Stream.TRIP, TOWN, steps << 16)
        case "occasion":
            return WORLD.uniforms(Stream.TRIP, TOWN, steps)
        case "entity":
            return WORLD.uniforms(Stream.TRIP, steps, 0)
        case "replication":
            return np.array([Draws(WORLD.seed, r).uniform(Stream.TRIP, TOWN) for r in range(N)])
        case "seed":
            return np.array([Draws(s, 0).uniform(Stream.TRIP, TOWN) for s in range(N)])


@pytest.mark.parametrize("axis", ["serial", "occasion", "entity", "replication", "seed"])
def test_uniform_along_each_part_of_the_key(axis):
    u = along(axis)
    assert stats.chi2.isf(1 - ALARM / 2, 63) < chi_square(u) < stats.chi2.isf(ALARM / 2, 63)
    assert abs(np.corrcoef(u[:-1], u[1:])[0, 1]) < correlation_bound(N - 1)
    pairs = np.floor(u[::2] * 8) * 8 + np.floor(u[1::2] * 8)
    assert chi_square(pairs / 64) < stats.chi2.isf(ALARM, 63)


def test_lowest_bits_are_even():
    u = along("occasion")
    low = (u * 2.0**53).astype(np.uint64) % np.uint64(64)
    assert chi_square(low / 64) < stats.chi2.isf(ALARM, 63)


def test_streams_are_uncorrelated():
    rows = np.array([WORLD.uniforms(s, TOWN, np.arange(16384)) for s in Stream])
    off = np.abs(np.corrcoef(rows)[np.triu_indices(len(rows), 1)])
    assert off.max() < correlation_bound(rows.shape[1], ALARM / off.size)


def test_replications_and_towns_are_uncorrelated():
    steps = np.arange(16384)
    rows = [Draws(WORLD.seed, r).uniforms(Stream.TRIP, entity("town", t), steps) for r in range(6) for t in "ABC"]
    off = np.abs(np.corrcoef(rows)[np.triu_indices(len(rows), 1)])
    assert off.max() < correlation_bound(steps.size, ALARM / off.size)


@pytest.mark.parametrize(
    ("draw", "law"),
    [
        (laws.normal, stats.norm),
        (lambda u: laws.uniform(u, 3.0, 7.0), stats.uniform(3, 4)),
        (lambda u: laws.triangular(u, 3.0, 4.0, 7.0), stats.triang(0.25, loc=3, scale=4)),
    ],
    ids=["normal", "uniform", "triangular"],
)
def test_draws_follow_their_law(draw, law):
    x = [draw(WORLD.uniform(Stream.PARAMETER, TOWN, index(i))) for i in range(10_000)]
    assert stats.kstest(x, law.cdf).pvalue > ALARM


def test_draws_follow_the_lognormal_law_between_its_ends():
    low, median, high = 20.0, 60.0, 180.0
    law = stats.lognorm(np.log(high / low) / (2 * stats.norm.ppf(0.95)), scale=median)
    x = [laws.lognormal(WORLD.uniform(Stream.PARAMETER, TOWN, index(i)), median, low, high) for i in range(10_000)]
    assert stats.kstest(x, lambda v: (law.cdf(v) - 0.05) / 0.9).pvalue > ALARM
