"""The parts of a plan that lie on the map: products, towns, roads, zones, terminals, corridors."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sim.errors import PlanError
from sim.plan.collect import Collector
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
from sim.scenario.places import Zone, route_of
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


def index_of(root: Root) -> Index:
    """Return the positions of all that is in the scenario's scope."""
    return Index(
        products=_order(name for name, product in root.products.items() if product.pump or root.scope == "all"),
        towns=_order(root.towns),
        roads=_order(root.roads),
        zones=_order(root.zones),
        terminals=_order(root.terminals),
        corridors=_order(root.corridors),
    )


def _order(names: Iterable[str]) -> dict[str, int]:
    return {name: k for k, name in enumerate(sorted(names))}


def positions(names: Iterable[str], among: Mapping[str, int]) -> tuple[int, ...]:
    """Return the positions of some names, in order."""
    return tuple(sorted(among[name] for name in names))


def products(root: Root, take: Collector, index: Index) -> Products:
    """Return the products in scope."""
    return take.section(
        Products, "products", [root.products[name] for name in index.products], name=tuple(index.products)
    )


def towns(root: Root, take: Collector, index: Index) -> Towns:
    """Return the towns with their depots and stations."""
    return take.section(
        Towns,
        "towns",
        [root.towns[name] for name in index.towns],
        name=tuple(index.towns),
        entity=take.entities("town", index.towns),
        capacity="depot.capacity",
        target="depot.target",
        bays="depot.bays",
        stations="stations.count",
        tank="stations.tank",
        spread="stations.spread",
    )


def roads(root: Root, take: Collector, index: Index) -> Roads:
    """Return the roads."""
    zone_of = {road: index.zones[name] for name, zone in root.zones.items() for road in zone.roads}
    return take.section(
        Roads,
        "roads",
        [root.roads[name] for name in index.roads],
        name=tuple(index.roads),
        entity=take.entities("road", index.roads),
        zone=[zone_of.get(name, -1) for name in index.roads],
    )


def zones(root: Root, take: Collector, index: Index) -> Zones:
    """Return the zones of threat.

    Raises
    ------
    PlanError
        If one has neither effort nor chance.
    """
    listed = [root.zones[name] for name in index.zones]
    efforts = [zone.chance if zone.effort is None else zone.effort for zone in listed]
    if None in efforts:
        raise PlanError(f"zone {list(index.zones)[efforts.index(None)]!r} has neither effort nor chance")
    return take.section(
        Zones,
        "zones",
        listed,
        name=tuple(index.zones),
        entity=take.entities("zone", index.zones),
        mine_entity=take.entities("mines", index.zones),
        roads=[positions(zone.roads, index.roads) for zone in listed],
        by_chance=[zone.effort is None for zone in listed],
        passage=[_passage(root, zone, index) for zone in listed],
        effort=efforts,
    )


def _passage(root: Root, zone: Zone, index: Index) -> tuple[int, ...]:
    """Return the roads of a zone that the passage of which its chance speaks drives."""
    if zone.along is None:
        return positions(zone.roads, index.roads)
    driven = set(route_of(root, root.corridors[zone.along]).inside)
    return positions((road for road in zone.roads if road in driven), index.roads)


def terminals(root: Root, take: Collector, index: Index) -> Terminals:
    """Return the terminals."""
    listed = [root.terminals[name] for name in index.terminals]
    return take.section(
        Terminals,
        "terminals",
        listed,
        name=tuple(index.terminals),
        supply=[UNLIMITED if terminal.supply is None else terminal.supply for terminal in listed],
        depot=[index.towns[terminal.town] if terminal.depot else -1 for terminal in listed],
    )


def corridors(root: Root, take: Collector, index: Index) -> Corridors:
    """Return the corridors."""
    listed = [root.corridors[name] for name in index.corridors]
    routes = [route_of(root, corridor) for corridor in listed]
    inside = [tuple(index.roads[road] for road in route.inside) for route in routes]
    return take.section(
        Corridors,
        "corridors",
        listed,
        name=tuple(index.corridors),
        entity=take.entities("corridor", index.corridors),
        kind=[KINDS[corridor.kind] for corridor in listed],
        terminal=[-1 if corridor.terminal is None else index.terminals[corridor.terminal] for corridor in listed],
        assembly=_assemblies(root, index, inside),
        abroad=[tuple(index.roads[road] for road in route.abroad) for route in routes],
        roads=inside,
        stops=[tuple(index.towns.get(stop, -1) for stop in route.stops) for route in routes],
        serves=[positions(corridor.serves, index.towns) for corridor in listed],
    )


def _assemblies(root: Root, index: Index, inside: list[tuple[int, ...]]) -> tuple[int, ...]:
    """Return the number of each corridor's assembly point; those of a kind that leave it by the same road share it."""
    points: dict[tuple[str, str | None, int], int] = {}
    numbers = []
    for name, k in index.corridors.items():
        corridor = root.corridors[name]
        if corridor.kind == "exogenous" or not inside[k]:
            numbers.append(-1)
        else:
            numbers.append(points.setdefault((corridor.kind, corridor.assembly, inside[k][0]), len(points)))
    return tuple(numbers)
