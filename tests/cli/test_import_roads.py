"""``convoi import roads``: from a file of lines to a country that runs."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from sim.plan import build
from sim.scenario.load import load
from sim.study.replicate import simulate
from tests.calls import TINY, convoi

PAGE = (Path(__file__).parents[2] / "docs" / "importing.md").read_text(encoding="utf-8")
TOWNS = "name,lat,lon\nPort,6,-9\nCapital,10.5,-8\nNorth,12,-7\nFar,20,5\n"
LINES = [
    ([[-9, 6.001], [-8.5, 8]], {"highway": "trunk", "surface": "asphalt"}),
    ([[-8.5002, 8], [-8, 10.5]], {"highway": "trunk", "surface": "laterite"}),
    ([[-8, 10.5], [-7, 12]], {"highway": "primary"}),
]
USE = """
roads: {coast: null, savanna: null}
zones: {forest: {roads: [Port–Capital]}, steppe: {roads: [Capital–North]}}
attacks: {replayed: {bridge: {road: Port–Capital}}}
corridors: {Coast: {roads: [Port–Capital]}, Savanna: {roads: [Capital–North]}}
"""


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    features = [
        {"type": "Feature", "properties": properties, "geometry": {"type": "LineString", "coordinates": vertices}}
        for vertices, properties in LINES
    ]
    Path("roads.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    Path("towns.csv").write_text(TOWNS)
    Path("use.yaml").write_text(USE, encoding="utf-8")


WORDS = ("import", "roads", "roads.geojson", "--towns", "towns.csv")


def test_a_country_drives_on_imported_roads() -> None:
    answer = convoi(*WORDS, "--out", "imported.yaml", code=0)
    assert answer.stdout == (
        "Port–Capital: 509.9 km, 45 % paved, 55 % unpaved\n"
        "Capital–North: 198.6 km, 100 % unknown\n"
        "2 roads in imported.yaml\n"
    )
    assert answer.stderr == (
        "note: roads.geojson: 3 lines of roads\n"
        "note: roads.geojson: 1 gap of at most 50 m closed, between features 1 and 2 (21 m)\n"
        "note: Far: no line within 2 km; the nearest is 1,558.7 km away\n"
        "© OpenStreetMap contributors, ODbL 1.0\n"
    )
    layers = ["imported.yaml", "use.yaml"]
    check = convoi("check", TINY, "--overlay", layers[0], "--overlay", layers[1], code=0)
    assert "imported.yaml" not in check.stderr
    scenario = load(TINY, layers)
    road = scenario.root.roads["Port–Capital"]
    assert (road.length.value, road.pace.value, road.length.source) == (509.9, 30.0, "assumption")
    assert "roads.geojson" in str(road.length.why) and "OpenStreetMap" in str(road.length.why)
    convoys = simulate(build(scenario), 1, 0).convoys
    assert convoys["arrived"].max() > 0


def test_without_a_file_it_is_printed_and_the_same() -> None:
    printed = convoi(*WORDS)
    assert convoi(*WORDS, "--out", "imported.yaml").exit_code == 0
    assert printed.stdout == Path("imported.yaml").read_text(encoding="utf-8")


def test_a_file_is_replaced_only_if_asked() -> None:
    Path("there.yaml").write_text("mine")
    answer = convoi(*WORDS, "--out", "there.yaml", code=2)
    assert "'there.yaml' exists; expected a new name, or --force" in answer.output
    assert Path("there.yaml").read_text() == "mine"
    assert convoi(*WORDS, "--out", "there.yaml", "--force").exit_code == 0
    assert "no folder 'none'; expected" in convoi(*WORDS, "--out", "none/there.yaml").output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--snap", "50"), "'--snap': a number without a unit; given '50'; expected a length"),
        (("--snap", "2 km"), "'--snap': out of range; given '2 km'; expected 0 km to 1 km"),
        (("--reach", "nan km"), "'--reach': "),
        (("--paved", "40 km"), "'--paved': "),
        (("--detour", "200 %"), "'--detour': "),
    ],
)
def test_measures_have_units_and_bounds(words: tuple[str, str], told: str) -> None:
    answer = convoi(*WORDS, *words, code=2)
    assert told in " ".join(answer.output.split())


def test_what_cannot_be_read_is_bad_input() -> None:
    Path("roads.geojson").write_text('{"type": ')
    answer = convoi(*WORDS, code=2)
    assert answer.stderr == "roads.geojson:1:10: given the end of the file; expected JSON (expecting value)\n"


def test_the_group_tells_what_it_can_import() -> None:
    answer = convoi("import", "--help", code=0)
    assert "  roads " in answer.output and "  events " in answer.output
    assert "no command 'road'; did you mean 'roads'?" in convoi("import", "road").output


def test_the_page_shows_what_comes_out() -> None:
    Path("country.yaml").write_text(Path(TINY).read_text(encoding="utf-8"), encoding="utf-8")
    section = PAGE.partition("## Roads")[2].partition("## Events")[0]
    commands, shown = (re.search(rf"```{language}\n(.*?)```", section, re.DOTALL)[1] for language in ("sh", "yaml"))
    for command in commands.splitlines():
        convoi(*shlex.split(command)[1:], code=0)
    made = Path("roads.yaml").read_text(encoding="utf-8")
    assert re.sub(r"sha256 \w{12}", "", shown) in re.sub(r"sha256 \w{12}", "", made)
