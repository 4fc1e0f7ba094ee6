"""What is told of a scenario before it runs: what a replication costs, and what is allowed but hardly meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import isfinite, log1p
from typing import Final

from sim.plan.plan import Plan
from sim.plan.sections import EXOGENOUS
from sim.results.stated import unasked
from sim.rules.road import progress
from sim.rules.steps import total
from sim.scenario.load import Scenario
from sim.scenario.problem import Fault, Origin, Problem
from sim.study.bound import mode_of

HOUR, MARKET_DAY, TRIP, LOT = 1.0, 5.0, 10.0, 1.2
"""Events an hour, of a market a day, of a tanker's trip and of a station's lot: so the shipped scenarios come within a
fifth of what the compiled engine counts. A candidate ambush and a stop on the road are one event each."""
WORDS: Final = {"tanker": 31, "station": 42, "candidate": 16, "lot": 9, "trip": 22, "row": 16, "hour": 8}
"""Words of eight bytes that the compiled engine lays out for each, see `sim.fast.layout`."""
MANY_EVENTS: Final = 20e6
"""Events above which the cost is told: some 20 s of one core a replication, fifty times the largest shipped one."""
MUCH_MEMORY: Final = 2.0**30
"""Bytes above which it is told: with one replication a core, what most machines have."""


@dataclass(frozen=True)
class Cost:
    """Events of a replication by what they come from, and the bytes that the compiled engine takes for it."""

    by: dict[str, float]
    bytes: float

    @property
    def events(self) -> float:
        """Events of a replication."""
        return total(self.by.values())

    @property
    def note(self) -> str | None:
        """The cost in words if it is large, None if it is not."""
        if self.events <= MANY_EVENTS and self.bytes <= MUCH_MEMORY:
            return None
        most = max(self.by, key=self.by.__getitem__)
        events, memory = f"{self.events / 1e6:,.0f} million events", f"{self.bytes / 2**30:,.1f} GiB of memory"
        return f"a large scenario: about {events} and {memory} a replication, most of it {most}"


def cost(plan: Plan) -> Cost:
    """Estimate what a replication of a plan costs at its central values.

    Fuel that is wanted but can neither be in store nor come moves nothing; neither do candidate ambushes that no
    strategy lays, but each is an event.
    """
    hours, load = plan.horizon, plan.fleet.load
    hauled = _hauled(plan)
    trips = min(total(hauled) * hours / load, _most_trips(plan))
    stored = total(
        plan.towns.capacity[t] * plan.towns.target[t] * total(_burns(plan, t)) for t in range(len(plan.towns.name))
    )
    wanted = total(total(_burns(plan, t)) for t in range(len(plan.towns.name))) * hours
    free = total(_exogenous(plan, t) * total(_burns(plan, t)) for t in range(len(plan.towns.name))) * hours
    part = min(1.0, (stored + trips * load + free) / wanted) if wanted > 0.0 else 0.0
    lots = part * hours * total(_lot_rates(plan))
    at_once = min(lots, 24.0 * total(_lot_rates(plan)))
    candidates = total(_candidates(plan))
    stops = trips * _stops(plan)
    towns, corridors, products = len(plan.towns.name), len(plan.corridors.name), len(plan.products.name)
    stations = total(max(1.0, count) for count in plan.towns.stations) * products
    days = hours / 24.0
    rows = days * (towns * products + corridors * (2.0 + products) + products + len(plan.users.name) / 8.0)
    words = (
        WORDS["tanker"] * plan.fleet.size
        + WORDS["station"] * stations
        + WORDS["candidate"] * candidates
        + WORDS["lot"] * at_once
        + WORDS["trip"] * trips
        + WORDS["row"] * (rows + stops)
        + WORDS["hour"] * hours
        + days * len(plan.roads.name)
    )
    by = {
        "the calendar": HOUR * hours + MARKET_DAY * days * towns * products,
        "trips of tankers": TRIP * trips,
        "lots of stations (needs, retail.lot)": LOT * lots,
        "candidate ambushes and mines (ceilings of zones)": candidates,
        "ambushes and roadblocks met": stops,
    }
    return Cost(by, 8.0 * words)


def _burns(plan: Plan, town: int) -> Iterator[float]:
    """Iterate over what the people of a town use of each product, m3/h."""
    whole = total(plan.towns.share)
    for need, pump in zip(plan.products.need, plan.products.pump, strict=True):
        yield need * plan.towns.share[town] / whole if pump and whole > 0.0 else 0.0


def _exogenous(plan: Plan, town: int) -> float:
    """Return the part of a town's orders that comes without tankers."""
    serving = [c for c, towns in enumerate(plan.corridors.serves) if town in towns]
    weights = {c: plan.corridors.share[c].values[0] for c in serving}
    whole = total(weights.values())
    return total(w for c, w in weights.items() if plan.corridors.kind[c] == EXOGENOUS) / whole if whole > 0.0 else 0.0


