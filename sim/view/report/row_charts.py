"""Charts with a row for each alternative: levels with bands, paired differences with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.language import say, say_counted
from sim.study.comparison import Comparison
from sim.study.intervals import Interval, differences
from sim.view.bands import band_name
from sim.view.blocks import Sheet
from sim.view.compare_answer import columns_of
from sim.view.figures.forest import INTERVAL, forest_title
from sim.view.figures.sides import Row, Side, arrow, in_unit, level_of, measure_of, numbers, scale, sides
from sim.view.ranking import change, difference_words
from sim.view.report.chart import INK, Chart, Panel, finished, rounded, series_scales
from sim.view.report.choices import level_words
from sim.view.words import number

if TYPE_CHECKING:
    import altair as alt

ROW: Final = 34
"""Height of an alternative's row, pixels."""


def levels_chart(comparison: Comparison) -> Chart:
    """Draw the level of each alternative with its band, a panel for each main measure."""
    every, columns, panels = sides(comparison), dict[str, list[str]](), []
    for name, head in columns_of(comparison).items():
        measure = measure_of(comparison, name)
        factor = scale(measure)[0]
        levels = [level_of(comparison, side.name, name) for side in every]
        middles = [level.median if measure.unit == "date" else level.mean for level in levels]
        columns[head] = [
            measure.centre(level) + (f" ({measure.ends(level)})" if level.wide else "") for level in levels
        ]
        ends = {"l": [level.low for level in levels], "h": [level.high for level in levels], "m": middles}
        panels.append(
            Panel(
                measure.heading,
                {
                    "rows": {
                        **_names(every, columns[head]),
                        **{key: rounded(factor * np.array(values)) for key, values in ends.items()},
                        "w": [measure.centre(level) for level in levels],
                    }
                },
            )
        )
    drawn = say_counted(
        "Sign: the one run.", "Sign: mean of {count} runs; line: {band}.", comparison.count,
        count=number(comparison.count), band=band_name(comparison.count),
    )  # fmt: skip
    return Chart(
        "levels", level_words(comparison), drawn,
        finished(_layers(every, signed=False, spread=comparison.count > 1), ROW * len(every)),
        tuple(panels), _by_name(every, columns), looks=tuple(side.look for side in every),
    )  # fmt: skip


def forest_chart(comparison: Comparison) -> Chart:
    """Draw the paired difference of each alternative to the baseline, a panel for each main measure."""
    base = next(side for side in sides(comparison) if side.baseline)
    others = [side for side in sides(comparison) if not side.baseline]
    heads = columns_of(comparison)
    wanted = [*heads]
    tables: dict[str, dict[str, Row]] = {
        side.name: numbers(differences(side.measures[wanted], base.measures[wanted], comparison.drawn))
        for side in others
    }
    columns, panels = dict[str, list[str]](), []
    for name, head in heads.items():
        measure, better = measure_of(comparison, name), arrow(name)
        factor = scale(measure)[0]
        tallies = [tables[side.name][name] for side in others]
        columns[head] = [
            difference_words(Interval(*(tally[key] for key in ("mean", *INTERVAL))), name) for tally in tallies
        ]
        keys = {"m": "mean", "l": INTERVAL[0], "h": INTERVAL[1], "a": "low", "b": "high"}
        heading = in_unit(measure.label, measure)
        panels.append(
            Panel(
                f"{heading} ({better})" if better else heading,
                {
                    "rows": {
                        **_names(others, columns[head]),
                        **{
                            short: rounded(factor * np.array([tally[key] for tally in tallies]))
                            for short, key in keys.items()
                        },
                        "w": [change(tally["mean"], name) for tally in tallies],
                    }
                },
            )
        )
    drawn = say_counted(
        "Differences from {baseline} in the one run, on the same luck.",
        "Differences from {baseline}, run by run on the same luck. Sign: mean; thick line: its 95 % interval; thin "
        "line: {band} of the runs.",
        comparison.count, baseline=base.said, band=band_name(comparison.count),
    )  # fmt: skip
    return Chart(
        "forest", forest_title(comparison, base, others, tables, wanted), drawn,
        finished(_layers(others, signed=True, spread=comparison.count > 1), ROW * max(2, len(others))),
        tuple(panels), _by_name(others, columns),
        looks=tuple(side.look for side in others),
    )  # fmt: skip


def _names(every: Sequence[Side], texts: Sequence[str]) -> dict[str, list[object]]:
    """Return name, number and tip of each row."""
    tips = [say("{name}: {label}", name=side.name, label=text) for side, text in zip(every, texts, strict=True)]
    return {"n": [side.name for side in every], "s": [*range(len(every))], "t": [*tips]}


def _by_name(every: Sequence[Side], columns: Mapping[str, Sequence[str]]) -> Sheet:
    rows = tuple(zip([side.name for side in every], *columns.values(), strict=True))
    return Sheet((say("Alternative"), *columns), rows, frozenset(range(1, len(columns) + 1)))


def _layers(every: Sequence[Side], *, signed: bool, spread: bool) -> list[alt.Chart]:
    """Return layers with a row an alternative: data set ``rows``, columns n, s, m, w, t.

    With a spread, l and h, too; and a and b, if the values are differences, which have a sign.
    """
    import altair as alt

    scales = series_scales([side.look for side in every])
    y = alt.Y(
        "n:N",
        sort=[side.name for side in every],
        axis=alt.Axis(title=None, labelLimit=130, labelPadding=10, ticks=False),
    )
    x = alt.X("m:Q", scale=alt.Scale(zero=True), axis=alt.Axis(title=None, tickCount=4))
    base = alt.Chart(alt.NamedData("rows"))
    layers = []
    if signed:
        layers.append(base.mark_rule(color=INK).encode(x=alt.datum(0)))
    if signed and spread:
        thin = base.mark_rule(strokeWidth=1.2, color=INK)
        layers.append(thin.encode(y=y, x=alt.X("a:Q"), x2="b:Q"))
    if spread:
        thick = base.mark_rule(strokeWidth=8 if signed else 3, opacity=0.6)
        layers.append(thick.encode(y=y, x=alt.X("l:Q"), x2="h:Q", color=scales["color"]))
    sign = base.mark_point(filled=True, size=90, opacity=1, stroke="var(--paper)", strokeWidth=1)
    layers.append(sign.encode(y=y, x=x, color=scales["color"], shape=scales["shape"], tooltip="t:N"))
    layers.append(base.mark_text(dy=-12, fontSize=11, fill=INK).encode(y=y, x=x, text="w:N"))
    return layers
