"""The evidence room: what the tables hold, and how a damaged table is refused."""

import csv
import dataclasses
import datetime
import io
import math
import os
import pickle
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path

import pytest

from sim import errors
from sim.errors import ConvoiError, EvidenceError, ScenarioError
from sim.evidence import GRADES, Document, Event, Evidence, RoadFact, SystemFigure, TownFact, load

TABLES = ("documents", "events", "system", "roads", "towns")


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return load()


def rows(evidence: Evidence) -> Iterator[Document | Event | SystemFigure | RoadFact | TownFact]:
    for table in TABLES:
        yield from getattr(evidence, table).values()


def text_of(row: object) -> str:
    return " ".join(str(getattr(row, f.name)) for f in dataclasses.fields(row) if f.name != "source_url")


def great_circle(a: TownFact, b: TownFact) -> float:
    """Return the haversine distance in km on a sphere of the Earth's mean radius."""
    p, q = math.radians(a.lat), math.radians(b.lat)
    h = math.sin((q - p) / 2) ** 2
    h += math.cos(p) * math.cos(q) * math.sin(math.radians(b.lon - a.lon) / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(h))


def test_every_line_of_every_table_becomes_one_row(evidence, root):
    for table in TABLES:
        with (root / "seeds" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            written = [row["id"] for row in csv.DictReader(file)]
        assert [*getattr(evidence, table)] == written
    assert len(evidence.documents) == 5
    assert len(evidence.ids()) == len(set(evidence.ids())) == sum(len(getattr(evidence, table)) for table in TABLES)


@pytest.mark.parametrize(("prefix", "first", "last"), [("DOC", 0, 4), ("ROAD", 1, 54), ("TOWN", 1, 53)])
def test_numbered_ids_have_no_gap(evidence, prefix, first, last):
    numbers = [int(id.split("-")[1]) for id in evidence.ids() if id.startswith(prefix)]
    assert numbers == [*range(first, last + 1)]


def test_event_and_system_ids_stay_what_scenarios_cite(evidence):
    numbered = {f"ML{n:03d}" for n in range(1, 81)} - {"ML026", "ML034", "ML071"}
    numbered |= {"ML026a", "ML026b", "ML034a", "ML034b", "ML071a", "ML071b", "ML104", "ML105", "ML106"}
    numbered |= {"ML107a", "ML107b", "ML115a", "ML115b"}
    assert numbered <= set(evidence.events)
    assert all(re.fullmatch(r"ML2\d\d", id) for id in set(evidence.events) - numbered)
    assert len(evidence.system) == 126
    assert {"COR-01", "DEM-12", "EDM-07", "ESC-15", "PRI-15", "STO-11", "SUP-04", "TRK-23"} <= set(evidence.system)


def test_values_are_typed(evidence):
    ambush, lorry = evidence.events["ML013"], evidence.system["TRK-01"]
    assert (ambush.date, ambush.date_end) == (datetime.date(2025, 9, 14), None)
    assert (ambush.tankers_in_convoy_low, ambush.tankers_in_convoy_high) == (80, 100)
    assert (ambush.tankers_destroyed_low, ambush.tankers_destroyed_high) == (20, None)
    assert (ambush.escort_ground, ambush.escort_air, ambush.quantity) == ("national", "unknown", None)
    assert evidence.events["ML024"].quantity == (1500, 2000)
    assert evidence.events["ML115a"].quantity == (53, 53)
    assert (lorry.value, lorry.low, lorry.high, lorry.unit) == (45900, 45000, 48000, "L")
    assert evidence.system["ESC-03"].value is None
    assert evidence.system["ELA-01"].low == -0.30
    assert evidence.roads["ROAD-45"].corridor == "Niger (northern towns, from 2024)"
    assert (evidence.roads["ROAD-45"].from_, evidence.roads["ROAD-45"].km) == ("Niamey", 1400)


def test_rows_and_tables_are_frozen(evidence):
    with pytest.raises(dataclasses.FrozenInstanceError):
        evidence.system["TRK-01"].value = 1.0
    with pytest.raises(TypeError):
        evidence.system["TRK-01"] = None
    assert load() is evidence


def test_every_grade_is_used_and_fits_its_table(evidence):
    assert {row.grade for row in rows(evidence)} == set(GRADES)
    assert {row.grade for row in evidence.documents.values()} == {"document"}
    assert {row.grade for row in evidence.towns.values()} == {"assumption"}
    for event in evidence.events.values():
        assert (event.grade == "document") == (event.source in evidence.documents)


def test_every_document_is_cited_by_an_event(evidence):
    assert {event.source for event in evidence.events.values() if event.grade == "document"} == set(evidence.documents)


def test_public_facts_name_their_source(evidence):
    for row in rows(evidence):
        if row.grade == "public":
            assert "assumption" not in row.source, row.id


def test_ids_in_texts_exist(evidence):
    named_as_missing = {"DEM-14", "STA-02"}
    for row in rows(evidence):
        named = set(re.findall(r"\b(?:ML\d{3}[a-z]?|(?:[A-Z]{3}|ROAD|TOWN)-\d{2,3})\b(?!-)", text_of(row)))
        assert named - named_as_missing <= set(evidence.ids()), row.id


def test_disagreements_are_mutual_and_told(evidence):
    for row in rows(evidence):
        for other in row.disagrees_with:
            assert row.id in evidence.row(other).disagrees_with
            assert other != row.id
        if row.disagrees_with:
            assert row.disagreement


CONFLICTS = {
    "who is banned": (["ML002", "ML004"], ["Mauritania", "DOC-000"]),
    "who is banned, by document": (["DOC-000", "DOC-001", "DOC-004"], ["Mauritania"]),
    "14 September": (["ML013", "ML014", "ML015", "ML016"], ["20", "30", "40", "50", "80", "130"]),
    "one event of 21 or 22 October": (["ML052", "ML053"], ["21 October", "over 40", "22 October", "37"]),
    "rationing or normal": (["ML008", "ML031"], ["3 September", "6 October"]),
    "ground escort": (["ML079", "ML106"], ["safe arrival", "failing", "never fitted"]),
    "import deal": (["ML056", "ML057"], ["signed", "200,000 t", "160,000"]),
    "customs or minister, September": (["ML115a", "ML107b"], ["53", "103"]),
    "customs or minister, October": (["ML115b", "ML107a"], ["78", "116"]),
    "the same in the system table, September": (["SUP-01", "SUP-04"], ["53", "103"]),
    "the same in the system table, October": (["SUP-02", "SUP-04"], ["78", "116"]),
    "two secured convoys or five": (["ML115a", "ML011"], ["two", "five"]),
    "losses to end of September": (["ML214", "ML028"], ["39", "100"]),
    "30 October": (["ML073", "ML074", "ML079"], ["several dozen", "about 50", "1,000", "1,233"]),
}


@pytest.mark.parametrize("conflict", CONFLICTS)
def test_conflict_is_carried(evidence, conflict):
    ids, words = CONFLICTS[conflict]
    for a, b in combinations(ids, 2):
        assert b in evidence.row(a).disagrees_with
    for word in words:
        assert all(word in evidence.row(id).disagreement for id in ids), word


def test_the_five_dated_convoys_of_september_have_five_dates(evidence):
    convoys = [evidence.events[id] for id in evidence.events["ML115a"].disagrees_with if id in evidence.events]
    dated = {event.date for event in convoys if event.kind != "statistic"}
    assert len(dated) == 5
    assert all(day.month == 9 for day in dated)


def test_rows_of_one_event_lie_within_two_days(evidence):
    marks = {event.same_event for event in evidence.events.values()} - {""}
    assert "E0914" in marks
    for mark in marks:
        days = [event.date for event in evidence.events.values() if event.same_event == mark]
        assert len(days) > 1
        assert max(days) - min(days) <= datetime.timedelta(days=1)


def test_site_count_is_the_sum_of_its_sites(evidence):
    sites = [evidence.events[id].tankers_destroyed_low for id in evidence.events["ML214"].source.split(" + ")]
    assert evidence.events["ML214"].quantity == (sum(sites), sum(sites))


def test_a_road_is_no_shorter_than_the_straight_line(evidence):
    towns = {town.town: town for town in evidence.towns.values()}
    for road in evidence.roads.values():
        a, b = towns[road.from_], towns[road.to]
        straight, doubt = great_circle(a, b), 111.2 * (a.tolerance_deg + b.tolerance_deg)
        assert road.km >= straight - min(doubt, 1.0), road.id
        assert abs(road.great_circle_km - straight) <= 1.0, road.id
        assert road.km <= 1.55 * straight + doubt, road.id
        assert 10 <= road.km / road.typical_hours_laden <= 55, road.id


def test_the_road_divided_at_san_keeps_its_length(evidence):
    whole, first, second = (evidence.roads[id] for id in ("ROAD-49", "ROAD-52", "ROAD-53"))
    assert (first.from_, first.to, second.from_, second.to) == (whole.from_, "San", "San", whole.to)
    assert first.km + second.km == whole.km == 400
    assert first.typical_hours_laden + second.typical_hours_laden == whole.typical_hours_laden
    towns = {town.town: town for town in evidence.towns.values()}
    legs = [great_circle(towns[road.from_], towns[road.to]) for road in (first, second)]
    assert first.km == pytest.approx(whole.km * legs[0] / sum(legs), abs=0.5)
    assert {first.grade, second.grade} == {"derived"}


def test_pre_crisis_shares_add_up(evidence):
    assert sum(evidence.system[f"COR-{n}"].value for n in range(12, 17)) == pytest.approx(1)


def test_derived_figures_follow_from_their_sources(evidence):
    figure = {id: row.value for id, row in evidence.system.items()}
    assert figure["TRK-02"] == pytest.approx(figure["DEM-11"] * 1e6 / figure["TRK-01"], rel=0.02)
    assert figure["STO-04"] / 1000 == pytest.approx(figure["STO-03"] * figure["DEM-11"], rel=0.05)
    assert figure["DEM-21"] == pytest.approx((figure["DEM-04"] / figure["DEM-01"]) ** (1 / 6) - 1, abs=0.005)
    assert figure["COR-03"] == pytest.approx(735 / 1284.9, abs=0.005)
    assert figure["DEM-11"] == pytest.approx(
        sum(figure[id] for id in ("DEM-12", "EDM-07", "MIN-01", "JET-01")), abs=0.1
    )


@pytest.mark.parametrize(
    ("id", "weekday"), [("ML079", 3), ("ML104", 1), ("ML105", 3), ("ML061", 0), ("ML032", 1), ("ML020", 4)]
)
def test_dates_fall_on_the_weekday_that_the_source_names(evidence, id, weekday):
    assert evidence.events[id].date.weekday() == weekday


def test_describe_is_one_line_with_value_source_and_date(evidence):
    for id in evidence.ids():
        line = evidence.describe(id)
        assert line.startswith(f"{id} [{evidence.grade(id)}]: ")
        assert line.isprintable()
    assert "45,900 (45,000 to 48,000) L" in evidence.describe("TRK-01")
    assert "1,056,864 t/yr" in evidence.describe("DEM-01")
    assert "at least 20 tankers destroyed" in evidence.describe("ML013")
    assert "RFI; 2025-09-14" in evidence.describe("ML013")
    assert evidence.describe("ML002").endswith("DOC-004; 2025-09-01 (to the month)")
    assert "400 km" in evidence.describe("ROAD-49")


@pytest.mark.parametrize(
    ("wrong", "right"), [("ML53", "ML053"), ("ml004", "ML004"), ("TRK01", "TRK-01"), ("DOC1", "DOC-001")]
)
def test_unknown_id_names_the_nearest(evidence, wrong, right):
    assert evidence.nearest(wrong) == right
    with pytest.raises(EvidenceError, match=f"{wrong}.*{right}") as caught:
        evidence.grade(wrong)
    assert (caught.value.id, caught.value.nearest) == (wrong, right)


def test_an_id_like_none_has_no_neighbour(evidence):
    assert evidence.nearest("the newspaper") is None
    assert evidence.nearest("") is None
    with pytest.raises(EvidenceError, match="seeds"):
        evidence.describe("the newspaper")


def cell(line: int, column: str, value: str) -> Callable[[list[list[str]]], None]:
    def change(table: list[list[str]]) -> None:
        table[line - 1][table[0].index(column)] = value

    return change


def line_of(root: Path, table: str, id: str) -> int:
    with (root / "seeds" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return next(number for number, row in enumerate(csv.reader(file), 1) if row[0] == id)


# table, line, column of the message, change, part of the message
DAMAGE = [
    ("documents", 3, "date", "1 November 2025", "a date such as"),
    ("documents", 2, "id", "DOC-0", "DOC-001"),
    ("documents", 4, "grade", "public", "document"),
    ("documents", 5, "title", "", "some text"),
    ("documents", 6, "disagrees_with", "DOC-009", "another row"),
    ("events", 10, "date", "2025-02-30", "a date such as"),
    ("events", 10, "date", "2025-9-3", "a date such as"),
    ("events", 11, "date_end", "2020-01-01", "not less than date"),
    ("events", 12, "tankers_in_convoy_low", "4.5", "whole number"),
    ("events", 12, "tankers_in_convoy_low", "-4", "whole number"),
    ("events", 12, "quantity", "nan", "low..high"),
    ("events", 12, "quantity", "5..", "low..high"),
    ("events", 12, "quantity", "2000..1500", "low..high"),
    ("events", 13, "kind", "attak", "attack"),
    ("events", 14, "corridor", "Senegal", "SN"),
    ("events", 15, "escort_air", "perhaps", "unknown"),
    ("events", 16, "grade", "rumour", "assumption"),
    ("events", 16, "grade", "", "assumption"),
    ("events", 17, "source_date", "2025-13", "date of publication"),
    ("events", 17, "source_url", "www.example.org", "http://"),
    ("events", 18, "claim", " text", "without spaces"),
    ("events", 18, "claim", "two\x07lines", "printable"),
    ("events", 18, "same_event", "914", "E0914"),
    ("events", 3, "source", "DOC-009", "documents.csv"),
    ("events", 30, "disagrees_with", "ML999", "another row"),
    ("system", 2, "value", "inf", "plain number"),
    ("system", 2, "value", "1e400", "plain number"),
    ("system", 2, "value", "0,28", "plain number"),
    ("system", 2, "value", "٣", "plain number"),
    ("system", 4, "low", "0.9", "not less than low"),
    ("system", 4, "high", "0.1", "not less than value"),
    ("system", 5, "confidence", "sure", "high"),
    ("system", 6, "id", "COR5", "TRK-01"),
    ("system", 7, "unit", "", "some text"),
    ("system", 40, "disagrees_with", "ML115a  ML107b", "one space"),
    ("roads", 2, "km", "0", "from 0.1 to 5000"),
    ("roads", 3, "typical_hours_laden", "fast", "plain number"),
    ("roads", 4, "from", "Atlantis", "towns.csv"),
    ("roads", 5, "to", "Bamaco", "towns.csv"),
    ("towns", 2, "lat", "91", "from -90 to 90"),
    ("towns", 3, "lon", "-181", "from -180 to 180"),
    ("towns", 4, "town", "", "some text"),
]


@pytest.fixture
def copy(root, tmp_path) -> Path:
    shutil.copytree(root / "seeds", tmp_path / "seeds")
    return tmp_path / "seeds"


def rewrite(file: Path, change: Callable[[list[list[str]]], None]) -> None:
    table = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8"))))
    change(table)
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows(table)


@pytest.mark.parametrize(("table", "line", "column", "value", "expected"), DAMAGE)
def test_bad_cell_is_refused_with_its_place(copy, table, line, column, value, expected):
    rewrite(copy / f"{table}.csv", cell(line, column, value))
    with pytest.raises(EvidenceError) as caught:
        load(copy)
    message, error = str(caught.value), caught.value
    assert f"{table}.csv:{line}: " in message
    assert expected in message
    assert (error.file.name, error.line) == (f"{table}.csv", line)
    # an order is broken by either of two cells, and the message then names the upper one
    assert error.column == column or expected.startswith("not less")
    assert expected.startswith("not less") or str(error.value) in value


def without_grade(table: list[list[str]]) -> None:
    at = table[0].index("grade")
    for row in table:
        row.pop(at)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda table: table[2].pop(), r":3: given '\d+ cells'; expected \d+ cells"),
        (lambda table: table[3].insert(2, "stray"), ":4: "),
        (cell(1, "grade", "note of grade"), ":1: given 'note of grade'; expected a known column"),
        (cell(1, "grade", "note"), ":1: note: given 'note twice'"),
        (without_grade, ":1: grade: given 'no such column'"),
        (lambda table: table.append([*table[1]]), r":\d+: id: .*TABLE:2 has this one"),
        (lambda table: table.__delitem__(slice(1, None)), ":1: given 'no rows'"),
    ],
    ids=["missing cell", "stray cell", "unknown column", "column twice", "no column", "id twice", "no rows"],
)
def test_a_table_out_of_shape_is_refused_with_its_line(copy, table, change, message):
    rewrite(copy / f"{table}.csv", change)
    with pytest.raises(EvidenceError, match=f"TABLE{message}".replace("TABLE", rf"{table}\.csv")):
        load(copy)


