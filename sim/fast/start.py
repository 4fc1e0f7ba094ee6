"""The first midnight of the warm-up: tankers spread over their cycle at the peace flow."""

from __future__ import annotations

from sim.fast.agenda import WHAT, urgently
from sim.fast.compiled import Reals, Words, compiled
from sim.fast.corridor import pull_idle
from sim.fast.geography import ABSENT, hours_to, peace_hours, suppliers
from sim.fast.importer import prepare
from sim.fast.layout import CORRIDOR, FLEET, HEAD, LINE, TANKER
from sim.fast.memory import at
from sim.fast.tanker import ABROAD, AT_CUSTOMS, AT_THE_BAY, LOADING, ON_THE_ROAD, RETURNING
from sim.plan.sections import EXOGENOUS, INLAND


@compiled
def spread_tankers(f: Reals, n: Words) -> None:
    """Put each corridor's active tankers evenly over the stages of their cycle; the others stay idle."""
    products = n[HEAD.products_count]
    for c in range(n[HEAD.corridors_count]):
        line = n[HEAD.lines] + c * LINE.words
        if n[line + LINE.kind] == EXOGENOUS or n[line + LINE.terminal] == 0:
            continue
        corridor = n[line + LINE.corridor]
        first = n[corridor + CORRIDOR.serves]
        for k in range(n[corridor + CORRIDOR.serves_count]):
            town = n[first + k]
            suppliers(f, n, town, 0.0, n[HEAD.shares])
            share = f[n[HEAD.shares] + c]
            if share == ABSENT:
                continue
            for product in range(products):
                need = f[n[HEAD.need] + town * products + product]
                if need > 0.0:
                    _spread(f, n, line, town, product, share * need / f[FLEET.load])


@compiled
def _spread(f: Reals, n: Words, line: int, town: int, product: int, flow: float) -> None:
    """Put tankers that carry a flow, 1/h, where they would be at even spacing."""
    corridor, number = n[line + LINE.corridor], n[line + LINE.number]
    to_load = f[corridor + CORRIDOR.turnaround] + f[FLEET.loading]
    abroad = peace_hours(f, n, n[corridor + CORRIDOR.abroad], n[corridor + CORRIDOR.abroad_count])
    inside = hours_to(f, n, number, town)
    customs = at(f, n, corridor + CORRIDOR.customs, 0.0)
    back = f[n[line + LINE.back] + town]
    cycle = to_load + abroad + inside + customs + f[FLEET.unloading] + back
    ready = to_load + abroad
    there = ready + inside
    cleared = there + customs
    empty = cleared + f[FLEET.unloading]
    for k in range(int(flow * cycle)):
        if n[line + LINE.idle_count] == 0 or n[line + LINE.crews_free] <= 0:
            return
        age = (k + 0.5) / flow
        tanker = n[line + LINE.idle]
        pull_idle(n, line, tanker)
        n[line + LINE.crews_free] -= 1
        n[line + LINE.crews_away] += 1
        prepare(n, tanker, town, product)
        if age < to_load:
            stage, left = LOADING, to_load - age
            n[tanker + TANKER.laden] = 1 if n[line + LINE.kind] == INLAND else 0
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
            n[n[HEAD.bound] + town * n[HEAD.products_count] + product] -= 1
        if ABROAD <= stage <= AT_THE_BAY:
            n[tanker + TANKER.laden] = 1
            if stage >= ON_THE_ROAD:
                n[tanker + TANKER.inside] = 1
        n[tanker + TANKER.stage] = stage
        f[tanker + TANKER.rest] = left
        urgently(n, WHAT.TRIP, tanker)
