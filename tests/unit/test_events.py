"""The events of a replication: they add up to what the study says of it, and every kind of them has words."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

import sim
from sim.errors import RequestError
from sim.record import Kind
from sim.results.events import MEANINGS, WHAT
from sim.study.replicate import Events
from sim.view.events import NOTHING, Choice, event_lines, lines_of
from sim.view.words import number, percent, short_date
from tests import build
from tests.files import ROOT, TINY

NUMBER = 3
ALL = Choice(what=WHAT)
UNSEEN = {Kind.LAID, Kind.EFFORT}


@pytest.fixture(scope="module")
def events() -> Events:
    return sim.events(sim.load(TINY), NUMBER)


@pytest.fixture(scope="module")
def measures() -> pd.Series:
    return sim.run(sim.load(TINY), [NUMBER], workers=1).measures.loc[NUMBER]


@pytest.fixture(scope="module")
def everything() -> Events:
    """Events of a country in which every optional part is there and everything is short."""
    return sim.events(build.scenario(build.INLAND, build.EVERYTHING), 2)


@pytest.fixture(scope="module")
def attacked() -> Events:
    """Events in which the only attack is one imposed."""
    return sim.events(sim.load(TINY, sets=["attacks.mode=replayed"]), 0)


def texts(events: Events, choice: Choice) -> list[str]:
    return [line.text for line in lines_of(events, choice)]


def day_of(events: Events, text: str) -> int:
    """Return the day of the first line that holds a text."""
    return next(line.day for line in lines_of(events, ALL) if text in line.text)


def test_the_table_adds_up_to_the_measures(events: Events, measures: pd.Series) -> None:
    table = events.table
    count = table["event"].value_counts()
    ours = table["corridor"] == "Coast"  # the one of imports
    met = {"sprung": "ambushes_sprung", "detected": "ambushes_detected", "let pass": "ambushes_let_pass"}
    met |= {"deterred": "ambushes_deterred", "stopped": "roadblocks"}
    assert {name: float(count[event]) for event, name in met.items()} == {name: measures[name] for name in met.values()}
    assert len(table[ours & (table["event"] == "departed")]) == measures["convoys"] > 10
    assert count["lost"] == measures["tankers_lost"] > 0
    of_meetings = table[table["event"].isin(["sprung", "stopped"])]
    assert of_meetings["number"].sum() == measures["tankers_lost"]
    assert of_meetings["number"].max() == measures["largest_loss"]
    assert (table["replication"] == NUMBER).all()


def test_the_log_tells_what_the_measures_count(events: Events, measures: pd.Series) -> None:
    told = " ".join(texts(events, ALL))
    lost = [int(n) for n in re.findall(r"(\d+) lost|: (?=none)", told) if n]
    taken = [int(n) for n in re.findall(r"(\d+) taken", told)]
    assert sum(lost) + sum(taken) + told.count("it is taken") == measures["tankers_lost"]
    assert len(re.findall("is ambushed|as imposed", told)) == measures["ambushes_sprung"]
    assert sum(int(n) for n in re.findall(r"(\d+) crews? killed", told)) == measures["crews_killed"]
    assert sum(int(n) for n in re.findall(r"(\d+) crews? abducted", told)) == measures["crews_abducted"]


def test_the_log_tells_of_shortages_on_the_days_that_the_measures_have() -> None:
    scenario = sim.load(ROOT / "scenarios" / "tutorial.yaml")
    events, measures = sim.events(scenario, 17), sim.run(scenario, [17], workers=1).measures.loc[17]
    assert day_of(events, "Capital: short of petrol") == measures["first_shortage"] > 0
    assert day_of(events, "Capital: under half of the stations have petrol") == measures["half_shut.Capital"] > 0
    assert day_of(events, "Capital: the first station runs out of petrol") <= measures["half_shut.Capital"]


@pytest.mark.parametrize(
    ("said", "record", "words"),
    [("EV-1", True, "as on record"), ("EV-1", False, "as imposed"), ("assumption", True, "as imposed")],
)
def test_only_a_recorded_attack_of_the_record_is_told_as_on_record(
    attacked: Events, said: str, record: bool, words: str
) -> None:
    root = attacked.scenario.root
    bridge = root.attacks.replayed["bridge"]
    bridge = bridge.model_copy(update={"at": replace(bridge.at, source=said)})
    attacks = root.attacks.model_copy(update={"replayed": {"bridge": bridge}})
    other = replace(attacked.scenario, root=root.model_copy(update={"attacks": attacks, "record": record}))
    told = " ".join(texts(replace(attacked, scenario=other), Choice(("attacks",))))
    assert re.findall("as on record|as imposed", told) == [words]


@pytest.mark.parametrize(("record", "words"), [(True, "; on record it had"), (False, "; as listed it has")])
def test_a_convoy_that_lacks_tankers_is_one_on_record_only_where_the_run_is(
    everything: Events, record: bool, words: str
) -> None:
    root = everything.scenario.root.model_copy(update={"record": record})
    other = replace(everything, scenario=replace(everything.scenario, root=root))
    told = " ".join(texts(other, Choice(("convoys",))))
    assert {*re.findall("; on record it had|; as listed it has", told)} == {words}


def test_the_head_says_what_was_run_and_how_a_town_stood() -> None:
    scenario = sim.load(TINY, sets=["fleet.size=60"])
    events = sim.events(scenario, NUMBER)

    def head(choice: Choice | None = None) -> str:
        return " ".join(" ".join(event_lines(events, choice)).split())

    assert f"Strategy: {scenario.root.strategy.label}. Laid on: fleet.size=60." in head()
    assert "of stations open" not in head()
    assert "Capital on 20 January: " in head(Choice(since=date(2025, 1, 20)))
    run = sim.run(scenario, [NUMBER], workers=1)
    row = run.towns.query("town == 'North' and day == 19").iloc[0]
    stock = number(row["stock"] + row["station_stock"])
    said = f"{percent(row['open_share'])} of stations open, {stock} m³ in depot and stations at its end"
    assert f"North on 20 January: {row['product']}: {said}" in head(Choice(since=date(2025, 1, 20), town="North"))
    assert "North on 1 January: " in head(Choice(town="North"))


def test_both_engines_tell_the_same(events: Events) -> None:
    other = sim.events(sim.load(TINY), NUMBER, engine="simpy")
    pd.testing.assert_frame_equal(events.table, other.table)
    assert [*event_lines(events)] == [*event_lines(other)]


def test_every_tanker_of_a_convoy_arrives_at_a_town_that_the_corridor_serves(everything: Events) -> None:
    table, root = everything.table, everything.scenario.root
    arrived = table[table["event"] == "reached"]
    assert set(arrived["town"]) == {"Capital", "North"}
    for corridor, towns in arrived.groupby("corridor", observed=True)["town"]:
        assert set(towns) <= set(root.corridors[corridor].serves)


def test_every_kind_of_event_has_a_row_and_no_ambush_that_nobody_met_has_one(everything: Events) -> None:
    kinds = {Kind(kind) for kind in everything.record.log["kind"]}
    assert kinds >= {*MEANINGS}, "the country in which everything happens"
    assert Kind.LAID in kinds
    assert {*MEANINGS} == {*Kind} - UNSEEN
    rows = len(everything.record.log["kind"]) - (everything.record.log["kind"] == Kind.LAID).sum()
    assert len(everything.table) == rows
    assert "laid" not in " ".join(texts(everything, ALL))


def test_single_things_are_named_in_their_columns(everything: Events) -> None:
    table = everything.table
    for kind, meaning in MEANINGS.items():
        rows = table[table["event"] == meaning.word]
        if rows.empty or kind == Kind.TURNED_BACK:
            continue
        for column in (meaning.serial, meaning.value):
            if column in table.columns:
                assert rows[column].notna().all(), (kind, column)
        assert (rows["of"].dropna() == meaning.value).all()
    back = table[table["event"] == "turned back"]
    assert (back["convoy"].isna() != back["tanker"].isna()).all()
    assert back["number"].ge(1).all()


@pytest.mark.parametrize("what", WHAT)
def test_each_kind_can_be_asked_for_alone(everything: Events, what: str) -> None:
    lines = [*lines_of(everything, Choice((what,)))]
    assert lines
    assert {line.what for line in lines} == {what}


def test_lines_come_in_order_of_time_and_a_day_is_told_at_its_end(everything: Events) -> None:
    times = [line.time + 24.0 * line.whole_day for line in lines_of(everything, ALL)]
    assert times == sorted(times)
    lines = [*event_lines(everything, ALL)]
    assert max(map(len, lines)) <= 100
    assert all("{" not in line and "nan" not in line for line in lines)


def test_days_and_places_can_be_chosen(events: Events) -> None:
    lines = [*lines_of(events, Choice(WHAT, date(2025, 1, 20), date(2025, 1, 21)))]
    assert {line.day for line in lines} == {19, 20}
    assert [line for line in lines if "Capital" not in line.places]
    there = [*lines_of(events, Choice(WHAT, date(2025, 1, 20), date(2025, 1, 21), "North"))]
    assert there == [line for line in lines if "North" in line.places]
    assert 0 < len(there) < len(lines)


def test_nothing_is_said_to_be_nothing(events: Events) -> None:
    assert [*event_lines(events, Choice(("crews",), date(2025, 1, 2), date(2025, 1, 2)))][-1] == NOTHING


@pytest.mark.parametrize(
    ("choice", "told"),
    [
        (Choice(("convoy",)), "no events of kind 'convoy'; expected a known name; the nearest is 'convoys'"),
        (Choice(town="Nort"), "no town 'Nort'; expected a known name; the nearest is 'North'"),
        (Choice(since=date(2025, 2, 1)), "no events on 2025-02-01; expected a day from 2025-01-01 to 2025-01-31"),
        (Choice(until=date(2024, 1, 1)), "no events on 2024-01-01; expected a day from"),
        (Choice(since=date(2025, 1, 9), until=date(2025, 1, 8)), "no events from 2025-01-09 to 2025-01-08"),
    ],
)
def test_what_cannot_be_told_is_refused(events: Events, choice: Choice, told: str) -> None:
    with pytest.raises(RequestError) as refusal:
        lines_of(events, choice)
    assert told in str(refusal.value)


@pytest.mark.parametrize("number", [-1, 2**32])
def test_a_replication_that_cannot_be_is_refused(number: int) -> None:
    with pytest.raises(RequestError, match=f"replication is {number}; expected the number of a replication, from 0"):
        sim.events(sim.load(TINY), number)


def test_a_run_over_the_end_of_a_year_says_the_year(events: Events) -> None:
    scenario = sim.load(TINY, sets=["end=day 366"])
    later = replace(events, scenario=scenario)
    assert " 2025 " in [*event_lines(later)][3]
    assert short_date(date(2025, 1, 1)) in [*event_lines(events, ALL)][3]


def test_the_log_is_what_is_told(events: Events) -> None:
    assert sim.told(events).splitlines() == [*event_lines(events)]


def test_a_station_that_a_rule_closes_has_not_run_out(events: Events) -> None:
    closed = events.table[events.table["event"] == "dry"]
    assert set(closed["time"]) == {19 * 24.0}, "no other is ever dry"
    assert len(closed) == 2, "a tenth of 20"
    assert "out of petrol" not in " ".join(texts(events, ALL))
