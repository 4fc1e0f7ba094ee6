"""What follows from the plan's map alone: peace-time driving, needs along supply chains, weights of corridors."""

from __future__ import annotations

from sim.plan.plan import Plan
from sim.plan.sections import EXOGENOUS
from sim.rules import orders
from sim.rules.road import hours_alone
from sim.rules.sharing import apportioned
from sim.rules.steps import at, total


def peace_hours(plan: Plan, roads: tuple[int, ...]) -> float:
    """Return the hours a laden tanker takes for roads in peace, halts included."""
    given, driving = plan.roads, plan.fleet.driving
    return total(hours_alone(given.length[road], given.pace[road], driving, 1.0) for road in roads)


def roads_to(plan: Plan, corridor: int, town: int) -> tuple[int, ...]:
    """Return the roads of a corridor from its assembly point to a town."""
    stops = plan.corridors.stops[corridor]
    return plan.corridors.roads[corridor][: stops.index(town) + 1] if town in stops else ()


def burns(plan: Plan) -> list[list[float]]:
    """Return what the people of each town use of each product, m3/h: shape (towns, products)."""
    whole = total(plan.towns.share)
    pump = list(zip(plan.products.need, plan.products.pump, strict=True))
    return [[orders.burn(need, share, whole) if sold else 0.0 for need, sold in pump] for share in plan.towns.share]


def own_needs(plan: Plan) -> list[list[float]]:
    """Return what the people and large users of each town use of each product, m3/h: shape (towns, products)."""
    own = burns(plan)
    for town, product, need in zip(plan.users.town, plan.users.product, plan.users.need, strict=True):
        own[town][product] += need
    return own


def supplier_shares(plan: Plan, town: int, time: float, factors: list[float] | None = None) -> list[float]:
    """Return the share of a town's orders that each corridor gets at a time (h), 0 if it is cut or serves others.

    The weight of a corridor counts times a factor if they are given.
    """
    given, corridors = plan.corridors, range(len(plan.corridors.name))
    weights = [at(*given.share[c], time) if town in given.serves[c] else 0.0 for c in corridors]
    is_open = [weights[c] > 0.0 and at(*given.open[c], time) > 0.5 for c in corridors]
    steady = [weights[c] if is_open[c] and given.kind[c] == EXOGENOUS else 0.0 for c in corridors]
    others = [weights[c] if is_open[c] and given.kind[c] != EXOGENOUS else 0.0 for c in corridors]
    if factors is not None:
        others = [weight * factor for weight, factor in zip(others, factors, strict=True)]
    return [orders.supplier_share(weights, steady, others, c) for c in corridors]


def needs(plan: Plan) -> list[list[float]]:
    """Return what orders of each town must cover, m3/h: shape (towns, products)."""
    towns, products = range(len(plan.towns.name)), range(len(plan.products.name))
    own = [need for row in own_needs(plan) for need in row]
    shares = [share for town in towns for share in supplier_shares(plan, town, 0.0)]
    hubs = [hub_of(plan, c) for c in range(len(plan.corridors.name))]
    return [[orders.need(t, p, len(products), own, shares, hubs) for p in products] for t in towns]


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
    """Return the tankers of each corridor: the fleet by weight, ties by name."""
    return [apportioned(size, plan.corridors.fleet, c) for c in range(len(plan.corridors.fleet))]
