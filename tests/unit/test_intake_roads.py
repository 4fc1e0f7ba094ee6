"""Roads between towns: where lines meet, nearly meet, come by a town, and how long the ways are."""

from __future__ import annotations

import json
import random
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import networkx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import IntakeError
from sim.intake.ellipsoid import distances
from sim.intake.fragment import fragment, named
from sim.intake.roads import OSM, Roads, roads
from sim.intake.ways import Paces

PACES: Paces = {"paved": 40.0, "unpaved": 20.0, "unknown": 30.0}
DEGREE = 110.574  # km of a degree of latitude at the equator; 111.32 of longitude
METRE = 1e-3 / 111.32  # degrees of longitude
Feature = dict[str, Any]


def line(*vertices: tuple[float, ...], **properties: object) -> Feature:
    return {
        "type": "Feature", "properties": properties, "geometry": {"type": "LineString", "coordinates": list(vertices)},
    }  # fmt: skip


def made(folder: Path, features: list[Feature], towns: dict[str, tuple[float, float]], **options: Any) -> Roads:
    """Make roads from features and from towns at (lon, lat)."""
    words = options.pop("words", {})
    file, table = folder / "lines.geojson", folder / "towns.csv"
    file.write_text(json.dumps({"type": "FeatureCollection", **words, "features": features}))
    table.write_text("name,lat,lon\n" + "".join(f"{name},{lat!r},{lon!r}\n" for name, (lon, lat) in towns.items()))
    limits = {"snap": 50.0, "reach": 2000.0, "paces": PACES, "detour": 0.1} | options
    return roads(file, table, **limits)


def km(network: Roads) -> dict[str, float]:
    return {name: round(ways[0].whole / 1000, 2) for name, ways in named(network)}


TWO = {"A": (0.0, 0.0), "B": (1.0, 0.0)}


def test_ways_split_at_tags_make_one_road_with_its_surfaces(tmp_path: Path) -> None:
    parts = [
        line((0, 0), (0.25, 0), highway="trunk", surface="asphalt"),
        line((0.5, 0), (0.25, 0), highway="trunk", surface="gravel"),
        line((0.5, 0, 250.0), (1, 0, 270.0), highway="trunk"),
    ]
    network = made(tmp_path, parts, TWO)
    assert km(network) == {"A–B": 111.32}
    (way, back), *_ = network.ways.values()
    assert {name: round(metres / 1000, 1) for name, metres in way.metres.items()} == {
        "paved": 27.8, "unpaved": 27.8, "unknown": 55.7,
    }  # fmt: skip
    assert way.hours == pytest.approx(111.32 * (0.25 / 40 + 0.25 / 20 + 0.5 / 30), rel=1e-4)
    assert back.hours == pytest.approx(way.hours)
    assert network.notes == ("lines.geojson: 3 lines of roads",)


@pytest.mark.parametrize("gap", [30, 70])
def test_ends_that_nearly_meet_are_joined_within_the_tolerance(gap: float, tmp_path: Path) -> None:
    parts = [line((0, 0), (0.5, 0)), line((0.5 + gap * METRE, 0), (1, 0))]
    if gap > 50:
        with pytest.raises(
            IntakeError, match="2 towns by lines, none joined to another; expected lines that meet within"
        ):
            made(tmp_path, parts, TWO)
    else:
        network = made(tmp_path, parts, TWO)
        assert km(network) == {"A–B": 111.32}
        assert network.ways[0, 1][0].gaps == pytest.approx(gap, rel=1e-3)
        assert "lines.geojson: 1 gap of at most 50 m closed, between features 1 and 2 (30 m)" in network.notes


def test_an_end_is_joined_to_the_middle_of_a_line_and_to_every_line_it_nearly_meets(tmp_path: Path) -> None:
    near = 20 * METRE
    parts = [
        line((0, 0), (2, 0)),
        line((1, near), (1, 1)),
        line((1 + near, near), (1.5, 0.5)),
        line((1.5, 0.5), (2, 1)),
    ]
    towns = {"A": (0.0, 0.0), "C": (1.0, 1.0), "D": (2.0, 1.0)}
    network = made(tmp_path, parts, towns)
    assert set(km(network)) == {"A–C", "A–D", "C–D"}
    assert km(network)["A–C"] == pytest.approx(111.32 + DEGREE, abs=0.01)
    assert km(network)["C–D"] == pytest.approx(DEGREE + 2 * 78.45, abs=0.05)


