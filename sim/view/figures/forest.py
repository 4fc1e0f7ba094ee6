"""Paired differences to the baseline, a panel for each measure and a row for each alternative."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, isfinite

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from sim.errors import ViewError
from sim.results.measures import column_of, goal, written
from sim.results.names import expected
from sim.study.comparison import Comparison
from sim.study.intervals import differences
from sim.view.figures import figure
from sim.view.figures.parts import finished, point
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
)
from sim.view.style import INK, PANEL, SOFT, TINY, Chart, beside, canvas, frame
from sim.view.words import Measure, listed, mid_sentence, percent, range_words, signed

COLUMNS = 2
SHOWN = 6
INTERVAL = ("mean_low", "mean_high")
NAMED = 4
"""Alternatives that a title names one by one."""
CROWD = 7
"""From so many rows on, they stand closer."""
TITLE_WIDTH = 48


@figure("forest", "Comparison")
def forest(comparison: Comparison, measures: Sequence[str] | None = None) -> Chart:
    """Draw how each alternative differs from the baseline on the same luck.

    Points are means of the paired differences, thick lines their 95 % intervals with a pair of replications as the
    unit, thin lines the 5 to 95 % points over replications.

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
    tables: dict[str, dict[str, Row]] = {
        side.name: numbers(differences(side.measures[wanted], base.measures[wanted], comparison.drawn))
        for side in others
    }
    lines = ceil(len(names) / COLUMNS)
    chart = canvas(0.8 + lines * (0.55 + (0.235 if len(others) < CROWD else 0.205) * max(len(others), 2)))
    grid = chart.add_gridspec(lines, min(COLUMNS, len(names)))
    for place, name in enumerate(names):
        axes = chart.add_subplot(grid[divmod(place, COLUMNS)])
        _panel(axes, others, [tables[side.name][name] for side in others], measure_of(comparison, name))
        axes.set_xlabel(
            arrow(name), loc="left" if goal(name).better < 0 else "right", fontsize=TINY, color=SOFT, labelpad=1
        )
        rows(axes, others, named=not place % COLUMNS)
    return finished(chart, forest_title(comparison, base, others, tables, names), _detail(comparison, base))


def _chosen(comparison: Comparison, measures: Sequence[str] | None) -> list[str]:
    """Return the measures to draw: those asked for, or the goal and five more that every analyst asks for."""
    known = [str(name) for name in comparison.measures]
    if measures is None:
        hub = comparison.alternatives[0].scenario.root.hub
        losses = ("tankers_lost", "imports_total", "escort_cost", "crews_killed")
        wanted = dict.fromkeys((comparison.goal, column_of("need_met", hub), "worst_town_need_met", *losses))
        return [name for name in wanted if name in known and comparison.measures[name].notna().any()][:SHOWN]
    measures = [written(name) for name in measures]
    for name in measures:
        if name not in known:
            raise ViewError(f"no measure '{name}' in the comparison; expected {expected(name, known)}")
    if not 1 <= len(measures) <= SHOWN:
        raise ViewError(f"{len(measures)} measures for a forest plot; expected 1 to {SHOWN}")
    return measures


def _panel(axes: Axes, alternatives: Sequence[Side], tallies: Sequence[Row], measure: Measure) -> None:
    factor, _ = scale(measure)
    axes.axvline(0, color=INK, linewidth=0.8, zorder=1)
    for row, (side, tally) in enumerate(zip(alternatives, tallies, strict=True)):
        mean, low, high = (factor * tally[key] for key in ("mean", *INTERVAL))
        axes.plot([low, high], [row, row], color=side.look.colour, linewidth=3.6, solid_capstyle="butt", zorder=2)
        axes.plot([factor * tally["low"], factor * tally["high"]], [row, row], color=INK, linewidth=0.7, zorder=3)
        point(axes, mean, row, side.look, 5.2, side.name)
        interval = f" ({range_words(signed(low), signed(high)).replace('–', ' to ')})" if isfinite(low) else ""
        won = tally["won"]
        words = f"{signed(mean)}{interval}" + (f", {percent(won)} won" if isfinite(won) else "")
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
        return f"One replication: no difference from {base.said} can be told from luck"
    tallies = {side.said: tables[side.name][name] for side in others}
    if not any(tally["defined"] for tally in tallies.values()):
        return f"No replication gives {what} for both {base.said} and another"
    sure = {said: tally for said, tally in tallies.items() if _sure(tally)}
    if not sure:
        none = f"{others[0].said} cannot be told" if len(others) == 1 else "No alternative can be told"
        return f"{none} from {base.said} in {what}{_besides(comparison, tables, names)}"
    ranked = sorted(sure, key=lambda said: -abs(sure[said]["mean"]))
    few = len(ranked) <= 2
    words = [
        f"{said} {difference_words(measure, *(sure[said][key] for key in ('mean', *INTERVAL[: 2 * few])))}"
        for said in ranked[:NAMED]
    ]
    more = len(ranked) - NAMED
    ending = f"; {more} more {'is' if more == 1 else 'are'} sure" if more > 0 else ""
    rest = [said for said in tallies if said not in sure]
    if rest:
        ending += f"; not told from it: {', '.join(rest)}" if len(rest) <= 2 else f"; {len(rest)} are not told from it"
    return f"{measure.label}, sure differences from {base.said}: {'; '.join(words)}{ending}"


def _sure(tally: Row) -> bool:
    return tally["mean_low"] > 0 or tally["mean_high"] < 0


def _besides(comparison: Comparison, tables: Mapping[str, Mapping[str, Row]], names: Sequence[str]) -> str:
    """Say in which other measures drawn some alternative surely differs."""
    others = [name for name in names if name != comparison.goal]
    some = [name for name in others if any(_sure(tallies[name]) for tallies in tables.values())]
    if len(some) > 2:
        return f"; sure differences in {len(some)} others of the measures drawn"
    labels = [mid_sentence(measure_of(comparison, name).label) for name in some]
    return f"; sure differences in {listed(labels)}" if labels else ""


def _detail(comparison: Comparison, base: Side) -> str:
    bands = (
        f"Differences from {base.said}, replication by replication. Point: mean; thick line and brackets: 95 % "
        "interval of the mean, each by itself; thin line: 5–95 % of replications; won: share of replications in which "
        "it does better."
    )
    return basis(comparison, bands)
