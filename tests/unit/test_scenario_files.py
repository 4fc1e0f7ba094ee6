"""Files that extend files, overlays, removal by null, replacement of numbers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sim.scenario.load import Scenario, load
from tests import files
from tests.refusals import refusal

TINY = files.TINY.read_text(encoding="utf-8")
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a function that writes a file below a fresh folder, beside tiny.yaml."""
    (tmp_path / "tiny.yaml").write_text(TINY, encoding="utf-8")

    return lambda name, text: files.write(tmp_path / name, text)


def refused(path: Path, *overlays: Path) -> str:
    return str(refusal(load, path, overlays))


def origin(scenario: Scenario, path: str) -> str:
    place = scenario.origins[tuple(path.split("."))]
    return f"{Path(place.file).name}:{place.line}"


def test_a_file_inherits_what_it_extends(write: Write) -> None:
    scenario = load(write("a.yaml", "extends: tiny.yaml\ntitle: A\nfleet:\n  size: 90\n"))
    assert (scenario.root.title, scenario.root.fleet.size.value, scenario.root.fleet.driving.value) == ("A", 90.0, 12.0)
    assert [path.name for path in scenario.files] == ["tiny.yaml", "a.yaml"]
    assert origin(scenario, "fleet.size") == "a.yaml:4"
    assert origin(scenario, "fleet.driving").startswith("tiny.yaml:")


def test_later_files_of_a_list_lie_over_earlier_ones(write: Write) -> None:
    write("one.yaml", "title: one\nnote: one\n")
    write("sub/two.yaml", "title: two\n")
    root = load(write("a.yaml", "extends: [tiny.yaml, one.yaml, sub/two.yaml]\n")).root
    assert (root.title, root.note) == ("two", "one")


def test_a_file_that_is_extended_twice_is_laid_once(write: Write) -> None:
    write("one.yaml", "extends: tiny.yaml\nfleet: {size: 50}\n")
    write("two.yaml", "extends: tiny.yaml\ntitle: two\n")
    scenario = load(write("a.yaml", "extends: [one.yaml, two.yaml]\n"))
    assert (scenario.root.fleet.size.value, scenario.root.title) == (50.0, "two")
    assert [path.name for path in scenario.files] == ["tiny.yaml", "one.yaml", "two.yaml", "a.yaml"]


def test_circles_are_refused_with_the_files(write: Write) -> None:
    write("b.yaml", "extends: c.yaml\n")
    write("c.yaml", "title: c\nextends: b.yaml\n")
    told = refused(write("a.yaml", "extends: b.yaml\n"))
    assert "c.yaml:2:10: extends: files extend one another in a circle; given b.yaml → c.yaml → b.yaml" in told
    assert "in a circle" in refused(write("d.yaml", "extends: d.yaml\n"))


@pytest.mark.parametrize("name", ["../tiny.yaml", "sub/../../x.yaml", "/etc/passwd", "~/x.yaml", '"a\\0b"'])
def test_extends_stays_in_the_folder(write: Write, name: str) -> None:
    told = refused(write("folder/a.yaml", f"extends: {name}\n"))
    assert "a.yaml:1:10: extends: " in told
    assert "expected a file in 'folder' or a folder below it" in told


def test_extends_may_go_up_to_a_folder_called_scenarios(write: Write) -> None:
    write("scenarios/base.yaml", TINY)
    path = write("scenarios/what-if/a.yaml", "extends: ../base.yaml\n")
    assert load(path).root.title == "Tiny"
    assert "outside the scenario's folder" in refused(write("scenarios/b.yaml", "extends: ../tiny.yaml\n"))


def test_a_link_does_not_lead_out_of_the_folder(write: Write, tmp_path: Path) -> None:
    path = write("folder/a.yaml", "extends: link.yaml\n")
    (tmp_path / "folder" / "link.yaml").symlink_to(tmp_path / "tiny.yaml")
    assert "a file outside the scenario's folder; given 'link.yaml'" in refused(path)


@pytest.mark.parametrize("value", ["3", "[a.yaml, 4]", "{a: b}", "''"])
def test_extends_takes_names_only(write: Write, value: str) -> None:
    write("tiny2.yaml", TINY)
    assert "not a file name" in refused(write("x.yaml", f"extends: {value}\n"))


def test_a_missing_file_names_the_nearest(write: Write, tmp_path: Path) -> None:
    assert f"expected a scenario file; the nearest is '{tmp_path / 'tiny.yaml'}'" in refused(tmp_path / "tinny.yaml")
    told = refused(write("a.yaml", "extends: tinny.yaml\n"))
    assert "a.yaml:1:10: extends: no such file" in told
    assert "cannot be read" in refused(tmp_path)


