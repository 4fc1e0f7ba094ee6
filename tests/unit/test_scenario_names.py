"""Names: what they may hold, how they are spelt, what is said of one that is not there, and of one said twice."""

from __future__ import annotations

import typing
from pathlib import Path
from unicodedata import normalize

import pytest

from sim.evidence.evidence import read
from sim.plan import build
from sim.results.target import parse
from sim.scenario.fields import Part
from sim.scenario.load import load
from sim.scenario.names import strategy_file
from sim.scenario.schema import Root
from sim.scenario.shape import Shape, shape
from sim.study.axis import axis
from tests.files import ROOT, TINY, write
from tests.refusals import problems

MALI = ROOT / "scenarios" / "mali.yaml"
NFC, NFD = (normalize(form, "Ségou") for form in ("NFC", "NFD"))
TOWN = "{at: {lat: 1, lon: 1}, share: 0.1, depot: {capacity: 9 days, target: 75 %, bays: 1}, " + (
    "stations: {count: 2, tank: 50 m3, spread: 0}}"
)


def wrong(*overlays: Path, sets: tuple[str, ...] = ()) -> dict[str, str]:
    return {problem.path: problem.wrong for problem in problems(load, TINY, overlays, sets)}


def tables(part: type[Part], path: tuple[str, ...] = ()) -> typing.Iterator[tuple[tuple[str, ...], object]]:
    """Iterate over the key types of all tables of the schema."""
    for name, info in part.model_fields.items():
        yield from _tables(shape(info.annotation, "", info.metadata), info.annotation, (*path, name))


def _tables(form: Shape, annotation: object, path: tuple[str, ...]) -> typing.Iterator[tuple[tuple[str, ...], object]]:
    if form.kind == "table":
        key, below = typing.get_args(annotation)
        yield path, key
        yield from _tables(shape(below, ""), below, path)
    elif form.kind == "list":
        yield from _tables(shape(form.of, ""), form.of, path)
    elif form.part is not None:
        yield from tables(form.part, path)


def test_every_thing_of_a_scenario_has_a_name_that_can_be_addressed() -> None:
    keys = dict(tables(Root))
    assert len(keys) > 15
    assert [path for path, key in keys.items() if typing.get_origin(key) is not typing.Annotated] == []


@pytest.mark.parametrize("name", ["a=b", "a@day 3", "a*", "a<b", "x" * 61, " a", "a ", "a\u200bb"])
@pytest.mark.parametrize("table", ["rationing", "documented", "marks"])
def test_a_name_that_settings_could_not_address_is_refused(tmp_path: Path, name: str, table: str) -> None:
    entries = {
        "rationing": "{from: day 1, fill: 5 L}",
        "documented": "{measure: convoys, value: 3, label: l, source: assumption}",
        "marks": "{at: day 3, label: l, source: assumption}",
    }
    overlay = write(tmp_path / "o.yaml", f'{table}: {{"{name}": {entries[table]}}}\n')
    assert "not a" in wrong(overlay).get(f"{table}.{name}", wrong(overlay).get(table, ""))


@pytest.mark.parametrize("name", ["caps, all", "a:b", "#1", "it's", "ration (Capital)"])
def test_any_other_name_can_be_set(tmp_path: Path, name: str) -> None:
    overlay = write(tmp_path / "o.yaml", f'rationing: {{"{name}": {{from: day 1, fill: 5 L}}}}\n')
    scenario = load(TINY, overlay, f"rationing.{name}.fill=7 L")
    assert scenario.root.rationing[name].fill is not None
    assert scenario.root.rationing[name].fill.value == 7.0


@pytest.mark.parametrize(("ours", "theirs"), [(NFC, NFD), (NFD, NFC)])
def test_both_spellings_of_an_accent_are_one_name(tmp_path: Path, ours: str, theirs: str) -> None:
    town = write(tmp_path / "town.yaml", f"towns: {{{ours}: {TOWN}}}\n")
    rule = write(tmp_path / "rule.yaml", f"rationing: {{r: {{from: day 1, towns: [{theirs}], fill: 5 L}}}}\n")
    scenario = load(TINY, (town, rule), f"towns.{theirs}.share=0.05")
    assert scenario.root.towns[NFC].share.value == 0.05
    assert scenario.root.rationing["r"].towns == [NFC]
    removed = write(tmp_path / "removed.yaml", f"towns: {{{theirs}: null}}\n")
    assert NFC not in load(TINY, (town, removed)).root.towns


