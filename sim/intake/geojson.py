"""GeoJSON as it is found: lines and points with their properties, in degrees, and a count of what is neither."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.errors import IntakeError
from sim.scenario.problem import quoted

BYTES: Final = 500_000_000
"""The largest file; a country's main roads take a tenth."""
LINES: Final = ("LineString", "MultiLineString")
POINTS: Final = ("Point", "MultiPoint")
AREAS: Final = {"Polygon": "area", "MultiPolygon": "areas"}
WGS84: Final = ("CRS84", "EPSG:4326", "EPSG::4326", "WGS84", "WGS 84")
"""How files name longitude and latitude on WGS84, the only system that RFC 7946 knows."""


@dataclass(frozen=True)
class Shape:
    """A line or a point of a file.

    Attributes
    ----------
    feature
        Number of the feature that it is of, from 1 in the order of the file.
    xy
        Longitudes and latitudes, a row per vertex; one row for a point.
    properties
        As in the file, with keys in lower case.
    """

    feature: int
    xy: NDArray[np.float64]
    properties: Mapping[str, Any]


@dataclass
class Collection:
    """What a file holds: its lines and points, its own words, and how many features were left out, by reason."""

    file: Path
    lines: list[Shape] = field(default_factory=list)
    points: list[Shape] = field(default_factory=list)
    words: Mapping[str, Any] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)


def misfit(file: Path, place: str, given: object, expected: str) -> IntakeError:
    """Return the error for something in a file that is not as expected."""
    about = {"file": file, "place": place, "expected": expected}
    return IntakeError(f"{where(file, place)}: given {given}; expected {expected}", **about)


def where(file: Path, place: str) -> str:
    """Return a place in a file, a line or what a feature is called, as messages begin with it."""
    return f"{file}:{place}" if place[:1].isdigit() else f"{file}: {place}" if place else str(file)


def text_of(file: Path) -> str:
    """Return the text of a file of other people's data.

    Raises
    ------
    IntakeError
        If it is no file, too big or not UTF-8.
    """
    try:
        if file.exists() and not file.is_file():
            raise OSError("not a file")
        with file.open("rb") as stream:
            data = stream.read(BYTES + 1)
    except (OSError, ValueError) as error:
        wrong = "no such file" if isinstance(error, FileNotFoundError) else "a file that cannot be read"
        raise misfit(file, "", wrong, "a file") from None
    if len(data) > BYTES:
        raise misfit(file, "", f"over {BYTES:,} bytes", "less: the main roads of a country, clipped to it")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise misfit(file, str(line), f"the byte {data[error.start]:#04x}", "text in UTF-8") from None


def read(file: Path) -> Collection:
    """Return the lines and points of a GeoJSON file.

    Raises
    ------
    IntakeError
        If it is no GeoJSON, or its coordinates are not degrees on WGS84; with the line of broken JSON, else with
        the number of the feature.
    """
    return collect(file, _parsed(file))


def collect(file: Path, whole: object) -> Collection:
    """Return the lines and points of parsed GeoJSON."""
    if not isinstance(whole, dict):
        raise misfit(file, "", quoted(whole), "GeoJSON: a FeatureCollection")
    if "type" not in whole and {"geometryType", "spatialReference", "objects"} & set(whole):
        raise misfit(file, "", "JSON of ArcGIS or TopoJSON", "GeoJSON; export the layer as that")
    _check_system(file, "", whole)
    collection = Collection(file, words={key: item for key, item in whole.items() if isinstance(item, str)})
    if whole.get("type") == "FeatureCollection":
        features = whole.get("features")
        if not isinstance(features, list):
            raise misfit(file, "", f"features: {quoted(features)}", "a list of features")
    else:
        features = [whole]
    for number, feature in enumerate(features, start=1):
        for kind, xy, properties in _parts(file, number, feature, collection.left_out):
            (collection.lines if kind in LINES else collection.points).append(Shape(number, xy, properties))
    return collection


def _parsed(file: Path) -> object:
    text = text_of(file)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        if not text.strip():
            raise misfit(file, "", "an empty file", "GeoJSON") from None
        place = f"{error.lineno}:{error.colno}"
        if error.msg == "Extra data" and text.lstrip()[:1] == "{":
            raise misfit(file, place, "a second text of JSON", "one: a FeatureCollection of all features") from None
        rest = "the end of the file" if error.pos >= len(text.rstrip()) else quoted(text[error.pos : error.pos + 20])
        raise misfit(file, place, rest, f"JSON ({error.msg[:1].lower()}{error.msg[1:]})") from None
    except RecursionError:
        raise misfit(file, "", "lists within lists, too deep", "GeoJSON, which is ten deep at most") from None
    except ValueError as error:  # a whole number of thousands of digits
        raise misfit(file, "", str(error), "numbers of a usual length") from None


