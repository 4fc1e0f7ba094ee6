"""Which alternative is first, which to choose, and how that holds up over the ranges of the parameters."""

from __future__ import annotations

from sim.results.measures import dated, goal
from sim.scenario.calls import argument
from sim.study.choice import Choice, leads
from sim.study.comparison import Comparison
from sim.study.effects import Finding, judged
from sim.study.intervals import Interval
from sim.study.ranking import Reversal, regrets_of
from sim.study.selection import FIRST
from sim.view.figures.flips import conditions_words
from sim.view.figures.sides import level_of, measure_of, scale
from sim.view.study_words import few_words
from sim.view.table import spread_words
from sim.view.words import counted, describe, listed, mid_sentence, name_words, number, percent, signed

COUNTED = ("days", "tankers", "convoys", "crews", "ambushes", "loads", "escort unit", "weeks")
"""What there are fewer of, not less."""
SAME = "the same"
NO_INTERVAL = "no interval"
"""Of one draw, or of a measure that one replication has."""


def first_words(comparison: Comparison, pair: Finding) -> str:
    """Say which alternative is first in the measure that ranks, and by how much; none where that cannot be told."""
    label = mid_sentence(measure_of(comparison, comparison.goal).label)
    first, second = name_words(pair.first), name_words(pair.second)
    if judged(comparison, pair.first).equals(judged(comparison, pair.second)):
        return f"{first} and {second} do not differ in {label} in any replication."
    near = near_first(comparison, pair)
    if pair.second in near:
        return f"no difference in {label} can be told between {_untold(comparison, pair, near)}."
    size, spread = _difference(pair, comparison.goal)
    beside = f"{size} {'as' if size == SAME else 'than'} {second}{spread}"
    few = "in these replications " if comparison.draws < FIRST else ""
    rest = f"; no difference to {' or '.join(map(name_words, near))} can be told" if near else ""
    return f"{few}{first} {_superlative(comparison.goal, label)}: {_level(comparison, pair.first)}, {beside}{rest}."


def near_first(comparison: Comparison, pair: Finding) -> list[str]:
    """Return those whose difference to the first by mean has an interval that holds 0, or none at all."""
    differences = {pair.second: pair.difference}
    for name in comparison.names:
        if name not in (pair.first, pair.second):
            differences[name] = leads(comparison, [pair.first, name])[pair.first, name]
    return [name for name, (_, low, high) in differences.items() if not (low > 0.0 or high < 0.0)]


def _untold(comparison: Comparison, pair: Finding, near: list[str]) -> str:
    """Name those between which no difference can be told, each with its level, and who is surely behind the first."""
    group = [pair.first, pair.second, *(name for name in near if name != pair.second)]
    levels = [f"{_level(comparison, name, spread=False)} with {name_words(name)}" for name in group]
    on = "by half of all runs" if dated(comparison.goal) else "on average"
    size, spread = _difference(pair, comparison.goal)
    first = name_words(pair.first)
    versus = f"; {first} against {name_words(pair.second)}:" if len(group) > 2 else ","
    words = f"{listed([*map(name_words, group)])}: {on} {listed(levels)}{versus} {size}{spread}"
    behind = [name_words(name) for name in comparison.names if name not in group]
    if not behind or not goal(comparison.goal).better:
        return words
    return f"{words}; {listed(behind)} {'is' if len(behind) == 1 else 'are'} surely worse than {first}"


def _level(comparison: Comparison, name: str, *, spread: bool = True) -> str:
    """Write the mean of the measure that ranks with its band, or the date by which half of all runs have it."""
    measure, values = measure_of(comparison, comparison.goal), level_of(comparison, name, comparison.goal)
    date = dated(comparison.goal)
    unit = not measure.label.lower().startswith(measure.unit or "-")
    mean = measure.text(values.median if date else values.mean, unit=unit)
    if not spread or not values.wide or not values.count or values.low >= measure.days:
        return mean
    return f"{mean} {'in half of all runs' if date else 'on average'}{spread_words(values, measure)}"


def choice_words(comparison: Comparison, chosen: Choice, beside: Finding) -> str:
    """Say which alternative to choose, how sure that is, and how often the first by mean is better.

    ``beside`` is the first by mean beside the baseline, or beside another if it is the baseline.
    """
    measure = comparison.goal
    if chosen.kind == "neither":
        return "neither more nor less of it is better, so that no best is named."
    wins = (
        f"Against {name_words(beside.second)}, {name_words(beside.first)} is better in {percent(beside.won)} of "
        f"replications, worse in {percent(beside.lost)}."
    )
    if chosen.kind == "undefined":
        return f"the measure is undefined in some replications, so that no best is named. {wins}"
    selection = chosen.selection
    assert selection is not None
    if chosen.kind == "few":
        return f"{few_words(selection.available, selection.first, comparison.each, 'name a best')} {wins}"
    of = "the central parameters"
    if comparison.drawn or comparison.fitted:
        of = "the fitted parameters" if comparison.fitted else "these parameter ranges"
    sentences = [f"within {of}, {_best(chosen, measure, len(comparison.names), selection.worth)}."]
    if chosen.kind in ("best", "leaning"):
        sentences.append(f"The test that says so is {_promise(selection.worth, measure)}.")
    if chosen.trailing and chosen.kind != "ahead":
        are, them = ("is", "it") if len(chosen.trailing) == 1 else ("are", "them")
        sentences.append(
            f"{listed([*map(name_words, chosen.trailing)])} {are} surely behind {name_words(chosen.level[0])}, though "
            f"the test has not ruled {them} out."
        )
    if chosen.beats > 0.0 and len(chosen.level) > 1:
        least = _amount(chosen.beats, measure)
        sentences.append(f"Each is better than {name_words(comparison.baseline)}, by {least} or more.")
    return " ".join([*sentences, wins])


