"""The replay's data against the record they come from: ways, meetings, queues, the moment at which two films part."""

import html
import json
import re
import zlib
from base64 import b64decode
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

import sim
from sim.plan import build
from sim.record import Kind
from sim.results.measures import MAIN
from sim.rules.road import arrival
from sim.view.figures.sides import sides
from sim.view.replay import replay_parts
from sim.view.replay.film import HIT, NIGHT, film, minute, parting
from sim.view.replay.ground import Ground
from sim.view.replay.packing import packed, steps
from sim.view.replay.picks import picks
from sim.view.replay.words import page_words
from sim.view.report.marks import colour, dashes
from tests.replays import bare

STRATEGIES = ("none", "army")


def unpacked(data):
    """Return the columns that were packed, as the player reads them."""
    raw, place, columns = zlib.decompress(b64decode(data["bytes"])), 0, {}
    for name, kind, count in data["columns"]:
        values = np.frombuffer(raw, f"<{kind}", count, place)
        place += values.nbytes
        columns[name] = values.astype(np.int64)
    return columns


@pytest.fixture(scope="module")
def comparison():
    return sim.compare("tutorial", STRATEGIES, replications=6)


@pytest.fixture(scope="module")
def films(comparison):
    """Films of two strategies and of some replications, which among them have all that can happen to a party."""
    ground = Ground(tuple(each.scenario.root for each in comparison.alternatives))
    return {
        (each.name, replication): film(each.plan, ground, 1, replication)
        for each in comparison.alternatives
        for replication in (3, 5)
    }


@pytest.fixture(scope="module")
def war():
    """A film of 122 days in which stations sell two products, and its ground."""
    scenario = sim.load("blockade-2025")
    ground = Ground((scenario.root,))
    return film(build(scenario), ground, 1, 0), ground


def sums(columns, name):
    return np.cumsum(columns[name])


def test_parties_end_as_and_when_the_record_has_it(films):
    seen = {"knocked": 0, "turned": 0, "ended": 0, "arrived": 0}
    for made in films.values():
        convoys = made.record.convoys
        for k, trip in enumerate(made.trips):
            assert (trip.convoy, trip.tankers) == (convoys["convoy"][k], convoys["tankers"][k])
            assert sum(meeting.lost for meeting in trip.meetings) == convoys["lost"][k]
            assert sum(trip.drops) == convoys["arrived"][k]
            if convoys["days"][k] == convoys["days"][k] and not trip.ended:
                end = trip.home if trip.turned else trip.times[-1]
                assert end == pytest.approx(convoys["departed"][k] + 24 * convoys["days"][k], abs=1e-6)
            seen["knocked"] += sum(meeting.knocked > 0 for meeting in trip.meetings)
            seen["turned"] += trip.turned
            seen["ended"] += trip.ended
            seen["arrived"] += sum(trip.drops) > 0
    assert min(seen.values()) > 0, seen


def test_a_party_drives_its_roads_in_order_and_meets_what_lies_on_them(films):
    for made in films.values():
        plan = made.record.plan
        for trip in made.trips:
            roads = plan.corridors.roads[trip.corridor]
            assert trip.times[0] >= 0 and all(before <= after for before, after in pairwise(trip.times))
            assert 1 <= len(trip.times) - 1 <= len(roads)
            for meeting in trip.meetings:
                leg = roads.index(meeting.road)
                assert trip.times[leg] - 1e-9 <= meeting.time <= trip.times[leg + 1] + 1e-9


def test_a_road_takes_the_time_of_its_pace_and_halts_at_night(films):
    made = films["army", 3]
    plan, halted = made.record.plan, 0
    day = plan.driving.day_from, plan.driving.day_to
    for trip in (trip for trip in made.trips if trip.halts and not trip.meetings and len(trip.times) > 1):
        time, end = trip.times[0] + plan.begin, trip.times[1] + plan.begin
        road = plan.corridors.roads[trip.corridor][0]
        # At twice, and at half the pace of an escorted convoy: between them lies every day's.
        length = plan.roads.length[road]
        quick, slow = (arrival(time, length / (part * plan.driving.escorted), True, *day) for part in (4.0, 0.2))
        assert quick < end < slow
        halted += end - time > 24
    assert halted


def test_arrivals_stand_in_the_log(films):
    """Every drop is of a party whose tankers the log has reach that town in that minute."""
    for made in films.values():
        log, plan = made.record.log, made.record.plan
        rows = log["kind"] == Kind.REACHED
        reached = {}
        for entity, town, time in zip(*(log[name][rows].tolist() for name in ("entity", "value", "time")), strict=True):
            key = plan.corridors.entity.index(entity), int(town), round(time * 60)
            reached[key] = reached.get(key, 0) + 1
        for trip in made.trips:
            for k, count in enumerate(trip.drops):
                if count:
                    key = trip.corridor, plan.corridors.stops[trip.corridor][k], round(trip.times[k + 1] * 60)
                    assert reached[key] >= count
                    reached[key] -= count


