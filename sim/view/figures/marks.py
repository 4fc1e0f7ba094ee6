"""Documented events and rules on sales on a time axis: tags over the panel and a key beneath the figure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count, cycle
from string import ascii_uppercase
from textwrap import wrap

from matplotlib.axes import Axes
from matplotlib.dates import date2num

from sim.language import mark, say
from sim.scenario.demand import Rationing
from sim.scenario.fields import Moment
from sim.scenario.load import Scenario
from sim.view.style import FAINT, INK, SOFT, TINY
from sim.view.words import apart, number, percent, range_words, short_date

LINE_INCHES = 0.13
"""Height of a line of the key."""
TAG_INCHES = 0.14
"""Height of a row of tags."""


WEEKDAYS = {
    "mon": mark("Mon"), "tue": mark("Tue"), "wed": mark("Wed"), "thu": mark("Thu"), "fri": mark("Fri"),
    "sat": mark("Sat"), "sun": mark("Sun"),
}  # fmt: skip


@dataclass(frozen=True)
class Tag:
    """A documented event or a rule: its sign, its place on the time axis (matplotlib's days) and its words."""

    sign: str
    x: float
    words: str


def tags_of(
    scenario: Scenario, town: str, products: Collection[str], low: float, high: float
) -> list[Tag]:  # fmt: skip
    """Return what begins between two moments (matplotlib's days), in order of time.

    Events are numbered from 1; rules on sales, of those that hold in the town for one of the products, are lettered
    from A.
    """
    root, start = scenario.root, scenario.start
    timed = [(_when(event.at, start), False, f"{say(event.label)} [{event.source}]") for event in root.marks.values()]
    timed += [
        (_when(rule.from_, start), True, _rule_words(rule, start))
        for rule in root.rationing.values()
        if (not rule.towns or town in rule.towns) and (not rule.products or {*products} & {*rule.products})
    ]
    tags = []
    numbers, letters = count(1), cycle(ascii_uppercase)
    for hours, ruled, words in sorted(timed):
        when = start + timedelta(hours=hours)
        x = float(date2num(when))
        if low <= x <= high:
            sign = next(letters) if ruled else str(next(numbers))
            tags.append(Tag(sign, x, say("{date}: {event}", date=short_date(when), event=words)))
    return tags


def _when(moment: Moment, start: datetime) -> float:
    hours = moment.hours(start)[0]
    assert hours is not None
    return hours


def _rule_words(rule: Rationing, start: datetime) -> str:
    """Say what a rule on sales does, at its central values, and until when."""
    parts = []
    if rule.fill is not None:
        parts.append(say("at most {amount} L a purchase", amount=number(rule.fill.value)))
    if rule.share is not None:
        parts.append(say("sales held to {share} of calm ones", share=percent(rule.share.value)))
    if closed := rule.closed_stations:
        share = percent(closed.value)
        if closed.low is not None and closed.high is not None:
            share = f"{share} ({range_words(percent(closed.low), percent(closed.high))})"
        parts.append(say("{share} of stations reserved", share=share))
    if rule.closed_days:
        days = ", ".join(say(WEEKDAYS[day]) for day in rule.closed_days)
        parts.append(say("no sales on {days}", days=days))
    words = apart(parts)
    if rule.to is None:
        return words
    return say("{rule}, to {date}", rule=words, date=short_date(start + timedelta(hours=_when(rule.to, start))))


def _rows(tags: Sequence[Tag], low: float, high: float) -> list[int]:
    """Row of each tag, so that tags in a row do not touch."""
    apart = 0.026 * (high - low)
    last: list[float] = []
    rows = []
    for tag in tags:
        row = next((row for row, taken in enumerate(last) if tag.x - taken >= apart), len(last))
        last[row : row + 1] = [tag.x]
        rows.append(row)
    return rows


def heights(tags: Sequence[Tag], low: float, high: float) -> tuple[float, float]:
    """Return the inches that the tags take over an axis from ``low`` to ``high``, and their key beneath."""
    rows = max(_rows(tags, low, high), default=-1) + 1
    return TAG_INCHES * rows + 0.02, LINE_INCHES * max(_columns(tags)) + 0.02


def draw_lines(axes: Axes, tags: Sequence[Tag]) -> None:
    """Draw a thin line per event or rule."""
    for tag in tags:
        axes.axvline(tag.x, color=SOFT, linewidth=0.5, linestyle=(0, (2, 2)), zorder=1)


def draw_tags(axes: Axes, tags: Sequence[Tag]) -> None:
    """Write the signs of the events over the panels, on further rows where they crowd."""
    axes.set_axis_off()
    rows = _rows(tags, *axes.get_xlim())
    axes.set_ylim(0, max(rows, default=0) + 1)
    for tag, row in zip(tags, rows, strict=True):
        axes.plot([tag.x, tag.x], [0, row + 0.2], color=SOFT, linewidth=0.5, linestyle=(0, (2, 2)), zorder=1)
        axes.text(
            tag.x, row + 0.5, tag.sign, ha="center", va="center", fontsize=TINY, color=INK, clip_on=False,
            bbox={
                "boxstyle": "circle,pad=0.18" if tag.sign.isdigit() else "square,pad=0.18",
                "facecolor": "white" if tag.sign.isdigit() else FAINT, "edgecolor": INK, "linewidth": 0.6,
            },
        )  # fmt: skip


def _wrapped(tag: Tag) -> list[str]:
    return wrap(tag.words, 70, break_long_words=False)


def _columns(tags: Sequence[Tag]) -> tuple[int, int]:
    """Lines of the left and of the right column; the left one takes a tag while it is not yet half."""
    sizes = [len(_wrapped(tag)) for tag in tags]
    left = 0
    for size in sizes:
        if 2 * left >= sum(sizes):
            break
        left += size
    return left, sum(sizes) - left


def draw_key(axes: Axes, tags: Sequence[Tag]) -> None:
    """Write what the signs stand for, in two columns with evidence ids."""
    axes.set_axis_off()
    left, right = _columns(tags)
    line = 0
    for tag in tags:
        words = _wrapped(tag)
        column, row = (0, line) if line < left else (1, line - left)
        x, y = 0.54 * column - 0.035, 1 - row / max(left, right)
        for across, side, text in ((x, "right", tag.sign), (x + 0.01, "left", "\n".join(words))):
            axes.text(
                across, y, text, ha=side, va="top", transform=axes.transAxes, fontsize=TINY, color=INK,
                linespacing=1.25,
            )  # fmt: skip
        line += len(words)
