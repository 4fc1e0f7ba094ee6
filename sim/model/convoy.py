"""A convoy on the road: ambushes, roadblocks, towns on the way, the end of the trip or the way back."""

from __future__ import annotations

import math
from collections import deque
from typing import TYPE_CHECKING, Any

from sim.model.geography import peace_hours
from sim.model.roadblock import Roadblocks
from sim.model.tanker import ARRIVED
from sim.plan.sections import AIR
from sim.record import Kind
from sim.rules import encounter
from sim.rules.encounter import GROUND
from sim.rules.order import Rank
from sim.rules.road import LONGEST_DELAY, arrival, is_day, progress
from sim.rules.steps import day_of

if TYPE_CHECKING:
    from collections.abc import Generator

    from simpy.events import Event

    from sim.model.corridor import Corridor
    from sim.model.country import Country
    from sim.model.escort import Unit
    from sim.model.tanker import Tanker
    from sim.world.tape import Candidate


class Convoy:
    """Tankers that leave together, in their order in the column, with the escort units assigned to them.

    It drives the roads of ``corridor``.  A convoy on record has its ``escort`` (bits) whether or not pools have units
    for it, and is ``short`` of tankers that were not there.
    """

    def __init__(
        self,
        country: Country,
        corridor: Corridor,
        column: list[Tanker],
        units: list[Unit],
        daylight: bool,
        escort: int = 0,
        short: int = 0,
    ) -> None:
        self.country, self.corridor = country, corridor
        self.column, self.units, self.daylight = column, units, daylight
        self.number = len(country.convoys)
        country.convoys.append(self)
        self.departed = country.clock.now
        self.size, self.short = len(column), short
        self.escort = 0
        for unit in units:
            self.escort |= unit.pool.component
            unit.pool.leave(unit, corridor.number, self.departed)
        self.beside = escort & ~self.escort
        self.escort = self.escort | escort
        self.escort_left = self.escort
        self.roadblocks = Roadblocks(country, self)
        self.lost = self.arrived = 0
        self.turned_back = False
        self.attacked = False
        self.ended = math.nan
        protection = country.plan.protection
        self.cycle = encounter.cycle_factor(self.escort, protection.cycle_foreign, protection.cycle_air)
        country.log.add(self.departed, Kind.DEPARTED, corridor.entity, self.number, float(self.size))

    def drive(self) -> Generator[Event, Any, None]:
        """Drive the corridor's roads in turn, dropping tankers at the towns they are loaded for."""
        country, plan, clock = self.country, self.country.plan, self.country.clock
        key = self.corridor.entity << 16 | self.number & 0xFFFF
        day = (plan.driving.day_from, plan.driving.day_to)
        time = self.departed
        for k, road in enumerate(self.corridor.roads):
            pace = progress(
                plan.roads.pace[road],
                plan.fleet.driving,
                plan.driving.escorted,
                self.escort_left & GROUND != 0,
                self.cycle,
                country.factor(road, time),
            )
            hours = plan.roads.length[road] / pace
            place = 0.0
            if country.adaptation is not None:
                middle = arrival(time, hours * 0.5, self.daylight, *day)
                country.adaptation.passes(road, len(self.column), self.present(middle), middle)
            end = arrival(time, hours, self.daylight, *day)
            ahead = deque(self._ahead(road, time, end))
            block = self.roadblocks.enter(road, time)
            while ahead or block < math.inf:
                candidate = ahead.popleft() if ahead and ahead[0].place <= block else None
                stop = block if candidate is None else candidate.place
                reach = arrival(time, hours * (stop - place), self.daylight, *day)
                if candidate is not None and not candidate.time <= reach < candidate.end:
                    continue
                if reach > clock.now:
                    yield clock.at(reach, Rank.CONVOY, key)
                time, place = reach, stop
                if candidate is not None:
                    time += country.ambushes.meet(self, candidate)
                else:
                    block = self.roadblocks.stop(place, time)
                    time += plan.roadblocks.delay
                if not self.column:
                    self._end(time, k, place)
                    return
                if self.turned_back:
                    yield from self._turn_back(time, key)
                    return
                end = arrival(time, hours * (1.0 - place), self.daylight, *day)
            self.roadblocks.leave()
            time = end
            if any(tanker.destination == self.corridor.stops[k] for tanker in self.column):
                if time > clock.now:
                    yield clock.at(time, Rank.CONVOY, key)
                self._drop(self.corridor.stops[k])
            if not self.column:
                self._end(time, k + 1)
                return

    def present(self, time: float) -> int:
        """Return the components that protect the convoy at a time: air cover only if it flies, and by day."""
        if not self.escort_left & AIR:
            return self.escort_left
        driving = self.country.plan.driving
        flies = self.beside & AIR != 0 or any(
            unit.pool.component == AIR and unit.pool.flies(unit, day_of(time)) for unit in self.units
        )
        return encounter.cover(flies, self.escort_left, is_day(time, driving.day_from, driving.day_to))

    def strike(self, unit: Unit, time: float) -> None:
        """Lose a ground unit."""
        unit.pool.knock_out(unit, time)
        self.units.remove(unit)
        if not any(other.pool.component == unit.pool.component for other in self.units):
            self.escort_left &= ~unit.pool.component

    def _ahead(self, road: int, time: float, end: float) -> list[Candidate]:
        near = self.country.tape.near(road, time, end + LONGEST_DELAY)
        near.sort(key=lambda c: (c.place, c.time, c.entity, c.serial))
        return near

    def _drop(self, town: int) -> None:
        leaving = [tanker for tanker in self.column if tanker.destination == town]
        self.column = [tanker for tanker in self.column if tanker.destination != town]
        self.arrived += len(leaving)
        for tanker in leaving:
            self.country.log.add(self.country.clock.now, Kind.REACHED, self.corridor.entity, tanker.serial, float(town))
            assert tanker.at_stop is not None  # set when it stood by
            tanker.at_stop.succeed(ARRIVED)

    def _turn_back(self, time: float, key: int) -> Generator[Event, Any, None]:
        home = time + (time - self.departed)
        yield self.country.clock.at(home, Rank.CONVOY, key)
        for tanker in self.column:
            tanker.corridor.stand_by(tanker)
        self.country.log.add(home, Kind.TURNED_BACK, self.corridor.entity, self.number, float(len(self.column)))
        self._end(home, 0)

    def _end(self, time: float, roads_driven: int, part: float = 0.0) -> None:
        """Send the escort back over the roads driven, and the part of the next."""
        roads, plan = self.corridor.roads, self.country.plan
        back = peace_hours(plan, roads[:roads_driven])
        if part > 0.0:
            back += part * peace_hours(plan, (roads[roads_driven],))
        back *= self.cycle
        for unit in self.units:
            unit.pool.come_back(unit, time, back if unit.pool.component != AIR else 0.0, self.cycle)
        self.ended = time
