"""Break-even curves say, in words and in a picture, what their points hold."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sim.study.break_even import BreakEven, Curve, _flip
from sim.view.break_even_answer import break_even_answer, outcome_of
from sim.view.figures.break_even import break_even
from sim.view.style import strategy
from tests.unit import charts
from tests.unit.charts import check_words, one_line, text_of

CYCLES = (1.0, 1.25, 1.5)
RATIOS = (0.2, 0.4, 0.6, 0.8, 1.0)
LABELS = {"air-only": "army + foreign air", "ground": "army + foreign ground"}
DAYS_PER_RATIO = 10.0


def break_even_at(
    *flips: float,
    width: float = 1.2,
    measure: str = "days_half_closed",
    component: str = "foreign",
    troops: str = "foreign troops",
) -> BreakEven:
    """Return curves that flip at these ratios at the middle cycle factor, 0.1 higher before and lower after it."""
    equals = ("recorded", "units", "cost")[: len(flips)]
    better = -1 if measure == "days_half_closed" else 1
    rows = [
        (equal, cycle, ratio, mean, mean - width, mean + width, 0.5)
        for equal, flip in zip(equals, flips, strict=True)
        for cycle in CYCLES
        for ratio in RATIOS
        for mean in [better * DAYS_PER_RATIO * (flip - 0.4 * (cycle - 1.25) - ratio)]
    ]
    points = pd.DataFrame(rows, columns=["equal", "cycle", "ratio", "mean", "low", "high", "won"])
    curves = tuple(
        Curve(equal, tuple(_flip(points, equal, cycle, better, "air-only", "ground") for cycle in CYCLES))
        for equal in equals
    )
    pair = ("air-only", "ground")
    return BreakEven(*pair, component, measure, RATIOS, CYCLES, points, curves, 40, "both", troops=troops)


def words(result: BreakEven) -> str:
    return one_line(break_even_answer(result, LABELS))


def title(result: BreakEven) -> str:
    return charts.title(break_even(result, LABELS))


def test_the_flip_is_said_as_a_share_of_the_armys_losses():
    said = words(break_even_at(0.55, 0.45, 0.65))
    assert said.startswith(
        "With units as recorded, foreign troops must cut losses to so much of what the army alone loses (20 to 100 % "
        "were tried) for ground (army + foreign ground) to keep stations open longer than air-only (army + foreign "
        "air), the best guess first, then what is sure (round trip × 1: as long as the army's): "
        "Round trip × 1 and round trip × 1.25 with equal cost: 65 %, sure at 53 % or less, surely not at 77 % or more. "
        "Round trip × 1.25: 55 %, sure at 43 % or less, surely not at 67 % or more. "
        "Round trip × 1.5 and round trip × 1.25 with equal units: 45 %, sure at 33 % or less, surely not at 57 % or "
        "more. Rests on: "
    )
    assert "[both]" in said


def test_the_table_has_a_row_for_each_equality_within_100_columns():
    lines = break_even_answer(break_even_at(0.55, -0.5, 1.5), LABELS).splitlines()
    assert max(map(len, lines)) <= 100
    rows = {line[:12].strip(): line for line in lines if line.startswith(("units as", "equal "))}
    assert rows["units as rec"].count("0.55 (0.43–0.67)") == 1
    assert rows["equal units"].count("none: air-only") == 3
    assert rows["equal cost"].count("none: ground") == 3


def test_an_end_of_the_range_is_no_end_of_the_interval():
    said = words(break_even_at(0.25))
    assert "Round trip × 1.25: 25 %, sure at no ratio, surely not at 37 % or more." in said
    assert "0.25 (≤0.37)" in said


def test_a_lead_at_every_ratio_is_said_with_where_it_is_not_sure():
    said = words(break_even_at(0.15))
    assert "Round trip × 1.25: air-only is ahead at every ratio, sure at 27 % or more." in said
    assert "whatever" not in said
    assert "not sure" not in said


def test_a_flip_that_no_point_bears_out_is_not_told():
    result = break_even_at(0.55, width=20.0)
    assert {outcome_of(result, "recorded", flip) for flip in result.curves[0].flips} == {"open"}
    assert "it cannot be told which of" in words(result)
    lines = break_even_answer(result).splitlines()
    assert [line.count("cannot be told") for line in lines if line.startswith("units as")] == [3]
    assert title(result) == "Over the whole range the ranking of air-only and ground cannot be told"


def test_a_line_is_drawn_only_where_it_can_be_told():
    """At the middle cycle factor the interval of the difference holds 0 at all ratios, at the others it does not."""
    result = break_even_at(0.55)
    wide = result.points["cycle"] == 1.25
    points = result.points.assign(
        low=result.points["low"].where(~wide, result.points["mean"] - 20.0),
        high=result.points["high"].where(~wide, result.points["mean"] + 20.0),
    )
    flips = tuple(_flip(points, "recorded", cycle, -1, "air-only", "ground") for cycle in CYCLES)
    partly = replace(result, points=points, curves=(Curve("recorded", flips),))
    assert [outcome_of(partly, "recorded", flip) for flip in flips] == ["flip", "open", "flip"]
    chart = break_even(partly)
    line = next(line for line in chart.axes[0].lines if line.get_label() == "recorded")
    assert np.isnan(line.get_ydata()).tolist() == [False, True, False]
    assert [text.get_text() for text in chart.axes[0].texts].count("?") == 1
    said = words(partly)
    assert "it cannot be told which of" in said
    assert "any ratio" not in said


def test_a_ranking_that_turns_the_other_way_is_no_break_even():
    result = break_even_at(0.55)
    points = result.points.assign(mean=-result.points["mean"], low=-result.points["high"], high=-result.points["low"])
    flips = tuple(_flip(points, "recorded", cycle, -1, "air-only", "ground") for cycle in CYCLES)
    turned = replace(result, points=points, curves=(Curve("recorded", flips),))
    assert {outcome_of(turned, "recorded", flip) for flip in turned.curves[0].flips} == {"unclear"}
    chart = break_even(turned)
    assert "no one ratio at which the ranking turns" in text_of(chart)
    assert title(turned).startswith("There is no one loss ratio at which the ranking of air-only and ground turns")
    assert "there is no one ratio at which the ranking turns. " in words(turned)
    assert len(chart.axes[0].collections) == 0


def test_no_difference_at_all_is_said():
    result = break_even_at(0.55)
    points = result.points.assign(mean=0.0, low=0.0, high=0.0)
    flips = tuple(_flip(points, "recorded", cycle, -1, "air-only", "ground") for cycle in CYCLES)
    same = BreakEven(**{**vars(result), "points": points, "curves": (Curve("recorded", flips),)})
    assert "air-only and ground do not differ. " in words(same)
    assert title(same).startswith("Air-only and ground do not differ at any loss ratio")


def test_other_measures_and_air_are_named():
    said = words(break_even_at(0.55, measure="need_met.Bamako", component="air", troops="aircraft"))
    assert "aircraft must cut losses to so much" in said
    assert "to do better than air-only (army + foreign air) in 'Need met, Bamako'" in said


def test_the_figure_draws_the_flips_and_the_points():
    result = break_even_at(0.55, 0.45, 0.15)
    chart = break_even(result, LABELS)
    panels = chart.axes[:3]
    assert [axes.get_title(loc="left") for axes in panels] == ["Units as recorded", "Equal units", "Equal cost"]
    for axes, curve in zip(panels, result.curves, strict=True):
        line = next(line for line in axes.lines if line.get_label() == curve.equal)
        np.testing.assert_allclose(line.get_ydata(), [flip.ratio for flip in curve.flips])
        rows = result.points[result.points["equal"] == curve.equal]
        drawn = {(line.get_xdata()[0], line.get_ydata()[0]): line for line in axes.lines if len(line.get_xdata()) == 1}
        assert len(drawn) == len(rows)
        for row in rows.itertuples():
            mark = drawn[row.cycle, row.ratio]
            assert mark.get_marker() == strategy("ground" if row.mean < 0 else "air-only").marker
            assert (mark.get_markerfacecolor() != "white") == (row.low > 0 or row.high < 0)
    assert title(result).startswith(
        "Ground must cut losses to 0.55 of army alone (95 % range: 0.43–0.67) to keep stations open longer"
    )
    assert title(result).endswith("; with equal units it turns at a loss ratio of 0.45")


@pytest.mark.parametrize("flips", [(0.55,), (0.55, -0.5, 1.5)])
def test_words_in_the_figure_can_be_read(flips):
    check_words(break_even(break_even_at(*flips), LABELS))


def test_a_measure_that_is_not_defined_is_not_called_the_same():
    result = break_even_at(0.55)
    result.points[["mean", "low", "high"]] = np.nan
    flips = tuple(_flip(result.points, "recorded", cycle, 1, "air-only", "ground") for cycle in CYCLES)
    none = replace(result, curves=(Curve("recorded", flips),))
    assert {outcome_of(none, "recorded", flip) for flip in flips} == {"unclear"}
    assert "do not differ" not in words(none)
