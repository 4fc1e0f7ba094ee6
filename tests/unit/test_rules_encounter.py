"""Loss ratios, stages and losses of an encounter, against what they promise."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.plan.sections import AIR, FOREIGN, NATIONAL
from sim.record import OUTCOMES
from sim.rules.crews import ABDUCTED, KILLED, SAFE, fate
from sim.rules.encounter import (
    DETECTED,
    DETERRED,
    LET_PASS,
    SPRUNG,
    cover,
    cycle_factor,
    loss_ratio,
    mean_loss,
    negative_binomial,
    outcome,
    stages,
    turns_back,
)
from sim.rules.escort import OUT, duty_beyond, free_again

GROUND = NATIONAL | FOREIGN
share = st.floats(0, 0.99)
weight = st.floats(0, 1)
positive = st.floats(0.001, 1)
ratio = st.floats(1e-3, 100)


def loss(split):
    """Return the expected loss of a meeting in units of the base damage."""
    detects, deters, factor = split
    return (1 - detects) * (1 - deters) * factor


@given(ratio, share, share, weight, weight, positive)
def test_expected_loss_relative_to_army_alone_is_the_ratio(r, detection, deterrence, a, b, c):
    army = stages(1.0, detection, deterrence, a, b, c)
    assert army == pytest.approx((detection, deterrence, 1.0), abs=1e-12)
    assert loss(stages(r, detection, deterrence, a, b, c)) / loss(army) == pytest.approx(r, rel=1e-9)


@given(st.tuples(ratio, ratio).map(sorted), share, share, weight, weight, positive)
def test_each_stage_is_monotone_in_the_ratio(ratios, detection, deterrence, a, b, c):
    better, worse = (stages(r, detection, deterrence, a, b, c) for r in ratios)
    assert better[0] >= worse[0] - 1e-12
    assert better[1] >= worse[1] - 1e-12
    assert better[2] <= worse[2] * (1 + 1e-12)
    assert all(0 <= chance <= 1 for chance in (*better[:2], *worse[:2]))


def test_a_ratio_of_nothing_stops_everything():
    assert stages(0.0, 0.1, 0.1, 1, 1, 1) == (1.0, 1.0, 0.0)


@given(st.floats(1.01, 3), st.floats(0.2, 0.99), st.floats(0.2, 0.99), share, share, weight, weight, positive)
def test_expected_loss_falls_from_none_to_army_to_air_only_to_ground_and_air(
    none, foreign, air, detection, deterrence, a, b, c
):
    def expected(escort):
        r = loss_ratio(escort, GROUND, none, (1, foreign, air))
        split = stages(r, detection, deterrence, a, b, c)
        return (1 - split[0]) * (1 - split[1]) * mean_loss(40, 100, 0.5, split[2])

    chain = [expected(e) for e in (0, NATIONAL, NATIONAL | AIR, NATIONAL | FOREIGN | AIR)]
    assert chain == sorted(chain, reverse=True)
    assert len(set(chain)) == 4


@pytest.mark.parametrize(
    ("escort", "ratio", "cycle"),
    [
        (0, 1.5, 1.0),
        (AIR, 0.9, 1.1),
        (NATIONAL, 1.0, 1.0),
        (NATIONAL | AIR, 0.6, 1.1),
        (FOREIGN, 0.5, 1.2),
        (NATIONAL | FOREIGN, 0.5, 1.2),
        (NATIONAL | FOREIGN | AIR, 0.3, 1.32),
    ],
)
def test_ratios_and_factors_multiply(escort, ratio, cycle):
    assert loss_ratio(escort, GROUND, 1.5, (1, 0.5, 0.6)) == pytest.approx(ratio)
    assert cycle_factor(escort, (1, 1.2, 1.1)) == pytest.approx(cycle)


@pytest.mark.parametrize(
    ("flies", "by_day", "there"), [(True, True, 7), (True, False, 3), (False, True, 3), (False, False, 3)]
)
def test_air_covers_only_by_day_and_when_it_flies(flies, by_day, there):
    flying = AIR if flies else 0
    assert cover(NATIONAL | FOREIGN | AIR, GROUND, flying, AIR, by_day) == there
    assert cover(NATIONAL, GROUND, flying, AIR, by_day) == NATIONAL


@pytest.mark.parametrize(("exponent", "shown"), [(0, 1.0), (1, 4.0), (0.5, 2.0)])
def test_mean_loss_grows_with_size_by_its_exponent(exponent, shown):
    assert mean_loss(30, 400, exponent, 1) / mean_loss(30, 100, exponent, 1) == pytest.approx(shown)
    assert mean_loss(30, 100, exponent, 0.7) == pytest.approx(21)


# Beyond 1 - 1e-9 the rounding of the summed cdf decides, not the law.
below_one = st.floats(0, 1 - 1e-9, exclude_max=True)


@given(below_one, st.floats(0.01, 300), st.floats(0.05, 50))
def test_negative_binomial_against_scipy(u, mean, shape):
    k = negative_binomial(u, mean, shape, 10**6)
    law = stats.nbinom(shape, shape / (shape + mean))
    assert law.cdf(k) > u - 1e-9
    assert law.cdf(k - 1) <= u + 1e-9


@given(below_one, st.floats(0, 300), st.floats(0.05, 50), st.integers(0, 400))
def test_losses_stop_at_the_convoy(u, mean, shape, most):
    capped = negative_binomial(u, mean, shape, most)
    assert capped == min(most, negative_binomial(u, mean, shape, 10**6))


@given(below_one, st.tuples(st.floats(0, 300), st.floats(0, 300)).map(sorted), st.floats(0.05, 50), st.integers(1, 300))
def test_losses_rise_with_the_mean_at_one_mark(u, means, shape, most):
    fewer, more = (negative_binomial(u, mean, shape, most) for mean in means)
    assert fewer <= more


def test_moments_of_the_law():
    mean, shape = 12.0, 1.5
    grid = [(k + 0.5) / 200_000 for k in range(200_000)]
    drawn = [negative_binomial(u, mean, shape, 10**6) for u in grid]
    average = math.fsum(drawn) / len(drawn)
    spread = math.fsum((k - average) ** 2 for k in drawn) / len(drawn)
    assert average == pytest.approx(mean, rel=1e-3)
    assert spread == pytest.approx(mean + mean**2 / shape, rel=5e-3)


def test_large_shapes_and_means_keep_their_mean():
    """Close to Poisson, where the chance of no loss is below the smallest float."""
    law = stats.nbinom(1000, 1000 / (1000 + 1500))
    assert negative_binomial(0.5, 1500, 1000, 5000) == law.ppf(0.5)


@pytest.mark.parametrize(
    ("marks", "ambush", "mine", "imposed"),
    [
        ((0.6, 0.1, 0.1), LET_PASS, DETECTED, SPRUNG),
        ((0.4, 0.1, 0.1), DETECTED, DETECTED, SPRUNG),
        ((0.4, 0.3, 0.1), DETERRED, SPRUNG, SPRUNG),
        ((0.4, 0.3, 0.3), SPRUNG, SPRUNG, SPRUNG),
    ],
)
def test_a_meeting_goes_stage_by_stage(marks, ambush, mine, imposed):
    chances = (0.5, 0.2, 0.2)
    assert outcome(*marks, *chances, True, False) == ambush
    assert outcome(*marks, *chances, False, False) == mine
    assert outcome(*marks, *chances, False, True) == imposed


def test_outcomes_have_the_codes_of_the_record():
    names = {DETECTED: "detected", DETERRED: "deterred", SPRUNG: "sprung", LET_PASS: "let pass"}
    assert {code: OUTCOMES[code] for code in names} == names


def test_a_convoy_turns_back_after_a_loss_of_its_share():
    assert turns_back(10, 40, 0.25)
    assert not turns_back(9, 40, 0.25)
    assert not turns_back(0, 40, 0.0)


def test_a_crew_is_killed_or_of_the_others_abducted():
    assert [fate(mark, 0.5, 0.5) for mark in (0.49, 0.5, 0.74, 0.75)] == [KILLED, ABDUCTED, ABDUCTED, SAFE]


def test_ground_units_rest_and_refit_and_air_units_do_not():
    assert free_again(True, 100, 24, 0.5, 48, False) == 112
    assert free_again(True, 100, 24, 0.5, 48, True) == 160
    assert free_again(False, 100, 24, 0.5, 48, True) == 100


def test_duty_counts_those_out_and_not_what_is_still_to_come():
    assert duty_beyond(OUT, 30, 0, 50) == 20
    assert duty_beyond(90, 30, 60, 50) == -10
    assert duty_beyond(40, 10, 30, 50) == 0
