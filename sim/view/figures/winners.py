"""Who is ahead where in a sweep: lines over one parameter, a map over two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from numpy.typing import NDArray

from sim.errors import ViewError
from sim.language import say, say_counted
from sim.results.measures import DATE
from sim.study.axis import Axis
from sim.study.intervals import interval
from sim.study.sweep import Place, Sweep
from sim.view.figures import figure
from sim.view.figures.parts import HATCH_WIDTH, Keys, finished, headed, key, sentences, stacked, swatch
from sim.view.figures.sides import scale
from sim.view.style import INK, SMALL, SOFT, TINY, WIDTH, Chart, Look, figure_of, frame, looks
from sim.view.sweep_answer import ahead_words, axis_words, measure_of, replications, span, value_words, winner
from sim.view.words import apart, folded, number, unit_word

Spot = tuple[float, float]
PALE = 0.2
TICKS = 12
LETTER = 0.055
"""Width of a letter of the smallest type, inches."""
ACROSS = 6.2 / WIDTH
"""Width of the axes relative to that of a figure, about."""
LINE = 90
"""Characters of a line under an axis."""
HEADING = 44
"""Characters of a line beside the axis of the measure."""
HEIGHT = 0.34
"""Least height of a cell with two lines in it, inches."""
MOST_HEIGHT = 3.6
NAMED = 3
"""Alternatives that a title names."""


def _several(sweep: Sweep, **_: object) -> tuple[Sweep] | None:
    return (sweep,) if len(sweep.names) > 1 else None


def _single(sweep: Sweep, **_: object) -> tuple[Sweep] | None:
    return (sweep,) if len(sweep.names) == 1 else None


@figure("levels", "Sweep", _single)
def levels(sweep: Sweep) -> Chart:
    """Draw the measure of a sweep of one alternative over what was varied: a line or, of two parameters, a map.

    Of one parameter, the mean of the measure and its 95 % interval; of two, the means as numbers and greys.

    Raises
    ------
    ViewError
        If there are several alternatives, which `winners` draws.
    """
    if len(sweep.names) > 1:
        raise ViewError(f"levels: a sweep of {len(sweep.names)} alternatives; expected one, or sim.plot.winners")
    return _drawn(sweep)


@figure("winners", "Sweep", _several)
def winners(sweep: Sweep) -> Chart:
    """Draw who is ahead where, under several alternatives.

    Of one parameter, the mean of the measure that ranks and its 95 % interval over the parameter, a line for each
    alternative, with a strip of who is ahead; of two, a map of that, with the lead over the runner-up.  Cells are pale
    where the 95 % interval of the lead holds 0.

    Raises
    ------
    ViewError
        If there is a single alternative, which `levels` draws.
    """
    if len(sweep.names) == 1:
        raise ViewError("winners: a sweep of one alternative, which nothing is ahead of; expected sim.plot.levels")
    return _drawn(sweep)


def _drawn(sweep: Sweep) -> Chart:
    flat, several = len(sweep.axes) == 1, len(sweep.names) > 1
    tall = 2.3 if flat else min(MOST_HEIGHT, max(1.6, 0.55 * len(sweep.axes[1].values)))
    below = ([0.3, 0.32] if flat else [0.35]) if several else []
    chart, grid = stacked([tall, *below], 1.38 if flat else 1.4)
    axes = last = chart.add_subplot(grid[0])
    look = looks(sweep.names)
    if flat:
        _lines(axes, sweep, look)
        handles = line_key(axes)
        if several:
            last = chart.add_subplot(grid[1], sharex=axes)
            _strip(last, sweep, look)
            axes.tick_params(labelbottom=False)
        axes.set_xlim(*edges(sweep.axes[0].values)[[0, -1]])
    else:
        _map(axes, sweep, look, tall)
        seen = {winner(place) for place in sweep.places()}
        handles = {name: (swatch(look[name], _over(look[name])), _marker(look[name])) for name in look if name in seen}
    value_ticks(last, sweep.axes[0])
    last.set_xlabel(axis_label(sweep), fontsize=SMALL, color=INK)
    if several:
        pale = Patch(facecolor="white", edgecolor=SOFT, linewidth=0.4)
        sweep_key(chart.add_subplot(grid[-1]), {**handles, say("pale, no hatch: not sure"): pale})
    return finished(chart, headed(replications(sweep), _title(sweep)), *_detail(sweep))


def _lines(axes: Axes, sweep: Sweep, look: Mapping[str, Look]) -> None:
    measure = measure_of(sweep)
    table = sweep.counted[sweep.goal]
    for name in sweep.names:
        means = [interval(table.loc[point].loc[name], sweep.drawn) for point in range(len(sweep.points))]
        draw_line(axes, sweep.axes[0], np.array(means), look[name], name)
    _within(axes, float(table.min()), float(table.max()))
    frame(axes, "\n".join(folded(measure.heading, HEADING)))
    if measure.unit == DATE:
        axes.yaxis.set_major_formatter(lambda value, _: measure.text(value))
    elif measure.unit == "%":
        axes.yaxis.set_major_formatter(lambda value, _: f"{100 * value:g} %")


def _within(axes: Axes, least: float, most: float) -> None:
    """Cut intervals that reach beyond the least and most that any replication took."""
    low, high = axes.get_ylim()
    room = 0.04 * (most - least)
    if room > 0.0:
        axes.set_ylim(max(low, least - room), min(high, most + room))


def draw_line(axes: Axes, axis: Axis, means: NDArray[np.float64], look: Look, name: str) -> None:
    """Draw a line over a parameter with its interval: rows of (middle, low, high), one for each value."""
    middle, low, high = means.T
    axes.plot(
        axis.values, middle, color=look.colour, linestyle=look.line, marker=look.marker, linewidth=1.4, markersize=4.5,
        markeredgecolor=look.edge or INK, markeredgewidth=0.4, label=name, zorder=3,
    )  # fmt: skip
    axes.fill_between(axis.values, low, high, color=look.colour, alpha=0.16, linewidth=0, zorder=1)
    for ends in (low, high):
        axes.plot(axis.values, ends, color=look.colour, linestyle=look.line, linewidth=0.5, alpha=0.7, zorder=2)


def edges(values: Sequence[float]) -> NDArray[np.float64]:
    """Return the bounds between values: half-way, and as far beyond the first and the last."""
    middles = np.array(values)
    between = (middles[1:] + middles[:-1]) / 2
    return np.array([2 * middles[0] - between[0], *between, 2 * middles[-1] - between[-1]])


def value_ticks(axes: Axes, axis: Axis, *, up: bool = False) -> None:
    """Put ticks at the values of an axis, or at some of many."""
    step = -(-len(axis.values) // TICKS)
    texts = [value_words(axis, k, unit=False) for k in range(len(axis.values))]
    (axes.set_yticks if up else axes.set_xticks)(axis.values[::step], texts[::step])


def axis_label(sweep: Sweep, place: int = 0, width: int = LINE) -> str:
    """Name of an axis with its unit, in lines of so many characters."""
    words = ", ".join(filter(None, (axis_words(sweep, place), unit_word(sweep.axes[place].unit))))
    return "\n".join(folded(words, width))


def sweep_key(axes: Axes, handles: Keys) -> None:
    """Fill axes with the key of a sweep."""
    key(axes, handles, 4, fontsize=TINY, handlelength=3.4, handleheight=1.1, columnspacing=1.6, labelspacing=0.5)


def line_key(axes: Axes) -> dict[str, Artist | tuple[Artist, ...]]:
    """Return the handles of the lines drawn, by label; matplotlib's own would pass over names such as ``_base``."""
    labels = {str(line.get_label()): line for line in axes.get_lines()}
    return {label: line for label, line in labels.items() if not label.startswith("_child")}


