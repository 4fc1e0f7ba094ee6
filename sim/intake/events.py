"""Tables of events as they are exported: which columns each kind has, and what a row says of day, place and type.

Days and weeks are read as such tables write them.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from sim.intake.sheet import CellError, Row, Sheet, folded, refusal, spelled
from sim.scenario.moment import date_of, plain_day

LONGEST: Final = 31
"""Days within which an event must be known to lie."""
DAY: Final = "a date such as 2025-05-16, 16 May 2025 or, day first, 16/05/2025"
WEEK: Final = "the first day of a week, such as 2025-05-12, or 2025-W20"
_ISO = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)(?:[ T]00:00(?::00(?:\.0+)?)?)?", re.ASCII)
_DAY_FIRST = re.compile(r"(\d\d?)[/.](\d\d?)[/.](\d{4})", re.ASCII)
_WEEK = re.compile(r"(\d{4})-?W(\d\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Event:
    """An event, or the events of a week: the days among which it lies, its place, its types and how many there are.

    ``region`` and ``district`` are empty where they are not known; ``types`` are folded; ``id`` is empty, or the same
    for rows of one event, of which that with the greatest ``stamp`` counts.
    """

    first: date
    last: date
    region: str
    district: str
    types: tuple[str, ...]
    country: str
    count: float = 1.0
    id: str = ""
    stamp: float = 0.0


@dataclass(frozen=True)
class Export:
    """A kind of table of events.

    Attributes
    ----------
    name, citation, licence
        What it is called, how it is cited, and what whoever passes something on must know.
    columns
        Those that it must have.
    attacks, others, meaning
        Types that count as attacks, narrower ones among them that do not, both empty if all count; the same in words.
    read
        From a row to what it says.
    bias
        What the table does not hold.
    """

    name: str
    citation: str
    licence: str
    columns: tuple[str, ...]
    attacks: tuple[str, ...]
    others: tuple[str, ...]
    meaning: str
    read: Callable[[Row], Event]
    bias: str


@lru_cache(maxsize=100_000)
def day(text: str) -> date | None:
    """Return the day that a text states; None if it states none.

    Of a date in figures with strokes the day comes first, as in exports of ACLED.
    """
    text = text.strip()
    if match := _ISO.fullmatch(text):
        return date_of(int(match[1]), int(match[2]), int(match[3]))
    if match := _DAY_FIRST.fullmatch(text):
        return date_of(int(match[3]), int(match[2]), int(match[1]))
    return plain_day(text)


def week(text: str) -> date | None:
    """Return the first day of the week that a text states; None if it states none."""
    match = _WEEK.fullmatch(text.strip().upper())
    if match is None:
        return day(text)
    try:
        return date.fromisocalendar(int(match[1]), int(match[2]), 1)
    except ValueError:
        return None


def month_end(of: date) -> date:
    """Return the last day of the month of a day."""
    return of.replace(day=monthrange(of.year, of.month)[1])


def months(first: date, last: date) -> list[tuple[date, date]]:
    """Return the first and last day of each month, or part of one, between two days."""
    parts = []
    while first <= last:
        end = min(month_end(first), last)
        parts.append((first, end))
        first = end + timedelta(days=1)
    return parts


def _day(row: Row, name: str) -> date:
    read = day(row.text(name))
    if read is None:
        raise CellError(name, "not a day", DAY)
    return read


def _around(on: date, days: int) -> tuple[date, date]:
    return on - timedelta(days=days), on + timedelta(days=days)


def _stated(row: Row) -> tuple[str, ...]:
    """Return type and sub-type, as far as they are stated."""
    return _types(*(name for name in (row.text("event_type"), row.text("sub_event_type")) if name))


def _acled(row: Row) -> Event:
    """Read an export of ACLED: the week (2) or month (3) alone may be known, or the region alone (3)."""
    on, precision = _day(row, "event_date"), row.code("time_precision", 3)
    spans = {1: (on, on), 2: _around(on, 3), 3: (on.replace(day=1), month_end(on))}
    placed_well = row.code("geo_precision", 3) < 3
    number = row.text("event_id_cnty", "data_id") or row.text("event_id_no_cnty")
    stamp = row.text("timestamp")
    return Event(
        *spans[precision],
        row.place("admin1"),
        row.place("admin2") if placed_well else "",
        _stated(row),
        spelled(row.text("country")),
        id=f"{number} {row.text('iso', 'country')}" if number else "",
        stamp=float(stamp) if stamp.isdecimal() and len(stamp) < 16 else 0.0,
    )


_VIOLENCE: Final = {"1": "state-based violence", "2": "non-state violence", "3": "one-sided violence"}


def _ucdp(row: Row) -> Event:
    """Read UCDP's events: their days are given as a span; the district is known to code 3, the region to 4."""
    first = _day(row, "date_start")
    last = _day(row, "date_end") if row.text("date_end") else first
    if last < first:
        raise CellError("date_end", "an end before the start", "date_start or later")
    kind = row.whole("type_of_violence")
    if kind not in _VIOLENCE:
        raise CellError("type_of_violence", "not a type of violence", "1, 2 or 3")
    where = row.code("where_prec", 7)
    return Event(
        first,
        last,
        row.place("adm_1") if where <= 4 else "",
        row.place("adm_2") if where <= 3 else "",
        (folded(_VIOLENCE[kind]), kind),
        spelled(row.text("country")),
        id=row.text("id"),
    )


