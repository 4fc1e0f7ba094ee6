"""The report page: order, language, escaping, policy, size, and a table and words behind each chart."""

import json
import re
from base64 import b64encode
from datetime import datetime
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise

import numpy as np
import pytest

import sim
from sim.errors import ResultsError
from sim.language import say, speaking
from sim.plan import build
from sim.plan.laws import UNIFORM
from sim.scenario.describe import bases
from sim.study.drivers import Turn
from sim.study.intervals import BAND
from sim.view.parameters import parameter_words, shown
from sim.view.report import write_report
from sim.view.report.compare_charts import _bands_words
from sim.view.report.dry import Shut, dry_words, half_words, shared_words
from sim.view.report.evidence import evidence_of
from sim.view.report.fits import fits
from sim.view.report.run_page import run_sections
from sim.view.report.sections import spoken
from sim.view.report.turns import turns_of
from sim.view.study_words import CAVEAT
from tests.unit.test_view_break_even import break_even_at

HOSTILE = "<img src=x onerror=alert(1)></script><script>alert(2)</script>"
LIMIT = 3_000_000
SECTIONS = ["answer", "sure", "change", "unmeasured"]
VOID = {"meta", "input", "br", "hr", "img", "link", "rect", "path", "circle"}


class Page(HTMLParser):
    """What a test asks of a page: elements with attributes, texts of some, and whether all are closed in order."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements, self.open, self.texts = [], [], {}
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append((tag, len(self.elements) - 1))

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag

    def handle_data(self, text):
        for _, place in self.open:
            self.texts[place] = self.texts.get(place, "") + text

    def all(self, tag, **wanted):
        """Attributes and text of the elements of a name, with these attributes."""
        return [
            (attrs, self.texts.get(place, ""))
            for place, (name, attrs) in enumerate(self.elements)
            if name == tag and all(attrs.get(key.rstrip("_")) == value for key, value in wanted.items())
        ]


@pytest.fixture(scope="module")
def scenario():
    return sim.load("tutorial", sets=[f"title={json.dumps(HOSTILE)}"])


@pytest.fixture(scope="module")
def run(scenario):
    return sim.run(scenario, 8)


@pytest.fixture(scope="module")
def comparison(scenario):
    return sim.compare(scenario, ["none", "army", "air-only"], replications=8)


@pytest.fixture(scope="module")
def single(scenario):
    return sim.run(scenario, 1)


@pytest.fixture(scope="module")
def texts(run, comparison, single, tmp_path_factory):
    """The pages of a run, of one replication and of a comparison, by name."""
    folder = tmp_path_factory.mktemp("pages")
    outcomes = {"run": run, "comparison": comparison, "one": single}
    return {
        name: write_report(outcome, folder / f"{name}.html").read_text("utf-8") for name, outcome in outcomes.items()
    }


@pytest.fixture(scope="module", params=["run", "comparison", "one"])
def text(request, texts):
    return texts[request.param]


@pytest.fixture(scope="module")
def page(text):
    return Page(text)


def test_the_answer_comes_first_then_how_sure_what_changes_it_and_what_is_not_measured(page):
    names = [attrs["id"] for attrs, _ in page.all("section")]
    assert names[:4] == SECTIONS
    assert names[-2:] == ["evidence", "making"]
    order = [tag for tag, attrs in page.elements if tag in {"h1", "h2"} or "lead" in attrs.get("class", "")]
    assert order[:3] == ["h1", "p", "h2"]


def test_landmarks_language_and_headings_are_in_order(page):
    assert page.all("html")[0][0]["lang"] == "en"
    assert [len(page.all(tag)) for tag in ("header", "main", "footer", "nav", "h1")] == [1] * 5
    assert page.elements[[tag for tag, _ in page.elements].index("body") + 1][1]["class"] == "skip"
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    targets = {attrs["id"] for _, attrs in page.elements if "id" in attrs}
    assert {attrs["href"][1:] for attrs, _ in page.all("a")} <= targets
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert len(ids) == len(set(ids))


def test_the_first_sentence_counts_what_the_towns_say(texts, run):
    root = run.scenario.root
    rows = run.towns[(run.towns["town"] == root.hub) & (run.towns["product"] == root.lead)]
    dry = rows[rows["open_share"] < 0.1].groupby("replication", observed=True)["day"].min()
    lead = next(text for attrs, text in Page(texts["run"]).all("p", class_="lead"))
    expected = {0: "No: in none of 8 runs", 8: "Yes, in all 8 runs"}.get(len(dry), f"In {len(dry)} of 8 runs")
    assert lead.startswith(expected if len(dry) != 1 else "In one of 8 runs")
    assert lead.endswith("A first look: 8 runs are too few to be sure.")


def test_each_alternative_has_what_was_laid_on_it_and_a_run_its_scenario_in_commands(texts, run):
    laid = texts["comparison"].split('<section id="making"')[1]
    for name in ("none", "army", "air-only"):
        assert f"<dt>Laid on {name}</dt><dd>{name}</dd>" in laid
    assert "convoi sensitivity tutorial" in texts["run"]


def test_the_first_screen_says_how_sure_it_is_and_what_is_assumed(texts, run):
    header = texts["run"].split("<header>")[1].split("</header>")[0]
    assert "Days with under half the stations open" in header
    assert "How sure: " in texts["comparison"].split("</header>")[0]
    rows = [basis for basis in bases(run.scenario) if basis.grade == "assumption"]
    ranged = sum(basis.low is not None for basis in rows)
    (link,) = Page(header).all("a", href="#evidence")[:1]
    assert link[1].endswith(f"numbers are assumptions; {ranged} of these {len(rows)} have a range")


def test_what_is_not_set_beside_the_record_has_no_section_but_says_why(texts):
    for name, why in (("run", "The scenario has nothing on record."), ("comparison", "No alternative stands for what")):
        assert '<section id="record"' not in texts[name]
        assert why in texts[name].split('<section id="sure"')[1].split("</section>")[0]


@pytest.mark.parametrize(
    ("first", "words"),
    [
        ((), "No: in none of 3 runs, up to 10 August."),
        ((4,), "In one of 3 runs, on 5 August."),
        ((4, 6), "In 2 of 3 runs, half of them by 5 August."),
        ((4, 6, 8), "Yes, in all 3 runs, half of them by 7 August."),
    ],
)
def test_the_first_sentence_has_the_day_by_which_half_of_the_dry_runs_are_dry(first, words):
    shares = np.ones((10, 3))
    for run_of, day in enumerate(first):
        shares[day:, run_of] = 0.0
    assert dry_words(Shut(shares), datetime(2025, 8, 1)) == words


def test_a_caption_names_the_bands_that_are_drawn():
    said = [_bands_words(total, "Stock.", "none") for total in (1, 4, 40)]
    assert [text.count("%") for text in said] == [0, 0, 2]
    assert "band: lowest–highest;" in said[1]


def test_what_is_not_measured_is_said_in_the_language_of_the_page(run):
    with speaking("fr"):
        aside = next(section for section in run_sections(run) if section.name == "unmeasured").parts[0]
        assert aside.words == say(CAVEAT) != CAVEAT


def test_each_chart_has_a_finding_words_for_who_does_not_see_it_and_a_table(page):
    data = json.loads(page.all("script", id="page-data")[0][1])
    figures = {attrs["id"] for attrs, _ in page.all("figure")}
    assert figures == {*data["charts"], "atlas"}
    assert len(figures) >= 4
    for attrs, _ in page.all("div", class_="chart"):
        assert attrs["role"] == "img"
        assert len(attrs["aria-label"]) > 40
    assert len(page.all("figcaption")) == len(figures)
    for chart in data["charts"].values():
        assert chart["panels"]
        for panel in chart["panels"]:
            for columns in panel.values():
                assert len({len(values) for values in columns.values()}) == 1
    assert len(page.all("details")) >= len(figures)


def test_the_table_behind_a_chart_has_its_numbers(texts):
    page = Page(texts["run"])
    data = json.loads(page.all("script", id="page-data")[0][1])
    shares = data["charts"]["shut"]["panels"][0]["rows"]["m"]
    figure = texts["run"].split('<figure id="shut">')[1].split("</figure>")[0]
    cells = re.findall(r'<th scope="row">[^<]*</th><td class="n">(\d+)\s%</td>', figure)
    assert [int(cell) for cell in cells] == [round(share) for share in shares]


def test_what_users_write_is_text_and_nothing_else(text, page):
    assert page.all("img") == []
    assert HOSTILE in page.all("p", class_="kicker")[0][1]
    assert HOSTILE in page.all("title")[0][1]
    assert "<img" not in re.sub(r"<script>.*?</script>", "", text, flags=re.DOTALL)
    assert "<script>alert" not in text
    assert {attrs.get("type") for attrs, _ in page.all("script")} == {"application/json", None}


def test_only_the_scripts_and_styles_of_the_page_may_run(text, page):
    policy = page.all("meta", **{"http-equiv": "Content-Security-Policy"})[0][0]["content"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert "unsafe" not in policy
    for tag, rule in (("script", "script-src"), ("style", "style-src")):
        bodies = [body for attrs, body in re.findall(rf"<{tag}([^>]*)>(.*?)</{tag}>", text, re.DOTALL) if not attrs]
        hashes = [f"'sha256-{b64encode(sha256(body.encode()).digest()).decode()}'" for body in bodies]
        assert rules[rule].split() == hashes
    assert not [attrs for _, attrs in page.elements if "style" in attrs or any(name.startswith("on") for name in attrs)]


def test_the_page_needs_nothing_from_elsewhere(page):
    for _, attrs in page.elements:
        for name in ("src", "href", "action", "data", "srcset"):
            assert attrs.get(name, "#").startswith("#")
    assert page.all("link") == page.all("iframe") == page.all("object") == []


def test_licences_stand_in_the_page(text):
    assert "University of Washington Interactive Data Lab" in text
    assert "Mike Bostock" in text
    assert "Jon Mease" in text


def test_the_page_is_small(text):
    assert len(text.encode()) < LIMIT


def test_every_number_of_the_scenario_stands_in_the_page(texts, run):
    page = Page(texts["run"])
    paths = [text for attrs, text in page.all("span", class_="path")]
    assert sorted(paths) == sorted(basis.path for basis in bases(run.scenario))
    assert page.all("input", type_="search")


def test_alternatives_share_a_number_wherever_it_was_written(run, comparison, tmp_path):
    sim.save(comparison, tmp_path / "kept")
    scenarios = {each.name: each.scenario for each in sim.open(tmp_path / "kept").alternatives}
    evidence = evidence_of(scenarios, {name: {} for name in scenarios})
    shared = {number.path for group in evidence.groups.values() for number in group if not number.only}
    assert evidence.total < 1.3 * len(bases(run.scenario))
    assert "fleet.load" in shared


def test_ranges_after_a_fit_stand_beside_those_before_it():
    fitted = sim.load("tutorial", overlays=["posteriors/tutorial"])
    plan = build(fitted)
    told = fits(plan, fitted, central=False)
    assert told.keys() == {n.path for n in plan.uncertain if n.entity in plan.posterior.entities}
    number = next(n for n in plan.uncertain if n.path in told and n.law == UNIFORM)
    marks = plan.posterior.marks[:, plan.posterior.entities.index(number.entity)]
    weighted = sorted(zip(marks.tolist(), plan.posterior.weights.tolist(), strict=True))
    reached = np.cumsum([weight for _, weight in weighted]).tolist()
    ends = [next(u for (u, _), sum_ in zip(weighted, reached, strict=True) if sum_ >= share) for share in BAND]
    low, high = (shown(number.path, number.low + u * (number.high - number.low)) for u in ends)
    assert told[number.path] == f"{low} to {high}"
    evidence = evidence_of({"": fitted}, {"": told})
    row = next(row for group in evidence.groups.values() for row in group if row.path == number.path)
    assert row.cells[evidence.heads.index("5–95 % after the fit") - 1] == told[number.path]
    assert fits(plan, fitted, central=True) == fits(build(sim.load("tutorial")), fitted, central=False) == {}


def test_it_can_be_made_again(texts, comparison):
    told = dict(zip(*[[text for _, text in Page(texts["comparison"]).all(tag)] for tag in ("dt", "dd")], strict=True))
    assert told["Seed"] == str(comparison.manifest["seed"])
    assert told["Digest of the scenario"] == comparison.manifest["digest"]
    assert "/" not in told["Scenario"]


def test_a_break_even_has_its_chart_and_table(comparison, tmp_path):
    page = Page(write_report(comparison, tmp_path / "page.html", break_even_at(0.55, 0.45, 0.65)).read_text("utf-8"))
    assert page.all("figure", id="break-even")
    assert "Loss ratio at the flip" in [text for _, text in page.all("th")]


def test_a_page_is_replaced_whole_and_a_missing_folder_is_told(single, tmp_path):
    path = tmp_path / "page.html"
    path.write_text("old")
    assert write_report(single, path) == path
    assert path.read_text("utf-8").startswith("<!DOCTYPE html>")
    assert [file.name for file in tmp_path.iterdir()] == ["page.html"]
    with pytest.raises(ResultsError, match="cannot write results"):
        write_report(single, tmp_path / "nowhere" / "page.html")


def test_a_command_on_the_page_answers_in_the_language_of_the_page():
    assert spoken("convoi run tutorial --lang fr -n 4") == "convoi run tutorial -n 4"
    assert spoken("convoi --lang=fr run tutorial") == "convoi run tutorial"
    assert spoken("python study.py --lang fr") == "python study.py --lang fr"
    with speaking("fr"):
        assert spoken("convoi run tutorial -n 4") == "convoi run tutorial -n 4 --lang fr"


def test_on_what_a_run_turns_is_told_by_name_and_grade_or_why_not(run, monkeypatch):
    assert "4 draws of the parameters: too few to tell; it takes 40 replications" in turns_of(run).words
    assert turns_of(run).finding == ""
    path = "escorts.detection"
    seen = []

    def first(values, drawn):
        seen.append((values, drawn))
        return (Turn(path, 0.9, 2.0, 11.0),)

    monkeypatch.setattr("sim.view.report.turns.FEWEST", 4)
    monkeypatch.setattr("sim.view.report.turns.turns_on", first)
    told, name = turns_of(run), parameter_words(path, run.scenario)
    (values, drawn), *_ = seen
    assert drawn[path].nunique() == 4
    assert list(drawn.index) == list(values.index) == list(run.measures.index)
    assert told.finding.endswith(name)
    assert f"{name} (2 days on average where it is low, 11 days where it is high; assumption)" in told.words


def test_days_that_most_runs_share_are_told_from_those_of_a_run():
    start, shares = datetime(2025, 10, 1), np.array([[0.9, 0.9], [0.3, 0.3], [0.3, 0.3], [0.9, 0.3]])
    words = half_words(Shut(shares), "Town", "petrol", start)
    assert words == ("On 2 days under half of Town's stations have petrol in most runs; 2–3 October without a break")
    assert "has 2.5 days of this kind" in shared_words(Shut(shares))
    assert shared_words(Shut(shares[:, :1])) == ""
    assert shared_words(Shut(shares[:1])) == ""
