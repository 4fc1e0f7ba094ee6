"""A convoy on the road: ambushes, roadblocks, towns on the way, the end of the trip or the way back."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from simpy.events import Event

from sim.model.corridor import ARRIVED
from sim.model.geography import peace_hours
from sim.model.party import Party
from sim.model.roadblock import Roadblocks
from sim.record import Kind
from sim.rules.order import Rank
from sim.rules.road import LONGEST_DELAY, arrival, progress
from sim.world.tape import Candidate

if TYPE_CHECKING:
    from sim.model.ambush import Ambushes
    from sim.model.corridor import Corridor, Tanker
    from sim.model.escort import Unit


class Convoy(Party):
    """A party and its story."""

    def __init__(
        self,
        ambushes: Ambushes,
        corridor: Corridor,
        column: list[Tanker],
        units: list[Unit],
        daylight: bool,
        escort: int = 0,
        short: int = 0,
    ) -> None:
        super().__init__(ambushes.world, len(ambushes.parties), corridor, column, units, daylight, escort, short)
        self.ambushes = ambushes
        ambushes.parties.append(self)
        self.roadblocks = Roadblocks(self)

    def drive(self) -> Generator[Event, Any, None]:
        """Drive the corridor's roads in turn, dropping tankers at the towns they are loaded for."""
        world, plan, clock = self.world, self.world.plan, self.world.clock
        key = self.corridor.entity << 16 | self.number & 0xFFFF
        day = (plan.driving.day_from, plan.driving.day_to)
        time = self.departed
        for k, road in enumerate(self.corridor.roads):
            pace = progress(
                plan.roads.pace[road],
                plan.fleet.driving,
                plan.driving.escorted,
                self.escort_left & plan.protection.ground != 0,
                self.cycle,
                world.factor(road, time),
            )
            hours = plan.roads.length[road] / pace
            place = 0.0
            if self.ambushes.adaptation is not None:
                middle = arrival(time, hours * 0.5, self.daylight, *day)
                self.ambushes.adaptation.passes(road, len(self.column), self.present(middle), middle)
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
                    time += self.ambushes.meet(self, candidate)
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

    def _ahead(self, road: int, time: float, end: float) -> list[Candidate]:
        near = self.world.tape.near(road, time, end + LONGEST_DELAY)
        near.sort(key=lambda c: (c.place, c.time, c.entity, c.serial))
        return near

    def _drop(self, town: int) -> None:
        leaving = [tanker for tanker in self.column if tanker.destination == town]
        self.column = [tanker for tanker in self.column if tanker.destination != town]
        self.arrived += len(leaving)
        for tanker in leaving:
            self.world.note(Kind.REACHED, self.corridor.entity, tanker.serial, float(town))
            assert tanker.at_stop is not None  # set when it stood by
            tanker.at_stop.succeed(ARRIVED)

    def _turn_back(self, time: float, key: int) -> Generator[Event, Any, None]:
        home = time + (time - self.departed)
        yield self.world.clock.at(home, Rank.CONVOY, key)
        for tanker in self.column:
            tanker.stand_by()
        self.world.note(Kind.TURNED_BACK, self.corridor.entity, self.number, float(len(self.column)))
        self._end(home, 0)

    def _end(self, time: float, roads_driven: int, part: float = 0.0) -> None:
        """Send the escort back over the roads driven, and the part of the next."""
        roads, plan = self.corridor.roads, self.world.plan
        back = peace_hours(plan, roads[:roads_driven])
        if part > 0.0:
            back += part * peace_hours(plan, (roads[roads_driven],))
        back *= self.cycle
        for unit in self.units:
            unit.pool.come_back(unit, time, back if unit.pool.ground else 0.0, self.cycle)
        self.ended = time
