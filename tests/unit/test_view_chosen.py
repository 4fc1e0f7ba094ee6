"""One sentence says which alternative to choose, from the selection and the paired differences."""

from __future__ import annotations

from itertools import combinations

import pytest

from sim.study.choice import Choice, chosen
from sim.study.finding import Finding
from sim.study.paired import Interval
from sim.study.select import Outcome, Selection
from sim.view.chosen import choice_words, found_words
from tests.unit.comparisons import comparison

DAYS = "days_half_closed"
SURE = "(95 % sure where 1 day matters, within these parameter ranges)"


def selection(outcome: Outcome, *contenders: str) -> Selection:
    best = contenders[0] if outcome == "selected" else None
    return Selection(best, contenders, outcome, 40, 12 if outcome == "few" else 100, 1.0, 0.95, 30, "KN")


def words(outcome: Outcome, contenders: str, *leads: tuple[float, float, float], order: str = "X Y none") -> str:
    """Return the sentence for alternatives in order of their means, with the leads of each over each after it."""
    names = order.split()
    held = {pair: Interval(*lead) for pair, lead in zip(combinations(names, 2), leads, strict=True)}
    found = chosen(names, held, selection(outcome, *contenders.split()), "none")
    beside = Finding(names[0], "none", Interval(-5.0, -6.0, -4.0), 0.85, 0.1, 1, (), None)
    return choice_words(found, beside, DAYS, len(names), "none", "these parameter ranges")


CASES = {
    "selected, and ahead of all": (
        words("selected", "X", (5, 3.4, 7), (50, 48, 52), (45, 43, 47)),
        f"X is the best of the 3, ahead of every other by 3.4 days or more {SURE}.",
    ),
    "selected, and the next within what matters": (
        words("selected", "X", (0.13, -0.5, 0.8), (50, 48, 52), (50, 47, 53)),
        f"X and Y are equal for practical purposes, less than 1 day apart: choose by cost or another measure {SURE}. "
        "Each is better than ‘none’, by 47 days or more.",
    ),
    "selected, surely ahead of the next, but by less than matters": (
        words("selected", "X", (0.5, 0.2, 0.8), (50, 48, 52), (50, 47, 53)),
        "X and Y are equal for practical purposes, less than 1 day apart",
    ),
    "selected, and the next may be as good": (
        words("selected", "X", (0.9, -0.4, 2.2), (50, 48, 52), (49, 47, 51)),
        f"X comes out best, but Y may be as good (ahead by 0.9 days, −0.4 to 2.2) {SURE}. Each is better than ‘none’, "
        "by 47 days or more.",
    ),
    "selected, but the baseline may be as good": (
        words("selected", "X", (0.13, -1.4, 1.7), order="X none"),
        f"X comes out best, but ‘none’ may be as good (ahead by 0.13 days, −1.4 to 1.7) {SURE}. Against",
    ),
    "another is selected than is ahead by the mean of all": (
        words("selected", "Y", (0.2, -1.5, 1.9), (50, 48, 52), (49, 47, 51)),
        f"X or Y: it cannot be told which is better (X ahead by 0.2 days, −1.5 to 1.9) {SURE}. Each is better",
    ),
    "open between two that are far ahead of the baseline": (
        words("open", "X Y", (0.4, -1.1, 1.9), (50, 48, 52), (50, 47, 51)),
        f"X or Y: it cannot be told which is better (X ahead by 0.4 days, −1.1 to 1.9) {SURE}. Each is better than "
        "‘none’, by 47 days or more.",
    ),
    "open among three": (
        words("open", "X Y none", (0.4, -1.1, 1.9), (3, -1, 7), (2.6, -1.5, 6)),
        f"X, Y or ‘none’: it cannot be told which is better (within 7 days of one another) {SURE}. Against",
    ),
    "open, but the difference is sure": (
        words("open", "X none", (15, 10, 19), order="X none"),
        f"X is the best so far, ahead of ‘none’ (by 15 days, 10 to 19); a stricter test of all at once takes more "
        f"replications {SURE}.",
    ),
    "open, but within what matters": (
        words("open", "X none", (0.1, -0.6, 0.8), order="X none"),
        "X and ‘none’ are equal for practical purposes, less than 1 day apart",
    ),
    "the same in every replication": (
        words("tied", "X Y", (0, 0, 0), (50, 48, 52), (50, 48, 52)),
        f"X and Y are the same in every replication: choose by another measure {SURE}. Each is better than ‘none’, by "
        "48 days or more.",
    ),
    "few": (
        words("few", "X Y none", (5, 3, 7), (50, 48, 52), (45, 43, 47)),
        "12 independent observations are too few to name a best; it takes 30. Against ‘none’, X is better in 85 %",
    ),
    "undefined": (
        words("undefined", "X Y none", (5, 3, 7), (50, 48, 52), (45, 43, 47)),
        "the measure is undefined in some replications, so that no best is named.",
    ),
}


@pytest.mark.parametrize(("told", "start"), CASES.values(), ids=CASES)
def test_each_case_has_its_sentence(told: str, start: str) -> None:
    assert told.startswith(start)
    assert told.endswith("Against ‘none’, X is better in 85 % of replications, worse in 10 %.")
    assert "selected" not in told and "procedure" not in told


def test_a_measure_of_which_neither_is_better_names_no_best() -> None:
    found = Choice("neither", ("X",), Interval(1, 0, 2), 0.0, 0.0, None)
    beside = Finding("X", "Y", Interval(1, 0, 2), 0.5, 0.5, 0, (), None)
    assert choice_words(found, beside, "convoys", 2, "Y", "x").startswith("neither more nor less of it is better")


@pytest.mark.parametrize(
    ("measure", "difference", "told"),
    [
        (DAYS, (-41, -43, -39), "has the fewest days with under half the stations open: 12 on average (5–95 %: 0–"),
        (DAYS, (-41, -43, -39), ", 41 fewer than ‘none’ (39 to 43)."),
        (DAYS, (-0.13, -1.2, 0.9), ", 0.13 fewer than ‘none’ (1.2 fewer to 0.9 more)."),
        (DAYS, (0.0, -1.0, 1.0), ", the same as ‘none’ (1 fewer to 1 more)."),
        (DAYS, (-3.0, float("nan"), float("nan")), ", 3 fewer than ‘none’ (one draw: no interval)."),
        ("first_shortage", (12.0, 8.0, 15.0), "has the latest first shortage: "),
        ("first_shortage", (12.0, 8.0, 15.0), ", 12 days later than ‘none’ (8 to 15)."),
        ("need_met.Bamako", (0.21, 0.18, 0.25), ", 21 points more than ‘none’ (18 to 25)."),
        ("escort_cost", (-1.0, -1.5, -0.5), "ranks first in cost of escorts: "),
        ("escort_cost", (-1.0, -1.5, -0.5), ", 1 million USD less than ‘none’ (0.5 to 1.5)."),
        ("tankers_lost", (-1.0, -1.5, -0.5), "has the fewest tankers lost: "),
        ("imports_total", (2.0, 1.0, 3.0), ", 2 ML more than ‘none’ (1 to 3)."),
    ],
)
def test_the_first_is_named_with_its_difference(measure: str, difference: tuple[float, ...], told: str) -> None:
    held = comparison(("none", "air-only"), goal=measure, replications=40)
    found = Finding("air-only", "none", Interval(*difference), 0.9, 0.1, 1, (), None)
    assert told in found_words(held, found)