def basis(sweep: Sweep) -> str:
    """Say how often each point was run, with which luck and parameters; and what was varied in which scenario."""
    count = replications(sweep)
    values = {"count": number(count)}
    over = (
        say_counted(
            "{count} replication at each point, the same luck for all.",
            "{count} replications at each point, the same luck for all.",
            count, **values,
        )
        if sweep.drawn
        else say_counted(
            "{count} replication at each point, the same luck for all, central parameters.",
            "{count} replications at each point, the same luck for all, central parameters.",
            count, **values,
        )
    )  # fmt: skip
    varied = apart(f"{', '.join(axis.paths)} = {span(axis)}" for axis in sweep.axes)
    return sentences(
        over,
        say("Varied: {what}.", what=varied),
        say("Scenario: {title}.", title=say(sweep.alternatives[0].scenario.root.title)),
    )


def _strip(axes: Axes, sweep: Sweep, look: Mapping[str, Look]) -> None:
    """Mark who is ahead along the bottom."""
    bounds = edges(sweep.axes[0].values)
    for place in sweep.places():
        left, right = bounds[place.point], bounds[place.point + 1]
        room = ACROSS * figure_of(axes).get_figwidth() * (right - left) / (bounds[-1] - bounds[0])
        _cell(axes, (left, 0.0), (right, 1.0), place, look, _said(sweep, place, room, lines=1))
    axes.set_ylim(0, 1)
    frame(axes)
    axes.set_yticks([])
    axes.grid(visible=False)
    axes.set_ylabel(say("ahead"), fontsize=SMALL, color=INK, rotation=0, ha="right", va="center")


