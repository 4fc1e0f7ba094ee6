"""Who feels a change and when: need met by town and week, against another alternative on the same luck."""

from __future__ import annotations

from datetime import timedelta
from math import isfinite

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patheffects import withStroke
from pandas import DataFrame

from sim.language import say
from sim.rules.steps import WEEK
from sim.study.comparison import Comparison
from sim.study.effects import need_differences as by_town
from sim.view.figures import figure
from sim.view.figures.parts import finished, headed, sentences
from sim.view.figures.sides import Side, basis, sides, to_words, unknown
from sim.view.style import INK, SMALL, SOFT, TINY, Chart, beside, canvas, frame
from sim.view.town_changes import town_change_sentence
from sim.view.words import short_date, signed

PALE = 0.35
"""Strength of the colour of a cell whose difference may be luck."""
LEAST = 0.05
"""Points of need met under which a sure difference carries no number: it would read 0."""
LESS, MORE = "#c23b00", "#2066a8"


def _arguments(comparison: Comparison, **_: object) -> tuple[Comparison] | None:
    """Draw it if all alternatives have one strategy and differ in something else."""
    return (comparison,) if len(comparison.strategies) == 1 else None


@figure("towns", "Comparison", _arguments)
def felt(comparison: Comparison, name: str | None = None, against: str | None = None) -> Chart:
    """Draw the paired difference in need met, towns by weeks.

    Cells are means of the difference in need met (fuel used over need in the week), in percentage points; those whose
    95 % interval excludes zero are strong and carry the number with its sign, others are pale.  Towns with the largest
    change over the whole run come first.

    Parameters
    ----------
    comparison
        A comparison.
    name
        The alternative; the one whose need met over all towns differs most if absent.
    against
        What it is set beside; the baseline if absent.

    Raises
    ------
    ViewError
        If there is no such alternative.
    """
    alternatives = {side.name: side for side in sides(comparison)}
    against = against or comparison.baseline
    for wanted in (against, name or against):
        if wanted not in alternatives:
            raise unknown("alternative", wanted, [*alternatives])
    name = name or _most(comparison, against)
    weeks = by_town(comparison, name, against, weekly=True)
    whole = by_town(comparison, name, against, weekly=False)
    order = whole["mean"].abs().sort_values(ascending=False, kind="stable").index
    mean, sure = (weeks[column].unstack("week").loc[order] for column in ("mean", "sure"))
    chart = canvas(1.25 + 0.2 * len(order))
    axes = chart.add_subplot()
    _cells(axes, mean, sure)
    for row, town in enumerate(order):
        effect = whole.loc[town]
        words = signed(effect["mean"])
        if isfinite(effect["low"]):
            words = f"{words} ({to_words(signed(effect['low']), signed(effect['high']))})"
        beside(axes, words, row, 5, fontweight="bold" if effect["sure"] else "normal")
    beside(axes, say("whole run (95 %)"), -0.62, 5, va="bottom", color=SOFT)
    start = comparison.alternatives[0].scenario.start
    frame(axes)
    axes.grid(visible=False)
    axes.set_yticks(range(len(order)), [str(town) for town in order])
    firsts = [short_date(start + timedelta(days=WEEK * int(week))) for week in mean.columns]
    axes.set_xticks(range(len(firsts)), [text if k % 2 == 0 else "" for k, text in enumerate(firsts)], ha="center")
    axes.tick_params(axis="both", length=0, labelsize=SMALL)
    axes.tick_params(axis="x", labelsize=TINY)
    axes.set_xlabel(say("week that begins on"), fontsize=SMALL, color=INK)
    base = alternatives[against]
    sentence = town_change_sentence(alternatives[name], base, weeks, whole, comparison)
    return finished(chart, headed(comparison.count, sentence), _reading(base), basis(comparison))


def _most(comparison: Comparison, against: str) -> str:
    """Return the alternative whose need met, of all towns and the whole run, is furthest from another's."""
    sums = comparison.sums("days", ["alternative"], ["burned", "need"])
    met = sums["burned"] / sums["need"]
    others = [name for name in comparison.names if name != against]
    return max(others, key=lambda name: abs(float(met[name] - met[against])))


def _cells(axes: Axes, mean: DataFrame, sure: DataFrame) -> None:
    values, firm = mean.to_numpy(dtype=float), sure.to_numpy(dtype=bool)
    top = max(float(np.nanmax(np.abs(values), initial=0.0)), 1.0)
    strength = np.clip(np.abs(np.nan_to_num(values)) / top, 0, 1) ** 0.7 * np.where(firm, 1.0, PALE)
    ends = np.where(values[..., None] < 0, to_rgb(LESS), to_rgb(MORE))
    axes.imshow(1 + strength[..., None] * (ends - 1), aspect="auto", interpolation="nearest")
    for row, column in zip(*np.nonzero(firm & (np.abs(values) >= LEAST)), strict=True):
        value = values[row, column]
        sign = "+" if value > 0 else "−"
        axes.text(
            column, row, sign if abs(value) < 0.5 else f"{sign}{abs(value):.0f}",
            ha="center", va="center", fontsize=TINY, color=INK,
            path_effects=[withStroke(linewidth=1.4, foreground="white", alpha=0.75)],
        )  # fmt: skip


def _reading(base: Side) -> str:
    return sentences(
        say(
            "Need met (fuel used over need) minus that under {name}, percentage points, mean of paired differences.",
            name=base.said,
        ),
        say(
            "Numbers and strong colour: the 95 % interval of the mean excludes zero, each cell by itself, so that "
            "one in "
            "twenty may by chance; a sign alone: under half a point."
        ),
        say("Pale: may be luck."),
    )
