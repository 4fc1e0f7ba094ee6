"""The tables of docs/performance.md say what was measured."""

import pytest

from benchmarks.document import laid, of_engines
from benchmarks.measuring import DOCUMENT, fill, markdown, short, spread


def test_ratios_are_taken_round_by_round():
    rows = [
        {"output": "log", "engine": "simpy", "seconds": [1.0, 2.0, 4.0], "mb": [90.0], "logged": 100},
        {"output": "log", "engine": "fast", "seconds": [0.1, 0.1, 0.1], "mb": [200.0], "logged": 100},
    ]
    heads, (simpy, fast) = of_engines({"outputs": rows})["outputs"]
    cells = dict(zip(heads, fast, strict=True))
    assert simpy[heads.index("times SimPy's speed")] == "1"
    assert cells["times SimPy's speed"] == "20.0 (10.0–40.0)"
    assert cells["CPU ms a replication"] == "100 (100–100)"
    assert cells["log rows a second"] == "1,000"


def test_growth_is_told_as_multiples():
    rows = [
        {"what": "days", "factor": factor, "engine": "fast", "seconds": [0.02 * factor]} for factor in (0.5, 1.0, 2.0)
    ]
    heads, (row,) = of_engines({"size": rows})["size"]
    assert heads == ["size", "engine", "× 0.5", "× 1, CPU ms", "× 2"]
    assert row == ["days", "fast", "× 0.50", "20.0", "× 2.0"]


def test_figures_are_rounded_to_significant_digits():
    assert [short(value) for value in (0.0, 0.012345, 1.0, 99.95, 123456.7)] == [
        "0",
        "0.0123",
        "1.00",
        "100",
        "123,457",
    ]
    assert spread([3.0, 1.0, 2.0]) == "2.00 (1.00–3.00)"


def test_the_page_shows_what_was_measured():
    page = DOCUMENT.read_text(encoding="utf-8")
    assert laid(page) == page


def test_tables_go_between_their_marks():
    table = markdown(["what", "s"], [["a", "1"]])
    assert table == "| what | s |\n| --- | ---: |\n| a | 1 |"
    assert fill("a\n<!-- t -->\nold\n<!-- end -->\nb", {"t": table}) == f"a\n<!-- t -->\n{table}\n<!-- end -->\nb"
    with pytest.raises(ValueError, match="0 places for the table 'u'"):
        fill("<!-- t -->\n<!-- end -->", {"u": table})
