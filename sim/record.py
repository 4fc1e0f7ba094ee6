"""What one replication leaves, whichever engine did it: tables as plain columns, the event log, totals.

Things are indices of the plan.  Columns of one table have the same length; those named in ``REALS`` hold float64, all
others int64.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.plan.plan import Plan

Columns: TypeAlias = "dict[str, NDArray[Any]]"


class Kind(IntEnum):
    """What happened, in the event log."""

    ORDERED = 1
    LOADED = 2
    READY = 3
    DEPARTED = 4
    REACHED = 5
    CLEARED = 6
    UNLOADED = 7
    BACK = 8
    LOST = 9
    TURNED_BACK = 10
    MOVED = 11
    LAID = 12
    DETECTED = 13
    DETERRED = 14
    SPRUNG = 15
    UNIT_OUT = 16
    UNIT_BACK = 17
    ALLOTTED = 18
    LOT = 19
    DRY = 20
    QUEUE_ENDS = 21
    WANTED = 22
    WILLING = 23
    USED = 24
    INFLOW = 25
    CREW_FREED = 26
    EFFORT = 27
    LET_PASS = 28
    ROADBLOCK = 29
    STOCK_SET = 30


OUTCOMES: Final = ("detected", "deterred", "sprung", "let pass", "stopped")
"""What came of a party's meeting with an ambush, or (``stopped``) with a roadblock, by code."""

ROADBLOCK: Final = 3
"""The kind of a roadblock among encounters; ambushes, mines and imposed attacks have those of `sim.world.tape`."""

TOWNS: Final = (
    *("day", "town", "product", "stock", "station_stock", "cover", "consumer", "sold", "wanted", "given_up"),
    *("burned", "need", "queue_hours", "open_share", "open_any", "price_index", "power_hours"),
)
"""A town and product on a day, days first, then towns, then products; volumes in m3, hours, shares."""
FLOWS: Final = (
    *("day", "corridor", "ordered", "loaded", "departed", "escorted", "arrived", "lost"),
    *("waiting_order", "waiting_loading", "waiting_closed", "waiting_refusal", "waiting_escort", "waiting_rule"),
    *("waiting_customs", "waiting_unloading", "short", "no_tanker", "no_crew", "willingness"),
)
"""A corridor on a day, days first: tankers, and tanker-days waiting by cause."""
CONVOYS: Final = (
    *("convoy", "corridor", "departed", "tankers", "escort", "lost", "arrived", "turned_back", "attacked", "days"),
    "short",
)
"""A convoy, in order of departure; ``departed`` in hours, ``days`` NaN while it is on the road, ``short`` the tankers
that a convoy on record lacks; its ``corridor`` is the one whose roads it drives."""
ENCOUNTERS: Final = (
    *("time", "convoy", "corridor", "road", "kind", "ordinal", "escort", "outcome", "size", "lost"),
    *("killed", "abducted", "knocked_out"),
)
"""A convoy's meeting with an ambush, in order of time; ``outcome`` is a place in OUTCOMES."""
USERS: Final = ("day", "user", "used", "need", "stock")
"""A large user on a day, days first, m3."""
STOCKS: Final = (
    *("day", "product", "depots", "stations", "users", "lots", "tankers", "inside"),
    *("entered", "sold", "used", "lost", "adjusted"),
)
"""A product of the whole country on a day, days first, m3: where it is at the day's end (``tankers`` are all laden
ones, ``inside`` those of them that are past their assembly point), what came, what went, and what was set by hand."""
IMPORTS: Final = ("day", "corridor", "product", "volume")
"""What cleared customs on a day, m3; days first, then corridors; none where nothing did."""
LOG: Final = ("time", "kind", "entity", "serial", "value")
"""An event: time (h), a Kind, the thing's entity and serial, and a number that goes with it."""

REALS: Final = {
    "towns": frozenset(TOWNS[3:]),
    "flows": frozenset((*FLOWS[8:16], "willingness")),
    "convoys": frozenset(("departed", "days")),
    "encounters": frozenset(("time",)),
    "users": frozenset(USERS[2:]),
    "stocks": frozenset(STOCKS[2:]),
    "imports": frozenset(("volume",)),
    "log": frozenset(("time", "value")),
}
"""Columns of each table that hold float64; the others hold int64."""


@dataclass
class Record:
    """The outcome of one replication.

    Parameters
    ----------
    plan
        The plan with the replication's parameters in it.
    towns, flows, convoys, encounters, users, imports, stocks, log
        Tables as columns, see the names above; the log is empty unless it was asked for.  Days and hours count from
        the scenario's start; what happened in the warm-up is left out.
    balance
        One entry a product: what there was, entered, went, and where the rest is at the end, m3.
    unit_hours
        Hours on duty of each escort pool.
    missing
        Tankers that each convoy on record, in order of name, lacked when it should have left; all of them if nobody
        was there.
    ambushes_laid, ambushes_met
        How many ambushes were laid, and how many of them a party reached.
    events
        How many events the engine handled, for benchmarks; engines differ in it.
    """

    plan: Plan
    towns: Columns
    flows: Columns
    convoys: Columns
    encounters: Columns
    users: Columns
    imports: Columns
    stocks: Columns
    log: Columns = field(default_factory=dict)
    balance: list[dict[str, float]] = field(default_factory=list)
    unit_hours: list[float] = field(default_factory=list)
    missing: list[int] = field(default_factory=list)
    ambushes_laid: int = 0
    ambushes_met: int = 0
    events: int = 0
