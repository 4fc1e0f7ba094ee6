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

from sim.language import say, say_counted
from sim.results.run import Run
from sim.view.bands import FEW, Band
from sim.view.study_words import FIRST_LOOK, made_words
from sim.view.style import INK, SMALL, SOFT, Chart, Look, canvas, figure_of, headline, on_slides, settle
from sim.view.words import counted, number, range_words

HATCH_WIDTH = 0.5
"""Width of the lines of a hatch, points."""
KEY_ACROSS = 0.77
"""Width of a key relative to that of its figure, at most: it stands under panels with words beside them."""
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


def finished(chart: Chart, finding: str, reading: str, made: str = "") -> Chart:
    """Return a figure laid out for good: over it the finding, under it how it is read and what it was made of.

    A slide has no room for how it is read.
    """
    headline(chart, finding, made if on_slides() else sentences(reading, made))
    settle(chart)
    return chart


def made_on(run: Run, band: str = "") -> str:
    """Say what a figure of a run was made of; on a slide, which has no more words, of how many replications, too.

    ``band`` says what its whiskers are, where no key does.
    """
    if not on_slides():
        return made_words(run)
    count = len(run.measures)
    many = counted(number(count), "replication")
    if band and count > 1:
        means = say("Bars: means of {count} replications; whiskers: {band}.", count=number(count), band=band)
        return sentences(means, made_words(run))
    return sentences(f"{many}.", made_words(run))


def several(runs: Run | Sequence[Run]) -> tuple[Run, ...]:
    """Return one run, or some, as some."""
    return tuple(runs) if isinstance(runs, Sequence) else (runs,)


def sentences(*said: str) -> str:
    """Return sentences one behind the other; empty ones are left out."""
    return " ".join(filter(None, said))


def headed(count: int, finding: str) -> str:
    """Return a title that claims no more than so many replications give: of few it says that it is a first look."""
    if count >= FIRST_LOOK:
        return finding
    if count == 1:
        return say("First look, one replication: {finding}", finding=finding)
    return say("First look, {count} replications: {finding}", count=number(count), finding=finding)


def as_shown(value: float) -> float:
    """Return the count by which the form of a sentence is chosen: of what is written as 1, that."""
    return 1.0 if number(value) == "1" else value


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
    """Fill axes with a key, so many entries beside each other; fewer where that were wider than what is drawn."""
    axes.set_axis_off()
    usual = {"loc": "center", "fontsize": SMALL, "frameon": False, "handlelength": 2.6, "borderpad": 0}
    for columns in range(across, 0, -1):
        made = axes.legend(handles.values(), handles.keys(), ncols=columns, **{**usual, **options})
        if made.get_window_extent().width <= KEY_ACROSS * figure_of(axes).bbox.width:
            break


def zero(start: datetime) -> float:
    """Return where the first midnight of a run stands on a time axis, in matplotlib's days."""
    return float(date2num(start))


def fan_words(count: int) -> str:
    """Say what the line and the bands about it are, of so many replications."""
    if count >= FEW:
        return say("Line: median of {count} replications; dark band: 25–75 %; light band: 5–95 %.", count=number(count))
    return say("Line: median of {count} replications; band: lowest–highest.", count=number(count))


def thread_words(count: int) -> str:
    """Say what thin lines are that are drawn through a band of so many replications."""
    if count > FEW:
        return say("Thin lines: five of the replications, from few days under half to many.")
    return say("Thin lines: each replication.")


def losses_words(lost: Band) -> str:
    """Say how many tankers are lost: ``12 tankers are lost (5–95 %: 8–15)``."""
    if not lost.high:
        return say("no tanker is lost")
    mean, count = number(lost.mean), as_shown(lost.mean)
    if not lost.wide:
        return say_counted("{count} tanker is lost", "{count} tankers are lost", count, count=mean)
    ends = range_words(number(lost.low), number(lost.high))
    return say_counted(
        "{count} tanker is lost ({band}: {ends})", "{count} tankers are lost ({band}: {ends})", count,
        count=mean, band=lost.name, ends=ends,
    )  # fmt: skip
