"""Tankers that wait, by cause, a bar for each alternative."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from pandas import DataFrame, Series

from sim.language import say, say_counted
from sim.study.comparison import Comparison
from sim.view.bands import band, band_name
from sim.view.figures import figure
from sim.view.figures.parts import HATCH_WIDTH, as_shown, behind, finished, headed, sentences, stacked, whisker
from sim.view.figures.sides import Side, basis, first_of, rows, sides
from sim.view.figures.waiting import cause_key, reserve_words
from sim.view.style import INK, SMALL, TINY, Chart, cause, frame
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

    Stacked bars are means over replications of tanker-days of waiting per day of the run; the whisker is the 5 to 95 %
    band of the total.  Tankers without an order are a reserve and not stacked.
    """
    scenario = comparison.alternatives[0].scenario
    days = (scenario.end - scenario.start).days
    alternatives = sides(comparison)
    causes = {f"waiting_{name}": name for name in CAUSES}
    parts = {side.name: side.measures[[*causes]].rename(columns=causes) / days for side in alternatives}
    totals = {name: band(table.sum(axis=1)) for name, table in parts.items()}
    shown = [name for name in CAUSES if any(table[name].mean() > 0 for table in parts.values())]
    longest = max(1e-9, *(total.high for total in totals.values()))
    chart, grid = stacked([0.34 * max(len(alternatives), 2), 0.3], 1.0)
    axes = chart.add_subplot(grid[0])
    for row, side in enumerate(alternatives):
        _bar(axes, row, parts[side.name].mean(), shown, longest)
        total = totals[side.name]
        whisker(axes, total, row + BELOW)
        behind(axes, number(total.mean), total, row, 5, fontsize=SMALL, fontweight="bold")
    axes.set_xlim(0, 1.1 * longest)
    frame(axes)
    axes.set_xlabel(say("tankers waiting on an average day"), fontsize=SMALL, color=INK)
    rows(axes, alternatives)
    cause_key(chart.add_subplot(grid[1]), shown, 4)
    title = headed(comparison.count, _title(alternatives, parts))
    return finished(chart, title, _reading(comparison, parts, days), basis(comparison))


def _bar(axes: Axes, row: int, means: Series[float], shown: Sequence[str], longest: float) -> None:
    left = 0.0
    for name in shown:
        look, width = cause(name), float(means[name])
        axes.barh(
            row, width, height=0.64, left=left, color=look.colour, hatch=look.hatch, edgecolor=INK, linewidth=0.4,
            hatch_linewidth=HATCH_WIDTH, label=f"_{name}", zorder=2,
        )  # fmt: skip
        if width >= LARGE * longest:
            ink, edge = ("white", look.colour) if name in DARK else (INK, "white")
            axes.text(
                left + width / 2, row - BELOW / 3, number(width), ha="center", va="center", fontsize=TINY, color=ink,
                zorder=5, fontweight="bold", path_effects=[withStroke(linewidth=1.8, foreground=edge)],
            )  # fmt: skip
        left += width


def _title(alternatives: Sequence[Side], parts: Mapping[str, DataFrame]) -> str:
    means = {side.said: parts[side.name].mean() for side in alternatives}
    totals = {said: float(by_cause.sum()) for said, by_cause in means.items()}
    if not max(totals.values()) > 0:
        return say("No tanker with an order waits under any alternative")
    few, many = min(totals.values()), max(totals.values())
    most = {said: str(by_cause.idxmax()) for said, by_cause in means.items() if totals[said] > 0}
    leading = max(dict.fromkeys(most.values()), key=lambda name: list(most.values()).count(name))
    others = [said for said, name in most.items() if name != leading]
    best, worst = ([said for said, total in totals.items() if number(total) == number(end)] for end in (few, many))
    values = {"few": number(few), "many": number(many), "first": first_of(best), "last": first_of(worst)}
    values |= {"cause": say(CAUSE_WORDS[leading]), "others": first_of(others) if others else ""}
    if number(few) == number(many):
        said = say_counted(
            "{few} tanker waits on an average day under every alternative",
            "{few} tankers wait on an average day under every alternative",
            as_shown(few), **values,
        )  # fmt: skip
    else:
        said = say_counted(
            "{few} tanker waits on an average day with {first}, {many} with {last}",
            "{few} tankers wait on an average day with {first}, {many} with {last}",
            as_shown(few), **values,
        )  # fmt: skip
    if others:
        return say("{finding}; {cause} is the largest cause except with {others}", finding=said, **values)
    return say("{finding}; {cause} is the largest cause in all", finding=said, **values)


def _reading(comparison: Comparison, parts: Mapping[str, DataFrame], days: int) -> str:
    count = comparison.count
    idle = {name: float(comparison.of[name]["waiting_order"].mean()) / days for name in parts}
    low, high = min(idle.values()), max(idle.values())
    return sentences(
        say("Bars: means; whisker and bold number: {band} and mean of the total.", band=band_name(count))
        if count > 1
        else "",
        say("Tanker-days of waiting on import corridors over days of the run."),
        reserve_words(low)
        if number(low) == number(high)
        else say(
            "Not shown: {low} to {high} tankers a day without an order (a reserve).", low=number(low), high=number(high)
        ),
    )
