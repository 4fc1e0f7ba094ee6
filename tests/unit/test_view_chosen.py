"""One sentence says which alternative to choose, from the selection and the paired differences."""

from __future__ import annotations

from itertools import combinations
from types import SimpleNamespace
from typing import Any

import pytest

from sim.scenario.calls import in_shell
from sim.study.choice import Choice, chosen
from sim.study.effects import Finding, finding, ranked
from sim.study.intervals import Interval
from sim.study.selection import Outcome, Selection
from sim.view.ranking import choice_words, first_words
from sim.view.town_changes import town_loss_words
from tests.unit.comparisons import comparison

DAYS = "days_half_closed"
WITHIN = "within these parameter ranges, "
TEST = "right in 95 % of studies or more where the best leads by 1 day or more (--worth)"
MORE = "more replications may tell"


def selection(outcome: Outcome, *contenders: str) -> Selection:
    best = contenders[0] if outcome == "selected" else None
    return Selection(best, contenders, outcome, 40, 12 if outcome == "few" else 100, 1.0, 0.95, 30, "KN")


def drawn(goal: str, names: list[str]) -> Any:
    """Return what the words need of a comparison at drawn parameters."""
    return SimpleNamespace(goal=goal, names=names, baseline=names[-1], each=1, drawn=True, fitted=False)


def words(outcome: Outcome, contenders: str, *leads: tuple[float, float, float], order: str = "X Y none") -> str:
    """Return the sentence for alternatives in order of their means, with the leads of each over each after it."""
    names = order.split()
    intervals = {pair: Interval(*lead) for pair, lead in zip(combinations(names, 2), leads, strict=True)}
    choice = chosen(names, intervals, selection(outcome, *contenders.split()), "none")
    beside = Finding(names[0], "none", Interval(-5.0, -6.0, -4.0), 0.85, 0.1, 1, (), None)
    with in_shell():
        return choice_words(drawn(DAYS, names), choice, beside)