def _map(axes: Axes, sweep: Sweep, look: Mapping[str, Look], tall: float) -> None:
    first, second = sweep.axes
    across, up = edges(first.values), edges(second.values)
    wide = ACROSS * figure_of(axes).get_figwidth() / len(first.values)
    high = tall / len(second.values)
    if len(sweep.names) > 1:
        for place in sweep.places():
            k, m = sweep.points[place.point]
            words = _said(sweep, place, wide, lines=2 if high >= HEIGHT else 1)
            _cell(axes, (across[k], up[m]), (across[k + 1], up[m + 1]), place, look, words)
    else:
        _shade(axes, sweep, across, up, roomy=wide > 0.35)
    axes.set_xlim(across[0], across[-1])
    axes.set_ylim(up[0], up[-1])
    frame(axes, axis_label(sweep, 1, max(16, int(tall / LETTER))))
    axes.grid(visible=False)
    value_ticks(axes, second, up=True)


def _cell(
    axes: Axes, corner: Spot, end: Spot, place: Place, looks: Mapping[str, Look], words: str
) -> None:  # fmt: skip
    """Draw a cell in the look of who is ahead; without words, its marker, hollow if it is not sure."""
    name, sure = winner(place), place.sure
    look = looks[name] if name else Look("#ffffff")
    size = (end[0] - corner[0], end[1] - corner[1])
    cell = Rectangle(
        corner, *size, facecolor=to_rgba(look.colour, 1.0 if sure else PALE), hatch=look.hatch if sure else "",
        hatch_linewidth=HATCH_WIDTH, edgecolor=_over(look), linewidth=0, zorder=1, gid=name,
    )  # fmt: skip
    axes.add_patch(cell)
    axes.add_patch(
        Rectangle(corner, *cell.get_bbox().size, facecolor="none", edgecolor="white", linewidth=1.2, zorder=2)
    )
    middle = ((corner[0] + end[0]) / 2, (corner[1] + end[1]) / 2)
    if words:
        axes.text(
            *middle, words, ha="center", va="center", fontsize=TINY, color=INK, zorder=4,
            bbox={"facecolor": "white", "alpha": 0.85, "edgecolor": "none", "boxstyle": "round,pad=0.15"},
        )  # fmt: skip
    elif name:
        axes.plot(
            *middle, marker=look.marker, markersize=4, linestyle="none", zorder=4, color=INK if sure else "white",
            markeredgecolor="white" if sure else INK, markeredgewidth=0.6,
        )  # fmt: skip


def _over(look: Look) -> str:
    """Colour of a hatch that can be seen on a look's colour."""
    return INK if int(look.colour[1:3], 16) + int(look.colour[3:5], 16) > 90 else "#ffffff"


