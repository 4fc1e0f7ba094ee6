"""Dates outside the run, overlays taken for scenarios, misspelt names, and what a scenario shows of itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.plan import build
from sim.results.stated import unasked
from sim.scenario.describe import as_yaml
from sim.scenario.load import load
from sim.scenario.problem import Problem
from tests.files import BLOCKADE, SCENARIOS, TINY, TUTORIAL, write
from tests.refusals import problems, refusal

OVERLAYS = sorted(path for path in SCENARIOS.rglob("*.yaml") if path.parent not in (SCENARIOS, SCENARIOS / "targets"))


def notes(*sets: str) -> list[str]:
    return [str(note) for note in load(TINY, sets=sets).notes]


@pytest.mark.parametrize("name", ["blockade-2025", "mali", "tutorial"])
def test_shipped_scenarios_give_no_note(name: str) -> None:
    assert load(SCENARIOS / f"{name}.yaml").notes == ()


@pytest.mark.parametrize("overlay", OVERLAYS, ids=lambda path: path.stem)
def test_shipped_overlays_give_no_note(overlay: Path) -> None:
    assert len(OVERLAYS) > 15
    assert load(BLOCKADE, overlay).notes == ()


def test_a_note_names_place_path_date_and_run(tmp_path: Path) -> None:
    overlay = write(tmp_path / "o.yaml", "rationing:\n  x: {from: 2025-09-03, fill: 20 L}\n")
    (note,) = load(TUTORIAL, overlay).notes
    assert isinstance(note, Problem)
    told = "rationing.x.from: 2025-09-03 lies before the start of the run, 2030-01-01"
    assert str(note) == f"{overlay}:2:13: {told}"


@pytest.mark.parametrize(
    ("setting", "path"),
    [
        ("rationing.cans={from: day -9, fill: 5 L}", "rationing.cans.from"),
        ("rationing.cans={from: day -9, to: day -3, fill: 5 L}", "rationing.cans.from"),
        ("rationing.cans={from: day -9, to: day 3, fill: 5 L}", None),
        ("rationing.cans={from: day 31, to: day 90, fill: 5 L}", "rationing.cans.from"),
        ("rationing.cans={from: day 20, to: day 90, fill: 5 L}", None),
        ("willingness.strikes.drivers={from: day 50, to: day 60}", "willingness.strikes.drivers.from"),
        ("willingness.threats.embargo.at=2024-12-01", "willingness.threats.embargo.at"),
        ("attacks.replayed.bridge.at=day 400", "attacks.replayed.bridge.at attacks.replayed.bridge"),
        ("marks.embargo.at=2026-01-01", "marks.embargo.at"),
        ("documented.shortage.date=2026-01-01", "documented.shortage.date"),
        ("zones.steppe.mines=[0 /month, {from: day 400, value: 1 /month}]", "zones.steppe.mines.1.from"),
        ("zones.steppe.mines=[0 /month, {from: day -4, value: 1 /month}]", "zones.steppe.mines.1.from"),
        (
            "zones.steppe.mines=[0 /month, {from: day -4, value: 1 /month}, {from: day 4, value: 2 /month}]",
            None,
        ),
        (
            "zones.steppe.mines=[0 /month, {from: {value: day 33, low: day 29, high: day 35}, value: 1 /month}]",
            None,
        ),
        ("strategy.imports.1.from=2026-01-10", "strategy.imports.1.from"),
    ],
)
def test_dates_outside_the_run_are_noted(setting: str, path: str | None) -> None:
    paths = [note.path for note in load(TINY, sets=setting).notes if isinstance(note, Problem)]
    assert paths == (path.split() if path else [])


def test_many_dates_outside_are_told_in_a_line_of_each_kind() -> None:
    listed = load(BLOCKADE, sets=("start=2025-11-10", "end=2025-11-20")).notes
    told = [str(note) for note in listed]
    assert len(told) < 12, told
    first = next(line for line in told if line.startswith("sets start=2025-11-10: start: 3"))
    assert "numbers by date lie before the start of the run, 2025-11-10, and hold from the start on as their" in first
    assert first.endswith("entry says: towns.Kayes.blockade, towns.Nioro.blockade, zones.west.effort, …")
    assert any("dated events lie before" in line for line in told)
    scenario = load(BLOCKADE, sets=("start=2025-11-10", "end=2025-11-20"))
    assert len([*unasked(scenario, build(scenario))]) == 1


@pytest.mark.parametrize(
    ("sets", "told"),
    [
        (["escorts.pools.*.units@2027-10-01*=2"], "escorts.pools.army.units@2027-10-01: changes nothing: the run ends"),
        (["escorts.pools.army.units@day 31=2"], "given 2025-02-01; expected a date before 2025-02-01"),
        (["strategy.imports.1.min=9", "end=2025-01-03"], "strategy.imports.1.min: changes nothing: the run ends on"),
        (["corridors.Coast.customs.1=30 h", "end=2025-01-08"], "given 2025-01-12; expected a date before 2025-01-08"),
    ],
)
def test_a_setting_that_holds_from_the_end_on_is_refused(sets: list[str], told: str) -> None:
    assert told in str(refusal(load, TINY, sets=sets))


def test_what_a_file_dates_after_the_run_stays_a_note(tmp_path: Path) -> None:
    (tmp_path / "o.yaml").write_text("escorts: {pools: {army: {units@2027-01-01: 3}}}\n", encoding="utf-8")
    (note,) = load(TINY, tmp_path / "o.yaml").notes
    assert "2027-01-01 does not lie before the end" in str(note)
    assert load(TINY, sets="escorts.pools.army.units=[3, {from: 2027-01-01, value: 2}]").notes
    assert not load(TINY, sets="escorts.pools.*.units@2025-01-31=3").notes


def test_a_start_set_alone_is_noted() -> None:
    (note,) = [note for note in notes("start=2025-01-05") if ": start: " in note]
    assert "the run is 27 days, 2025-01-05 to 2025-02-01" in note
    assert not [note for note in notes("start=2025-01-05", "end=2025-02-05") if ": start: " in note]
    assert notes("end=2025-01-31") == []


def test_an_end_may_be_a_day() -> None:
    scenario = load(TINY, sets="end=day 31")
    assert scenario.end == load(TINY).end
    assert scenario.digest == load(TINY).digest


def test_a_start_that_is_no_date_is_not_offered_a_day() -> None:
    (problem,) = problems(load, TINY, sets="start=tomorrow")
    assert problem.expected == "a date such as 2025-09-03"


def test_an_overlay_given_as_a_scenario_is_told_in_one_message() -> None:
    path = SCENARIOS / "strategies" / "army.yaml"
    error = refusal(load, path)
    assert str(error) == (
        f"{path}:3:1: {path} is an overlay: it lacks title, start, end, towns, corridors, …; "
        "lay it on a scenario with overlays"
    )
    assert error.more is False


def test_a_real_fault_in_an_overlay_is_told_beside(tmp_path: Path) -> None:
    path = write(tmp_path / "o.yaml", "fleet: {load: 46, lod: 3}\n")
    paths = {problem.path for problem in problems(load, path)}
    assert paths == {"", "fleet.load", "fleet.lod"}


def test_a_misspelt_name_of_a_thing_in_a_base_file_is_recognised(tmp_path: Path) -> None:
    path = write(tmp_path / "o.yaml", "towns:\n  Capitol: {share: 0.3}\n")
    (problem,) = problems(load, TINY, overlays=path)
    assert (problem.path, problem.line, problem.column) == ("towns.Capitol", 2, 3)
    assert "did you mean 'Capital'?" in problem.expected
    path.write_text("towns:\n  Elsewhere: {share: 0.3}\n", encoding="utf-8")
    assert {problem.path for problem in problems(load, TINY, overlays=path)} == {
        "towns.Elsewhere.at",
        "towns.Elsewhere.depot",
        "towns.Elsewhere.stations",
    }


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("fleet.size=200 tankers", "a unit where none is due; given '200 tankers'; expected a bare whole number"),
        ("fleet.returning=1 h", "expected a bare number such as 0.4, or 40 %"),
        ("fleet.load={value: 46 m3, source: ML9999}", "the nearest is 'ML"),
        ("zones.steppe.mines=[0 /month, 1 /month]", "only the first entry may be a bare number"),
    ],
)
def test_messages_say_how_to_write_it(setting: str, told: str) -> None:
    assert told in str(refusal(load, TINY, sets=setting))


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("strategies/armee.yaml", "strategies/army.yaml'"),
        ("strategies/army", "army.yaml"),
        ("strategies/air", "air-only.yaml"),
        ("army.yaml", "strategies/army.yaml"),
        ("strategy/army.yaml", "strategies/army.yaml"),
    ],
)
def test_a_wrong_path_of_an_overlay_names_a_near_file(name: str, told: str) -> None:
    assert told in str(refusal(load, TUTORIAL, overlays=SCENARIOS / name)).split("expected")[1]


def test_a_single_overlay_and_setting_need_no_list(tmp_path: Path) -> None:
    path = write(tmp_path / "o.yaml", "fleet: {size: 77}\n")
    for overlay in (path, str(path)):
        scenario = load(TINY, overlays=overlay, sets="fleet.load=41 m3")
        assert scenario == load(TINY, [overlay], ["fleet.load=41 m3"])
        assert scenario.laid == ("o", "fleet.load=41 m3")


def test_the_repr_is_short() -> None:
    scenario = load(TINY, sets="fleet.size=77")
    shown = repr(scenario)
    assert shown == f"Scenario('Tiny', files=[{TINY}], laid=['fleet.size=77'], digest='{scenario.digest[:8]}')"


def test_a_first_entry_may_be_bare_and_numbers_are_printed_bare(tmp_path: Path) -> None:
    scenario = load(TINY, sets=["zones.steppe.mines=[0 /month, {from: day 4, value: 1 /month}]", "fleet.size='77'"])
    text = as_yaml(scenario)
    assert '"1"' not in text
    assert "size: {value: 77," in text
    path = write(tmp_path / "shown.yaml", text)
    assert load(path).digest == scenario.digest


@pytest.mark.parametrize(
    ("effort", "told"),
    [
        ("3 /month", ["zones.forest.effort: one number in the place of a list by date: its dates are gone"]),
        (
            "{value: 3 /month, source: assumption, why: calm}",
            ["zones.forest.effort: one number"],
        ),
        ("[3 /month]", []),
        ("{1: {from: day 10, value: 3 /month, source: assumption, why: calm}}", []),
    ],
)
def test_an_overlay_that_wipes_dates_says_so(effort: str, told: list[str], tmp_path: Path) -> None:
    overlay = write(tmp_path / "o.yaml", f"zones:\n  forest: {{effort: {effort}}}\n")
    lines = [str(note) for note in load(TINY, overlay).notes]
    assert len(lines) == len(told)
    assert all(note.startswith(f"{overlay}:2:") and words in note for note, words in zip(lines, told, strict=True))


def test_more_is_promised_only_where_more_may_be_found(tmp_path: Path) -> None:
    assert refusal(load, tmp_path / "nowhere.yaml").more is False, "nothing was read"
    assert refusal(load, TINY, overlays=tmp_path / "nowhere.yaml").more is True
