"""A convoy on the road: ambushes, roadblocks, towns on the way, the end of the trip or the way back."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.fast.adaptation import passes
from sim.fast.agenda import WHAT, due, event, soon
from sim.fast.ambush import meet, present
from sim.fast.compiled import compile_all
from sim.fast.draws import uniform
from sim.fast.escort import come_back
from sim.fast.geography import peace_hours
from sim.fast.layout import KIND, RANK, STREAM
from sim.fast.lowering import part, thing
from sim.fast.memory import index, new_row, note
from sim.fast.queue import stand_by
from sim.fast.records import Record, flags, floats, ints
from sim.fast.roadblock import enter, leave_road, stop
from sim.fast.rules import occasions, steps
from sim.fast.rules import road as rules
from sim.fast.sort import put_in_order
from sim.fast.tape import Candidate
from sim.rules.road import LONGEST_DELAY

if TYPE_CHECKING:
    from sim.fast.corridor import Corridor
    from sim.fast.escort import Unit
    from sim.fast.layout import Country
    from sim.fast.records import Row
    from sim.fast.tanker import Tanker

NEXT_ROAD, NEXT_STOP, MEET, ROAD_END, HOME = 0, 1, 2, 3, 4
"""Where a convoy's story goes on."""


class Convoy(Record):
    """Tankers that drive together, or a single one.

    ``stop`` is where on its road it meets ``met``, a candidate, or a roadblock if that is none; ``block`` where the
    next roadblock stands; ``rate``, ``length``, ``driven`` and ``gap`` are those of `sim.rules.roadblock`.
    """

    corridor: Corridor
    column: Row[Tanker]
    units: Row[Unit]
    ahead: Row[Candidate]
    met: Candidate
    next: Convoy
    departed, ended, cycle, time, place, hours, end, reach, stop, block, rate, length, driven, gap = floats(14)
    number, tankers, escort, escort_left, lost, arrived, beside, short, road, at = ints(10)
    turned_back, attacked, daylight = flags(3)


def hours_alone(country: Country, road: int, time: float) -> float:
    """Return the hours that a laden tanker without escort takes for a road that it enters at a time."""
    known = road * (country.until + 1) + min(steps.day_of(time), country.until)
    if country.alone[known] == 0.0:
        roads, driving = country.plan.roads, country.plan.fleet.driving
        factor = _factor(country, road, time)
        country.alone[known] = rules.hours_alone(roads.length[road], roads.pace[road], driving, factor)
    return country.alone[known]


def _factor(country: Country, road: int, time: float) -> float:
    """Return the factor on the pace of a road at a time; the last day's holds beyond the end."""
    day = occasions.occasion_of(min(steps.day_of(time), country.until), country.plan.warmup)
    mark = uniform(country, STREAM.DAY_FACTOR, country.plan.roads.entity[road], index(day, 0))
    return 1.0 + country.plan.fleet.day_factor * (2.0 * mark - 1.0)


def drive(convoy: Convoy, stage: int) -> None:
    """Drive the corridor's roads in turn, dropping tankers at the towns they are loaded for, up to the next event."""
    country, corridor = convoy.country, convoy.corridor
    plan = country.plan
    day_from, day_to = plan.driving.day_from, plan.driving.day_to
    if stage == HOME:
        _come_home(convoy)
        return
    while True:
        k = convoy.road
        if stage == NEXT_ROAD:
            if k == len(corridor.roads):
                return
            road = corridor.roads[k]
            hours = _begin_road(convoy, road)
            if plan.attacks.adaptive.on:
                middle = rules.arrival(convoy.time, hours * 0.5, convoy.daylight, day_from, day_to)
                passes(country, road, len(convoy.column), present(convoy, middle), middle)
            convoy.end = rules.arrival(convoy.time, hours, convoy.daylight, day_from, day_to)
            _look_ahead(convoy, road)
            enter(convoy, road)
            stage = NEXT_STOP
        hours = convoy.hours
        if stage == NEXT_STOP:
            stage = ROAD_END
            while _find_stop(convoy):
                candidate = convoy.met
                on = hours * (convoy.stop - convoy.place)
                reach = rules.arrival(convoy.time, on, convoy.daylight, day_from, day_to)
                if not candidate or candidate.time <= reach < candidate.end:
                    stage = MEET
                    convoy.reach = reach
                    if reach > country.now:
                        _wait(convoy, reach, MEET)
                        return
                    break
            if stage == ROAD_END:
                leave_road(convoy)
                convoy.time = convoy.end
                if _drops_at(convoy, corridor.stops[k]) and convoy.time > country.now:
                    _wait(convoy, convoy.time, ROAD_END)
                    return
        if stage == MEET:
            time = convoy.reach
            convoy.place = convoy.stop
            if convoy.met:
                time += meet(convoy, convoy.met)
            else:
                stop(convoy, corridor.roads[k], time)
                time += plan.roadblocks.delay
            convoy.time = time
            if len(convoy.column) == 0:
                _end(convoy, time, k, convoy.place)
                return
            if convoy.turned_back:
                _wait(convoy, time + (time - convoy.departed), HOME)
                return
            convoy.end = rules.arrival(time, hours * (1.0 - convoy.place), convoy.daylight, day_from, day_to)
            stage = NEXT_STOP
            continue
        if _drops_at(convoy, corridor.stops[k]):
            _drop(convoy, corridor.stops[k])
        if len(convoy.column) == 0:
            _end(convoy, convoy.time, k + 1, 0.0)
            return
        convoy.road = k + 1
        stage = NEXT_ROAD


