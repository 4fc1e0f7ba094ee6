"""The day's accounts, closed at midnight, and the balance of fuel at the end."""

from __future__ import annotations

import math

from sim.errors import ModelError
from sim.fast.compiled import Reals, Words, compiled, rule
from sim.fast.corridor import take_total
from sim.fast.crews import joins
from sim.fast.depot import depot_of, tank_of, use
from sim.fast.layout import (
    CONSUMERS,
    DEPOT,
    FLEET,
    HEAD,
    HELD,
    LINE,
    MARKET,
    PLACE,
    POLICY,
    STATION,
    TANK,
    TANKER,
    USER,
)
from sim.fast.market import advance, stock, take_wet
from sim.record import FLOWS, STOCKS, TOWNS
from sim.rules import orders, retail
from sim.rules.orders import TOLERANCE

power_hours, black_market = rule(orders.power_hours), rule(retail.black_market)
TOWN_COLUMNS, FLOW_COLUMNS, STOCK_COLUMNS = len(TOWNS) - 3, len(FLOWS) - 2, len(STOCKS) - 2
"""Columns of a day's rows besides the day and the things that they are of."""
SUMS = ("initial", "entered", "adjusted", "sold", "used", "lost", "depots", "users", "stations", "lots", "tankers")
"""The balance of a product, m3: what there was and came in, what went, where the rest is."""
DEPOTS, USERS, STATIONS, LOTS, TANKERS = 6, 7, 8, 9, 10
"""Words of a balance that say where the rest is."""
PLACES = 5


@compiled
def close_day(f: Reals, n: Words, day: int) -> None:
    """Write the rows of the day that ends now, numbered from the scenario's start; a negative one is not written."""
    now = f[HEAD.now]
    for k in range(n[HEAD.markets_count]):
        advance(f, n, n[HEAD.markets] + k * MARKET.words, now)
    n[HEAD.day] = n[HEAD.warmup] + day + 1
    for t in range(n[HEAD.towns_count]):
        depot = depot_of(n, t)
        for k in range(n[depot + DEPOT.users_count]):
            held = n[depot + DEPOT.users] + k * HELD.words
            use(f, n, held)
            if day >= 0:
                row = day * n[HEAD.users_count] + n[held + HELD.user]
                f[n[HEAD.user_rows] + row] = f[held + HELD.used]
                f[n[HEAD.user_stocks] + row] = f[held + HELD.level]
            f[n[HEAD.used] + n[held + HELD.product]] += f[held + HELD.used]
        _close_town(f, n, n[HEAD.places] + t * PLACE.words, day)
    for c in range(n[HEAD.corridors_count]):
        _close_line(f, n, n[HEAD.lines] + c * LINE.words, day)
    if day >= 0:
        _close_stocks(f, n, day)


@compiled
def _close_town(f: Reals, n: Words, place: int, day: int) -> None:
    now = f[HEAD.now]
    hours = _power(f, n, n[place + PLACE.town])
    open_any = take_wet(f, n, place, now) / (24.0 * n[place + PLACE.count])
    all_closed = True
    for k in range(n[place + PLACE.markets_count]):
        if f[n[place + PLACE.markets] + k * MARKET.words + MARKET.policy] != 0.0:
            all_closed = False
    if all_closed:
        open_any = 0.0
    rows = n[HEAD.days] * n[HEAD.markets_count]
    for k in range(n[place + PLACE.markets_count]):
        market = n[place + PLACE.markets] + k * MARKET.words
        sold, wanted = f[market + MARKET.sum_sold], f[market + MARKET.sum_wanted]
        f[n[HEAD.sold] + n[market + MARKET.product]] += sold
        held = f[tank_of(n, n[place + PLACE.town], n[market + MARKET.product]) + TANK.level]
        at_stations = stock(f, n, market)
        f[market + MARKET.at_stations] = at_stations
        burn = f[market + MARKET.burn]
        queue = f[market + MARKET.sum_backlog] / wanted if wanted > 0.0 else 0.0
        index = black_market(
            wanted + f[market + MARKET.backlog], sold, f[CONSUMERS.black_exponent], f[CONSUMERS.black_cap]
        )
        row = n[HEAD.town_rows] + max(day, 0) * n[HEAD.markets_count] + (market - n[HEAD.markets]) // MARKET.words
        values = (
            held,
            at_stations,
            (held + at_stations) / (burn * 24.0),
            f[market + MARKET.held],
            sold,
            wanted,
            f[market + MARKET.sum_given_up],
            f[market + MARKET.sum_burned],
            burn * 24.0,
            queue,
            f[market + MARKET.sum_open] / (24.0 * n[place + PLACE.count]),
            open_any,
            index,
            hours,
        )
        for column in range(TOWN_COLUMNS):
            f[row + column * rows] = values[column]
        f[market + MARKET.sum_wanted] = 0.0
        f[market + MARKET.sum_sold] = 0.0
        f[market + MARKET.sum_given_up] = 0.0
        f[market + MARKET.sum_burned] = 0.0
        f[market + MARKET.sum_backlog] = 0.0
        f[market + MARKET.sum_open] = 0.0


