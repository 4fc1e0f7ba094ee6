"""The record of a replication, from the rows that were noted while it went."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import record as names
from sim.record import REALS, Columns, Record

if TYPE_CHECKING:
    from sim.model.party import Party
    from sim.model.world import Row, World


def record(world: World, parties: list[Party]) -> Record:
    """Return the record of what was noted so far, and of the log if it is on; totals are left at nothing."""
    rows = {**world.rows, "convoys": [p.row() for p in parties if p.departed >= world.plan.begin]}
    tables: dict[str, Any] = {table: _columns(table, rows[table]) for table in rows}
    return Record(world.plan, **tables, log=_columns("log", world.log.entries) if world.log.on else {})


def _columns(table: str, rows: Sequence[Row]) -> Columns:
    columns: tuple[str, ...] = getattr(names, table.upper())
    values = zip(*rows, strict=True) if rows else [()] * len(columns)
    kinds = [np.float64 if name in REALS[table] else np.int64 for name in columns]
    return {name: np.array(some, kind) for name, some, kind in zip(columns, values, kinds, strict=True)}
