"""Stock and stations open over time, a pair of small panels for each alternative."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil

import numpy as np
from matplotlib.axes import Axes
from matplotlib.dates import date2num
from numpy.typing import NDArray
from pandas import DataFrame

from sim.study.comparison import Comparison
from sim.view.bands import FEW, Fan, fan, matrix
from sim.view.figures import figure
from sim.view.figures.sides import Side, basis, first_of, known_town, shortened, sides
from sim.view.figures.stock import draw_fan
from sim.view.style import INK, PANEL, SOFT, TINY, Chart, canvas, dates, frame, headline, settle
from sim.view.words import M3_PER_ML, counted, number

WIDEST = 4
"""Panels beside each other."""
HALF = 50.0
"""Per cent of stations open under which a day counts as one of closure."""


@figure("stock-by-strategy", "Comparison")
def by_strategy(comparison: Comparison, town: str | None = None) -> Chart:
    """Draw a town's stock and stations open under each alternative, all on the same axes.

    Parameters
    ----------
    comparison
        A comparison.
    town
        A town of the scenario; the hub if absent.

    Returns
    -------
    Chart
        For each alternative the stock of pump fuel in ML, and the share of stations that have the lead product (hub)
        or any (other towns): medians with 25 to 75 % and 5 to 95 % bands, and in each panel the baseline's median.

    Raises
    ------
    ViewError
        If the comparison has no such town.
    """
    root = comparison.alternatives[0].scenario.root
    town = town or root.hub
    known_town(comparison, town)
    held = sides(comparison)
    start = float(date2num(comparison.alternatives[0].scenario.start))
    table = comparison.part("days", ["alternative", "replication", "day", "stock"], town=town)
    x = np.sort(table["day"].unique()).astype(float) + start
    stocks = _fans(table.assign(stock=table["stock"] / M3_PER_ML), "stock", held, x)
    share = _open(comparison, town)
    opened = _fans(share, "open", held, x)
    closed = {
        str(name): float((matrix(rows, "open") < HALF).sum().mean()) for name, rows in share.groupby("alternative")
    }
    across = min(len(held), WIDEST if len(held) in (4, 7, 8) or len(held) > 9 else 3)
    lines = ceil(len(held) / across)
    chart = canvas(0.85 + lines * (2.1 if lines < 3 else 1.85))
    grid = chart.add_gridspec(2 * lines, across, height_ratios=[1.25, 1] * lines)
    top = 1.06 * max(float(one.high.max()) for one in stocks.values())
    for place, side in enumerate(held):
        row, column = divmod(place, across)
        last = place + across >= len(held)
        for below, fans, high in ((0, stocks, top), (1, opened, 105.0)):
            axes = chart.add_subplot(grid[2 * row + below, column])
            _panel(axes, fans, side, comparison.baseline, x, high)
            frame(axes, "" if column else ("stock, ML", "% open")[below])
            axes.tick_params(labelleft=not column, labelsize=TINY)
            dates(axes, labels=bool(below) and last)
            axes.tick_params(axis="x", labelsize=TINY)
            if below:
                axes.axhline(HALF, color=SOFT, linewidth=0.6, linestyle=(0, (1, 2)))
                axes.set_yticks([0, 50, 100])
                axes.text(0.02, 0.06, _days(closed[side.name]), transform=axes.transAxes, fontsize=TINY, color=INK)
            else:
                named = shortened(side.name, 24 if across == WIDEST else 34)
                note = ", ".join(("baseline",) * side.baseline + (side.below,) * side.exploratory)
                axes.text(0.02, 0.05, note, transform=axes.transAxes, fontsize=TINY, color=INK)
                axes.set_title(named, loc="left", fontsize=PANEL, color=INK, pad=2, fontweight="bold")
    headline(chart, _title(town, held, closed, stocks), _detail(comparison, town))
    settle(chart)
    return chart


def _open(comparison: Comparison, town: str) -> DataFrame:
    """Share of stations open, %: in the hub those with the lead product, as the measures count them."""
    root = comparison.alternatives[0].scenario.root
    if town == root.hub:
        rows = comparison.part("hub", ["alternative", "replication", "day", "open"], product=root.lead)
    else:
        rows = comparison.part("days", ["alternative", "replication", "day", "open"], town=town)
    return rows.assign(open=100 * rows["open"])


def _fans(table: DataFrame, column: str, held: Sequence[Side], x: NDArray[np.float64]) -> dict[str, Fan]:
    parts = {str(name): rows for name, rows in table.groupby("alternative")}
    return {side.name: fan(matrix(parts[side.name], column), x) for side in held}


def _panel(axes: Axes, fans: Mapping[str, Fan], side: Side, baseline: str, x: NDArray[np.float64], high: float) -> None:
    one = fans[side.name]
    draw_fan(axes, one, side.look, f"_{side.name}")
    if not side.baseline:
        axes.plot(x, fans[baseline].median, color=INK, linewidth=0.7, label=f"_{baseline}")
    axes.set_ylim(0, max(high, 1e-9))
    axes.set_xlim(x[0], x[-1])


def _days(mean: float) -> str:
    """Write a mean number of days with under half the stations open."""
    return f"{counted(number(mean), 'day')} under 50 %"


def _title(town: str, held: Sequence[Side], closed: Mapping[str, float], stocks: Mapping[str, Fan]) -> str:
    few, many = min(closed.values()), max(closed.values())
    if many - few >= 0.5:
        best, worst = ([side.said for side in held if abs(closed[side.name] - end) < 0.05] for end in (few, many))
        return (
            f"{town}: under half the stations are open on {counted(number(few), 'day')} with {first_of(best)} and on "
            f"{number(many)} with {first_of(worst)} (means)"
        )
    ends = {side.name: float(stocks[side.name].median[-1]) for side in held}
    high, low = (pick(held, key=lambda side: ends[side.name]) for pick in (max, min))
    days = counted(number(many), "day")
    same = "half the stations stay open" if days == "0 days" else f"under half the stations are open on {days}"
    return (
        f"{town}: {same} in all; stock on the last day is {number(ends[high.name])} ML with {high.said} and "
        f"{number(ends[low.name])} ML with {low.said}"
    )


def _detail(comparison: Comparison, town: str) -> str:
    root = comparison.alternatives[0].scenario.root
    base = next(side.said for side in sides(comparison) if side.baseline)
    count = len(comparison.of[comparison.baseline])
    wide = "dark band: 25–75 %; light band: 5–95 %" if count >= FEW else "band: lowest–highest"
    lines = f"Line: median; {wide}; " if count > 1 else ""
    product = root.lead if town == root.hub else "any product"
    return basis(
        comparison,
        f"Upper panels: pump fuel in {town}'s depot and stations; lower: share of its stations with {product}. "
        f"{lines}thin black line: {'median of ' if count > 1 else ''}{base}.",
    )
