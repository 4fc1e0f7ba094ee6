"""Reading a replication's record day by day, for the measures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from sim.plan.sections import EXOGENOUS, IMPORT

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.model.record import FlowRow, Record, TownRow

SHORT = 0.8
"""Sold over wanted under which a day is one of shortage."""


@dataclass(frozen=True)
class Daily:
    """A record with the sums that several measures share."""

    record: Record

    @cached_property
    def by_town(self) -> list[list[TownRow]]:
        """Rows of each town, in the plan's order; none for a town that needs nothing."""
        found: list[list[TownRow]] = [[] for _ in self.record.plan.towns.name]
        for row in self.record.towns:
            found[row.town].append(row)
        return found

    def lead(self, town: int) -> list[TownRow]:
        """Return a town's rows of the lead product, a day each."""
        product = self.record.plan.lead
        return [row for row in self.by_town[town] if row.product == product]

    @cached_property
    def hub(self) -> list[TownRow]:
        """Rows of the hub and the lead product, a day each."""
        return self.lead(self.record.plan.hub)

    @cached_property
    def fill(self) -> list[float]:
        """Sold over wanted of the lead product in the hub by day.

        Where nothing was wanted: 0 if no station had any (all who want it already wait), else 1.
        """
        return [row.sold / row.wanted if row.wanted > 0.0 else float(row.open_share > 0.0) for row in self.hub]

    @cached_property
    def imports(self) -> frozenset[int]:
        """Import corridors."""
        return frozenset(c for c, kind in enumerate(self.record.plan.corridors.kind) if kind == IMPORT)

    @cached_property
    def abroad(self) -> frozenset[int]:
        """Import and exogenous corridors."""
        kinds = self.record.plan.corridors.kind
        return frozenset(c for c, kind in enumerate(kinds) if kind in (IMPORT, EXOGENOUS))

    @cached_property
    def imported(self) -> list[float]:
        """Volume that cleared customs, m3 by day."""
        volumes = [0.0] * self.record.plan.days
        for row in self.record.imports:
            volumes[row.day] += row.volume
        return volumes

    def cover(self, town: int) -> list[float]:
        """Return days of cover of a town that needs fuel, all pump products together, by day."""
        stock, need = [0.0] * self.record.plan.days, [0.0] * self.record.plan.days
        for row in self.by_town[town]:
            stock[row.day] += row.stock + row.station_stock
            need[row.day] += row.need
        return [s / n for s, n in zip(stock, need, strict=True)]

    def flow(self, value: Callable[[FlowRow], float], days: range | None = None) -> float:
        """Return a sum over the import corridors' rows."""
        total = 0.0
        for row in self.record.flows:
            if row.corridor in self.imports and (days is None or row.day in days):
                total += value(row)
        return total

    def need_per_day(self) -> float:
        """Return what the country uses in a day, pump and large users, m3."""
        plan = self.record.plan
        total = 0.0
        for p, need in enumerate(plan.products.need):
            if plan.products.pump[p]:
                total += need * 24.0
        for need in plan.users.need:
            total += need * 24.0
        return total

    def day_of(self, text: str) -> int:
        """Return the day of a date written 2025_10_07; it may lie outside the run."""
        year, month, day = (int(part) for part in text.split("_"))
        return (self.record.plan.start.replace(year=year, month=month, day=day) - self.record.plan.start).days

    def months(self) -> dict[str, range]:
        """Return the days of each calendar month of the run, by name (2025_09)."""
        found: dict[str, list[int]] = {}
        for day in range(self.record.plan.days):
            date = self.record.plan.start + timedelta(days=day)
            found.setdefault(f"{date:%Y_%m}", []).append(day)
        return {name: range(days[0], days[-1] + 1) for name, days in found.items()}
