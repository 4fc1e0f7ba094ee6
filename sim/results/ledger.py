"""What a study has done, kept on disk replication by replication, so that it can be interrupted at any moment.

A SQLite file.  Replications are written half a second's worth at a time, each time in one transaction: after an
interrupt or a full disk what is done is there, after a kill all but the last half second, and no replication is there
in part or twice.
"""

from __future__ import annotations

import json
import sqlite3
from functools import cache
from hashlib import sha256
from threading import RLock, Timer
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from sim.errors import ResultsError
from sim.results.store import make

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import TracebackType

    from sim.record import Columns

LEDGER = "ledger.sqlite"
"""Name of the file in a folder of results."""
FORMAT: Final = 2
"""Number of the file's format; what is in an older file was made by older sources, and nothing asks for it."""
WAIT: Final = 0.5
"""Seconds that a replication may wait to be written."""
_TABLES: Final = (
    "CREATE TABLE layouts (key TEXT PRIMARY KEY, columns TEXT)",
    "CREATE TABLE done (work TEXT, replication INTEGER, layout TEXT, measures BLOB, PRIMARY KEY (work, replication))",
    """CREATE TABLE tables (
        work TEXT, name TEXT, replication INTEGER, layout TEXT, rows INTEGER, columns BLOB,
        PRIMARY KEY (work, name, replication))""",
    """CREATE TABLE failed (
        work TEXT, replication INTEGER, stage TEXT, message TEXT, trace TEXT, PRIMARY KEY (work, replication))""",
)
Statement = tuple[str, tuple[Any, ...]]
_OLDER: Final = ("layouts", "done", "tables", "failed")


class Outcome(NamedTuple):
    """What one replication leaves: measures, and tables as plain columns."""

    measures: dict[str, float]
    tables: dict[str, Columns]


class Failed(NamedTuple):
    """A replication that went wrong: at which stage, what was said, and the traceback."""

    replication: int
    stage: str
    message: str
    trace: str


