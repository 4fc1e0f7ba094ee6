"""A town's depot: a tank per product, bays to unload at, and large users with tanks of their own."""

from __future__ import annotations

from sim.errors import ModelError
from sim.fast.agenda import WHAT, soon
from sim.fast.compiled import Reals, Words, compiled, rule
from sim.fast.layout import DEPOT, FLEET, HEAD, HELD, KIND, POLICY, PRODUCT, TANK, TANKER, TOWN, USER
from sim.fast.memory import new, note
from sim.rules import orders, steps
from sim.rules.orders import ROUNDING

nearest, user_takes, capacity = rule(steps.whole), rule(orders.user_takes), rule(orders.capacity)


@compiled
def build_depot(f: Reals, n: Words, town: int) -> None:
    """Lay out a town's depot, its tanks filled as at the start."""
    place = n[HEAD.towns] + town * TOWN.words
    products = n[HEAD.products_count]
    depot = n[HEAD.depots] + town * DEPOT.words
    n[depot + DEPOT.town] = town
    n[depot + DEPOT.entity] = n[place + TOWN.entity]
    n[depot + DEPOT.bays] = max(1, nearest(f[place + TOWN.bays]))
    n[depot + DEPOT.tanks] = new(n, products * TANK.words)
    need = n[HEAD.need] + town * products
    least = f[POLICY.least_tank] * f[FLEET.load]
    for p in range(products):
        tank = n[depot + DEPOT.tanks] + p * TANK.words
        cover = f[n[HEAD.products] + p * PRODUCT.words + PRODUCT.cover]
        f[tank + TANK.capacity] = capacity(f[place + TOWN.capacity], f[need + p], cover, least)
        f[tank + TANK.level] = f[tank + TANK.capacity] * f[place + TOWN.target]
    for k in range(n[HEAD.users_count]):
        if n[n[HEAD.users] + k * USER.words + USER.town] == town:
            n[depot + DEPOT.users_count] += 1
    n[depot + DEPOT.users] = new(n, n[depot + DEPOT.users_count] * HELD.words)
    held = n[depot + DEPOT.users]
    for k in range(n[HEAD.users_count]):
        user = n[HEAD.users] + k * USER.words
        if n[user + USER.town] == town:
            n[held + HELD.user] = k
            n[held + HELD.product] = n[user + USER.product]
            f[held + HELD.need] = f[user + USER.need]
            f[held + HELD.tank] = f[user + USER.tank] * f[user + USER.need]
            f[held + HELD.level] = f[held + HELD.tank]
            held += HELD.words


@compiled
def depot_of(n: Words, town: int) -> int:
    """Return a town's depot."""
    return n[HEAD.depots] + town * DEPOT.words


@compiled
def tank_of(n: Words, town: int, product: int) -> int:
    """Return a depot's tank of a product."""
    return n[n[HEAD.depots] + town * DEPOT.words + DEPOT.tanks] + product * TANK.words


@compiled
def draw(f: Reals, n: Words, town: int, product: int, volume: float) -> None:
    """Take fuel that is there; what rounding took from the last load is forgiven."""
    tank = tank_of(n, town, product)
    level = f[tank + TANK.level]
    if volume > level * (1.0 + ROUNDING):
        raise ModelError("more fuel asked of a depot than it holds")
    taken = volume if volume < level else level
    if f[tank + TANK.capacity] > 0.0 and taken > 0.0:
        f[tank + TANK.level] = level - taken
        if n[tank + TANK.waits] != 0:
            soon(n, WHAT.DRAWN, tank)


@compiled
def set_tank(f: Reals, n: Words, town: int, product: int, level: float) -> None:
    """Set the stock of a product by hand, m3; tankers that wait for room go on waiting until ``let_in``."""
    f[tank_of(n, town, product) + TANK.level] = level


@compiled
def let_in(f: Reals, n: Words) -> None:
    """Let tankers that wait empty themselves as far as there is room after stocks were set."""
    for t in range(n[HEAD.towns_count]):
        for p in range(n[HEAD.products_count]):
            grant_room(f, n, tank_of(n, t, p))


@compiled
def serve(f: Reals, n: Words, town: int, before: bool) -> None:
    """Let the users that come before (or after) stations fill their tanks."""
    depot = depot_of(n, town)
    for k in range(n[depot + DEPOT.users_count]):
        held = n[depot + DEPOT.users] + k * HELD.words
        user = n[held + HELD.user]
        if (n[n[HEAD.users] + user * USER.words + USER.before] != 0) == before:
            product = n[held + HELD.product]
            stock = f[tank_of(n, town, product) + TANK.level]
            takes = user_takes(f[held + HELD.level], f[held + HELD.tank], f[held + HELD.need], stock)
            draw(f, n, town, product, takes)
            f[held + HELD.level] += takes
            note(f, n, f[HEAD.now], KIND.USED, n[depot + DEPOT.entity], user, takes)


@compiled
def use(f: Reals, n: Words, held: int) -> None:
    """Use a day's fuel, or what there is."""
    need = f[held + HELD.need] * 24.0
    f[held + HELD.used] = need if need < f[held + HELD.level] else f[held + HELD.level]
    f[held + HELD.level] -= f[held + HELD.used]


@compiled
def ask_bay(n: Words, depot: int, tanker: int) -> None:
    """Wait for a bay, in turn."""
    n[tanker + TANKER.next] = 0
    if n[depot + DEPOT.waits] == 0:
        n[depot + DEPOT.waits] = tanker
    else:
        n[n[depot + DEPOT.waits_last] + TANKER.next] = tanker
    n[depot + DEPOT.waits_last] = tanker
    grant_bay(n, depot)


@compiled
def grant_bay(n: Words, depot: int) -> None:
    """Let the first tanker that waits have a bay if one is free."""
    first = n[depot + DEPOT.waits]
    if first != 0 and n[depot + DEPOT.busy] < n[depot + DEPOT.bays]:
        n[depot + DEPOT.busy] += 1
        n[depot + DEPOT.waits] = n[first + TANKER.next]
        soon(n, WHAT.BAY, first)


@compiled
def leave_bay(n: Words, depot: int) -> None:
    """Give a bay back; who waits hears of it when what goes on now is over."""
    n[depot + DEPOT.busy] -= 1
    if n[depot + DEPOT.waits] != 0:
        soon(n, WHAT.BAY_FREE, depot)


@compiled
def pour_in(f: Reals, n: Words, tank: int, tanker: int) -> None:
    """Wait for room for the load, in turn."""
    n[tanker + TANKER.next] = 0
    if n[tank + TANK.waits] == 0:
        n[tank + TANK.waits] = tanker
    else:
        n[n[tank + TANK.waits_last] + TANKER.next] = tanker
    n[tank + TANK.waits_last] = tanker
    grant_room(f, n, tank)


@compiled
def grant_room(f: Reals, n: Words, tank: int) -> None:
    """Let tankers that wait empty themselves, in turn, as long as there is room."""
    load = f[FLEET.load]
    first = n[tank + TANK.waits]
    while first != 0 and f[tank + TANK.capacity] - f[tank + TANK.level] >= load:
        f[tank + TANK.level] += load
        n[tank + TANK.waits] = n[first + TANKER.next]
        soon(n, WHAT.POURED, first)
        first = n[tank + TANK.waits]
