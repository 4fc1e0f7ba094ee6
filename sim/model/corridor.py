"""A corridor: its tankers, its terminal, its crews, and the customs of the towns it serves."""

from __future__ import annotations

import math
from collections import deque
from typing import TYPE_CHECKING

from sim.model.clock import Tally
from sim.model.crews import Crews
from sim.model.geography import peace_hours, roads_to
from sim.plan.sections import INLAND
from sim.rules.road import in_turn, slot_rate
from sim.rules.steps import at, entry, next_change

if TYPE_CHECKING:
    from sim.model.assembly import AssemblyPoint
    from sim.model.country import Country
    from sim.model.tanker import Tanker
    from sim.plan.sections import Steps


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
        one, other = next_change(self.slots.starts, time), next_change(self.supply.starts, time)
        return one if one < other else other


class Corridor:
    """One corridor with its tankers; ``marks`` are the willingness marks of those who wait at the assembly point."""

    def __init__(self, country: Country, number: int, terminal: Terminal | None, tankers: int) -> None:
        plan = country.plan
        corridors = plan.corridors
        self.country, self.number, self.terminal = country, number, terminal
        self.entity = corridors.entity[number]
        self.kind = corridors.kind[number]
        self.abroad = corridors.abroad[number]
        self.roads = corridors.roads[number]
        self.stops = corridors.stops[number]
        self.turnaround = corridors.turnaround[number]
        self.regimes = plan.strategy.inland if self.kind == INLAND else plan.strategy.imports
        away = peace_hours(plan, self.abroad)
        self.back_hours = {
            town: plan.fleet.returning * (away + peace_hours(plan, roads_to(plan, number, town)))
            for town in corridors.serves[number]
        }
        self.crews = Crews(country.clock, country.log, plan, number, tankers)
        self.assembly: AssemblyPoint | None = None
        self.idle: deque[Tanker] = deque()
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
        return at(*self.country.plan.corridors.open[self.number], time) > 0.5

    def is_escorted(self, time: float) -> bool:
        """Say whether convoys leave with an escort only."""
        return bool(self.regimes.must[entry(self.regimes.start, time)])

    def out_of_customs(self, town: int, now: float) -> float:
        """Return when a tanker that reaches a town's customs now is let out; nobody overtakes."""
        delay = at(*self.country.plan.corridors.customs[self.number], now)
        out = in_turn(now, delay, self.last_out.get(town, 0.0))
        self.last_out[town] = out
        return out

    def stand_by(self, tanker: Tanker) -> None:
        """Let a tanker join the queue of the assembly point."""
        assert self.assembly is not None  # only exogenous corridors, which have no tankers, lack one
        self.assembly.stand_by(tanker)
