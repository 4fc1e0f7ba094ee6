"""Distances on the WGS84 ellipsoid.

Between two points by Lambert's formula for long lines (W. D. Lambert, The distance between two widely separated points
on the surface of the earth, Journal of the Washington Academy of Sciences 32, 1942), which errs by metres over a
continent; on a sphere the error is up to 0.5 %.  Within a few kilometres a plane is used whose scales are the radii of
curvature.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

EQUATOR: Final = 6378137.0
"""Radius of the equator, m (WGS84)."""
FLATTENING: Final = 1 / 298.257223563
ECCENTRICITY: Final = FLATTENING * (2 - FLATTENING)
"""Square of the first eccentricity."""


def distances(start: Array, end: Array) -> Array:
    """Return metres between points, given as rows of longitude and latitude in degrees."""
    (lon, lat), (other_lon, other_lat) = np.radians(start).T, np.radians(end).T
    here, there = (np.arctan((1 - FLATTENING) * np.tan(angle)) for angle in (lat, other_lat))
    mean, half = (here + there) / 2, (there - here) / 2
    chord = np.sin(half) ** 2 + np.cos(here) * np.cos(there) * np.sin((other_lon - lon) / 2) ** 2
    chord = np.clip(chord, 0.0, 1.0)
    angle = 2 * np.arcsin(np.sqrt(chord))
    far = np.where(chord < 1, 1 - chord, 1.0)
    near = np.where(chord > 0, chord, 1.0)
    x = (angle - np.sin(angle)) * (np.sin(mean) * np.cos(half)) ** 2 / far
    y = (angle + np.sin(angle)) * (np.cos(mean) * np.sin(half)) ** 2 / near
    metres: Array = EQUATOR * (angle - FLATTENING / 2 * (x + y))
    return metres


def scales(latitude: Array) -> Array:
    """Return metres per degree of longitude and of latitude at latitudes in degrees, a row each."""
    lat = np.radians(latitude)
    bulge = 1 - ECCENTRICITY * np.sin(lat) ** 2
    east = EQUATOR / np.sqrt(bulge) * np.cos(lat)
    north = EQUATOR * (1 - ECCENTRICITY) / bulge**1.5
    return np.radians(np.stack([east, north], axis=-1))


def nearest_on(points: Array, start: Array, end: Array) -> tuple[Array, Array]:
    """Return, for each point and the short segment beside it, metres between them and where on the segment, 0 to 1."""
    scale = scales(points[:, 1])
    a, b = (start - points) * scale, (end - points) * scale
    way = b - a
    square = (way**2) @ np.ones(2)
    along = -((a * way) @ np.ones(2)) / np.where(square > 0, square, 1.0)
    along = np.clip(along, 0.0, 1.0)
    rest = a + along[:, None] * way
    return np.hypot(rest[:, 0], rest[:, 1]), along