def _hauled(plan: Plan) -> Iterator[float]:
    """Iterate over what tankers bring to each town, m3/h."""
    for t in range(len(plan.towns.name)):
        users = total(need for town, need in zip(plan.users.town, plan.users.need, strict=True) if town == t)
        yield (1.0 - _exogenous(plan, t)) * (total(_burns(plan, t)) + users)


def _most_trips(plan: Plan) -> float:
    """Return how many trips the fleet can make on its shortest corridor."""
    cycles = []
    for c, kind in enumerate(plan.corridors.kind):
        if kind != EXOGENOUS:
            roads = (*plan.corridors.abroad[c], *plan.corridors.roads[c][:1])
            driving = total(
                plan.roads.length[road] / progress(plan.roads.pace[road], plan.fleet.driving, 0.0, False, 1.0, 1.0)
                for road in roads
            )
            still = plan.corridors.turnaround[c] + plan.fleet.loading + plan.fleet.unloading
            cycles.append(still + (1.0 + plan.fleet.returning) * driving)
    return plan.fleet.size * plan.horizon / max(min(cycles), 1.0) if cycles else 0.0


def _lot_rates(plan: Plan) -> Iterator[float]:
    """Iterate over the lots that the stations of each town want of each product, 1/h."""
    for t, count in enumerate(plan.towns.stations):
        for burn in _burns(plan, t):
            if burn > 0.0:
                yield burn / min(plan.retail.lot, plan.retail.lot_cover * burn / max(1.0, count))


def _candidates(plan: Plan) -> Iterator[float]:
    """Iterate over the candidates of the tape: the listed ones, then those of each zone."""
    yield len(plan.attacks.imposed_at)
    for ceiling, mines in zip(plan.zones.ceiling, plan.zones.mines, strict=True):
        if plan.attacks.drawn:
            yield ceiling * plan.days * 24.0 * (2.0 if max(mines.values) > 0.0 else 1.0)


def _stops(plan: Plan) -> float:
    """Return how often a party stops on the way, on the corridor with most stops: at ambushes, mines and roadblocks."""
    stops = [0.0]
    for roads in plan.corridors.roads:
        met = 0.0
        for zone in {plan.roads.zone[road] for road in roads} - {-1}:
            length = total(plan.roads.length[road] for road in roads if plan.roads.zone[road] == zone)
            whole = total(plan.roads.length[road] for road in plan.zones.roads[zone])
            effort, lasts = max(plan.zones.effort[zone].values), plan.attacks.lifetime
            standing = -log1p(-min(effort, 0.999)) if plan.zones.by_chance[zone] else effort * lasts
            standing += max(plan.zones.mines[zone].values) * plan.attacks.mine_lifetime
            met += standing * length / whole if whole > 0.0 else 0.0
            met += max(plan.zones.roadblocks[zone].values) * length
        stops.append(met if isfinite(met) else 0.0)
    return max(stops)


def notes(pairs: Iterable[tuple[Scenario, Plan]], further: Iterable[Plan] = ()) -> Iterator[Problem | str]:
    """Iterate over the notes on scenarios and their plans, and over what these and further plans cost."""
    plans = []
    for scenario, plan in pairs:
        yield from scenario.notes
        yield from unasked(scenario, plan)
        yield from _misfitted(scenario, plan)
        plans.append(plan)
    for plan in (*plans, *further):
        costly = cost(plan).note
        if costly is not None:
            yield costly


def _misfitted(scenario: Scenario, plan: Plan) -> Iterator[Problem]:
    """Yield a note if convoys and attacks are imposed here and were drawn for the posterior, or the reverse."""
    fitted = plan.posterior.about["mode"] if plan.posterior is not None else mode_of(scenario)
    if fitted != mode_of(scenario):
        how = {"free": "drawn", "replay": "imposed as on record"}
        wrong = (
            f"fitted with convoys and attacks {how[fitted]}; here they are {how[mode_of(scenario)]}, so it is no fit"
        )
        yield Problem.at(scenario.origins.get(("posterior",), Origin("")), ("posterior",), Fault(wrong))