def _said(sweep: Sweep, place: Place, room: float, lines: int) -> str:
    """Write who is ahead and by how much, as far as there is room."""
    name = winner(place)
    factor = scale(measure_of(sweep))[0]
    lead = say("by {lead}", lead=number(factor * place.lead))
    if not name or LETTER * len(name) > room:
        return ""
    if lines > 1:
        return f"{name}\n{lead}" if LETTER * len(lead) <= room else name
    both = say("{name} by {lead}", name=name, lead=number(factor * place.lead))
    return both if LETTER * len(both) <= room else name


def _shade(axes: Axes, sweep: Sweep, across: NDArray[np.float64], up: NDArray[np.float64], *, roomy: bool) -> None:
    """Draw the means of a single alternative as greys, the highest darkest, and if there is room as numbers."""
    means = sweep.means()[sweep.names[0]]
    low, high = float(means.min()), float(means.max())
    measure = measure_of(sweep)
    for (k, m), mean in zip(sweep.points, means.astype(float), strict=True):
        shade = (mean - low) / (high - low) if high > low and isfinite(mean) else 0.0
        size = (across[k + 1] - across[k], up[m + 1] - up[m])
        grey = (0.97 - 0.42 * shade,) * 3
        axes.add_patch(Rectangle((across[k], up[m]), *size, facecolor=grey, edgecolor="white", linewidth=1.2, zorder=1))
        if roomy:
            x, y = across[k] + size[0] / 2, up[m] + size[1] / 2
            words = measure.text(mean)
            axes.text(x, y, words, ha="center", va="center", fontsize=TINY, color=INK, zorder=4)


def _marker(look: Look) -> Artist:
    return Line2D([], [], linestyle="none", marker=look.marker, markersize=4, color=INK, markeredgecolor="white")


def _title(sweep: Sweep) -> str:
    if len(sweep.names) > 1:
        return ahead_words(sweep, NAMED).removesuffix(".")
    measure = measure_of(sweep)
    means = sweep.means()[sweep.names[0]]
    if len(sweep.axes) == 1:
        least, most = (value_words(sweep.axes[0], end) for end in (0, -1))
        first, last = (measure.text(float(mean), unit=True) for mean in means.iloc[[0, -1]])
        return say(
            "{measure}: {first} at {least}, {last} at {most} ({parameter})",
            measure=measure.label, first=first, least=least, last=last, most=most, parameter=axis_words(sweep),
        )  # fmt: skip
    low, high = (measure.text(float(end), unit=True) for end in (means.min(), means.max()))
    return say(
        "{measure}: from {low} to {high} over the ranges of {parameter} and {other}",
        measure=measure.label, low=low, high=high, parameter=axis_words(sweep), other=axis_words(sweep, 1),
    )  # fmt: skip


def _detail(sweep: Sweep) -> tuple[str, str]:
    """Say how the figure is read, and what it was made of."""
    flat, several = len(sweep.axes) == 1, len(sweep.names) > 1
    parts = []
    if flat:
        parts.append(say("Line: mean over the replications; band: its 95 % interval."))
    if several:
        unit = unit_word(scale(measure_of(sweep))[1])
        if unit:
            shown = (
                say("Strip: who is ahead and by how much before the runner-up, in {unit}.", unit=unit)
                if flat
                else say("Cell: who is ahead and by how much before the runner-up, in {unit}.", unit=unit)
            )
        else:
            shown = (
                say("Strip: who is ahead and by how much before the runner-up.")
                if flat
                else say("Cell: who is ahead and by how much before the runner-up.")
            )
        parts += [
            shown,
            say("Full: the 95 % interval of that mean paired difference excludes 0, each point by itself."),
        ]
    elif not flat:
        parts.append(say("Numbers: means over the replications, the higher the darker."))
    if any(each.exploratory for each in sweep.alternatives):
        parts.append(say("Exploratory: attackers adapt; outside calibration."))
    return sentences(*parts), basis(sweep)
