"""The measures of one replication: one number each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.results.binding import BOUNDS, CAUSES, by_week
from sim.results.daily import SHORT, Daily
from sim.results.lags import HALF, convoy_to_relief, first_shortage, half_shut, loss_to_pump, recovery
from sim.results.named import named
from sim.rules.orders import power_hours
from sim.rules.steps import total

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sim.model.record import Record

NAN = float("nan")
ML = 1e-3
"""Million litres in a cubic metre."""
MILLION = 1e-6
WEEK = 7


def measures(record: Record, wanted: Iterable[str] = ()) -> dict[str, float]:
    """Return the measures of a replication.

    Parameters
    ----------
    record
        A record with its daily tables.
    wanted
        Names of further measures that a scenario's documented figures speak of (see `sim.results.named`).
    """
    daily = Daily(record)
    found: dict[str, float] = {}
    for part in (_imports, _convoys, _waiting, _people, _towns, _hub, _escorts, _binding):
        found.update(part(daily))
    for name in wanted:
        if name not in found:
            found[name] = named(daily, name)
    return found


def _imports(daily: Daily) -> dict[str, float]:
    found = {}
    whole = 0.0
    for month, days in daily.months().items():
        volume = 0.0
        for day in days:
            volume += daily.imported[day]
        found[f"imports_{month}"] = volume * ML
        whole += volume
    found["imports_total"] = whole * ML
    return found


def _convoys(daily: Daily) -> dict[str, float]:
    record = daily.record
    convoys = [row for row in record.convoys if row.corridor in daily.imports]
    meetings = record.encounters
    escorted = [row for row in convoys if row.escort]
    guarded = total(row.tankers for row in escorted)
    tankers = total(row.tankers for row in convoys)
    lost = [row.lost for row in meetings]
    return {
        "convoys": float(len(convoys)),
        "convoys_escorted": float(len(escorted)),
        "share_escorted": guarded / tankers if tankers else NAN,
        "tankers_per_convoy": guarded / len(escorted) if escorted else NAN,
        "escorted_per_week": _per_week([row.departed for row in escorted], record.plan.days),
        "ambushes_laid": float(record.ambushes_laid),
        "ambushes_met": float(record.ambushes_met),
        "ambushes_detected": float(len([row for row in meetings if row.outcome == "detected"])),
        "ambushes_deterred": float(len([row for row in meetings if row.outcome == "deterred"])),
        "ambushes_sprung": float(len([row for row in meetings if row.outcome == "sprung"])),
        "tankers_lost": float(total(lost)),
        "crews_killed": float(total(row.killed for row in meetings)),
        "crews_abducted": float(total(row.abducted for row in meetings)),
        "escorts_knocked_out": float(total(row.knocked_out for row in meetings)),
        "largest_loss": float(max(lost, default=0)),
    }


def _per_week(departed: Sequence[float], days: int) -> float:
    """Return departures a week from the day of the first to the end; NaN if none, or less than a week, is left."""
    left = days - min(departed, default=NAN) // 24.0
    return len(departed) * WEEK / left if left >= WEEK else NAN


def _waiting(daily: Daily) -> dict[str, float]:
    found = {
        f"waiting_{cause}": daily.flow(lambda row, cause=cause: getattr(row, f"waiting_{cause}"))  # type: ignore[misc]
        for cause in ("order", *CAUSES)
    }
    found["short_of_tankers"] = daily.flow(lambda row: row.short)
    return found


def _people(daily: Daily) -> dict[str, float]:
    record, plan = daily.record, daily.record.plan
    found: dict[str, float] = {}
    met: list[float] = []
    for name, rows in zip(plan.towns.name, daily.by_town, strict=True):
        burned = need = 0.0
        for row in rows:
            burned += row.burned
            need += row.need
        if need > 0.0:
            found[f"need_met_{name}"] = burned / need
            met.append(burned / need)
    hub = found[f"need_met_{plan.towns.name[plan.hub]}"]
    for product, label in enumerate(plan.products.name):
        rows = [row for row in daily.by_town[plan.hub] if row.product == product]
        if rows:
            name = f"{plan.towns.name[plan.hub]}_{label}"
            need = total(row.need for row in rows)
            wanted = total(row.wanted for row in rows)
            found[f"need_met_{name}"] = total(row.burned for row in rows) / need
            found[f"fill_rate_{name}"] = total(row.sold for row in rows) / wanted if wanted > 0.0 else NAN
    found["worst_town_need_met"] = min(met)
    found["worst_town_ratio"] = min(met) / hub if hub > 0.0 else NAN
    for user, label in enumerate(plan.users.name):
        used = [row for row in record.users if row.user == user]
        need = total(row.need for row in used)
        found[f"served_{label}"] = total(row.used for row in used) / need if need > 0.0 else NAN
    cost = 0.0
    for row in record.towns:
        above = (row.price_index - 1.0) * plan.products.price[row.product] * 1000.0
        cost += max(0.0, row.need - row.burned) * above
    found["household_cost"] = cost / plan.policy.exchange * MILLION
    return found


def _towns(daily: Daily) -> dict[str, float]:
    found = {}
    for town, name in enumerate(daily.record.plan.towns.name):
        if daily.by_town[town]:
            found[f"half_shut_{name}"] = half_shut(daily, town)
            found[f"lowest_cover_{name}"] = min(daily.cover(town))
    return found


def _hub(daily: Daily) -> dict[str, float]:
    rows = daily.hub
    dry = longest = 0
    for row in rows:
        dry = dry + 1 if row.open_share < 0.1 else 0
        longest = max(longest, dry)
    wanted = total(row.wanted for row in rows)
    powered = _power(daily)
    return {
        "days_half_closed": float(len([row for row in rows if row.open_share < HALF])),
        "longest_dry_spell": float(longest),
        "days_short": float(len([fill for fill in daily.fill if fill < SHORT])),
        "first_shortage": first_shortage(daily),
        "recovery": recovery(daily),
        "lowest_cover": min(daily.cover(daily.record.plan.hub)),
        "lag_loss_to_pump": loss_to_pump(daily),
        "lag_convoy_to_relief": convoy_to_relief(daily),
        "queue_hours": total(row.queue_hours * row.wanted for row in rows) / wanted if wanted > 0.0 else 0.0,
        "power_hours": total(powered) / len(powered) if powered else NAN,
    }


def _power(daily: Daily) -> list[float]:
    """Return hours of power by day and town with power stations."""
    plan = daily.record.plan
    used: dict[tuple[int, int], list[float]] = {}
    for row in daily.record.users:
        if plan.users.power[row.user]:
            sums = used.setdefault((row.day, plan.users.town[row.user]), [0.0, 0.0])
            sums[0] += row.used
            sums[1] += row.need
    return [
        power_hours(plan.policy.power_hours, plan.policy.power_thermal, some / need)
        for some, need in used.values()
        if need > 0.0
    ]


def _escorts(daily: Daily) -> dict[str, float]:
    record, plan = daily.record, daily.record.plan
    hours = dollars = 0.0
    for pool, duty in enumerate(record.unit_hours):
        hours += duty
        dollars += duty * plan.escorts.cost[pool]
    arrived = total(r.arrived for r in record.convoys if r.escort and r.corridor in daily.imports)
    delivered = total(daily.imported)
    lost = total(row.lost for row in record.encounters)
    spent = dollars + lost * (plan.fleet.value + plan.fleet.load * plan.policy.fuel_value)
    return {
        "escort_unit_days": hours / 24.0,
        "escort_cost": dollars * MILLION,
        "litres_per_unit_day": arrived * plan.fleet.load * 1000.0 / (hours / 24.0) if hours > 0.0 else NAN,
        "cost_per_m3": spent / delivered if delivered > 0.0 else NAN,
    }


def _binding(daily: Daily) -> dict[str, float]:
    weeks = by_week(daily)
    return {f"weeks_bound_{bound}": float(weeks.count(bound)) for bound in BOUNDS}
