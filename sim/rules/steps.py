"""Piecewise constant parameters, and rounding."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, TypeVar, cast

DAY = 24.0
"""Hours of a day."""
T = TypeVar("T", int, float)


def at(starts: tuple[float, ...], values: tuple[float, ...], time: float) -> float:
    """Return the value at a time (h): the last listed entry that has started, or the first entry before any has."""
    found = values[0]
    for k in range(len(starts)):
        if starts[k] <= time:
            found = values[k]
    return found


def entry(starts: tuple[float, ...], time: float) -> int:
    """Return the last listed entry that has started at a time (h), or 0 before any has."""
    found = 0
    for k in range(len(starts)):
        if starts[k] <= time:
            found = k
    return found


def next_change(starts: tuple[float, ...], time: float) -> float:
    """Return when a later entry starts first, infinite if none does."""
    found = math.inf
    for k in range(len(starts)):
        if time < starts[k] < found:
            found = starts[k]
    return found


def total(values: Iterable[T]) -> T:
    """Return a sum, one addition after the other; the built-in sum rounds otherwise in later Pythons."""
    found: Any = 0
    for value in values:
        found = found + value
    return cast("T", found)


def whole(value: float) -> int:
    """Return the nearest whole number, halves upward."""
    return math.floor(value + 0.5)


def day_of(time: float) -> int:
    """Return the number of the day, from 0, in which a time in hours since a midnight lies."""
    day = math.floor(time / 24.0)
    return day - 1 if day * 24.0 > time else day  # a quotient just below a whole number may be rounded up to it