def test_overlays_are_laid_in_order_and_may_extend(write: Write, tmp_path: Path) -> None:
    write("part.yaml", "note: part\n")
    first = write("one.yaml", "extends: part.yaml\ntitle: one\n")
    second = write("two.yaml", "title: two\n")
    base = tmp_path / "tiny.yaml"
    assert (load(base, [first, second]).root.title, load(base, [second, first]).root.title) == ("two", "one")
    assert load(base, [first]).root.note == "part"


def test_null_removes(write: Write, tmp_path: Path) -> None:
    overlay = write("o.yaml", "marks: {embargo: null}\nrationing: null\nnote: ~\n")
    root = load(tmp_path / "tiny.yaml", [overlay]).root
    assert (root.marks, root.rationing, root.note) == ({}, {}, "")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("absent: null", "o.yaml:1:1: absent: unknown key"),
        ("nothing: {here: null}", "o.yaml:1:1: nothing: unknown key"),
        (
            "fleet: {sise: null}",
            "o.yaml:1:9: fleet.sise: unknown key; given 'sise'; expected a known name; the nearest is 'size'",
        ),
        (
            "fleet:\n  load: {value: 45 m3, source: assumption, why: smaller, but many}",
            "o.yaml:2:58: fleet.load.but many: unknown key; given 'but many'; expected one of value, low, high, law, "
            "source, why, draw; text that holds a comma stands in quotes",
        ),
        (
            "zones: {forest: {mines: [{value: 0 /month, none: }]}}",
            "o.yaml:1:44: zones.forest.mines.0.none: unknown key",
        ),
        ("end: {value: 2025-02-01, or so: }", "o.yaml:1:26: end.or so: unknown key"),
    ],
)
def test_null_at_an_unknown_key_does_not_vanish_in_silence(write: Write, tmp_path: Path, text: str, told: str) -> None:
    assert told in refused(tmp_path / "tiny.yaml", write("o.yaml", text))


def test_lists_are_replaced_whole(write: Write, tmp_path: Path) -> None:
    overlay = write("o.yaml", "zones: {forest: {effort: [{value: 1 /month}]}}\nstrategy: {priority: [Savanna]}\n")
    root = load(tmp_path / "tiny.yaml", [overlay]).root
    effort = root.zones["forest"].effort
    assert effort is not None
    assert len(effort.entries) == 1
    assert root.strategy.priority == ["Savanna"]


def test_an_entry_of_a_list_is_changed_by_its_position(write: Write, tmp_path: Path) -> None:
    text = "strategy: {imports: {1: {max: 70, may: []}}, priority: {0: Savanna, 1: Coast}}\n"
    scenario = load(tmp_path / "tiny.yaml", [write("o.yaml", text)])
    plain, changed = load(tmp_path / "tiny.yaml").root.strategy, scenario.root.strategy
    assert changed.imports[0] == plain.imports[0]
    assert (changed.imports[1].max.value, changed.imports[1].may, changed.imports[1].must) == (70.0, [], ["national"])
    assert changed.imports[1].min == plain.imports[1].min
    assert changed.priority == ["Savanna", "Coast"]
    assert origin(scenario, "strategy.imports.1.max") == "o.yaml:1"
    assert origin(scenario, "strategy.imports.1.min").startswith("tiny.yaml:")


@pytest.mark.parametrize(
    ("entries", "numbers"),
    [
        ("{1: {value: 6 /month}}", [(None, 2.0, 3.0), ("day 10", 6.0, None)]),
        ("{1: {high: 14 /month}}", [(None, 2.0, 3.0), ("day 10", 8.0, 14.0)]),
        ("{1: {from: 2025-01-20, value: 6 /month}}", [(None, 2.0, 3.0), ("2025-01-20", 6.0, None)]),
        ("{2: {from: day 20, value: 1 /month}}", [(None, 2.0, 3.0), ("day 10", 8.0, 10.0), ("day 20", 1.0, None)]),
        ("{1: null}", [(None, 2.0, 3.0)]),
    ],
)
def test_a_dated_entry_is_changed_added_or_removed(write: Write, tmp_path: Path, entries: str, numbers: object) -> None:
    effort = load(tmp_path / "tiny.yaml", [write("o.yaml", f"zones: {{forest: {{effort: {entries}}}}}\n")])
    dated = effort.root.zones["forest"].effort
    assert dated is not None
    month = 730.5
    assert [
        (since and since.text, round(number.value * month, 9), number.high and round(number.high * month, 9))
        for since, number in dated.entries
    ] == numbers


