"""convoi import events: from an export to a country that checks and runs."""

from __future__ import annotations

import hashlib
import re
from functools import partial
from pathlib import Path

import pytest

import sim
from sim.scenario.load import load
from tests import calls
from tests.exports import SECRETS, row, table
from tests.files import TINY, TUTORIAL, write

ROWS = [
    *(row(number, event_date=f"{number} January 2025") for number in range(1, 21)),
    *(row(number, admin2="Kénié", event_date=f"2025-01-{number - 20:02d}") for number in range(21, 27)),
    row(26, event_date="2025-01-30"),
    row(30, admin2="Farland"),
    row(31, event_type="Protests", sub_event_type="Peaceful protest"),
    row(32, geo_precision=3),
]
convoi = partial(calls.convoi, "import", "events")
fine = partial(convoi, code=0)


@pytest.fixture
def export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "zones.csv").write_text("district,zone\nOakshire,forest\nKenie,steppe\n", encoding="utf-8")
    file = write(tmp_path / "events.csv", table(ROWS))
    return file


HIGH = ("--share", "2", "--prior", "1:100")
JANUARY = ("--from", "2025-01-01", "--to", "2025-01-31")


def test_an_export_becomes_a_country_that_checks_and_runs(export: Path) -> None:
    fine("events.csv", "--on", str(TINY), "--zones", "zones.csv", *JANUARY, "--out", "effort.yaml")
    scenario = load(TINY, ["effort.yaml"])
    assert scenario.notes == load(TINY).notes
    zones = scenario.root.zones
    forest, steppe = zones["forest"].effort, zones["steppe"].effort
    assert forest is not None and steppe is not None and zones["steppe"].chance is None
    assert [since and since.text for since, _ in forest.entries] == [None, "2025-01-01"], "its entry of day 10 is gone"
    number = forest.entries[1][1]
    assert number.law == "lognormal" and number.source == "assumption" and number.draw == "ambushes per event"
    assert number.least < number.value < number.most
    assert sim.run(scenario, replications=2, engine="simpy").measures["ambushes_met"].max() > 0


def test_the_prior_is_the_range_of_the_scenario(export: Path) -> None:
    (export.parent / "quiet.csv").write_text("week,district,events\n2025-01-06,Oakshire,0\n", encoding="utf-8")
    weak = values(fine("quiet.csv", "--zones", "zones.csv", *JANUARY).stdout)["forest"]
    own = values(fine("quiet.csv", "--zones", "zones.csv", "--on", str(TINY), *JANUARY).stdout)["forest"]
    given = values(fine("quiet.csv", "--zones", "zones.csv", "--prior", "1:2", "--share", "0.3", *JANUARY).stdout)
    assert weak[1] < 0.2, "hardly any"
    assert 3 < own[1] < 7.5, "less than the 5 to 10 that the scenario gives"
    assert 0.5 < given["forest"][1] < 1.4


def values(text: str) -> dict[str, list[float]]:
    """Return low, value and high of each zone's first number."""
    zones = re.findall(r'^  "(\w+)":(.*?)(?=^  "|\Z)', text, re.MULTILINE | re.DOTALL)
    ends = {}
    for zone, lines in zones:
        value = re.search(r"\{.*?value: ([\d.e-]+) /month, low: ([\d.e-]+) /month, high: ([\d.e-]+)", lines)
        assert value is not None
        ends[zone] = sorted(map(float, value.groups()))
    return ends


def test_only_counts_come_out(export: Path) -> None:
    answer = fine("events.csv", "--on", str(TINY), "--zones", "zones.csv", "--accessed", "1 November 2026", *JANUARY)
    digest = hashlib.sha256(export.read_bytes()).hexdigest()
    assert f"events.csv, SHA-256 {digest}." in answer.stdout
    assert answer.stdout.count(f"ACLED, accessed 2026-11-01, file {digest[:12]}; what nobody reported is missing") == 2
    told = "26 events are counted, in 2 zones and 1 month; left out: 1 in rows that repeat an event, 1 of other types, "
    assert told in answer.stderr
    assert "districts of no zone: Farland (1)" in answer.stderr
    assert "pass on no event" in answer.stderr
    for secret in (*SECRETS, *(str(event["timestamp"]) for event in ROWS), "INV1"):
        assert secret not in answer.output


