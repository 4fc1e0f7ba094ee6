"""Escort pools and their units."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.plan.sections import BY_SHARES
from sim.record import Kind
from sim.rules.escort import OUT, duty_beyond, free_again
from sim.rules.sharing import apportioned
from sim.rules.steps import at, day_of, whole
from sim.world.keys import Stream, index
from sim.world.occasions import occasion_of

if TYPE_CHECKING:
    from sim.model.world import World


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

    def __init__(self, world: World, number: int) -> None:
        plan, escorts = world.plan, world.plan.escorts
        self.world, self.plan, self.number = world, plan, number
        self.entity = escorts.entity[number]
        self.component = escorts.component[number]
        self.ground = self.component & plan.protection.ground != 0
        self.serves = frozenset(escorts.serves[number])
        self.steps = escorts.units[number]
        self.units = [Unit(self, k) for k in range(max(whole(value) for value in self.steps.values))]
        self.duty = 0.0
        self._by_shares = plan.strategy.allocation == BY_SHARES
        self._weights = [weight if c in self.serves else 0.0 for c, weight in enumerate(plan.strategy.weight)]
        self._flies: dict[int, float] = {}

    def free_unit(self, corridor: int, time: float, day: int, taken: list[Unit]) -> Unit | None:
        """Return the first unit, of those not taken already, that may leave with a convoy of a corridor now."""
        if corridor not in self.serves:
            return None
        there = whole(at(*self.steps, time))
        if self._by_shares and self._out(corridor, time) >= apportioned(there, self._weights, corridor):
            return None
        for unit in self.units[:there]:
            ready = unit.free_at <= time and (self.ground or self.flies(unit, day))
            if ready and unit not in taken:
                return unit
        return None

    def flies(self, unit: Unit, day: int) -> bool:
        """Say whether an air unit flies on a day."""
        key = index(unit.number, occasion_of(day, self.plan.warmup))
        mark = self._flies.get(key)
        if mark is None:
            mark = self._flies[key] = self.world.draws.uniform(Stream.FLIES, self.entity, key)
        return mark < self.plan.escorts.availability[self.number]

    def leave(self, unit: Unit, corridor: int, time: float) -> None:
        """Send a unit with a convoy."""
        unit.free_at, unit.left_at, unit.corridor, unit.fought = OUT, time, corridor, False
        self.world.log.add(time, Kind.UNIT_OUT, self.entity, unit.number)

    def come_back(self, unit: Unit, time: float, back: float, cycle: float) -> None:
        """Note that a unit's convoy ended; a ground unit is at its base ``back`` hours later, then rests."""
        escorts, k = self.plan.escorts, self.number
        unit.home_at = time + back
        self.duty += unit.home_at - unit.left_at
        unit.free_at = free_again(self.ground, unit.home_at, escorts.rest[k], cycle, escorts.refit[k], unit.fought)
        self.world.log.add(time, Kind.UNIT_BACK, self.entity, unit.number, unit.free_at - self.plan.begin)

    def knock_out(self, unit: Unit, time: float) -> None:
        """Lose a unit until it is rebuilt."""
        unit.home_at = time
        self.duty += time - unit.left_at
        unit.free_at = time + self.plan.escorts.rebuilt[self.number]
        self.world.log.add(time, Kind.UNIT_BACK, self.entity, unit.number, unit.free_at - self.plan.begin)

    def duty_until(self, time: float) -> float:
        """Return unit-hours on duty to a time, those still out included."""
        hours = self.duty
        for unit in self.units:
            hours += duty_beyond(unit.free_at, unit.left_at, unit.home_at, time)
        return hours

    def _out(self, corridor: int, time: float) -> int:
        return len([unit for unit in self.units if unit.free_at > time and unit.corridor == corridor])


def escorts_for(pools: Sequence[Pool], corridor: int, must: tuple[int, ...], time: float) -> list[Unit] | None:
    """Return a free unit for each entry of what a convoy must have, or None if one is lacking.

    An entry names the components between which the convoy may choose; no component is in two entries.
    """
    units: list[Unit] = []
    for wanted in must:
        unit = _any_unit(pools, corridor, wanted, time, units)
        if unit is None:
            return None
        units.append(unit)
    return units


def free_escorts(pools: Sequence[Pool], corridor: int, wanted: int, time: float, taken: list[Unit]) -> list[Unit]:
    """Return a free unit of each wanted component of which none is taken yet."""
    there = {unit.pool.component for unit in taken}
    components = sorted({pool.component for pool in pools if pool.component & wanted} - there)
    units = [_any_unit(pools, corridor, component, time, taken) for component in components]
    return [unit for unit in units if unit is not None]


def _any_unit(pools: Sequence[Pool], corridor: int, wanted: int, time: float, taken: list[Unit]) -> Unit | None:
    """Return a free unit of one of the wanted components: national before foreign before air before others."""
    for pool in sorted(pools, key=lambda pool: pool.component):
        if pool.component & wanted:
            unit = pool.free_unit(corridor, time, day_of(time), taken)
            if unit is not None:
                return unit
    return None
