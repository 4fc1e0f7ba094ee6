"""What follows from the plan's map: peace-time driving, needs along supply chains, sizes of fleets."""

from __future__ import annotations

from sim.fast.compiled import Reals, Words, compiled, rule
from sim.fast.layout import CORRIDOR, FLEET, HEAD, PRODUCT, ROAD, TERMINAL, TOWN, USER
from sim.fast.memory import at, heed, holds, new
from sim.fast.pointers import stretch
from sim.fast.sort import scratch
from sim.plan.sections import EXOGENOUS
from sim.rules import orders, road, sharing

hours_alone, apportioned = rule(road.hours_alone), rule(sharing.apportioned)
burn, need, supplier_share = rule(orders.burn), rule(orders.need), rule(orders.supplier_share)
ABSENT = 0.0
"""Share of a corridor that does not supply a town."""


@compiled
def corridor(n: Words, number: int) -> int:
    """Return the place of a corridor's plan."""
    return n[HEAD.corridors] + number * CORRIDOR.words


@compiled
def peace_hours(f: Reals, n: Words, first: int, count: int) -> float:
    """Return the hours a laden tanker takes in peace, halts included, for the roads in a list."""
    hours = 0.0
    for k in range(first, first + count):
        road = n[HEAD.roads] + n[k] * ROAD.words
        hours += hours_alone(f[road + ROAD.length], f[road + ROAD.pace], f[FLEET.driving], 1.0)
    return hours


@compiled
def roads_to(n: Words, number: int, town: int) -> int:
    """Return how many of a corridor's roads lead from its assembly point to a town, 0 if none do."""
    place = corridor(n, number)
    first = n[place + CORRIDOR.stops]
    for k in range(n[place + CORRIDOR.stops_count]):
        if n[first + k] == town:
            return k + 1
    return 0


@compiled
def hours_to(f: Reals, n: Words, number: int, town: int) -> float:
    """Return the hours in peace from a corridor's assembly point to a town."""
    return peace_hours(f, n, n[corridor(n, number) + CORRIDOR.roads], roads_to(n, number, town))


@compiled
def hub_of(n: Words, number: int) -> int:
    """Return the town whose depot a corridor draws on, or -1."""
    terminal = n[corridor(n, number) + CORRIDOR.terminal]
    return -1 if terminal < 0 else n[n[HEAD.terminals] + terminal * TERMINAL.words + TERMINAL.depot]


@compiled
def suppliers(f: Reals, n: Words, town: int, time: float, shares: int, factors: int = 0) -> None:
    """Write the share of a town's orders that each corridor gets at a time (h), ABSENT if it is cut or serves others.

    The weight of a corridor counts times a factor if there are some.
    """
    corridors = n[HEAD.corridors_count]
    weights = scratch(n, 3 * corridors)
    steady, others = weights + corridors, weights + 2 * corridors
    for c in range(corridors):
        place = corridor(n, c)
        f[weights + c] = at(f, n, place + CORRIDOR.share, time) if holds(n, place + CORRIDOR.serves, town) else 0.0
        f[steady + c] = 0.0
        f[others + c] = 0.0
        if f[weights + c] > 0.0 and at(f, n, place + CORRIDOR.open, time) > 0.5:
            if n[place + CORRIDOR.kind] == EXOGENOUS:
                f[steady + c] = f[weights + c]
            else:
                f[others + c] = f[weights + c] * (f[factors + c] if factors != 0 else 1.0)
    for c in range(corridors):
        f[shares + c] = ABSENT
        if f[weights + c] > 0.0:
            f[shares + c] = supplier_share(
                stretch(f, weights, corridors), stretch(f, steady, corridors), stretch(f, others, corridors), c
            )


@compiled
def lay_needs(f: Reals, n: Words) -> None:
    """Set what each town's people use, what it needs itself, and what its orders must cover, m3/h by product."""
    towns, products, corridors = n[HEAD.towns_count], n[HEAD.products_count], n[HEAD.corridors_count]
    n[HEAD.burn] = new(n, towns * products)
    n[HEAD.own_need] = new(n, towns * products)
    n[HEAD.need] = new(n, towns * products)
    whole = 0.0
    for t in range(towns):
        whole += f[n[HEAD.towns] + t * TOWN.words + TOWN.share]
    for t in range(towns):
        share = f[n[HEAD.towns] + t * TOWN.words + TOWN.share]
        for p in range(products):
            product = n[HEAD.products] + p * PRODUCT.words
            used = burn(f[product + PRODUCT.need], share, whole) if n[product + PRODUCT.pump] != 0 else 0.0
            f[n[HEAD.burn] + t * products + p] = used
            f[n[HEAD.own_need] + t * products + p] = used
    for k in range(n[HEAD.users_count]):
        user = n[HEAD.users] + k * USER.words
        where = n[user + USER.town] * products + n[user + USER.product]
        f[n[HEAD.own_need] + where] += f[user + USER.need]
    hubs = new(n, corridors)
    for c in range(corridors):
        n[hubs + c] = hub_of(n, c)
    shares = new(n, towns * corridors)
    for t in range(towns):
        suppliers(f, n, t, 0.0, shares + t * corridors)
    own = stretch(f, n[HEAD.own_need], towns * products)
    for t in range(towns):
        heed(n)
        for p in range(products):
            f[n[HEAD.need] + t * products + p] = need(
                t, p, products, own, stretch(f, shares, towns * corridors), stretch(n, hubs, corridors)
            )


@compiled
def lead_hours(f: Reals, n: Words, number: int, town: int) -> float:
    """Return the hours from loaded to unloaded in peace (none for an exogenous corridor)."""
    place = corridor(n, number)
    if n[place + CORRIDOR.kind] == EXOGENOUS:
        return 0.0
    abroad = peace_hours(f, n, n[place + CORRIDOR.abroad], n[place + CORRIDOR.abroad_count])
    inside = hours_to(f, n, number, town)
    return abroad + inside + at(f, n, place + CORRIDOR.customs, 0.0) + f[FLEET.unloading]


@compiled
def lay_fleets(f: Reals, n: Words, size: int, sizes: int) -> None:
    """Write the tankers of each corridor: the fleet by weight, ties by name."""
    corridors = n[HEAD.corridors_count]
    weights = scratch(n, corridors)
    for c in range(corridors):
        f[weights + c] = f[corridor(n, c) + CORRIDOR.fleet]
    for c in range(corridors):
        n[sizes + c] = apportioned(size, stretch(f, weights, corridors), c)