def test_two_spellings_of_one_name_in_a_file_are_a_name_given_twice(tmp_path: Path) -> None:
    overlay = write(tmp_path / "o.yaml", f"towns:\n  {NFC}: {TOWN}\n  {NFD}: {TOWN}\n")
    assert wrong(overlay)[f"towns.{NFC}"] == "a key given twice"


def test_files_and_strategies_may_be_spelt_either_way(tmp_path: Path) -> None:
    write(tmp_path / f"{NFD}.yaml", "title: Other\n")
    assert load(TINY, write(tmp_path / "o.yaml", f"extends: {NFC}.yaml\n")).root.title == "Other"
    folder = tmp_path / "strategies"
    folder.mkdir()
    path = write(folder / f"{NFD}.yaml", f"strategy: {{name: {NFC}, label: l}}\n")
    assert strategy_file(NFC, tmp_path / "s.yaml") == strategy_file(NFD, tmp_path / "s.yaml") == path


def test_a_null_for_a_name_that_is_not_there_is_refused(tmp_path: Path) -> None:
    overlay = write(tmp_path / "o.yaml", "escorts: {pools: {Army: null}}\nzones:\n  stepe: null\n")
    assert [str(problem) for problem in problems(load, TINY, overlay)] == [
        f"{overlay}:1:19: escorts.pools.Army: nothing of this name to remove; given 'Army'; "
        "expected a known name; the nearest is 'army'",
        f"{overlay}:3:3: zones.stepe: nothing of this name to remove; given 'stepe'; "
        "expected a known name; the nearest is 'steppe'",
    ]
    assert wrong(sets=("stocks.Capital.petrl=null",)) == {"stocks.Capital.petrl": "no such path"}


def test_a_null_removes_a_name_once_and_a_key_always(tmp_path: Path) -> None:
    removed = write(tmp_path / "o.yaml", "escorts: {pools: {wing: null}}\ntowns: {North: {blockade: null}}\n")
    assert "wing" not in load(TINY, removed, "strategy.imports.1.may=[]").root.escorts.pools
    again = write(tmp_path / "again.yaml", "escorts: {pools: {wing: null}}\ntowns: {North: {blockade: null}}\n")
    assert wrong(removed, again) == {"escorts.pools.wing": "nothing of this name to remove"}


@pytest.mark.parametrize(
    ("setting", "path"),
    [
        ("corridors.Coast.serves=[Capital, Capital]", "corridors.Coast.serves.1"),
        ("zones.forest.roads=[coast, coast]", "zones.forest.roads.1"),
        ("willingness.strikes.drivers.corridors=[Coast, Savanna, Coast]", "willingness.strikes.drivers.corridors.2"),
        ("escorts.pools.wing.serves=[Coast, Coast]", "escorts.pools.wing.serves.1"),
        ("strategy.priority=[Coast, Coast]", "strategy.priority.1"),
        ("rationing.cans.towns=[Capital, Capital]", "rationing.cans.towns.1"),
        ("rationing.cans.products=[petrol, petrol]", "rationing.cans.products.1"),
        ("rationing.cans.closed_days=[sun, mon, sun]", "rationing.cans.closed_days.2"),
        (
            "convoys.recorded.c={at: day 3, corridor: Coast, tankers: 9, escort: [air, air]}",
            "convoys.recorded.c.escort.1",
        ),
    ],
)
def test_a_list_names_each_thing_once(setting: str, path: str) -> None:
    assert wrong(sets=(setting,))[path] == "named twice"


def test_what_is_asked_of_a_run_may_be_spelt_either_way() -> None:
    scenario = load(MALI)
    assert axis(f"towns.{NFD}.share=0.1:0.2:2", scenario).paths == (f"towns.{NFC}.share",)
    asked = f"need_met.{NFC} >= 95 %"
    assert parse(normalize("NFD", asked), build(scenario)).measure == parse(asked, build(scenario)).measure


def test_evidence_is_read_in_one_spelling(tmp_path: Path) -> None:
    text = (ROOT / "seeds" / "towns.csv").read_text(encoding="utf-8").replace("Dakar", NFD)
    write(tmp_path / "towns.csv", text)
    assert NFC in {getattr(row.fact, "town", None) for row in read(tmp_path, "towns")}
