"""Fuel left in a town: stock and stations open over time, of a run or under each alternative."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil

import numpy as np
from matplotlib.axes import Axes
from matplotlib.text import Text
from numpy.typing import NDArray
from pandas import DataFrame

from sim.language import say, say_counted
from sim.results.run import Run
from sim.results.stated import day_numbers
from sim.study.comparison import Comparison
from sim.view.bands import FEW, Band, Fan, band_name, fan, matrix, threads
from sim.view.figures import figure
from sim.view.figures.dry import HALF, by_day, days_of, dry_shares, half_line, open_by_day
from sim.view.figures.marks import draw_key, draw_lines, draw_tags, heights, tags_of
from sim.view.figures.parts import as_shown, fan_words, finished, headed, sentences, stacked, thread_words, zero
from sim.view.figures.sides import Side, basis, first_of, known_town, shortened, sides
from sim.view.run_findings import first_shortage, pump_products, shortage_words, town_rows
from sim.view.study_words import made_words
from sim.view.style import INK, LOSS, PANEL, TINY, Chart, Look, canvas, dates, frame, legend, on_slides, product
from sim.view.words import M3_PER_ML, number, on_day, short_date

STOCK = Look("#2b2b2b")
THREAD = "#4d4d4d"
SHARE = 105.0
"""Height of an axis of shares, %."""
WIDEST = 4
"""Panels beside each other."""
ACROSS = 5
"""Panels beside each other on a slide, which has room for one line of them."""


@figure("stock-HUB", "Run")
def stock(run: Run, town: str | None = None) -> Chart:
    """Draw a town's stock, the share of its stations open, by product, and of runs in which few are, over time.

    Stock of pump fuel in ML (depot and stations), then the share of stations that have each product: medians with
    bands over the replications, and a few of the replications drawn through, since stations are mostly either open or
    shut and no single run stays where the median is; then in how many of the replications under half have it.
    Documented events and rules on sales are marked.  A slide shows the lead product alone.

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
    slides = on_slides()
    town = town or run.scenario.root.hub
    rows = town_rows(run, town, ["replication", "day", "product", "stock", "station_stock", "open_share"])
    products = [name for name in pump_products(run) if (rows["product"] == name).any()]
    rows = rows[rows["product"].isin(products)]
    start, root, count = run.scenario.start, run.scenario.root, len(run.measures)
    x = days_of(rows, start)
    shown = products[: 1 if slides else None]
    tags = [] if slides else tags_of(run.scenario, town, products, x[0], x[-1])
    above, below = heights(tags, x[0], x[-1])
    dry = count > 1
    tall, opens, low = (1.0, 0.9, 0.6) if slides else (1.7, 1.25, 0.85)
    chart, grid = stacked([above, tall, *[opens] * len(shown), *[low] * dry, below], 0.86 if slides else 0.9)
    top = chart.add_subplot(grid[1])
    opened = [chart.add_subplot(grid[2 + place], sharex=top) for place in range(len(shown))]
    _stock_panel(top, rows, x)
    shortages = {name: first_shortage(run, town, name) for name in products}
    shares = {name: 100 * matrix(rows[rows["product"] == name], "open_share") for name in products}
    for axes, name in zip(opened, shown, strict=True):
        _open_panel(axes, shares[name], name, x)
        _mark_shortage(axes, shortages[name], x)
    if opened and town == root.hub and root.record:
        _mark_record(opened[0], run)
    panels = [top, *opened]
    if dry:
        panels.append(chart.add_subplot(grid[2 + len(shown)], sharex=top))
        _dry_panel(panels[-1], shares, x)
    for axes in panels:
        axes.set_xlim(x[0], x[-1])
        dates(axes, labels=axes is panels[-1])
        draw_lines(axes, tags)
        if axes.get_legend_handles_labels()[0]:
            legend(axes, loc="lower right", bbox_to_anchor=(1, 0.99), ncols=4, borderaxespad=0, columnspacing=1.0)
    draw_tags(chart.add_subplot(grid[0], sharex=top), tags)
    draw_key(chart.add_subplot(grid[-1]), tags)
    title = shortage_words(town, products[0], shortages[products[0]], start, run.scenario.end)
    finished(chart, title, _reading(count, bool(tags)), _made(run, count))
    for axes in panels:
        _fold(axes)
    return chart


def _fold(axes: Axes) -> None:
    """Bring the key of a panel into it, in one column, where it would lie on the panel's title."""
    key = axes.get_legend()
    title = max(text.get_window_extent().x1 for text in axes.findobj(Text) if text.get_text() == axes.get_title("left"))
    if key is not None and key.get_window_extent().x0 < title:
        legend(axes, loc="best")


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


