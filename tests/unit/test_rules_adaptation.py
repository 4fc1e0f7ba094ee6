"""Attackers that adapt: what moves, what grows, and what bounds it."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.adaptation import exposure, grown, recruited, reshared

efforts = st.floats(0, 1)
levels = st.floats(0, 1000)


def test_exposure_goes_with_the_loss_that_another_ambush_could_expect():
    assert exposure(60, 1.5, 0.25) == pytest.approx(22.5)
    assert exposure(60, 0.5, 0.25) < exposure(60, 1.5, 0.25)


def test_a_share_of_all_effort_follows_exposure():
    assert reshared(2.0, 30.0, 10.0, 40.0, 0.5) == pytest.approx(0.5 * 2 + 0.5 * 10 * 0.75)
    assert reshared(2.0, 0.0, 10.0, 40.0, 1.0) == 0


def test_without_traffic_or_share_effort_stays():
    assert reshared(0.3, 0.0, 1.1, 0.0, 1.0) == 0.3
    assert reshared(0.3, 7.0, 1.1, 9.0, 0.0) == 0.3


@given(st.lists(st.tuples(efforts, st.floats(0, 1e6)), min_size=1, max_size=6), st.floats(0, 1))
def test_sharing_again_keeps_the_whole(zones, share):
    base, exposed = (math.fsum(column) for column in zip(*zones, strict=True))
    parts = [reshared(b, e, base, exposed, share) for b, e in zones]
    assert min(parts) >= 0
    assert math.fsum(parts) == pytest.approx(base)


def test_ten_fights_raise_the_level_by_the_growth_which_then_fades():
    assert recruited(0.0, 10, 0.2, 1440, 168) == pytest.approx(0.2)
    assert recruited(0.2, 0, 0.2, 1440, 1440) == pytest.approx(0.2 / math.e)
    assert recruited(0.2, 5, 0.2, 168, 168) == pytest.approx(0.2 / math.e + 0.1)


def test_effort_grows_with_the_level_up_to_the_ceiling():
    assert grown(2.0, math.log(3), 100.0) == pytest.approx(6)
    assert grown(2.0, math.log(3), 5.0) == 5
    assert grown(6.0, 0.0, 5.0) == 5
    assert grown(2.0, 1e9, 5.0) == 5, "no overflow"
    assert grown(0.8535342619794398, 0.1508850674870105, 0.9925434121760651) == 0.9925434121760651, "rounded up"
    assert grown(0.0, 50.0, 0.0) == 0, "nothing grows out of nothing"


@given(efforts, levels, levels)
def test_a_higher_level_is_never_less_effort(effort, level, other):
    low, high = sorted((level, other))
    assert grown(effort, 0.0, 1.0) == effort
    assert grown(effort, low, 1.0) <= grown(effort, high, 1.0) <= 1.0
