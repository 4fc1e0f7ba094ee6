"""What is due: a heap of the minutes at hand, lists of what comes later, one clock a market, and what happens at once.

The order is that of the model in SimPy: (time, rank, entity), then the order in which things were put down.  What a
process causes at once comes before all else: first the starts of new processes (``urgent``), then what waiting
processes were told (``soon``), each in turn.
"""

from __future__ import annotations

import math
from enum import IntEnum

from sim.fast.compiled import Reals, Words, compiled
from sim.fast.layout import EVENT, HEAD, MARKET, RANK, codes
from sim.fast.memory import new


class What(IntEnum):
    """What an event calls for; who it concerns is the event's ``who``."""

    TRIP = 1
    TURNED = 2
    SLOT = 3
    LOADED = 4
    READY = 5
    THERE = 6
    CUSTOMS = 7
    UNLOADED = 8
    BACK = 9
    MOVED = 10
    ARRIVED = 11
    BAY = 12
    POURED = 13
    BAY_FREE = 14
    DRAWN = 15
    STAND_BY = 16
    CONVOY = 17
    LOT = 18
    FREED = 19
    AMBUSH = 20
    MIDNIGHT = 21
    THREAT = 22
    MORNING = 23
    HOUR = 24
    END = 25


WHAT = codes(What)
BUCKETS = 8
"""Lists an hour of what is due later; a power of two, so that no time moves by rounding."""
CODE = 8
"""Bits that say what, of a number that says what happens at once, and to whom."""
BITS = 56
"""Bits of an event's order that hold its entity."""


@compiled
def begin(f: Reals, n: Words) -> None:
    """Open the agenda of a run."""
    hours = n[HEAD.until] * 24
    f[HEAD.horizon] = float(hours)
    n[HEAD.buckets] = new(n, hours * BUCKETS + 1)
    n[HEAD.heap_room] = 256
    n[HEAD.heap] = new(n, n[HEAD.heap_room])


@compiled
def open_rings(n: Words) -> None:
    """Make room for what happens at once: a step, a free bay and a draw for each tanker, a draw for all else."""
    others = n[HEAD.users_count] + n[HEAD.markets_count] + n[HEAD.corridors_count] + 1
    most = 3 * n[HEAD.tankers_count] + 2 * others
    size = 1
    while size < most:
        size *= 2
    n[HEAD.ring] = size - 1
    n[HEAD.urgent] = new(n, size)
    n[HEAD.soon] = new(n, size)


@compiled
def event(n: Words, what: int, who: int) -> int:
    """Return a new event."""
    place = n[HEAD.spare]
    if place == 0:
        place = new(n, EVENT.words)
    else:
        n[HEAD.spare] = n[place + EVENT.next]
    n[place + EVENT.what] = what
    n[place + EVENT.who] = who
    n[place + EVENT.more] = 0
    n[place + EVENT.value] = 0
    n[place + EVENT.next] = 0
    return place


@compiled
def done(n: Words, place: int) -> None:
    """Give an event's words back."""
    n[place + EVENT.next] = n[HEAD.spare]
    n[HEAD.spare] = place


@compiled
def due(f: Reals, n: Words, place: int, time: float, rank: int, key: int) -> None:
    """Put an event down for a time (h)."""
    if time > f[HEAD.horizon]:
        done(n, place)
        return
    f[place + EVENT.time] = time
    n[place + EVENT.order] = rank << BITS | key
    n[HEAD.seq] += 1
    n[place + EVENT.seq] = n[HEAD.seq]
    bucket = math.floor(time * BUCKETS)
    if bucket <= n[HEAD.bucket]:
        _push(f, n, place)
    else:
        n[place + EVENT.next] = n[n[HEAD.buckets] + bucket]
        n[n[HEAD.buckets] + bucket] = place


@compiled
def call(f: Reals, n: Words, time: float, rank: int, key: int, what: int, who: int) -> None:
    """Have something done at a time (h)."""
    due(f, n, event(n, what, who), time, rank, key)


@compiled
def urgently(n: Words, what: int, who: int) -> None:
    """Start a process as soon as what goes on now is over."""
    n[n[HEAD.urgent] + (n[HEAD.urgent_last] & n[HEAD.ring])] = who << CODE | what
    n[HEAD.urgent_last] += 1


