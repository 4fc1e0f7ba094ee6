"""Fuel left in a town: stock and stations open over time, with the documented events marked."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.results.run import Run
from sim.results.stated import day_numbers
from sim.view.bands import FEW, Band, Fan, band_name, fan, matrix
from sim.view.figures import figure
from sim.view.figures.marks import (
    LINE_INCHES,
    TAG_INCHES,
    draw_key,
    draw_lines,
    draw_tags,
    key_lines,
    rules_of,
    tag_rows,
    tags_of,
)
from sim.view.run_findings import first_shortage, pump_products, shortage_words, town_rows
from sim.view.study_words import made_words
from sim.view.style import INK, LOSS, SOFT, Chart, Look, canvas, dates, frame, headline, legend, product, settle
from sim.view.words import M3_PER_ML, on_day, short_date

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from pandas import DataFrame


STOCK = Look("#2b2b2b")


@figure("stock-HUB", "Run")
def stock(run: Run, town: str | None = None) -> Chart:
    """Draw a town's stock and the share of its stations open, by product, over time.

    Parameters
    ----------
    run
        A run with the tables ``towns`` and ``measures``.
    town
        A town of the scenario; the hub if absent.

    Returns
    -------
    Chart
        A matplotlib figure: stock of pump fuel in ML (depot and stations), then the share of stations that have
        each product; medians with 25 to 75 % and 5 to 95 % bands over the replications.

    Raises
    ------
    ViewError
        If the run has no such town.
    """
    town = town or run.scenario.root.hub
    rows = town_rows(run, town, ["replication", "day", "product", "stock", "station_stock", "open_share"])
    products = [name for name in pump_products(run) if (rows["product"] == name).any()]
    rows = rows[rows["product"].isin(products)]
    start = run.scenario.start
    x = _days(rows, start)
    root = run.scenario.root
    tags = tags_of(root.marks, rules_of(root.rationing, town, products), start, x[0], x[-1])
    above, below = TAG_INCHES * tag_rows(tags, x[0], x[-1]) + 0.02, LINE_INCHES * key_lines(tags) + 0.02
    heights = [above, 1.9, *[1.35] * len(products), below]
    chart = canvas(0.75 + sum(heights))
    grid = chart.add_gridspec(len(heights), 1, height_ratios=heights)
    panels: list[Axes] = []
    for place in range(1, len(heights) - 1):
        panels.append(chart.add_subplot(grid[place], sharex=panels[0] if panels else None))
    _stock_panel(panels[0], rows, x)
    shortages = {name: first_shortage(run, town, name) for name in products}
    for axes, name in zip(panels[1:], products, strict=True):
        _open_panel(axes, rows[rows["product"] == name], name, x)
        _mark_shortage(axes, shortages[name], x)
    if len(panels) > 1 and town == root.hub and root.record:
        _mark_record(panels[1], run)
    for axes in panels:
        axes.set_xlim(x[0], x[-1])
        dates(axes, labels=axes is panels[-1])
        draw_lines(axes, tags)
        if axes.get_legend_handles_labels()[0]:
            legend(axes, loc="lower right", bbox_to_anchor=(1, 0.99), ncols=4, borderaxespad=0, columnspacing=1.0)
    draw_tags(chart.add_subplot(grid[0], sharex=panels[0]), tags)
    draw_key(chart.add_subplot(grid[-1]), tags)
    title = shortage_words(town, products[0], shortages[products[0]], start, run.scenario.end)
    headline(chart, title, _detail(run, bool(tags)))
    settle(chart)
    return chart


def _days(rows: DataFrame, start: datetime) -> NDArray[np.float64]:
    from matplotlib.dates import date2num

    return np.sort(rows["day"].unique()).astype(float) + float(date2num(start))


def draw_fan(axes: Axes, held: Fan, look: Look, label: str, *, bands: bool = False) -> None:
    """Draw a median and, of more than one replication, its 25 to 75 % and 5 to 95 % bands, in the legend if wished."""
    axes.plot(held.x, held.median, color=look.colour, linestyle=look.line, linewidth=1.5, label=label)
    if held.total > 1:
        hidden = "" if bands else "_"
        bounds = [(held.low, held.high, 0.18, band_name(held.total))]
        if held.total >= FEW:
            bounds.append((held.quarter, held.three_quarters, 0.30, "25–75 %"))
        for low, high, alpha, words in bounds:
            axes.fill_between(held.x, low, high, color=look.colour, alpha=alpha, linewidth=0, label=f"{hidden}{words}")


def _stock_panel(axes: Axes, rows: DataFrame, x: NDArray[np.float64]) -> None:
    total = rows.assign(held=(rows["stock"] + rows["station_stock"]) / M3_PER_ML)
    held = fan(matrix(total, "held"), x)
    middle = ", median" if held.total > 1 else ""
    draw_fan(axes, held, STOCK, f"depot and stations{middle}", bands=True)
    at_stations = fan(matrix(rows, "station_stock") / M3_PER_ML, x).median
    axes.plot(x, at_stations, color=STOCK.colour, linestyle=":", linewidth=1.2, label=f"of which in stations{middle}")
    axes.set_ylim(0, 1.08 * max(float(held.high.max()), 1e-9))
    frame(axes, "ML", "Stock of pump fuel, million litres")


def _open_panel(axes: Axes, rows: DataFrame, name: str, x: NDArray[np.float64]) -> None:
    draw_fan(axes, fan(100 * matrix(rows, "open_share"), x), product(name), "_median")
    axes.axhline(50, color=SOFT, linewidth=0.6, linestyle=(0, (1, 2)))
    axes.set_ylim(0, 105)
    axes.set_yticks([0, 50, 100])
    frame(axes, "% of stations", f"Stations open with {name}")


def _mark_shortage(axes: Axes, short: Band, x: NDArray[np.float64]) -> None:
    """Mark the days by which half, and 5 to 95 %, of all runs are short; an arrow goes beyond the last day."""
    if not short.came:
        return
    low, median, high = x[0] + short.low, x[0] + short.median, x[0] + short.high
    label = f"half of runs short by ({short.came} of {short.total} in all)" if short.wide else "first shortage"
    if median <= x[-1]:
        axes.plot(
            [median], [24], marker="v", color=LOSS, markersize=6, linestyle="none", label=f"model: {label}", zorder=5,
            markeredgecolor=INK, markeredgewidth=0.5,
        )  # fmt: skip
    if short.wide and low <= x[-1]:
        axes.plot([low, min(high, x[-1])], [24, 24], color=INK, linewidth=1.2, zorder=4)
        axes.plot([low], [24], color=INK, marker="|", zorder=4)
        axes.plot([min(high, x[-1])], [24], color=INK, marker="|" if high <= x[-1] else ">", zorder=4, clip_on=False)


def _mark_record(axes: Axes, run: Run) -> None:
    from matplotlib.dates import date2num

    zero = float(date2num(run.scenario.start))
    for entry in run.scenario.root.documented.values():
        if entry.measure != "first_shortage" or entry.date is None:
            continue
        day, low, high = day_numbers(entry.date, run.scenario.start)
        label = f"on record: {short_date(on_day(run.scenario.start, day))} [{entry.source}]"
        axes.plot(
            [zero + day], [9], marker="D", color="white", markersize=4.5, linestyle="none", label=label, zorder=5,
            markeredgecolor=INK, markeredgewidth=1.0,
        )  # fmt: skip
        if low is not None and high is not None:
            axes.plot([zero + low, zero + high], [9, 9], color=INK, linewidth=0.9, zorder=4)


def _detail(run: Run, tagged: bool) -> str:
    count = len(run.measures)
    bands = "dark band: 25–75 %; light band: 5–95 %" if count >= FEW else "band: lowest–highest"
    signs = "Numbers: documented events; letters: rules on sales. " if tagged else ""
    return (
        f"{f'Line: median of {count} replications; {bands}' if count > 1 else 'One replication'}. First shortage: "
        f"first day with sales under 80 % of what was wanted. {signs}"
        f"{made_words(run)} Scenario: {run.scenario.root.title}."
    )
