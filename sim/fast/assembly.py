"""An assembly point: the queue of laden tankers, and how convoys are formed on the full hour."""

from __future__ import annotations

import math

from sim.fast.agenda import WHAT, urgently
from sim.fast.compiled import Reals, Words, compiled, rule
from sim.fast.corridor import is_open, unlink
from sim.fast.crews import drives
from sim.fast.escort import escorts_for, free_escorts, leave
from sim.fast.layout import (
    CONVOY,
    DRIVING,
    FORCE,
    HEAD,
    KIND,
    LINE,
    POINT,
    PROTECTION,
    RECORDED,
    REGIMES,
    TANKER,
    UNIT,
)
from sim.fast.memory import new, note
from sim.fast.pointers import stretch
from sim.fast.sort import count_below
from sim.plan.sections import INLAND
from sim.rules import encounter, road, steps

entry, whole = rule(steps.entry), rule(steps.whole)
is_day = rule(road.is_day)
cycle_factor = rule(encounter.cycle_factor)
MOST_UNITS = 16
"""More units than any convoy can have: one for each entry of what it must have, and one of each component."""


@compiled
def oldest(f: Reals, n: Words, point: int) -> float:
    """Return since when the first in the queue waits; somebody does."""
    return f[n[point + POINT.queue] + TANKER.ready]


@compiled
def stand_by(f: Reals, n: Words, tanker: int) -> None:
    """Join the queue; until the next full hour a tanker waits because convoys are formed on the hour."""
    now, line = f[HEAD.now], n[tanker + TANKER.line]
    point = n[line + LINE.point]
    f[tanker + TANKER.ready] = now
    n[tanker + TANKER.inside] = 1 if n[line + LINE.kind] == INLAND else 0
    n[tanker + TANKER.attempts] += 1
    f[tanker + TANKER.since] = now if f[tanker + TANKER.mark] < drives(f, n, line, now, True) else math.inf
    # The queue is in order of (ready time, home, serial), and nobody comes before now.
    before = n[point + POINT.queue_last]
    after = 0
    while before != 0 and f[before + TANKER.ready] == now and _goes_first(n, tanker, before):
        after = before
        before = n[before + TANKER.before]
    n[tanker + TANKER.before] = before
    n[tanker + TANKER.next] = after
    if before == 0:
        n[point + POINT.queue] = tanker
    else:
        n[before + TANKER.next] = tanker
    if after == 0:
        n[point + POINT.queue_last] = tanker
    else:
        n[after + TANKER.before] = tanker
    n[point + POINT.queue_count] += 1
    n[n[line + LINE.marks] + n[line + LINE.marks_count]] = tanker
    n[line + LINE.marks_count] += 1
    _sink(f, n, line, n[line + LINE.marks_count] - 1)
    f[line + LINE.rule_hours] += math.ceil(now) - now
    note(f, n, now, KIND.READY, n[line + LINE.entity], n[tanker + TANKER.serial], 0.0)


@compiled
def _sink(f: Reals, n: Words, line: int, place: int) -> None:
    """Move one of those who wait to where its mark belongs among those before it."""
    marks = n[line + LINE.marks]
    tanker = n[marks + place]
    while place > 0 and f[tanker + TANKER.mark] < f[n[marks + place - 1] + TANKER.mark]:
        n[marks + place] = n[marks + place - 1]
        place -= 1
    n[marks + place] = tanker


@compiled
def _goes_first(n: Words, one: int, other: int) -> bool:
    a, b = n[n[one + TANKER.home] + LINE.entity], n[n[other + TANKER.home] + LINE.entity]
    return a < b or (a == b and n[one + TANKER.serial] < n[other + TANKER.serial])


