"""Escort pools and their units."""

from __future__ import annotations

from sim.fast.compiled import Reals, Words, compiled, rule
from sim.fast.draws import uniform
from sim.fast.layout import FORCE, HEAD, KIND, LINE, POOL, STRATEGY, STREAM, UNIT
from sim.fast.memory import at, holds, index, new, note
from sim.fast.pointers import stretch
from sim.fast.sort import scratch
from sim.plan.sections import AIR, BY_SHARES, FOREIGN, NATIONAL
from sim.rules import escort, sharing, steps
from sim.rules.escort import OUT
from sim.world import occasions

day_of, whole = rule(steps.day_of), rule(steps.whole)
occasion_of, apportioned = rule(occasions.occasion_of), rule(sharing.apportioned)
duty_beyond, free_again = rule(escort.duty_beyond), rule(escort.free_again)


@compiled
def build_pool(f: Reals, n: Words, force: int, number: int) -> None:
    """Lay out a pool with as many units as it ever has."""
    plan = n[HEAD.escorts] + number * POOL.words
    n[force + FORCE.pool] = plan
    n[force + FORCE.number] = number
    n[force + FORCE.entity] = n[plan + POOL.entity]
    n[force + FORCE.component] = n[plan + POOL.component]
    first, count = n[plan + POOL.units], n[plan + POOL.units_count]
    most = whole(f[first + count])
    for k in range(1, count):
        most = max(most, whole(f[first + count + k]))
    n[force + FORCE.units_count] = most
    n[force + FORCE.units] = new(n, most * UNIT.words)
    for k in range(most):
        unit = n[force + FORCE.units] + k * UNIT.words
        n[unit + UNIT.pool] = force
        n[unit + UNIT.number] = k
        n[unit + UNIT.line] = -1


@compiled
def flies(f: Reals, n: Words, unit: int, day: int) -> bool:
    """Say whether an air unit flies on a day."""
    force = n[unit + UNIT.pool]
    mark = uniform(
        n, STREAM.FLIES, n[force + FORCE.entity], index(n[unit + UNIT.number], occasion_of(day, n[HEAD.warmup]))
    )
    return mark < f[n[force + FORCE.pool] + POOL.availability]


@compiled
def free_unit(f: Reals, n: Words, force: int, line: int, time: float, units: int, found: int) -> int:
    """Return the first unit of a pool, of those not found yet, that may leave with a corridor's convoy now, or 0."""
    day = day_of(time)
    plan = n[force + FORCE.pool]
    if not holds(n, plan + POOL.serves, n[line + LINE.number]):
        return 0
    there = whole(at(f, n, plan + POOL.units, time))
    if n[STRATEGY.allocation] == BY_SHARES and _out(f, n, force, line, time) >= _quota(f, n, plan, line, there):
        return 0
    for k in range(min(there, n[force + FORCE.units_count])):
        unit = n[force + FORCE.units] + k * UNIT.words
        ready = f[unit + UNIT.free_at] <= time and (n[force + FORCE.component] != AIR or flies(f, n, unit, day))
        if ready and not _is_among(n, unit, units, found):
            return unit
    return 0


@compiled
def _is_among(n: Words, unit: int, units: int, found: int) -> bool:
    k = 0
    while k < found and n[units + k] != unit:
        k += 1
    return k < found


@compiled
def _any_unit(f: Reals, n: Words, line: int, wanted: int, time: float, units: int, found: int) -> int:
    """Return a free unit, of those not found yet, of one of the wanted components, or 0."""
    for component in (NATIONAL, FOREIGN, AIR):
        for k in range(n[HEAD.escorts_count]):
            force = n[HEAD.forces] + k * FORCE.words
            if n[force + FORCE.component] & wanted & component != 0:
                unit = free_unit(f, n, force, line, time, units, found)
                if unit != 0:
                    return unit
    return 0


@compiled
def escorts_for(f: Reals, n: Words, line: int, must: int, count: int, time: float, units: int) -> int:
    """Write a free unit for each entry of what a convoy must have; return how many, -1 if one is lacking.

    An entry names the components between which the convoy may choose; no component is in two entries.
    """
    for k in range(count):
        unit = _any_unit(f, n, line, n[must + k], time, units, k)
        if unit == 0:
            return -1
        n[units + k] = unit
    return count


