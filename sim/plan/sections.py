"""The scenario as numbers: frozen tuples in the model's units, things in order of name.

Every tuple of a section has one entry a thing.  A ``Series`` holds a piecewise constant parameter by date.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

Floats = tuple[float, ...]
Ints = tuple[int, ...]
Names = tuple[str, ...]


class Steps(NamedTuple):
    """A piecewise constant number: ``values[k]`` holds from ``starts[k]`` (h) on; a later entry wins."""

    starts: Floats
    values: Floats


Series = tuple[Steps, ...]


@dataclass(frozen=True, slots=True)
class Products:
    """Products in scope."""

    name: Names
    pump: tuple[bool, ...]
    need: Floats
    price: Floats
    cover: Floats
    hoarding: Floats


@dataclass(frozen=True, slots=True)
class Towns:
    """Towns, their depots and stations."""

    name: Names
    entity: Ints
    share: Floats
    blockade: Series
    capacity: Floats
    target: Floats
    bays: Floats
    stations: Floats
    tank: Floats
    spread: Floats


@dataclass(frozen=True, slots=True)
class Roads:
    """Roads; ``zone`` is -1 where there is no threat."""

    name: Names
    entity: Ints
    length: Floats
    pace: Floats
    zone: Ints


@dataclass(frozen=True, slots=True)
class Zones:
    """Zones of threat.

    ``by_chance`` says whether ``effort`` is a chance per passage instead of a rate; ``passage`` are the roads that such
    a passage drives, of the zone's ``roads``.
    """

    name: Names
    entity: Ints
    mine_entity: Ints
    roads: tuple[Ints, ...]
    by_chance: tuple[bool, ...]
    passage: tuple[Ints, ...]
    effort: Series
    ceiling: Floats
    mines: Series
    roadblocks: Series


@dataclass(frozen=True, slots=True)
class Terminals:
    """Terminals; ``depot`` is the town whose stock they draw on, or -1; ``supply`` is infinite without a limit."""

    name: Names
    slots: Series
    supply: Series
    depot: Ints


IMPORT, INLAND, EXOGENOUS = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Corridors:
    """Corridors.

    ``abroad`` are the roads before the assembly point, ``roads`` those after it; ``stops[c][k]`` is the town (or
    -1) at the end of ``roads[c][k]``; ``serves`` are towns.  Corridors with the same ``assembly``, numbered in order of
    their first corridor, leave their assembly point by the same road and queue together (-1: none).
    """

    name: Names
    entity: Ints
    kind: Ints
    terminal: Ints
    assembly: Ints
    abroad: tuple[Ints, ...]
    roads: tuple[Ints, ...]
    stops: tuple[Ints, ...]
    serves: tuple[Ints, ...]
    share: Series
    fleet: Floats
    open: Series
    through: Series
    turnaround: Floats
    customs: Series


@dataclass(frozen=True, slots=True)
class Fleet:
    """Tankers."""

    size: float
    load: float
    driving: float
    returning: float
    loading: float
    unloading: float
    day_factor: float
    moves_share: float
    moves_delay: float
    value: float


@dataclass(frozen=True, slots=True)
class Crews:
    """Crews and their willingness."""

    per_tanker: float
    killed: float
    abducted: float
    freed: float
    replaced: float
    on: bool
    fear: float
    spill: float
    recovery: float
    resolve: float
    alone: Steps
    threat_at: Floats
    threat_factor: Floats
    strike_from: Floats
    strike_to: Floats
    strike_corridors: tuple[Ints, ...]


NATIONAL, FOREIGN, AIR = 1, 2, 4
"""Bits of the components that are built in; those that a scenario names have 8, 16 and so on."""


@dataclass(frozen=True, slots=True)
class Escorts:
    """Escort pools and what escorts do; ``component`` is a bit."""

    name: Names
    entity: Ints
    component: Ints
    units: Series
    serves: tuple[Ints, ...]
    rest: Floats
    refit: Floats
    rebuilt: Floats
    availability: Floats
    cost: Floats


@dataclass(frozen=True, slots=True)
class Protection:
    """What each component does, in order of bits (the army: 1), the bits of some kinds, and how army alone fares."""

    name: Names
    ground: int
    by_day: int
    ratio_none: float
    ratio: Floats
    cycle: Floats
    split_detection: float
    split_deterrence: float
    split_damage: float
    detection: float
    deterrence: float


@dataclass(frozen=True, slots=True)
class Regimes:
    """How convoys form, by date; ``may`` is a bit set of components, ``must`` has one for each unit that must come."""

    start: Floats
    must: tuple[Ints, ...]
    may: Ints
    min: Floats
    max: Floats
    headway: Floats
    longest_wait: Floats
    daylight: tuple[bool, ...]
    alone: tuple[bool, ...]
    patience: Floats


BY_QUEUE, BY_PRIORITY, BY_SHARES = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Strategy:
    """The escort strategy; ``priority`` and ``weight`` have one entry a corridor."""

    imports: Regimes
    inland: Regimes
    allocation: int
    priority: Ints
    weight: Floats


@dataclass(frozen=True, slots=True)
class Convoys:
    """Whether convoys that must have an escort form by rule, and those on record, in order of name."""

    formed: bool
    entity: Ints
    at: Floats
    corridor: Ints
    tankers: Floats
    escort: Ints


@dataclass(frozen=True, slots=True)
class Roadblocks:
    """What a roadblock does."""

    delay: float
    taken: float
    turned_back: float
    killed: float


@dataclass(frozen=True, slots=True)
class Driving:
    """Convoys on the road."""

    escorted: float
    day_from: float
    day_to: float
    halt: float
    regroup: float
    turn_back: float


@dataclass(frozen=True, slots=True)
class Adaptive:
    """Whether and how attackers adapt (exploratory)."""

    on: bool
    reshare: float
    recruitment: float
    fading: float


@dataclass(frozen=True, slots=True)
class Attacks:
    """Attacks; the ``imposed_`` tuples have one entry a listed attack."""

    drawn: bool
    lifetime: float
    mine_lifetime: float
    prey: float
    damage: float
    exponent: float
    shape: float
    knocked_out: float
    imposed_entity: Ints
    imposed_at: Floats
    imposed_road: Ints
    imposed_window: Floats
    imposed_smallest: Floats
    imposed_lost: Floats
    adaptive: Adaptive


EVEN, LOWEST_FIRST, PRIORITY = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Retail:
    """Stations' rules."""

    lot: float
    lot_cover: float
    reorder: float
    rule: int
    priority: float
    delivered_from: float
    delivered_to: float
    tank_per_nozzle: float
    fill: float
    flow: float
    service: float
    give_up: float


