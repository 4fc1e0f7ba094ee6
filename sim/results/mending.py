"""Whether the file of a ledger is one, and what is done if it is damaged: nothing is deleted, nothing wrong is used."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import quote

from sim.results.packing import checksum, is_layout

FORMAT: Final = 3
"""Number of the file's format; what is in an older file was made by older sources, and nothing asks for it."""
MARK: Final = 0x436F0000
"""With the format added: the application that SQLite's header names, by which a ledger is told from other databases."""
NAMES: Final = ("layouts", "done", "tables", "failed")
SCHEMA: Final = (
    "CREATE TABLE layouts (key TEXT PRIMARY KEY, columns TEXT)",
    """CREATE TABLE done (
        work TEXT, replication INTEGER, layout TEXT, measures BLOB, contents TEXT, checksum BLOB,
        PRIMARY KEY (work, replication))""",
    """CREATE TABLE tables (
        work TEXT, replication INTEGER, name TEXT, layout TEXT, rows INTEGER, columns BLOB, checksum BLOB,
        PRIMARY KEY (work, replication, name))""",
    """CREATE TABLE failed (
        work TEXT, replication INTEGER, stage TEXT, message TEXT, trace TEXT, checksum BLOB,
        PRIMARY KEY (work, replication))""",
)
UNREADABLE: Final = (sqlite3.Error, UnicodeDecodeError)
"""What SQLite raises of a damaged file: it quotes what it finds there, which may be no text."""
_MAGIC: Final = b"SQLite format 3\0"
_MADE: Final = {16: bytes.fromhex("1000010100402020"), 44: bytes.fromhex("00000004"), 56: bytes.fromhex("00000001")}
"""What else is in the header of a ledger, by place: pages of 4 KiB, a rollback journal, UTF-8."""
_OLDER: Final = {0: {"done", "tables", "failed"}, 2: {"done", "tables", "failed", "layouts"}}
"""Tables of a ledger of an older format, which was not marked, by the number in its header."""
Standing = Literal["none", "ours", "older", "later", "damaged", "foreign"]


def standing(path: Path) -> Standing:
    """Say what a file is, without opening it as a database unless it may be an older ledger."""
    if path.is_symlink() or any(path.with_name(path.name + end).is_symlink() for end in ("-journal", "-wal", "-shm")):
        return "foreign"
    try:
        with path.open("rb") as file:
            header = file.read(100)
    except FileNotFoundError:
        return "none"
    except OSError:
        return "foreign"
    if not header:
        return "none"
    if len(header) < 100 or not header.startswith(_MAGIC):
        return "foreign"
    format_, mark = (int.from_bytes(header[place : place + 4], "big") for place in (60, 68))
    if mark == 0 and format_ in _OLDER:
        return "older" if _names(path) == _OLDER[format_] else "foreign"
    if mark & 0xFFFF0000 != MARK:
        return "foreign"
    if mark != MARK + format_ or not all(header.startswith(part, place) for place, part in _MADE.items()):
        return "damaged"
    return "ours" if format_ == FORMAT else "later" if format_ > FORMAT else "damaged"


def _names(path: Path) -> set[str]:
    """Return the tables of a database, which is not touched, not even to roll back what was interrupted."""
    try:
        with closing(as_it_stands(path)) as base:
            return {row[0] for row in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except UNREADABLE:
        return set()


def as_it_stands(path: Path) -> sqlite3.Connection:
    """Open a database for reading as it stands, without waiting for who writes to it or rolling back what was cut."""
    return sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1", uri=True)


def flaw(base: sqlite3.Connection) -> str | None:
    """Return what SQLite finds wrong with a ledger that it can open; None if nothing.

    Raises
    ------
    sqlite3.Error, UnicodeDecodeError
        If it cannot read it.
    """
    schema = [row[0] for row in base.execute("SELECT sql FROM sqlite_master WHERE type = 'table' ORDER BY rowid")]
    if schema != [*SCHEMA]:
        return "its tables are described otherwise"
    finding: str = base.execute("PRAGMA integrity_check(1)").fetchone()[0]
    return None if finding == "ok" else " ".join(finding.replace("*** in database main ***", "").split())


def salvage(path: Path, base: sqlite3.Connection) -> None:
    """Copy into a new ledger the rows that can still be read of a damaged one; whether they are right is not asked."""
    with suppress(*UNREADABLE), closing(as_it_stands(path)) as old:
        old.text_factory = readable
        for table in NAMES:
            width = len(base.execute(f"PRAGMA table_info({table})").fetchall())
            insert = f"INSERT OR IGNORE INTO {table} VALUES ({', '.join('?' * width)})"
            for order in ("ASC", "DESC"):  # from both ends up to what cannot be read
                with base, suppress(*UNREADABLE):
                    for row in old.execute(f"SELECT * FROM {table} NOT INDEXED ORDER BY rowid {order}"):
                        base.execute(insert, row)


def readable(text: bytes) -> str:
    """Return a text, whatever has become of it."""
    return text.decode(errors="replace")


def audit(base: sqlite3.Connection) -> tuple[int, int]:
    """Remove replications and failures that do not match their checksums, and layouts that do not match their keys.

    So are tables of a replication that is not there.

    Returns
    -------
    tuple
        How many replications and how many failures were removed.

    Raises
    ------
    sqlite3.Error
        If the ledger cannot be read or written.
    """
    layouts, odd = {}, []
    for row, key, columns in base.execute("SELECT rowid, key, columns FROM layouts"):
        if is_layout(key, columns):
            layouts[key] = columns
        else:
            odd.append((row,))
    done = [(row,) for row, *kept in base.execute("SELECT rowid, * FROM done") if not _is_whole(base, kept, layouts)]
    failed = [
        (row,)
        for row, *about, check in base.execute("SELECT rowid, * FROM failed")
        if not is_sound(tuple(about), b"", check)
    ]
    lost = base.execute("SELECT work, replication FROM tables EXCEPT SELECT work, replication FROM done").fetchall()
    if odd or done or failed or lost:
        with base:
            base.executemany("DELETE FROM layouts WHERE rowid = ?", odd)
            base.executemany("DELETE FROM done WHERE rowid = ?", done)
            base.executemany("DELETE FROM failed WHERE rowid = ?", failed)
            base.execute("DELETE FROM tables WHERE (work, replication) NOT IN (SELECT work, replication FROM done)")
    return len(done) + len(lost), len(failed)


def _is_whole(base: sqlite3.Connection, row: Sequence[Any], layouts: Mapping[str, str]) -> bool:
    """Say whether a replication and all its tables are as they were kept."""
    work, replication, layout, measures, contents, check = row
    if layout not in layouts or not is_sound((work, replication, layout, contents), measures, check):
        return False
    named: dict[str, str] = json.loads(contents)
    sums = {}
    for *about, content, check in base.execute(
        "SELECT * FROM tables WHERE work = ? AND replication = ?", (work, replication)
    ):
        if about[3] in layouts and is_sound(tuple(about), content, check):
            sums[about[2]] = check.hex()
    return {name: sums.get(name) for name in named} == named


def is_sound(about: tuple[object, ...], content: object, check: object) -> bool:
    """Say whether a row is as it was kept."""
    return isinstance(content, bytes) and isinstance(check, bytes) and check == checksum(about, content)


def say(text: str) -> None:
    """Print a line on stderr, if there is one: damage is told also by what is asked to be quiet."""
    if sys.stderr is not None:
        with suppress(OSError, ValueError):
            print(text, file=sys.stderr, flush=True)