def test_what_is_assumed_is_said(export: Path) -> None:
    answer = fine("events.csv", *JANUARY)
    assert "each event stands for 0.2 (0.05 to 0.5) ambushes of convoys, an assumption" in answer.stderr
    assert "each district is a zone" in answer.stderr
    assert "day of access not given" in answer.stdout
    cited = fine("events.csv", "--attribution", 'A "table"\nof mine', "--share", "0.4", *JANUARY)
    assert '# Data: A "table" of mine, day of access not given' in cited.stdout
    assert "draw:" not in cited.stdout and "assumption, see" not in cited.stderr


def test_an_overlay_without_a_scenario_says_all_that_a_zone_needs(export: Path) -> None:
    fine("events.csv", "--zones", "zones.csv", "--to", "2025-03-10", "--out", "effort.yaml")
    (export.parent / "country.yaml").write_text(
        re.sub(r"(?m)^  steppe:\n(    .*\n)*", "", TINY.read_text(encoding="utf-8")), encoding="utf-8"
    )
    roads = "zones: {forest: {effort: null}, steppe: {roads: [savanna]}}\n"
    (export.parent / "roads.yaml").write_text(roads, encoding="utf-8")
    scenario = load("country.yaml", ["roads.yaml", "effort.yaml"])
    effort = scenario.root.zones["steppe"].effort
    assert effort is not None
    assert [since and since.text for since, _ in effort.entries] == [None, "2025-02-01", "2025-03-01"]


def test_what_the_scenario_says_of_the_months_is_replaced(export: Path) -> None:
    zones = """
        forest:
          effort:
            - {from: 2024-12-30, value: 1 /month}
            - {from: 2025-01-01, value: 3 /month}
            - {from: day 40, value: 2 /month}
        steppe: {along: Savanna}
    """
    text = TINY.read_text(encoding="utf-8").replace("start: 2025-01-01", "start: 2025-01-10")
    (export.parent / "own.yaml").write_text(text.replace("end: 2025-02-01", "end: 2025-03-01"), encoding="utf-8")
    (export.parent / "more.yaml").write_text(f"extends: own.yaml\nzones:{zones}", encoding="utf-8")
    fine("events.csv", "--on", "more.yaml", "--zones", "zones.csv", *JANUARY, "--out", "o.yaml")
    scenario = load("more.yaml", ["o.yaml"])
    forest = scenario.root.zones["forest"].effort
    assert forest is not None
    assert [since and since.text for since, _ in forest.entries] == ["2024-12-30", "2025-01-01", "day 40"]
    assert forest.entries[1][1].draw == "ambushes per event"
    late = TINY.read_text(encoding="utf-8").replace("start: 2025-01-01", "start: 2025-01-15")
    (export.parent / "own.yaml").write_text(late, encoding="utf-8")
    first = "extends: own.yaml\nzones: {forest: {effort: [{from: 2025-01-12, value: 1 /month}]}}\n"
    (export.parent / "more.yaml").write_text(first, encoding="utf-8")
    fine("events.csv", "--on", "more.yaml", "--zones", "zones.csv", *JANUARY, "--out", "o.yaml", "--force")
    forest = load("more.yaml", ["o.yaml"]).root.zones["forest"].effort
    assert forest is not None
    assert [since and since.text for since, _ in forest.entries] == ["2025-01-01"]


def test_a_ceiling_too_low_is_raised_and_said(export: Path) -> None:
    answer = fine("events.csv", "--on", str(TINY), "--zones", "zones.csv", *HIGH, "--out", "o.yaml", *JANUARY)
    assert "zones.forest.ceiling: raised from 20 to" in answer.stderr
    load(TINY, ["o.yaml"])
    answer = convoi("events.csv", "--zones", "zones.csv", "--share", "900", *JANUARY, code=2)
    assert "more ambushes than a zone may have" in answer.stderr


