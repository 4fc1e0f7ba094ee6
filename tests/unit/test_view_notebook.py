"""How scenarios and outcomes show themselves in a notebook: answer, figure and table, as HTML without scripts."""

from __future__ import annotations

import subprocess
import sys
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest

import sim
from tests.files import ROOT

HOSTILE = "<img src=x onerror=alert(1)>"
VOID = {"img", "line", "circle", "rect"}


class Page(HTMLParser):
    """What an HTML text holds: tags in order, attributes, words by tag; tags must be closed in their order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.words: dict[str, list[str]] = {}
        self._open: list[str] = []
        self.feed(text)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        for tag in self._open:
            self.words.setdefault(tag, []).append(data)


@pytest.fixture(scope="module")
def made() -> SimpleNamespace:
    scenario = sim.load("tutorial", sets=f"title={HOSTILE}")
    run = sim.run(scenario, 4, workers=1)
    outcomes = SimpleNamespace(
        scenario=scenario,
        run=run,
        comparison=sim.compare(scenario, ["none", "army"], replications=4),
        sweep=sim.sweep(scenario, "escorts.pools.army.units=2:4:2", replications=2),
        day=sim.at(run, "2030-02-10", "Hilltown"),
        events=sim.events(scenario, 3),
    )
    pages = {name: Page(outcome._repr_html_()) for name, outcome in vars(outcomes).items()}
    return SimpleNamespace(**vars(outcomes), pages=pages)


@pytest.mark.parametrize("name", ["scenario", "run", "comparison", "sweep", "day", "events"])
def test_an_outcome_shows_answer_figure_and_table_and_no_script(made: SimpleNamespace, name: str) -> None:
    shown = made.pages[name]
    assert {"table", "th", "td", "p"} <= set(shown.tags)
    assert shown.tags[0] == "div" and ("lang", "en") in shown.attributes
    assert HOSTILE in "".join(shown.words["p"])
    assert "script" not in shown.tags and "style" not in shown.tags
    assert not [name for name, _ in shown.attributes if name.startswith("on")]
    pictures = [value for name, value in shown.attributes if name == "src"]
    assert all(value.startswith("data:image/png;base64,") for value in pictures)
    assert len(pictures) == (name != "scenario") and ("svg" in shown.tags) == (name == "scenario")
    texts = [value for name, value in shown.attributes if name in ("alt", "aria-label")]
    assert len(texts) == 1 and len(texts[0]) > 20


def test_the_first_words_are_those_of_the_answer(made: SimpleNamespace) -> None:
    for name in ("run", "comparison", "sweep", "day"):
        answer = " ".join(sim.told(getattr(made, name)).split())
        for words in made.pages[name].words["p"]:
            assert words in answer
        for words in made.pages[name].words["td"]:
            assert all(part in answer for part in words.split())


def test_a_comparison_says_what_it_does_not_measure_outside_the_fold(made: SimpleNamespace) -> None:
    shown = made.pages["comparison"]
    caveat = "It does not measure harm to civilians by any armed party"
    assert caveat in "".join(shown.words["p"]) and caveat not in "".join(shown.words.get("details", []))
    assert "CRN removes" in "".join(shown.words["details"])


def test_the_weeks_of_a_replication_add_up_to_its_log(made: SimpleNamespace) -> None:
    table = made.events.table
    rows = made.pages["events"].words["td"]
    weeks = [rows[k : k + 6] for k in range(0, len(rows), 6)]
    assert weeks[0][0] == "1–7 Jan" and weeks[-1][0] == "26 Feb – 1 Mar" and len(weeks) == 9
    for place, word in ((1, "departed"), (2, "unloaded"), (3, "sprung"), (4, "lost")):
        assert sum(int(week[place].replace(",", "")) for week in weeks) == (table["event"] == word).sum()
    days = made.run.towns.query("town == 'Capital' and replication == 3")
    shut = f"Under half of Capital's stations have petrol on {(days['open_share'] < 0.5).sum()} day"
    assert shut in "".join(made.pages["events"].words["p"])


def test_a_scenario_counts_its_numbers_by_grade() -> None:
    shown = Page(sim.load("blockade-2025", strategy="army")._repr_html_())  # type: ignore[attr-defined]
    cells = shown.words["td"]
    assert cells[cells.index("assumption") + 1] == "407"
    text = "".join(shown.words["p"])
    assert "1 August 2025 – 30 November 2025" in text and "407 of 620 numbers (66 %) are assumptions" in text
    assert {"Bamako", "Mopti-Sévaré", "Kayes"} <= set(shown.words["text"])


def test_what_shows_in_notebooks_costs_nothing_outside() -> None:
    code = (
        "import sys, sim; s = sim.load('tutorial');"
        "print([name for name in ('matplotlib', 'sim.view.notebook', 'IPython') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
