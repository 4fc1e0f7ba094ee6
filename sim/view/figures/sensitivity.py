"""What moves a measure, and what it would be worth to know."""

from __future__ import annotations

from typing import Final

from matplotlib.axes import Axes
from pandas import Series

from sim.language import say, say_counted
from sim.study.sensitivity import Sensitivity
from sim.view.break_even_answer import upper
from sim.view.figures import figure
from sim.view.figures.parts import finished, sentences
from sim.view.figures.sides import scale
from sim.view.ranking import amount
from sim.view.sensitivity_answer import alike_words, luck_words, unknown_words
from sim.view.style import INK, SMALL, SOFT, TINY, Chart, canvas, frame
from sim.view.words import describe, folded, number, unit_word

MOST: Final = 12
ROW, ROOMY = 0.32, 0.26
"""Inches of a row: of three panels, in which labels have more lines, and of two."""
LABEL, WIDE_LABEL = 30, 36
"""Characters of a line of a label: of three panels, and of two."""
TITLE: Final = 30
"""Characters of a line over a panel."""
BAR: Final = "#0072b2"
LIGHT: Final = "#9fc8e6"


@figure("sensitivity", "Sensitivity")
def sensitivity(study: Sensitivity) -> Chart:
    """Draw what moves the measure.

    Left the effects of the screening; right the shares of the variance, alone and with all a number acts with; with
    several strategies also the value of knowing a number before one chooses, where that can be told of any.
    """
    told = study.worth[study.worth["told"]].sort_values("worth", ascending=False)
    several = not told.empty
    untold = len(study.alternatives) > 1 and told.empty
    chart = canvas(1.5 + (ROW if several else ROOMY) * MOST)
    moves, variance, *worth = chart.subplots(1, 3 if several else 2)
    measure = describe(study.measure)
    factor, unit = scale(measure)
    screened = study.screened.sort_values("effect", ascending=False).head(MOST)
    label = LABEL if several else WIDE_LABEL
    _bars(moves, study, factor * screened["effect"], say("Moves it by (half of the range)"), unit, label)
    shares, heading = 100 * study.indices["total"], say("Share of variance: alone (dark), in all")
    _bars(variance, study, shares, heading, "%", label, light=True)
    _draw(variance, 100 * study.indices["first"], BAR, 0.34)
    if several:
        _bars(worth[0], study, factor * told["worth"], say("Worth knowing, where that can be told"), unit, label)
    most = unknown_words(study, str(screened.index[0]))
    values = {
        "measure": upper(measure.label), "parameter": most, "alike": alike_words(study), "share": luck_words(study),
        "amount": amount(float(screened["effect"].iloc[0]), study.measure),
    }  # fmt: skip
    return finished(
        chart,
        say("{measure}: {parameter} moves it most{alike}, by {amount}; luck makes {share} of the variance", **values)
        if study.alike < MOST
        else say(
            "{measure}: which parameter moves it most cannot be told; luck makes {share} of the variance", **values
        ),
        say_counted(
            "Morris: mean absolute change on the same luck, {count} trajectory.",
            "Morris: mean absolute change on the same luck, {count} trajectories.",
            study.manifest["trajectories"],
            count=number(study.manifest["trajectories"]),
        ),
        sentences(
            say(
                "Sobol: {count} rows, under '{name}'.",
                count=number(study.manifest["base"]),
                name=study.alternatives[0].name,
            ),
            say("Conditional on these parameter ranges."),
            *[say("Of no one number can it be told whether to know it would change the choice.")] * untold,
        ),
    )


def _bars(
    axes: Axes, study: Sensitivity, values: Series[float], title: str, unit: str, width: int, *, light: bool = False
) -> None:  # fmt: skip
    _draw(axes, values, LIGHT if light else BAR, 0.62)
    names = ["\n".join(folded(unknown_words(study, str(name)), width)) for name in values.index]
    axes.set_yticks(range(len(names)), names, fontsize=TINY)
    axes.set_ylim(MOST - 0.4, -0.6)
    frame(axes)
    axes.tick_params(axis="y", labelsize=TINY, length=0)
    axes.grid(visible=False, axis="y")
    axes.set_title("\n".join(folded(title, TITLE)), fontsize=SMALL, loc="left", color=INK)
    axes.set_xlim(left=0.0)
    axes.set_xlabel(unit_word(unit), fontsize=TINY, color=SOFT)


def _draw(axes: Axes, values: Series[float], colour: str, height: float) -> None:
    axes.barh(range(len(values)), [max(0.0, value) for value in values], color=colour, height=height)
