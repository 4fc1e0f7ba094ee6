"""What a finding turns on is found where it was put, and only there."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sim.study.drivers import Turn, stable, tag, turns_on

GRADES = {"told": "document", "seen": "public", "worked": "derived", "guess": "assumption", "odd": "none"}


def drawn(draws: int, parameters: int, seed: int) -> pd.DataFrame:
    """Parameters by replication; pairs of replications share theirs."""
    values = np.random.default_rng(seed).uniform(size=(draws, parameters))
    return pd.DataFrame(np.repeat(values, 2, axis=0), columns=[f"p.{i:03}" for i in range(parameters)])


def luck(draws: int, seed: int) -> pd.Series:
    return pd.Series(np.random.default_rng(seed).normal(size=2 * draws))


def turn(path: str, correlation: float, *with_: str) -> Turn:
    return Turn(path, correlation, 0.0, 0.0, with_)


def test_the_parameters_that_made_the_difference_come_strongest_first() -> None:
    x = drawn(250, 271, seed=1)
    turns = turns_on(5.0 * x["p.007"] - 6.0 * x["p.200"] + luck(250, 2), x)
    assert [turn.path for turn in turns] == ["p.200", "p.007"]
    assert turns[0].correlation < -0.5
    assert turns[1].correlation > 0.3
    assert turns_on(5.0 * x["p.007"] - 6.0 * x["p.200"] + luck(250, 2), x, most=1) == turns[:1]


@pytest.mark.parametrize(("draws", "effect", "least", "most"), [(100, 3.5, 6, 6), (100, 0.8, 0, 0), (250, 2.0, 5, 6)])
def test_another_seed_gives_the_same_answer(draws: int, effect: float, least: int, most: int) -> None:
    """Correlations of about 0.8, 0.3 and 0.6 with means over pairs; a weak one is left out by all, not by some."""
    named = [
        tuple(turn.path for turn in turns_on(effect * x["p.007"] + luck(draws, 100 + seed), x))
        for seed in range(6)
        for x in [drawn(draws, 250, seed)]
    ]
    assert least <= named.count(("p.007",)) <= most
    assert named.count(("p.007",)) + named.count(()) == 6


def test_more_draws_in_another_order_part_the_same_way() -> None:
    x = drawn(60, 5, seed=8)[::2].to_numpy()
    y, draws = x[:, 1] + 0.5 * x[:, 2], np.arange(60)
    order = np.random.default_rng(1).permutation(60)
    np.testing.assert_array_equal(stable(x, y, draws), stable(x[order], y[order], draws[order]))


def test_the_correlation_is_spearmans_of_the_means_by_draw() -> None:
    x = drawn(60, 3, seed=3)
    difference = np.exp(8.0 * x["p.001"]) + luck(60, 4)
    difference[[4, 10, 11]] = np.nan
    (turn,) = turns_on(difference, x)
    by_draw = difference.groupby(difference.index // 2).mean().dropna()
    ranks = x["p.001"][::2].set_axis(range(60))[by_draw.index]
    assert turn.correlation == pytest.approx(stats.spearmanr(by_draw, ranks).statistic)
    assert len(by_draw) == 59
    order = ranks.sort_values().index
    assert turn.low == pytest.approx(by_draw[order[:19]].mean())
    assert turn.high == pytest.approx(by_draw[order[-19:]].mean())


def test_what_shares_a_draw_is_reported_once() -> None:
    x = drawn(50, 4, seed=5)
    x["b"], x["a"], x["c"] = x["p.002"] * 10.0, x["p.002"] ** 2, 7.0
    (turn,) = turns_on(x["p.002"] + 0.1 * luck(50, 6), x)
    assert (turn.path, turn.with_) == ("a", ("b", "p.002"))


def test_nothing_is_named_where_nothing_matters() -> None:
    named = 0
    for parameters in (1, 60):
        for seed in range(30):
            named += len(turns_on(luck(50, 1000 + seed), drawn(50, parameters, seed)))
    assert named <= 8  # 3 at most on average; more than 8 hardly ever


def test_too_little_to_say_says_nothing() -> None:
    x = drawn(19, 2, seed=7)
    assert turns_on(x["p.000"], x) == ()
    x = drawn(40, 2, seed=7)
    assert turns_on(x["p.000"] * 0.0, x) == ()
    assert turns_on(x["p.000"], x[[]]) == ()
    assert turns_on(x["p.000"], x * 0.0) == ()


@pytest.mark.parametrize(
    ("turns", "always", "said"),
    [
        ([turn("told", 0.6), turn("worked", -0.4)], [], "data"),
        ([turn("told", 0.7), turn("guess", 0.6)], [], "both"),
        ([turn("told", 0.4), turn("guess", -0.8)], [], "assumption"),
        ([turn("told", 0.9), turn("guess", 0.4)], [], "data"),
        ([turn("odd", 0.5)], [], "assumption"),
        ([turn("not graded", 0.5)], [], "assumption"),
        ([turn("guess", 0.5, "told", "seen", "worked")], [], "data"),
        ([turn("told", 0.5, "guess")], [], "both"),
        ([], [], None),
        ([], ["guess"], "assumption"),
        ([], ["told"], "data"),
        ([], ["told", "guess"], "both"),
        ([turn("told", 0.6)], ["guess"], "both"),
        ([turn("told", 0.6)], ["guess", "odd"], "both"),
        ([turn("told", 0.6), turn("seen", 0.6), turn("worked", 0.6)], ["guess"], "both"),
        ([turn("guess", 0.6), turn("told", 0.2)], ["guess"], "assumption"),
        ([turn("guess", 0.6)], ["seen"], "both"),
    ],
)
def test_a_tag_weighs_facts_against_assumptions(turns: list[Turn], always: list[str], said: str | None) -> None:
    assert tag(turns, GRADES, always) == said
