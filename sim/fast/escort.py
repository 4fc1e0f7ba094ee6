"""Escort pools and their units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.fast.compiled import compile_all
from sim.fast.draws import uniform
from sim.fast.layout import KIND, STREAM
from sim.fast.lowering import thing
from sim.fast.memory import at, index, new, new_row, note
from sim.fast.records import Record, floats, ints
from sim.fast.rules import escort, occasions, sharing, steps
from sim.plan.sections import BY_SHARES, Ints
from sim.rules.escort import OUT

if TYPE_CHECKING:
    from sim.fast.corridor import Corridor
    from sim.fast.layout import Country
    from sim.fast.records import Many, Row


class Unit(Record):
    """An escort unit; ``corridor`` is the one it left with last."""

    pool: Pool
    number: int
    corridor: int
    fought: bool
    free_at, left_at, home_at = floats(3)


class Pool(Record):
    """An escort pool."""

    units: Many[Unit]
    ground: bool
    duty: float
    number, entity, component = ints(3)


def build_pool(country: Country, number: int) -> None:
    """Lay out a pool with as many units as it ever has."""
    plan, pool = country.plan.escorts, country.pools[number]
    pool.number = number
    pool.entity = plan.entity[number]
    pool.component = plan.component[number]
    pool.ground = pool.component & country.plan.protection.ground != 0
    most = steps.whole(plan.units[number].values[0])
    for count in plan.units[number].values:
        most = max(most, steps.whole(count))
    pool.units = new(Unit, country, most)
    for k in range(most):
        unit = pool.units[k]
        unit.pool = pool
        unit.number = k
        unit.corridor = -1


def flies(unit: Unit, day: int) -> bool:
    """Say whether an air unit flies on a day."""
    country, pool = unit.country, unit.pool
    mark = index(unit.number, occasions.occasion_of(day, country.plan.warmup))
    return uniform(country, STREAM.FLIES, pool.entity, mark) < country.plan.escorts.availability[pool.number]


def free_unit(pool: Pool, corridor: Corridor, time: float, taken: Row[Unit], count: int) -> Unit:
    """Return the first unit, of those not taken yet, that may leave with a corridor's convoy now, or nothing."""
    day, plan = steps.day_of(time), pool.country.plan
    nobody = thing(Unit, pool, 0)
    if corridor.number not in plan.escorts.serves[pool.number]:
        return nobody
    there = steps.whole(at(plan.escorts.units[pool.number], time))
    if plan.strategy.allocation == BY_SHARES and _out(pool, corridor, time) >= _quota(pool, corridor, there):
        return nobody
    for k in range(min(there, len(pool.units))):
        unit = pool.units[k]
        ready = unit.free_at <= time and (pool.ground or flies(unit, day))
        if ready and not _is_among(unit, taken, count):
            return unit
    return nobody


def _is_among(unit: Unit, taken: Row[Unit], count: int) -> bool:
    k = 0
    while k < count and taken[k] != unit:
        k += 1
    return k < count


def _any_unit(corridor: Corridor, wanted: int, time: float, taken: Row[Unit], count: int) -> Unit:
    """Return a free unit, of those not taken yet, of one of the wanted components, or nothing."""
    for k in range(len(corridor.country.plan.protection.ratio)):
        for pool in corridor.country.pools:
            if pool.component & wanted & 1 << k != 0:
                unit = free_unit(pool, corridor, time, taken, count)
                if unit:
                    return unit
    return thing(Unit, corridor, 0)


def escorts_for(corridor: Corridor, must: Ints, time: float, units: Row[Unit]) -> int:
    """Write a free unit for each entry of what a convoy must have; return how many, -1 if one is lacking.

    An entry names the components between which the convoy may choose; no component is in two entries.
    """
    for k in range(len(must)):
        unit = _any_unit(corridor, must[k], time, units, k)
        if not unit:
            return -1
        units[k] = unit
    return len(must)


def free_escorts(corridor: Corridor, wanted: int, time: float, units: Row[Unit], count: int) -> int:
    """Write a free unit of each wanted component of which none is taken yet; return how many there are then."""
    for k in range(count):
        wanted &= ~units[k].pool.component
    for k in range(len(corridor.country.plan.protection.ratio)):
        if wanted & 1 << k != 0:
            unit = _any_unit(corridor, wanted & 1 << k, time, units, count)
            if unit:
                units[count] = unit
                count += 1
    return count


def leave(unit: Unit, corridor: Corridor, time: float) -> None:
    """Send a unit with a convoy."""
    unit.free_at = OUT
    unit.left_at = time
    unit.corridor = corridor.number
    unit.fought = False
    note(unit.country, time, KIND.UNIT_OUT, unit.pool.entity, unit.number, 0.0)


def come_back(unit: Unit, time: float, back: float, cycle: float) -> None:
    """Note that a unit's convoy ended; a ground unit is at its base ``back`` hours later, then rests."""
    pool, plan = unit.pool, unit.country.plan.escorts
    unit.home_at = time + back
    pool.duty += unit.home_at - unit.left_at
    rest, refit = plan.rest[pool.number], plan.refit[pool.number]
    unit.free_at = escort.free_again(pool.ground, unit.home_at, rest, cycle, refit, unit.fought)
    _note_back(unit, time)


def knock_out(unit: Unit, time: float) -> None:
    """Lose a unit until it is rebuilt."""
    pool = unit.pool
    unit.home_at = time
    pool.duty += time - unit.left_at
    unit.free_at = time + unit.country.plan.escorts.rebuilt[pool.number]
    _note_back(unit, time)


def _note_back(unit: Unit, time: float) -> None:
    country = unit.country
    note(country, time, KIND.UNIT_BACK, unit.pool.entity, unit.number, unit.free_at - country.begin)


def duty_until(pool: Pool, time: float) -> float:
    """Return unit-hours on duty to a time, those still out included."""
    hours = pool.duty
    for unit in pool.units:
        hours += escort.duty_beyond(unit.free_at, unit.left_at, unit.home_at, time)
    return hours


def _out(pool: Pool, corridor: Corridor, time: float) -> int:
    out = 0
    for unit in pool.units:
        if unit.free_at > time and unit.corridor == corridor.number:
            out += 1
    return out


def _quota(pool: Pool, corridor: Corridor, there: int) -> int:
    """Return the units of a pool that a corridor may have out: its share by the weights of those that it serves."""
    country, plan = pool.country, pool.country.plan
    free = country.free
    weights = new_row(float, country, len(country.corridors))
    for c in plan.escorts.serves[pool.number]:
        weights[c] = plan.strategy.weight[c]
    country.free = free
    return sharing.apportioned(there, weights, corridor.number)


compile_all(globals())
