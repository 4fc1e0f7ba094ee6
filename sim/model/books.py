"""The accounts: the day's, closed at midnight, stocks set by hand, and the balance of fuel at the end."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.errors import ModelError
from sim.record import Kind
from sim.rules.orders import TOLERANCE, power_hours
from sim.rules.retail import black_market
from sim.rules.steps import DAY, total
from sim.rules.stocks import set_level, share_of

if TYPE_CHECKING:
    from sim.model.corridor import Corridor, Tanker
    from sim.model.market import Market
    from sim.model.town import Town
    from sim.model.world import World


class Books:
    """What there was, was sold, used and set by hand, m3 by product, since the scenario's start."""

    def __init__(self, world: World, towns: list[Town], corridors: list[Corridor], tankers: list[Tanker]) -> None:
        self.world, self.plan = world, world.plan
        self.towns, self.corridors, self.tankers = towns, corridors, tankers
        self.products = range(len(world.plan.products.name))
        self.initial, self.sold, self.used, self.adjusted = ([0.0 for _ in self.products] for _ in range(4))
        self._passed = [[0.0] for _ in self.products]

    def close_day(self, day: int) -> None:
        """Write the rows of the day that ends, numbered from the scenario's start; a negative one is not written."""
        rows = self.world.rows
        if day >= 0:
            rows["imports"] += [(day, *key, volume) for key, volume in sorted(self.world.imports.items())]
        self.world.imports.clear()
        for corridor in self.corridors:
            corridor.judge()
        for town in self.towns:
            for user in town.depot.users:
                user.burn()
                if day >= 0:
                    rows["users"].append((day, user.number, user.used, user.need * DAY, user.level))
                self.used[user.product] += user.used
            self._close_town(town, day)
        for corridor in self.corridors:
            row = corridor.close_day()
            if day >= 0:
                rows["flows"].append((day, *row))
        if day >= 0:
            self._close_stocks(day)

    def _close_town(self, town: Town, day: int) -> None:
        now, given = self.world.clock.now, self.plan.consumers
        hours = self._power(town)
        open_any = town.forecourt.any.take(now) / (DAY * town.count)
        if all(market.policy == 0.0 for market in town.markets):
            open_any = 0.0
        for market in town.markets:
            market.advance(now)
            sums = market.take_sums()
            self.sold[market.product] += sums["sold"]
            if day < 0:
                continue
            stock, at_stations = town.depot.level(market.product), market.stock()
            wanted, sold = sums["wanted"], sums["sold"]
            self.world.rows["towns"].append(
                (
                    day,
                    town.number,
                    market.product,
                    stock,
                    at_stations,
                    (stock + at_stations) / (market.burn * DAY),
                    market.consumer_stock,
                    sold,
                    wanted,
                    sums["given_up"],
                    sums["burned"],
                    market.burn * DAY,
                    sums["backlog_hours"] / wanted if wanted > 0.0 else 0.0,
                    sums["station_hours"] / (DAY * town.count),
                    open_any,
                    black_market(wanted + market.backlog, sold, given.black_exponent, given.black_cap),
                    hours,
                )
            )

    def _power(self, town: Town) -> float:
        """Return hours of power of the day in a town with power stations, else NaN."""
        stations = [user for user in town.depot.users if user.power]
        used, need = total(user.used for user in stations), total(user.need * DAY for user in stations)
        if need <= 0.0:
            return math.nan
        return power_hours(self.plan.policy.power_hours, self.plan.policy.power_thermal, used / need)

    def _close_stocks(self, day: int) -> None:
        for product in self.products:
            now = self._gone_by(product)
            passed = [after - before for after, before in zip(now, self._passed[product], strict=True)]
            self._passed[product] = now
            there = self.holdings(product)
            places = (there["depots"], there["stations"], there["users"], there["lots"], there["tankers"])
            self.world.rows["stocks"].append((day, product, *places, self._laden_inside(product), *passed))

    def _gone_by(self, product: int) -> list[float]:
        """Return what entered, was sold, used, lost and set by hand since the scenario's start, m3."""
        world = self.world
        return [some[product] for some in (world.entered, self.sold, self.used, world.gone, self.adjusted)]

    def open(self) -> None:
        """Begin the balance: count what there is."""
        for product in self.products:
            for some in (self.world.entered, self.sold, self.used, self.world.gone, self.adjusted):
                some[product] = 0.0
            self._passed[product] = self._gone_by(product)
            self.initial[product] = total(self.holdings(product).values())

    def holdings(self, product: int) -> dict[str, float]:
        """Return where the fuel of a product is now, m3."""
        places = {"depots": 0.0, "users": 0.0, "stations": 0.0, "lots": 0.0, "tankers": 0.0}
        for town in self.towns:
            places["depots"] += town.depot.level(product)
            for user in town.depot.users:
                if user.product == product:
                    places["users"] += user.level
            for market in _selling(town, product):
                places["stations"] += market.stock()
                for coming in market.coming:
                    places["lots"] += coming
        laden = [tanker for tanker in self.tankers if tanker.laden and tanker.product == product]
        places["tankers"] = len(laden) * self.plan.fleet.load
        return places

    def check_balance(self) -> list[dict[str, float]]:
        """Compare, per product, what there was and came in with what was used and is left; return all of them, m3.

        Raises
        ------
        ModelError
            If they differ by more than 1e-9 of what there was and came in.
        """
        balances = []
        for product, name in enumerate(self.plan.products.name):
            came = {"entered": self.world.entered[product], "adjusted": self.adjusted[product]}
            entered = self.initial[product] + came["entered"] + came["adjusted"]
            left = self.holdings(product)
            out = {"sold": self.sold[product], "used": self.used[product], "lost": self.world.gone[product]}
            difference = entered - total(left.values()) - total(out.values())
            if abs(difference) > TOLERANCE * max(entered, 1.0):
                raise ModelError(
                    f"{name} is not conserved: {entered!r} m3 entered, {out} went, {left} is left; "
                    f"difference {difference!r} m3"
                )
            balances.append({"initial": self.initial[product], **came, **out, **left})
        return balances

    def set_stocks(self) -> None:
        """Give towns the stocks that the scenario states for its start."""
        stocks = self.plan.stocks
        for town, product, volume in zip(stocks.town, stocks.product, stocks.volume, strict=True):
            self._set([self.towns[town]], product, volume)

    def set_national(self) -> None:
        """Bring depots and stations, with the laden tankers inside, to the national stock that the scenario states."""
        laden = [self._laden_inside(product) for product in self.products]
        there = [_together(self.towns, product) + laden[product] for product in self.products]
        everything = total(there)
        for product in self.products:
            wanted = share_of(self.plan.stocks.national, there[product], everything) - laden[product]
            before = _together(self.towns, product)
            self._set(self.towns, product, wanted if wanted > 0.0 else 0.0)
            self.adjusted[product] += _together(self.towns, product) - before

    def _laden_inside(self, product: int) -> float:
        """Return what laden tankers past their assembly point carry of a product, m3."""
        inside = [t for t in self.tankers if t.laden and t.inside and t.product == product]
        return len(inside) * self.plan.fleet.load

    def _set(self, towns: Sequence[Town], product: int, wanted: float) -> None:
        there, most = _together(towns, product), 0.0
        for town in towns:
            most += town.depot.capacity[product]
            for market in _selling(town, product):
                most += total(market.tanks)
        for town in towns:
            depot = town.depot
            depot.set_level(product, set_level(depot.level(product), depot.capacity[product], there, most, wanted))
            for market in _selling(town, product):
                for i, (stock, tank) in enumerate(zip(market.stocks(), market.tanks, strict=True)):
                    market.set_stock(i, set_level(stock, tank, there, most, wanted))
                market.settle()
            self.world.note(Kind.STOCK_SET, town.entity, product, wanted)


def _selling(town: Town, product: int) -> list[Market]:
    return [market for market in town.markets if market.product == product]


def _together(towns: Sequence[Town], product: int) -> float:
    """Return what depots and stations hold of a product, m3 (after ``advance``)."""
    there = 0.0
    for town in towns:
        there += town.depot.level(product)
        for market in _selling(town, product):
            there += market.stock()
    return there
