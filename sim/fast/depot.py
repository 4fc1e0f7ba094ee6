"""A town's depot: a tank per product, bays to unload at, and large users with tanks of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import ModelError
from sim.fast.agenda import WHAT, soon
from sim.fast.compiled import compile_all
from sim.fast.layout import KIND
from sim.fast.memory import new, note
from sim.fast.queue import pull, push
from sim.fast.records import Record, floats, ints
from sim.fast.rules import orders, steps
from sim.rules.orders import ROUNDING

if TYPE_CHECKING:
    from sim.fast.layout import Country
    from sim.fast.queue import Queue
    from sim.fast.records import Many, Part
    from sim.fast.tanker import Tanker


class User(Record):
    """A large user: a power station, a mine, a hospital."""

    number: int
    product: int
    before: bool
    power: bool
    need, tank, level, used = floats(4)


class Tank(Record):
    """A depot's tank of a product; ``waits`` are tankers that wait for room."""

    capacity: float
    level: float
    waits: Part[Queue]


class Depot(Record):
    """Tanks, bays and users of a town; ``waits`` are tankers that wait for a bay."""

    waits: Part[Queue]
    tanks: Many[Tank]
    users: Many[User]
    entity, bays, busy = ints(3)


def build_depot(country: Country, town: int) -> None:
    """Lay out a town's depot, its tanks filled as at the start."""
    plan, depot = country.plan, country.towns[town].depot
    products = len(plan.products.pump)
    depot.entity = plan.towns.entity[town]
    depot.bays = max(1, steps.whole(plan.towns.bays[town]))
    depot.tanks = new(Tank, country, products)
    least = plan.policy.least_tank * plan.fleet.load
    for p in range(products):
        tank = depot.tanks[p]
        need = country.need[town * products + p]
        tank.capacity = orders.capacity(plan.towns.capacity[town], need, plan.products.cover[p], least)
        tank.level = tank.capacity * plan.towns.target[town]
    users = 0
    for where in plan.users.town:
        users += where == town
    depot.users = new(User, country, users)
    users = 0
    for k in range(len(plan.users.town)):
        if plan.users.town[k] == town:
            user = depot.users[users]
            users += 1
            user.number = k
            user.product = plan.users.product[k]
            user.need = plan.users.need[k]
            user.tank = plan.users.tank[k] * user.need
            user.level = user.tank
            user.before = plan.users.before[k]
            user.power = plan.users.power[k]


def tank_of(country: Country, town: int, product: int) -> Tank:
    """Return a depot's tank of a product."""
    return country.towns[town].depot.tanks[product]


def draw(tank: Tank, volume: float) -> None:
    """Take fuel that is there; what rounding took from the last load is forgiven."""
    level = tank.level
    if volume > level * (1.0 + ROUNDING):
        raise ModelError("more fuel asked of a depot than it holds")
    taken = volume if volume < level else level
    if tank.capacity > 0.0 and taken > 0.0:
        tank.level = level - taken
        if tank.waits.first:
            soon(tank.country, WHAT.DRAWN, tank.where)


def let_in(depot: Depot) -> None:
    """Let tankers that wait empty themselves as far as there is room after stocks were set."""
    for tank in depot.tanks:
        grant_room(tank)


def serve(depot: Depot, before: bool) -> None:
    """Let the users that come before (or after) stations fill their tanks."""
    country = depot.country
    for user in depot.users:
        if user.before == before:
            tank = depot.tanks[user.product]
            takes = orders.user_takes(user.level, user.tank, user.need, tank.level)
            draw(tank, takes)
            user.level += takes
            note(country, country.now, KIND.USED, depot.entity, user.number, takes)


def use(user: User) -> None:
    """Use a day's fuel, or what there is."""
    need = user.need * 24.0
    user.used = need if need < user.level else user.level
    user.level -= user.used


def ask_bay(depot: Depot, tanker: Tanker) -> None:
    """Wait for a bay, in turn."""
    push(depot.waits, tanker)
    grant_bay(depot)


def grant_bay(depot: Depot) -> None:
    """Let the first tanker that waits have a bay if one is free."""
    first = depot.waits.first
    if first and depot.busy < depot.bays:
        depot.busy += 1
        pull(depot.waits, first)
        soon(depot.country, WHAT.BAY, first.where)


def leave_bay(depot: Depot) -> None:
    """Give a bay back; who waits hears of it when what goes on now is over."""
    depot.busy -= 1
    if depot.waits.first:
        soon(depot.country, WHAT.BAY_FREE, depot.where)


def pour_in(tank: Tank, tanker: Tanker) -> None:
    """Wait for room for the load, in turn."""
    push(tank.waits, tanker)
    grant_room(tank)


def grant_room(tank: Tank) -> None:
    """Let tankers that wait empty themselves, in turn, as long as there is room."""
    load = tank.country.plan.fleet.load
    while tank.waits.first and tank.capacity - tank.level >= load:
        first = tank.waits.first
        tank.level += load
        pull(tank.waits, first)
        soon(tank.country, WHAT.POURED, first.where)


compile_all(globals())
