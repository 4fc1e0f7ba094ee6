"""Dates and numbers as people read them, and the names of measures in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import floor, inf, isfinite, log10
from textwrap import wrap
from typing import TYPE_CHECKING

from sim.language import ENGLISH, language, mark, points, say, say_counted
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
SCOPES = {"pump": mark("pump fuel"), "all": mark("all fuel")}
FIRST_OF_MONTH = {"fr": "1er"}
"""How the first day of a month is written, where not as a number."""


def long_date(when: date) -> str:
    """Write a date as ``6 October``."""
    return _date(when, MONTHS[when.month - 1], "MMMM")


def short_date(when: date) -> str:
    """Write a date as ``6 Oct``."""
    return _date(when, MONTHS[when.month - 1][:3], "MMM")


def month_name(when: date) -> str:
    """Write the month of a date in full."""
    return _month(when, MONTHS[when.month - 1], "MMMM")


def _date(when: date, english: str, form: str) -> str:
    day = FIRST_OF_MONTH.get(language(), "1") if when.day == 1 else str(when.day)
    return f"{day}{' ' if language() == ENGLISH else NO_BREAK}{_month(when, english, form)}"


def _month(when: date, english: str, form: str) -> str:
    if language() == ENGLISH:
        return english
    from babel.dates import format_date

    return format_date(when, form, locale=language())


def on_day(start: datetime, day: float) -> date:
    """Date of a day number counted from the scenario's start; fractions are cut."""
    return (start + timedelta(days=floor(day + 1e-9))).date()


def day_ticks(start: datetime, days: int) -> dict[int, str]:
    """Return days that an axis names, by number since the start: firsts of months, or of years, or weeks of a few."""
    every = {day: on_day(start, day) for day in range(days)}
    if days > 800:
        return {day: f"{when.year:04}" for day, when in every.items() if (when.month, when.day) == (1, 1)}
    if days > 45:
        ticks = [0, *(day for day, when in every.items() if when.day == 1 and 0.06 * days < day < 0.95 * days)]
    else:
        ticks = [*range(0, days, 7 if days > 14 else 2)]
    return {day: short_date(every[day]) for day in ticks}


def due(start: datetime, day: float, days: float, write: Callable[[date], str] = short_date) -> str:
    """Write the date of a day number; one that did not come in so many days is after the last."""
    return write(on_day(start, day)) if day < days else say("after {date}", date=write(on_day(start, days - 1)))


def range_words(low: str, high: str) -> str:
    """Write a range: a plain dash between numbers, a spaced one between phrases; a shared unit or month once."""
    if low == high:
        return low
    space = " " if " " in low + high else NO_BREAK
    (first, _, unit), (_, _, same) = low.partition(space), high.partition(space)
    if unit == same and (first[-1].isdigit() or first in FIRST_OF_MONTH.values()):
        return f"{first}–{high}"
    return f"{low} – {high}" if space in low + high else f"{low}–{high}"


def unbroken(text: str, longest: int = 40) -> str:
    """Join with fixed spaces what a line break should not part: numbers and units, dates, parentheses not longer."""
    joined = re.sub(r"(?<=\d) (?=[%A-Z])| (?=–)|(?<=–) ", NO_BREAK, text)
    return re.sub(rf"\([^()]{{1,{longest}}}\)", lambda match: match[0].replace(" ", NO_BREAK), joined)


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
        return _millions(value / 1e6)
    if size >= 9.5:
        digits = max(0, floor(log10(size)) - 2)
        return points(f"{round(value, -digits):,.0f}")
    if abs(value - round(value)) < 5e-3:
        return str(round(value))
    return points(f"{value:.1f}" if size >= 0.95 else f"{value:.2f}".removesuffix("0"))


def _millions(value: float) -> str:
    return say_counted("{number} million", "{number} million", value, number=points(f"{value:,.3g}"))


def signed(value: float) -> str:
    """Write a difference with its sign; a true minus."""
    if not isfinite(value):
        return "–"
    written = number(abs(value))
    return written if written == "0" else f"{'+' if value > 0 else '−'}{written}"


def whole(value: float) -> str:
    """Write a mean count of things as a whole number; a little is ``under 1``."""
    return number(float(round(value))) if value >= 1 or value <= 0 else say("under 1")


def spelled(headings: Sequence[str]) -> list[str]:
    """Spell ML out in the first of some headings that has it for its unit."""
    words = [*headings]
    place = next((k for k, heading in enumerate(words) if heading.endswith(", ML")), None)
    if place is not None:
        words[place] = say("{heading}, million litres (ML)", heading=words[place].removesuffix(", ML"))
    return words


def counted(text: str, noun: str, plural: str = "") -> str:
    """Write a number with its noun: ``1 tanker``, ``12 tankers``; other plurals than with s are given.

    The message of the catalogues has the number before it, ``{count} tanker``.
    """
    single, several = one_and_many(noun, plural)
    return say_counted(single, several, _amount(text), count=text)


def one_and_many(noun: str, plural: str = "") -> tuple[str, str]:
    """Return the two forms of the message that `counted` says: ``{count} tanker``, ``{count} tankers``."""
    return f"{{count}} {set_in_type(noun)}", f"{{count}} {set_in_type(plural or noun + 's')}"