@compiled
def _power(f: Reals, n: Words, town: int) -> float:
    """Return hours of power of the day in a town with power stations, else NaN."""
    used, need = 0.0, 0.0
    depot = depot_of(n, town)
    for k in range(n[depot + DEPOT.users_count]):
        held = n[depot + DEPOT.users] + k * HELD.words
        if n[n[HEAD.users] + n[held + HELD.user] * USER.words + USER.power] != 0:
            used += f[held + HELD.used]
            need += f[held + HELD.need] * 24.0
    if need <= 0.0:
        return math.nan
    return power_hours(f[POLICY.power_hours], f[POLICY.power_thermal], used / need)


@compiled
def _close_line(f: Reals, n: Words, line: int, day: int) -> None:
    now = f[HEAD.now]
    rows = n[HEAD.days] * n[HEAD.corridors_count]
    row = n[HEAD.flow_rows] + max(day, 0) * n[HEAD.corridors_count] + n[line + LINE.number]
    column = 0
    for count in (LINE.ordered, LINE.loaded, LINE.departed, LINE.escorted, LINE.arrived, LINE.lost):
        n[row + column * rows] = n[line + count]
        n[line + count] = 0
        column += 1
    for value in (
        take_total(f, n, line + LINE.waiting_order, now) / 24.0,
        take_total(f, n, line + LINE.loading, now) / 24.0,
        f[line + LINE.closed_hours] / 24.0,
        f[line + LINE.refusal_hours] / 24.0,
        f[line + LINE.escort_hours] / 24.0,
        f[line + LINE.rule_hours] / 24.0,
        take_total(f, n, line + LINE.customs, now) / 24.0,
        take_total(f, n, line + LINE.unloading, now) / 24.0,
    ):
        f[row + column * rows] = value
        column += 1
    for count in (LINE.short, LINE.no_tanker, LINE.no_crew):
        n[row + column * rows] = n[line + count]
        n[line + count] = 0
        column += 1
    f[row + column * rows] = joins(f, n, line, now - 1e-6)
    f[line + LINE.closed_hours] = 0.0
    f[line + LINE.refusal_hours] = 0.0
    f[line + LINE.escort_hours] = 0.0
    f[line + LINE.rule_hours] = 0.0


@compiled
def _passed(f: Reals, n: Words, product: int, kind: int) -> float:
    """Return what entered, was sold, used, lost or set by hand since the scenario's start, m3."""
    if kind == 0:
        return f[n[HEAD.entered] + product]
    if kind == 1:
        return f[n[HEAD.sold] + product]
    if kind == 2:
        return f[n[HEAD.used] + product]
    if kind == 3:
        return f[n[HEAD.gone] + product]
    return f[n[HEAD.adjusted] + product]


PASSES = 5


