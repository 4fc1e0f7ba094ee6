"""A town's stations for one product under the retail law, and the people who buy there.

One object with one pending event and a version number; between events everything is exact.
"""

from __future__ import annotations

from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any

from sim.model.world import Tally
from sim.record import Kind
from sim.rules import consumers, retail
from sim.rules.order import Rank

if TYPE_CHECKING:
    from sim.model.world import Clock, Log

NEVER = retail.NEVER


class Forecourt:
    """How many stations of a town have any product at all, over time."""

    def __init__(self, stations: int) -> None:
        self.wet = [0] * stations
        self.any = Tally()

    def turn(self, time: float, station: int, change: int) -> None:
        """Note that a station begins (+1) or ceases (-1) to sell a product."""
        before = self.wet[station]
        after = before + change
        self.wet[station] = after
        if (before == 0) != (after == 0):
            self.any.add(time, change)


class Market:
    """Stations, queue and consumers of a town and product.

    Parameters
    ----------
    clock, log
        The run's clock and event log.
    town, product
        Indices; ``entity`` is the town's, and with the product orders events.
    nozzles, sales, tanks, lots
        One entry a station; calm sales in m3/h, tanks and deliveries in m3.
    burn
        What people use, m3/h.
    give_up
        Rate at which waiting people give up, 1/h.
    """

    def __init__(
        self,
        clock: Clock,
        log: Log,
        town: int,
        product: int,
        entity: int,
        nozzles: list[int],
        sales: list[float],
        tanks: list[float],
        lots: list[float],
        burn: float,
        give_up: float,
        forecourt: Forecourt,
    ) -> None:
        n = len(nozzles)
        self.clock, self.log, self.forecourt = clock, log, forecourt
        self.town, self.product, self.entity = town, product, entity
        self.key = entity << 8 | product
        self.nozzles, self.sales, self.tanks, self.lots = nozzles, sales, tanks, lots
        self.all_nozzles = 0
        for w in nozzles:
            self.all_nozzles += w
        self.give_up = give_up
        self.wet = [False] * n
        self.open = [True] * n
        self.dry_key = [0.0] * n
        self.kept = [0.0] * n
        self.coming = [0.0] * n
        self.phi = 0.0
        self.wet_nozzles = 0
        self.wet_stations = 0
        self._heap: list[tuple[float, int]] = []
        self.burn = burn
        self.consumer_stock = 0.0
        self.backlog = 0.0
        self.wanted = 0.0
        self.kappa = 0.0
        self.policy = NEVER
        self.rate = 0.0
        self.last = 0.0
        self._version = 0
        self._pending: tuple[float, float, int] | None = None
        self.usual = self.at_midnight = 0.0
        self.sum_wanted = self.sum_sold = self.sum_given_up = self.sum_burned = 0.0
        self.sum_backlog = self.sum_open = 0.0

    def stock_of(self, station: int) -> float:
        """Return what a station holds now, m3 (after ``advance``)."""
        if self.wet[station]:
            return self.nozzles[station] * (self.dry_key[station] - self.phi)
        return self.kept[station]

    def stock(self) -> float:
        """Return what all stations hold, m3 (after ``advance``)."""
        total = 0.0
        for stock in self.stocks():
            total += stock
        return total

    def stocks(self) -> list[float]:
        """Return what each station holds, m3 (after ``advance``)."""
        phi = self.phi
        return [
            w * (key - phi) if wet else kept
            for w, key, wet, kept in zip(self.nozzles, self.dry_key, self.wet, self.kept, strict=True)
        ]

    def advance(self, now: float) -> None:
        """Move sales, queue and consumers on to a time; nothing else happens in between."""
        dt = now - self.last
        if dt <= 0.0:
            return
        sold = self.rate
        net = self.wanted - sold
        self.sum_wanted += self.wanted * dt
        self.sum_sold += sold * dt
        if self.backlog > 0.0 or net > 0.0:
            after = retail.backlog_after(self.backlog, net, self.give_up, dt)
            area = retail.backlog_hours(self.backlog, after, net, self.give_up, dt)
            self.sum_backlog += area
            self.sum_given_up += self.give_up * area
            self.backlog = after
        used = consumers.burned(self.consumer_stock, self.burn, sold, dt)
        self.sum_burned += used
        left = self.consumer_stock + sold * dt - used
        self.consumer_stock = left if left > 0.0 else 0.0
        if self.wet_nozzles:
            self.phi += sold / self.wet_nozzles * dt
        if self.policy > 0.0:
            self.sum_open += self.wet_stations * dt
        self.last = now

    def settle(self) -> None:
        """After a change: set the sales rate and the next own event."""
        most = retail.ceiling(self.kappa, self.wet_nozzles, self.policy)
        self.rate = rate = retail.selling(self.wanted, most, self.backlog)
        first = self._first_key()
        dry = retail.dry_in(first, self.phi, self.wet_nozzles, rate)
        ends = retail.queue_ends_in(self.backlog, self.wanted, rate, self.give_up)
        # A station's running dry that is already pending at the same rates stands; rescheduling it would only move it
        # by rounding.  The end of a queue rests on what is wanted, too, and is always scheduled anew.
        state = (first, rate, self.wet_nozzles) if dry <= ends else None
        if state is not None and state == self._pending:
            return
        self._pending = state
        self._version += 1
        wait = dry if dry <= ends else ends
        if wait < NEVER:
            version, queue = self._version, ends < dry
            self.clock.call(self.last + wait, Rank.RETAIL, self.key, lambda _: self._own_event(version, queue))

    def _own_event(self, version: int, queue_ends: bool) -> None:
        if version != self._version:
            return
        now = self.clock.now
        self.advance(now)
        self._pending = None
        if queue_ends:
            self.sum_given_up += self.backlog
            self.backlog = 0.0
            self.log.add(now, Kind.QUEUE_ENDS, self.entity, self.product)
        else:
            first = self._first_key()
            if first < NEVER:
                self.phi = first
                while self._heap and self._heap[0][0] <= first:
                    key, i = heappop(self._heap)
                    if self.wet[i] and self.dry_key[i] == key:
                        self._dry(now, i)
        self.settle()

    def _first_key(self) -> float:
        heap = self._heap
        while heap:
            key, i = heap[0]
            if self.wet[i] and self.dry_key[i] == key:
                return key
            heappop(heap)
        return NEVER

    def _dry(self, now: float, station: int) -> None:
        self.wet[station] = False
        self.kept[station] = 0.0
        self.wet_nozzles -= self.nozzles[station]
        self.wet_stations -= 1
        self.forecourt.turn(now, station, -1)
        self.log.add(now, Kind.DRY, self.entity, station, float(self.product))

    def _wet(self, now: float, station: int, key: float) -> None:
        if not self.wet[station]:
            self.wet[station] = True
            self.wet_nozzles += self.nozzles[station]
            self.wet_stations += 1
            self.forecourt.turn(now, station, 1)
        self.dry_key[station] = key
        heappush(self._heap, (key, station))

    def fill(self, station: int, volume: float) -> None:
        """Put fuel into a station's tank before the run starts."""
        self._pour(0.0, station, volume)

    def set_stock(self, station: int, volume: float) -> None:
        """Set by hand what a station holds (after ``advance``, before ``settle``)."""
        now = self.last
        if not self.open[station]:
            self.kept[station] = volume
        elif volume > 0.0:
            self._wet(now, station, self.phi + volume / self.nozzles[station])
        elif self.wet[station]:
            self._dry(now, station)

    def receive(self, station: int, volume: float) -> None:
        """Take in a lot that was coming."""
        now = self.clock.now
        self.advance(now)
        self.coming[station] -= volume
        self._pour(now, station, volume)
        self.log.add(now, Kind.LOT, self.entity, station, volume)
        self.settle()

    def _pour(self, now: float, station: int, volume: float) -> None:
        if volume <= 0.0:
            return
        if not self.open[station]:
            self.kept[station] += volume
            return
        base = self.dry_key[station] if self.wet[station] else self.phi
        self._wet(now, station, base + volume / self.nozzles[station])

    def set_open(self, station: int, is_open: bool) -> None:
        """Open or close a station to the public; its fuel stays (after ``advance``, before ``settle``)."""
        if self.open[station] == is_open:
            return
        now = self.last
        if not is_open:
            stock = self.stock_of(station)
            if self.wet[station]:
                self._dry(now, station)
            self.kept[station] = stock
            self.open[station] = False
        else:
            self.open[station] = True
            stock, self.kept[station] = self.kept[station], 0.0
            self._pour(now, station, stock)

    def close(self) -> float:
        """Send home who waits, as nobody sells today; return what people want to buy there: nothing."""
        self.sum_given_up += self.backlog
        self.backlog = 0.0
        return 0.0

    def set_day(self, wanted: float, kappa: float, policy: float) -> None:
        """Set the day's wanted rate, nozzle rate and policy ceiling (after ``advance``)."""
        self.wanted, self.kappa, self.policy = wanted, kappa, policy
        self.settle()

    def take_sums(self) -> dict[str, Any]:
        """Return the day's accounts and begin new ones."""
        sums = {
            "wanted": self.sum_wanted,
            "sold": self.sum_sold,
            "given_up": self.sum_given_up,
            "burned": self.sum_burned,
            "backlog_hours": self.sum_backlog,
            "station_hours": self.sum_open,
        }
        self.sum_wanted = self.sum_sold = self.sum_given_up = self.sum_burned = 0.0
        self.sum_backlog = self.sum_open = 0.0
        return sums
