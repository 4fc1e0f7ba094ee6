"""Facts beside the model in words."""

from __future__ import annotations

from math import isfinite, isnan
from typing import TYPE_CHECKING

from sim.view.words import due, number, percent, range_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sim.study.bound import Bound
    from sim.study.verdicts import Coverage, Verdict


def documented(bound: Bound, start: datetime) -> str:
    """Return what is documented, with its unit: ``80 % or more``, ``5–7 Oct``, ``118–235 tankers``."""
    return interval(bound.low, bound.high, lambda value: value_of(bound, value, start), bound.target.unit)


def interval(low: float, high: float, write: Callable[[float], str], unit: str = "") -> str:
    """Return what is documented from one end to another, of which one may be open, with a unit if it is to be said."""
    unit = f" {unit}".rstrip()
    if isfinite(low) and isfinite(high):
        return range_words(write(low), write(high)) + unit
    end = write(low if isfinite(low) else high)
    return f"{end}{unit.removesuffix('s') if end == '1' else unit} or {'more' if isfinite(low) else 'less'}"


def value_of(bound: Bound, value: float, start: datetime) -> str:
    """Return a value of the quantity; a first day that did not come is after the last."""
    if isnan(value):
        return "–"
    if bound.is_date:
        return due(start, value, bound.asked.quantity.last + 1)
    return percent(value) if bound.is_share else number(value)


def band_of(one: Verdict, start: datetime) -> str:
    """Return the model's band in words."""
    if one.holds is None:
        return f"asked in {one.asked} of {one.total}" if one.asked else "not asked"
    ends = (value_of(one.bound, end, start) for end in (one.low, one.high))
    return range_words(*ends)


def verdict_of(one: Verdict) -> str:
    """Return the verdict in a word or two."""
    if one.bound.use == "input":
        return "input"
    if one.holds is None:
        return "too few"
    word = "says nothing" if one.empty else "holds"
    if not one.holds:
        word = f"outside: model {'lower' if one.high < one.bound.low else 'higher'}"
    return {"claim": f"claim, {word}", "check": f"{word} (not fitted)"}.get(one.bound.use, word)


def ordered(found: Sequence[Verdict]) -> list[Verdict]:
    """Return facts in the order in which they are shown: those outside first, the farthest at the top; inputs last."""
    rank = {"fit": 0, "check": 1, "claim": 2, "input": 3}

    def place(one: Verdict) -> tuple[bool, int, float]:
        return one.holds is not False or one.bound.use == "input", rank[one.bound.use], -one.off

    return sorted(found, key=place)


def covered(one: Coverage, what: str) -> str:
    """Return a sentence on how many bands hold their fact."""
    if not one.asked:
        return f"No {what}."
    share = percent(one.held / one.asked)
    empty = f" Bands that cover nine tenths of what is possible, and so say nothing: {one.empty}." * bool(one.empty)
    lie = "lies" if one.held == 1 else "lie"
    return (
        f"{one.held} of {one.asked} {what} ({share}) {lie} in the model's 5–95 % band; if bands were right, {one.low} "
        f"to {one.high} would be no surprise. Median width of a band: {number(one.width)} standard errors of its "
        f"fact.{empty}"
    )