def set_in_type(unit: str) -> str:
    """Write a unit as people print it, which in scenarios is written as one types it: ``m³``, ``USD/m³``."""
    return unit.replace("m3", "m\N{SUPERSCRIPT THREE}")


def _amount(text: str) -> float:
    """Return the number that a written one stands for, for the form beside it; infinite if it is not a plain one."""
    text = text.lstrip("+−")
    if language() == ENGLISH:
        return 1.0 if text == "1" else inf
    with suppress(ValueError):
        return float(re.sub(r"\s", "", text).replace(",", "."))
    return inf


def listed(names: Sequence[str]) -> str:
    """Write names as a list: ``a``, ``a and b``, ``a, b and c``."""
    *others, last = names
    return say("{others} and {last}", others=", ".join(others), last=last) if others else last


def either(names: Sequence[str]) -> str:
    """Write names of which one is meant: ``a or b``, ``a or b or c``; empty if there are none."""
    text, *others = names or [""]
    for name in others:
        text = say("{first} or {second}", first=text, second=name)
    return text


def both(names: Sequence[str]) -> str:
    """Write phrases one after the other: ``a and b``, ``a and b and c``."""
    text, *others = names or [""]
    for name in others:
        text = say("{others} and {last}", others=text, last=name)
    return text


def apart(parts: Iterable[str]) -> str:
    """Write phrases that have commas of their own in a row."""
    return say("; ").join(parts)


def mid_sentence(label: str) -> str:
    """Write a label within a sentence."""
    return f"{label[:1].lower()}{label[1:]}"


def name_words(name: str) -> str:
    """Write the name of an alternative in a sentence: in quotes where it reads as words of its own."""
    return say("‘{name}’", name=name) if " " in name or name == "none" else name


def each_in(shares: Sequence[float]) -> str:
    """Say in how many replications each of some causes bound: ``each in half``."""
    mean = sum(shares) / len(shares)
    return say("each in half") if 0.45 <= mean <= 0.5 else say("each in about {share}", share=percent(mean))


def percent(share: float) -> str:
    """Write a share as a percentage."""
    return say("{number} %", number=f"{round(100 * share)}".replace("-", "−")) if isfinite(share) else "–"


def unit_word(unit: str) -> str:
    """Write a unit as it stands beside a label."""
    return say(set_in_type(unit)) if unit else ""


def with_unit(written: str, unit: str) -> str:
    """Write a number with the unit of a measure: ``1 day``, ``12 days``, ``0.5 million USD``."""
    return counted(written, unit.removesuffix("s"), unit) if unit else written


@dataclass(frozen=True)
class Measure:
    """A measure in words: its label, its unit and how its numbers are written.

    A date is so many days after ``start``; one after so many ``days`` did not come in the run.  ``plain`` is the label
    in English, which some choices of words turn on.
    """

    label: str
    unit: str = ""
    start: datetime | None = None
    days: float = inf
    plain: str = ""

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
        return with_unit(written, self.unit)

    def centre(self, band: Band) -> str:
        """Write the mean of a band; of a date, the day by which half of all have it."""
        return self.text(band.median if self.unit == DATE else band.mean)

    def ends(self, band: Band) -> str:
        """Write the ends of a band."""
        return range_words(self.text(band.low), self.text(band.high))

    @property
    def heading(self) -> str:
        """Label with the unit behind it, unless the label says it."""
        return self.label if self.unit in ("%", DATE) or self.implied else f"{self.label}, {unit_word(self.unit)}"

    @property
    def implied(self) -> bool:
        """Whether the label says the unit; so where there is none."""
        return self.plain.lower().startswith(self.unit)


def describe(name: str, start: datetime | None = None, end: datetime | None = None) -> Measure:
    """Words for a measure; a name that is not known is read out as it stands.

    With the run's first and last midnight, a month of which the run has only a part is said to be one, and a date after
    the last day is after it; dates cannot be written without the first.
    """
    days = inf if start is None or end is None else float((end - start).days)
    return Measure(_label(name, start, end), unit(name), start, days, goal(name).label or name.replace("_", " "))


def _label(name: str, start: datetime | None, end: datetime | None) -> str:
    measure, label = read(name), goal(name).label
    if measure is None:
        return name.replace("_", " ")
    if measure.month:
        month = date.fromisoformat(f"{measure.month}-01")
        days = _part(month, start.date(), end.date()) if start and end else 0
        name = month_name(month)
        part = say("{month} ({days})", month=name, days=counted(str(days), "day")) if days else name
        return say(label, month=part)
    if measure.date:
        return say(label, date=long_date(date.fromisoformat(measure.date)))
    return ", ".join((say(label), *(say(part) for part in measure[1:] if part)))


def _part(month: date, start: date, end: date) -> int:
    """Days of a month that lie in a run, 0 if all do; the run ends at the first moment of ``end``."""
    after = (month + timedelta(days=31)).replace(day=1)
    days = (min(after, end) - max(month, start)).days
    return 0 if days == (after - month).days else days
