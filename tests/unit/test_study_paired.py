"""Intervals know which replications share their parameters; paired differences say what pairing is worth."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sim.study.intervals import by_draw, differences, interval, summary


def series(*values: float) -> pd.Series:
    return pd.Series(values, index=pd.RangeIndex(len(values), name="replication"))


def made(pairs: int = 20, seed: int = 1, **spread: float) -> pd.DataFrame:
    """Two measures with known directions and one that is neither good nor bad."""
    rng = np.random.default_rng(seed)
    luck = spread.get("luck", 1.0)
    shared = np.repeat(rng.normal(0.0, spread.get("ignorance", 1.0), (pairs, 3)), 2, axis=0)
    values = 10.0 + shared + rng.normal(0.0, luck, (2 * pairs, 3))
    index = pd.RangeIndex(2 * pairs, name="replication")
    return pd.DataFrame(values, index=index, columns=["days_half_closed", "fill_rate.A.petrol", "convoys"])


def test_whole_pairs_give_the_t_interval_of_their_means() -> None:
    values = made()["convoys"]
    means = values.to_numpy().reshape(-1, 2).mean(axis=1)
    expected = stats.t.interval(0.9, len(means) - 1, means.mean(), stats.sem(means))
    bounds = interval(values, drawn=True, level=0.9)
    assert bounds.mean == pytest.approx(values.mean())
    assert (bounds.low, bounds.high) == pytest.approx(expected)


def test_without_drawn_parameters_each_replication_counts_by_itself() -> None:
    values = made()["convoys"]
    expected = stats.t.interval(0.95, len(values) - 1, values.mean(), stats.sem(values))
    assert interval(values, drawn=False)[1:] == pytest.approx(expected)


def test_undefined_and_single_replications_count_as_what_they_are() -> None:
    bounds = interval(series(1.0, 3.0, 5.0, np.nan, 6.0), drawn=True)
    mean, residuals = 15.0 / 4.0, np.array([4.0 - 7.5, 5.0 - 3.75, 6.0 - 3.75])
    half = stats.t.ppf(0.975, 2) * np.sqrt(3 / 2 * (residuals**2).sum()) / 4.0
    assert bounds == pytest.approx((mean, mean - half, mean + half))


def test_one_draw_has_a_mean_and_no_interval() -> None:
    bounds = interval(series(1.0, 3.0, np.nan, np.nan), drawn=True)
    assert bounds.mean == 2.0
    assert np.isnan(bounds.low)
    assert np.isnan(bounds.high)
    assert np.isnan(interval(series(np.nan, np.nan), drawn=True).mean)


def test_the_interval_covers_the_mean_as_often_as_it_says() -> None:
    rng = np.random.default_rng(3)
    trials, pairs = 400, 15
    shared = np.repeat(rng.normal(size=(pairs, trials)), 2, axis=0)
    values = pd.DataFrame(shared + 0.5 * rng.normal(size=(2 * pairs, trials)))
    values.iloc[[4, 11]] = np.nan
    values = values.iloc[:-1]
    table = summary(values, drawn=True)
    covered = ((table["mean_low"] <= 0.0) & (table["mean_high"] >= 0.0)).mean()
    assert 0.92 <= covered <= 0.98
    alone = summary(values, drawn=False)
    assert ((alone["mean_low"] <= 0.0) & (alone["mean_high"] >= 0.0)).mean() < 0.9


def test_a_summary_has_mean_band_and_count() -> None:
    table = summary(pd.DataFrame({"a": np.arange(21.0), "b": [np.nan, *[2.0] * 20]}), drawn=True)
    assert table.loc["a", ["mean", "median", "low", "high", "defined"]].tolist() == [10.0, 10.0, 1.0, 19.0, 21]
    assert table.loc["b", ["mean", "mean_low", "mean_high", "defined"]].tolist() == [2.0, 2.0, 2.0, 20]
    assert table.index.name == "measure"


def test_a_copy_differs_by_exactly_nothing() -> None:
    measures = made() / 3.0
    table = differences(measures, measures.copy(), drawn=True)
    zeros = ["mean", "median", "low", "high", "mean_low", "mean_high"]
    assert (table[zeros] == 0.0).all(axis=None)
    assert (table["crn"] == 1.0).all()
    ranked = table.drop("convoys")
    assert (ranked[["won", "lost"]] == 0.0).all(axis=None)
    assert (ranked["tied"] == 1.0).all()


def test_wins_follow_the_direction_of_the_measure() -> None:
    base, ours = made(2), made(2)
    ours.iloc[:3] += 1.0
    table = differences(ours, base, drawn=True)
    assert table.loc["fill_rate.A.petrol", ["won", "tied", "lost"]].tolist() == [0.75, 0.25, 0.0]
    assert table.loc["days_half_closed", ["won", "tied", "lost"]].tolist() == [0.0, 0.25, 0.75]
    assert table.loc["convoys", ["won", "tied", "lost"]].isna().all()


def test_the_variance_removed_is_that_shared() -> None:
    rng = np.random.default_rng(4)
    luck, own = rng.normal(size=4000), rng.normal(size=(2, 4000))
    base = pd.DataFrame({"kept": luck + own[0], "against": luck, "still": np.full(4000, 0.1)})
    ours = pd.DataFrame({"kept": luck + own[1], "against": -luck, "still": np.full(4000, 0.3)})
    table = differences(ours, base, drawn=False)["crn"]
    assert table["kept"] == pytest.approx(0.5, abs=0.05)
    assert table["against"] == pytest.approx(-1.0)
    assert np.isnan(table["still"])


def test_only_what_both_have_counts() -> None:
    ours = pd.DataFrame({"a": [1.0, 2.0, np.nan, 4.0], "ours": 1.0}, index=[0, 1, 2, 3])
    base = pd.DataFrame({"a": [0.0, np.nan, 0.0, 9.0], "base": 1.0}, index=[0, 1, 2, 9])
    table = differences(ours, base, drawn=True)
    assert table["defined"].to_dict() == {"a": 1, "base": 0, "ours": 0}
    assert table.loc["a", "mean"] == 1.0
    assert np.isnan(table.loc["ours", "mean"])


def test_luck_and_ignorance_are_those_of_the_difference() -> None:
    common, base = made(2000, seed=5, ignorance=30.0), made(2000, seed=6, ignorance=1.0, luck=0.5)
    table = differences(common + base, common, drawn=True).loc["days_half_closed"]
    assert table["ignorance"] == pytest.approx(0.8, abs=4 * table["error"])
    assert table["clear"]
    central = differences(common + base, common, drawn=False).loc["days_half_closed"]
    assert np.isnan(central["ignorance"])
    assert not central["clear"]


def test_draws_are_pairs_of_replications() -> None:
    assert by_draw(series(1.0, 3.0, 5.0, np.nan, 7.0), drawn=True).to_dict() == {0: 2.0, 1: 5.0, 2: 7.0}
    assert by_draw(series(1.0, 3.0), drawn=False).to_dict() == {0: 1.0, 1: 3.0}


def test_many_measures_take_no_time() -> None:
    base = pd.DataFrame(np.random.default_rng(7).normal(size=(1000, 100)))
    began = time.process_time()
    for _ in range(10):
        differences(base + 1.0, base, drawn=True)
    assert time.process_time() - began < 2.0
