"""Other people's GeoJSON and tables of towns: what is read, and what is refused with its place."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import IntakeError
from sim.intake.ellipsoid import distances, nearest_on
from sim.intake.geojson import collect, read
from sim.intake.surface import is_osm, kind_of
from sim.intake.towns import Town, read_towns
from tests.refusals import refusal

LINE = {"type": "LineString", "coordinates": [[0, 1], [2, 3]]}


def stored(folder: Path, text: str | bytes, name: str = "roads.geojson") -> Path:
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def features(*geometries: object, **properties: object) -> dict[str, Any]:
    made = [{"type": "Feature", "properties": properties or None, "geometry": geometry} for geometry in geometries]
    return {"type": "FeatureCollection", "features": made}


def test_lines_and_points_are_read_whatever_holds_them() -> None:
    many = {"type": "MultiLineString", "coordinates": [[[0, 1, 300], [2, 3, 310]], [], [[4, 5], [6, 7]]]}
    inner = {"type": "GeometryCollection", "geometries": [LINE, {"type": "Point", "coordinates": [8, 9]}]}
    outer = {"type": "GeometryCollection", "geometries": [inner, many]}
    whole = collect(Path("x"), features(outer, None, {"type": "Polygon", "coordinates": [[[0, 0]]]}, Highway="trunk"))
    assert [line.xy.tolist() for line in whole.lines] == [[[0, 1], [2, 3]], [[0, 1], [2, 3]], [[4, 5], [6, 7]]]
    assert [point.xy.tolist() for point in whole.points] == [[[8, 9]]]
    assert {line.feature for line in whole.lines} == {1}
    assert whole.lines[0].properties == {"highway": "trunk"}
    assert whole.left_out == {"feature without a geometry": 1, "area": 1}
    assert len(collect(Path("x"), LINE).lines) == len(collect(Path("x"), features(LINE)["features"][0]).lines) == 1


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4326"])
def test_wgs84_may_be_named(name: str) -> None:
    crs = {"type": "name", "properties": {"name": name}}
    assert len(collect(Path("x"), {**features(LINE), "crs": crs}).lines) == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", ": given an empty file; expected GeoJSON"),
        ('{"type": "FeatureCollection",\n "features": [', ":2:15: given the end of the file; expected JSON (expecting"),
        ('{"type": "FeatureCollection",\n "features": [nil]}', ":2:15: given 'nil]}'; expected JSON (expecting value)"),
        (b'{"type":\n"\xff"}', ":2: given the byte 0xff; expected text in UTF-8"),
        ("[" * 100_000, ": given lists within lists, too deep; expected"),
        ('{"type": 1' + "0" * 5000 + "}", "expected numbers of a usual length"),
        ('{"type": "Feature"}\n{"type": "Feature"}', ":2:1: given a second text of JSON; expected one"),
        ("[]", ": given an empty list; expected GeoJSON"),
        ('{"type": "FeatureCollection", "features": {}}', ": given features: a mapping without keys; expected a list"),
        (
            '{"geometryType": "esriGeometryPolyline", "features": []}',
            "given JSON of ArcGIS or TopoJSON; expected GeoJSON",
        ),
    ],
)
def test_what_is_no_geojson_is_refused_with_its_line(text: str | bytes, told: str, tmp_path: Path) -> None:
    file = stored(tmp_path, text)
    message = str(refusal(read, file, error=IntakeError))
    assert message.startswith(f"{file}:")
    assert told in message


def vertices(*positions: object) -> dict[str, object]:
    return {"type": "LineString", "coordinates": list(positions)}


@pytest.mark.parametrize(
    ("geometry", "told"),
    [
        (3, "given 3; expected a geometry"),
        ({"type": "Curve"}, "given type 'Curve'; expected a geometry"),
        ({"type": "LineString"}, "coordinates nothing; expected a list"),
        ({"type": "MultiLineString", "coordinates": [3]}, "coordinates 3; expected a list"),
        ({"type": "GeometryCollection", "geometries": None}, "geometries: nothing; expected a list"),
        (vertices([0, 0], [1]), "the position a list of 1; expected [longitude, latitude]"),
        (vertices([0, 0], 1), "the position 1; expected [longitude, latitude]"),
        (vertices([0, 0], ["1", 2]), "the position [1, 2]; expected two numbers"),
        (vertices([0, 0], [True, 2]), "the position [True, 2]; expected two numbers"),
        (vertices([0, 0], [None, 2]), "expected two numbers"),
        (vertices([0, 0], [math.nan, 2]), "the position [nan, 2]; expected degrees"),
        (vertices([0, 0], [math.inf, 2]), "the position [inf, 2]; expected degrees"),
        (vertices([0, 0], [10**400, 2]), "expected degrees"),
        (vertices([0, 0], [500_000, 1_400_000]), "the position [500000, 1400000]; expected degrees: a longitude"),
        (vertices([12, 101]), "a latitude from -90 to 90; is latitude written first?"),
        (
            {**LINE, "crs": {"type": "name", "properties": {"name": "EPSG:32629"}}},
            "crs 'EPSG:32629'; expected longitude",
        ),
    ],
)
def test_a_geometry_that_is_none_is_refused_with_its_feature(geometry: object, told: str) -> None:
    message = str(refusal(collect, Path("r.json"), features(LINE, geometry), error=IntakeError))
    assert message.startswith("r.json: feature 2: given ")
    assert told in message


def test_another_system_is_refused() -> None:
    for crs in ({"type": "name", "properties": {"name": "EPSG:3857"}}, {"type": "link"}, "UTM", {"properties": []}):
        with pytest.raises(IntakeError, match="expected longitude and latitude on WGS84"):
            collect(Path("x"), {**features(LINE), "crs": crs})


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["type", "features", "geometry", "coordinates", "properties", "crs"]), inner)
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(JSON, st.sampled_from(["features", "feature", "geometry", "coordinates", "properties"]))
def test_no_json_breaks_the_reader(value: object, where: str) -> None:
    whole: object = features(LINE)
    match where:
        case "features":
            whole = {"type": "FeatureCollection", "features": value}
        case "feature":
            whole = {"type": "FeatureCollection", "features": [value]}
        case "geometry":
            whole = features(value)
        case "coordinates":
            whole = features({"type": "MultiLineString", "coordinates": value})
        case "properties":
            whole = {"type": "Feature", "geometry": LINE, "properties": value}
    try:
        for line in collect(Path("x"), whole).lines:
            kind_of(line.properties)
            is_osm(line.properties)
    except IntakeError:
        pass


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.data())
def test_no_broken_byte_breaks_the_reader(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    text = json.dumps(features(LINE, {"type": "Point", "coordinates": [1, 2]}, name="a")).encode()
    at, end = (data.draw(st.integers(0, len(text))) for _ in range(2))
    file = stored(tmp_path_factory.getbasetemp(), text[:at] + data.draw(st.binary(max_size=3)) + text[end:], "cut.json")
    try:
        read(file)
    except IntakeError as error:
        assert "expected" in str(error)


@pytest.mark.parametrize(
    ("properties", "surface", "way"),
    [
        ({}, "unknown", 0),
        ({"highway": "trunk", "surface": "asphalt"}, "paved", 0),
        ({"highway": "trunk", "surface": "asphalt;gravel"}, "unknown", 0),
        ({"highway": "primary", "surface": "Latérite "}, "unpaved", 0),
        ({"highway": "track"}, "unpaved", 0),
        ({"highway": "track", "tracktype": "grade1"}, "unpaved", 0),
        ({"highway": "track", "tracktype": "grade1", "surface": "concrete"}, "paved", 0),
        ({"highway": "road", "tracktype": "grade3"}, "unpaved", 0),
        ({"highway": "road", "smoothness": "good"}, "paved", 0),
        ({"highway": "road", "smoothness": "horrible"}, "unpaved", 0),
        ({"road_surf": "Bitumen", "status": "Open"}, "paved", 0),
        ({"surface type": "Non revêtue"}, "unpaved", 0),
        ({"srftpe": "compacted", "surface": None}, "unpaved", 0),
        ({"surface_type": 3}, "unknown", 0),
        ({"surface_type": float("nan")}, "unknown", 0),
        ({"fclass": "primary", "oneway": "T"}, "unknown", -1),
        ({"fclass": "primary", "oneway": "B"}, "unknown", 0),
        ({"highway": "trunk", "oneway": True}, "unknown", 1),
        ({"highway": "trunk", "oneway": -1}, "unknown", -1),
        ({"highway": "trunk", "oneway": "no", "junction": "roundabout"}, "unknown", 0),
        ({"highway": "trunk", "junction": "roundabout"}, "unknown", 1),
        ({"highway": "motorway_link"}, "unknown", 1),
        ({"route": "RN 6", "surface": "paved"}, "paved", 0),
        ({"tags": {"highway": "trunk", "surface": "sand"}}, "unpaved", 0),
        ({"highway": "trunk", "other_tags": '"surface"=>"asphalt","oneway"=>"yes"'}, "paved", 1),
    ],
)
def test_a_road_is_understood_in_many_spellings(properties: dict[str, Any], surface: str, way: int) -> None:
    kind = kind_of(properties)
    assert (kind.surface, kind.way, kind.no_road) == (surface, way, "")


@pytest.mark.parametrize(
    ("properties", "why"),
    [
        ({"highway": "footway"}, "way that no tanker drives (footway)"),
        ({"highway": "proposed"}, "way that no tanker drives (proposed)"),
        ({"railway": "rail"}, "line that is no road (rail)"),
        ({"highway": None, "waterway": "river"}, "line that is no road (river)"),
        ({"route": "ferry", "surface": "paved"}, "line that is no road (ferry)"),
        ({"status": "Closed to trucks"}, "road that is closed (closed)"),
        ({"road_status": "Route coupée"}, "road that is closed (coupée)"),
        ({"highway": "track", "smoothness": "impassable"}, "road that is closed (impassable)"),
        ({"highway": "service", "access": "no"}, "road without access"),
    ],
)
def test_what_no_tanker_drives_is_left_out(properties: dict[str, Any], why: str) -> None:
    assert kind_of(properties).no_road == why


@pytest.mark.parametrize("status", ["Open", "not closed", "Under repair", "enclosed", "non fermée", "Restricted", 3])
def test_a_road_is_closed_only_where_that_is_said(status: object) -> None:
    assert kind_of({"status": status}).no_road == ""


def test_a_surface_that_is_not_understood_is_told() -> None:
    assert kind_of({"surface": "moon dust"}).unread == "moon_dust"
    assert kind_of({"surface": "asphalt;gravel"}).unread == ""


# Vincenty's own lines on the ellipsoid, and lengths that its axes fix.
KNOWN = [
    ((144.42486788889, -37.95103341667), (143.92649552778, -37.65282113889), 54_972.271, 0.5),
    ((0.0, 0.0), (1.0, 0.0), 111_319.491, 0.01),
    ((0.0, 0.0), (0.0, 90.0), 10_001_965.729, 15.0),
    ((-8.0, 12.0), (-8.0, 12.0), 0.0, 0.0),
]


@pytest.mark.parametrize(("start", "end", "metres", "error"), KNOWN)
def test_known_distances(start: tuple[float, float], end: tuple[float, float], metres: float, error: float) -> None:
    assert abs(distances(np.array([start]), np.array([end]))[0] - metres) <= error


def vincenty(start: tuple[float, float], end: tuple[float, float]) -> float:
    """Return the distance by Vincenty's inverse formula (Survey Review 23, 1975)."""
    a, f = 6378137.0, 1 / 298.257223563
    b = a * (1 - f)
    (lon, u), (other, v) = ((math.radians(x), math.atan((1 - f) * math.tan(math.radians(y)))) for x, y in (start, end))
    way = turn = other - lon
    for _ in range(100):
        east, north = (
            math.cos(v) * math.sin(turn),
            math.cos(u) * math.sin(v) - math.sin(u) * math.cos(v) * math.cos(turn),
        )
        sine, cosine = math.hypot(east, north), math.sin(u) * math.sin(v) + math.cos(u) * math.cos(v) * math.cos(turn)
        sigma, alpha = math.atan2(sine, cosine), math.cos(u) * math.cos(v) * math.sin(turn) / sine
        square = 1 - alpha**2
        middle = cosine - 2 * math.sin(u) * math.sin(v) / square if square else 0.0
        c = f / 16 * square * (4 + f * (4 - 3 * square))
        turn = way + (1 - c) * f * alpha * (sigma + c * sine * (middle + c * cosine * (2 * middle**2 - 1)))
    w = square * (a**2 - b**2) / b**2
    big = 1 + w / 16384 * (4096 + w * (w * (320 - 175 * w) - 768))
    small = w / 1024 * (256 + w * (w * (74 - 47 * w) - 128))
    rest = cosine * (2 * middle**2 - 1) - small / 6 * middle * (4 * sine**2 - 3) * (4 * middle**2 - 3)
    return b * big * (sigma - small * sine * (middle + small / 4 * rest))


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.floats(-60, 60), st.floats(-170, 170), st.floats(-5, 5), st.floats(-5, 5))
def test_distances_are_those_of_vincenty(lat: float, lon: float, north: float, east: float) -> None:
    start, end = (lon, lat), (lon + east, lat + north)
    metres = distances(np.array([start]), np.array([end]))[0]
    if math.hypot(north, east) > 1e-3:
        assert metres == pytest.approx(vincenty(start, end), rel=1e-5)


