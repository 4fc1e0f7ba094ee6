"""What follows from the plan's map alone: peace-time driving, needs along supply chains, weights of corridors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.plan.sections import EXOGENOUS
from sim.rules.road import progress
from sim.rules.steps import at, total

if TYPE_CHECKING:
    from sim.plan.plan import Plan


def peace_hours(plan: Plan, roads: tuple[int, ...]) -> float:
    """Return the hours a laden tanker takes for roads in peace, halts included."""
    hours = 0.0
    for road in roads:
        hours += plan.roads.length[road] / progress(plan.roads.pace[road], plan.fleet.driving, 0.0, False, 1.0, 1.0)
    return hours


def roads_to(plan: Plan, corridor: int, town: int) -> tuple[int, ...]:
    """Return the roads of a corridor from its assembly point to a town."""
    stops = plan.corridors.stops[corridor]
    return plan.corridors.roads[corridor][: stops.index(town) + 1] if town in stops else ()


def burns(plan: Plan) -> list[list[float]]:
    """Return what the people of each town use of each product, m3/h: shape (towns, products)."""
    whole = total(plan.towns.share)
    return [
        [
            plan.products.need[p] * share / whole if plan.products.pump[p] else 0.0
            for p in range(len(plan.products.name))
        ]
        for share in plan.towns.share
    ]


def suppliers(plan: Plan, town: int, time: float, factors: list[float] | None = None) -> list[tuple[int, float]]:
    """Return the open corridors that serve a town, and the share of its orders that each gets at a time (h).

    An exogenous corridor gets its weight among all corridors, open or not: it cannot stand in for one that is cut.
    The others share what is left by their weights among the open ones, times a factor for each corridor if given.
    """
    corridors = plan.corridors
    there = [c for c in range(len(corridors.name)) if town in corridors.serves[c]]
    weight = {c: at(*corridors.share[c], time) for c in there}
    is_open = {c: weight[c] > 0.0 and at(*corridors.open[c], time) > 0.5 for c in there}
    everything = total(weight.values())
    left = 1.0
    shares: dict[int, float] = {}
    for c in there:
        if is_open[c] and corridors.kind[c] == EXOGENOUS:
            shares[c] = weight[c] / everything
            left -= shares[c]
    others = [c for c in there if is_open[c] and corridors.kind[c] != EXOGENOUS]
    if factors is not None:
        for c in others:
            weight[c] = weight[c] * factors[c]
    open_weight = total(weight[c] for c in others)
    for c in others:
        shares[c] = left * weight[c] / open_weight if open_weight > 0.0 else 0.0
    return [(c, shares[c]) for c in there if c in shares]


def needs(plan: Plan) -> list[list[float]]:
    """Return what orders of each town must cover, m3/h: shape (towns, products).

    A town's own people and large users, and the share of the towns that inland corridors supply from it.
    """
    own = burns(plan)
    for k in range(len(plan.users.name)):
        own[plan.users.town[k]][plan.users.product[k]] += plan.users.need[k]
    fed: list[list[tuple[int, float]]] = [[] for _ in own]
    for other in range(len(own)):
        for c, share in suppliers(plan, other, 0.0):
            if hub_of(plan, c) >= 0:
                fed[hub_of(plan, c)].append((other, share))
    done: dict[int, list[float]] = {}

    def whole_need(town: int) -> list[float]:
        if town not in done:
            need = list(own[town])
            for other, share in fed[town]:
                for p, more in enumerate(whole_need(other)):
                    need[p] += share * more
            done[town] = need
        return done[town]

    return [whole_need(town) for town in range(len(plan.towns.name))]


def hub_of(plan: Plan, corridor: int) -> int:
    """Return the town whose depot a corridor draws on, or -1."""
    terminal = plan.corridors.terminal[corridor]
    return -1 if terminal < 0 else plan.terminals.depot[terminal]


def lead_hours(plan: Plan, corridor: int, town: int) -> float:
    """Return the hours from loaded to unloaded in peace (none for an exogenous corridor)."""
    if plan.corridors.kind[corridor] == EXOGENOUS:
        return 0.0
    abroad = peace_hours(plan, plan.corridors.abroad[corridor])
    inside = peace_hours(plan, roads_to(plan, corridor, town))
    return abroad + inside + at(*plan.corridors.customs[corridor], 0.0) + plan.fleet.unloading


def passage_part(plan: Plan, zone: int) -> float:
    """Return the part of a zone's length that the passage of which its chance speaks drives."""
    zones, length = plan.zones, plan.roads.length
    return total(length[road] for road in zones.passage[zone]) / total(length[road] for road in zones.roads[zone])


def fleet_sizes(plan: Plan, size: int) -> list[int]:
    """Return the tankers of each corridor: the fleet by weight, largest remainders first, ties by name."""
    whole = total(plan.corridors.fleet)
    if whole <= 0.0:
        return [0 for _ in plan.corridors.fleet]
    exact = [size * weight / whole for weight in plan.corridors.fleet]
    sizes = [int(value) for value in exact]
    order = sorted(range(len(sizes)), key=lambda c: (sizes[c] - exact[c], c))
    for c in order[: size - total(sizes)]:
        sizes[c] += 1
    return sizes
