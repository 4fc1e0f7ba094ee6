"""Roadblocks: they hold a road against whoever comes without soldiers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.record import OUTCOMES, ROADBLOCK, Kind
from sim.rules import roadblock as rules
from sim.rules.roadblock import MOST_ATTEMPTS, TAKEN, TURNED_BACK
from sim.rules.steps import at
from sim.world.keys import Stream

if TYPE_CHECKING:
    from sim.model.party import Party

STOPPED = OUTCOMES.index("stopped")


class Roadblocks:
    """The roadblocks that one party meets: a Poisson process of the kilometres that it drives without soldiers.

    Each gap is keyed by the party's first tanker and that one's attempt, and a roadblock begins a new attempt of all
    its tankers; a gap runs on from road to road, so that cutting a road in two changes nothing.
    """

    def __init__(self, party: Party) -> None:
        self.party, self.world = party, party.world
        self.road = -1
        self.rate = self.driven = 0.0
        self.gap = math.nan

    def enter(self, road: int, time: float) -> float:
        """Begin a road; return at which share of it the next roadblock stands, infinite if there is none."""
        plan = self.world.plan
        zone = plan.roads.zone[road]
        guarded = self.party.escort_left & self.world.plan.protection.ground != 0
        self.road, self.driven = road, 0.0
        free = zone < 0 or guarded or time < plan.begin
        self.rate = 0.0 if free else at(*plan.zones.roadblocks[zone], time)
        return self._next()

    def leave(self) -> None:
        """Come to the end of the road."""
        if self.rate > 0.0:
            self.gap = rules.rest(self.gap, self.rate, self.world.plan.roads.length[self.road], self.driven)

    def stop(self, place: float, time: float) -> float:
        """Let the roadblock at a place of the road stop the party; return where the next one stands."""
        world, party, given = self.world, self.party, self.world.plan.roadblocks
        size = len(party.column)
        stay, lost, killed = [], 0, 0
        for tanker in party.column:
            entity, mark = tanker.home.entity, tanker.attempt_index
            fate = rules.fate(world.draws.uniform(Stream.ROADBLOCK_FATE, entity, mark), given.taken, given.turned_back)
            if fate == TAKEN:
                dead = world.draws.uniform(Stream.ROADBLOCK_CREW, entity, mark) < given.killed
                lost += 1
                killed += dead
                tanker.lose(dead, not dead)
            elif fate == TURNED_BACK:
                tanker.turn_back(time + (time - party.departed))
            else:
                stay.append(tanker)
        party.column = stay
        party.lost += lost
        world.log.add(time, Kind.ROADBLOCK, world.plan.roads.entity[self.road], party.number, float(lost))
        party.note_encounter(
            time, self.road, ROADBLOCK, 0, party.escort_left, STOPPED, size, lost, killed, lost - killed, 0
        )
        party.corridor.hear_of(lost)
        for tanker in stay:
            tanker.attempts += 1
        self.driven, self.gap = place, math.nan
        return self._next()

    def _next(self) -> float:
        if self.rate <= 0.0 or not self.party.column:
            return math.inf
        if math.isnan(self.gap):
            first = self.party.column[0]
            if first.attempts > MOST_ATTEMPTS:
                self.gap = math.inf
            else:
                mark = self.world.draws.uniform(Stream.ROADBLOCK_GAP, first.home.entity, first.attempt_index)
                self.gap = rules.gap(mark)
        return rules.place(self.gap, self.rate, self.world.plan.roads.length[self.road], self.driven)
