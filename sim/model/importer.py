"""Orders at midnight: what each depot asks for, which corridor carries it, which tanker takes it."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from sim.model.geography import hub_of, lead_hours, supplier_shares
from sim.model.tanker import trip
from sim.plan.sections import EXOGENOUS, IMPORT, INLAND
from sim.record import Kind
from sim.rules import orders
from sim.rules.order import Rank
from sim.rules.sharing import apportioned
from sim.rules.steps import at, total

if TYPE_CHECKING:
    from sim.model.corridor import Corridor
    from sim.model.country import Country
    from sim.model.tanker import Tanker


class Importers:
    """All who order fuel; fractions of tankers are carried to the next day."""

    def __init__(self, country: Country) -> None:
        self.country = country
        plan = country.plan
        self._carried: dict[tuple[int, int, int], float] = {}
        self._target: dict[tuple[int, int], float] = {}
        for town in range(len(plan.towns.name)):
            depot = country.towns[town].depot
            lead = 0.0
            for c, share in enumerate(supplier_shares(plan, town, 0.0)):
                if plan.corridors.kind[c] != EXOGENOUS:
                    lead += share * (country.corridors[c].turnaround + plan.fleet.loading + lead_hours(plan, c, town))
            for product, need in enumerate(depot.need):
                stations = country.towns[town].usual_at_stations(product)
                self._target[town, product] = orders.target(
                    depot.capacity[product], plan.towns.target[town], need, lead, stations
                )

    def midnight(self) -> None:
        """Order for every town and product, then send tankers to corridors that lack them."""
        asked = self._ask()
        for corridor in self.country.corridors:
            wanted = asked.get(corridor.number, [])
            if corridor.kind == EXOGENOUS:
                self._flow_in(corridor, wanted)
            elif corridor.kind == IMPORT:
                self._assign(corridor, wanted)
        self._release(asked)
        self._move()

    def _ask(self) -> dict[int, list[tuple[int, int, int]]]:
        """Return by corridor the (town, product, tankers) that today's orders ask of it."""
        country, plan, now = self.country, self.country.plan, self.country.clock.now
        asked: dict[int, list[tuple[int, int, int]]] = {}
        factors, withheld = self._follow(), self._lacks_at_the_pump()
        for town in range(len(plan.towns.name)):
            depot = country.towns[town].depot
            enters = at(*plan.towns.blockade[town], now)
            shares = supplier_shares(plan, town, now, factors)
            for product, need in enumerate(depot.need):
                if need <= 0.0:
                    continue
                there = depot.level(product) + country.towns[town].at_stations(product)
                position = there + country.bound[town][product] * plan.fleet.load
                rate = orders.order_rate(need, self._target[town, product], position, plan.policy.correction)
                for c, share in enumerate(shares):
                    if share <= 0.0:
                        continue
                    through, exogenous = at(*plan.corridors.through[c], now), plan.corridors.kind[c] == EXOGENOUS
                    back = withheld and not plan.products.pump[product]
                    volume = orders.asked_volume(need, rate, enters, through, share, exogenous, back)
                    key = (c, town, product)
                    carried = self._carried.get(key, 0.0)
                    n, self._carried[key] = orders.whole_tankers(volume, plan.fleet.load, carried)
                    if n:
                        asked.setdefault(c, []).append((town, product, n))
        return asked

    def _follow(self) -> list[float]:
        """Return the factor on each corridor's weight: importers turn to the roads that work, up to a limit."""
        policy = self.country.plan.policy
        return [orders.followed(c.asked_of, c.got_through, policy.follow) for c in self.country.corridors]

    def _lacks_at_the_pump(self) -> bool:
        """Say whether pumps come first and the hub's depot is scarce of what they sell."""
        plan = self.country.plan
        depot, target = self.country.towns[plan.hub].depot, plan.towns.target[plan.hub]
        return plan.policy.pumps_first and any(
            plan.products.pump[product]
            and orders.is_scarce(depot.level(product), depot.capacity[product] * target, plan.policy.scarce)
            for product in range(len(plan.products.name))
        )

    def judge(self) -> None:
        """At the end of a day: note what was ordered on each import corridor and what came through."""
        delay = self.country.plan.policy.follow_delay
        for corridor in self.country.corridors:
            if corridor.kind == IMPORT:
                corridor.asked_of = orders.smoothed(corridor.asked_of, float(corridor.ordered), delay)
                corridor.got_through = orders.smoothed(corridor.got_through, float(corridor.arrived), delay)

    def _flow_in(self, corridor: Corridor, wanted: list[tuple[int, int, int]]) -> None:
        """Put the exogenous inflow into depots, as far as there is room."""
        country = self.country
        load = country.plan.fleet.load
        for town, product, n in wanted:
            depot = country.towns[town].depot
            corridor.ordered += n
            fits = min(n, orders.whole_loads(depot.room(product), load, depot.room(product)))
            if fits:
                depot.put(product, fits * load)
                country.imported(corridor, product, fits)
                country.log.add(country.clock.now, Kind.INFLOW, corridor.entity, product, fits * load)

    def _assign(self, corridor: Corridor, wanted: list[tuple[int, int, int]]) -> None:
        """Give orders to idle tankers with crews; what finds none lapses and is counted."""
        now = self.country.clock.now
        # Towns and products take turns in proportion to what they ask for.
        single = sorted(((k + 0.5) / n, town, product) for town, product, n in wanted for k in range(n))
        corridor.ordered += len(single)
        terminal = corridor.terminal
        loads = terminal is not None and terminal.loads(now) and corridor.is_open(now)
        # A crew that would not drive takes no order while a willing one is there.
        would = corridor.crews.drives(now, corridor.is_escorted(now))
        in_turn = deque(sorted(corridor.idle, key=lambda tanker: not tanker.mark < would))
        for _, town, product in single:
            if not loads or not in_turn or corridor.crews.free < 1:
                corridor.short += 1
                corridor.no_tanker += loads and not in_turn
                corridor.no_crew += loads and len(in_turn) > 0
                continue
            tanker = in_turn.popleft()
            corridor.idle.remove(tanker)
            corridor.waiting_order.add(now, -1)
            self._send(corridor, tanker, town, product)

    def _send(self, corridor: Corridor, tanker: Tanker, town: int, product: int) -> None:
        country = self.country
        corridor.crews.free -= 1
        corridor.crews.away += 1
        self.prepare(tanker, town, product)
        if corridor.kind == INLAND:
            terminal = corridor.terminal
            assert terminal is not None  # inland corridors load at a depot
            country.towns[terminal.depot].depot.draw(product, country.plan.fleet.load)
            tanker.laden = True
        country.log.add(country.clock.now, Kind.ORDERED, corridor.entity, tanker.serial, float(town))
        country.clock.process(trip(country, tanker))

    def prepare(self, tanker: Tanker, town: int, product: int) -> None:
        """Begin a tanker's next trip: its load and its destination."""
        tanker.trips += 1
        tanker.attempts = 0
        tanker.inside = tanker.corridor.kind == INLAND
        tanker.destination, tanker.product = town, product
        self.country.bound[town][product] += 1

    def _release(self, asked: dict[int, list[tuple[int, int, int]]]) -> None:
        """Let inland tankers load as much as the policy gives them of each hub's stock."""
        country, plan = self.country, self.country.plan
        load = plan.fleet.load
        for hub in sorted({hub_of(plan, c) for c in asked} - {-1}):
            granted: dict[int, list[tuple[int, int, int]]] = {}
            for product in range(len(plan.products.name)):
                wanted = [
                    (c, town, n)
                    for c in sorted(asked)
                    if hub_of(plan, c) == hub
                    for town, p, n in asked[c]
                    if p == product
                ]
                asked_for = total(n for _, _, n in wanted)
                if not asked_for:
                    continue
                depot, own = country.towns[hub].depot, country.own_need[hub][product]
                aim = depot.capacity[product] * plan.towns.target[hub]
                kept = orders.kept_back(own, plan.policy.reserve, aim, depot.need[product])
                volume = orders.released(depot.level(product), asked_for * load, own, kept, plan.policy.hub_first)
                may = min(orders.whole_loads(volume, load, depot.level(product)), asked_for)
                for k, (c, town, n) in enumerate(wanted):
                    given = apportioned(may, [n for _, _, n in wanted], k)
                    country.corridors[c].short += n - given
                    country.corridors[c].ordered += n - given
                    if given:
                        granted.setdefault(c, []).append((town, product, given))
            for c in sorted(granted):
                self._assign(country.corridors[c], granted[c])

    def _move(self) -> None:
        """Send idle tankers to corridors of the same kind that lacked tankers today."""
        country, now = self.country, self.country.clock.now
        for kind in (IMPORT, INLAND):
            some = [c for c in country.corridors if c.kind == kind]
            for taker in sorted(some, key=lambda c: (-c.no_tanker, c.entity)):
                lacking = taker.no_tanker - taker.coming if taker.is_open(now) else 0
                for giver in sorted(some, key=lambda c: (-len(c.idle), c.entity)):
                    while lacking > 0 and giver is not taker and giver.no_tanker == 0 and giver.crews.free > 0:
                        tanker = self._to_spare(giver, taker)
                        if tanker is None:
                            break
                        self._transfer(tanker, giver, taker, now + country.plan.fleet.moves_delay)
                        lacking -= 1

    def _to_spare(self, giver: Corridor, taker: Corridor) -> Tanker | None:
        """Return an idle tanker that may leave a corridor: one that goes home first, then any within the limit."""
        may_lend = giver.away + 1 <= giver.fleet * self.country.plan.fleet.moves_share
        for tanker in reversed(giver.idle):
            if tanker.home is taker:
                return tanker
        for tanker in reversed(giver.idle):
            if tanker.home is not giver or may_lend:
                return tanker
        return None

    def _transfer(self, tanker: Tanker, giver: Corridor, taker: Corridor, time: float) -> None:
        giver.idle.remove(tanker)
        giver.waiting_order.add(self.country.clock.now, -1)
        giver.crews.free -= 1
        giver.crews.tankers -= 1
        taker.coming += 1
        tanker.home.away += (tanker.home is giver) - (tanker.home is taker)
        tanker.corridor = taker
        self.country.log.add(self.country.clock.now, Kind.MOVED, taker.entity, tanker.serial)

        def arrive(_: object) -> None:
            taker.coming -= 1
            taker.crews.tankers += 1
            taker.crews.free += 1
            self.country.make_idle(tanker)

        self.country.clock.call(time, Rank.TANKER, tanker.key, arrive)


def initial_flow(country: Country, corridor: int) -> list[tuple[int, int, float]]:
    """Return (town, product, tankers per hour) that a corridor carries in peace."""
    plan = country.plan
    flows = []
    for town in plan.corridors.serves[corridor]:
        share = supplier_shares(plan, town, 0.0)[corridor]
        for product, need in enumerate(country.towns[town].depot.need):
            if share > 0.0 and need > 0.0:
                flows.append((town, product, share * need / plan.fleet.load))
    return flows
