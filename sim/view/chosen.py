"""What a comparison found and which alternative to choose, each in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.results.goals import goal
from sim.results.units import dated
from sim.study.finding import judged
from sim.view.differ import change, said
from sim.view.figures.sides import level_of, listed, measure_of, scale
from sim.view.words import counted, describe, is_are, number, percent, range_words

if TYPE_CHECKING:
    from sim.study.choice import Choice
    from sim.study.comparison import Comparison
    from sim.study.finding import Finding

COUNTED = ("days", "tankers", "convoys", "crews", "ambushes", "loads", "escort unit", "weeks")
"""What there are fewer of, not less."""


def found_words(comparison: Comparison, found: Finding) -> str:
    """Say which alternative is first in the measure that ranks, and by how much."""
    start, measure = comparison.alternatives[0].scenario.start, measure_of(comparison, comparison.goal)
    label = f"{measure.label[0].lower()}{measure.label[1:]}"
    if judged(comparison, found.first).equals(judged(comparison, found.second)):
        return f"{said(found.first)} and {said(found.second)} do not differ in {label} in any replication."
    values, date = level_of(comparison, found.first, comparison.goal), dated(comparison.goal)
    ends = range_words(measure.text(values.low, start), measure.text(values.high, start))
    spread = f" ({values.name}: {ends})" if values.wide and values.count and not values.low >= measure.days else ""
    centre = values.median if date else values.mean
    mean = measure.text(centre, start, unit=not measure.label.lower().startswith(measure.unit or "-"))
    words = " in half of all runs" if date else " on average"
    return (
        f"{said(found.first)} {_superlative(comparison.goal, label)}: {mean}{words * bool(spread)}{spread}, "
        f"{_difference(found, comparison.goal)}."
    )


def choice_words(chosen: Choice, beside: Finding, measure: str, names: int, baseline: str, of: str) -> str:
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
        draws = f"{counted(str(found.available), 'independent observation')} {is_are(str(found.available))}"
        return f"{draws} too few to name a best; it takes {found.first}. {wins}"
    matters = f"{_amount(found.worth, measure)} matter{'s' * _single(found.worth, measure)}"
    best = _best(chosen, measure, names, found.worth)
    clear = chosen.beats > 0.0 and len(chosen.level) > 1
    beats = f" Each is better than {said(baseline)}, by {_amount(chosen.beats, measure)} or more." if clear else ""
    return f"{best} (95 % sure where {matters}, within {of}).{beats} {wins}"


def _best(chosen: Choice, measure: str, names: int, worth: float) -> str:
    """Say which is the best, or which may be."""
    first, *others = map(said, chosen.level)
    least, apart = (_amount(value, measure) for value in (chosen.lead.low, chosen.apart))
    if not others:
        of, over = ("", "the other") if names == 2 else (f" of the {names}", "every other")
        return f"{first} is the best{of}, ahead of {over} by {least} or more"
    ends = [change(end, measure).removeprefix("+") for end in (chosen.lead.low, chosen.lead.high)]
    lead = f"by {_amount(chosen.lead.mean, measure)}, {ends[0]} to {ends[1]}"
    two = len(others) == 1
    level, rest = listed([first, *others]), listed(others)
    return {
        "tied": f"{level} are the same in every replication: choose by another measure",
        "equal": f"{level} are equal for practical purposes, less than {_amount(worth, measure)} apart: choose by cost "
        "or another measure",
        "leaning": f"{first} comes out best, but {rest} may be as good "
        f"({f'ahead {lead}' if two else f'within {apart} of one another'})",
        "ahead": f"{first} is the best so far, ahead of {rest} ({lead if two else f'by {least} or more'}); a stricter "
        "test of all at once takes more replications",
        "open": f"{', '.join([first, *others[:-1]])} or {others[-1]}: it cannot be told which is better "
        f"({f'{first} ahead {lead}' if two else f'within {apart} of one another'})",
    }[chosen.kind]


def _superlative(measure: str, label: str) -> str:
    """Say that one is first: ``has the fewest days …``, ``ranks first in lowest cover``."""
    more = goal(measure).better >= 0
    if dated(measure):
        return f"has the {'latest' if more else 'earliest'} {label}"
    if label.startswith(COUNTED):
        return f"has the {'most' if more else 'fewest'} {label}"
    return f"{'ranks first' if goal(measure).better else 'is highest'} in {label}"


def _difference(found: Finding, measure: str) -> str:
    """Write a difference with its interval: ``41 fewer than ‘none’ (39 to 43)``."""
    mean, low, high = found.difference
    known = low == low
    factor = scale(describe(measure))[0]
    ends = sorted((abs(low), abs(high)))
    if known and low <= 0.0 <= high:
        spread = f" ({_way(low, measure, unit=False)} to {_way(high, measure, unit=False)})"
    elif known:
        spread = f" ({number(factor * ends[0])} to {number(factor * ends[1])})"
    else:
        spread = " (one draw: no interval)"
    same = "the same as" if number(factor * abs(mean)) == "0" else f"{_way(mean, measure)} than"
    return f"{same} {said(found.second)}{spread}"


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


def _single(value: float, measure: str) -> bool:
    return number(scale(describe(measure))[0] * value) == "1"
