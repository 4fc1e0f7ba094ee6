"""Settings by ``--set``."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from sim.plan import build
from sim.rules.steps import at as steps_at
from sim.scenario.load import load
from sim.scenario.schema import Root
from sim.world.nature import given_plan, nature
from tests.files import SCENARIOS, TINY
from tests.refusals import refusal


def setting(*sets: str) -> Root:
    return load(TINY, sets=sets).root


def refused(*sets: str) -> str:
    return str(refusal(load, TINY, sets=sets))


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


def test_a_list_by_date_is_replaced_by_a_list_only() -> None:
    effort = setting("zones.forest.effort=[1 /month]").zones["forest"].effort
    assert effort is not None
    assert effort.constant
    for text in ("=1 /month", ".value=1 /month", "={value: 1 /month}"):
        message = refused(f"zones.forest.effort{text}")
        assert "would wipe its dates" in message
        assert (
            "the path of an entry (zones.forest.effort.0, zones.forest.effort@2025-01-11), or a whole list" in message
        )


def entries(root: Root, path: str = "army") -> list[tuple[str | None, float, float | None, str]]:
    """Return date, value, high and key of a pool's units."""
    return [
        (since.text if since else None, number.value, number.high, number.key)
        for since, number in root.escorts.pools[path].units.entries
    ]


ARMY = "escorts.pools.army.units"
RANGE = f"{ARMY}={{value: 4, low: 2, high: 6}}"


def test_a_setting_from_a_date_adds_an_entry_in_order() -> None:
    root = setting(RANGE, f"{ARMY}@2025-01-20=7", f"{ARMY}@day 3=5", f"{ARMY}@2025-01-04.value=6")
    first, second, third = entries(root)
    assert first == (None, 4.0, 6.0, ARMY)
    assert second == ("day 3", 6.0, None, f"{ARMY}@2025-01-04")
    assert third == ("2025-01-20", 7.0, None, f"{ARMY}@2025-01-20")
    added = root.escorts.pools["army"].units.entries[2][1]
    assert (added.source, added.why) == ("assumption", "set on the command line")


def test_an_entry_is_addressed_by_its_date_however_that_is_written() -> None:
    effort = setting("zones.forest.effort@2025-01-11.high=9 /month").zones["forest"].effort
    assert effort is not None
    assert (len(effort.entries), effort.entries[1][1].high) == (2, 9 / 730.5)
    assert setting("strategy.imports@2025-01-10.longest_wait=9 h").strategy.imports[1].longest_wait.value == 9.0


def test_a_factor_scales_value_and_range_and_keeps_the_draw() -> None:
    assert entries(setting(RANGE, f"{ARMY}*=1.5")) == [(None, 6.0, 9.0, ARMY)]
    assert setting("fleet.load*=110 %").fleet.load.text == "49.5 m3"
    before, after = setting().zones["forest"].effort, setting("zones.forest.effort*=2").zones["forest"].effort
    assert before is not None
    assert after is not None
    for (since, old), (when, new) in zip(before.entries, after.entries, strict=True):
        assert (since, old.key, old.law) == (when, new.key, new.law)
        assert (new.value, new.high) == pytest.approx((2 * old.value, old.high and 2 * old.high))


def test_a_factor_from_a_date_keeps_the_draw_of_the_number_then_in_force() -> None:
    assert entries(setting(RANGE, f"{ARMY}@day 9*=2")) == [(None, 4.0, 6.0, ARMY), ("day 9", 8.0, 12.0, ARMY)]
    twice = entries(setting(RANGE, f"{ARMY}@day 9*=2", f"{ARMY}@day 12*=2", f"{ARMY}@2025-01-10*=0.5"))
    assert twice == [(None, 4.0, 6.0, ARMY), ("day 9", 4.0, 6.0, ARMY), ("day 12", 8.0, 12.0, ARMY)]
    stopped = setting("zones.forest.effort@day 20*=0").zones["forest"].effort
    assert stopped is not None
    assert (stopped.entries[2][1].text, stopped.entries[2][1].certain) == ("0 /month", True)
    named = setting(f"{ARMY}={{value: 4, low: 2, high: 6, draw: mine}}", f"{ARMY}@day 9*=2")
    assert [key for *_, key in entries(named)] == ["mine", "mine"]