@pytest.mark.parametrize(
    ("id", "column", "value", "message"),
    [
        ("ML053", "disagrees_with", "", r"\d+: disagrees_with: given 'ML053'; expected ML053 to name ML052"),
        ("ML052", "disagreement", "", "LINE: disagreement: given ''"),
        ("ML004", "source", "AFP", "LINE: source: given 'AFP'"),
    ],
)
def test_a_row_at_odds_with_others_is_refused(copy, root, id, column, value, message):
    line = line_of(root, "events", id)
    rewrite(copy / "events.csv", cell(line, column, value))
    with pytest.raises(EvidenceError, match=rf"events\.csv:{message.replace('LINE', str(line))}"):
        load(copy)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    ("raw", "place"),
    [(b"", "1: "), (b"\xff\xfe\x00", "1: "), (b'id,"open\n', ""), (b"id\n\x00\n", "")],
)
def test_what_is_no_table_is_refused(copy, table, raw, place):
    (copy / f"{table}.csv").write_bytes(raw)
    with pytest.raises(EvidenceError, match=rf"{table}\.csv:{place}"):
        load(copy)


@pytest.mark.parametrize("table", TABLES)
def test_bytes_that_are_not_utf8_are_refused_with_their_line(copy, table):
    lines = (copy / f"{table}.csv").read_bytes().splitlines(keepends=True)
    lines[3] = lines[3].replace(b",", b",caf\xe9", 1)
    (copy / f"{table}.csv").write_bytes(b"".join(lines))
    with pytest.raises(EvidenceError, match=rf"{table}\.csv:4: .*UTF-8"):
        load(copy)


