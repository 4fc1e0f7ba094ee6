"""Measures of the fuel that comes into the country."""

from __future__ import annotations

from sim.results.daily import Daily
from sim.results.measures.definition import declare
from sim.rules.steps import total

ML = 1e-3
"""Million litres in a cubic metre."""


def _volume(daily: Daily, days: range) -> float:
    return total(daily.imported[day] for day in days)


@declare("Imports in {month}", "month", unit="ML", better=1)
def imports(daily: Daily, days: range) -> float:
    """Fuel of import corridors that left customs in the month, and exogenous inflow put into depots."""
    return _volume(daily, days) * ML


@declare("Imports, whole run", unit="ML", better=1)
def imports_total(daily: Daily) -> float:
    """All that over the run."""
    return total(_volume(daily, days) for days in daily.months().values()) * ML
