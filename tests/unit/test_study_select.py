"""The best is selected as the published procedure says, whatever the order of the alternatives."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from sim.errors import StudyError
from sim.study.selection import cluster_means, select


def brute(data: NDArray[np.float64], worth: float, alpha: float, first: int) -> tuple[list[int], int]:
    """KN as published (Kim and Nelson 2001, with c = 1), step by step: those left, and observations used."""
    k, n = data.shape
    eta = ((2.0 * alpha / (k - 1)) ** (-2.0 / (first - 1)) - 1.0) / 2.0
    h2 = 2.0 * eta * (first - 1)
    s2 = {(i, j): np.var(data[i, :first] - data[j, :first], ddof=1) for i in range(k) for j in range(k) if i != j}
    left = list(range(k))
    for r in range(first, n + 1):
        mean = data[:, :r].mean(axis=1)
        limit = {pair: max(0.0, worth / (2.0 * r) * (h2 * s / worth**2 - r)) for pair, s in s2.items()}
        left = [i for i in left if all(mean[i] >= mean[j] - limit[i, j] for j in left if i != j)]
        if len(left) == 1:
            return left, r
    return left, n


def made(seed: int, k: int = 5, n: int = 60) -> NDArray[np.float64]:
    """Alternatives with means and spreads of their own over shared luck."""
    rng = np.random.default_rng(seed)
    spread = rng.uniform(0.2, 4.0, (k, 1))
    return rng.normal(size=n) * 5.0 + rng.normal(0.0, 1.0, (k, 1)) + spread * rng.normal(size=(k, n))


def named(data: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    return {f"s{i}": row for i, row in enumerate(data)}


@pytest.mark.parametrize("better", [1, -1])
def test_the_choice_is_that_of_the_published_procedure(better: int) -> None:
    outcomes = set()
    for seed in range(60):
        data = made(seed)
        left, used = brute(better * data, 0.8, 0.05, 10)
        choice = select(named(data), better, 0.8, first=10)
        assert choice.contenders == tuple(f"s{i}" for i in left)
        assert choice.used == used
        assert choice.best == (choice.contenders[0] if len(left) == 1 else None)
        outcomes.add(choice.outcome)
    assert outcomes == {"selected", "open"}


@pytest.mark.parametrize(
    ("better", "known"),
    [
        (1, "1:39 2:27 3:54 12:60 012:60 123:60 2:34 12:60 13:60 0234:60 4:52 13:60"),
        (-1, "4:13 3:23 12:60 3:41 014:60 04:60 3:22 03:60 14:60 013:60 0:27 02:60"),
    ],
)
def test_the_choice_is_that_of_another_implementation(better: int, known: str) -> None:
    """KN of sim-tools 1.3.0, its variances looked up by pair: those left, and the observations used, for 12 seeds."""
    choices = [select(named(made(seed)), better, 0.8, first=10) for seed in range(12)]
    assert [f"{''.join(choice.contenders).replace('s', '')}:{choice.used}" for choice in choices] == known.split()


def test_the_last_observation_may_decide() -> None:
    data = made(1)
    used = select(named(data), 1, 0.8, first=10).used
    last = select(named(data[:, :used]), 1, 0.8, first=10)
    assert (last.best, last.used, last.available) == ("s2", used, used)


def test_the_order_of_alternatives_does_not_matter() -> None:
    for seed in range(20):
        data = named(made(seed))
        first, second = select(data, 1, 0.8), select(dict(reversed(data.items())), 1, 0.8)
        assert (first.best, first.used, set(first.contenders)) == (second.best, second.used, set(second.contenders))


def test_alternatives_that_never_differ_are_tied() -> None:
    best = made(1)[0]
    choice = select({"a": best, "copy": best.copy(), "bad": best - 50.0}, 1, 1.0)
    assert (choice.best, choice.contenders, choice.outcome) == (None, ("a", "copy"), "tied")
    worse = select({"a": best, "copy": best.copy(), "good": best + 50.0}, 1, 1.0)
    assert (worse.best, worse.outcome) == ("good", "selected")


def test_a_first_stage_without_a_difference_rules_nothing_out() -> None:
    often = made(2)[0]
    late = often.copy()
    late[10] += 0.5
    choice = select({"often": often, "late": late}, 1, 1.0, first=10)
    assert (choice.outcome, choice.used) == ("open", len(often))
    assert select({"often": often, "always": often + 0.5}, 1, 1.0).best == "always"


def test_few_or_undefined_observations_select_nothing() -> None:
    data = made(3)
    few = select(named(data[:, :29]), 1, 1.0)
    assert (few.best, few.outcome, few.used, few.available, len(few.contenders)) == (None, "few", 0, 29, 5)
    data[2, 40] = np.nan
    assert select(named(data), 1, 1.0).outcome == "undefined"


def test_the_answer_names_its_terms() -> None:
    choice = select(named(made(4)), 1, 0.8, confidence=0.9, first=12)
    assert (choice.worth, choice.confidence, choice.first, choice.available) == (0.8, 0.9, 12, 60)
    assert "Kim and Nelson" in choice.procedure


def test_observations_are_means_of_whole_pairs() -> None:
    values = pd.Series([3.0, 1.0, 5.0, np.nan, 7.0], index=[1, 0, 2, 3, 4])
    np.testing.assert_array_equal(cluster_means(values, drawn=True), [2.0, np.nan])
    np.testing.assert_array_equal(cluster_means(values, drawn=False), [1.0, 3.0, 5.0, np.nan, 7.0])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"values": {"a": np.zeros(20)}}, "1 alternatives"),
        ({"better": 0}, "neither"),
        ({"worth": 0.0}, "worth having of 0"),
        ({"confidence": 0.2}, "confidence 0.2"),
        ({"first": 1}, "first stage of 1"),
    ],
)
def test_terms_that_make_no_sense_are_refused(change: dict[str, object], said: str) -> None:
    terms: dict[str, object] = {"values": named(made(5)), "better": 1, "worth": 1.0}
    with pytest.raises(StudyError, match=said):
        select(**(terms | change))