def test_lines_that_cross_without_a_common_vertex_are_not_joined(tmp_path: Path) -> None:
    towns = {"A": (0.0, 0.5), "B": (1.0, 0.5), "N": (0.5, 1.0), "S": (0.5, 0.0)}
    network = made(tmp_path, [line((0, 0.5), (1, 0.5)), line((0.5, 0), (0.5, 1))], towns)
    assert set(km(network)) == {"A–B", "N–S"}
    assert "no way from A, B to N, S" in network.notes
    crossing = [line((0, 0.5), (0.5, 0.5), (1, 0.5)), line((0.5, 0), (0.5, 0.5), (0.5, 1))]
    assert set(km(made(tmp_path, crossing, towns))) == {"A–B", "A–N", "A–S", "B–N", "B–S", "N–S"}


def test_a_road_comes_by_no_third_town(tmp_path: Path) -> None:
    towns = {"A": (0.0, 0.0), "B": (2.0, 0.0), "C": (1.0, 0.01)}
    network = made(tmp_path, [line((0, 0), (2, 0))], towns)
    assert set(km(network)) == {"A–C", "B–C"}
    assert km(network)["A–C"] == pytest.approx(111.32 + 0.01 * DEGREE, abs=0.01)
    far = made(tmp_path, [line((0, 0), (2, 0))], towns, reach=1000.0)
    assert set(km(far)) == {"A–B"}
    assert "C: no line within 1 km; the nearest is 1.1 km away" in far.notes


def test_a_town_within_a_net_of_streets_is_reached_by_them(tmp_path: Path) -> None:
    """The straight piece is from the nearest street, not from where the road enters the town."""
    streets = [line((0.99, 0), (0.99, 0.01), (1, 0.01), (1, 0.001))]
    network = made(tmp_path, [line((0, 0), (0.99, 0)), *streets], TWO)
    along = 0.99 * 111.32 + (0.01 + 0.009) * DEGREE + 0.01 * 111.32
    assert network.ways[0, 1][0].access == pytest.approx(0.001 * DEGREE * 1000, rel=1e-3)
    assert km(network)["A–B"] == pytest.approx(along + 0.001 * DEGREE, abs=0.01)


def test_a_bypass_is_left_out_where_a_way_by_another_town_takes_little_longer(tmp_path: Path) -> None:
    towns = {"A": (0.0, 0.0), "B": (2.0, 0.0), "C": (1.0, 0.0)}
    parts = [line((0, 0), (1, 0)), line((1, 0), (2, 0)), line((0, 0), (1, -0.1), (2, 0))]
    assert set(km(made(tmp_path, parts, towns))) == {"A–C", "B–C"}
    parts[2] = line((0, 0), (1, -0.1), (2, 0), surface="asphalt")
    assert set(km(made(tmp_path, parts, towns))) == {"A–B", "A–C", "B–C"}
    assert set(km(made(tmp_path, parts, towns, detour=0.4))) == {"A–C", "B–C"}


def test_the_quickest_way_is_taken_not_the_shortest(tmp_path: Path) -> None:
    straight, round_about = line((0, 0), (1, 0), highway="track"), line((0, 0), (0.5, 0.2), (1, 0), surface="paved")
    assert km(made(tmp_path, [straight, round_about], TWO))["A–B"] == pytest.approx(119.8, abs=0.2)


def test_one_way_lines_are_driven_one_way(tmp_path: Path) -> None:
    there = line((0, 0), (0.5, 0.1), (1, 0), highway="trunk", oneway="yes")
    back = line((0, 0), (0.5, -0.3), (1, 0), highway="trunk", oneway="-1")
    network = made(tmp_path, [there, back], TWO)
    way, other = network.ways[0, 1]
    assert way.whole < other.whole
    assert "value: 113.5 km, low: 113.5 km, high: 129.6 km, law: triangular" in fragment(network)
    alone = made(tmp_path, [back], TWO)
    assert [(way.start, way.end) for way in alone.ways[0, 1]] == [(1, 0)]
    assert "B to A: no way back, since lines are one-way" in alone.notes


@pytest.mark.parametrize(("paved", "unpaved"), [(40.0, 20.0), (20.0, 40.0)])
def test_unknown_ground_is_the_range_of_the_pace(paved: float, unpaved: float, tmp_path: Path) -> None:
    paces: Paces = {"paved": paved, "unpaved": unpaved, "unknown": 30.0}
    text = fragment(made(tmp_path, [line((0, 0), (0.5, 0), surface="paved"), line((0.5, 0), (1, 0))], TWO, paces=paces))
    low, high = sorted([paved, 1 / (0.5 / paved + 0.5 / unpaved)])
    value = 1 / (0.5 / paved + 0.5 / 30)
    assert f"pace: {{value: {value:.1f} km/h, low: {low:.1f} km/h, high: {high:.1f} km/h, source" in text