CASES = {
    "selected, and ahead of all": (
        words("selected", "X", (5, 3.4, 7), (50, 48, 52), (45, 43, 47)),
        f"{WITHIN}X is the best of the 3, ahead of Y, the next (by 5 days, 3.4 to 7). The test that says so is {TEST}.",
    ),
    "selected, and surely ahead, perhaps by too little to matter": (
        words("selected", "X", (2, 0.06, 4), (50, 48, 52), (48, 46, 50)),
        f"{WITHIN}X is the best of the 3, ahead of Y, the next (by 2 days, 0.06 to 4); that may be under 1 day, too "
        f"little to matter. The test that says so is {TEST}.",
    ),
    "selected, and the next within what matters": (
        words("selected", "X", (0.13, -0.5, 0.8), (50, 48, 52), (50, 47, 53)),
        f"{WITHIN}X and Y are equal for practical purposes, less than 1 day (--worth) apart: choose by cost or another "
        "measure. Each is better than ‘none’, by 47 days or more.",
    ),
    "selected, surely ahead of the next, but by less than matters": (
        words("selected", "X", (0.5, 0.2, 0.8), (50, 48, 52), (50, 47, 53)),
        f"{WITHIN}X and Y are equal for practical purposes, less than 1 day (--worth) apart",
    ),
    "selected, and the next may be as good": (
        words("selected", "X", (0.9, -0.4, 2.2), (50, 48, 52), (49, 47, 51)),
        f"{WITHIN}X comes out best, but Y may be as good (X ahead by 0.9 days, −0.4 to 2.2): {MORE}. The test that "
        f"says so is {TEST}. Each is better than ‘none’, by 47 days or more.",
    ),
    "selected, but the baseline may be as good": (
        words("selected", "X", (0.13, -1.4, 1.7), order="X none"),
        f"{WITHIN}X comes out best, but ‘none’ may be as good (X ahead by 0.13 days, −1.4 to 1.7): {MORE}. The test",
    ),
    "another is selected than is ahead by the mean of all": (
        words("selected", "Y", (0.2, -1.5, 1.9), (50, 48, 52), (49, 47, 51)),
        f"{WITHIN}it cannot be told which of X and Y is best (X ahead by 0.2 days, −1.5 to 1.9): {MORE}, or choose by "
        "cost. Each is better",
    ),
    "open between two that are far ahead of the baseline": (
        words("open", "X Y", (0.4, -1.1, 1.9), (50, 48, 52), (50, 47, 51)),
        f"{WITHIN}it cannot be told which of X and Y is best (X ahead by 0.4 days, −1.1 to 1.9): {MORE}, or choose by "
        "cost. Each is better than ‘none’, by 47 days or more.",
    ),
    "open among three": (
        words("open", "X Y none", (0.4, -1.1, 1.9), (3, -1, 7), (2.6, -1.5, 6)),
        f"{WITHIN}it cannot be told which of X, Y and ‘none’ is best (within 7 days of one another): {MORE}, or choose "
        "by cost. Against",
    ),
    "open, but the difference is sure": (
        words("open", "X none", (15, 10, 19), order="X none"),
        f"{WITHIN}X is the best so far, ahead of ‘none’ (by 15 days, 10 to 19); the test that guards against a wrong "
        f"choice, {TEST}, has not ruled out ‘none’: {MORE}.",
    ),
    "open between two, and a third that is ruled out is nearer": (
        words("open", "X Y", (15, 10, 19), (3, 2, 4), (-12, -16, -7)),
        f"{WITHIN}X is the best so far, ahead of ‘none’, the next (by 3 days, 2 to 4); the test that guards against a "
        f"wrong choice, {TEST}, has not ruled out Y: {MORE}.",
    ),
    "open, and one that is surely behind is not ruled out": (
        words("open", "X Y none", (0.4, -0.3, 1.2), (14, 10, 19), (13.6, 9, 18)),
        f"{WITHIN}it cannot be told which of X and Y is best (X ahead by 0.4 days, −0.3 to 1.2): {MORE}, or choose by "
        "cost. ‘none’ is surely behind X, though the test has not ruled it out. Each is better than ‘none’, by 9 days "
        "or more.",
    ),
    "open, but within what matters": (
        words("open", "X none", (0.1, -0.6, 0.8), order="X none"),
        f"{WITHIN}X and ‘none’ are equal for practical purposes, less than 1 day (--worth) apart",
    ),
    "the same in every replication": (
        words("tied", "X Y", (0, 0, 0), (50, 48, 52), (50, 48, 52)),
        f"{WITHIN}X and Y are the same in every replication: choose by another measure. Each is better than ‘none’, by "
        "48 days or more.",
    ),
    "few": (
        words("few", "X Y none", (5, 3, 7), (50, 48, 52), (45, 43, 47)),
        "12 replications are too few to name a best; it takes -n 30. Against ‘none’, X is better",
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
    choice = Choice("neither", ("X",), (), Interval(1, 0, 2), "Y", 0.0, 0.0, None)
    beside = Finding("X", "Y", Interval(1, 0, 2), 0.5, 0.5, 0, (), None)
    words = choice_words(drawn("convoys", ["X", "Y"]), choice, beside)
    assert words.startswith("neither more nor less of it is better")


@pytest.mark.parametrize(
    ("measure", "difference", "told"),
    [
        (DAYS, (-41, -43, -39), "has the fewest days with under half the stations open: 15 on average (5–95 %: 0–"),
        (DAYS, (-41, -43, -39), ", 41 fewer than ‘none’ (39 to 43)."),
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
    outcome = comparison(("none", "air-only"), goal=measure, replications=60)
    verdict = Finding("air-only", "none", Interval(*difference), 0.9, 0.1, 1, (), None)
    assert told in first_words(outcome, verdict)


@pytest.mark.parametrize(
    ("measure", "difference", "told"),
    [
        (DAYS, (-0.13, -1.2, 0.9), "15 with air-only and 46 with ‘none’, 0.13 fewer (1.2 fewer to 0.9 more)."),
        (DAYS, (0.0, -1.0, 1.0), "with ‘none’, the same (1 fewer to 1 more)."),
        (DAYS, (-3.0, float("nan"), float("nan")), "with ‘none’, 3 fewer (no interval)."),
        ("first_shortage", (1.0, -2.0, 4.0), "with ‘none’, 1 day later (2 earlier to 4 later)."),
    ],
)
def test_none_is_first_where_no_difference_can_be_told(measure: str, difference: tuple[float, ...], told: str) -> None:
    outcome = comparison(("none", "air-only"), goal=measure, replications=60)
    words = first_words(outcome, Finding("air-only", "none", Interval(*difference), 0.9, 0.1, 1, (), None))
    assert words.startswith("no difference in ")
    assert "can be told between air-only and ‘none’: " in words
    assert words.endswith(told)
    assert "has the" not in words


def test_those_that_cannot_be_told_from_the_first_are_said_and_few_replications_are_called_so() -> None:
    worth = {"none": 0.1, "air-only": 0.55, "twin": 0.55}
    outcome = comparison([*worth], worth=worth, replications=24)
    first, second, last = ranked(outcome)
    assert last == "none"
    words = first_words(outcome, finding(outcome, first, "none"))
    assert words.startswith(f"in these replications {first} has the fewest days")
    assert words.endswith(f"; no difference to {second} can be told.")
    level = first_words(outcome, finding(outcome, first, second))
    assert f"can be told between {first} and {second}: on average " in level
    assert level.endswith(f"; ‘none’ is surely worse than {first}.")


@pytest.mark.parametrize(
    ("lost", "told"),
    [
        (0.29, "But Mopti-Sévaré has 29 points less of its need met with air-only than with ‘none’ (29 to 29)."),
        (0.005, ""),
    ],
)
def test_a_town_that_clearly_pays_for_the_best_is_named(lost: float, told: str) -> None:
    outcome = comparison(("none", "air-only"), replications=24)
    town = outcome.measures["need_met.Mopti-Sévaré"]
    outcome.measures.loc["air-only", "need_met.Mopti-Sévaré"] = (town.loc["none"] - lost).to_numpy()
    assert town_loss_words(outcome, "air-only") == told
    assert town_loss_words(outcome, "none").startswith("But ")
