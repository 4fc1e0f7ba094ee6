"""How a ranking holds up over the evidence ranges: regret, and the draws of the parameters under which it flips."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.errors import StudyError
from sim.results.measures import goal
from sim.study.comparison import Comparison
from sim.study.drivers import FEWEST, distinct, stable
from sim.study.effects import judged, ranked
from sim.study.intervals import by_draw
from sim.study.packages import importing

DENSITY = 0.8
"""Share of the draws in a box that must go its way, if any box has that."""
SMALLEST = 0.1
"""Smallest share of the draws that a box may hold."""
FEW = 10
"""Smallest number of draws that a box may hold."""
QUASI_P = 0.05
"""Largest chance at which a limit counts as needed."""
LOW, HIGH = 0, 1


@dataclass(frozen=True)
class Box:
    """Conditions under which the first of two alternatives beats the second.

    Parameters
    ----------
    conditions
        Path of a parameter, its lowest and its highest value in the model's unit, None where there is no limit. Of
        parameters that share a draw the first by name stands for all.
    density
        Share of the draws in the box in which the first wins.
    coverage
        Share of the draws in which the first wins that lie in the box.
    mass
        Share of all draws that lie in the box.
    base
        Share of all draws in which the first wins.
    """

    conditions: tuple[tuple[str, float | None, float | None], ...]
    density: float
    coverage: float
    mass: float
    base: float


def regret(values: pd.DataFrame, better: int) -> pd.DataFrame:
    """Return how far each alternative falls short of the best in the same draw of the parameters.

    Parameters
    ----------
    values
        Index draw, a column an alternative: the goal measure, mean of the draw's replications. Draws in which it is
        undefined for any alternative are left out.
    better
        1 where more is better, -1 where less is.

    Returns
    -------
    DataFrame
        Index alternative; columns ``mean``, ``high`` (95 % point) and ``most`` (the largest), in the measure's unit,
        and ``best``: share of the draws in which it is the best, shared equally where several are.

    Raises
    ------
    StudyError
        If the measure is neither better high nor better low.
    """
    if better not in (-1, 1):
        raise StudyError("no regret over a measure that is neither better high nor better low", value=better)
    scores = values.dropna() * better
    short = -scores.sub(scores.max(axis=1), axis=0) + 0.0  # no negative zeros
    first = short == 0.0
    columns = {
        "mean": short.mean(),
        "high": short.quantile(0.95),
        "most": short.max(),
        "best": first.div(first.sum(axis=1), axis=0).mean(),
    }
    return pd.DataFrame(columns).rename_axis(index="alternative")


def flips(wins: pd.Series[bool], parameters: pd.DataFrame, most: int = 8) -> Box | None:
    """Return the conditions under which the first of two alternatives beats the second, or None if none stand out.

    Only parameters that differ between wins and defeats in half after half of the draws are looked at, see
    `sim.study.drivers.stable`: where no parameter matters, a box is returned in at most one case in twenty, whatever
    the search after it. PRIM then peels a box out of at most ``most`` of these. Of the boxes on its way, that
    with the largest coverage is taken whose density is at least 0.8 and at least half way from the base rate to 1; if
    there is none, that with the largest excess of wins, mass x (density - base). Limits whose quasi-p value is above
    0.05 are dropped, worst first: without them the box might by chance be as dense.

    A parameter that matters only through another, and not on average, is not found. The density of a box that was
    looked for is somewhat too high for new draws.

    Source: J. H. Friedman, N. I. Fisher (1999), "Bump hunting in high-dimensional data", Statistics and Computing 9,
    123-143, doi:10.1023/A:1008894516817; B. P. Bryant, R. J. Lempert (2010), "Thinking inside the box", Technological
    Forecasting and Social Change 77(1), 34-49, doi:10.1016/j.techfore.2009.08.002; code of ema_workbench.

    Parameters
    ----------
    wins
        Index draw: whether the first beats the second.
    parameters
        Index draw, a column a path, in the model's unit.
    most
        How many parameters PRIM may look at.

    Raises
    ------
    StudyError
        If ema_workbench is not installed.
    """
    y = np.asarray(wins, dtype=np.int64)
    base, n = float(y.mean()) if len(y) else 0.0, len(y)
    if n < FEWEST or not 0.0 < base < 1.0 or parameters.empty:
        return None
    ranks, _ = distinct(parameters.loc[wins.index])
    if ranks.empty:
        return None
    differs = ranks[y == 1].mean().to_numpy() - ranks[y == 0].mean().to_numpy()
    told = stable(ranks.to_numpy(), y.astype(np.float64), np.asarray(wins.index))
    order = [i for i in np.argsort(-np.abs(differs), kind="stable") if told[i]][:most]
    if not order:
        return None
    x = parameters.loc[wins.index, ranks.columns[order]].to_numpy(dtype=float)
    limits = _needed(_peeled(x, y, base), x, y)
    limited = np.isfinite(limits)
    if not limited.any():
        return None
    low, high = limits.tolist()
    inside = _inside(limits, x)
    return Box(
        conditions=tuple(
            (str(ranks.columns[i]), low[j] if limited[LOW, j] else None, high[j] if limited[HIGH, j] else None)
            for j, i in enumerate(order)
            if limited[:, j].any()
        ),
        density=float(y[inside].mean()),
        coverage=float(y[inside].sum() / y.sum()),
        mass=float(inside.mean()),
        base=base,
    )


def _peeled(x: NDArray[np.float64], y: NDArray[np.int64], base: float) -> NDArray[np.float64]:
    """Return the limits of the chosen box on PRIM's way: shape (2, parameters), infinite where there is none."""
    with importing("ema_workbench"):
        from ema_workbench.analysis import prim

    columns = [f"x{j}" for j in range(x.shape[1])]
    with warnings.catch_warnings(action="ignore"):
        search = prim.Prim(pd.DataFrame(x, columns=columns), y, threshold=base, mass_min=max(SMALLEST, FEW / len(y)))
        boxes = np.array([box[columns].to_numpy(dtype=float) for box in search.find_box().box_lims])
    whole = np.array([x.min(axis=0), x.max(axis=0)])
    boxes = np.where(boxes == whole, np.array([[-np.inf], [np.inf]]), boxes)
    inside = [_inside(box, x) for box in boxes]
    density = np.array([y[rows].mean() for rows in inside])
    mass = np.array([rows.mean() for rows in inside])
    dense = density >= max(DENSITY, (1.0 + base) / 2.0)
    worth = np.where(dense, density * mass, -1.0) if dense.any() else mass * (density - base)
    limits: NDArray[np.float64] = boxes[int(np.argmax(worth))]
    return limits


