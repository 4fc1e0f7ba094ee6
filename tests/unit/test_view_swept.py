"""The answer to a sweep and its figures say who is ahead where, and from which value on a target holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.patches import Rectangle

from sim.errors import ViewError
from sim.results.target import parse
from sim.study.alternatives import Alternative
from sim.study.axis import axis
from sim.study.sweep import Reached, Sweep
from sim.view.figures import figures_of
from sim.view.figures.target import reached
from sim.view.figures.winners import axis_label, edges, levels, winners
from sim.view.study_words import CAVEAT
from sim.view.sweep_answer import axis_words, sweep_answer, unreached
from tests.unit.charts import check_words, one_line, text_of, title
from tests.unit.comparisons import plan, scenario

UNITS = (
    "escorts.pools.national Senegal side.units.1,escorts.pools.national Ivorian side.units.1=1:6"  # the same in both
)
RATIO = "escorts.loss_ratio.foreign"
TARGET = parse("cover.Bamako >= 5 d", plan())
SIX = ("none", "army", "air-only", "ground", "ground+air", "many-small")


def made(
    names: Sequence[str],
    ranges: Sequence[str],
    worth: Callable[..., float],
    *,
    own: float = 0.3,
    goal: str = "days_half_closed",
    replications: int = 20,
) -> Sweep:
    """Return a sweep in which an alternative's mean at a point is ``worth(number, *places from 0 to 1)``."""
    base = scenario("as it is")
    axes = tuple(axis(text, base) for text in ranges)
    points = tuple(product(*(range(len(span.texts)) for span in axes)))
    source = np.random.default_rng(1)
    luck = source.normal(0, 1, replications)
    frames = {}
    for point, places in enumerate(points):
        along = [k / (len(span.texts) - 1) for k, span in zip(places, axes, strict=True)]
        for number, name in enumerate(names):
            value = worth(number, *along) + luck + source.normal(0, own, replications)
            frames[point, name] = pd.DataFrame(
                {
                    goal: value,
                    "lowest_cover.Bamako": np.clip(8 - value / 4, 0, None),
                    "escorted_per_week": 1 + 3 * along[0] + source.normal(0, 0.1, replications),
                }
            )
    alternatives = tuple(
        Alternative(name, scenario(name).root.strategy.label, scenario(name), plan()) for name in names
    )
    failures = pd.DataFrame(columns=["point", "alternative", "replication", "seed", "stage", "message"])
    manifest = {"central": False, "seed": 1}
    measures = pd.concat(frames, names=["point", "alternative", "replication"])
    return Sweep(axes, points, alternatives, measures, goal, failures, manifest)


def crossing() -> Sweep:
    return made(("air-only", "ground"), [RATIO], lambda number, along: 20 + 6 * (along - 0.5) * number)


def crossing_map() -> Sweep:
    ranges = [RATIO, "escorts.cycle_factor.foreign"]
    return made(("air-only", "ground"), ranges, lambda number, ratio, cycle: 20 + (6 * ratio + 4 * cycle - 5) * number)


def rising() -> Sweep:
    return made(("army", "ground"), [UNITS], lambda number, along: 16 - 8 * along - 2 * number)


def test_the_answer_says_who_is_ahead_where_and_how_surely():
    said = sweep_answer(crossing(), figures=[Path("here/winners.png"), Path("here/winners.svg")])
    assert max(map(len, said.splitlines())) <= 100
    flat = one_line(said)
    assert "Varied: loss ratio of foreign ground troops (escorts.loss_ratio.foreign): 0.2–1, 5 values." in flat
    assert "20 replications of each alternative at each point, seed 1" in flat
    assert "(less is better): ground is ahead from 0.2 to" in flat
    assert "air-only is ahead from 0.8 to 1, surely" in flat
    assert "conditional on these parameter ranges" in flat
    assert "Figures: here winners.png" in flat
    assert one_line(CAVEAT) in flat


def test_the_table_holds_the_means_and_marks_sure_leads():
    sweep = crossing()
    rows = {line.split()[0]: line.split() for line in sweep_answer(sweep).splitlines() if line[:1].isdigit()}
    for point, text in enumerate(("0.2", "0.4", "0.6", "0.8", "1")):
        place = sweep.places()[point]
        ahead = [place.best, "*"] if place.sure else [place.best]
        means = [f"{round(mean)}" for mean in sweep.means().loc[point]]
        assert rows[text] == [text, *ahead, *means]


