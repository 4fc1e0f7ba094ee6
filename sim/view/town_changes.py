"""Who feels a change, and when, in words and in a table by town."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sim.language import say, say_counted
from sim.results.measures import column_of, fed, goal
from sim.rules.steps import WEEK
from sim.study.comparison import Comparison
from sim.study.drivers import FEWEST
from sim.study.effects import need_differences, since
from sim.study.intervals import LEVEL, interval
from sim.view.figures.sides import Side, sides
from sim.view.ranking import interval_words
from sim.view.study_words import observed_words, takes_words
from sim.view.table import grid, paragraphs
from sim.view.words import counted, name_words, number, short_date, signed

if TYPE_CHECKING:
    from pandas import DataFrame


TOWNS = 8
"""Towns in the table, those with the largest differences first."""


def town_change_sentence(side: Side, base: Side, weeks: DataFrame, whole: DataFrame, comparison: Comparison) -> str:
    """Say how many towns feel an alternative, from when on, and which most."""
    who = say("{first} against {second}", first=side.said, second=base.said)
    changes = {str(town): float(change) for town, change in whole["mean"].items()}
    feel = [town for town in changes if bool(whole["sure"].loc[town]) and signed(changes[town]) != "0"]
    if not feel:
        return say("{who}: no town's need met differs surely over the run", who=who)
    where = say("{count} of {total} towns feel it", count=len(feel), total=len(changes))
    if len(feel) == 1:
        where = say("only {town} feels it", town=feel[0])
    elif len(feel) == len(changes):
        where = say("all {count} towns feel it", count=len(changes))
    town, first = max(feel, key=lambda town: abs(changes[town])), since(weeks, feel)
    points = counted(signed(changes[town]), "point")
    most = say("most {town}, {points} of need met over the run", town=town, points=points)
    values = {"who": who, "where": where, "most": most}
    if first is None:
        few = observed_words(comparison.draws, comparison.each)
        return say("{who}: {where}, {most}; from when on cannot be told from {few}, more may tell", **values, few=few)
    week = short_date(comparison.alternatives[0].scenario.start + timedelta(days=WEEK * first))
    return say("{who}: {where} from the week of {week}; {most}", **values, week=week)


def town_change_lines(comparison: Comparison) -> list[str]:
    """Say of each alternative who feels it and since when, beside the baseline, or that it is too soon to tell."""
    if comparison.draws < FEWEST:
        few = observed_words(comparison.draws, comparison.each)
        takes = takes_words(FEWEST, comparison.each)
        return [say("From which week on towns feel it cannot be told from {few}; {takes}.", few=few, takes=takes)]
    by_name = {side.name: side for side in sides(comparison)}
    base = by_name.pop(comparison.baseline)
    lines = []
    for name, side in by_name.items():
        weeks, whole = (need_differences(comparison, name, base.name, weekly=weekly) for weekly in (True, False))
        lines.append(f"{town_change_sentence(side, base, weeks, whole, comparison)}.")
    return lines


def town_change_table(comparison: Comparison) -> str:
    """Set out the difference in need met by town, percentage points with the 95 % interval of the mean.

    A town that an alternative or the baseline does not have is named below.
    """
    others = [name for name in comparison.names if name != comparison.baseline]
    tables = {name: need_differences(comparison, name, comparison.baseline, weekly=False) for name in others}
    most: dict[str, float] = {}
    for table in tables.values():
        for town, change in table["mean"].items():
            most[str(town)] = max(abs(float(change)), most.get(str(town), 0.0))
    towns = sorted(most, key=lambda town: -most[town])
    rows = [[town, *(_cell(tables[name], town) for name in others)] for town in towns[:TOWNS]]
    alone = sorted({town for alternative in comparison.alternatives for town in fed(alternative.plan)} - set(most))
    notes = []
    if alone:
        notes.append(say("Not compared, since one side does not have them: {towns}.", towns=", ".join(alone)))
    return "\n".join([grid([say("Need met, points"), *others], rows), *map(paragraphs, [notes] * bool(notes))])


def _cell(table: DataFrame, town: str) -> str:
    if town not in table.index:
        return "–"
    return interval_words(*(signed(float(table[column].loc[town])) for column in ("mean", "low", "high")))


def town_loss_words(comparison: Comparison, first: str) -> str:
    """Say which town is clearly worse off with one alternative than with the baseline or else with another.

    Clearly: by more of its need met than matters, by the interval of the difference at a level for all towns at once.
    Empty if none is.
    """
    towns = {column_of("need_met", town): town for town in comparison.alternatives[0].scenario.root.towns}
    measures = [name for name in towns if name in comparison.measures and name != comparison.goal]
    others = [name for name in comparison.names if name != first]
    level = 1.0 - (1.0 - LEVEL) / max(1, len(measures) * len(others))
    worse = []
    for other in others:
        for name in measures:
            lost = comparison.of[other][name] - comparison.of[first][name]
            at_once = interval(lost, comparison.drawn, level)
            if at_once.low > goal(name).worth:
                worse.append((at_once.mean, towns[name], other, interval(lost, comparison.drawn)))
    worse = [loss for loss in worse if loss[2] == comparison.baseline] or worse
    if not worse:
        return ""
    _, town, other, points = max(worse)
    mean, low, high = (number(100.0 * value) for value in points)
    more = len({name for _, name, *_ in worse}) - 1
    values = {
        "town": town,
        "points": counted(mean, "point"),
        "first": name_words(first),
        "other": name_words(other),
        "low": low,
        "high": high,
    }
    if not more:
        return say(
            "But {town} has {points} less of its need met with {first} than with {other} ({low} to {high}).", **values
        )
    return say_counted(
        "But {town} has {points} less of its need met with {first} than with {other} ({low} to {high}); {count} other "
        "town loses less.",
        "But {town} has {points} less of its need met with {first} than with {other} ({low} to {high}); {count} other "
        "towns lose less.",
        more,
        **values,
        count=more,
    )
