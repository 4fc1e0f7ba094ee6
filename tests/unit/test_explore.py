"""The explorer's core: what is moved, what a state asks, looks that repeat nothing, and what the page says of them."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import sim
from sim.errors import RequestError, ScenarioError
from sim.language import speaking
from sim.scenario.fitting import fitting
from sim.scenario.names import named_files
from sim.study import campaign
from sim.study.explore import Explorer, Look, State
from sim.study.lever import Lever
from sim.study.levers import levers
from sim.view.explore import page, words
from sim.view.explore.choices import as_label, as_text, choices, of_text
from tests.calls import convoi

TUTORIAL = State("tutorial")


@pytest.fixture(scope="module")
def explorer() -> Iterator[Explorer]:
    with Explorer() as explorer:
        yield explorer


@pytest.fixture(scope="module")
def movable(explorer: Explorer) -> dict[str, Lever]:
    return {lever.kind: lever for lever in levers(explorer.line(TUTORIAL))}


@pytest.fixture(scope="module")
def look(explorer: Explorer) -> Look:
    return next(explorer.looks(TUTORIAL, (4,)))


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The replications that are simulated."""
    numbers: list[int] = []
    do: Callable[[campaign.Job], Any] = campaign.do

    def counted(job: campaign.Job) -> Any:
        numbers.append(job.replication)
        return do(job)

    monkeypatch.setattr(campaign, "do", counted)
    return numbers


def moved(*sets: str, overlays: tuple[str, ...] = ()) -> State:
    return TUTORIAL.having((), overlays, (), sets)


def test_levers_are_numbers_of_the_scenario_with_its_own_value_among_others(movable: dict[str, Lever]) -> None:
    assert list(movable) == ["units", "convoy", "threat", "stock"]
    units, convoy, threat, stock = movable.values()
    assert (units.path, units.values[0], units.values[units.start], units.values[-1]) == (
        "escorts.pools.army.units", 1.0, 4.0, 8.0,
    )  # fmt: skip
    assert (convoy.values[0], convoy.values[convoy.start]) == (10.0, 60.0)  # never under the least size
    assert (threat.factor, threat.amount, threat.low, threat.high) == (True, 12.0, "8 /month", "16 /month")
    assert threat.values[-1] == 1.25  # 16 a month times that is the zone's ceiling
    assert (stock.unit, stock.values[0], stock.grade) == ("ML", 0.0, "none")
    for lever in movable.values():
        assert list(lever.values) == sorted(lever.values)
        assert lever.setting(lever.values[lever.start]) == ()


def test_every_end_of_every_lever_is_a_scenario_that_differs(explorer: Explorer, movable: dict[str, Lever]) -> None:
    plain = explorer.line(TUTORIAL)[0].scenario.digest
    for lever in movable.values():
        for value in (lever.values[0], lever.values[-1]):
            assert explorer.line(moved(*lever.setting(value)))[0].scenario.digest != plain


def test_levers_of_the_blockade_fit_all_its_strategies() -> None:
    with Explorer() as explorer:
        state = State("blockade-2025", ("none", "ground+air"), common=("pump-free",))
        movable = levers(explorer.line(state))
        assert [lever.kind for lever in movable].count("units") == 4
        assert {lever.path for lever in movable if lever.kind == "ratio"} == {
            "escorts.loss_ratio.foreign", "escorts.loss_ratio.air",
        }  # fmt: skip
        convoy = next(lever for lever in movable if lever.kind == "convoy")
        assert (convoy.values[0], convoy.values[-1], convoy.grade) == (40.0, 300.0, "public")
        ends = [setting for lever in movable for setting in lever.settings[0]]
        assert len(explorer.line(state.having(state.strategies, (), state.common, ends))) == 2


def test_further_levers_are_those_of_a_sweep(explorer: Explorer) -> None:
    line = explorer.line(TUTORIAL)
    size, loads = levers(line, ["fleet.size=100:200:3", "fleet.returning*=0.5:1.5:3"])[-2:]
    assert (size.values, size.values[size.start]) == ((100.0, 150.0, 180.0, 200.0), 180.0)
    assert size.setting(150.0) == ("fleet.size=150",)
    assert (loads.values, loads.setting(0.5)) == ((0.5, 1.0, 1.5), ("fleet.returning*=0.5",))
    with pytest.raises(RequestError, match="no such path"):
        levers(line, ["fleet.sise=1:2"])


