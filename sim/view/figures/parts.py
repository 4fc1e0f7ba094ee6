"""What figures are put together from: panels, numbers behind bars, points in rows, keys, and the last touch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.dates import date2num
from matplotlib.gridspec import GridSpec
from matplotlib.patches import Patch

from sim.view.bands import FEW, Band
from sim.view.style import INK, SMALL, SOFT, Chart, Look, canvas, headline, settle
from sim.view.words import counted, is_are, number, range_words

HATCH_WIDTH = 0.5
"""Width of the lines of a hatch, points."""
Keys = Mapping[str, Artist | tuple[Artist, ...]]
"""Handles of a key by label; several of one label lie on each other."""


def stacked(heights: Sequence[float], room: float, across: int = 1) -> tuple[Chart, GridSpec]:
    """Return an empty figure and its grid: rows so many inches high, and ``room`` for the words around them."""
    chart = canvas(room + sum(heights))
    return chart, chart.add_gridspec(len(heights), across, height_ratios=heights)


def panels(
    chart: Chart, grid: GridSpec, names: Sequence[str], across: int, below: int = 0
) -> Iterator[tuple[Axes, int, str]]:
    """Yield a panel for each name with its column, from a row of the grid on; those of a row share a scale."""
    axes = None
    for place, name in enumerate(names):
        row, column = divmod(place, across)
        axes = chart.add_subplot(grid[below + row, column], sharey=axes if column else None)
        yield axes, column, name


def finished(chart: Chart, finding: str, detail: str) -> Chart:
    """Return a figure with the finding over it and what is drawn under it, laid out for good."""
    headline(chart, finding, detail)
    settle(chart)
    return chart


def rowed(axes: Axes, count: int, labels: Sequence[str] = (), **looks: Any) -> None:
    """Give a panel rows, the first on top, without lines or ticks; with labels left of it, or room for them."""
    axes.set_ylim(count - 0.45, -0.55)
    axes.set_yticks(range(count), labels, **looks)
    axes.grid(visible=False, axis="y")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_color(SOFT)


def behind(axes: Axes, words: str, level: Band, row: float, away: float, **looks: Any) -> None:
    """Write behind a bar and its whisker, so many points away."""
    axes.annotate(
        words, (max(level.mean, level.high), row), xytext=(away, 0), textcoords="offset points", va="center",
        color=INK, **looks,
    )  # fmt: skip


def whisker(axes: Axes, level: Band, row: float) -> None:
    """Draw a band along a row, seen on dark bars too, if there is one."""
    for colour, width in (("white", 2.1), (INK, 0.9)) if level.wide else ():
        axes.plot(
            [level.low, level.high], [row, row], color=colour, linewidth=width, marker="|", markersize=4 + width / 2,
            markeredgewidth=width, zorder=4,
        )  # fmt: skip


def point(axes: Axes, x: float, row: float, look: Look, size: float, name: str) -> None:
    """Draw the marker of an alternative in its row."""
    axes.plot(
        [x], [row], marker=look.marker, color=look.colour, markersize=size, linestyle="none", zorder=4,
        markeredgecolor=look.edge or INK, markeredgewidth=1.2 if look.edge else 0.5, gid=name,
    )  # fmt: skip


def swatch(look: Look, edge: str = INK) -> Patch:
    """Return a patch in a look, for a key."""
    return Patch(
        facecolor=look.colour, edgecolor=edge, hatch=look.hatch, linewidth=0.4, hatch_linewidth=HATCH_WIDTH
    )  # fmt: skip


def key(axes: Axes, handles: Keys, across: int, **options: Any) -> None:
    """Fill axes with a key, so many entries beside each other."""
    axes.set_axis_off()
    usual = {"loc": "center", "fontsize": SMALL, "frameon": False, "handlelength": 2.6, "borderpad": 0}
    axes.legend(handles.values(), handles.keys(), ncols=across, **{**usual, **options})


def zero(start: datetime) -> float:
    """Return where the first midnight of a run stands on a time axis, in matplotlib's days."""
    return float(date2num(start))


def fan_words(count: int) -> str:
    """Say what the bands about a median of so many replications are."""
    return "dark band: 25–75 %; light band: 5–95 %" if count >= FEW else "band: lowest–highest"


def losses_words(lost: Band) -> str:
    """Say how many tankers are lost: ``12 tankers are lost (5–95 %: 8–15)``."""
    if not lost.high:
        return "no tanker is lost"
    mean = number(lost.mean)
    ends = f" ({lost.name}: {range_words(number(lost.low), number(lost.high))})" if lost.wide else ""
    return f"{counted(mean, 'tanker')} {is_are(mean)} lost{ends}"
