"""A town's depot: a tank per product, bays to unload at, and large users with tanks of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import simpy
from simpy.events import Event

from sim.errors import ModelError
from sim.record import Kind
from sim.rules import orders
from sim.rules.orders import ROUNDING
from sim.rules.steps import whole as nearest

if TYPE_CHECKING:
    from sim.model.world import World
    from sim.plan.plan import Plan


class User:
    """A large user: a power station, a mine, a hospital."""

    def __init__(self, plan: Plan, number: int) -> None:
        users = plan.users
        self.number = number
        self.product = users.product[number]
        self.need = users.need[number]
        self.tank = users.tank[number] * self.need
        self.level = self.tank
        self.before = users.before[number]
        self.power = users.power[number]
        self.used = 0.0

    def burn(self) -> None:
        """Use a day's fuel, or what there is."""
        need = self.need * 24.0
        self.used = need if need < self.level else self.level
        self.level -= self.used


class Depot:
    """Tanks, bays and users of a town.

    ``need`` is the use per product in m3/h that orders cover (stations, users and towns supplied from here);
    each product's tank has room for so much of that need.
    """

    def __init__(self, world: World, town: int, need: list[float]) -> None:
        self.world, plan = world, world.plan
        self.entity = plan.towns.entity[town]
        least = plan.policy.least_tank * plan.fleet.load
        days = plan.towns.capacity[town]
        self.capacity = [
            orders.capacity(days, use, cover, least) for use, cover in zip(need, plan.products.cover, strict=True)
        ]
        self.need = need
        self.tanks = [
            simpy.Container(world.clock, capacity=room, init=room * plan.towns.target[town]) if room > 0.0 else None
            for room in self.capacity
        ]
        self.bays = simpy.Resource(world.clock, capacity=max(1, nearest(plan.towns.bays[town])))
        self.users = [User(plan, k) for k in range(len(plan.users.name)) if plan.users.town[k] == town]

    def level(self, product: int) -> float:
        """Return the stock of a product, m3."""
        tank = self.tanks[product]
        return 0.0 if tank is None else float(tank.level)

    def draw(self, product: int, volume: float) -> None:
        """Take fuel that is there; what rounding took from the last load is forgiven.

        Raises
        ------
        ModelError
            If more is asked than there is.
        """
        level = self.level(product)
        if volume > level * (1.0 + ROUNDING):
            raise ModelError(f"{volume!r} m3 asked of a depot that holds {level!r} m3 of product {product}")
        tank = self.tanks[product]
        taken = volume if volume < level else level
        if tank is not None and taken > 0.0:
            tank.get(taken)

    def put(self, product: int, volume: float) -> Event:
        """Return the event of putting fuel into a tank, which waits for room."""
        tank = self.tanks[product]
        assert tank is not None  # nothing is ordered for a depot without a tank
        return tank.put(volume)

    def room(self, product: int) -> float:
        """Return the free room for a product, m3."""
        tank = self.tanks[product]
        return 0.0 if tank is None else float(tank.capacity - tank.level)

    def set_level(self, product: int, level: float) -> None:
        """Set the stock of a product by hand, m3; tankers that wait for room go on waiting until ``let_in``."""
        tank = self.tanks[product]
        if tank is not None:
            tank._level = level

    def let_in(self) -> None:
        """Let tankers that wait empty themselves as far as there is room after stocks were set."""
        for tank in self.tanks:
            if tank is not None:
                tank._trigger_put(None)

    def serve(self, before: bool) -> None:
        """Let the users that come before (or after) stations fill their tanks."""
        for user in self.users:
            if user.before == before:
                takes = orders.user_takes(user.level, user.tank, user.need, self.level(user.product))
                self.draw(user.product, takes)
                user.level += takes
                self.world.note(Kind.USED, self.entity, user.number, takes)
