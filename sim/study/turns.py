"""On which uncertain parameters a finding turns, and how far facts inform them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sim.rules.steps import total

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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
    `sim.study.stable`: another seed would name it, too. Weaker ones may be real.

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
    import numpy as np

    from sim.study.paired import by_draw
    from sim.study.stable import stable

    found = by_draw(difference, drawn=True).dropna()
    n = len(found)
    if n < FEWEST or found.nunique() < 2 or parameters.empty:
        return ()
    ranks, others = distinct(by_draw(parameters, drawn=True).loc[found.index])
    if ranks.empty:
        return ()
    centred = ranks.to_numpy() - (n + 1) / 2.0
    against = found.rank().to_numpy() - (n + 1) / 2.0
    length = np.sqrt((centred**2).sum(axis=0) * (against**2).sum())
    correlation = np.clip(against @ centred / length, -1.0, 1.0)
    stands_out = stable(centred, np.asarray(against, dtype=np.float64), found.index.to_numpy())
    order = [int(i) for i in np.argsort(-np.abs(correlation), kind="stable") if stands_out[i]][:most]
    turns = []
    for i in order:
        path = str(ranks.columns[i])
        rising = found.to_numpy()[np.argsort(centred[:, i], kind="stable")]
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
