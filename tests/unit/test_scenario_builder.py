"""Scenarios without a file: a small country from a few arguments, a scenario or an overlay from a dict."""

from __future__ import annotations

import inspect
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.errors import ScenarioError
from sim.scenario.load import Scenario
from tests.calls import convoi
from tests.refusals import refusal

FIVE = {
    "towns": ["Capital", "North", "East"],
    "ports": ["Harbour", "Quay"],
    "need": "0.8 ML/day",
    "attacks": 6,
    "escorts": 3,
}


@pytest.fixture(scope="module")
def country() -> Scenario:
    return sim.scenario(**FIVE)  # type: ignore[arg-type]


def test_three_towns_and_two_ways_in(country: Scenario) -> None:
    root = country.root
    assert [*root.towns] == FIVE["towns"]
    assert [*root.corridors] == ["from Harbour", "from Quay", "to North", "to East"]
    assert root.products["petrol"].need.value == pytest.approx(800 / 24)
    assert root.zones["road from abroad"].effort.entries[1][1].text == "12 /month"  # type: ignore[union-attr]
    assert root.escorts.pools["army"].units.entries[0][1].value == 3
    assert country.notes == ()
    assert (country.name, country.laid, [file.name for file in country.files]) == ("Country", (), ["common.yaml"])
    assert len(sim.run(country, 2, engine="simpy").measures) == 2


def test_it_is_what_convoi_new_writes(country: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:

    monkeypatch.chdir(tmp_path)
    given = "new own --towns Capital,North,East --ports Harbour,Quay --need 0.8 --attacks 6 --escorts 3"
    assert convoi(*given.split()).exit_code == 0
    assert sim.load("own").digest == country.digest


def test_written_it_loads_as_the_same(country: Scenario, tmp_path: Path) -> None:
    laid = sim.load(country, [{"fleet": {"size": 200}}], "crews.killed=5 %")
    for name, scenario in (("own", country), ("laid", laid)):
        text = scenario.to_yaml(tmp_path / f"{name}.yaml")
        again = sim.load(tmp_path / f"{name}.yaml")
        assert (again.digest, again.merged, again.to_yaml()) == (scenario.digest, scenario.merged, text)


def test_shares_and_parts_by_name() -> None:
    country = sim.scenario(
        {"Capital": 0.7, "North": {"share": 0.3, "stations": {"count": np.int64(5)}}, "East": None},
        {"Harbour": 0.6, "Quay": 0.4},
        {"value": "0.5 ML/day", "source": "assumption", "why": "known"},
        "3 /week",
        {"pools": {"army": {"units@day 30": 9}}},
        start=date(2031, 5, 1),
        days=90,
        fleet={"size": 150},
        inland=None,
    )
    root = country.root
    assert (root.towns["North"].stations.count.value, root.towns["Capital"].share.value) == (5, 0.7)
    assert [corridor.share.entries[0][1].value for corridor in root.corridors.values()][:2] == [0.6, 0.4]
    assert root.corridors["from Quay"].fleet.value == pytest.approx(0.36)
    assert root.products["petrol"].need.certain
    assert [number.value for _, number in root.escorts.pools["army"].units.entries] == [4, 9]
    assert (country.start.date(), country.end.date()) == (date(2031, 5, 1), date(2031, 7, 30))
    assert (root.fleet.size.value, root.inland.policy) == (150, "proportional")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"fleet": {"sise": 3}}, "fleet: fleet.sise: unknown key; given 'sise'; expected a known name; the nearest"),
        ({"fleat": {}}, "fleat: fleat: unknown key; given 'fleat'; expected a known name; the nearest is 'fleet'"),
        ({"towns": {"A": 2}}, "towns: towns.A.share: out of range; given 2; expected 0 to 1: Weight of the town"),
        ({"towns": ["A", 3]}, "towns: not names; given a list of 2; expected one name or more"),
        ({"towns": ["A.b"]}, "not a name: 'A.b'; expected up to 40 letters"),
        ({"ports": {"P": "60 %"}}, "ports: not a share; given '60 %'; expected a number from 0 to 1"),
        ({"hub": None}, "scenario: hub: missing; given nothing; expected text: Town whose stations"),
        ({"ports": []}, "ports: not names; given an empty list"),
        ({"need": "3 kg"}, "need: unknown unit 'kg'; given '3 kg'; expected a volume rate such as '3.3 ML/day'"),
        ({"need": -1}, "need: out of range; given '-1 ML/day'; expected 0 ML/day to 2400 ML/day"),
        ({"attacks": True}, "attacks: not a number; given yes; expected a rate such as '9 /month'"),
        ({"escorts": 1.5}, "escorts: not a count; given 1.5; expected a whole number from 0 to 500"),
        ({"start": "10/11/2030"}, "start: not a date; given '10/11/2030'; expected a date such as 2025-09-03"),
        ({"title": ""}, "title: no title; given ''; expected a few words"),
        ({"hub": "Nowhere"}, "hub: hub: unknown town; given 'Nowhere'; expected one of Capital, Hilltown"),
        ({"crews": {"killed": object()}}, "crews: crews.killed: not a value; given object; expected text, a number"),
        ({"crews": {"a.b": 1}}, "crews: crews: not a key; given 'a.b'; expected text without dots"),
    ],
)
def test_what_is_wrong_is_told_by_argument(given: dict[str, Any], told: str) -> None:
    assert str(refusal(sim.scenario, **given)).startswith(told)


