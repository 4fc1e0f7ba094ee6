"""Tankers that arrive by each corridor, beside those that were ordered."""

from __future__ import annotations

from datetime import datetime
from math import ceil

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import NDArray
from pandas import DataFrame

from sim.language import say, say_counted
from sim.results.run import Run
from sim.rules.steps import WEEK
from sim.view.bands import Fan, band_name, fan, matrix, weekly
from sim.view.figures import figure
from sim.view.figures.parts import as_shown, finished, key, made_on, panels, sentences, stacked, zero
from sim.view.figures.sides import shortened
from sim.view.run_findings import bound_words
from sim.view.style import INK, PANEL, SMALL, Chart, Look, dates, frame, on_slides
from sim.view.words import long_date, number, on_day, whole

COLUMNS = 3
SHOWN = 24
"""Corridors that get a panel, those that delivered most first."""
ON_SLIDE = 6
"""The same on a slide."""
LONGEST = 38
"""Letters of a name that fit over a panel."""
ROW_INCHES = 1.4
ARRIVED = Look("#0072b2")
BAND = 0.25
"""Opacity of the band."""
BEFORE = 4
"""Full weeks at the start whose mean a title compares the lowest week with."""


@figure("flows", "Run")
def flows(run: Run) -> Chart:
    """Draw the tankers that arrive per day by corridor, as weekly means with 5 to 95 % bands.

    Corridors stand in order of what they delivered, imports before inland ones; panels of a row share a scale.  Of
    more than `SHOWN` those that delivered least are left out, and the figure says so.  A dotted line shows the tankers
    ordered.

    Parameters
    ----------
    run
        A run with the table ``flows``.
    """
    names = corridors_by_size(run)[: most_shown()]
    start, left = run.scenario.start, zero(run.scenario.start)
    rows = ceil(len(names) / COLUMNS)
    chart, grid = stacked([*[ROW_INCHES] * rows, 0.16], 0.79, COLUMNS)
    for axes, column, name in panels(chart, grid, names, COLUMNS):
        table = run.part("flows", ["replication", "day", "ordered", "arrived", "lost"], corridor=name)
        _panel(axes, table, name, start)
        axes.set_xlim(left, left + int(table["day"].max()) + 1)
        dates(axes)
        axes.tick_params(labelleft=not column)
        if not column:
            axes.set_ylabel(say("tankers a day"), fontsize=SMALL, color=INK)
    for axes in chart.axes:
        axes.set_ylim(bottom=0)
    _key(chart.add_subplot(grid[rows, :]), len(run.measures))
    return finished(chart, flows_title(run), _reading(run), made_on(run))


def most_shown() -> int:
    """Return how many corridors get a panel at most."""
    return ON_SLIDE if on_slides() else SHOWN


def corridors_by_size(run: Run) -> list[str]:
    """Corridors by tankers arrived, imports and exogenous ones first."""
    sums = run.sums("flows", ["corridor"], ["arrived"])["arrived"]
    return sorted((str(name) for name in sums.index), key=lambda name: (_inland(run, name), -sums[name], name))


def _inland(run: Run, corridor: str) -> bool:
    return run.scenario.root.corridors[corridor].kind == "inland"


def week_middles(weeks: NDArray[np.float64], days: int, start: datetime) -> NDArray[np.float64]:
    """Middle of each week in matplotlib's days; a last, incomplete week has the middle of its own days."""
    opens = weeks * WEEK
    return zero(start) + (opens + np.minimum(opens + WEEK, days)) / 2


def _weekly_fan(rows: DataFrame, column: str, start: datetime) -> Fan:
    """Bands of a daily column's weekly mean."""
    daily = matrix(rows, column)
    means = weekly(daily)
    return fan(means, week_middles(means.index.to_numpy(dtype=float), int(daily.index.max()) + 1, start))


def _panel(axes: Axes, rows: DataFrame, name: str, start: datetime) -> None:
    arrived, ordered = (_weekly_fan(rows, column, start) for column in ("arrived", "ordered"))
    axes.plot(arrived.x, arrived.median, color=ARRIVED.colour, linewidth=1.5)
    if arrived.total > 1:
        axes.fill_between(arrived.x, arrived.low, arrived.high, color=ARRIVED.colour, alpha=BAND, linewidth=0)
    if ordered.high.any():
        axes.plot(ordered.x, ordered.median, color=INK, linestyle=":", linewidth=1.0)
    frame(axes)
    mean = rows.groupby("replication")[["arrived", "lost"]].sum().mean()
    words = say(
        "{corridor}\n{arrived} arrived, {lost} lost",
        corridor=shortened(say(name), LONGEST), arrived=whole(mean["arrived"]), lost=whole(mean["lost"]),
    )  # fmt: skip
    axes.set_title(words, loc="left", fontsize=PANEL, color=INK, pad=3, linespacing=1.25)


def _key(axes: Axes, total: int) -> None:
    handles: dict[str, Line2D | Patch] = {say("arrived"): Line2D([], [], color=ARRIVED.colour, linewidth=1.5)}
    if total > 1:
        handles[band_name(total)] = Patch(facecolor=ARRIVED.colour, alpha=BAND)
    key(axes, handles | {say("ordered"): Line2D([], [], color=INK, linestyle=":", linewidth=1.0)}, 3)


def flows_title(run: Run) -> str:
    """Say how far imports fall, and what binds."""
    imports = [name for name in corridors_by_size(run) if not _inland(run, name)]
    if not imports:
        return say("No corridor imports; {bound}", bound=bound_words(run))
    daily = run.sums("flows", ["day", "replication"], ["arrived"], corridor=imports)["arrived"].unstack("replication")
    full = (int(daily.index.max()) + 1) // WEEK
    week = weekly(daily).median(axis=1).iloc[: max(1, full)]
    before = float(week.iloc[:BEFORE].mean())
    low = int(week.to_numpy().argmin())
    lowest = float(week.iloc[low])
    if lowest > 0.8 * before:
        mean = float(week.mean())
        return say_counted(
            "Imports hold near {mean} tanker a day; {bound}", "Imports hold near {mean} tankers a day; {bound}",
            as_shown(mean), mean=number(mean), bound=bound_words(run),
        )  # fmt: skip
    return say_counted(
        "Imports fall from {before} tanker a day to {lowest} in the week of {date}; {bound}",
        "Imports fall from {before} tankers a day to {lowest} in the week of {date}; {bound}",
        as_shown(before), before=number(before), lowest=number(lowest),
        date=long_date(on_day(run.scenario.start, WEEK * low)), bound=bound_words(run),
    )  # fmt: skip


def _reading(run: Run) -> str:
    total = len(run.measures)
    rest = len(corridors_by_size(run)) - most_shown()
    return sentences(
        say(
            "Solid: tankers arrived per day, weekly mean, median of {count} replications with {band} band.",
            count=number(total),
            band=band_name(total),
        )
        if total > 1
        else say("Solid: tankers arrived per day, weekly mean, one replication."),
        say("Dotted: tankers ordered."),
        say("Numbers: means over the whole run."),
        say("Panels of a row share a scale."),
        say("The title compares the mean of the first four weeks with the lowest full week."),
        say_counted(
            "Left out: {count} corridor that delivered least.", "Left out: {count} corridors that delivered least.",
            rest, count=number(rest),
        )
        if rest > 0
        else "",
    )  # fmt: skip
