"""A town: its stations, what people want each day, and what a morning's allotment gives to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.fast.agenda import WHAT, due, event
from sim.fast.compiled import compile_all
from sim.fast.depot import draw, serve
from sim.fast.draws import uniform
from sim.fast.layout import KIND, RANK, STREAM
from sim.fast.lowering import part
from sim.fast.market import (
    Market,
    Match,
    Station,
    advance,
    close,
    pour,
    set_open,
    set_up_tournament,
    settle,
    stock,
    stock_of,
)  # fmt: skip
from sim.fast.memory import heed, index, new, new_row, note
from sim.fast.records import Record, ints
from sim.fast.rules import consumers, occasions, retail, stations, steps
from sim.fast.sort import put_in_order
from sim.plan.sections import LOWEST_FIRST, PRIORITY
from sim.rules.retail import NEVER
from sim.rules.steps import WEEK

if TYPE_CHECKING:
    from sim.fast.depot import Depot
    from sim.fast.layout import Country
    from sim.fast.market import Forecourt
    from sim.fast.records import Many, Part, Row


class Town(Record):
    """A town with its depot and one market a pump product.

    ``rank`` and ``closing`` are marks by station, ``ranked`` the stations in order of their rank.  ``order``,
    ``asking``, ``levels`` and ``sorted`` are for use at once.
    """

    depot: Part[Depot]
    forecourt: Part[Forecourt]
    rank: Row[float]
    closing: Row[float]
    ranked: Row[int]
    closed_share: float
    markets: Many[Market]
    order: Row[int]
    asking: Row[int]
    levels: Row[float]
    sorted: Row[int]
    number, entity, count = ints(3)


def build_town(country: Country, number: int) -> None:
    """Lay out a town's stations, with fuel as at the start."""
    plan, town = country.plan, country.towns[number]
    town.number = number
    town.entity = plan.towns.entity[number]
    town.count = count = max(1, steps.whole(plan.towns.stations[number]))
    town.forecourt.wet = new_row(int, country, count)
    town.closing = new_row(float, country, count)
    town.rank = new_row(float, country, count)
    town.ranked = new_row(int, country, 2 * count)
    town.order = new_row(int, country, count)
    town.asking = new_row(int, country, count)
    town.levels = new_row(float, country, count)
    town.sorted = new_row(int, country, 2 * count)
    for i in range(count):
        town.rank[i] = uniform(country, STREAM.PRIORITY, town.entity, index(i, 0))
        town.closing[i] = uniform(country, STREAM.CLOSED, town.entity, index(i, 0))
    put_in_order(town.rank, count, town.ranked)
    products = len(plan.products.pump)
    whole_need = 0.0
    for p in range(products):
        if _is_sold(country, number, p):
            whole_need += plan.products.need[p]
    first = len(country.markets)
    for p in range(products):
        if _is_sold(country, number, p):
            k = len(country.markets)
            country.markets = part(country.markets, 0, k + 1)
            town.markets = part(country.markets, first, k + 1 - first)
            market = country.markets[k]
            market.number = k
            _build_market(town, market, p, plan.products.need[p], whole_need)


def _is_sold(country: Country, town: int, product: int) -> bool:
    products = country.plan.products
    return products.pump[product] and country.burn[town * len(products.pump) + product] > 0.0


def _build_market(town: Town, market: Market, product: int, need: float, whole_need: float) -> None:
    country, count = town.country, town.count
    plan = country.plan
    retail = plan.retail
    market.town = town
    market.product = product
    market.key = town.entity << 8 | product
    market.stations = new(Station, country, count)
    leaves = 1
    while leaves < count:
        leaves *= 2
    market.leaves = leaves
    market.matches = new(Match, country, 2 * leaves)
    market.recent = new_row(int, country, WEEK * count)
    set_up_tournament(market)
    burn = country.burn[town.number * len(plan.products.pump) + product]
    market.burn = burn
    market.consumer_stock = burn * plan.consumers.calm
    market.policy = NEVER
    market.due = NEVER
    tank, spread = plan.towns.tank[town.number], plan.towns.spread[town.number]
    for i in range(count):
        station = market.stations[i]
        station.tank = stations.tank(i, count, tank, spread) * need / whole_need
        station.nozzles = stations.nozzles(station.tank, retail.tank_per_nozzle)
        station.open = True
        market.all_nozzles += station.nozzles
    wait = stations.usual_wait(retail.delivered_from, retail.delivered_to)
    for station in market.stations:
        sales = stations.calm_sales(burn, station.nozzles, market.all_nozzles)
        station.reorder = retail.reorder * sales
        station.lot = stations.delivery(retail.lot, retail.lot_cover, sales)
        station.tank = stations.room(station.tank, station.reorder, station.lot)
        station.stock = stations.low_stock(station.reorder, sales, wait)
        market.usual += stations.stock_between(station.stock, station.lot, 0.5)
    for k in range(count):
        i = town.ranked[k]
        station = market.stations[i]
        pour(market, 0.0, i, stations.stock_between(station.stock, station.lot, (k + 0.5) / count))


