"""Which replications of a study are shown: the median, the worst and the best by the measure that leads."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.language import say
from sim.results.measures import MAIN, goal
from sim.results.run import Run
from sim.study.comparison import Comparison
from sim.view.words import Measure, describe

if TYPE_CHECKING:
    import pandas as pd


class Pick(NamedTuple):
    """A replication, what it is called, the measure by which it was chosen, and what each alternative has of it."""

    replication: int
    label: str
    measure: str
    values: tuple[str, ...]


def picks(outcome: Run | Comparison) -> tuple[list[Pick], int]:
    """Return the replications of a run or comparison that are shown, the median first, and how many have no measure.

    Those of a comparison are the same for all alternatives, so that two of them stand on the same tape: they are
    ordered by the mean of the alternatives.  A measure that is undefined in each replication gives way to the main one.
    """
    if isinstance(outcome, Run):
        scenario, name, columns = outcome.scenario, MAIN, [outcome.counted[MAIN]]
    else:
        scenario, name, columns = outcome.alternatives[0].scenario, outcome.goal, _columns(outcome, outcome.goal)
        if _mean(columns).isna().all():
            name, columns = MAIN, _columns(outcome, MAIN)
    values = _mean(columns)
    total, values = len(values), values.dropna()
    measure, better = describe(name, scenario.start, scenario.end), goal(name).better

    def pick(which: str, replication: int) -> Pick:
        written = tuple(_written(measure, float(column[replication])) for column in columns)
        return Pick(replication, _label(which, replication, bool(better)), measure.label, written)

    ordered = sorted(zip(values.tolist(), map(int, values.index), strict=True))
    if better and better > 0:
        ordered.reverse()
    if not ordered:
        return [], total
    if total == 1:
        return [pick("only", ordered[0][1])], 0
    spots = {"median": (len(ordered) - 1) // 2, "worst": len(ordered) - 1, "best": 0}
    chosen: dict[int, Pick] = {}
    for which, place in spots.items():
        replication = ordered[place][1]
        chosen.setdefault(replication, pick(which, replication))
    return [*chosen.values()], total - len(ordered)


def _columns(comparison: Comparison, measure: str) -> list[pd.Series]:
    """Return a measure by replication, of each alternative."""
    return [comparison.of[name][measure] for name in comparison.names]


def _mean(columns: list[pd.Series]) -> pd.Series:
    """Return the mean of the alternatives by replication; NaN where one has none."""
    return sum(columns[1:], columns[0]) / len(columns)


def _written(measure: Measure, value: float) -> str:
    """Write what a replication has of a measure, with its unit unless the label begins with it."""
    return measure.text(value, unit=not measure.label.lower().startswith(measure.unit))


def _label(which: str, replication: int, ranks: bool) -> str:
    if which == "only":
        return say("Replication {number}", number=replication)
    if which == "median":
        return say("Median: replication {number}", number=replication)
    if not ranks:
        if which == "best":
            return say("Lowest: replication {number}", number=replication)
        return say("Highest: replication {number}", number=replication)
    if which == "best":
        return say("Best: replication {number}", number=replication)
    return say("Worst: replication {number}", number=replication)
