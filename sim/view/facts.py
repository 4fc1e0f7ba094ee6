"""Facts beside the model in words."""

from __future__ import annotations

from math import isfinite, isnan
from typing import TYPE_CHECKING

from sim.view.words import number, on_day, percent, range_words, short_date

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sim.study.bound import Bound
    from sim.study.verdict import Coverage, Verdict

SHARES = ("open_share", "open_any", "fill", "need_met")


def documented(bound: Bound, start: datetime) -> str:
    """Return what is documented, with its unit: ``80 % or more``, ``5–7 Oct``, ``118–235 tankers``."""
    low, high, unit = bound.low, bound.high, f" {bound.target.unit}".rstrip()
    if not isfinite(high):
        least = value_of(bound, low, start)
        return f"{least}{unit.removesuffix('s') if least == '1' else unit} or more"
    if not isfinite(low):
        return f"{value_of(bound, high, start)}{unit} or less"
    return range_words(value_of(bound, low, start), value_of(bound, high, start)) + unit


def value_of(bound: Bound, value: float, start: datetime) -> str:
    """Return a value of the quantity; a first day that never came is after the last."""
    if isnan(value):
        return "–"
    if bound.is_date:
        last = bound.asked.quantity.last
        return f"after {short_date(on_day(start, last))}" if value > last else short_date(on_day(start, value))
    quantity = bound.asked.quantity
    shared = quantity.column in SHARES and quantity.statistic in ("mean", "least", "most")
    return percent(value) if shared else number(value)


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
    word = "holds" if one.holds else "outside: model " + ("lower" if one.high < one.bound.low else "higher")
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
    return (
        f"{one.held} of {one.asked} {what} ({share}) lie in the model's 5–95 % band; if bands were right, {one.low} to "
        f"{one.high} would be no surprise. Median width of a band: {number(one.width)} standard errors of its fact."
    )