def day(town: Town, number: int, since_news: float) -> None:
    """At midnight: what people want today, under which rules stations sell."""
    country = town.country
    now, plan = country.now, country.plan
    habits, law = plan.consumers, plan.retail
    closed_share = _lay_rules(town, now, number)
    for market in town.markets:
        advance(market, now)
        burn = market.burn
        if number == 0:
            market.at_midnight = stock(market)
        cover = (town.depot.tanks[market.product].level + market.at_midnight) / burn
        alarmed = consumers.is_alarmed(cover, habits.short_cover, since_news, habits.news_held)
        hoarding = plan.products.hoarding[market.product]
        target = consumers.aim(burn, habits.calm, habits.holds, habits.alarmed, hoarding, alarmed)
        wanted = consumers.wanted_rate(burn, target, market.consumer_stock, market.backlog, habits.refill)
        if closed_share != town.closed_share:
            for i in range(town.count):
                set_open(market, i, town.closing[i] >= closed_share)
        kappa = retail.nozzle_rate(market.fill, law.flow, law.service)
        if market.closed:
            wanted, kappa = close(market), 0.0
        market.wanted = wanted
        market.kappa = kappa
        market.policy = NEVER if market.share < 0.0 else market.share * burn
        settle(market)
        note(country, now, KIND.WANTED, town.entity, market.product, wanted)
    town.closed_share = closed_share


def _lay_rules(town: Town, now: float, number: int) -> float:
    """Set each market's largest purchase, ceiling (-1: none) and whether it is closed; return the share of closed."""
    plan = town.country.plan
    rules = plan.rationing
    for market in town.markets:
        market.fill = plan.retail.fill
        market.share = -1.0
        market.closed = False
    closed_share = 0.0
    weekday = (plan.weekday + number) % 7
    for r in range(len(rules.start)):
        elsewhere = len(rules.towns[r]) != 0 and town.number not in rules.towns[r]
        if elsewhere or -1 in rules.products[r] or not rules.start[r] <= now < rules.end[r]:
            continue
        if rules.closed_stations[r] > closed_share:
            closed_share = rules.closed_stations[r]
        for market in town.markets:
            if len(rules.products[r]) != 0 and market.product not in rules.products[r]:
                continue
            if 0.0 <= rules.fill[r] < market.fill:
                market.fill = rules.fill[r]
            share = rules.share[r]
            if share >= 0.0 and (market.share < 0.0 or share < market.share):
                market.share = share
            if weekday in rules.closed_days[r]:
                market.closed = True
    return closed_share


def allot(town: Town, number: int) -> None:
    """At 06:00: users and stations draw on the depot; lots reach stations at hours keyed by station and day."""
    serve(town.depot, True)
    for market in town.markets:
        _allot(town, market, number)
    serve(town.depot, False)


def _allot(town: Town, market: Market, number: int) -> None:
    country, count = town.country, town.count
    today = part(market.recent, number % WEEK * count, count)
    for i in range(count):
        market.stations[i].lots -= today[i]
        today[i] = 0
    tank = town.depot.tanks[market.product]
    left = tank.level
    if left <= 0.0:
        return
    now, order = country.now, town.order
    advance(market, now)
    given = 0.0
    is_first = True
    while left > 0.0:
        heed(country)
        asking = 0
        together = 0.0
        for i in range(count):
            station = market.stations[i]
            if is_first:
                station.asking = station.open
                station.stock = stock_of(market, station)
            if not station.asking:
                continue
            asks = stations.asks_for(station.stock, station.coming, station.reorder, station.lot)
            if asks > 0.0:
                station.asks = asks
                order[asking] = i
                asking += 1
                together += asks
            else:
                station.asking = False
        is_first = False
        if together > left:
            _put_in_turn(town, market)
        served = 0
        for k in range(asking):
            i = order[k]
            station = market.stations[i]
            asks = station.asks
            if asks > left:
                break
            left -= asks
            given += asks
            served += 1
            today[i] += 1
            station.lots += 1
            station.coming += asks
            _send(town, market, i, number, asks)
        if served == 0 or served < asking:
            break
    draw(tank, given)
    note(country, now, KIND.ALLOTTED, town.entity, market.product, given)


def _put_in_turn(town: Town, market: Market) -> None:
    """Put the stations that ask into the order of the rule, from those in order of their marks."""
    retail = town.country.plan.retail
    if retail.rule == LOWEST_FIRST:
        _by_level(town, market)
        return
    asking = town.asking
    count, most = 0, 0
    for k in range(town.count):
        station = market.stations[town.ranked[k]]
        if station.asking:
            asking[count] = town.ranked[k]
            count += 1
            most = max(most, station.lots)
    done = 0
    for is_listed in (True, False):
        for lots in range(most + 1):
            for k in range(count):
                i = asking[k]
                listed = retail.rule != PRIORITY or town.rank[i] < retail.priority
                if listed == is_listed and market.stations[i].lots == lots:
                    town.order[done] = i
                    done += 1
        if done == count:
            return


def _by_level(town: Town, market: Market) -> None:
    """Put the stations that ask into the order of how full they are, ties in order of their marks."""
    asking = 0
    for k in range(town.count):
        station = market.stations[town.ranked[k]]
        if station.asking:
            town.levels[asking] = (station.stock + station.coming) / station.tank
            town.asking[asking] = town.ranked[k]
            asking += 1
    put_in_order(town.levels, asking, town.sorted)
    for k in range(asking):
        town.order[k] = town.asking[town.sorted[k]]


def _send(town: Town, market: Market, station: int, number: int, lot: float) -> None:
    country, retail = town.country, town.country.plan.retail
    occasion = occasions.occasion_of(number, country.plan.warmup)
    mark = uniform(country, STREAM.ARRIVAL, town.entity, index(station, occasion))
    wait = retail.delivered_from + mark * (retail.delivered_to - retail.delivered_from)
    arrival = event(country, WHAT.LOT, market.where)
    arrival.more = station
    arrival.value = lot
    due(arrival, country.now + wait, RANK.LOT, market.key << 16 | station)


compile_all(globals())