@compiled
def _close_stocks(f: Reals, n: Words, day: int) -> None:
    products = n[HEAD.products_count]
    rows = n[HEAD.days] * products
    for product in range(products):
        sums = n[HEAD.balance] + product * len(SUMS)
        lay_holdings(f, n, product, sums)
        row = n[HEAD.stock_rows] + day * products + product
        places = (f[sums + DEPOTS], f[sums + STATIONS], f[sums + USERS], f[sums + LOTS], f[sums + TANKERS])
        for column in range(PLACES):
            f[row + column * rows] = places[column]
        f[row + PLACES * rows] = laden_inside(f, n, product)
        for kind in range(PASSES):
            before = n[HEAD.passed] + product * PASSES + kind
            now = _passed(f, n, product, kind)
            f[row + (PLACES + 1 + kind) * rows] = now - f[before]
            f[before] = now


@compiled
def laden_inside(f: Reals, n: Words, product: int) -> float:
    """Return what laden tankers past their assembly point carry of a product, m3."""
    inside = 0
    for k in range(n[HEAD.tankers_count]):
        tanker = n[HEAD.tankers] + k * TANKER.words
        if n[tanker + TANKER.laden] != 0 and n[tanker + TANKER.inside] != 0 and n[tanker + TANKER.product] == product:
            inside += 1
    return inside * f[FLEET.load]


@compiled
def open_books(f: Reals, n: Words) -> None:
    """Begin the balance: count what there is."""
    for product in range(n[HEAD.products_count]):
        f[n[HEAD.entered] + product] = 0.0
        f[n[HEAD.adjusted] + product] = 0.0
        f[n[HEAD.sold] + product] = 0.0
        f[n[HEAD.used] + product] = 0.0
        f[n[HEAD.gone] + product] = 0.0
        for kind in range(PASSES):
            f[n[HEAD.passed] + product * PASSES + kind] = 0.0
        f[n[HEAD.initial] + product] = lay_holdings(f, n, product, n[HEAD.balance] + product * len(SUMS))


@compiled
def lay_holdings(f: Reals, n: Words, product: int, sums: int) -> float:
    """Write where the fuel of a product is now, m3, into the words of a balance that say so; return it all."""
    depots, users, stations, lots = 0.0, 0.0, 0.0, 0.0
    for t in range(n[HEAD.towns_count]):
        depots += f[tank_of(n, t, product) + TANK.level]
        depot = depot_of(n, t)
        for k in range(n[depot + DEPOT.users_count]):
            held = n[depot + DEPOT.users] + k * HELD.words
            if n[held + HELD.product] == product:
                users += f[held + HELD.level]
        place = n[HEAD.places] + t * PLACE.words
        for k in range(n[place + PLACE.markets_count]):
            market = n[place + PLACE.markets] + k * MARKET.words
            if n[market + MARKET.product] == product:
                stations += stock(f, n, market)
                for i in range(n[market + MARKET.count]):
                    lots += f[n[market + MARKET.stations] + i * STATION.words + STATION.coming]
    laden = 0
    for k in range(n[HEAD.tankers_count]):
        tanker = n[HEAD.tankers] + k * TANKER.words
        if n[tanker + TANKER.laden] != 0 and n[tanker + TANKER.product] == product:
            laden += 1
    tankers = laden * f[FLEET.load]
    f[sums + DEPOTS] = depots
    f[sums + USERS] = users
    f[sums + STATIONS] = stations
    f[sums + LOTS] = lots
    f[sums + TANKERS] = tankers
    return depots + users + stations + lots + tankers


@compiled
def check_balance(f: Reals, n: Words) -> None:
    """Compare, per product, what there was and came in with what was used and is left."""
    for product in range(n[HEAD.products_count]):
        sums = n[HEAD.balance] + product * len(SUMS)
        left = lay_holdings(f, n, product, sums)
        f[sums] = f[n[HEAD.initial] + product]
        f[sums + 1] = f[n[HEAD.entered] + product]
        f[sums + 2] = f[n[HEAD.adjusted] + product]
        f[sums + 3] = f[n[HEAD.sold] + product]
        f[sums + 4] = f[n[HEAD.used] + product]
        f[sums + 5] = f[n[HEAD.gone] + product]
        entered = f[sums] + f[sums + 1] + f[sums + 2]
        difference = entered - left - (f[sums + 3] + f[sums + 4] + f[sums + 5])
        if abs(difference) > TOLERANCE * max(entered, 1.0):
            raise ModelError("a product is not conserved")
