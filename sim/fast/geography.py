"""What follows from the plan's map: peace-time driving, needs along supply chains, sizes of fleets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.fast.compiled import compiled, rule
from sim.fast.memory import at, heed, new_row
from sim.plan.sections import EXOGENOUS
from sim.rules import road

if TYPE_CHECKING:
    from sim.fast.layout import Country
    from sim.fast.records import Row
    from sim.plan.sections import Ints

progress = rule(road.progress)
ABSENT = -1.0
"""Share of a corridor that does not supply a town."""


@compiled
def peace_hours(country: Country, roads: Ints, first: int, last: int) -> float:
    """Return the hours a laden tanker takes in peace, halts included, for some of the roads in a list."""
    plan, hours = country.plan, 0.0
    for k in range(first, last):
        pace = progress(plan.roads.pace[roads[k]], plan.fleet.driving, 0.0, False, 1.0, 1.0)
        hours += plan.roads.length[roads[k]] / pace
    return hours


@compiled
def hours_abroad(country: Country, corridor: int) -> float:
    """Return the hours in peace from a corridor's terminal to its assembly point."""
    roads = country.plan.corridors.abroad[corridor]
    return peace_hours(country, roads, 0, len(roads))


@compiled
def hours_to(country: Country, corridor: int, town: int) -> float:
    """Return the hours in peace from a corridor's assembly point to a town, none if no road leads there."""
    corridors, roads = country.plan.corridors, 0
    for k in range(len(corridors.stops[corridor])):
        if corridors.stops[corridor][k] == town:
            roads = k + 1
            break
    return peace_hours(country, corridors.roads[corridor], 0, roads)


@compiled
def hub_of(country: Country, corridor: int) -> int:
    """Return the town whose depot a corridor draws on, or -1."""
    terminal = country.plan.corridors.terminal[corridor]
    return -1 if terminal < 0 else country.plan.terminals.depot[terminal]


@compiled
def suppliers(country: Country, town: int, time: float, shares: Row[float], factors: Row[float]) -> None:
    """Write the share of a town's orders that each corridor gets at a time (h), ABSENT if it is cut or serves others.

    An exogenous corridor gets its weight among all corridors, open or not: it cannot stand in for one that is cut.
    The others share what is left by their weights among the open ones, times a factor for each corridor if given.
    """
    corridors = country.plan.corridors
    everything = 0.0
    for c in range(len(shares)):
        shares[c] = ABSENT
        if town in corridors.serves[c]:
            weight = at(corridors.share[c], time)
            everything += weight
            if weight > 0.0 and at(corridors.open[c], time) > 0.5:
                shares[c] = weight
    left = 1.0
    open_weight = 0.0
    for c in range(len(shares)):
        if shares[c] != ABSENT:
            if corridors.kind[c] == EXOGENOUS:
                shares[c] = shares[c] / everything
                left -= shares[c]
            else:
                if len(factors) != 0:
                    shares[c] = shares[c] * factors[c]
                open_weight += shares[c]
    for c in range(len(shares)):
        if shares[c] != ABSENT and corridors.kind[c] != EXOGENOUS:
            shares[c] = left * shares[c] / open_weight if open_weight > 0.0 else 0.0


@compiled
def lay_needs(country: Country) -> None:
    """Set what each town's people use, what it needs itself, and what its orders must cover, m3/h by product."""
    plan, users = country.plan, country.plan.users
    towns, products = len(country.towns), len(plan.products.pump)
    country.burn = new_row(float, country, towns * products)
    country.own_need = new_row(float, country, towns * products)
    country.need = new_row(float, country, towns * products)
    whole = 0.0
    for share in plan.towns.share:
        whole += share
    for t in range(towns):
        for p in range(products):
            burn = plan.products.need[p] * plan.towns.share[t] / whole if plan.products.pump[p] else 0.0
            country.burn[t * products + p] = burn
            country.own_need[t * products + p] = burn
    for k in range(len(users.need)):
        country.own_need[users.town[k] * products + users.product[k]] += users.need[k]
    known = new_row(bool, country, towns)
    for t in range(towns):
        _lay_need(country, t, known)


@compiled
def _lay_need(country: Country, town: int, known: Row[bool]) -> int:
    """Set a town's own need and its share of the needs of the towns supplied from it."""
    if known[town]:
        return 0
    products = len(country.plan.products.pump)
    for p in range(town * products, (town + 1) * products):
        country.need[p] = country.own_need[p]
    shares = new_row(float, country, len(country.shares))
    for other in range(len(known)):
        heed(country)
        suppliers(country, other, 0.0, shares, new_row(float, country, 0))
        for c in range(len(shares)):
            if shares[c] != ABSENT and hub_of(country, c) == town:
                _lay_need(country, other, known)
                for p in range(products):
                    country.need[town * products + p] += shares[c] * country.need[other * products + p]
    known[town] = True
    return 1


@compiled
def lead_hours(country: Country, corridor: int, town: int) -> float:
    """Return the hours from loaded to unloaded in peace (none for an exogenous corridor)."""
    corridors = country.plan.corridors
    if corridors.kind[corridor] == EXOGENOUS:
        return 0.0
    driven = hours_abroad(country, corridor) + hours_to(country, corridor, town)
    return driven + at(corridors.customs[corridor], 0.0) + country.plan.fleet.unloading


@compiled
def lay_fleets(country: Country, size: int, sizes: Row[int]) -> None:
    """Write the tankers of each corridor: the fleet by weight, largest remainders first, ties by name."""
    weight, corridors = country.plan.corridors.fleet, len(sizes)
    whole = 0.0
    for fleet in weight:
        whole += fleet
    if whole <= 0.0:
        return
    exact = new_row(float, country, corridors)
    rest = size
    for c in range(corridors):
        exact[c] = size * weight[c] / whole
        sizes[c] = int(exact[c])
        exact[c] = sizes[c] - exact[c]
        rest -= sizes[c]
    for _ in range(min(rest, corridors)):
        least = -1
        for c in range(corridors):
            if exact[c] <= 0.0 and (least < 0 or exact[c] < exact[least]):
                least = c
        if least >= 0:
            sizes[least] += 1
            exact[least] = 1.0