def test_months_before_and_after_the_run_are_left_out(export: Path) -> None:
    answer = convoi("events.csv", "--on", str(TUTORIAL), "--zones", "zones.csv", *JANUARY)
    assert answer.exit_code == 2, "that country has neither zone"
    assert "zones.csv:2: zone: no such zone; given 'forest'; expected one of savanna" in answer.stderr
    (export.parent / "zones.csv").write_text("district,zone\nOakshire,savanna\n", encoding="utf-8")
    answer = convoi("events.csv", "--on", str(TUTORIAL), "--zones", "zones.csv", *JANUARY, code=2)
    assert "no day is covered; given a table of 2025-01-01 to 2025-01-31, in a run from 2030-01-01" in answer.stderr
    (export.parent / "later.csv").write_text("week,district,events\n2030-02-01,Oakshire,4\n", encoding="utf-8")
    fine("later.csv", "--on", str(TUTORIAL), "--zones", "zones.csv", "--to", "2031-01-01", "--out", "o.yaml")
    effort = load(TUTORIAL, ["o.yaml"]).root.zones["savanna"].effort
    assert effort is not None
    assert [since and since.text for since, _ in effort.entries] == [None, "day 15", "2030-02-01", "2030-03-01"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--share", "0.5:0.2:0.1"], "expected LOW:VALUE:HIGH or one number, above 0 and in rising order"),
        (["--share", "0"], "expected LOW:VALUE:HIGH"),
        (["--share", "nan"], "expected LOW:VALUE:HIGH"),
        (["--prior", "3"], "expected LOW:HIGH"),
        (["--from", "soon"], "expected a date such as 2025-09-03"),
        (["--from", "2025-02-01", "--to", "2025-01-01"], "no day is covered"),
        (["--zones", "nowhere.csv"], "nowhere.csv: cannot be read: No such file"),
        (["--zones", "nowhere.yaml"], "nowhere.yaml: cannot be read: No such file"),
        (["--zones", "."], "cannot be read: not a file"),
        (["--on", "nowhere.yaml"], "no such file"),
        (["--country", "Atlantis"], "no event of the type and country asked for"),
        (["--out", "none/zones.yaml"], "no folder 'none'; expected a file in one that exists"),
        (["--force"], "--force without --out"),
        (["--out", "zones.csv"], "'zones.csv' exists; expected a new name, or --force"),
    ],
)
def test_a_slip_is_told_in_words(export: Path, words: list[str], told: str) -> None:
    answer = convoi("events.csv", *words, code=2)
    assert "note:" not in answer.output
    assert told in " ".join(answer.output.split())
    assert "Traceback" not in answer.output


def test_a_district_that_cannot_be_a_zone_asks_for_another_name(export: Path) -> None:
    (export.parent / "saint.csv").write_text("week,district,events\n2025-01-06,St. Mark,1\n", encoding="utf-8")
    answer = convoi("saint.csv", *JANUARY, code=2)
    assert "no name for a zone; given 'St. Mark'" in answer.stderr
    (export.parent / "zones.csv").write_text("district,zone\nSt. Mark,Saint Mark\n", encoding="utf-8")
    assert '  "Saint Mark":' in fine("saint.csv", "--zones", "zones.csv", *JANUARY).stdout


def test_an_overlay_that_nothing_could_read_is_refused(export: Path) -> None:
    rows = "".join(f"2025-01-06,District {number},1\n" for number in range(400))
    (export.parent / "many.csv").write_text(f"week,district,events\n{rows}", encoding="utf-8")
    answer = convoi("many.csv", "--share", "1", "--from", "2024-01-01", "--to", "2025-12-31", code=2)
    assert "an overlay too big to be read; given 400 zones, 24 months; expected fewer, by --zones" in answer.stderr


def test_a_file_is_replaced_if_that_is_asked_for(export: Path) -> None:
    fine("events.csv", "--out", "zones.csv", "--force", *JANUARY)
    assert (export.parent / "zones.csv").read_text(encoding="utf-8").startswith("# Effort of attackers")


def test_the_example_of_the_page_does_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (TINY.parents[2] / "docs" / "importing.md").read_text(encoding="utf-8").partition("\n## Events\n")[2]
    tables = re.findall(r"^```csv\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    commands = re.findall(r"^convoi (.+)$", page, re.MULTILINE)
    (tmp_path / "attacks.csv").write_text(tables[0], encoding="utf-8")
    (tmp_path / "districts.csv").write_text(tables[1], encoding="utf-8")
    (tmp_path / "scenarios").symlink_to(TUTORIAL.parent)
    monkeypatch.chdir(tmp_path)
    assert [command.split()[0] for command in commands] == ["import", "check", "run"]
    for command in commands[:2]:
        answer = calls.convoi(*command.split(), code=0)
    assert "fine" in answer.output
