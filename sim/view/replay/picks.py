"""Which replications of a study are shown: the median, the worst and the best by the measure that leads."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.language import say
from sim.results.measures import MAIN, goal
from sim.results.run import Run
from sim.study.comparison import Comparison
from sim.view.words import Measure, describe, number

if TYPE_CHECKING:
    import pandas as pd


class Pick(NamedTuple):
    """A replication, what it is called, and the measure by which it was chosen."""

    replication: int
    label: str
    measure: str


def picks(outcome: Run | Comparison) -> tuple[list[Pick], int]:
    """Return the replications of a run or comparison that are shown, the median first, and how many have no measure.

    Those of a comparison are the same for all alternatives, so that two of them stand on the same tape: they are
    ordered by the mean of the alternatives.  A measure that is undefined in each replication gives way to the main one.
    """
    if isinstance(outcome, Run):
        scenario, name, values = outcome.scenario, MAIN, outcome.counted[MAIN]
    else:
        scenario, name, values = outcome.alternatives[0].scenario, outcome.goal, _mean(outcome, outcome.goal)
        if values.isna().all():
            name, values = MAIN, _mean(outcome, MAIN)
    total, values = len(values), values.dropna()
    measure, better = describe(name, scenario.start, scenario.end), goal(name).better
    alternatives = 1 if isinstance(outcome, Run) else len(outcome.names)
    ordered = sorted(zip(values.tolist(), map(int, values.index), strict=True))
    if better and better > 0:
        ordered.reverse()
    if not ordered:
        return [], total
    if total == 1:
        value, replication = ordered[0]
        return [Pick(replication, _label("only", replication, bool(better)), _value(measure, value, alternatives))], 0
    spots = {"median": (len(ordered) - 1) // 2, "worst": len(ordered) - 1, "best": 0}
    chosen: dict[int, Pick] = {}
    for which, place in spots.items():
        value, replication = ordered[place]
        label = _label(which, replication, bool(better))
        chosen.setdefault(replication, Pick(replication, label, _value(measure, value, alternatives)))
    return [*chosen.values()], total - len(ordered)


def _mean(comparison: Comparison, measure: str) -> pd.Series:
    """Return a measure by replication, the mean of the alternatives; NaN where one has none."""
    columns = [comparison.of[name][measure] for name in comparison.names]
    return sum(columns[1:], columns[0]) / len(columns)


def _value(measure: Measure, value: float, alternatives: int) -> str:
    """Say what a replication has of the measure by which it was chosen, and of which strategies that is."""
    written = measure.text(value, unit=not measure.label.lower().startswith(measure.unit))
    if alternatives == 1:
        return say("{measure}: {value}", measure=measure.label, value=written)
    mean = {"measure": measure.label, "value": written, "count": number(alternatives)}
    return say("{measure}: {value} on average over the {count} strategies compared", **mean)


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