@pytest.mark.parametrize("table", TABLES)
def test_missing_table_is_refused(copy, table):
    (copy / f"{table}.csv").unlink()
    with pytest.raises(EvidenceError, match=rf"{table}\.csv.*expected a readable file"):
        load(copy)


def test_installed_package_reads_the_tables_inside_it(root, tmp_path):
    shutil.copytree(root / "sim" / "evidence", tmp_path / "sim" / "evidence")
    shutil.copy(root / "sim" / "errors.py", tmp_path / "sim")
    shutil.copytree(root / "seeds", tmp_path / "sim" / "_seeds")
    (tmp_path / "sim" / "__init__.py").touch()
    code = "import sys, sim.evidence as e; print(e.load().folder); print([m for m in HEAVY if m in sys.modules])"
    code = code.replace("HEAVY", "('numpy', 'pandas', 'pydantic', 'pint')")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split("\n")[:2] == [str((tmp_path / "sim" / "_seeds").resolve()), "[]"]


def test_every_room_has_an_error_of_one_base():
    rooms = ("Evidence", "Scenario", "Plan", "World", "Model", "Results", "Study", "View")
    for room in rooms:
        kind = getattr(errors, f"{room}Error")
        assert issubclass(kind, ConvoiError)
        error = kind("what is wrong", place="here")
        assert (str(error), error.place) == ("what is wrong", "here")
        again = pickle.loads(pickle.dumps(error))
        assert (type(again), str(again), again.place) == (kind, "what is wrong", "here")


def test_scenario_error_prints_each_problem_on_its_line():
    error = ScenarioError(problems=(ValueError("first"), "second"), file="a.yaml")
    assert str(error) == "first\nsecond"
    assert [str(problem) for problem in error.problems] == ["first", "second"]
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), len(again.problems), again.file) == ("first\nsecond", 2, "a.yaml")