def test_the_columns_say_what_the_trips_do(films):
    made = films["army", 3]
    columns = unpacked(packed(made.columns))
    legs = iter(columns["legs"].tolist())
    for k, (start, roads) in enumerate(zip(sums(columns, "departed").tolist(), columns["roads"].tolist(), strict=True)):
        times = np.cumsum([start, *(next(legs) for _ in range(roads))])
        assert times.tolist() == [minute(time) for time in made.trips[k].times]
        assert bool(columns["bits"][k] & NIGHT) == made.trips[k].halts
    assert columns["met_lost"].sum() == made.record.encounters["lost"].sum()
    assert np.count_nonzero(columns["met_what"] == HIT) == np.count_nonzero(made.record.log["kind"] == Kind.SPRUNG)
    flows = made.record.flows
    for column, ours in (("departed", "left"), ("lost", "lost")):
        assert columns[ours].sum() == flows[column].sum()


def test_queues_hold_the_tanker_days_of_the_flows(films):
    for made in films.values():
        plan, columns, flows = made.record.plan, made.columns, made.record.flows
        hours = np.zeros((plan.days * 24 + 1,))
        for hour, place, count in zip(
            sums(columns, "wait_hour"), columns["wait_place"], columns["wait_tankers"], strict=True
        ):
            if place == min(columns["wait_place"]):
                hours[hour:] = count
        causes = ("waiting_closed", "waiting_refusal", "waiting_escort", "waiting_rule")
        waited = sum(flows[cause] for cause in causes).reshape(plan.days, -1)
        ours = hours[:-1].reshape(plan.days, 24).mean(axis=1)
        # A tanker that comes within an hour waits from the full hour on.
        assert np.abs(waited - ours[:, None]).max(axis=0).min() < 1.0


def test_both_strategies_have_the_same_laid_ambushes(films):
    for replication in (3, 5):
        first, second = (films[name, replication].columns for name in STRATEGIES)
        assert len(first["laid_road"]) > 0
        for name in ("laid_road", "laid_from", "laid_until"):
            assert first[name].tolist() == second[name].tolist()


def test_two_films_part_at_the_first_event_that_is_not_in_both(films):
    for replication in (3, 5):
        first, second = (films[name, replication] for name in STRATEGIES)
        part = parting(first, second)
        assert part is not None
        events = [
            {tuple(event) for event in each.log.tolist() if event[0] * 60 < limit}
            for limit in (part, part + 1.001)
            for each in (first, second)
        ]
        assert events[0] == events[1] and events[2] != events[3]
        assert parting(first, first) is None
    parties = [[trip for trip in each.trips if trip.times[0] * 60 < part] for each in (first, second)]
    assert [trip.tankers for trip in parties[0]] == [trip.tankers for trip in parties[1]]


def test_the_median_the_worst_and_the_best_are_shown(comparison):
    values = sum(comparison.of[name][MAIN] for name in STRATEGIES)
    chosen, undefined = picks(comparison)
    median, worst, best = (pick.replication for pick in chosen)
    assert undefined == 0
    assert values[best] == values.min() and values[worst] == values.max()
    assert values.sort_values().iloc[2] == values[median]
    for pick in chosen:
        assert pick.measure == "Days with under half the stations open"
        assert pick.values == tuple(str(round(comparison.of[name][MAIN][pick.replication])) for name in STRATEGIES)


def test_two_films_part_with_the_day_on_which_stocks_differ_though_no_event_does(films):
    first = films["none", 3]
    stock = np.reshape(first.columns["stock"], (60, -1)).copy()
    stock[7, 1] += 1
    other = replace(first, columns={**first.columns, "stock": stock})
    assert parting(first, other) == parting(other, first) == 7 * 1440


def test_replications_without_the_measure_are_counted_and_another_takes_its_place(comparison):
    measures = comparison.measures.copy()
    measures.loc[("none", [1, 4]), MAIN] = np.nan
    chosen, undefined = picks(replace(comparison, measures=measures))
    assert undefined == 2 and not {1, 4} & {pick.replication for pick in chosen}
    words = page_words(2, same=True, full=False, undefined=undefined, product="petrol")
    assert "they are not among these" in words["undefined"]
    measures["never"] = np.nan
    measures[MAIN] = comparison.measures[MAIN]
    chosen, undefined = picks(replace(comparison, measures=measures, goal="never"))
    assert len(chosen) == 3 and undefined == 0


def test_what_has_no_room_is_left_out_and_the_page_says_so(comparison, monkeypatch):
    monkeypatch.setattr("sim.view.replay.ROOM", 3_000)
    again = replace(comparison.alternatives[1], name="again")
    three = replace(comparison, alternatives=(*comparison.alternatives, again))
    tables = comparison.measures.loc[["army"]].rename(index={"army": "again"}, level="alternative")
    parts = replay_parts(replace(three, measures=pd.concat((comparison.measures, tables))))
    assert parts is not None and "are left out" in parts.html
    assert [len(films) for films in parts.data["films"]] == [2] and len(parts.data["alternatives"]) == 2


