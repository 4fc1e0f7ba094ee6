"""By how much the second of two strategies must cut losses to rank first: in words and in a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isnan
from typing import TYPE_CHECKING, Literal

from sim.language import mark, points, say
from sim.results.measures import MAIN
from sim.view.study_words import tag_words
from sim.view.table import grid, paragraphs
from sim.view.words import both, counted, describe, listed, range_words

if TYPE_CHECKING:
    from sim.study.break_even import BreakEven, Curve, Flip

EQUALS = {"recorded": mark("units as recorded"), "units": mark("equal units"), "cost": mark("equal cost")}
TAGGED = {
    "data": mark("facts bound both the loss ratio and the cycle factor"),
    "both": mark("facts bound a part of what it turns on, the rest is assumed"),
    "assumption": mark("what it turns on is assumed, within its range"),
}
Outcome = Literal["flip", "first", "second", "same", "unclear", "open"]


def outcome_of(break_even: BreakEven, equal: str, flip: Flip) -> Outcome:
    """Say what comes of raising the loss ratio at one cycle factor.

    ``flip``: the second strategy falls behind; ``first`` or ``second``: that one leads at every ratio; ``same``: the
    mean difference is 0 at every ratio; ``unclear``: the lead changes, but not once from the second to the first, or
    the measure is not defined; ``open``: it cannot be told, the ratios at which neither is surely ahead go from one end
    of those tried to the other.
    """
    points = break_even.points
    rows = points[(points["equal"] == equal) & (points["cycle"] == flip.cycle)]
    if (rows["mean"] == 0.0).all():
        return "same"
    if flip.low <= break_even.ratios[0] and flip.high >= break_even.ratios[-1]:
        return "open"
    if not isnan(flip.ratio):
        return "flip"
    if flip.ahead:
        return "first" if flip.ahead == break_even.first else "second"
    return "unclear"


def middle(curve: Curve) -> Flip:
    """Return the flip at the middle cycle factor."""
    return curve.flips[len(curve.flips) // 2]


def aim(break_even: BreakEven, other: str) -> str:
    """Say what it is to rank before another: ``keep stations open longer than air-only``."""
    if break_even.measure == MAIN:
        return say("keep stations open longer than {other}", other=other)
    return say("do better than {other} in '{measure}'", other=other, measure=describe(break_even.measure).label)


def cut(flip: Flip) -> str:
    """Say what is to be done to losses; a ratio over 1 lets them rise."""
    return say("cut losses to") if flip.ratio < 1.0 else say("keep losses under")


def ratio(value: float) -> str:
    """Write a loss ratio or cycle factor: 0.55, 1, 1.25."""
    return points(f"{value:.2f}".rstrip("0").rstrip("."))


def share(value: float) -> str:
    """Write a ratio as per cent, rounded as `ratio` rounds it."""
    return f"{100 * float(f'{value:.2f}'):.0f}"


def spread(break_even: BreakEven, flip: Flip) -> str:
    """Write the ratios at which neither is surely ahead: ``0.38–0.81``, or ``≤0.42`` where those tried end.

    Empty if there are none.
    """
    if isnan(flip.low):
        return ""
    low, high = (points(f"{end:.2f}") for end in (flip.low, flip.high))
    if flip.low <= break_even.ratios[0]:
        return f"≤{high}"
    return f"≥{low}" if flip.high >= break_even.ratios[-1] else range_words(low, high)


def upper(text: str) -> str:
    """Begin a sentence."""
    return f"{text[:1].upper()}{text[1:]}"


def break_even_answer(break_even: BreakEven, labels: Mapping[str, str] | None = None) -> str:
    """Say by how much losses must be cut, how that moves with the round trip, how sure it is and on what it rests.

    A few sentences, then a table of the flips; ``labels`` are a few words for each strategy, by its name.
    """
    recorded, *others = break_even.curves
    guesses: dict[str, list[str]] = {}
    for flip in recorded.flips:
        guesses.setdefault(_guess(break_even, recorded.equal, flip), []).append(_trip(flip.cycle))
    for curve in others:
        case = say("{trip} with {units}", trip=_trip(middle(curve).cycle), units=say(EQUALS[curve.equal]))
        guesses.setdefault(_guess(break_even, curve.equal, middle(curve)), []).append(case)
    count = counted(str(break_even.replications), "replication")
    rests = say(
        "Rests on: {facts} [{tag}]; {replications} at each point, on the same luck; conditional on these parameter "
        "ranges.",
        facts=say(TAGGED[break_even.tag]),
        tag=tag_words(break_even.tag),
        replications=count,
    )
    parts = [
        paragraphs([_opening(break_even, recorded, labels or {})]),
        paragraphs([f"  {_case(guess, some)}." for guess, some in guesses.items()], "    "),
        paragraphs([rests]),
        _table(break_even),
    ]
    return "\n".join(parts)


def _case(guess: str, trips: Sequence[str]) -> str:
    return say("{cases}: {guess}", cases=upper(listed(trips)), guess=guess)


def _table(break_even: BreakEven) -> str:
    """Set the flips in a table: a row for each way to make units equal, a column for each cycle factor."""
    heads = [say("Loss ratio at the flip"), *map(_trip, break_even.cycles)]
    rows = [
        [say(EQUALS[curve.equal]), *(_cell(break_even, curve.equal, flip) for flip in curve.flips)]
        for curve in break_even.curves
    ]
    note = say(
        "Losses and round trips with {troops}, army alone = 1. Under the ratio {second} ranks first, over it {first}; "
        "none: that one is ahead at every ratio tried ({ends}). In brackets: ratios at which the 95 % interval of the "
        "mean difference holds 0; cannot be told: at all that were tried.",
        troops=say(break_even.troops),
        second=break_even.second,
        first=break_even.first,
        ends=f"{ratio(break_even.ratios[0])}–{ratio(break_even.ratios[-1])}",
    )
    return f"{grid(heads, rows, numbers=())}\n{paragraphs([note])}"


def _called(name: str, labels: Mapping[str, str]) -> str:
    label = labels.get(name, name)
    return name if label.replace("-", " ") == name.replace("-", " ") else f"{name} ({say(label)})"


def _trip(cycle: float) -> str:
    return say("round trip × {factor}", factor=ratio(cycle))


def _opening(break_even: BreakEven, curve: Curve, labels: Mapping[str, str]) -> str:
    """Say what the lines are that follow."""
    first, second = (_called(name, labels) for name in (break_even.first, break_even.second))
    return say(
        "With {units}, {troops} must cut losses to so much of what the army alone loses ({low} to {high} % were tried) "
        "for {second} to {goal}, the best guess first, then what is sure (round trip × 1: as long as the army's):",
        units=say(EQUALS[curve.equal]),
        troops=say(break_even.troops),
        low=share(break_even.ratios[0]),
        high=share(break_even.ratios[-1]),
        second=second,
        goal=aim(break_even, first),
    )


def _guess(break_even: BreakEven, equal: str, flip: Flip) -> str:
    """Say at which ratio the ranking flips, or who is ahead at all that were tried, and where that is sure."""
    kind = outcome_of(break_even, equal, flip)
    if kind == "same":
        return say("{first} and {second} do not differ", first=break_even.first, second=break_even.second)
    if kind == "unclear":
        return say("there is no one ratio at which the ranking turns")
    if kind == "open":
        names = {"first": break_even.first, "second": break_even.second}
        return say("it cannot be told which of {first} and {second} is ahead", **names)
    low, high = (share(end) for end in (flip.low, flip.high))
    known = not isnan(flip.low)
    below, above = known and flip.low > break_even.ratios[0], known and flip.high < break_even.ratios[-1]
    if kind == "flip":
        if not known:
            return f"{say('{number} %', number=share(flip.ratio))}, {say('sure')}"
        yes = say("sure at {low} % or less", low=low) if below else say("sure at no ratio")
        no = say("surely not at {high} % or more", high=high) if above else say("over that it cannot be told")
        return ", ".join((say("{number} %", number=share(flip.ratio)), yes, no))
    if not known:
        return say("{alternative} is ahead at every ratio, all surely", alternative=flip.ahead)
    ends = [say("at {low} % or less", low=low)] * below + [say("at {high} % or more", high=high)] * above
    return say("{alternative} is ahead at every ratio, sure {where}", alternative=flip.ahead, where=both(ends))


def _cell(break_even: BreakEven, equal: str, flip: Flip) -> str:
    kind = outcome_of(break_even, equal, flip)
    short = {"same": say("no difference"), "unclear": say("no one flip"), "open": say("cannot be told")}
    if kind in short:
        return short[kind]
    cell = points(f"{flip.ratio:.2f}") if kind == "flip" else say("none: {alternative}", alternative=flip.ahead)
    return cell if isnan(flip.low) else f"{cell} ({spread(break_even, flip)})"
