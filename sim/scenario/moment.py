"""Dates as people write them, moments that may be uncertain, and numbers that change with the date."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from sim.scenario.number import Law, Quantity, Scale, read_number, stated
from sim.scenario.problem import Fault, quoted
from sim.scenario.sources import Sources

EXPECTED = "a date such as 2025-09-03, a time such as 2025-09-03 14:00, or a day after the start such as 'day 12'"
AMBIGUOUS = "a date in figures of which it is not plain which is the month"
KEYS = ("value", "low", "high", "source", "why")
LAST_DAY = 4000.0
PLAIN: Final = "a date such as 2025-09-03 or 3 September 2025"
NAMED: Final = r"\d{1,2}[ -][A-Za-z]{3,9}[ -]\d{4}|[A-Za-z]{3,9} \d{1,2},? \d{4}"
"""Pattern of dates with the month by name."""
_MONTHS: Final = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
                  "november", "december")  # fmt: skip
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_DAY_FIRST = re.compile(r"(\d\d?)[ -]([A-Za-z]{3,9})[ -](\d{4})", re.ASCII)
_MONTH_FIRST = re.compile(r"([A-Za-z]{3,9}) (\d\d?),? (\d{4})", re.ASCII)
_FIGURES = re.compile(r"\d{1,4}[/.]\d{1,2}[/.]\d{1,4}", re.ASCII)

_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2})(?::00)?)?", re.ASCII)
_DAY = re.compile(r"day\s+(-?\d{1,6}(?:\.\d{1,6})?)", re.ASCII)


@dataclass(frozen=True)
class Moment:
    """A date, a time, or a day after the start of the scenario; it may be uncertain.

    Attributes
    ----------
    at, day
        The date and time, or the days after the start; the other is None.
    low, high
        Ends of the range, in the same form; None when the moment is certain.
    source, why, text, path
        As for a Quantity; ``low`` and ``high`` have no path of their own.
    """

    at: datetime | None
    day: float | None = None
    low: Moment | None = None
    high: Moment | None = None
    source: str | None = None
    why: str | None = None
    text: str = ""
    path: str = ""

    @property
    def certain(self) -> bool:
        """Whether the moment has no range."""
        return self.low is None

    def hours(self, start: datetime) -> tuple[float, float | None, float | None]:
        """Return value, low and high in hours since ``start``."""
        low = self.low.hours(start)[0] if self.low else None
        high = self.high.hours(start)[0] if self.high else None
        if self.at is not None:
            return (self.at - start) / timedelta(hours=1), low, high
        return 24.0 * (self.day or 0.0), low, high

    def earliest(self, start: datetime) -> float:
        """Return the earliest that may be drawn, in hours since ``start``."""
        value, low, _ = self.hours(start)
        return value if low is None else low

    def latest(self, start: datetime) -> float:
        """Return the latest that may be drawn, in hours since ``start``."""
        value, _, high = self.hours(start)
        return value if high is None else high

    def on(self, start: datetime) -> datetime:
        """Return the central value as date and time."""
        return start + timedelta(hours=self.hours(start)[0])

    def instant(self, start: datetime | None) -> datetime | None:
        """Return the value as date and time; None if it is a day after a start that is not known."""
        if self.at is not None or start is None:
            return self.at
        return start + timedelta(days=self.day or 0.0)

    @property
    def law(self) -> Law | None:
        """The law of an uncertain moment: triangular if the value lies inside the range, uniform if at an end."""
        if self.low is None or self.high is None:
            return None
        epoch = datetime(1900, 1, 1)
        low, value, high = (moment.hours(epoch)[0] for moment in (self.low, self, self.high))
        return "triangular" if low < value < high else "uniform"


@dataclass(frozen=True)
class Dated:
    """A number that changes with the date: it holds from each moment to the next.

    ``entries`` are pairs of the moment (None: from the start on) and the number; ``listed`` says whether they were
    written as a list.
    """

    entries: tuple[tuple[Moment | None, Quantity], ...]
    listed: bool = False

    @property
    def constant(self) -> bool:
        """Whether one number holds throughout."""
        return len(self.entries) == 1


def read_moment(raw: object, sources: Sources | None) -> Moment | list[Fault]:
    """Return the moment that ``raw`` (text or a mapping) states, or all that is wrong with it."""
    if not isinstance(raw, Mapping):
        moment = _instant(raw)
        return [moment] if isinstance(moment, Fault) else moment

    def missing() -> Fault:
        return Fault("a moment without a value", quoted(dict(raw)), f"'value': {EXPECTED}")

    moments, source, why, faults = stated(raw, KEYS, sources, lambda key: _instant(raw[key]), missing)
    if len(moments) == 3:
        faults += _order_faults(raw, moments)
    if faults:
        return faults
    return replace(moments["value"], low=moments.get("low"), high=moments.get("high"), source=source, why=why)


def read_dated(raw: object, scale: Scale, sources: Sources | None) -> Dated | list[Fault]:
    """Return the number by date that ``raw`` states: one number, or a list with a ``from`` in each entry."""
    if not isinstance(raw, list):
        number = read_number(raw, scale, sources)
        return number if isinstance(number, list) else Dated(((None, number),))
    if not raw:
        return [Fault("an empty list", "[]", f"{scale.expected}, or a list with 'from' and 'value'")]
    faults: list[Fault] = []
    entries: list[tuple[Moment | None, Quantity]] = []
    for position, entry in enumerate(raw):
        at = str(position)
        if not position and not isinstance(entry, Mapping | list):
            entry = {"value": entry}
        if not isinstance(entry, Mapping):
            expected = "a mapping such as '{from: 2025-09-03, value: …}'; only the first entry may be a bare number"
            faults.append(Fault("not a dated number", quoted(entry), expected, (at,)))
            continue
        since: Moment | None = None
        if entry.get("from") is not None:
            moment = read_moment(entry["from"], sources)
            if isinstance(moment, list):
                faults += [fault.under(at, "from") for fault in moment]
            else:
                since = moment
        elif position:
            faults.append(Fault("no 'from'", quoted(dict(entry)), "'from' in each entry after the first", (at,)))
        number = read_number({key: value for key, value in entry.items() if key != "from"}, scale, sources)
        if isinstance(number, list):
            faults += [fault.under(at) for fault in number]
        else:
            entries.append((since, number))
    return faults or Dated(tuple(entries), listed=True)


def _instant(raw: object) -> Moment | Fault:
    text = raw.strip() if isinstance(raw, str) else ""
    if match := _DAY.fullmatch(text):
        after = float(match[1])
        if not -LAST_DAY <= after <= LAST_DAY:
            return Fault("a day out of range", quoted(raw), f"day {-LAST_DAY:g} to day {LAST_DAY:g}")
        return Moment(None, after, text=text)
    if match := _DATE.fullmatch(text):
        try:
            at = datetime(*(int(part or 0) for part in match.groups()))  # type: ignore[arg-type]
        except ValueError:
            return Fault("no such date", quoted(raw), EXPECTED)
        if not 1900 <= at.year <= 2200:
            return Fault("a year out of range", quoted(raw), "a year from 1900 to 2200")
        return Moment(at, text=text)
    if (day := plain_day(text)) is not None:
        return Moment(datetime(day.year, day.month, day.day), text=f"{day:%Y-%m-%d}")
    wrong, expected = (AMBIGUOUS, PLAIN) if is_ambiguous(text) else ("not a moment", EXPECTED)
    return Fault(wrong, quoted(raw), expected)


def _order_faults(raw: Mapping[str, Any], moments: Mapping[str, Moment]) -> list[Fault]:
    if len({moment.at is None for moment in moments.values()}) > 1:
        return [Fault("dates and days mixed", quoted(dict(raw)), "value, low and high all dates or all days")]
    epoch = datetime(1900, 1, 1)
    low, value, high = (moments[key].hours(epoch)[0] for key in ("low", "value", "high"))
    if low <= value <= high and low < high:
        return []
    given = f"low {raw['low']}, value {raw['value']}, high {raw['high']}"
    return [Fault("the range does not hold the moment", given, "low ≤ value ≤ high, low < high")]


def plain_day(text: str) -> date | None:
    """Return the day that a text states plainly; None if it states none."""
    text = text.strip()
    if match := _ISO.fullmatch(text):
        return date_of(int(match[1]), int(match[2]), int(match[3]))
    if match := _DAY_FIRST.fullmatch(text):
        return date_of(int(match[3]), _month(match[2]), int(match[1]))
    if match := _MONTH_FIRST.fullmatch(text):
        return date_of(int(match[3]), _month(match[1]), int(match[2]))
    return None


def is_ambiguous(text: str) -> bool:
    """Say whether a text is a date in figures of which it is not plain which is the month."""
    return _FIGURES.fullmatch(text.strip()) is not None


def date_of(year: int, month: int, day: int) -> date | None:
    """Return a date; None if there is none."""
    try:
        return date(year, month, day) if 1900 <= year <= 2200 else None
    except ValueError:
        return None


def _month(name: str) -> int:
    """Return the number of a month by its English name, in full or short; 0 if it is none."""
    name = name.lower()
    known = (number for number, full in enumerate(_MONTHS, 1) if name in (full, full[:3]) or name == full[:4] == "sept")
    return next(known, 0)