def test_a_stock_that_the_scenario_states_is_set_where_it_stands() -> None:
    with Explorer() as explorer:
        stated = levers(explorer.line(moved('stocks.Capital={"petrol": 2 ML}')))[-1]
        assert (stated.kind, stated.values[stated.start]) == ("stock", 2.0)
        assert stated.settings[0] == ("stocks.Capital.petrol=0 ML",)


def test_looks_repeat_nothing_and_end_as_a_run_would(explorer: Explorer, look: Look, done: list[int]) -> None:
    state = moved("zones.*.effort*=0.5")
    looks = list(explorer.looks(state, (2, 6)))
    assert [(each.replications, each.of, each.last) for each in looks] == [(2, 6, False), (6, 6, True)]
    assert sorted(done) == [*range(6)]
    whole = sim.run("tutorial", 6, sets="zones.*.effort*=0.5")
    pd.testing.assert_frame_equal(looks[-1].outcome.measures, whole.measures)
    done.clear()
    again = next(explorer.looks(TUTORIAL, (4,)))  # back where it was
    assert done == []
    pd.testing.assert_frame_equal(again.outcome.measures, look.outcome.measures)


def test_many_alternatives_begin_with_a_smaller_look(explorer: Explorer) -> None:
    state = moved(overlays=("ration-13l", "strike-five-days"))
    looks = explorer.looks(state, (20, 22))
    assert next(looks).replications == 6
    looks.close()


def test_nobody_waits_for_a_state_that_was_left(explorer: Explorer, done: list[int]) -> None:
    state = moved("zones.*.effort*=0.75")
    assert list(explorer.looks(state, (200,), stopped=lambda: len(done) >= 2)) == []
    assert len(done) < 20
    assert len(list(explorer.looks(state, (2,)))) == 1  # what was done is of use


@pytest.mark.parametrize("overlays", [(), ("ration-13l",)])
def test_the_command_of_a_state_gives_its_numbers(
    overlays: tuple[str, ...],
    explorer: Explorer,
    movable: dict[str, Lever],
    tmp_path: Path,
) -> None:
    ends = [setting for lever in movable.values() for setting in lever.setting(lever.values[-1])]
    state = moved(*ends, overlays=overlays)
    outcome = next(explorer.looks(state, (4,))).outcome
    program, *rest = shlex.split(state.command(4))
    assert program == "convoi"
    called = [*rest, "--out", str(tmp_path / "kept"), "--no-figures", "--quiet"]
    convoi(*called, code=0)
    kept = pd.read_parquet(tmp_path / "kept" / "measures.parquet")
    pd.testing.assert_frame_equal(kept, outcome.measures, check_index_type=False, check_like=True)
    made = json.loads((tmp_path / "kept" / "manifest.json").read_text())
    assert made["digest"] == outcome.manifest["digest"]


def test_a_command_says_all_that_was_asked() -> None:
    state = State("s.yaml", ("army", "none"), (), ("pump-free",), ("a=1 m3", "hindcast=yes"), 7, "tankers_lost")
    assert state.command() == (
        "convoi compare s.yaml --strategy army --strategy none --common pump-free --set 'a=1 m3' --hindcast "
        "--measure tankers_lost -n 200 --seed 7"
    )
    alone = State("s.yaml", ("army",), common=("pump-free",))
    assert alone.command(20) == "convoi run s.yaml --strategy army --overlay pump-free -n 20 --seed 1"


def test_choices_that_do_not_go_together_are_told_in_words(explorer: Explorer) -> None:
    with pytest.raises(ScenarioError) as refused:
        next(explorer.looks(moved("escorts.pools.army.units=0"), (2,)))
    told = page.refusal(refused.value)
    assert "an escort that never comes" in told and "Traceback" not in told
    many = page.refusal(ScenarioError([f"problem {k}" for k in range(9)]))
    assert "problem 3" in many and "problem 4" not in many and "and 5 more" in many
    assert 'role="alert"' in told


def test_choices_are_offered_that_speak_of_things_of_the_scenario(explorer: Explorer) -> None:
    files = {file.name: file for file in named_files() if file.kind == "overlay"}
    names = ["army", "ration-13l", "security-stock", "threats-end", "guinea-opened", "strike-five-days"]
    offered = fitting(explorer.line(TUTORIAL)[0].scenario, [files[name] for name in names])
    assert [file.name for file in offered] == ["army", "ration-13l", "strike-five-days"]


