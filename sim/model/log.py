"""The event log: what happened, when, to which thing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sim.record import Kind


class Entry(NamedTuple):
    """One line of the log: time (h), what, the thing's entity and serial, and a number that goes with it."""

    time: float
    kind: Kind
    entity: int
    serial: int
    value: float


class Log:
    """Collects entries from the scenario's start on, or nothing when off; ``begin`` is that start (h)."""

    __slots__ = ("begin", "entries", "on")

    def __init__(self, on: bool, begin: float = 0.0) -> None:
        self.on = on
        self.begin = begin
        self.entries: list[Entry] = []

    def add(self, time: float, kind: Kind, entity: int, serial: int = 0, value: float = 0.0) -> None:
        """Write an entry if the log is on; its time counts from the scenario's start."""
        if self.on and time >= self.begin:
            self.entries.append(Entry(time - self.begin, kind, entity, serial, value))
