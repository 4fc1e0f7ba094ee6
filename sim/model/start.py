"""The first midnight of the warm-up: tankers spread over their cycle at the peace flow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.model.geography import peace_hours, roads_to
from sim.model.importer import initial_flow
from sim.model.tanker import Stage, trip
from sim.plan.sections import EXOGENOUS, INLAND
from sim.rules.steps import at, total

if TYPE_CHECKING:
    from sim.model.corridor import Corridor
    from sim.model.country import Country


def spread_tankers(country: Country) -> None:
    """Put each corridor's active tankers evenly over the stages of their cycle; the others stay idle."""
    for corridor in country.corridors:
        if corridor.kind == EXOGENOUS or corridor.terminal is None:
            continue
        for town, product, flow in initial_flow(country, corridor.number):
            cycle = _cycle(country, corridor, town)
            for k in range(int(flow * cycle)):
                if corridor.idle and corridor.crews.free > 0:
                    _place(country, corridor, town, product, (k + 0.5) / flow)


def _stages(country: Country, corridor: Corridor, town: int) -> list[float]:
    """Return the hours of a trip's stages: to be loaded, to the assembly point, to the town, customs, unloading."""
    plan = country.plan
    return [
        corridor.turnaround + plan.fleet.loading,
        peace_hours(plan, corridor.abroad),
        peace_hours(plan, roads_to(plan, corridor.number, town)),
        at(*plan.corridors.customs[corridor.number], 0.0),
        plan.fleet.unloading,
    ]


def _cycle(country: Country, corridor: Corridor, town: int) -> float:
    return total(_stages(country, corridor, town)) + corridor.back_hours[town]


def _place(country: Country, corridor: Corridor, town: int, product: int, age: float) -> None:
    """Put one tanker where it is ``age`` hours after its order."""
    to_load, abroad, inside, customs, unloading = _stages(country, corridor, town)
    tanker = corridor.idle.popleft()
    corridor.crews.free -= 1
    corridor.crews.away += 1
    country.importers.prepare(tanker, town, product)
    loaded, ready = to_load, to_load + abroad
    there = ready + inside
    cleared = there + customs
    empty = cleared + unloading
    if age < loaded:
        stage, left = Stage.LOADING, loaded - age
        tanker.laden = corridor.kind == INLAND
    elif age < ready:
        stage, left = Stage.ABROAD, ready - age
    elif age < there:
        stage, left = Stage.ON_THE_ROAD, there - age
    elif age < cleared:
        stage, left = Stage.AT_CUSTOMS, cleared - age
    elif age < empty:
        stage, left = Stage.AT_THE_BAY, 0.0
    else:
        stage, left = Stage.RETURNING, corridor.back_hours[town] - (age - empty)
        country.bound[town][product] -= 1
    if Stage.ABROAD <= stage <= Stage.AT_THE_BAY:
        tanker.laden = True
        tanker.inside = tanker.inside or stage >= Stage.ON_THE_ROAD
    country.clock.process(trip(country, tanker, stage, left))
