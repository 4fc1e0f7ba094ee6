"""Lines as a network: where they meet, which ends nearly meet, where they come by a town."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from sim.intake.ellipsoid import Array, distances
from sim.intake.lines import Lines, Nearby, Whole

NOBODY: Final = -1


@dataclass(frozen=True)
class Join:
    """An end that meets no other line, and the line that it is joined to: their indices, and metres between them."""

    line: int
    other: int
    metres: float


@dataclass(frozen=True)
class Network:
    """Lines cut into edges at the nodes where they meet or come by a town.

    Attributes
    ----------
    start, end, metres, line
        By edge: its nodes, its length and its line (`NOBODY` for one that closes a gap).
    town
        By node: the nearest town within reach, `NOBODY` if there is none.
    access
        By node: metres to that town's place in a straight line; infinity if there is none.
    joins
        The ends that were joined.
    remote
        By town that no line comes near: metres to the nearest one.
    """

    start: Whole
    end: Whole
    metres: Array
    line: Whole
    town: Whole
    access: Array
    joins: tuple[Join, ...]
    remote: dict[int, float]


def network(shapes: Sequence[Array], towns: Array, snap: float, reach: float) -> Network:
    """Return the network of lines.

    Parameters
    ----------
    shapes
        Of each line longitude and latitude by vertex; two vertices at least, none twice in turn.
    towns
        Longitude and latitude of each town.
    snap
        How far an end may lie from another line to be joined to it, m.
    reach
        How far a line may pass from a town's place to come by it, m.
    """
    lines = Lines.of(shapes)
    cuts = _Cuts(lines)
    loose, near = _gaps(lines, snap)
    across = cuts.at(near)
    by_towns = lines.near(towns, reach)
    for along in (by_towns.along, np.zeros_like(by_towns.along), np.ones_like(by_towns.along)):
        cuts.at(by_towns._replace(along=along))  # so that a stretch between two nodes near a town does not leave it
    start, end, metres, line = cuts.edges()
    town, access = _nearest_towns(np.concatenate(cuts.spots), towns, reach)
    pairs = zip(lines.line[loose].tolist(), lines.line[near.vertex].tolist(), near.metres.tolist(), strict=True)
    far = sorted(set(range(len(towns))) - set(by_towns.point.tolist()))
    return Network(
        np.append(start, lines.place[loose]),
        np.append(end, across),
        np.append(metres, near.metres),
        np.append(line, np.full(len(across), NOBODY)),
        town,
        access,
        tuple(Join(*pair) for pair in pairs),
        {place: lines.distance_to(towns[place]) for place in far},
    )


class _Cuts:
    """Where lines are cut, gathered step by step: at first at their ends and where they meet."""

    def __init__(self, lines: Lines) -> None:
        self.lines, self.spots = lines, [lines.spots]
        self.count = len(lines.spots)
        vertex = np.flatnonzero(lines.terminal | (lines.use > 1))
        self.line, self.node = [lines.line[vertex]], [lines.place[vertex]]
        self.position = [lines.position[vertex]]

    def at(self, near: Nearby) -> Whole:
        """Cut segments at their nearest places; return the nodes there, which are new except at vertices."""
        lines, along = self.lines, near.along
        vertex = near.vertex + (along >= 1)
        inner = (along > 0) & (along < 1)
        node = lines.place[vertex]
        fresh = self.count + np.arange(np.count_nonzero(inner))
        node[inner] = fresh
        self.count += len(fresh)
        start, end = near.vertex, near.vertex + 1
        self.spots.append((lines.xy[start] + along[:, None] * (lines.xy[end] - lines.xy[start]))[inner])
        self.line.append(lines.line[start])
        self.position.append(lines.position[start] + along * (lines.position[end] - lines.position[start]))
        self.node.append(node)
        return node

    def edges(self) -> tuple[Whole, Whole, Array, Whole]:
        """Return first and last node, metres and line of each stretch between two cuts."""
        line, position, node = np.concatenate(self.line), np.concatenate(self.position), np.concatenate(self.node)
        order = np.lexsort((position, line))
        line, position, node = line[order], position[order], node[order]
        kept = np.flatnonzero((line[:-1] == line[1:]) & (node[:-1] != node[1:]))
        return node[kept], node[kept + 1], position[kept + 1] - position[kept], line[kept]


def _gaps(lines: Lines, snap: float) -> tuple[Whole, Nearby]:
    """Return the vertices at which a line ends alone though another is near, and where that comes nearest."""
    loose = np.flatnonzero(lines.terminal & (lines.use == 1))
    near = lines.near(lines.xy[loose], snap)
    near = near.where(lines.line[loose[near.point]] != lines.line[near.vertex])
    order = np.lexsort((near.metres, lines.line[near.vertex], near.point))
    near = near.where(order)
    pair = np.stack([near.point, lines.line[near.vertex]])
    near = near.where(np.append(True, (np.diff(pair) != 0).any(axis=0))[: len(order)])
    return loose[near.point], near


def _nearest_towns(spots: Array, towns: Array, reach: float) -> tuple[Whole, Array]:
    """Return by spot the nearest town within reach and metres to it."""
    town, access = np.full(len(spots), NOBODY), np.full(len(spots), np.inf)
    for index, place in enumerate(towns):
        close = np.flatnonzero(np.abs(spots[:, 1] - place[1]) < (reach + 1000) / 110_000)
        metres = distances(np.broadcast_to(place, (len(close), 2)), spots[close])
        nearer = (metres <= reach) & (metres < access[close])
        town[close[nearer]], access[close[nearer]] = index, metres[nearer]
    return town, access
