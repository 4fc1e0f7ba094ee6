"""A convoy on the road: ambushes, roadblocks, towns on the way, the end of the trip or the way back."""

from __future__ import annotations

import math

from sim.fast.adaptation import passes
from sim.fast.agenda import WHAT, due, event, soon
from sim.fast.ambush import meet, present
from sim.fast.assembly import stand_by
from sim.fast.compiled import Reals, Words, compiled, rule
from sim.fast.draws import uniform
from sim.fast.escort import come_back
from sim.fast.geography import peace_hours
from sim.fast.layout import (
    ADAPTIVE,
    CANDIDATE,
    CONVOY,
    CORRIDOR,
    DRIVING,
    EVENT,
    FLEET,
    FORCE,
    HEAD,
    KIND,
    LINE,
    RANK,
    ROAD,
    ROADBLOCKS,
    STREAM,
    TANKER,
    UNIT,
)
from sim.fast.memory import index, new, note
from sim.fast.roadblock import enter, leave_road, stop
from sim.fast.sort import count_below, put_in_order, scratch
from sim.plan.sections import AIR
from sim.rules import road, steps
from sim.rules.encounter import GROUND
from sim.rules.road import LONGEST_DELAY
from sim.world import occasions

arrival, day_of, progress = rule(road.arrival), rule(steps.day_of), rule(road.progress)
occasion_of = rule(occasions.occasion_of)
NEXT_ROAD, NEXT_STOP, MEET, ROAD_END, HOME = 0, 1, 2, 3, 4
"""Where a convoy's story goes on."""


@compiled
def hours_alone(f: Reals, n: Words, road: int, time: float) -> float:
    """Return the hours that a laden tanker without escort takes for a road that it enters at a time."""
    known = n[HEAD.alone] + road * (n[HEAD.until] + 1) + min(day_of(time), n[HEAD.until])
    if f[known] == 0.0:
        place = n[HEAD.roads] + road * ROAD.words
        pace = progress(f[place + ROAD.pace], f[FLEET.driving], 0.0, False, 1.0, _factor(f, n, road, time))
        f[known] = f[place + ROAD.length] / pace
    return f[known]


@compiled
def _factor(f: Reals, n: Words, road: int, time: float) -> float:
    """Return the factor on the pace of a road at a time; the last day's holds beyond the end."""
    day = occasion_of(min(day_of(time), n[HEAD.until]), n[HEAD.warmup])
    mark = uniform(n, STREAM.DAY_FACTOR, n[n[HEAD.roads] + road * ROAD.words + ROAD.entity], index(day, 0))
    return 1.0 + f[FLEET.day_factor] * (2.0 * mark - 1.0)


