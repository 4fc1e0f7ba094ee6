"""Crews of a corridor: who is there, who is willing, who is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.fast.agenda import WHAT, call
from sim.fast.compiled import compile_all
from sim.fast.layout import KIND, RANK
from sim.fast.memory import at, note
from sim.fast.records import Record, ints
from sim.fast.rules import crews

if TYPE_CHECKING:
    from sim.fast.corridor import Corridor


class Crews(Record):
    """Crews of a corridor: who is there, who is willing, who is missing."""

    willing: float
    carried: float
    tankers, free, away = ints(3)


def drives(corridor: Corridor, time: float, escorted: bool) -> float:
    """Return the share of crews that would drive now, with an escort or without."""
    plan = corridor.country.plan.crews
    if not plan.on:
        return 1.0
    return crews.drives(joins(corridor, time), at(plan.alone, time), escorted)


def joins(corridor: Corridor, time: float) -> float:
    """Return the share of crews that would join an escorted convoy now."""
    plan = corridor.country.plan.crews
    if not plan.on:
        return 1.0
    for k in range(len(plan.strike_from)):
        if plan.strike_from[k] <= time < plan.strike_to[k] and corridor.number in plan.strike_corridors[k]:
            return 0.0
    return corridor.crews.willing


def frighten(corridor: Corridor, lost: int, felt: float) -> None:
    """Let a loss of tankers be felt in full (1) or in part."""
    country, ours = corridor.country, corridor.crews
    ours.willing = crews.frightened(ours.willing, country.plan.crews.fear, float(lost), felt)
    note(country, country.now, KIND.WILLING, corridor.entity, 0, ours.willing)


def threaten(corridor: Corridor, factor: float) -> None:
    """Let a declaration lower willingness."""
    country, ours = corridor.country, corridor.crews
    ours.willing = ours.willing * factor
    note(country, country.now, KIND.WILLING, corridor.entity, 0, ours.willing)


def replace_crews(corridor: Corridor) -> None:
    """At midnight: let reluctance fade and missing crews be replaced."""
    plan, ours = corridor.country.plan.crews, corridor.crews
    ours.willing = crews.recovered(ours.willing, plan.recovery)
    missing = ours.tankers * plan.per_tanker - (ours.free + ours.away)
    if missing >= 1.0:
        hired, carried = crews.replacements(missing, plan.replaced, ours.carried)
        ours.carried = carried
        ours.free += hired


def lose_crew(corridor: Corridor, killed: bool, abducted: bool) -> None:
    """Lose a tanker; its crew is killed, abducted for a time, or safe."""
    country, ours = corridor.country, corridor.crews
    ours.away -= 1
    ours.tankers -= 1
    if abducted and not killed:
        freed = country.now + country.plan.crews.freed
        call(country, freed, RANK.CREWS, corridor.entity, WHAT.FREED, corridor.where)
    elif not killed:
        ours.free += 1


def set_free(corridor: Corridor) -> None:
    """Let an abducted crew come back."""
    corridor.crews.free += 1
    note(corridor.country, corridor.country.now, KIND.CREW_FREED, corridor.entity, 0, 0.0)


compile_all(globals())
