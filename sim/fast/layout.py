"""Where everything lies in the memory of a replication.

One array of 64-bit words holds the plan and the state of a replication; ``n`` reads a word as a whole number, ``f`` the
same word as a floating-point number.  A thing (a town, a tanker, an event) is the place of its first word; its fields
are offsets: ``f[tanker + TANKER.mark]``, ``n[tanker + TANKER.serial]``.  Parts of which there is one, such as the
fleet's parameters, have places of their own: ``f[FLEET.load]``.

A tuple of the plan is two words, the place of its first entry and the number of entries; steps have their starts
first, their values after them.
"""

from __future__ import annotations

from dataclasses import fields
from enum import IntEnum
from types import ModuleType
from typing import TYPE_CHECKING, Final

from sim.plan import sections
from sim.record import Kind
from sim.rules.order import Rank
from sim.world.keys import Stream


class Numbers(ModuleType):
    """Whole numbers by name; compiled code reads what is in a module as constants."""

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> int: ...


def struct(name: str, *names: str, first: int = 0) -> Numbers:
    """Return offsets of fields by name, ``words``, how many there are, and ``after``, the place behind them."""
    found = Numbers(name)
    vars(found).update(zip(names, range(first, first + len(names)), strict=True))
    vars(found).update(words=len(names), after=first + len(names))
    return found


def codes(enum: type[IntEnum]) -> Numbers:
    """Return the values of an enum as plain numbers by name."""
    found = Numbers(enum.__name__)
    vars(found).update((one.name, int(one)) for one in enum)
    return found


STREAM: Final = codes(Stream)
KIND: Final = codes(Kind)
RANK: Final = codes(Rank)

ONE_WORD: Final = frozenset({"float", "int", "bool"})
PER_THING: Final = frozenset({"Floats", "Ints", "tuple[bool, ...]", "Series", "tuple[Ints, ...]", "Names"})
LISTS_PER_THING: Final = frozenset({"Series", "tuple[Ints, ...]"})


def of_things(section: type) -> Numbers:
    """Return the layout of one entry of a section that has one entry a thing; names are left out."""
    names: list[str] = []
    for field in fields(section):
        assert field.type in PER_THING, (section, field)
        if field.type in LISTS_PER_THING:
            names += [field.name, f"{field.name}_count"]
        elif field.type != "Names":
            names.append(field.name)
    return struct(section.__name__, *names)


def of_one(section: type, first: int = 0) -> Numbers:
    """Return the layout of a section of which there is one."""
    names: list[str] = []
    for field in fields(section):
        if field.type in ONE_WORD or field.type == "Regimes":
            names.append(field.name)
        elif field.type in PER_THING or field.type == "Steps":
            names += [field.name, f"{field.name}_count"]
        else:
            assert field.type == "Adaptive", (section, field)
    return struct(section.__name__, *names, first=first)


PRODUCT: Final = of_things(sections.Products)
TOWN: Final = of_things(sections.Towns)
ROAD: Final = of_things(sections.Roads)
ZONE: Final = of_things(sections.Zones)
TERMINAL: Final = of_things(sections.Terminals)
CORRIDOR: Final = of_things(sections.Corridors)
POOL: Final = of_things(sections.Escorts)
RULE: Final = of_things(sections.Rationing)
USER: Final = of_things(sections.Users)
REGIMES: Final = of_one(sections.Regimes)
"""One entry a regime in each of its tuples, so that the dated ones can be searched."""
UNCERTAIN: Final = struct(
    "Uncertain", "law", "low", "value", "high", "least", "later", "places", "places_count", "drawn"
)

