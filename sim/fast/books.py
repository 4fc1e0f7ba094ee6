"""The day's accounts, closed at midnight, and the balance of fuel at the end."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.errors import ModelError
from sim.fast.agenda import take_total
from sim.fast.compiled import compile_all
from sim.fast.crews import joins
from sim.fast.depot import use
from sim.fast.market import advance, stock
from sim.fast.records import Record, floats
from sim.fast.rules import orders, retail
from sim.record import FLOWS, REALS, STOCKS, TOWNS
from sim.rules.orders import TOLERANCE

if TYPE_CHECKING:
    from sim.fast.corridor import Corridor
    from sim.fast.layout import Country
    from sim.fast.market import Market
    from sim.fast.town import Town

TOWN_COLUMNS, STOCK_COLUMNS = len(TOWNS) - 3, len(STOCKS) - 2
"""Columns of a day's rows besides the day and the things that they are of."""
FLOW_COUNTS, FLOW_REALS = len(FLOWS) - 2 - len(REALS["flows"]), len(REALS["flows"])
PLACES = 6
"""Columns of stocks that say where fuel is; the others say what has passed since the day before."""


class Balance(Record):
    """The balance of a product, m3: what there was and came in, what went, where the rest is."""

    initial, entered, adjusted, sold, used, lost, depots, users, stations, lots, tankers = floats(11)


def close_day(country: Country, day: int) -> None:
    """Write the rows of the day that ends now, numbered from the scenario's start; a negative one is not written."""
    for market in country.markets:
        advance(market, country.now)
    country.day = country.plan.warmup + day + 1
    for town in country.towns:
        for user in town.depot.users:
            use(user)
            if day >= 0:
                row = day * len(country.plan.users.need) + user.number
                country.user_rows[row] = user.used
                country.user_stocks[row] = user.level
            country.balance[user.product].used += user.used
        _close_town(town, day)
    for corridor in country.corridors:
        _close_corridor(corridor, day)
    if day >= 0:
        _close_stocks(country, day)


def _close_town(town: Town, day: int) -> None:
    country = town.country
    hours = _power(town)
    open_any = take_total(town.forecourt.any, country.now) / (24.0 * town.count)
    all_closed = True
    for market in town.markets:
        if market.policy != 0.0:
            all_closed = False
    for market in town.markets:
        _close_market(market, day, 0.0 if all_closed else open_any, hours)


def _close_market(market: Market, day: int, open_any: float, hours: float) -> None:
    country, town, consumers = market.country, market.town, market.country.plan.consumers
    sold, wanted, need = market.sum_sold, market.sum_wanted, market.burn * 24.0
    country.balance[market.product].sold += sold
    in_depot = town.depot.tanks[market.product].level
    market.at_midnight = stock(market)
    values = (
        in_depot,
        market.at_midnight,
        (in_depot + market.at_midnight) / need,
        market.consumer_stock,
        sold,
        wanted,
        market.sum_given_up,
        market.sum_burned,
        need,
        market.sum_backlog / wanted if wanted > 0.0 else 0.0,
        market.sum_open / (24.0 * town.count),
        open_any,
        retail.black_market(wanted + market.backlog, sold, consumers.black_exponent, consumers.black_cap),
        hours,
    )
    markets = len(country.markets)
    row = max(day, 0) * markets + market.number
    for column in range(TOWN_COLUMNS):
        country.town_rows[row + column * country.plan.days * markets] = values[column]
    market.sum_wanted = market.sum_sold = market.sum_given_up = market.sum_burned = 0.0
    market.sum_backlog = market.sum_open = 0.0


def _power(town: Town) -> float:
    """Return hours of power of the day in a town with power stations, else NaN."""
    used, need = 0.0, 0.0
    for user in town.depot.users:
        if user.power:
            used += user.used
            need += user.need * 24.0
    if need <= 0.0:
        return math.nan
    policy = town.country.plan.policy
    return orders.power_hours(policy.power_hours, policy.power_thermal, used / need)