@dataclass(frozen=True, slots=True)
class Rationing:
    """Rules on sales; -1 where a rule does not set something; empty towns or products mean all, (-1,) none in scope."""

    start: Floats
    end: Floats
    towns: tuple[Ints, ...]
    products: tuple[Ints, ...]
    fill: Floats
    share: Floats
    closed_days: tuple[Ints, ...]
    closed_stations: Floats

    def holding(self, town: int, time: float) -> list[int]:
        """Return the rules that hold in a town at a time (h), by number; none on products out of scope."""
        return [
            k
            for k in range(len(self.start))
            if self.start[k] <= time < self.end[k]
            and (not self.towns[k] or town in self.towns[k])
            and -1 not in self.products[k]
        ]

    def covers(self, rule: int, product: int) -> bool:
        """Say whether a rule is on a product."""
        return not self.products[rule] or product in self.products[rule]


@dataclass(frozen=True, slots=True)
class Consumers:
    """Consumers."""

    holds: float
    calm: float
    alarmed: float
    refill: float
    short_cover: float
    news: float
    news_held: float
    black_exponent: float
    black_cap: float


@dataclass(frozen=True, slots=True)
class Users:
    """Large users in scope."""

    name: Names
    town: Ints
    product: Ints
    need: Floats
    tank: Floats
    before: tuple[bool, ...]
    power: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """Orders, inland policy, electricity and costs."""

    correction: float
    follow: float
    follow_delay: float
    pumps_first: bool
    scarce: float
    least_tank: float
    hub_first: bool
    reserve: float
    power_hours: float
    power_thermal: float
    fuel_value: float
    exchange: float


@dataclass(frozen=True, slots=True)
class Stocks:
    """Stocks that a scenario states: at the start by town and product, and the country's at a midnight (-1: none)."""

    town: Ints
    product: Ints
    volume: Floats
    national_at: float
    national: float
