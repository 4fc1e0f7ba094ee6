"""Orders at midnight: what each depot asks for, which corridor carries it, which tanker takes it."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from sim.model.geography import hub_of, lead_hours, own_needs, supplier_shares
from sim.model.tanker import trip
from sim.plan.sections import EXOGENOUS, IMPORT, INLAND
from sim.record import Kind
from sim.rules import orders
from sim.rules.order import Rank
from sim.rules.sharing import apportioned
from sim.rules.steps import at, total

if TYPE_CHECKING:
    from sim.model.corridor import Corridor, Tanker
    from sim.model.town import Town
    from sim.model.world import World


class Importers:
    """All who order fuel; fractions of tankers are carried to the next day."""

    def __init__(self, world: World, towns: list[Town], corridors: list[Corridor]) -> None:
        self.world, self.plan, self.towns, self.corridors = world, world.plan, towns, corridors
        plan = self.plan
        self._own_need = own_needs(plan)
        self._carried: dict[tuple[int, int, int], float] = {}
        self._target: dict[tuple[int, int], float] = {}
        for town in range(len(plan.towns.name)):
            depot = self.towns[town].depot
            lead = 0.0
            for c, share in enumerate(supplier_shares(plan, town, 0.0)):
                if plan.corridors.kind[c] != EXOGENOUS:
                    lead += share * (self.corridors[c].turnaround + plan.fleet.loading + lead_hours(plan, c, town))
            for product, need in enumerate(depot.need):
                stations = self.towns[town].usual_at_stations(product)
                self._target[town, product] = orders.target(
                    depot.capacity[product], plan.towns.target[town], need, lead, stations
                )

    def midnight(self) -> None:
        """Order for every town and product, then send tankers to corridors that lack them."""
        asked = self._ask()
        for corridor in self.corridors:
            wanted = asked.get(corridor.number, [])
            if corridor.kind == EXOGENOUS:
                self._flow_in(corridor, wanted)
            elif corridor.kind == IMPORT:
                self._assign(corridor, wanted)
        self._release(asked)
        self._move()

    def _ask(self) -> dict[int, list[tuple[int, int, int]]]:
        """Return by corridor the (town, product, tankers) that today's orders ask of it."""
        plan, now = self.plan, self.world.clock.now
        asked: dict[int, list[tuple[int, int, int]]] = {}
        factors, withheld = self._follow(), self._lacks_at_the_pump()
        for town in range(len(plan.towns.name)):
            depot = self.towns[town].depot
            enters = at(*plan.towns.blockade[town], now)
            shares = supplier_shares(plan, town, now, factors)
            for product, need in enumerate(depot.need):
                if need <= 0.0:
                    continue
                there = depot.level(product) + self.towns[town].at_stations(product)
                position = there + self.world.bound[town][product] * plan.fleet.load
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
        policy = self.plan.policy
        return [orders.followed(c.asked_of, c.got_through, policy.follow) for c in self.corridors]

    def _lacks_at_the_pump(self) -> bool:
        """Say whether pumps come first and the hub's depot is scarce of what they sell."""
        plan = self.plan
        depot, target = self.towns[plan.hub].depot, plan.towns.target[plan.hub]
        return plan.policy.pumps_first and any(
            plan.products.pump[product]
            and orders.is_scarce(depot.level(product), depot.capacity[product] * target, plan.policy.scarce)
            for product in range(len(plan.products.name))
        )

    def _flow_in(self, corridor: Corridor, wanted: list[tuple[int, int, int]]) -> None:
        """Put the exogenous inflow into depots, as far as there is room."""
        load = self.plan.fleet.load
        for town, product, n in wanted:
            depot = self.towns[town].depot
            corridor.ordered += n
            fits = min(n, orders.whole_loads(depot.room(product), load, depot.room(product)))
            if fits:
                depot.put(product, fits * load)
                corridor.arrived += fits
                self.world.entered[product] += fits * load
                self.world.count_import(corridor.number, product, fits * load)
                self.world.note(Kind.INFLOW, corridor.entity, product, fits * load)

    def _assign(self, corridor: Corridor, wanted: list[tuple[int, int, int]]) -> None:
        """Give orders to idle tankers with crews; what finds none lapses and is counted."""
        now = self.world.clock.now
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
        tanker.take_order(town, product)
        if corridor.kind == INLAND:
            terminal = corridor.terminal
            assert terminal is not None  # inland corridors load at a depot
            self.towns[terminal.depot].depot.draw(product, self.plan.fleet.load)
            tanker.laden = True
        self.world.note(Kind.ORDERED, corridor.entity, tanker.serial, float(town))
        self.world.clock.process(trip(tanker))

    def _release(self, asked: dict[int, list[tuple[int, int, int]]]) -> None:
        """Let inland tankers load as much as the policy gives them of each hub's stock."""
        plan = self.plan
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
                depot, own = self.towns[hub].depot, self._own_need[hub][product]
                aim = depot.capacity[product] * plan.towns.target[hub]
                kept = orders.kept_back(own, plan.policy.reserve, aim, depot.need[product])
                volume = orders.released(depot.level(product), asked_for * load, own, kept, plan.policy.hub_first)
                may = min(orders.whole_loads(volume, load, depot.level(product)), asked_for)
                for k, (c, town, n) in enumerate(wanted):
                    given = apportioned(may, [n for _, _, n in wanted], k)
                    self.corridors[c].short += n - given
                    self.corridors[c].ordered += n - given
                    if given:
                        granted.setdefault(c, []).append((town, product, given))
            for c in sorted(granted):
                self._assign(self.corridors[c], granted[c])

    def _move(self) -> None:
        """Send idle tankers to corridors of the same kind that lacked tankers today."""
        now = self.world.clock.now
        for kind in (IMPORT, INLAND):
            some = [c for c in self.corridors if c.kind == kind]
            for taker in sorted(some, key=lambda c: (-c.no_tanker, c.entity)):
                lacking = taker.no_tanker - taker.coming if taker.is_open(now) else 0
                for giver in sorted(some, key=lambda c: (-len(c.idle), c.entity)):
                    while lacking > 0 and giver is not taker and giver.no_tanker == 0 and giver.crews.free > 0:
                        tanker = self._to_spare(giver, taker)
                        if tanker is None:
                            break
                        self._transfer(tanker, giver, taker, now + self.plan.fleet.moves_delay)
                        lacking -= 1

    def _to_spare(self, giver: Corridor, taker: Corridor) -> Tanker | None:
        """Return an idle tanker that may leave a corridor: one that goes home first, then any within the limit."""
        may_lend = giver.away + 1 <= giver.fleet * self.plan.fleet.moves_share
        for tanker in reversed(giver.idle):
            if tanker.home is taker:
                return tanker
        for tanker in reversed(giver.idle):
            if tanker.home is not giver or may_lend:
                return tanker
        return None

    def _transfer(self, tanker: Tanker, giver: Corridor, taker: Corridor, time: float) -> None:
        giver.idle.remove(tanker)
        giver.waiting_order.add(self.world.clock.now, -1)
        giver.crews.free -= 1
        giver.crews.tankers -= 1
        taker.coming += 1
        tanker.home.away += (tanker.home is giver) - (tanker.home is taker)
        tanker.corridor = taker
        self.world.note(Kind.MOVED, taker.entity, tanker.serial)

        def arrive(_: object) -> None:
            taker.coming -= 1
            taker.crews.tankers += 1
            taker.crews.free += 1
            tanker.wait_for_order()

        self.world.clock.call(time, Rank.TANKER, tanker.key, arrive)
