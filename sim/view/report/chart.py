"""A chart of the page: what it finds, a specification shared by its panels, the numbers of each, a key and a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from json import dumps
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.view.blocks import Sheet
from sim.view.report.marks import MARKERS, colour, dashes
from sim.view.style import Look
from sim.view.words import day_ticks

if TYPE_CHECKING:
    import altair as alt

Columns = Mapping[str, Sequence[Any]]
"""Rows of one data set of a panel, a column each: shorter than records, which the page's script makes of them."""
Axis = Callable[[str], "alt.Y"]
"""Makes the vertical axis for a column."""
INK: Final = "var(--ink)"
HEIGHT: Final = 190
APART: Final = 14
"""Days between markers on a line."""


@dataclass(frozen=True)
class Panel:
    """A view of a chart: its heading, if it has one, and its data by the name of the data set."""

    heading: str
    data: Mapping[str, Columns]


@dataclass(frozen=True)
class Entry:
    """An entry of a chart's key: its words, and the look of a line, or of a band of a shade between 0 and 1."""

    words: str
    look: Look
    shade: float = 0.0


@dataclass(frozen=True)
class Chart:
    """What the page shows of one finding.

    Parameters
    ----------
    name
        Identifier in the page: letters and hyphens.
    finding
        The heading: what the chart shows, as a sentence without its full stop.
    drawn
        What is drawn and over what, in small type; with the finding it is the text alternative.
    spec
        A Vega-Lite specification without data, the same for all panels.
    panels
        In order.
    key
        Entries under the heading; none where panels say what they are.
    table
        The same numbers.
    choose
        Words before the choice of a panel, if they are shown one at a time.
    """

    name: str
    finding: str
    drawn: str
    spec: Mapping[str, Any]
    panels: tuple[Panel, ...]
    table: Sheet
    key: tuple[Entry, ...] = ()
    choose: str = ""
    looks: tuple[Look, ...] = field(default=(), repr=False)

    @property
    def colours(self) -> set[str]:
        """The colours that its marks and its key have."""
        return {look.colour for look in (*self.looks, *(entry.look for entry in self.key))}


def rounded(values: NDArray[np.float64], figures: int = 3) -> list[float | None]:
    """Return numbers as a page keeps them: so many figures, None for what is not a number."""
    return [None if value != value else float(f"{value:.{figures}g}") for value in values.tolist()]


def day_axis(start: datetime, days: int) -> alt.X:
    """Return the axis of days since the start, named by dates as the answers write them."""
    import altair as alt

    ticks = day_ticks(start, days)
    words = "''"
    for day, label in ticks.items():
        words = f"datum.value === {day} ? {dumps(label)} : {words}"
    axis = alt.Axis(values=[*ticks], labelExpr=words, title=None, grid=False, labelOverlap=True, labelAlign="left")
    return alt.X("d:Q", scale=alt.Scale(domain=[0, max(1, days - 1)], nice=False), axis=axis)


def value_axis(title: str, top: float | None = None) -> Axis:
    """Return the axis of amounts from zero, to the same top in all panels if one is given, of any column."""
    import altair as alt

    scale = alt.Scale(zero=True) if top is None else alt.Scale(domain=[0, max(top, 1e-9)])
    axis = alt.Axis(title=title, tickCount=4)
    return lambda field: alt.Y(f"{field}:Q", scale=scale, axis=axis)


def share_axis(title: str) -> Axis:
    """Return the axis of shares in per cent, of any column."""
    import altair as alt

    scale, axis = alt.Scale(domain=[0, 100]), alt.Axis(title=title, values=[0, 50, 100])
    return lambda field: alt.Y(f"{field}:Q", scale=scale, axis=axis)


def pointer(x: alt.X) -> alt.Chart:
    """Return the layer that says the numbers of the day under the pointer: data set ``tips``, columns d and t."""
    import altair as alt

    near = alt.selection_point(nearest=True, on="pointerover", clear="pointerout", fields=["d"], empty=False)
    layer: alt.Chart = (
        alt.Chart(alt.NamedData("tips"))
        .mark_rule(color=INK)
        .encode(x=x, tooltip="t:N", opacity=alt.condition(near, alt.value(0.6), alt.value(0)))
        .add_params(near)
    )
    return layer


def series_scales(looks: Sequence[Look]) -> dict[str, Any]:
    """Return colour, dash and shape of series numbered 0, 1, … in column ``s``."""
    import altair as alt

    numbers = [*range(len(looks))]
    return {
        "color": alt.Color("s:N", legend=None, scale=alt.Scale(domain=numbers, range=[colour(look) for look in looks])),
        "strokeDash": alt.StrokeDash(
            "s:N", legend=None, scale=alt.Scale(domain=numbers, range=[dashes(look) for look in looks])
        ),
        "shape": alt.Shape(
            "s:N", legend=None, scale=alt.Scale(domain=numbers, range=[MARKERS[look.marker] for look in looks])
        ),
    }


def spotted(days: int, place: int, count: int) -> range:
    """Return the days on which the line of one of so many series has its marker, so that few lie on each other."""
    return range(APART * (place + 1) // (count + 1), days, APART)


def finished(layers: Iterable[alt.Chart], height: int = HEIGHT) -> dict[str, Any]:
    """Return layers as a specification as wide as the page gives it."""
    import altair as alt

    chart = alt.layer(*layers).properties(width="container", height=height)
    spec: dict[str, Any] = chart.to_dict()
    for unwanted in ("$schema", "config", "datasets"):
        spec.pop(unwanted, None)
    return spec
