"""The country: all things of one replication, and the calendar that drives them."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from typing import TYPE_CHECKING, Any

from simpy.events import Event

from sim.halt import heed
from sim.model.ambush import Ambushes
from sim.model.assembly import AssemblyPoint
from sim.model.books import Books
from sim.model.corridor import Corridor, Terminal
from sim.model.depot import Depot
from sim.model.escort import Pool
from sim.model.geography import burns, fleet_sizes, needs
from sim.model.importer import Importers
from sim.model.record import record
from sim.model.start import spread_tankers
from sim.model.tanker import draw_phases, think_again
from sim.model.town import Town
from sim.model.world import World
from sim.plan.plan import Plan
from sim.plan.sections import BY_PRIORITY, BY_QUEUE, EXOGENOUS
from sim.record import Record
from sim.rules.order import Rank
from sim.rules.stations import ALLOTMENT_HOUR
from sim.rules.steps import DAY, WEEK, day_of, whole
from sim.world.keys import Draws, Stream, index
from sim.world.occasions import occasion_of

if TYPE_CHECKING:
    from sim.model.party import Party


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
        self.world = world = World(plan, draws, log)
        self.plan, self.draws, self.tape, self.clock, self.log = plan, draws, world.tape, world.clock, world.log
        need, burn = needs(plan), burns(plan)
        self.towns = [Town(world, t, burn[t], Depot(world, t, need[t])) for t in range(len(plan.towns.name))]
        terminals = [
            Terminal(plan.terminals.slots[k], plan.terminals.supply[k], plan.fleet.load, plan.terminals.depot[k])
            for k in range(len(plan.terminals.name))
        ]
        sizes = fleet_sizes(plan, whole(plan.fleet.size))
        self.corridors: list[Corridor] = []
        for c, t in enumerate(plan.corridors.terminal):
            terminal = terminals[t] if t >= 0 else None
            self.corridors.append(Corridor(world, c, terminal, sizes[c], self.towns, self.corridors))
        self.tankers = [tanker for corridor in self.corridors for tanker in corridor.idle]
        self.pools = [Pool(world, k) for k in range(len(plan.escorts.name))]
        self.ambushes = Ambushes(world)
        self.adaptation = self.ambushes.adaptation
        self.assemblies = [
            AssemblyPoint(
                self.ambushes, self.pools, [c for c in self.corridors if plan.corridors.assembly[c.number] == k]
            )
            for k in range(1 + max(plan.corridors.assembly, default=-1))
        ]
        self.importers = Importers(world, self.towns, self.corridors)
        self.books = Books(world, self.towns, self.corridors, self.tankers)
        self.missing = [0 for _ in plan.convoys.entity]
        self._duty_before = [0.0 for _ in self.pools]

    @property
    def convoys(self) -> list[Party]:
        """The convoys that have left so far."""
        return self.ambushes.parties

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
        draw_phases(self.world, self.tankers)
        think_again(self.world, self.tankers)
        spread_tankers(self.corridors)
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
        balance = self.books.check_balance()
        result = record(self.world, self.convoys)
        result.balance = balance
        duty = [pool.duty_until(self.clock.now) for pool in self.pools]
        result.unit_hours = [after - before for after, before in zip(duty, self._duty_before, strict=True)]
        result.missing = self.missing
        result.ambushes_laid, result.ambushes_met = self.ambushes.laid, len(self.ambushes.met)
        result.events = self.clock.events
        return result

    def _midnights(self) -> Generator[Event, Any, None]:
        day = 0
        last = self.plan.warmup + self.plan.days
        while True:
            if day == self.plan.warmup:
                self._begin()
            if self.clock.now == self.plan.stocks.national_at:
                self.books.set_national()
            for town in self.towns:
                town.depot.let_in()
            since = self.clock.now - self.world.last_news
            for town in self.towns:
                town.day(day, since)
            self.importers.midnight()
            day += 1
            yield self.clock.at(day * DAY, Rank.MIDNIGHT)
            self._advance_markets()
            self.books.close_day(day - 1 - self.plan.warmup)
            if day == last:
                return
            for corridor in self.corridors:
                if corridor.kind != EXOGENOUS:
                    corridor.crews.midnight()
            think_again(self.world, self.tankers)
            for point in self.assemblies:
                point.think_again(self.clock.now)
            week = day - self.plan.warmup
            if self.adaptation is not None and week > 0 and week % WEEK == 0:
                self.adaptation.week()

    def _begin(self) -> None:
        """Begin the scenario: from now on the record counts."""
        self._advance_markets()
        self.books.set_stocks()
        self.books.open()
        self._duty_before = [pool.duty_until(self.clock.now) for pool in self.pools]

    def _advance_markets(self) -> None:
        for town in self.towns:
            for market in town.markets:
                market.advance(self.clock.now)

    def _mornings(self) -> Generator[Event, Any, None]:
        for day in range(self.plan.warmup + self.plan.days):
            yield self.clock.at(day * DAY + ALLOTMENT_HOUR, Rank.ALLOTMENT)
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
        point = self.assemblies[self.plan.corridors.assembly[corridor.number]]
        self.missing[k] = point.leave_on_record(
            self.clock.now, corridor, whole(recorded.tankers[k]), recorded.escort[k]
        )

    def _in_turn(self) -> list[AssemblyPoint]:
        """Return the assembly points where tankers wait, in the order in which they are served.

        By the longest queue or the list of priorities, then by since when the first waits; what is equal is drawn.
        """
        waiting = [point for point in self.assemblies if point.queue]
        order = {point.entity: (self._precedence(point), point.oldest) for point in waiting}
        now = self.clock.now
        mark = index(occasion_of(day_of(now), self.plan.warmup), int(now - DAY * day_of(now)))
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


Guest = Callable[[Country], Generator[Any, Any, None]]


def replicate(plan: Plan, draws: Draws, log: bool = False, guests: Iterable[Guest] = ()) -> Record:
    """Run one replication of a plan whose parameters are set, with the event log and guests' processes if asked."""
    return Country(plan, draws, log).run(guests)
