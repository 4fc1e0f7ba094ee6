"""The country: everything of one replication, and the calendar that drives it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from typing import TYPE_CHECKING, Any

from sim.halt import heed
from sim.model.adaptation import Adaptation
from sim.model.ambush import Ambushes
from sim.model.assembly import AssemblyPoint
from sim.model.books import check_balance, close_day, open_books
from sim.model.clock import Clock
from sim.model.corridor import Corridor, Terminal
from sim.model.depot import Depot
from sim.model.escort import Pool
from sim.model.geography import burns, fleet_sizes, needs, own_needs
from sim.model.importer import Importers
from sim.model.log import Log
from sim.model.record import Rows
from sim.model.start import spread_tankers
from sim.model.stocks import set_national, set_stocks
from sim.model.tanker import LOST, Tanker, draw_phases, think_again
from sim.model.town import Town
from sim.plan.sections import AIR, BY_PRIORITY, BY_QUEUE, EXOGENOUS, FOREIGN, IMPORT, NATIONAL
from sim.record import Kind
from sim.rules.adaptation import DAYS
from sim.rules.order import Rank
from sim.rules.stations import ALLOTMENT_HOUR
from sim.rules.steps import day_of, whole
from sim.world.keys import Stream, index
from sim.world.nature import day_factors
from sim.world.occasions import occasion_of
from sim.world.tape import unroll

if TYPE_CHECKING:
    from simpy.events import Event

    from sim.model.convoy import Convoy
    from sim.model.escort import Unit
    from sim.plan.plan import Plan
    from sim.record import Record
    from sim.world.keys import Draws

COMPONENTS = (NATIONAL, FOREIGN, AIR)
LONG_AGO = float("-inf")


class Country:
    """One replication of a plan.

    Parameters
    ----------
    plan
        The plan with the replication's parameters in it.
    draws
        The replication's random numbers.
    log
        Whether the record keeps the event log.
    """

    def __init__(self, plan: Plan, draws: Draws, log: bool = False) -> None:
        self.plan, self.draws = plan, draws
        self.clock = Clock()
        self.log = Log(log, plan.begin)
        self.rows = Rows(plan.begin)
        self.tape = unroll(plan, draws)
        self._factors = day_factors(plan, draws)
        products = range(len(plan.products.name))
        self.initial, self.entered = [0.0 for _ in products], [0.0 for _ in products]
        self.sold, self.used, self.gone = [0.0 for _ in products], [0.0 for _ in products], [0.0 for _ in products]
        self.adjusted, self.passed = [0.0 for _ in products], [[0.0] for _ in products]
        self.bound = [[0 for _ in products] for _ in plan.towns.name]
        self._build()
        self.convoys: list[Convoy] = []
        self.missing = [0 for _ in plan.convoys.entity]
        self._last_news = LONG_AGO
        self._duty_before = [0.0 for _ in self.pools]
        self._imports: dict[tuple[int, int], float] = {}

    def _build(self) -> None:
        plan, clock, log = self.plan, self.clock, self.log
        need, burn = needs(plan), burns(plan)
        self.own_need = own_needs(plan)
        self.towns = [
            Town(clock, log, plan, self.draws, t, burn[t], Depot(clock, log, plan, t, need[t]))
            for t in range(len(plan.towns.name))
        ]
        terminals = [
            Terminal(plan.terminals.slots[k], plan.terminals.supply[k], plan.fleet.load, plan.terminals.depot[k])
            for k in range(len(plan.terminals.name))
        ]
        sizes = fleet_sizes(plan, whole(plan.fleet.size))
        self.corridors = [
            Corridor(self, c, terminals[t] if t >= 0 else None, sizes[c]) for c, t in enumerate(plan.corridors.terminal)
        ]
        self.assemblies = [
            AssemblyPoint(self, [c for c in self.corridors if plan.corridors.assembly[c.number] == k])
            for k in range(1 + max(plan.corridors.assembly, default=-1))
        ]
        for point in self.assemblies:
            for corridor in point.corridors:
                corridor.assembly = point
        self.tankers: list[Tanker] = []
        for corridor in self.corridors:
            for serial in range(corridor.fleet):
                tanker = Tanker(corridor, serial)
                self.tankers.append(tanker)
                corridor.idle.append(tanker)
        self.pools = [Pool(log, plan, self.draws, k) for k in range(len(plan.escorts.name))]
        self.ambushes = Ambushes(self)
        self.adaptation = Adaptation(plan, clock, log) if plan.attacks.adaptive.on else None
        self.importers = Importers(self)

    def run(self, guests: Iterable[Guest] = ()) -> Record:
        """Run to the last midnight, check that no fuel appeared or vanished, and return the record.

        Parameters
        ----------
        guests
            Processes of a user's own: functions that take the country and yield SimPy events.

        Raises
        ------
        ModelError
            If fuel is not conserved.
        """
        draw_phases(self)
        think_again(self, self.tankers)
        spread_tankers(self)
        for corridor in self.corridors:
            corridor.waiting_order.add(0.0, len(corridor.idle))
        self.clock.process(self._midnights())
        self.clock.process(self._mornings())
        self.clock.process(self._hours())
        self.clock.process(self.ambushes.lay())
        for guest in guests:
            self.clock.process(guest(self))
        for k, time in enumerate(self.plan.crews.threat_at):
            if self.plan.begin <= time < self.plan.horizon:
                self.clock.process(self._threat(time, self.plan.crews.threat_factor[k]))
        self.clock.run(until=self.clock.at(self.plan.horizon, Rank.DISPATCH, 0))
        balance = check_balance(self)
        for convoy in self.convoys:
            self.rows.convoy(convoy)
        record = self.rows.record(self.plan, self.log)
        record.balance = balance
        duty = [pool.duty_until(self.clock.now) for pool in self.pools]
        record.unit_hours = [after - before for after, before in zip(duty, self._duty_before, strict=True)]
        record.missing = self.missing
        record.ambushes_laid, record.ambushes_met = self.ambushes.laid, len(self.ambushes.met)
        record.events = self.clock.events
        return record

    def _midnights(self) -> Generator[Event, Any, None]:
        day = 0
        last = self.plan.warmup + self.plan.days
        while True:
            if day == self.plan.warmup:
                self._begin()
            if self.clock.now == self.plan.stocks.national_at:
                set_national(self)
            for town in self.towns:
                town.depot.let_in()
            since = self.clock.now - self._last_news
            for town in self.towns:
                town.day(day, since)
            self.importers.midnight()
            day += 1
            yield self.clock.at(day * 24.0, Rank.MIDNIGHT)
            self._close(day - 1)
            if day == last:
                return
            for corridor in self.corridors:
                if corridor.kind != EXOGENOUS:
                    corridor.crews.midnight()
            think_again(self, self.tankers)
            for point in self.assemblies:
                point.think_again(self.clock.now)
            week = day - self.plan.warmup
            if self.adaptation is not None and week > 0 and week % DAYS == 0:
                self.adaptation.week()

    def _begin(self) -> None:
        """Begin the scenario: from now on the record counts."""
        for town in self.towns:
            for market in town.markets:
                market.advance(self.clock.now)
        set_stocks(self)
        open_books(self)
        self._duty_before = [pool.duty_until(self.clock.now) for pool in self.pools]

    def _close(self, day: int) -> None:
        for town in self.towns:
            for market in town.markets:
                market.advance(self.clock.now)
        for (corridor, product), volume in sorted(self._imports.items()):
            if day >= self.plan.warmup:
                self.rows.imports.append((day - self.plan.warmup, corridor, product, volume))
        self._imports.clear()
        self.importers.judge()
        close_day(self, day - self.plan.warmup)

    def _mornings(self) -> Generator[Event, Any, None]:
        for day in range(self.plan.warmup + self.plan.days):
            yield self.clock.at(day * 24.0 + ALLOTMENT_HOUR, Rank.ALLOTMENT)
            for town in self.towns:
                town.allot(day)

    def _hours(self) -> Generator[Event, Any, None]:
        recorded = self.plan.convoys
        due = [k for k, time in enumerate(recorded.at) if time >= self.plan.begin]
        due.sort(key=lambda k: (recorded.at[k], recorded.entity[k]), reverse=True)
        for hour in range((self.plan.warmup + self.plan.days) * 24):
            yield self.clock.at(float(hour), Rank.DISPATCH)
            heed()
            while due and recorded.at[due[-1]] <= hour:
                self._leave_on_record(due.pop())
            for point in self._in_turn():
                point.dispatch(self.clock.now)

    def _leave_on_record(self, k: int) -> None:
        recorded = self.plan.convoys
        corridor = self.corridors[recorded.corridor[k]]
        assert corridor.assembly is not None  # checks refuse exogenous corridors
        self.missing[k] = corridor.assembly.leave_on_record(
            self.clock.now, corridor, whole(recorded.tankers[k]), recorded.escort[k]
        )

    def _in_turn(self) -> list[AssemblyPoint]:
        """Return the assembly points where tankers wait, in the order in which they are served.

        By the longest queue or the list of priorities, then by since when the first waits; what is equal is drawn.
        """
        waiting = [point for point in self.assemblies if point.queue]
        order = {point.entity: (self._precedence(point), point.oldest) for point in waiting}
        now = self.clock.now
        mark = index(occasion_of(day_of(now), self.plan.warmup), int(now - 24.0 * day_of(now)))
        if len(set(order.values())) == len(waiting):
            return sorted(waiting, key=lambda point: order[point.entity])
        return sorted(waiting, key=lambda p: (order[p.entity], self.draws.uniform(Stream.TURN, p.entity, mark)))

    def _precedence(self, point: AssemblyPoint) -> int:
        strategy = self.plan.strategy
        if strategy.allocation == BY_QUEUE:
            return -len(point.queue)
        if strategy.allocation == BY_PRIORITY:
            return min(strategy.priority[corridor.number] for corridor in point.corridors)
        return 0

    def _threat(self, time: float, factor: float) -> Generator[Event, Any, None]:
        yield self.clock.at(time, Rank.THREAT)
        for corridor in self.corridors:
            if corridor.kind != EXOGENOUS:
                corridor.crews.threaten(factor)

    def factor(self, road: int, time: float) -> float:
        """Return the factor on the pace of a road at a time; the last day's holds beyond the end."""
        days = self._factors[road]
        day = day_of(time)
        return days[day] if day < len(days) else days[-1]

    def escorts_for(self, corridor: Corridor, must: tuple[int, ...], time: float) -> list[Unit] | None:
        """Return a free unit for each entry of what a convoy must have, or None if one is lacking.

        An entry names the components between which the convoy may choose; no component is in two entries.
        """
        units: list[Unit] = []
        for wanted in must:
            unit = self._free_unit(corridor, wanted, time, units)
            if unit is None:
                return None
            units.append(unit)
        return units

    def free_escorts(self, corridor: Corridor, wanted: int, time: float, taken: list[Unit]) -> list[Unit]:
        """Return a free unit of each wanted component of which none is taken yet."""
        units: list[Unit] = []
        for one in taken:
            wanted &= ~one.pool.component
        for component in COMPONENTS:
            unit = self._free_unit(corridor, wanted & component, time, taken) if wanted & component else None
            if unit is not None:
                units.append(unit)
        return units

    def _free_unit(self, corridor: Corridor, wanted: int, time: float, taken: list[Unit]) -> Unit | None:
        day = day_of(time)
        for component in COMPONENTS:
            for pool in self.pools:
                if pool.component & wanted & component:
                    unit = pool.free_unit(corridor.number, time, day, taken)
                    if unit is not None:
                        return unit
        return None

    def load(self, tanker: Tanker) -> None:
        """Let a tanker leave its terminal; inland ones took their load from the depot when they were sent."""
        tanker.corridor.loaded += 1
        if not tanker.laden:
            tanker.laden = True
            self.entered[tanker.product] += self.plan.fleet.load
        self.log.add(self.clock.now, Kind.LOADED, tanker.corridor.entity, tanker.serial, float(tanker.product))

    def clear(self, tanker: Tanker) -> None:
        """Let a tanker leave customs: its load counts as imported if it came from abroad."""
        corridor = tanker.corridor
        corridor.arrived += 1
        if corridor.kind == IMPORT:
            self._count_import(corridor, tanker.product, self.plan.fleet.load)
        self.log.add(self.clock.now, Kind.CLEARED, corridor.entity, tanker.serial)

    def imported(self, corridor: Corridor, product: int, loads: int) -> None:
        """Count an exogenous inflow."""
        volume = loads * self.plan.fleet.load
        corridor.arrived += loads
        self.entered[product] += volume
        self._count_import(corridor, product, volume)

    def _count_import(self, corridor: Corridor, product: int, volume: float) -> None:
        key = (corridor.number, product)
        self._imports[key] = self._imports.get(key, 0.0) + volume

    def unload(self, tanker: Tanker) -> None:
        """Note that a tanker is empty."""
        tanker.laden = False
        self.bound[tanker.destination][tanker.product] -= 1
        self.log.add(self.clock.now, Kind.UNLOADED, tanker.corridor.entity, tanker.serial)

    def come_home(self, tanker: Tanker) -> None:
        """Note that a tanker is back at its terminal."""
        tanker.corridor.crews.end_trip()
        self.log.add(self.clock.now, Kind.BACK, tanker.corridor.entity, tanker.serial)
        self.make_idle(tanker)

    def make_idle(self, tanker: Tanker) -> None:
        """Let a tanker wait for an order."""
        tanker.corridor.idle.append(tanker)
        tanker.corridor.waiting_order.add(self.clock.now, 1)

    def turn_tanker_back(self, tanker: Tanker, home: float) -> None:
        """Send a single tanker back to the assembly point, where it waits again."""
        self.log.add(self.clock.now, Kind.TURNED_BACK, tanker.corridor.entity, tanker.serial)
        self.clock.call(home, Rank.TANKER, tanker.key, lambda _: tanker.corridor.stand_by(tanker))

    def lose(self, tanker: Tanker, killed: bool, abducted: bool) -> None:
        """Lose a tanker and its load."""
        corridor = tanker.corridor
        tanker.laden = False
        self.gone[tanker.product] += self.plan.fleet.load
        self.bound[tanker.destination][tanker.product] -= 1
        corridor.lost += 1
        tanker.home.away -= corridor is not tanker.home
        corridor.crews.lose(killed, abducted)
        self.log.add(self.clock.now, Kind.LOST, corridor.entity, tanker.serial, float(tanker.product))
        assert tanker.at_stop is not None  # set when it stood by
        tanker.at_stop.succeed(LOST)

    def hear_of(self, corridor: Corridor, lost: int) -> None:
        """Let crews and consumers learn of a loss."""
        if not lost:
            return
        corridor.crews.frighten(lost, 1.0)
        for other in self.corridors:
            if other is not corridor and other.kind == IMPORT:
                other.crews.frighten(lost, self.plan.crews.spill)
        if lost >= self.plan.consumers.news:
            self._last_news = self.clock.now


Guest = Callable[[Country], Generator[Any, Any, None]]


def replicate(plan: Plan, draws: Draws, log: bool = False, guests: Iterable[Guest] = ()) -> Record:
    """Run one replication of a plan whose parameters are set, with the event log and guests' processes if asked."""
    return Country(plan, draws, log).run(guests)
