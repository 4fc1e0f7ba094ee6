"""Escort pools and their units."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.fast.compiled import compiled, rule
from sim.fast.draws import uniform
from sim.fast.layout import KIND, STREAM
from sim.fast.lowering import thing
from sim.fast.memory import at, index, new, note
from sim.fast.records import Record
from sim.plan.sections import AIR, BY_SHARES, FOREIGN, NATIONAL
from sim.rules import steps
from sim.world import occasions

if TYPE_CHECKING:
    from sim.fast.corridor import Corridor
    from sim.fast.layout import Country
    from sim.fast.records import Many, Row
    from sim.plan.sections import Ints

day_of, whole = rule(steps.day_of), rule(steps.whole)
occasion_of = rule(occasions.occasion_of)
OUT = math.inf


class Unit(Record):
    """An escort unit; ``corridor`` is the one it left with last."""

    pool: Pool
    number: int
    free_at: float
    left_at: float
    home_at: float
    corridor: int
    fought: bool


class Pool(Record):
    """An escort pool."""

    number: int
    entity: int
    component: int
    units: Many[Unit]
    duty: float


@compiled
def build_pool(country: Country, number: int) -> None:
    """Lay out a pool with as many units as it ever has."""
    plan, pool = country.plan.escorts, country.pools[number]
    pool.number = number
    pool.entity = plan.entity[number]
    pool.component = plan.component[number]
    most = whole(plan.units[number].values[0])
    for count in plan.units[number].values:
        most = max(most, whole(count))
    pool.units = new(Unit, country, most)
    for k in range(most):
        unit = pool.units[k]
        unit.pool = pool
        unit.number = k
        unit.corridor = -1


@compiled
def flies(unit: Unit, day: int) -> bool:
    """Say whether an air unit flies on a day."""
    country, pool = unit.country, unit.pool
    mark = index(unit.number, occasion_of(day, country.plan.warmup))
    return uniform(country, STREAM.FLIES, pool.entity, mark) < country.plan.escorts.availability[pool.number]


@compiled
def free_unit(pool: Pool, corridor: Corridor, time: float, taken: Row[Unit], count: int) -> Unit:
    """Return the first unit, of those not taken yet, that may leave with a corridor's convoy now, or nothing."""
    day, plan = day_of(time), pool.country.plan
    nobody = thing(Unit, pool, 0)
    if corridor.number not in plan.escorts.serves[pool.number]:
        return nobody
    there = whole(at(plan.escorts.units[pool.number], time))
    if plan.strategy.allocation == BY_SHARES and _out(pool, corridor, time) >= _quota(pool, corridor, there):
        return nobody
    for k in range(min(there, len(pool.units))):
        unit = pool.units[k]
        ready = unit.free_at <= time and (pool.component != AIR or flies(unit, day))
        if ready and not _is_among(unit, taken, count):
            return unit
    return nobody


@compiled
def _is_among(unit: Unit, taken: Row[Unit], count: int) -> bool:
    k = 0
    while k < count and taken[k] != unit:
        k += 1
    return k < count


@compiled
def _any_unit(corridor: Corridor, wanted: int, time: float, taken: Row[Unit], count: int) -> Unit:
    """Return a free unit, of those not taken yet, of one of the wanted components, or nothing."""
    for component in (NATIONAL, FOREIGN, AIR):
        for pool in corridor.country.pools:
            if pool.component & wanted & component != 0:
                unit = free_unit(pool, corridor, time, taken, count)
                if unit:
                    return unit
    return thing(Unit, corridor, 0)


@compiled
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


@compiled
def free_escorts(corridor: Corridor, wanted: int, time: float, units: Row[Unit], count: int) -> int:
    """Write a free unit of each wanted component of which none is taken yet; return how many there are then."""
    for k in range(count):
        wanted &= ~units[k].pool.component
    for component in (NATIONAL, FOREIGN, AIR):
        if wanted & component != 0:
            unit = _any_unit(corridor, wanted & component, time, units, count)
            if unit:
                units[count] = unit
                count += 1
    return count


@compiled
def leave(unit: Unit, corridor: Corridor, time: float) -> None:
    """Send a unit with a convoy."""
    unit.free_at = OUT
    unit.left_at = time
    unit.corridor = corridor.number
    unit.fought = False
    note(unit.country, time, KIND.UNIT_OUT, unit.pool.entity, unit.number, 0.0)


@compiled
def come_back(unit: Unit, time: float, back: float, cycle: float) -> None:
    """Note that a unit's convoy ended; a ground unit is at its base ``back`` hours later, then rests."""
    pool, plan = unit.pool, unit.country.plan.escorts
    unit.home_at = time + back
    pool.duty += unit.home_at - unit.left_at
    unit.free_at = time + back
    if pool.component != AIR:
        unit.free_at += plan.rest[pool.number] * cycle
        if unit.fought:
            unit.free_at += plan.refit[pool.number]
    _note_back(unit, time)


@compiled
def knock_out(unit: Unit, time: float) -> None:
    """Lose a unit until it is rebuilt."""
    pool = unit.pool
    unit.home_at = time
    pool.duty += time - unit.left_at
    unit.free_at = time + unit.country.plan.escorts.rebuilt[pool.number]
    _note_back(unit, time)


@compiled
def _note_back(unit: Unit, time: float) -> None:
    country = unit.country
    note(country, time, KIND.UNIT_BACK, unit.pool.entity, unit.number, unit.free_at - country.begin)


@compiled
def duty_until(pool: Pool, time: float) -> float:
    """Return unit-hours on duty to a time, those still out included."""
    hours = pool.duty
    for unit in pool.units:
        if unit.free_at == OUT:
            hours += time - unit.left_at
        elif unit.home_at > time:
            hours -= unit.home_at - time
    return hours


@compiled
def _out(pool: Pool, corridor: Corridor, time: float) -> int:
    out = 0
    for unit in pool.units:
        if unit.free_at > time and unit.corridor == corridor.number:
            out += 1
    return out


@compiled
def _quota(pool: Pool, corridor: Corridor, there: int) -> int:
    """Return the units of a pool that a corridor may have out: its share, largest remainders first."""
    plan = pool.country.plan
    serves, weight = plan.escorts.serves[pool.number], plan.strategy.weight
    corridors = len(pool.country.corridors)
    whole_weight = 0.0
    for c in range(corridors):
        if c in serves:
            whole_weight += weight[c]
    if whole_weight <= 0.0:
        return 0
    mine = corridor.number
    rest = there
    quota = 0
    behind = 0.0
    for c in range(corridors):
        if c in serves:
            exact = there * weight[c] / whole_weight
            rest -= int(exact)
            if c == mine:
                quota = int(exact)
                behind = quota - exact
    before = 0
    for c in range(corridors):
        if c != mine and c in serves:
            exact = there * weight[c] / whole_weight
            other = int(exact) - exact
            if other < behind or (other == behind and c < mine):
                before += 1
    return quota + 1 if before < rest else quota
