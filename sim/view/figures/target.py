"""From which value of a parameter on a target holds: the share of replications that hold it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
from matplotlib.axes import Axes

from sim.language import say, say_counted
from sim.results.target import Target
from sim.study.sweep import Reached, Sweep
from sim.view.bands import band, band_name
from sim.view.figures import figure
from sim.view.figures.parts import finished, headed, sentences, stacked
from sim.view.figures.winners import axis_label, basis, draw_line, edges, line_key, sweep_key, value_ticks
from sim.view.style import INK, SMALL, SOFT, Chart, Look, beside, frame, looks
from sim.view.sweep_answer import ESCORTED, axis_words, replications, value_words
from sim.view.words import apart, name_words, number, percent

NAMED = 6
"""Alternatives that a title names one by one."""


def _arguments(
    sweep: Sweep,
    target: Target | None = None,
    reached: Sequence[Reached] | None = None,
    confidence: float = 0.9,
) -> tuple[Sweep, Target, Sequence[Reached], float] | None:
    """Draw it if a target was asked for, and ``reached``, where it is reached."""
    return None if target is None or reached is None else (sweep, target, reached, confidence)


@figure("target", "Sweep", _arguments)
def reached(sweep: Sweep, target: Target, reaches: Sequence[Reached], confidence: float) -> Chart:
    """Draw the share of replications that hold a target over the parameter that was varied.

    A line for each alternative with its 95 % interval, the share asked for, and the value from which on the share is
    never under it; below, if the runs count them, the escorted convoys a week.

    Parameters
    ----------
    sweep
        A sweep of one parameter.
    target
        The target.
    reaches
        What ``sweep.reached`` says of it.
    confidence
        The share asked for.
    """
    look = looks(sweep.names)
    escorted = ESCORTED in sweep.measures and bool(sweep.measures[ESCORTED].notna().any())
    several = len(reaches) > 1
    chart, grid = stacked([2.0, *[1.1] * escorted, *[0.3] * several], 1.15)
    axes = chart.add_subplot(grid[0])
    for reach in reaches:
        draw_line(axes, sweep.axes[0], 100 * np.array(reach.shares), look[reach.alternative], reach.alternative)
    axes.axhline(100 * confidence, color=INK, linewidth=0.9, linestyle=(0, (4, 2)), zorder=2)
    beside(axes, say("{share}\nasked for", share=percent(confidence)), 100 * confidence, 3)
    axes.set_ylim(0, 112)
    axes.set_yticks([0, 25, 50, 75, 100])
    axes.set_xlim(*edges(sweep.axes[0].values)[[0, -1]])
    frame(axes, say("% of replications"), say("Share that holds '{target}'", target=target.text))
    _mark(axes, sweep, reaches, look)
    last = axes
    if escorted:
        last = chart.add_subplot(grid[1], sharex=axes)
        _convoys(last, sweep, look)
        axes.tick_params(labelbottom=False)
    value_ticks(last, sweep.axes[0])
    last.set_xlabel(axis_label(sweep), fontsize=SMALL, color=INK)
    if several:
        sweep_key(chart.add_subplot(grid[-1]), line_key(axes))
    title = headed(replications(sweep), _title(sweep, target, reaches, confidence))
    return finished(chart, title, _reading(sweep, escorted=escorted), basis(sweep))


def _by_value(reaches: Sequence[Reached], end: Literal["point", "last"]) -> dict[int, list[str]]:
    """Return the alternatives that hold the target from each value on, or up to it (last), by value."""
    at: dict[int, list[str]] = {}
    for reach in reaches:
        point: int | None = getattr(reach, end)
        if point is not None:
            at.setdefault(point, []).append(reach.alternative)
    return dict(sorted(at.items()))


def _mark(axes: Axes, sweep: Sweep, reaches: Sequence[Reached], looks: Mapping[str, Look]) -> None:
    """Drop a line from the smallest value that holds, headed by the value; those at one value stand together."""
    marks = [(True, *pair) for pair in _by_value(reaches, "point").items()]
    marks += [(False, *pair) for pair in _by_value(reaches, "last").items()]
    for onward, point, names in marks:
        value = value_words(sweep.axes[0], point)
        words = say("from {value}", value=value) if onward else say("up to {value}", value=value)
        x = sweep.axes[0].values[point]
        shares = [reach.shares[point][0] for reach in reaches if reach.alternative in names]
        axes.plot([x, x], [0, 100 * max(shares)], color=INK, linewidth=0.9, linestyle=(0, (1, 1.5)), zorder=2)
        for name, share in zip(names, shares, strict=True):
            look = looks[name]
            axes.plot(
                [x], [100 * share], marker=look.marker, markersize=9, color=look.colour, linestyle="none", zorder=5,
                markeredgecolor=INK, markeredgewidth=1.2,
            )  # fmt: skip
        axes.annotate(
            words, (x, 0), xytext=(4, 3), textcoords="offset points",
            fontsize=SMALL, color=INK, fontweight="bold", va="bottom", zorder=6,
            bbox={"facecolor": "white", "alpha": 0.85, "edgecolor": "none", "boxstyle": "round,pad=0.1"},
        )  # fmt: skip


def _convoys(axes: Axes, sweep: Sweep, looks: Mapping[str, Look]) -> None:
    table = sweep.measures[ESCORTED]
    for name in sweep.names:
        bands = [band(table.loc[point].loc[name]) for point in range(len(sweep.points))]
        ends = np.array([(level.mean, level.low, level.high) for level in bands])
        draw_line(axes, sweep.axes[0], ends, looks[name], name)
    axes.set_ylim(bottom=0)
    frame(axes, say("a week"), say("Escorted convoys"))
    axes.spines["left"].set_color(SOFT)


def _title(sweep: Sweep, target: Target, reaches: Sequence[Reached], confidence: float) -> str:
    texts = [value_words(sweep.axes[0], k) for k in range(len(sweep.points))]
    values = {"target": target.text, "share": percent(confidence), "parameter": axis_words(sweep)}
    at, to = _by_value(reaches, "point"), _by_value(reaches, "last")
    if not at and not to:
        return say(
            "'{target}' does not hold in {share} of replications from any value on to {last} ({parameter})",
            last=texts[-1], **values,
        )  # fmt: skip
    if len(reaches) == 1:
        if not at:
            value = texts[min(to)]
            return say("'{target}' holds in {share} of replications up to {value} ({parameter})", value=value, **values)
        value = texts[min(at)]
        return say("'{target}' holds in {share} of replications from {value} on ({parameter})", value=value, **values)
    parts = [
        say("from {value} on with {names}", value=texts[point], names=", ".join(map(name_words, names)))
        for point, names in at.items()
    ]
    parts += [
        say("up to {value} with {names}", value=texts[point], names=", ".join(map(name_words, names)))
        for point, names in to.items()
    ]
    never = [name_words(reach.alternative) for reach in reaches if not reach.is_held]
    ending = say("not in the range with {names}", names=", ".join(never)) if never and at else ""
    if len(reaches) > NAMED and at:
        rest = len(reaches) - len(at[min(at)])
        parts, ending = parts[:1], _later(rest) if rest else ""
    where = apart(filter(None, (", ".join(parts) if at else apart(parts), ending)))
    return say("'{target}' holds in {share} of replications {where} ({parameter})", where=where, **values)


def _later(count: int) -> str:
    """Say of how many alternatives no more is told than that they hold it later, if at all."""
    return say_counted(
        "later or not at all with {count} other", "later or not at all with {count} others",
        count, count=number(count),
    )  # fmt: skip


def _reading(sweep: Sweep, *, escorted: bool) -> str:
    return sentences(
        say(
            "Line: share of replications; band: its 95 % interval; large marker: the smallest value from which on the "
            "share is never under that asked for."
        ),
        say("Lower panel: mean and {band} band.", band=band_name(replications(sweep))) if escorted else "",
        say("Conditional on these parameter ranges."),
    )
