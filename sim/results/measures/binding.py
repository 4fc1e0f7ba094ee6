"""What held the flow of fuel back, week by week."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.model.geography import needs
from sim.plan.plan import Plan
from sim.results.causes import BINDS, CAUSES
from sim.results.daily import WEEK, Daily, added
from sim.results.measures.definition import declare
from sim.rules.orders import capacity
from sim.rules.steps import at

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
    found = []
    for week, first in enumerate(range(0, plan.days, WEEK)):
        days = range(first, min(first + WEEK, plan.days))
        imported = 0.0
        for day in days:
            imported += daily.imported[day]
        enough = imported >= ENOUGH * need * len(days) or stock[days[-1]] >= ENOUGH * aim
        most = max(waiting, key=lambda cause: (waiting[cause][week], cause))
        found.append("none" if enough or waiting[most][week] <= 0.0 else most)
    return found


def _waiting(daily: Daily) -> dict[str, list[float]]:
    """Return the tanker-days that each cause held back, by week."""
    plan, loaded, arrived = daily.record.plan, daily.flow("loaded"), daily.flow("arrived")
    lacking = {"tankers": daily.flow("no_tanker"), "crews": daily.flow("no_crew")}
    customs = np.array([at(*steps, 0.0) for steps in plan.corridors.customs])[daily.imports]
    terms = {cause: [daily.flow(f"waiting_{cause}")] for cause in CAUSES}
    terms["loading"] = [daily.flow("short") - lacking["tankers"] - lacking["crews"], *terms["loading"], -(0.5 * loaded)]
    terms["customs"] += [-(arrived * customs / 24.0)]
    return {
        **{cause: _weekly(one) for cause, one in lacking.items()},
        **{cause: _weekly(*some) for cause, some in terms.items()},
    }


def _weekly(*terms: NDArray[Any]) -> list[float]:
    """Return sums by week of terms of shape (days, corridors), one addition after the other: day, corridor, term."""
    days, corridors = terms[0].shape
    weeks = -(-days // WEEK)
    whole = np.zeros((weeks * WEEK, corridors, len(terms)))
    for k, term in enumerate(terms):
        whole[:days, :, k] = term
    found: list[float] = added(whole.reshape(weeks, -1)).tolist()
    return found


def _aim(plan: Plan) -> float:
    """Return the pump fuel that all depots together aim to hold, m3."""
    aim, least = 0.0, plan.policy.least_tank * plan.fleet.load
    for town, need in enumerate(needs(plan)):
        for product, one in enumerate(need):
            if plan.products.pump[product]:
                room = capacity(plan.towns.capacity[town], one, plan.products.cover[product], least)
                aim += room * plan.towns.target[town]
    return aim


def _weeks(bound: str, daily: Daily) -> float:
    return float(daily.once(by_week).count(bound))


for _bound, _words in BINDS.items():
    declare(
        f"Weeks bound by {_words}",
        kind=f"weeks_bound_{_bound}",
        meaning=_words,
        counts="weeks",
        most=lambda days: float(-(-days // WEEK)),
    )(partial(_weeks, _bound))
