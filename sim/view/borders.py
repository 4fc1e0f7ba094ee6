"""Borders, coasts and names of the countries about the places of a scenario, from clips of Natural Earth."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import ViewError
from sim.evidence.evidence import home
from sim.language import mark, say
from sim.scenario.folders import roots, shown
from sim.scenario.schema import Root

ENDING = ".borders.json"
SAID = (
    mark("Algeria"), mark("Benin"), mark("Burkina Faso"), mark("Côte d'Ivoire"), mark("Ghana"), mark("Guinea"),
    mark("Guinea-Bissau"), mark("Liberia"), mark("Mali"), mark("Mauritania"), mark("Morocco"), mark("Niger"),
    mark("Nigeria"), mark("Senegal"), mark("Sierra Leone"), mark("Togo"), mark("W. Sahara"),
    mark("Natural Earth 4.1, admin 0 countries, 1:50m, by the npm package world-atlas 2.0.2"),
    mark("public domain"),
)  # fmt: skip
"""What the shipped clip says, for catalogues: names of countries as it has them, its source and licence."""
Line = NDArray[np.float64]


@dataclass(frozen=True)
class Borders:
    """What lies behind the places of a scenario; all in degrees east and north, (lon, lat).

    Attributes
    ----------
    lines
        Borders between countries, each an array of shape (points, 2).
    coasts
        Coasts, alike.
    names
        Where the name of each country has most room, among the scenario's places if it can be.
    source
        Where the lines come from, with their licence.
    """

    lines: tuple[Line, ...]
    coasts: tuple[Line, ...]
    names: Mapping[str, tuple[float, float]]
    source: str


def borders(root: Root) -> Borders | None:
    """Return the borders about the places of a scenario; None if no clip is of its region.

    A clip is a file ``NAME.borders.json`` in the working folder, in ``scenarios`` in it, or a shipped one;
    ``docs/borders.py`` makes them.  It is of the region of a scenario if it holds all its places and names one of them
    as its own, so that an invented country does not lie within real borders.

    Raises
    ------
    ViewError
        If a clip is not a GeoJSON file as that script makes it.
    """
    spots = {name: (place.at.lon, place.at.lat) for name, place in (root.towns | root.junctions).items()}
    for path in _clips():
        try:
            clip = json.loads(path.read_text("utf-8"))
            if _covers(clip, spots):
                return _read(clip, np.array([*spots.values()]))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            expected = "a clip as docs/borders.py makes it (GeoJSON with bbox, towns, borders, coasts and countries)"
            raise ViewError(f"{shown(path)}: cannot be read as borders ({error!r}); expected {expected}") from error
    return None


def _clips() -> Iterator[Path]:
    for folder in (*roots(), home() / "borders"):
        yield from sorted(folder.glob(f"*{ENDING}"))


def _covers(clip: Mapping[str, Any], spots: Mapping[str, tuple[float, float]]) -> bool:
    west, south, east, north = map(float, clip["bbox"])
    inside = all(west <= lon <= east and south <= lat <= north for lon, lat in spots.values())
    return inside and not spots.keys().isdisjoint(clip["towns"])


def _read(clip: Mapping[str, Any], spots: Line) -> Borders:
    lines: dict[str, tuple[Line, ...]] = {}
    names: dict[str, Line] = {}
    for feature in clip["features"]:
        about, drawn = feature["properties"], feature["geometry"]["coordinates"]
        if about["kind"] == "country":
            names[str(about["name"])] = np.array(drawn, dtype=np.float64).reshape(-1, 2)
        else:
            lines[about["kind"]] = tuple(np.array(line, dtype=np.float64).reshape(-1, 2) for line in drawn)
    low, high = spots.min(axis=0), spots.max(axis=0)

    def chosen(places: Line) -> tuple[float, float]:
        lon, lat = next((at for at in places if np.all((at > low) & (at < high))), places[0])
        return float(lon), float(lat)

    at = {name: chosen(places) for name, places in names.items()}
    return Borders(lines["border"], lines["coast"], at, f"{say(clip['source'])}, {say(clip['licence'])}")