def test_an_overlay_may_be_a_dict(tmp_path: Path) -> None:
    (tmp_path / "fleet.yaml").write_text("fleet: {size: 40, load: 40 m3}\ncrews: {freed: null}\n", encoding="utf-8")
    overlay = {"fleet": {"size": 40, "load": "40 m3"}, "crews": {"freed": None}}
    for base in ("tutorial", sim.scenario()):
        told = []
        for form in (tmp_path / "fleet.yaml", overlay):
            told.append(str(refusal(sim.load, base, form)).partition(": ")[2])
        assert told[0] == told[1]
    del overlay["crews"]
    loaded = sim.load("tutorial", [overlay, {"fleet": {"value": "1 USD"}}], "crews.killed=0")
    assert loaded.laid == ("fleet.size=40, fleet.load=40 m3", "fleet.value=1 USD", "crews.killed=0")
    assert loaded.root.record is False
    again = sim.load(sim.load("tutorial", overlay), {"fleet": {"value": "1 USD"}}, "crews.killed=0")
    assert (again.digest, again.laid) == (loaded.digest, loaded.laid)
    assert sim.load("tutorial", {"extends": "tutorial", "title": "x"}).root.title == "x"


@pytest.mark.parametrize(
    ("overlays", "told"),
    [
        ([{"fleet": {"sise": 3}}], "overlay 1 (a dict): fleet.sise: unknown key; given 'sise'"),
        (["what-if/pause", {"zones": {"w": None}}], "overlay 2 (a dict): zones.w: nothing of this name to remove"),
        ({"extends": 3}, "overlay 1 (a dict): extends: not a file name; given 3"),
        ({"title": {1: {2: ...}}}, "overlay 1 (a dict): title.1.2: not a value; given ellipsis"),
    ],
)
def test_what_is_wrong_with_a_dict_is_told_by_its_place(overlays: Any, told: str) -> None:
    assert told in str(refusal(sim.load, "blockade-2025", overlays))


def test_endless_data_are_refused() -> None:
    endless: dict[str, Any] = {}
    endless["fleet"] = endless
    with pytest.raises(ScenarioError, match=r"overlay 1 \(a dict\): nested too deeply"):
        sim.load("tutorial", endless)
    with pytest.raises(ScenarioError, match=r"scenario \(a dict\): too many values"):
        sim.load({"title": "x", "note": [0] * 100_001})


def test_alternatives_may_be_dicts() -> None:
    small, large = {"fleet": {"size": 100}}, {"fleet": {"size": 300}}
    comparison = sim.compare("tutorial", overlays=[small, [large, {"crews": {"killed": 0}}]], replications=2)
    names = [alternative.name for alternative in comparison.alternatives]
    assert names == ["as it is", "fleet.size=100", "fleet.size=300+crews.killed=0"]


def test_it_can_be_called_however_it_was_imported() -> None:
    assert "towns" in inspect.signature(sim.scenario).parameters
    assert sim.scenario("A", "P").root.hub == "A"
