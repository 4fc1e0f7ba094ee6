"""The unit of each measure."""

from __future__ import annotations

from math import inf

from sim.results.measure import PLAIN, kind
from sim.results.named import FORTNIGHT

DATE = "date"
"""Unit of a measure that is a day since the start and is read as a date."""
_OF_KINDS = {
    **dict.fromkeys((name for name in PLAIN if name.startswith("waiting_")), "tanker-days"),
    **dict.fromkeys(("imports", "imports_total"), "ML"),
    **dict.fromkeys(("need_met", "worst_town_need_met", "worst_town_ratio"), "%"),
    **dict.fromkeys(("share_escorted", "fill_rate", "served"), "%"),
    **dict.fromkeys(("first_shortage", "recovery", "half_shut"), DATE),
    **dict.fromkeys(("days_half_closed", "longest_dry_spell", "days_short", "lowest_cover", "relief"), "days"),
    **dict.fromkeys(("lag_loss_to_pump", "lag_convoy_to_relief"), "days"),
    "queue_hours": "h",
    "power_hours": "h/day",
    **dict.fromkeys(("tankers_lost", "tankers_lost_until", "tankers_taken", "tankers_per_convoy"), "tankers"),
    **dict.fromkeys(("largest_convoy", "largest_loss", "missing_on_record"), "tankers"),
    **dict.fromkeys(("escort_cost", "household_cost"), "million USD"),
    "cost_per_m3": "USD",
    "litres_per_unit_day": "L",
}


def unit(measure: str) -> str:
    """Return the unit of a measure, empty for counts; ``%`` marks shares, held as 0 to 1."""
    return _OF_KINDS.get(kind(measure), "")


def dated(measure: str) -> bool:
    """Say whether a measure is a day since the start, read as a date."""
    return unit(measure) == DATE


def most_of(measure: str, days: int) -> float:
    """Return the most that a run of so many days can have of a measure; infinite where nothing bounds it."""
    name = kind(measure)
    if unit(measure) == "%":
        return 1.0
    if name == "power_hours":
        return 24.0
    if name == "relief":
        return float(FORTNIGHT)
    if name.startswith("weeks_bound_"):
        return float(-(-days // 7))
    counted = dated(measure) or (unit(measure) == "days" and name != "lowest_cover")
    return float(days) if counted else inf
