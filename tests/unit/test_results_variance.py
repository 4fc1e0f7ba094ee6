"""The split of variance into luck and ignorance finds what made the numbers, and says when it cannot."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.results.variance import PAIRS, split


def made(pairs: int, ignorance: float, luck: float, mean: float = 0.0, seed: int = 5) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    shared = np.repeat(rng.normal(mean, np.sqrt(ignorance), pairs), 2)
    return pd.DataFrame({"x": shared + rng.normal(0.0, np.sqrt(luck), 2 * pairs)})


def shares_of(table: pd.DataFrame) -> pd.Series:
    shares = split(table)
    assert shares is not None
    row = shares.loc["x"]
    assert isinstance(row, pd.Series)
    return row


def test_shares_are_those_that_made_the_numbers() -> None:
    row = shares_of(made(4000, 3.0, 1.0))
    assert row["ignorance"] == pytest.approx(0.75, abs=4 * row["error"])
    assert row["luck"] + row["ignorance"] == pytest.approx(1.0)
    assert row["error"] == pytest.approx((1 - 0.75**2) / np.sqrt(4000), rel=0.15)
    assert row["clear"]


def test_error_is_the_spread_of_the_estimate() -> None:
    rows = pd.DataFrame([shares_of(made(40, 1.0, 1.0, seed=seed)) for seed in range(300)])
    assert float(rows["error"].mean()) == pytest.approx(float(rows["ignorance"].std()), rel=0.15)


def test_few_pairs_say_nothing() -> None:
    assert not shares_of(made(PAIRS - 1, 9.0, 0.1))["clear"]
    assert shares_of(made(PAIRS, 9.0, 0.1))["clear"]
    assert split(made(1, 1.0, 1.0)) is None


def test_whether_anything_is_said_hangs_on_how_many_pairs_and_not_on_the_seed() -> None:
    """At 12 pairs one seed said that all is luck, another nothing."""
    assert {bool(shares_of(made(12, 1.0, 1.0, seed=seed))["clear"]) for seed in range(100)} == {False}
    told = [shares_of(made(PAIRS, 1.0, 1.0, seed=seed)) for seed in range(200)]
    assert sum(bool(row["clear"]) for row in told) > 195
    assert sum(bool(row["luck"] > 0.995) for row in told) < 10


def test_a_large_error_says_nothing() -> None:
    table = made(40, 0.2, 1.0)
    table.loc[:1, "x"] = 30.0, -30.0
    table.loc[2:3, "x"] = 40.0
    row = shares_of(table)
    assert row["error"] > 0.25
    assert not row["clear"]


def test_a_measure_that_hardly_varies_says_nothing() -> None:
    assert not shares_of(made(100, 3.0, 1.0, mean=1e4))["clear"]
    constant = shares_of(pd.DataFrame({"x": np.ones(40)}))
    assert np.isnan(constant["luck"])
    assert not constant["clear"]
