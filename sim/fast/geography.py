"""What follows from the plan's map: peace-time driving, needs along supply chains, sizes of fleets."""

from __future__ import annotations

from sim.fast.compiled import Reals, Words, compiled, rule
from sim.fast.layout import CORRIDOR, FLEET, HEAD, PRODUCT, ROAD, TERMINAL, TOWN, USER
from sim.fast.memory import at, heed, holds, new
from sim.plan.sections import EXOGENOUS
from sim.rules import road

progress = rule(road.progress)
ABSENT = -1.0
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
        hours += f[road + ROAD.length] / progress(f[road + ROAD.pace], f[FLEET.driving], 0.0, False, 1.0, 1.0)
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

    An exogenous corridor gets its weight among all corridors, open or not: it cannot stand in for one that is cut.
    The others share what is left by their weights among the open ones, times a factor for each corridor if given.
    """
    everything = 0.0
    for c in range(n[HEAD.corridors_count]):
        place = corridor(n, c)
        f[shares + c] = ABSENT
        if holds(n, place + CORRIDOR.serves, town):
            weight = at(f, n, place + CORRIDOR.share, time)
            everything += weight
            if weight > 0.0 and at(f, n, place + CORRIDOR.open, time) > 0.5:
                f[shares + c] = weight
    left = 1.0
    open_weight = 0.0
    for c in range(n[HEAD.corridors_count]):
        if f[shares + c] != ABSENT:
            if n[corridor(n, c) + CORRIDOR.kind] == EXOGENOUS:
                f[shares + c] = f[shares + c] / everything
                left -= f[shares + c]
            else:
                if factors != 0:
                    f[shares + c] = f[shares + c] * f[factors + c]
                open_weight += f[shares + c]
    for c in range(n[HEAD.corridors_count]):
        if f[shares + c] != ABSENT and n[corridor(n, c) + CORRIDOR.kind] != EXOGENOUS:
            f[shares + c] = left * f[shares + c] / open_weight if open_weight > 0.0 else 0.0


@compiled
def lay_needs(f: Reals, n: Words) -> None:
    """Set what each town's people use, what it needs itself, and what its orders must cover, m3/h by product."""
    towns, products = n[HEAD.towns_count], n[HEAD.products_count]
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
            burn = f[product + PRODUCT.need] * share / whole if n[product + PRODUCT.pump] != 0 else 0.0
            f[n[HEAD.burn] + t * products + p] = burn
            f[n[HEAD.own_need] + t * products + p] = burn
    for k in range(n[HEAD.users_count]):
        user = n[HEAD.users] + k * USER.words
        where = n[user + USER.town] * products + n[user + USER.product]
        f[n[HEAD.own_need] + where] += f[user + USER.need]
    known = new(n, towns)
    for t in range(towns):
        _lay_need(f, n, t, known)


@compiled
def _lay_need(f: Reals, n: Words, town: int, known: int) -> int:
    """Set a town's own need and its share of the needs of the towns supplied from it."""
    if n[known + town] != 0:
        return 0
    products = n[HEAD.products_count]
    mine = n[HEAD.need] + town * products
    for p in range(products):
        f[mine + p] = f[n[HEAD.own_need] + town * products + p]
    shares = new(n, n[HEAD.corridors_count])
    for other in range(n[HEAD.towns_count]):
        heed(n)
        suppliers(f, n, other, 0.0, shares)
        for c in range(n[HEAD.corridors_count]):
            if f[shares + c] != ABSENT and hub_of(n, c) == town:
                _lay_need(f, n, other, known)
                for p in range(products):
                    f[mine + p] += f[shares + c] * f[n[HEAD.need] + other * products + p]
    n[known + town] = 1
    return 1


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
    """Write the tankers of each corridor: the fleet by weight, largest remainders first, ties by name."""
    corridors = n[HEAD.corridors_count]
    whole = 0.0
    for c in range(corridors):
        whole += f[corridor(n, c) + CORRIDOR.fleet]
    if whole <= 0.0:
        return
    exact = new(n, corridors)
    rest = size
    for c in range(corridors):
        f[exact + c] = size * f[corridor(n, c) + CORRIDOR.fleet] / whole
        n[sizes + c] = int(f[exact + c])
        f[exact + c] = n[sizes + c] - f[exact + c]
        rest -= n[sizes + c]
    for _ in range(min(rest, corridors)):
        least = -1
        for c in range(corridors):
            if f[exact + c] <= 0.0 and (least < 0 or f[exact + c] < f[exact + least]):
                least = c
        if least >= 0:
            n[sizes + least] += 1
            f[exact + least] = 1.0
