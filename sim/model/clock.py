"""SimPy's clock with a declared order of simultaneous events: (time, rank, entity)."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappush
from typing import TYPE_CHECKING, Any

from simpy import Environment
from simpy.events import Event

if TYPE_CHECKING:
    from sim.rules.order import Rank


class Due(Event):
    """An event that is bound to happen at a time."""

    def __init__(self, env: Clock, time: float, priority: int) -> None:
        self.env = env
        self.callbacks = []
        self._value = None
        self._ok = True
        self._defused = False
        place: Any = (time, priority, next(env._eid), self)
        heappush(env._queue, place)


class Clock(Environment):
    """An environment whose events are due at absolute times, in order of (time, rank, entity).

    SimPy adds delays to the present; absolute times keep the sums of the rules, to the bit.
    """

    @property
    def events(self) -> int:
        """Number of events scheduled so far, for benchmarks; to be read once, at the end."""
        return next(self._eid)

    def at(self, time: float, rank: Rank, entity: int = 0) -> Due:
        """Return an event due at a time (h); ``entity`` below 2**64 orders events of one rank."""
        return Due(self, time, rank << 64 | entity)

    def call(self, time: float, rank: Rank, entity: int, function: Callable[[Any], None]) -> None:
        """Have a function called at a time (h), without a process."""
        event = Due(self, time, rank << 64 | entity)
        event.callbacks.append(function)


class Tally:
    """How many there are of something, and the integral of that number over time."""

    __slots__ = ("count", "last", "total")

    def __init__(self) -> None:
        self.count = 0
        self.total = 0.0
        self.last = 0.0

    def add(self, time: float, change: int) -> None:
        """Change the number at a time."""
        self.total += self.count * (time - self.last)
        self.last = time
        self.count += change

    def take(self, time: float) -> float:
        """Return the integral since the last call, in units of count times hours."""
        self.add(time, 0)
        total = self.total
        self.total = 0.0
        return total
