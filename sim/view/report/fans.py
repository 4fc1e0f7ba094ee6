"""Medians with bands over days, and shares of runs by day: layers, data, keys and words of charts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.language import say
from sim.view.bands import FEW, Fan, band_name
from sim.view.blocks import Sheet
from sim.view.report.chart import Axis, Columns, Entry, day_axis, pointer, rounded
from sim.view.report.marks import colour, dashes
from sim.view.style import Look
from sim.view.words import number, on_day, percent, range_words, short_date

if TYPE_CHECKING:
    import altair as alt


BANDS: Final = (("l", "h", 0.2), ("q", "r", 0.3))
"""Columns and opacity of bands, the outer one first."""


def bands_of(total: int) -> tuple[tuple[str, str, float], ...]:
    """Return the bands that so many runs have about their median: columns of `fan_data`, and the shade of its own."""
    return BANDS[: 0 if total == 1 else 1 if total < FEW else 2]


def fan_layers(look: Look, start: datetime, days: int, axis: Axis, total: int) -> Iterator[alt.Chart]:
    """Yield bands, median and pointer: data set ``rows`` of `fan_data`, and ``tips``."""
    import altair as alt

    x, base = day_axis(start, days), alt.Chart(alt.NamedData("rows"))
    for low, high, opacity in bands_of(total):
        yield base.mark_area(color=colour(look), opacity=opacity).encode(x=x, y=axis(low), y2=f"{high}:Q")
    line = base.mark_line(color=colour(look), strokeWidth=2, strokeDash=dashes(look) or [1, 0])
    yield line.encode(x=x, y=axis("m"))
    yield pointer(x)


def share_layers(look: Look, start: datetime, days: int, axis: Axis, *, step: bool = True) -> Iterator[alt.Chart]:
    """Yield an area over days, in steps or straight from point to point, and the pointer.

    Data sets ``rows``, columns d and m, and ``tips``.
    """
    import altair as alt

    x, line = day_axis(start, days), {"color": colour(look), "strokeWidth": 2}
    area = alt.Chart(alt.NamedData("rows")).mark_area(
        color=colour(look), opacity=0.3, line=line, interpolate="step" if step else "linear"
    )
    yield area.encode(x=x, y=axis("m"))
    yield pointer(x)


def fan_data(spread: Fan) -> Columns:
    """Return the columns that `fan_layers` draws; ``x`` of the fan are days since the start."""
    parts = {"m": spread.median}
    if spread.total > 1:
        parts |= {"l": spread.low, "h": spread.high}
    if spread.total >= FEW:
        parts |= {"q": spread.quarter, "r": spread.three_quarters}
    return {"d": rounded(spread.x, 6)} | {name: rounded(values) for name, values in parts.items()}


def share_data(share: NDArray[np.float64], start: datetime) -> dict[str, Columns]:
    """Return the data of `share_layers` with its tips."""
    tips = [
        say("{day}: {share} of runs", day=text, share=percent(part))
        for text, part in zip(dates(start, share), share, strict=True)
    ]
    return {"rows": {"d": [*range(len(share))], "m": rounded(100 * share)}, "tips": tips_of(range(len(share)), tips)}


def tips_of(days: Iterable[float], texts: Sequence[str]) -> Columns:
    """Return what the pointer says by day."""
    return {"d": [*days], "t": [*texts]}


def fan_key(look: Look, total: int) -> tuple[Entry, ...]:
    """Return the entries of a median and its bands."""
    if total == 1:
        return (Entry(say("one run"), replace(look, marker="")),)
    entries, clear = [Entry(say("median of {count} runs", count=number(total)), replace(look, marker=""))], 1.0
    for words, (*_, opacity) in zip((band_name(total), "25–75 %"), bands_of(total), strict=False):
        clear *= 1.0 - opacity  # the inner band lies on the outer one
        entries.append(Entry(words, look, round(1.0 - clear, 2)))
    return tuple(entries)


def fan_texts(spread: Fan, write: Callable[[float], str]) -> list[str]:
    """Write the median and its band for each point of a fan."""
    middles = [write(value) for value in spread.median.tolist()]
    if spread.total == 1:
        return middles
    ends = zip(middles, spread.low.tolist(), spread.high.tolist(), strict=True)
    return [f"{middle} ({range_words(write(low), write(high))})" for middle, low, high in ends]


def dates(start: datetime, days: Sequence[object] | NDArray[np.float64]) -> list[str]:
    """Return the dates of as many days from the start."""
    return [short_date(on_day(start, day)) for day in range(len(days))]


def by_day(start: datetime, columns: dict[str, list[str]]) -> Sheet:
    """Return a table with a row a day and a column for each list of texts by its head."""
    lists = [*columns.values()]
    rows = tuple(zip(dates(start, lists[0]), *lists, strict=True))
    return Sheet((say("Day"), *columns), rows, frozenset(range(1, len(columns) + 1)))
