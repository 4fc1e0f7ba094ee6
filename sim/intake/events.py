"""Tables of events as they are exported: which columns each kind has, and what a row says of day, place and type."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from sim.errors import IntakeError
from sim.intake.days import DAY, WEEK, day, month_end, week
from sim.intake.sheet import PROBLEMS, Sheet, folded, placed, spelled
from sim.scenario.problem import Fault

LONGEST: Final = 31
"""Days within which an event must be known to lie."""
NAME: Final = 80
"""Letters of the longest name of a district."""
_DEGREES = re.compile(r"[-+−]?\d{1,3}[.,]\d+")


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
    reader
        From a sheet to what reads one of its rows.
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
    reader: Callable[[Sheet], Callable[[Row], Event]]
    bias: str


class CellError(Exception):
    """A cell that does not hold what its column says."""

    def __init__(self, column: str, wrong: str, expected: str) -> None:
        super().__init__(column)
        self.column = column
        self.fault = Fault(wrong, "", expected)


@dataclass(slots=True)
class Row:
    """A row of a sheet, by the names of its columns."""

    sheet: Sheet
    cells: Sequence[str] = ()
    known: dict[tuple[str, ...], int | None] = field(default_factory=dict)

    def position(self, *names: str) -> int | None:
        """Return where the first of these columns stands that there is."""
        if names not in self.known:
            self.known[names] = self.sheet.position(*names)
        return self.known[names]

    def text(self, *names: str) -> str:
        """Return what stands in the first of these columns that there is."""
        at = self.position(*names)
        return "" if at is None else self.cells[at].strip()

    def day(self, name: str) -> date:
        """Return a day."""
        read = day(self.text(name))
        if read is None:
            raise CellError(name, "not a day", DAY)
        return read

    def code(self, name: str, most: int) -> int:
        """Return a code from 1 to ``most``; 1 if there is no such column."""
        if self.position(name) is None:
            return 1
        text = self.text(name).removesuffix(".0")
        if len(text) != 1 or not "1" <= text <= str(most):
            raise CellError(name, "not a code of precision", f"a whole number from 1 to {most}")
        return int(text)

    def place(self, *names: str) -> str:
        """Return the name of a district or region; empty if it is not known."""
        text = spelled(self.text(*names))
        if len(text) > NAME or _DEGREES.fullmatch(text):
            column = next(name for name in names if self.position(name) is not None)
            raise CellError(column, "not a name of a place", f"a name of at most {NAME} letters")
        return text


def events(sheet: Sheet, export: Export) -> Iterator[Event]:
    """Yield what each row of a sheet says.

    Raises IntakeError at the end with all rows that say nothing, or with the first of many.
    """
    read = export.reader(sheet)
    row = Row(sheet)
    problems: list[str] = []
    wide = len(sheet.columns)
    for line, cells in sheet.rows():
        if len(cells) != wide:
            fault = Fault("a row of another length", f"{len(cells)} cells", f"{wide}, as in the header")
            problems.append(placed(sheet.file, line, fault))
        else:
            row.cells = cells
            try:
                yield read(row)
            except CellError as error:
                problems.append(placed(sheet.file, line, error.fault, error.column))
        if len(problems) >= PROBLEMS:
            problems.append(f"{sheet.file}: not read on after {PROBLEMS} problems")
            break
    if problems:
        raise IntakeError("\n".join(problems))


def _around(on: date, days: int) -> tuple[date, date]:
    return on - timedelta(days=days), on + timedelta(days=days)


def _acled(sheet: Sheet) -> Callable[[Row], Event]:
    """Read an export of ACLED: the week (2) or month (3) alone may be known, or the region alone (3)."""

    def read(row: Row) -> Event:
        on, precision = row.day("event_date"), row.code("time_precision", 3)
        spans = {1: (on, on), 2: _around(on, 3), 3: (on.replace(day=1), month_end(on))}
        placed_well = row.code("geo_precision", 3) < 3
        types = tuple(folded(name) for name in (row.text("event_type"), row.text("sub_event_type")) if name)
        country = spelled(row.text("country"))
        number = row.text("event_id_cnty", "data_id") or row.text("event_id_no_cnty")
        known = f"{number} {row.text('iso', 'country')}" if number else ""
        stamp = row.text("timestamp")
        return Event(
            *spans[precision],
            row.place("admin1"),
            row.place("admin2") if placed_well else "",
            types,
            country,
            id=known,
            stamp=float(stamp) if stamp.isdecimal() and len(stamp) < 16 else 0.0,
        )

    return read


def _ucdp(sheet: Sheet) -> Callable[[Row], Event]:
    """Read UCDP's events: their days are given as a span; the district is known to code 3, the region to 4."""
    kinds = {"1": "state-based violence", "2": "non-state violence", "3": "one-sided violence"}

    def read(row: Row) -> Event:
        first = row.day("date_start")
        last = row.day("date_end") if row.text("date_end") else first
        if last < first:
            raise CellError("date_end", "an end before the start", "date_start or later")
        kind = row.text("type_of_violence").removesuffix(".0")
        if kind not in kinds:
            raise CellError("type_of_violence", "not a type of violence", "1, 2 or 3")
        where = row.code("where_prec", 7)
        return Event(
            first,
            last,
            row.place("adm_1") if where <= 4 else "",
            row.place("adm_2") if where <= 3 else "",
            (folded(kinds[kind]), kind),
            spelled(row.text("country")),
            id=row.text("id"),
        )

    return read


DISTRICTS: Final = ("district", "admin2", "adm_2")
REGIONS: Final = ("admin1", "adm_1")


def _weekly(sheet: Sheet) -> Callable[[Row], Event]:
    """Read counts by week."""

    def read(row: Row) -> Event:
        first = week(row.text("week"))
        if first is None:
            raise CellError("week", "not a week", WEEK)
        text = row.text("events").removesuffix(".0")
        if not (text.isdecimal() and text.isascii() and len(text) <= 6):
            raise CellError("events", "not a count", "a whole number such as 4")
        types = tuple(folded(name) for name in (row.text("event_type"), row.text("sub_event_type")) if name)
        region = row.place(*REGIONS)
        country = spelled(row.text("country"))
        return Event(first, first + timedelta(days=6), region, row.place(*DISTRICTS), types, country, float(text))

    return read


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


def recognised(sheet: Sheet) -> Export:
    """Return the kind of a table; raises IntakeError with the columns that the likeliest kind needs."""
    own = {*sheet.columns, *(("district",) if sheet.position(*DISTRICTS, *REGIONS) is not None else ())}
    for export in EXPORTS:
        if own.issuperset(export.columns):
            return export
    likely = max(EXPORTS, key=lambda export: len(own.intersection(export.columns)))
    if not own.intersection(likely.columns):
        known = "; ".join(f"{export.name}: {', '.join(export.columns)}" for export in EXPORTS)
        near = sheet.lacking(likely.columns)
        fault = Fault("not a table of events that is known", "", f"the columns of one of these: {known}")
        if "nearest" in near:
            fault = Fault(f"no column {near}", "", f"the columns of one of these: {known}")
    else:
        lacking = [name for name in likely.columns if name not in own]
        needed = ", ".join(likely.columns)
        fault = Fault(f"no column {sheet.lacking(lacking)}", "", f"those of {likely.name}: {needed}")
    raise IntakeError(placed(sheet.file, sheet.start + 1, fault))
