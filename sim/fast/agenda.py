"""What is due: a heap of the minutes at hand, lists of what comes later, one clock a market, and what happens at once.

The order is that of the model in SimPy: (time, rank, entity), then the order in which things were put down.  What a
process causes at once comes before all else: first the starts of new processes (``urgent``), then what waiting
processes were told (``soon``), each in turn.
"""

from __future__ import annotations

import math
from enum import IntEnum
from typing import TYPE_CHECKING

from sim.fast.compiled import compile_all
from sim.fast.layout import RANK, codes
from sim.fast.memory import new, new_row
from sim.fast.records import Record, ints

if TYPE_CHECKING:
    from sim.fast.layout import Country
    from sim.fast.market import Market


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


class Event(Record):
    """Something due; ``order`` is rank and entity in one number, ``who`` the place of the thing it concerns."""

    time: float
    value: float
    next: Event
    order, seq, what, who, more = ints(5)


class Tally(Record):
    """How many there are of something, and the integral of that number over time."""

    count: int
    total: float
    last: float


def add(tally: Tally, time: float, change: int) -> None:
    """Change a number at a time, and its integral over time."""
    tally.total += tally.count * (time - tally.last)
    tally.last = time
    tally.count += change


def take_total(tally: Tally, time: float) -> float:
    """Return the integral since the last call, in units of count times hours."""
    add(tally, time, 0)
    total = tally.total
    tally.total = 0.0
    return total


def begin(country: Country) -> None:
    """Open the agenda of a run."""
    hours = country.until * 24
    country.horizon = float(hours)
    country.buckets = new_row(Event, country, hours * BUCKETS + 1)
    country.heap = new_row(Event, country, 256)


def open_rings(country: Country) -> None:
    """Make room for what happens at once: a step, a free bay and a draw for each tanker, a draw for all else."""
    others = len(country.plan.users.need) + len(country.markets) + len(country.corridors) + 1
    most = 3 * len(country.tankers) + 2 * others
    size = 1
    while size < most:
        size *= 2
    country.ring = size - 1
    country.urgent = new_row(int, country, size)
    country.soon = new_row(int, country, size)


def event(country: Country, what: int, who: int) -> Event:
    """Return a new event."""
    event = country.spare
    if event:
        country.spare = event.next
    else:
        event = new(Event, country, 1)[0]
    event.what = what
    event.who = who
    event.more = 0
    event.value = 0.0
    return event


def done(event: Event) -> None:
    """Give an event's words back."""
    event.next = event.country.spare
    event.country.spare = event


def due(event: Event, time: float, rank: int, key: int) -> None:
    """Put an event down for a time (h)."""
    country = event.country
    if time > country.horizon:
        done(event)
        return
    event.time = time
    event.order = rank << BITS | key
    country.seq += 1
    event.seq = country.seq
    bucket = math.floor(time * BUCKETS)
    if bucket <= country.bucket:
        _push(country, event)
    else:
        event.next = country.buckets[bucket]
        country.buckets[bucket] = event


def call(country: Country, time: float, rank: int, key: int, what: int, who: int) -> None:
    """Have something done at a time (h)."""
    due(event(country, what, who), time, rank, key)


def urgently(country: Country, what: int, who: int) -> None:
    """Start a process as soon as what goes on now is over."""
    country.urgent[country.urgent_last & country.ring] = who << CODE | what
    country.urgent_last += 1


def soon(country: Country, what: int, who: int) -> None:
    """Tell a waiting process something as soon as what goes on now is over."""
    country.soon[country.soon_last & country.ring] = who << CODE | what
    country.soon_last += 1


def set_clock(market: Market, time: float) -> None:
    """Set when a market's own next event is due (h), infinite if never."""
    country = market.country
    market.due = time
    first = country.next_market
    if not first:
        country.next_market = market
    elif first == market:
        _seek_market(country)
    elif _market_before(market, first):
        country.next_market = market


def _seek_market(country: Country) -> None:
    first = country.markets[0]
    for market in country.markets:
        if _market_before(market, first):
            first = market
    country.next_market = first


def _market_before(market: Market, other: Market) -> bool:
    return (market.due, market.key) < (other.due, other.key)


def at_once(country: Country) -> int:
    """Take the next of what happens at once, as who << CODE | what, or 0."""
    if country.urgent_first < country.urgent_last:
        country.urgent_first += 1
        return country.urgent[(country.urgent_first - 1) & country.ring]
    if country.soon_first < country.soon_last:
        country.soon_first += 1
        return country.soon[(country.soon_first - 1) & country.ring]
    return 0


def first_due(country: Country) -> Event:
    """Return the event that is due first, markets' own apart, without taking it; the end of the run is always due."""
    while country.heap_count == 0:
        country.bucket += 1
        event = country.buckets[country.bucket]
        while event:
            later = event.next
            _push(country, event)
            event = later
    return country.heap[0]


def own_time(market: Market, event: Event) -> bool:
    """Say whether a market's own event is due before another event."""
    return (market.due, RANK.RETAIL << BITS | market.key) < (event.time, event.order)


def take_first(country: Country) -> None:
    """Take the event that is due first off the heap."""
    heap = country.heap
    country.heap_count -= 1
    count = country.heap_count
    if count == 0:
        return
    last = heap[count]
    hole = 0
    child = 1
    while child < count:
        if child + 1 < count and _before(heap[child + 1], heap[child]):
            child += 1
        if not _before(heap[child], last):
            break
        heap[hole] = heap[child]
        hole = child
        child = 2 * hole + 1
    heap[hole] = last


def _push(country: Country, event: Event) -> None:
    hole = country.heap_count
    if hole == len(country.heap):
        _widen(country)
    heap = country.heap
    country.heap_count = hole + 1
    while hole > 0:
        above = (hole - 1) >> 1
        if not _before(event, heap[above]):
            break
        heap[hole] = heap[above]
        hole = above
    heap[hole] = event


def _widen(country: Country) -> None:
    heap = country.heap
    wider = new_row(Event, country, 2 * len(heap))
    for k in range(len(heap)):
        wider[k] = heap[k]
    country.heap = wider


def _before(event: Event, other: Event) -> bool:
    return (event.time, event.order, event.seq) < (other.time, other.order, other.seq)


compile_all(globals())
