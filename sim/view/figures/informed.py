"""Which parameters the facts inform."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.study.tempering import SURE
from sim.view.figures import figure
from sim.view.parameters import parameter_words
from sim.view.style import FAINT, INK, SMALL, SOFT, TINY, Chart, canvas, frame, headline, settle

if TYPE_CHECKING:
    from sim.study.calibrate import Calibration

MOST: Final = 20
ROW: Final = 0.19


@figure("informed", "Calibration")
def informed(done: Calibration) -> Chart:
    """Draw the parameters that moved most from their prior.

    Returns
    -------
    Chart
        A row a parameter: mean and one standard deviation of its mark in normal scale, in which every prior is the same
        grey bar from −1 to 1; those that moved or narrowed most first.
    """
    table = done.parameters
    distance = table["mean"].abs() + (1.0 - table["sd"]).clip(lower=0.0)
    shown = table.loc[distance.sort_values(ascending=False).index].head(MOST)
    chart = canvas(1.3 + ROW * len(shown))
    axes = chart.subplots()
    axes.axvspan(-1, 1, color=FAINT, linewidth=0, zorder=0)
    for row, (path, one) in enumerate(shown.iterrows()):
        axes.plot([one["mean"] - one["sd"], one["mean"] + one["sd"]], [row, row], color="#0072b2", linewidth=4.0)
        axes.plot([one["mean"]], [row], marker="|", markersize=7, color=INK)
        axes.annotate(
            parameter_words(str(path), done.scenario), (0, row), xycoords=("axes fraction", "data"), xytext=(-4, 0),
            textcoords="offset points", ha="right", va="center", fontsize=TINY, color=INK,
        )  # fmt: skip
    for side in (-1.0, 1.0):
        axes.axvline(side * SURE * done.informed[1], color=SOFT, linewidth=0.8, linestyle=(0, (3, 2)))
    axes.set_ylim(len(shown) - 0.4, -0.6)
    axes.set_yticks([])
    frame(axes)
    axes.grid(axis="x", color="white", linewidth=0.6)
    axes.set_xlim(-3, 3)
    axes.set_xlabel("standard deviations of the prior; grey: the prior's own", fontsize=SMALL, color=SOFT)
    count = int(table["informed"].sum())
    headline(
        chart,
        f"The facts inform {count} of {len(table)} parameters; one by one the others cannot be told from chance",
        f"Mean and one standard deviation, in normal scale; the {len(shown)} that moved or narrowed most. Between the "
        f"dashed lines ({SURE:g} standard deviations of marks that nothing reads) a mean says nothing.",
    )
    settle(chart)
    return chart
