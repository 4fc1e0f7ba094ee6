"""Many lines at once: which vertices are one place, and which segments pass near a point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.errors import IntakeError
from sim.intake.ellipsoid import Array, distances, nearest_on, scales

Whole = NDArray[np.int64]

GRID: Final = 1e7
"""Vertices are one place if they agree in seven digits of a degree, a centimetre: the precision of OpenStreetMap."""

CHUNK: Final = 200
"""Points whose surroundings are looked at together."""
MOST: Final = 5_000_000
"""The most pairs of a point and a segment near it; a country’s roads have a tenth."""


class Nearby(NamedTuple):
    """Segments near points: an element for each pair.

    Attributes
    ----------
    point
        Index of the point.
    vertex
        Vertex at which the segment begins.
    metres
        Distance.
    along
        The nearest place of the segment: 0 at its first vertex, 1 at its second.
    """

    point: Whole
    vertex: Whole
    metres: Array
    along: Array

    def where(self, chosen: NDArray[Any]) -> Nearby:
        """Return some of the pairs."""
        return Nearby(*(part[chosen] for part in self))


@dataclass(frozen=True)
class Lines:
    """All vertices of all lines, one after the other.

    Attributes
    ----------
    xy
        Longitude and latitude by vertex.
    line
        Line by vertex.
    place
        Place by vertex; vertices where lines meet have the same.
    spots
        Longitude and latitude by place.
    position
        Metres from the beginning of the line, by vertex.
    """

    xy: Array
    line: Whole
    place: Whole
    spots: Array
    position: Array
    segments: Whole
    tree: Any

    @classmethod
    def of(cls, lines: Sequence[Array]) -> Lines:
        """Put lines together; each has two vertices at least and none twice in turn."""
        import shapely

        xy = np.concatenate(lines)
        line = np.repeat(np.arange(len(lines)), [len(vertices) for vertices in lines])
        whole = np.round(np.add(xy, (180, 90)) * GRID).astype(np.uint64)
        _, first, place = np.unique(whole[:, 0] << np.uint64(32) | whole[:, 1], return_index=True, return_inverse=True)
        segments = np.flatnonzero(line[:-1] == line[1:])
        metres = np.zeros(len(xy))
        metres[segments + 1] = distances(xy[segments], xy[segments + 1])
        total = np.cumsum(metres)
        begins = np.flatnonzero(np.diff(line, prepend=-1))
        position = total - np.repeat(total[begins], np.bincount(line))
        tree = shapely.STRtree(shapely.linestrings(np.stack([xy[segments], xy[segments + 1]], axis=1)))
        return cls(xy, line, place.astype(np.int64), xy[first], position, segments, tree)

    @property
    def terminal(self) -> NDArray[np.bool_]:
        """By vertex: whether a line begins or ends there."""
        change = np.diff(self.line) != 0
        ends: NDArray[np.bool_] = np.append(True, change) | np.append(change, True)
        return ends

    @property
    def use(self) -> Whole:
        """By vertex: how many vertices are at its place."""
        uses: Whole = np.bincount(self.place)[self.place]
        return uses

    def near(self, points: Array, metres: float) -> Nearby:
        """Return the segments within some metres of points.

        Raises
        ------
        IntakeError
            If there are more than `MOST` pairs: a distance in which towns of streets lie.
        """
        pieces, count = [], 0
        for first in range(0, max(len(points), 1), CHUNK):
            pieces.append(self._near(points[first : first + CHUNK], first, metres))
            count += len(pieces[-1].point)
            if count > MOST:
                wrong = f"over {MOST:,} pieces of line within {metres:g} m of ends or towns"
                raise IntakeError(f"{wrong}; expected fewer: larger roads only, or a smaller --snap or --reach")
        return Nearby(*map(np.concatenate, zip(*pieces, strict=True)))

    def _near(self, points: Array, first: int, metres: float) -> Nearby:
        """Return the segments near some points, of which the first has this index."""
        import shapely

        half = metres / scales(points[:, 1]).T
        east, north = np.minimum(half, 180.0) * 1.01
        lon, lat = points.T
        boxes = shapely.box(lon - east, lat - north, lon + east, lat + north)
        point, segment = self.tree.query(boxes, predicate="intersects")
        vertex = self.segments[segment]
        apart, along = nearest_on(points[point], self.xy[vertex], self.xy[vertex + 1])
        return Nearby(first + point, vertex, apart, along).where(apart <= metres)

    def distance_to(self, point: Array) -> float:
        """Return how far a point is from the nearest line, m, roughly where that is far."""
        import shapely

        vertex = self.segments[self.tree.query_nearest(shapely.Point(point))[:1]]
        here = np.broadcast_to(point, (len(vertex), 2))
        start, end = self.xy[vertex], self.xy[vertex + 1]
        _, along = nearest_on(here, start, end)
        return float(distances(here, start + along[:, None] * (end - start))[0])
