"""Assembly points laid out, convoys on record put in order, and what happens in turn on the full hour."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.fast.agenda import WHAT, call
from sim.fast.assembly import MOST_UNITS, AssemblyPoint, dispatch, leave_on_record, oldest
from sim.fast.compiled import compile_all
from sim.fast.corridor import Corridor
from sim.fast.draws import uniform
from sim.fast.escort import Unit
from sim.fast.layout import RANK, STREAM
from sim.fast.lowering import part
from sim.fast.memory import index, new, new_row
from sim.fast.rules import occasions
from sim.fast.tanker import Tanker
from sim.plan.sections import BY_PRIORITY, BY_QUEUE

if TYPE_CHECKING:
    from sim.fast.layout import Country


def build_points(country: Country) -> None:
    """Lay out the assembly points; corridors with the same one follow each other in its list."""
    of = country.plan.corridors.assembly
    points = 0
    for number in of:
        points = max(points, 1 + number)
    country.assemblies = new(AssemblyPoint, country, points)
    country.turns = new_row(AssemblyPoint, country, points)
    country.free_units = new_row(Unit, country, MOST_UNITS)
    for point in country.assemblies:
        point.corridors = part(new_row(Corridor, country, len(of)), 0, 0)
        point.last_departure = -math.inf
        point.last_alone = -math.inf
    for corridor in country.corridors:
        corridor.passes = new_row(bool, country, len(country.towns))
        corridor.marks = new_row(Tanker, country, len(country.tankers))
        for town in corridor.stops:
            if town >= 0:
                corridor.passes[town] = True
        if of[corridor.number] >= 0:
            point = country.assemblies[of[corridor.number]]
            corridor.assembly = point
            count = len(point.corridors)
            if count == 0:
                point.entity = corridor.entity
                point.regimes = corridor.regimes
            point.corridors = part(point.corridors, 0, count + 1)
            point.corridors[count] = corridor


def build_record(country: Country) -> None:
    """Put the convoys on record in order of (time, entity)."""
    count = len(country.plan.convoys.entity)
    country.due = new_row(int, country, count)
    country.missing = new_row(int, country, count)
    for k in range(count):
        hole = k
        while hole > 0 and _leaves_before(country, k, country.due[hole - 1]):
            country.due[hole] = country.due[hole - 1]
            hole -= 1
        country.due[hole] = k


def _leaves_before(country: Country, one: int, other: int) -> bool:
    recorded = country.plan.convoys
    a, b = recorded.at[one], recorded.at[other]
    return a < b or (a == b and recorded.entity[one] < recorded.entity[other])


def hour_begins(country: Country, hour: int) -> None:
    """Let convoys on record leave, then each assembly point form its own, in the order of the allocation."""
    recorded, turns = country.plan.convoys, country.turns
    while country.due_next < len(country.due):
        k = country.due[country.due_next]
        if recorded.at[k] > hour:
            break
        country.due_next += 1
        if recorded.at[k] >= country.begin:
            leave_on_record(country, k)
    count = 0
    for point in country.assemblies:
        if point.queue.first:
            hole = count
            while hole > 0 and _goes_before(point, turns[hole - 1], hour):
                turns[hole] = turns[hole - 1]
                hole -= 1
            turns[hole] = point
            count += 1
    for k in range(count):
        dispatch(turns[k], country.now)
    if hour + 1 < country.until * 24:
        call(country, float(hour + 1), RANK.DISPATCH, 0, WHAT.HOUR, hour + 1)


def _goes_before(one: AssemblyPoint, other: AssemblyPoint, hour: int) -> bool:
    """Compare by the longest queue or the priorities, then by since when the first waits, then by a draw."""
    country = one.country
    a, b = _precedence(one), _precedence(other)
    if a != b:
        return a < b
    if oldest(one) != oldest(other):
        return oldest(one) < oldest(other)
    mark = index(occasions.occasion_of(hour // 24, country.plan.warmup), hour % 24)
    return uniform(country, STREAM.TURN, one.entity, mark) < uniform(country, STREAM.TURN, other.entity, mark)


def _precedence(point: AssemblyPoint) -> int:
    strategy = point.country.plan.strategy
    if strategy.allocation == BY_QUEUE:
        return -point.queue.count
    if strategy.allocation != BY_PRIORITY:
        return 0
    least = strategy.priority[point.corridors[0].number]
    for corridor in point.corridors:
        least = min(least, strategy.priority[corridor.number])
    return least


compile_all(globals())