@compiled
def drive(f: Reals, n: Words, convoy: int, stage: int) -> None:
    """Drive the corridor's roads in turn, dropping tankers at the towns they are loaded for, up to the next event."""
    line = n[convoy + CONVOY.line]
    corridor = n[line + LINE.corridor]
    day_from, day_to = f[DRIVING.day_from], f[DRIVING.day_to]
    daylight = n[convoy + CONVOY.daylight] != 0
    if stage == HOME:
        _come_home(f, n, convoy)
        return
    while True:
        k = n[convoy + CONVOY.road]
        if stage == NEXT_ROAD:
            if k == n[corridor + CORRIDOR.roads_count]:
                return
            road = n[n[corridor + CORRIDOR.roads] + k]
            hours = _begin_road(f, n, convoy, road)
            time = f[convoy + CONVOY.time]
            if n[ADAPTIVE.on] != 0:
                middle = arrival(time, hours * 0.5, daylight, day_from, day_to)
                passes(f, n, road, n[convoy + CONVOY.count], present(f, n, convoy, middle), middle)
            f[convoy + CONVOY.end] = arrival(time, hours, daylight, day_from, day_to)
            _look_ahead(f, n, convoy, road)
            enter(f, n, convoy, road)
            stage = NEXT_STOP
        hours = f[convoy + CONVOY.hours]
        if stage == NEXT_STOP:
            stage = ROAD_END
            time = f[convoy + CONVOY.time]
            while _find_stop(f, n, convoy):
                candidate = n[convoy + CONVOY.met]
                on = hours * (f[convoy + CONVOY.stop] - f[convoy + CONVOY.place])
                reach = arrival(time, on, daylight, day_from, day_to)
                if candidate == 0 or f[candidate + CANDIDATE.time] <= reach < f[candidate + CANDIDATE.end]:
                    stage = MEET
                    f[convoy + CONVOY.reach] = reach
                    if reach > f[HEAD.now]:
                        _wait(f, n, convoy, reach, MEET)
                        return
                    break
            if stage == ROAD_END:
                leave_road(f, n, convoy)
                f[convoy + CONVOY.time] = f[convoy + CONVOY.end]
                if _drops_at(n, convoy, n[n[corridor + CORRIDOR.stops] + k]) and f[convoy + CONVOY.time] > f[HEAD.now]:
                    _wait(f, n, convoy, f[convoy + CONVOY.time], ROAD_END)
                    return
        if stage == MEET:
            candidate, place, time = n[convoy + CONVOY.met], f[convoy + CONVOY.stop], f[convoy + CONVOY.reach]
            f[convoy + CONVOY.place] = place
            if candidate != 0:
                time += meet(f, n, convoy, candidate)
            else:
                stop(f, n, convoy, n[n[corridor + CORRIDOR.roads] + k], time)
                time += f[ROADBLOCKS.delay]
            f[convoy + CONVOY.time] = time
            if n[convoy + CONVOY.count] == 0:
                _end(f, n, convoy, time, k, place)
                return
            if n[convoy + CONVOY.turned_back] != 0:
                _wait(f, n, convoy, time + (time - f[convoy + CONVOY.departed]), HOME)
                return
            f[convoy + CONVOY.end] = arrival(time, hours * (1.0 - place), daylight, day_from, day_to)
            stage = NEXT_STOP
            continue
        town = n[n[corridor + CORRIDOR.stops] + k]
        if _drops_at(n, convoy, town):
            _drop(f, n, convoy, town)
        if n[convoy + CONVOY.count] == 0:
            _end(f, n, convoy, f[convoy + CONVOY.time], k + 1, 0.0)
            return
        n[convoy + CONVOY.road] = k + 1
        stage = NEXT_ROAD


@compiled
def _wait(f: Reals, n: Words, convoy: int, time: float, stage: int) -> None:
    """Let the story go on at a time."""
    place = event(n, WHAT.CONVOY, convoy)
    n[place + EVENT.more] = stage
    key = n[n[convoy + CONVOY.line] + LINE.entity] << 16 | n[convoy + CONVOY.number] & 0xFFFF
    due(f, n, place, time, RANK.CONVOY, key)


@compiled
def _begin_road(f: Reals, n: Words, convoy: int, road: int) -> float:
    """Return the hours that the next road takes."""
    time = f[convoy + CONVOY.time]
    hours = hours_alone(f, n, road, time)
    if n[convoy + CONVOY.escort_left] & GROUND != 0:
        place = n[HEAD.roads] + road * ROAD.words
        escorted, cycle = f[DRIVING.escorted], f[convoy + CONVOY.cycle]
        factor = _factor(f, n, road, time)
        hours = f[place + ROAD.length] / progress(f[place + ROAD.pace], f[FLEET.driving], escorted, True, cycle, factor)
    f[convoy + CONVOY.hours] = hours
    f[convoy + CONVOY.place] = 0.0
    return hours


@compiled
def _find_stop(f: Reals, n: Words, convoy: int) -> bool:
    """Find what comes next on the road, a candidate or a roadblock; say whether anything does."""
    n[convoy + CONVOY.met] = 0
    f[convoy + CONVOY.stop] = f[convoy + CONVOY.block]
    if n[convoy + CONVOY.at] < n[convoy + CONVOY.ahead_count]:
        candidate = n[n[convoy + CONVOY.ahead] + n[convoy + CONVOY.at]]
        if f[candidate + CANDIDATE.place] <= f[convoy + CONVOY.block]:
            n[convoy + CONVOY.met] = candidate
            n[convoy + CONVOY.at] += 1
            f[convoy + CONVOY.stop] = f[candidate + CANDIDATE.place]
    return n[convoy + CONVOY.met] != 0 or f[convoy + CONVOY.block] < math.inf


