"""The ambush tape of a replication, as `sim.world.tape` unrolls it."""

from __future__ import annotations

import math

from sim.errors import WorldError
from sim.fast.compiled import Reals, Words, compiled
from sim.fast.draws import uniform
from sim.fast.layout import ATTACKS, CANDIDATE, HEAD, ROAD, STREAM, ZONE
from sim.fast.memory import heed, index, new
from sim.world.keys import HALF_WORD
from sim.world.tape import AMBUSH, IMPOSED, MINE


@compiled
def unroll(f: Reals, n: Words) -> None:
    """Draw the candidates of a replication, in order of (time, entity, serial)."""
    first = n[HEAD.free]
    if n[ATTACKS.drawn] != 0:
        for z in range(n[HEAD.zones_count]):
            zone = n[HEAD.zones] + z * ZONE.words
            _unroll_zone(f, n, z, AMBUSH)
            mined = False
            for k in range(n[zone + ZONE.mines_count]):
                mined = mined or f[n[zone + ZONE.mines] + n[zone + ZONE.mines_count] + k] > 0.0
            if mined:
                _unroll_zone(f, n, z, MINE)
    begin = f[HEAD.begin]
    for k in range(n[ATTACKS.imposed_entity_count]):
        time = f[n[ATTACKS.imposed_at] + k]
        if time + f[n[ATTACKS.imposed_window] + k] <= begin:
            continue
        candidate = new(n, CANDIDATE.words)
        road = n[n[ATTACKS.imposed_road] + k]
        f[candidate + CANDIDATE.time] = max(time, begin)
        n[candidate + CANDIDATE.entity] = n[n[ATTACKS.imposed_entity] + k]
        n[candidate + CANDIDATE.kind] = IMPOSED
        n[candidate + CANDIDATE.zone] = n[n[HEAD.roads] + road * ROAD.words + ROAD.zone]
        n[candidate + CANDIDATE.road] = road
        f[candidate + CANDIDATE.place] = 0.5
        f[candidate + CANDIDATE.end] = time + f[n[ATTACKS.imposed_window] + k]
        f[candidate + CANDIDATE.smallest] = f[n[ATTACKS.imposed_smallest] + k]
        f[candidate + CANDIDATE.lost] = f[n[ATTACKS.imposed_lost] + k]
    count = (n[HEAD.free] - first) // CANDIDATE.words
    n[HEAD.tape] = new(n, count)
    n[HEAD.tape_count] = count
    n[HEAD.by_road] = new(n, 2 * n[HEAD.roads_count])
    lists = new(n, count)
    for k in range(count):
        candidate = first + k * CANDIDATE.words
        f[HEAD.longest] = max(f[HEAD.longest], f[candidate + CANDIDATE.end] - f[candidate + CANDIDATE.time])
        n[n[HEAD.tape] + k] = candidate
    _put_in_order(f, n, n[HEAD.tape], count, lists)
    _sort_by_road(n, lists)


@compiled
def _put_in_order(f: Reals, n: Words, tape: int, count: int, spare: int) -> None:
    """Merge the candidates, which come zone by zone and in order within each, by way of as many spare words."""
    width = 1
    while width < count:
        for first in range(0, count, 2 * width):
            heed(n)
            _merge(f, n, tape, spare, first, min(first + width, count), min(first + 2 * width, count))
        width *= 2


@compiled
def _merge(f: Reals, n: Words, tape: int, spare: int, first: int, middle: int, last: int) -> None:
    if middle >= last or not _before(f, n, n[tape + middle], n[tape + middle - 1]):
        return
    one, other = first, middle
    for k in range(first, last):
        if other >= last or (one < middle and not _before(f, n, n[tape + other], n[tape + one])):
            n[spare + k] = n[tape + one]
            one += 1
        else:
            n[spare + k] = n[tape + other]
            other += 1
    for k in range(first, last):
        n[tape + k] = n[spare + k]