def _wait(convoy: Convoy, time: float, stage: int) -> None:
    """Let the story go on at a time."""
    later = event(convoy.country, WHAT.CONVOY, convoy.where)
    later.more = stage
    due(later, time, RANK.CONVOY, convoy.corridor.entity << 16 | convoy.number & 0xFFFF)


def _begin_road(convoy: Convoy, road: int) -> float:
    """Return the hours that the next road takes."""
    country = convoy.country
    plan = country.plan
    hours = hours_alone(country, road, convoy.time)
    if convoy.escort_left & plan.protection.ground != 0:
        factor, escorted = _factor(country, road, convoy.time), plan.driving.escorted
        pace = rules.progress(plan.roads.pace[road], plan.fleet.driving, escorted, True, convoy.cycle, factor)
        hours = plan.roads.length[road] / pace
    convoy.hours = hours
    convoy.place = 0.0
    return hours


def _find_stop(convoy: Convoy) -> bool:
    """Find what comes next on the road, a candidate or a roadblock; say whether anything does."""
    convoy.met = thing(Candidate, convoy, 0)
    convoy.stop = convoy.block
    if convoy.at < len(convoy.ahead):
        candidate = convoy.ahead[convoy.at]
        if candidate.place <= convoy.block:
            convoy.met = candidate
            convoy.at += 1
            convoy.stop = candidate.place
            return True
    return convoy.block < math.inf


def _look_ahead(convoy: Convoy, road: int) -> None:
    """List the candidates of a road that may stand while the convoy is on it, in order of place."""
    country, time, until = convoy.country, convoy.time, convoy.end + LONGEST_DELAY
    convoy.at = 0
    listed = country.by_road[road].candidates
    first = _count_before(listed, time - country.longest)
    last, count = first, 0
    while last < len(listed) and listed[last].time <= until:
        count += listed[last].end > time
        last += 1
    ahead = new_row(Candidate, country, count)
    count = 0
    for k in range(first, last):
        if listed[k].end > time:
            ahead[count] = listed[k]
            count += 1
    convoy.ahead = ahead
    if count > 1:
        _put_by_place(country, ahead)


def _count_before(listed: Row[Candidate], time: float) -> int:
    """Return how many candidates, which are in order of time, begin before a time."""
    low, high = 0, len(listed)
    while low < high:
        middle = (low + high) >> 1
        if listed[middle].time < time:
            low = middle + 1
        else:
            high = middle
    return low


def _put_by_place(country: Country, ahead: Row[Candidate]) -> None:
    """Put candidates of a road in order of place; those of one place keep the order of (time, entity, serial)."""
    free, count = country.free, len(ahead)
    places = new_row(float, country, count)
    before = new_row(Candidate, country, count)
    order = new_row(int, country, 2 * count)
    for k in range(count):
        before[k] = ahead[k]
        places[k] = ahead[k].place
    put_in_order(places, count, order)
    for k in range(count):
        ahead[k] = before[order[k]]
    country.free = free


def _drops_at(convoy: Convoy, town: int) -> bool:
    for tanker in convoy.column:  # noqa: SIM110
        if tanker.destination == town:
            return True
    return False


def _drop(convoy: Convoy, town: int) -> None:
    country = convoy.country
    stay = 0
    for tanker in convoy.column:
        if tanker.destination == town:
            convoy.arrived += 1
            note(country, country.now, KIND.REACHED, convoy.corridor.entity, tanker.serial, float(town))
            soon(country, WHAT.ARRIVED, tanker.where)
        else:
            convoy.column[stay] = tanker
            stay += 1
    convoy.column = part(convoy.column, 0, stay)


def _come_home(convoy: Convoy) -> None:
    """Turn back: the tankers rejoin the queue."""
    country = convoy.country
    for tanker in convoy.column:
        stand_by(tanker)
    count = float(len(convoy.column))
    note(country, country.now, KIND.TURNED_BACK, convoy.corridor.entity, convoy.number, count)
    _end(convoy, country.now, 0, 0.0)


def _end(convoy: Convoy, time: float, roads_driven: int, beyond: float) -> None:
    """Send the escort back over the roads driven, and of the next as far as it came."""
    if len(convoy.units) != 0:
        country, roads = convoy.country, convoy.corridor.roads
        back = peace_hours(country, roads, 0, roads_driven)
        if beyond > 0.0:
            back += beyond * peace_hours(country, roads, roads_driven, roads_driven + 1)
        back *= convoy.cycle
        for unit in convoy.units:
            come_back(unit, time, back if unit.pool.ground else 0.0, convoy.cycle)
    convoy.ended = time


compile_all(globals())
