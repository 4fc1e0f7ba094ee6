"""What a measure is: one declaration at the function that computes it says all there is to know of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Any, Final, Literal, NamedTuple, TypeVar

Field = Literal["town", "product", "user", "month", "date"]
Value = TypeVar("Value", bound=Callable[..., float])

DATE: Final = "date"
"""Unit of a measure that is a day since the start and is read as a date."""


class Measure(NamedTuple):
    """A measure: its kind, and what it speaks of; what it does not is empty.

    It is written with dots between, ``need_met.Bamako.petrol``, ``imports.2025-10``.  No name of a scenario holds a
    dot, so whatever towns, products and users are called, what is written is one measure's.
    """

    what: str
    town: str = ""
    product: str = ""
    user: str = ""
    month: str = ""
    date: str = ""

    def __str__(self) -> str:
        return ".".join(filter(None, self))


@dataclass(frozen=True)
class Definition:
    """All that is said of a measure.

    Parameters
    ----------
    kind
        Its name, without what it speaks of.
    of
        What it speaks of, in the order in which that is written: nothing (the whole run), a town, a product of the hub,
        a user, a month or a date.
    label
        Its name in words, in which ``{month}`` and ``{date}`` stand for what it speaks of.
    meaning
        How it is defined, as docs/measures.md says it.
    subject
        The module that declares it.
    value
        Computes it from a `Daily`; with what it speaks of: the place of the town among those that need fuel, of the
        product among those sold at pumps, the user, the days of the month, or the day.
    unit
        Empty for counts; ``%`` marks shares, held as 0 to 1.
    better
        1 where more is better, -1 where less is, 0 where it is neither.
    worth
        The smallest difference that a choice should turn on, in the unit.
    counts
        What a count counts, if the name does not say it.
    head
        Words for a narrow column of a table; the label and the unit if empty.
    most
        The most that a run of so many days can have of it; by default 1 of a share, all days of days and dates.
    needs
        For a date that is only asked where another came: that other.
    after
        For a measure of a date: how many days after it are looked at.
    """

    kind: str
    of: tuple[Field, ...]
    label: str
    meaning: str
    subject: str
    value: Callable[..., float]
    unit: str = ""
    better: int = 0
    worth: float = 1.0
    counts: str = "count"
    head: str = ""
    most: Callable[[int], float] | None = None
    needs: str = ""
    after: int = 0

    def most_of(self, days: int) -> float:
        """Return the most that a run of so many days can have; infinite where nothing bounds it."""
        if self.most is not None:
            return self.most(days)
        return {"%": 1.0, "days": float(days), DATE: float(days)}.get(self.unit, inf)


DEFINITIONS: Final[list[Definition]] = []
"""All that are declared, in order."""


def declare(label: str, *of: Field, kind: str = "", meaning: str = "", **said: Any) -> Callable[[Value], Value]:
    """Return what declares a measure at the function that computes it, and leaves the function as it is.

    Its kind is the name of the function and its meaning the docstring, unless others are given; see `Definition` for
    what else may be ``said``.
    """

    def declared(value: Value) -> Value:
        text = meaning or " ".join((value.__doc__ or "").split()).rstrip(".")
        subject = getattr(value, "func", value).__module__.rpartition(".")[2]
        name = kind or value.__name__
        DEFINITIONS.append(Definition(name, of, label, text[:1].lower() + text[1:], subject, value, **said))
        return value

    return declared
