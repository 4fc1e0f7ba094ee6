"""The loss ratio at which the ranking of two strategies flips, a panel for each way to make their units equal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isnan
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.results.measures import goal
from sim.study.break_even import BreakEven, Curve
from sim.study.comparison import Comparison
from sim.view.break_even_answer import EQUALS, TAGGED, aim, cut, middle, outcome_of, ratio, spread, upper
from sim.view.figures import figure
from sim.view.figures.parts import HATCH_WIDTH, finished, key
from sim.view.style import INK, PANEL, SMALL, SOFT, TINY, Chart, Look, canvas, frame, looks
from sim.view.words import counted, describe

PAD, ROOM = 0.07, 0.17
"""Room about the cycle factors tried, and above and below the loss ratios tried, relative to their range."""
PALE = 0.22
SIDES = {"flip", "first", "second", "open"}


def _arguments(
    comparison: Comparison, flips: BreakEven | None = None, **_: object
) -> tuple[BreakEven, Mapping[str, str]] | None:
    """Draw it if it was asked for, with the labels of the alternatives."""
    return None if flips is None else (flips, {each.name: each.label for each in comparison.alternatives})


@figure("break-even", "Comparison", _arguments)
def break_even(outcome: BreakEven, labels: Mapping[str, str] | None = None) -> Chart:
    """Draw by how much the second of two strategies must cut losses to rank before the first.

    A panel for units as recorded, equal units and equal cost: over the cycle factor the loss ratio under which the
    second strategy ranks first, the ratios at which the 95 % interval of the mean paired difference holds 0, and at
    each point tried who leads, filled if that interval excludes 0.

    Parameters
    ----------
    outcome
        A break-even.
    labels
        A few words for each strategy by its name, for the line under the figure.
    """
    look = looks((outcome.first, outcome.second))
    chart = canvas(3.75)
    grid = chart.add_gridspec(2, len(outcome.curves), height_ratios=[1, 0.14])
    first: Axes | None = None
    for place, curve in enumerate(outcome.curves):
        axes = chart.add_subplot(grid[0, place], sharex=first, sharey=first)
        first = first or axes
        _scales(axes, outcome, named=not place)
        axes.set_title(EQUALS[curve.equal].capitalize(), loc="left", fontsize=PANEL, color=INK, pad=3)
        kinds = [outcome_of(outcome, curve.equal, flip) for flip in curve.flips]
        _regions(axes, outcome, curve, kinds, look)
        _points(axes, outcome, curve, look)
        _words(axes, outcome, curve, kinds, look)
    _key(chart.add_subplot(grid[1, :]), look)
    return finished(chart, break_even_title(outcome), _detail(outcome, labels or {}))


def _scales(axes: Axes, result: BreakEven, *, named: bool) -> None:
    troops = result.troops
    frame(axes, f"losses with {troops}\n(army alone = 1)" if named else "")
    axes.grid(visible=False)
    for limits, values, room in ((axes.set_xlim, result.cycles, PAD), (axes.set_ylim, result.ratios, ROOM)):
        pad = room * (values[-1] - values[0])
        limits(values[0] - pad, values[-1] + pad)
    axes.set_xticks(result.cycles, [ratio(cycle) for cycle in result.cycles])
    axes.set_yticks(result.ratios, [ratio(value) for value in result.ratios])
    axes.tick_params(labelleft=named)
    axes.set_xlabel(f"round trip with {troops}\n(army alone = 1)", fontsize=SMALL, color=INK)


def _regions(axes: Axes, result: BreakEven, curve: Curve, kinds: Sequence[str], looks: Mapping[str, Look]) -> None:
    """Shade who ranks first on either side of the curve, and the ratios at which that is not sure."""
    drawn = [flip.ratio if kind == "flip" else np.nan for kind, flip in zip(kinds, curve.flips, strict=True)]
    x, bottom, top = np.array(result.cycles), result.ratios[0], result.ratios[-1]
    # A dash at each flip: one between two that cannot be told has no line.
    axes.plot(
        x, drawn, color=INK, linewidth=2.0, zorder=3, label=curve.equal, solid_capstyle="round", marker="_",
        markersize=9.0, markeredgewidth=2.0,
    )  # fmt: skip
    if not set(kinds) <= SIDES:
        return
    beyond = {"first": bottom, "second": top}
    y = np.array([beyond.get(kind, at) for kind, at in zip(kinds, drawn, strict=True)])
    low, high = (
        np.array([at if isnan(end) else end for at, end in zip(y, ends, strict=True)])
        for ends in ([flip.low for flip in curve.flips], [flip.high for flip in curve.flips])
    )
    axes.fill_between(x, bottom, y, color=looks[result.second].colour, alpha=PALE, linewidth=0, zorder=0.5)
    axes.fill_between(x, y, top, color=looks[result.first].colour, alpha=PALE, linewidth=0, zorder=0.5)
    if (high > low).any():
        axes.fill_between(x, low, high, facecolor="white", alpha=0.75, linewidth=0, zorder=1)
        axes.fill_between(
            x, low, high, facecolor="none", edgecolor=SOFT, hatch="////", hatch_linewidth=HATCH_WIDTH, linewidth=0,
            zorder=1.1,
        )  # fmt: skip


def _lead(look: Look, sure: bool) -> dict[str, Any]:
    """Return how the marker of who leads looks: filled where that is sure."""
    colour, edge, width = (look.colour, INK, 0.5) if sure else ("white", look.colour, 1.0)
    return {
        "marker": look.marker, "color": colour, "markersize": 5.2, "linestyle": "none", "markeredgecolor": edge,
        "markeredgewidth": width,
    }  # fmt: skip


def _points(axes: Axes, result: BreakEven, curve: Curve, looks: Mapping[str, Look]) -> None:
    """Mark who leads at each point tried, filled where that is sure."""
    better = goal(result.measure).better or 1
    rows = result.points[result.points["equal"] == curve.equal]
    for cycle, at, mean, low, high in rows[["cycle", "ratio", "mean", "low", "high"]].to_numpy(dtype=float):
        look = looks[result.second if better * mean > 0.0 else result.first]
        lead = _lead(look, low > 0.0 or high < 0.0) | ({} if mean else {"marker": "_"})
        axes.plot([cycle], [at], zorder=4, **lead)


def _words(axes: Axes, result: BreakEven, curve: Curve, kinds: Sequence[str], looks: Mapping[str, Look]) -> None:
    """Say inside the panel who ranks first where: above and below the points, and at a flip that lies beyond them."""
    x = (result.cycles[0] + result.cycles[-1]) / 2
    away = 0.55 * ROOM * (result.ratios[-1] - result.ratios[0])
    if len(set(kinds)) == 1 and kinds[0] != "flip":
        said = {
            "first": f"{result.first} ranks first at every ratio tried",
            "second": f"{result.second} ranks first at every ratio tried",
            "same": "no difference at any ratio tried",
            "unclear": "no one ratio at which the ranking turns",
            "open": "cannot be told within the ratios tried",
        }[kinds[0]]
        colour = looks[curve.flips[0].ahead].colour if kinds[0] in ("first", "second") else "white"
        _write(axes, x, result.ratios[-1] + away, said, colour)
    elif set(kinds) <= SIDES:
        if {"flip", "first"} & {*kinds}:
            _write(axes, x, result.ratios[-1] + away, f"above: {result.first} ranks first", looks[result.first].colour)
        if {"flip", "second"} & {*kinds}:
            _write(axes, x, result.ratios[0] - away, f"below: {result.second} ranks first", looks[result.second].colour)
        half = len(result.ratios) // 2
        for kind, flip in zip(kinds, curve.flips, strict=True):
            if kind == "open":
                between = (result.ratios[half - 1] + result.ratios[half]) / 2
                axes.text(
                    flip.cycle, between, "?", ha="center", va="center", fontsize=PANEL, fontweight="bold", color=INK,
                    zorder=6, bbox={"facecolor": "white", "edgecolor": "none", "boxstyle": "round,pad=0.15"},
                )  # fmt: skip
            elif kind != "flip":
                end, way = (0, 1) if kind == "first" else (-1, -1)
                axes.annotate(
                    "", (flip.cycle, result.ratios[end]), xytext=(0, 18 * way), textcoords="offset points", zorder=5,
                    arrowprops={"arrowstyle": "-|>", "color": INK, "linewidth": 1.6, "shrinkA": 0, "shrinkB": 4},
                )  # fmt: skip


def _write(axes: Axes, x: float, y: float, words: str, colour: str) -> None:
    axes.text(
        x, y, words, ha="center", va="center", fontsize=TINY, color=INK, zorder=6,
        bbox={"facecolor": to_rgba(colour, PALE), "edgecolor": "none", "boxstyle": "round,pad=0.25"},
    )  # fmt: skip


def _key(axes: Axes, looks: Mapping[str, Look]) -> None:
    handles: dict[str, Line2D | Patch] = {
        "flip: ranking changes": Line2D([], [], color=INK, linewidth=2.0),
        "its 95 % range": Patch(facecolor="white", edgecolor=SOFT, hatch="////", linewidth=0.6),
    }
    for name, look in looks.items():
        for sure, words in ((True, "sure"), (False, "not sure")):
            handles[f"{name} ahead, {words}"] = Line2D([], [], **_lead(look, sure))
    key(axes, handles, 3, fontsize=TINY, handlelength=2.2, columnspacing=1.6, labelspacing=0.4)


def break_even_title(result: BreakEven) -> str:
    """Say where the ranking flips."""
    recorded = result.curves[0]
    both = f"{result.first} and {result.second}"
    flip = middle(recorded)
    kind = outcome_of(result, recorded.equal, flip)
    where = f"{EQUALS[recorded.equal]}, round trip × {ratio(flip.cycle)}"
    if kind == "same":
        return f"{upper(both)} do not differ at any loss ratio ({where}){_others(result)}"
    if all(outcome_of(result, curve.equal, flip) == "open" for curve in result.curves for flip in curve.flips):
        return f"Over the whole range the ranking of {both} cannot be told"
    if kind == "unclear":
        return f"There is no one loss ratio at which the ranking of {both} turns ({where}){_others(result)}"
    if kind == "open":
        return f"The ranking of {both} cannot be told ({where}){_others(result)}"
    if kind == "flip":
        ends = spread(result, flip)
        interval = f" (95 % range: {ends})" if ends else ""
        return (
            f"{upper(result.second)} must {cut(flip)} {ratio(flip.ratio)} of army alone{interval} to "
            f"{aim(result, result.first)} ({where}){_others(result)}"
        )
    behind = result.second if kind == "first" else result.first
    sure = "" if isnan(flip.low) else f", not surely at {spread(result, flip)}"
    tried = f"{ratio(result.ratios[0])} to {ratio(result.ratios[-1])}"
    first = f"{upper(flip.ahead)} ranks before {behind}"
    return f"{first} at every loss ratio from {tried}{sure} ({where}){_others(result)}"


def _others(result: BreakEven) -> str:
    """Say where the flip lies if units are made equal, where that can be told."""
    parts = []
    for curve in result.curves[1:]:
        flip = middle(curve)
        if outcome_of(result, curve.equal, flip) == "flip":
            parts.append(f"with {EQUALS[curve.equal]} it turns at a loss ratio of {ratio(flip.ratio)}")
    return f"; {', '.join(parts)}" if parts else ""


def _detail(result: BreakEven, labels: Mapping[str, str]) -> str:
    names = "; ".join(f"{name}: {labels[name]}" for name in (result.first, result.second) if name in labels)
    return (
        f"Under the line losses are cut by enough for {result.second} to rank first in "
        f"'{describe(result.measure).label}'. Line: the mean paired difference is 0, straight between the points "
        "tried; hatched: loss ratios at which its 95 % interval holds 0, and no line but ? where these are all; "
        "arrow: the flip lies beyond what was tried. "
        f"{counted(str(result.replications), 'replication')} at each point, the same luck for both. Rests on: "
        f"{TAGGED[result.tag]}.{f' {upper(names)}.' if names else ''}"
    )
