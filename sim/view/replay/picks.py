"""Which replications of a study are shown: the median, the worst and the best by the measure that leads."""

from __future__ import annotations

from typing import NamedTuple

from sim.language import say
from sim.results.measures import MAIN, goal
from sim.results.run import Run
from sim.study.comparison import Comparison
from sim.view.words import Measure, describe, mid_sentence


class Pick(NamedTuple):
    """A replication, and what it is called."""

    replication: int
    label: str


def picks(outcome: Run | Comparison) -> list[Pick]:
    """Return the replications of a run or comparison that are shown, the median first.

    Those of a comparison are the same for all alternatives, so that two of them stand on the same tape: they are
    ordered by the mean of the alternatives.
    """
    if isinstance(outcome, Run):
        name, values, scenario = MAIN, outcome.counted[MAIN].dropna(), outcome.scenario
    else:
        name, scenario = outcome.goal, outcome.alternatives[0].scenario
        columns = [outcome.of[alternative][name] for alternative in outcome.names]
        values = (sum(columns[1:], columns[0]) / len(columns)).dropna()
    measure, better = describe(name, scenario.start, scenario.end), goal(name).better
    ordered = sorted(((float(value), int(rep)) for rep, value in values.items()), key=lambda pair: (pair[0], pair[1]))
    if better and better > 0:
        ordered.reverse()
    if not ordered:
        return []
    spots = {"median": (len(ordered) - 1) // 2, "worst": len(ordered) - 1, "best": 0}
    chosen: dict[int, Pick] = {}
    for which, place in spots.items():
        value, replication = ordered[place]
        chosen.setdefault(replication, Pick(replication, _label(which, replication, measure, value, bool(better))))
    return [*chosen.values()]


def _label(which: str, replication: int, measure: Measure, value: float, ranks: bool) -> str:
    written = measure.text(value, unit=not measure.label.lower().startswith(measure.unit))
    about = {"number": replication, "measure": mid_sentence(measure.label), "value": written}
    if which == "median":
        return say("Median: replication {number} ({measure}: {value})", **about)
    if not ranks:
        if which == "best":
            return say("Lowest: replication {number} ({measure}: {value})", **about)
        return say("Highest: replication {number} ({measure}: {value})", **about)
    if which == "best":
        return say("Best: replication {number} ({measure}: {value})", **about)
    return say("Worst: replication {number} ({measure}: {value})", **about)