HEAD: Final = struct(
    "Head",
    # the plan
    *("warmup", "days", "weekday", "hub", "until", "begin"),
    *("products", "products_count", "towns", "towns_count", "roads", "roads_count", "zones", "zones_count"),
    *("terminals", "terminals_count", "corridors", "corridors_count", "escorts", "escorts_count"),
    *("rationing", "rationing_count", "users", "users_count", "uncertain", "uncertain_count"),
    # random numbers
    *("key_low", "key_high", "replication"),
    # memory
    *("room", "free", "stop", "log_on", "log_first", "log_last", "log_next", "log_end"),
    # agenda
    *("now", "seq", "spare", "events", "horizon", "buckets", "bucket", "heap", "heap_room", "heap_count"),
    *("ring", "urgent", "urgent_first", "urgent_last", "soon", "soon_first", "soon_last", "next_market"),
    # the country
    *("lines", "depots", "markets", "markets_count", "tankers", "tankers_count", "points", "points_count"),
    *("turns", "shares", "factors", "due", "due_next", "missing"),
    *("tape", "tape_count", "alone", "tape_next", "by_road", "longest", "laid", "met"),
    *("convoys", "last_convoy", "convoys_count", "encounters", "last_encounter", "encounters_count"),
    *(
        "initial",
        "entered",
        "adjusted",
        "sold",
        "used",
        "gone",
        "passed",
        "duty_before",
        "bound",
        "own_need",
        "need",
        "burn",
    ),
    *("carried", "target", "asked", "granted", "taken", "givers", "free_units", "imports", "imports_noted"),
    *("last_news", "day", "level", "exposed", "seen", "weeks", "fights", "lengths"),
    # tables
    *("town_rows", "flow_rows", "user_rows", "user_stocks", "stock_rows", "unit_hours", "balance", "forces", "places"),
)
FLEET: Final = of_one(sections.Fleet, HEAD.after)
CREWS: Final = of_one(sections.Crews, FLEET.after)
PROTECTION: Final = of_one(sections.Protection, CREWS.after)
STRATEGY: Final = of_one(sections.Strategy, PROTECTION.after)
RECORDED: Final = of_one(sections.Convoys, STRATEGY.after)
ROADBLOCKS: Final = of_one(sections.Roadblocks, RECORDED.after)
DRIVING: Final = of_one(sections.Driving, ROADBLOCKS.after)
ATTACKS: Final = of_one(sections.Attacks, DRIVING.after)
ADAPTIVE: Final = of_one(sections.Adaptive, ATTACKS.after)
RETAIL: Final = of_one(sections.Retail, ADAPTIVE.after)
CONSUMERS: Final = of_one(sections.Consumers, RETAIL.after)
POLICY: Final = of_one(sections.Policy, CONSUMERS.after)
STOCKS: Final = of_one(sections.Stocks, POLICY.after)
PLAN_FIRST: Final = STOCKS.after
"""Place of the first word after the parts of which there is one."""