def test_what_an_explorer_is_begun_with_comes_back(explorer: Explorer, movable: dict[str, Lever]) -> None:
    state = replace(TUTORIAL, strategies=("army",), seed=2**64 - 1)
    offered = choices(state, explorer.line(TUTORIAL))
    assert [repr(slider.lever) for slider in offered.sliders] == [*map(repr, movable.values())]
    assert offered.names["strategies"].count("army") == 1
    assert "ration-13l" in offered.names["overlays"] and "guinea-opened" not in offered.names["overlays"]
    again = of_text(as_text(offered))
    assert State(**again.state) == state
    assert as_text(again) == as_text(offered)
    for text in ("", "[]", "{}", '{"state": {}, "names": {}, "sliders": [{}]}'):
        with pytest.raises(RequestError, match="expected what convoi explore gives it"):
            of_text(text)


def test_words_say_unit_range_and_what_a_number_rests_on(explorer: Explorer, movable: dict[str, Lever]) -> None:
    scenario = explorer.line(TUTORIAL)[0].scenario
    assert [words.lever_words(lever, scenario) for lever in movable.values()] == [
        "units of army",
        "largest import convoy, tankers",
        "ambushes laid in all zones, times",
        "stock of petrol in Capital at the start, ML",
    ]
    assert words.start_words(movable["threat"]) == (
        "as given: × 1, that is 12 /month, drawn from 8 /month to 16 /month; an assumption"
    )
    assert words.start_words(movable["units"]) == "as given: 4; an assumption"
    half = replace(movable["threat"], low="0.5 /month")
    with speaking("fr"):
        assert " 0,5 /mois " in words.start_words(half) and "12 /mois" in words.start_words(half)
        assert words.lever_words(movable["stock"], scenario) == "stock initial (essence, Capital), ML"
    assert words.start_words(movable["stock"]).startswith("as given: what the warm-up leaves, about 2.9")


class _Seen(HTMLParser):
    """The tags of a page, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_answer_stands_first_and_tables_after(look: Look) -> None:
    answer = page.answer(look)
    seen = _Seen(answer.words)
    assert seen.text.startswith("4 replications of each")
    assert seen.text.index("Capital runs short") < seen.text.index("Half of Capital's stations or more")
    tables = _Seen(answer.tables)
    assert tables.tags.index("table") < tables.tags.index("details")
    assert "It does not measure harm to civilians" in tables.text
    first = page.answer(Look(look.outcome, 4, 200))
    assert "First look: 4 of 200 replications" in _Seen(first.words).text


def test_figures_are_pictures_with_words(look: Look) -> None:
    pictures = list(page.pictures(look.outcome))
    assert len(pictures) >= 2
    for picture in pictures:
        assert picture.count('src="data:image/png;base64,') == 1
        assert 'alt=""' not in picture


def test_figures_that_are_not_of_the_words_beside_them_are_marked() -> None:
    assert page.figures("<figure>", 60, 60) == "<figure>"
    older = page.figures("<figure>", 20, 60)
    assert "first 20 replications; newer ones follow" in older and "convoi-older" in older and "<figure>" in older
    assert "Figures follow." in page.figures("", 0, 20)


def test_what_was_before_stands_beside_what_comes(look: Look) -> None:
    assert "Before:" not in page.answer(look).words
    hostile = page.answer(look, "<b>so</b>").words
    assert "Before: <b>so</b>" in _Seen(hostile).text and "<b>" not in hostile
    assert _Seen(page.awaited()).text == "Running the first replications …"
    assert _Seen(page.awaited("<b>so</b>")).text.endswith("<b>so</b>")


def test_labels_show_text_as_it_stands() -> None:
    import marimo

    for text in (r"stock (essence, Capital) \(x\) $y$ a_b_c *d* <b> &amp; [l](http://x.y) `k`", "1. x", "# h"):
        shown = marimo.md(as_label(text)).text
        assert _Seen(shown).tags == ["span", "span"]
        assert _Seen(shown).text == text


def test_what_users_wrote_is_text() -> None:
    hostile = '<img src=x onerror="alert(1)"></script>'
    state = moved(f"title={json.dumps(hostile)}")
    with Explorer() as explorer:
        look = next(explorer.looks(state, (2,)))
    answer = page.answer(look)
    seen = _Seen(answer.words + answer.tables + page.command(state))
    assert not {"img", "script"} & {*seen.tags}
    assert seen.text.count("<img src=x onerror=") >= 2
    label = as_label("<b>*x*</b> [a](b) `c` $d$")
    assert not {*label} & {*"<>*[]()`$"}


def test_the_page_speaks_the_language_given(look: Look) -> None:
    said = page.answer(look).words
    with speaking("fr"):
        told = page.answer(look).words
        command = page.command(TUTORIAL)
    assert "convoi run tutorial" in command
    assert said != told
