"""What held the flow of fuel back, week by week."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.model.geography import needs
from sim.plan.plan import Plan
from sim.results.daily import Daily, added
from sim.results.measures.definition import declare
from sim.results.measures.waiting import BOUNDS, CAUSE_WORDS, CAUSES
from sim.rules.orders import capacity
from sim.rules.steps import WEEK, at, total

ENOUGH = 0.95
"""Share of the country's use that imports of a week must reach for nothing to bind."""


def by_week(daily: Daily) -> list[str]:
    """Return for each whole or begun week what bound.

    ``none`` when imports reached 95 % of the country's use, when depots ended the week with 95 % of the pump fuel that
    orders aim for, or when nothing waited; else the cause with most tanker-days on the import corridors: tankers
    lacking for orders, or laden tankers waiting.  Customs count with their delay beyond that of the first day, which
    is part of a trip in peace, loading beyond half a day a load, since all orders come at midnight.
    """
    plan = daily.record.plan
    aim, need, waiting = _aim(plan), daily.need_per_day(), _waiting(daily)
    stock = added(daily.towns("stock").reshape(plan.days, -1)).tolist()
    bounds = []
    for week, first in enumerate(range(0, plan.days, WEEK)):
        days = range(first, min(first + WEEK, plan.days))
        imported = total(daily.imported[day] for day in days)
        enough = imported >= ENOUGH * need * len(days) or stock[days[-1]] >= ENOUGH * aim
        most = max(waiting, key=lambda cause: (waiting[cause][week], cause))
        bounds.append("none" if enough or waiting[most][week] <= 0.0 else most)
    return bounds


def _waiting(daily: Daily) -> dict[str, list[float]]:
    """Return the tanker-days that each cause held back, by week."""
    plan, loaded, arrived = daily.record.plan, daily.flow("loaded"), daily.flow("arrived")
    lacking = {"tankers": daily.flow("no_tanker"), "crews": daily.flow("no_crew")}
    customs = np.array([at(*steps, 0.0) for steps in plan.corridors.customs])[daily.imports]
    terms = {cause: [daily.flow(f"waiting_{cause}")] for cause in CAUSES}
    terms["loading"] = [daily.flow("short") - lacking["tankers"] - lacking["crews"], *terms["loading"], -(0.5 * loaded)]
    terms["customs"] += [-(arrived * customs / 24.0)]
    return {
        **{cause: _weekly(tankers) for cause, tankers in lacking.items()},
        **{cause: _weekly(*tankers) for cause, tankers in terms.items()},
    }


def _weekly(*terms: NDArray[Any]) -> list[float]:
    """Return sums by week of terms of shape (days, corridors), one addition after the other: day, corridor, term."""
    days, corridors = terms[0].shape
    weeks = -(-days // WEEK)
    whole = np.zeros((weeks * WEEK, corridors, len(terms)))
    for k, term in enumerate(terms):
        whole[:days, :, k] = term
    sums: list[float] = added(whole.reshape(weeks, -1)).tolist()
    return sums


def _aim(plan: Plan) -> float:
    """Return the pump fuel that all depots together aim to hold, m3."""
    towns, products, least = plan.towns, plan.products, plan.policy.least_tank * plan.fleet.load
    return total(
        capacity(towns.capacity[town], need, products.cover[product], least) * towns.target[town]
        for town, by_product in enumerate(needs(plan))
        for product, need in enumerate(by_product)
        if products.pump[product]
    )


def _weeks(bound: str, daily: Daily) -> float:
    return float(daily.once(by_week).count(bound))


for _bound in BOUNDS:
    declare(
        f"Weeks bound by {CAUSE_WORDS[_bound]}",
        kind=f"weeks_bound_{_bound}",
        meaning=CAUSE_WORDS[_bound],
        counts="weeks",
        most=lambda days: float(-(-days // WEEK)),
    )(partial(_weeks, _bound))
