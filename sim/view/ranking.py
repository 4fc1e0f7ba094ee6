"""Which alternative is first, which to choose, and how that holds up over the ranges of the parameters."""

from __future__ import annotations

from sim.language import mark, say, say_counted
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
from sim.view.words import (
    apart,
    both,
    counted,
    describe,
    either,
    listed,
    mid_sentence,
    name_words,
    number,
    percent,
    signed,
    with_unit,
)

COUNTED = ("days", "tankers", "convoys", "crews", "ambushes", "loads", "escort unit", "weeks")
"""What there are fewer of, not less."""
NO_INTERVAL = mark("no interval")
"""Of one draw, or of a measure that one replication has."""


def first_words(comparison: Comparison, pair: Finding) -> str:
    """Say which alternative is first in the measure that ranks, and by how much; none where that cannot be told."""
    label = mid_sentence(measure_of(comparison, comparison.goal).label)
    first, second = name_words(pair.first), name_words(pair.second)
    if judged(comparison, pair.first).equals(judged(comparison, pair.second)):
        return say(
            "{first} and {second} do not differ in {measure} in any replication.",
            first=first,
            second=second,
            measure=label,
        )
    near = near_first(comparison, pair)
    if pair.second in near:
        untold = _untold(comparison, pair, near)
        return say("no difference in {measure} can be told between {alternatives}.", measure=label, alternatives=untold)
    size, spread = _difference(pair, comparison.goal)
    values = {"second": second, "interval": spread}
    beside = (
        say("{size} than {second}{interval}", **values, size=size)
        if size
        else say("the same as {second}{interval}", **values)
    )
    text = say(
        "{superlative}: {level}, {difference}",
        superlative=_superlative(comparison.goal, first, label),
        level=_level(comparison, pair.first),
        difference=beside,
    )
    if comparison.draws < FIRST:
        text = say("in these replications {finding}", finding=text)
    if near:
        others = either([*map(name_words, near)])
        text = say("{finding}; no difference to {others} can be told", finding=text, others=others)
    return f"{text}."


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
    levels = [
        say("{level} with {alternative}", level=_level(comparison, name, spread=False), alternative=name_words(name))
        for name in group
    ]
    values = {"alternatives": listed([*map(name_words, group)]), "levels": listed(levels)}
    if dated(comparison.goal):
        words = say("{alternatives}: by half of all runs {levels}", **values)
    else:
        words = say("{alternatives}: on average {levels}", **values)
    size, spread = _difference(pair, comparison.goal)
    difference = f"{size or say('the same')}{spread}"
    first, second = name_words(pair.first), name_words(pair.second)
    if len(group) > 2:
        pairwise = say("{first} against {second}: {difference}", first=first, second=second, difference=difference)
        words = apart((words, pairwise))
    else:
        words = f"{words}, {difference}"
    behind = [name_words(name) for name in comparison.names if name not in group]
    if not behind or not goal(comparison.goal).better:
        return words
    return say_counted(
        "{finding}; {others} is surely worse than {first}",
        "{finding}; {others} are surely worse than {first}",
        len(behind),
        finding=words,
        others=listed(behind),
        first=first,
    )


def _level(comparison: Comparison, name: str, *, spread: bool = True) -> str:
    """Write the mean of the measure that ranks with its band, or the date by which half of all runs have it."""
    measure, values = measure_of(comparison, comparison.goal), level_of(comparison, name, comparison.goal)
    date = dated(comparison.goal)
    unit = bool(measure.unit) and not measure.implied
    mean = measure.text(values.median if date else values.mean, unit=unit)
    if not spread or not values.wide or not values.count or values.low >= measure.days:
        return mean
    level = {"level": mean, "spread": spread_words(values, measure)}
    return say("{level} in half of all runs{spread}", **level) if date else say("{level} on average{spread}", **level)


