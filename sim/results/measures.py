"""The measures of one replication: one number each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.record import OUTCOMES, ROADBLOCK
from sim.results.binding import BOUNDS, CAUSES, by_week
from sim.results.daily import SHORT, Daily, added
from sim.results.lags import HALF, convoy_to_relief, first_shortage, half_shut, loss_to_pump, recovery
from sim.results.measure import Measure, column_of
from sim.results.named import named
from sim.rules.orders import power_hours
from sim.rules.steps import total

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from sim.record import Record

NAN = float("nan")
ML = 1e-3
"""Million litres in a cubic metre."""
MILLION = 1e-6
WEEK = 7


def measures(record: Record, wanted: Iterable[str] = ()) -> dict[str, float]:
    """Return the measures of a replication, by what is written for them (see `sim.results.measure`).

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
        found[str(Measure("imports", month=month))] = volume * ML
        whole += volume
    found["imports_total"] = whole * ML
    return found


def _convoys(daily: Daily) -> dict[str, float]:
    record = daily.record
    convoys, meetings = record.convoys, record.encounters
    ours = daily.imports[convoys["corridor"]]
    escorted = ours & (convoys["escort"] != 0)
    guarded = float(added(convoys["tankers"][escorted]))
    tankers = float(added(convoys["tankers"][ours]))
    departed = convoys["departed"][escorted]
    came = dict(zip(OUTCOMES, np.bincount(meetings["outcome"], minlength=len(OUTCOMES)).tolist(), strict=True))
    stopped = meetings["kind"] == ROADBLOCK
    hit = escorted & (convoys["attacked"] != 0) & (convoys["lost"] > 0)
    return {
        "convoys": float(np.count_nonzero(ours)),
        "convoys_escorted": float(len(departed)),
        "share_escorted": guarded / tankers if tankers else NAN,
        "tankers_per_convoy": guarded / len(departed) if len(departed) else NAN,
        "escorted_per_week": _per_week(departed, record.plan.days),
        "ambushes_laid": float(record.ambushes_laid),
        "ambushes_met": float(record.ambushes_met),
        "ambushes_let_pass": float(came["let pass"]),
        "ambushes_detected": float(came["detected"]),
        "ambushes_deterred": float(came["deterred"]),
        "ambushes_sprung": float(came["sprung"]),
        "convoys_hit": float(np.count_nonzero(hit)),
        "largest_convoy": float(convoys["tankers"][escorted].max(initial=0)),
        "missing_on_record": float(total(record.missing)),
        "roadblocks": float(came["stopped"]),
        "tankers_lost": float(added(meetings["lost"])),
        "tankers_taken": float(added(meetings["lost"][stopped])),
        "crews_killed": float(added(meetings["killed"])),
        "crews_abducted": float(added(meetings["abducted"])),
        "escorts_knocked_out": float(added(meetings["knocked_out"])),
        "largest_loss": float(meetings["lost"].max(initial=0)),
    }


def _per_week(departed: NDArray[np.float64], days: int) -> float:
    """Return departures a week from the day of the first to the end; NaN if none, or less than a week, is left."""
    left = days - float(departed.min()) // 24.0 if len(departed) else NAN
    return len(departed) * WEEK / left if left >= WEEK else NAN


def _waiting(daily: Daily) -> dict[str, float]:
    found = {f"waiting_{cause}": float(added(daily.flow(f"waiting_{cause}").ravel())) for cause in ("order", *CAUSES)}
    found["short_of_tankers"] = float(added(daily.flow("short").ravel()))
    return found


