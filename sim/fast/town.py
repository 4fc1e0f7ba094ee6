"""A town: its stations, what people want each day, and what a morning's allotment gives to whom."""

from __future__ import annotations

from sim.fast.agenda import WHAT, due, event
from sim.fast.compiled import Reals, Words, compiled, rule
from sim.fast.depot import draw, serve, tank_of
from sim.fast.draws import uniform
from sim.fast.layout import (
    CONSUMERS,
    EVENT,
    HEAD,
    KIND,
    MARKET,
    MATCH,
    PLACE,
    PRODUCT,
    RANK,
    RETAIL,
    RULE,
    STATION,
    STREAM,
    TANK,
    TOWN,
)
from sim.fast.market import advance, close, pour, set_open, set_up_tournament, settle, stock, stock_of
from sim.fast.memory import heed, holds, index, new, note
from sim.fast.sort import put_in_order
from sim.plan.sections import LOWEST_FIRST, PRIORITY
from sim.rules import consumers, retail, stations, steps
from sim.rules.retail import NEVER
from sim.rules.stations import WEEK
from sim.world import occasions

whole, tank_volume, nozzles, asks_for = (
    rule(steps.whole),
    rule(stations.tank),
    rule(stations.nozzles),
    rule(stations.asks_for),
)
calm_sales, delivery = rule(stations.calm_sales), rule(stations.delivery)
room, usual_wait = rule(stations.room), rule(stations.usual_wait)
low_stock, stock_between = rule(stations.low_stock), rule(stations.stock_between)
nozzle_rate, occasion_of = rule(retail.nozzle_rate), rule(occasions.occasion_of)
is_alarmed, aim, wanted_rate = rule(consumers.is_alarmed), rule(consumers.aim), rule(consumers.wanted_rate)


@compiled
def build_town(f: Reals, n: Words, place: int, town: int) -> None:
    """Lay out a town's stations, with fuel as at the start."""
    plan = n[HEAD.towns] + town * TOWN.words
    entity = n[plan + TOWN.entity]
    count = max(1, whole(f[plan + TOWN.stations]))
    n[place + PLACE.town] = town
    n[place + PLACE.entity] = entity
    n[place + PLACE.count] = count
    n[place + PLACE.wet] = new(n, count)
    n[place + PLACE.closing] = new(n, count)
    n[place + PLACE.keys] = new(n, count)
    n[place + PLACE.ranked] = new(n, 2 * count)
    n[place + PLACE.order] = new(n, count)
    n[place + PLACE.levels] = new(n, 4 * count)
    for i in range(count):
        f[n[place + PLACE.keys] + i] = uniform(n, STREAM.PRIORITY, entity, index(i, 0))
        f[n[place + PLACE.closing] + i] = uniform(n, STREAM.CLOSED, entity, index(i, 0))
    put_in_order(f, n, n[place + PLACE.keys], count, n[place + PLACE.ranked])
    products = n[HEAD.products_count]
    whole_need = 0.0
    for p in range(products):
        if _is_sold(f, n, town, p):
            whole_need += f[n[HEAD.products] + p * PRODUCT.words + PRODUCT.need]
    n[place + PLACE.markets] = n[HEAD.markets] + n[HEAD.markets_count] * MARKET.words
    for p in range(products):
        if _is_sold(f, n, town, p):
            market = n[HEAD.markets] + n[HEAD.markets_count] * MARKET.words
            n[HEAD.markets_count] += 1
            n[place + PLACE.markets_count] += 1
            _build_market(f, n, place, market, p, f[n[HEAD.products] + p * PRODUCT.words + PRODUCT.need], whole_need)


@compiled
def _is_sold(f: Reals, n: Words, town: int, product: int) -> bool:
    pump = n[n[HEAD.products] + product * PRODUCT.words + PRODUCT.pump] != 0
    return pump and f[n[HEAD.burn] + town * n[HEAD.products_count] + product] > 0.0