def choice_words(comparison: Comparison, chosen: Choice, beside: Finding) -> str:
    """Say which alternative to choose, how sure that is, and how often the first by mean is better.

    ``beside`` is the first by mean beside the baseline, or beside another if it is the baseline.
    """
    measure = comparison.goal
    if chosen.kind == "neither":
        return say("neither more nor less of it is better, so that no best is named.")
    wins = say(
        "Against {second}, {first} is better in {won} of replications, worse in {lost}.",
        second=name_words(beside.second),
        first=name_words(beside.first),
        won=percent(beside.won),
        lost=percent(beside.lost),
    )
    if chosen.kind == "undefined":
        return f"{say('the measure is undefined in some replications, so that no best is named.')} {wins}"
    selection = chosen.selection
    assert selection is not None
    if chosen.kind == "few":
        few = few_words(selection.available, selection.first, comparison.each, say("name a best"))
        return f"{few} {wins}"
    best = _best(chosen, measure, len(comparison.names), selection.worth)
    if comparison.fitted:
        sentences = [say("within the fitted parameters, {best}.", best=best)]
    elif comparison.drawn:
        sentences = [say("within these parameter ranges, {best}.", best=best)]
    else:
        sentences = [say("within the central parameters, {best}.", best=best)]
    if chosen.kind in ("best", "leaning"):
        sentences.append(say("The test that says so is {promise}.", promise=_promise(selection.worth, measure)))
    if chosen.trailing and chosen.kind != "ahead":
        sentences.append(
            say_counted(
                "{others} is surely behind {first}, though the test has not ruled it out.",
                "{others} are surely behind {first}, though the test has not ruled them out.",
                len(chosen.trailing),
                others=listed([*map(name_words, chosen.trailing)]),
                first=name_words(chosen.level[0]),
            )
        )
    if chosen.beats > 0.0 and len(chosen.level) > 1:
        baseline, least = name_words(comparison.baseline), amount(chosen.beats, measure)
        sentences.append(say("Each is better than {baseline}, by {least} or more.", baseline=baseline, least=least))
    return " ".join([*sentences, wins])


def _promise(worth: float, measure: str) -> str:
    """Say what the procedure of selection promises."""
    return say(
        "right in 95 % of studies or more where the best leads by {lead} or more ({option})",
        lead=amount(worth, measure),
        option=argument("worth"),
    )


def _best(chosen: Choice, measure: str, names: int, worth: float) -> str:
    """Say which is the best, or which may be, and what to do with that."""
    first, *others = map(name_words, chosen.level)
    matters = amount(worth, measure)
    low, high = (_unsigned(end, measure) for end in (chosen.lead.low, chosen.lead.high))
    lead = say("by {lead}, {low} to {high}", lead=amount(chosen.lead.mean, measure), low=low, high=high)
    if chosen.kind in ("best", "ahead"):
        nearest = name_words(chosen.nearest)
        if names > 2:
            ahead = say("ahead of {nearest}, the next ({lead})", nearest=nearest, lead=lead)
        else:
            ahead = say("ahead of {nearest} ({lead})", nearest=nearest, lead=lead)
    if chosen.kind == "best":
        if names > 2:
            text = say("{first} is the best of the {count}, {ahead}", first=first, count=names, ahead=ahead)
        else:
            text = say("{first} is the best, {ahead}", first=first, ahead=ahead)
        if chosen.lead.low >= worth:
            return text
        return say("{best}; that may be under {least}, too little to matter", best=text, least=matters)
    if chosen.kind == "ahead":
        return say(
            "{first} is the best so far, {ahead}; the test that guards against a wrong choice, {promise}, has not "
            "ruled out {others}: more replications may tell",
            first=first,
            ahead=ahead,
            promise=_promise(worth, measure),
            others=listed([*map(name_words, chosen.trailing)]),
        )
    level, rest = listed([first, *others]), listed(others)
    if chosen.kind == "tied":
        return say("{alternatives} are the same in every replication: choose by another measure", alternatives=level)
    if chosen.kind == "equal":
        return say(
            "{alternatives} are equal for practical purposes, less than {least} ({option}) apart: choose by cost or "
            "another measure",
            alternatives=level,
            least=matters,
            option=argument("worth"),
        )
    if len(others) == 1:
        near = say("{first} ahead {lead}", first=first, lead=lead)
    else:
        near = say("within {most} of one another", most=amount(chosen.apart, measure))
    if chosen.kind == "leaning":
        return say(
            "{first} comes out best, but {others} may be as good ({near}): more replications may tell",
            first=first,
            others=rest,
            near=near,
        )
    return say(
        "it cannot be told which of {alternatives} is best ({near}): more replications may tell, or choose by cost",
        alternatives=level,
        near=near,
    )


def robust_words(comparison: Comparison, reversal: Reversal | None) -> list[str]:
    """Say how far each alternative falls short over the draws of the parameters, and when the ranking flips."""
    regrets, lines = regrets_of(comparison), []
    if regrets is not None:
        parts = [
            say(
                "{alternative} {regret} (95 % point {high})",
                alternative=name_words(str(name)),
                regret=_unsigned(mean, comparison.goal),
                high=_unsigned(high, comparison.goal),
            )
            for name, mean, high in zip(regrets.index, regrets["mean"], regrets["high"], strict=True)
        ]
        lines.append(
            say(
                "Regret (shortfall from the best alternative in the same draw of the parameters, mean): "
                "{alternatives}.",
                alternatives=", ".join(parts),
            )
        )
    return lines if reversal is None else [*lines, flip_words(comparison, reversal)]


