"""Reading a replication's record day by day, for the measures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache, cached_property
from itertools import compress, groupby
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.plan.plan import Plan
from sim.plan.sections import IMPORT
from sim.record import Record
from sim.rules.steps import total

SHORT = 0.8
"""Sold over wanted under which a day is one of shortage."""
HALF = 0.5
"""Share of a town's stations open under which a day is one with most of them shut."""
DRY = 0.1
"""Share of a town's stations open under which a day is one of a dry spell."""
T = TypeVar("T")


def added(values: NDArray[Any]) -> NDArray[Any]:
    """Return sums along the last axis, one addition after the other as `sim.rules.steps.total` does; 0 of nothing."""
    return np.add.accumulate(values, -1)[..., -1] if values.shape[-1] else np.zeros(values.shape[:-1])


@dataclass(frozen=True)
class Daily:
    """A record with the sums that several measures share."""

    record: Record
    _known: dict[object, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def once(self, compute: Callable[[Daily], T]) -> T:
        """Return what a function makes of the record, computed when it is first asked for."""
        if compute not in self._known:
            self._known[compute] = compute(self)
        outcome: T = self._known[compute]
        return outcome

    @cached_property
    def places(self) -> list[int]:
        """Towns that need fuel, in the plan's order: those of a day's rows."""
        return list(dict.fromkeys(self._first("towns", "town")))

    @property
    def place_of_hub(self) -> int:
        """The hub's place among these."""
        return self.places.index(self.record.plan.hub)

    @cached_property
    def products(self) -> list[int]:
        """Pump products, in the plan's order: those of a day's rows of each town."""
        return list(dict.fromkeys(self._first("towns", "product")))

    def _first(self, table: str, column: str) -> list[int]:
        """Return a column's values of the first day."""
        values: NDArray[Any] = getattr(self.record, table)[column]
        first: list[int] = values[: len(values) // self.record.plan.days].tolist()
        return first

    def towns(self, column: str) -> NDArray[Any]:
        """Return a column of the towns' table, shape (days, towns that need fuel, pump products)."""
        return self.record.towns[column].reshape(self.record.plan.days, len(self.places), len(self.products))

    def by_town(self, column: str) -> NDArray[Any]:
        """Return the sum of a column over days and products, by town that needs fuel."""
        return added(self.towns(column).swapaxes(0, 1).reshape(len(self.places), -1))

    def hub(self, column: str) -> NDArray[Any]:
        """Return a column of the hub's rows, shape (pump products, days)."""
        return self.towns(column)[:, self.place_of_hub].T

    def lead(self, column: str) -> NDArray[Any]:
        """Return a column of the hub and the lead product, by day."""
        return self.hub(column)[self.products.index(self.record.plan.lead), :]

    @cached_property
    def fill(self) -> list[float]:
        """Sold over wanted of the lead product in the hub by day; NaN on a day closed by rule.

        Where nothing was wanted: 0 if no station had any (all who want it already wait), else 1.
        """
        rows = zip(*(self.lead(name).tolist() for name in ("sold", "wanted", "open_share")), self.closed, strict=True)
        return [
            float("nan") if closed else sold / wanted if wanted > 0.0 else float(share > 0.0)
            for sold, wanted, share, closed in rows
        ]

    @cached_property
    def closed(self) -> list[bool]:
        """Whether the hub sold none of the lead product by rule, by day."""
        plan = self.record.plan
        return closed_days(plan, plan.hub, plan.lead)

    @cached_property
    def short(self) -> list[bool]:
        """Whether a day was one of shortage; one closed by rule is what the day before it was."""
        short = False
        return [short := short if closed else fill < SHORT for fill, closed in zip(self.fill, self.closed, strict=True)]

    @cached_property
    def imports(self) -> NDArray[np.bool_]:
        """Whether a corridor is one of imports."""
        return np.array([kind == IMPORT for kind in self.record.plan.corridors.kind], bool)

    @cached_property
    def escorted(self) -> NDArray[np.bool_]:
        """Whether a convoy is one of an import corridor that left with an escort."""
        rows = self.record.convoys
        escorted: NDArray[np.bool_] = self.imports[rows["corridor"]] & (rows["escort"] != 0)
        return escorted

    @cached_property
    def imported(self) -> list[float]:
        """Volume that cleared customs, m3 by day."""
        rows = self.record.imports
        volumes: list[float] = np.bincount(rows["day"], rows["volume"], self.record.plan.days).tolist()
        return volumes

    @cached_property
    def cover(self) -> NDArray[Any]:
        """Days of cover, all pump products together, shape (days, towns that need fuel)."""
        cover: NDArray[Any] = added(self.towns("stock") + self.towns("station_stock")) / added(self.towns("need"))
        return cover

    def flow(self, column: str) -> NDArray[Any]:
        """Return a column of the flows' table, shape (days, import corridors)."""
        return self.record.flows[column].reshape(self.record.plan.days, -1)[:, self.imports]

    def users(self, column: str) -> dict[int, NDArray[Any]]:
        """Return a column of the users' table, by user and day."""
        values = self.record.users[column].reshape(self.record.plan.days, -1)
        return dict(zip(self._first("users", "user"), values.T, strict=True))

    def need_per_day(self) -> float:
        """Return what the country uses in a day, pump and large users, m3."""
        products, users = self.record.plan.products, self.record.plan.users
        return total(need * 24.0 for need in (*compress(products.need, products.pump), *users.need))

    def day_of(self, text: str) -> int:
        """Return the day of a date written 2025-10-07; it may lie outside the run."""
        return (date.fromisoformat(text) - self.record.plan.start.date()).days

    def months(self) -> dict[str, range]:
        """Return the days of each calendar month of the run, by name (2025-09)."""
        return months(self.record.plan.start, self.record.plan.days)


def month(day: date) -> str:
    """Return the month of a day as measures write it, 2025-10; also of years of fewer than four digits."""
    return day.isoformat()[:7]


def closed_days(plan: Plan, town: int, product: int) -> list[bool]:
    """Return whether a town sold none of a product by rule, by day; as the model, looked up at midnight."""
    rules = plan.rationing
    if not any(rules.closed_days):
        return [False] * plan.days
    return [
        any(
            (plan.weekday + day) % 7 in rules.closed_days[k] and rules.covers(k, product)
            for k in rules.holding(town, day * 24.0)
        )
        for day in range(plan.warmup, plan.warmup + plan.days)
    ]


@cache
def months(start: datetime, days: int) -> dict[str, range]:
    """Return the days of each calendar month of a run of so many days, by name (2025-09)."""
    numbers = groupby(range(days), lambda day: month(start.date() + timedelta(days=day)))
    return {name: range(first, first + 1 + len(others)) for name, (first, *others) in numbers}
