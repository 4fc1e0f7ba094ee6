"""Driving: paces, halts at night, gates."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.rules.road import arrival, hour_of_day, in_turn, is_day, progress, slot_rate


@pytest.mark.parametrize(("time", "hour"), [(0, 0), (23.5, 23.5), (24, 0), (49.25, 1.25)])
def test_hour_of_day(time, hour):
    assert hour_of_day(time) == pytest.approx(hour)


@pytest.mark.parametrize(("time", "day"), [(5.99, False), (6, True), (17.99, True), (18, False), (30, True)])
def test_daylight(time, day):
    assert is_day(time, 6, 18) is day


def test_progress():
    alone = progress(40, 8, 150 / 24, False, 1, 1)
    assert alone == pytest.approx(40 * 8 / 24)
    assert progress(40, 8, 150 / 24, True, 1, 1) == pytest.approx(150 / 24)
    assert progress(40, 8, 400 / 24, True, 1, 1) == pytest.approx(alone), "an escort is no faster than a tanker"
    assert progress(40, 8, 150 / 24, True, 1.25, 0.9) == pytest.approx(150 / 24 * 0.9 / 1.25)


@pytest.mark.parametrize(
    ("time", "hours", "ends"),
    [(6, 24, 18), (6, 6, 9), (6, 48, 42), (12, 12, 18), (12, 14, 31), (2, 6, 9), (20, 6, 33), (18, 6, 33)],
)
def test_halts_at_night_keep_a_day_s_progress(time, hours, ends):
    assert arrival(time, hours, True, 6, 18) == pytest.approx(ends)


@given(st.floats(0, 100), st.floats(0, 200), st.floats(0, 200))
def test_a_drive_in_two_parts_ends_as_in_one(time, first, second):
    whole = arrival(time, first + second, True, 6, 18)
    between = arrival(time, first, True, 6, 18)
    # At the very end of a day rounding decides between evening and morning.
    assume(min(abs(hour_of_day(t) - 18) for t in (whole, between)) > 1e-6)
    assume(first > 0)
    assert arrival(between, second, True, 6, 18) == pytest.approx(whole, abs=1e-6)


@given(st.floats(0, 100), st.floats(0, 200))
def test_without_halts_a_drive_takes_its_hours(time, hours):
    assert arrival(time, hours, False, 6, 18) == time + hours


@pytest.mark.parametrize(
    ("slots", "supply", "rate"), [(2, 460, 2), (2, 46, 1), (2, 0, 0), (0, 460, 0), (2, float("inf"), 2)]
)
def test_slots_or_the_fuel_supplied_limit_a_terminal(slots, supply, rate):
    assert slot_rate(slots, supply, 46) == rate


def test_nobody_overtakes():
    assert in_turn(10, 24, 30) == 34
    assert in_turn(10, 12, 30) == 30
