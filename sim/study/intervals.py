"""Means of measures and of paired differences, with intervals that know which replications share their parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.results.measures import goal
from sim.results.variance import split

if TYPE_CHECKING:
    import pandas as pd

Table = TypeVar("Table", "pd.Series[float]", "pd.DataFrame")

LEVEL = 0.95
"""Confidence of intervals."""
BAND = (0.05, 0.95)
"""Points of the replications between which a band runs."""
SHARES = ["luck", "ignorance", "error", "clear"]


class Interval(NamedTuple):
    """A mean and the ends of its interval."""

    mean: float
    low: float
    high: float


def by_draw(values: Table, drawn: bool) -> Table:
    """Return the means over the replications of each draw of the parameters, index draw, leaving out what is NaN.

    Replications 2k and 2k + 1 share draw k; if none is drawn, each replication stands for itself.
    """
    if not drawn:
        return values.rename_axis(index="draw")
    return values.groupby(values.index // 2).mean().rename_axis(index="draw")


def interval(values: pd.Series[float], drawn: bool, level: float = LEVEL) -> Interval:
    """Return the mean of a measure and its t-interval, with the draw of the parameters as the unit.

    Replications that share their parameters are not independent. With a sum of residuals e_g for each of G draws and N
    values in all, the variance of the mean is G/(G − 1) Σ e_g² / N² on G − 1 degrees of freedom: the cluster-robust
    variance of a ratio of sums, right too where a draw has one value because its twin is undefined or was not run. With
    two values in each draw it is the t-interval of the pair means.

    Source: A. C. Cameron, D. L. Miller (2015), "A practitioner's guide to cluster-robust inference", Journal of Human
    Resources 50(2), 317-372, doi:10.3368/jhr.50.2.317, sections II.B and VI.

    Parameters
    ----------
    values
        A measure, index replication; NaN where it is undefined.
    drawn
        Whether parameters were drawn, so that replications 2k and 2k + 1 share theirs.
    level
        Confidence, between 0 and 1.

    Returns
    -------
    Interval
        In the measure's unit; the ends are NaN with fewer than two draws, the mean if there is no value.
    """
    return Interval(*(float(column[0]) for column in _means(values.to_frame(), drawn, level)))


def summary(measures: pd.DataFrame, drawn: bool) -> pd.DataFrame:
    """Return what the replications of one alternative say of each measure.

    Returns
    -------
    DataFrame
        Index measure; columns ``mean``, ``median``, ``low`` and ``high`` (5 and 95 % points of the replications),
        ``mean_low`` and ``mean_high`` (ends of the 95 % interval of the mean, see `interval`), ``defined``
        (replications in which the measure is defined).
    """
    import pandas as pd

    mean, mean_low, mean_high = _means(measures, drawn)
    band = measures.quantile([BAND[0], 0.5, BAND[1]])
    columns = {
        "mean": mean,
        "median": band.loc[0.5].to_numpy(),
        "low": band.loc[BAND[0]].to_numpy(),
        "high": band.loc[BAND[1]].to_numpy(),
        "mean_low": mean_low,
        "mean_high": mean_high,
        "defined": measures.notna().sum().to_numpy(),
    }
    return pd.DataFrame(columns, index=measures.columns.rename("measure"))


def differences(ours: pd.DataFrame, base: pd.DataFrame, drawn: bool) -> pd.DataFrame:
    """Return what the paired differences between two alternatives say of each measure.

    Parameters
    ----------
    ours, base
        Measures of the alternative and of the baseline, index replication; only replications that both have count.
    drawn
        Whether parameters were drawn, so that replications 2k and 2k + 1 share theirs.

    Returns
    -------
    DataFrame
        Index measure, those of either. The columns of `summary`, of the differences ours − base; then

        ``won``, ``tied``, ``lost``
            shares of the replications in which ours is better, the same to the last bit, worse (see
            `sim.results.measures.goal`); NaN for a measure that is neither good nor bad.
        ``crn``
            variance removed by common random numbers, 1 − Var(A − B) / (Var A + Var B): 0 what independent runs would
            give, 1 if all of it goes, negative if pairing does harm; NaN where neither varies, since there is
            nothing to remove.
        ``luck``, ``ignorance``, ``error``, ``clear``
            `sim.results.variance.split` of the differences; NaN and False where no parameter was drawn.

        A replication in which either is undefined is left out: read ``defined`` before a difference of times to an
        event that may never come.
    """
    ours, base = ours.align(base, join="outer", axis=1)
    ours, base = ours.align(base, join="inner", axis=0)
    differs = ours - base
    table = summary(differs, drawn)
    better = np.array([goal(str(name)).better for name in differs.columns], dtype=float)
    gain = differs.to_numpy(dtype=float) * np.where(better == 0.0, np.nan, better)
    count = (~np.isnan(gain)).sum(axis=0)
    for name, holds in (("won", gain > 0.0), ("tied", gain == 0.0), ("lost", gain < 0.0)):
        table[name] = np.divide(holds.sum(axis=0), count, out=np.full(count.shape, np.nan), where=count > 0)
    table["crn"] = _removed(ours.where(differs.notna()), base.where(differs.notna()), differs)
    shares = split(differs) if drawn else None
    table[SHARES[:3]] = np.nan if shares is None else shares[SHARES[:3]]
    table["clear"] = False if shares is None else shares["clear"]
    return table[[*(name for name in table.columns if name != "defined"), "defined"]]


def _means(
    frame: pd.DataFrame, drawn: bool, level: float = LEVEL
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the mean of each column and the ends of its interval."""
    from scipy.special import stdtrit

    data = frame.to_numpy(dtype=float)
    there = ~np.isnan(data)
    replications = frame.index.to_numpy()
    draws, codes = np.unique(replications // 2 if drawn else replications, return_inverse=True)
    nan = np.full(data.shape[1], np.nan)
    values = there.sum(axis=0)
    mean = np.divide(np.where(there, data, 0.0).sum(axis=0), values, out=nan.copy(), where=values > 0)
    residuals, sizes = np.zeros((len(draws), data.shape[1])), np.zeros((len(draws), data.shape[1]))
    np.add.at(residuals, codes, np.where(there, data - mean, 0.0))
    np.add.at(sizes, codes, there)
    groups = (sizes > 0.0).sum(axis=0)
    enough = groups > 1
    scale = np.divide(groups, groups - 1, out=nan.copy(), where=enough)
    error = np.divide(np.sqrt(scale * (residuals**2).sum(axis=0)), values, out=nan.copy(), where=enough)
    half = error * stdtrit(np.maximum(groups - 1, 1), 0.5 + level / 2.0)
    return mean, mean - half, mean + half


def _removed(ours: pd.DataFrame, base: pd.DataFrame, differs: pd.DataFrame) -> NDArray[np.float64]:
    """Return the share of the variance that pairing removes; the three frames are defined at the same places."""
    # Rounding gives a constant a variance of its own, so whether anything varies is asked of the values.
    varies = ((ours.max() > ours.min()) | (base.max() > base.min())).to_numpy()
    apart = (ours.var() + base.var()).to_numpy(dtype=float)
    left = np.divide(differs.var().to_numpy(dtype=float), apart, out=np.full(len(apart), np.nan), where=varies)
    return np.asarray(1.0 - left)