@compiled
def change_minds(f: Reals, n: Words, point: int) -> None:
    """At midnight, when some crews have new minds: note since when each that waits is willing."""
    now = f[HEAD.now]
    _set_shares(f, n, point, now, True)
    tanker = n[point + POINT.queue]
    while tanker != 0:
        if not f[tanker + TANKER.mark] < f[n[tanker + TANKER.line] + LINE.share]:
            f[tanker + TANKER.since] = math.inf
        elif f[tanker + TANKER.since] == math.inf:
            f[tanker + TANKER.since] = now
        tanker = n[tanker + TANKER.next]
    for i in range(n[point + POINT.lines_count]):
        line = n[n[point + POINT.lines] + i]
        for place in range(1, n[line + LINE.marks_count]):
            _sink(f, n, line, place)


@compiled
def dispatch(f: Reals, n: Words, point: int, now: float) -> None:
    """Form the convoys that may leave at this hour, and count why the others wait."""
    r = n[point + POINT.regimes]
    k = entry(stretch(f, n[r + REGIMES.start], n[r + REGIMES.start_count]), now)
    leaves, lacks_escort, escorted = _form(f, n, point, r, k, now)
    while leaves and f[n[r + REGIMES.headway] + k] <= 0.0:
        leaves, lacks_escort, escorted = _form(f, n, point, r, k, now)
    _trickle(f, n, point, r, k, now)
    _set_shares(f, n, point, now, escorted)
    for i in range(n[point + POINT.lines_count]):
        line = n[n[point + POINT.lines] + i]
        waiting = n[line + LINE.marks_count]
        if not is_open(f, n, line, now):
            f[line + LINE.closed_hours] += waiting
            continue
        willing = _count_willing(f, n, line)
        f[line + LINE.refusal_hours] += waiting - willing
        if lacks_escort:
            f[line + LINE.escort_hours] += willing
        else:
            f[line + LINE.rule_hours] += willing


@compiled
def leave_on_record(f: Reals, n: Words, k: int) -> None:
    """Let a convoy on record leave by its corridor's roads, willing or not; note how many tankers it lacks."""
    now = f[HEAD.now]
    line = n[HEAD.lines] + n[n[RECORDED.corridor] + k] * LINE.words
    point = n[line + LINE.point]
    wanted, escort = whole(f[n[RECORDED.tankers] + k]), n[n[RECORDED.escort] + k]
    there = 0
    tanker = n[point + POINT.queue]
    while tanker != 0 and there < wanted:
        there += n[n[line + LINE.passes] + n[tanker + TANKER.destination]]
        tanker = n[tanker + TANKER.next]
    n[n[HEAD.missing] + k] = wanted - there
    if there > 0:
        for i in range(n[point + POINT.lines_count]):
            f[n[n[point + POINT.lines] + i] + LINE.share] = 2.0
        found = free_escorts(f, n, line, escort, now, n[HEAD.free_units], 0)
        convoy = _new_convoy(f, n, point, line, found, escort)
        n[convoy + CONVOY.short] = wanted - there
        _fill_column(f, n, point, convoy, wanted, math.inf)
        _depart(f, n, convoy)


@compiled
def _set_shares(f: Reals, n: Words, point: int, now: float, escorted: bool) -> None:
    """Set the share of each corridor's crews that would drive."""
    for i in range(n[point + POINT.lines_count]):
        line = n[n[point + POINT.lines] + i]
        f[line + LINE.share] = drives(f, n, line, now, escorted) if is_open(f, n, line, now) else 0.0


@compiled
def _count_willing(f: Reals, n: Words, line: int) -> int:
    """Return how many who wait have a mark below the share that drives."""
    return count_below(f, n, n[line + LINE.marks], n[line + LINE.marks_count], TANKER.mark, f[line + LINE.share])


@compiled
def _all_willing(f: Reals, n: Words, point: int) -> int:
    willing = 0
    for i in range(n[point + POINT.lines_count]):
        willing += _count_willing(f, n, n[n[point + POINT.lines] + i])
    return willing