@compiled
def _build_market(f: Reals, n: Words, place: int, market: int, product: int, need: float, whole_need: float) -> None:
    town, count = n[place + PLACE.town], n[place + PLACE.count]
    plan = n[HEAD.towns] + town * TOWN.words
    n[market + MARKET.place] = place
    n[market + MARKET.town] = town
    n[market + MARKET.product] = product
    n[market + MARKET.key] = n[place + PLACE.entity] << 8 | product
    n[market + MARKET.count] = count
    n[market + MARKET.stations] = new(n, count * STATION.words)
    leaves = 1
    while leaves < count:
        leaves *= 2
    n[market + MARKET.leaves] = leaves
    n[market + MARKET.matches] = new(n, 2 * leaves * MATCH.words)
    n[market + MARKET.recent] = new(n, WEEK * count)
    set_up_tournament(f, n, market)
    burn = f[n[HEAD.burn] + town * n[HEAD.products_count] + product]
    f[market + MARKET.burn] = burn
    f[market + MARKET.held] = burn * f[CONSUMERS.calm]
    f[market + MARKET.policy] = NEVER
    f[market + MARKET.due] = NEVER
    for i in range(count):
        station = n[market + MARKET.stations] + i * STATION.words
        volume = tank_volume(i, count, f[plan + TOWN.tank], f[plan + TOWN.spread]) * need / whole_need
        f[station + STATION.tank] = volume
        n[station + STATION.nozzles] = nozzles(volume, f[RETAIL.tank_per_nozzle])
        n[station + STATION.open] = 1
        n[market + MARKET.all_nozzles] += n[station + STATION.nozzles]
    wait = usual_wait(f[RETAIL.delivered_from], f[RETAIL.delivered_to])
    for i in range(count):
        station = n[market + MARKET.stations] + i * STATION.words
        sales = calm_sales(burn, n[station + STATION.nozzles], n[market + MARKET.all_nozzles])
        f[station + STATION.reorder] = f[RETAIL.reorder] * sales
        f[station + STATION.lot] = delivery(f[RETAIL.lot], f[RETAIL.lot_cover], sales)
        reorder, lot = f[station + STATION.reorder], f[station + STATION.lot]
        f[station + STATION.tank] = room(f[station + STATION.tank], reorder, lot)
        f[station + STATION.stock] = low_stock(reorder, sales, wait)
        f[market + MARKET.usual] += stock_between(f[station + STATION.stock], lot, 0.5)
    for k in range(count):
        i = n[n[place + PLACE.ranked] + k]
        station = n[market + MARKET.stations] + i * STATION.words
        low, lot = f[station + STATION.stock], f[station + STATION.lot]
        pour(f, n, market, 0.0, i, stock_between(low, lot, (k + 0.5) / count))


@compiled
def day(f: Reals, n: Words, place: int, number: int, since_news: float) -> None:
    """At midnight: what people want today, under which rules stations sell."""
    now = f[HEAD.now]
    closed_share = _lay_rules(f, n, place, now, number)
    town = n[place + PLACE.town]
    for k in range(n[place + PLACE.markets_count]):
        market = n[place + PLACE.markets] + k * MARKET.words
        advance(f, n, market, now)
        burn = f[market + MARKET.burn]
        if number == 0:
            f[market + MARKET.at_stations] = stock(f, n, market)
        level = f[tank_of(n, town, n[market + MARKET.product]) + TANK.level]
        cover = (level + f[market + MARKET.at_stations]) / burn
        alarmed = is_alarmed(cover, f[CONSUMERS.short_cover], since_news, f[CONSUMERS.news_held])
        hoarding = f[n[HEAD.products] + n[market + MARKET.product] * PRODUCT.words + PRODUCT.hoarding]
        target = aim(burn, f[CONSUMERS.calm], f[CONSUMERS.holds], f[CONSUMERS.alarmed], hoarding, alarmed)
        held, backlog = f[market + MARKET.held], f[market + MARKET.backlog]
        wanted = wanted_rate(burn, target, held, backlog, f[CONSUMERS.refill])
        if closed_share != f[place + PLACE.closed_share]:
            for i in range(n[place + PLACE.count]):
                set_open(f, n, market, i, f[n[place + PLACE.closing] + i] >= closed_share)
        share = f[market + MARKET.share]
        kappa = nozzle_rate(f[market + MARKET.fill], f[RETAIL.flow], f[RETAIL.service])
        if n[market + MARKET.closed] != 0:
            wanted, kappa = close(f, market), 0.0
        f[market + MARKET.wanted] = wanted
        f[market + MARKET.kappa] = kappa
        f[market + MARKET.policy] = NEVER if share < 0.0 else share * burn
        settle(f, n, market)
        note(f, n, now, KIND.WANTED, n[place + PLACE.entity], n[market + MARKET.product], wanted)
    f[place + PLACE.closed_share] = closed_share


