"""Regret is the shortfall from the best; a box is found where one was planted and not where there is none."""

from __future__ import annotations

import logging
import sys

import numpy as np
import pandas as pd
import pytest

from sim.errors import StudyError
from sim.study.ranking import Box, flips, regret


def drawn(draws: int, parameters: int, seed: int) -> pd.DataFrame:
    values = np.random.default_rng(seed).uniform(size=(draws, parameters))
    index = pd.RangeIndex(draws, name="draw")
    return pd.DataFrame(values, index=index, columns=[f"p.{i}" for i in range(parameters)])


def planted(x: pd.DataFrame) -> pd.Series:
    """First wins where one parameter is high and another low, but for one draw in twenty."""
    return ((x["p.3"] > 0.5) & (x["p.4"] < 0.6)) ^ (np.arange(len(x)) % 20 == 0)


def test_regret_is_the_shortfall_in_the_same_draw() -> None:
    values = pd.DataFrame({"a": [1.0, 5.0, 3.0, 0.0], "b": [2.0, 2.0, 3.0, np.nan], "c": [9.0, 9.0, 9.0, 0.0]})
    low = regret(values, -1)
    assert low.loc["a"].to_dict() == pytest.approx({"mean": 1.0, "high": 2.7, "most": 3.0, "best": 0.5})
    assert low.loc["b"].to_dict() == pytest.approx({"mean": 1 / 3, "high": 0.9, "most": 1.0, "best": 0.5})
    assert low.loc["c", "mean"] == 7.0
    assert regret(values, 1).loc["c"].to_dict() == {"mean": 0.0, "high": 0.0, "most": 0.0, "best": 1.0}
    with pytest.raises(StudyError, match="neither"):
        regret(values, 0)


def test_a_planted_box_is_found() -> None:
    x = drawn(300, 40, seed=1)
    box = flips(planted(x), x)
    assert isinstance(box, Box)
    limits = {path: (low, high) for path, low, high in box.conditions}
    assert limits == {"p.3": (pytest.approx(0.5, abs=0.06), None), "p.4": (None, pytest.approx(0.6, abs=0.06))}
    assert box.density > 0.8
    assert box.coverage > 0.7


def test_shares_are_those_of_the_draws_in_the_box() -> None:
    x = drawn(300, 40, seed=2)
    wins = planted(x)
    box = flips(wins, x)
    assert box is not None
    inside = pd.Series(True, index=x.index)
    for path, low, high in box.conditions:
        inside &= x[path].between(-np.inf if low is None else low, np.inf if high is None else high)
    shares = (wins[inside].mean(), inside[wins].mean(), inside.mean(), wins.mean())
    assert (box.density, box.coverage, box.mass, box.base) == pytest.approx(shares)


def test_a_box_of_frequent_wins_is_denser_still() -> None:
    x = drawn(300, 10, seed=3)
    box = flips((x["p.0"] > 0.3) | (np.arange(300) % 2 == 0), x)
    assert box is not None
    assert box.base > 0.8
    assert box.density >= (1.0 + box.base) / 2.0
    assert [path for path, _, _ in box.conditions] == ["p.0"]


def test_at_most_so_many_parameters_are_searched() -> None:
    x = drawn(300, 40, seed=1)
    box = flips(planted(x), x, most=1)
    assert box is not None
    assert len(box.conditions) == 1


def test_no_box_is_found_where_there_is_none() -> None:
    x = drawn(100, 100, seed=4)
    wins, rng = planted(x).to_numpy(), np.random.default_rng(5)
    boxes = [flips(pd.Series(rng.permutation(wins), index=x.index), x) for _ in range(60)]
    assert len([box for box in boxes if box is not None]) <= 3


def test_too_little_to_say_says_nothing() -> None:
    x = drawn(100, 5, seed=6)
    assert flips(pd.Series(True, index=x.index), x) is None
    assert flips(planted(x), x[[]]) is None
    assert flips(planted(x), x * 0.0) is None
    assert flips(x["p.0"][:19] > 0.5, x) is None
    assert flips(x["p.0"][:0] > 0.5, x) is None


def test_the_search_prints_nothing(capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
    x = drawn(100, 5, seed=7)
    assert flips(x["p.0"] > 0.5, x) is not None
    assert capsys.readouterr() == ("", "")
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_without_the_package_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    x = drawn(100, 5, seed=7)
    monkeypatch.setitem(sys.modules, "ema_workbench.analysis", None)
    with pytest.raises(StudyError, match=r"pip install 'ema_workbench'"):
        flips(x["p.0"] > 0.5, x)