@compiled
def free_escorts(f: Reals, n: Words, line: int, wanted: int, time: float, units: int, found: int) -> int:
    """Write a free unit of each wanted component of which none is found yet; return how many there are then."""
    for k in range(found):
        wanted &= ~n[n[n[units + k] + UNIT.pool] + FORCE.component]
    for component in (NATIONAL, FOREIGN, AIR):
        unit = _any_unit(f, n, line, wanted & component, time, units, found) if wanted & component != 0 else 0
        if unit != 0:
            n[units + found] = unit
            found += 1
    return found


@compiled
def leave(f: Reals, n: Words, unit: int, line: int, time: float) -> None:
    """Send a unit with a convoy."""
    f[unit + UNIT.free_at] = OUT
    f[unit + UNIT.left_at] = time
    n[unit + UNIT.line] = n[line + LINE.number]
    n[unit + UNIT.fought] = 0
    note(f, n, time, KIND.UNIT_OUT, n[n[unit + UNIT.pool] + FORCE.entity], n[unit + UNIT.number], 0.0)


@compiled
def come_back(f: Reals, n: Words, unit: int, time: float, back: float, cycle: float) -> None:
    """Note that a unit's convoy ended; a ground unit is at its base ``back`` hours later, then rests."""
    force = n[unit + UNIT.pool]
    plan = n[force + FORCE.pool]
    f[unit + UNIT.home_at] = time + back
    f[force + FORCE.duty] += f[unit + UNIT.home_at] - f[unit + UNIT.left_at]
    f[unit + UNIT.free_at] = free_again(
        n[force + FORCE.component],
        f[unit + UNIT.home_at],
        f[plan + POOL.rest],
        cycle,
        f[plan + POOL.refit],
        n[unit + UNIT.fought] != 0,
    )
    back_at = f[unit + UNIT.free_at] - f[HEAD.begin]
    note(f, n, time, KIND.UNIT_BACK, n[force + FORCE.entity], n[unit + UNIT.number], back_at)


@compiled
def knock_out(f: Reals, n: Words, unit: int, time: float) -> None:
    """Lose a unit until it is rebuilt."""
    force = n[unit + UNIT.pool]
    f[unit + UNIT.home_at] = time
    f[force + FORCE.duty] += time - f[unit + UNIT.left_at]
    f[unit + UNIT.free_at] = time + f[n[force + FORCE.pool] + POOL.rebuilt]
    back_at = f[unit + UNIT.free_at] - f[HEAD.begin]
    note(f, n, time, KIND.UNIT_BACK, n[force + FORCE.entity], n[unit + UNIT.number], back_at)


@compiled
def duty_until(f: Reals, n: Words, force: int, time: float) -> float:
    """Return unit-hours on duty to a time, those still out included."""
    hours = f[force + FORCE.duty]
    for k in range(n[force + FORCE.units_count]):
        unit = n[force + FORCE.units] + k * UNIT.words
        hours += duty_beyond(f[unit + UNIT.free_at], f[unit + UNIT.left_at], f[unit + UNIT.home_at], time)
    return hours


@compiled
def _out(f: Reals, n: Words, force: int, line: int, time: float) -> int:
    out = 0
    for k in range(n[force + FORCE.units_count]):
        unit = n[force + FORCE.units] + k * UNIT.words
        if f[unit + UNIT.free_at] > time and n[unit + UNIT.line] == n[line + LINE.number]:
            out += 1
    return out


@compiled
def _quota(f: Reals, n: Words, plan: int, line: int, there: int) -> int:
    """Return the units of a pool that a corridor may have out: its share by the weights of those that it serves."""
    corridors = n[HEAD.corridors_count]
    weights = scratch(n, corridors)
    for c in range(corridors):
        f[weights + c] = f[n[STRATEGY.weight] + c] if holds(n, plan + POOL.serves, c) else 0.0
    return apportioned(there, stretch(f, weights, corridors), n[line + LINE.number])
