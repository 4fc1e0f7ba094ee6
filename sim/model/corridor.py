"""A corridor and its tankers: its terminal, its crews, the customs of the towns it serves, what tankers do."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from simpy.events import Event

from sim.model.crews import Crews
from sim.model.geography import peace_hours, roads_to
from sim.model.world import Tally
from sim.plan.sections import IMPORT, INLAND, Steps
from sim.record import Kind
from sim.rules.crews import NO_PERIOD
from sim.rules.order import Rank
from sim.rules.orders import smoothed
from sim.rules.road import in_turn, slot_rate
from sim.rules.roadblock import MOST_ATTEMPTS
from sim.rules.steps import DAY, at, entry, next_change
from sim.world.keys import index

if TYPE_CHECKING:
    from sim.model.town import Town
    from sim.model.world import Row, World

ARRIVED, LOST = "arrived", "lost"
"""What a tanker hears at the end of its convoy."""


class Terminal:
    """Where tankers load; ``free`` is when the next slot opens, ``depot`` the town it draws on or -1."""

    def __init__(self, slots: Steps, supply: Steps, load: float, depot: int) -> None:
        self.slots, self.supply, self.load = slots, supply, load
        self.depot = depot
        self.free = 0.0

    def loads(self, time: float) -> bool:
        """Say whether tankers can load at a time."""
        return self._rate(time) > 0.0

    def slot(self, now: float) -> float:
        """Take the next slot and return when it opens, infinite if it never does.

        The next one opens when one slot's worth of time has passed, at the rates of that time.
        """
        start = now if now > self.free else self.free
        while start < math.inf and not self.loads(start):
            start = self._change(start)
        time, left = start, 1.0
        while time < math.inf:
            rate, change = self._rate(time), self._change(time)
            if rate > 0.0 and left / rate <= change - time:
                time += left / rate
                break
            if rate > 0.0:
                left -= rate * (change - time)
            time = change
        self.free = time
        return start

    def _rate(self, time: float) -> float:
        return slot_rate(at(*self.slots, time), at(*self.supply, time), self.load)

    def _change(self, time: float) -> float:
        slots, supply = next_change(self.slots.starts, time), next_change(self.supply.starts, time)
        return slots if slots < supply else supply


class Corridor:
    """One corridor with its tankers; ``marks`` are the willingness marks of those who wait at the assembly point.

    ``towns`` and ``all`` are the country's towns and corridors; ``stand_by`` lets a tanker join the assembly point's
    queue.
    """

    stand_by: Callable[[Tanker], None]

    def __init__(
        self,
        world: World,
        number: int,
        terminal: Terminal | None,
        tankers: int,
        towns: list[Town],
        corridors: list[Corridor],
    ) -> None:
        plan = world.plan
        given = plan.corridors
        self.world, self.number, self.terminal = world, number, terminal
        self.towns, self.all = towns, corridors
        self.entity = given.entity[number]
        self.kind = given.kind[number]
        self.abroad = given.abroad[number]
        self.roads = given.roads[number]
        self.stops = given.stops[number]
        self.turnaround = given.turnaround[number]
        self.regimes = plan.strategy.inland if self.kind == INLAND else plan.strategy.imports
        away = peace_hours(plan, self.abroad)
        self.back_hours = {
            town: plan.fleet.returning * (away + peace_hours(plan, roads_to(plan, number, town)))
            for town in given.serves[number]
        }
        self.crews = Crews(world, number, tankers)
        self.idle: deque[Tanker] = deque(Tanker(self, serial) for serial in range(tankers))
        self.away = self.coming = 0
        self.fleet = tankers
        self.marks: list[float] = []
        self.last_out: dict[int, float] = {}
        self.waiting_order, self.loading, self.customs, self.unloading = Tally(), Tally(), Tally(), Tally()
        self.ordered = self.loaded = self.departed = self.escorted = self.arrived = self.lost = 0
        self.short = self.no_tanker = self.no_crew = 0
        self.closed_hours = self.refusal_hours = self.escort_hours = self.rule_hours = 0.0
        self.asked_of = self.got_through = 0.0

    def is_open(self, time: float) -> bool:
        """Say whether the corridor is open at a time."""
        return at(*self.world.plan.corridors.open[self.number], time) > 0.5

    def is_escorted(self, time: float) -> bool:
        """Say whether convoys leave with an escort only."""
        return bool(self.regimes.must[entry(self.regimes.start, time)])

    def out_of_customs(self, town: int, now: float) -> float:
        """Return when a tanker that reaches a town's customs now is let out; nobody overtakes."""
        delay = at(*self.world.plan.corridors.customs[self.number], now)
        out = in_turn(now, delay, self.last_out.get(town, 0.0))
        self.last_out[town] = out
        return out

    def judge(self) -> None:
        """At the end of a day: note what was ordered on an import corridor and what came through."""
        if self.kind == IMPORT:
            delay = self.world.plan.policy.follow_delay
            self.asked_of = smoothed(self.asked_of, float(self.ordered), delay)
            self.got_through = smoothed(self.got_through, float(self.arrived), delay)

    def close_day(self) -> Row:
        """Return the day's flows after its number, and begin new ones."""
        now = self.world.clock.now
        tankers = (self.ordered, self.loaded, self.departed, self.escorted, self.arrived, self.lost)
        hours = (
            *(self.waiting_order.take(now), self.loading.take(now)),
            *(self.closed_hours, self.refusal_hours, self.escort_hours, self.rule_hours),
            *(self.customs.take(now), self.unloading.take(now)),
        )
        lapsed = (self.short, self.no_tanker, self.no_crew)
        self.ordered = self.loaded = self.departed = self.escorted = self.arrived = self.lost = 0
        self.short = self.no_tanker = self.no_crew = 0
        self.closed_hours = self.refusal_hours = self.escort_hours = self.rule_hours = 0.0
        return (self.number, *tankers, *(some / DAY for some in hours), *lapsed, self.crews.joins(now - 1e-6))

    def hear_of(self, lost: int) -> None:
        """Let crews and consumers learn of a loss on this corridor."""
        if not lost:
            return
        plan = self.world.plan
        self.crews.frighten(lost, 1.0)
        for other in self.all:
            if other is not self and other.kind == IMPORT:
                other.crews.frighten(lost, plan.crews.spill)
        if lost >= plan.consumers.news:
            self.world.last_news = self.world.clock.now


