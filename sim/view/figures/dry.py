"""In how many replications stations are shut: the share of them in which under half of a town's are open, by day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from math import sqrt

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray
from pandas import DataFrame

from sim.language import say, say_counted
from sim.study.comparison import Comparison
from sim.view.bands import matrix
from sim.view.figures import figure
from sim.view.figures.parts import finished, headed, sentences, zero
from sim.view.figures.sides import Side, basis, first_of, known_town, shortened, sides
from sim.view.style import INK, SOFT, TINY, Chart, canvas, dates, frame
from sim.view.words import counted, long_date, number, on_day, percent

HALF = 50.0
"""Per cent of stations open under which a day counts as one of closure."""
APART = 0.125
"""Least distance of the names beside two lines, inches."""
EVERY = 14
"""Days from marker to marker on a line."""
COUNTED = 20
"""With fewer replications than this, a title counts them instead of giving their share."""
NAME = 22
"""Characters of a name beside its line."""


@figure("dry-share", "Comparison")
def dry_share(comparison: Comparison, town: str | None = None) -> Chart:
    """Draw in how many replications under half of a town's stations are open, by day, a line for each alternative.

    Where stations are mostly either open or shut, this says what bands about a median cannot.  In the hub stations with
    the lead product count, in other towns those with any.

    Parameters
    ----------
    comparison
        A comparison.
    town
        A town of the scenario; the hub if absent.

    Raises
    ------
    ViewError
        If the comparison has no such town.
    """
    scenario = comparison.alternatives[0].scenario
    town = town or scenario.root.hub
    known_town(comparison, town)
    alternatives = sides(comparison)
    opened = open_by_day(comparison, town)
    x = next(iter(opened.values())).index.to_numpy(dtype=float) + zero(scenario.start)
    shares = {name: dry_shares(table) for name, table in opened.items()}
    high = max(2.4, APART * len(alternatives) + 0.3)
    chart = canvas(high + 1.0)
    axes = chart.add_subplot()
    for place, side in enumerate(alternatives):
        look, first = side.look, (place * EVERY) // len(alternatives)
        axes.plot(
            x, shares[side.name], color=look.colour, linestyle=look.line, linewidth=1.5, marker=look.marker,
            markersize=4, markevery=(first, EVERY), markeredgecolor=look.edge or INK, markeredgewidth=0.4,
            label=side.name, gid=side.name, zorder=3,
        )  # fmt: skip
    half_line(axes)
    axes.set_ylim(-3, 103)
    axes.set_xlim(x[0], x[-1])
    frame(axes, say("% of replications"))
    dates(axes)
    _names(axes, alternatives, {side.name: float(shares[side.name][-1]) for side in alternatives}, high)
    title = headed(comparison.count, _title(comparison, town, alternatives, shares))
    return finished(chart, title, _reading(comparison, town), basis(comparison))


def open_by_day(comparison: Comparison, town: str) -> dict[str, DataFrame]:
    """Return the share of a town's stations open under each alternative, %, by day (rows) and replication (columns).

    In the hub of those with the lead product, as the measures count them.
    """
    root = comparison.alternatives[0].scenario.root
    columns = ["alternative", "replication", "day", "open"]
    if town == root.hub:
        rows = comparison.part("hub", columns, product=root.lead)
    else:
        rows = comparison.part("days", columns, town=town)
    return dict(by_day(rows.assign(open=100 * rows["open"]), "open"))


def by_day(table: DataFrame, column: str) -> Iterator[tuple[str, DataFrame]]:
    """Yield each alternative and a column of it, by day and replication."""
    return ((str(name), matrix(rows, column)) for name, rows in table.groupby("alternative"))


def dry_shares(opened: DataFrame) -> NDArray[np.float64]:
    """Return for each day in how many of the replications, %, under half of the stations are open."""
    return np.asarray(100 * (opened < HALF).to_numpy(dtype=float).mean(axis=1), dtype=np.float64)


def days_of(rows: DataFrame, start: datetime) -> NDArray[np.float64]:
    """Return the days of a table in matplotlib's days."""
    return np.sort(rows["day"].unique()).astype(float) + zero(start)


