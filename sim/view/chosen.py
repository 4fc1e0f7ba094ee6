"""What a comparison found and which alternative to choose, each in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.results.goals import goal
from sim.results.measure import column_of
from sim.results.units import dated
from sim.scenario.argument import argument
from sim.study.choice import leads
from sim.study.effects import judged
from sim.study.intervals import LEVEL, interval
from sim.study.selection import FIRST
from sim.view.differ import NO_INTERVAL, change, said
from sim.view.feeling import few_words
from sim.view.figures.sides import level_of, listed, measure_of, scale
from sim.view.words import counted, describe, number, percent, range_words

if TYPE_CHECKING:
    from sim.study.choice import Choice
    from sim.study.comparison import Comparison
    from sim.study.effects import Finding

COUNTED = ("days", "tankers", "convoys", "crews", "ambushes", "loads", "escort unit", "weeks")
"""What there are fewer of, not less."""
SAME = "the same"


def found_words(comparison: Comparison, found: Finding) -> str:
    """Say which alternative is first in the measure that ranks, and by how much; none where that cannot be told."""
    measure = measure_of(comparison, comparison.goal)
    label = f"{measure.label[0].lower()}{measure.label[1:]}"
    first, second = said(found.first), said(found.second)
    if judged(comparison, found.first).equals(judged(comparison, found.second)):
        return f"{first} and {second} do not differ in {label} in any replication."
    near = untold(comparison, found)
    if found.second in near:
        return f"no difference in {label} can be told between {_untold(comparison, found, near)}."
    size, spread = _difference(found, comparison.goal)
    beside = f"{size} {'as' if size == SAME else 'than'} {second}{spread}"
    few = "in these replications " if comparison.draws < FIRST else ""
    rest = f"; no difference to {' or '.join(map(said, near))} can be told" if near else ""
    return f"{few}{first} {_superlative(comparison.goal, label)}: {_level(comparison, found.first)}, {beside}{rest}."


def untold(comparison: Comparison, found: Finding) -> list[str]:
    """Return those whose difference to the first by mean has an interval that holds 0, or none at all."""
    held = {found.second: found.difference}
    for name in comparison.names:
        if name not in (found.first, found.second):
            held[name] = leads(comparison, [found.first, name])[found.first, name]
    return [name for name, (_, low, high) in held.items() if not (low > 0.0 or high < 0.0)]


def _untold(comparison: Comparison, found: Finding, near: list[str]) -> str:
    """Name those between which no difference can be told, each with its level, and who is surely behind the first."""
    group = [found.first, found.second, *(name for name in near if name != found.second)]
    levels = [f"{_level(comparison, name, spread=False)} with {said(name)}" for name in group]
    on = "by half of all runs" if dated(comparison.goal) else "on average"
    size, spread = _difference(found, comparison.goal)
    pair = f"; {said(found.first)} against {said(found.second)}:" if len(group) > 2 else ","
    behind = [said(name) for name in comparison.names if name not in group] if goal(comparison.goal).better else []
    told = f"{listed([*map(said, group)])}: {on} {listed(levels)}{pair} {size}{spread}"
    if not behind:
        return told
    return f"{told}; {listed(behind)} {'is' if len(behind) == 1 else 'are'} surely worse than {said(found.first)}"


def _level(comparison: Comparison, name: str, *, spread: bool = True) -> str:
    """Write the mean of the measure that ranks with its band, or the date by which half of all runs have it."""
    start, measure = comparison.alternatives[0].scenario.start, measure_of(comparison, comparison.goal)
    values, date = level_of(comparison, name, comparison.goal), dated(comparison.goal)
    centre = values.median if date else values.mean
    mean = measure.text(centre, start, unit=not measure.label.lower().startswith(measure.unit or "-"))
    if not spread or not values.wide or not values.count or values.low >= measure.days:
        return mean
    ends = range_words(measure.text(values.low, start), measure.text(values.high, start))
    return f"{mean} {'in half of all runs' if date else 'on average'} ({values.name}: {ends})"


def town_words(comparison: Comparison, first: str) -> str:
    """Say which town is clearly worse off with one alternative than with the baseline or else with another.

    Clearly: by more of its need met than matters, by the interval of the difference at a level for all towns at once.
    Empty if none is.
    """
    towns = {column_of("need_met", town): town for town in comparison.alternatives[0].scenario.root.towns}
    held = [name for name in towns if name in comparison.measures and name != comparison.goal]
    others = [name for name in comparison.names if name != first]
    worse = []
    for other in others:
        for name in held:
            lost = comparison.of[other][name] - comparison.of[first][name]
            at_once = interval(lost, comparison.drawn, 1.0 - (1.0 - LEVEL) / (len(held) * len(others)))
            if at_once.low > goal(name).worth:
                worse.append((at_once.mean, towns[name], other, interval(lost, comparison.drawn)))
    worse = [one for one in worse if one[2] == comparison.baseline] or worse
    if not worse:
        return ""
    _, town, other, points = max(worse)
    mean, low, high = (number(100.0 * value) for value in points)
    more = len({one[1] for one in worse}) - 1
    rest = f"; {counted(str(more), 'other town')} {'loses' if more == 1 else 'lose'} less" if more else ""
    return (
        f"But {town} has {counted(mean, 'point')} less of its need met with {said(first)} than with {said(other)} "
        f"({low} to {high}){rest}."
    )


def choice_words(
    chosen: Choice, beside: Finding, measure: str, names: int, baseline: str, of: str, each: int = 1
) -> str:
    """Say which alternative to choose, how sure that is, and how often the first by mean is better.

    Parameters
    ----------
    chosen
        Which alternatives may be the best.
    beside
        The first by mean beside the baseline, or another if that is the baseline.
    measure
        What ranks.
    names
        How many alternatives there are.
    baseline
        What the others are set beside.
    of
        What the answer is conditional on: ``these parameter ranges``.
    each
        Replications that make one independent observation.
    """
    if chosen.kind == "neither":
        return "neither more nor less of it is better, so that no best is named."
    wins = (
        f"Against {said(beside.second)}, {said(beside.first)} is better in {percent(beside.won)} of replications, "
        f"worse in {percent(beside.lost)}."
    )
    if chosen.kind == "undefined":
        return f"the measure is undefined in some replications, so that no best is named. {wins}"
    found = chosen.selection
    assert found is not None
    if chosen.kind == "few":
        return f"{few_words(found.available, found.first, each, 'name a best')} {wins}"
    clear = chosen.beats > 0.0 and len(chosen.level) > 1
    beats = f" Each is better than {said(baseline)}, by {_amount(chosen.beats, measure)} or more." if clear else ""
    said_by = f" The test that says so is {_promise(found.worth, measure)}." * (chosen.kind in ("best", "leaning"))
    trailing = f" {_trailing(chosen)}" if chosen.trailing and chosen.kind != "ahead" else ""
    return f"within {of}, {_best(chosen, measure, names, found.worth)}.{said_by}{trailing}{beats} {wins}"


def _promise(worth: float, measure: str) -> str:
    """Say what the procedure of selection promises."""
    lead = f"{_amount(worth, measure)} or more ({argument('worth')})"
    return f"right in 95 % of studies or more where the best leads by {lead}"


def _trailing(chosen: Choice) -> str:
    """Say who is surely behind, though the procedure does not rule it out."""
    names = [*map(said, chosen.trailing)]
    alone = len(names) == 1
    return (
        f"{listed(names)} {'is' if alone else 'are'} surely behind {said(chosen.level[0])}, though the test has not "
        f"ruled {'it' if alone else 'them'} out."
    )


def _best(chosen: Choice, measure: str, names: int, worth: float) -> str:
    """Say which is the best, or which may be, and what to do with that."""
    first, *others = map(said, chosen.level)
    apart, matters = _amount(chosen.apart, measure), _amount(worth, measure)
    ends = [change(end, measure).removeprefix("+") for end in (chosen.lead.low, chosen.lead.high)]
    lead = f"by {_amount(chosen.lead.mean, measure)}, {ends[0]} to {ends[1]}"
    ahead = f"ahead of {said(chosen.nearest)}{', the next' * (names > 2)} ({lead})"
    more = "more replications may tell"
    if chosen.kind == "best":
        small = f"; that may be under {matters}, too little to matter" if chosen.lead.low < worth else ""
        return f"{first} is the best{f' of the {names}' * (names > 2)}, {ahead}{small}"
    if chosen.kind == "ahead":
        return (
            f"{first} is the best so far, {ahead}; the test that guards against a wrong choice, "
            f"{_promise(worth, measure)}, has not ruled out {listed([*map(said, chosen.trailing)])}: {more}"
        )
    level, rest = listed([first, *others]), listed(others)
    near = f"{first} ahead {lead}" if len(others) == 1 else f"within {apart} of one another"
    return {
        "tied": f"{level} are the same in every replication: choose by another measure",
        "equal": f"{level} are equal for practical purposes, less than {matters} ({argument('worth')}) apart: choose "
        "by cost or another measure",
        "leaning": f"{first} comes out best, but {rest} may be as good ({near}): {more}",
        "open": f"it cannot be told which of {level} is best ({near}): {more}, or choose by cost",
    }[chosen.kind]


def _superlative(measure: str, label: str) -> str:
    """Say that one is first: ``has the fewest days …``, ``ranks first in lowest cover``."""
    more = goal(measure).better >= 0
    if dated(measure):
        return f"has the {'latest' if more else 'earliest'} {label}"
    if label.startswith(COUNTED):
        return f"has the {'most' if more else 'fewest'} {label}"
    return f"{'ranks first' if goal(measure).better else 'is highest'} in {label}"


def _difference(found: Finding, measure: str) -> tuple[str, str]:
    """Write a difference and its interval: ``41 fewer``, `` (39 to 43)``."""
    mean, low, high = found.difference
    known = low == low
    factor = scale(describe(measure))[0]
    ends = sorted((abs(low), abs(high)))
    if known and low <= 0.0 <= high:
        spread = f" ({_way(low, measure, unit=False)} to {_way(high, measure, unit=False)})"
    elif known:
        spread = f" ({number(factor * ends[0])} to {number(factor * ends[1])})"
    else:
        spread = f" ({NO_INTERVAL})"
    return SAME if number(factor * abs(mean)) == "0" else _way(mean, measure), spread


def _way(value: float, measure: str, *, unit: bool = True) -> str:
    """Write a difference in words: ``41 fewer``, ``12 days later``, ``3 points less``."""
    label, (factor, name) = describe(measure).label.lower(), scale(describe(measure))
    size = _amount(abs(value), measure) if unit and not label.startswith(name or "-") else number(factor * abs(value))
    if dated(measure):
        return f"{size} {'later' if value > 0.0 else 'earlier'}"
    fewer = "fewer" if label.startswith(COUNTED) else "less"
    return f"{size} {'more' if value > 0.0 else fewer}"


def _amount(value: float, measure: str) -> str:
    """Write an amount of a measure with its unit: ``1 day``, ``0.5 million USD``."""
    factor, unit = scale(describe(measure))
    return counted(number(factor * value), unit.removesuffix("s"), unit).rstrip()
