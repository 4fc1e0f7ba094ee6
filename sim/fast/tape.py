"""The ambush tape of a replication, as `sim.world.tape` unrolls it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.errors import WorldError
from sim.fast.adaptation import length_of
from sim.fast.compiled import compile_all
from sim.fast.draws import uniform
from sim.fast.layout import STREAM
from sim.fast.lowering import many, part
from sim.fast.memory import heed, index, new, new_row
from sim.fast.records import Record, floats, ints
from sim.world.keys import HALF_WORD
from sim.world.tape import AMBUSH, IMPOSED, MINE

if TYPE_CHECKING:
    from sim.fast.layout import Country
    from sim.fast.records import Row


class Candidate(Record):
    """A candidate of the tape; ``armed`` is one more than the convoys that have reached it, 0 while it is not laid."""

    met: bool
    time, place, end, height, smallest, lost = floats(6)
    entity, serial, kind, zone, road, armed = ints(6)


class OnRoad(Record):
    """The candidates of a road, in order."""

    candidates: Row[Candidate]


def unroll(country: Country) -> None:
    """Draw the candidates of a replication, in order of (time, entity, serial)."""
    attacks, zones, begin = country.plan.attacks, country.plan.zones, country.begin
    first = country.free
    if attacks.drawn:
        for z in range(len(zones.entity)):
            _unroll_zone(country, z, AMBUSH)
            mined = False
            for mines in zones.mines[z].values:
                mined = mined or mines > 0.0
            if mined:
                _unroll_zone(country, z, MINE)
    for k in range(len(attacks.imposed_entity)):
        time, window = attacks.imposed_at[k], attacks.imposed_window[k]
        if time + window <= begin:
            continue
        candidate = new(Candidate, country, 1)[0]
        candidate.time = max(time, begin)
        candidate.entity = attacks.imposed_entity[k]
        candidate.kind = IMPOSED
        candidate.road = attacks.imposed_road[k]
        candidate.zone = country.plan.roads.zone[candidate.road]
        candidate.place = 0.5
        candidate.end = time + window
        candidate.smallest = attacks.imposed_smallest[k]
        candidate.lost = attacks.imposed_lost[k]
    count = (country.free - first) // Candidate.words
    country.tape = new_row(Candidate, country, count)
    lists = new_row(Candidate, country, count)
    for k in range(count):
        candidate = many(Candidate, country, first, count)[k]
        country.longest = max(country.longest, candidate.end - candidate.time)
        country.tape[k] = candidate
    _put_in_order(country, country.tape, lists)
    _sort_by_road(country, lists)


def _put_in_order(country: Country, tape: Row[Candidate], spare: Row[Candidate]) -> None:
    """Merge the candidates, which come zone by zone and in order within each, by way of as many spare words."""
    count, width = len(tape), 1
    while width < count:
        for first in range(0, count, 2 * width):
            heed(country)
            _merge(tape, spare, first, min(first + width, count), min(first + 2 * width, count))
        width *= 2


def _merge(tape: Row[Candidate], spare: Row[Candidate], first: int, middle: int, last: int) -> None:
    if middle >= last or not _before(tape[middle], tape[middle - 1]):
        return
    left, right = first, middle
    for k in range(first, last):
        if right >= last or (left < middle and not _before(tape[right], tape[left])):
            spare[k] = tape[left]
            left += 1
        else:
            spare[k] = tape[right]
            right += 1
    for k in range(first, last):
        tape[k] = spare[k]


def _sort_by_road(country: Country, lists: Row[Candidate]) -> None:
    """List the candidates of each road, in order: first how many each has, then which."""
    roads = len(country.plan.roads.length)
    country.by_road = new(OnRoad, country, roads)
    counts = new_row(int, country, roads)
    for candidate in country.tape:
        counts[candidate.road] += 1
    first = 0
    for road in range(roads):
        country.by_road[road].candidates = part(lists, first, 0)
        first += counts[road]
    for candidate in country.tape:
        on_road = country.by_road[candidate.road]
        count = len(on_road.candidates)
        on_road.candidates = part(on_road.candidates, 0, count + 1)
        on_road.candidates[count] = candidate


def _before(candidate: Candidate, other: Candidate) -> bool:
    return (candidate.time, candidate.entity, candidate.serial) < (other.time, other.entity, other.serial)


def _unroll_zone(country: Country, zone: int, kind: int) -> None:
    attacks, zones = country.plan.attacks, country.plan.zones
    if kind == AMBUSH:
        gap, height, which = STREAM.AMBUSH_GAP, STREAM.AMBUSH_HEIGHT, STREAM.AMBUSH_ROAD
        place, life = STREAM.AMBUSH_PLACE, STREAM.AMBUSH_LIFE
        entity, lifetime = zones.entity[zone], attacks.lifetime
    else:
        gap, height, which = STREAM.MINE_GAP, STREAM.MINE_HEIGHT, STREAM.MINE_ROAD
        place, life = STREAM.MINE_PLACE, STREAM.MINE_LIFE
        entity, lifetime = zones.mine_entity[zone], attacks.mine_lifetime
    roads, ceiling = zones.roads[zone], zones.ceiling[zone]
    if ceiling <= 0.0 or len(roads) == 0:
        return
    whole = length_of(country, roads)
    horizon = country.plan.days * 24.0
    # Times since the scenario's start, so that they do not change with the warm-up.
    begin, time = country.begin, 0.0
    for serial in range(HALF_WORD):
        mark = index(serial, 0)
        time += -math.log1p(-uniform(country, gap, entity, mark)) / ceiling
        if time >= horizon:
            return
        heed(country)
        along = uniform(country, which, entity, mark) * whole
        for road in roads:
            if along < country.plan.roads.length[road]:
                break
            along -= country.plan.roads.length[road]
        candidate = new(Candidate, country, 1)[0]
        candidate.time = begin + time
        candidate.entity = entity
        candidate.serial = serial
        candidate.kind = kind
        candidate.zone = zone
        candidate.road = road
        end = time - lifetime * math.log1p(-uniform(country, life, entity, mark))
        candidate.end = begin + end
        candidate.place = uniform(country, place, entity, mark)
        candidate.height = uniform(country, height, entity, mark)
        candidate.smallest = 1.0
        candidate.lost = -1.0
    raise WorldError("a zone has too many candidates; lower its ceiling")


compile_all(globals())
