"""Make a clip of the world's borders, to be drawn behind the places of a scenario.

The borders are those of Natural Earth 4.1 (public domain), as the npm package ``world-atlas`` redistributes them:

    npm pack world-atlas@2.0.2
    python docs/borders.py world-atlas-2.0.2.tgz --region=-19,4,5,25.5 --town Bamako --town Dakar --town Abidjan \
        --town Conakry --town Nouakchott --town Ouagadougou --town Niamey --out seeds/borders/west-africa.borders.json

Convoi draws the first ``*.borders.json`` whose region holds every place of a scenario and that names one of them as a
town: of the working folder, of ``scenarios`` in it, of the shipped ones (`sim/view/borders.py`).  Needs shapely.
"""

from __future__ import annotations

import argparse
import json
import tarfile
from collections import Counter
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import LineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

LEAST = 0.3
"""Degrees about the place of a country's name that are its own; no name is written in less."""
DIGITS = 2
"""Decimals of degrees: a hundredth is a kilometre."""
Arc = list[tuple[float, float]]


def main() -> None:
    """Read the arguments, write the clip, print its size."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("package", type=Path, help="the package as npm pack brings it")
    parser.add_argument("--region", required=True, help="west,south,east,north in degrees")
    parser.add_argument("--town", action="append", required=True, help="a town of the region, as scenarios call it")
    parser.add_argument("--scale", default="50m", choices=["10m", "50m", "110m"], help="of the borders")
    parser.add_argument("--tolerance", type=float, default=0.01, help="degrees by which a line may be off")
    parser.add_argument("--out", type=Path, required=True, help="the clip: NAME.borders.json")
    given = parser.parse_args()
    west, south, east, north = (float(part) for part in given.region.split(","))
    with tarfile.open(given.package) as package:
        label = json.load(_member(package, "package.json"))
        atlas = json.load(_member(package, f"countries-{given.scale}.json"))
    clip = collection(atlas, (west, south, east, north), given.tolerance)
    clip["towns"] = given.town
    clip["source"] = (
        f"Natural Earth 4.1, admin 0 countries, 1:{given.scale}, by the npm package {label['name']} {label['version']}"
    )
    clip["licence"] = "public domain"
    clip["made_by"] = f"docs/borders.py --region={given.region} --scale {given.scale} --tolerance {given.tolerance}"
    given.out.write_text(json.dumps(clip, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
    print(f"{given.out}: {given.out.stat().st_size / 1000:.1f} kB")


def _member(package: tarfile.TarFile, name: str) -> Any:
    file = package.extractfile(f"package/{name}")
    assert file is not None
    return file


def collection(atlas: dict[str, Any], region: tuple[float, float, float, float], tolerance: float) -> dict[str, Any]:
    """Return a GeoJSON collection of the borders, coasts and names of countries inside a region.

    Parameters
    ----------
    atlas
        A TopoJSON file with the object ``countries``: an arc of two countries is a border, of a single one a coast.
    region
        West, south, east, north, degrees.
    tolerance
        Degrees by which a line may be off.
    """
    box = shapely.box(*region)
    arcs = list(_arcs(atlas))
    countries = atlas["objects"]["countries"]["geometries"]
    users = Counter(arc if arc >= 0 else ~arc for country in countries for arc in set(_flat(country["arcs"])))
    lines: dict[int, list[Arc]] = {1: [], 2: []}
    for arc, count in users.items():
        inside = LineString(arcs[arc]).simplify(tolerance).intersection(box)
        lines[min(count, 2)] += [_rounded(part) for part in _strings(inside)]
    features = [
        {"type": "Feature", "properties": {"kind": kind}, "geometry": {"type": "MultiLineString", "coordinates": parts}}
        for kind, parts in (("border", lines[2]), ("coast", lines[1]))
    ]
    for country in sorted(countries, key=lambda country: str(country["properties"]["name"])):
        spot = _spot(_shape(country, arcs).intersection(box))
        if spot is not None:
            name = {"kind": "country", "name": country["properties"]["name"]}
            features.append({"type": "Feature", "properties": name, "geometry": {"type": "Point", "coordinates": spot}})
    return {"type": "FeatureCollection", "bbox": list(region), "features": features}


def _arcs(atlas: dict[str, Any]) -> Iterator[Arc]:
    (across, up), (west, south) = atlas["transform"]["scale"], atlas["transform"]["translate"]
    for steps in atlas["arcs"]:
        sums = accumulate(steps, lambda spot, step: (spot[0] + step[0], spot[1] + step[1]))
        yield [(across * x + west, up * y + south) for x, y in sums]


def _flat(arcs: list[Any]) -> Iterator[int]:
    for arc in arcs:
        yield from _flat(arc) if isinstance(arc, list) else (arc if arc >= 0 else ~arc,)


def _shape(country: dict[str, Any], arcs: list[Arc]) -> BaseGeometry:
    polygons = country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]
    rings = [[ring for ring in (_ring(ring, arcs) for ring in rings) if len(ring) > 3] for rings in polygons]
    return MultiPolygon([(first, holes) for first, *holes in filter(None, rings)]).buffer(0)


def _ring(ring: list[int], arcs: list[Arc]) -> Arc:
    return [spot for arc in ring for spot in (arcs[arc] if arc >= 0 else arcs[~arc][::-1])]


def _strings(shape: BaseGeometry) -> list[LineString]:
    parts = getattr(shape, "geoms", [shape])
    return [part for part in parts if isinstance(part, LineString) and not part.is_empty]


def _rounded(line: LineString) -> Arc:
    spots = [(round(x, DIGITS), round(y, DIGITS)) for x, y in line.coords]
    return [spot for place, spot in enumerate(spots) if place == 0 or spot != spots[place - 1]]


def _spot(shape: BaseGeometry) -> tuple[float, float] | None:
    """Return the place furthest from the borders of a country, where its name has room."""
    parts = [part for part in getattr(shape, "geoms", [shape]) if isinstance(part, Polygon) and not part.is_empty]
    if not parts:
        return None
    circle = shapely.maximum_inscribed_circle(max(parts, key=lambda part: part.area), tolerance=0.01)
    if circle.length < LEAST:
        return None
    x, y = circle.coords[0]
    return round(x, DIGITS), round(y, DIGITS)


if __name__ == "__main__":
    main()
