"""Tankers and escort units that are on the road together."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.record import Kind
from sim.rules import encounter
from sim.rules.road import is_day
from sim.rules.steps import day_of

if TYPE_CHECKING:
    from sim.model.corridor import Corridor, Tanker
    from sim.model.escort import Unit
    from sim.model.world import Row, World


class Party:
    """Tankers that leave together, in their order in the column, with the escort units assigned to them.

    It drives the roads of ``corridor``.  A convoy on record has its ``escort`` (bits) whether or not pools have units
    for it, and is ``short`` of tankers that were not there.
    """

    def __init__(
        self,
        world: World,
        number: int,
        corridor: Corridor,
        column: list[Tanker],
        units: list[Unit],
        daylight: bool,
        escort: int = 0,
        short: int = 0,
    ) -> None:
        self.world, self.corridor = world, corridor
        self.column, self.units, self.daylight = column, units, daylight
        self.number = number
        self.departed = world.clock.now
        self.size, self.short = len(column), short
        self.escort = 0
        for unit in units:
            self.escort |= unit.pool.component
            unit.pool.leave(unit, corridor.number, self.departed)
        self.beside = escort & ~self.escort
        self.escort = self.escort | escort
        self.escort_left = self.escort
        self.lost = self.arrived = 0
        self.turned_back = False
        self.attacked = False
        self.ended = math.nan
        protection = world.plan.protection
        self.cycle = encounter.cycle_factor(self.escort, protection.cycle)
        world.note(Kind.DEPARTED, corridor.entity, self.number, float(self.size))

    def present(self, time: float) -> int:
        """Return the components that protect the party at a time: see `sim.rules.encounter.cover`."""
        driving, protection = self.world.plan.driving, self.world.plan.protection
        flying, day = self.beside, day_of(time)
        for unit in self.units:
            if not unit.pool.ground and unit.pool.flies(unit, day):
                flying |= unit.pool.component
        light = is_day(time, driving.day_from, driving.day_to)
        return encounter.cover(self.escort_left, protection.ground, flying, protection.by_day, light)

    def strike(self, unit: Unit) -> None:
        """Lose a ground unit."""
        unit.pool.knock_out(unit, self.world.clock.now)
        self.units.remove(unit)
        if not any(other.pool.component == unit.pool.component for other in self.units):
            self.escort_left &= ~unit.pool.component

    def note_encounter(
        self, time: float, road: int, kind: int, ordinal: int, escort: int, outcome: int, *counts: int
    ) -> None:
        """Write the row of an encounter; ``counts`` are tankers there, lost, crews killed, abducted, units struck."""
        head = (time - self.world.plan.begin, self.number, self.corridor.number, road, kind, ordinal, escort, outcome)
        self.world.rows["encounters"].append((*head, *counts))

    def row(self) -> Row:
        """Return the row of the convoy; its trip has NaN days if it is still on the road."""
        return (
            self.number,
            self.corridor.number,
            self.departed - self.world.plan.begin,
            self.size,
            self.escort,
            self.lost,
            self.arrived,
            self.turned_back,
            self.attacked,
            (self.ended - self.departed) / 24.0,
            self.short,
        )