def test_the_nearest_place_of_a_segment() -> None:
    points = np.array([[0.5, 0.001], [2.0, 0.0], [-1.0, 0.0], [0.0, 0.0]])
    start, end = np.zeros((4, 2)), np.array([[1.0, 0.0]] * 3 + [[0.0, 0.0]])
    metres, along = nearest_on(points, start, end)
    assert along.tolist() == [0.5, 1, 0, 0]
    assert metres[0] == pytest.approx(110.574, rel=1e-4)
    assert metres[3] == 0


@pytest.mark.parametrize(
    "text",
    [
        "name,lat,lon\nA,1,2\n\nB é,3.5,-4\n",
        "\ufeffLongitude;Latitude;Town\n2;1;A\n-4,0;3,5;B é\n",
        "x\ty\tcity\n2\t1\tA\n-4\t3.5\tB e\u0301",
    ],
)
def test_towns_are_read_from_tables(text: str, tmp_path: Path) -> None:
    towns = read_towns(stored(tmp_path, text, "towns.csv"))
    assert [(town.name, town.lat, town.lon) for town in towns] == [("A", 1, 2), ("B é", 3.5, -4)]


def test_towns_are_read_from_points(tmp_path: Path) -> None:
    whole = features({"type": "Point", "coordinates": [2, 1, 300]}, name="A")
    whole["features"] += features({"type": "MultiPoint", "coordinates": [[4, 3]]}, Town=" B ")["features"]
    assert read_towns(stored(tmp_path, json.dumps(whole))) == [Town("A", 1, 2), Town("B", 3, 4)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", ":1: given the columns ''; expected one called name"),
        ("name,lat\nA,1\n", ":1: given the columns 'name, lat'; expected one called lon"),
        ("name,lat,lon\nA,1\n", ":2: given 2 cells; expected 3, as in the first line"),
        ("name,lat,lon\nA,1,2\nB,x,2\n", ":3: given lat 'x'; expected degrees from -90 to 90"),
        ("name,lat,lon\nA,1,2\nB,120,2\n", "expected degrees from -90 to 90, such as 12.64; are lat and lon swapped?"),
        ("name,lat,lon\nA,1,2\nB,1,nan\n", ":3: given lon 'nan'; expected degrees from -180 to 180"),
        ("name,lat,lon\nA,1,2\nA,3,4\n", ":3: given 'A' a second time; expected each town once"),
        ("name,lat,lon\nSt. A,1,2\n", ":2: not a name; given 'St. A'; expected 1 to 60 characters"),
        ("name,lat,lon\nA,1,2\n", ": given 1 town; expected two or more"),
        ('name,lat,lon\n"A,1,2\n', ":2: given unexpected end of data; expected a table"),
        (b"name,lat,lon\n\xe9,1,2\n", ":2: given the byte 0xe9; expected text in UTF-8"),
    ],
)
def test_towns_that_are_none_are_refused_with_their_line(text: str | bytes, told: str, tmp_path: Path) -> None:
    file = stored(tmp_path, text, "towns.csv")
    message = str(refusal(read_towns, file, error=IntakeError))
    assert message.startswith(f"{file}:")
    assert told in message


def test_a_point_needs_a_name(tmp_path: Path) -> None:
    file = stored(tmp_path, json.dumps(features({"type": "Point", "coordinates": [2, 1]})))
    with pytest.raises(IntakeError, match=r"feature 1: given a point without a name; expected a property 'name'"):
        read_towns(file)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    for file in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(IntakeError, match="expected a file"):
            read_towns(file)
