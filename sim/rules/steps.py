"""Piecewise constant parameters, and rounding."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, TypeVar, cast

DAY = 24.0
"""Hours of a day."""
WEEK = 7
"""Days of a week."""
T = TypeVar("T", int, float)


def entry(starts: tuple[float, ...], time: float) -> int:
    """Return the last listed entry that has started at a time (h), or 0 before any has."""
    last = 0
    for k in range(len(starts)):
        if starts[k] <= time:
            last = k
    return last


def at(starts: tuple[float, ...], values: tuple[float, ...], time: float) -> float:
    """Return the value at a time (h): the last listed entry that has started, or the first entry before any has."""
    return values[entry(starts, time)]


def next_change(starts: tuple[float, ...], time: float) -> float:
    """Return when a later entry starts first, infinite if none does."""
    first = math.inf
    for k in range(len(starts)):
        if time < starts[k] < first:
            first = starts[k]
    return first


def total(values: Iterable[T]) -> T:
    """Return a sum, one addition after the other; the built-in sum rounds otherwise in later Pythons."""
    amount: Any = 0
    for value in values:
        amount = amount + value
    return cast("T", amount)


def whole(value: float) -> int:
    """Return the nearest whole number, halves upward."""
    return math.floor(value + 0.5)


def day_of(time: float) -> int:
    """Return the number of the day, from 0, in which a time in hours since a midnight lies."""
    day = math.floor(time / DAY)
    return day - 1 if day * DAY > time else day  # a quotient just below a whole number may be rounded up to it