def _promise(worth: float, measure: str) -> str:
    """Say what the procedure of selection promises."""
    lead = f"{_amount(worth, measure)} or more ({argument('worth')})"
    return f"right in 95 % of studies or more where the best leads by {lead}"


def _best(chosen: Choice, measure: str, names: int, worth: float) -> str:
    """Say which is the best, or which may be, and what to do with that."""
    first, *others = map(name_words, chosen.level)
    matters = _amount(worth, measure)
    low, high = (_unsigned(end, measure) for end in (chosen.lead.low, chosen.lead.high))
    lead = f"by {_amount(chosen.lead.mean, measure)}, {low} to {high}"
    ahead = f"ahead of {name_words(chosen.nearest)}{', the next' * (names > 2)} ({lead})"
    more = "more replications may tell"
    if chosen.kind == "best":
        small = f"; that may be under {matters}, too little to matter" if chosen.lead.low < worth else ""
        return f"{first} is the best{f' of the {names}' * (names > 2)}, {ahead}{small}"
    if chosen.kind == "ahead":
        return (
            f"{first} is the best so far, {ahead}; the test that guards against a wrong choice, "
            f"{_promise(worth, measure)}, has not ruled out {listed([*map(name_words, chosen.trailing)])}: {more}"
        )
    level, rest = listed([first, *others]), listed(others)
    near = f"{first} ahead {lead}" if len(others) == 1 else f"within {_amount(chosen.apart, measure)} of one another"
    return {
        "tied": f"{level} are the same in every replication: choose by another measure",
        "equal": f"{level} are equal for practical purposes, less than {matters} ({argument('worth')}) apart: choose "
        "by cost or another measure",
        "leaning": f"{first} comes out best, but {rest} may be as good ({near}): {more}",
        "open": f"it cannot be told which of {level} is best ({near}): {more}, or choose by cost",
    }[chosen.kind]


def robust_words(comparison: Comparison, reversal: Reversal | None) -> list[str]:
    """Say how far each alternative falls short over the draws of the parameters, and when the ranking flips."""
    regrets, lines = regrets_of(comparison), []
    if regrets is not None:
        parts = [
            f"{name_words(str(name))} {_unsigned(mean, comparison.goal)} (95 % point "
            f"{_unsigned(high, comparison.goal)})"
            for name, mean, high in zip(regrets.index, regrets["mean"], regrets["high"], strict=True)
        ]
        lines.append(
            "Regret (shortfall from the best alternative in the same draw of the parameters, mean): "
            f"{', '.join(parts)}."
        )
    return lines if reversal is None else [*lines, flip_words(comparison, reversal)]


def flip_words(comparison: Comparison, reversal: Reversal) -> str:
    """Say under which conditions the ranking of two alternatives flips."""
    beats = f"{name_words(reversal.behind)} beats {name_words(reversal.ahead)}"
    if reversal.box is None:
        return (
            f"No condition on the parameters stands out under which {beats} ({counted(str(reversal.draws), 'draw')} in "
            "which they differ)."
        )
    box, behind = reversal.box, comparison.names.index(reversal.behind)
    when = " and ".join(conditions_words(box.conditions, comparison.alternatives[behind].scenario))
    return (
        f"The ranking flips: {beats} in {percent(box.density)} of the draws with {when}, against {percent(box.base)} "
        f"of all draws; these are {percent(box.coverage)} of the draws in which it does (found by PRIM)."
    )


def _superlative(measure: str, label: str) -> str:
    """Say that one is first: ``has the fewest days …``, ``ranks first in lowest cover``."""
    more = goal(measure).better >= 0
    if dated(measure):
        return f"has the {'latest' if more else 'earliest'} {label}"
    if label.startswith(COUNTED):
        return f"has the {'most' if more else 'fewest'} {label}"
    return f"{'ranks first' if goal(measure).better else 'is highest'} in {label}"


def _difference(pair: Finding, measure: str) -> tuple[str, str]:
    """Write a difference and its interval: ``41 fewer``, `` (39 to 43)``."""
    mean, low, high = pair.difference
    factor = scale(describe(measure))[0]
    if low != low:
        spread = NO_INTERVAL
    elif low <= 0.0 <= high:
        spread = f"{_way(low, measure, unit=False)} to {_way(high, measure, unit=False)}"
    else:
        spread = " to ".join(number(factor * end) for end in sorted((abs(low), abs(high))))
    return SAME if number(factor * abs(mean)) == "0" else _way(mean, measure), f" ({spread})"


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


def change(value: float, measure: str) -> str:
    """Write a difference in a measure with its sign; shares in points."""
    return signed(scale(describe(measure))[0] * value)


def difference_words(difference: Interval, measure: str) -> str:
    """Write a mean paired difference with its interval."""
    return interval_words(*(change(value, measure) for value in difference))


def interval_words(mean: str, low: str, high: str) -> str:
    """Write a mean with the ends of its interval, or that it has none."""
    return f"{mean} ({NO_INTERVAL if '–' in (low, high) else f'{low} to {high}'})" if mean != "–" else mean


def _unsigned(value: float, measure: str) -> str:
    """Write a difference without a plus."""
    return change(value, measure).removeprefix("+")
