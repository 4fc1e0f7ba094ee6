"""Fuel left in a town: stock and stations open over time, of a run or under each alternative."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from math import ceil

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray
from pandas import DataFrame

from sim.results.run import Run
from sim.results.stated import day_numbers
from sim.study.comparison import Comparison
from sim.view.bands import FEW, Band, Fan, band_name, fan, matrix
from sim.view.figures import figure
from sim.view.figures.marks import draw_key, draw_lines, draw_tags, heights, tags_of
from sim.view.figures.parts import fan_words, finished, stacked, zero
from sim.view.figures.sides import Side, basis, first_of, known_town, shortened, sides
from sim.view.run_findings import first_shortage, pump_products, shortage_words, town_rows
from sim.view.study_words import made_words
from sim.view.style import INK, LOSS, PANEL, SOFT, TINY, Chart, Look, canvas, dates, frame, legend, product
from sim.view.words import M3_PER_ML, counted, number, on_day, short_date

STOCK = Look("#2b2b2b")
SHARE = 105.0
"""Height of an axis of shares, %."""
HALF = 50.0
"""Per cent of stations open under which a day counts as one of closure."""
WIDEST = 4
"""Panels beside each other."""


@figure("stock-HUB", "Run")
def stock(run: Run, town: str | None = None) -> Chart:
    """Draw a town's stock and the share of its stations open, by product, over time.

    Stock of pump fuel in ML (depot and stations), then the share of stations that have each product; medians with 25 to
    75 % and 5 to 95 % bands over the replications.  Documented events and rules on sales are marked.

    Parameters
    ----------
    run
        A run with the tables ``towns`` and ``measures``.
    town
        A town of the scenario; the hub if absent.

    Raises
    ------
    ViewError
        If the run has no such town.
    """
    town = town or run.scenario.root.hub
    rows = town_rows(run, town, ["replication", "day", "product", "stock", "station_stock", "open_share"])
    products = [name for name in pump_products(run) if (rows["product"] == name).any()]
    rows = rows[rows["product"].isin(products)]
    start, root = run.scenario.start, run.scenario.root
    x = _days(rows, start)
    tags = tags_of(run.scenario, town, products, x[0], x[-1])
    above, below = heights(tags, x[0], x[-1])
    chart, grid = stacked([above, 1.9, *[1.35] * len(products), below], 0.75)
    top = chart.add_subplot(grid[1])
    opened = [chart.add_subplot(grid[2 + place], sharex=top) for place in range(len(products))]
    _stock_panel(top, rows, x)
    shortages = {name: first_shortage(run, town, name) for name in products}
    for axes, name in zip(opened, products, strict=True):
        _open_panel(axes, rows[rows["product"] == name], name, x)
        _mark_shortage(axes, shortages[name], x)
    if opened and town == root.hub and root.record:
        _mark_record(opened[0], run)
    for axes in (top, *opened):
        axes.set_xlim(x[0], x[-1])
        dates(axes, labels=axes is [top, *opened][-1])
        draw_lines(axes, tags)
        if axes.get_legend_handles_labels()[0]:
            legend(axes, loc="lower right", bbox_to_anchor=(1, 0.99), ncols=4, borderaxespad=0, columnspacing=1.0)
    draw_tags(chart.add_subplot(grid[0], sharex=top), tags)
    draw_key(chart.add_subplot(grid[-1]), tags)
    title = shortage_words(town, products[0], shortages[products[0]], start, run.scenario.end)
    return finished(chart, title, _detail(run, bool(tags)))


def _days(rows: DataFrame, start: datetime) -> NDArray[np.float64]:
    return np.sort(rows["day"].unique()).astype(float) + zero(start)


def _draw_fan(axes: Axes, spread: Fan, look: Look, label: str, *, bands: bool = False) -> None:
    """Draw a median and, of more than one replication, its 25 to 75 % and 5 to 95 % bands, in the legend if wished."""
    axes.plot(spread.x, spread.median, color=look.colour, linestyle=look.line, linewidth=1.5, label=label)
    if spread.total > 1:
        hidden = "" if bands else "_"
        bounds = [(spread.low, spread.high, 0.18, band_name(spread.total))]
        if spread.total >= FEW:
            bounds.append((spread.quarter, spread.three_quarters, 0.30, "25–75 %"))
        for low, high, alpha, words in bounds:
            axes.fill_between(
                spread.x, low, high, color=look.colour, alpha=alpha, linewidth=0, label=f"{hidden}{words}"
            )


def _stock_panel(axes: Axes, rows: DataFrame, x: NDArray[np.float64]) -> None:
    total = fan(matrix(rows.assign(total=(rows["stock"] + rows["station_stock"]) / M3_PER_ML), "total"), x)
    middle = ", median" if total.total > 1 else ""
    _draw_fan(axes, total, STOCK, f"depot and stations{middle}", bands=True)
    at_stations = fan(matrix(rows, "station_stock") / M3_PER_ML, x).median
    axes.plot(x, at_stations, color=STOCK.colour, linestyle=":", linewidth=1.2, label=f"of which in stations{middle}")
    axes.set_ylim(0, 1.08 * max(float(total.high.max()), 1e-9))
    frame(axes, "ML", "Stock of pump fuel, million litres")


def _open_panel(axes: Axes, rows: DataFrame, name: str, x: NDArray[np.float64]) -> None:
    _draw_fan(axes, fan(100 * matrix(rows, "open_share"), x), product(name), "_median")
    _half(axes)
    axes.set_ylim(0, SHARE)
    frame(axes, "% of stations", f"Stations open with {name}")


def _half(axes: Axes) -> None:
    """Mark where half the stations are open."""
    axes.axhline(HALF, color=SOFT, linewidth=0.6, linestyle=(0, (1, 2)))
    axes.set_yticks([0, 50, 100])


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
    start, left = run.scenario.start, zero(run.scenario.start)
    for entry in run.scenario.root.documented.values():
        if entry.measure != "first_shortage" or entry.date is None:
            continue
        day, low, high = day_numbers(entry.date, start)
        label = f"on record: {short_date(on_day(start, day))} [{entry.source}]"
        axes.plot(
            [left + day], [9], marker="D", color="white", markersize=4.5, linestyle="none", label=label, zorder=5,
            markeredgecolor=INK, markeredgewidth=1.0,
        )  # fmt: skip
        if low is not None and high is not None:
            axes.plot([left + low, left + high], [9, 9], color=INK, linewidth=0.9, zorder=4)


def _detail(run: Run, tagged: bool) -> str:
    count = len(run.measures)
    signs = "Numbers: documented events; letters: rules on sales. " if tagged else ""
    line = f"Line: median of {count} replications; {fan_words(count)}" if count > 1 else "One replication"
    return (
        f"{line}. First shortage: first day with sales under 80 % of what was wanted. {signs}"
        f"{made_words(run)} Scenario: {run.scenario.root.title}."
    )


@figure("stock-by-strategy", "Comparison")
def by_strategy(comparison: Comparison, town: str | None = None) -> Chart:
    """Draw a town's stock and stations open under each alternative, all on the same axes.

    For each alternative the stock of pump fuel in ML, and the share of stations that have the lead product (hub) or any
    (other towns): medians with 25 to 75 % and 5 to 95 % bands, and in each panel the baseline's median.

    Parameters
    ----------
    comparison
        A comparison.
    town
        A town of the scenario; the hub if absent.

    Raises
    ------
    ViewError
        If the comparison has no such town.
    """
    root = comparison.alternatives[0].scenario.root
    town = town or root.hub
    known_town(comparison, town)
    alternatives = sides(comparison)
    table = comparison.part("days", ["alternative", "replication", "day", "stock"], town=town)
    x = _days(table, comparison.alternatives[0].scenario.start)
    stocks = {name: fan(days, x) for name, days in _by_day(table.assign(stock=table["stock"] / M3_PER_ML), "stock")}
    open_by_day = dict(_by_day(_open(comparison, town), "open"))
    opened = {name: fan(days, x) for name, days in open_by_day.items()}
    closed = {name: float((days < HALF).sum().mean()) for name, days in open_by_day.items()}
    count = len(alternatives)
    across = min(count, WIDEST if count in (4, 7, 8) or count > 9 else 3)
    lines = ceil(count / across)
    chart = canvas(0.85 + lines * (2.1 if lines < 3 else 1.85))
    grid = chart.add_gridspec(2 * lines, across, height_ratios=[1.25, 1] * lines)
    top = 1.06 * max(float(spread.high.max()) for spread in stocks.values())
    for place, side in enumerate(alternatives):
        row, column = divmod(place, across)
        last = place + across >= count
        for below, fans, high in ((0, stocks, top), (1, opened, SHARE)):
            axes = chart.add_subplot(grid[2 * row + below, column])
            _panel(axes, fans, side, comparison.baseline, x, high)
            frame(axes, "" if column else ("stock, ML", "% open")[below])
            axes.tick_params(labelleft=not column, labelsize=TINY)
            dates(axes, labels=bool(below) and last)
            axes.tick_params(axis="x", labelsize=TINY)
            if below:
                _half(axes)
                days = f"{counted(number(closed[side.name]), 'day')} under 50 %"
                axes.text(0.02, 0.06, days, transform=axes.transAxes, fontsize=TINY, color=INK)
            else:
                named = shortened(side.name, 24 if across == WIDEST else 34)
                note = ", ".join(("baseline",) * side.baseline + (side.below,) * side.exploratory)
                axes.text(0.02, 0.05, note, transform=axes.transAxes, fontsize=TINY, color=INK)
                axes.set_title(named, loc="left", fontsize=PANEL, color=INK, pad=2, fontweight="bold")
    return finished(chart, _sides_title(town, alternatives, closed, stocks), _sides_detail(comparison, town))


def _open(comparison: Comparison, town: str) -> DataFrame:
    """Share of stations open, %: in the hub those with the lead product, as the measures count them."""
    root = comparison.alternatives[0].scenario.root
    if town == root.hub:
        rows = comparison.part("hub", ["alternative", "replication", "day", "open"], product=root.lead)
    else:
        rows = comparison.part("days", ["alternative", "replication", "day", "open"], town=town)
    return rows.assign(open=100 * rows["open"])


def _by_day(table: DataFrame, column: str) -> Iterator[tuple[str, DataFrame]]:
    """Yield each alternative and a column of it, by day and replication."""
    return ((str(name), matrix(rows, column)) for name, rows in table.groupby("alternative"))


def _panel(axes: Axes, fans: Mapping[str, Fan], side: Side, baseline: str, x: NDArray[np.float64], high: float) -> None:
    _draw_fan(axes, fans[side.name], side.look, f"_{side.name}")
    if not side.baseline:
        axes.plot(x, fans[baseline].median, color=INK, linewidth=0.7, label=f"_{baseline}")
    axes.set_ylim(0, max(high, 1e-9))
    axes.set_xlim(x[0], x[-1])


def _sides_title(
    town: str, alternatives: Sequence[Side], closed: Mapping[str, float], stocks: Mapping[str, Fan]
) -> str:
    few, many = min(closed.values()), max(closed.values())
    if many - few >= 0.5:
        best, worst = (
            [side.said for side in alternatives if abs(closed[side.name] - end) < 0.05] for end in (few, many)
        )
        return (
            f"{town}: under half the stations are open on {counted(number(few), 'day')} with {first_of(best)} and on "
            f"{number(many)} with {first_of(worst)} (means)"
        )
    ends = {side.said: float(stocks[side.name].median[-1]) for side in alternatives}
    high, low = (pick(ends, key=ends.__getitem__) for pick in (max, min))
    days = counted(number(many), "day")
    same = "half the stations stay open" if days == "0 days" else f"under half the stations are open on {days}"
    return (
        f"{town}: {same} in all; stock on the last day is {number(ends[high])} ML with {high} and "
        f"{number(ends[low])} ML with {low}"
    )


def _sides_detail(comparison: Comparison, town: str) -> str:
    root = comparison.alternatives[0].scenario.root
    base = next(side.said for side in sides(comparison) if side.baseline)
    count = len(comparison.of[comparison.baseline])
    lines = f"Line: median; {fan_words(count)}; " if count > 1 else ""
    product = root.lead if town == root.hub else "any product"
    return basis(
        comparison,
        f"Upper panels: pump fuel in {town}'s depot and stations; lower: share of its stations with {product}. "
        f"{lines}thin black line: {'median of ' if count > 1 else ''}{base}.",
    )
