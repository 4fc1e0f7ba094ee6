"""The facts of the record, as the benchmark asks them."""

import re

import numpy as np
import pytest

import sim
from benchmarks.record import FACTS, NUMBERS, READINGS, answers, ask, report, title
from sim.evidence import load
from sim.plan import build
from sim.study.replicate import simulate
from tests.files import BLOCKADE


@pytest.mark.parametrize("fact", FACTS)
def test_a_fact_says_how_it_is_read_and_cites_rows_that_exist(fact) -> None:
    assert "Read as: " in fact.__doc__
    cited = re.findall(r"\b(?:ML\d{3}[ab]?|[A-Z]{3}-\d\d)\b", fact.__doc__)
    assert cited
    assert set(cited) <= set(load().ids())


def test_many_replications_answer_as_one_does() -> None:
    plan = build(sim.load(BLOCKADE))
    replies = ask(plan, 4, seed=1, workers=2)
    assert {name: rows.shape[1] for name, rows in replies.items()} == {
        "facts": len(FACTS),
        "readings": len(READINGS),
        "numbers": len(NUMBERS),
    }
    alone = answers(simulate(plan, 1, 3, engine="fast"))
    for name, rows in replies.items():
        np.testing.assert_array_equal(rows[3], getattr(alone, name))


def test_the_report_names_every_fact_and_counts_those_met_together() -> None:
    facts = np.ones((3, len(FACTS)))
    facts[0, 2] = np.nan
    facts[1, :4] = 0.0
    shown = report(
        {"facts": facts, "readings": np.zeros((3, len(READINGS))), "numbers": np.full((3, len(NUMBERS)), np.nan)},
        build(sim.load(BLOCKADE)).start,
    )
    assert all(title(fact) in shown for fact in FACTS)
    assert "Most met together: 13 of 13, in 1: replications 2." in shown
    assert re.search(r"^ ?3 Bamako has relief .* 1 +0\.500 +2$", shown, re.MULTILINE)
