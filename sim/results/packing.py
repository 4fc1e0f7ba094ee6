"""What a ledger keeps of a replication, as bytes with a checksum."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from typing import Any, Final, NamedTuple

import numpy as np

from sim.record import Columns

BYTES: Final = 16
"""Of a checksum."""


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


class Layout(NamedTuple):
    """Names and types of columns, as text under a key made of it: written once, not with every replication."""

    key: str
    columns: str


@cache
def layout(columns: tuple[tuple[str, str], ...]) -> Layout:
    """Return the layout of columns, given by name and type."""
    text = json.dumps(columns)
    return Layout(_key(text), text)


@cache
def _key(columns: str) -> str:
    return sha256(columns.encode()).hexdigest()[:16]


def is_layout(key: object, columns: object) -> bool:
    """Say whether a key is that of a layout's columns."""
    return isinstance(columns, str) and key == _key(columns)


@cache
def dtype(columns: str) -> np.dtype[Any]:
    """Return the type of a row of a layout."""
    return np.dtype([(name, text) for name, text in json.loads(columns)])


def checksum(about: tuple[object, ...], content: bytes = b"") -> bytes:
    """Return the checksum of a row of the ledger: what it says, and the bytes that it holds.

    SHA-256, which processors compute in hardware: a hundredth of the time of a replication.
    """
    return sha256(repr(about).encode() + content).digest()[:BYTES]


def contents(checksums: Mapping[str, bytes]) -> str:
    """Return which tables a replication has, with the checksum of each, as text."""
    return json.dumps({name: check.hex() for name, check in checksums.items()})


def pack(table: Columns) -> bytes:
    """Return columns one after the other, compressed."""
    import pyarrow as pa

    content: bytes = pa.compress(b"".join([column.tobytes() for column in table.values()]), codec="lz4", asbytes=True)
    return content


def unpack(columns: str, rows: int, content: bytes) -> Columns:
    """Return the columns of a layout."""
    import pyarrow as pa

    row = dtype(columns)
    raw = pa.decompress(content, rows * row.itemsize, codec="lz4", asbytes=True)
    table, start = {}, 0
    for name in row.names or ():
        table[name] = np.frombuffer(raw, row[name], rows, start)
        start += rows * row[name].itemsize
    return table
