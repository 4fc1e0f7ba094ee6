"""What is wrong with a scenario, and where; and text from outside, made fit to be seen."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import islice
from typing import Final

Path = tuple[str, ...]
"""Where a value stands in a scenario: keys and list positions, from the top."""
TOLD: Final = 200
"""Problems that are told of a scenario; nobody reads more, the rest is counted."""
COMPARISONS: Final = 20_000
"""Names that are compared with others to find the nearest, while one scenario is loaded: a second or two."""
CANDIDATES: Final = 5000
"""Names with which one is compared at most."""
MISSING: Final = "missing"
NO_NUMBER: Final = "no number to begin with"
NO_AMOUNT: Final = "nothing to multiply"
NO_LIST: Final = "positions that are not there"
NO_DATE: Final = "no entry of this date"
NO_START: Final = "a day after a start that is not known"
NO_NAME: Final = "nothing of this name to remove"
BASELESS: Final = frozenset({MISSING, NO_NUMBER, NO_AMOUNT, NO_LIST, NO_DATE, NO_START, NO_NAME})
"""What is wrong where nothing lies below: of an overlay taken for a scenario it follows from that."""
CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What moves, colours, titles or turns round what stands on a screen, and halves of characters.

Line feeds and tabs are left to whoever lays out the text.
"""
_left: ContextVar[list[int] | None] = ContextVar("comparisons left", default=None)


@dataclass(frozen=True, slots=True)
class Origin:
    """The place that set a value: a file with line and column from 1, or something without lines (line 0)."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule that a value breaks; ``at`` leads from the value to its faulty part."""

    wrong: str
    given: str = ""
    expected: str = ""
    at: Path = ()

    def under(self, *path: str) -> Fault:
        """Return the same fault, seen from further out."""
        return Fault(self.wrong, self.given, self.expected, (*path, *self.at))

    def __str__(self) -> str:
        parts = [self.wrong, self.given and f"given {self.given}", self.expected and f"expected {self.expected}"]
        return "; ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault with its place."""

    file: str
    line: int
    column: int
    path: str
    wrong: str
    given: str = ""
    expected: str = ""

    @classmethod
    def at(cls, origin: Origin, path: Path, fault: Fault) -> Problem:
        """Place a fault found in the value at ``path``, set at ``origin``."""
        dotted = ".".join((*path, *fault.at))
        return cls(origin.file, origin.line, origin.column, dotted, fault.wrong, fault.given, fault.expected)

    def __str__(self) -> str:
        place = [str(Origin(self.file, self.line, self.column)), self.path]
        fault = Fault(self.wrong, self.given, self.expected)
        return ": ".join([*(part for part in place if part), str(fault)])


def quoted(value: object, width: int = 60) -> str:
    """Return a value as it is shown in a message: on one line and cut to ``width`` characters."""
    text = repr(value) if isinstance(value, str) else plain_words(value)
    text = "".join(c if c.isprintable() else "?" for c in text)
    return text if len(text) <= width else text[: width - 1] + "…"


def plain_words(value: object) -> str:
    """Return a value that is no text in the words that a scenario file uses."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "yes" if value else "no"
        case dict():
            keys = ", ".join(str(key) for key in islice(value, 30))  # `quoted` cuts what is longer
            return f"a mapping with {keys}" if value else "a mapping without keys"
        case list() | tuple():
            return f"a list of {len(value)}" if value else "an empty list"
        case _:
            return str(value)


@contextmanager
def sparing() -> Iterator[None]:
    """Let nearest names be looked for, meanwhile, for the first few of many that are wrong."""
    token = _left.set([COMPARISONS])
    try:
        yield
    finally:
        _left.reset(token)


def spend(comparisons: int) -> bool:
    """Say whether so many names may still be compared, and count them."""
    left = _left.get()
    if left is None:
        return True
    left[0] -= comparisons
    return left[0] + comparisons > 0


def few(problems: Collection[Problem]) -> tuple[Problem | str, ...]:
    """Return problems as they are told: the first ones, and how many more there are."""
    more = len(problems) - TOLD
    return (*islice(problems, TOLD), *([f"and {more:,} more problems"] if more > 0 else []))


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name nearest to ``name``, if any is near: the only one that begins so, or one spelled alike."""
    names = list(islice(known, CANDIDATES))
    if not spend(len(names)):
        return None
    lower = {candidate.lower(): candidate for candidate in reversed(names)}
    longer = [candidate for candidate in lower if candidate.startswith(name.lower())] if len(name) > 2 else []
    if len(longer) == 1:
        return lower[longer[0]]
    alike = difflib.get_close_matches(name[:80].lower(), lower, n=1, cutoff=0.6)
    return lower[alike[0]] if alike else None


def one_of(known: Iterable[str], name: str = "") -> str:
    """Return the known names as an expectation, the nearest to ``name`` first."""
    names = known if isinstance(known, Collection) else list(known)
    near = nearest(name, names) if name else None
    if near is not None:
        return f"a known name; the nearest is '{near}'"
    return f"one of {some(names)}" if names else "nothing: none is declared"


def some(names: Collection[str]) -> str:
    """Return the first names of a list."""
    return ", ".join(islice(names, 8)) + (", …" if len(names) > 8 else "")


def legible(text: str) -> str:
    r"""Return text with its control characters written out: ``\x1b``, ``\u202e``."""
    return CONTROL.sub(lambda sign: ascii(sign[0])[1:-1], text)


def legible_json(text: str) -> str:
    r"""Return JSON with the control characters in its strings written as JSON does: ``\u009b``."""
    return CONTROL.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)
