"""What the explorer says of its levers and of what has been seen so far."""

from __future__ import annotations

from sim.errors import ConvoiError
from sim.language import mark, points, say, say_counted
from sim.scenario.load import Scenario
from sim.scenario.problem import legible
from sim.study.explore import Look
from sim.study.lever import Lever
from sim.view.parameters import parameter_words
from sim.view.words import number, unit_word, with_unit

GRADES = {
    "document": mark("rests on a document"),
    "public": mark("rests on public sources"),
    "derived": mark("derived from what is on record"),
    "assumption": mark("an assumption"),
    "none": mark("no source"),
}
TIMES = "× "
PROBLEMS = 4
"""Problems that are told of choices that do not go together."""


def lever_words(lever: Lever, scenario: Scenario) -> str:
    """Return what a lever moves, with its unit: ``loss ratio of aircraft``."""
    match lever.kind:
        case "threat":
            return say("ambushes laid in all zones, times")
        case "convoy":
            return say("largest import convoy, tankers")
        case "stock":
            root = scenario.root
            product, unit = say(root.lead), unit_word(lever.unit)
            return say("stock of {product} in {town} at the start, {unit}", product=product, town=root.hub, unit=unit)
    words = parameter_words(lever.path, scenario)
    if lever.factor:
        return say("{number}, times", number=words)
    return say("{number}, {unit}", number=words, unit=unit_word(lever.unit)) if lever.unit else words


def start_words(lever: Lever) -> str:
    """Say what the scenario itself has, from where it is drawn, and what that rests on."""
    value, grade = number(lever.values[lever.start]), say(GRADES[lever.grade])
    if lever.kind == "stock" and lever.grade == "none":
        return say("as given: what the warm-up leaves, about {value}", value=value)
    given = TIMES + value if lever.factor else value
    if lever.factor and lever.amount == lever.amount:
        given = say("{factor}, that is {amount}", factor=given, amount=with_unit(number(lever.amount), lever.unit))
    if lever.low is None or lever.high is None:
        return say("as given: {value}; {grade}", value=given, grade=grade)
    ends = {"low": _amount(lever.low), "high": _amount(lever.high)}
    if lever.fitted:
        return say("as given: {value}, fitted within {low} to {high}; {grade}", value=given, grade=grade, **ends)
    return say("as given: {value}, drawn from {low} to {high}; {grade}", value=given, grade=grade, **ends)


def _amount(text: str) -> str:
    """Write an amount as the language spoken does: ``0.5 /month``."""
    value, _, unit = text.partition(" ")
    return with_unit(points(value), unit)


def progress_words(look: Look) -> str:
    """Say how many replications have been seen of how many."""
    if look.last:
        return say("{count} replications of each, as many as an answer that is quoted should have.", count=look.of)
    return say(
        "First look: {count} of {of} replications; more are on their way, on the same luck.",
        count=look.replications,
        of=look.of,
    )


def older_words(seen: int) -> str:
    """Say that figures follow, and that those which stand there meanwhile show so many replications; 0 if none do."""
    if not seen:
        return say("Figures follow.")
    return say("Figures of the first {count} replications; newer ones follow.", count=number(seen))


def refusal_lines(error: ConvoiError) -> list[str]:
    """Return what is wrong with a combination, a problem a line; of many the first."""
    lines = legible(str(error)).splitlines()
    more = len(lines) - PROBLEMS
    told = [say("These choices do not go together:"), *lines[:PROBLEMS]]
    return [*told, say_counted("and {count} more", "and {count} more", more, count=more)] if more > 0 else told
