"""A corridor: its idle tankers, the queue at its assembly point, and how convoys are formed."""

from __future__ import annotations

import math

from sim.fast.agenda import WHAT, urgently
from sim.fast.compiled import Reals, Words, compiled, rule
from sim.fast.crews import joins
from sim.fast.escort import free_escorts, leave
from sim.fast.layout import (
    CONVOY,
    CORRIDOR,
    DRIVING,
    FORCE,
    GATE,
    HEAD,
    KIND,
    LINE,
    PROTECTION,
    REGIMES,
    TALLY,
    TANKER,
    UNIT,
)
from sim.fast.memory import at, new, note
from sim.fast.pointers import stretch
from sim.plan.sections import INLAND
from sim.rules import encounter, road, steps

entry, whole = rule(steps.entry), rule(steps.whole)
gate, in_turn, is_day = rule(road.gate), rule(road.in_turn), rule(road.is_day)
cycle_factor = rule(encounter.cycle_factor)
COMPONENTS = 3


@compiled
def add(f: Reals, n: Words, tally: int, time: float, change: int) -> None:
    """Change a number at a time, and its integral over time."""
    f[tally + TALLY.total] += n[tally + TALLY.count] * (time - f[tally + TALLY.last])
    f[tally + TALLY.last] = time
    n[tally + TALLY.count] += change


@compiled
def take_total(f: Reals, n: Words, tally: int, time: float) -> float:
    """Return the integral since the last call, in units of count times hours."""
    add(f, n, tally, time, 0)
    total = f[tally + TALLY.total]
    f[tally + TALLY.total] = 0.0
    return total


@compiled
def is_open(f: Reals, n: Words, line: int, time: float) -> bool:
    """Say whether a corridor is open at a time."""
    return at(f, n, n[line + LINE.corridor] + CORRIDOR.open, time) > 0.5


@compiled
def slot(f: Reals, n: Words, line: int, now: float) -> float:
    """Take the next slot of the terminal and return when it opens."""
    terminal = n[line + LINE.terminal]
    rate = at(f, n, terminal + GATE.slots, now)
    if rate <= 0.0:
        first, count = n[terminal + GATE.slots], n[terminal + GATE.slots_count]
        opens = math.inf
        for k in range(count):
            if f[first + k] > now and f[first + count + k] > 0.0 and f[first + k] < opens:
                opens = f[first + k]
        if opens == math.inf:
            return opens
        now = opens
        rate = at(f, n, terminal + GATE.slots, now)
    start, free = gate(now, f[terminal + GATE.free], 1.0 / rate)
    f[terminal + GATE.free] = free
    return start


@compiled
def out_of_customs(f: Reals, n: Words, line: int, town: int, now: float) -> float:
    """Return when a tanker that reaches a town's customs now is let out; nobody overtakes."""
    delay = at(f, n, n[line + LINE.corridor] + CORRIDOR.customs, now)
    out = in_turn(now, delay, f[n[line + LINE.last_out] + town])
    f[n[line + LINE.last_out] + town] = out
    return out


@compiled
def make_idle(f: Reals, n: Words, tanker: int) -> None:
    """Let a tanker wait for an order."""
    line = n[tanker + TANKER.line]
    push_idle(n, line, tanker)
    add(f, n, line + LINE.waiting_order, f[HEAD.now], 1)


@compiled
def push_idle(n: Words, line: int, tanker: int) -> None:
    """Put a tanker behind the idle ones."""
    last = n[line + LINE.idle_last]
    n[tanker + TANKER.before] = last
    n[tanker + TANKER.next] = 0
    if last == 0:
        n[line + LINE.idle] = tanker
    else:
        n[last + TANKER.next] = tanker
    n[line + LINE.idle_last] = tanker
    n[line + LINE.idle_count] += 1
    n[n[line + LINE.idle_from] + n[n[tanker + TANKER.home] + LINE.number]] += 1


@compiled
def pull_idle(n: Words, line: int, tanker: int) -> None:
    """Take a tanker out of the idle ones."""
    _unlink(n, line + LINE.idle, line + LINE.idle_last, tanker)
    n[line + LINE.idle_count] -= 1
    n[n[line + LINE.idle_from] + n[n[tanker + TANKER.home] + LINE.number]] -= 1


