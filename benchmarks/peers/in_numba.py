"""The kernel as the fast engine is written: Numba-compiled functions over arrays, one heap of events, no objects."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from benchmarks.peers.kernel import EVENT, Hours, Kernel, Kind, Run

SLOT, OUT, UNLOAD, HOME, CONVOY, ESCORT, HOUR, DAY = range(8)
"""What an event of the heap ends: a loading slot, a drive out, unloading, a drive home, a convoy's road, …"""
K = {kind.name: int(kind) for kind in Kind}
LOADED, READY, DEPARTED, LEFT, ARRIVED = K["LOADED"], K["READY"], K["CONVOY"], K["LEFT"], K["ARRIVED"]
UNLOADING, UNLOADED, BACK, FREE, DRAWN = K["UNLOADING"], K["UNLOADED"], K["BACK"], K["FREE"], K["DRAWN"]

DUE = np.dtype([("time", "f8"), ("order", "i8"), ("what", "i8"), ("who", "i8")])
QUEUE = np.dtype([("first", "i8"), ("length", "i8")])
AT_TERMINAL, AT_ASSEMBLY, AT_BAY, AT_TANK = range(4)
"""Queues of tankers; a tanker stands in one at most."""


def ready(kernel: Kernel, hours: Hours) -> Run:
    """Return what runs the kernel once; the first call in a process compiles it."""
    tables = (hours.out, hours.unload, hours.home, hours.drive, hours.back)
    reals = (kernel.until, kernel.slot, kernel.longest, kernel.rest, kernel.draw_at)
    counts = (kernel.tankers, kernel.least, kernel.most, kernel.bays, kernel.lot, kernel.tank, kernel.draw)
    slots = int(kernel.until / kernel.slot) + kernel.tankers + 1
    room = 6 * slots + 3 * int(kernel.until) + kernel.days + 3  # the terminal loads one tanker a slot

    def run() -> NDArray[np.void]:
        rows = np.empty(room, EVENT)
        return rows[: simulate(reals, counts, tables, rows)]

    return run


@njit
def simulate(reals: Any, counts: Any, tables: Any, rows: Any) -> int:
    """Run the kernel, write what happens into ``rows`` and return how many there are."""
    until, slot, longest, rest, draw_at = reals
    tankers, least, most, bays, lot, tank, draw = counts
    out, unload, home, drive, back = tables
    due = np.zeros(tankers + 4, DUE)  # a thing has one event to come at most
    length = 0
    order = 0
    waiting = np.zeros((4, tankers), np.int64)
    queue = np.zeros(4, QUEUE)
    since = np.zeros(tankers)
    trip = np.zeros(tankers, np.int64)
    column = np.zeros(most, np.int64)
    size = convoy = level = done = 0
    loading, escort_free = False, True

    for tanker in range(tankers):
        join(queue, waiting, AT_TERMINAL, tanker)
    length, order = put(due, length, order, 1.0, HOUR, 0)
    length, order = put(due, length, order, draw_at, DAY, 0)
    bays_free = bays
    now = 0.0
    while True:
        if not loading and queue[AT_TERMINAL]["length"]:
            loading = True
            length, order = put(due, length, order, now + slot, SLOT, leave(queue, waiting, AT_TERMINAL))
        while bays_free and queue[AT_BAY]["length"]:
            bays_free -= 1
            join(queue, waiting, AT_TANK, leave(queue, waiting, AT_BAY))
        while queue[AT_TANK]["length"] and level + lot <= tank:
            tanker = leave(queue, waiting, AT_TANK)
            level += lot
            done = note(rows, done, now, UNLOADING, tanker)
            length, order = put(due, length, order, now + unload[tanker, trip[tanker]], UNLOAD, tanker)

        now, what, who = due[0]["time"], due[0]["what"], due[0]["who"]
        if now >= until:
            return done
        length = pop(due, length)
        if what == SLOT:
            loading = False
            done = note(rows, done, now, LOADED, who)
            length, order = put(due, length, order, now + out[who, trip[who]], OUT, who)
        elif what == OUT:
            done = note(rows, done, now, READY, who)
            since[who] = now
            join(queue, waiting, AT_ASSEMBLY, who)
        elif what == CONVOY:
            done = note(rows, done, now, ARRIVED, who)
            for place in range(size):
                join(queue, waiting, AT_BAY, column[place])
            length, order = put(due, length, order, now + (back[who] + rest), ESCORT, who)
        elif what == UNLOAD:
            bays_free += 1
            done = note(rows, done, now, UNLOADED, who)
            length, order = put(due, length, order, now + home[who, trip[who]], HOME, who)
        elif what == HOME:
            done = note(rows, done, now, BACK, who)
            trip[who] += 1
            join(queue, waiting, AT_TERMINAL, who)
        elif what == ESCORT:
            done = note(rows, done, now, FREE, who)
            escort_free = True
        elif what == DAY:
            taken = min(level, draw)
            level -= taken
            done = note(rows, done, now, DRAWN, taken)
            length, order = put(due, length, order, now + 24.0, DAY, 0)
        else:
            length, order = put(due, length, order, now + 1.0, HOUR, 0)
            count = queue[AT_ASSEMBLY]["length"]
            if (
                escort_free
                and count
                and (count >= least or now - since[waiting[AT_ASSEMBLY, queue[AT_ASSEMBLY]["first"]]] >= longest)
            ):
                escort_free = False
                done = note(rows, done, now, DEPARTED, convoy)
                size = min(count, most)
                for place in range(size):
                    column[place] = leave(queue, waiting, AT_ASSEMBLY)
                    done = note(rows, done, now, LEFT, column[place])
                length, order = put(due, length, order, now + drive[convoy], CONVOY, convoy)
                convoy += 1


