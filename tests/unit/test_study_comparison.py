"""What a comparison says of itself."""

from __future__ import annotations

import pytest

from sim.errors import RequestError
from sim.study.compare import selection
from sim.study.intervals import differences, summary
from tests.unit.comparisons import comparison


def test_a_comparison_is_told_in_two_lines() -> None:
    assert repr(comparison(("none", "army"), replications=6)).splitlines() == [
        "Comparison of none, army: n = 6 each, seed 7, baseline none, ranked by days_half_closed",
        "  read on: .measures, .summary(), .differences(), .days, .hub; in words: sim.told(…)",
    ]


def test_summary_and_differences_stand_by_measure_and_alternative() -> None:
    study = comparison(replications=8)
    of = study.of
    levels = study.summary().loc["tankers_lost"]
    assert list(levels.index) == list(study.names)
    assert levels.loc["army"].drop("never").equals(summary(of["army"], drawn=True).loc["tankers_lost"])
    differ = study.differences().loc["tankers_lost"]
    assert list(differ.index) == [name for name in study.names if name != study.baseline]
    assert differ.loc["army"].equals(differences(of["army"], of["none"], drawn=True).loc["tankers_lost"])


def test_measures_keep_their_order_and_stand_together() -> None:
    study = comparison(replications=4)
    index = study.summary().index
    assert list(dict.fromkeys(index.get_level_values("measure"))) == list(study.measures)
    assert len(index) == len(study.measures.columns) * len(study.names)
    assert list(index.get_level_values("alternative")[: len(study.names)]) == list(study.names)


def test_ranking_by_another_measure_takes_what_is_worth_having_in_it() -> None:
    study = comparison(replications=24)
    other = study.ranked_by("tankers_lost")
    assert (study.goal, other.goal) == ("days_half_closed", "tankers_lost")
    assert (selection(study).worth, selection(other).worth) == (1.0, 5.0)
    assert other.measures is study.measures


def test_a_measure_that_is_not_there_is_refused_with_the_nearest() -> None:
    with pytest.raises(RequestError, match=r"no measure 'tankers_lots'.*the nearest is 'tankers_lost'"):
        comparison(replications=2).ranked_by("tankers_lots")
