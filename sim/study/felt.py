"""Who feels a change, and when: paired differences in need met by town and week."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.results.daily import WEEK
from sim.study.paired import differences

if TYPE_CHECKING:
    import pandas as pd

    from sim.study.comparison import Comparison

KEY = "need"
"""Name of the one measure whose differences are taken, a column a cell."""


def felt(comparison: Comparison, name: str, against: str, *, weekly: bool) -> pd.DataFrame:
    """Return the paired difference in need met (fuel used over need) between two alternatives, percentage points.

    Returns
    -------
    DataFrame
        Index town, or (town, week) if weekly; columns mean, low, high (95 % interval of the mean) and sure: whether
        the interval excludes 0, each row by itself.  Only towns that both have.
    """
    import pandas as pd

    keys = ["town", "week"] if weekly else ["town"]
    parts = []
    for one in (name, against):
        days = comparison.part("days", ["replication", "town", "day", "burned", "need"], alternative=one)
        days["week"] = days.pop("day") // WEEK
        sums = days.groupby(["replication", *keys], observed=True)[["burned", "need"]].sum()
        parts.append((100 * sums["burned"] / sums["need"]).unstack(keys))
    cells = parts[0].columns.intersection(parts[1].columns, sort=False)
    plain = pd.Index([f"{KEY}_{place}" for place in range(len(cells))])
    ours, base = (part[cells].set_axis(plain, axis=1) for part in parts)
    found = differences(ours, base, comparison.drawn).loc[list(plain)].set_axis(cells)
    held = found[["mean", "mean_low", "mean_high"]].set_axis(["mean", "low", "high"], axis=1)
    return held.assign(sure=(held["low"] > 0) | (held["high"] < 0))


def since(weeks: pd.DataFrame, towns: list[str]) -> int | None:
    """Return the first of two weeks on end in which one of some towns feels a change surely and the same way.

    Parameters
    ----------
    weeks
        What `felt` returns by week.
    towns
        Towns to look at.
    """
    way = np.sign(weeks["mean"].where(weeks["sure"], 0.0)).unstack("week").loc[towns].to_numpy()
    twice = (way[:, 1:] == way[:, :-1]) & (way[:, 1:] != 0)
    return int(np.nonzero(twice.any(axis=0))[0][0]) if twice.any() else None