def _draw_open(axes: Axes, shares: DataFrame, look: Look, label: str, x: NDArray[np.float64]) -> None:
    """Draw the median share of stations open, its widest band, and a few replications through it."""
    spread = fan(shares, x)
    if spread.total > 1:
        axes.fill_between(x, spread.low, spread.high, color=look.colour, alpha=0.16, linewidth=0)
    axes.plot(x, spread.median, color=look.colour, linestyle=look.line, linewidth=1.8, label=label, zorder=2.5)
    if spread.total > 1:
        some = threads(shares, HALF)
        for place, name in enumerate(some):
            axes.plot(x, some[name], color=THREAD, linewidth=0.45, label=f"_thread {place}", zorder=2.2)
    half_line(axes)
    axes.set_ylim(0, SHARE)


def _stock_panel(axes: Axes, rows: DataFrame, x: NDArray[np.float64]) -> None:
    total = fan(matrix(rows.assign(total=(rows["stock"] + rows["station_stock"]) / M3_PER_ML), "total"), x)
    several = total.total > 1
    whole = say("depot and stations, median") if several else say("depot and stations")
    part = say("of which in stations, median") if several else say("of which in stations")
    _draw_fan(axes, total, STOCK, whole, bands=not on_slides())
    at_stations = fan(matrix(rows, "station_stock") / M3_PER_ML, x).median
    axes.plot(x, at_stations, color=STOCK.colour, linestyle=":", linewidth=1.2, label=part)
    axes.set_ylim(0, 1.08 * max(float(total.high.max()), 1e-9))
    frame(axes, "ML", say("Stock of pump fuel, million litres"))


def _open_panel(axes: Axes, shares: DataFrame, name: str, x: NDArray[np.float64]) -> None:
    _draw_open(axes, shares, product(name), "_median", x)
    frame(axes, say("% of stations"), say("Stations open with {product}", product=say(name)))


def _dry_panel(axes: Axes, shares: Mapping[str, DataFrame], x: NDArray[np.float64]) -> None:
    """Draw in how many of the replications under half of the stations have each product."""
    for name, table in shares.items():
        look = product(name)
        axes.plot(x, dry_shares(table), color=look.colour, linestyle=look.line, linewidth=1.3, label=say(name))
    half_line(axes)
    axes.set_ylim(0, SHARE)
    frame(axes, say("% of runs"), say("Runs in which under half of the stations have it"))


