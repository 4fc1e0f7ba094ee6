"""Dates that never came: the one rule by which they count in whatever is shown, kept, compared and ranked.

A first shortage, or a town's first day with most stations shut, that never came counts as the day after the last: later
than all days of the run.  So does a recovery that did not come after a shortage; without a shortage there is nothing to
recover from, and it stays undefined.  The table of measures itself holds NaN.

What sums up a date is the day by which a share of all replications have it (`by_share`): that stays the same when the
run is made longer and nothing changes before its end, as neither a mean nor a median of those that have it does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.results.measures import dated, goal

if TYPE_CHECKING:
    import pandas as pd


def with_dates(measures: pd.DataFrame, days: int) -> pd.DataFrame:
    """Return measures with dates that never came as the day after the last of so many.

    Parameters
    ----------
    measures
        A column a measure, as in the table of measures; with a recovery, first_shortage too.
    days
        Days of the run.
    """
    filled = {}
    for name in measures.columns:
        if dated(name):
            column = measures[name].fillna(float(days))
            needed = goal(name).needs
            filled[name] = column.where(measures[needed].notna()) if needed else column
    return measures.assign(**filled)


def by_share(dates: pd.Series, share: float, days: int) -> float:
    """Return the day by which a share of all replications have a date; ``days`` if it is after the last of so many.

    NaN counts as a date that has not come.  It is the least day on which the share is reached, never one between a
    date and none (the first definition of R. Hyndman and Y. Fan (1996), "Sample quantiles in statistical packages",
    The American Statistician 50, 361-365).
    """
    return float(np.quantile(dates.fillna(float(days)).to_numpy(dtype=float), share, method="inverted_cdf"))


def needed_with(measure: str) -> tuple[str, ...]:
    """Return a measure and what must be known to say whether it never came."""
    return (measure, *filter(None, (goal(measure).needs,)))


def date_of(measure: str, values: dict[str, float], days: int) -> float:
    """Return a measure of one replication; a date that never came is the day after the last of so many."""
    value, needed = values[measure], goal(measure).needs
    if value == value or not dated(measure) or (needed and values[needed] != values[needed]):
        return value
    return float(days)
