"""Measures of what escorts do and cost."""

from __future__ import annotations

from sim.results.daily import Daily, added
from sim.results.measures.definition import declare
from sim.rules.steps import total

NAN = float("nan")
MILLION = 1e-6


def _dollars(daily: Daily) -> float:
    record = daily.record
    return total(hours * cost for hours, cost in zip(record.unit_hours, record.plan.escorts.cost, strict=False))


@declare("Escort unit-days", better=-1, worth=10.0, counts="unit-days")
def escort_unit_days(daily: Daily) -> float:
    """Time of all units from departure until back at base."""
    return total(daily.record.unit_hours) / 24.0


@declare("Cost of escorts", unit="million USD", better=-1, worth=0.5, head="escorts, M USD")
def escort_cost(daily: Daily) -> float:
    """Unit-days of each pool × its cost."""
    return _dollars(daily) * MILLION


@declare("Fuel per escort unit-day", unit="L", better=1)
def litres_per_unit_day(daily: Daily) -> float:
    """Load × tankers arrived with an escorted convoy on import corridors, over `escort_unit_days` of all corridors."""
    days = escort_unit_days(daily)
    arrived = float(added(daily.record.convoys["arrived"][daily.escorted]))
    return arrived * daily.record.plan.fleet.load * 1000.0 / days if days > 0.0 else NAN


@declare("Escorts and losses per delivered m³", unit="USD", better=-1, worth=5.0)
def cost_per_m3(daily: Daily) -> float:
    """Escort cost, lost tankers and lost loads, in USD over `imports_total`."""
    plan, delivered = daily.record.plan, total(daily.imported)
    lost = float(added(daily.record.encounters["lost"]))
    spent = _dollars(daily) + lost * (plan.fleet.value + plan.fleet.load * plan.policy.fuel_value)
    return spent / delivered if delivered > 0.0 else NAN
