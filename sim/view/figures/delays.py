"""Tankers that wait, by cause, a bar for each alternative."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from pandas import DataFrame, Series

from sim.study.comparison import Comparison
from sim.view.bands import band, band_name
from sim.view.figures import figure
from sim.view.figures.sides import Side, basis, first_of, rows, sides, whisker
from sim.view.figures.waiting import HATCH_WIDTH, cause_key
from sim.view.style import INK, SMALL, TINY, Chart, canvas, cause, frame, headline, settle
from sim.view.words import CAUSE_WORDS, CAUSES, number

LARGE = 0.07
"""Share of the longest bar from which a part carries its number."""
BELOW = 0.23
"""How far under the middle of a bar its whisker lies, so that it crosses no number."""
DARK = frozenset({"escort"})
"""Causes whose colour needs white numbers."""


@figure("waiting-by-strategy", "Comparison")
def delays(comparison: Comparison) -> Chart:
    """Draw how many tankers with an order wait on average on the import corridors, by cause.

    Returns
    -------
    Chart
        Stacked bars are means over replications of tanker-days of waiting per day of the run; the whisker is the 5 to
        95 % band of the total.  Tankers without an order are a reserve and not stacked.
    """
    scenario = comparison.alternatives[0].scenario
    days = (scenario.end - scenario.start).days
    held = sides(comparison)
    parts = {side.name: _parts(side.measures, days) for side in held}
    totals = {name: band(table.sum(axis=1)) for name, table in parts.items()}
    shown = [name for name in CAUSES if any(table[name].mean() > 0 for table in parts.values())]
    longest = max(1e-9, *(one.high for one in totals.values()))
    chart = canvas(1.3 + 0.34 * max(len(held), 2))
    grid = chart.add_gridspec(2, 1, height_ratios=[0.34 * max(len(held), 2), 0.3])
    axes = chart.add_subplot(grid[0])
    for place, side in enumerate(held):
        _bar(axes, place, parts[side.name].mean(), shown, longest)
        one = totals[side.name]
        if one.wide:
            whisker(axes, one.low, one.high, place + BELOW)
        axes.annotate(
            number(one.mean), (max(one.mean, one.high), place), xytext=(5, 0), textcoords="offset points", va="center",
            fontsize=SMALL, color=INK, fontweight="bold",
        )  # fmt: skip
    axes.set_xlim(0, 1.1 * longest)
    frame(axes)
    axes.set_xlabel("tankers waiting on an average day", fontsize=SMALL, color=INK)
    rows(axes, held)
    cause_key(chart.add_subplot(grid[1]), shown, 4)
    headline(chart, _title(held, parts), _detail(comparison, parts, days))
    settle(chart)
    return chart


def _parts(measures: DataFrame, days: int) -> DataFrame:
    """Tankers waiting on an average day by cause (columns) and replication."""
    return measures[[f"waiting_{name}" for name in CAUSES]].set_axis([*CAUSES], axis=1) / days


def _bar(axes: Axes, place: int, means: Series[float], shown: Sequence[str], longest: float) -> None:
    left = 0.0
    for name in shown:
        look, width = cause(name), float(means[name])
        bars = axes.barh(
            place, width, height=0.64, left=left, color=look.colour, hatch=look.hatch, edgecolor=INK, linewidth=0.4,
            label=f"_{name}", zorder=2,
        )  # fmt: skip
        for bar in bars:
            bar.set_hatch_linewidth(HATCH_WIDTH)
        if width >= LARGE * longest:
            ink, edge = ("white", look.colour) if name in DARK else (INK, "white")
            axes.text(
                left + width / 2, place - BELOW / 3, number(width), ha="center", va="center", fontsize=TINY, color=ink,
                zorder=5, fontweight="bold", path_effects=[withStroke(linewidth=1.8, foreground=edge)],
            )  # fmt: skip
        left += width


def _title(held: Sequence[Side], parts: Mapping[str, DataFrame]) -> str:
    means = {side.said: parts[side.name].mean() for side in held}
    totals = {said: float(one.sum()) for said, one in means.items()}
    if not max(totals.values()) > 0:
        return "No tanker with an order waits under any alternative"
    few, many = min(totals.values()), max(totals.values())
    most = {said: str(one.idxmax()) for said, one in means.items() if totals[said] > 0}
    leading = max(dict.fromkeys(most.values()), key=lambda name: list(most.values()).count(name))
    others = [said for said, name in most.items() if name != leading]
    what = CAUSE_WORDS[leading]
    best, worst = ([said for said, one in totals.items() if number(one) == number(end)] for end in (few, many))
    ends = f"{number(few)} tankers wait on an average day "
    if number(few) == number(many):
        ends += "under every alternative"
    else:
        ends += f"with {first_of(best)}, {number(many)} with {first_of(worst)}"
    return f"{ends}; {what} is the largest cause {'in all' if not others else f'except with {first_of(others)}'}"


def _detail(comparison: Comparison, parts: Mapping[str, DataFrame], days: int) -> str:
    count = len(comparison.of[comparison.baseline])
    bars = f"Bars: means; whisker and bold number: {band_name(count)} and mean of the total." if count > 1 else ""
    idle = {name: float(comparison.of[name]["waiting_order"].mean()) / days for name in parts}
    low, high = min(idle.values()), max(idle.values())
    reserve = number(low) if number(low) == number(high) else f"{number(low)} to {number(high)}"
    return basis(
        comparison,
        f"{bars} Tanker-days of waiting on import corridors over days of the run. Not shown: {reserve} tankers a day "
        "without an order (a reserve).".strip(),
    )
