"""Stocks set by hand: today's by town, or the country's at a midnight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.record import Kind
from sim.rules.steps import total
from sim.rules.stocks import set_level, share_of

if TYPE_CHECKING:
    from sim.model.country import Country
    from sim.model.town import Town


def set_stocks(country: Country) -> None:
    """Give towns the stocks that the scenario states for its start."""
    stocks = country.plan.stocks
    for town, product, volume in zip(stocks.town, stocks.product, stocks.volume, strict=True):
        _set(country, [country.towns[town]], product, volume)


def set_national(country: Country) -> None:
    """Bring depots and stations, with the laden tankers inside, to the national stock that the scenario states."""
    products = range(len(country.plan.products.name))
    laden = [laden_inside(country, product) for product in products]
    there = [_together(country.towns, product) + laden[product] for product in products]
    everything = total(there)
    for product in products:
        wanted = share_of(country.plan.stocks.national, there[product], everything) - laden[product]
        before = _together(country.towns, product)
        _set(country, country.towns, product, wanted if wanted > 0.0 else 0.0)
        country.adjusted[product] += _together(country.towns, product) - before


def laden_inside(country: Country, product: int) -> float:
    """Return what laden tankers past their assembly point carry of a product, m3."""
    inside = [t for t in country.tankers if t.laden and t.inside and t.product == product]
    return len(inside) * country.plan.fleet.load


def _together(towns: list[Town], product: int) -> float:
    """Return what depots and stations hold of a product, m3 (after ``advance``)."""
    there = 0.0
    for town in towns:
        there += town.depot.level(product)
        for market in town.markets:
            if market.product == product:
                there += market.stock()
    return there


def _most(towns: list[Town], product: int) -> float:
    room = 0.0
    for town in towns:
        room += town.depot.capacity[product]
        for market in town.markets:
            if market.product == product:
                room += total(market.tanks)
    return room


def _set(country: Country, towns: list[Town], product: int, wanted: float) -> None:
    there, most = _together(towns, product), _most(towns, product)
    for town in towns:
        depot = town.depot
        depot.set_level(product, set_level(depot.level(product), depot.capacity[product], there, most, wanted))
        for market in town.markets:
            if market.product == product:
                for i, (stock, tank) in enumerate(zip(market.stocks(), market.tanks, strict=True)):
                    market.set_stock(i, set_level(stock, tank, there, most, wanted))
                market.settle()
        country.log.add(country.clock.now, Kind.STOCK_SET, town.entity, product, wanted)