def test_a_tie_has_nobody_ahead():
    sweep = made(("army", "ground"), [RATIO], lambda number, along: 20.0, own=0.0)
    assert "nobody is ahead anywhere in the range" in one_line(sweep_answer(sweep))
    cells = [patch for patch in winners(sweep).axes[1].patches if isinstance(patch, Rectangle)]
    assert {cell.get_gid() for cell in cells} <= {"", None}


def test_one_alternative_wins_nothing():
    alone = made(("as it is",), [UNITS], lambda number, along: 24 - 20 * along)
    assert [entry.name for entry in figures_of(alone) if entry.arguments(alone)] == ["levels"]
    assert [entry.name for entry in figures_of(crossing()) if entry.arguments(crossing())] == ["winners"]
    with pytest.raises(ViewError, match="one alternative"):
        winners(alone)
    with pytest.raises(ViewError, match="2 alternatives"):
        levels(crossing())


def test_labels_of_axes_are_folded_and_not_cut():
    sweep = made(("army", "ground"), [UNITS], lambda number, along: 20 + number)
    whole = axis_words(sweep)
    assert len(whole) > 30
    assert one_line(axis_label(sweep, 0, 30)) == whole
    assert max(map(len, axis_label(sweep, 0, 30).splitlines())) <= 30


def test_one_alternative_is_compared_with_nobody():
    said = sweep_answer(made(("as it is",), [UNITS], lambda number, along: 24 - 20 * along))
    assert "ahead" not in said
    assert "Strategy: as recorded." in said
    assert "units of national Senegal and Ivorian side from 10 Sep" in one_line(said)


def test_two_parameters_give_a_table_of_who_is_ahead():
    sweep = crossing_map()
    said = sweep_answer(sweep)
    assert max(map(len, said.splitlines())) <= 100
    first = next(line for line in said.splitlines() if line.startswith("0.2 "))
    leaders = [f"{place.best}{' *' * place.sure}" for place in sweep.places() if sweep.points[place.point][0] == 0]
    assert one_line(first) == "0.2 " + " ".join(leaders)


@pytest.mark.parametrize("ranges", [["fleet.load=45 m3:48 m3:50"], [f"{RATIO}=0.2:1:30", "fleet.load=45 m3:48 m3:20"]])
def test_long_sweeps_are_told_in_short(ranges):
    sweep = made(SIX, ranges, lambda number, *along: 20 + number, replications=2)
    said = sweep_answer(sweep)
    assert max(map(len, said.splitlines())) <= 100
    assert len(said.splitlines()) < 90
    assert "Not all values are shown" in one_line(said)


def test_the_target_is_answered_with_value_share_and_convoys():
    sweep = rising()
    reaches = sweep.reached(TARGET, 0.9)
    said = one_line(sweep_answer(sweep, reaches, TARGET, 0.9))
    assert "that holds 'cover.Bamako >= 5 d' (the lowest of the run) in 90 % of replications:" in said
    for reach in reaches:
        assert reach.point is not None and reach.point > 0
        share, before = reach.shares[reach.point][0], reach.shares[reach.point - 1][0]
        convoys = sweep.measures["escorted_per_week"].loc[reach.point].loc[reach.alternative].mean()
        first = ", ".join(f"{100 * reach.shares[k][0]:.0f} % at {k + 1}" for k in range(2))
        assert f"Held with {reach.alternative}: {first}" in said
        part = "all 20 replications" if share == 1 else f"{100 * share:.0f} %"
        assert f"{reach.alternative}: {reach.point + 1} (held in {part}" in said
        assert f"; {reach.point}: {100 * before:.0f} %. That was {convoys:.1f} escorted convoys a week (5–95 %:" in said


def test_a_target_that_is_held_at_once_is_held_by_the_smallest_tried():
    sweep = made(("army",), [UNITS], lambda number, along: 0.0)
    said = one_line(sweep_answer(sweep, sweep.reached(TARGET, 0.9), TARGET, 0.9))
    assert "in 90 % of replications: 1 (held in all 20 replications, 95 % interval 69–100 %), the smallest" in said