def _check_system(file: Path, place: str, thing: Mapping[str, Any]) -> None:
    """Refuse coordinates in another system than WGS84."""
    system = thing.get("crs")
    if system is None:
        return
    properties = system.get("properties") if isinstance(system, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not (isinstance(name, str) and name.upper().endswith(WGS84)):
        given = quoted(name if name is not None else system)
        raise misfit(file, place, f"crs {given}", "longitude and latitude on WGS84 (EPSG:4326); convert the file")


def _parts(
    file: Path, number: int, feature: object, left_out: Counter[str]
) -> Iterator[tuple[str, NDArray[np.float64], Mapping[str, Any]]]:
    """Iterate over the lines and points of a feature."""
    place = f"feature {number}"
    if not isinstance(feature, dict):
        raise misfit(file, place, quoted(feature), "a feature: a mapping with 'type', 'geometry' and 'properties'")
    _check_system(file, place, feature)
    whole = feature.get("type") == "Feature"
    geometry: Any = feature.get("geometry") if whole else feature
    properties = feature.get("properties") if whole else None
    if not isinstance(properties, dict | None):
        raise misfit(file, place, f"properties: {quoted(properties)}", "a mapping, or null")
    words = {str(key).strip().lower(): item for key, item in (properties or {}).items()}
    if "id" in feature:
        words.setdefault("@id", feature["id"])
    todo = [geometry]
    while todo:
        shape = todo.pop()
        if shape is None:
            left_out["feature without a geometry"] += 1
            continue
        stated = shape.get("type") if isinstance(shape, dict) else None
        kind = stated if isinstance(stated, str) else ""
        if kind == "GeometryCollection":
            inner = shape.get("geometries")
            if not isinstance(inner, list):
                raise misfit(file, place, f"geometries: {quoted(inner)}", "a list of geometries")
            todo += reversed(inner)
        elif kind in AREAS:
            left_out[AREAS[kind]] += 1
        elif kind in LINES or kind in POINTS:
            _check_system(file, place, shape)
            for coordinates in _split(file, place, kind, shape.get("coordinates")):
                yield kind, _degrees(file, place, coordinates), words
        else:
            given = f"type {quoted(stated)}" if isinstance(shape, dict) else quoted(shape)
            raise misfit(file, place, given, "a geometry of GeoJSON, such as a LineString")


def _split(file: Path, place: str, kind: str, coordinates: object) -> Iterator[list[Any]]:
    """Iterate over the lines, or points as lines of one vertex, of a geometry."""
    parts = coordinates if kind in ("MultiLineString", "MultiPoint") else [coordinates]
    if not isinstance(parts, list):
        raise misfit(file, place, f"coordinates {quoted(parts)}", "a list")
    for part in parts:
        if not isinstance(part, list):
            raise misfit(file, place, f"coordinates {quoted(part)}", "a list")
        if part:
            yield part if kind in LINES else [part]


def _degrees(file: Path, place: str, vertices: list[Any]) -> NDArray[np.float64]:
    """Return vertices as longitudes and latitudes; a height and what follows it is dropped."""
    if not all(isinstance(vertex, list) and len(vertex) >= 2 for vertex in vertices):
        bad = next(vertex for vertex in vertices if not (isinstance(vertex, list) and len(vertex) >= 2))
        raise misfit(file, place, f"the position {quoted(bad)}", "[longitude, latitude]")
    for vertex in vertices:
        if type(vertex[0]) not in (float, int) or type(vertex[1]) not in (float, int):
            raise misfit(file, place, f"the position {_position(vertex)}", "two numbers: [longitude, latitude]")
    try:
        xy = np.array([vertex[:2] for vertex in vertices], dtype=np.float64)
    except OverflowError:
        xy = np.full((1, 2), np.inf)
    within = (np.abs(xy[:, 0]) <= 180) & (np.abs(xy[:, 1]) <= 90)
    if not within.all():
        bad = vertices[int(np.argmin(within))]
        swapped = abs(bad[1]) <= 180 and abs(bad[0]) <= 90
        hint = "; is latitude written first?" if swapped else ""
        rule = f"degrees: a longitude from -180 to 180 and a latitude from -90 to 90{hint}"
        raise misfit(file, place, f"the position {_position(bad)}", rule)
    return xy


def _position(vertex: list[Any]) -> str:
    return quoted(f"[{', '.join(str(item)[:20] for item in vertex[:2])}]").strip("'")