@pytest.mark.parametrize("entries", ["{5: {max: 70}}", "{-1: {max: 70}}", "{first: {max: 70}}", "{}", "{01: {max: 7}}"])
def test_a_position_that_is_not_there_is_refused(write: Write, tmp_path: Path, entries: str) -> None:
    wrong = "positions that are not there" if entries[1].isdecimal() else "of the wrong kind"
    told = refused(tmp_path / "tiny.yaml", write("o.yaml", f"strategy: {{imports: {entries}}}\n"))
    assert f"o.yaml:1:12: strategy.imports: {wrong}" in told
    assert "expected a list" in told


def test_a_strategy_extends_a_shipped_one_by_its_name(write: Write) -> None:
    path = write("strategies/mine.yaml", "extends: army\nstrategy: {name: mine, imports: {1: {max: 60}}}\n")
    scenario = load(files.BLOCKADE, path)
    assert scenario.root.strategy.imports[1].max.value == 60.0
    assert scenario.root.strategy.label == "army alone"
    assert [file.name for file in scenario.files[-2:]] == ["army.yaml", "mine.yaml"]


def test_a_file_beside_goes_before_a_shipped_one_of_its_name(write: Write) -> None:
    write("army", TINY.replace("title: Tiny", "title: beside"))
    assert load(write("a.yaml", "extends: army\n")).root.title == "beside"
    assert load(write("b.yaml", "extends: mali\n")).root.title.startswith("Mali")
    assert load(write("c.yaml", "extends: [tutorial, strategies/none]\n")).root.strategy.name == "none"
    write("mali.yaml", TINY.replace("title: Tiny", "title: own"))
    assert load(write("d.yaml", "extends: mali\n")).root.title == "own"
    assert "no such file" in refused(write("e.yaml", "extends: malli\n"))
    assert "a file outside the scenario's folder" in refused(write("f.yaml", "extends: ../mali.yaml\n"))


def test_a_name_of_several_files_that_is_extended_is_told_with_all(write: Write) -> None:
    write("strategies/twice.yaml", "fleet: {size: 3}\n")
    write("what-if/twice.yaml", "fleet: {size: 4}\n")
    told = refused(write("a.yaml", "extends: twice\n"))
    assert "extends: a name of several files; given 'twice'; expected strategies/twice or what-if/twice" in told


@pytest.mark.parametrize("number", ["41 m3", "{value: 41 m3}", "{value: 41 m3, why: smaller ones}"])
def test_a_number_with_a_value_replaces_the_whole_number(write: Write, tmp_path: Path, number: str) -> None:
    load_ = load(tmp_path / "tiny.yaml", [write("o.yaml", f"fleet: {{load: {number}}}\n")]).root.fleet.load
    assert (load_.value, load_.low, load_.high, load_.source) == (41.0, None, None, None)


def test_a_number_without_a_value_changes_what_it_names(write: Write, tmp_path: Path) -> None:
    load_ = load(tmp_path / "tiny.yaml", [write("o.yaml", "fleet: {load: {high: 50 m3}}\n")]).root.fleet.load
    assert (load_.value, load_.low, load_.high, load_.source) == (45.0, 44.0, 50.0, "TRK-01")


def test_the_value_of_a_tanker_does_not_replace_the_fleet(write: Write, tmp_path: Path) -> None:
    fleet = load(tmp_path / "tiny.yaml", [write("o.yaml", "fleet: {value: 90000 USD}\n")]).root.fleet
    assert (fleet.value.value, fleet.size.value) == (90000.0, 120.0)


def test_an_overlay_scalar_over_a_dated_list_and_back(write: Write, tmp_path: Path) -> None:
    overlay = write("o.yaml", "corridors: {Coast: {customs: 5 h, share: [{value: 1}, {from: day 3, value: 50 %}]}}\n")
    coast = load(tmp_path / "tiny.yaml", [overlay]).root.corridors["Coast"]
    assert coast.customs.constant
    assert [number.value for _, number in coast.share.entries] == [1.0, 0.5]


def test_the_digest_follows_the_values_not_the_spelling(write: Write, tmp_path: Path) -> None:
    base = tmp_path / "tiny.yaml"
    digest = load(base).digest
    assert load(base, [write("o.yaml", "note: other words\nfleet: {driving: 0.5 days}\n")]).digest == digest
    assert load(base, [write("p.yaml", "fleet: {driving: 13 h}\n")]).digest != digest
    assert load(base, [write("q.yaml", "fleet: {load: {value: 45 m3, source: TRK-01}}\n")]).digest != digest
