"""Tankers that wait, by cause, and what bound in each week."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from sim.results.run import Run
from sim.view.bands import WEEK, weekly
from sim.view.figures import figure
from sim.view.figures.flows import LONGEST, corridors_by_size, week_middles
from sim.view.figures.sides import shortened
from sim.view.run_findings import binding_shares, bound_words
from sim.view.study_words import made_words
from sim.view.style import INK, PANEL, SMALL, Chart, canvas, cause, dates, frame, headline, settle
from sim.view.words import CAUSE_WORDS, CAUSES, counted, number, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from pandas import DataFrame


COLUMNS = 3
SHOWN = 6
"""Corridors that get a panel of their own, those with most waiting first."""
BOUND = ("tankers", "crews", *CAUSES, "none")
HATCH_WIDTH = 0.5


@figure("waiting", "Run")
def waiting(run: Run) -> Chart:
    """Draw tankers waiting by cause, what bound by week, and waiting on the corridors with most of it.

    Parameters
    ----------
    run
        A run with the tables ``flows`` and ``binding``.

    Returns
    -------
    Chart
        Stacked areas are means over replications of weekly means of tankers waiting.  Tankers without an order are a
        reserve and not stacked.  The strip shows the share of replications bound by each cause.
    """
    start = run.scenario.start
    table = daily_means(run)
    sums = table[[*CAUSES]].groupby("corridor", observed=True).sum().sum(axis=1)
    names = [name for name in corridors_by_size(run) if sums[name] > 0]
    names = sorted(names, key=lambda name: -sums[name])[:SHOWN]
    rows = ceil(len(names) / COLUMNS)
    heights = [1.9, 0.85, *[1.15] * rows, 0.3]
    chart = canvas(0.75 + sum(heights))
    grid = chart.add_gridspec(len(heights), COLUMNS, height_ratios=heights)
    top = chart.add_subplot(grid[0, :])
    _stack(top, everywhere(table), start)
    frame(top, "tankers waiting", "All corridors, tankers with an order waiting, by cause")
    strip = chart.add_subplot(grid[1, :], sharex=top)
    days = int(table.index.get_level_values("day").max()) + 1
    _bound(strip, run, days)
    _scales(top, days, start)
    dates(top, labels=False)
    dates(strip)
    for row in range(rows):
        first: Axes | None = None
        for column, name in enumerate(names[COLUMNS * row : COLUMNS * (row + 1)]):
            axes = chart.add_subplot(grid[2 + row, column], sharey=first)
            first = first or axes
            _stack(axes, table[table.index.get_level_values("corridor") == name].droplevel("corridor"), start)
            frame(axes, "" if column else "tankers")
            axes.set_title(shortened(name, LONGEST), loc="left", fontsize=PANEL, color=INK, pad=3)
            _scales(axes, days, start)
            dates(axes)
            axes.tick_params(labelleft=not column)
    cause_key(chart.add_subplot(grid[-1, :]), BOUND, 5)
    headline(chart, _title(run, table), _detail(run, table))
    settle(chart)
    return chart


def daily_means(run: Run) -> DataFrame:
    """Tankers waiting by cause (columns) and orders that found none free, index corridor and day, means over runs."""
    names = {f"waiting_{name}": name for name in ("order", *CAUSES)} | {"short": "short"}
    return run.sums("flows", ["corridor", "day"], names).rename(columns=names) / len(run.measures)


def everywhere(daily: DataFrame) -> DataFrame:
    """Return the sum of all corridors, index day."""
    return daily.groupby("day").sum()


def _stack(axes: Axes, daily: DataFrame, start: datetime) -> None:
    held = weekly(daily[[*CAUSES]])
    x = week_middles(held.index.to_numpy(dtype=float), int(daily.index.max()) + 1, start)
    layers = axes.stackplot(x, held.to_numpy().T, colors=[cause(name).colour for name in CAUSES], linewidth=0.4)
    for layer, name in zip(layers, CAUSES, strict=True):
        layer.set_label(CAUSE_WORDS[name])
        layer.set_hatch(cause(name).hatch)
        layer.set_hatch_linewidth(HATCH_WIDTH)
        layer.set_edgecolor(INK)
    axes.set_ylim(bottom=0)


def _scales(axes: Axes, days: int, start: datetime) -> None:
    from matplotlib.dates import date2num

    zero = float(date2num(start))
    axes.set_xlim(zero, zero + days)


def _bound(axes: Axes, run: Run, days: int) -> None:
    from matplotlib.dates import date2num

    shares = binding_shares(run)
    opens = [float(date2num(run.scenario.start + timedelta(days=WEEK * int(week)))) for week in shares.index]
    end = float(date2num(run.scenario.start)) + days
    widths = [min(WEEK, end - one) for one in opens]
    base = np.zeros(len(shares))
    for name in BOUND:
        if name not in shares:
            continue
        height = 100 * shares[name].to_numpy()
        look = cause(name)
        bars = axes.bar(
            opens, height, widths, base, align="edge", color=look.colour, hatch=look.hatch, edgecolor=INK,
            linewidth=0.4, label=CAUSE_WORDS[name],
        )  # fmt: skip
        for bar in bars:
            bar.set_hatch_linewidth(HATCH_WIDTH)
        base += height
    axes.set_ylim(0, 100)
    axes.set_yticks([0, 50, 100])
    frame(axes, "% of runs", "What bound in each week (seven days from the start), share of replications")


def cause_key(axes: Axes, names: Iterable[str], across: int) -> None:
    """Fill axes with the key of some causes, so many beside each other."""
    from matplotlib.patches import Patch

    axes.set_axis_off()
    handles = []
    for name in names:
        look = cause(name)
        patch = Patch(facecolor=look.colour, edgecolor=INK, hatch=look.hatch, linewidth=0.4, label=CAUSE_WORDS[name])
        patch.set_hatch_linewidth(HATCH_WIDTH)
        handles.append(patch)
    axes.legend(
        handles=handles, loc="center", ncols=across, fontsize=SMALL, frameon=False, handlelength=2.6, handleheight=1.1,
        columnspacing=1.5, labelspacing=0.4, borderpad=0,
    )  # fmt: skip


def _title(run: Run, daily: DataFrame) -> str:
    sums = weekly(everywhere(daily)[[*CAUSES]]).sum()
    if float(sums.sum()) <= 0:
        return "No tanker with an order waits"
    most = str(sums.idxmax())
    share = float(sums[most] / sums.sum())
    makes = f"{CAUSE_WORDS[most].capitalize()} makes {percent(share)} of the waiting"
    bound = bound_words(run)
    if CAUSE_WORDS[most] not in bound:
        return f"{makes}; {bound}"
    alone = re.fullmatch(rf"{CAUSE_WORDS[most]} (\(.+\)) binds most", bound)
    return f"{makes} and binds most {alone[1]}" if alone else bound[0].upper() + bound[1:]


def _detail(run: Run, daily: DataFrame) -> str:
    count = len(run.measures)
    idle = float(everywhere(daily)["order"].mean())
    imports = [name for name, corridor in run.scenario.root.corridors.items() if corridor.kind == "import"]
    short = float(daily.loc[daily.index.isin(imports, level="corridor"), "short"].sum())
    return (
        f"Areas: weekly means over {counted(str(count), 'replication')}; panels of a row share a scale. "
        f"Not shown: {number(idle)} tankers a day on average without an order (a reserve). "
        f"On import corridors {counted(number(short), 'load was', 'loads were')} ordered when no tanker or crew was "
        f"free. {made_words(run)}"
    )