@compiled
def _form(f: Reals, n: Words, point: int, r: int, k: int, now: float) -> tuple[bool, bool, bool]:
    """Let a convoy leave if the regime allows.

    Returns
    -------
    tuple
        Whether one left, whether one is ready but lacks an escort, and whether crews thought of an escort.
    """
    must, musts = n[n[r + REGIMES.must] + 2 * k], n[n[r + REGIMES.must] + 2 * k + 1]
    may, units = n[n[r + REGIMES.may] + k], n[HEAD.free_units]
    escorted = True
    found = 0
    _set_shares(f, n, point, now, True)
    lead = _first(f, n, point, math.inf)
    if musts == 0:
        if lead != 0 and may != 0:
            found = free_escorts(f, n, n[lead + TANKER.line], may, now, units, 0)
        if found == 0:
            escorted = False
            _set_shares(f, n, point, now, False)
            lead = _first(f, n, point, math.inf)
    formed = musts == 0 or n[RECORDED.formed] != 0
    if lead == 0 or not formed or not _enough(f, n, point, r, k, lead, now):
        return False, False, escorted
    line = n[lead + TANKER.line]
    if musts > 0:
        found = escorts_for(f, n, line, must, musts, now, units)
    if found < 0:
        return False, True, escorted
    if not _may_leave(f, n, r, k, now, f[point + POINT.last_departure]):
        return False, False, escorted
    f[point + POINT.last_departure] = now
    if musts > 0:
        found = free_escorts(f, n, line, may, now, units, found)
    convoy = _new_convoy(f, n, point, line, found, 0)
    _fill_column(f, n, point, convoy, whole(f[n[r + REGIMES.max] + k]), math.inf)
    _depart(f, n, convoy)
    return True, False, escorted


@compiled
def _trickle(f: Reals, n: Words, point: int, r: int, k: int, now: float) -> None:
    """Where an escort is due, let those willing for so long who would drive alone go together without one."""
    if n[n[r + REGIMES.alone] + k] == 0 or n[n[r + REGIMES.must] + 2 * k + 1] == 0:
        return
    until = now - f[n[r + REGIMES.patience] + k]
    if n[point + POINT.queue_count] == 0 or oldest(f, n, point) > until:
        return
    if not _may_leave(f, n, r, k, now, f[point + POINT.last_alone]):
        return
    _set_shares(f, n, point, now, False)
    lead = _first(f, n, point, until)
    if lead != 0:
        f[point + POINT.last_alone] = now
        convoy = _new_convoy(f, n, point, n[lead + TANKER.line], 0, 0)
        _fill_column(f, n, point, convoy, n[point + POINT.queue_count], until)
        _depart(f, n, convoy)


@compiled
def _enough(f: Reals, n: Words, point: int, r: int, k: int, lead: int, now: float) -> bool:
    """Say whether there are enough willing ones, or the first of them has waited long enough."""
    if _all_willing(f, n, point) >= whole(f[n[r + REGIMES.min] + k]):
        return True
    return now - f[lead + TANKER.ready] >= f[n[r + REGIMES.longest_wait] + k]


@compiled
def _may_leave(f: Reals, n: Words, r: int, k: int, now: float, last: float) -> bool:
    """Say whether headway since the last departure and daylight allow one now."""
    if not now - last >= f[n[r + REGIMES.headway] + k]:
        return False
    return n[n[r + REGIMES.daylight] + k] == 0 or is_day(now, f[DRIVING.day_from], f[DRIVING.day_to])


@compiled
def _first(f: Reals, n: Words, point: int, until: float) -> int:
    """Return the first in the queue that would drive and has been willing since a time or longer, or 0."""
    if _all_willing(f, n, point) == 0:
        return 0
    tanker = n[point + POINT.queue]
    while tanker != 0 and not _goes(f, n, tanker, until):
        # Nobody behind is willing for longer than it waits.
        tanker = 0 if f[tanker + TANKER.ready] > until else n[tanker + TANKER.next]
    return tanker


@compiled
def _goes(f: Reals, n: Words, tanker: int, until: float) -> bool:
    if not f[tanker + TANKER.mark] < f[n[tanker + TANKER.line] + LINE.share]:
        return False
    return until == math.inf or f[tanker + TANKER.since] <= until