DISTRICTS: Final = ("district", "admin2", "adm_2")
REGIONS: Final = ("admin1", "adm_1")


def _weekly(row: Row) -> Event:
    """Read counts by week."""
    first = week(row.text("week"))
    if first is None:
        raise CellError("week", "not a week", WEEK)
    text = row.whole("events")
    if not (text.isdecimal() and text.isascii() and len(text) <= 6):
        raise CellError("events", "not a count", "a whole number such as 4")
    region, district = row.place(*REGIONS), row.place(*DISTRICTS)
    last, country = first + timedelta(days=6), spelled(row.text("country"))
    return Event(first, last, region, district, _stated(row), country, float(text))


def _types(*names: str) -> tuple[str, ...]:
    return tuple(folded(name) for name in names)


_ATTACKS = _types(
    "Battles",
    "Explosions/Remote violence",
    "Violence against civilians",
    "Looting/property destruction",
    # Before 2019.
    "Remote violence",
    "Battle-No change of territory",
    "Battle-Non-state actor overtakes territory",
)
_OTHERS = _types("Air/drone strike", "Government regains territory", "Battle-Government regains territory")
EVERYTHING: Final = "all that it holds"
_MEANING: Final = (
    "battles, explosions and remote violence, violence against civilians, looting and destruction of property; "
    "no air strikes, no ground that a government regained"
)

EXPORTS: Final = (
    Export(
        "ACLED",
        "ACLED (Armed Conflict Location & Event Data), acleddata.com",
        "ACLED's terms of use hold: cite it, and pass on no event of its data",
        ("event_date", "event_type", "admin1"),
        _ATTACKS,
        _OTHERS,
        _MEANING,
        _acled,
        "what nobody reported is missing",
    ),
    Export(
        "UCDP",
        "UCDP Georeferenced and Candidate Events, ucdp.uu.se (Sundberg and Melander 2013; Hegre et al. 2020)",
        "CC BY 4.0: cite it",
        ("date_start", "type_of_violence", "adm_1"),
        (),
        (),
        EVERYTHING,
        _ucdp,
        "what killed nobody or was not reported is missing",
    ),
    Export(
        "weekly counts",
        "a table of weekly counts",
        "whoever made the table says what may be passed on",
        ("week", "district", "events"),
        _ATTACKS,
        _OTHERS,
        _MEANING,
        _weekly,
        "what was not counted is missing",
    ),
)
"""The kinds of tables that are known, by their columns."""


def export_of(sheet: Sheet) -> Export:
    """Return the kind of a table; raises IntakeError with the columns that the likeliest kind needs."""
    own = {*sheet.columns, *(("district",) if sheet.position(*DISTRICTS, *REGIONS) is not None else ())}
    for export in EXPORTS:
        if own.issuperset(export.columns):
            return export
    likely = max(EXPORTS, key=lambda export: len(own.intersection(export.columns)))
    lacking = [name for name in likely.columns if name not in own]
    near = sheet.lacking(lacking)
    wrong, expected = f"no column {near}", f"those of {likely.name}: {', '.join(likely.columns)}"
    if not own.intersection(likely.columns):
        known = "; ".join(f"{export.name}: {', '.join(export.columns)}" for export in EXPORTS)
        expected = f"the columns of one of these: {known}"
        if "nearest" not in near:
            wrong = "not a table of events that is known"
    raise refusal(sheet.file, sheet.start + 1, wrong, "", expected)
