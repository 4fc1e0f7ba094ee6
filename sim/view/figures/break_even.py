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

from sim.language import say, say_counted
from sim.results.measures import goal
from sim.study.break_even import BreakEven, Curve
from sim.study.comparison import Comparison
from sim.view.break_even_answer import EQUALS, TAGGED, aim, cut, middle, outcome_of, ratio, spread, upper
from sim.view.figures import figure
from sim.view.figures.parts import HATCH_WIDTH, finished, headed, key, sentences
from sim.view.style import INK, PANEL, SMALL, SOFT, TINY, Chart, Look, canvas, frame, looks
from sim.view.words import apart, describe, number

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
        axes.set_title(upper(say(EQUALS[curve.equal])), loc="left", fontsize=PANEL, color=INK, pad=3)
        kinds = [outcome_of(outcome, curve.equal, flip) for flip in curve.flips]
        _regions(axes, outcome, curve, kinds, look)
        _points(axes, outcome, curve, look)
        _words(axes, outcome, curve, kinds, look)
    _key(chart.add_subplot(grid[1, :]), look)
    title = headed(outcome.replications, break_even_title(outcome))
    return finished(chart, title, *_detail(outcome, labels or {}))


def _scales(axes: Axes, result: BreakEven, *, named: bool) -> None:
    troops = say(result.troops)
    frame(axes, say("losses with {troops}\n(army alone = 1)", troops=troops) if named else "")
    axes.grid(visible=False)
    for limits, values, room in ((axes.set_xlim, result.cycles, PAD), (axes.set_ylim, result.ratios, ROOM)):
        pad = room * (values[-1] - values[0])
        limits(values[0] - pad, values[-1] + pad)
    axes.set_xticks(result.cycles, [ratio(cycle) for cycle in result.cycles])
    axes.set_yticks(result.ratios, [ratio(value) for value in result.ratios])
    axes.tick_params(labelleft=named)
    axes.set_xlabel(say("round trip with {troops}\n(army alone = 1)", troops=troops), fontsize=SMALL, color=INK)


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
            "first": say("{name} ranks first at every ratio tried", name=result.first),
            "second": say("{name} ranks first at every ratio tried", name=result.second),
            "same": say("no difference at any ratio tried"),
            "unclear": say("no one ratio at which the ranking turns"),
            "open": say("cannot be told within the ratios tried"),
        }[kinds[0]]
        colour = looks[curve.flips[0].ahead].colour if kinds[0] in ("first", "second") else "white"
        _write(axes, x, result.ratios[-1] + away, said, colour)
    elif set(kinds) <= SIDES:
        if {"flip", "first"} & {*kinds}:
            words = (
                say("above: {name} ranks first", name=result.first)
                if _leads(result, curve, result.first)
                else say("above: {name} ahead, not surely", name=result.first)
            )
            _write(axes, x, result.ratios[-1] + away, words, looks[result.first].colour)
        if {"flip", "second"} & {*kinds}:
            words = (
                say("below: {name} ranks first", name=result.second)
                if _leads(result, curve, result.second)
                else say("below: {name} ahead, not surely", name=result.second)
            )
            _write(axes, x, result.ratios[0] - away, words, looks[result.second].colour)
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


def _leads(result: BreakEven, curve: Curve, name: str) -> bool:
    """Say whether a strategy is surely ahead at some point of a panel."""
    rows = result.points[result.points["equal"] == curve.equal]
    way = (goal(result.measure).better or 1) * (1 if name == result.second else -1)
    return bool(((rows["low"] > 0.0) if way > 0 else (rows["high"] < 0.0)).any())


def _write(axes: Axes, x: float, y: float, words: str, colour: str) -> None:
    axes.text(
        x, y, words, ha="center", va="center", fontsize=TINY, color=INK, zorder=6,
        bbox={"facecolor": to_rgba(colour, PALE), "edgecolor": "none", "boxstyle": "round,pad=0.25"},
    )  # fmt: skip


def _key(axes: Axes, looks: Mapping[str, Look]) -> None:
    handles: dict[str, Line2D | Patch] = {
        say("flip: ranking changes"): Line2D([], [], color=INK, linewidth=2.0),
        say("its 95 % range"): Patch(facecolor="white", edgecolor=SOFT, hatch="////", linewidth=0.6),
    }
    for name, look in looks.items():
        handles[say("{name} ahead, sure", name=name)] = Line2D([], [], **_lead(look, True))
        handles[say("{name} ahead, not sure", name=name)] = Line2D([], [], **_lead(look, False))
    key(axes, handles, 3, fontsize=TINY, handlelength=2.2, columnspacing=1.6, labelspacing=0.4)


