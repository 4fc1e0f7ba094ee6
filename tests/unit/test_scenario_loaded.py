"""A loaded scenario: numbers with paths, moments, what it prints, its JSON Schema."""

from __future__ import annotations

import os
import pickle
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from sim.errors import ScenarioError
from sim.scenario.describe import GRADES, as_yaml, bases, grades
from sim.scenario.fields import Moment, Part, Quantity
from sim.scenario.json_schema import json_schema
from sim.scenario.load import Scenario, load
from sim.scenario.read import read
from sim.scenario.schema import Root
from sim.scenario.shape import shape_at
from sim.scenario.tree import plain
from tests.files import TINY, write


@pytest.fixture(scope="module")
def tiny() -> Scenario:
    return load(TINY)


def raw() -> dict[str, Any]:
    data = plain(read(TINY.read_bytes(), "tiny.yaml")[0])
    assert isinstance(data, dict)
    return data


def test_each_number_knows_its_path(tiny: Scenario) -> None:
    numbers = list(tiny.numbers())
    paths = [path for path, _, _ in numbers]
    names = [number.path for _, number, _ in numbers]
    assert len(paths) == len(set(paths)) == len(set(names))
    assert tiny.root.fleet.load.path == "fleet.load"
    effort = tiny.root.zones["forest"].effort
    assert effort is not None
    since, second = effort.entries[1]
    assert since is not None
    assert effort.entries[0][1].path == "zones.forest.effort"
    assert (second.path, since.path) == ("zones.forest.effort@2025-01-11", "zones.forest.effort@2025-01-11.from")
    imports = tiny.root.strategy.imports
    assert [regime.min.path for regime in imports] == ["strategy.imports.0.min", "strategy.imports@2025-01-10.min"]


def test_entries_come_in_the_order_of_their_position(tiny: Scenario) -> None:
    many = ", ".join(f"{{from: day {day}, value: {day} h}}" for day in range(12))
    scenario = load(TINY, sets=[f"corridors.Coast.customs=[{many}]"])
    paths = [path for path, _, _ in scenario.numbers() if path.startswith("corridors.Coast.customs.")]
    assert paths.index("corridors.Coast.customs.2") < paths.index("corridors.Coast.customs.10")


def test_defaults_are_assumptions_with_a_reason(tiny: Scenario) -> None:
    number, origin = next((number, origin) for path, number, origin in tiny.numbers() if path == "zones.steppe.mines")
    assert isinstance(number, Quantity)
    assert (number.source, number.why, str(origin)) == ("assumption", "the record has no mined tanker", "default")


def test_values_are_in_the_units_of_the_model(tiny: Scenario) -> None:
    assert tiny.root.products["petrol"].need.value == pytest.approx(400 / 24, rel=1e-15)
    assert tiny.root.driving.escorted.value == pytest.approx(200 / 24, rel=1e-15)
    assert tiny.root.retail.flow.value == 2100.0
    assert (tiny.start, tiny.end) == (datetime(2025, 1, 1), datetime(2025, 2, 1))
    assert tiny.root.willingness.threats["embargo"].at.hours(tiny.start)[0] == 240.0


def test_a_scenario_cannot_be_changed_and_can_be_sent_to_workers(tiny: Scenario) -> None:
    with pytest.raises(AttributeError):
        tiny.digest = ""  # type: ignore[misc]
    with pytest.raises(ValueError, match="frozen"):
        tiny.root.title = "x"
    assert pickle.loads(pickle.dumps(tiny)) == tiny


def containers(value: Any) -> Iterator[dict[Any, Any] | list[Any]]:
    """Yield each dict and list of a scenario's root or content."""
    below: Iterable[Any] = ()
    if isinstance(value, Part):
        below = value.__dict__.values()
    elif isinstance(value, dict | list):
        yield value
        below = value.values() if isinstance(value, dict) else value
    for item in below:
        yield from containers(item)


def test_what_is_loaded_twice_is_two_that_share_nothing_which_can_be_changed() -> None:
    first, second = (load("tutorial", strategy="army") for _ in range(2))
    assert second == first
    kept = {id(item): item for whole in (first.root, first.merged, first.origins) for item in containers(whole)}
    assert len(kept) > 100
    shared = [item for whole in (second.root, second.merged, second.origins) for item in containers(whole)]
    assert not [item for item in shared if id(item) in kept]


def test_a_file_is_read_anew_when_it_says_something_else_though_of_the_same_size_and_date(tmp_path: Path) -> None:
    text = Path(TINY).read_text(encoding="utf-8")
    path = write(tmp_path / "s.yaml", text)
    before, stamp = load(path), path.stat()
    write(path, text.replace("load: {value: 45 m3", "load: {value: 46 m3"))
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    after = load(path)
    assert path.stat().st_size == stamp.st_size
    assert (before.root.fleet.load.value, after.root.fleet.load.value) == (45.0, 46.0)


def test_a_number_is_read_anew_when_it_is_written_otherwise() -> None:
    loads = [load("tutorial", {"willingness": {"alone": given}}) for given in (1, 1.0, "1.0")]
    assert [scenario.root.willingness.alone.entries[0][1].text for scenario in loads] == ["1", "1.0", "1.0"]


def test_what_is_wrong_is_told_in_the_same_words_each_time() -> None:
    told = set()
    for _ in range(2):
        with pytest.raises(ScenarioError) as caught:
            load("tutorial", {"fleet": {"load": {"value": "46 m3", "source": "TRK-1"}, "loud": None}})
        told.add(str(caught.value))
    assert len(told) == 1
    assert "the nearest is 'TRK-" in told.pop()