@compiled
def _unlink(n: Words, first: int, last: int, tanker: int) -> None:
    """Take a tanker out of a list, of whose ends the places are given."""
    before, after = n[tanker + TANKER.before], n[tanker + TANKER.next]
    n[first if before == 0 else before + TANKER.next] = after
    n[last if after == 0 else after + TANKER.before] = before


@compiled
def stand_by(f: Reals, n: Words, line: int, tanker: int) -> None:
    """Join the queue; until the next full hour a tanker waits because convoys are formed on the hour."""
    now = f[HEAD.now]
    f[tanker + TANKER.ready] = now
    n[tanker + TANKER.inside] = 1 if n[line + LINE.kind] == INLAND else 0
    n[tanker + TANKER.attempts] += 1
    # The queue is in order of (ready time, home, serial), and nobody comes before now.
    before = n[line + LINE.queue_last]
    after = 0
    while before != 0 and f[before + TANKER.ready] == now and _goes_first(n, tanker, before):
        after = before
        before = n[before + TANKER.before]
    n[tanker + TANKER.before] = before
    n[tanker + TANKER.next] = after
    if before == 0:
        n[line + LINE.queue] = tanker
    else:
        n[before + TANKER.next] = tanker
    if after == 0:
        n[line + LINE.queue_last] = tanker
    else:
        n[after + TANKER.before] = tanker
    n[line + LINE.queue_count] += 1
    marks = n[line + LINE.marks]
    place = n[line + LINE.marks_count]
    while place > 0 and f[tanker + TANKER.mark] < f[n[marks + place - 1] + TANKER.mark]:
        n[marks + place] = n[marks + place - 1]
        place -= 1
    n[marks + place] = tanker
    n[line + LINE.marks_count] += 1
    f[line + LINE.rule_hours] += math.ceil(now) - now
    note(f, n, now, KIND.READY, n[line + LINE.entity], n[tanker + TANKER.serial], 0.0)


@compiled
def _goes_first(n: Words, one: int, other: int) -> bool:
    a, b = n[n[one + TANKER.home] + LINE.entity], n[n[other + TANKER.home] + LINE.entity]
    return a < b or (a == b and n[one + TANKER.serial] < n[other + TANKER.serial])


@compiled
def dispatch(f: Reals, n: Words, line: int, now: float) -> None:
    """Form the convoys that may leave at this hour, and count why the others wait."""
    if n[line + LINE.queue_count] == 0:
        return
    willing = joins(f, n, line, now)
    if not is_open(f, n, line, now):
        f[line + LINE.closed_hours] += n[line + LINE.queue_count]
        return
    lacks_escort = _form(f, n, line, now, willing)
    waiting = n[line + LINE.queue_count]
    ready = _count_willing(f, n, line, willing)
    f[line + LINE.refusal_hours] += waiting - ready
    if lacks_escort:
        f[line + LINE.escort_hours] += ready
    else:
        f[line + LINE.rule_hours] += ready


@compiled
def _count_willing(f: Reals, n: Words, line: int, willing: float) -> int:
    """Return how many who wait have a mark below the share that joins."""
    marks = n[line + LINE.marks]
    low, high = 0, n[line + LINE.marks_count]
    while low < high:
        middle = (low + high) >> 1
        if f[n[marks + middle] + TANKER.mark] < willing:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def _form(f: Reals, n: Words, line: int, now: float, willing: float) -> bool:
    """Let a convoy leave if the regime allows; return whether one is ready but lacks an escort."""
    r = n[line + LINE.regimes]
    starts = n[r + REGIMES.start]
    k = entry(stretch(f, starts, n[r + REGIMES.start_count]), now)
    ready = _count_willing(f, n, line, willing)
    lacks_escort = False
    must = n[n[r + REGIMES.must] + k]
    longest_wait, patience = f[n[r + REGIMES.longest_wait] + k], f[n[r + REGIMES.patience] + k]
    if ready > 0 and (
        ready >= whole(f[n[r + REGIMES.min] + k]) or now - _oldest(f, n, line, willing, ready) >= longest_wait
    ):
        units = n[HEAD.free_units]
        found = free_escorts(f, n, line, must, now, units) if must != 0 else 0
        have = 0
        for i in range(found):
            have |= n[n[n[units + i] + UNIT.pool] + FORCE.component]
        if have != must:
            lacks_escort = True
        elif _may_leave(f, n, r, k, now, f[line + LINE.last_departure]):
            f[line + LINE.last_departure] = now
            may = n[n[r + REGIMES.may] + k]
            if may != 0:
                found += free_escorts(f, n, line, may, now, units + found)
            convoy = _new_convoy(f, n, line, r, k, found)
            _fill_column(f, n, line, convoy, willing, whole(f[n[r + REGIMES.max] + k]), -math.inf)
            _depart(f, n, line, convoy)
    if (
        n[n[r + REGIMES.alone] + k] != 0
        and must != 0
        and n[line + LINE.queue_count] != 0
        and _may_leave(f, n, r, k, now, f[line + LINE.last_alone])
        and now - _oldest(f, n, line, willing, _count_willing(f, n, line, willing)) >= patience
    ):
        f[line + LINE.last_alone] = now
        convoy = _new_convoy(f, n, line, r, k, 0)
        _fill_column(f, n, line, convoy, willing, n[line + LINE.queue_count], patience)
        _depart(f, n, line, convoy)
    return lacks_escort