def break_even_title(result: BreakEven) -> str:
    """Say where the ranking flips."""
    said = _finding(result)
    if said is None:
        return say(
            "Over the whole range the ranking of {first} and {second} cannot be told",
            first=result.first,
            second=result.second,
        )
    others = _others(result)
    return say("{finding}; {others}", finding=said, others=", ".join(others)) if others else said


def _finding(result: BreakEven) -> str | None:
    """Say what comes of units as recorded and the middle round trip; None if nothing can be told anywhere."""
    recorded = result.curves[0]
    flip = middle(recorded)
    kind = outcome_of(result, recorded.equal, flip)
    values = {"equal": say(EQUALS[recorded.equal]), "cycle": ratio(flip.cycle)}
    both = {"first": result.first, "second": result.second}
    if kind == "same":
        return say(
            "{first} and {second} do not differ at any loss ratio ({equal}, round trip × {cycle})",
            **{**both, "first": upper(result.first)}, **values,
        )  # fmt: skip
    if all(outcome_of(result, curve.equal, flip) == "open" for curve in result.curves for flip in curve.flips):
        return None
    if kind == "unclear":
        return say(
            "There is no one loss ratio at which the ranking of {first} and {second} turns ({equal}, round trip × "
            "{cycle})",
            **both, **values,
        )  # fmt: skip
    if kind == "open":
        return say(
            "The ranking of {first} and {second} cannot be told ({equal}, round trip × {cycle})", **both, **values
        )
    if kind == "flip":
        ends = spread(result, flip)
        values |= {
            "name": upper(result.second), "cut": cut(flip), "ratio": ratio(flip.ratio), "ends": ends,
            "aim": aim(result, result.first),
        }  # fmt: skip
        if ends:
            return say(
                "{name} must {cut} {ratio} of army alone (95 % range: {ends}) to {aim} ({equal}, round trip × {cycle})",
                **values,
            )
        return say("{name} must {cut} {ratio} of army alone to {aim} ({equal}, round trip × {cycle})", **values)
    values |= {"ahead": upper(flip.ahead), "behind": result.second if kind == "first" else result.first}
    values |= {"least": ratio(result.ratios[0]), "most": ratio(result.ratios[-1])}
    if isnan(flip.low):
        return say(
            "{ahead} ranks before {behind} at every loss ratio from {least} to {most} ({equal}, round trip × {cycle})",
            **values,
        )
    return say(
        "{ahead} ranks before {behind} at every loss ratio from {least} to {most}, not surely at {ends} ({equal}, "
        "round trip × {cycle})",
        ends=spread(result, flip), **values,
    )  # fmt: skip


def _others(result: BreakEven) -> list[str]:
    """Say where the flip lies if units are made equal, where that can be told."""
    return [
        say(
            "with {equal} it turns at a loss ratio of {ratio}",
            equal=say(EQUALS[curve.equal]),
            ratio=ratio(middle(curve).ratio),
        )
        for curve in result.curves[1:]
        if outcome_of(result, curve.equal, middle(curve)) == "flip"
    ]


def _detail(result: BreakEven, labels: Mapping[str, str]) -> tuple[str, str]:
    """Say how the figure is read, and what it was made of."""
    both = [name for name in (result.first, result.second) if name in labels]
    names = apart(say("{name}: {label}", name=name, label=say(labels[name])) for name in both)
    reading = sentences(
        say(
            "Under the line losses are cut by enough for {name} to rank first in '{measure}'.",
            name=result.second,
            measure=describe(result.measure).label,
        ),
        say(
            "Line: the mean paired difference is 0, straight between the points tried; hatched: loss ratios at which "
            "its 95 % interval holds 0, and no line but ? where these are all; arrow: the flip lies beyond what was "
            "tried."
        ),
    )
    made = sentences(
        say_counted(
            "{count} replication at each point, the same luck for both.",
            "{count} replications at each point, the same luck for both.",
            result.replications, count=number(result.replications),
        ),
        say("Rests on: {basis}.", basis=say(TAGGED[result.tag])),
        f"{upper(names)}." if names else "",
    )  # fmt: skip
    return reading, made
