"""convoi at: one day of a run, beside what is on record for it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from click.testing import Result

import sim
from sim.errors import RequestError
from sim.results.run import Run
from sim.scenario.targets import load as load_targets
from sim.study.executors import Where
from sim.study.verdicts import facts_on
from sim.view.day import day_of, day_words
from tests import calls
from tests.calls import TINY
from tests.files import ROOT

TUTORIAL = str(ROOT / "scenarios" / "tutorial.yaml")
TARGETS = str(ROOT / "scenarios" / "targets" / "tutorial.yaml")
BLOCKADE = str(ROOT / "scenarios" / "blockade-2025.yaml")
convoi = partial(calls.convoi, "at")


@pytest.fixture(scope="module")
def tiny() -> Run:
    return sim.run(sim.load(TINY), 6)


def test_the_command_prints_the_day_of_its_run_and_another_of_the_same_at_once(tiny: Run) -> None:
    answer = convoi(TINY, "2025-01-20", "-n", "6", "--town", "North", "--out", "kept")
    assert (answer.exit_code, answer.stderr) == (0, "")
    said = day_words(day_of(tiny, "2025-01-20", ["North"]))
    assert answer.stdout == f"{said}\n\nTables: kept\n"
    assert "20 January 2025, day 19 of the run (1–31 January). 6 replications, seed 1." in said
    before = Path("kept/ledger.sqlite").read_bytes()
    assert convoi(TINY, "day 3", "-n", "6", "--out", "kept").exit_code == 0
    assert Path("kept/ledger.sqlite").read_bytes() == before


def test_numbers_are_those_of_the_tables(tiny: Run) -> None:
    bands = {(row.place, row.measure.label): row.band for row in day_of(tiny, date(2025, 1, 20), ["North"]).numbers}
    towns, flows = tiny.towns[tiny.towns["day"] == 19], tiny.flows
    north = towns[towns["town"] == "North"].groupby("replication")
    stock = (north["stock"].sum() + north["station_stock"].sum()) / 1000
    assert bands["North", "stock in depot and stations"].median == pytest.approx(stock.median())
    lost = flows[flows["day"] <= 19].groupby("replication")["lost"].sum()
    assert bands["The country", "tankers lost so far"].high == pytest.approx(lost.quantile(0.95))
    petrol = towns[(towns["town"] == "Capital") & (towns["product"] == "petrol")]
    assert bands["Capital", "stations open with petrol"].low == pytest.approx(petrol["open_share"].quantile(0.05))


def test_so_far_ends_with_the_whole_and_what_a_documented_measure_counts() -> None:
    days = {
        "lost": {"measure": "tankers_lost_until.2025-01-12"},
        "refuse": {"measure": "waiting_refusal_on.2025-01-12"},
    }
    entries = {name: {"value": 1, "label": name, "source": "assumption"} | figure for name, figure in days.items()}
    run = sim.run(sim.load(TINY, sets=[f"documented={json.dumps(entries)}"]), 6)
    last = {row.measure.label: row.band.median for row in day_of(run, "2025-01-31").numbers}
    assert last["imports so far"] == pytest.approx(run.measures["imports_total"].median())
    day = day_of(run, "2025-01-12")
    then = {row.measure.label: row.band.median for row in day.numbers}
    assert then["tankers lost so far"] == run.measures["tankers_lost_until.2025-01-12"].median()
    waits = run.measures["waiting_refusal_on.2025-01-12"]
    assert then.get("import tankers waiting, refusal of crews", 0.0) == pytest.approx(waits.median())
    assert [fact.name for fact in day.record] == ["lost", "refuse"]
    assert day_of(run, "2025-01-13").record == []


def test_what_is_on_record_for_the_day_is_beside_it(tiny: Run) -> None:
    assert [fact.name for fact in day_of(tiny, "2025-01-20").record] == ["shortage"]
    assert "first shortage)" in day_words(day_of(tiny, "2025-01-20"))
    assert "Nothing is on record for 19 January." in day_words(day_of(tiny, "2025-01-19"))
    assert "a what-if" in convoi(TINY, "2025-01-20", "-n", "2", "--set", "fleet.size=60").stdout


def test_facts_of_a_file_of_targets_that_tell_of_the_day() -> None:
    answer = convoi(TUTORIAL, "2030-02-10", "-n", "20", "--targets", TARGETS)
    assert "first day with most stations" in answer.stdout
    assert "escorted convoys in February" in answer.stdout
    assert "(1–28 February)" in " ".join(answer.stdout.split())
    assert "tankers lost in two months" not in answer.stdout
    facts = facts_on(sim.load(TUTORIAL), load_targets(TARGETS), 10, 20)
    assert facts == ()


def test_a_target_says_its_days_and_takes_the_place_of_the_same_fact_on_record(tiny: Run) -> None:
    day = day_of(tiny, "2025-01-20")
    [on_record] = day.record
    middle = replace(day, record=[replace(on_record, source="ML900")])
    assert "On record" in day_words(middle)
    fact = next(case for case in facts_on(sim.load(TUTORIAL), load_targets(TARGETS), 40, 20) if not case.bound.is_date)
    assert fact.holds is not None

    def beside(*ids: str) -> str:
        target = fact.bound.target.model_copy(update={"facts": [*ids]})
        facts = [fact._replace(bound=replace(fact.bound, target=target))]
        return " ".join(day_words(replace(middle, facts=facts)).split())

    assert "escorted convoys in February (1–28 February)" in beside("ML900")
    assert "On record" not in beside("ML900")
    assert "On record" in beside("ML900", "ML901")
    assert "On record" in beside("ML901")


def test_the_evidence_of_the_day_is_told_where_the_scenario_rests_on_it(tiny: Run) -> None:
    answer = convoi(BLOCKADE, "2025-08-20", "-n", "2", "--set", "end=2025-10-22", "--json")
    assert json.loads(answer.stdout)["events"] == []
    told = json.loads(convoi(BLOCKADE, "2025-10-20", "-n", "2", "--set", "end=2025-10-22", "--json").stdout)
    assert {"ML037", "ML051"} <= {event["id"] for event in told["events"]}
    assert "ML208" not in {event["id"] for event in told["events"]}  # ten months
    assert [fact["name"] for fact in told["record"]] == ["crews refusing", "relief after 7 October"]
    assert np.isfinite(told["model"][0]["median"])
    assert not day_of(tiny, "2025-01-20").events


def test_one_replication_has_no_band(tiny: Run) -> None:
    assert "5–95" not in convoi(TINY, "2025-01-20", "-n", "1").stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("2025-02-01",), "'2025-02-01' is outside the run; expected a day from 2025-01-01 to 2025-01-31"),
        (("20 January",), "not a moment; given '20 January'; expected a date such as"),
        (("2025-01-20", "--town", "Nrth"), "no such town: 'Nrth'; expected a known name; the nearest is 'North'"),
        (("2025-01-20", "--series", "minister"), "--series without --targets"),
        (("2025-01-20", "--no-figures"), "No such option"),
    ],
)
def test_what_cannot_be_asked_is_refused_before_anything_runs(words: tuple[str, ...], said: str) -> None:
    answer = convoi(TINY, *words, code=2)
    assert said in answer.stderr
    assert not Path("results").exists()


def test_python_refuses_a_day_outside_the_run(tiny: Run) -> None:
    with pytest.raises(RequestError, match="outside the run"):
        day_of(tiny, date(2024, 12, 31))


def files(folder: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in Path(folder).iterdir()}


def run(*words: str) -> Result:
    return calls.convoi("run", TINY, "-n", "4", *words)


def test_a_finished_run_stays_as_it_is() -> None:
    assert run("--out", "kept").exit_code == 0
    before = files("kept")
    assert {"manifest.json", "map.png", "flows.svg"} <= before.keys()
    for few in ("4", "2"):
        answer = convoi(TINY, "2025-01-20", "-n", few, "--out", "kept")
        assert (answer.exit_code, answer.stdout.splitlines()[-1]) == (0, "Tables: kept")
        assert files("kept") == before
    sim.run(TINY, 4, folder="kept")
    assert files("kept") == before
    assert " finished " in calls.convoi("results", "kept").stdout
    Path("kept/towns.parquet").unlink()
    assert convoi(TINY, "2025-01-20", "-n", "4", "--out", "kept").exit_code == 0
    assert files("kept")["towns.parquet"] == before["towns.parquet"]


def test_a_run_of_more_replications_takes_the_place_of_one_of_fewer() -> None:
    assert run("--out", "kept", "--no-figures").exit_code == 0
    assert convoi(TINY, "2025-01-20", "-n", "6", "--out", "kept").exit_code == 0
    assert json.loads(files("kept")["manifest.json"])["replications"] == 6
    assert calls.convoi("run", TINY, "--only", "9", "--out", "kept", "--no-figures").exit_code == 0
    assert json.loads(files("kept")["manifest.json"])["replications"] == [9]


def test_facts_are_asked_of_what_does_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def seen(*args: object, where: Where, **given: object) -> tuple[()]:
        asked.append(where)
        return ()

    monkeypatch.setattr("sim.view.at.facts_on", seen)
    assert convoi(TUTORIAL, "2030-02-10", "-n", "2", "--targets", TARGETS, "--workers", "1").exit_code == 0
    assert convoi(TUTORIAL, "2030-02-10", "-n", "2", "--targets", TARGETS, "--threads").exit_code == 0
    assert asked == [Where(1), Where(None, True)]


def test_the_verb_returns_the_day_of_a_run_or_of_a_scenario(tiny: Run) -> None:
    day = sim.at(TINY, "2025-01-20", "North", replications=6)
    assert sim.told(day) == sim.told(sim.at(tiny, date(2025, 1, 20), ["North"])) == day_words(day)
    assert list(day.model) == ["place", "what", "unit", "median", "low", "high"]
    assert set(day.model["place"]) == {"Capital", "North", "The country"}
    assert len(day.model) == len(day.numbers)
    assert list(day.on_record["name"]) == ["shortage"]
    assert sim.at(tiny, "2025-01-19").on_record.empty
    targets = sim.at("tutorial", "2030-02-10", replications=20, targets="tutorial", workers=1)
    assert "first day with most stations" in sim.told(targets)