@compiled
def _may_leave(f: Reals, n: Words, r: int, k: int, now: float, last: float) -> bool:
    """Say whether headway since the last departure and daylight allow one now."""
    if not now - last >= f[n[r + REGIMES.headway] + k]:
        return False
    return n[n[r + REGIMES.daylight] + k] == 0 or is_day(now, f[DRIVING.day_from], f[DRIVING.day_to])


@compiled
def _oldest(f: Reals, n: Words, line: int, willing: float, ready: int) -> float:
    """Return since when the first of so many willing ones waits; infinite if there are none."""
    if ready * ready < n[line + LINE.queue_count]:
        found = math.inf
        for k in range(ready):
            since = f[n[n[line + LINE.marks] + k] + TANKER.ready]
            if since < found:
                found = since
        return found
    tanker = n[line + LINE.queue]
    while not f[tanker + TANKER.mark] < willing:
        tanker = n[tanker + TANKER.next]
    return f[tanker + TANKER.ready]


@compiled
def _new_convoy(f: Reals, n: Words, line: int, r: int, k: int, units: int) -> int:
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
        n[n[convoy + CONVOY.units] + i] = n[n[HEAD.free_units] + i]
    n[convoy + CONVOY.daylight] = n[n[r + REGIMES.daylight] + k]
    return convoy


@compiled
def _fill_column(f: Reals, n: Words, line: int, convoy: int, willing: float, most: int, patience: float) -> None:
    """Move the first willing tankers, of those that have waited so long, from the queue into a convoy's column."""
    now = f[HEAD.now]
    column = n[HEAD.free]
    n[convoy + CONVOY.column] = column
    count = 0
    tanker = n[line + LINE.queue]
    while tanker != 0 and count < most and now - f[tanker + TANKER.ready] >= patience:
        after = n[tanker + TANKER.next]
        if f[tanker + TANKER.mark] < willing:
            n[new(n, 1)] = tanker
            n[tanker + TANKER.inside] = 1
            count += 1
            _pull_queue(n, line, tanker)
        tanker = after
    n[convoy + CONVOY.count] = count
    n[convoy + CONVOY.tankers] = count
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
def _pull_queue(n: Words, line: int, tanker: int) -> None:
    _unlink(n, line + LINE.queue, line + LINE.queue_last, tanker)
    n[line + LINE.queue_count] -= 1
    n[tanker + TANKER.left] = 1


@compiled
def _depart(f: Reals, n: Words, line: int, convoy: int) -> None:
    now = f[HEAD.now]
    count = n[convoy + CONVOY.count]
    n[line + LINE.departed] += count
    if n[convoy + CONVOY.units_count] != 0:
        n[line + LINE.escorted] += count
    f[convoy + CONVOY.departed] = now
    f[convoy + CONVOY.time] = now
    f[convoy + CONVOY.ended] = math.nan
    for k in range(n[convoy + CONVOY.units_count]):
        unit = n[n[convoy + CONVOY.units] + k]
        n[convoy + CONVOY.escort] |= n[n[unit + UNIT.pool] + FORCE.component]
        leave(f, n, unit, line, now)
    escort = n[convoy + CONVOY.escort]
    n[convoy + CONVOY.escort_left] = escort
    f[convoy + CONVOY.cycle] = cycle_factor(escort, f[PROTECTION.cycle_foreign], f[PROTECTION.cycle_air])
    note(f, n, now, KIND.DEPARTED, n[line + LINE.entity], n[convoy + CONVOY.number], float(count))
    urgently(n, WHAT.CONVOY, convoy)
