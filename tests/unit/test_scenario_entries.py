"""Keys such as ``units@2025-11-10`` in files: entries of numbers by date, added to what lies below."""

from pathlib import Path

import pytest

from sim.scenario.describe import as_yaml
from sim.scenario.load import Scenario, load
from tests.files import TINY, write
from tests.refusals import refusal


@pytest.fixture
def laid(tmp_path: Path):
    """Return a function that lays files with the given texts on a small country."""

    def lay(*texts: str) -> Scenario:
        return load(TINY, [write(tmp_path / f"o{number}.yaml", text) for number, text in enumerate(texts)])

    return lay


def forest(field: str) -> str:
    return f"zones: {{forest: {{{field}}}}}\n"


def efforts(scenario: Scenario) -> list[tuple[str | None, str]]:
    effort = scenario.root.zones["forest"].effort
    assert effort is not None
    return [(since.text if since else None, number.text) for since, number in effort.entries]


def test_an_entry_is_added_in_order_of_date_and_twice_in_a_row(laid) -> None:
    scenario = laid(forest("effort@2025-01-20: 1 /month"), forest("effort@day 4: {value: 3 /month}"))
    assert efforts(scenario) == [
        (None, "2 /month"),
        ("day 4", "3 /month"),
        ("day 10", "8 /month"),
        ("2025-01-20", "1 /month"),
    ]
    keys = [number.key for _, number in scenario.root.zones["forest"].effort.entries]
    assert keys[0] == "zones.forest.effort"
    assert keys[1:] == [f"zones.forest.effort@2025-01-{day}" for day in ("05", "11", "20")]


def test_a_number_that_stands_alone_becomes_the_first_entry(laid) -> None:
    units = laid("escorts: {pools: {army: {units@2025-01-12: 5}}}").root.escorts.pools["army"].units
    assert [(since and since.text, number.value) for since, number in units.entries] == [
        (None, 3.0),
        ("2025-01-12", 5.0),
    ]


def test_a_default_is_the_first_entry(laid) -> None:
    open_ = laid("corridors: {Coast: {open@2025-01-12: {value: 0}}}").root.corridors["Coast"].open
    assert [number.value for _, number in open_.entries] == [1.0, 0.0]


def test_an_entry_of_the_same_date_is_replaced_and_keeps_its_date(laid) -> None:
    assert efforts(laid(forest("effort@2025-01-11: 1 /month"))) == [(None, "2 /month"), ("day 10", "1 /month")]
    number = laid(forest("effort@2025-01-11: {high: 12 /month}")).root.zones["forest"].effort.entries[1][1]
    assert (number.text, round(number.high * 730.5)) == ("8 /month", 12)
    assert efforts(laid(forest("effort@day 12: 1 /month"), forest("effort@day 12: null"))) == efforts(laid())


def test_a_date_may_be_uncertain(laid) -> None:
    since = "{value: day 15, low: day 13, high: day 16}"
    effort = laid(forest(f"effort@2025-01-16: {{from: {since}, value: 1 /month}}")).root.zones["forest"].effort
    assert effort.entries[2][0].path == "zones.forest.effort@2025-01-16.from"


def test_a_regime_is_found_by_its_date(laid) -> None:
    scenario = laid("strategy: {imports@2025-01-10: {alone: true}}")
    assert [regime.alone for regime in scenario.root.strategy.imports] == [True, True]


def test_a_file_may_extend_one_with_dates(laid, tmp_path: Path) -> None:
    (tmp_path / "below.yaml").write_text(forest("effort@day 12: 1 /month"), encoding="utf-8")
    scenario = laid(f"extends: below.yaml\n{forest('effort@day 14: 2 /month')}")
    assert [date for date, _ in efforts(scenario)] == [None, "day 10", "day 12", "day 14"]


def test_who_set_an_entry_is_known(laid) -> None:
    scenario = laid(forest("effort@day 12: {value: 1 /month}"))
    assert str(scenario.origins["zones", "forest", "effort", "2"]).endswith("o0.yaml:1:33")
    lines = [line for line in as_yaml(scenario, places=True, columns=500).splitlines() if "from: day 12" in line]
    assert [line.rpartition("/")[2] for line in lines] == ["o0.yaml:1:33"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            forest("ceiling@day 3: 9 /month"),
            "a date where none is due; given 'ceiling@day 3'; expected 'ceiling' alone",
        ),
        (forest("efort@day 3: 9 /month"), "unknown key; given 'efort'; expected a known name; the nearest is 'effort'"),
        (forest("effort@3 May: 9 /month"), "not a date after '@'; given '3 May'; expected a date such as 2025-09-03"),
        (forest("effort@day 3: 1 /month, effort@2025-01-04: 2 /month"), "a date twice; given 'effort@day 3' and"),
        (forest("effort@day 3: {from: day 4, value: 1 /month}"), "two dates of one entry; given 'day 4'"),
        (forest("effort@day 3: [1 /month]"), "a list where an entry is due"),
        (
            forest("effort@day 3: null"),
            "no entry of this date; given 'effort@day 3'; expected one of effort@2025-01-11",
        ),
        (forest("effort@day 3: {low: 1 /month}"), "a number without a value"),
        (forest("chance@day 3: 0.1"), "no number to begin with; given 'chance@day 3'; expected 'chance' too"),
        ("strategy: {imports@day 3: {alone: no}}", "no entry of this date; given 'imports@day 3'; expected one of"),
    ],
)
def test_what_cannot_be_an_entry_is_told_with_its_place(laid, text: str, message: str) -> None:
    problem = str(refusal(laid, text))
    assert "o0.yaml:1:" in problem
    assert message in problem
