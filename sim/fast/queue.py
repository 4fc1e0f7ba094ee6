"""Tankers that wait in turn: lists of them, and the queue of an assembly point."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.fast.compiled import compile_all
from sim.fast.crews import drives
from sim.fast.layout import KIND
from sim.fast.memory import note
from sim.fast.records import Record
from sim.plan.sections import INLAND

if TYPE_CHECKING:
    from sim.fast.corridor import Corridor
    from sim.fast.tanker import Tanker


class Queue(Record):
    """Tankers linked by ``before`` and ``next``; each is in one list at a time."""

    first: Tanker
    last: Tanker
    count: int


def push(queue: Queue, tanker: Tanker) -> None:
    """Put a tanker behind all others."""
    insert(queue, tanker, queue.last)


def insert(queue: Queue, tanker: Tanker, before: Tanker) -> None:
    """Put a tanker behind another one, or before all others if that is nothing."""
    after = before.next if before else queue.first
    tanker.before = before
    tanker.next = after
    if before:
        before.next = tanker
    else:
        queue.first = tanker
    if after:
        after.before = tanker
    else:
        queue.last = tanker
    queue.count += 1


def pull(queue: Queue, tanker: Tanker) -> None:
    """Take a tanker out."""
    before, after = tanker.before, tanker.next
    if before:
        before.next = after
    else:
        queue.first = after
    if after:
        after.before = before
    else:
        queue.last = before
    queue.count -= 1


def stand_by(tanker: Tanker) -> None:
    """Join the queue; until the next full hour a tanker waits because convoys are formed on the hour."""
    country, corridor = tanker.country, tanker.corridor
    now, queue = country.now, corridor.assembly.queue
    tanker.ready = now
    tanker.inside = corridor.kind == INLAND
    tanker.attempts += 1
    tanker.since = now if tanker.mark < drives(corridor, now, True) else math.inf
    # The queue is in order of (ready time, home, serial), and nobody comes before now.
    before = queue.last
    while before and before.ready == now and _goes_first(tanker, before):
        before = before.before
    insert(queue, tanker, before)
    corridor.marks[corridor.waiting] = tanker
    corridor.waiting += 1
    sink(corridor, corridor.waiting - 1)
    corridor.rule_hours += math.ceil(now) - now
    note(country, now, KIND.READY, corridor.entity, tanker.serial, 0.0)


def sink(corridor: Corridor, place: int) -> None:
    """Move one of those who wait to where its mark belongs among those before it."""
    marks = corridor.marks
    tanker = marks[place]
    while place > 0 and tanker.mark < marks[place - 1].mark:
        marks[place] = marks[place - 1]
        place -= 1
    marks[place] = tanker


def count_willing(corridor: Corridor) -> int:
    """Return how many who wait have a mark below the share that drives."""
    low, high = 0, corridor.waiting
    while low < high:
        middle = (low + high) >> 1
        if corridor.marks[middle].mark < corridor.share:
            low = middle + 1
        else:
            high = middle
    return low


def forget_left(corridor: Corridor) -> None:
    """Take those who left out of the list of those who wait."""
    kept = 0
    for k in range(corridor.waiting):
        tanker = corridor.marks[k]
        if tanker.left:
            tanker.left = False
        else:
            corridor.marks[kept] = tanker
            kept += 1
    corridor.waiting = kept


def _goes_first(tanker: Tanker, other: Tanker) -> bool:
    return (tanker.home.entity, tanker.serial) < (other.home.entity, other.serial)


compile_all(globals())
