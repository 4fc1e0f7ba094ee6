"""What a cell may hold.

Each maker returns a function from the text of a cell to its value.  The function raises ValueError, whose text is
what was expected.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date
from typing import Any

Cell = Callable[[str], Any]


def text(cell: str) -> str:
    """Take any single line of text, also none."""
    if cell != cell.strip() or not cell.isprintable():
        raise ValueError("one line of printable text without spaces around it")
    return cell


def words(cell: str) -> str:
    """Take a line of text that is not empty."""
    if not cell:
        raise ValueError("some text")
    return text(cell)


def day(cell: str) -> date:
    """Take a date such as 2025-09-03."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", cell, re.ASCII):
        try:
            return date.fromisoformat(cell)
        except ValueError:
            pass
    raise ValueError("a date such as 2025-09-03")


def published(cell: str) -> str:
    """Take a year, a month or a day, or nothing, and leave it as it is."""
    if re.fullmatch(r"(\d{4}(-\d\d){0,2})?", cell, re.ASCII):
        try:
            if cell:
                date.fromisoformat((cell + "-01-01")[:10])
            return cell
        except ValueError:
            pass
    raise ValueError("a date of publication such as 2025, 2025-10 or 2025-10-29, or nothing")


def number(low: float = -math.inf, high: float = math.inf) -> Cell:
    """Make a taker of finite numbers from ``low`` to ``high``."""
    bounds = "" if low == -math.inf and high == math.inf else f" from {low:g} to {high:g}"

    def take(cell: str) -> float:
        if re.fullmatch(r"-?\d+(\.\d+)?", cell, re.ASCII) and low <= float(cell) <= high and len(cell) <= 20:
            return float(cell)
        raise ValueError(f"a plain number{bounds}, such as 45.9")

    return take


def count(cell: str) -> int:
    """Take a whole number of tankers."""
    if re.fullmatch(r"\d{1,6}", cell, re.ASCII):
        return int(cell)
    raise ValueError("a whole number of tankers, such as 40")


def span(cell: str) -> tuple[float, float]:
    """Take a number or ``low..high`` and return (low, high)."""
    low, dots, high = cell.partition("..")
    take = number()
    try:
        pair = take(low), take(high if dots else low)
    except ValueError:
        pair = (1.0, 0.0)
    if pair[0] > pair[1]:
        raise ValueError("a number, or low..high such as 1500..2000")
    return pair


def maybe(take: Cell) -> Cell:
    """Make a taker that reads an empty cell as None."""
    return lambda cell: None if cell == "" else take(cell)


def one_of(*known: str) -> Cell:
    """Make a taker of the words given."""

    def take(cell: str) -> str:
        if cell in known:
            return cell
        raise ValueError("one of " + ", ".join(word or "(nothing)" for word in known))

    return take


def shaped(pattern: str, example: str) -> Cell:
    """Make a taker of texts that match a pattern."""

    def take(cell: str) -> str:
        if re.fullmatch(pattern, cell, re.ASCII):
            return cell
        raise ValueError(f"an id such as {example}")

    return take


def ids(cell: str) -> tuple[str, ...]:
    """Take ids with a space between them."""
    found = tuple(cell.split(" ")) if cell else ()
    if "" in found or len(set(found)) < len(found):
        raise ValueError("different ids with one space between them, or nothing")
    return found


def address(cell: str) -> str:
    """Take a web address, or nothing."""
    if cell and not re.fullmatch(r"https?://\S+", cell):
        raise ValueError("an address that starts with http:// or https://, or nothing")
    return cell
