"""From which value of a parameter on a target holds: the share of replications that hold it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
from matplotlib.axes import Axes

from sim.results.target import Target
from sim.study.sweep import Reached, Sweep
from sim.view.bands import band, band_name
from sim.view.figures import figure
from sim.view.figures.winners import axis_label, draw_key, draw_line, edges, line_key, value_ticks
from sim.view.style import INK, SMALL, SOFT, Chart, Look, beside, canvas, frame, headline, looks, settle
from sim.view.sweep_answer import ESCORTED, axis_words, replications, span, value_words
from sim.view.words import counted, name_words, percent

NAMED = 6
"""Alternatives that a title names one by one."""


def _given(
    sweep: Sweep,
    target: Target | None = None,
    found: Sequence[Reached] | None = None,
    confidence: float = 0.9,
) -> tuple[Sweep, Target, Sequence[Reached], float] | None:
    """Draw it if a target was asked for."""
    return None if target is None or found is None else (sweep, target, found, confidence)


@figure("target", "Sweep", _given)
def reached(sweep: Sweep, target: Target, found: Sequence[Reached], confidence: float) -> Chart:
    """Draw the share of replications that hold a target over the parameter that was varied.

    Parameters
    ----------
    sweep
        A sweep of one parameter.
    target
        The target.
    found
        What ``sweep.reached`` says of it.
    confidence
        The share asked for.

    Returns
    -------
    Chart
        A line for each alternative with its 95 % interval, the share asked for, and the value from which on the
        share is never under it; below, if the runs count them, the escorted convoys a week.
    """
    held = looks(sweep.names)
    escorted = ESCORTED in sweep.measures and bool(sweep.measures[ESCORTED].notna().any())
    several = len(found) > 1
    heights = [2.0, *([1.1] if escorted else []), *([0.3] if several else [])]
    chart = canvas(1.15 + sum(heights))
    grid = chart.add_gridspec(len(heights), 1, height_ratios=heights)
    axes = chart.add_subplot(grid[0])
    for one in found:
        draw_line(axes, sweep.axes[0], 100 * np.array(one.shares), held[one.alternative], one.alternative)
    axes.axhline(100 * confidence, color=INK, linewidth=0.9, linestyle=(0, (4, 2)), zorder=2)
    beside(axes, f"{percent(confidence)}\nasked for", 100 * confidence, 3)
    axes.set_ylim(0, 112)
    axes.set_yticks([0, 25, 50, 75, 100])
    axes.set_xlim(*edges(sweep.axes[0].values)[[0, -1]])
    frame(axes, "% of replications", f"Share that holds '{target.text}'")
    _mark(axes, sweep, found, held)
    last = axes
    if escorted:
        last = chart.add_subplot(grid[1], sharex=axes)
        _convoys(last, sweep, held)
        axes.tick_params(labelbottom=False)
    value_ticks(last, sweep.axes[0])
    last.set_xlabel(axis_label(sweep), fontsize=SMALL, color=INK)
    if several:
        draw_key(chart.add_subplot(grid[-1]), line_key(axes))
    headline(chart, _title(sweep, target, found, confidence), _detail(sweep, escorted=escorted))
    settle(chart)
    return chart


def _by_value(found: Sequence[Reached], end: Literal["point", "last"]) -> dict[int, list[str]]:
    """Return the alternatives that hold the target from each value on, or up to it (last), by value."""
    at: dict[int, list[str]] = {}
    for one in found:
        point: int | None = getattr(one, end)
        if point is not None:
            at.setdefault(point, []).append(one.alternative)
    return dict(sorted(at.items()))


def _mark(axes: Axes, sweep: Sweep, found: Sequence[Reached], held: Mapping[str, Look]) -> None:
    """Drop a line from the smallest value that holds, headed by the value; those at one value stand together."""
    marks = [("from", *pair) for pair in _by_value(found, "point").items()]
    marks += [("up to", *pair) for pair in _by_value(found, "last").items()]
    for word, point, names in marks:
        x = sweep.axes[0].values[point]
        shares = [one.shares[point][0] for one in found if one.alternative in names]
        axes.plot([x, x], [0, 100 * max(shares)], color=INK, linewidth=0.9, linestyle=(0, (1, 1.5)), zorder=2)
        for name, share in zip(names, shares, strict=True):
            look = held[name]
            axes.plot(
                [x], [100 * share], marker=look.marker, markersize=9, color=look.colour, linestyle="none", zorder=5,
                markeredgecolor=INK, markeredgewidth=1.2,
            )  # fmt: skip
        axes.annotate(
            f"{word} {value_words(sweep.axes[0], point)}", (x, 0), xytext=(4, 3), textcoords="offset points",
            fontsize=SMALL, color=INK, fontweight="bold", va="bottom", zorder=6,
            bbox={"facecolor": "white", "alpha": 0.85, "edgecolor": "none", "boxstyle": "round,pad=0.1"},
        )  # fmt: skip


def _convoys(axes: Axes, sweep: Sweep, held: Mapping[str, Look]) -> None:
    table = sweep.measures[ESCORTED]
    for name in sweep.names:
        bands = [band(table.loc[point].loc[name]) for point in range(len(sweep.points))]
        draw_line(axes, sweep.axes[0], np.array([(one.mean, one.low, one.high) for one in bands]), held[name], name)
    axes.set_ylim(bottom=0)
    frame(axes, "a week", "Escorted convoys")
    axes.spines["left"].set_color(SOFT)


def _title(sweep: Sweep, target: Target, found: Sequence[Reached], confidence: float) -> str:
    texts = [value_words(sweep.axes[0], k) for k in range(len(sweep.points))]
    where, share = axis_words(sweep), f"in {percent(confidence)} of replications"
    what = f"'{target.text}' holds {share}"
    at = _by_value(found, "point")
    to = _by_value(found, "last")
    ends = [f"up to {texts[point]} with {', '.join(map(name_words, names))}" for point, names in to.items()]
    if not at and ends:
        return f"{what} {'; '.join(ends) if len(found) > 1 else ends[0].partition(' with ')[0]} ({where})"
    if not at:
        return f"'{target.text}' does not hold {share} from any value on to {texts[-1]} ({where})"
    if len(found) == 1:
        return f"{what} from {texts[min(at)]} on ({where})"
    parts = [f"from {texts[point]} on with {', '.join(map(name_words, names))}" for point, names in at.items()]
    parts += ends
    never = [name_words(one.alternative) for one in found if not one.held]
    ending = f"; not in the range with {', '.join(never)}" if never else ""
    if len(found) > NAMED:
        rest = len(found) - len(at[min(at)])
        parts, ending = parts[:1], f"; later or not at all with {rest} others" if rest else ""
    return f"{what} {', '.join(parts)}{ending} ({where})"


def _detail(sweep: Sweep, *, escorted: bool) -> str:
    count = replications(sweep)
    convoys = f" Lower panel: mean and {band_name(count)} band." if escorted else ""
    drawn = "" if sweep.drawn else ", central parameters"
    one = sweep.axes[0]
    return (
        f"Line: share of replications; band: its 95 % interval; large marker: the smallest value from which on the "
        f"share is never under that asked for.{convoys} {counted(str(count), 'replication')} at each point, the same "
        f"luck for all{drawn}. Conditional on these parameter ranges. Varied: {', '.join(one.paths)} = {span(one)}. "
        f"Scenario: {sweep.alternatives[0].scenario.root.title}."
    )
