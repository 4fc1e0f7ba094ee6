"""What a study has done, kept on disk replication by replication, so that it can be interrupted at any moment.

A SQLite file.  Replications are written half a second's worth at a time, each time in one transaction: after an
interrupt or a full disk what is done is there, after a kill all but the last half second, and no replication is there
in part or twice.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from threading import RLock, Timer
from types import TracebackType
from typing import Any, Final

import numpy as np

from sim.errors import ResultsError
from sim.record import Columns
from sim.results.files import aside
from sim.results.mending import (
    FORMAT,
    MARK,
    NAMES,
    SCHEMA,
    UNREADABLE,
    audit,
    flaw,
    is_sound,
    readable,
    salvage,
    say,
    standing,
)
from sim.results.packing import Failed, Layout, Outcome, checksum, contents, dtype, is_layout, layout, pack, unpack
from sim.results.store import make

__all__ = ["LEDGER", "Failed", "Ledger", "Outcome"]
LEDGER = "ledger.sqlite"
"""Name of the file in a folder of results."""
WAIT: Final = 0.5
"""Seconds that a replication may wait to be written."""
Statement = tuple[str, tuple[Any, ...]]


class Ledger:
    """Replications done and failed, by the digest of the work that they are part of.

    Each has a checksum over all that it holds, asked when the ledger is opened and again when it is read.  What is
    damaged is told on stderr and is as if it were not there; a file that cannot be read is set aside.

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
        self._layouts: set[Layout] = set()
        self._lock = RLock()
        self._timer: Timer | None = None
        self._late = False
        try:
            if self.path is None:
                self._connect()
                self._begin()
            else:
                self._open(self.path)
        except sqlite3.Error as error:
            raise self._refusal("open", error) from error
        except OSError as error:
            raise ResultsError(f"cannot open {self.path}: {error.strerror or error}", path=self.path) from error

    def _connect(self) -> None:
        self._base = base = sqlite3.connect(self.path or "", timeout=60.0, check_same_thread=False)
        base.text_factory = readable
        base.execute("PRAGMA page_size = 4096")  # of a new one
        # What is said to be kept must outlast a power cut, and a journal that is removed is on disk as removed only
        # when its folder is.  With two writes a second at most the studies do not feel it.
        base.execute("PRAGMA synchronous = EXTRA")

    def _open(self, path: Path) -> None:
        """Open the file; if it is no ledger or damaged, set it aside and begin another with what can be read of it."""
        state = standing(path)
        if state == "later":
            what = f"its format is of a later version of Convoi; this one knows up to {FORMAT}"
            raise ResultsError(f"cannot open {path}: {what}", path=path)
        wrong = {"foreign": "it is no ledger of Convoi", "damaged": "its header is damaged"}.get(state)
        if wrong is None:
            try:
                self._connect()
                if state == "ours" and self._base.execute("SELECT 1 FROM sqlite_master").fetchone():
                    wrong = flaw(self._base)
                    if wrong is None:
                        self._told(*audit(self._base))
                else:
                    self._begin()
            except UNREADABLE as error:
                if not _is_damage(error):
                    raise
                wrong = str(error) if isinstance(error, sqlite3.Error) else "its tables are described by no text"
            if wrong is None:
                return
            self._base.close()
        other = aside(path, "set-aside")
        self._connect()
        self._begin()
        saved = 0
        if state != "foreign":
            salvage(other, self._base)
            audit(self._base)
            saved = self._base.execute("SELECT count(*) FROM done").fetchone()[0]
        what = f"what can be read of it is kept: {_many(saved)}" if saved else "a new one is begun"
        say(f"{path} cannot be used ({wrong}): it is now {other.name}; {what}")

    def _told(self, done: int, failed: int) -> None:
        if done:
            say(f"{self.path} is damaged; what does not match its checksum is done again: {_many(done)}")
        if failed:
            say(f"{self.path} is damaged; what it says of failures is not used: {_many(failed)}")

    def _begin(self) -> None:
        """Make the tables, afresh if they are of an older format."""
        with self._base:
            self._base.execute("BEGIN IMMEDIATE")
            known = self._base.execute("PRAGMA user_version").fetchone()[0]
            if known == FORMAT and self._base.execute("SELECT 1 FROM sqlite_master").fetchone():
                return  # another thread was faster
            for name in NAMES:
                self._base.execute(f"DROP TABLE IF EXISTS {name}")
            for table in SCHEMA:
                self._base.execute(table)
            self._base.execute(f"PRAGMA user_version = {FORMAT}")
            self._base.execute(f"PRAGMA application_id = {MARK + FORMAT}")

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
        layouts = [layout(tuple((name, "<f8") for name in outcome.measures))]
        statements: list[Statement] = []
        sums = {}
        for name, table in outcome.tables.items():
            layouts.append(layout(tuple((column, values.dtype.str) for column, values in table.items())))
            about = (work, replication, name, layouts[-1].key, len(next(iter(table.values()))))
            columns = pack(table)
            sums[name] = checksum(about, columns)
            statements.append(_put("tables", *about, columns, sums[name]))
        values = np.array(list(outcome.measures.values()), "<f8").tobytes()
        key, tables = layouts[0].key, contents(sums)
        whole = checksum((work, replication, key, tables), values)
        statements.append(_put("done", work, replication, key, values, tables, whole))
        statements.append(("DELETE FROM failed WHERE work = ? AND replication = ?", (work, replication)))
        self._wait(*statements, *(_put("layouts", *new) for new in set(layouts) - self._layouts))
        self._layouts.update(layouts)

    def fail(self, work: str, failed: Failed) -> None:
        """Note a replication that went wrong."""
        self._wait(_put("failed", work, *failed, checksum((work, *failed))))

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
                raise self._refusal("write", error) from error
            self._waiting.clear()
            self._late = False

    def _write(self, some: list[tuple[Statement, ...]]) -> None:
        with self._base:
            for statements in some:
                for statement, values in statements:
                    self._base.execute(statement, values)

    def measures(self, work: str) -> dict[int, dict[str, float]]:
        """Return the measures by replication, in order."""
        query = """SELECT replication, layout, measures, contents, checksum, layouts.columns
            FROM done LEFT JOIN layouts ON key = layout WHERE work = ? ORDER BY replication"""
        measures = {}
        for replication, key, values, tables, check, columns in self._read(query, work):
            self._sure((work, replication, key, tables), values, check if is_layout(key, columns) else None)
            names = dtype(columns).names or ()
            measures[replication] = dict(zip(names, np.frombuffer(values, "<f8").tolist(), strict=True))
        return measures

    def parts(self, work: str, name: str) -> Iterator[tuple[int, Columns]]:
        """Iterate over a table's replications and columns, in order of replication, one in memory at a time."""
        query = """SELECT done.replication, done.contents, tables.layout, rows, tables.columns, tables.checksum,
                layouts.columns
            FROM done LEFT JOIN tables ON tables.work = done.work AND tables.replication = done.replication AND name = ?
            LEFT JOIN layouts ON key = tables.layout WHERE done.work = ? ORDER BY done.replication"""
        for replication, tables, key, rows, content, check, columns in self._read(query, name, work):
            checks = json.loads(tables)
            if name in checks:
                same = check is not None and check.hex() == checks[name] and is_layout(key, columns)
                self._sure((work, replication, name, key, rows), content, check if same else None)
                yield replication, unpack(columns, rows, content)

    def failures(self, work: str) -> list[Failed]:
        """Return the replications that went wrong and have not been done since, in order."""
        query = """SELECT replication, stage, message, trace, checksum
            FROM failed WHERE work = ? ORDER BY replication"""
        failures = []
        for *failed, check in self._read(query, work):
            self._sure((work, *failed), b"", check)
            failures.append(Failed(*failed))
        return failures

    def _sure(self, about: tuple[object, ...], content: object, check: object) -> None:
        """Make sure of what is read; it was right when the ledger was opened, or has been written since."""
        if not is_sound(about, content, check):
            what = f"replication {about[1]} does not match its checksum any more; give the same command again"
            raise ResultsError(f"{self.path or 'the temporary ledger'} was altered while it was read: {what}")

    def _read(self, query: str, *values: str) -> Iterator[Any]:
        self.flush()
        try:
            yield from self._base.execute(query, values)
        except sqlite3.Error as error:
            raise self._refusal("read", error) from error

    def _refusal(self, verb: str, error: sqlite3.Error) -> ResultsError:
        what = str(error)
        if "full" in what or "disk I/O" in what:
            what += "; make room and give the same command again: what is done is kept"
        elif _is_damage(error):
            what += "; give the same command again: what can still be read is kept"
        return ResultsError(f"cannot {verb} {self.path or 'the temporary ledger'}: {what}", path=self.path)


def _many(count: int) -> str:
    return f"{count} replication{'s' * (count != 1)}"


def _put(table: str, *values: object) -> Statement:
    return f"INSERT OR REPLACE INTO {table} VALUES ({', '.join('?' * len(values))})", values


def _is_damage(error: Exception) -> bool:
    """Say whether an error speaks of what is in a file, and not of the disk, of rights or of another that writes."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
    return code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_TOOBIG)
