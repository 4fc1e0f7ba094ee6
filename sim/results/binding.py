"""What held the flow of fuel back, week by week."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.model.geography import needs
from sim.results.daily import Daily
from sim.rules.steps import at

if TYPE_CHECKING:
    from sim.plan.plan import Plan

CAUSES = ("loading", "closed", "refusal", "escort", "rule", "customs", "unloading")
BOUNDS = ("none", "tankers", "crews", *CAUSES)
ENOUGH = 0.95
"""Share of the country's use that imports of a week must reach for nothing to bind."""


def by_week(daily: Daily) -> list[str]:
    """Return for each whole or begun week what bound.

    ``none`` when imports reached 95 % of the country's use, when depots ended the week with 95 % of the pump fuel that
    orders aim for, or when nothing waited; else the cause with most tanker-days on the import corridors: tankers
    lacking for orders, or laden tankers waiting.  Customs count with their delay beyond that of the first day, which
    is part of a trip in peace, loading beyond half a day a load, since all orders come at midnight.
    """
    plan, rows = daily.record.plan, daily.record.flows
    aim = _aim(plan)
    stock = [0.0] * plan.days
    for town in daily.record.towns:
        stock[town.day] += town.stock
    found = []
    for first in range(0, plan.days, 7):
        days = range(first, min(first + 7, plan.days))
        imported = 0.0
        for day in days:
            imported += daily.imported[day]
        waiting = dict.fromkeys(BOUNDS[1:], 0.0)
        for row in rows:
            if row.day not in days or row.corridor not in daily.imports:
                continue
            waiting["tankers"] += row.no_tanker
            waiting["crews"] += row.no_crew
            waiting["loading"] += row.short - row.no_tanker - row.no_crew
            for cause in CAUSES:
                waiting[cause] += getattr(row, f"waiting_{cause}")
            waiting["loading"] -= 0.5 * row.loaded
            waiting["customs"] -= row.arrived * at(*plan.corridors.customs[row.corridor], 0.0) / 24.0
        enough = imported >= ENOUGH * daily.need_per_day() * len(days) or stock[days[-1]] >= ENOUGH * aim
        most = max(waiting, key=lambda cause: (waiting[cause], cause))
        found.append("none" if enough or waiting[most] <= 0.0 else most)
    return found


def _aim(plan: Plan) -> float:
    """Return the pump fuel that all depots together aim to hold, m3."""
    aim = 0.0
    for town, need in enumerate(needs(plan)):
        pump = whole = 0.0
        for product, one in enumerate(need):
            whole += one
            if plan.products.pump[product]:
                pump += one
        if whole > 0.0:
            aim += plan.towns.capacity[town] * plan.towns.target[town] * pump / whole
    return aim
