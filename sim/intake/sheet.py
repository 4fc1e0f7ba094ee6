"""A table of other people, as it comes: bytes, encoding, separator, header, rows with their lines.

What a cell holds is never told, since it may be text that must not be passed on; a problem names line and column.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final, TypeVar
from unicodedata import normalize

from sim.errors import IntakeError
from sim.scenario.problem import Fault, nearest

BYTES: Final = 1_000_000_000
PROBLEMS: Final = 20
"""Problems after which a table is not read on."""
NAME: Final = 80
"""Letters of the longest name of a district."""
_SEPARATORS: Final = ",;\t|"
_BEYOND: Final = "\ufeff\u200b"
_DEGREES: Final = re.compile(r"[-+−]?\d{1,3}[.,]\d+")
T = TypeVar("T")


class CellError(Exception):
    """A cell that does not hold what its column says."""

    def __init__(self, column: str, wrong: str, expected: str) -> None:
        super().__init__(column)
        self.words = (wrong, "", expected, column)


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
            raise refusal(self.file, before + 1, f"not a table: {problem}") from None

    def read(self, take: Callable[[Row], T]) -> Iterator[T]:
        """Yield what each row says.

        Raises IntakeError at the end with all rows that say nothing, or with the first of many.
        """
        row = Row(self)
        problems: list[str] = []
        for row.line, row.cells in self.rows():
            try:
                if len(row.cells) != len(self.columns):
                    wide = f"{len(self.columns)}, as in the header"
                    problems.append(
                        placed(self.file, row.line, "a row of another length", f"{len(row.cells)} cells", wide)
                    )
                else:
                    yield take(row)
            except CellError as error:
                problems.append(placed(self.file, row.line, *error.words))
            if len(problems) >= PROBLEMS:
                problems.append(f"{self.file}: not read on after {PROBLEMS} problems")
                break
        if problems:
            raise IntakeError("\n".join(problems))

    def position(self, *names: str) -> int | None:
        """Return where the first of these columns stands that there is; None if there is none."""
        return next((self.columns.index(name) for name in names if name in self.columns), None)

    def lacking(self, names: Collection[str]) -> str:
        """Return the columns that the table lacks, each with the nearest that it has."""
        words = []
        for name in names:
            if name not in self.columns:
                near = nearest(name, self.columns)
                words.append(f"'{name}'" + (f" (the nearest is '{near}')" if near else ""))
        return ", ".join(words)


@dataclass(slots=True)
class Row:
    """A row of a sheet, by the names of its columns."""

    sheet: Sheet
    line: int = 0
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

    def whole(self, name: str) -> str:
        """Return the text of a whole number, which spreadsheets may write as ``3.0``."""
        return self.text(name).removesuffix(".0")

    def code(self, name: str, most: int) -> int:
        """Return a code from 1 to ``most``; 1 if there is no such column."""
        if self.position(name) is None:
            return 1
        text = self.whole(name)
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


def placed(file: str, line: int, wrong: str, given: str = "", expected: str = "", column: str = "") -> str:
    """Return what is wrong with its place."""
    where = f"{file}:{line}" if line else file
    return ": ".join(part for part in (where, column, str(Fault(wrong, given, expected))) if part)


def refusal(file: str, line: int, *words: str) -> IntakeError:
    """Return the error for one thing that is wrong; see `placed`."""
    return IntakeError(placed(file, line, *words))


def read_sheet(path: Path) -> Sheet:
    """Return the table that a file holds; raises IntakeError if it holds none."""
    file = str(path)
    data = _bytes(path)
    text, encoding = _decoded(data, file)
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise refusal(file, line, "not a table of text", "a byte 0", "comma-separated values")
    separator, start = _separator(text)
    try:
        rows = _reader(text, separator)
        header: list[str] = next((row for row in rows if rows.line_num > start and any(row)), [])
    except csv.Error as problem:
        raise refusal(file, 1, f"not a table: {problem}") from None
    if not header:
        raise refusal(file, 1, "an empty file", "", "a table with the names of its columns")
    columns = tuple(_column(cell) for cell in header)
    for name in columns:
        if name and columns.count(name) > 1:
            column = f"column {columns.index(name) + 1}"
            raise refusal(file, start + 1, "a column twice", "", "each column once", column)
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
        reason = getattr(problem, "strerror", None) or "not a name of a file"
        raise refusal(str(path), 0, f"cannot be read: {reason}", "", "a table in a file") from None
    if len(data) > BYTES:
        over = f"over {BYTES:,} bytes"
        raise refusal(str(path), 0, "the file is too big", over, "an export of fewer countries or years")
    return data


def _decoded(data: bytes, file: str) -> tuple[str, str]:
    """Return the text, and the encoding if it is not UTF-8 and had to be guessed."""
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data.decode("utf-16"), ""
        return data.decode("utf-8-sig"), ""
    except UnicodeDecodeError as problem:
        if problem.encoding.startswith("utf-16"):
            begins = "a file that begins like UTF-16 and is not"
            raise refusal(file, 1, "not text", begins, "a file saved as UTF-8") from None
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
