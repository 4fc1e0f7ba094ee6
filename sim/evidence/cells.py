"""What a cell may hold.

Each function, or what a maker returns, is from the text of a cell to its value; it raises ValueError, whose text is
what was expected.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date
from typing import Any

Cell = Callable[[str], Any]


def shaped(pattern: str, expected: str, read: Cell = str) -> Cell:
    """Make a taker of texts that match a pattern and that ``read`` understands."""

    def take(cell: str) -> Any:
        if re.fullmatch(pattern, cell, re.ASCII):
            try:
                return read(cell)
            except ValueError:
                pass
        raise ValueError(expected)

    return take


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


def _published(cell: str) -> str:
    if cell:
        date.fromisoformat((cell + "-01-01")[:10])
    return cell


day = shaped(r"\d{4}-\d\d-\d\d", "a date such as 2025-09-03", date.fromisoformat)
published = shaped(
    r"(\d{4}(-\d\d){0,2})?", "a date of publication such as 2025, 2025-10 or 2025-10-29, or nothing", _published
)
"""Takes a year, a month or a day, or nothing, and leaves it as it is."""
count = shaped(r"\d{1,6}", "a whole number of tankers, such as 40", int)


def id_like(pattern: str, example: str) -> Cell:
    """Make a taker of ids that match a pattern."""
    return shaped(pattern, f"an id such as {example}")


def number(low: float = -math.inf, high: float = math.inf) -> Cell:
    """Make a taker of finite numbers from ``low`` to ``high``."""

    def within(cell: str) -> float:
        if low <= float(cell) <= high and len(cell) <= 20:
            return float(cell)
        raise ValueError

    bounds = "" if low == -math.inf and high == math.inf else f" from {low:g} to {high:g}"
    return shaped(r"-?\d+(\.\d+)?", f"a plain number{bounds}, such as 45.9", within)


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
    return shaped("|".join(map(re.escape, known)), "one of " + ", ".join(word or "(nothing)" for word in known))


def ids(cell: str) -> tuple[str, ...]:
    """Take ids with a space between them."""
    named = tuple(cell.split(" ")) if cell else ()
    if "" in named or len(set(named)) < len(named):
        raise ValueError("different ids with one space between them, or nothing")
    return named


def address(cell: str) -> str:
    """Take a web address, or nothing."""
    if cell and not re.fullmatch(r"https?://\S+", cell):
        raise ValueError("an address that starts with http:// or https://, or nothing")
    return cell
