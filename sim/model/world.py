"""What all things of a replication share: clock, event log, rows, plan, draws, ambush tape and totals.

It knows none of them: they act, it keeps count.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from heapq import heappush
from typing import Any, NamedTuple

from simpy import Environment
from simpy.events import Event

from sim.plan.plan import Plan
from sim.record import Kind
from sim.rules.order import Rank
from sim.rules.steps import day_of
from sim.world.keys import Draws
from sim.world.nature import day_factors
from sim.world.tape import unroll

Row = tuple[Any, ...]


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


class World:
    """The passive world of a replication.

    ``rows`` are tuples in the order of the columns that `sim.record` names, by table; ``entered`` and ``gone`` what was
    loaded abroad and lost, m3 by product; ``bound`` the tankers on their way, by town and product; ``imports`` the
    day's, m3 by corridor and product.
    """

    def __init__(self, plan: Plan, draws: Draws, log: bool = False) -> None:
        self.plan, self.draws = plan, draws
        self.clock, self.log = Clock(), Log(log, plan.begin)
        self.tape = unroll(plan, draws)
        self._factors = day_factors(plan, draws)
        tables = ("towns", "flows", "encounters", "users", "imports", "stocks")
        self.rows: dict[str, list[Row]] = {table: [] for table in tables}
        products = range(len(plan.products.name))
        self.entered, self.gone = [0.0 for _ in products], [0.0 for _ in products]
        self.bound = [[0 for _ in products] for _ in plan.towns.name]
        self.imports: dict[tuple[int, int], float] = {}
        self.last_news = -math.inf

    def note(self, kind: Kind, entity: int, serial: int = 0, value: float = 0.0) -> None:
        """Write what happens now into the log."""
        self.log.add(self.clock.now, kind, entity, serial, value)

    def factor(self, road: int, time: float) -> float:
        """Return the factor on the pace of a road at a time; the last day's holds beyond the end."""
        days = self._factors[road]
        day = day_of(time)
        return days[day] if day < len(days) else days[-1]

    def count_import(self, corridor: int, product: int, volume: float) -> None:
        """Count what comes into the country today, m3."""
        key = (corridor, product)
        self.imports[key] = self.imports.get(key, 0.0) + volume