def test_a_roundabout_is_a_ring_that_is_passed(tmp_path: Path) -> None:
    ring = line((0.5, 0), (0.501, 0.001), (0.502, 0), (0.501, -0.001), (0.5, 0), junction="roundabout", highway="road")
    network = made(tmp_path, [line((0, 0), (0.5, 0)), ring, line((0.502, 0), (1, 0))], TWO)
    assert len(network.ways[0, 1]) == 2
    assert network.ways[0, 1][0].whole == pytest.approx(network.ways[0, 1][1].whole, abs=1)


def test_what_is_no_road_is_counted(tmp_path: Path) -> None:
    road = line((0, 0), (1, 0), highway="trunk", surface="moon")
    again = line((1, 0), (0, 0), highway="trunk")
    point: Feature = {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [0, 0]}}
    others = [again, again, line((0, 0), (0, 0)), line((0, 0)), line((0, 0), (1, 1), highway="footway"), point, point]
    network = made(tmp_path, [road, *others, {"type": "Feature", "properties": None, "geometry": None}], TWO)
    assert network.notes == (
        "lines.geojson: 1 line of roads; left out: 2 lines that are there twice, 2 lines without a length, 2 points, "
        "1 feature without a geometry, 1 way that no tanker drives (footway)",
        "lines.geojson: 1 line with a surface that is not understood, taken as unknown: 'moon'",
    )
    assert network.attribution == OSM


def country(chance: random.Random) -> tuple[list[Feature], dict[str, tuple[float, float]]]:
    """Return bent roads between twelve places, six of which are towns."""
    spots = [(chance.uniform(-1, 1), chance.uniform(9, 11)) for _ in range(12)]
    whole = []
    for index, spot in enumerate(spots[1:], start=1):
        for other in sorted({chance.randrange(index), max(0, index - 1)}):
            bends = [spot, *((chance.uniform(-1, 1), chance.uniform(9, 11)) for _ in range(2)), spots[other]]
            whole.append(line(*bends, surface=chance.choice(["asphalt", "gravel", "none"])))
    return whole, dict(zip("ABCDEF", spots, strict=False))


@pytest.mark.parametrize("seed", range(6))
def test_ways_are_those_of_a_plain_search(seed: int, tmp_path: Path) -> None:
    features, towns = country(random.Random(seed))
    graph = networkx.MultiGraph()
    pace = {"asphalt": PACES["paved"], "gravel": PACES["unpaved"], "none": PACES["unknown"]}
    for feature in features:
        for bend, other in pairwise(feature["geometry"]["coordinates"]):
            metres = distances(np.array([bend]), np.array([other]))[0]
            graph.add_edge(bend, other, hours=metres / 1000 / pace[feature["properties"]["surface"]])
    expected = {}
    for (first, start), (second, end) in combinations(enumerate(towns.values()), 2):
        others = set(towns.values()) - {start, end}
        inner = graph.subgraph(node for node in graph if node not in others)
        least = networkx.shortest_path_length(graph, start, end, weight="hours")
        if networkx.has_path(inner, start, end):
            hours = networkx.shortest_path_length(inner, start, end, weight="hours")
            if hours == pytest.approx(least, rel=1e-9):
                expected[first, second] = hours
    network = made(tmp_path, features, towns, reach=10.0, detour=0.0)
    assert {pair: way.hours for pair, (way, _) in network.ways.items()} == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("seed", range(6))
def test_how_lines_are_cut_turned_and_ordered_changes_nothing(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    whole, towns = country(chance)
    pieces: list[Feature] = []
    for feature in whole:
        bends = feature["geometry"]["coordinates"]
        at = chance.randint(1, len(bends) - 2)
        halves = [bends[: at + 1], bends[at:]]
        if chance.random() < 0.5:
            geometry = {"type": "MultiLineString", "coordinates": [halves[1][::-1], halves[0]]}
            pieces.append({**feature, "geometry": geometry})
        else:
            pieces += [line(*half, **feature["properties"]) for half in halves]
    chance.shuffle(pieces)
    network, other = made(tmp_path, whole, towns), made(tmp_path, pieces, towns)
    assert network.ways.keys() == other.ways.keys()
    for pair, both in network.ways.items():
        assert [way.whole for way in both] == pytest.approx([way.whole for way in other.ways[pair]], rel=1e-9)
        assert both[0].metres == pytest.approx(other.ways[pair][0].metres, rel=1e-9)


@pytest.mark.parametrize("which", ["lines", "towns"])
def test_swapped_coordinates_are_told(which: str, tmp_path: Path) -> None:
    towns = {"A": (-8.0, 12.0), "B": (-7.0, 13.0)}
    bends = list(towns.values())
    if which == "lines":
        bends = [(lat, lon) for lon, lat in bends]
    else:
        towns = {name: (lat, lon) for name, (lon, lat) in towns.items()}
    with pytest.raises(IntakeError, match="only if latitude and longitude are swapped"):
        made(tmp_path, [line(*bends)], towns)


def test_towns_off_the_lines_are_told_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match=r"given 1 of 2 towns within 2 km of a line; B is 111\.3 km from the nearest"):
        made(tmp_path, [line((0, 0), (0, -1))], TWO)
    with pytest.raises(IntakeError, match=r"towns\.csv:3: given 'A' and 'B' at one place; expected towns 100 m apart"):
        made(tmp_path, [line((0, 0), (0, 1))], {"A": (0.0, 0.0), "B": (0.0005, 0.0)})
    with pytest.raises(IntakeError, match="no line of a road; given 1 way that no tanker drives"):
        made(tmp_path, [line((0, 0), (1, 0), highway="path")], TWO)


