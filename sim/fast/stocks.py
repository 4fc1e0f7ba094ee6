"""Stocks set by hand: today's by town, or the country's at a midnight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.fast.books import laden_inside
from sim.fast.compiled import compile_all
from sim.fast.depot import tank_of
from sim.fast.layout import KIND
from sim.fast.market import market_of, set_stock, settle, stock, stock_of
from sim.fast.memory import note
from sim.fast.rules import stocks

if TYPE_CHECKING:
    from sim.fast.layout import Country


def set_stocks(country: Country) -> None:
    """Give towns the stocks that the scenario states for its start."""
    stated = country.plan.stocks
    for k in range(len(stated.town)):
        _set(country, stated.town[k], stated.town[k] + 1, stated.product[k], stated.volume[k])
    for market in country.markets:
        market.at_midnight = stock(market)


def set_national(country: Country) -> None:
    """Bring depots and stations, with the laden tankers inside, to the national stock that the scenario states."""
    towns, products, everything = len(country.towns), len(country.plan.products.pump), 0.0
    for product in range(products):
        everything += _together(country, 0, towns, product) + laden_inside(country, product)
    for product in range(products):
        laden = laden_inside(country, product)
        before = _together(country, 0, towns, product)
        wanted = stocks.share_of(country.plan.stocks.national, before + laden, everything) - laden
        _set(country, 0, towns, product, wanted if wanted > 0.0 else 0.0)
        country.balance[product].adjusted += _together(country, 0, towns, product) - before
    for market in country.markets:
        market.at_midnight = stock(market)


def _together(country: Country, first: int, last: int, product: int) -> float:
    """Return what depots and stations of some towns hold of a product, m3 (after ``advance``)."""
    there = 0.0
    for t in range(first, last):
        there += tank_of(country, t, product).level
        market = market_of(country, t, product)
        if market:
            there += stock(market)
    return there


def _most(country: Country, first: int, last: int, product: int) -> float:
    room = 0.0
    for t in range(first, last):
        room += tank_of(country, t, product).capacity
        market = market_of(country, t, product)
        if market:
            tanks = 0.0
            for station in market.stations:
                tanks += station.tank
            room += tanks
    return room


def _set(country: Country, first: int, last: int, product: int, wanted: float) -> None:
    there, most = _together(country, first, last, product), _most(country, first, last, product)
    for t in range(first, last):
        tank = tank_of(country, t, product)
        tank.level = stocks.set_level(tank.level, tank.capacity, there, most, wanted)
        market = market_of(country, t, product)
        if market:
            for i in range(len(market.stations)):
                station = market.stations[i]
                set_stock(market, i, stocks.set_level(stock_of(market, station), station.tank, there, most, wanted))
            settle(market)
        note(country, country.now, KIND.STOCK_SET, country.towns[t].entity, product, wanted)


compile_all(globals())
