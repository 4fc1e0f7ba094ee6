"""Dates as people type them: read plainly everywhere, refused where month and day cannot be told apart."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from sim.errors import ConvoiError
from sim.plan import build
from sim.results.target import parse
from sim.scenario.load import load
from sim.scenario.moment import plain_day
from sim.view.day import day_in
from tests.calls import convoi
from tests.files import TINY


@pytest.mark.parametrize(
    "text", ["2025-01-20", "20 January 2025", "20 Jan 2025", "20-Jan-2025", "January 20, 2025", "jan 20 2025"]
)  # fmt: skip
def test_a_day_is_read_however_it_is_plainly_written(text: str) -> None:
    assert plain_day(text) == date(2025, 1, 20)
    scenario = load(TINY)
    assert day_in(scenario, text) == 19
    assert parse(f"half_shut.Capital >= {text}", build(scenario)).value == 19.0
    set_ = load(TINY, sets=(f"escorts.pools.army.units@{text}=3", f"marks.embargo.at={text}"))
    assert (
        set_.digest == load(TINY, sets=("escorts.pools.army.units@2025-01-20=3", "marks.embargo.at=2025-01-20")).digest
    )
    assert set_.root.marks["embargo"].at.at == datetime(2025, 1, 20)


@pytest.mark.parametrize(
    "text", ["10/11/2025", "10.11.2025", "2025/10/11", "20 Foo 2025", "31 February 2025", "2025-13-01"]
)
def test_a_day_that_is_not_plain_is_refused(text: str) -> None:
    assert plain_day(text) is None
    for words in (
        ("at", str(TINY), text),
        ("validate", str(TINY), "--targets", "tutorial", "--since", text),
        ("new", "x", "--start", text),
        ("import", "events", "x.csv", "--from", text),
    ):
        answer = convoi(*words, code=2)
        assert "expected a date such as 2025-09-03" in answer.stderr
    with pytest.raises(ConvoiError, match=r"month|not a moment|no such date"):
        load(TINY, sets=f"marks.embargo.at='{text}'")
