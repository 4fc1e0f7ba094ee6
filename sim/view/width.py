"""How many columns text may take: those of the terminal that it is printed to, else a hundred."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Final, Protocol

COLUMNS: Final = 100
"""Columns where nobody looks at a terminal, and those of the widest paragraph: longer lines are hard to read."""
NARROWEST: Final = 40
"""Columns that text takes on any terminal."""


class Stream(Protocol):
    """What text is printed to."""

    def isatty(self) -> bool:
        """Whether it is a terminal."""

    def fileno(self) -> int:
        """Return the number of its file."""


_WIDTH: ContextVar[int] = ContextVar("width", default=COLUMNS)


def width() -> int:
    """Return how many columns a table may take."""
    return _WIDTH.get()


def line() -> int:
    """Return how many columns a paragraph may take."""
    return min(width(), COLUMNS)


@contextmanager
def within(columns: int) -> Iterator[None]:
    """Set the columns that text may take meanwhile."""
    before = _WIDTH.set(max(NARROWEST, columns))
    try:
        yield
    finally:
        _WIDTH.reset(before)


def columns_of(stream: Stream) -> int:
    """Return the columns that ``COLUMNS`` says, else those of the terminal that a stream writes to, else 100."""
    setting = os.environ.get("COLUMNS", "")
    if setting.isdecimal() and int(setting) > 0:
        return int(setting)
    with suppress(OSError, ValueError):
        if stream.isatty():
            return os.get_terminal_size(stream.fileno()).columns or COLUMNS
    return COLUMNS
