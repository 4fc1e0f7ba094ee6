"""A town: depot, stations, consumers; what a morning's allotment gives to whom, and what people want each day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.halt import heed
from sim.model.market import Forecourt, Market
from sim.plan.sections import LOWEST_FIRST, PRIORITY
from sim.record import Kind
from sim.rules import consumers, stations
from sim.rules.order import Rank
from sim.rules.retail import NEVER, nozzle_rate
from sim.rules.steps import WEEK, total, whole
from sim.world.keys import Stream
from sim.world.nature import ranking, station_marks

if TYPE_CHECKING:
    from sim.model.depot import Depot
    from sim.model.world import World


class Town:
    """A town with its depot and one market a pump product.

    ``burn`` is what its people use, m3/h by product (0 for products that no station sells).
    """

    def __init__(self, world: World, number: int, burn: list[float], depot: Depot) -> None:
        self.world, self.number, plan, draws = world, number, world.plan, world.draws
        self.clock, self.plan = world.clock, plan
        self.entity = plan.towns.entity[number]
        self.depot = depot
        self.count = n = max(1, whole(plan.towns.stations[number]))
        self.marks = station_marks(draws, self.entity, n, plan)
        self.rank = ranking(draws, Stream.PRIORITY, self.entity, n)
        self.closing = ranking(draws, Stream.CLOSED, self.entity, n)
        self.forecourt = Forecourt(n)
        self.closed_share = 0.0
        sold = [p for p in range(len(plan.products.name)) if plan.products.pump[p] and burn[p] > 0.0]
        whole_need = total(plan.products.need[p] for p in sold)
        tanks = [stations.tank(i, n, plan.towns.tank[number], plan.towns.spread[number]) for i in range(n)]
        self.markets = [
            self._market(p, [tank * plan.products.need[p] / whole_need for tank in tanks], burn[p]) for p in sold
        ]
        self._recent: dict[int, list[list[int]]] = {m.product: [[] for _ in range(WEEK)] for m in self.markets}
        self._lots: dict[int, list[int]] = {m.product: [0] * n for m in self.markets}

    def _market(self, product: int, tanks: list[float], burn: float) -> Market:
        plan, retail = self.plan, self.plan.retail
        nozzles = [stations.nozzles(tank, retail.tank_per_nozzle) for tank in tanks]
        all_nozzles = total(nozzles)
        sales = [stations.calm_sales(burn, w, all_nozzles) for w in nozzles]
        reorder = [retail.reorder * sale for sale in sales]
        lots = [stations.delivery(retail.lot, retail.lot_cover, sale) for sale in sales]
        rooms = [stations.room(*three) for three in zip(tanks, reorder, lots, strict=True)]
        market = Market(
            self.clock,
            self.world.log,
            self.number,
            product,
            self.entity,
            nozzles,
            sales,
            rooms,
            lots,
            burn,
            retail.give_up,
            self.forecourt,
        )
        market.consumer_stock = burn * plan.consumers.calm
        wait = stations.usual_wait(retail.delivered_from, retail.delivered_to)
        low = [stations.low_stock(point, sale, wait) for point, sale in zip(reorder, sales, strict=True)]
        market.usual = total(stations.stock_between(*two, 0.5) for two in zip(low, lots, strict=True))
        order = sorted(range(self.count), key=lambda i: (self.rank[i], i))
        for place, i in enumerate(order):
            market.fill(i, stations.stock_between(low[i], lots[i], (place + 0.5) / self.count))
        return market

    def cover(self, market: Market) -> float:
        """Return hours that stock in depot and stations covers at midnight."""
        return (self.depot.level(market.product) + market.at_midnight) / market.burn

    def usual_at_stations(self, product: int) -> float:
        """Return what stations hold of a product on average, m3."""
        return total(market.usual for market in self.markets if market.product == product)

    def at_stations(self, product: int) -> float:
        """Return what stations held of a product at midnight, m3."""
        return total(market.at_midnight for market in self.markets if market.product == product)

    def day(self, day: int, since_news: float) -> None:
        """At midnight: what people want today, under which rules stations sell."""
        plan, now = self.plan, self.clock.now
        given = plan.consumers
        closed_share, rules = self._rules(now, day)
        for market in self.markets:
            market.advance(now)
            market.at_midnight = market.stock()
            fill, share, closed = rules[market.product]
            alarmed = consumers.is_alarmed(self.cover(market), given.short_cover, since_news, given.news_held)
            hoarding = plan.products.hoarding[market.product]
            aim = consumers.aim(market.burn, given.calm, given.holds, given.alarmed, hoarding, alarmed)
            wanted = consumers.wanted_rate(market.burn, aim, market.consumer_stock, market.backlog, given.refill)
            if closed_share != self.closed_share:
                for i in range(self.count):
                    market.set_open(i, self.closing[i] >= closed_share)
            kappa = nozzle_rate(fill, plan.retail.flow, plan.retail.service)
            if closed:
                wanted, kappa = market.close(), 0.0
            market.set_day(wanted, kappa, NEVER if share < 0.0 else share * market.burn)
            self.world.note(Kind.WANTED, self.entity, market.product, wanted)
        self.closed_share = closed_share

    def _rules(self, now: float, day: int) -> tuple[float, dict[int, tuple[float, float, bool]]]:
        """Return the share of stations closed and, by product, largest purchase, ceiling (-1: none), closed today."""
        plan = self.plan
        closed_share = 0.0
        rules = {m.product: (plan.retail.fill, -1.0, False) for m in self.markets}
        r = plan.rationing
        for k in r.holding(self.number, now):
            if r.closed_stations[k] > closed_share:
                closed_share = r.closed_stations[k]
            for product, (fill, share, closed) in rules.items():
                if not r.covers(k, product):
                    continue
                if 0.0 <= r.fill[k] < fill:
                    fill = r.fill[k]
                if r.share[k] >= 0.0 and (share < 0.0 or r.share[k] < share):
                    share = r.share[k]
                closed = closed or (plan.weekday + day) % 7 in r.closed_days[k]
                rules[product] = (fill, share, closed)
        return closed_share, rules

    def allot(self, day: int) -> None:
        """At 06:00: users and stations draw on the depot; lots reach stations at hours keyed by station and day."""
        self.depot.serve(before=True)
        for market in self.markets:
            self._allot(market, day)
        self.depot.serve(before=False)

    def _allot(self, market: Market, day: int) -> None:
        plan, product = self.plan, market.product
        given_lots, recent = self._lots[product], self._recent[product][day % WEEK]
        for i in recent:
            given_lots[i] -= 1
        recent.clear()
        left = self.depot.level(product)
        if left <= 0.0:
            return
        market.advance(self.clock.now)
        reorder = plan.retail.reorder
        stocks = market.stocks()
        asking = [i for i in range(self.count) if market.open[i]]
        given = 0.0
        while left > 0.0:
            heed()
            asks = {
                i: stations.asks_for(stocks[i], market.coming[i], reorder * market.sales[i], market.lots[i])
                for i in asking
            }
            asking = [i for i in asking if asks[i] > 0.0]
            served = 0
            for i in self._in_turn(market, asking, asks, stocks, given_lots, left):
                if asks[i] > left:
                    break
                left -= asks[i]
                given += asks[i]
                served += 1
                recent.append(i)
                given_lots[i] += 1
                market.coming[i] += asks[i]
                self._send(market, i, day, asks[i])
            if served == 0 or served < len(asking):
                break
        self.depot.draw(product, given)
        self.world.note(Kind.ALLOTTED, self.entity, product, given)

    def _in_turn(
        self,
        market: Market,
        asking: list[int],
        asks: dict[int, float],
        stocks: list[float],
        lots: list[int],
        left: float,
    ) -> list[int]:
        """Return the stations that ask in the order of the rule; the order matters only if not all can be served."""
        if total(asks[i] for i in asking) <= left:
            return asking
        rule = self.plan.retail.rule
        listed = self.plan.retail.priority
        if rule == LOWEST_FIRST:
            asking = sorted(asking, key=lambda i: ((stocks[i] + market.coming[i]) / market.tanks[i], self.rank[i], i))
        elif rule == PRIORITY:
            asking = sorted(asking, key=lambda i: (self.rank[i] >= listed, lots[i], self.rank[i], i))
        else:
            asking = sorted(asking, key=lambda i: (lots[i], self.rank[i], i))
        return asking

    def _send(self, market: Market, station: int, day: int, lot: float) -> None:
        retail = self.plan.retail
        wait = retail.delivered_from + self.marks[station][day] * (retail.delivered_to - retail.delivered_from)
        self.clock.call(
            self.clock.now + wait,
            Rank.LOT,
            market.key << 16 | station,
            lambda _: market.receive(station, lot),
        )
