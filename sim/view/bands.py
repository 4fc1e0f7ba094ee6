"""Bands over replications: the mean, the median and the 5, 25, 75 and 95 % points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.language import say
from sim.results.measures import dated
from sim.results.never import by_share
from sim.rules.steps import WEEK

if TYPE_CHECKING:
    from pandas import DataFrame, Series

FEW = 5
"""With fewer values than this, a band runs from the lowest to the highest: 5 and 95 % points would be invented."""


@dataclass(frozen=True)
class Band:
    """Spread of one number over the replications in which it is defined.

    ``count`` of ``total`` replications have a value; all other fields are NaN if none has.  ``low`` and ``high`` are
    the 5 and 95 % points, or the lowest and highest of fewer than five values.  Of a date they and the median are days
    by which so many of all replications have it; in ``never`` of them it did not come.
    """

    mean: float
    median: float
    low: float
    high: float
    count: int
    total: int
    never: int = 0

    @property
    def came(self) -> int:
        """How many replications have it, and not only as a date that never came."""
        return self.count - self.never

    @property
    def wide(self) -> bool:
        """Whether there is more than one replication, and so a band at all."""
        return self.total > 1

    @property
    def few(self) -> bool:
        """Whether the band is that from the lowest to the highest value."""
        return self.count < FEW

    @property
    def name(self) -> str:
        """What the band is, in words."""
        return band_name(self.count)


def band_name(count: int) -> str:
    """Name of a band of so many values."""
    return say("lowest–highest") if count < FEW else say("5–95 %")


def band(values: Series) -> Band:
    """Band of a column of the measures table, 5 to 95 %, by linear interpolation between order statistics.

    Of fewer than five values, from the lowest to the highest.
    """
    defined = values.astype(float).dropna().to_numpy()
    if not defined.size:
        return Band(np.nan, np.nan, np.nan, np.nan, 0, len(values))
    low, high, median = (float(point) for point in np.quantile(defined, (*_ends(defined.size), 0.5)))
    return Band(float(defined.mean()), median, low, high, int(defined.size), len(values))


def measured(measures: DataFrame, name: str, days: int) -> Band:
    """Band of a measure; of a date that of `sim.results.never.by_share`, over all replications."""
    values = measures[name]
    if not dated(name):
        return band(values)
    least, most = _ends(len(values))
    low, median, high = (by_share(values, share, days) for share in (least, 0.5, most))
    never = int(values.isna().sum())
    return Band(np.nan if never else float(values.mean()), median, low, high, len(values), len(values), never)


def _points(count: int) -> tuple[float, ...]:
    low, high = _ends(count)
    return (low, 0.25, 0.5, 0.75, high)


def _ends(count: int) -> tuple[float, float]:
    return (0.0, 1.0) if count < FEW else (0.05, 0.95)


@dataclass(frozen=True)
class Fan:
    """Bands over time: arrays of one length, ``x`` in matplotlib's days."""

    x: NDArray[np.float64]
    mean: NDArray[np.float64]
    median: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    quarter: NDArray[np.float64]
    three_quarters: NDArray[np.float64]
    total: int


def matrix(frame: DataFrame, column: str) -> DataFrame:
    """Sum a column into a table of day (rows) and replication (columns), NaN where there is nothing to sum."""
    from pandas import DataFrame, Index, factorize

    row, rows = factorize(frame["day"], sort=True)
    place, columns = factorize(frame["replication"], sort=True)
    cell, cells = row * len(columns) + place, len(rows) * len(columns)
    # A pivot table does the same in ten times the time.
    sums = np.bincount(cell, frame[column], cells)
    sums[np.bincount(cell, minlength=cells) == 0] = np.nan
    return DataFrame(sums.reshape(len(rows), len(columns)), Index(rows, name="day"), Index(columns, name="replication"))


def threads(table: DataFrame, under: float) -> DataFrame:
    """Return a few of the columns of a table of day and replication: those that stand for all where bands do not.

    By how many days they are under a level, those at the points of a band (`fan`) and at its quarters and middle, each
    once, the fewest days first.
    """
    order = (table < under).sum().sort_values(kind="stable").index
    last = len(order) - 1
    return table[[order[place] for place in dict.fromkeys(round(share * last) for share in _points(len(order)))]]


def weekly(daily: DataFrame) -> DataFrame:
    """Mean per day of each week since the start; a last, incomplete week is the mean of its own days."""
    means = daily.groupby(daily.index // WEEK).mean()
    means.index.name = "week"
    return means


def fan(table: DataFrame, x: NDArray[np.float64]) -> Fan:
    """Bands along the rows of a table with a column per replication."""
    values = table.to_numpy(dtype=float)
    points = (*_ends(values.shape[1]), 0.25, 0.5, 0.75)
    low, high, quarter, median, three_quarters = np.quantile(values, points, axis=1)
    return Fan(x, values.mean(axis=1), median, low, high, quarter, three_quarters, values.shape[1])