def test_an_unmet_target_names_range_and_best_share():
    sweep = made(("army", "ground"), [UNITS], lambda number, along: 14 - 2.0 * along - 0.2 * number)
    reaches = sweep.reached(TARGET, 0.9)
    assert all(reach.point is None for reach in reaches)
    best = max(share for reach in reaches for share, _, _ in reach.shares)
    said = unreached(sweep, reaches, TARGET, 0.9)
    assert said.startswith("target 'cover.Bamako >= 5 d': not held in 90 % of replications anywhere in escorts.pools.")
    low, high = next((low, high) for reach in reaches for share, low, high in reach.shares if share == best)
    interval = f"(95 % interval {100 * low:.0f}–{100 * high:.0f} %)"
    answer = one_line(sweep_answer(sweep, reaches, TARGET, 0.9))
    assert f"ground: nowhere in 1–6; the highest share is {100 * best:.0f} % {interval} at 6." in answer
    near = f"at most in {100 * best:.0f} % at 6 with ground"
    assert said.endswith(f"= 1–6, {near}; expected a target that can be met there")


def test_a_target_held_at_the_low_end_only_is_told_apart():
    sweep = made(("army",), [RATIO], lambda number, along: 8 + 9 * along)
    reaches = sweep.reached(TARGET, 0.9)
    answer = one_line(sweep_answer(sweep, reaches, TARGET, 0.9))
    assert "not from any value on, but up to 0.4 (held in all 20 replications, 95 % interval 69–100 %); 0.6:" in answer
    said = unreached(sweep, reaches, TARGET, 0.9)
    assert "from any value of escorts.loss_ratio.foreign = 0.2–1 on: in 100 % at 0.2, in fewer further up" in said


def test_failures_are_said_with_their_place():
    sweep = crossing()
    sweep.failures.loc[0] = [2, "ground", 7, 1, "run", "a tank below zero"]
    assert "replication 7 of ground at 0.6 (seed 1), at run: a tank below zero" in one_line(sweep_answer(sweep))


def test_lines_hold_the_means_and_the_strip_who_is_ahead():
    sweep = crossing()
    chart = winners(sweep)
    lines, strip = chart.axes[:2]
    for name in sweep.names:
        line = next(line for line in lines.lines if line.get_label() == name)
        np.testing.assert_allclose(line.get_ydata(), sweep.means()[name])
        np.testing.assert_allclose(line.get_xdata(), sweep.axes[0].values)
    cells = [patch for patch in strip.patches if patch.get_gid()]
    assert [cell.get_gid() for cell in cells] == [place.best for place in sweep.places()]
    assert [cell.get_facecolor()[3] == 1.0 for cell in cells] == [place.sure for place in sweep.places()]
    assert [bool(cell.get_hatch()) for cell in cells] == [place.sure for place in sweep.places()]
    np.testing.assert_allclose([cell.get_x() for cell in cells], edges(sweep.axes[0].values)[:-1])


def test_the_map_has_a_cell_at_each_point():
    sweep = crossing_map()
    chart = winners(sweep)
    cells = [patch for patch in chart.axes[0].patches if patch.get_gid()]
    by_centre = {
        (round(cell.get_x() + cell.get_width() / 2, 6), round(cell.get_y() + cell.get_height() / 2, 6)): cell
        for cell in cells
    }
    for place in sweep.places():
        k, m = sweep.points[place.point]
        cell = by_centre[round(sweep.axes[0].values[k], 6), round(sweep.axes[1].values[m], 6)]
        assert cell.get_gid() == place.best
        assert (cell.get_facecolor()[3] == 1.0) == place.sure
    assert "air-only is ahead at" in text_of(chart)