class Tanker:
    """One tanker of the fleet; ``home`` and ``serial`` name it, ``corridor`` is where it drives now.

    ``inside`` says whether it is past its assembly point; ``mark`` is its crew's mind in the present ``period``: it
    drives while the willingness is above.  ``ready`` is when it last joined a queue, ``since`` since when its crew has
    been willing there (infinite if it is not).
    """

    __slots__ = (
        *("at_stop", "attempts", "corridor", "destination", "home", "inside", "laden", "mark", "period", "phase"),
        *("product", "ready", "serial", "since", "trips"),
    )

    def __init__(self, corridor: Corridor, serial: int) -> None:
        self.home = self.corridor = corridor
        self.serial = serial
        self.trips = 0
        self.attempts = 0
        self.product = self.destination = -1
        self.laden = False
        self.inside = False
        self.mark = self.phase = 0.0
        self.period = NO_PERIOD
        self.ready = 0.0
        self.since = math.inf
        self.at_stop: Event | None = None

    @property
    def key(self) -> int:
        """Order of this tanker among simultaneous events."""
        return self.home.entity << 16 | self.serial

    @property
    def attempt_index(self) -> int:
        """Index of draws that belong to this attempt of this trip: trips below 4,096, attempts up to 15."""
        return index(self.serial, self.trips << 4 | min(self.attempts, MOST_ATTEMPTS))

    @property
    def world(self) -> World:
        """The world it drives in."""
        return self.home.world

    def _note(self, kind: Kind, value: float = 0.0) -> None:
        self.world.note(kind, self.corridor.entity, self.serial, value)

    def take_order(self, town: int, product: int) -> None:
        """Begin the next trip: its crew, its load and its destination."""
        crews = self.corridor.crews
        crews.free -= 1
        crews.away += 1
        self.trips += 1
        self.attempts = 0
        self.inside = self.corridor.kind == INLAND
        self.destination, self.product = town, product
        self.world.bound[town][product] += 1

    def load(self) -> None:
        """Leave the terminal; inland tankers took their load from the depot when they were sent."""
        self.corridor.loaded += 1
        if not self.laden:
            self.laden = True
            self.world.entered[self.product] += self.world.plan.fleet.load
        self._note(Kind.LOADED, float(self.product))

    def stand_by(self) -> None:
        """Join the queue of the assembly point."""
        self.corridor.stand_by(self)

    def clear(self) -> None:
        """Leave customs: the load counts as imported if it came from abroad."""
        self.corridor.arrived += 1
        if self.corridor.kind == IMPORT:
            self.world.count_import(self.corridor.number, self.product, self.world.plan.fleet.load)
        self._note(Kind.CLEARED)

    def unload(self) -> None:
        """Be empty."""
        self.laden = False
        self.world.bound[self.destination][self.product] -= 1
        self._note(Kind.UNLOADED)

    def come_home(self) -> None:
        """Be back at the terminal."""
        self.corridor.crews.end_trip()
        self._note(Kind.BACK)
        self.wait_for_order()

    def wait_for_order(self) -> None:
        """Stand idle."""
        self.corridor.idle.append(self)
        self.corridor.waiting_order.add(self.world.clock.now, 1)

    def turn_back(self, home: float) -> None:
        """Leave the convoy for the assembly point, where it waits again from a time on."""
        self._note(Kind.TURNED_BACK)
        self.world.clock.call(home, Rank.TANKER, self.key, lambda _: self.stand_by())

    def lose(self, killed: bool, abducted: bool) -> None:
        """Be lost with the load."""
        self.laden = False
        self.world.gone[self.product] += self.world.plan.fleet.load
        self.world.bound[self.destination][self.product] -= 1
        self.corridor.lost += 1
        self.home.away -= self.corridor is not self.home
        self.corridor.crews.lose(killed, abducted)
        self._note(Kind.LOST, float(self.product))
        assert self.at_stop is not None  # set when it stood by
        self.at_stop.succeed(LOST)
