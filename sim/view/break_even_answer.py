"""By how much the second of two strategies must cut losses to rank first: in words and in a table."""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan
from typing import TYPE_CHECKING, Literal

from sim.results.measures import MAIN
from sim.view.table import grid, paragraphs
from sim.view.words import counted, describe, listed, range_words

if TYPE_CHECKING:
    from sim.study.break_even import BreakEven, Curve, Flip

EQUALS = {"recorded": "units as recorded", "units": "equal units", "cost": "equal cost"}
TAGGED = {
    "data": "facts bound both the loss ratio and the cycle factor",
    "both": "facts bound a part of what it turns on, the rest is assumed",
    "assumption": "what it turns on is assumed, within its range",
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
        return f"keep stations open longer than {other}"
    label = describe(break_even.measure).label
    return f"do better than {other} in '{label}'"


def cut(flip: Flip) -> str:
    """Say what is to be done to losses; a ratio over 1 lets them rise."""
    return "cut losses to" if flip.ratio < 1.0 else "keep losses under"


def ratio(value: float) -> str:
    """Write a loss ratio or cycle factor: 0.55, 1, 1.25."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def share(value: float) -> str:
    """Write a ratio as per cent, rounded as `ratio` rounds it."""
    return f"{100 * float(f'{value:.2f}'):.0f}"


def spread(break_even: BreakEven, flip: Flip) -> str:
    """Write the ratios at which neither is surely ahead: ``0.38–0.81``, or ``≤0.42`` where those tried end.

    Empty if there are none.
    """
    if isnan(flip.low):
        return ""
    low, high = (f"{end:.2f}" for end in (flip.low, flip.high))
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
        case = f"{_trip(middle(curve).cycle)} with {EQUALS[curve.equal]}"
        guesses.setdefault(_guess(break_even, curve.equal, middle(curve)), []).append(case)
    count = counted(str(break_even.replications), "replication")
    rests = (
        f"Rests on: {TAGGED[break_even.tag]} [{break_even.tag}]; {count} at each point, on the same luck; conditional "
        "on these parameter ranges."
    )
    parts = [
        paragraphs([_opening(break_even, recorded, labels or {})]),
        paragraphs([f"  {upper(listed(some))}: {guess}." for guess, some in guesses.items()], "    "),
        paragraphs([rests]),
        _table(break_even),
    ]
    return "\n".join(parts)


def _table(break_even: BreakEven) -> str:
    """Set the flips in a table: a row for each way to make units equal, a column for each cycle factor."""
    heads = ["Loss ratio at the flip", *map(_trip, break_even.cycles)]
    rows = [
        [EQUALS[curve.equal], *(_cell(break_even, curve.equal, flip) for flip in curve.flips)]
        for curve in break_even.curves
    ]
    ends = f"{ratio(break_even.ratios[0])}–{ratio(break_even.ratios[-1])}"
    note = (
        f"Losses and round trips with {break_even.troops}, army alone = 1. Under the ratio {break_even.second} ranks "
        f"first, over it {break_even.first}; none: that one is ahead at every ratio tried ({ends}). In brackets: "
        "ratios at which the 95 % interval of the mean difference holds 0; cannot be told: at all that were tried."
    )
    return f"{grid(heads, rows, numbers=())}\n{paragraphs([note])}"


def _called(name: str, labels: Mapping[str, str]) -> str:
    label = labels.get(name, name)
    return name if label.replace("-", " ") == name.replace("-", " ") else f"{name} ({label})"


def _trip(cycle: float) -> str:
    return f"round trip × {ratio(cycle)}"


def _opening(break_even: BreakEven, curve: Curve, labels: Mapping[str, str]) -> str:
    """Say what the lines are that follow."""
    first, second = (_called(name, labels) for name in (break_even.first, break_even.second))
    tried = f"{share(break_even.ratios[0])} to {share(break_even.ratios[-1])} % were tried"
    troops, goal = break_even.troops, aim(break_even, first)
    return (
        f"With {EQUALS[curve.equal]}, {troops} must cut losses to so much of what the army alone loses ({tried}) for "
        f"{second} to {goal}, the best guess first, then what is sure (round trip × 1: as long as the army's):"
    )


def _guess(break_even: BreakEven, equal: str, flip: Flip) -> str:
    """Say at which ratio the ranking flips, or who is ahead at all that were tried, and where that is sure."""
    kind = outcome_of(break_even, equal, flip)
    if kind == "same":
        return f"{break_even.first} and {break_even.second} do not differ"
    if kind == "unclear":
        return "there is no one ratio at which the ranking turns"
    if kind == "open":
        return f"it cannot be told which of {break_even.first} and {break_even.second} is ahead"
    low, high = (share(end) for end in (flip.low, flip.high))
    known = not isnan(flip.low)
    below, above = known and flip.low > break_even.ratios[0], known and flip.high < break_even.ratios[-1]
    if kind == "flip":
        yes = f"sure at {low} % or less" if below else "sure at no ratio" if known else "sure"
        no = f"surely not at {high} % or more" if above else "over that it cannot be told" if known else ""
        return ", ".join(filter(None, (f"{share(flip.ratio)} %", yes, no)))
    where = " and ".join([f"at {low} % or less"] * below + [f"at {high} % or more"] * above)
    return f"{flip.ahead} is ahead at every ratio, {f'sure {where}' if known else 'all surely'}"


def _cell(break_even: BreakEven, equal: str, flip: Flip) -> str:
    kind = outcome_of(break_even, equal, flip)
    short = {"same": "no difference", "unclear": "no one flip", "open": "cannot be told"}
    if kind in short:
        return short[kind]
    ends = f" ({spread(break_even, flip)})" if not isnan(flip.low) else ""
    return f"{flip.ratio:.2f}{ends}" if kind == "flip" else f"none: {flip.ahead}{ends}"
