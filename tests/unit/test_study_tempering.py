"""The sampler against a posterior that is known: a mark in normal scale, seen through luck and an error."""

from math import log, sqrt

import numpy as np
import pytest
from scipy.special import ndtri

from sim.plan.posterior import STEPS
from sim.study.tempering import IDLE, Tempering, effective_size, informed, next_rise, resampled
from sim.world.keys import Draws, Stream

SEEN, ERROR, LUCK = 1.5, 0.1, 0.5
ENTITY = 5


def show(first, steps, luck, salts):
    """z of the first mark plus half a normal draw of luck; the second mark is read by nobody."""
    scores = ndtri((steps + 0.5) / STEPS)
    lines = zip(luck.tolist(), salts[:, 0].tolist(), strict=True)
    marks = [Draws(7, number).uniform(Stream.DAMAGE, ENTITY ^ salt) for number, salt in lines]
    return np.column_stack((scores[:, 0] + LUCK * ndtri(np.array(marks) + 1e-9), scores[:, 1]))


def likelihood(values):
    return -0.5 * np.square((values[:, 0] - SEEN) / ERROR)


@pytest.fixture(scope="module")
def fits():
    return [Tempering(show, likelihood, 2, 2, 400, 4, seed).run() for seed in range(8)]


def scores(fit):
    return ndtri((fit.posterior.steps + 0.5) / STEPS)


def test_it_finds_the_known_posterior(fits):
    variance = 1.0 + LUCK**2 + ERROR**2
    mean, sd = SEEN / variance, sqrt(1.0 - 1.0 / variance)
    means = [scores(fit)[:, 0].mean() for fit in fits]
    # Eight fits of some 100 lines each: three standard errors of their mean.
    assert np.mean(means) == pytest.approx(mean, abs=3.0 * sd / sqrt(8 * 100))
    assert np.mean([scores(fit)[:, 0].std() for fit in fits]) == pytest.approx(sd, rel=0.08)


def test_it_finds_the_evidence(fits):
    variance = 1.0 + LUCK**2 + ERROR**2
    exact = -0.5 * log(variance / ERROR**2) - 0.5 * SEEN**2 / variance
    evidences = [fit.evidence for fit in fits]
    assert np.mean(evidences) == pytest.approx(exact, abs=3.0 * np.std(evidences) / sqrt(len(evidences)) + 0.02)


def test_marks_that_nothing_reads_stay_as_they_were(fits):
    idle = np.concatenate([scores(fit)[:, 1:] for fit in fits])
    assert idle.shape[1] == 1 + IDLE
    assert np.abs(idle.mean(axis=0)).max() < 0.15
    assert np.abs(idle.std(axis=0) - 1.0).max() < 0.12


def test_a_mark_is_informed_if_it_lies_far_from_those_that_nothing_reads(fits):
    for fit in fits:
        known, scatter, middle, width = informed(fit.posterior.steps)
        assert known.tolist() == [0]
        assert scatter < 0.25
        assert abs(middle) < 0.1 and width < 0.1


def test_marks_and_luck_both_move(fits):
    for fit in fits:
        assert len(set(fit.posterior.ancestor.tolist())) < 400
        assert effective_size(fit.posterior) > 300
        assert len(np.unique(fit.posterior.salts, axis=0)) > 100


def test_values_are_those_of_the_particles(fits):
    last = fits[0].posterior
    assert np.array_equal(show(0, last.steps, last.luck, last.salts), last.values)
    assert np.array_equal(likelihood(last.values), last.fit)


def test_the_same_seed_gives_the_same_particles():
    twice = [Tempering(show, likelihood, 2, 2, 60, 2, 3).run() for _ in range(2)]
    for column, other in zip(twice[0].posterior, twice[1].posterior, strict=True):
        assert np.array_equal(column, other)


def test_the_power_rises_until_the_effective_size_has_fallen():
    fit = np.linspace(-50.0, 0.0, 200)
    rise = next_rise(fit, 1.0, 100.0)
    weights = np.exp(rise * fit)
    assert weights.sum() ** 2 / np.square(weights).sum() == pytest.approx(100.0, rel=1e-6)
    assert next_rise(np.zeros(200), 0.4, 100.0) == 0.4


def test_resampling_is_as_often_as_the_weights():
    weights = np.array([0.1, 0.0, 0.5, 0.4])
    for mark in (0.0, 0.3, 0.999):
        counts = np.bincount(resampled(np.tile(weights, 10), mark) % 4, minlength=4)
        assert counts[1] == 0
        assert np.abs(counts - 40 * weights).max() <= 10


def test_equal_particles_count_as_one():
    fit = Tempering(show, likelihood, 2, 2, 20, 2, 3).run()
    double = fit.posterior.at(np.repeat(np.arange(10), 2))
    assert effective_size(double) <= 10.0 + 1e-9
    assert double.distinct()[-1].sum() == 20
