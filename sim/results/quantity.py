"""Numbers that a calibration reads off a replication: statistics of its tables over some days, or measures."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from math import inf, nan
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from sim.plan.sections import NATIONAL
from sim.record import FLOWS, TOWNS
from sim.results.daily import Daily, added, closed_days
from sim.results.measures import is_named, measures, named
from sim.results.measures.imports import ML
from sim.results.never import date_of

Statistic = Literal["mean", "total", "least", "most", "count", "days under", "days over", "first under", "first over"]
OF_CONVOYS: Final = ("tankers", "lost", "arrived")
OF_TABLES: Final[dict[str, tuple[str, ...]]] = {
    "towns": (*TOWNS[3:], "fill", "need_met"),
    "flows": FLOWS[2:],
    "convoys": OF_CONVOYS,
    "encounters": ("lost", "killed", "abducted"),
    "imports": ("volume",),
}
RATIOS: Final = {"fill": ("sold", "wanted"), "need_met": ("burned", "need")}


class Seen(Daily):
    """A record with what several quantities share."""

    @cached_property
    def measured(self) -> dict[str, float]:
        """All measures without a date in their name."""
        return measures(self.record)


@dataclass(frozen=True)
class Quantity:
    """A number of a replication.

    Parameters
    ----------
    table, column
        What is read; ``measure`` in their place names a measure.
    town, product
        Indices of the plan, for towns.
    corridors
        Indices of the plan, for flows and convoys.
    first, last
        Days of the run, both included.
    statistic, threshold
        What is made of the days or convoys.  A first day that never comes is the day after the last, as is a date of a
        measure (see `sim.results.never`).
    flags
        Which convoys count: (escorted, hit, ground beside the army, air), None for all; ``by`` says which of their
        days counts.
    """

    table: str = ""
    column: str = ""
    measure: str = ""
    town: int = 0
    product: int = 0
    corridors: tuple[int, ...] = ()
    first: int = 0
    last: int = 0
    statistic: Statistic = "mean"
    threshold: float = nan
    flags: tuple[bool | None, ...] = field(default=(None, None, None, None))
    by: Literal["departed", "arrived"] = "departed"

    def of(self, seen: Seen) -> float:
        """Return the number; NaN where it is not defined."""
        if self.measure:
            if is_named(self.measure):
                return named(seen, self.measure)
            return date_of(self.measure, seen.measured, self.last + 1)
        values = self._values(seen)
        if self.statistic == "count":
            return float(len(values))
        if self.statistic == "total":
            return float(added(values))
        if self.statistic.startswith(("days", "first")):
            met = values < self.threshold if self.statistic.endswith("under") else values > self.threshold
            if self.statistic.startswith("days"):
                return float(np.count_nonzero(met))
            return float(self.first + (met.argmax() if met.any() else len(met)))
        if not len(values):
            return nan if self.statistic == "mean" else 0.0
        if self.statistic == "mean":
            return float(added(values)) / len(values)
        return float(values.min() if self.statistic == "least" else values.max())

    def _values(self, seen: Seen) -> NDArray[np.float64]:
        if self.table == "convoys":
            return self._convoys(seen)
        if self.table == "encounters":
            rows = seen.record.encounters
            ours = (rows["time"] >= 24.0 * self.first) & (rows["time"] < 24.0 * (self.last + 1))
            return rows[self.column][ours].astype(float)
        days = slice(self.first, self.last + 1)
        if self.table == "imports":
            return np.array(seen.imported[days]) * ML
        if self.table == "flows":
            column = seen.record.flows[self.column].reshape(seen.record.plan.days, -1)
            return added(column[days, list(self.corridors)].astype(float))
        return self._town(seen)[days]

    def _town(self, seen: Seen) -> NDArray[np.float64]:
        place, product = seen.places.index(self.town), seen.products.index(self.product)

        def column(name: str) -> NDArray[np.float64]:
            return seen.towns(name)[:, place, product]

        if self.column not in RATIOS:
            return column(self.column)
        over, under = (column(name) for name in RATIOS[self.column])
        # As `Daily.fill`: all who want some already wait. A day closed by rule is none of shortage.
        plan = seen.record.plan
        nothing = (column("open_share") > 0.0) | closed_days(plan, self.town, self.product)
        return np.where(under > 0.0, over / np.where(under > 0.0, under, 1.0), nothing)

    def _convoys(self, seen: Seen) -> NDArray[np.float64]:
        rows = seen.record.convoys
        day = rows["departed"] / 24.0
        if self.by == "arrived":
            day = day + rows["days"]  # NaN on the road: never
        ours = np.isin(rows["corridor"], self.corridors) & (day >= self.first) & (day < self.last + 1)
        if self.by == "arrived":
            ours &= rows["turned_back"] == 0
        ground = seen.record.plan.protection.ground
        tests = (
            rows["escort"] != 0,
            rows["lost"] > 0,
            rows["escort"] & ground & ~NATIONAL != 0,
            rows["escort"] & ~ground != 0,
        )
        for wanted, met in zip(self.flags, tests, strict=True):
            if wanted is not None:
                ours &= met == wanted
        return rows[self.column or "tankers"][ours].astype(float)


@dataclass(frozen=True)
class Condition:
    """A number within bounds."""

    quantity: Quantity
    low: float = -inf
    high: float = inf

    def holds(self, seen: Seen) -> bool:
        """Say whether it holds."""
        return self.low <= self.quantity.of(seen) <= self.high


@dataclass(frozen=True)
class Asked:
    """A quantity, less another, asked only where a condition holds (else NaN)."""

    quantity: Quantity
    minus: Quantity | None = None
    given: Condition | None = None

    def of(self, seen: Seen) -> float:
        """Return the number; NaN if it is not asked or not defined."""
        if self.given is not None and not self.given.holds(seen):
            return nan
        value = self.quantity.of(seen)
        return value if self.minus is None else value - self.minus.of(seen)