def test_the_target_figure_marks_the_smallest_value():
    sweep = rising()
    reaches = sweep.reached(TARGET, 0.9)
    chart = reached(sweep, TARGET, reaches, 0.9)
    shares, convoys = chart.axes[:2]
    for reach in reaches:
        line = next(line for line in shares.lines if line.get_label() == reach.alternative)
        np.testing.assert_allclose(line.get_ydata(), [100 * share for share, _, _ in reach.shares])
        large = [line.get_xdata()[0] for line in shares.lines if line.get_markersize() == 9]
        assert sweep.axes[0].values[reach.point] in large
        weekly = next(line for line in convoys.lines if line.get_label() == reach.alternative)
        table = sweep.measures["escorted_per_week"].loc[:, reach.alternative, :].groupby(level=0).mean()
        np.testing.assert_allclose(weekly.get_ydata(), table)
    assert any(line.get_ydata()[0] == 90 for line in shares.lines)
    assert f"from {reaches[1].point + 1} on with ground, from {reaches[0].point + 1} on with army" in text_of(chart)


def test_a_target_never_met_is_the_title():
    sweep = crossing()
    reaches = sweep.reached(TARGET, 0.9)
    assert title(reached(sweep, TARGET, reaches, 0.9)).startswith("'cover.Bamako >= 5 d' does not hold in 90 %")


DRAWN = {
    "six lines": lambda: winners(made(SIX, [UNITS], lambda number, along: 30 - 2 * number * along)),
    "six on a map": lambda: winners(
        made(SIX, [UNITS, "attacks.lifetime=12 h:240 h:4"], lambda number, *along: 30 - number % 3 * along[0])
    ),
    "one alternative": lambda: levels(made(("as it is",), [UNITS], lambda number, along: 20 - along)),
    "one alternative on a map": lambda: levels(made(("as it is",), [RATIO, UNITS], lambda number, *along: along[0])),
    "dates": lambda: winners(made(SIX, [RATIO], lambda number, along: 40 + number, goal="first_shortage")),
    "one replication": lambda: winners(made(SIX, [RATIO], lambda number, along: 20 + number, replications=1)),
    "a target": lambda: reached(rising(), TARGET, rising().reached(TARGET, 0.9), 0.9),
}


@pytest.mark.parametrize("case", DRAWN)
def test_words_in_the_figures_can_be_read(case):
    check_words(DRAWN[case]())


def test_an_interval_of_few_replications_does_not_stretch_the_axis():
    sweep = made(("army", "ground"), [RATIO], lambda number, along: 20 + number, replications=4)
    values = sweep.measures[sweep.goal]
    low, high = winners(sweep).axes[0].get_ylim()
    spread = values.max() - values.min()
    assert low > values.min() - 0.1 * spread
    assert high < values.max() + 0.1 * spread


@pytest.mark.parametrize(
    ("names", "ending"), [(SIX[:3], "with ‘none’, army, air-only"), ((*SIX, "shared"), "with ‘none’, army")]
)
def test_alternatives_that_hold_from_one_value_on_stand_together(names, ending):
    sweep = made(names, [UNITS], lambda number, along: 0.0 if number < 2 or len(names) == 3 else 40.0)
    finding = title(reached(sweep, TARGET, sweep.reached(TARGET, 0.9), 0.9))
    assert f"from 1 on {ending}" in finding
    assert ("; later or not at all with 5 others" in finding) == (len(names) == 7)


@pytest.mark.parametrize("ranges", [[RATIO], [RATIO, UNITS]])
@pytest.mark.parametrize("names", [("army",), ("army", "ground")])
def test_a_measure_that_is_never_defined_has_nobody_ahead(names, ranges):
    sweep = made(names, ranges, lambda number, *along: 40, goal="first_shortage", replications=4)
    sweep.measures["first_shortage"] = np.nan
    said = one_line(sweep_answer(sweep))
    assert ("nobody is ahead anywhere in the range" in said) == (len(names) > 1)
    assert "First shortage" in (winners if len(names) > 1 else levels)(sweep).get_suptitle()


def test_a_share_just_under_that_asked_for_is_not_rounded_up():
    sweep = rising()
    reaches = (Reached("army", None, None, ((0.1, 0.0, 0.2),) * 5 + ((0.8964, 0.85, 0.94),)),)
    assert "at most in 89.6 % at 6" in unreached(sweep, reaches, TARGET, 0.9)
    answer = one_line(sweep_answer(sweep, reaches, TARGET, 0.9))
    assert "the highest share is 89.6 % (95 % interval 85–94 %) at 6" in answer
