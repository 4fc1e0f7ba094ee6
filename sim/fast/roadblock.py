"""Roadblocks: they hold a road against whoever comes without soldiers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.fast.agenda import WHAT, call
from sim.fast.ambush import hear_of, lose, new_encounter
from sim.fast.compiled import compile_all
from sim.fast.draws import uniform
from sim.fast.layout import KIND, RANK, STREAM
from sim.fast.lowering import part
from sim.fast.memory import at, index, note
from sim.fast.rules import roadblock
from sim.record import OUTCOMES, ROADBLOCK
from sim.rules.roadblock import MOST_ATTEMPTS, TAKEN, TURNED_BACK

if TYPE_CHECKING:
    from sim.fast.convoy import Convoy
    from sim.fast.tanker import Tanker

STOPPED = OUTCOMES.index("stopped")


def enter(convoy: Convoy, road: int) -> None:
    """Begin a road, and find out where on it the next roadblock stands."""
    country = convoy.country
    zone = country.plan.roads.zone[road]
    convoy.driven = 0.0
    convoy.length = country.plan.roads.length[road]
    convoy.rate = 0.0
    if zone >= 0 and convoy.escort_left & country.plan.protection.ground == 0 and convoy.time >= country.begin:
        convoy.rate = at(country.plan.zones.roadblocks[zone], convoy.time)
    _find_next(convoy)


def leave_road(convoy: Convoy) -> None:
    """Come to the end of the road."""
    if convoy.rate > 0.0:
        convoy.gap = roadblock.rest(convoy.gap, convoy.rate, convoy.length, convoy.driven)


def stop(convoy: Convoy, road: int, time: float) -> None:
    """Let the roadblock stop the party, and find out where the next one stands."""
    country, plan = convoy.country, convoy.country.plan
    size = len(convoy.column)
    stay, lost, killed = 0, 0, 0
    for tanker in convoy.column:
        entity, mark = tanker.home.entity, _attempt(tanker)
        drawn = uniform(country, STREAM.ROADBLOCK_FATE, entity, mark)
        fate = roadblock.fate(drawn, plan.roadblocks.taken, plan.roadblocks.turned_back)
        if fate == TAKEN:
            dead = uniform(country, STREAM.ROADBLOCK_CREW, entity, mark) < plan.roadblocks.killed
            lost += 1
            killed += 1 if dead else 0
            lose(tanker, dead, not dead)
        elif fate == TURNED_BACK:
            note(country, country.now, KIND.TURNED_BACK, tanker.corridor.entity, tanker.serial, 0.0)
            home = time + (time - convoy.departed)
            call(country, home, RANK.TANKER, entity << 16 | tanker.serial, WHAT.STAND_BY, tanker.where)
        else:
            convoy.column[stay] = tanker
            tanker.attempts += 1
            stay += 1
    convoy.column = part(convoy.column, 0, stay)
    convoy.lost += lost
    note(country, time, KIND.ROADBLOCK, plan.roads.entity[road], convoy.number, float(lost))
    encounter = new_encounter(convoy, road, ROADBLOCK, STOPPED, lost)
    encounter.escort = convoy.escort_left
    encounter.size = size
    encounter.killed = killed
    encounter.abducted = lost - killed
    hear_of(convoy.corridor, lost)
    convoy.driven = convoy.place
    convoy.gap = math.nan
    _find_next(convoy)


def _find_next(convoy: Convoy) -> None:
    """Set where on the road the next roadblock stands, infinite if there is none."""
    convoy.block = math.inf
    if convoy.rate <= 0.0 or len(convoy.column) == 0:
        return
    if math.isnan(convoy.gap):
        first = convoy.column[0]
        if first.attempts > MOST_ATTEMPTS:
            convoy.gap = math.inf
        else:
            convoy.gap = roadblock.gap(uniform(first.country, STREAM.ROADBLOCK_GAP, first.home.entity, _attempt(first)))
    convoy.block = roadblock.place(convoy.gap, convoy.rate, convoy.length, convoy.driven)


def _attempt(tanker: Tanker) -> int:
    """Return the index of draws that belong to this attempt of this trip."""
    return index(tanker.serial, tanker.trips << 4 | min(tanker.attempts, MOST_ATTEMPTS))


compile_all(globals())
