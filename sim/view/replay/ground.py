"""The ground on which a film plays: places, roads and routes of all alternatives, borders behind them, in km."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import cos, radians
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.language import say
from sim.plan.plan import Plan
from sim.scenario.places import route_of
from sim.scenario.schema import Root
from sim.view.borders import borders
from sim.view.figures.map import KM_PER_DEGREE

TALLEST = 0.85
"""Greatest height of the map relative to its width."""
MARGIN = 0.06
"""Share of the map's width about its places."""


@dataclass(frozen=True)
class Place:
    """A place by number: degrees, whether it is a town with stations."""

    number: int
    lon: float
    lat: float
    town: bool


@dataclass(frozen=True)
class RoadLine:
    """A road by number, between two places."""

    number: int
    start: str
    end: str


@dataclass(frozen=True)
class Route:
    """A corridor's way from its assembly point on: its places, and the roads between them."""

    corridor: str
    nodes: tuple[str, ...]
    roads: tuple[str, ...]


@dataclass
class Ground:
    """Places, roads and routes that any of some scenarios has; the first that has a place says where it lies."""

    roots: tuple[Root, ...]
    places: dict[str, Place] = field(default_factory=dict)
    roads: dict[str, RoadLine] = field(default_factory=dict)
    routes: dict[tuple[str, tuple[str, ...]], tuple[int, Route]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for root in self.roots:
            for name, place in (root.towns | root.junctions).items():
                spot = Place(len(self.places), place.at.lon, place.at.lat, name in root.towns)
                self.places.setdefault(name, spot)
            for name, road in root.roads.items():
                self.roads.setdefault(name, RoadLine(len(self.roads), road.from_, road.to))
            for name, corridor in root.corridors.items():
                if corridor.assembly is None:
                    continue
                way = route_of(root, corridor)
                route = Route(name, (corridor.assembly, *way.stops), tuple(way.inside))
                self.routes.setdefault((name, route.roads), (len(self.routes), route))

    def route(self, plan: Plan, corridor: int) -> Route:
        """Return the route of a corridor of a plan; an empty one if it has none."""
        roads = tuple(plan.roads.name[road] for road in plan.corridors.roads[corridor])
        _, route = self.routes.get((plan.corridors.name[corridor], roads), (-1, Route("", (), ())))
        return route

    def number(self, route: Route) -> int:
        """Return the number of a route."""
        return self.routes[route.corridor, route.roads][0]

    @property
    def reached(self) -> set[str]:
        """Places on a way that fuel takes."""
        return {
            end
            for root in self.roots
            for corridor in root.corridors.values()
            for road in corridor.roads
            for end in (self.roads[road].start, self.roads[road].end)
        }

    @property
    def used(self) -> set[str]:
        """Places on a way that fuel takes, and towns."""
        return self.reached | {name for name, place in self.places.items() if place.town}

    @property
    def unserved(self) -> list[str]:
        """Towns to which no corridor leads."""
        reached = self.reached
        return [name for name, place in self.places.items() if place.town and name not in reached]

    def data(self) -> dict[str, Any]:
        """Return the ground as JSON: whole tenths of km from its upper left corner.

        The frame holds towns and the ways from assembly points on; roads abroad run out of it.
        """
        used = self.used
        shown = {name: place for name, place in self.places.items() if name in used}
        middle = cos(radians(float(np.mean([place.lat for place in shown.values()]))))

        def spots(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
            return np.multiply(degrees, (KM_PER_DEGREE * middle, -KM_PER_DEGREE), dtype=np.float64)

        at = spots(np.array([(place.lon, place.lat) for place in self.places.values()]))
        inside = {node for _, route in self.routes.values() for node in route.nodes}
        left, top, wide, high = _frame(
            at[[place.number for name, place in shown.items() if place.town or name in inside]]
        )

        def tenths(lines: NDArray[np.float64]) -> NDArray[np.int64]:
            return np.rint(10.0 * (lines - (left, top))).astype(np.int64)

        behind = borders(self.roots[0])
        size = np.array((10.0 * wide, 10.0 * high))
        drawn = () if behind is None else behind.lines, () if behind is None else behind.coasts
        lines, coasts = (_within((tenths(spots(line)) for line in each), size) for each in drawn)
        names = {} if behind is None else behind.names
        hub, number = self.roots[0].hub, {name: place.number for name, place in self.places.items()}
        driven = {road for root in self.roots for corridor in root.corridors.values() for road in corridor.roads}

        def rank(name: str) -> int:
            return 2 if name == hub else int(self.places[name].town) if name in used else -1

        return {
            "size": [round(10 * wide), round(10 * high)],
            "places": [[name, *spot, rank(name)] for name, spot in zip(self.places, tenths(at).tolist(), strict=True)],
            "roads": [[name, number[road.start], number[road.end]] for name, road in self.roads.items()],
            "unserved": [number[name] for name in self.unserved],
            "driven": sorted(self.roads[name].number for name in driven),
            "routes": [
                [
                    route.corridor,
                    [number[node] for node in route.nodes],
                    [self.roads[road].number for road in route.roads],
                ]
                for _, route in self.routes.values()
            ],
            "borders": lines,
            "coasts": coasts,
            "countries": _names({name: tenths(spots(np.array(spot))) for name, spot in names.items()}, size),
            "source": "" if behind is None else behind.source,
        }


def _frame(spots: NDArray[np.float64]) -> tuple[float, float, float, float]:
    """Return left, top, width and height of the map about places, km."""
    (left, top), (right, bottom) = spots.min(axis=0), spots.max(axis=0)
    wide = max(right - left, (bottom - top) / TALLEST, 50.0)
    high = max(bottom - top, 0.45 * wide)
    margin = MARGIN * wide
    x, y = (left + right - wide) / 2, (top + bottom - high) / 2
    return float(x - margin), float(y - margin), float(wide + 2 * margin), float(high + 2 * margin)


def _within(lines: Iterable[NDArray[np.int64]], size: NDArray[np.float64]) -> list[list[int]]:
    """Return the parts of lines that lie in the frame, or run into it, each as x, y, x, y, …."""
    parts: list[list[int]] = []
    for line in lines:
        low, high = np.minimum(line[:-1], line[1:]), np.maximum(line[:-1], line[1:])
        near = np.all((high >= 0) & (low <= size), axis=1)
        for run in np.split(np.arange(len(near)), np.nonzero(np.diff(near))[0] + 1):
            if len(run) and near[run[0]]:
                parts.append(line[run[0] : run[-1] + 2].ravel().tolist())
    return parts


def _names(names: Mapping[str, NDArray[np.int64]], size: NDArray[np.float64]) -> list[list[Any]]:
    """Return the names of countries in the frame, with the places that have most room for them."""
    inside = {name: at for name, at in names.items() if np.all((at > 0.03 * size) & (at < 0.97 * size))}
    return [[say(name), *at.tolist()] for name, at in inside.items()]
