"""What a run notes while it goes: rows of the tables, turned into a record's columns at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.record import (
    CONVOYS,
    ENCOUNTERS,
    FLOWS,
    IMPORTS,
    LOG,
    OUTCOMES,
    REALS,
    ROADBLOCK,
    STOCKS,
    TOWNS,
    USERS,
    Record,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.model.convoy import Convoy
    from sim.model.log import Log
    from sim.plan.plan import Plan
    from sim.record import Columns
    from sim.world.tape import Candidate

Row = tuple[Any, ...]
STOPPED = OUTCOMES.index("stopped")


class Rows:
    """Rows of the tables, each a tuple in the order of the columns that `sim.record` names.

    ``begin`` is the scenario's start (h), from which days and hours of the rows count.
    """

    def __init__(self, begin: float = 0.0) -> None:
        self.begin = begin
        self.towns: list[Row] = []
        self.flows: list[Row] = []
        self.convoys: list[Row] = []
        self.encounters: list[Row] = []
        self.users: list[Row] = []
        self.imports: list[Row] = []
        self.stocks: list[Row] = []

    def convoy(self, convoy: Convoy) -> None:
        """Note a convoy that left in the scenario; its trip has NaN days if it is still on the road."""
        if convoy.departed < self.begin:
            return
        self.convoys.append(
            (
                convoy.number,
                convoy.corridor.number,
                convoy.departed - self.begin,
                convoy.size,
                convoy.escort,
                convoy.lost,
                convoy.arrived,
                convoy.turned_back,
                convoy.attacked,
                (convoy.ended - convoy.departed) / 24.0,
                convoy.short,
            )
        )

    def encounter(
        self,
        time: float,
        convoy: Convoy,
        candidate: Candidate,
        ordinal: int,
        escort: int,
        outcome: int,
        lost: int,
        killed: int,
        abducted: int,
        knocked_out: int,
    ) -> None:
        """Note the outcome of a meeting."""
        self.encounters.append(
            (
                time - self.begin,
                convoy.number,
                convoy.corridor.number,
                candidate.road,
                candidate.kind,
                ordinal,
                escort,
                outcome,
                len(convoy.column) + lost,
                lost,
                killed,
                abducted,
                knocked_out,
            )
        )

    def roadblock(self, time: float, convoy: Convoy, road: int, size: int, lost: int, killed: int) -> None:
        """Note what a roadblock did."""
        corridor = convoy.corridor.number
        party = (time - self.begin, convoy.number, corridor, road, ROADBLOCK, 0, convoy.escort_left, STOPPED, size)
        self.encounters.append((*party, lost, killed, lost - killed, 0))

    def record(self, plan: Plan, log: Log) -> Record:
        """Return the record of what was noted so far, and of the log if it is on; totals are left at nothing."""
        return Record(
            plan,
            _columns("towns", TOWNS, self.towns),
            _columns("flows", FLOWS, self.flows),
            _columns("convoys", CONVOYS, self.convoys),
            _columns("encounters", ENCOUNTERS, self.encounters),
            _columns("users", USERS, self.users),
            _columns("imports", IMPORTS, self.imports),
            _columns("stocks", STOCKS, self.stocks),
            _columns("log", LOG, log.entries) if log.on else {},
        )


def _columns(table: str, names: tuple[str, ...], rows: Sequence[Row]) -> Columns:
    columns = zip(*rows, strict=True) if rows else [()] * len(names)
    kinds = [np.float64 if name in REALS[table] else np.int64 for name in names]
    return {name: np.array(column, kind) for name, column, kind in zip(names, columns, kinds, strict=True)}