@njit
def note(rows: Any, done: int, time: float, kind: int, number: int) -> int:
    rows[done]["time"] = time
    rows[done]["kind"] = kind
    rows[done]["number"] = number
    return done + 1


@njit
def join(queue: Any, waiting: Any, which: int, tanker: int) -> None:
    """Stand at the end of a queue."""
    end = queue[which]["first"] + queue[which]["length"]
    waiting[which, end % waiting.shape[1]] = tanker
    queue[which]["length"] += 1


@njit
def leave(queue: Any, waiting: Any, which: int) -> int:
    """Take the first of a queue."""
    tanker = waiting[which, queue[which]["first"]]
    queue[which]["first"] = (queue[which]["first"] + 1) % waiting.shape[1]
    queue[which]["length"] -= 1
    return tanker


@njit
def earlier(due: Any, a: int, b: int) -> bool:
    if due[a]["time"] != due[b]["time"]:
        return due[a]["time"] < due[b]["time"]
    return due[a]["order"] < due[b]["order"]


@njit
def swap(due: Any, a: int, b: int) -> None:
    due[a]["time"], due[b]["time"] = due[b]["time"], due[a]["time"]
    due[a]["order"], due[b]["order"] = due[b]["order"], due[a]["order"]
    due[a]["what"], due[b]["what"] = due[b]["what"], due[a]["what"]
    due[a]["who"], due[b]["who"] = due[b]["who"], due[a]["who"]


@njit
def put(due: Any, length: int, order: int, time: float, what: int, who: int) -> Any:
    """Put an event on the heap; simultaneous ones come in the order in which they were put there."""
    at = length
    due[at]["time"], due[at]["order"], due[at]["what"], due[at]["who"] = time, order, what, who
    while at and earlier(due, at, (at - 1) // 2):
        swap(due, at, (at - 1) // 2)
        at = (at - 1) // 2
    return length + 1, order + 1


@njit
def pop(due: Any, length: int) -> int:
    """Take the first event off the heap."""
    length -= 1
    swap(due, 0, length)
    at = 0
    while True:
        least = at
        for child in (2 * at + 1, 2 * at + 2):
            if child < length and earlier(due, child, least):
                least = child
        if least == at:
            return length
        swap(due, at, least)
        at = least