def test_a_default_may_be_scaled_and_dated() -> None:
    root = setting("attacks.adaptive.fading*=2", "zones.steppe.mines@day 4=1 /month")
    assert (root.attacks.adaptive.fading.text, root.attacks.adaptive.fading.high) == ("120 days", 240 * 24.0)
    assert [number.text for _, number in root.zones["steppe"].mines.entries] == ["0 /month", "1 /month"]


def test_who_set_each_entry_is_known() -> None:
    scenario = load(TINY, sets=[RANGE, f"{ARMY}@day 9*=2"])
    origins = [str(scenario.origins[*ARMY.split("."), position]) for position in ("0", "1")]
    assert origins == [f"sets {RANGE}", f"sets {ARMY}@day 9*=2"]


def test_other_values_are_set_as_they_are() -> None:
    root = setting("willingness.on=off", "strategy.name=mine", "escorts.pools.wing.serves=[]", "end=2025-01-20")
    assert (root.willingness.on, root.strategy.name, root.escorts.pools["wing"].serves) == (False, "mine", [])
    assert root.end.text == "2025-01-20"


def test_null_removes() -> None:
    assert setting("marks.embargo=null").marks == {}


@pytest.mark.parametrize("path", ["zones.forest.effort@day 10", "zones.forest.effort.1"])
def test_null_takes_an_entry_away(path: str) -> None:
    effort = setting(f"{path}=null").zones["forest"].effort
    assert effort is not None
    assert [since for since, _ in effort.entries] == [None]


@pytest.mark.parametrize(("positions", "days"), [("*1", range(2, 11)), ("11", range(1, 11))])
def test_null_takes_away_what_stood_at_a_position(positions: str, days: range) -> None:
    entries = ", ".join(f"{{from: day {day}, value: 1 /month}}" for day in (*range(1, 12), 99))
    given = f"zones.forest.effort=[0 /month, {entries}]"
    effort = setting(given, f"zones.forest.effort.{positions}=null").zones["forest"].effort
    assert effort is not None
    assert [since.text for since, _ in effort.entries if since] == [*(f"day {k}" for k in days), "day 99"]


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
        ("fleet.load@day 3=41 m3", "fleet.load@day 3: a date where none is due; given 'load@day 3'; expected 'load'"),
        ("zones.forest.efort@day 3=4 /month", "the nearest is 'zones.forest.effort'"),
        ("zones.forest.effort@3=4 /month", "not a date after '@'; given '3'; expected a date such as 2025-09-03"),
        ("zones.forest.chance@day 3=0.1", "no number to begin with"),
        ("zones.forest.effort@day 3.high=4 /month", "no entry of this date; given 'effort@day 3'; expected one of"),
        ("zones.forest.effort@day 3=null", "no entry of this date"),
        ("strategy.imports@day 3.min=4", "no entry of this date"),
        ("fleet.load*=2 m3", "fleet.load: not a factor; given '2 m3'; expected a factor such as 2, 0.5 or 150 %"),
        ("fleet.load*=-2", "a factor out of range"),
        ("fleet.load*=50", "fleet.load.value: out of range"),
        ("fleet.load.high*=2", "no number to multiply"),
        ("fleet*=2", "no number to multiply"),
        ("start*=2", "no number to multiply"),
        ("zones.forest.chance*=2", "nothing to multiply"),
        ("escorts.pools.army.units*=0.3", "not a whole number; given 3 times 0.3 is 0.9"),
        ("strategy.shares.Oter=0.3", "unknown corridor"),
        ("=".join(["a" * 5000, "1"]), "no such path"),
        ("fleet.load=" + "[" * 5000, "nested too deeply"),
    ],
)
def test_what_cannot_be_set_is_told_with_the_nearest(text: str, told: str) -> None:
    message = refused(text)
    assert message.startswith("sets ")
    assert told in message


def test_all_faulty_settings_are_told_at_once() -> None:
    assert refused("fleet.laod=1", "x", "fleet.size=3.5").count("sets ") == 3


