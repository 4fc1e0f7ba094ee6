"""Roadblocks and minds of crews: gaps along roads, fates, periods."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules import crews, encounter
from sim.rules.roadblock import TAKEN, THROUGH, TURNED_BACK, fate, gap, place, rest

mark = st.floats(0, 1, exclude_max=True)
share = st.floats(0, 1)


@given(mark)
def test_a_gap_is_exponential(u):
    """Its law's cdf, 1 - exp(-x), at the u-quantile is u."""
    assert -math.expm1(-gap(u)) == pytest.approx(u, abs=1e-15)


@pytest.mark.parametrize(
    ("driven", "where", "left"), [(0.0, 0.5, 0.0), (0.25, 0.75, 0.0), (0.5, math.inf, 0.0), (0.9, math.inf, 0.8)]
)
def test_a_roadblock_stands_where_the_gap_ends_or_beyond_the_road(driven, where, left):
    """0.01 a kilometre on 200 km: a gap of 1 is half of the road."""
    assert place(1.0, 0.01, 200.0, driven) == where
    assert rest(1.0, 0.01, 200.0, driven) == pytest.approx(left if where == math.inf else 0.0)


def test_there_is_none_without_a_rate_and_none_after_the_last():
    assert place(0.0, 0.0, 200.0, 0.0) == math.inf
    assert place(math.inf, 0.01, 200.0, 0.0) == math.inf
    assert rest(math.inf, 0.01, 200.0, 0.0) == math.inf


@given(st.floats(0.001, 8), st.floats(0.001, 0.1), st.floats(1, 500), st.floats(0.01, 0.99))
def test_a_road_cut_in_two_has_its_roadblock_where_it_was(distance, rate, length, part):
    whole = place(distance, rate, length, 0.0) * length
    first = part * length
    here = place(distance, rate, first, 0.0) * first
    there = first + place(rest(distance, rate, first, 0.0), rate, length - first, 0.0) * (length - first)
    if abs(whole - first) > 1e-9 * length and abs(distance - rate * length) > 1e-9:
        assert min(here, there) == pytest.approx(whole, rel=1e-9)


@pytest.mark.parametrize(
    ("u", "taken", "turned_back", "expected"),
    [
        (0.0, 0.2, 0.5, TAKEN),
        (0.199, 0.2, 0.5, TAKEN),
        (0.2, 0.2, 0.5, TURNED_BACK),
        (0.599, 0.2, 0.5, TURNED_BACK),
        (0.601, 0.2, 0.5, THROUGH),
        (0.0, 0.0, 0.0, THROUGH),
        (0.999, 1.0, 0.0, TAKEN),
        (0.999, 0.0, 1.0, TURNED_BACK),
    ],
)
def test_turned_back_are_some_of_those_not_taken(u, taken, turned_back, expected):
    assert fate(u, taken, turned_back) == expected


@pytest.mark.parametrize(
    ("size", "prey", "chance"), [(1, 15, 0.0645), (15, 15, 0.6321), (100, 15, 0.9987), (1, 0, 1), (100, 0, 1)]
)
def test_interest_in_a_party(size, prey, chance):
    assert encounter.interest(size, prey) == pytest.approx(chance, abs=5e-5)


@given(st.integers(1, 500), st.integers(1, 500), st.floats(0, 100))
def test_a_larger_party_is_no_less_a_prey(party, other, prey):
    small, large = sorted((party, other))
    assert 0 <= encounter.interest(small, prey) <= encounter.interest(large, prey) <= 1


@given(share, share)
def test_those_who_go_alone_are_some_of_those_who_go_escorted(willing, alone):
    assert crews.drives(willing, alone, False) == willing * alone <= crews.drives(willing, alone, True) == willing


@given(st.floats(0, 1, exclude_max=True), st.integers(1, 30))
def test_a_mind_lasts_for_its_whole_days(phase, days):
    """Seen at midnights: changes are so many days apart."""
    periods = [crews.period(24.0 * day, 24.0 * days, phase) for day in range(4 * days)]
    changes = [day for day in range(1, 4 * days) if periods[day] != periods[day - 1]]
    assert 3 <= len(changes) <= 4
    # A phase at which a period ends on a midnight but for rounding may come a day early or late.
    assert all(days - 1 <= later - sooner <= days + 1 for sooner, later in itertools.pairwise(changes))
    assert periods[0] == 0
