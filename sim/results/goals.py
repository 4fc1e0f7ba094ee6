"""Which way a measure is better, and the smallest difference in it that is worth having."""

from __future__ import annotations

import re
from typing import NamedTuple


class Goal(NamedTuple):
    """What one wants of a measure.

    ``better`` is 1 where more is better, -1 where less is, 0 where it is neither; ``worth`` is the smallest
    difference that a choice should turn on, in the measure's unit.
    """

    better: int
    worth: float


MAIN = "days_half_closed"
"""The measure that ranks alternatives unless another is asked for: do stations stay open?"""
_GOALS = (
    (r"imports_.*|.*_per_unit_day", Goal(1, 1.0)),
    (r"need_met_.*|fill_rate_.*|served_.*|worst_town_.*", Goal(1, 0.01)),
    (r"days_half_closed|longest_dry_spell|days_short", Goal(-1, 1.0)),
    (r"first_shortage|half_shut_.*", Goal(1, 1.0)),
    (r"recovery|lag_convoy_to_relief", Goal(-1, 1.0)),
    (r"lowest_cover.*", Goal(1, 0.25)),
    (r"queue_hours", Goal(-1, 1.0)),
    (r"power_hours", Goal(1, 0.5)),
    (r"tankers_lost.*|tankers_taken|largest_loss", Goal(-1, 5.0)),
    (r"crews_killed|crews_abducted|escorts_knocked_out", Goal(-1, 1.0)),
    (r"escort_unit_days", Goal(-1, 10.0)),
    (r"escort_cost|household_cost", Goal(-1, 0.5)),
    (r"cost_per_m3", Goal(-1, 5.0)),
    (r"escorted_per_week", Goal(0, 0.5)),
    (r"waiting_.*_on_\d{4}_\d{2}_\d{2}", Goal(-1, 20.0)),
    (r"waiting_order", Goal(0, 500.0)),
    (r"waiting_.*|short_of_tankers", Goal(-1, 500.0)),
)


def goal(measure: str) -> Goal:
    """Return the goal of a measure; counts that are neither good nor bad, such as convoys, have direction 0."""
    for pattern, found in _GOALS:
        if re.fullmatch(pattern, measure):
            return found
    return Goal(0, 1.0)
