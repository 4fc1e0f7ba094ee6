"""Paired differences to the baseline, a panel for each measure and a row for each alternative."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, isfinite

from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from sim.errors import ViewError
from sim.language import say, say_counted
from sim.results.measures import column_of, goal, written
from sim.results.names import expected
from sim.study.comparison import Comparison
from sim.study.intervals import differences
from sim.view.bands import FEW, band_name
from sim.view.figures import figure
from sim.view.figures.parts import finished, headed, key, point, sentences
from sim.view.figures.sides import (
    Row,
    Side,
    arrow,
    basis,
    difference_words,
    in_unit,
    measure_of,
    numbers,
    rows,
    scale,
    shortened,
    sides,
    to_words,
)
from sim.view.style import FAINT, INK, PANEL, SOFT, TINY, Chart, beside, canvas, frame, on_slides
from sim.view.words import Measure, apart, listed, mid_sentence, number, percent, signed

COLUMNS = 2
SHOWN = 6
ON_SLIDE = 4
"""Measures that a slide has room for, if they are not asked for."""
INTERVAL = ("mean_low", "mean_high")
NAMED = 4
"""Alternatives that a title names one by one."""
CROWD = 7
"""From so many rows on, they stand closer."""
TITLE_WIDTH = 53
PALE = 0.25
"""Strength of the colour of a bar of single replications."""


@figure("forest", "Comparison")
def forest(comparison: Comparison, measures: Sequence[str] | None = None) -> Chart:
    """Draw how each alternative differs from the baseline on the same luck.

    Points are means of the paired differences, lines with ends their 95 % intervals with a pair of replications as the
    unit, pale bars behind the 5 to 95 % points over replications.

    Parameters
    ----------
    comparison
        A comparison.
    measures
        Names of measures, at most six; the goal, need met, tankers lost, imports, cost and crews killed if absent.

    Raises
    ------
    ViewError
        If there is no such measure, or more than six.
    """
    names = _chosen(comparison, measures)
    alternatives = sides(comparison)
    base = next(side for side in alternatives if side.baseline)
    others = [side for side in alternatives if not side.baseline]
    wanted = list(dict.fromkeys((*names, comparison.goal)))
    tables = {side.name: _differences(comparison, side, base, wanted) for side in others}
    lines = ceil(len(names) / COLUMNS)
    high = 0.55 + (0.235 if len(others) < CROWD else 0.205) * max(len(others), 2)
    chart = canvas(0.95 + lines * high)
    grid = chart.add_gridspec(lines + 1, min(COLUMNS, len(names)), height_ratios=[*[high] * lines, 0.15])
    for place, name in enumerate(names):
        axes = chart.add_subplot(grid[divmod(place, COLUMNS)])
        _panel(axes, others, [tables[side.name][name] for side in others], measure_of(comparison, name))
        axes.set_xlabel(
            arrow(name), loc="left" if goal(name).better < 0 else "right", fontsize=TINY, color=SOFT, labelpad=1
        )
        rows(axes, others, named=not place % COLUMNS)
    _key(chart.add_subplot(grid[-1, :]), comparison)
    title = forest_title(comparison, base, others, tables, names)
    title = title if comparison.count < 2 else headed(comparison.count, title)
    return finished(chart, title, _reading(comparison, base), basis(comparison))


def _differences(comparison: Comparison, side: Side, base: Side, wanted: Sequence[str]) -> dict[str, Row]:
    """Return the differences of an alternative by measure; those of few replications from the lowest to the highest."""
    table = differences(side.measures[wanted], base.measures[wanted], comparison.drawn)
    if comparison.count < FEW:
        gaps = side.measures[wanted] - base.measures[wanted]
        table["low"], table["high"] = gaps.min(), gaps.max()
    return numbers(table)


def _key(axes: Axes, comparison: Comparison) -> None:
    band = say("{band} of single replications", band=band_name(comparison.count))
    handles = {
        say("mean difference"): Line2D([], [], linestyle="none", marker="o", color=INK, markersize=4.5),
        say("95 % interval of the mean"): Line2D([], [], marker="|", linewidth=1.5, color=INK, markersize=6),
        band: Patch(facecolor=FAINT, edgecolor=SOFT, linewidth=0.4),
    }
    key(axes, handles, 3, fontsize=TINY)


def _chosen(comparison: Comparison, measures: Sequence[str] | None) -> list[str]:
    """Return the measures to draw: those asked for, or the goal and five more that every analyst asks for."""
    known = [str(name) for name in comparison.measures]
    if measures is None:
        hub = comparison.alternatives[0].scenario.root.hub
        losses = ("tankers_lost", "imports_total", "escort_cost", "crews_killed")
        wanted = dict.fromkeys((comparison.goal, column_of("need_met", hub), "worst_town_need_met", *losses))
        return [name for name in wanted if name in known and comparison.measures[name].notna().any()][
            : ON_SLIDE if on_slides() else SHOWN
        ]
    measures = [written(name) for name in measures]
    for name in measures:
        if name not in known:
            raise ViewError(f"no measure '{name}' in the comparison; expected {expected(name, known)}")
    if not 1 <= len(measures) <= SHOWN:
        raise ViewError(f"{len(measures)} measures for a forest plot; expected 1 to {SHOWN}")
    return measures


def _panel(axes: Axes, alternatives: Sequence[Side], tallies: Sequence[Row], measure: Measure) -> None:
    factor, _ = scale(measure)
    axes.use_sticky_edges = False
    axes.axvline(0, color=INK, linewidth=0.8, zorder=2.5)
    for row, (side, tally) in enumerate(zip(alternatives, tallies, strict=True)):
        mean, low, high = (factor * tally[key] for key in ("mean", *INTERVAL))
        least, most = factor * tally["low"], factor * tally["high"]
        axes.barh(
            row, most - least, left=least, height=0.56, facecolor=to_rgba(side.look.colour, PALE), edgecolor=SOFT,
            linewidth=0.4, zorder=2, label=f"_{side.name}",
        )  # fmt: skip
        axes.plot(
            [low, high], [row, row], color=INK, linewidth=1.5, marker="|", markersize=6, markeredgewidth=1.5,
            solid_capstyle="butt", zorder=3,
        )  # fmt: skip
        point(axes, mean, row, side.look, 5.2, side.name)
        words = f"{signed(mean)} ({to_words(signed(low), signed(high))})" if isfinite(low) else signed(mean)
        if isfinite(tally["won"]):
            words = say("{difference}, {share} won", difference=words, share=percent(tally["won"]))
        beside(axes, words, row, 3)
    frame(axes)
    heading = shortened(in_unit(measure.label, measure), TITLE_WIDTH)
    axes.set_title(heading, loc="left", fontsize=PANEL, color=INK, pad=3)
    low, high = axes.get_xlim()
    if all(tally["mean"] == tally["low"] == tally["high"] == 0 for tally in tallies):
        low, high = -1.0, 1.0
    axes.set_xlim(low - 0.04 * (high - low), high + 0.04 * (high - low))
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.xaxis.set_major_formatter(lambda x, _: signed(x))


def forest_title(
    comparison: Comparison,
    base: Side,
    others: Sequence[Side],
    tables: Mapping[str, Mapping[str, Row]],
    names: Sequence[str],
) -> str:
    """Say which alternatives surely differ from the baseline, and by how much."""
    name = comparison.goal
    measure = measure_of(comparison, name)
    what = mid_sentence(measure.label)
    if len(base.measures) < 2:
        return say("One replication: no difference from {name} can be told from luck", name=base.said)
    tallies = {side.said: tables[side.name][name] for side in others}
    if not any(tally["defined"] for tally in tallies.values()):
        return say("No replication gives {what} for both {name} and another", what=what, name=base.said)
    sure = {said: tally for said, tally in tallies.items() if _sure(tally)}
    if not sure:
        values = {"base": base.said, "what": what}
        none = (
            say("{name} cannot be told from {base} in {what}", name=others[0].said, **values)
            if len(others) == 1
            else say("No alternative can be told from {base} in {what}", **values)
        )
        return _besides(none, comparison, tables, names)
    ranked = sorted(sure, key=lambda said: -abs(sure[said]["mean"]))
    few = len(ranked) <= 2
    words = [
        f"{said} {difference_words(measure, *(sure[said][key] for key in ('mean', *INTERVAL[: 2 * few])))}"
        for said in ranked[:NAMED]
    ]
    more = len(ranked) - NAMED
    if more > 0:
        words.append(say_counted("{count} more is sure", "{count} more are sure", more, count=number(more)))
    rest = [said for said in tallies if said not in sure]
    if rest:
        words.append(
            say("not told from it: {names}", names=", ".join(rest))
            if len(rest) <= 2
            else say("{count} are not told from it", count=number(len(rest)))
        )
    return say(
        "{measure}, sure differences from {base}: {differences}",
        measure=measure.label,
        base=base.said,
        differences=apart(words),
    )


def _sure(tally: Row) -> bool:
    return tally["mean_low"] > 0 or tally["mean_high"] < 0


def _besides(none: str, comparison: Comparison, tables: Mapping[str, Mapping[str, Row]], names: Sequence[str]) -> str:
    """Say behind a sentence in which other measures drawn some alternative surely differs."""
    others = [name for name in names if name != comparison.goal]
    some = [name for name in others if any(_sure(tallies[name]) for tallies in tables.values())]
    if len(some) > 2:
        return say(
            "{finding}; sure differences in {count} others of the measures drawn", finding=none, count=number(len(some))
        )
    labels = [mid_sentence(measure_of(comparison, name).label) for name in some]
    if not labels:
        return none
    return say("{finding}; sure differences in {measures}", finding=none, measures=listed(labels))


def _reading(comparison: Comparison, base: Side) -> str:
    return sentences(
        say("Differences from {name}, replication by replication.", name=base.said),
        say("Line with ends and brackets: 95 % interval of the mean, each by itself."),
        say("Pale bar: {band} of single replications.", band=band_name(comparison.count)),
        say("Won: share of replications in which it does better."),
    )
