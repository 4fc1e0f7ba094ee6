"""Who feels a change, and when, in words and in a table by town."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sim.results.names import fed
from sim.scenario.argument import argument
from sim.study.drivers import FEWEST
from sim.study.effects import DAYS_PER_WEEK, need_differences, since
from sim.view.differ import spread
from sim.view.figures.sides import Side, sides, signed
from sim.view.table import grid, paragraphs
from sim.view.words import counted, is_are, short_date

if TYPE_CHECKING:
    from pandas import DataFrame

    from sim.study.comparison import Comparison

TOWNS = 8
"""Towns in the table, those with the largest differences first."""


def felt_sentence(side: Side, base: Side, weeks: DataFrame, whole: DataFrame, comparison: Comparison) -> str:
    """Say how many towns feel an alternative, from when on, and which most."""
    who = f"{side.said} against {base.said}"
    changes = {str(town): float(change) for town, change in whole["mean"].items()}
    feel = [town for town in changes if bool(whole["sure"].loc[town]) and signed(changes[town]) != "0"]
    if not feel:
        return f"{who}: no town's need met differs surely over the run"
    where = f"all {len(changes)} towns feel it" if 1 < len(feel) == len(changes) else _who(feel, len(changes))
    most = max(feel, key=lambda town: abs(changes[town]))
    first = since(weeks, feel)
    start = comparison.alternatives[0].scenario.start
    week = f" from the week of {short_date(start + timedelta(days=DAYS_PER_WEEK * (first or 0)))}"
    most = f"most {most}, {signed(changes[most])} points of need met over the run"
    if first is None:
        few = observed_words(comparison.draws, comparison.each)
        return f"{who}: {where}, {most}; from when on cannot be told from {few}, more may tell"
    return f"{who}: {where}{week}; {most}"


def _who(feel: list[str], count: int) -> str:
    return f"only {feel[0]} feels it" if len(feel) == 1 else f"{len(feel)} of {count} towns feel it"


def observed_words(count: int, each: int) -> str:
    """Say how many independent observations there are: ``12 draws of the parameters``, ``12 replications``.

    ``each`` is how many replications make one: a draw of the parameters has several.
    """
    if each == 1:
        return counted(str(count), "replication")
    return counted(str(count), "draw of the parameters", "draws of the parameters")


def few_words(count: int, fewest: int, each: int, what: str) -> str:
    """Say that there are too few independent observations to do something, and how many replications it takes."""
    return f"{observed_words(count, each)} {is_are(str(count))} too few to {what}; {takes_words(fewest, each)}."


def takes_words(count: int, each: int) -> str:
    """Say how many replications it takes to have so many independent observations: ``it takes -n 40``."""
    return f"it takes {argument('replications', each * count)}"


def felt_words(comparison: Comparison) -> list[str]:
    """Say of each alternative who feels it and since when, beside the baseline, or that it is too soon to tell."""
    if comparison.draws < FEWEST:
        few = observed_words(comparison.draws, comparison.each)
        takes = takes_words(FEWEST, comparison.each)
        return [f"From which week on towns feel it cannot be told from {few}; {takes}."]
    held = {side.name: side for side in sides(comparison)}
    base = comparison.baseline
    lines = []
    for name in comparison.names:
        if name != base:
            weeks, whole = (need_differences(comparison, name, base, weekly=weekly) for weekly in (True, False))
            lines.append(f"{felt_sentence(held[name], held[base], weeks, whole, comparison)}.")
    return lines


def felt_table(comparison: Comparison) -> str:
    """Set out the difference in need met by town, percentage points with the 95 % interval of the mean.

    A town that an alternative or the baseline does not have is named below.
    """
    others = [name for name in comparison.names if name != comparison.baseline]
    found = {name: need_differences(comparison, name, comparison.baseline, weekly=False) for name in others}
    most: dict[str, float] = {}
    for table in found.values():
        for town, change in table["mean"].items():
            most[str(town)] = max(abs(float(change)), most.get(str(town), 0.0))
    towns = sorted(most, key=lambda town: -most[town])
    rows = [[town, *(_cell(found[name], town) for name in others)] for town in towns[:TOWNS]]
    text = grid(["Need met, points", *others], rows)
    alone = sorted({town for one in comparison.alternatives for town in fed(one.plan)} - set(most))
    if alone:
        text = f"{text}\n" + paragraphs([f"Not compared, since one side does not have them: {', '.join(alone)}."])
    return text


def _cell(table: DataFrame, town: str) -> str:
    if town not in table.index:
        return "–"
    return spread(*(signed(float(table[column].loc[town])) for column in ("mean", "low", "high")))
