"""The first midnight of the warm-up: tankers spread over their cycle at the peace flow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.model.geography import peace_hours, roads_to, supplier_shares
from sim.model.tanker import Stage, trip
from sim.plan.sections import EXOGENOUS, INLAND
from sim.rules.steps import at, total

if TYPE_CHECKING:
    from sim.model.corridor import Corridor


def spread_tankers(corridors: list[Corridor]) -> None:
    """Put each corridor's active tankers evenly over the stages of their cycle; the others stay idle."""
    for corridor in corridors:
        if corridor.kind == EXOGENOUS or corridor.terminal is None:
            continue
        for town, product, flow in _flows(corridor):
            stages = _stages(corridor, town)
            cycle = total(stages) + corridor.back_hours[town]
            for k in range(int(flow * cycle)):
                if corridor.idle and corridor.crews.free > 0:
                    _place(corridor, town, product, stages, (k + 0.5) / flow)


def _flows(corridor: Corridor) -> list[tuple[int, int, float]]:
    """Return (town, product, tankers per hour) that a corridor carries in peace."""
    plan = corridor.world.plan
    flows = []
    for town in plan.corridors.serves[corridor.number]:
        share = supplier_shares(plan, town, 0.0)[corridor.number]
        for product, need in enumerate(corridor.towns[town].depot.need):
            if share > 0.0 and need > 0.0:
                flows.append((town, product, share * need / plan.fleet.load))
    return flows


def _stages(corridor: Corridor, town: int) -> tuple[float, ...]:
    """Return the hours of a trip's stages: to be loaded, to the assembly point, to the town, customs, unloading."""
    plan = corridor.world.plan
    return (
        corridor.turnaround + plan.fleet.loading,
        peace_hours(plan, corridor.abroad),
        peace_hours(plan, roads_to(plan, corridor.number, town)),
        at(*plan.corridors.customs[corridor.number], 0.0),
        plan.fleet.unloading,
    )


def _place(corridor: Corridor, town: int, product: int, stages: tuple[float, ...], age: float) -> None:
    """Put one tanker where it is ``age`` hours after its order."""
    to_load, abroad, inside, customs, unloading = stages
    tanker = corridor.idle.popleft()
    tanker.take_order(town, product)
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
        corridor.world.bound[town][product] -= 1
    if Stage.ABROAD <= stage <= Stage.AT_THE_BAY:
        tanker.laden = True
        tanker.inside = tanker.inside or stage >= Stage.ON_THE_ROAD
    corridor.world.clock.process(trip(tanker, stage, left))
