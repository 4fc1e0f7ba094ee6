"""An assembly point: the queue of laden tankers, and how convoys are formed on the full hour."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.fast.agenda import WHAT, call, urgently
from sim.fast.compiled import compile_all
from sim.fast.convoy import Convoy
from sim.fast.corridor import Corridor, is_open
from sim.fast.crews import drives
from sim.fast.draws import uniform
from sim.fast.escort import Unit, escorts_for, free_escorts, leave
from sim.fast.layout import KIND, RANK, STREAM
from sim.fast.lowering import part, thing
from sim.fast.memory import index, new, new_row, note
from sim.fast.queue import count_willing, forget_left, pull, sink
from sim.fast.records import Record
from sim.fast.rules import encounter, occasions, road, steps
from sim.fast.tanker import Tanker
from sim.plan.sections import BY_PRIORITY, BY_QUEUE, Regimes

if TYPE_CHECKING:
    from sim.fast.layout import Country
    from sim.fast.queue import Queue
    from sim.fast.records import Link, Part, Row

MOST_UNITS = 16
"""More units than any convoy can have: one for each entry of what it must have, and one of each component."""


class AssemblyPoint(Record):
    """Where tankers of one corridor, or of several that begin with the same road, wait for a convoy."""

    entity: int
    regimes: Link[Regimes]
    corridors: Row[Corridor]
    queue: Part[Queue]
    last_departure: float
    last_alone: float


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


def _leaves_before(country: Country, number: int, other: int) -> bool:
    recorded = country.plan.convoys
    return (recorded.at[number], recorded.entity[number]) < (recorded.at[other], recorded.entity[other])


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


def _goes_before(point: AssemblyPoint, other: AssemblyPoint, hour: int) -> bool:
    """Compare by the longest queue or the priorities, then by since when the first waits, then by a draw."""
    country = point.country
    a, b = _precedence(point), _precedence(other)
    if a != b:
        return a < b
    if point.queue.first.ready != other.queue.first.ready:
        return point.queue.first.ready < other.queue.first.ready
    mark = index(occasions.occasion_of(hour // 24, country.plan.warmup), hour % 24)
    return uniform(country, STREAM.TURN, point.entity, mark) < uniform(country, STREAM.TURN, other.entity, mark)


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


def change_minds(point: AssemblyPoint) -> None:
    """At midnight, when some crews have new minds: note since when each that waits is willing."""
    now = point.country.now
    _set_shares(point, now, True)
    tanker = point.queue.first
    while tanker:
        if not tanker.mark < tanker.corridor.share:
            tanker.since = math.inf
        elif tanker.since == math.inf:
            tanker.since = now
        tanker = tanker.next
    for corridor in point.corridors:
        for place in range(1, corridor.waiting):
            sink(corridor, place)


def dispatch(point: AssemblyPoint, now: float) -> None:
    """Form the convoys that may leave at this hour, and count why the others wait."""
    k = steps.entry(point.regimes.start, now)
    leaves, lacks_escort, escorted = _form(point, now, k)
    while leaves and point.regimes.headway[k] <= 0.0:
        leaves, lacks_escort, escorted = _form(point, now, k)
    _trickle(point, now, k)
    _set_shares(point, now, escorted)
    for corridor in point.corridors:
        if not is_open(corridor, now):
            corridor.closed_hours += corridor.waiting
            continue
        willing = count_willing(corridor)
        corridor.refusal_hours += corridor.waiting - willing
        if lacks_escort:
            corridor.escort_hours += willing
        else:
            corridor.rule_hours += willing


def leave_on_record(country: Country, k: int) -> None:
    """Let a convoy on record leave by its corridor's roads, willing or not; note how many tankers it lacks."""
    recorded = country.plan.convoys
    corridor = country.corridors[recorded.corridor[k]]
    point, wanted = corridor.assembly, steps.whole(recorded.tankers[k])
    there = 0
    tanker = point.queue.first
    while tanker and there < wanted:
        there += corridor.passes[tanker.destination]
        tanker = tanker.next
    country.missing[k] = wanted - there
    if there > 0:
        for other in point.corridors:
            other.share = 2.0
        units = free_escorts(corridor, recorded.escort[k], country.now, country.free_units, 0)
        convoy = _new_convoy(corridor, units, recorded.escort[k])
        convoy.short = wanted - there
        _fill_column(convoy, wanted, math.inf)
        _depart(convoy)


def _set_shares(point: AssemblyPoint, now: float, escorted: bool) -> None:
    """Set the share of each corridor's crews that would drive."""
    for corridor in point.corridors:
        corridor.share = drives(corridor, now, escorted) if is_open(corridor, now) else 0.0


def _all_willing(point: AssemblyPoint) -> int:
    willing = 0
    for corridor in point.corridors:
        willing += count_willing(corridor)
    return willing


