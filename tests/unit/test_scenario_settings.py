"""Settings by ``--set``."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.scenario.load import load
from sim.scenario.schema import Root

TINY = Path(__file__).parents[1] / "data" / "tiny.yaml"


def setting(*sets: str) -> Root:
    return load(TINY, sets=sets).root


def refusal(*sets: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        load(TINY, sets=sets)
    return str(caught.value)


@pytest.mark.parametrize("path", ["fleet.load", "fleet.load.value"])
def test_a_number_is_replaced_and_becomes_an_assumption(path: str) -> None:
    number = setting(f"{path}=41 m3").fleet.load
    assert (number.value, number.low, number.source, number.why) == (
        41.0,
        None,
        "assumption",
        "set on the command line",
    )


def test_a_number_may_be_set_with_its_range() -> None:
    number = setting("fleet.load={value: 41 m3, low: 40 m3, high: 42 m3, source: TRK-01}").fleet.load
    assert (number.value, number.low, number.high, number.source) == (41.0, 40.0, 42.0, "TRK-01")


def test_one_end_of_a_range_may_be_set() -> None:
    assert setting("fleet.load.high=50 m3").fleet.load.high == 50.0


@pytest.mark.parametrize("path", ["zones.forest.effort.1", "zones.forest.effort.1.value"])
def test_an_entry_of_a_dated_number_keeps_its_date(path: str) -> None:
    effort = setting(f"{path}=9 /month").zones["forest"].effort
    assert effort is not None
    (_, first), (since, second) = effort.entries
    assert first.text == "2 /month"
    assert since is not None
    assert (since.day, second.text, second.low) == (10.0, "9 /month", None)


def test_a_dated_number_is_replaced_whole() -> None:
    effort = setting("zones.forest.effort=1 /month").zones["forest"].effort
    assert effort is not None
    assert effort.constant


def test_other_values_are_set_as_they_are() -> None:
    root = setting("willingness.on=off", "strategy.name=mine", "escorts.pools.wing.serves=[]", "end=2025-01-20")
    assert (root.willingness.on, root.strategy.name, root.escorts.pools["wing"].serves) == (False, "mine", [])
    assert root.end.text == "2025-01-20"


def test_null_removes() -> None:
    assert setting("marks.embargo=null").marks == {}


def test_names_may_hold_spaces() -> None:
    assert setting("users.power station.tank=3 days").users["power station"].tank.value == 72.0


def test_a_named_number_may_be_added_and_a_default_set() -> None:
    root = setting("strategy.shares.Other=30 %", "zones.steppe.mines=1 /month")
    assert root.strategy.shares["Other"].value == 0.3
    assert root.zones["steppe"].mines.entries[0][1].text == "1 /month"


def test_later_settings_win() -> None:
    assert setting("fleet.size=10", "fleet.size=20").fleet.size.value == 20.0


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "fleet.laod=41 m3",
            "fleet.laod: no such path; given 'laod'; expected a known path; the nearest is 'fleet.load'",
        ),
        ("flet.load=41 m3", "the nearest is 'fleet'"),
        ("towns.Captial.share=1", "the nearest is 'towns.Capital'"),
        ("towns.Capital.depot.capacty=9 ML", "the nearest is 'towns.Capital.depot.capacity'"),
        ("towns.New.share=1", "expected below 'towns': Capital, North"),
        ("zones.forest.effort.7.value=1 /month", "expected below 'zones.forest.effort': 0, 1"),
        ("zones.steppe.mines.low=0 /month", "a number without a mapping"),
        ("fleet.load.value.x=1", "no such path"),
        ("title.x=1", "no such path"),
        ("fleet.load", "not a setting"),
        ("=3", "not a setting"),
        ("fleet.load=", "not a setting"),
        ("fleet.load=[", "not YAML"),
        ("fleet.load=!x 3", "a tag"),
        ("fleet.load=41", "fleet.load.value: a number without a unit"),
        ("fleet.load=41 km", "is not a unit of a volume"),
        ("fleet=3", "fleet: of the wrong kind"),
        ("strategy.shares.Oter=0.3", "unknown corridor"),
        ("=".join(["a" * 5000, "1"]), "no such path"),
        ("fleet.load=" + "[" * 5000, "nested too deeply"),
    ],
)
def test_what_cannot_be_set_is_told_with_the_nearest(text: str, told: str) -> None:
    message = refusal(text)
    assert message.startswith("--set ")
    assert told in message


def test_all_faulty_settings_are_told_at_once() -> None:
    assert refusal("fleet.laod=1", "x", "fleet.size=3.5").count("--set ") == 3
