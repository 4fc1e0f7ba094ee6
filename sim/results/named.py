"""Measures that speak of a date, as documented figures do.

``relief_2025_10_07``: days of the fortnight after the date on which the hub had no shortage of the lead product;
``convoys_escorted_until_2025_10_29`` and ``tankers_lost_until_2025_10_29``: counts to the end of the day;
``waiting_refusal_on_2025_10_20`` (any cause): tankers waiting on import corridors, mean over the day.
"""

from __future__ import annotations

import re
from datetime import datetime

import numpy as np

from sim.errors import ResultsError
from sim.results.binding import CAUSES
from sim.results.daily import Daily, added

NAN = float("nan")
FORTNIGHT = 14
DATE = r"(\d{4}_\d{2}_\d{2})"
RELIEF = re.compile(rf"relief_{DATE}")
UNTIL = re.compile(rf"(convoys_escorted|tankers_lost)_until_{DATE}")
ON = re.compile(rf"waiting_({'|'.join(CAUSES)})_on_{DATE}")


def is_named(name: str) -> bool:
    """Say whether a name is that of a measure with a date in it."""
    for pattern in (RELIEF, UNTIL, ON):
        if found := pattern.fullmatch(name):
            try:
                datetime.strptime(found.groups()[-1], "%Y_%m_%d")
            except ValueError:
                return False
            return True
    return False


def named(daily: Daily, name: str) -> float:
    """Return a measure with a date in its name; NaN if the date lies outside the run.

    Raises
    ------
    ResultsError
        If there is no such measure.
    """
    days = daily.record.plan.days
    if found := RELIEF.fullmatch(name):
        day = daily.day_of(found[1])
        if not 0 <= day < days - FORTNIGHT:
            return NAN
        return float(daily.short[day + 1 : day + 1 + FORTNIGHT].count(False))
    if found := UNTIL.fullmatch(name):
        day = daily.day_of(found[2])
        if not 0 <= day < days:
            return NAN
        return _until(daily, found[1], (day + 1) * 24.0)
    if found := ON.fullmatch(name):
        day = daily.day_of(found[2])
        if not 0 <= day < days:
            return NAN
        return float(added(daily.flow(f"waiting_{found[1]}")[day]))
    raise ResultsError(
        f"there is no measure {name!r}; measures with dates are relief_DATE, convoys_escorted_until_DATE, "
        f"tankers_lost_until_DATE and waiting_CAUSE_on_DATE, with a date like 2025_10_07"
    )


def _until(daily: Daily, what: str, time: float) -> float:
    if what == "convoys_escorted":
        rows = daily.record.convoys
        counted = daily.imports[rows["corridor"]] & (rows["escort"] != 0) & (rows["departed"] < time)
        return float(np.count_nonzero(counted))
    met = daily.record.encounters
    return float(added(met["lost"][met["time"] < time]))