def test_what_is_printed_is_the_same_scenario(tiny: Scenario, tmp_path: Path) -> None:
    for places in (False, True):
        path = write(tmp_path / f"{places}.yaml", as_yaml(tiny, places))
        again = load(path)
        assert again.digest == tiny.digest
        assert again.merged == tiny.merged


def test_places_are_printed_beside_the_values(tiny: Scenario) -> None:
    lines = as_yaml(load(TINY, sets=["fleet.size=9"]), places=True, columns=400).split("\n")
    text = {line.split(":")[0].strip(): line.split("  # ")[-1] for line in lines if "  # " in line}
    line = TINY.read_text(encoding="utf-8").split("\n").index("  freed: 30 days") + 1
    assert text["freed"].endswith(f"tiny.yaml:{line}:10")
    assert text["size"] == "sets fleet.size=9"
    assert text["mines"] == "default"


def test_evidence_lists_value_range_source_and_grade(tiny: Scenario) -> None:
    rows = {row.path: row for row in bases(tiny)}
    load_ = rows["fleet.load"]
    assert (load_.value, load_.low, load_.high, load_.law, load_.source) == (
        "45 m3",
        "44 m3",
        "48 m3",
        "triangular",
        "TRK-01",
    )
    assert load_.grade in GRADES[:3]
    assert rows["products.petrol.need"].low == "0.3 ML/day"
    assert rows["zones.forest.effort"].high == "3 /month"
    assert rows["zones.forest.effort@2025-01-11"].law == "triangular"
    assert rows["fleet.size"].grade == "none"
    assert rows["attacks.damage"].grade == "assumption"
    assert rows["corridors.Coast.customs@2025-01-15.from"].low == "2025-01-12"
    assert "start" not in rows
    assert "Fuel that a tanker carries" in load_.meaning


def test_grades_add_up(tiny: Scenario) -> None:
    rows = bases(tiny)
    shares = grades(rows)
    assert sum(count for count, _ in shares.values()) == len(rows)
    assert sum(share for _, share in shares.values()) == pytest.approx(1)


def test_every_number_has_a_meaning_and_a_unit(tiny: Scenario) -> None:
    for path, number, _ in tiny.numbers():
        place = shape_at(Root, tuple(path.split(".")))
        assert place is not None
        assert place.meaning or isinstance(number, Moment)
        assert isinstance(number, Moment) or (place.rule is not None and place.rule.unit == number.unit)


@pytest.mark.parametrize("partial", [False, True])
def test_the_json_schema_is_one_and_accepts_the_scenario(partial: bool) -> None:
    schema = json_schema(partial)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert not list(jsonschema.Draft202012Validator(schema).iter_errors(raw()))


def test_the_json_schema_refuses_what_the_loader_refuses() -> None:
    validator = jsonschema.Draft202012Validator(json_schema())
    for path, value in (
        (("fleet", "load"), 45),
        (("fleet", "laod"), "45 m3"),
        (("fleet", "size"), 12.5),
        (("crews", "killed"), {"value": "20 %", "lwo": "1 %"}),
        (("end",), "tomorrow"),
        (("scope",), "some"),
    ):
        data = raw()
        part = data
        for key in path[:-1]:
            part = part[key]
        part[path[-1]] = value
        assert list(validator.iter_errors(data)), path
    assert list(validator.iter_errors({"extends": "x.yaml"}))


def test_a_partial_schema_requires_nothing_and_lets_null_remove() -> None:
    validator = jsonschema.Draft202012Validator(json_schema(partial=True))
    overlay = {"extends": ["a.yaml"], "marks": {"embargo": None}, "fleet": {"load": None, "size": 30}}
    assert not list(validator.iter_errors(overlay))
    assert list(validator.iter_errors({"fleet": {"load": 3}}))


def test_a_partial_schema_takes_entries_of_a_list_by_position() -> None:
    validator = jsonschema.Draft202012Validator(json_schema(partial=True))

    def fine(regimes: object, mines: object) -> bool:
        overlay = {"strategy": {"imports": regimes}, "zones": {"forest": {"mines": mines}}}
        return not list(validator.iter_errors(overlay))

    assert fine({"1": {"max": 70, "may": {"0": "air"}}}, {"0": None, "1": {"from": "day 3", "value": "1 /month"}})
    assert not fine({"first": {"max": 70}}, "1 /month")
    assert not fine({"1": {"mx": 70}}, "1 /month")
    assert not fine({"1": {"max": 70}}, {"1": "1 km"})


@pytest.mark.parametrize("partial", [False, True])
def test_the_json_schema_takes_entries_by_date(partial: bool) -> None:
    validator = jsonschema.Draft202012Validator(json_schema(partial))

    def fine(key: str, value: object) -> bool:
        data = raw()
        data["zones"]["forest"][key] = value
        return not list(validator.iter_errors(data))

    assert fine("effort@2025-01-20", "1 /month")
    assert fine("effort@day 9", {"value": "1 /month", "source": "assumption", "why": "any"})
    assert fine("effort@day 9", None) is partial
    assert not fine("effort@day 9", 1)
    assert not fine("ceiling@day 9", "9 /month")


@pytest.mark.parametrize("partial", [False, True])
def test_the_json_schema_tells_meaning_unit_and_range(partial: bool) -> None:
    schema = json_schema(partial)
    load_ = schema["$defs"]["Fleet"]["properties"]["load"]
    assert load_["description"] == "Fuel that a tanker carries. [1 m3 to 200 m3]"
    form = load_["anyOf"][0] if partial else load_
    assert schema["$defs"][form["$ref"].rsplit("/", 1)[-1]]["x-unit"] == "m3"


def test_the_json_schema_lets_an_optional_number_be_absent_as_the_loader_does() -> None:
    data = raw()
    data["zones"]["forest"]["effort"] = None
    assert not list(jsonschema.Draft202012Validator(json_schema()).iter_errors(data))
