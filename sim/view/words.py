"""Dates and numbers as people read them, and the names of measures in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import floor, inf, isfinite, log10
from textwrap import wrap
from typing import TYPE_CHECKING

from sim.results.measures import DATE, goal, read, unit
from sim.results.measures.waiting import CAUSE_WORDS as CAUSE_WORDS
from sim.results.measures.waiting import CAUSES as CAUSES

if TYPE_CHECKING:
    from sim.view.bands import Band

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
NO_BREAK = "\N{NO-BREAK SPACE}"
M3_PER_ML = 1000.0
SCOPES = {"pump": "pump fuel", "all": "all fuel"}


def long_date(when: date) -> str:
    """Write a date as ``6 October``."""
    return f"{when.day} {MONTHS[when.month - 1]}"


def short_date(when: date) -> str:
    """Write a date as ``6 Oct``."""
    return f"{when.day} {MONTHS[when.month - 1][:3]}"


def on_day(start: datetime, day: float) -> date:
    """Date of a day number counted from the scenario's start; fractions are cut."""
    return (start + timedelta(days=floor(day + 1e-9))).date()


def due(start: datetime, day: float, days: float, write: Callable[[date], str] = short_date) -> str:
    """Write the date of a day number; one that did not come in so many days is after the last."""
    return write(on_day(start, day)) if day < days else f"after {write(on_day(start, days - 1))}"


def range_words(low: str, high: str) -> str:
    """Write a range: a plain dash between numbers, a spaced one between phrases; a shared unit or month once."""
    if low == high:
        return low
    (first, _, unit), (_, _, same) = low.partition(" "), high.partition(" ")
    if unit == same and first[-1].isdigit():
        return f"{first}–{high}"
    return f"{low} – {high}" if " " in low + high else f"{low}–{high}"


def unbroken(text: str) -> str:
    """Join with fixed spaces what a line break should not part: numbers and units, dates, short parentheses."""
    joined = re.sub(r"(?<=\d) (?=[%A-Z])| (?=–)|(?<=–) ", NO_BREAK, text)
    return re.sub(r"\([^()]{1,40}\)", lambda match: match[0].replace(" ", NO_BREAK), joined)


def folded(text: str, width: int, indent: str = "") -> list[str]:
    """Fold a text into lines without parting dates and numbers from their units; later lines are indented."""
    lines = wrap(unbroken(text), width, subsequent_indent=indent, break_on_hyphens=False)
    return [line.replace(NO_BREAK, " ") for line in lines]


def number(value: float) -> str:
    """Write a number with two or three figures, thousands apart."""
    if not isfinite(value):
        return "–"
    size = abs(value)
    if size >= 1e6:
        return f"{value / 1e6:,.3g} million"
    if size >= 9.5:
        digits = max(0, floor(log10(size)) - 2)
        return f"{round(value, -digits):,.0f}"
    if abs(value - round(value)) < 5e-3:
        return str(round(value))
    return f"{value:.1f}" if size >= 0.95 else f"{value:.2f}".removesuffix("0")


def signed(value: float) -> str:
    """Write a difference with its sign; a true minus."""
    if not isfinite(value):
        return "–"
    written = number(abs(value))
    return written if written == "0" else f"{'+' if value > 0 else '−'}{written}"


def whole(value: float) -> str:
    """Write a mean count of things as a whole number; a little is ``under 1``."""
    return number(float(round(value))) if value >= 1 or value <= 0 else "under 1"


def spelled(headings: Sequence[str]) -> list[str]:
    """Spell ML out in the first of some headings that has it for its unit."""
    words = [*headings]
    place = next((k for k, heading in enumerate(words) if heading.endswith(", ML")), None)
    if place is not None:
        words[place] = f"{words[place].removesuffix('ML')}million litres (ML)"
    return words


def counted(text: str, noun: str, plural: str = "") -> str:
    """Write a number with its noun: ``1 tanker``, ``12 tankers``; other plurals than with s are given."""
    return f"{text} {noun if text == '1' else plural or noun + 's'}"


def listed(names: Sequence[str]) -> str:
    """Write names as a list: ``a``, ``a and b``, ``a, b and c``."""
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def is_are(text: str) -> str:
    """Verb that goes with a written number."""
    return "is" if text == "1" else "are"


def mid_sentence(label: str) -> str:
    """Write a label within a sentence."""
    return f"{label[:1].lower()}{label[1:]}"


def name_words(name: str) -> str:
    """Write the name of an alternative in a sentence: in quotes where it reads as words of its own."""
    return f"‘{name}’" if " " in name or name == "none" else name


def each_in(shares: Sequence[float]) -> str:
    """Say in how many replications each of some causes bound: ``each in half``."""
    mean = sum(shares) / len(shares)
    return "each in half" if 0.45 <= mean <= 0.5 else f"each in about {percent(mean)}"


def percent(share: float) -> str:
    """Write a share as a percentage."""
    return f"{round(100 * share)} %" if isfinite(share) else "–"


@dataclass(frozen=True)
class Measure:
    """A measure in words: its label, its unit and how its numbers are written.

    A date is so many days after ``start``; one after so many ``days`` did not come in the run.
    """

    label: str
    unit: str = ""
    start: datetime | None = None
    days: float = inf

    def text(self, value: float, *, unit: bool = False) -> str:
        """Write one value of the measure, with its unit if wished."""
        if not isfinite(value):
            return "–"
        if self.unit == DATE:
            assert self.start is not None
            return due(self.start, value, self.days)
        if self.unit == "%":
            return percent(value)
        written = number(value)
        if not unit:
            return written
        return f"{written} {self.unit.removesuffix('s') if written == '1' else self.unit}".rstrip()

    def centre(self, band: Band) -> str:
        """Write the mean of a band; of a date, the day by which half of all have it."""
        return self.text(band.median if self.unit == DATE else band.mean)

    def ends(self, band: Band) -> str:
        """Write the ends of a band."""
        return range_words(self.text(band.low), self.text(band.high))

    @property
    def heading(self) -> str:
        """Label with the unit behind it, unless the label says it."""
        implied = self.unit in ("", "%", DATE) or self.label.lower().startswith(self.unit)
        return self.label if implied else f"{self.label}, {self.unit}"


def describe(name: str, start: datetime | None = None, end: datetime | None = None) -> Measure:
    """Words for a measure; a name that is not known is read out as it stands.

    With the run's first and last midnight, a month of which the run has only a part is said to be one, and a date after
    the last day is after it; dates cannot be written without the first.
    """
    days = inf if start is None or end is None else float((end - start).days)
    return Measure(_label(name, start, end), unit(name), start, days)


def _label(name: str, start: datetime | None, end: datetime | None) -> str:
    measure, label = read(name), goal(name).label
    if measure is None:
        return name.replace("_", " ")
    if measure.month:
        month = date.fromisoformat(f"{measure.month}-01")
        part = "" if start is None or end is None else _part(month, start.date(), end.date())
        return label.format(month=f"{MONTHS[month.month - 1]}{part}")
    if measure.date:
        return label.format(date=long_date(date.fromisoformat(measure.date)))
    return ", ".join((label, *filter(None, measure[1:])))


def _part(month: date, start: date, end: date) -> str:
    """Days of a month that lie in a run, unless all do; the run ends at the first moment of ``end``."""
    after = (month + timedelta(days=31)).replace(day=1)
    days = (min(after, end) - max(month, start)).days
    return "" if days == (after - month).days else f" ({counted(str(days), 'day')})"