@pytest.mark.parametrize(
    ("words", "stated", "credit"),
    [
        ({}, "", ""),
        ({"attribution": "WFP\n Logistics"}, "", "WFP Logistics"),
        ({"attribution": "WFP"}, "OCHA", "OCHA"),
        ({"generator": "overpass-turbo", "copyright": "From OpenStreetMap"}, "", OSM),
        ({"generator": "overpass-turbo"}, "HOT", f"HOT; {OSM}"),
    ],
)
def test_whom_the_lines_are_by_is_said(words: dict[str, str], stated: str, credit: str, tmp_path: Path) -> None:
    network = made(tmp_path, [line((0, 0), (1, 0))], TWO, words=words, attribution=stated)
    assert network.attribution == credit
    assert any("does not say whom it is by" in note for note in network.notes) is not bool(credit)
    assert credit.partition(";")[0] in fragment(network)


def test_names_are_written_as_yaml_reads_them(tmp_path: Path) -> None:
    from sim.scenario.read import read

    towns = {
        "No": (0.0, 0.0),
        "K: #1": (1.0, 0.0),
        "x" * 60: (2.0, 0.0),
        "x" * 59 + "y": (3.0, 0.0),
        "Aïn-Ñ": (4.0, 0.0),
    }
    network = made(tmp_path, [line((0, 0), (4, 0))], towns)
    tree, problems = read(fragment(network).encode(), "x.yaml")
    assert problems == []
    names = list(tree.items["roads"].items)
    assert names == [name for name, _ in named(network)]
    assert all(len(name) <= 60 for name in names) and len(set(names)) == 4
    ends = [(road.items["from"].value, road.items["to"].value) for road in tree.items["roads"].items.values()]
    assert {town for pair in ends for town in pair} == set(towns)


def test_no_coordinate_is_written(tmp_path: Path) -> None:
    text = fragment(made(tmp_path, [line((0.123456, 7.654321), (1.234567, 8.765432))],
                         {"A": (0.123456, 7.654321), "B": (1.234567, 8.765432)}))  # fmt: skip
    assert not any(digits in text for digits in ("0.123", "7.654", "1.234", "8.765"))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.lists(st.lists(st.tuples(*[st.integers(0, 3)] * 2), min_size=1, max_size=5), min_size=1, max_size=8),
    st.sampled_from([1e-5, 3e-4, 1e-2, 1.0]),
    st.sampled_from([0.0, 50.0, 1000.0]),
)
def test_no_tangle_of_lines_breaks_it(
    tmp_path_factory: pytest.TempPathFactory, bends: list[list[tuple[int, int]]], step: float, snap: float
) -> None:
    """Rings, doubled and folded lines, points, ends within and out of reach of one another and of towns."""
    parts = [line(*((step * x, step * y) for x, y in bend)) for bend in bends]
    towns = {"A": (0.0, 0.0), "B": (0.003, 0.0), "C": (0.0, 0.03), "D": (2.0, 2.0)}
    try:
        network = made(tmp_path_factory.getbasetemp(), parts, towns, snap=snap)
    except IntakeError as error:
        assert "expected" in str(error)
        return
    for way, *_ in network.ways.values():
        apart = distances(*(np.array([list(towns.values())[town]]) for town in (way.start, way.end)))[0]
        assert way.whole >= apart * (1 - 1e-4)
    fragment(network)


def test_lines_too_dense_for_the_tolerance_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.intake.lines.MOST", 100)
    monkeypatch.setattr("sim.intake.lines.CHUNK", 10)
    stubs = [line((x * METRE, 0), (x * METRE, METRE)) for x in range(30)]
    with pytest.raises(IntakeError, match="over 100 pieces of line within 50 m of ends or towns; expected fewer"):
        made(tmp_path, [line((0, 0), (1, 0)), *stubs], TWO)
