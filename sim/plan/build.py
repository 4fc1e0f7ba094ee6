"""From a scenario to a plan: names become indices, quantities numbers, products out of scope fall away."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from sim.errors import PlanError, ScenarioError
from sim.plan.collect import Collector
from sim.plan.entities import Entities
from sim.plan.plan import Plan
from sim.plan.policies import (
    attacks,
    consumers,
    convoys,
    crews,
    driving,
    escorts,
    fleet,
    policy,
    protection,
    rationing,
    retail,
    roadblocks,
    stocks,
    strategy,
    users,
)
from sim.plan.posterior import FILE, Posterior, misfits, parts_of, read
from sim.plan.sections import (
    EXOGENOUS,
    IMPORT,
    INLAND,
    Corridors,
    Products,
    Roads,
    Steps,
    Terminals,
    Towns,
    Zones,
)
from sim.scenario.load import Scenario
from sim.scenario.places import Zone, route_of
from sim.scenario.problem import Fault, Origin, Problem, quoted
from sim.scenario.schema import Root

UNLIMITED = Steps((0.0,), (math.inf,))
KINDS = {"import": IMPORT, "inland": INLAND, "exogenous": EXOGENOUS}


@dataclass(frozen=True, slots=True)
class Index:
    """Position of each name among the things of its kind, in order of name."""

    products: dict[str, int]
    towns: dict[str, int]
    roads: dict[str, int]
    zones: dict[str, int]
    terminals: dict[str, int]
    corridors: dict[str, int]


def build(scenario: Scenario) -> Plan:
    """Turn a scenario into a plan.

    Raises
    ------
    PlanError
        If two names have the same hash, or inland corridors feed each other in a circle.
    ScenarioError
        If the posterior that it names cannot be used.
    """
    root = scenario.root
    entities = Entities()
    start = scenario.start
    warmup = round(root.warmup.value / 24.0)
    take = Collector(start, entities, warmup * 24.0)
    index = Index(
        products=_order(name for name, product in root.products.items() if product.pump or root.scope == "all"),
        towns=_order(root.towns),
        roads=_order(root.roads),
        zones=_order(root.zones),
        terminals=_order(root.terminals),
        corridors=_order(root.corridors),
    )
    plan = Plan(
        start=start,
        warmup=warmup,
        days=round(root.end.hours(start)[0] / 24.0),
        weekday=(start.weekday() - warmup) % 7,
        hub=index.towns[root.hub],
        lead=index.products[root.lead],
        products=_products(root, take, index),
        towns=_towns(root, take, index, entities),
        roads=_roads(root, take, index, entities),
        zones=_zones(root, take, index, entities),
        terminals=_terminals(root, take, index),
        corridors=_corridors(root, take, index, entities),
        fleet=fleet(root.fleet, take),
        crews=crews(root, take, index.corridors),
        escorts=escorts(root.escorts, take, index.corridors, entities),
        protection=protection(root.escorts, take),
        strategy=strategy(root, take, index.corridors),
        convoys=convoys(root, take, index.corridors, entities),
        driving=driving(root.driving, take),
        roadblocks=roadblocks(root.roadblocks, take),
        attacks=attacks(root.attacks, take, index.roads, entities),
        retail=retail(root.retail, take),
        rationing=rationing(root, take, index.towns, index.products),
        consumers=consumers(root.consumers, take),
        users=users(root, take, index.towns, index.products),
        policy=policy(root, take),
        stocks=stocks(root, take, index.towns, index.products),
        uncertain=take.uncertain(),
    )
    _refuse_circles(plan)
    return plan if root.posterior is None else replace(plan, posterior=_posterior(scenario, plan))


def _posterior(scenario: Scenario, plan: Plan) -> Posterior:
    """Return the joint draws that the scenario names, if they are of this scenario."""
    root = scenario.root
    place = scenario.origins.get(("posterior",), Origin(""))
    folder = (Path(place.file).parent if place.line else Path()) / str(root.posterior)

    def refused(wrong: str, given: str, expected: str) -> ScenarioError:
        return ScenarioError((Problem.at(place, ("posterior",), Fault(wrong, given, expected)),))

    try:
        found = read(folder / FILE, root.hindcast)
    except PlanError as error:
        raise refused(str(error), quoted(str(root.posterior)), "the folder of a calibration") from error
    about = found.about
    if (about["scenario_name"], about["scope"]) != (scenario.name, root.scope):
        given = f"one of '{about['scenario_name']}', scope {about['scope']}"
        raise refused("a posterior of another scenario", given, f"one of '{scenario.name}', scope {root.scope}")
    files = {number.path: Path(origin.file).name for _, number, origin in scenario.numbers()}
    changed = misfits(found, plan, files)
    if changed:
        path, now, then = changed[0]
        more = f", and {len(changed) - 1} more" if len(changed) > 1 else ""
        raise refused(
            "a posterior of another version of the scenario",
            f"'{path}' {now}{more}",
            f"{then}, as when it was made; make it again: {about['command'] or 'convoi calibrate'}",
        )
    if root.hindcast and set(found.parts) != set(parts := parts_of(plan)):
        odd = sorted(set(found.parts) ^ set(parts))
        raise refused("a hindcast of another map", quoted(odd[0]), "the zones and corridors of the posterior")
    return found


def _order(names: Iterable[str]) -> dict[str, int]:
    return {name: k for k, name in enumerate(sorted(names))}


def _products(root: Root, take: Collector, index: Index) -> Products:
    things = [root.products[name] for name in index.products]
    return Products(
        name=tuple(index.products),
        pump=tuple(thing.pump for thing in things),
        **take.columns("products", things, "need", "price", "cover", "hoarding"),
    )


def _towns(root: Root, take: Collector, index: Index, entities: Entities) -> Towns:
    depot = {"capacity": "depot.capacity", "target": "depot.target", "bays": "depot.bays"}
    stations = {"stations": "stations.count", "tank": "stations.tank", "spread": "stations.spread"}
    things = [root.towns[name] for name in index.towns]
    return Towns(
        name=tuple(index.towns),
        entity=tuple(entities("town", name) for name in index.towns),
        **take.columns("towns", things, "share", "blockade", **depot, **stations),
    )


def _roads(root: Root, take: Collector, index: Index, entities: Entities) -> Roads:
    things = [root.roads[name] for name in index.roads]
    zone_of = {road: index.zones[name] for name, zone in root.zones.items() for road in zone.roads}
    return Roads(
        name=tuple(index.roads),
        entity=tuple(entities("road", name) for name in index.roads),
        **take.columns("roads", things, "length", "pace"),
        zone=tuple(zone_of.get(name, -1) for name in index.roads),
    )


def _zones(root: Root, take: Collector, index: Index, entities: Entities) -> Zones:
    things = [root.zones[name] for name in index.zones]
    effort = []
    for k, thing in enumerate(things):
        given = thing.chance if thing.effort is None else thing.effort
        if given is None:
            raise PlanError(f"zone {list(index.zones)[k]!r} has neither effort nor chance")
        effort.append(take.steps(given, "zones", "effort", k))
    return Zones(
        name=tuple(index.zones),
        entity=tuple(entities("zone", name) for name in index.zones),
        mine_entity=tuple(entities("mines", name) for name in index.zones),
        roads=tuple(tuple(sorted(index.roads[road] for road in t.roads)) for t in things),
        by_chance=tuple(t.effort is None for t in things),
        passage=tuple(_passage(root, t, index) for t in things),
        effort=tuple(effort),
        **take.columns("zones", things, "ceiling", "mines", "roadblocks"),
    )


def _passage(root: Root, zone: Zone, index: Index) -> tuple[int, ...]:
    """Return the roads of a zone that the passage of which its chance speaks drives."""
    roads = zone.roads
    if zone.along is not None:
        driven = set(route_of(root, root.corridors[zone.along]).inside)
        roads = [road for road in roads if road in driven]
    return tuple(sorted(index.roads[road] for road in roads))


def _terminals(root: Root, take: Collector, index: Index) -> Terminals:
    things = [root.terminals[name] for name in index.terminals]
    return Terminals(
        name=tuple(index.terminals),
        **take.columns("terminals", things, "slots"),
        supply=tuple(
            UNLIMITED if t.supply is None else take.steps(t.supply, "terminals", "supply", k)
            for k, t in enumerate(things)
        ),
        depot=tuple(index.towns[t.town] if t.depot else -1 for t in things),
    )


def _corridors(root: Root, take: Collector, index: Index, entities: Entities) -> Corridors:
    things = [root.corridors[name] for name in index.corridors]
    abroad, inside, stops = [], [], []
    for thing in things:
        before, after, ends = route_of(root, thing)
        abroad.append(tuple(index.roads[road] for road in before))
        inside.append(tuple(index.roads[road] for road in after))
        stops.append(tuple(index.towns.get(end, -1) for end in ends))
    return Corridors(
        name=tuple(index.corridors),
        entity=tuple(entities("corridor", name) for name in index.corridors),
        kind=tuple(KINDS[t.kind] for t in things),
        terminal=tuple(-1 if t.terminal is None else index.terminals[t.terminal] for t in things),
        assembly=_assemblies(root, index, inside),
        abroad=tuple(abroad),
        roads=tuple(inside),
        stops=tuple(stops),
        serves=tuple(tuple(sorted(index.towns[town] for town in t.serves)) for t in things),
        **take.columns("corridors", things, "share", "fleet", "open", "through", "turnaround", "customs"),
    )


def _assemblies(root: Root, index: Index, inside: list[tuple[int, ...]]) -> tuple[int, ...]:
    """Return the number of each corridor's assembly point; those of a kind that leave it by the same road share it."""
    known: dict[tuple[str, str | None, int], int] = {}
    found = []
    for name, k in index.corridors.items():
        thing = root.corridors[name]
        if thing.kind == "exogenous" or not inside[k]:
            found.append(-1)
        else:
            found.append(known.setdefault((thing.kind, thing.assembly, inside[k][0]), len(known)))
    return tuple(found)


def _refuse_circles(plan: Plan) -> None:
    feeds: dict[int, set[int]] = {}
    for c, terminal in enumerate(plan.corridors.terminal):
        if terminal >= 0 and plan.terminals.depot[terminal] >= 0:
            feeds.setdefault(plan.terminals.depot[terminal], set()).update(plan.corridors.serves[c])

    done: set[int] = set()
    for first in sorted(feeds):
        path = {first: iter(sorted(feeds[first]))}
        while path:
            town = next(path[next(reversed(path))], None)
            if town is None:
                done.add(path.popitem()[0])
            elif town in path:
                circle = [*path][[*path].index(town) :]
                names = " → ".join(plan.towns.name[k] for k in (*circle, town))
                raise PlanError(f"inland corridors feed each other in a circle: {names}")
            elif town not in done:
                path[town] = iter(sorted(feeds.get(town, ())))
