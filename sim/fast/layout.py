"""What lies in the memory of a replication: the country while it is simulated, with its plan.

One array of 64-bit words holds it all, the country itself first; see `sim.fast.records`.  What it is made of is
declared where it acts, such as `sim.fast.market.Market`.
"""

from __future__ import annotations

from enum import IntEnum
from types import ModuleType
from typing import TYPE_CHECKING, Final

from sim.fast.records import Record
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
    from sim.plan.plan import Plan


class Numbers(ModuleType):
    """Whole numbers by name; compiled code reads what is in a module as constants."""

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> int: ...


def codes(enum: type[IntEnum]) -> Numbers:
    """Return the values of an enum as plain numbers by name."""
    found = Numbers(enum.__name__)
    vars(found).update((one.name, int(one)) for one in enum)
    return found


STREAM: Final = codes(Stream)
KIND: Final = codes(Kind)
RANK: Final = codes(Rank)


class Number(Record):
    """A number of the plan, wherever it is."""

    value: float


class Uncertain(Record):
    """A number that the replication draws, and where it stands in the plan."""

    law: int
    low: float
    value: float
    high: float
    least: float
    later: float
    places: Row[Number]
    drawn: float


class Country(Record):
    """One replication of a plan.

    Rows are by product, or by town and product, or by corridor, town and product, unless they say otherwise.
    """

    # random numbers
    key_low: int
    key_high: int
    replication: int
    # memory and log
    room: int
    free: int
    stop: int
    log_on: bool
    log_first: Chunk
    log_last: Chunk
    log_next: int
    log_end: int
    # agenda
    now: float
    begin: float
    until: int
    seq: int
    events: int
    spare: Event
    horizon: float
    buckets: Row[Event]
    bucket: int
    heap: Row[Event]
    heap_count: int
    ring: int
    urgent: Row[int]
    urgent_first: int
    urgent_last: int
    soon: Row[int]
    soon_first: int
    soon_last: int
    next_market: Market
    # things
    uncertain: Many[Uncertain]
    towns: Many[Town]
    markets: Many[Market]
    corridors: Many[Corridor]
    tankers: Many[Tanker]
    assemblies: Many[AssemblyPoint]
    pools: Many[Pool]
    convoys: Convoy
    last_convoy: Convoy
    convoys_count: int
    encounters: Encounter
    last_encounter: Encounter
    encounters_count: int
    # for use at once, by corridor, assembly point or unit
    turns: Row[AssemblyPoint]
    shares: Row[float]
    factors: Row[float]
    givers: Row[Corridor]
    free_units: Row[Unit]
    # convoys on record, by number
    due: Row[int]
    due_next: int
    missing: Row[int]
    # ambushes
    tape: Row[Candidate]
    tape_next: int
    by_road: Many[OnRoad]
    longest: float
    laid: int
    met: int
    alone: Row[float]
    last_news: float
    # attackers that adapt, by zone
    level: float
    exposed: Row[float]
    seen: Row[float]
    weeks: int
    fights: int
    lengths: Row[float]
    # fuel
    initial: Row[float]
    entered: Row[float]
    adjusted: Row[float]
    sold: Row[float]
    used: Row[float]
    gone: Row[float]
    passed: Row[float]
    balance: Many[Balance]
    bound: Row[int]
    own_need: Row[float]
    need: Row[float]
    burn: Row[float]
    target: Row[float]
    carried: Row[float]
    asked: Row[int]
    granted: Row[int]
    taken: Row[int]
    # tables
    day: int
    town_rows: Row[float]
    flow_counts: Row[int]
    flow_reals: Row[float]
    user_rows: Row[float]
    user_stocks: Row[float]
    stock_rows: Row[float]
    imports: Row[float]
    imports_noted: Row[bool]
    unit_hours: Row[float]
    duty_before: Row[float]
    plan: Part[Plan]
