"""The report page in a browser: it opens alone, draws, fits, can be searched and printed, and shows text as text."""

import json
import re

import pytest

import sim

pytest.importorskip("altair", reason="altair is not installed: pip install 'convoi[report]'")

from sim.view.report import write_report

HOSTILE = "<img src=x onerror=alert(1)></script>"
DRAWN = "html[data-drawn]"


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    """Pages of a run and of a comparison, of a scenario with a hostile name."""
    folder = tmp_path_factory.mktemp("pages")
    scenario = sim.load("tutorial", sets=[f"title={json.dumps(HOSTILE)}"])
    outcomes = {"run": sim.run(scenario, 6), "comparison": sim.compare(scenario, ["none", "army"], replications=6)}
    return {name: write_report(outcome, folder / f"{name}.html") for name, outcome in outcomes.items()}


def drawn(view, place, **how):
    visit = view(place, **how)
    visit.page.wait_for_selector(DRAWN, state="attached")
    return visit


@pytest.mark.parametrize(("name", "size", "scheme"), [("run", "desktop", "light"), ("comparison", "phone", "dark")])
def test_it_draws_all_charts_fits_and_is_accessible(view, places, name, size, scheme):
    visit = drawn(view, places[name], size=size, scheme=scheme)
    charts = visit.page.locator(".chart")
    assert visit.page.locator(".chart svg.marks").count() == charts.count() > 5
    assert visit.out_of_sight() == []
    assert visit.inaccessible() == []
    assert visit.page.locator(".kicker").inner_text() == HOSTILE
    assert visit.page.locator("img").count() == 0
    assert visit.page.locator("nav a").first.is_visible() == (size == "desktop"), "contents are folded on a phone"


def test_it_can_be_read_by_keys_and_pointer_searched_and_printed(view, places):
    page = drawn(view, places["run"]).page
    keys_reach_the_answer_first(page)
    the_pointer_tells_the_numbers_of_a_day_as_the_table_has_them(page)
    another_town_can_be_chosen(page)
    numbers_can_be_searched(page)
    what_is_shut_is_not_printed_and_what_is_open_is_whole(page)


def keys_reach_the_answer_first(page):
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.url.endswith("#answer")


def the_pointer_tells_the_numbers_of_a_day_as_the_table_has_them(page):
    chart = page.locator("#chart-shut svg.marks")
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_selector("#tip:not([hidden])")
    told = page.locator("#tip").inner_text().replace("\N{NO-BREAK SPACE}", " ")
    day, share = told.removesuffix(" of runs").split(": ")
    page.locator("#shut details summary").click()
    row = page.locator("#shut tbody tr", has=page.locator("th", has_text=re.compile(f"^{day}$".replace(" ", r"\s"))))
    assert row.locator("td").first.inner_text().split() == share.split()


def another_town_can_be_chosen(page):
    before = page.locator("#chart-stock svg.marks").inner_html()
    page.locator("#choose-stock").select_option("1")
    page.wait_for_function(
        "before => ![before, undefined].includes(document.querySelector('#chart-stock svg.marks')?.innerHTML)",
        arg=before,
    )
    town = page.locator("#choose-stock option").nth(1).inner_text()
    assert page.locator("#chart-stock").get_attribute("aria-label").endswith(town)


def numbers_can_be_searched(page):
    page.locator("#search").fill("detects an ambush")
    page.wait_for_function("() => document.getElementById('search-count').textContent !== ''")
    rows = page.locator(".numbers tbody tr:visible")
    assert rows.count() > 0
    assert all("detect" in text for text in rows.all_inner_texts())
    assert page.locator("#search-count").inner_text() == f"Numbers that match: {rows.count()}"
    page.locator("#search").fill("")


def what_is_shut_is_not_printed_and_what_is_open_is_whole(page):
    page.emulate_media(media="print")
    assert page.locator("#shut details tbody tr").last.is_visible(), "it was opened above"
    assert page.locator("#shut .tall").evaluate("box => box.scrollHeight === box.clientHeight")
    assert page.locator("details:not([open])").count() > 3
    assert page.locator("details:not([open]):visible, summary:visible, #replay-play:visible").count() == 0
