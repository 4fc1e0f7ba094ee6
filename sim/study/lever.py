"""A number that an explorer moves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["units", "convoy", "ratio", "threat", "stock", "further"]


@dataclass(frozen=True)
class Lever:
    """A number that is moved, or several that are moved together.

    Parameters
    ----------
    kind
        What it is.
    path
        Of the number, or of the first that it stands for; words and grade are told of it.
    settings
        For each value the settings ``path=value`` that make it.
    values
        In the unit that people read; of factors, 1 leaves all as it is.
    start
        Place of the value that the scenario has, which sets nothing and leaves ranges as they are.
    unit
        That unit; empty for plain numbers.
    factor
        Whether the values are factors.
    amount
        Of a factor, the number at 1, in its unit; NaN if the numbers differ.
    grade
        What the number rests on: document, public, derived, assumption or none.
    low, high
        The range from which it is drawn, as people read it; None if it has none.
    fitted
        Whether a posterior draws it, within that range.
    """

    kind: Kind
    path: str
    settings: tuple[tuple[str, ...], ...]
    values: tuple[float, ...]
    start: int
    unit: str = ""
    factor: bool = False
    amount: float = float("nan")
    grade: str = "none"
    low: str | None = None
    high: str | None = None
    fitted: bool = False

    def setting(self, value: float) -> tuple[str, ...]:
        """Return the settings of the value that is nearest; none at the start."""
        place = min(range(len(self.values)), key=lambda k: abs(self.values[k] - value))
        return () if place == self.start else self.settings[place]
