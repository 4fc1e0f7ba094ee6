"""From ambushes laid to tankers lost: how many are met, detected, deterred, and become an attack."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sim.results.run import Run
from sim.view.bands import Band, band, band_name
from sim.view.figures import figure
from sim.view.study_words import made_words
from sim.view.style import INK, LOSS, SMALL, SOFT, TEXT, Chart, Look, canvas, frame, headline, settle
from sim.view.words import counted, is_are, number, range_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes


Stage = tuple[str, str, Look]
AMBUSHES: tuple[Stage, ...] = (
    ("ambushes_laid", "laid", Look("#c9c9c9")),
    ("ambushes_met", "met by a convoy", Look("#8fb4d6")),
)
MEETINGS: tuple[Stage, ...] = (
    ("ambushes_detected", "detected, convoy halts", Look("#e8eef4", hatch="\\\\\\\\")),
    ("ambushes_deterred", "deterred, no attack", Look("#e8eef4", hatch="....")),
    ("ambushes_sprung", "sprung, an attack", Look("#e69f00", hatch="////")),
)
TANKERS: tuple[Stage, ...] = (("tankers_lost", "lost", Look(LOSS)),)
ROOM = 1.28
"""Length of an axis relative to its longest bar or whisker, for the numbers written behind it."""


@figure("funnel", "Run")
def funnel(run: Run) -> Chart:
    """Draw ambushes laid, met, detected, deterred and sprung, and the tankers lost in them.

    Bars are means over replications, whiskers the 5 to 95 % band; both are written beside the bar.  Tankers have an
    axis of their own.

    Parameters
    ----------
    run
        A run with the table ``measures``.
    """
    held = {name: band(run.measures[name]) for name, _, _ in (*AMBUSHES, *MEETINGS, *TANKERS)}
    chart = canvas(3.6)
    grid = chart.add_gridspec(3, 1, height_ratios=[2, 3, 1.1])
    ambushes = chart.add_subplot(grid[0])
    _bars(chart.add_subplot(grid[1], sharex=ambushes), MEETINGS, held, "Meetings of a convoy with an ambush")
    _bars(ambushes, AMBUSHES, held, "Ambushes")
    ambushes.set_xlim(0, ROOM * max(1.0, *(held[name].high for name, _, _ in (*AMBUSHES, *MEETINGS))))
    ambushes.tick_params(labelbottom=False)
    _bars(chart.add_subplot(grid[2]), TANKERS, held, "Tankers")
    headline(chart, _title(held), _detail(run))
    settle(chart)
    return chart


def _bars(axes: Axes, stages: tuple[Stage, ...], held: Mapping[str, Band], title: str) -> None:
    from matplotlib.ticker import MaxNLocator

    axes.set_xlim(0, ROOM * max(1.0, *(held[name].high for name, _, _ in stages)))
    for place, (name, _, look) in enumerate(stages):
        one = held[name]
        bars = axes.barh(
            place, one.mean, height=0.66, color=look.colour, hatch=look.hatch, edgecolor=INK, linewidth=0.6, label=name
        )
        for bar in bars:
            bar.set_hatch_linewidth(0.5)
        words = number(one.mean)
        if one.wide:
            axes.plot([one.low, one.high], [place, place], color=INK, linewidth=1.1, marker="|", markersize=6)
            words += f"  ({one.name}: {range_words(number(one.low), number(one.high))})"
        edge = max(one.mean, one.high)
        axes.annotate(
            words, (edge, place), xytext=(6, 0), textcoords="offset points", va="center", fontsize=SMALL, color=INK
        )
    frame(axes, title=title)
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.set_yticks(range(len(stages)), [label for _, label, _ in stages], fontsize=TEXT)
    axes.set_ylim(len(stages) - 0.45, -0.55)
    axes.grid(visible=False, axis="y")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_color(SOFT)


def _title(held: Mapping[str, Band]) -> str:
    met, lost = held["ambushes_met"], held["tankers_lost"]
    if not met.high:
        return "No convoy meets an ambush" if held["ambushes_laid"].high else "No ambush is laid"
    share = held["ambushes_sprung"].mean / sum(held[name].mean for name, _, _ in MEETINGS)
    spread = f" ({lost.name}: {range_words(number(lost.low), number(lost.high))})" if lost.wide else ""
    ending = (
        f"{counted(number(lost.mean), 'tanker')} {is_are(number(lost.mean))} lost{spread}"
        if lost.high
        else "no tanker is lost"
    )
    return f"{100 * share:.0f} % of the meetings with an ambush become an attack; {ending}"


def _detail(run: Run) -> str:
    count = len(run.measures)
    spread = f"Bars: means of {count} replications; whiskers: {band_name(count)}." if count > 1 else "One replication."
    return (
        f"{spread} Whole run. A deterred ambush stays and may be met again, so there can be more meetings than "
        f"ambushes met. {made_words(run)}"
    )
