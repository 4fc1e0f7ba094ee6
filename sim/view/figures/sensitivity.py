"""What moves a measure, and what it would be worth to know."""

from __future__ import annotations

from typing import Final

from matplotlib.axes import Axes

from sim.study.sensitivity import LUCK, Sensitivity
from sim.view.figures import figure
from sim.view.sensitivity_answer import alike_words, unknown_words
from sim.view.style import INK, SMALL, SOFT, TINY, Chart, canvas, frame, headline, settle
from sim.view.words import describe, folded, number, percent

MOST: Final = 12
ROW: Final = 0.24
BAR: Final = "#0072b2"
LIGHT: Final = "#9fc8e6"


@figure("sensitivity", "Sensitivity")
def sensitivity(done: Sensitivity) -> Chart:
    """Draw what moves the measure.

    Returns
    -------
    Chart
        Left the effects of the screening; right the shares of the variance, alone and with all a number acts with; with
        several strategies also the value of knowing each number before one chooses.
    """
    several = len(done.alternatives) > 1
    chart = canvas(1.5 + ROW * MOST)
    panels = list(chart.subplots(1, 3 if several else 2))
    measure = describe(done.measure)
    screened = done.screened.sort_values("effect", ascending=False).head(MOST)
    _bars(panels[0], [unknown_words(done, str(name)) for name in screened.index], screened["effect"].tolist())
    panels[0].set_title("Moves it by (half of the range)", fontsize=SMALL, loc="left", color=INK)
    panels[0].set_xlabel(measure.unit, fontsize=TINY, color=SOFT)
    indices = done.indices
    names = [unknown_words(done, str(name)) for name in indices.index]
    _bars(panels[1], names, (100 * indices["total"]).tolist(), (100 * indices["first"]).tolist())
    panels[1].set_title("Share of variance: alone (dark), in all", fontsize=SMALL, loc="left", color=INK)
    panels[1].set_xlabel("%", fontsize=TINY, color=SOFT)
    if several:
        worth = done.worth.sort_values("worth", ascending=False)
        _bars(
            panels[2],
            [unknown_words(done, str(name)) for name in worth.index],
            worth["worth"].where(worth["told"], 0.0).tolist(),
        )
        panels[2].set_title("Worth knowing, if that can be told", fontsize=SMALL, loc="left", color=INK)
        panels[2].set_xlabel(measure.unit, fontsize=TINY, color=SOFT)
    first = screened.index[0]
    luck = percent(max(0.0, float(indices["total"][LUCK])))
    headline(
        chart,
        f"{measure.label.capitalize()}: {unknown_words(done, str(first))} moves it most{alike_words(done)}, by "
        f"{number(float(screened['effect'].iloc[0]))} {measure.unit}; luck makes {luck} of the variance",
        f"Morris: mean absolute change on the same luck, {done.manifest['trajectories']} trajectories. Sobol: "
        f"{done.manifest['base']} rows, under '{done.alternatives[0].name}'. Conditional on these parameter ranges.",
    )
    settle(chart)
    return chart


def _bars(axes: Axes, names: list[str], values: list[float], inner: list[float] | None = None) -> None:
    rows = range(len(names))
    axes.barh(rows, [max(0.0, value) for value in values], color=LIGHT if inner else BAR, height=0.62)
    if inner:
        axes.barh(rows, [max(0.0, value) for value in inner], color=BAR, height=0.34)
    axes.set_yticks(rows, ["\n".join(folded(name, 30)) for name in names], fontsize=TINY)
    axes.set_ylim(MOST - 0.4, -0.6)
    frame(axes)
    axes.tick_params(axis="y", labelsize=TINY, length=0)
    axes.grid(visible=False, axis="y")
