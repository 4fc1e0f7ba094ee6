"""A row of each table."""

from __future__ import annotations

import datetime
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Final

GRADES: Final = ("document", "public", "derived", "assumption")
"""Where a fact comes from: a source document, another public source, an own calculation, nowhere."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact(ABC):
    """What all rows have: an id, a grade, and the rows that say otherwise."""

    id: str
    grade: str
    note: str
    source_url: str
    disagrees_with: tuple[str, ...]
    disagreement: str

    @abstractmethod
    def describe(self) -> str:
        """Return one line: what, value, source, date."""

    def _line(self, *parts: str) -> str:
        return f"{self.id} [{self.grade}]: " + "; ".join(part for part in parts if part)


@dataclass(frozen=True, kw_only=True, slots=True)
class Document(Fact):
    """One of the source documents."""

    file: str
    title: str
    date: datetime.date
    scope: str

    def describe(self) -> str:
        """Return title and date on one line."""
        return self._line(self.title, self.date.isoformat())


@dataclass(frozen=True, kw_only=True, slots=True)
class Event(Fact):
    """Something that happened, was counted or was declared on a date.

    Counts are tankers, None where not known on that side.  ``quantity`` is (low, high) in ``unit``; the two are equal
    for a plain number.  Rows with the same ``same_event`` tell of one event.
    """

    date: datetime.date
    date_end: datetime.date | None
    date_precision: str
    kind: str
    corridor: str
    road_segment: str
    tankers_in_convoy_low: int | None
    tankers_in_convoy_high: int | None
    tankers_destroyed_low: int | None
    tankers_destroyed_high: int | None
    escort_ground: str
    escort_air: str
    quantity: tuple[float, float] | None
    unit: str
    claim: str
    source: str
    source_date: str
    confidence: str
    same_event: str

    def describe(self) -> str:
        """Return claim, counts, source and date on one line."""
        quantity = f"{_span(*self.quantity)} {self.unit}" if self.quantity else ""
        convoy = _counted(self.tankers_in_convoy_low, self.tankers_in_convoy_high, "in convoy")
        destroyed = _counted(self.tankers_destroyed_low, self.tankers_destroyed_high, "destroyed")
        days = self.date.isoformat() + (f" to {self.date_end.isoformat()}" if self.date_end else "")
        when = days if self.date_precision == "day" else f"{days} (to the {self.date_precision})"
        return self._line(self.claim, quantity, convoy, destroyed, self.source, when)


@dataclass(frozen=True, kw_only=True, slots=True)
class SystemFigure(Fact):
    """A figure of the fuel system in ``unit``; value, low and high are None where there is none."""

    quantity: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    year: str
    place_corridor: str
    source: str
    confidence: str

    def describe(self) -> str:
        """Return quantity, value with range, place, source and year on one line."""
        value = "" if self.value is None else f"{self.value:,.10g}"
        known = [bound for bound in (self.low, self.high) if bound is not None]
        if value and known and known != [self.value] * len(known):
            low, high = ("?" if bound is None else f"{bound:,.10g}" for bound in (self.low, self.high))
            value += f" ({low} to {high})"
        return self._line(
            self.quantity, f"{value} {self.unit}" if value else "", self.place_corridor, self.source, self.year
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class RoadFact(Fact):
    """A road between two towns: length in km, straight line in km, laden driving time in h."""

    corridor: str
    from_: str
    to: str
    km: float
    great_circle_km: float
    typical_hours_laden: float
    source: str
    confidence: str

    def describe(self) -> str:
        """Return towns, length, driving time and source on one line."""
        length = f"{self.km:,.10g} km, {self.typical_hours_laden:g} h laden"
        return self._line(f"road {self.from_} to {self.to}", length, self.source)


@dataclass(frozen=True, kw_only=True, slots=True)
class TownFact(Fact):
    """A town's place in degrees, right to about ``tolerance_deg``."""

    town: str
    lat: float
    lon: float
    tolerance_deg: float
    source: str
    confidence: str

    def describe(self) -> str:
        """Return name, coordinates and source on one line."""
        return self._line(
            self.town, f"{self.lat:.2f}, {self.lon:.2f} (within {self.tolerance_deg:g} degrees)", self.source
        )


def _span(low: float, high: float) -> str:
    return f"{low:,.10g}" if low == high else f"{low:,.10g} to {high:,.10g}"


def _counted(low: int | None, high: int | None, what: str) -> str:
    match low, high:
        case None, None:
            return ""
        case int(), None:
            return f"at least {low} tankers {what}"
        case None, int():
            return f"at most {high} tankers {what}"
        case _:
            return f"{low if low == high else f'{low} to {high}'} tankers {what}"
