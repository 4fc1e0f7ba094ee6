"""The unit of each measure."""

from __future__ import annotations

import re

DATE = "date"
"""Unit of a measure that is a day since the start and is read as a date."""
_UNITS = (
    (r"imports_.*", "ML"),
    (r"share_escorted|need_met_.*|fill_rate_.*|served_.*|worst_town_.*", "%"),
    (r"first_shortage|recovery|half_shut_.*", DATE),
    (r"days_half_closed|longest_dry_spell|days_short|lowest_cover.*|lag_.*|relief_.*", "days"),
    (r"queue_hours", "h"),
    (r"power_hours", "h/day"),
    (r"tankers_lost.*|tankers_taken|tankers_per_convoy|largest_.*|missing_on_record", "tankers"),
    (r"waiting_.*_on_\d{4}_\d{2}_\d{2}", ""),
    (r"waiting_.*", "tanker-days"),
    (r"escort_cost|household_cost", "million USD"),
    (r"cost_per_m3", "USD"),
    (r"litres_per_unit_day", "L"),
)


def unit(measure: str) -> str:
    """Return the unit of a measure, empty for counts; ``%`` marks shares, held as 0 to 1."""
    for pattern, found in _UNITS:
        if re.fullmatch(pattern, measure):
            return found
    return ""


def dated(measure: str) -> bool:
    """Say whether a measure is a day since the start, read as a date."""
    return unit(measure) == DATE
