"""Measures that speak of a date, as documented figures do; those of waiting are with the others of waiting."""

from __future__ import annotations

import numpy as np

from sim.results.daily import Daily, added
from sim.results.measures.definition import declare

FORTNIGHT = 14


@declare("Days of relief after {date}", "date", unit="days", after=FORTNIGHT, most=lambda days: float(FORTNIGHT))
def relief(daily: Daily, day: int) -> float:
    """Days of the 14 after the date that were not short."""
    return float(daily.short[day + 1 : day + 1 + FORTNIGHT].count(False))


@declare("Convoys with escort to {date}", "date")
def convoys_escorted_until(daily: Daily, day: int) -> float:
    """Escorted departures on import corridors to the end of that day."""
    return float(np.count_nonzero(daily.escorted & (daily.record.convoys["departed"] < (day + 1) * 24.0)))


@declare("Tankers lost to {date}", "date", unit="tankers", better=-1, worth=5.0)
def tankers_lost_until(daily: Daily, day: int) -> float:
    """Tankers lost to the end of that day."""
    met = daily.record.encounters
    return float(added(met["lost"][met["time"] < (day + 1) * 24.0]))
