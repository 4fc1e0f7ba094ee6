"""A plain mass balance of the country: a forecast that needs no model of roads, convoys or people."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import isnan, nan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.plan.plan import Plan
from sim.results.daily import added
from sim.results.measures.imports import ML
from sim.results.quantity import Seen
from sim.scenario.targets import Targets
from sim.study.bound import Series


@dataclass(frozen=True)
class Balanced(Seen):
    """A country in which all are served until nothing is left: stock, documented imports, need.

    Parameters
    ----------
    record
        A replication, for its stock on the day before imports are documented, and its need.
    documented
        Imports by day, ML; NaN where none are documented, and as much comes as is needed.
    """

    documented: NDArray[np.float64]

    def towns(self, column: str) -> NDArray[Any]:
        """Return a column of the towns' table: shares of need that are met; NaN where a balance says nothing."""
        served = self.served
        if column in ("wanted", "need"):
            served = np.ones_like(served)
        elif column not in ("open_share", "open_any", "sold", "burned"):
            served = np.full_like(served, nan)
        return np.broadcast_to(served[:, None, None], (len(served), len(self.places), len(self.products)))

    @cached_property
    def served(self) -> NDArray[np.float64]:
        """The share of need met by day: all until the stock is gone, then what comes."""
        plan, rows = self.record.plan, self.record.stocks
        known = ~np.isnan(self.documented)
        first = int(known.argmax()) if known.any() else 0
        inside = np.zeros(plan.days)
        for column in ("depots", "stations", "users", "lots", "inside"):
            inside += added(rows[column].reshape(plan.days, -1))
        need = self.need_per_day()
        stock, shares = float(inside[max(0, first - 1)]), np.ones(plan.days)
        for day in range(first, plan.days):
            came = need if isnan(self.documented[day]) else self.documented[day] / ML
            used = min(need, stock + came)
            shares[day] = used / need
            stock += came - used
        return shares


def imported(targets: Targets, series: Series, plan: Plan) -> NDArray[np.float64]:
    """Return documented imports by day, ML, spread evenly over the windows of the targets that state them."""
    imports = np.full(plan.days, nan)
    for target in targets.root.targets.values():
        quantity = target.quantity
        if quantity.table != "imports" or target.series not in ("both", series) or target.low is None:
            continue
        days = [
            else_ if moment is None else int(moment.hours(plan.start)[0] // 24.0)
            for moment, else_ in ((quantity.from_, 0), (quantity.to, plan.days - 1))
        ]
        middle = (target.low + (target.high or target.low)) / 2.0
        imports[max(0, days[0]) : days[1] + 1] = middle / (days[1] + 1 - days[0])
    return imports