@compiled
def _new_convoy(f: Reals, n: Words, point: int, line: int, units: int, escort: int) -> int:
    """Return a convoy by a corridor's roads with the units found, and of an escort on record what no unit is for."""
    convoy = new(n, CONVOY.words)
    if n[HEAD.convoys] == 0:
        n[HEAD.convoys] = convoy
    else:
        n[n[HEAD.last_convoy] + CONVOY.next] = convoy
    n[HEAD.last_convoy] = convoy
    n[convoy + CONVOY.number] = n[HEAD.convoys_count]
    n[HEAD.convoys_count] += 1
    n[convoy + CONVOY.line] = line
    n[convoy + CONVOY.units] = new(n, units)
    n[convoy + CONVOY.units_count] = units
    for i in range(units):
        unit = n[n[HEAD.free_units] + i]
        n[n[convoy + CONVOY.units] + i] = unit
        n[convoy + CONVOY.escort] |= n[n[unit + UNIT.pool] + FORCE.component]
    n[convoy + CONVOY.beside] = escort & ~n[convoy + CONVOY.escort]
    n[convoy + CONVOY.escort] |= escort
    n[convoy + CONVOY.escort_left] = n[convoy + CONVOY.escort]
    f[convoy + CONVOY.gap] = math.nan
    r = n[point + POINT.regimes]
    k = entry(stretch(f, n[r + REGIMES.start], n[r + REGIMES.start_count]), f[HEAD.now])
    n[convoy + CONVOY.daylight] = n[n[r + REGIMES.daylight] + k]
    return convoy


@compiled
def _fill_column(f: Reals, n: Words, point: int, convoy: int, most: int, until: float) -> None:
    """Move the first that would drive, of those for towns on the way, from the queue into a convoy's column."""
    passes = n[n[convoy + CONVOY.line] + LINE.passes]
    column = n[HEAD.free]
    n[convoy + CONVOY.column] = column
    count = 0
    tanker = n[point + POINT.queue]
    while tanker != 0 and count < most and not f[tanker + TANKER.ready] > until:
        after = n[tanker + TANKER.next]
        if n[passes + n[tanker + TANKER.destination]] != 0 and _goes(f, n, tanker, until):
            n[new(n, 1)] = tanker
            n[tanker + TANKER.inside] = 1
            count += 1
            unlink(n, point + POINT.queue, point + POINT.queue_last, tanker)
            n[point + POINT.queue_count] -= 1
            n[tanker + TANKER.left] = 1
        tanker = after
    n[convoy + CONVOY.count] = count
    n[convoy + CONVOY.tankers] = count
    for i in range(n[point + POINT.lines_count]):
        _forget_left(n, n[n[point + POINT.lines] + i])


@compiled
def _forget_left(n: Words, line: int) -> None:
    """Take those who left out of the list of those who wait."""
    marks = n[line + LINE.marks]
    kept = 0
    for k in range(n[line + LINE.marks_count]):
        tanker = n[marks + k]
        if n[tanker + TANKER.left] == 0:
            n[marks + kept] = tanker
            kept += 1
        else:
            n[tanker + TANKER.left] = 0
    n[line + LINE.marks_count] = kept


@compiled
def _depart(f: Reals, n: Words, convoy: int) -> None:
    now = f[HEAD.now]
    line, count, escort = n[convoy + CONVOY.line], n[convoy + CONVOY.count], n[convoy + CONVOY.escort]
    for k in range(count):
        home = n[n[n[convoy + CONVOY.column] + k] + TANKER.line]
        n[home + LINE.departed] += 1
        n[home + LINE.escorted] += 1 if escort != 0 else 0
    f[convoy + CONVOY.departed] = now
    f[convoy + CONVOY.time] = now
    f[convoy + CONVOY.ended] = math.nan
    for k in range(n[convoy + CONVOY.units_count]):
        leave(f, n, n[n[convoy + CONVOY.units] + k], line, now)
    f[convoy + CONVOY.cycle] = cycle_factor(escort, f[PROTECTION.cycle_foreign], f[PROTECTION.cycle_air])
    note(f, n, now, KIND.DEPARTED, n[line + LINE.entity], n[convoy + CONVOY.number], float(count))
    urgently(n, WHAT.CONVOY, convoy)
