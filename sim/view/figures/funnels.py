"""From ambushes laid to tankers lost, the alternatives beside each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from sim.study.comparison import Comparison
from sim.view.bands import Band, band, band_name
from sim.view.figures import figure
from sim.view.figures.sides import Side, basis, first_of, rows, sides, whisker
from sim.view.style import INK, PANEL, TINY, Chart, canvas, frame, headline, settle
from sim.view.words import counted, is_are, number, range_words

STAGES = (
    ("ambushes_laid", "Ambushes\nlaid"),
    ("ambushes_met", "Ambushes\nmet by a convoy"),
    ("ambushes_detected", "Meetings\ndetected"),
    ("ambushes_deterred", "Meetings\ndeterred"),
    ("ambushes_sprung", "Meetings sprung,\nan attack"),
    ("tankers_lost", "Tankers\nlost"),
)
LOST = "tankers_lost"
ROOM = 1.42
"""Length of an axis relative to its longest bar or whisker, for the number behind it."""


@figure("funnels", "Comparison")
def funnels(comparison: Comparison) -> Chart:
    """Draw ambushes laid, met, detected, deterred and sprung and tankers lost: a column a stage, a row an alternative.

    Returns
    -------
    Chart
        Bars are means over replications, whiskers the 5 to 95 % band.  Ambushes and meetings share an axis, so that
        a row reads as a funnel; tankers have their own.
    """
    held = sides(comparison)
    bands = {stage: {side.name: band(side.measures[stage]) for side in held} for stage, _ in STAGES}
    longest = max(1.0, *(one.high for stage, _ in STAGES if stage != LOST for one in bands[stage].values()))
    lost = max(1.0, *(one.high for one in bands[LOST].values()))
    chart = canvas(1.15 + 0.3 * max(len(held), 3))
    grid = chart.add_gridspec(1, len(STAGES))
    for place, (stage, title) in enumerate(STAGES):
        axes = chart.add_subplot(grid[place])
        _bars(axes, held, bands[stage])
        axes.set_xlim(0, ROOM * (lost if stage == LOST else longest))
        frame(axes)
        axes.set_title(title, loc="left", fontsize=PANEL, color=INK, pad=3)
        axes.tick_params(labelsize=TINY)
        rows(axes, held, named=not place)
    headline(chart, _title(held, bands), _detail(comparison))
    settle(chart)
    return chart


def _bars(axes: Axes, held: Sequence[Side], bands: Mapping[str, Band]) -> None:
    for place, side in enumerate(held):
        one, look = bands[side.name], side.look
        bars = axes.barh(
            place, one.mean, height=0.6, color=look.colour, hatch=look.hatch, edgecolor=INK if look.edge else "white",
            linewidth=0.0, label=side.name,
        )  # fmt: skip
        for bar in bars:
            bar.set_hatch_linewidth(0.5)
        if one.wide:
            whisker(axes, one.low, one.high, place)
        axes.annotate(
            number(one.mean), (max(one.mean, one.high), place), xytext=(4, 0), textcoords="offset points", va="center",
            fontsize=TINY, color=INK,
        )  # fmt: skip
    axes.xaxis.set_major_locator(MaxNLocator(3, integer=True))


def _title(held: Sequence[Side], bands: Mapping[str, Mapping[str, Band]]) -> str:
    laid = [bands["ambushes_laid"][side.name] for side in held]
    if not max(one.high for one in laid):
        return "No ambush is laid under any alternative"
    lost = {side.said: bands[LOST][side.name].mean for side in held}
    few, many = min(lost.values()), max(lost.values())
    ends = range_words(number(min(one.mean for one in laid)), number(max(one.mean for one in laid)))
    first = held[0].measures["ambushes_laid"]
    same = "the same " if all(side.measures["ambushes_laid"].equals(first) for side in held) else ""
    start = f"From {same}{counted(ends, 'ambush', 'ambushes')}"
    if number(few) == number(many):
        return f"{start}, {_losses(many)} lost under every alternative"
    best, worst = ([said for said, mean in lost.items() if number(mean) == number(end)] for end in (few, many))
    return f"{start}, {_losses(few)} lost with {first_of(best)} and {number(many)} with {first_of(worst)}"


def _losses(mean: float) -> str:
    """Write a mean number of tankers with its verb."""
    return f"{counted(number(mean), 'tanker')} {is_are(number(mean))}"


def _detail(comparison: Comparison) -> str:
    count = len(comparison.of[comparison.baseline])
    bars = f"Bars and numbers: means over the whole run; whiskers: {band_name(count)}." if count > 1 else ""
    return basis(
        comparison,
        f"{bars} The first five columns share a scale. A deterred ambush stays and may be met again.".strip(),
    )
