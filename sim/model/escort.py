"""Escort pools and their units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.plan.sections import AIR, BY_SHARES
from sim.record import Kind
from sim.rules.steps import at, total, whole
from sim.world.keys import Stream, index
from sim.world.occasions import occasion_of

if TYPE_CHECKING:
    from sim.model.log import Log
    from sim.plan.plan import Plan
    from sim.world.keys import Draws

OUT = float("inf")


class Unit:
    """One unit of a pool; ``free_at`` is infinite while it is out with a convoy."""

    __slots__ = ("corridor", "fought", "free_at", "home_at", "left_at", "number", "pool")

    def __init__(self, pool: Pool, number: int) -> None:
        self.pool = pool
        self.number = number
        self.free_at = 0.0
        self.left_at = self.home_at = 0.0
        self.corridor = -1
        self.fought = False


class Pool:
    """Units of one component, by date."""

    def __init__(self, log: Log, plan: Plan, draws: Draws, number: int) -> None:
        escorts = plan.escorts
        self.log, self.plan, self.draws, self.number = log, plan, draws, number
        self.entity = escorts.entity[number]
        self.component = escorts.component[number]
        self.serves = frozenset(escorts.serves[number])
        self.steps = escorts.units[number]
        self.units = [Unit(self, k) for k in range(max(whole(value) for value in self.steps.values))]
        self.duty = 0.0
        self._weights = plan.strategy.weight if plan.strategy.allocation == BY_SHARES else None
        self._flies: dict[int, float] = {}

    def free_unit(self, corridor: int, time: float, day: int, taken: list[Unit]) -> Unit | None:
        """Return the first unit, of those not taken already, that may leave with a convoy of a corridor now."""
        if corridor not in self.serves:
            return None
        there = whole(at(*self.steps, time))
        if self._weights is not None and self._out(corridor, time) >= self._quota(corridor, there):
            return None
        for unit in self.units[:there]:
            ready = unit.free_at <= time and (self.component != AIR or self.flies(unit, day))
            if ready and unit not in taken:
                return unit
        return None

    def flies(self, unit: Unit, day: int) -> bool:
        """Say whether an air unit flies on a day."""
        key = index(unit.number, occasion_of(day, self.plan.warmup))
        mark = self._flies.get(key)
        if mark is None:
            mark = self._flies[key] = self.draws.uniform(Stream.FLIES, self.entity, key)
        return mark < self.plan.escorts.availability[self.number]

    def leave(self, unit: Unit, corridor: int, time: float) -> None:
        """Send a unit with a convoy."""
        unit.free_at, unit.left_at, unit.corridor, unit.fought = OUT, time, corridor, False
        self.log.add(time, Kind.UNIT_OUT, self.entity, unit.number)

    def come_back(self, unit: Unit, time: float, back: float, cycle: float) -> None:
        """Note that a unit's convoy ended; a ground unit is at its base ``back`` hours later, then rests."""
        escorts, k = self.plan.escorts, self.number
        unit.home_at = time + back
        self.duty += unit.home_at - unit.left_at
        unit.free_at = time + back
        if self.component != AIR:
            unit.free_at += escorts.rest[k] * cycle
            if unit.fought:
                unit.free_at += escorts.refit[k]
        self.log.add(time, Kind.UNIT_BACK, self.entity, unit.number, unit.free_at - self.plan.begin)

    def knock_out(self, unit: Unit, time: float) -> None:
        """Lose a unit until it is rebuilt."""
        unit.home_at = time
        self.duty += time - unit.left_at
        unit.free_at = time + self.plan.escorts.rebuilt[self.number]
        self.log.add(time, Kind.UNIT_BACK, self.entity, unit.number, unit.free_at - self.plan.begin)

    def duty_until(self, time: float) -> float:
        """Return unit-hours on duty to a time, those still out included."""
        hours = self.duty
        for unit in self.units:
            if unit.free_at == OUT:
                hours += time - unit.left_at
            elif unit.home_at > time:
                hours -= unit.home_at - time
        return hours

    def _out(self, corridor: int, time: float) -> int:
        return len([unit for unit in self.units if unit.free_at > time and unit.corridor == corridor])

    def _quota(self, corridor: int, there: int) -> int:
        """Return the units of a pool that a corridor may have out: its share, largest remainders first."""
        weights = self._weights or ()
        whole_weight = total(weights[c] for c in sorted(self.serves))
        if whole_weight <= 0.0:
            return 0
        exact = {c: there * weights[c] / whole_weight for c in sorted(self.serves)}
        quota = {c: int(value) for c, value in exact.items()}
        rest = there - total(quota.values())
        for c in sorted(exact, key=lambda c: (quota[c] - exact[c], c))[:rest]:
            quota[c] += 1
        return quota[corridor]