def _close_corridor(corridor: Corridor, day: int) -> None:
    country = corridor.country
    now, corridors = country.now, len(country.corridors)
    rows, row = country.plan.days * corridors, max(day, 0) * corridors + corridor.number
    counts = (
        *(corridor.ordered, corridor.loaded, corridor.departed, corridor.escorted, corridor.arrived, corridor.lost),
        *(corridor.short, corridor.no_tanker, corridor.no_crew),
    )
    for column in range(FLOW_COUNTS):
        country.flow_counts[row + column * rows] = counts[column]
    reals = (
        take_total(corridor.waiting_order, now) / 24.0,
        take_total(corridor.loading, now) / 24.0,
        corridor.closed_hours / 24.0,
        corridor.refusal_hours / 24.0,
        corridor.escort_hours / 24.0,
        corridor.rule_hours / 24.0,
        take_total(corridor.customs, now) / 24.0,
        take_total(corridor.unloading, now) / 24.0,
        joins(corridor, now - 1e-6),
    )
    for column in range(FLOW_REALS):
        country.flow_reals[row + column * rows] = reals[column]
    corridor.ordered = corridor.loaded = corridor.departed = corridor.escorted = corridor.arrived = corridor.lost = 0
    corridor.short = corridor.no_tanker = corridor.no_crew = 0
    corridor.closed_hours = corridor.refusal_hours = corridor.escort_hours = corridor.rule_hours = 0.0


def _close_stocks(country: Country, day: int) -> None:
    products = len(country.balance)
    for product in range(products):
        lay_holdings(country, product)
        there = country.balance[product]
        values = (
            there.depots,
            there.stations,
            there.users,
            there.lots,
            there.tankers,
            laden_inside(country, product),
            there.entered,
            there.sold,
            there.used,
            there.lost,
            there.adjusted,
        )
        row = day * products + product
        for column in range(STOCK_COLUMNS):
            before = country.passed[product * STOCK_COLUMNS + column] if column >= PLACES else 0.0
            country.passed[product * STOCK_COLUMNS + column] = values[column]
            country.stock_rows[row + column * country.plan.days * products] = values[column] - before


def laden_inside(country: Country, product: int) -> float:
    """Return what laden tankers past their assembly point carry of a product, m3."""
    inside = 0
    for tanker in country.tankers:
        if tanker.laden and tanker.inside and tanker.product == product:
            inside += 1
    return inside * country.plan.fleet.load


def open_books(country: Country) -> None:
    """Begin the balance: count what there is."""
    for product in range(len(country.balance)):
        balance = country.balance[product]
        balance.entered = balance.adjusted = balance.sold = balance.used = balance.lost = 0.0
        for column in range(STOCK_COLUMNS):
            country.passed[product * STOCK_COLUMNS + column] = 0.0
        balance.initial = lay_holdings(country, product)


def lay_holdings(country: Country, product: int) -> float:
    """Write where the fuel of a product is now, m3, into its balance; return it all."""
    balance = country.balance[product]
    balance.depots = balance.users = balance.stations = balance.lots = 0.0
    for town in country.towns:
        balance.depots += town.depot.tanks[product].level
        for user in town.depot.users:
            if user.product == product:
                balance.users += user.level
        for market in town.markets:
            if market.product == product:
                balance.stations += stock(market)
                for station in market.stations:
                    balance.lots += station.coming
    laden = 0
    for tanker in country.tankers:
        if tanker.laden and tanker.product == product:
            laden += 1
    balance.tankers = laden * country.plan.fleet.load
    return balance.depots + balance.users + balance.stations + balance.lots + balance.tankers


def check_balance(country: Country) -> None:
    """Compare, per product, what there was and came in with what was used and is left."""
    for product in range(len(country.balance)):
        left, balance = lay_holdings(country, product), country.balance[product]
        entered = balance.initial + balance.entered + balance.adjusted
        difference = entered - left - (balance.sold + balance.used + balance.lost)
        if abs(difference) > TOLERANCE * max(entered, 1.0):
            raise ModelError("a product is not conserved")


compile_all(globals())
