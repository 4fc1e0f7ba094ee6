"""Assembly points laid out, convoys on record put in order, and what happens in turn on the full hour."""

from __future__ import annotations

import math

from sim.fast.agenda import WHAT, call
from sim.fast.assembly import MOST_UNITS, dispatch, leave_on_record, oldest
from sim.fast.compiled import Reals, Words, compiled, rule
from sim.fast.draws import uniform
from sim.fast.layout import CORRIDOR, HEAD, LINE, POINT, RANK, RECORDED, STRATEGY, STREAM
from sim.fast.memory import index, new
from sim.plan.sections import BY_PRIORITY, BY_QUEUE
from sim.world import occasions

occasion_of = rule(occasions.occasion_of)


@compiled
def build_points(f: Reals, n: Words) -> None:
    """Lay out the assembly points; corridors with the same one follow each other in its list."""
    corridors = n[HEAD.corridors_count]
    for c in range(corridors):
        n[HEAD.points_count] = max(n[HEAD.points_count], 1 + n[_plan(n, c) + CORRIDOR.assembly])
    n[HEAD.points] = new(n, n[HEAD.points_count] * POINT.words)
    n[HEAD.turns] = new(n, n[HEAD.points_count])
    n[HEAD.free_units] = new(n, MOST_UNITS)
    for k in range(n[HEAD.points_count]):
        point = n[HEAD.points] + k * POINT.words
        n[point + POINT.lines] = n[HEAD.free]
        f[point + POINT.last_departure] = -math.inf
        f[point + POINT.last_alone] = -math.inf
        for c in range(corridors):
            if n[_plan(n, c) + CORRIDOR.assembly] == k:
                line = n[HEAD.lines] + c * LINE.words
                n[new(n, 1)] = line
                n[point + POINT.lines_count] += 1
                if n[point + POINT.lines_count] == 1:
                    n[point + POINT.entity] = n[line + LINE.entity]
                    n[point + POINT.regimes] = n[line + LINE.regimes]
    for c in range(corridors):
        line, plan = n[HEAD.lines] + c * LINE.words, _plan(n, c)
        n[line + LINE.passes] = new(n, n[HEAD.towns_count])
        n[line + LINE.marks] = new(n, n[HEAD.tankers_count])
        if n[plan + CORRIDOR.assembly] >= 0:
            n[line + LINE.point] = n[HEAD.points] + n[plan + CORRIDOR.assembly] * POINT.words
        first = n[plan + CORRIDOR.stops]
        for k in range(first, first + n[plan + CORRIDOR.stops_count]):
            if n[k] >= 0:
                n[n[line + LINE.passes] + n[k]] = 1


@compiled
def _plan(n: Words, corridor: int) -> int:
    return n[HEAD.corridors] + corridor * CORRIDOR.words


@compiled
def build_record(f: Reals, n: Words) -> None:
    """Put the convoys on record in order of (time, entity)."""
    count = n[RECORDED.entity_count]
    n[HEAD.due] = new(n, count)
    n[HEAD.missing] = new(n, count)
    for k in range(count):
        hole = k
        while hole > 0 and _leaves_before(f, n, k, n[n[HEAD.due] + hole - 1]):
            n[n[HEAD.due] + hole] = n[n[HEAD.due] + hole - 1]
            hole -= 1
        n[n[HEAD.due] + hole] = k


@compiled
def _leaves_before(f: Reals, n: Words, one: int, other: int) -> bool:
    a, b = f[n[RECORDED.at] + one], f[n[RECORDED.at] + other]
    return a < b or (a == b and n[n[RECORDED.entity] + one] < n[n[RECORDED.entity] + other])


@compiled
def hour_begins(f: Reals, n: Words, hour: int) -> None:
    """Let convoys on record leave, then each assembly point form its own, in the order of the allocation."""
    while n[HEAD.due_next] < n[RECORDED.at_count]:
        k = n[n[HEAD.due] + n[HEAD.due_next]]
        if f[n[RECORDED.at] + k] > hour:
            break
        n[HEAD.due_next] += 1
        if f[n[RECORDED.at] + k] >= f[HEAD.begin]:
            leave_on_record(f, n, k)
    turns = n[HEAD.turns]
    count = 0
    for k in range(n[HEAD.points_count]):
        point = n[HEAD.points] + k * POINT.words
        if n[point + POINT.queue_count] != 0:
            hole = count
            while hole > 0 and _goes_before(f, n, point, n[turns + hole - 1], hour):
                n[turns + hole] = n[turns + hole - 1]
                hole -= 1
            n[turns + hole] = point
            count += 1
    for k in range(count):
        dispatch(f, n, n[turns + k], f[HEAD.now])
    if hour + 1 < n[HEAD.until] * 24:
        call(f, n, float(hour + 1), RANK.DISPATCH, 0, WHAT.HOUR, hour + 1)


@compiled
def _goes_before(f: Reals, n: Words, one: int, other: int, hour: int) -> bool:
    """Compare by the longest queue or the priorities, then by since when the first waits, then by a draw."""
    a, b = _precedence(n, one), _precedence(n, other)
    if a != b:
        return a < b
    first, second = oldest(f, n, one), oldest(f, n, other)
    if first != second:
        return first < second
    mark = index(occasion_of(hour // 24, n[HEAD.warmup]), hour % 24)
    return uniform(n, STREAM.TURN, n[one + POINT.entity], mark) < uniform(n, STREAM.TURN, n[other + POINT.entity], mark)


@compiled
def _precedence(n: Words, point: int) -> int:
    if n[STRATEGY.allocation] == BY_QUEUE:
        return -n[point + POINT.queue_count]
    if n[STRATEGY.allocation] != BY_PRIORITY:
        return 0
    least = n[n[STRATEGY.priority] + n[n[n[point + POINT.lines]] + LINE.number]]
    for i in range(1, n[point + POINT.lines_count]):
        least = min(least, n[n[STRATEGY.priority] + n[n[n[point + POINT.lines] + i] + LINE.number]])
    return least