def test_ambushes_that_differ_are_not_called_the_same():
    calm = sim.load("tutorial", sets="zones.savanna.effort*=0.5")
    parts = replay_parts(sim.compare({"as it is": sim.load("tutorial"), "calm": calm}, replications=2))
    assert parts is not None
    assert "do not lay the same ambushes" in parts.html and "the same ambushes are laid" not in parts.html


def test_parts_of_a_comparison(comparison):
    parts = replay_parts(comparison)
    assert parts is not None
    data = json.loads(json.dumps(parts.data))
    assert [len(films) for films in data["films"]] == [2, 2, 2]
    assert len(data["picks"]) == len(data["parts"]) == 3
    assert data["first"] == [0, 1]
    assert len(data["dates"]) == data["days"] == 60
    assert data["ground"]["borders"] == []  # an invented country
    assert "the same ambushes are laid" in parts.html and "left out" not in parts.html
    assert not re.search(r"\s(style|on\w+)=", parts.html)  # a page's policy forbids both


def test_a_long_war_takes_little_room(war):
    """122 days with some 2,100 parties: two films together stay far below a megabyte."""
    made, ground = war
    assert len(made.trips) > 1500 and made.record.plan.days == 122
    size = len(json.dumps(made.data()))
    assert 2 * size + len(json.dumps(ground.data())) < 200_000
    assert {"Mali", "Guinea"} <= {name for name, *_ in ground.data()["countries"]}
    with sim.speaking("fr"):
        assert "Guinée" in {name for name, *_ in ground.data()["countries"]}
        assert ground.data()["source"].endswith("domaine public")


def test_names_are_escaped_and_the_language_is_kept():
    hostile = "<img src=x onerror=alert(1)>"
    hub = sim.load("tutorial").root.hub
    comparison = sim.compare({hostile: sim.load("tutorial"), "calm": sim.load("tutorial")}, replications=2)
    parts = replay_parts(comparison)
    assert parts is not None
    assert hostile in parts.data["alternatives"] and hostile not in parts.html
    page = bare(parts)
    assert "<img" not in page and html.escape(hostile) not in parts.data["alternatives"]
    with sim.speaking("fr"):
        data = replay_parts(sim.run("tutorial", 2)).data
    assert data["language"] == "fr" and data["alternatives"] == ["Le scénario"]
    assert data["messages"]["strip_open"].startswith("Stations ouvertes, essence") and data["names"] == {"town": hub}


def test_strategies_have_the_colours_and_dashes_of_the_charts(comparison):
    parts = replay_parts(comparison)
    assert parts is not None
    for side, look in zip(sides(comparison), parts.data["looks"], strict=True):
        assert (look["colour"], look["signs"]) == (colour(side.look), colour(side.look))
        assert look["dash"] == dashes(side.look) and f"--c-{side.look.colour[1:]}:" in parts.css
    assert [look["pale"] for look in parts.data["looks"]] == [False, True]  # black, and orange, which needs an edge


def test_the_stock_is_that_of_the_product_of_which_stations_are_told(war):
    made, _ = war
    plan, towns = made.record.plan, made.record.towns
    rows = (towns["product"] == plan.lead) & (towns["town"] == plan.hub)
    hub = list(dict.fromkeys(towns["town"].tolist())).index(plan.hub)
    stock = (towns["stock"] + towns["station_stock"])[rows]
    shown = {
        name: np.reshape(made.columns[name], (plan.days, -1))[:, hub] for name in ("open", "stock", "depot", "cover")
    }
    assert shown["depot"] == pytest.approx(towns["stock"][rows], abs=0.5)
    assert shown["stock"] == pytest.approx(stock, abs=0.5)
    assert shown["cover"] == pytest.approx(10 * stock / towns["need"][rows], abs=0.51)
    assert shown["open"] == pytest.approx(1000 * towns["open_share"][rows], abs=0.5)
    both = (towns["stock"] + towns["station_stock"])[towns["town"] == plan.hub].reshape(plan.days, -1).sum(axis=1)
    assert (shown["stock"] < both - 1).any()


def test_a_town_to_which_no_corridor_leads_is_named(comparison, war):
    _, ground = war
    assert ground.unserved == ["Gao"]
    assert [ground.data()["places"][place][0] for place in ground.data()["unserved"]] == ["Gao"]
    assert "(Gao)" in page_words(2, same=True, full=False, undefined=0, product="", unserved=["Gao"])["unserved"]
    assert replay_parts(comparison).html.count("no corridor of the scenario") == 0


def test_columns_come_back_as_they_were():
    columns = {"a": [0, 255], "b": [-1, 70_000, 3], "c": [65_535], "d": []}
    assert {name: values.tolist() for name, values in unpacked(packed(columns)).items()} == columns
    assert steps([3, 5, 4]).tolist() == [3, 2, -1]
    with pytest.raises(OverflowError, match="does not fit"):
        packed({"a": [2**40]})
