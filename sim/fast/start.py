"""The first midnight of the warm-up: tankers spread over their cycle at the peace flow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.fast.agenda import WHAT, urgently
from sim.fast.compiled import compile_all
from sim.fast.corridor import pull_idle
from sim.fast.geography import ABSENT, hours_abroad, hours_to, suppliers
from sim.fast.importer import prepare
from sim.fast.lowering import part
from sim.fast.memory import at
from sim.fast.tanker import ABROAD, AT_CUSTOMS, AT_THE_BAY, LOADING, ON_THE_ROAD, RETURNING
from sim.plan.sections import EXOGENOUS, INLAND

if TYPE_CHECKING:
    from sim.fast.corridor import Corridor
    from sim.fast.layout import Country


def spread_tankers(country: Country) -> None:
    """Put each corridor's active tankers evenly over the stages of their cycle; the others stay idle."""
    products, shares, load = len(country.balance), country.shares, country.plan.fleet.load
    for corridor in country.corridors:
        if corridor.kind == EXOGENOUS or not corridor.terminal:
            continue
        for town in country.plan.corridors.serves[corridor.number]:
            suppliers(country, town, 0.0, shares, part(shares, 0, 0))
            share = shares[corridor.number]
            if share == ABSENT:
                continue
            for product in range(products):
                need = country.need[town * products + product]
                if need > 0.0:
                    _spread(corridor, town, product, share * need / load)


def _spread(corridor: Corridor, town: int, product: int, flow: float) -> None:
    """Put tankers that carry a flow, 1/h, where they would be at even spacing."""
    country, fleet = corridor.country, corridor.country.plan.fleet
    to_load = corridor.turnaround + fleet.loading
    abroad = hours_abroad(country, corridor.number)
    inside = hours_to(country, corridor.number, town)
    customs = at(country.plan.corridors.customs[corridor.number], 0.0)
    back = corridor.back_hours[town]
    cycle = to_load + abroad + inside + customs + fleet.unloading + back
    ready = to_load + abroad
    there = ready + inside
    cleared = there + customs
    empty = cleared + fleet.unloading
    for k in range(int(flow * cycle)):
        if corridor.idle.count == 0 or corridor.crews.free <= 0:
            return
        age = (k + 0.5) / flow
        tanker = corridor.idle.first
        pull_idle(tanker)
        corridor.crews.free -= 1
        corridor.crews.away += 1
        prepare(tanker, town, product)
        if age < to_load:
            stage, left = LOADING, to_load - age
            tanker.laden = corridor.kind == INLAND
        elif age < ready:
            stage, left = ABROAD, ready - age
        elif age < there:
            stage, left = ON_THE_ROAD, there - age
        elif age < cleared:
            stage, left = AT_CUSTOMS, cleared - age
        elif age < empty:
            stage, left = AT_THE_BAY, 0.0
        else:
            stage, left = RETURNING, back - (age - empty)
            country.bound[town * len(country.balance) + product] -= 1
        if ABROAD <= stage <= AT_THE_BAY:
            tanker.laden = True
            if stage >= ON_THE_ROAD:
                tanker.inside = True
        tanker.stage = stage
        tanker.rest = left
        urgently(country, WHAT.TRIP, tanker.where)


compile_all(globals())
