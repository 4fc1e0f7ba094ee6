"""The best of several alternatives, by a published procedure with a guarantee."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.errors import StudyError

FIRST = 30
"""Observations of the first stage. Differences between strategies are 0 in many draws and large in a few, so that the
variance of ten, the usual first stage, is often far too low, and an alternative is ruled out that later leads."""
Outcome = Literal["selected", "tied", "open", "few", "undefined"]
ROUNDING = 1e-9
"""Differences that vary by no more than this share of the smallest one worth having do not vary."""


@dataclass(frozen=True)
class Selection:
    """What the procedure chose.

    Parameters
    ----------
    best
        The alternative selected, or None.
    contenders
        Those not ruled out, in the order given; the best alone if there is one.
    outcome
        ``selected``; ``tied``, the contenders are the same in every observation, so that there is nothing to choose
        between them; ``open``, the observations ran out with more than one left; ``few``, there are fewer than the
        first stage takes; ``undefined``, the measure is undefined in some, so that means cannot be compared.
    used, available
        Observations (draws of the parameters) that it took to decide, and those there are.
    worth
        Smallest difference worth having, in the measure's unit.
    confidence
        If the best is better than every other by ``worth`` or more, the chance that it is the one selected is at least
        this, for means over the parameter ranges as they are and about normal means of pairs.
    first
        Observations of the first stage, which estimates the variances.
    procedure
        Name and source, for the note under a table.
    """

    best: str | None
    contenders: tuple[str, ...]
    outcome: Outcome
    used: int
    available: int
    worth: float
    confidence: float
    first: int
    procedure: str = "KN (Kim and Nelson 2001)"


def cluster_means(series: pd.Series[float], drawn: bool) -> NDArray[np.float64]:
    """Return the independent observations of a measure: means of pairs, or all values if nothing was drawn.

    A pair of which one replication was not run is left out, for its mean would vary more than the others'; one in
    which the measure is undefined gives NaN.
    """
    series = series.sort_index()
    if not drawn:
        return np.asarray(series, dtype=np.float64)
    pairs = series.groupby(series.index // 2)
    return np.asarray(pairs.mean(skipna=False)[pairs.size() == 2], dtype=np.float64)


def select(
    values: Mapping[str, NDArray[np.float64]], better: int, worth: float, confidence: float = 0.95, first: int = FIRST
) -> Selection:
    """Select the best alternative by KN, or say which remain.

    KN takes one observation of every alternative at a time and drops one as soon as it falls too far behind another.
    It uses the variances of paired differences, and so holds under common random numbers and gains by them.

    Source: S.-H. Kim, B. L. Nelson (2001), "A fully sequential procedure for indifference-zone selection in
    simulation", ACM TOMACS 11(3), 251-273, doi:10.1145/502109.502111, with c = 1.

    Parameters
    ----------
    values
        Observations of the goal by alternative, each of shape (draws,), see `cluster_means`; the same draws in the same
        order in all.
    better
        1 where more is better, -1 where less is.
    worth
        Smallest difference worth having, in the measure's unit; the procedure is indifferent to less.
    confidence
        Between 1 / alternatives and 1.
    first
        Observations of the first stage, see `FIRST`.

    Raises
    ------
    StudyError
        If an argument is out of its range.
    """
    names, k = tuple(values), len(values)
    if k < 2:
        raise StudyError(f"cannot select the best of {k} alternatives; expected two or more", value=k)
    if better not in (-1, 1):
        raise StudyError("cannot select by a measure that is neither better high nor better low", value=better)
    if not worth > 0.0:
        raise StudyError(f"a smallest difference worth having of {worth:g}; expected more than 0", value=worth)
    if not 1.0 / k < confidence < 1.0:
        raise StudyError(f"confidence {confidence:g}; expected more than 1/{k} and less than 1", value=confidence)
    if first < 2:
        raise StudyError(f"a first stage of {first} observations; expected two or more", value=first)
    data = better * np.array([values[name] for name in names], dtype=float)
    n = data.shape[1]
    outcome: Outcome = "undefined" if np.isnan(data).any() else "few"
    left, used = [*range(k)], 0
    if outcome == "few" and n >= first:
        left, used, outcome = _kn(data, worth, 1.0 - confidence, first)
    best = names[left[0]] if outcome == "selected" else None
    return Selection(best, tuple(names[i] for i in left), outcome, used, n, worth, confidence, first)


def _kn(data: NDArray[np.float64], worth: float, alpha: float, first: int) -> tuple[list[int], int, Outcome]:
    """Return those not ruled out (more is better), the observations that it took, and the outcome."""
    k, n = data.shape
    eta = ((2.0 * alpha / (k - 1)) ** (-2.0 / (first - 1)) - 1.0) / 2.0
    h_squared = 2.0 * eta * (first - 1)
    differences = data[:, None] - data
    early = differences[:, :, :first]
    variance = early.var(axis=-1, ddof=1)
    # Differences that are all the same in the first stage but not later: their variance is not 0 but unknown, and the
    # first difference to come would rule one out for good. Neither is ruled out by the other.
    still, stays = (np.ptp(d, axis=-1) <= ROUNDING * worth for d in (early, differences))
    variance[still & ~stays] = np.inf
    same = (differences == 0.0).all(axis=-1)
    means = data.cumsum(axis=1) / np.arange(1, n + 1)
    left, used = np.arange(k), first
    for r in range(first, n + 1):
        # Alternatives that are the same in every observation would be carried to the end of the data.
        if same[np.ix_(left, left)].all():
            break
        slack = np.maximum(0.0, h_squared * variance / (2.0 * worth * r) - worth / 2.0)
        mean = means[left, r - 1]
        left, used = left[(mean[:, None] >= mean - slack[np.ix_(left, left)]).all(axis=1)], r
    outcome: Outcome = "open"
    if same[np.ix_(left, left)].all():
        outcome = "selected" if len(left) == 1 else "tied"
    return left.tolist(), used, outcome