@compiled
def _look_ahead(f: Reals, n: Words, convoy: int, road: int) -> None:
    """List the candidates of a road that may stand while the convoy is on it, in order of place."""
    time, until = f[convoy + CONVOY.time], f[convoy + CONVOY.end] + LONGEST_DELAY
    n[convoy + CONVOY.at] = 0
    first, count = n[HEAD.free], 0
    listed, last = n[n[HEAD.by_road] + 2 * road], n[n[HEAD.by_road] + 2 * road + 1]
    for k in range(count_below(f, n, listed, last, CANDIDATE.time, time - f[HEAD.longest]), last):
        candidate = n[listed + k]
        if f[candidate + CANDIDATE.time] > until:
            break
        if f[candidate + CANDIDATE.end] > time:
            n[new(n, 1)] = candidate
            count += 1
    n[convoy + CONVOY.ahead] = first
    n[convoy + CONVOY.ahead_count] = count
    if count > 1:
        _put_by_place(f, n, first, count)


@compiled
def _put_by_place(f: Reals, n: Words, first: int, count: int) -> None:
    """Put candidates of a road in order of place; those of one place keep the order of (time, entity, serial)."""
    places = scratch(n, 4 * count)
    before, order = places + count, places + 2 * count
    for k in range(count):
        n[before + k] = n[first + k]
        f[places + k] = f[n[first + k] + CANDIDATE.place]
    put_in_order(f, n, places, count, order)
    for k in range(count):
        n[first + k] = n[before + n[order + k]]


@compiled
def _drops_at(n: Words, convoy: int, town: int) -> bool:
    for k in range(n[convoy + CONVOY.count]):
        if n[n[n[convoy + CONVOY.column] + k] + TANKER.destination] == town:
            return True
    return False


@compiled
def _drop(f: Reals, n: Words, convoy: int, town: int) -> None:
    column = n[convoy + CONVOY.column]
    entity = n[n[convoy + CONVOY.line] + LINE.entity]
    stay = 0
    for k in range(n[convoy + CONVOY.count]):
        tanker = n[column + k]
        if n[tanker + TANKER.destination] == town:
            n[convoy + CONVOY.arrived] += 1
            note(f, n, f[HEAD.now], KIND.REACHED, entity, n[tanker + TANKER.serial], float(town))
            soon(n, WHAT.ARRIVED, tanker)
        else:
            n[column + stay] = tanker
            stay += 1
    n[convoy + CONVOY.count] = stay


@compiled
def _come_home(f: Reals, n: Words, convoy: int) -> None:
    """Turn back: the tankers rejoin the queue."""
    line = n[convoy + CONVOY.line]
    home = f[HEAD.now]
    count = n[convoy + CONVOY.count]
    for k in range(count):
        stand_by(f, n, n[n[convoy + CONVOY.column] + k])
    note(f, n, home, KIND.TURNED_BACK, n[line + LINE.entity], n[convoy + CONVOY.number], float(count))
    _end(f, n, convoy, home, 0, 0.0)


@compiled
def _end(f: Reals, n: Words, convoy: int, time: float, roads_driven: int, part: float) -> None:
    """Send the escort back over the roads driven, and the part of the next."""
    roads = n[n[n[convoy + CONVOY.line] + LINE.corridor] + CORRIDOR.roads]
    if n[convoy + CONVOY.units_count] != 0:
        back = peace_hours(f, n, roads, roads_driven)
        if part > 0.0:
            back += part * peace_hours(f, n, roads + roads_driven, 1)
        back *= f[convoy + CONVOY.cycle]
        for k in range(n[convoy + CONVOY.units_count]):
            unit = n[n[convoy + CONVOY.units] + k]
            on_foot = n[n[unit + UNIT.pool] + FORCE.component] != AIR
            come_back(f, n, unit, time, back if on_foot else 0.0, f[convoy + CONVOY.cycle])
    f[convoy + CONVOY.ended] = time
