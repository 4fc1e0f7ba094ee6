"""Crews of a corridor: who is there, who is willing, who is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.fast.agenda import WHAT, call
from sim.fast.compiled import compiled, rule
from sim.fast.layout import KIND, RANK
from sim.fast.memory import at, note
from sim.fast.records import Record
from sim.rules import crews

if TYPE_CHECKING:
    from sim.fast.corridor import Corridor

frightened, recovered, replacements = rule(crews.frightened), rule(crews.recovered), rule(crews.replacements)
share_driving = rule(crews.drives)


class Crews(Record):
    """Crews of a corridor: who is there, who is willing, who is missing."""

    tankers: int
    free: int
    away: int
    willing: float
    carried: float


@compiled
def drives(corridor: Corridor, time: float, escorted: bool) -> float:
    """Return the share of crews that would drive now, with an escort or without."""
    plan = corridor.country.plan.crews
    if not plan.on:
        return 1.0
    return share_driving(joins(corridor, time), at(plan.alone, time), escorted)


@compiled
def joins(corridor: Corridor, time: float) -> float:
    """Return the share of crews that would join an escorted convoy now."""
    plan = corridor.country.plan.crews
    if not plan.on:
        return 1.0
    for k in range(len(plan.strike_from)):
        if plan.strike_from[k] <= time < plan.strike_to[k] and corridor.number in plan.strike_corridors[k]:
            return 0.0
    return corridor.crews.willing


@compiled
def frighten(corridor: Corridor, lost: int, felt: float) -> None:
    """Let a loss of tankers be felt in full (1) or in part."""
    country, crews = corridor.country, corridor.crews
    crews.willing = frightened(crews.willing, country.plan.crews.fear, float(lost), felt)
    note(country, country.now, KIND.WILLING, corridor.entity, 0, crews.willing)


@compiled
def threaten(corridor: Corridor, factor: float) -> None:
    """Let a declaration lower willingness."""
    country, crews = corridor.country, corridor.crews
    crews.willing = crews.willing * factor
    note(country, country.now, KIND.WILLING, corridor.entity, 0, crews.willing)


@compiled
def replace_crews(corridor: Corridor) -> None:
    """At midnight: let reluctance fade and missing crews be replaced."""
    plan, crews = corridor.country.plan.crews, corridor.crews
    crews.willing = recovered(crews.willing, plan.recovery)
    missing = crews.tankers * plan.per_tanker - (crews.free + crews.away)
    if missing >= 1.0:
        hired, carried = replacements(missing, plan.replaced, crews.carried)
        crews.carried = carried
        crews.free += hired


@compiled
def lose_crew(corridor: Corridor, killed: bool, abducted: bool) -> None:
    """Lose a tanker; its crew is killed, abducted for a time, or safe."""
    country, crews = corridor.country, corridor.crews
    crews.away -= 1
    crews.tankers -= 1
    if abducted and not killed:
        freed = country.now + country.plan.crews.freed
        call(country, freed, RANK.CREWS, corridor.entity, WHAT.FREED, corridor.where)
    elif not killed:
        crews.free += 1


@compiled
def set_free(corridor: Corridor) -> None:
    """Let an abducted crew come back."""
    corridor.crews.free += 1
    note(corridor.country, corridor.country.now, KIND.CREW_FREED, corridor.entity, 0, 0.0)
