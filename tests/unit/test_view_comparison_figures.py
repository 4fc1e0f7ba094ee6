"""Figures of comparisons say what they show, give each alternative its look, and hold with little data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

import sim.view as plot
from sim.errors import ViewError
from sim.results.shelf import Shelf
from sim.study.comparison import Comparison
from sim.study.intervals import by_draw, differences, interval
from sim.study.ranking import Box
from sim.view.parameters import parameter_words, shown
from sim.view.style import looks, strategy
from tests.unit.charts import check_words, panel, title, whole_title
from tests.unit.comparisons import FOUR, WORTH, comparison, plan, scenario

GOAL = "days_half_closed"
ALL: tuple[Callable[[Comparison], Any], ...] = (
    plot.forest, plot.by_strategy, plot.dry_share, plot.frontier, plot.funnels, plot.delays, plot.felt, plot.regrets,
)  # fmt: skip


def detail(figure: Figure) -> str:
    return figure.get_supxlabel().replace("\n", " ")


def texts(axes: Any) -> list[str]:
    return [text.get_text() for text in axes.texts]


def marks(axes: Any) -> dict[str, Any]:
    return {line.get_gid(): line for line in axes.get_lines() if line.get_gid()}


def changed(outcome: Comparison, name: str, measure: str, values: Any) -> Comparison:
    """Return a comparison with one measure of one alternative replaced."""
    table = outcome.measures.copy()
    table.loc[name, measure] = np.broadcast_to(values, len(outcome.of[name]))
    return replace(outcome, measures=table)


@pytest.fixture(scope="module")
def four() -> Comparison:
    return comparison(FOUR)


@pytest.fixture(scope="module")
def eleven() -> Comparison:
    return comparison(tuple(WORTH), baseline="army")


# Looks


def test_shipped_strategies_have_looks_that_differ_in_all_ways() -> None:
    styles = [strategy(name) for name in (*WORTH, "as recorded")]
    for part in ("colour", "line", "marker", "hatch"):
        assert len({getattr(look, part) for look in styles}) == len(styles), part


def test_a_shipped_strategy_keeps_its_look_in_any_company() -> None:
    names = ["my plan", "army", "yours", "none", "a third", "ground+air"]
    for order in (names, names[::-1]):
        styles = looks(order)
        assert {name: styles[name] for name in ("army", "none", "ground+air")} == {
            name: strategy(name) for name in ("army", "none", "ground+air")
        }


def test_no_two_of_many_own_names_look_the_same() -> None:
    styles = looks([f"own plan {k}" for k in range(40)])
    assert len(set(styles.values())) == 40
    assert looks(["own plan 3"])["own plan 3"] == strategy("own plan 3")


def test_more_names_than_looks_are_refused() -> None:
    with pytest.raises(ViewError, match="no look is left for"):
        looks([f"own plan {k}" for k in range(60)])


def test_an_adaptive_twin_has_its_calm_ones_colour_and_an_edge() -> None:
    styles = looks(["army", "army, adaptive"], {"army, adaptive": "army"})
    calm, adaptive = styles["army"], styles["army, adaptive"]
    assert calm == strategy("army")
    assert (adaptive.colour, adaptive.marker) == (calm.colour, calm.marker)
    assert adaptive.edge and adaptive.hatch != calm.hatch and adaptive.line != calm.line


# Forest


def test_forest_points_and_lines_are_the_paired_differences(four: Comparison) -> None:
    axes = panel(plot.forest(four), "Tankers lost")
    gap = differences(four.of["army"], four.of["none"], True).loc["tankers_lost"]
    point = marks(axes)["army"]
    assert point.get_xdata()[0] == pytest.approx(gap["mean"])
    (interval,) = (line for line in axes.get_lines() if list(line.get_ydata()) == [0, 0])
    assert [*interval.get_xdata()] == pytest.approx([gap["mean_low"], gap["mean_high"]])
    assert interval.get_marker() == "|"  # an end at either side, which the band has not
    band = axes.patches[0]
    assert [band.get_x(), band.get_x() + band.get_width()] == pytest.approx([gap["low"], gap["high"]])
    assert band.get_height() > 0.5 and band.get_facecolor()[3] < 0.5
    assert [text.get_text() for text in plot.forest(four).axes[-1].get_legend().get_texts()] == [
        "mean difference", "95 % interval of the mean", "5–95 % of single replications",
    ]  # fmt: skip


def test_forest_of_few_replications_has_a_bar_from_the_lowest_to_the_highest() -> None:
    few = comparison(("none", "army"), replications=4)
    gaps = few.of["army"]["tankers_lost"] - few.of["none"]["tankers_lost"]
    band = panel(plot.forest(few), "Tankers lost").patches[0]
    assert [band.get_x(), band.get_x() + band.get_width()] == pytest.approx([gaps.min(), gaps.max()])
    assert "Pale bar: lowest–highest of single replications." in detail(plot.forest(few))


def test_forest_title_names_what_surely_differs_and_what_cannot_be_told() -> None:
    outcome = comparison(("none", "army", "ground+air"), central=True)
    base = outcome.of["none"][GOAL].to_numpy()
    noise = np.tile([-6.0, 6.0], 10)
    outcome = changed(changed(outcome, "ground+air", GOAL, base - 12.0), "army", GOAL, base + noise)
    assert title(plot.forest(outcome)) == (
        "Days with under half the stations open, sure differences from ‘none’: ground+air −12 (−12); not told from it: "
        "army"
    )


def test_forest_title_says_when_nothing_can_be_told() -> None:
    outcome = comparison(("army", "ground+air"))
    outcome = changed(outcome, "ground+air", GOAL, outcome.of["army"][GOAL].to_numpy() + np.tile([5, 5, -5, -5], 5))
    told = "ground+air cannot be told from army in days with under half the stations open"
    assert title(plot.forest(outcome, [GOAL])) == told
    assert title(plot.forest(outcome, [GOAL, "tankers_lost"])) == f"{told}; sure differences in tankers lost"
    assert title(plot.forest(outcome)) == f"{told}; sure differences in 5 others of the measures drawn"


def test_two_that_differ_by_name_only_are_exactly_zero_apart() -> None:
    outcome = comparison(("army", "own copy"))
    for measure in outcome.measures:
        outcome = changed(outcome, "own copy", measure, outcome.of["army"][measure].to_numpy())
    figure = plot.forest(outcome)
    assert title(figure).startswith("‘own copy’ cannot be told from army in days")
    assert marks(panel(figure, "Tankers lost"))["own copy"].get_xdata()[0] == 0
    assert panel(figure, "Tankers lost").get_xlim()[0] < 0 < panel(figure, "Tankers lost").get_xlim()[1]


def test_forest_writes_difference_interval_and_share_won(four: Comparison) -> None:
    gap = differences(four.of["ground+air"], four.of["none"], True).loc["tankers_lost"]
    written = texts(panel(plot.forest(four), "Tankers lost"))[-1]
    assert written == f"−{-gap['mean']:.0f} (−{-gap['mean_low']:.0f} to −{-gap['mean_high']:.0f}), 100 % won"


def test_forest_says_which_way_is_better(four: Comparison) -> None:
    figure = plot.forest(four)
    assert panel(figure, "Tankers lost").get_xlabel() == "← better"
    assert panel(figure, "Need met in the worst").get_xlabel() == "better →"


def test_forest_refuses_what_is_no_measure_and_too_many(four: Comparison) -> None:
    with pytest.raises(ViewError, match=r"no measure 'tankers_lots'.*nearest is 'tankers_lost'"):
        plot.forest(four, ["tankers_lots"])
    with pytest.raises(ViewError, match="expected 1 to 6"):
        plot.forest(four, list(four.measures)[:7])


# Stock by strategy


def test_small_multiples_show_medians_and_the_baselines(four: Comparison) -> None:
    figure = plot.by_strategy(four)
    axes = panel(figure, "ground+air")
    lines = {line.get_label(): line for line in axes.get_lines()}
    for name in ("ground+air", "none"):
        rows = four.days[(four.days["alternative"] == name) & (four.days["town"] == "Bamako")]
        np.testing.assert_allclose(lines[f"_{name}"].get_ydata(), rows.groupby("day")["stock"].median() / 1000)
    assert lines["_ground+air"].get_color() == strategy("ground+air").colour
    tops = {axes.get_ylim() for axes in figure.axes}
    assert len(tops) == 2


def test_stock_title_counts_the_days_of_closure(four: Comparison) -> None:
    closed = four.hub[(four.hub["product"] == "petrol") & (four.hub["open"] < 0.5)]
    mean = closed[closed["alternative"] == "none"].groupby("replication").size().sum() / 20
    assert f"and on {mean:.0f} with ‘none’ (means)" in title(plot.by_strategy(four))
    calm = replace(four, tables=Shelf({}, {"days": four.days, "hub": four.hub.assign(open=1.0)}))
    assert title(plot.by_strategy(calm)).startswith("Bamako: half the stations stay open in all; stock on the last day")


def test_stock_of_an_unknown_town_names_the_nearest(four: Comparison) -> None:
    with pytest.raises(ViewError, match=r"no town 'Kaye' in the comparison.*nearest: Kayes"):
        plot.by_strategy(four, "Kaye")
    assert title(plot.by_strategy(four, "Kayes")).startswith("Kayes:")


# Frontier


def costed(costs: dict[str, float], unmet: dict[str, float]) -> Comparison:
    """Return a comparison with given costs of escorts and shares of need not met in the hub."""
    outcome = comparison([*costs], replications=4)
    for name, cost in costs.items():
        outcome = changed(changed(outcome, name, "escort_cost", cost), name, "need_met.Bamako", 1 - unmet[name])
    return outcome


def test_frontier_fills_the_efficient_and_leaves_the_beaten_hollow() -> None:
    outcome = costed(
        {"none": 0, "army": 2, "ground": 3, "ground+air": 5},
        {"none": 0.4, "army": 0.2, "ground": 0.3, "ground+air": 0.1},
    )
    figure = plot.frontier(outcome, "escorts")
    points = marks(figure.axes[0])
    filled = {name for name, point in points.items() if point.get_markerfacecolor() != "white"}
    assert filled == {"none", "army", "ground+air"}
    assert title(figure) == (
        "Efficient: ‘none’, army and ground+air, 40 % down to 10 % of need unmet in Bamako for 0 to 5 million USD; "
        "others cost more for no less unmet"
    )


def test_frontier_costs_are_escorts_and_losses_of_all_imports(four: Comparison) -> None:
    point = marks(plot.frontier(four).axes[0])["army"]
    measures = four.of["army"]
    assert point.get_xdata()[0] == pytest.approx((measures["cost_per_m3"] * measures["imports_total"]).mean() / 1000)
    assert point.get_ydata()[0] == pytest.approx(100 * (1 - measures["need_met.Bamako"]).mean())


def test_frontier_looks_at_all_towns_where_the_hub_lacks_nothing(four: Comparison) -> None:
    outcome = four
    for name in FOUR:
        outcome = changed(outcome, name, "need_met.Bamako", 1.0)
    figure = plot.frontier(outcome)
    assert figure.axes[0].get_ylabel() == "need not met in all towns, %"
    rows = outcome.days[outcome.days["alternative"] == "army"]
    unmet = 100 * (1 - rows["burned"].sum() / rows["need"].sum())
    assert marks(figure.axes[0])["army"].get_ydata()[0] == pytest.approx(unmet)


def test_frontier_of_one_that_is_best_in_both() -> None:
    outcome = costed({"none": 1, "army": 2}, {"none": 0.1, "army": 0.2})
    assert title(plot.frontier(outcome, "escorts")) == (
        "‘none’ both costs least and leaves the least need unmet in Bamako (10 %)"
    )


def test_frontier_labels_do_not_overlap(eleven: Comparison) -> None:
    figure = plot.frontier(eleven)
    labels = [text for text in figure.axes[0].texts if text.get_text() in WORTH]
    assert len(labels) == len(WORTH)
    figure.draw_without_rendering()
    boxes = [Text.get_window_extent(text) for text in labels]  # of the words, without what leads to their points
    apart = [Bbox.intersection(box, other) is None for box, other in combinations(boxes, 2)]
    assert all(apart)


# Funnels, waiting


def test_funnel_bars_are_means_in_each_ones_look(four: Comparison) -> None:
    axes = panel(plot.funnels(four), "Meetings sprung")
    for bars in axes.containers:
        bar, name = bars[0], bars.get_label()
        assert bar.get_width() == pytest.approx(four.of[name]["ambushes_sprung"].mean())
        assert (to_hex(bar.get_facecolor()), bar.get_hatch() or "") == (strategy(name).colour, strategy(name).hatch)


def test_funnel_title_says_who_loses_least_and_most_of_the_same_ambushes(four: Comparison) -> None:
    few, many = (four.of[name]["tankers_lost"].mean() for name in ("ground+air", "none"))
    assert title(plot.funnels(four)) == (
        f"From the same 36 ambushes, {few:.0f} tankers are lost with ground+air and {many:.0f} with ‘none’"
    )
    more = changed(four, "army", "ambushes_laid", 50)
    assert title(plot.funnels(more)).startswith("From 36–50 ambushes,")
    for name in FOUR:
        more = changed(more, name, "ambushes_laid", 0)
    assert title(plot.funnels(more)) == "No ambush is laid under any alternative"


def test_waiting_bars_are_tanker_days_over_days_by_cause(four: Comparison) -> None:
    axes = plot.delays(four).axes[0]
    widths = {bars.get_label(): bars[0].get_width() for bars in axes.containers[:6]}
    measures = four.of["none"]
    assert widths["_refusal"] == pytest.approx(measures["waiting_refusal"].mean() / plan().days)
    assert "_closed" not in widths
    total = measures[[name for name in measures if name.startswith("waiting_") and name != "waiting_order"]].sum(axis=1)
    assert sum(widths.values()) == pytest.approx(total.mean() / plan().days)


def test_waiting_title_names_the_largest_cause_and_its_exceptions(four: Comparison) -> None:
    assert title(plot.delays(four)).endswith(
        "refusal of crews is the largest cause except with air-only and ground+air"
    )
    for name in FOUR:
        four = changed(four, name, "waiting_customs", 1e6)
    assert title(plot.delays(four)).endswith("customs is the largest cause in all")


# Who feels it and when


def shifted(towns: dict[str, float], week: int) -> Comparison:
    """Return a comparison in which need met differs in some towns by so many points from a week on."""
    outcome = comparison(("as it is", "guinea-opened"), replications=8, luck=0.3)
    base = outcome.days[outcome.days["alternative"] == "as it is"]
    base = base.assign(burned=0.5 * base["need"])
    other = base.assign(alternative="guinea-opened")
    points = other["town"].map(towns).fillna(0.0) * (other["day"] >= 7 * week)
    days = pd.concat([base, other.assign(burned=other["burned"] + points / 100 * other["need"])])
    return replace(outcome, tables=Shelf({}, {"days": days, "hub": outcome.hub}))


def test_felt_says_who_and_when() -> None:
    figure = plot.felt(shifted({"Kayes": -20.0, "Nioro": 5.0}, 10))
    assert title(figure).startswith(
        "guinea-opened against ‘as it is’: 2 of 15 towns feel it from the week of 10 Oct; most Kayes, −8.5 points"
    )
    axes = figure.axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()][:2] == ["Kayes", "Nioro"]
    cells = [(round(text.get_position()[0]), text.get_position()[1], text.get_text()) for text in axes.texts[:16]]
    assert cells[:8] == [(week, 0, "−20") for week in range(10, 18)]
    assert cells[8:] == [(week, 1, "+5") for week in range(10, 18)]


def test_felt_of_no_difference_has_no_number() -> None:
    figure = plot.felt(shifted({}, 0))
    assert title(figure).endswith("no town's need met differs surely over the run")
    assert not [text for text in texts(figure.axes[0]) if text.startswith(("+", "−"))]


def test_felt_takes_the_alternative_with_the_largest_effect(four: Comparison) -> None:
    assert title(plot.felt(four)).startswith("ground+air against ‘none’")
    assert title(plot.felt(four, "army", "air-only")).startswith("army against air-only")
    with pytest.raises(ViewError, match=r"no alternative 'amry'.*nearest: army"):
        plot.felt(four, "amry")


# Robustness


def test_regret_is_measured_in_each_draw() -> None:
    outcome = comparison(("none", "army"), replications=4)
    outcome = changed(changed(outcome, "none", GOAL, [0, 2, 10, 10]), "army", GOAL, [5, 5, 4, 4])
    figure = plot.regrets(outcome)
    points = {name: line.get_xdata()[0] for name, line in marks(figure.axes[0]).items()}
    assert points == {"none": 3.0, "army": 2.0}
    assert whole_title(figure) == "First look, 2 draws: in them army is at most 4 days behind whichever is ahead"
    assert "best" not in title(figure)


def test_regret_is_no_wider_than_the_choice_between_alternatives_of_one_world() -> None:
    twins = ("none, adaptive", "army, adaptive")
    outcome = comparison(("none", "army", *twins), adaptive=twins, replications=4)
    for name, value in {"none": 1.0, "army": 2.0, "none, adaptive": 30.0, "army, adaptive": 20.0}.items():
        outcome = changed(outcome, name, GOAL, value)
    figure = plot.regrets(outcome)
    points = {name: line.get_xdata()[0] for name, line in marks(figure.axes[0]).items()}
    assert points == {"none": 0.0, "army": 1.0, "none, adaptive": 10.0, "army, adaptive": 0.0}
    assert title(figure) == (
        "in none of them is any other ahead of ‘none’; where attackers adapt, in none of them is any other ahead of "
        "‘army, adaptive’ (exploratory)"
    )


def test_regret_of_many_draws_names_the_best() -> None:
    outcome = comparison(("none", "army"), replications=100)
    outcome = changed(changed(outcome, "none", GOAL, [0, 0, 10, 10] * 25), "army", GOAL, [5, 5, 4, 4] * 25)
    assert whole_title(plot.regrets(outcome)) == (
        "army is never more than 5 days from the best of a draw; most often best is ‘none’, in 50 % of draws"
    )


def test_few_replications_are_a_first_look_in_every_title(four: Comparison) -> None:
    for draw in ALL:
        assert whole_title(draw(four)).startswith("First look, ")
    assert whole_title(plot.forest(comparison(("none", "army"), replications=1))).startswith("One replication")


# Share of replications in which stations are shut


def test_dry_share_counts_the_replications_with_under_half_open(four: Comparison) -> None:
    chart = plot.dry_share(four)
    lines = marks(chart.axes[0])
    assert [*lines] == [*FOUR]
    rows = four.hub[(four.hub["alternative"] == "army") & (four.hub["product"] == "petrol")]
    shut = (rows["open"] < 0.5).groupby(rows["day"], observed=True).mean()
    np.testing.assert_allclose(lines["army"].get_ydata(), 100 * shut.to_numpy())
    assert {*FOUR} <= {*texts(chart.axes[0])}
    check_words(chart)


def test_names_beside_the_lines_of_many_alternatives_do_not_overlap(eleven: Comparison) -> None:
    chart = plot.dry_share(eleven)
    chart.draw_without_rendering()
    boxes = [text.get_window_extent() for text in chart.axes[0].texts]
    assert len(boxes) == len(WORTH)
    assert not any(box.overlaps(other) for box, other in combinations(boxes, 2))


def test_a_few_replications_run_through_the_band(four: Comparison) -> None:
    lower = plot.by_strategy(four).axes[1]
    threads = [line for line in lower.get_lines() if str(line.get_label()).startswith("_thread")]
    rows = four.hub[(four.hub["alternative"] == "none") & (four.hub["product"] == "petrol")]
    runs = 100 * rows.pivot(index="day", columns="replication", values="open")
    assert len(threads) == 5
    for thread in threads:
        assert any(np.allclose(thread.get_ydata(), runs[name]) for name in runs)


def test_frontier_sets_no_adaptive_world_against_a_calm_one() -> None:
    twins = ("none, adaptive", "army, adaptive")
    costs = {"none": 0, "army": 1, twins[0]: 2, twins[1]: 3}
    outcome = costed(costs, {"none": 0.1, "army": 0.2, twins[0]: 0.4, twins[1]: 0.3})
    alternatives = [replace(alternative, exploratory=alternative.name in twins) for alternative in outcome.alternatives]
    outcome = replace(outcome, alternatives=tuple(alternatives))
    points = marks(plot.frontier(outcome, "escorts").axes[0])
    filled = {name for name, point in points.items() if point.get_markerfacecolor() != "white"}
    assert filled == {"none", *twins}


def test_frontier_leaves_out_what_has_no_cost() -> None:
    outcome = costed({"none": 0, "army": np.nan}, {"none": 0.4, "army": 0.2})
    assert [*marks(plot.frontier(outcome, "escorts").axes[0])] == ["none"]


def test_regret_needs_a_measure_that_ranks(four: Comparison) -> None:
    with pytest.raises(ViewError, match="no regret in 'ambushes_laid'"):
        plot.regrets(replace(four, goal="ambushes_laid"))


def test_flips_draws_each_draw_once_and_the_box_in_words() -> None:
    outcome = comparison(("army", "ground"), replications=40)
    box = Box((("escorts.loss_ratio.foreign", None, 0.55), ("willingness.recovery", 240.0, None)), 0.9, 0.5, 0.3, 0.6)
    figure = plot.flips(outcome, box, "ground", "army")
    assert title(figure) == (
        "ground beats army in 90 % of draws with loss ratio of foreign ground troops under 0.55 and time in which "
        "crews' reluctance fades over 10 days (60 % of all draws)"
    )
    axes = figure.axes[0]
    spots = np.concatenate([np.asarray(cloud.get_offsets()) for cloud in axes.collections])
    drawn = by_draw(outcome.values("ground", "air-only"), True)
    assert sorted(spots[:, 0]) == pytest.approx(sorted(drawn["escorts.loss_ratio.foreign"]))
    assert sorted(spots[:, 1]) == pytest.approx(sorted(drawn["willingness.recovery"] / 24))
    shade = axes.patches[0]
    assert shade.get_x() + shade.get_width() == pytest.approx(0.55)
    assert shade.get_y() == pytest.approx(10)


def test_flips_fills_where_the_first_is_better() -> None:
    outcome = comparison(("army", "ground"), replications=8)
    outcome = changed(outcome, "ground", GOAL, outcome.of["army"][GOAL] + np.array([-5, -5, 5, 5, -5, -5, 0, 0]))
    box = Box((("escorts.loss_ratio.foreign", None, 0.5),), 0.9, 0.5, 0.3, 0.6)
    figure = plot.flips(outcome, box, "ground", "army")
    legend = figure.axes[0].get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == [
        "ground better (2 draws)", "army better (1 draw)", "tied (1 draw)",
    ]  # fmt: skip
    filled, hollow, _ = figure.axes[0].collections
    assert to_hex(filled.get_facecolor()[0]) == strategy("ground").colour
    assert to_hex(hollow.get_facecolor()[0]) == "#ffffff"


def test_flips_needs_draws_and_names() -> None:
    box = Box((("escorts.loss_ratio.foreign", None, 0.5),), 0.9, 0.5, 0.3, 0.6)
    with pytest.raises(ViewError, match="no parameters were drawn"):
        plot.flips(comparison(("army", "ground"), replications=2, central=True), box, "ground", "army")
    with pytest.raises(ViewError, match="no alternative 'grund'"):
        plot.flips(comparison(("army", "ground"), replications=2), box, "grund", "army")


# Parameters in words


def test_every_uncertain_parameter_has_words_of_its_own() -> None:
    base = scenario("as it is")
    words = {parameter.path: parameter_words(parameter.path, base) for parameter in plan().uncertain}
    assert len(set(words.values())) == len(words)
    assert max(len(text) for text in words.values()) <= 80
    assert not [path for path, text in words.items() if text == path or "*" in text or "{" in text]


def test_words_and_values_of_parameters() -> None:
    base = scenario("as it is")
    assert parameter_words("escorts.loss_ratio.foreign", base) == "loss ratio of foreign ground troops"
    assert parameter_words("corridors.Guinea.customs.1", base) == "customs delay on Guinea from 15 Sep"
    assert parameter_words("corridors.Guinea.customs@2025-09-15", base) == "customs delay on Guinea from 15 Sep"
    assert parameter_words("strategy.imports@2025-09-10.min", base) == "smallest import convoy from 10 Sep"
    change = parameter_words("escorts.pools.foreign ground.units@2025-10-30.from", base)
    assert change == "date of the change in units of foreign ground about 30 Oct"
    assert parameter_words("escorts.pools.foreign ground.units.1", base) == "units of foreign ground from 30 Oct"
    assert parameter_words("attacks.adaptive.recruitment", base) == "growth of effort per ten ambushes sprung"
    assert parameter_words("driving.regroup", base) == "time to regroup after an attack"
    assert shown("willingness.recovery", 240.0) == "10 days"
    assert shown("escorts.loss_ratio.foreign", 0.54321) == "0.543"
    assert shown("escorts.pools.foreign ground.units.1.from", 2160.0, base) == "30 Oct"


# All of them


@pytest.mark.parametrize("draw", ALL)
def test_one_replication_and_central_draw_without_bands(draw: Callable[[Comparison], Any]) -> None:
    for outcome in (
        comparison(("none", "army"), replications=1, central=True),
        comparison(("none", "army"), replications=1),
    ):
        assert "One replication." in detail(draw(outcome))
    central = detail(draw(comparison(("none", "army"), replications=6, central=True)))
    assert "6 replications, the same luck for all, parameters at central values" in central


@pytest.mark.parametrize("draw", ALL)
def test_measures_that_are_undefined_leave_the_figures_whole(draw: Callable[[Comparison], Any]) -> None:
    outcome = comparison(("none", "army", "ground+air"), goal="first_shortage", replications=8)
    outcome = changed(outcome, "army", "first_shortage", [np.nan, 80.0, 81.0, np.nan, 83.0, 84.0, 85.0, 86.0])
    for measure in ("cost_per_m3", "first_shortage"):
        outcome = changed(outcome, "ground+air", measure, np.nan)
    if draw is plot.regrets:
        assert "nan" not in title(draw(outcome)), "a shortage that never came counts as the day after the last"
        with pytest.raises(ViewError, match="no draw has it for two of one world"):
            draw(replace(outcome, goal="cost_per_m3"))
    else:
        assert "nan" not in title(draw(outcome)) + detail(draw(outcome))


@pytest.mark.parametrize("draw", ALL)
def test_attackers_that_adapt_are_said_to_be_exploratory(draw: Callable[[Comparison], Any]) -> None:
    twins = ("army, adaptive", "ground, adaptive")
    outcome = comparison(("army", "ground", *twins), adaptive=twins, replications=4)
    figure = draw(outcome)
    assert "Exploratory: attackers adapt; outside calibration." in detail(figure)
    shown_in = [title(figure), *(text for axes in figure.axes for text in (axes.get_title("left"), *texts(axes)))]
    assert any("exploratory" in text for text in shown_in)


@pytest.mark.parametrize("draw", ALL)
def test_words_stay_in_the_picture_and_are_large_enough(draw: Callable[[Comparison], Any], eleven: Comparison) -> None:
    figure = draw(eleven)
    written = [
        text for axes in figure.axes for text in (*axes.texts, axes._left_title, axes.xaxis.label, axes.yaxis.label)
    ]
    check_words(figure, [*written, figure._suptitle, figure._supxlabel])


def test_forest_numbers_and_rows_do_not_overlap(eleven: Comparison) -> None:
    figure = plot.forest(eleven)
    figure.draw_without_rendering()
    boxes = [text.get_window_extent().padded(-1) for axes in figure.axes for text in axes.texts if text.get_text()]
    boxes += [axes.title.get_window_extent() for axes in figure.axes] + [
        axes._left_title.get_window_extent() for axes in figure.axes
    ]
    boxes = [box for box in boxes if box.width > 1]
    assert not [1 for box, other in combinations(boxes, 2) if box.overlaps(other)]


def test_all_are_stored_under_stable_names_with_the_same_bytes(four: Comparison, tmp_path: Path) -> None:
    first = plot.save_all(four, tmp_path / "a")
    again = plot.save_all(four, tmp_path / "b" / "c")
    stems = ("forest", "stock-by-strategy", "dry-share", "frontier", "funnels", "waiting-by-strategy", "regret")
    assert [path.name for path in first] == [f"{stem}.{kind}" for stem in stems for kind in ("png", "svg")]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in again]


def test_what_ifs_get_towns_and_central_ones_no_regret(tmp_path: Path) -> None:
    outcome = comparison(("as it is", "guinea-opened"), replications=4, central=True)
    stems = {path.stem for path in plot.save_all(outcome, tmp_path)}
    assert "towns" in stems and "regret" not in stems


def test_a_folder_that_cannot_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(ViewError, match="cannot write figures to"):
        plot.save_all(comparison(("none", "army"), replications=2), tmp_path / "taken")


def test_intervals_in_the_frontier_have_the_draw_as_unit(four: Comparison) -> None:
    lines = [
        line
        for line in plot.frontier(four, "escorts").axes[0].get_lines()
        if line.get_color() == strategy("army").colour
    ]
    ends = interval(four.of["army"]["escort_cost"], True)
    assert any(np.allclose(line.get_xdata(), [ends.low, ends.high]) for line in lines if len(line.get_xdata()) == 2)