TWO = [RANGE, "escorts.pools.wing.units=[{value: 0}, {from: 2025-01-15, value: 1}]"]
POOLS = "escorts.pools.*.units"


@pytest.mark.parametrize("date", ["2025-01-10", "2025-01-15", "2025-01-20"])
def test_a_factor_from_a_date_doubles_all_that_holds_from_then_on_and_nothing_before(date: str) -> None:
    before, after = (build(load(TINY, sets=sets)) for sets in (TWO, [*TWO, f"{POOLS}@{date}*=2"]))
    at = (datetime.fromisoformat(date) - datetime(2025, 1, 1)) / timedelta(hours=1)
    warmup = 7 * 24.0
    for replication in range(6):
        old, new = (given_plan(plan, nature(plan, 1, replication)).escorts.units for plan in (before, after))
        for single, doubled in zip(old, new, strict=True):
            for day in range(31):
                factor = 2.0 if 24.0 * day >= at else 1.0
                time = warmup + 24.0 * day
                assert steps_at(*doubled, time) == factor * steps_at(*single, time)


def test_a_wildcard_stands_for_all_names_or_those_that_fit() -> None:
    root = setting(f"{POOLS}@day 3=5", "corridors.*oa*.turnaround=3 h", "strategy.shares.**=0.5", "strategy.shares.*=1")
    assert [entries(root, name)[1][:2] for name in ("army", "wing")] == [("day 3", 5.0)] * 2
    assert root.corridors["Coast"].turnaround.value == 3.0
    assert root.corridors["Savanna"].turnaround.value == 0.0
    assert [share.value for share in root.strategy.shares.values()] == [1.0, 1.0]
    assert setting("strategy.imports.*.min=7").strategy.imports[1].min.value == 7
    assert setting("zones.*.chance*=0.5").zones["steppe"].chance.entries[0][1].text == "2.5 %"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("escorts.pools.x*.units*=2", "a wildcard that fits nothing; given 'x*'; expected one of army, wing"),
        ("escort.*.units=2", "no such path; given 'escort'; expected a known name; the nearest is 'escorts'"),
        ("escorts.pools.*.unit=2", "the nearest is 'escorts.pools.army.units'"),
        ("escorts.pools.units*=2", "a name between, or * for all: 'escorts.pools.*.units'"),
        ("users.*.tank.*=2 d", "a wildcard that fits nothing"),
        ("corridors.*.fleet*=2 km", "not a factor"),
        (
            "corridors.*.customs@2025-01-14*=2",
            "corridors.Coast.customs@2025-01-14: a factor from a date at which an entry may or may not hold; "
            "given 2025-01-14; expected before 2025-01-12 or after 2025-01-18",
        ),
        ("corridors.Coast.customs@2025-01-15*=2", "a factor from a date at which an entry may or may not hold"),
    ],
)
def test_a_wildcard_or_date_that_cannot_be_is_told(text: str, told: str) -> None:
    assert told in refused(text)


@pytest.mark.parametrize("date", ["2025-01-12", "2025-01-18"])
def test_an_uncertain_date_may_begin_or_end_where_a_factor_does(date: str) -> None:
    customs = setting(f"corridors.Coast.customs@{date}*=2").corridors["Coast"].customs
    values = [number.value for _, number in customs.entries]
    assert values == [24, 48, 96]  # until the 18th half of it: the day of the second entry is drawn
    assert [since.certain for since, _ in customs.entries if since] == [date == "2025-01-12", date == "2025-01-18"]


def test_a_wildcard_that_touches_only_what_nothing_reads_is_noted() -> None:
    path, army = SCENARIOS / "blockade-2025.yaml", SCENARIOS / "strategies" / "army.yaml"
    foreign = load(path, army, "escorts.pools.foreign *.units@2025-10-01*=2").notes
    assert [str(note).split(": ")[1] for note in foreign] == [
        "escorts.pools.foreign ground.units",
        "escorts.pools.foreign air.units",
    ]
    assert all(str(note).startswith("sets escorts.pools.foreign *") for note in foreign)
    assert load(path, army, "escorts.pools.*.units@2025-10-01*=2").notes == ()
    assert len(load(path, army, "escorts.pools.foreign air.units@2025-10-01=2").notes) == 1