def _people(daily: Daily) -> dict[str, float]:
    plan = daily.record.plan
    met = (daily.by_town("burned") / daily.by_town("need")).tolist()
    name = plan.towns.name[plan.hub]
    found = {column_of("need_met", plan.towns.name[town]): share for town, share in zip(daily.places, met, strict=True)}
    hub = found[column_of("need_met", name)]
    sums = {column: added(daily.hub(column)).tolist() for column in ("burned", "need", "sold", "wanted")}
    for k, product in enumerate(daily.products):
        label, wanted = plan.products.name[product], sums["wanted"][k]
        found[column_of("need_met", name, label)] = sums["burned"][k] / sums["need"][k]
        found[column_of("fill_rate", name, label)] = sums["sold"][k] / wanted if wanted > 0.0 else NAN
    found["worst_town_need_met"] = min(met)
    found["worst_town_ratio"] = min(met) / hub if hub > 0.0 else NAN
    used, needed = daily.users("used"), daily.users("need")
    for user, label in enumerate(plan.users.name):
        need = float(added(needed[user]))
        found[column_of("served", user=label)] = float(added(used[user])) / need if need > 0.0 else NAN
    prices = np.array([plan.products.price[product] for product in daily.products])
    above = (daily.towns("price_index") - 1.0) * prices * 1000.0
    unmet = np.maximum(0.0, daily.towns("need") - daily.towns("burned"))
    found["household_cost"] = float(added((unmet * above).ravel())) / plan.policy.exchange * MILLION
    return found


def _towns(daily: Daily) -> dict[str, float]:
    found = {}
    lowest = daily.cover.min(axis=0).tolist()
    for k, town in enumerate(daily.places):
        name = daily.record.plan.towns.name[town]
        found[column_of("half_shut", name)] = half_shut(daily, k)
        found[column_of("lowest_cover", name)] = lowest[k]
    return found


def _hub(daily: Daily) -> dict[str, float]:
    shares = daily.lead("open_share").tolist()
    dry = longest = 0
    for share in shares:
        dry = dry + 1 if share < 0.1 else 0
        longest = max(longest, dry)
    wanted = float(added(daily.lead("wanted")))
    powered = _power(daily)
    return {
        "days_half_closed": float(len([share for share in shares if share < HALF])),
        "longest_dry_spell": float(longest),
        "days_short": float(len([fill for fill in daily.fill if fill < SHORT])),
        "first_shortage": first_shortage(daily),
        "recovery": recovery(daily),
        "lowest_cover": float(daily.cover[:, daily.places.index(daily.record.plan.hub)].min()),
        "lag_loss_to_pump": loss_to_pump(daily),
        "lag_convoy_to_relief": convoy_to_relief(daily),
        "queue_hours": float(added(daily.lead("queue_hours") * daily.lead("wanted"))) / wanted if wanted > 0.0 else 0.0,
        "power_hours": total(powered) / len(powered) if powered else NAN,
    }


def _power(daily: Daily) -> list[float]:
    """Return hours of power by day and town with power stations."""
    plan = daily.record.plan
    used, needed = daily.users("used"), daily.users("need")
    sums: dict[int, tuple[NDArray[np.float64], NDArray[np.float64]]] = {}
    for user in used:
        if plan.users.power[user]:
            some, need = sums.get(plan.users.town[user], (0.0, 0.0))
            sums[plan.users.town[user]] = some + used[user], need + needed[user]
    days = zip(*(zip(some.tolist(), need.tolist(), strict=True) for some, need in sums.values()), strict=True)
    return [
        power_hours(plan.policy.power_hours, plan.policy.power_thermal, some / need)
        for towns in days
        for some, need in towns
        if need > 0.0
    ]


def _escorts(daily: Daily) -> dict[str, float]:
    record, plan = daily.record, daily.record.plan
    hours = dollars = 0.0
    for pool, duty in enumerate(record.unit_hours):
        hours += duty
        dollars += duty * plan.escorts.cost[pool]
    escorted = daily.imports[record.convoys["corridor"]] & (record.convoys["escort"] != 0)
    arrived = float(added(record.convoys["arrived"][escorted]))
    delivered = total(daily.imported)
    lost = float(added(record.encounters["lost"]))
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
