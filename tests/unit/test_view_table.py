"""Text fits the columns that there are, and no name is broken."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.cells import cell_len

import sim
from sim.view.compare_answer import comparison_answer
from sim.view.table import grid, paragraphs
from sim.view.width import COLUMNS, columns_of, width, within
from tests.calls import convoi
from tests.unit.comparisons import comparison

NAMES = ("none", "air-without-troops", "ground-instead-of-the-army", "a strategy of five words")
WIDTHS = (60, 80, 100, 160)
HEADS = ["Against none", "days half shut", "better / worse", "CRN removes", "luck", "ignorance", "rests on"]
ROWS = [[name, "−10 (−17 to −3.4)", "85 / 10 %", "9 %", "26 %", "74 %", "assumption"] for name in NAMES]


@pytest.mark.parametrize("columns", [40, *WIDTHS])
def test_no_cell_is_broken_at_any_width(columns: int) -> None:
    with within(columns):
        lines = grid(HEADS, ROWS).splitlines()
    assert max(map(cell_len, lines)) <= columns
    for row in ROWS:
        for cell in row:
            assert any(cell in line for line in lines), cell


def test_a_table_is_split_where_it_is_too_wide_and_stacked_where_that_takes_more_than_two() -> None:
    def heads(columns: int) -> int:
        with within(columns):
            return grid(HEADS, ROWS).count("Against none")

    assert [heads(columns) for columns in (60, 80, 100, 160)] == [1, 2, 1, 1]
    with within(60):
        assert "\nnone\n  days half shut  −10 (−17 to −3.4)\n" in grid(HEADS, ROWS)
        assert grid(HEADS[:4], ROWS).count("Against none") == 2, "in two"


@pytest.mark.parametrize("columns", range(50, 110))
def test_no_column_is_left_alone_and_a_band_stays_with_what_it_is_of(columns: int) -> None:
    heads = ["Name", "need met", "5–95 % band", "half shut in", "by", "5–95 % band", "lowest cover"]
    row = ["Capital", "98 %", "91–100 %", "3 of 8", "after 1 Mar", "27 Jan – after 1 Mar", "3.3"]
    with within(columns):
        told = grid(heads, [row, row])
    if "\n  need met" in told:
        assert columns < 60, "stacked"
        return
    for part in told.split("\n\n"):
        cells = part.splitlines()[-1].split("  ")
        filled = [cell.strip() for cell in cells if cell.strip()]
        assert len(filled) > 2, part
        assert ("98 %" in filled) == ("91–100 %" in filled)
        assert columns < 60 or ("after 1 Mar" in filled) == ("27 Jan – after 1 Mar" in filled), "no part more for it"


@pytest.mark.parametrize("columns", WIDTHS)
@pytest.mark.parametrize(
    "words",
    [
        ("scenarios",),
        ("strategies",),
        ("events", "tutorial", "--to", "2030-01-12"),
        ("show", "tutorial", "--origins"),
        ("results", "."),
    ],
    ids=lambda words: words[0],
)
def test_listings_follow_the_width(columns: int, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = convoi(*words).stdout.splitlines()
    assert lines
    for text in lines:
        entry = text.strip()
        # A path, and what stands as one entry in a scenario, cannot be broken.
        whole = entry.startswith(("/", "# /", "note: ")) or "why: " in entry or " " not in entry
        assert cell_len(text) <= columns or whole, text


def test_sentences_are_folded_between_words_and_names_are_not() -> None:
    text = "Bamako's stations are more than half shut from the early days of October on"
    with within(60):
        lines = grid(["On record", "documented"], [[text, "6 – 12 October 2025"]], prose=(0,)).splitlines()
    assert max(map(len, lines)) <= 60
    assert "6 – 12 October 2025" in "".join(lines)
    told = " ".join(line.split("  ")[0] for line in lines[2:]).split()
    assert told == [*text.split()[: len(told)]] and len(told) > 8


def test_wide_letters_and_line_ends_keep_the_columns() -> None:
    with within(40):
        lines = grid(["名前", "b"], [["東" * 30, "1\n2\x1b[31m"]]).splitlines()
    assert max(map(cell_len, lines)) <= 40
    assert "1 2\\x1b[31m" in "".join(lines)


def test_a_paragraph_breaks_at_no_hyphen_and_stays_readable() -> None:
    text = "ground-instead " * 40
    for columns in WIDTHS:
        with within(columns):
            lines = paragraphs([text]).splitlines()
        assert max(map(len, lines)) <= min(columns, COLUMNS)
        assert {word for line in lines for word in line.split()} == {"ground-instead"}


@pytest.mark.parametrize("columns", WIDTHS)
def test_an_answer_fits(columns: int) -> None:
    outcome = comparison(NAMES, replications=20)
    with within(columns):
        text = comparison_answer(outcome)
    assert max(map(len, text.splitlines())) <= columns
    for name in NAMES:
        assert sum(line.startswith(name) for line in text.splitlines()) >= 2
    assert sim.told(outcome, width=columns).startswith(text[:400])


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_the_columns_are_those_of_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    assert columns_of(StringIO()) == COLUMNS
    assert columns_of(Terminal()) == COLUMNS, "of which nobody knows the size"
    monkeypatch.setenv("COLUMNS", "73")
    assert columns_of(StringIO()) == 73
    monkeypatch.setenv("COLUMNS", "wide")
    assert columns_of(StringIO()) == COLUMNS
    with within(3):
        assert width() == 40
    assert width() == COLUMNS


@pytest.mark.parametrize("columns", [60, 100])
def test_help_follows_the_terminal(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = convoi("compare", "--help").stdout.splitlines()
    assert columns - 12 <= max(map(len, lines)) <= columns


@pytest.mark.parametrize("columns", [60, 80, 100])
def test_numbers_are_listed_within_the_terminal(columns: int, root, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    words = ["evidence", str(root / "scenarios" / "tutorial.yaml"), "--why"]
    lines = convoi(*words).stdout.splitlines()
    assert max(map(len, lines)) <= columns
    assert any(line.startswith("escorts.cycle_factor.foreign") for line in lines)


def test_what_is_told_in_python_shows_control_characters() -> None:
    outcome = comparison(("none", "a\x1b[31mb"), replications=4)
    text = sim.told(outcome)
    assert "\x1b" not in text
    assert "a\\x1b[31mb" in text
