"""From a file to checked rows with their lines."""

from __future__ import annotations

import csv
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from unicodedata import normalize

from sim.errors import EvidenceError
from sim.evidence.rows import TABLES, Fact, columns


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
