"""Measures that speak of a date, as documented figures do.

``relief.2025-10-07``: days of the fortnight after the date on which the hub had no shortage of the lead product;
``convoys_escorted_until.2025-10-29`` and ``tankers_lost_until.2025-10-29``: counts to the end of the day;
``waiting_refusal_on.2025-10-20`` (any cause): tankers waiting on import corridors, mean over the day.
"""

from __future__ import annotations

import numpy as np

from sim.errors import ResultsError
from sim.results.daily import Daily, added
from sim.results.measure import Measure, read

NAN = float("nan")
FORTNIGHT = 14


def is_named(name: str) -> bool:
    """Say whether a name is that of a measure with a date."""
    measure = read(name)
    return measure is not None and bool(measure.date)


def days_after(measure: Measure) -> int:
    """Return how many days after its date a measure looks at."""
    return FORTNIGHT if measure.what == "relief" else 0


def named(daily: Daily, name: str) -> float:
    """Return a measure with a date; NaN if what it looks at lies outside the run.

    Raises
    ------
    ResultsError
        If there is no such measure.
    """
    measure = read(name)
    if measure is None or not measure.date:
        raise ResultsError(
            f"there is no measure {name!r}; measures with dates are relief.DATE, convoys_escorted_until.DATE, "
            f"tankers_lost_until.DATE and waiting_CAUSE_on.DATE, with a date like 2025-10-07"
        )
    day = daily.day_of(measure.date)
    if not 0 <= day < daily.record.plan.days - days_after(measure):
        return NAN
    if measure.what == "relief":
        return float(daily.short[day + 1 : day + 1 + FORTNIGHT].count(False))
    if measure.what.endswith("_on"):
        return float(added(daily.flow(measure.what.removesuffix("_on"))[day]))
    return _until(daily, measure.what, (day + 1) * 24.0)


def _until(daily: Daily, what: str, time: float) -> float:
    if what == "convoys_escorted_until":
        rows = daily.record.convoys
        counted = daily.imports[rows["corridor"]] & (rows["escort"] != 0) & (rows["departed"] < time)
        return float(np.count_nonzero(counted))
    met = daily.record.encounters
    return float(added(met["lost"][met["time"] < time]))
