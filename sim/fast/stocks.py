"""Stocks set by hand: today's by town, or the country's at a midnight."""

from __future__ import annotations

from sim.fast.books import laden_inside
from sim.fast.compiled import Reals, Words, compiled, rule
from sim.fast.depot import set_tank, tank_of
from sim.fast.layout import HEAD, KIND, MARKET, PLACE, STATION, STOCKS, TANK
from sim.fast.market import market_of, set_stock, settle, stock, stock_of
from sim.fast.memory import note
from sim.rules import stocks

set_level, share_of = rule(stocks.set_level), rule(stocks.share_of)


@compiled
def set_stocks(f: Reals, n: Words) -> None:
    """Give towns the stocks that the scenario states for its start."""
    for k in range(n[STOCKS.town_count]):
        town = n[n[STOCKS.town] + k]
        _set(f, n, town, town + 1, n[n[STOCKS.product] + k], f[n[STOCKS.volume] + k])
    for k in range(n[HEAD.markets_count]):
        market = n[HEAD.markets] + k * MARKET.words
        f[market + MARKET.at_stations] = stock(f, n, market)


@compiled
def set_national(f: Reals, n: Words) -> None:
    """Bring depots and stations, with the laden tankers inside, to the national stock that the scenario states."""
    towns, everything = n[HEAD.towns_count], 0.0
    for product in range(n[HEAD.products_count]):
        everything += _together(f, n, 0, towns, product) + laden_inside(f, n, product)
    for product in range(n[HEAD.products_count]):
        laden = laden_inside(f, n, product)
        before = _together(f, n, 0, towns, product)
        wanted = share_of(f[STOCKS.national], before + laden, everything) - laden
        _set(f, n, 0, towns, product, wanted if wanted > 0.0 else 0.0)
        f[n[HEAD.adjusted] + product] += _together(f, n, 0, towns, product) - before
    for k in range(n[HEAD.markets_count]):
        market = n[HEAD.markets] + k * MARKET.words
        f[market + MARKET.at_stations] = stock(f, n, market)


@compiled
def _together(f: Reals, n: Words, first: int, last: int, product: int) -> float:
    """Return what depots and stations of some towns hold of a product, m3 (after ``advance``)."""
    there = 0.0
    for t in range(first, last):
        there += f[tank_of(n, t, product) + TANK.level]
        market = market_of(n, t, product)
        if market != 0:
            there += stock(f, n, market)
    return there


@compiled
def _most(f: Reals, n: Words, first: int, last: int, product: int) -> float:
    room = 0.0
    for t in range(first, last):
        room += f[tank_of(n, t, product) + TANK.capacity]
        market = market_of(n, t, product)
        if market != 0:
            tanks = 0.0
            for i in range(n[market + MARKET.count]):
                tanks += f[n[market + MARKET.stations] + i * STATION.words + STATION.tank]
            room += tanks
    return room


@compiled
def _set(f: Reals, n: Words, first: int, last: int, product: int, wanted: float) -> None:
    there, most = _together(f, n, first, last, product), _most(f, n, first, last, product)
    for t in range(first, last):
        tank = tank_of(n, t, product)
        set_tank(f, n, t, product, set_level(f[tank + TANK.level], f[tank + TANK.capacity], there, most, wanted))
        market = market_of(n, t, product)
        if market != 0:
            for i in range(n[market + MARKET.count]):
                station = n[market + MARKET.stations] + i * STATION.words
                held = set_level(stock_of(f, n, market, station), f[station + STATION.tank], there, most, wanted)
                set_stock(f, n, market, i, held)
            settle(f, n, market)
        note(f, n, f[HEAD.now], KIND.STOCK_SET, n[n[HEAD.places] + t * PLACE.words + PLACE.entity], product, wanted)
