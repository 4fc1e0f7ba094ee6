"""What lies in the memory of a replication: the country while it is simulated, with its plan.

One array of 64-bit words holds it all, the country itself first; see `sim.fast.records`.  What it is made of is
declared where it acts, such as `sim.fast.market.Market`.
"""

from __future__ import annotations

from enum import IntEnum
from types import ModuleType
from typing import TYPE_CHECKING, Final

from sim.fast.records import Record, floats, ints, rows
from sim.plan.plan import Plan
from sim.record import Kind
from sim.rules.order import Rank
from sim.world.keys import Stream

if TYPE_CHECKING:
    from sim.fast.agenda import Event
    from sim.fast.ambush import Encounter
    from sim.fast.assembly import AssemblyPoint
    from sim.fast.books import Balance
    from sim.fast.convoy import Convoy
    from sim.fast.corridor import Corridor
    from sim.fast.escort import Pool, Unit
    from sim.fast.market import Market
    from sim.fast.memory import Chunk
    from sim.fast.records import Many, Part, Row
    from sim.fast.tanker import Tanker
    from sim.fast.tape import Candidate, OnRoad
    from sim.fast.town import Town


class Numbers(ModuleType):
    """Whole numbers by name; compiled code reads what is in a module as constants."""

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> int: ...


def codes(enum: type[IntEnum]) -> Numbers:
    """Return the values of an enum as plain numbers by name."""
    numbers = Numbers(enum.__name__)
    vars(numbers).update((member.name, int(member)) for member in enum)
    return numbers


STREAM: Final = codes(Stream)
KIND: Final = codes(Kind)
RANK: Final = codes(Rank)


class Number(Record):
    """A number of the plan, wherever it is."""

    value: float


class Uncertain(Record):
    """A number that the replication draws, and where it stands in the plan."""

    law: int
    places: Row[Number]
    low, value, high, least, later, drawn = floats(6)


class Country(Record):
    """One replication of a plan.

    Rows are by product, or by town and product, or by corridor, town and product, unless they say otherwise.
    """

    plan: Part[Plan]
    uncertain: Many[Uncertain]
    # random numbers, memory and log
    key_low, key_high, replication, room, free, stop, log_next, log_end = ints(8)
    log_on: bool
    log_first: Chunk
    log_last: Chunk
    # agenda
    now, begin, horizon = floats(3)
    until, seq, events, bucket, heap_count, ring, urgent_first, urgent_last, soon_first, soon_last = ints(10)
    buckets: Row[Event]
    heap: Row[Event]
    urgent, soon = rows(int, 2)
    spare: Event
    next_market: Market
    # things
    towns: Many[Town]
    markets: Many[Market]
    corridors: Many[Corridor]
    tankers: Many[Tanker]
    assemblies: Many[AssemblyPoint]
    pools: Many[Pool]
    convoys: Convoy
    last_convoy: Convoy
    encounters: Encounter
    last_encounter: Encounter
    convoys_count, encounters_count = ints(2)
    # for use at once, by corridor, assembly point or unit
    shares, factors = rows(float, 2)
    turns: Row[AssemblyPoint]
    givers: Row[Corridor]
    free_units: Row[Unit]
    # convoys on record, by number
    due, missing = rows(int, 2)
    due_next: int
    # ambushes
    tape: Row[Candidate]
    by_road: Many[OnRoad]
    tape_next, laid, met = ints(3)
    longest, last_news = floats(2)
    alone: Row[float]
    # attackers that adapt, by zone
    level: float
    weeks, fights = ints(2)
    exposed, seen, lengths = rows(float, 3)
    # fuel
    passed, own_need, need, burn, target, carried = rows(float, 6)
    bound, asked, granted, taken = rows(int, 4)
    balance: Many[Balance]
    # tables
    day: int
    town_rows, flow_reals, user_rows, user_stocks, stock_rows, imports, unit_hours, duty_before = rows(float, 8)
    flow_counts: Row[int]
    imports_noted: Row[bool]