def half_line(axes: Axes) -> None:
    """Mark the half of an axis of shares."""
    axes.axhline(HALF, color=SOFT, linewidth=0.6, linestyle=(0, (1, 2)))
    axes.set_yticks([0, 50, 100])


def _names(axes: Axes, alternatives: Sequence[Side], ends: Mapping[str, float], inches: float) -> None:
    """Write the name of each line behind its end, apart from the others, with its marker; lead to it if it is moved."""
    low, high = axes.get_ylim()
    apart = APART * (high - low) / inches
    ranked = sorted(alternatives, key=lambda side: (ends[side.name], -alternatives.index(side)))
    spots = np.array([ends[side.name] for side in ranked])
    for place in range(1, len(spots)):
        spots[place] = max(spots[place], spots[place - 1] + apart)
    over = spots[-1] - high
    if over > 0:  # push down from the top what was pushed beyond it
        spots[-1] = high
        for place in range(len(spots) - 2, -1, -1):
            spots[place] = min(spots[place], spots[place + 1] - apart)
    for side, spot in zip(ranked, spots, strict=True):
        look, end = side.look, ends[side.name]
        for x, y, marker in (((1.0, 1.012), (end, spot), ""), ((1.02,), (spot,), look.marker)):
            axes.plot(
                x, y, color=look.colour, linewidth=0.8, marker=marker, markersize=4, markeredgewidth=0.4,
                markeredgecolor=look.edge or INK, transform=axes.get_yaxis_transform(), clip_on=False, zorder=4,
            )  # fmt: skip
        axes.annotate(
            shortened(side.name, NAME), (1.02, spot), xycoords=axes.get_yaxis_transform(), xytext=(5, 0),
            textcoords="offset points", va="center", fontsize=TINY, color=INK, annotation_clip=False,
        )  # fmt: skip


def _title(
    comparison: Comparison, town: str, alternatives: Sequence[Side], shares: Mapping[str, NDArray[np.float64]]
) -> str:
    scenario = comparison.alternatives[0].scenario
    worst = np.max([*shares.values()], axis=0)
    if not worst.max() > 0:
        return say("{town}: in no replication are under half of the stations open on any day", town=town)
    spread = worst - np.min([*shares.values()], axis=0)
    day = len(worst) - 1 - int(np.argmax(spread[::-1]))  # the last of those on which they differ most
    when = long_date(on_day(scenario.start, float(day)))
    at = {side.said: float(share[day]) for side in alternatives for share in (shares[side.name],)}
    few, many = min(at.values()), max(at.values())
    least, most = ([said for said, share in at.items() if share == end] for end in (few, many))
    if few == many:
        return say(
            "{town}: on {date} under half of the stations are open in {share} in all",
            town=town, date=when, share=_said(many, comparison.count),
        )  # fmt: skip
    return say(
        "{town}: on {date} under half of the stations are open in {few} with {first}, in {many} with {last}",
        town=town, date=when, few=_said(few, comparison.count), first=first_of(least),
        many=_said(many, comparison.count), last=first_of(most),
    )  # fmt: skip


def _said(share: float, count: int) -> str:
    """Write a share of replications, of few of them as a count."""
    if count >= COUNTED:
        return say("{share} of replications", share=percent(share / 100))
    some = round(share / 100 * count)
    return say_counted(
        "{some} of {count} replication", "{some} of {count} replications", count, some=number(some), count=number(count)
    )


def _reading(comparison: Comparison, town: str) -> str:
    root = comparison.alternatives[0].scenario.root
    what = (
        say(
            "Share of replications in which under half of {town}'s stations have {product}, day by day.",
            town=town,
            product=say(root.lead),
        )
        if town == root.hub
        else say(
            "Share of replications in which under half of {town}'s stations are open with any product, day by day.",
            town=town,
        )
    )
    sure = 100 * 1.96 * 0.5 / sqrt(comparison.draws)
    return sentences(
        what,
        say(
            "A share near a half is sure to about {points} either way (95 %); differences on the same luck are surer.",
            points=counted(number(sure), "point"),
        )
        if comparison.count > 1
        else "",
    )
