"""A row of each table: what each column means, and what its cells may hold."""

from __future__ import annotations

import datetime
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar, Final, get_type_hints

from sim.evidence import cells
from sim.evidence.cells import Cell

GRADES: Final = ("document", "public", "derived", "assumption")
"""Where a fact comes from: a source document, another public source, an own calculation, nowhere."""
CONFIDENCES: Final = ("high", "medium", "low", "assumption")
KINDS: Final = (
    *("attack", "closure", "convoy_arrival", "embargo", "escort_change", "harm", "import_deal", "judgement"),
    *("policy", "price", "rationing", "reopening", "shortage", "statistic", "stock", "threat"),
)
Text = Annotated[str, cells.text]
Words = Annotated[str, cells.words]
Day = Annotated[datetime.date, cells.day]
Tankers = Annotated[int | None, cells.maybe(cells.count)]
Number = Annotated[float | None, cells.maybe(cells.number())]


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact(ABC):
    """What all rows have: an id, a grade, and the rows that say otherwise."""

    ordered: ClassVar[tuple[tuple[str, str], ...]] = ()
    """Pairs of columns that are low and high."""

    id: str
    grade: Annotated[str, cells.one_of(*GRADES)]
    note: Text
    source_url: Annotated[str, cells.address]
    disagrees_with: Annotated[tuple[str, ...], cells.ids]
    disagreement: Text

    @abstractmethod
    def describe(self) -> str:
        """Return one line: what, value, source, date."""

    def _line(self, *parts: str) -> str:
        return f"{self.id} [{self.grade}]: " + "; ".join(part for part in parts if part)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sourced(Fact, ABC):
    """A fact that somebody states."""

    source: Words
    confidence: Annotated[str, cells.one_of(*CONFIDENCES)]


@dataclass(frozen=True, kw_only=True, slots=True)
class Document(Fact):
    """One of the source documents."""

    id: Annotated[str, cells.id_like(r"DOC-\d{3}", "DOC-001")]
    grade: Annotated[str, cells.one_of("document")]
    file: Words
    title: Words
    date: Day
    scope: Words

    def describe(self) -> str:
        """Return title and date on one line."""
        return self._line(self.title, self.date.isoformat())


@dataclass(frozen=True, kw_only=True, slots=True)
class Event(Sourced):
    """Something that happened, was counted or was declared on a date.

    Counts are tankers, None where not known on that side.  ``quantity`` is (low, high) in ``unit``; the two are equal
    for a plain number.  Rows with the same ``same_event`` tell of one event.
    """

    ordered = (
        ("date", "date_end"),
        ("tankers_in_convoy_low", "tankers_in_convoy_high"),
        ("tankers_destroyed_low", "tankers_destroyed_high"),
    )

    id: Annotated[str, cells.id_like(r"ML\d{3}[a-z]?", "ML031 or ML115a")]
    date: Day
    date_end: Annotated[datetime.date | None, cells.maybe(cells.day)]
    date_precision: Annotated[str, cells.one_of("day", "week", "month")]
    kind: Annotated[str, cells.one_of(*KINDS)]
    corridor: Annotated[str, cells.one_of("SN", "CI", "other", "none")]
    road_segment: Text
    tankers_in_convoy_low: Tankers
    tankers_in_convoy_high: Tankers
    tankers_destroyed_low: Tankers
    tankers_destroyed_high: Tankers
    escort_ground: Annotated[str, cells.one_of("", "none", "national", "foreign", "both", "unknown")]
    escort_air: Annotated[str, cells.one_of("", "yes", "no", "unknown")]
    quantity: Annotated[tuple[float, float] | None, cells.maybe(cells.span)]
    unit: Text
    claim: Words
    source_date: Annotated[str, cells.published]
    same_event: Annotated[str, cells.id_like(r"(E\d{4})?", "E0914, or nothing")]

    def describe(self) -> str:
        """Return claim, counts, source and date on one line."""
        quantity = f"{_span(*self.quantity)} {self.unit}" if self.quantity else ""
        convoy = _counted(self.tankers_in_convoy_low, self.tankers_in_convoy_high, "in convoy")
        destroyed = _counted(self.tankers_destroyed_low, self.tankers_destroyed_high, "destroyed")
        days = self.date.isoformat() + (f" to {self.date_end.isoformat()}" if self.date_end else "")
        when = days if self.date_precision == "day" else f"{days} (to the {self.date_precision})"
        return self._line(self.claim, quantity, convoy, destroyed, self.source, when)


@dataclass(frozen=True, kw_only=True, slots=True)
class SystemFigure(Sourced):
    """A figure of the fuel system in ``unit``; value, low and high are None where there is none."""

    ordered = (("low", "value"), ("value", "high"), ("low", "high"))

    id: Annotated[str, cells.id_like(r"[A-Z]{3}-\d\d", "TRK-01")]
    quantity: Words
    value: Number
    low: Number
    high: Number
    unit: Words
    year: Text
    place_corridor: Words

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
class RoadFact(Sourced):
    """A road between two towns: length in km, straight line in km, laden driving time in h."""

    id: Annotated[str, cells.id_like(r"ROAD-\d\d", "ROAD-01")]
    corridor: Words
    from_: Words
    to: Words
    km: Annotated[float, cells.number(0.1, 5000)]
    great_circle_km: Annotated[float, cells.number(0, 5000)]
    typical_hours_laden: Annotated[float, cells.number(0.1, 500)]

    def describe(self) -> str:
        """Return towns, length, driving time and source on one line."""
        length = f"{self.km:,.10g} km, {self.typical_hours_laden:g} h laden"
        return self._line(f"road {self.from_} to {self.to}", length, self.source)


@dataclass(frozen=True, kw_only=True, slots=True)
class TownFact(Sourced):
    """A town's place in degrees, right to about ``tolerance_deg``."""

    id: Annotated[str, cells.id_like(r"TOWN-\d\d", "TOWN-01")]
    town: Words
    lat: Annotated[float, cells.number(-90, 90)]
    lon: Annotated[float, cells.number(-180, 180)]
    tolerance_deg: Annotated[float, cells.number(0, 1)]

    def describe(self) -> str:
        """Return name, coordinates and source on one line."""
        return self._line(
            self.town, f"{self.lat:.2f}, {self.lon:.2f} (within {self.tolerance_deg:g} degrees)", self.source
        )


TABLES: Final[Mapping[str, type[Fact]]] = {
    "documents": Document,
    "events": Event,
    "system": SystemFigure,
    "roads": RoadFact,
    "towns": TownFact,
}
"""By name of a table: its rows."""


def columns(row: type[Fact]) -> dict[str, tuple[str, Cell]]:
    """Return by column of a table the attribute of its rows, and what takes its cells."""
    hints = get_type_hints(row, include_extras=True)
    taken = {name: hint.__metadata__[0] for name, hint in hints.items() if hasattr(hint, "__metadata__")}
    return {name.rstrip("_"): (name, take) for name, take in taken.items()}


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
