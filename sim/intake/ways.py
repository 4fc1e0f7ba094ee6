"""The quickest ways between neighbouring towns of a network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.intake.network import NOBODY, Network
from sim.intake.surface import Kind, Surface

if TYPE_CHECKING:
    from networkx import DiGraph

Paces = Mapping[Surface, float]
"""By surface: pace of a laden tanker, km/h; on unknown ground and where lines have gaps that of ``unknown``."""
TIE: Final = 1e-9


@dataclass(frozen=True)
class Way:
    """The quickest way from one town to another that comes by no third.

    Attributes
    ----------
    start, end
        The towns' indices.
    hours
        At the paces of its surfaces.
    metres
        By surface: metres along lines.
    gaps
        Metres across gaps between lines.
    access
        Metres in a straight line between the towns' places and the lines.
    """

    start: int
    end: int
    hours: float
    metres: Mapping[Surface, float]
    gaps: float
    access: float

    @property
    def along(self) -> float:
        """Metres along lines and across gaps."""
        return float(np.add.reduce([*self.metres.values(), self.gaps]))

    @property
    def whole(self) -> float:
        """Metres from town to town."""
        return self.along + self.access


def ways(
    net: Network, kinds: Sequence[Kind], towns: int, paces: Paces, detour: float
) -> dict[tuple[int, int], tuple[Way, ...]]:
    """Return by pair of neighbouring towns the quickest way there and, if there is one, the way back.

    Two towns are neighbours if no way by others is nearly as quick as the quickest one between them that comes by no
    third.  Pairs are taken from the nearest on, so that no trip between towns becomes longer than stated (the greedy
    spanner of Althöfer et al., Discrete & Computational Geometry 9, 1993).  Within reach of a town directions do not
    matter.

    Parameters
    ----------
    net, kinds
        The network, and the kind of each of its lines.
    towns
        How many towns there are.
    paces
        By surface.
    detour
        The share by which a way by other towns may take longer and stand for the direct one.
    """
    import networkx

    graph = _graph(net, kinds, towns, paces)
    size = 2 * len(net.town)
    direct: dict[tuple[int, int], list[Way]] = {}
    for start in range(towns):
        if size + towns + start not in graph:
            continue
        before, hours = networkx.dijkstra_predecessor_and_distance(graph, size + towns + start, weight="hours")
        for end in range(towns):
            if end != start and size + end in hours:
                way = _way(graph, before, start, end, size, towns)
                direct.setdefault((min(start, end), max(start, end)), []).append(way)
    kept = networkx.Graph()
    kept.add_nodes_from(range(towns))
    for pair in sorted(direct, key=lambda pair: (min(way.hours for way in direct[pair]), pair)):
        least = min(way.hours for way in direct[pair])
        limit = least * (1 + max(detour, TIE))
        others = networkx.single_source_dijkstra_path_length(kept, pair[0], cutoff=limit, weight="hours")
        if pair[1] not in others:
            kept.add_edge(*pair, hours=least)
    return {pair: tuple(both) for pair, both in sorted(direct.items()) if kept.has_edge(*pair)}


def _graph(net: Network, kinds: Sequence[Kind], towns: int, paces: Paces) -> DiGraph[Any]:
    """Return the directed graph in which no way leads through a town.

    A node near a town is there twice: one leads to the town only, the other, moved by the number of nodes, away from it
    only.  Towns follow the nodes: first where they are reached, then where they are left.
    """
    import networkx

    count = len(net.town)
    surface: list[Surface] = [kinds[line].surface if line != NOBODY else "unknown" for line in net.line]
    hours = net.metres / 1000 / np.array([paces[name] for name in surface])
    near, other = net.town[net.start], net.town[net.end]
    inside = (near == other) & (near != NOBODY)
    graph = networkx.DiGraph()
    order = np.argsort(-hours, kind="stable")  # of two edges between the same nodes the quicker one is laid last
    for start, end, edge, within in zip(
        net.start[order].tolist(), net.end[order].tolist(), order.tolist(), inside[order].tolist(), strict=True
    ):
        line = net.line[edge]
        about = {
            "hours": float(hours[edge]), "metres": float(net.metres[edge]),
            "on": surface[edge] if line != NOBODY else "gap",
        }  # fmt: skip
        way = kinds[line].way if line != NOBODY else 0
        for tail, head, against in ((start, end, -1), (end, start, 1)):
            if within:
                graph.add_edges_from([(tail, head, about), (tail + count, head + count, about)])
            elif way != against:
                graph.add_edge(tail + count * (net.town[tail] != NOBODY), head, **about)
    for town, node in _doors(net, inside):
        metres = float(net.access[node])
        about = {"hours": metres / 1000 / paces["unknown"], "metres": metres, "on": "access"}
        graph.add_edge(node, 2 * count + town, **about)
        graph.add_edge(2 * count + towns + town, node + count, **about)
    return graph


def _doors(net: Network, inside: Any) -> Iterator[tuple[int, int]]:
    """Iterate over towns and their nearest node in each piece of the network within their reach."""
    import networkx

    pieces = networkx.Graph()
    pieces.add_nodes_from(np.flatnonzero(net.town != NOBODY).tolist())
    pieces.add_edges_from(zip(net.start[inside].tolist(), net.end[inside].tolist(), strict=True))
    for piece in networkx.connected_components(pieces):
        node = min(piece, key=lambda node: (net.access[node], node))
        yield int(net.town[node]), node


def _way(graph: DiGraph[Any], before: Mapping[int, Sequence[int]], start: int, end: int, size: int, towns: int) -> Way:
    """Return the way that a search found."""
    path = [size + end]
    while path[-1] != size + towns + start:
        path.append(before[path[-1]][0])
    steps = [graph.edges[tail, head] for head, tail in pairwise(path)]

    def metres(*on: str) -> float:
        return float(np.add.reduce([step["metres"] for step in steps if step["on"] in on]))

    surfaces: tuple[Surface, ...] = ("paved", "unpaved", "unknown")
    hours = float(np.add.reduce([step["hours"] for step in steps]))
    return Way(start, end, hours, {name: metres(name) for name in surfaces}, metres("gap"), metres("access"))


def groups(towns: int, pairs: Iterable[tuple[int, int]]) -> list[set[int]]:
    """Return the towns that can reach one another, the largest group first."""
    import networkx

    graph = networkx.Graph()
    graph.add_nodes_from(range(towns))
    graph.add_edges_from(pairs)
    return sorted(networkx.connected_components(graph), key=lambda group: (-len(group), min(group)))
