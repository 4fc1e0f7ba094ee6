"""What follows from the plan's map: peace-time driving, needs along supply chains, sizes of fleets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.fast.compiled import compile_all
from sim.fast.lowering import part
from sim.fast.memory import at, heed, new_row
from sim.fast.rules import orders, road, sharing
from sim.plan.sections import EXOGENOUS, Ints

if TYPE_CHECKING:
    from sim.fast.layout import Country
    from sim.fast.records import Row

ABSENT = 0.0
"""Share of a corridor that does not supply a town."""


def peace_hours(country: Country, roads: Ints, first: int, last: int) -> float:
    """Return the hours a laden tanker takes in peace, halts included, for some of the roads in a list."""
    plan, hours = country.plan, 0.0
    for k in range(first, last):
        hours += road.hours_alone(plan.roads.length[roads[k]], plan.roads.pace[roads[k]], plan.fleet.driving, 1.0)
    return hours


def hours_abroad(country: Country, corridor: int) -> float:
    """Return the hours in peace from a corridor's terminal to its assembly point."""
    roads = country.plan.corridors.abroad[corridor]
    return peace_hours(country, roads, 0, len(roads))


def hours_to(country: Country, corridor: int, town: int) -> float:
    """Return the hours in peace from a corridor's assembly point to a town, none if no road leads there."""
    corridors, roads = country.plan.corridors, 0
    for k in range(len(corridors.stops[corridor])):
        if corridors.stops[corridor][k] == town:
            roads = k + 1
            break
    return peace_hours(country, corridors.roads[corridor], 0, roads)


def hub_of(country: Country, corridor: int) -> int:
    """Return the town whose depot a corridor draws on, or -1."""
    terminal = country.plan.corridors.terminal[corridor]
    return -1 if terminal < 0 else country.plan.terminals.depot[terminal]


def suppliers(country: Country, town: int, time: float, shares: Row[float], factors: Row[float]) -> None:
    """Write the share of a town's orders that each corridor gets at a time (h), ABSENT if it is cut or serves others.

    The weight of a corridor counts times a factor if there are some.
    """
    corridors, free = country.plan.corridors, country.free
    weights = new_row(float, country, len(shares))
    steady, others = new_row(float, country, len(shares)), new_row(float, country, len(shares))
    for c in range(len(shares)):
        weights[c] = at(corridors.share[c], time) if town in corridors.serves[c] else 0.0
        if weights[c] > 0.0 and at(corridors.open[c], time) > 0.5:
            if corridors.kind[c] == EXOGENOUS:
                steady[c] = weights[c]
            else:
                others[c] = weights[c] * (factors[c] if len(factors) != 0 else 1.0)
    for c in range(len(shares)):
        shares[c] = orders.supplier_share(weights, steady, others, c) if weights[c] > 0.0 else ABSENT
    country.free = free


def lay_needs(country: Country) -> None:
    """Set what each town's people use, what it needs itself, and what its orders must cover, m3/h by product."""
    plan, users = country.plan, country.plan.users
    towns, products, corridors = len(country.towns), len(plan.products.pump), len(country.shares)
    country.burn = new_row(float, country, towns * products)
    country.own_need = new_row(float, country, towns * products)
    country.need = new_row(float, country, towns * products)
    whole = 0.0
    for share in plan.towns.share:
        whole += share
    for t in range(towns):
        for p in range(products):
            used = orders.burn(plan.products.need[p], plan.towns.share[t], whole) if plan.products.pump[p] else 0.0
            country.burn[t * products + p] = used
            country.own_need[t * products + p] = used
    for k in range(len(users.need)):
        country.own_need[users.town[k] * products + users.product[k]] += users.need[k]
    hubs, shares = new_row(int, country, corridors), new_row(float, country, towns * corridors)
    for c in range(corridors):
        hubs[c] = hub_of(country, c)
    for t in range(towns):
        suppliers(country, t, 0.0, part(shares, t * corridors, corridors), part(shares, 0, 0))
    for t in range(towns):
        heed(country)
        for p in range(products):
            country.need[t * products + p] = orders.need(t, p, products, country.own_need, shares, hubs)


def lead_hours(country: Country, corridor: int, town: int) -> float:
    """Return the hours from loaded to unloaded in peace (none for an exogenous corridor)."""
    corridors = country.plan.corridors
    if corridors.kind[corridor] == EXOGENOUS:
        return 0.0
    driven = hours_abroad(country, corridor) + hours_to(country, corridor, town)
    return driven + at(corridors.customs[corridor], 0.0) + country.plan.fleet.unloading


def lay_fleets(country: Country, size: int, sizes: Row[int]) -> None:
    """Write the tankers of each corridor: the fleet by weight, ties by name."""
    for c in range(len(sizes)):
        sizes[c] = sharing.apportioned(size, country.plan.corridors.fleet, c)


compile_all(globals())
