"""The ways of corridors: roads before and after the assembly point, and the places at their ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sim.scenario.places import Corridor
    from sim.scenario.schema import Root


class Route(NamedTuple):
    """Names of the roads before and after the assembly point, and of the places at the ends of the latter."""

    abroad: list[str]
    inside: list[str]
    stops: list[str]


def route_of(root: Root, corridor: Corridor) -> Route:
    """Return the route of a corridor, which begins at its terminal's town; roads may be driven either way."""
    if not corridor.roads or corridor.assembly is None or corridor.terminal is None:
        return Route([], [], [])
    here = root.terminals[corridor.terminal].town
    places = [here]
    for name in corridor.roads:
        road = root.roads[name]
        here = road.to if road.from_ == here else road.from_
        places.append(here)
    at = places.index(corridor.assembly)
    return Route(corridor.roads[:at], corridor.roads[at:], places[at + 1 :])
