"""By how much the second of two strategies must cut losses to rank first: in words and in a table."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Literal

from sim.results.goals import MAIN
from sim.view.table import grid, paragraphs
from sim.view.words import counted, describe, range_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.study.break_even import BreakEven, Curve, Flip

EQUALS = {"recorded": "units as recorded", "units": "equal units", "cost": "equal cost"}
TROOPS = {"foreign": "foreign troops", "air": "aircraft"}
TAGGED = {
    "data": "facts bound both the loss ratio and the cycle factor",
    "both": "facts bound a part of what it turns on, the rest is assumed",
    "assumption": "what it turns on is assumed, within its range",
}
Told = Literal["flip", "first", "second", "same", "unclear", "open"]


def told(found: BreakEven, equal: str, flip: Flip) -> Told:
    """Say what comes of raising the loss ratio at one cycle factor.

    ``flip``: the second strategy falls behind; ``first`` or ``second``: that one leads at every ratio; ``same``: the
    mean difference is 0 at every ratio; ``unclear``: the lead changes, but not once from the second to the first, or
    the measure is not defined; ``open``: it cannot be told, the ratios at which neither is surely ahead go from one end
    of those tried to the other.
    """
    points = found.points
    rows = points[(points["equal"] == equal) & (points["cycle"] == flip.cycle)]
    if (rows["mean"] == 0.0).all():
        return "same"
    if flip.low <= found.ratios[0] and flip.high >= found.ratios[-1]:
        return "open"
    if not isnan(flip.ratio):
        return "flip"
    if flip.ahead:
        return "first" if flip.ahead == found.first else "second"
    return "unclear"


def middle(curve: Curve) -> Flip:
    """Return the flip at the middle cycle factor."""
    return curve.flips[len(curve.flips) // 2]


def aim(found: BreakEven, other: str) -> str:
    """Say what it is to rank before another: ``keep stations open longer than air-only``."""
    if found.measure == MAIN:
        return f"keep stations open longer than {other}"
    label = describe(found.measure).label
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


def spread(found: BreakEven, flip: Flip, *, shares: bool = False) -> str:
    """Write the ratios at which neither is surely ahead: ``0.38–0.81``, or ``≤0.42`` where those tried end.

    As shares: ``38–81 %``, ``42 % or less``.  Empty if there are none.
    """
    if isnan(flip.low):
        return ""
    below, above = flip.low <= found.ratios[0], flip.high >= found.ratios[-1]
    low, high = (share(end) if shares else f"{end:.2f}" for end in (flip.low, flip.high))
    if not (below or above):
        return f"{range_words(low, high)}{' %' * shares}"
    end = high if below else low
    return f"{end} % or {'less' if below else 'more'}" if shares else f"{'≤' if below else '≥'}{end}"


def upper(text: str) -> str:
    """Begin a sentence."""
    return f"{text[:1].upper()}{text[1:]}"


def break_even_words(found: BreakEven, labels: Mapping[str, str] | None = None) -> list[str]:
    """Say by how much losses must be cut, how that moves with the round trip, how sure it is and on what it rests.

    Parameters
    ----------
    found
        A break-even.
    labels
        A few words for each strategy, by its name.

    Returns
    -------
    list of str
        Lines: a few sentences, then a table of the flips.
    """
    recorded, *others = found.curves
    sentences = [_opening(found, recorded, labels or {}), *_moves(found, recorded)]
    if others:
        parts = [(f"with {EQUALS[curve.equal]}", _short(found, curve.equal, middle(curve))) for curve in others]
        sentences.append(f"At the same round trip, but {_joined(parts)}.")
    sentences.append(
        f"Rests on: {TAGGED[found.tag]} [{found.tag}]; {counted(str(found.replications), 'replication')} at each "
        "point, on the same luck; conditional on these parameter ranges."
    )
    return [line for text in (paragraphs(sentences), _table(found)) for line in text.splitlines()]


def _table(found: BreakEven) -> str:
    """Set the flips in a table: a row for each way to make units equal, a column for each cycle factor."""
    heads = ["Loss ratio at the flip", *(f"round trip × {ratio(cycle)}" for cycle in found.cycles)]
    rows = [[EQUALS[curve.equal], *(_cell(found, curve.equal, flip) for flip in curve.flips)] for curve in found.curves]
    ends = f"{ratio(found.ratios[0])}–{ratio(found.ratios[-1])}"
    note = (
        f"Losses and round trips with {TROOPS[found.component]}, army alone = 1. Under the ratio {found.second} ranks "
        f"first, over it {found.first}; none: that one is ahead at every ratio tried ({ends}). In brackets: ratios at "
        "which the 95 % interval of the mean difference holds 0; cannot be told: at all that were tried."
    )
    return f"{grid(heads, rows, numbers=())}\n{paragraphs([note])}"


def _called(name: str, labels: Mapping[str, str]) -> str:
    label = labels.get(name, name)
    return name if label.replace("-", " ") == name.replace("-", " ") else f"{name} ({label})"


def _trips(cycle: float) -> str:
    return "round trips as long as" if cycle == 1.0 else f"round trips {ratio(cycle)} times as long as"


def _opening(found: BreakEven, curve: Curve, labels: Mapping[str, str]) -> str:
    flip = middle(curve)
    kind = told(found, curve.equal, flip)
    first, second = (_called(name, labels) for name in (found.first, found.second))
    troops = TROOPS[found.component]
    where = f"With {EQUALS[curve.equal]} and {_trips(flip.cycle)} with the army alone"
    if kind == "same":
        return f"{where}, {first} and {second} do not differ, whatever {troops} do to losses."
    if kind == "unclear":
        return f"{where}, there is no one ratio at which the ranking of {first} and {second} turns."
    if kind == "open":
        return f"{where}, it cannot be told which of {first} and {second} ranks first, whatever {troops} do to losses."
    held = spread(found, flip, shares=True)
    if kind == "flip":
        interval = f" (95 % interval: {held})" if held else ""
        return (
            f"{where}, {troops} must {cut(flip)} {share(flip.ratio)} %{interval} of what the army alone loses for "
            f"{second} to {aim(found, first)}."
        )
    ahead, behind = (first, second) if kind == "first" else (second, first)
    tried = f"from {share(found.ratios[0])} to {share(found.ratios[-1])} % of what the army alone loses"
    tail = f" (not sure at {held})" if held else ""
    return f"{where}, {ahead} ranks before {behind} whatever {troops} do to losses, {tried}{tail}."


def _moves(found: BreakEven, curve: Curve) -> list[str]:
    """Say how the flip moves over the other cycle factors."""
    parts = [
        (f"with {_trips(flip.cycle)} the army's", _short(found, curve.equal, flip))
        for flip in curve.flips
        if flip is not middle(curve)
    ]
    return [upper(f"{_joined(parts)}.")] if parts else []


def _joined(parts: Sequence[tuple[str, str]]) -> str:
    """Join conditions, each with what holds under it; those under which the same holds stand together."""
    held: dict[str, list[str]] = {}
    for condition, words in parts:
        held.setdefault(words, []).append(condition)
    return "; ".join(f"{' and '.join(conditions)}, {words}" for words, conditions in held.items())


def _short(found: BreakEven, equal: str, flip: Flip) -> str:
    kind = told(found, equal, flip)
    if kind in ("same", "unclear"):
        return "there is no difference" if kind == "same" else "there is no one flip"
    if kind == "open":
        return "it cannot be told"
    held = spread(found, flip, shares=True)
    if kind == "flip":
        return f"it is {share(flip.ratio)} %{f' ({held})' if held else ''}"
    return f"{flip.ahead} is ahead at every ratio{f' (not sure at {held})' if held else ''}"


def _cell(found: BreakEven, equal: str, flip: Flip) -> str:
    kind = told(found, equal, flip)
    if kind in ("same", "unclear"):
        return "no difference" if kind == "same" else "no one flip"
    if kind == "open":
        return "cannot be told"
    held = f" ({spread(found, flip)})" if not isnan(flip.low) else ""
    return f"{flip.ratio:.2f}{held}" if kind == "flip" else f"none: {flip.ahead}{held}"