@compiled
def soon(n: Words, what: int, who: int) -> None:
    """Tell a waiting process something as soon as what goes on now is over."""
    n[n[HEAD.soon] + (n[HEAD.soon_last] & n[HEAD.ring])] = who << CODE | what
    n[HEAD.soon_last] += 1


@compiled
def set_clock(f: Reals, n: Words, market: int, time: float) -> None:
    """Set when a market's own next event is due (h), infinite if never."""
    f[market + MARKET.due] = time
    first = n[HEAD.next_market]
    if first == 0:
        n[HEAD.next_market] = market
    elif first == market:
        _seek_market(f, n)
    elif _market_before(f, n, market, first):
        n[HEAD.next_market] = market


@compiled
def _seek_market(f: Reals, n: Words) -> None:
    first = n[HEAD.markets]
    for k in range(1, n[HEAD.markets_count]):
        market = n[HEAD.markets] + k * MARKET.words
        if _market_before(f, n, market, first):
            first = market
    n[HEAD.next_market] = first


@compiled
def _market_before(f: Reals, n: Words, one: int, other: int) -> bool:
    a, b = f[one + MARKET.due], f[other + MARKET.due]
    return a < b or (a == b and n[one + MARKET.key] < n[other + MARKET.key])


@compiled
def at_once(n: Words) -> int:
    """Take the next of what happens at once, as who << CODE | what, or 0."""
    if n[HEAD.urgent_first] < n[HEAD.urgent_last]:
        n[HEAD.urgent_first] += 1
        return n[n[HEAD.urgent] + ((n[HEAD.urgent_first] - 1) & n[HEAD.ring])]
    if n[HEAD.soon_first] < n[HEAD.soon_last]:
        n[HEAD.soon_first] += 1
        return n[n[HEAD.soon] + ((n[HEAD.soon_first] - 1) & n[HEAD.ring])]
    return 0


@compiled
def first_due(f: Reals, n: Words) -> int:
    """Return the event that is due first, markets' own apart, without taking it; the end of the run is always due."""
    while n[HEAD.heap_count] == 0:
        n[HEAD.bucket] += 1
        place = n[n[HEAD.buckets] + n[HEAD.bucket]]
        while place != 0:
            later = n[place + EVENT.next]
            _push(f, n, place)
            place = later
    return n[n[HEAD.heap]]


@compiled
def own_time(f: Reals, n: Words, market: int, place: int) -> bool:
    """Say whether a market's own event is due before another event."""
    time = f[market + MARKET.due]
    if time != f[place + EVENT.time]:
        return time < f[place + EVENT.time]
    return RANK.RETAIL << BITS | n[market + MARKET.key] < n[place + EVENT.order]


@compiled
def take(f: Reals, n: Words) -> None:
    """Take the event that is due first off the heap."""
    heap = n[HEAD.heap]
    n[HEAD.heap_count] -= 1
    count = n[HEAD.heap_count]
    if count == 0:
        return
    last = n[heap + count]
    hole = 0
    child = 1
    while child < count:
        if child + 1 < count and _before(f, n, n[heap + child + 1], n[heap + child]):
            child += 1
        if not _before(f, n, n[heap + child], last):
            break
        n[heap + hole] = n[heap + child]
        hole = child
        child = 2 * hole + 1
    n[heap + hole] = last


@compiled
def _push(f: Reals, n: Words, place: int) -> None:
    hole = n[HEAD.heap_count]
    if hole == n[HEAD.heap_room]:
        _widen(n)
    heap = n[HEAD.heap]
    n[HEAD.heap_count] = hole + 1
    while hole > 0:
        above = (hole - 1) >> 1
        if not _before(f, n, place, n[heap + above]):
            break
        n[heap + hole] = n[heap + above]
        hole = above
    n[heap + hole] = place


@compiled
def _widen(n: Words) -> None:
    wider = new(n, 2 * n[HEAD.heap_room])
    for k in range(n[HEAD.heap_room]):
        n[wider + k] = n[n[HEAD.heap] + k]
    n[HEAD.heap] = wider
    n[HEAD.heap_room] *= 2


@compiled
def _before(f: Reals, n: Words, one: int, other: int) -> bool:
    a, b = f[one + EVENT.time], f[other + EVENT.time]
    if a != b:
        return a < b
    if n[one + EVENT.order] != n[other + EVENT.order]:
        return n[one + EVENT.order] < n[other + EVENT.order]
    return n[one + EVENT.seq] < n[other + EVENT.seq]