EVENT: Final = struct("Event", "time", "order", "seq", "what", "who", "more", "value", "next")
"""Something due; ``order`` is rank and entity in one number."""
DEPOT: Final = struct("Depot", "town", "entity", "bays", "busy", "waits", "waits_last", "tanks", "users", "users_count")
"""``waits`` are tankers that wait for a bay, linked by TANKER.next."""
TANK: Final = struct("Tank", "capacity", "level", "waits", "waits_last")
"""``waits`` are tankers that wait for room."""
HELD: Final = struct("Held", "user", "product", "need", "tank", "level", "used")
"""A large user's tank."""
PLACE: Final = struct(
    "Place", "town", "entity", "count", "wet", "wet_any", "wet_total", "wet_last", "ranked", "closing", "closed_share",
    "markets", "markets_count", "order", "keys", "levels",
)  # fmt: skip
"""A town while it is simulated: ``wet`` counts products by station, ``ranked`` are stations in order of their mark."""
MARKET: Final = struct(
    "Market", "place", "town", "product", "key", "stations", "count", "all_nozzles", "recent", "matches", "leaves",
    "phi", "wet_nozzles", "wet_stations", "burn", "held", "backlog", "wanted", "kappa", "policy", "rate", "last", "due",
    "queue_ends", "pending_first", "pending_rate", "pending_backlog", "pending_nozzles", "pending",
    "at_stations", "usual", "sum_wanted", "sum_sold", "sum_given_up", "sum_burned", "sum_backlog", "sum_open", "fill",
    "share", "closed",
)  # fmt: skip
"""Stations of a town for one product; ``matches`` is a tournament over their dry keys, ``recent`` the lots given
on each of the last seven days, ``at_stations`` what stations held at midnight, ``usual`` what they hold on average."""
STATION: Final = struct(
    "Station", "wet", "nozzles", "dry_key", "kept", "open", "coming", "tank", "lot", "reorder", "lots", "stock", "asks",
    "asking",
)  # fmt: skip
"""A station's tank of one product; ``lot`` is what a tanker leaves there, ``reorder`` the stock under which it asks,
``lots`` are those of the last seven days."""
MATCH: Final = struct("Match", "key", "station")
"""A node of the tournament over dry keys: the least key below it, and whose it is."""
TALLY: Final = struct("Tally", "count", "total", "last")
LINE: Final = struct(
    "Line", "corridor", "number", "entity", "kind", "terminal", "hub", "regimes", "fleet", "away", "coming",
    "idle", "idle_last", "idle_count", "idle_from", "point", "passes", "share", "marks", "marks_count", "back",
    "last_out", "asked_of", "got_through",
    "waiting_order", "waiting_order_1", "waiting_order_2", "loading", "loading_1", "loading_2",
    "customs", "customs_1", "customs_2", "unloading", "unloading_1", "unloading_2",
    "ordered", "loaded", "departed", "escorted", "arrived", "lost", "short", "no_tanker", "no_crew",
    "closed_hours", "refusal_hours", "escort_hours", "rule_hours",
    "crews_tankers", "crews_free", "crews_away", "willing", "crews_carried", "served",
)  # fmt: skip
"""A corridor while it is simulated; ``marks`` are those who wait by ascending willingness mark, ``share`` that of its
crews that would drive in the dispatch at hand, ``passes`` says of each town whether it is on the way, ``idle_from``
counts idle tankers by the corridor that is their home."""
POINT: Final = struct(
    "Point", "entity", "regimes", "lines", "lines_count", "queue", "queue_last", "queue_count", "last_departure",
    "last_alone",
)  # fmt: skip
"""An assembly point; ``lines`` are its corridors."""
GATE: Final = struct("Gate", "slots", "slots_count", "supply", "supply_count", "depot", "free")
"""A terminal while it is simulated."""
TANKER: Final = struct(
    "Tanker", "home", "line", "serial", "trips", "attempts", "product", "destination", "laden", "inside", "mark",
    "ready", "before", "next", "left", "stage", "rest", "period", "phase", "since",
)  # fmt: skip
"""A tanker is in one list at a time: idle, queue, waiting for a bay or for room."""
CONVOY: Final = struct(
    "Convoy", "line", "number", "departed", "tankers", "escort", "escort_left", "lost", "arrived", "turned_back",
    "attacked", "ended", "daylight", "cycle", "column", "count", "units", "units_count",
    "road", "time", "place", "hours", "end", "reach", "ahead", "ahead_count", "at", "next", "beside", "short",
    "stop", "met", "block", "rate", "length", "driven", "gap",
)  # fmt: skip
"""``stop`` is where on its road it meets ``met``, a candidate, or a roadblock if that is 0; ``block`` where the next
roadblock stands; ``rate``, ``length``, ``driven`` and ``gap`` are those of `sim.rules.roadblock`."""
UNIT: Final = struct("Unit", "pool", "number", "free_at", "left_at", "home_at", "line", "fought")
FORCE: Final = struct("Force", "pool", "number", "entity", "component", "units", "units_count", "duty")
"""An escort pool while it is simulated."""
CANDIDATE: Final = struct(
    "Candidate", "time", "entity", "serial", "kind", "zone", "road", "place", "end", "height", "smallest", "lost",
    "armed", "met",
)  # fmt: skip
"""``armed`` is one more than the number of convoys that have reached the ambush, 0 while there is none."""
MEETING: Final = struct(
    "Meeting", "time", "convoy", "corridor", "road", "kind", "ordinal", "escort", "outcome", "size", "lost",
    "killed", "abducted", "knocked_out", "next",
)  # fmt: skip
ENTRY: Final = struct("Entry", "time", "kind", "entity", "serial", "value")