@compiled
def _lay_rules(f: Reals, n: Words, place: int, now: float, number: int) -> float:
    """Set each market's largest purchase, ceiling (-1: none) and whether it is closed; return the share of closed."""
    for k in range(n[place + PLACE.markets_count]):
        market = n[place + PLACE.markets] + k * MARKET.words
        f[market + MARKET.fill] = f[RETAIL.fill]
        f[market + MARKET.share] = -1.0
        n[market + MARKET.closed] = 0
    closed_share = 0.0
    weekday = (n[HEAD.weekday] + number) % 7
    for r in range(n[HEAD.rationing_count]):
        rule = n[HEAD.rationing] + r * RULE.words
        elsewhere = n[rule + RULE.towns_count] != 0 and not holds(n, rule + RULE.towns, n[place + PLACE.town])
        if elsewhere or holds(n, rule + RULE.products, -1) or not f[rule + RULE.start] <= now < f[rule + RULE.end]:
            continue
        if f[rule + RULE.closed_stations] > closed_share:
            closed_share = f[rule + RULE.closed_stations]
        for k in range(n[place + PLACE.markets_count]):
            market = n[place + PLACE.markets] + k * MARKET.words
            if n[rule + RULE.products_count] != 0 and not holds(n, rule + RULE.products, n[market + MARKET.product]):
                continue
            if 0.0 <= f[rule + RULE.fill] < f[market + MARKET.fill]:
                f[market + MARKET.fill] = f[rule + RULE.fill]
            share = f[rule + RULE.share]
            if share >= 0.0 and (f[market + MARKET.share] < 0.0 or share < f[market + MARKET.share]):
                f[market + MARKET.share] = share
            if holds(n, rule + RULE.closed_days, weekday):
                n[market + MARKET.closed] = 1
    return closed_share


@compiled
def allot(f: Reals, n: Words, place: int, number: int) -> None:
    """At 06:00: users and stations draw on the depot; lots reach stations at hours keyed by station and day."""
    serve(f, n, n[place + PLACE.town], True)
    for k in range(n[place + PLACE.markets_count]):
        _allot(f, n, place, n[place + PLACE.markets] + k * MARKET.words, number)
    serve(f, n, n[place + PLACE.town], False)