def _form(point: AssemblyPoint, now: float, k: int) -> tuple[bool, bool, bool]:
    """Let a convoy leave if the regime allows.

    Returns
    -------
    tuple
        Whether one left, whether one is ready but lacks an escort, and whether crews thought of an escort.
    """
    country, r = point.country, point.regimes
    must, may, free = r.must[k], r.may[k], country.free_units
    escorted = True
    units = 0
    _set_shares(point, now, True)
    lead = _first(point, math.inf)
    if len(must) == 0:
        if lead and may != 0:
            units = free_escorts(lead.corridor, may, now, free, 0)
        if units == 0:
            escorted = False
            _set_shares(point, now, False)
            lead = _first(point, math.inf)
    formed = len(must) == 0 or country.plan.convoys.formed
    if not lead or not formed or not _enough(point, now, k, lead):
        return False, False, escorted
    corridor = lead.corridor
    if len(must) > 0:
        units = escorts_for(corridor, must, now, free)
    if units < 0:
        return False, True, escorted
    if not _may_leave(point, now, k, point.last_departure):
        return False, False, escorted
    point.last_departure = now
    if len(must) > 0:
        units = free_escorts(corridor, may, now, free, units)
    convoy = _new_convoy(corridor, units, 0)
    _fill_column(convoy, steps.whole(r.max[k]), math.inf)
    _depart(convoy)
    return True, False, escorted


def _trickle(point: AssemblyPoint, now: float, k: int) -> None:
    """Where an escort is due, let those willing for so long who would drive alone go together without one."""
    r = point.regimes
    if not r.alone[k] or len(r.must[k]) == 0:
        return
    until = now - r.patience[k]
    if not point.queue.first or point.queue.first.ready > until:
        return
    if not _may_leave(point, now, k, point.last_alone):
        return
    _set_shares(point, now, False)
    lead = _first(point, until)
    if lead:
        point.last_alone = now
        convoy = _new_convoy(lead.corridor, 0, 0)
        _fill_column(convoy, point.queue.count, until)
        _depart(convoy)


def _enough(point: AssemblyPoint, now: float, k: int, lead: Tanker) -> bool:
    """Say whether there are enough willing ones, or the first of them has waited long enough."""
    if _all_willing(point) >= steps.whole(point.regimes.min[k]):
        return True
    return now - lead.ready >= point.regimes.longest_wait[k]


def _may_leave(point: AssemblyPoint, now: float, k: int, last: float) -> bool:
    """Say whether headway since the last departure and daylight allow one now."""
    r, driving = point.regimes, point.country.plan.driving
    if not now - last >= r.headway[k]:
        return False
    return not r.daylight[k] or road.is_day(now, driving.day_from, driving.day_to)


def _first(point: AssemblyPoint, until: float) -> Tanker:
    """Return the first in the queue that would drive and has been willing since a time or longer, or nothing."""
    nobody = thing(Tanker, point, 0)
    if _all_willing(point) == 0:
        return nobody
    tanker = point.queue.first
    while tanker and not _goes(tanker, until):
        # Nobody behind is willing for longer than it waits.
        tanker = nobody if tanker.ready > until else tanker.next
    return tanker


def _goes(tanker: Tanker, until: float) -> bool:
    if not tanker.mark < tanker.corridor.share:
        return False
    return until == math.inf or tanker.since <= until


def _new_convoy(corridor: Corridor, units: int, escort: int) -> Convoy:
    """Return a convoy by a corridor's roads with the units found, and of an escort on record what no unit is for."""
    country, regimes = corridor.country, corridor.assembly.regimes
    convoy = new(Convoy, country, 1)[0]
    if country.convoys:
        country.last_convoy.next = convoy
    else:
        country.convoys = convoy
    country.last_convoy = convoy
    convoy.number = country.convoys_count
    country.convoys_count += 1
    convoy.corridor = corridor
    convoy.units = new_row(Unit, country, units)
    for i in range(units):
        convoy.units[i] = country.free_units[i]
        convoy.escort |= country.free_units[i].pool.component
    convoy.beside = escort & ~convoy.escort
    convoy.escort |= escort
    convoy.escort_left = convoy.escort
    convoy.gap = math.nan
    convoy.daylight = regimes.daylight[steps.entry(regimes.start, country.now)]
    return convoy


def _fill_column(convoy: Convoy, most: int, until: float) -> None:
    """Move the first that would drive, of those for towns on the way, from the queue into a convoy's column."""
    country, point, passes = convoy.country, convoy.corridor.assembly, convoy.corridor.passes
    count, room = 0, min(most, point.queue.count)
    column = new_row(Tanker, country, room)
    tanker = point.queue.first
    while tanker and count < most and not tanker.ready > until:
        after = tanker.next
        if passes[tanker.destination] and _goes(tanker, until):
            column[count] = tanker
            count += 1
            tanker.inside = True
            pull(point.queue, tanker)
            tanker.left = True
        tanker = after
    country.free -= room - count
    convoy.column = part(column, 0, count)
    convoy.tankers = count
    for corridor in point.corridors:
        forget_left(corridor)


def _depart(convoy: Convoy) -> None:
    country, protection = convoy.country, convoy.country.plan.protection
    now, escort, count = country.now, convoy.escort, float(len(convoy.column))
    for tanker in convoy.column:
        tanker.corridor.departed += 1
        tanker.corridor.escorted += 1 if escort != 0 else 0
    convoy.departed = now
    convoy.time = now
    convoy.ended = math.nan
    for unit in convoy.units:
        leave(unit, convoy.corridor, now)
    convoy.cycle = encounter.cycle_factor(escort, protection.cycle)
    note(country, now, KIND.DEPARTED, convoy.corridor.entity, convoy.number, count)
    urgently(country, WHAT.CONVOY, convoy.where)


compile_all(globals())
