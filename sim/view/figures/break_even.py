"""The loss ratio at which the ranking of two strategies flips, a panel for each way to make their units equal."""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan

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
from sim.view.style import INK, PANEL, SMALL, SOFT, TINY, Chart, Look, canvas, frame, headline, looks, settle
from sim.view.words import counted, describe

PAD, ROOM = 0.07, 0.17
"""Room about the cycle factors tried, and above and below the loss ratios tried, relative to their range."""
PALE = 0.22
SIDES = {"flip", "first", "second", "open"}


def _given(
    comparison: Comparison, found: BreakEven | None = None, **_: object
) -> tuple[BreakEven, Mapping[str, str]] | None:
    """Draw it if it was asked for, with the labels of the alternatives."""
    return None if found is None else (found, {one.name: one.label for one in comparison.alternatives})


@figure("break-even", "Comparison", _given)
def break_even(found: BreakEven, labels: Mapping[str, str] | None = None) -> Chart:
    """Draw by how much the second of two strategies must cut losses to rank before the first.

    Parameters
    ----------
    found
        A break-even.
    labels
        A few words for each strategy by its name, for the line under the figure.

    Returns
    -------
    Chart
        A panel for units as recorded, equal units and equal cost: over the cycle factor the loss ratio under which
        the second strategy ranks first, the ratios at which the 95 % interval of the mean paired difference holds 0,
        and at each point tried who leads, filled if that interval excludes 0.
    """
    held = looks((found.first, found.second))
    chart = canvas(3.75)
    grid = chart.add_gridspec(2, len(found.curves), height_ratios=[1, 0.14])
    first: Axes | None = None
    for place, curve in enumerate(found.curves):
        axes = chart.add_subplot(grid[0, place], sharex=first, sharey=first)
        first = first or axes
        _scales(axes, found, named=not place)
        axes.set_title(EQUALS[curve.equal].capitalize(), loc="left", fontsize=PANEL, color=INK, pad=3)
        _regions(axes, found, curve, held)
        _points(axes, found, curve, held)
        _words(axes, found, curve, held)
    _key(chart.add_subplot(grid[1, :]), found, held)
    headline(chart, _title(found), _detail(found, labels or {}))
    settle(chart)
    return chart


def _scales(axes: Axes, found: BreakEven, *, named: bool) -> None:
    troops = found.troops
    frame(axes, f"losses with {troops}\n(army alone = 1)" if named else "")
    axes.grid(visible=False)
    for limits, values, room in ((axes.set_xlim, found.cycles, PAD), (axes.set_ylim, found.ratios, ROOM)):
        pad = room * (values[-1] - values[0])
        limits(values[0] - pad, values[-1] + pad)
    axes.set_xticks(found.cycles, [ratio(cycle) for cycle in found.cycles])
    axes.set_yticks(found.ratios, [ratio(value) for value in found.ratios])
    axes.tick_params(labelleft=named)
    axes.set_xlabel(f"round trip with {troops}\n(army alone = 1)", fontsize=SMALL, color=INK)


def _regions(axes: Axes, found: BreakEven, curve: Curve, held: Mapping[str, Look]) -> None:
    """Shade who ranks first on either side of the curve, and the ratios at which that is not sure."""
    kinds = [outcome_of(found, curve.equal, flip) for flip in curve.flips]
    drawn = [flip.ratio if kind == "flip" else np.nan for kind, flip in zip(kinds, curve.flips, strict=True)]
    x, bottom, top = np.array(found.cycles), found.ratios[0], found.ratios[-1]
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
    axes.fill_between(x, bottom, y, color=held[found.second].colour, alpha=PALE, linewidth=0, zorder=0.5)
    axes.fill_between(x, y, top, color=held[found.first].colour, alpha=PALE, linewidth=0, zorder=0.5)
    if (high > low).any():
        axes.fill_between(x, low, high, facecolor="white", alpha=0.75, linewidth=0, zorder=1)
        hatched = axes.fill_between(
            x, low, high, facecolor="none", edgecolor=SOFT, hatch="////", linewidth=0, zorder=1.1
        )
        hatched.set_hatch_linewidth(0.5)


def _points(axes: Axes, found: BreakEven, curve: Curve, held: Mapping[str, Look]) -> None:
    """Mark who leads at each point tried, filled where that is sure."""
    better = goal(found.measure).better or 1
    rows = found.points[found.points["equal"] == curve.equal]
    for cycle, at, mean, low, high in rows[["cycle", "ratio", "mean", "low", "high"]].to_numpy(dtype=float):
        look = held[found.second if better * mean > 0.0 else found.first]
        sure = low > 0.0 or high < 0.0
        axes.plot(
            [cycle], [at], marker=look.marker if mean else "_", color=look.colour if sure else "white",
            markersize=5.2, linestyle="none", zorder=4, markeredgecolor=INK if sure else look.colour,
            markeredgewidth=0.5 if sure else 1.0,
        )  # fmt: skip


