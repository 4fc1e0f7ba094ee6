"""Which way a measure is better, and the smallest difference in it that is worth having."""

from __future__ import annotations

from typing import NamedTuple

from sim.results.measure import FIELDS, PLAIN, kind


class Goal(NamedTuple):
    """What one wants of a measure.

    ``better`` is 1 where more is better, -1 where less is, 0 where it is neither; ``worth`` is the smallest
    difference that a choice should turn on, in the measure's unit.
    """

    better: int
    worth: float


MAIN = "days_half_closed"
"""The measure that ranks alternatives unless another is asked for: do stations stay open?"""
_GOALS = {
    **dict.fromkeys((name for name in PLAIN if name.startswith("waiting_")), Goal(-1, 500.0)),
    **dict.fromkeys((name for name in FIELDS if name.startswith("waiting_")), Goal(-1, 20.0)),
    **dict.fromkeys(("imports", "imports_total", "litres_per_unit_day"), Goal(1, 1.0)),
    **dict.fromkeys(("need_met", "fill_rate", "served", "worst_town_need_met", "worst_town_ratio"), Goal(1, 0.01)),
    **dict.fromkeys(("days_half_closed", "longest_dry_spell", "days_short"), Goal(-1, 1.0)),
    **dict.fromkeys(("first_shortage", "half_shut"), Goal(1, 1.0)),
    **dict.fromkeys(("recovery", "lag_convoy_to_relief"), Goal(-1, 1.0)),
    "lowest_cover": Goal(1, 0.25),
    "queue_hours": Goal(-1, 1.0),
    "power_hours": Goal(1, 0.5),
    **dict.fromkeys(("tankers_lost", "tankers_lost_until", "tankers_taken", "largest_loss"), Goal(-1, 5.0)),
    **dict.fromkeys(("crews_killed", "crews_abducted", "escorts_knocked_out"), Goal(-1, 1.0)),
    "escort_unit_days": Goal(-1, 10.0),
    **dict.fromkeys(("escort_cost", "household_cost"), Goal(-1, 0.5)),
    "cost_per_m3": Goal(-1, 5.0),
    "escorted_per_week": Goal(0, 0.5),
    "waiting_order": Goal(0, 500.0),
    "short_of_tankers": Goal(-1, 500.0),
}
_NEITHER = Goal(0, 1.0)


def goal(measure: str) -> Goal:
    """Return the goal of a measure; counts that are neither good nor bad, such as convoys, have direction 0."""
    return _GOALS.get(kind(measure), _NEITHER)
