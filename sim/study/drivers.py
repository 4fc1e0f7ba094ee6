"""On which uncertain parameters a difference turns, and how far facts inform them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
from numpy.typing import NDArray

from sim.rules.steps import total
from sim.study.intervals import by_draw
from sim.world.keys import Draws, Stream

if TYPE_CHECKING:
    import pandas as pd

Tag = Literal["data", "both", "assumption"]

FEWEST = 20
"""Draws under which nothing is said."""
FACTS = frozenset({"document", "public", "derived"})
MOSTLY = 2.0 / 3.0


@dataclass(frozen=True)
class Turn:
    """A parameter on which a finding turns.

    Parameters
    ----------
    path
        The parameter; the first by name of those that share a draw.
    correlation
        Spearman's, of the parameter with the difference.
    low, high
        Mean difference over the third of the draws in which the parameter is lowest, and over that in which it is
        highest, in the measure's unit.
    with_
        Other parameters that are high and low in the same draws, and cannot be told from this one.
    """

    path: str
    correlation: float
    low: float
    high: float
    with_: tuple[str, ...] = ()


def turns_on(difference: pd.Series[float], parameters: pd.DataFrame, most: int = 3) -> tuple[Turn, ...]:
    """Return the parameters on which a paired difference turns, strongest first.

    The mean difference of each draw is set against each parameter by Spearman's rank correlation, which sees any effect
    that only rises or only falls. A parameter is kept if it stands out in half after half of the draws, see
    `stable`: another seed would name it, too. Weaker ones may be real.

    Parameters
    ----------
    difference
        Index replication; NaN where undefined.
    parameters
        Index replication, a column a path; replications 2k and 2k + 1 share their values.
    most
        How many to return at most.

    Returns
    -------
    tuple of Turn
        Empty if none stands out, if the difference does not vary, or with fewer than 20 draws.
    """
    differences = by_draw(difference, drawn=True).dropna()
    n = len(differences)
    if n < FEWEST or differences.nunique() < 2 or parameters.empty:
        return ()
    ranks, others = distinct(by_draw(parameters, drawn=True).loc[differences.index])
    if ranks.empty:
        return ()
    centred = ranks.to_numpy() - (n + 1) / 2.0
    against = differences.rank().to_numpy() - (n + 1) / 2.0
    length = np.sqrt((centred**2).sum(axis=0) * (against**2).sum())
    correlation = np.clip(against @ centred / length, -1.0, 1.0)
    stands_out = stable(centred, np.asarray(against, dtype=np.float64), differences.index.to_numpy())
    order = [int(i) for i in np.argsort(-np.abs(correlation), kind="stable") if stands_out[i]][:most]
    turns = []
    for i in order:
        path = str(ranks.columns[i])
        rising = differences.to_numpy()[np.argsort(centred[:, i], kind="stable")]
        low, high = rising[: n // 3].mean(), rising[-(n // 3) :].mean()
        turns.append(Turn(path, float(correlation[i]), float(low), float(high), others[path]))
    return tuple(turns)


def tag(turns: Iterable[Turn], grades: Mapping[str, str], always: Iterable[str] = ()) -> Tag | None:
    """Say whether what a finding turns on is known from facts, assumed, or some of each.

    Parameters are drawn independently, so squared rank correlations add up as shares of the variance of the (ranked)
    difference: they are the weights. Where parameters share a draw, the weight is split evenly between them. The
    parameters in ``always`` together have the weight of the strongest turn (all the weight if there is none), or their
    own where that is more: how wide their assumed ranges are must not decide whether they count.

    Parameters
    ----------
    turns
        All that stand out, see `turns_on`.
    grades
        Grade by path: document, public and derived are facts; assumption, none or no entry is an assumption.
    always
        Parameters on which the finding depends by construction, such as the loss ratios of components in which two
        strategies differ.

    Returns
    -------
    str or None
        ``data`` if at least two thirds of the weight is on facts and nothing in ``always`` is assumed, ``assumption``
        if at most a third is, else ``both``; None if there is nothing to weigh, for then it cannot be told.
    """
    weights: dict[str, float] = {}
    strongest = 0.0
    for turn in turns:
        together = (turn.path, *turn.with_)
        strongest = max(strongest, turn.correlation**2)
        weights |= {path: turn.correlation**2 / len(together) for path in together}
    built_in = tuple(dict.fromkeys(always))
    for path in built_in:
        weights[path] = max(weights.get(path, 0.0), (strongest or 1.0) / len(built_in))
    known = total(weight for path, weight in weights.items() if grades.get(path) in FACTS)
    everything = total(weights.values())
    if everything == 0.0:
        return None
    if known <= (1.0 - MOSTLY) * everything:
        return "assumption"
    if known >= MOSTLY * everything and all(grades.get(path) in FACTS for path in built_in):
        return "data"
    return "both"


def distinct(parameters: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, tuple[str, ...]]]:
    """Return ranks of the parameters that can be told apart, and for each the others that go with it.

    Constant columns are dropped; of columns with the same ranks, which share a draw, the first by name stands for all.
    """
    varying = [str(path) for path in parameters.columns if parameters[path].nunique() > 1]
    ranks = parameters[sorted(varying)].rank()
    sets: dict[bytes, list[str]] = {}
    for path in ranks.columns:
        sets.setdefault(ranks[path].to_numpy().tobytes(), []).append(path)
    return ranks[[paths[0] for paths in sets.values()]], {paths[0]: tuple(paths[1:]) for paths in sets.values()}


SPLITS: Final = 50
"""How often the draws are parted in two halves."""
OFTEN: Final = 0.9
"""Share of the halves in which a parameter must stand out."""
ALPHA: Final = 0.05
"""Largest number of parameters that are named, on average, though they have nothing to do with what is looked at."""


def stable(ranks: NDArray[np.float64], against: NDArray[np.float64], draws: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Say which columns go with a row of values the same way in nine tenths of the halves of many splits.

    In a half a parameter stands out if the correlation of its ranks with the values has a chance of at most
    θ = √(ALPHA (2 OFTEN − 1) / p) of coming from nothing, p parameters being looked at.  Then at most p θ² /
    (2 OFTEN − 1) = ALPHA parameters that have nothing to do with the values are named, on average, whatever the others
    do.  With 100 draws of 250 parameters a rank correlation of 0.6 is as good as always named, of 0.5 half the time,
    of 0.3 hardly ever; with 250 draws of 0.4 and 0.3.

    Source: R. D. Shah, R. J. Samworth (2013), "Variable selection with error control: another look at stability
    selection", Journal of the Royal Statistical Society B 75(1), 55-80, doi:10.1111/j.1467-9868.2011.01034.x.

    Parameters
    ----------
    ranks
        Shape (draws, parameters).
    against
        Shape (draws,): values or ranks.
    draws
        Numbers of the draws, by which they are parted: so the seed and the order of work change nothing.
    """
    from scipy.special import stdtr

    n, p = ranks.shape
    half = n // 2
    rows = np.zeros((2 * SPLITS, n))
    for split in range(SPLITS):
        order = np.argsort(Draws(0, split).uniforms(Stream.CALIBRATION, 0, draws), kind="stable")
        rows[2 * split, order[:half]] = rows[2 * split + 1, order[half : 2 * half]] = 1.0
    x, y = ranks - ranks.mean(axis=0), (against - against.mean())[:, None]
    products = rows @ (x * y) - (rows @ x) * (rows @ y) / half
    spread = (rows @ x**2 - (rows @ x) ** 2 / half) * (rows @ y**2 - (rows @ y) ** 2 / half)
    r = np.divide(products, np.sqrt(np.maximum(spread, 0.0)), out=np.zeros_like(products), where=spread > 1e-9)
    r = np.clip(r, -1.0, 1.0)
    t = np.abs(r) * np.sqrt((half - 2) / np.maximum(1.0 - r**2, 1e-300))
    chance = 2.0 * stdtr(half - 2, -t)
    told = (chance <= sqrt(ALPHA * (2.0 * OFTEN - 1.0) / p)) & (np.sign(r) == np.sign((x * y).sum(axis=0)))
    return np.asarray(told.mean(axis=0) >= OFTEN)
