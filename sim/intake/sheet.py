"""A table of other people, as it comes: bytes, encoding, separator, header, rows with their lines.

What a cell holds is never told, since it may be text that must not be passed on; a problem names line and column.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final
from unicodedata import normalize

from sim.errors import IntakeError
from sim.scenario.problem import Fault, nearest

BYTES: Final = 1_000_000_000
PROBLEMS: Final = 20
"""Problems after which a table is not read on."""
_SEPARATORS: Final = ",;\t|"
_BEYOND: Final = "\ufeff\u200b"


@dataclass(frozen=True)
class Sheet:
    """A table: its file, the SHA-256 of the file, the names of its columns in small letters, and its text.

    ``start`` is how many lines stand above the header; ``notes`` tell what had to be guessed.
    """

    file: str
    digest: str
    columns: tuple[str, ...]
    separator: str
    text: str = field(repr=False)
    start: int = 0
    notes: tuple[str, ...] = ()

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield each row under the header with the line on which it begins; empty rows are passed over.

        Raises IntakeError where the rows are no table any more.
        """
        reader = _reader(self.text, self.separator)
        before = skipped = 0
        try:
            for cells in reader:
                line, before = before + 1, reader.line_num
                if line <= self.start or not any(cells):
                    continue
                if not skipped:
                    skipped = line
                    continue
                if all(cell.startswith("#") or not cell for cell in cells):
                    continue  # tags of the Humanitarian Exchange Language, under the header
                yield line, cells
        except csv.Error as problem:
            raise IntakeError(placed(self.file, before + 1, Fault(f"not a table: {problem}"))) from None

    def position(self, *names: str) -> int | None:
        """Return where the first of these columns stands that there is; None if there is none."""
        return next((self.columns.index(name) for name in names if name in self.columns), None)

    def lacking(self, names: Collection[str]) -> str:
        """Return the columns that the table lacks, each with the nearest that it has."""
        told = []
        for name in names:
            if name not in self.columns:
                near = nearest(name, self.columns)
                told.append(f"'{name}'" + (f" (the nearest is '{near}')" if near else ""))
        return ", ".join(told)


def placed(file: str, line: int, fault: Fault, column: str = "") -> str:
    """Return a fault with its place."""
    where = f"{file}:{line}" if line else file
    return ": ".join(part for part in (where, column, str(fault)) if part)


def read_sheet(path: Path) -> Sheet:
    """Return the table that a file holds; raises IntakeError if it holds none."""
    file = str(path)
    data = _bytes(path)
    text, encoding = _decoded(data, file)
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise IntakeError(placed(file, line, Fault("not a table of text", "a byte 0", "comma-separated values")))
    separator, start = _separator(text)
    try:
        rows = _reader(text, separator)
        header: list[str] = next((row for row in rows if rows.line_num > start and any(row)), [])
    except csv.Error as problem:
        raise IntakeError(placed(file, 1, Fault(f"not a table: {problem}"))) from None
    if not header:
        raise IntakeError(placed(file, 1, Fault("an empty file", "", "a table with the names of its columns")))
    columns = tuple(_column(cell) for cell in header)
    for name in columns:
        if name and columns.count(name) > 1:
            fault = Fault("a column twice", "", "each column once")
            raise IntakeError(placed(file, start + 1, fault, f"column {columns.index(name) + 1}"))
    note = (f"{file} is not UTF-8; it was read as {encoding}",) if encoding else ()
    return Sheet(file, hashlib.sha256(data).hexdigest(), columns, separator, text, start, note)


@lru_cache(maxsize=100_000)
def spelled(text: str) -> str:
    """Return a name as it is shown: composed, on one line, with single blanks."""
    return " ".join(normalize("NFC", "".join(c for c in text if c not in _BEYOND)).split())


@lru_cache(maxsize=100_000)
def folded(text: str) -> str:
    """Return what names have in common that differ in case, accents, hyphens and blanks only."""
    letters = normalize("NFKD", text.casefold())
    words = "".join(c if c.isalnum() or c == "/" else " " for c in letters if not 0x300 <= ord(c) < 0x370)
    return " ".join(words.split())


def _bytes(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():
            raise OSError(0, "not a file")
        with path.open("rb") as stream:
            data = stream.read(BYTES + 1)
    except (OSError, ValueError) as problem:
        told = getattr(problem, "strerror", None) or "not a name of a file"
        raise IntakeError(placed(str(path), 0, Fault(f"cannot be read: {told}", "", "a table in a file"))) from None
    if len(data) > BYTES:
        fault = Fault("the file is too big", f"over {BYTES:,} bytes", "an export of fewer countries or years")
        raise IntakeError(placed(str(path), 0, fault))
    return data


def _decoded(data: bytes, file: str) -> tuple[str, str]:
    """Return the text, and the encoding if it is not UTF-8 and had to be guessed."""
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data.decode("utf-16"), ""
        return data.decode("utf-8-sig"), ""
    except UnicodeDecodeError as problem:
        if problem.encoding.startswith("utf-16"):
            fault = Fault("not text", "a file that begins like UTF-16 and is not", "a file saved as UTF-8")
            raise IntakeError(placed(file, 1, fault)) from None
    try:
        return data.decode("cp1252"), "Windows-1252"
    except UnicodeDecodeError:
        return data.decode("latin-1"), "Latin-1"


def _separator(text: str) -> tuple[str, int]:
    """Return what stands between cells, and how many lines stand above the header to say so."""
    first = text[:100_000].lstrip("\r\n").partition("\n")[0].rstrip("\r")
    if len(first) == 5 and first.lower().startswith("sep=") and first[4] in _SEPARATORS:
        return first[4], 1
    return max(_SEPARATORS, key=first.count), 0


def _reader(text: str, separator: str) -> csv.Reader:  # type: ignore[name-defined]
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)


def _column(cell: str) -> str:
    return spelled(cell).casefold().replace(" ", "_").replace("-", "_")
