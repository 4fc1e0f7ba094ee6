"""The tables: what each column holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from sim.evidence import cells
from sim.evidence.cells import Cell
from sim.evidence.rows import GRADES, Document, Event, Fact, RoadFact, SystemFigure, TownFact

CONFIDENCES: Final = ("high", "medium", "low", "assumption")
KINDS: Final = (
    "attack",
    "closure",
    "convoy_arrival",
    "embargo",
    "escort_change",
    "harm",
    "import_deal",
    "judgement",
    "policy",
    "price",
    "rationing",
    "reopening",
    "shortage",
    "statistic",
    "stock",
    "threat",
)

_COMMON: Final[Mapping[str, Cell]] = {
    "grade": cells.one_of(*GRADES),
    "note": cells.text,
    "source_url": cells.address,
    "disagrees_with": cells.ids,
    "disagreement": cells.text,
}
_SOURCED: Final[Mapping[str, Cell]] = {**_COMMON, "source": cells.words, "confidence": cells.one_of(*CONFIDENCES)}


@dataclass(frozen=True)
class Table:
    """A table: its name, the class of its rows, its columns, and the pairs of columns that are low and high."""

    name: str
    row: Callable[..., Fact]
    columns: Mapping[str, Cell]
    ordered: tuple[tuple[str, str], ...] = ()


TABLES: Final = (
    Table(
        "documents",
        Document,
        {
            **_COMMON,
            "id": cells.shaped(r"DOC-\d{3}", "DOC-001"),
            "grade": cells.one_of("document"),
            "file": cells.words,
            "title": cells.words,
            "date": cells.day,
            "scope": cells.words,
        },
    ),
    Table(
        "events",
        Event,
        {
            **_SOURCED,
            "id": cells.shaped(r"ML\d{3}[a-z]?", "ML031 or ML115a"),
            "date": cells.day,
            "date_end": cells.maybe(cells.day),
            "date_precision": cells.one_of("day", "week", "month"),
            "kind": cells.one_of(*KINDS),
            "corridor": cells.one_of("SN", "CI", "other", "none"),
            "road_segment": cells.text,
            "tankers_in_convoy_low": cells.maybe(cells.count),
            "tankers_in_convoy_high": cells.maybe(cells.count),
            "tankers_destroyed_low": cells.maybe(cells.count),
            "tankers_destroyed_high": cells.maybe(cells.count),
            "escort_ground": cells.one_of("", "none", "national", "foreign", "both", "unknown"),
            "escort_air": cells.one_of("", "yes", "no", "unknown"),
            "quantity": cells.maybe(cells.span),
            "unit": cells.text,
            "claim": cells.words,
            "source_date": cells.published,
            "same_event": cells.shaped(r"(E\d{4})?", "E0914, or nothing"),
        },
        (
            ("date", "date_end"),
            ("tankers_in_convoy_low", "tankers_in_convoy_high"),
            ("tankers_destroyed_low", "tankers_destroyed_high"),
        ),
    ),
    Table(
        "system",
        SystemFigure,
        {
            **_SOURCED,
            "id": cells.shaped(r"[A-Z]{3}-\d\d", "TRK-01"),
            "quantity": cells.words,
            "value": cells.maybe(cells.number()),
            "low": cells.maybe(cells.number()),
            "high": cells.maybe(cells.number()),
            "unit": cells.words,
            "year": cells.text,
            "place_corridor": cells.words,
        },
        (("low", "value"), ("value", "high"), ("low", "high")),
    ),
    Table(
        "roads",
        RoadFact,
        {
            **_SOURCED,
            "id": cells.shaped(r"ROAD-\d\d", "ROAD-01"),
            "corridor": cells.words,
            "from": cells.words,
            "to": cells.words,
            "km": cells.number(0.1, 5000),
            "great_circle_km": cells.number(0, 5000),
            "typical_hours_laden": cells.number(0.1, 500),
        },
    ),
    Table(
        "towns",
        TownFact,
        {
            **_SOURCED,
            "id": cells.shaped(r"TOWN-\d\d", "TOWN-01"),
            "town": cells.words,
            "lat": cells.number(-90, 90),
            "lon": cells.number(-180, 180),
            "tolerance_deg": cells.number(0, 1),
        },
    ),
)
