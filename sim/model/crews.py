"""Crews of a corridor: who is there, who is willing, who is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.record import Kind
from sim.rules import crews as rules
from sim.rules.order import Rank
from sim.rules.steps import at, whole

if TYPE_CHECKING:
    from sim.model.world import World


class Crews:
    """A corridor's crews.

    ``free`` wait for a trip, ``away`` are on one; ``willing`` is the share that joins convoys when not on strike.
    """

    def __init__(self, world: World, corridor: int, tankers: int) -> None:
        self.world, self.plan, self.corridor = world, world.plan.crews, corridor
        self.entity = world.plan.corridors.entity[corridor]
        self.tankers = tankers
        self.free = whole(tankers * self.plan.per_tanker)
        self.away = 0
        self.willing = 1.0
        self._carried = 0.0

    def drives(self, time: float, escorted: bool) -> float:
        """Return the share of crews that would drive now, with an escort or without."""
        return rules.drives(self.joins(time), at(*self.plan.alone, time), escorted) if self.plan.on else 1.0

    def joins(self, time: float) -> float:
        """Return the share of crews that would join an escorted convoy now."""
        if not self.plan.on:
            return 1.0
        for k in range(len(self.plan.strike_from)):
            if (
                self.plan.strike_from[k] <= time < self.plan.strike_to[k]
                and self.corridor in (self.plan.strike_corridors[k])
            ):
                return 0.0
        return self.willing

    def frighten(self, lost: int, felt: float) -> None:
        """Let a loss of tankers be felt in full (1) or in part."""
        self.willing = rules.frightened(self.willing, self.plan.fear, float(lost), felt)
        self.world.note(Kind.WILLING, self.entity, 0, self.willing)

    def threaten(self, factor: float) -> None:
        """Let a declaration lower willingness."""
        self.willing = self.willing * factor
        self.world.note(Kind.WILLING, self.entity, 0, self.willing)

    def midnight(self) -> None:
        """Let reluctance fade and missing crews be replaced."""
        self.willing = rules.recovered(self.willing, self.plan.recovery)
        missing = self.tankers * self.plan.per_tanker - (self.free + self.away)
        if missing >= 1.0:
            hired, self._carried = rules.replacements(missing, self.plan.replaced, self._carried)
            self.free += hired

    def end_trip(self) -> None:
        """Note that a crew is back."""
        self.away -= 1
        self.free += 1

    def lose(self, killed: bool, abducted: bool) -> None:
        """Lose a tanker; its crew is killed, abducted for a time, or safe."""
        self.away -= 1
        self.tankers -= 1
        if abducted and not killed:
            clock = self.world.clock
            clock.call(clock.now + self.plan.freed, Rank.CREWS, self.entity, self._come_free)
        elif not killed:
            self.free += 1

    def _come_free(self, _: object) -> None:
        self.free += 1
        self.world.note(Kind.CREW_FREED, self.entity)
