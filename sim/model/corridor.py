"""A corridor: its tankers, the queue at its assembly point, and how convoys are formed."""

from __future__ import annotations

import math
from bisect import bisect_left, insort
from collections import deque
from typing import TYPE_CHECKING

from sim.model.clock import Tally
from sim.model.convoy import Convoy
from sim.model.crews import Crews
from sim.model.geography import peace_hours, roads_to
from sim.plan.sections import INLAND
from sim.record import Kind
from sim.rules.road import gate, in_turn, is_day
from sim.rules.steps import at, entry, whole

if TYPE_CHECKING:
    from sim.model.country import Country
    from sim.model.escort import Unit
    from sim.model.tanker import Tanker
    from sim.plan.sections import Steps


class Terminal:
    """Where tankers load; ``free`` is when the next slot opens, ``depot`` the town it draws on or -1."""

    def __init__(self, slots: Steps, depot: int) -> None:
        self.slots = slots
        self.depot = depot
        self.free = 0.0


class Corridor:
    """One corridor with its tankers.

    The queue at the assembly point is kept in order of (ready time, fleet, serial), the willingness marks of those
    who wait in ascending order, so that the number of the willing is one search.
    """

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
        self.idle: deque[Tanker] = deque()
        self.away = self.coming = 0
        self.fleet = tankers
        self.queue: list[tuple[float, int, int, Tanker]] = []
        self._marks: list[float] = []
        self.last_departure = self.last_alone = -math.inf
        self.last_out: dict[int, float] = {}
        self.waiting_order, self.loading, self.customs, self.unloading = Tally(), Tally(), Tally(), Tally()
        self.ordered = self.loaded = self.departed = self.escorted = self.arrived = self.lost = 0
        self.short = self.no_tanker = self.no_crew = 0
        self.closed_hours = self.refusal_hours = self.escort_hours = self.rule_hours = 0.0

    def is_open(self, time: float) -> bool:
        """Say whether the corridor is open at a time."""
        return at(*self.country.plan.corridors.open[self.number], time) > 0.5

    def slot(self, now: float) -> float:
        """Take the next slot of the terminal and return when it opens."""
        terminal = self.terminal
        assert terminal is not None  # only corridors with a terminal own tankers
        rate = at(*terminal.slots, now)
        if rate <= 0.0:
            opens = [t for t, more in zip(*terminal.slots, strict=True) if t > now and more > 0.0]
            if not opens:
                return math.inf
            now = min(opens)
            rate = at(*terminal.slots, now)
        start, terminal.free = gate(now, terminal.free, 1.0 / rate)
        return start

    def out_of_customs(self, town: int, now: float) -> float:
        """Return when a tanker that reaches a town's customs now is let out; nobody overtakes."""
        delay = at(*self.country.plan.corridors.customs[self.number], now)
        out = in_turn(now, delay, self.last_out.get(town, 0.0))
        self.last_out[town] = out
        return out

    def stand_by(self, tanker: Tanker) -> None:
        """Join the queue; until the next full hour a tanker waits because convoys are formed on the hour."""
        now = self.country.clock.now
        tanker.ready = now
        tanker.inside = self.kind == INLAND
        tanker.attempts += 1
        insort(self.queue, (now, tanker.home.entity, tanker.serial, tanker))
        insort(self._marks, tanker.mark)
        self.rule_hours += math.ceil(now) - now
        self.country.log.add(now, Kind.READY, self.entity, tanker.serial)

    def dispatch(self, now: float) -> None:
        """Form the convoys that may leave at this hour, and count why the others wait."""
        if not self.queue:
            return
        joins = self.crews.joins(now)
        if not self.is_open(now):
            self.closed_hours += len(self.queue)
            return
        lacks_escort = self._form(now, joins)
        waiting = len(self.queue)
        willing = bisect_left(self._marks, joins)
        self.refusal_hours += waiting - willing
        if lacks_escort:
            self.escort_hours += willing
        else:
            self.rule_hours += willing

    def _form(self, now: float, joins: float) -> bool:
        """Let a convoy leave if the regime allows; return whether one is ready but lacks an escort."""
        r = self.regimes
        k = entry(r.start, now)
        willing = bisect_left(self._marks, joins)
        lacks_escort = False
        if willing and (willing >= whole(r.min[k]) or now - self._oldest(joins) >= r.longest_wait[k]):
            units = self.country.escorts_for(self, r.must[k], now)
            if units is None:
                lacks_escort = True
            elif self._may_leave(now, k, self.last_departure):
                self.last_departure = now
                units += self.country.free_escorts(self, r.may[k], now)
                self._depart(now, self._first(joins, whole(r.max[k])), units)
        if r.alone[k] and r.must[k] and self.queue and self._may_leave(now, k, self.last_alone):
            weary = [e[3] for e in self.queue if now - e[0] >= r.patience[k] and e[3].mark < joins]
            if weary:
                self.last_alone = now
                self._depart(now, weary, [])
        return lacks_escort

    def _may_leave(self, now: float, k: int, last: float) -> bool:
        """Say whether headway since the last departure and daylight allow one now."""
        r = self.regimes
        return now - last >= r.headway[k] and (not r.daylight[k] or self._by_day(now))

    def _by_day(self, now: float) -> bool:
        driving = self.country.plan.driving
        return is_day(now, driving.day_from, driving.day_to)

    def _oldest(self, joins: float) -> float:
        for ready, _, _, tanker in self.queue:
            if tanker.mark < joins:
                return ready
        return math.inf

    def _first(self, joins: float, most: int) -> list[Tanker]:
        chosen: list[Tanker] = []
        for _, _, _, tanker in self.queue:
            if tanker.mark < joins:
                chosen.append(tanker)
                if len(chosen) == most:
                    break
        return chosen

    def _depart(self, now: float, column: list[Tanker], units: list[Unit]) -> None:
        going = set(map(id, column))
        self.queue = [e for e in self.queue if id(e[3]) not in going]
        for tanker in column:
            tanker.inside = True
            del self._marks[bisect_left(self._marks, tanker.mark)]
        self.departed += len(column)
        if units:
            self.escorted += len(column)
        daylight = self.regimes.daylight[entry(self.regimes.start, now)]
        convoy = Convoy(self.country, self, column, units, daylight)
        self.country.clock.process(convoy.drive())