class Ledger:
    """Replications done and failed, by the digest of the work that they are part of.

    Parameters
    ----------
    folder
        Folder of the study, made if it is missing; None keeps the ledger in a temporary file that goes with it.

    Raises
    ------
    ResultsError
        If the ledger cannot be opened, read or written; what it holds stays.
    """

    def __init__(self, folder: Path | None) -> None:
        self.path = None if folder is None else make(folder) / LEDGER
        self._waiting: list[tuple[Statement, ...]] = []
        self._layouts: set[_Layout] = set()
        self._lock = RLock()
        self._timer: Timer | None = None
        self._late = False
        try:
            self._base = sqlite3.connect(self.path or "", timeout=60.0, check_same_thread=False)
            self._begin()
        except sqlite3.Error as error:
            raise self._refused("open", error) from error

    def _begin(self) -> None:
        """Make the tables, afresh if they are of an older format."""
        if self._format() == FORMAT:
            return
        with self._base:
            self._base.execute("BEGIN IMMEDIATE")
            found = self._format()  # another process may have been faster
            if found > FORMAT:
                what = f"its format is {found}, of a later version of Convoi; this one knows up to {FORMAT}"
                raise ResultsError(f"cannot open {self.path}: {what}", path=self.path)
            if found < FORMAT:
                for name in _OLDER:
                    self._base.execute(f"DROP TABLE IF EXISTS {name}")
                for table in _TABLES:
                    self._base.execute(table)
                self._base.execute(f"PRAGMA user_version = {FORMAT}")

    def _format(self) -> int:
        found: int = self._base.execute("PRAGMA user_version").fetchone()[0]
        return found

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            self.flush()
        except ResultsError:
            if error is None:
                raise
        finally:
            self._base.close()

    def done(self, work: str) -> set[int]:
        """Return the replications that are done."""
        return {row[0] for row in self._read("SELECT replication FROM done WHERE work = ?", work)}

    def put(self, work: str, replication: int, outcome: Outcome) -> None:
        """Keep a replication; an earlier failure of it is forgotten.  It is on disk half a second later."""
        layout = _layout(tuple((name, "<f8") for name in outcome.measures))
        values = np.array(list(outcome.measures.values()), "<f8").tobytes()
        statements: list[Statement] = [
            ("INSERT OR REPLACE INTO done VALUES (?, ?, ?, ?)", (work, replication, layout.key, values)),
            ("DELETE FROM failed WHERE work = ? AND replication = ?", (work, replication)),
        ]
        layouts = [layout]
        for name, table in outcome.tables.items():
            layouts.append(_layout(tuple((column, held.dtype.str) for column, held in table.items())))
            row = (work, name, replication, layouts[-1].key, len(next(iter(table.values()))), _packed(table))
            statements.append(("INSERT OR REPLACE INTO tables VALUES (?, ?, ?, ?, ?, ?)", row))
        for new in set(layouts) - self._layouts:
            statements.append(("INSERT OR IGNORE INTO layouts VALUES (?, ?)", tuple(new)))
        self._wait(*statements)
        self._layouts.update(layouts)

    def fail(self, work: str, failed: Failed) -> None:
        """Note a replication that went wrong."""
        self._wait(("INSERT OR REPLACE INTO failed VALUES (?, ?, ?, ?, ?)", (work, *failed)))

    def _wait(self, *statements: Statement) -> None:
        with self._lock:
            self._waiting.append(statements)
            if self._late:
                self.flush()
            elif self._timer is None:
                self._timer = Timer(WAIT, self._in_time)
                self._timer.daemon = True
                self._timer.start()

    def _in_time(self) -> None:
        try:
            self.flush()
        except ResultsError:
            self._late = True  # told by whoever calls next

    def flush(self) -> None:
        """Write what waits to be written."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            if not self._waiting:
                return
            try:
                try:
                    self._write(self._waiting)
                except sqlite3.Error:  # what there is room for, one by one
                    while self._waiting:
                        self._write(self._waiting[:1])
                        del self._waiting[0]
            except sqlite3.Error as error:
                raise self._refused("write", error) from error
            self._waiting.clear()
            self._late = False

    def _write(self, some: list[tuple[Statement, ...]]) -> None:
        with self._base:
            for statements in some:
                for statement, values in statements:
                    self._base.execute(statement, values)

    def measures(self, work: str) -> dict[int, dict[str, float]]:
        """Return the measures by replication, in order."""
        query = """SELECT replication, layouts.columns, measures FROM done JOIN layouts ON key = layout
            WHERE work = ? ORDER BY replication"""
        return {
            replication: dict(zip(_dtype(columns).names or (), np.frombuffer(packed, "<f8").tolist(), strict=True))
            for replication, columns, packed in self._read(query, work)
        }

    def tables(self, work: str, name: str) -> dict[int, Columns]:
        """Return a table by replication, in order."""
        return dict(self.parts(work, name))

    def parts(self, work: str, name: str) -> Iterator[tuple[int, Columns]]:
        """Iterate over a table's replications and columns, in order of replication, one in memory at a time."""
        query = """SELECT replication, layouts.columns, rows, tables.columns FROM tables JOIN layouts ON key = layout
            WHERE work = ? AND name = ? ORDER BY replication"""
        for replication, columns, rows, packed in self._read(query, work, name):
            yield replication, _unpacked(columns, rows, packed)

    def failures(self, work: str) -> list[Failed]:
        """Return the replications that went wrong and have not been done since, in order."""
        rows = self._read(
            "SELECT replication, stage, message, trace FROM failed WHERE work = ? ORDER BY replication", work
        )
        return [Failed(*row) for row in rows]

    def _read(self, query: str, *values: str) -> Iterator[Any]:
        self.flush()
        try:
            yield from self._base.execute(query, values)
        except sqlite3.Error as error:
            raise self._refused("read", error) from error

    def _refused(self, verb: str, error: sqlite3.Error) -> ResultsError:
        what = str(error)
        if "full" in what or "disk I/O" in what:
            what += "; make room and give the same command again: what is done is kept"
        return ResultsError(f"cannot {verb} {self.path or 'the temporary ledger'}: {what}", path=self.path)


class _Layout(NamedTuple):
    """Names and types of columns, as text under a key of their own: written once, not with every replication."""

    key: str
    columns: str


@cache
def _layout(columns: tuple[tuple[str, str], ...]) -> _Layout:
    text = json.dumps(columns)
    return _Layout(sha256(text.encode()).hexdigest()[:16], text)


@cache
def _dtype(columns: str) -> np.dtype[Any]:
    return np.dtype([(name, text) for name, text in json.loads(columns)])


def _packed(table: Columns) -> bytes:
    """Return columns one after the other, compressed."""
    import pyarrow as pa

    found: bytes = pa.compress(b"".join([column.tobytes() for column in table.values()]), codec="lz4", asbytes=True)
    return found


def _unpacked(columns: str, rows: int, packed: bytes) -> Columns:
    import pyarrow as pa

    row = _dtype(columns)
    raw = pa.decompress(packed, rows * row.itemsize, codec="lz4", asbytes=True)
    found, start = {}, 0
    for name in row.names or ():
        found[name] = np.frombuffer(raw, row[name], rows, start)
        start += rows * row[name].itemsize
    return found