def _words(axes: Axes, found: BreakEven, curve: Curve, held: Mapping[str, Look]) -> None:
    """Say inside the panel who ranks first where: above and below the points, and at a flip that lies beyond them."""
    kinds = [outcome_of(found, curve.equal, flip) for flip in curve.flips]
    x = (found.cycles[0] + found.cycles[-1]) / 2
    away = 0.55 * ROOM * (found.ratios[-1] - found.ratios[0])
    if len(set(kinds)) == 1 and kinds[0] != "flip":
        said = {
            "first": f"{found.first} ranks first at every ratio tried",
            "second": f"{found.second} ranks first at every ratio tried",
            "same": "no difference at any ratio tried",
            "unclear": "no one ratio at which the ranking turns",
            "open": "cannot be told within the ratios tried",
        }[kinds[0]]
        colour = held[curve.flips[0].ahead].colour if kinds[0] in ("first", "second") else "white"
        _write(axes, x, found.ratios[-1] + away, said, colour)
    elif set(kinds) <= SIDES:
        if {"flip", "first"} & {*kinds}:
            _write(axes, x, found.ratios[-1] + away, f"above: {found.first} ranks first", held[found.first].colour)
        if {"flip", "second"} & {*kinds}:
            _write(axes, x, found.ratios[0] - away, f"below: {found.second} ranks first", held[found.second].colour)
        half = len(found.ratios) // 2
        for kind, flip in zip(kinds, curve.flips, strict=True):
            if kind == "open":
                between = (found.ratios[half - 1] + found.ratios[half]) / 2
                axes.text(
                    flip.cycle, between, "?", ha="center", va="center", fontsize=PANEL, fontweight="bold", color=INK,
                    zorder=6, bbox={"facecolor": "white", "edgecolor": "none", "boxstyle": "round,pad=0.15"},
                )  # fmt: skip
            elif kind != "flip":
                end, way = (0, 1) if kind == "first" else (-1, -1)
                axes.annotate(
                    "", (flip.cycle, found.ratios[end]), xytext=(0, 18 * way), textcoords="offset points", zorder=5,
                    arrowprops={"arrowstyle": "-|>", "color": INK, "linewidth": 1.6, "shrinkA": 0, "shrinkB": 4},
                )  # fmt: skip


def _write(axes: Axes, x: float, y: float, words: str, colour: str) -> None:
    axes.text(
        x, y, words, ha="center", va="center", fontsize=TINY, color=INK, zorder=6,
        bbox={"facecolor": to_rgba(colour, PALE), "edgecolor": "none", "boxstyle": "round,pad=0.25"},
    )  # fmt: skip


def _key(axes: Axes, found: BreakEven, held: Mapping[str, Look]) -> None:
    axes.set_axis_off()
    handles: list[Line2D | Patch] = [
        Line2D([], [], color=INK, linewidth=2.0, label="flip: ranking changes"),
        Patch(facecolor="white", edgecolor=SOFT, hatch="////", linewidth=0.6, label="its 95 % range"),
    ]
    for name in (found.first, found.second):
        look = held[name]
        for sure in (True, False):
            handles.append(
                Line2D(
                    [], [], marker=look.marker, linestyle="none", markersize=5.2,
                    color=look.colour if sure else "white", markeredgecolor=INK if sure else look.colour,
                    markeredgewidth=0.5 if sure else 1.0, label=f"{name} ahead, {'sure' if sure else 'not sure'}",
                )
            )  # fmt: skip
    axes.legend(
        handles=handles, loc="center", ncols=3, fontsize=TINY, frameon=False, handlelength=2.2, columnspacing=1.6,
        labelspacing=0.4, borderpad=0,
    )  # fmt: skip


def _title(found: BreakEven) -> str:
    recorded = found.curves[0]
    both = f"{found.first} and {found.second}"
    flip = middle(recorded)
    kind = outcome_of(found, recorded.equal, flip)
    where = f"{EQUALS[recorded.equal]}, round trip × {ratio(flip.cycle)}"
    if kind == "same":
        return f"{upper(both)} do not differ at any loss ratio ({where}){_others(found)}"
    if all(outcome_of(found, curve.equal, flip) == "open" for curve in found.curves for flip in curve.flips):
        return f"Over the whole range the ranking of {both} cannot be told"
    if kind == "unclear":
        return f"There is no one loss ratio at which the ranking of {both} turns ({where}){_others(found)}"
    if kind == "open":
        return f"The ranking of {both} cannot be told ({where}){_others(found)}"
    if kind == "flip":
        held = spread(found, flip)
        interval = f" (95 % range: {held})" if held else ""
        return (
            f"{upper(found.second)} must {cut(flip)} {ratio(flip.ratio)} of army alone{interval} to "
            f"{aim(found, found.first)} ({where}){_others(found)}"
        )
    behind = found.second if kind == "first" else found.first
    sure = "" if isnan(flip.low) else f", not surely at {spread(found, flip)}"
    tried = f"{ratio(found.ratios[0])} to {ratio(found.ratios[-1])}"
    return f"{upper(flip.ahead)} ranks before {behind} at every loss ratio from {tried}{sure} ({where}){_others(found)}"


def _others(found: BreakEven) -> str:
    """Say where the flip lies if units are made equal, where that can be told."""
    parts = []
    for curve in found.curves[1:]:
        flip = middle(curve)
        if outcome_of(found, curve.equal, flip) == "flip":
            parts.append(f"with {EQUALS[curve.equal]} it turns at a loss ratio of {ratio(flip.ratio)}")
    return f"; {', '.join(parts)}" if parts else ""


def _detail(found: BreakEven, labels: Mapping[str, str]) -> str:
    names = "; ".join(f"{name}: {labels[name]}" for name in (found.first, found.second) if name in labels)
    return (
        f"Under the line losses are cut by enough for {found.second} to rank first in "
        f"'{describe(found.measure).label}'. Line: the mean paired difference is 0, straight between the points tried; "
        "hatched: loss ratios at which its 95 % interval holds 0, and no line but ? where these are all; "
        "arrow: the flip lies beyond what was tried. "
        f"{counted(str(found.replications), 'replication')} at each point, the same luck for both. Rests on: "
        f"{TAGGED[found.tag]}.{f' {upper(names)}.' if names else ''}"
    )
