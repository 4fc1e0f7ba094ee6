"""The event log: what happened, when, to which thing."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple


class Kind(IntEnum):
    """What happened."""

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


class Entry(NamedTuple):
    """One line of the log: time (h), what, the thing's entity and serial, and a number that goes with it."""

    time: float
    kind: Kind
    entity: int
    serial: int
    value: float


class Log:
    """Collects entries, or nothing when off."""

    __slots__ = ("entries", "on")

    def __init__(self, on: bool) -> None:
        self.on = on
        self.entries: list[Entry] = []

    def add(self, time: float, kind: Kind, entity: int, serial: int = 0, value: float = 0.0) -> None:
        """Write an entry if the log is on."""
        if self.on:
            self.entries.append(Entry(time, kind, entity, serial, value))