def flip_words(comparison: Comparison, reversal: Reversal) -> str:
    """Say under which conditions the ranking of two alternatives flips."""
    names = {"behind": name_words(reversal.behind), "ahead": name_words(reversal.ahead)}
    if reversal.box is None:
        return say(
            "No condition on the parameters stands out under which {behind} beats {ahead} ({draws} in which they "
            "differ).",
            **names,
            draws=counted(str(reversal.draws), "draw"),
        )
    box, behind = reversal.box, comparison.names.index(reversal.behind)
    return say(
        "The ranking flips: {behind} beats {ahead} in {density} of the draws with {conditions}, against {base} of all "
        "draws; these are {coverage} of the draws in which it does (found by PRIM).",
        **names,
        density=percent(box.density),
        conditions=both(conditions_words(box.conditions, comparison.alternatives[behind].scenario)),
        base=percent(box.base),
        coverage=percent(box.coverage),
    )


def _superlative(measure: str, first: str, label: str) -> str:
    """Say that one is first: ``army has the fewest days …``, ``army ranks first in lowest cover``."""
    more, values = goal(measure).better >= 0, {"first": first, "measure": label}
    if dated(measure):
        if more:
            return say("{first} has the latest {measure}", **values)
        return say("{first} has the earliest {measure}", **values)
    if _is_counted(measure):
        if more:
            return say("{first} has the most {measure}", **values)
        return say("{first} has the fewest {measure}", **values)
    if goal(measure).better:
        return say("{first} ranks first in {measure}", **values)
    return say("{first} is highest in {measure}", **values)


def _is_counted(measure: str) -> bool:
    """Say whether there are fewer of a measure, not less."""
    return describe(measure).plain.lower().startswith(COUNTED)


def _difference(pair: Finding, measure: str) -> tuple[str, str]:
    """Write a difference and its interval: ``41 fewer``, `` (39 to 43)``; empty for a difference of nothing."""
    mean, low, high = pair.difference
    factor = scale(describe(measure))[0]
    if low != low:
        spread = say(NO_INTERVAL)
    elif low <= 0.0 <= high:
        spread = _from_to(_way(low, measure, unit=False), _way(high, measure, unit=False))
    else:
        spread = _from_to(*(number(factor * end) for end in sorted((abs(low), abs(high)))))
    return "" if number(factor * abs(mean)) == "0" else _way(mean, measure), f" ({spread})"


def _from_to(low: str, high: str) -> str:
    return say("{low} to {high}", low=low, high=high)


def _way(value: float, measure: str, *, unit: bool = True) -> str:
    """Write a difference in words: ``41 fewer``, ``12 days later``, ``3 points less``."""
    label, (factor, name) = describe(measure).plain.lower(), scale(describe(measure))
    size = amount(abs(value), measure) if unit and not label.startswith(name or "-") else number(factor * abs(value))
    if dated(measure):
        return say("{size} later", size=size) if value > 0.0 else say("{size} earlier", size=size)
    if value > 0.0:
        return say("{size} more", size=size)
    return say("{size} fewer", size=size) if _is_counted(measure) else say("{size} less", size=size)


def amount(value: float, measure: str) -> str:
    """Write an amount of a measure with its unit: ``1 day``, ``0.5 million USD``."""
    factor, unit = scale(describe(measure))
    return with_unit(number(factor * value), unit)


def change(value: float, measure: str) -> str:
    """Write a difference in a measure with its sign; shares in points."""
    return signed(scale(describe(measure))[0] * value)


def difference_words(difference: Interval, measure: str) -> str:
    """Write a mean paired difference with its interval."""
    return interval_words(*(change(value, measure) for value in difference))


def interval_words(mean: str, low: str, high: str) -> str:
    """Write a mean with the ends of its interval, or that it has none."""
    if mean == "–":
        return mean
    return f"{mean} ({say(NO_INTERVAL) if '–' in (low, high) else _from_to(low, high)})"


def _unsigned(value: float, measure: str) -> str:
    """Write a difference without a plus."""
    return change(value, measure).removeprefix("+")


def better_words(measure: str) -> str:
    """Say which way a measure is better."""
    if dated(measure):
        return {1: say("later is better"), -1: say("earlier is better"), 0: say("later counts as ahead")}[
            goal(measure).better
        ]
    return {1: say("more is better"), -1: say("less is better"), 0: say("more counts as ahead")}[goal(measure).better]