@compiled
def _sort_by_road(n: Words, lists: int) -> None:
    """List the candidates of each road, in order: first how many each has, then which."""
    for k in range(n[HEAD.tape_count]):
        n[n[HEAD.by_road] + 2 * n[n[n[HEAD.tape] + k] + CANDIDATE.road] + 1] += 1
    for road in range(n[HEAD.roads_count]):
        listed = n[HEAD.by_road] + 2 * road
        n[listed] = lists
        lists += n[listed + 1]
        n[listed + 1] = 0
    for k in range(n[HEAD.tape_count]):
        candidate = n[n[HEAD.tape] + k]
        listed = n[HEAD.by_road] + 2 * n[candidate + CANDIDATE.road]
        n[n[listed] + n[listed + 1]] = candidate
        n[listed + 1] += 1


@compiled
def _before(f: Reals, n: Words, one: int, other: int) -> bool:
    if f[one + CANDIDATE.time] != f[other + CANDIDATE.time]:
        return f[one + CANDIDATE.time] < f[other + CANDIDATE.time]
    if n[one + CANDIDATE.entity] != n[other + CANDIDATE.entity]:
        return n[one + CANDIDATE.entity] < n[other + CANDIDATE.entity]
    return n[one + CANDIDATE.serial] < n[other + CANDIDATE.serial]


@compiled
def _unroll_zone(f: Reals, n: Words, number: int, kind: int) -> None:
    zone = n[HEAD.zones] + number * ZONE.words
    if kind == AMBUSH:
        gap, height, which = STREAM.AMBUSH_GAP, STREAM.AMBUSH_HEIGHT, STREAM.AMBUSH_ROAD
        place, life = STREAM.AMBUSH_PLACE, STREAM.AMBUSH_LIFE
        entity = n[zone + ZONE.entity]
    else:
        gap, height, which = STREAM.MINE_GAP, STREAM.MINE_HEIGHT, STREAM.MINE_ROAD
        place, life = STREAM.MINE_PLACE, STREAM.MINE_LIFE
        entity = n[zone + ZONE.mine_entity]
    lifetime = f[ATTACKS.lifetime] if kind == AMBUSH else f[ATTACKS.mine_lifetime]
    ceiling = f[zone + ZONE.ceiling]
    roads, count = n[zone + ZONE.roads], n[zone + ZONE.roads_count]
    if ceiling <= 0.0 or count == 0:
        return
    whole = 0.0
    for k in range(count):
        whole += f[n[HEAD.roads] + n[roads + k] * ROAD.words + ROAD.length]
    horizon = n[HEAD.days] * 24.0
    # Times since the scenario's start, so that they do not change with the warm-up.
    begin, time = f[HEAD.begin], 0.0
    for serial in range(HALF_WORD):
        mark = index(serial, 0)
        time += -math.log1p(-uniform(n, gap, entity, mark)) / ceiling
        if time >= horizon:
            return
        heed(n)
        along = uniform(n, which, entity, mark) * whole
        road = n[roads + count - 1]
        for k in range(count):
            length = f[n[HEAD.roads] + n[roads + k] * ROAD.words + ROAD.length]
            if along < length:
                road = n[roads + k]
                break
            along -= length
        candidate = new(n, CANDIDATE.words)
        f[candidate + CANDIDATE.time] = begin + time
        n[candidate + CANDIDATE.entity] = entity
        n[candidate + CANDIDATE.serial] = serial
        n[candidate + CANDIDATE.kind] = kind
        n[candidate + CANDIDATE.zone] = number
        n[candidate + CANDIDATE.road] = road
        end = time - lifetime * math.log1p(-uniform(n, life, entity, mark))
        f[candidate + CANDIDATE.end] = begin + end
        f[candidate + CANDIDATE.place] = uniform(n, place, entity, mark)
        f[candidate + CANDIDATE.height] = uniform(n, height, entity, mark)
        f[candidate + CANDIDATE.smallest] = 1.0
        f[candidate + CANDIDATE.lost] = -1.0
    raise WorldError("a zone has too many candidates; lower its ceiling")