def _mark_shortage(axes: Axes, short: Band, x: NDArray[np.float64]) -> None:
    """Mark the days by which half, and 5 to 95 %, of all runs are short; an arrow goes beyond the last day."""
    if not short.came:
        return
    low, median, high = x[0] + short.low, x[0] + short.median, x[0] + short.high
    label = (
        say(
            "model: half of runs short by ({came} of {total} in all)",
            came=number(short.came),
            total=number(short.total),
        )
        if short.wide
        else say("model: first shortage")
    )
    if median <= x[-1]:
        axes.plot(
            [median], [24], marker="v", color=LOSS, markersize=6, linestyle="none", label=label, zorder=5,
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
        label = say("on record: {date} [{source}]", date=short_date(on_day(start, day)), source=entry.source)
        axes.plot(
            [left + day], [9], marker="D", color="white", markersize=4.5, linestyle="none", label=label, zorder=5,
            markeredgecolor=INK, markeredgewidth=1.0,
        )  # fmt: skip
        if low is not None and high is not None:
            axes.plot([left + low, left + high], [9, 9], color=INK, linewidth=0.9, zorder=4)


def _reading(count: int, tagged: bool) -> str:
    return sentences(
        fan_words(count) if count > 1 else say("One replication."),
        thread_words(count) if count > 1 else "",
        say("First shortage: first day with sales under 80 % of what was wanted."),
        say("Numbers: documented events; letters: rules on sales.") if tagged else "",
    )


def _lines(count: int) -> str:
    """Say on a slide, which has no more words, what lines and bands are."""
    return sentences(fan_words(count), thread_words(count)) if on_slides() and count > 1 else ""


def _made(run: Run, count: int) -> str:
    return sentences(_lines(count), made_words(run), say("Scenario: {title}.", title=say(run.scenario.root.title)))


@figure("stock-by-strategy", "Comparison")
def by_strategy(comparison: Comparison, town: str | None = None) -> Chart:
    """Draw a town's stock and stations open under each alternative, all on the same axes.

    For each alternative the stock of pump fuel in ML, and the share of stations that have the lead product (hub) or any
    (other towns): medians with bands, through that of the stations a few of the replications, and in each panel the
    baseline's median.

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
    x = days_of(table, comparison.alternatives[0].scenario.start)
    stocks = {name: fan(days, x) for name, days in by_day(table.assign(stock=table["stock"] / M3_PER_ML), "stock")}
    opened = open_by_day(comparison, town)
    closed = {name: float((days < HALF).sum().mean()) for name, days in opened.items()}
    count = len(alternatives)
    across = min(count, WIDEST if count in (4, 7, 8) or count > 9 else 3)
    if on_slides():
        across = min(count, ACROSS)
    lines = ceil(count / across)
    chart = canvas(0.85 + lines * (2.15 if lines < 3 else 1.9))
    grid = chart.add_gridspec(2 * lines, across, height_ratios=[1.25, 1] * lines)
    top = 1.06 * max(float(spread.high.max()) for spread in stocks.values())
    base = opened[comparison.baseline].median(axis=1).to_numpy()
    for place, side in enumerate(alternatives):
        row, column = divmod(place, across)
        last = place + across >= count
        upper, lower = (chart.add_subplot(grid[2 * row + below, column]) for below in (0, 1))
        _draw_fan(upper, stocks[side.name], side.look, f"_{side.name}")
        _draw_open(lower, opened[side.name], side.look, f"_{side.name}", x)
        upper.set_ylim(0, max(top, 1e-9))
        medians = stocks[comparison.baseline].median, base
        for axes, median, label in zip((upper, lower), medians, (say("stock, ML"), say("% open")), strict=True):
            if not side.baseline:
                axes.plot(x, median, color=INK, linewidth=1.0, linestyle=(0, (1, 1)), label=f"_{comparison.baseline}")
            axes.set_xlim(x[0], x[-1])
            frame(axes, "" if column else label)
            axes.tick_params(labelleft=not column, labelsize=TINY)
            dates(axes, labels=axes is lower and last)
            axes.tick_params(axis="x", labelsize=TINY)
        named = shortened(side.name, 24 if across >= WIDEST else 34)
        note = ", ".join((say("baseline"),) * side.baseline + (side.below,) * side.exploratory)
        upper.text(0.02, 0.05, note, transform=upper.transAxes, fontsize=TINY, color=INK)
        upper.set_title(named, loc="left", fontsize=PANEL, color=INK, pad=2, fontweight="bold")
        days = closed[side.name]
        words = say_counted("{count} day under 50 %", "{count} days under 50 %", as_shown(days), count=number(days))
        lower.set_title(words, loc="left", fontsize=TINY, color=INK, pad=1.5)
    title = headed(comparison.count, _sides_title(town, alternatives, closed, stocks))
    made = sentences(_lines(comparison.count), basis(comparison))
    return finished(chart, title, _sides_reading(comparison, town), made)


def _sides_title(
    town: str, alternatives: Sequence[Side], closed: Mapping[str, float], stocks: Mapping[str, Fan]
) -> str:
    few, many = min(closed.values()), max(closed.values())
    if many - few >= 0.5:
        best, worst = (
            [side.said for side in alternatives if abs(closed[side.name] - end) < 0.05] for end in (few, many)
        )
        return say_counted(
            "{town}: under half the stations are open on {few} day with {first} and on {many} with {last} (means)",
            "{town}: under half the stations are open on {few} days with {first} and on {many} with {last} (means)",
            as_shown(few), town=town, few=number(few), first=first_of(best), many=number(many), last=first_of(worst),
        )  # fmt: skip
    ends = {side.said: float(stocks[side.name].median[-1]) for side in alternatives}
    high, low = (pick(ends, key=ends.__getitem__) for pick in (max, min))
    stocked = {"most": number(ends[high]), "first": high, "least": number(ends[low]), "last": low}
    if number(many) == "0":
        return say(
            "{town}: half the stations stay open in all; stock on the last day is {most} ML with {first} and {least} "
            "ML "
            "with {last}",
            town=town, **stocked,
        )  # fmt: skip
    return say_counted(
        "{town}: under half the stations are open on {count} day in all; stock on the last day is {most} ML with "
        "{first} "
        "and {least} ML with {last}",
        "{town}: under half the stations are open on {count} days in all; stock on the last day is {most} ML with "
        "{first} and {least} ML with {last}",
        as_shown(many), town=town, count=number(many), **stocked,
    )  # fmt: skip


def _sides_reading(comparison: Comparison, town: str) -> str:
    root, count = comparison.alternatives[0].scenario.root, comparison.count
    base = next(side.said for side in sides(comparison) if side.baseline)
    what = (
        say(
            "Upper panels: pump fuel in {town}'s depot and stations; lower: share of its stations with {product}.",
            town=town,
            product=say(root.lead),
        )
        if town == root.hub
        else say(
            "Upper panels: pump fuel in {town}'s depot and stations; lower: share of its stations with any product.",
            town=town,
        )
    )
    if count < 2:
        return sentences(what, say("Dotted black line: {name}.", name=base))
    return sentences(
        what, fan_words(count), thread_words(count), say("Dotted black line: median of {name}.", name=base)
    )
