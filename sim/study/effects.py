"""One alternative beside another in a comparison: by how much it is better, on what that rests, and who feels it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.plan.plan import Plan
from sim.results.measures import goal
from sim.rules.steps import WEEK
from sim.scenario.components import ARMY, effect_path
from sim.scenario.describe import grades_of
from sim.study.alternatives import Alternative
from sim.study.comparison import Comparison
from sim.study.drivers import Tag, Turn, tag, turns_on
from sim.study.intervals import Interval, differences, interval

if TYPE_CHECKING:
    import pandas as pd

SHOWN = 3
"""Parameters that a finding names; all that stand out decide on what it rests."""


class Finding(NamedTuple):
    """An alternative beside another in the measure that ranks.

    Parameters
    ----------
    first, second
        Names: the difference is first less second.
    difference
        Mean paired difference with its 95 % interval.
    won, lost
        Shares of replications in which the first is better, and in which it is worse.
    sure
        1 if the first is surely better (the interval excludes 0), -1 if surely worse, else 0.
    turns
        The parameters on which the difference turns most.
    tag
        How far facts inform them, and what the two differ in: data, both or assumption; None where that cannot be told.
    """

    first: str
    second: str
    difference: Interval
    won: float
    lost: float
    sure: int
    turns: tuple[Turn, ...]
    tag: Tag | None


def judged(comparison: Comparison, name: str) -> pd.Series[float]:
    """Return the measure that ranks, of one alternative, with its dates (see `sim.results.never`)."""
    return comparison.of[name][comparison.goal]


def finding(comparison: Comparison, first: str, second: str) -> Finding:
    """Return what a comparison says of two alternatives in the measure that ranks; see `judged`."""
    better = goal(comparison.goal).better or 1
    values = judged(comparison, first) - judged(comparison, second)
    difference = interval(values, comparison.drawn)
    sure = 1 if better * difference.mean > 0.0 else -1
    if not difference.low > 0.0 and not difference.high < 0.0:
        sure = 0
    parameters = comparison.values(first, second)
    turns = () if comparison.fitted else turns_on(values, parameters, most=parameters.shape[1])
    ours, theirs = (next(a for a in comparison.alternatives if a.name == name) for name in (first, second))
    rests = tag(turns, grades_of(theirs.scenario) | grades_of(ours.scenario), always=_differ(ours, theirs))
    gain = better * values.dropna()
    won, lost = float((gain > 0.0).mean()), float((gain < 0.0).mean())
    return Finding(first, second, difference, won, lost, sure, turns[:SHOWN], rests)


def findings(comparison: Comparison) -> tuple[Finding, ...]:
    """Return every alternative beside the baseline, in order."""
    base = comparison.baseline
    return tuple(finding(comparison, name, base) for name in comparison.names if name != base)


def ranked(comparison: Comparison) -> list[str]:
    """Return the alternatives by their mean in the measure that ranks (see `judged`), the best first."""
    better = goal(comparison.goal).better or 1
    means = {name: better * float(judged(comparison, name).mean()) for name in comparison.names}
    return sorted(comparison.names, key=lambda name: -means[name] if means[name] == means[name] else float("inf"))


def _differ(first: Alternative, second: Alternative) -> list[str]:
    """Return the loss ratios of the components that only one of two strategies has."""
    ours, theirs = components_in(first.plan), components_in(second.plan)
    differing = [name for name in dict.fromkeys((*ours, *theirs)) if (name in ours) != (name in theirs)]
    # What the army does is said relative to no escort.
    return ["escorts.loss_ratio.none" if name == ARMY else effect_path(name, "loss_ratio") for name in differing]


def components_in(plan: Plan) -> list[str]:
    """Return the components that convoys from abroad may have and that have units, in order of bits."""
    wanted = there = 0
    for must, may in zip(plan.strategy.imports.must, plan.strategy.imports.may, strict=True):
        for bits in (*must, may):
            wanted |= bits
    for units, component in zip(plan.escorts.units, plan.escorts.component, strict=True):
        if any(value > 0.0 for value in units.values):
            there |= component
    return [name for k, name in enumerate(plan.protection.name) if (wanted & there) >> k & 1]


KEY = "need"
"""Name of the one measure whose differences are taken, a column a cell."""


def need_differences(comparison: Comparison, name: str, against: str, *, weekly: bool) -> pd.DataFrame:
    """Return the paired difference in need met (fuel used over need) between two alternatives, percentage points.

    Returns
    -------
    DataFrame
        Index town, or (town, week) if weekly; columns mean, low, high (95 % interval of the mean) and sure: whether
        the interval excludes 0, each row by itself.  Only towns that both have.
    """
    keys = ["town", "week"] if weekly else ["town"]
    parts = []
    for alternative in (name, against):
        days = comparison.part("days", ["replication", "town", "day", "burned", "need"], alternative=alternative)
        days["week"] = days.pop("day") // WEEK
        sums = days.groupby(["replication", *keys], observed=True)[["burned", "need"]].sum()
        parts.append((100 * sums["burned"] / sums["need"]).unstack(keys))
    cells = parts[0].columns.intersection(parts[1].columns, sort=False)
    plain = [f"{KEY}_{place}" for place in range(len(cells))]
    ours, base = (part[cells].set_axis(plain, axis=1) for part in parts)
    rows = differences(ours, base, comparison.drawn).loc[plain].set_axis(cells)
    rows = rows[["mean", "mean_low", "mean_high"]].set_axis(["mean", "low", "high"], axis=1)
    return rows.assign(sure=(rows["low"] > 0) | (rows["high"] < 0))


def since(weeks: pd.DataFrame, towns: list[str]) -> int | None:
    """Return the first of two weeks on end in which one of some towns feels a change surely and the same way.

    Parameters
    ----------
    weeks
        What `need_differences` returns by week.
    towns
        Towns to look at.
    """
    way = np.sign(weeks["mean"].where(weeks["sure"], 0.0)).unstack("week").loc[towns].to_numpy()
    twice = (way[:, 1:] == way[:, :-1]) & (way[:, 1:] != 0)
    return int(np.nonzero(twice.any(axis=0))[0][0]) if twice.any() else None