@compiled
def _allot(f: Reals, n: Words, place: int, market: int, number: int) -> None:
    count, first = n[market + MARKET.count], n[market + MARKET.stations]
    today = n[market + MARKET.recent] + number % WEEK * count
    for i in range(count):
        n[first + i * STATION.words + STATION.lots] -= n[today + i]
        n[today + i] = 0
    town, product = n[place + PLACE.town], n[market + MARKET.product]
    left = f[tank_of(n, town, product) + TANK.level]
    if left <= 0.0:
        return
    now = f[HEAD.now]
    advance(f, n, market, now)
    order = n[place + PLACE.order]
    given = 0.0
    is_first = True
    while left > 0.0:
        heed(n)
        asking = 0
        together = 0.0
        station = first - STATION.words
        for i in range(count):
            station += STATION.words
            if is_first:
                n[station + STATION.asking] = n[station + STATION.open]
                f[station + STATION.stock] = stock_of(f, n, market, station)
            if n[station + STATION.asking] == 0:
                continue
            held, coming = f[station + STATION.stock], f[station + STATION.coming]
            asks = asks_for(held, coming, f[station + STATION.reorder], f[station + STATION.lot])
            if asks > 0.0:
                f[station + STATION.asks] = asks
                n[order + asking] = i
                asking += 1
                together += asks
            else:
                n[station + STATION.asking] = 0
        is_first = False
        if together > left:
            _put_in_turn(f, n, place, market)
        served = 0
        for k in range(asking):
            i = n[order + k]
            station = first + i * STATION.words
            asks = f[station + STATION.asks]
            if asks > left:
                break
            left -= asks
            given += asks
            served += 1
            n[today + i] += 1
            n[station + STATION.lots] += 1
            f[station + STATION.coming] += asks
            _send(f, n, place, market, i, number, asks)
        if served == 0 or served < asking:
            break
    draw(f, n, town, product, given)
    note(f, n, now, KIND.ALLOTTED, n[place + PLACE.entity], product, given)


@compiled
def _put_in_turn(f: Reals, n: Words, place: int, market: int) -> None:
    """Put the stations that ask into the order of the rule, from those in order of their marks."""
    rule, first = n[RETAIL.rule], n[market + MARKET.stations]
    if rule == LOWEST_FIRST:
        _by_level(f, n, place, market)
        return
    asking, order = n[place + PLACE.levels], n[place + PLACE.order]
    count, most = 0, 0
    for k in range(n[place + PLACE.count]):
        i = n[n[place + PLACE.ranked] + k]
        station = first + i * STATION.words
        if n[station + STATION.asking] != 0:
            n[asking + count] = i
            count += 1
            most = max(most, n[station + STATION.lots])
    done = 0
    for part in range(2):
        for lots in range(most + 1):
            for k in range(count):
                i = n[asking + k]
                listed = rule != PRIORITY or f[n[place + PLACE.keys] + i] < f[RETAIL.priority]
                if listed == (part == 0) and n[first + i * STATION.words + STATION.lots] == lots:
                    n[order + done] = i
                    done += 1
        if done == count:
            return


@compiled
def _by_level(f: Reals, n: Words, place: int, market: int) -> None:
    """Put the stations that ask into the order of how full they are, ties in order of their marks."""
    count = n[place + PLACE.count]
    levels = n[place + PLACE.levels]
    numbers = levels + count
    order = numbers + count
    asking = 0
    for k in range(count):
        i = n[n[place + PLACE.ranked] + k]
        station = n[market + MARKET.stations] + i * STATION.words
        if n[station + STATION.asking] != 0:
            held = f[station + STATION.stock] + f[station + STATION.coming]
            f[levels + asking] = held / f[station + STATION.tank]
            n[numbers + asking] = i
            asking += 1
    put_in_order(f, n, levels, asking, order)
    for k in range(asking):
        n[n[place + PLACE.order] + k] = n[numbers + n[order + k]]


@compiled
def _send(f: Reals, n: Words, place: int, market: int, station: int, number: int, lot: float) -> None:
    occasion = occasion_of(number, n[HEAD.warmup])
    mark = uniform(n, STREAM.ARRIVAL, n[place + PLACE.entity], index(station, occasion))
    wait = f[RETAIL.delivered_from] + mark * (f[RETAIL.delivered_to] - f[RETAIL.delivered_from])
    lot_event = event(n, WHAT.LOT, market)
    n[lot_event + EVENT.more] = station
    f[lot_event + EVENT.value] = lot
    due(f, n, lot_event, f[HEAD.now] + wait, RANK.LOT, n[market + MARKET.key] << 16 | station)
