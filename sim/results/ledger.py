"""What a study has done, kept on disk replication by replication, so that it can be interrupted at any moment.

A SQLite file: each replication is one transaction, so that after an interrupt, a kill or a full disk it is there whole
or not at all, and none is there twice.
"""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING, NamedTuple

from sim.errors import ResultsError
from sim.results.store import make

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from types import TracebackType

    from sim.results.tables import Columns

LEDGER = "ledger.sqlite"
"""Name of the file in a folder of results."""
_TABLES = """
CREATE TABLE IF NOT EXISTS done (work TEXT, replication INTEGER, measures TEXT, PRIMARY KEY (work, replication));
CREATE TABLE IF NOT EXISTS tables (
    work TEXT, replication INTEGER, name TEXT, columns BLOB, PRIMARY KEY (work, replication, name));
CREATE TABLE IF NOT EXISTS failed (
    work TEXT, replication INTEGER, stage TEXT, message TEXT, trace TEXT, PRIMARY KEY (work, replication));
"""


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
        Folder of the study, made if it is missing; None keeps the ledger in memory.

    Raises
    ------
    ResultsError
        If the ledger cannot be opened, read or written; what it holds stays.
    """

    def __init__(self, folder: Path | None) -> None:
        self.path = None if folder is None else make(folder) / LEDGER
        try:
            self._base = sqlite3.connect(self.path or ":memory:", timeout=60.0)
            with self._base:
                self._base.executescript(_TABLES)
        except sqlite3.Error as error:
            raise self._refused("open", error) from error

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._base.close()

    def done(self, work: str) -> set[int]:
        """Return the replications that are done."""
        return {row[0] for row in self._read("SELECT replication FROM done WHERE work = ?", work)}

    def put(self, work: str, replication: int, outcome: Outcome) -> None:
        """Keep a replication; an earlier failure of it is forgotten."""
        key = (work, replication)
        columns = [(*key, name, _packed(table)) for name, table in outcome.tables.items()]
        try:
            with self._base:
                self._base.execute("INSERT OR REPLACE INTO done VALUES (?, ?, ?)", (*key, json.dumps(outcome.measures)))
                self._base.executemany("INSERT OR REPLACE INTO tables VALUES (?, ?, ?, ?)", columns)
                self._base.execute("DELETE FROM failed WHERE work = ? AND replication = ?", key)
        except sqlite3.Error as error:
            raise self._refused("write", error) from error

    def fail(self, work: str, failed: Failed) -> None:
        """Note a replication that went wrong."""
        row = (work, failed.replication, failed.stage, failed.message, failed.trace)
        try:
            with self._base:
                self._base.execute("INSERT OR REPLACE INTO failed VALUES (?, ?, ?, ?, ?)", row)
        except sqlite3.Error as error:
            raise self._refused("write", error) from error

    def measures(self, work: str) -> dict[int, dict[str, float]]:
        """Return the measures by replication, in order."""
        rows = self._read("SELECT replication, measures FROM done WHERE work = ? ORDER BY replication", work)
        return {replication: json.loads(measures) for replication, measures in rows}

    def tables(self, work: str, name: str) -> dict[int, Columns]:
        """Return a table by replication, in order."""
        rows = self._read(
            "SELECT replication, columns FROM tables WHERE work = ? AND name = ? ORDER BY replication", work, name
        )
        return {replication: _unpacked(columns) for replication, columns in rows}

    def failures(self, work: str) -> list[Failed]:
        """Return the replications that went wrong and have not been done since, in order."""
        rows = self._read(
            "SELECT replication, stage, message, trace FROM failed WHERE work = ? ORDER BY replication", work
        )
        return [Failed(*row) for row in rows]

    def _read(self, query: str, *values: str) -> list[tuple]:  # type: ignore[type-arg]
        try:
            return self._base.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise self._refused("read", error) from error

    def _refused(self, verb: str, error: sqlite3.Error) -> ResultsError:
        what = str(error)
        if "full" in what or "disk I/O" in what:
            what += "; make room and give the same command again: what is done is kept"
        return ResultsError(f"cannot {verb} {self.path or 'the ledger in memory'}: {what}", path=self.path)


def _packed(table: Mapping[str, object]) -> bytes:
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    batch = pa.record_batch({name: pa.array(column) for name, column in table.items()})
    with pa.ipc.new_stream(sink, batch.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
        writer.write_batch(batch)
    found: bytes = sink.getvalue().to_pybytes()
    return found


def _unpacked(packed: bytes) -> Columns:
    import pyarrow as pa

    with pa.ipc.open_stream(packed) as reader:
        table = reader.read_all()
    return {name: table.column(name).to_numpy() for name in table.column_names}
