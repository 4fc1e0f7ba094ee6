"""The tables of facts: read, checked row by row and against one another, and all facts by id."""

from __future__ import annotations

import csv
import functools
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Any
from unicodedata import normalize

from sim.errors import EvidenceError
from sim.evidence.rows import TABLES, Document, Event, Fact, RoadFact, SystemFigure, TownFact, columns


@dataclass(frozen=True)
class Evidence:
    """The facts of a folder of tables, each table a mapping from id to row in the order of its file."""

    documents: Mapping[str, Document]
    events: Mapping[str, Event]
    system: Mapping[str, SystemFigure]
    roads: Mapping[str, RoadFact]
    towns: Mapping[str, TownFact]
    folder: Path
    _all: Mapping[str, Fact] = field(repr=False, compare=False)

    def ids(self) -> tuple[str, ...]:
        """Return all ids, table by table."""
        return tuple(self._all)

    def row(self, id: str) -> Fact:
        """Return the row with an id.

        Raises
        ------
        EvidenceError
            If there is none; the message names the nearest id.
        """
        try:
            return self._all[id]
        except KeyError:
            near = self.nearest(id)
            hint = f"; the nearest is '{near}'" if near else "; the tables are in seeds/"
            raise EvidenceError(f"no evidence has the id {id!r}{hint}", id=id, nearest=near) from None

    def grade(self, id: str) -> str:
        """Return the grade of an id: document, public, derived or assumption."""
        return self.row(id).grade

    def describe(self, id: str) -> str:
        """Return one line on an id: what, value, source, date."""
        return self.row(id).describe()

    def nearest(self, id: str) -> str | None:
        """Return the id nearest to a misspelt one; None if none is near."""
        import difflib

        near = difflib.get_close_matches(id[:20].strip().upper(), [*self._all], n=1, cutoff=0.6)
        return near[0] if near else None


def home() -> Path:
    """Return the folder of the tables: inside the package when installed, else beside it."""
    package = Path(__file__).resolve().parents[1]
    inside, beside = package / "_seeds", package.parent / "seeds"
    for folder in (inside, beside):
        if folder.is_dir():
            return folder
    raise EvidenceError(f"no folder of evidence; expected {inside} or {beside}", folders=(inside, beside))


@functools.cache
def load(folder: Path | None = None) -> Evidence:
    """Read and check the evidence.

    Parameters
    ----------
    folder
        Where the tables are; the project's own by default.

    Raises
    ------
    EvidenceError
        If a row breaks a rule: a bad cell, an id twice, a reference to a row that does not exist, a disagreement that
        only one side knows of.
    """
    folder = home() if folder is None else folder
    tables = {name: read(folder, name) for name in TABLES}
    known: dict[str, Placed] = {}
    for placed in chain.from_iterable(tables.values()):
        first = known.setdefault(placed.fact.id, placed)
        if first is not placed:
            raise placed.error("id", placed.fact.id, f"an id of its own; {first.file.name}:{first.line} has this one")
    _check_references(known)

    def by_id(rows: Iterable[Placed]) -> Mapping[str, Any]:
        return MappingProxyType({placed.fact.id: placed.fact for placed in rows})

    of = {name: by_id(rows) for name, rows in tables.items()}
    return Evidence(**of, folder=folder, _all=by_id(known.values()))


def _check_references(known: Mapping[str, Placed]) -> None:
    towns = {placed.fact.town for placed in known.values() if isinstance(placed.fact, TownFact)}
    for placed in known.values():
        fact = placed.fact
        for other in fact.disagrees_with:
            if other not in known or other == fact.id:
                raise placed.error("disagrees_with", other, "the id of another row")
    for placed in known.values():
        fact = placed.fact
        for other in fact.disagrees_with:
            if fact.id not in known[other].fact.disagrees_with:
                raise placed.error("disagrees_with", other, f"{other} to name {fact.id} in return")
        if fact.disagrees_with and not fact.disagreement:
            raise placed.error("disagreement", "", "a short text, since disagrees_with names other rows")
        if isinstance(fact, RoadFact):
            for column, town in (("from", fact.from_), ("to", fact.to)):
                if town not in towns:
                    raise placed.error(column, town, "a town of towns.csv")
        if isinstance(fact, Event):
            cited = re.findall(r"DOC-\w+", fact.source)
            if (fact.grade == "document") != (cited == [fact.source]):
                raise placed.error("source", fact.source, "the id of a document if, and only if, the grade is document")
            for document in cited:
                if document not in known:
                    raise placed.error("source", document, "the id of a document in documents.csv")


@dataclass(frozen=True)
class Placed:
    """A row and the line of its file."""

    fact: Fact
    file: Path
    line: int

    def error(self, column: str, value: object, expected: str) -> EvidenceError:
        """Make the error for a cell of this row."""
        return misfit(self.file, self.line, column, value, expected)


def misfit(file: Path, line: int, column: str, value: object, expected: str) -> EvidenceError:
    """Make the error for something in a file that is not as expected; ``column`` may be empty."""
    where = f"{file}:{line}: " + (f"{column}: " if column else "")
    given = repr(value) if len(repr(value)) <= 80 else repr(value)[:79] + "…"
    about = {"file": file, "line": line, "column": column, "value": value, "expected": expected}
    return EvidenceError(f"{where}given {given}; expected {expected}", **about)


def read(folder: Path, table: str) -> list[Placed]:
    """Return the rows of a table with their lines, in the order of the file.

    Raises
    ------
    EvidenceError
        At the first cell, row or header that breaks a rule, with file, line, column, value and expectation.
    """
    file = folder / f"{table}.csv"
    known = columns(TABLES[table])
    reader = csv.reader(_lines(file), strict=True)
    rows: list[Placed] = []
    try:
        header = next(reader, [])
        _check_header(file, header, known)
        for row in reader:
            if len(row) != len(header):
                cells = f"{len(header)} cells, as in the header"
                raise misfit(file, reader.line_num, "", f"{len(row)} cells", cells)
            values = {}
            for column, cell in zip(header, row, strict=True):
                name, take = known[column]
                try:
                    values[name] = take(cell)
                except ValueError as problem:
                    raise misfit(file, reader.line_num, column, cell, str(problem)) from None
            placed = Placed(TABLES[table](**values), file, reader.line_num)
            for low, high in placed.fact.ordered:
                if values[low] is not None and values[high] is not None and values[low] > values[high]:
                    raise placed.error(high, str(values[high]), f"not less than {low}, which is {values[low]}")
            rows.append(placed)
    except csv.Error as problem:
        raise misfit(file, reader.line_num, "", str(problem), "a table of comma-separated values") from problem
    if not rows:
        raise misfit(file, 1, "", "no rows", "at least one row")
    return rows


def _lines(file: Path) -> list[str]:
    try:
        raw = file.read_bytes()
    except OSError as problem:
        raise misfit(file, 0, "", problem.strerror, "a readable file") from problem
    try:
        return normalize("NFC", raw.decode("utf-8")).splitlines(keepends=True)
    except UnicodeDecodeError as problem:
        line = raw.count(b"\n", 0, problem.start) + 1
        raise misfit(file, line, "", raw[problem.start : problem.end], "text in UTF-8") from problem


def _check_header(file: Path, header: list[str], known: Collection[str]) -> None:
    for column in header:
        if column not in known:
            raise misfit(file, 1, "", column, "a known column: " + ", ".join(known))
        if header.count(column) > 1:
            raise misfit(file, 1, column, f"{column} twice", "each column once")
    for column in known:
        if column not in header:
            raise misfit(file, 1, column, "no such column", "every column of the table")