def _needed(limits: NDArray[np.float64], x: NDArray[np.float64], y: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the limits without those that chance could replace.

    A limit's quasi-p value is the chance that as many of the box's draws would be wins if the box were only as dense as
    it is without that limit (Bryant and Lempert 2010).
    """
    from scipy.stats import binomtest

    while np.isfinite(limits).any():
        inside = _inside(limits, x)
        wins, size = int(y[inside].sum()), int(inside.sum())
        worst, without = -1.0, limits
        for side, j in np.argwhere(np.isfinite(limits)):
            wider = limits.copy()
            wider[side, j] = np.inf if side == HIGH else -np.inf
            p = binomtest(wins, size, float(y[_inside(wider, x)].mean()), alternative="greater").pvalue
            if p > worst:
                worst, without = p, wider
        if worst <= QUASI_P:
            break
        limits = without
    return limits


def _inside(limits: NDArray[np.float64], x: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Say which draws lie within the limits."""
    inside: NDArray[np.bool_] = ((limits[LOW] <= x) & (x <= limits[HIGH])).all(axis=1)
    return inside


@dataclass(frozen=True)
class Reversal:
    """Where the lower-ranked of two alternatives beats the higher-ranked.

    Parameters
    ----------
    ahead, behind
        Names: by the mean of the measure that ranks, the first is better.
    box
        Conditions under which the one behind is better, or None if none stand out.
    draws
        Draws of the parameters in which the two differ.
    """

    ahead: str
    behind: str
    box: Box | None
    draws: int


def reversal(comparison: Comparison, first: str | None = None, second: str | None = None) -> Reversal | None:
    """Return the conditions under which a ranking flips.

    Parameters
    ----------
    comparison
        A comparison.
    first, second
        Two alternatives, in any order; the best and the baseline if not given (the second, if the baseline is best).

    Returns
    -------
    Reversal or None
        None if no parameters were drawn, or from a posterior, or the measure does not rank.

    Raises
    ------
    StudyError
        If ema_workbench is needed and not installed.
    """
    better = goal(comparison.goal).better
    if not comparison.drawn or comparison.fitted or not better:
        return None
    order = ranked(comparison)
    if first is None or second is None:
        first, second = order[0], comparison.baseline if comparison.baseline != order[0] else order[1]
    ahead, behind = sorted((first, second), key=order.index)
    lead = by_draw(better * (judged(comparison, behind) - judged(comparison, ahead)), drawn=True)
    lead = lead[lead.notna() & (lead != 0.0)]
    box = flips(lead > 0.0, by_draw(comparison.values(behind, ahead), drawn=True))
    return Reversal(ahead, behind, box, len(lead))


def regrets_of(comparison: Comparison) -> pd.DataFrame | None:
    """Return the regret of each alternative over the draws of the parameters; None if it has no meaning.

    Alternatives in which attackers adapt are set beside each other only: whether they adapt is nobody's choice.
    """
    better = goal(comparison.goal).better
    if not better or not comparison.drawn:
        return None
    values = judged_by_draw(comparison)
    worlds = [[a.name for a in comparison.alternatives if a.exploratory is on] for on in (False, True)]
    parts = [regret(values[names], better) for names in worlds if len(names) > 1 and len(values[names].dropna())]
    return pd.concat(parts) if parts else None


def judged_by_draw(comparison: Comparison) -> pd.DataFrame:
    """Return the measure that ranks by draw (index) and alternative (columns): the mean of a draw's replications."""
    return by_draw(pd.DataFrame({name: judged(comparison, name) for name in comparison.names}), comparison.drawn)
