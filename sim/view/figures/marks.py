"""Documented events and rules on sales on a time axis: tags over the panel and a key beneath the figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from string import ascii_uppercase
from textwrap import wrap

from matplotlib.axes import Axes
from matplotlib.dates import date2num

from sim.scenario.demand import Rationing
from sim.scenario.fields import Moment
from sim.scenario.schema import Mark
from sim.view.style import FAINT, INK, SOFT, TINY
from sim.view.words import number, percent, range_words, short_date

LINE_INCHES = 0.13
"""Height of a line of the key."""
TAG_INCHES = 0.14
"""Height of a row of tags."""


@dataclass(frozen=True)
class Tag:
    """A documented event or a rule: its sign, its place on the time axis (matplotlib's days) and its words."""

    sign: str
    x: float
    words: str


def rules_of(rules: Mapping[str, Rationing], town: str, products: Sequence[str]) -> list[Rationing]:
    """Return the rules on sales that hold in a town for one of some products."""
    return [
        rule
        for rule in rules.values()
        if (not rule.towns or town in rule.towns) and (not rule.products or set(products) & set(rule.products))
    ]


def tags_of(
    marks: Mapping[str, Mark], rules: Sequence[Rationing], start: datetime, low: float, high: float
) -> list[Tag]:
    """Return what begins between two moments (matplotlib's days), in order of time.

    Events are numbered from 1, rules on sales lettered from A.
    """
    timed = [(_when(mark.at, start), False, f"{mark.label} [{mark.source}]") for mark in marks.values()]
    timed += [(_when(rule.from_, start), True, rule_words(rule, start)) for rule in rules]
    held = []
    numbers, letters = iter(range(1, len(timed) + 1)), iter(ascii_uppercase * (len(timed) // 26 + 1))
    for hours, ruled, words in sorted(timed):
        when = start + timedelta(hours=hours)
        x = float(date2num(when))
        if low <= x <= high:
            sign = next(letters) if ruled else str(next(numbers))
            held.append(Tag(sign, x, f"{short_date(when)}: {words}"))
    return held


def _when(moment: Moment, start: datetime) -> float:
    hours = moment.hours(start)[0]
    assert hours is not None
    return hours


def rule_words(rule: Rationing, start: datetime) -> str:
    """Say what a rule on sales does, at its central values, and until when."""
    parts = []
    if rule.fill is not None:
        parts.append(f"at most {number(rule.fill.value)} L a purchase")
    if rule.share is not None:
        parts.append(f"sales held to {percent(rule.share.value)} of calm ones")
    if rule.closed_stations is not None:
        closed = rule.closed_stations
        ends = (
            "" if closed.low is None or closed.high is None else range_words(percent(closed.low), percent(closed.high))
        )
        parts.append(f"{percent(closed.value)}{f' ({ends})' if ends else ''} of stations reserved")
    if rule.closed_days:
        parts.append(f"no sales on {', '.join(day.capitalize() for day in rule.closed_days)}")
    end = f", to {short_date(start + timedelta(hours=_when(rule.to, start)))}" if rule.to is not None else ""
    return f"{'; '.join(parts)}{end}"


def _rows(tags: Sequence[Tag], low: float, high: float) -> list[int]:
    """Row of each tag, so that tags in a row do not touch."""
    apart = 0.026 * (high - low)
    last: list[float] = []
    held = []
    for tag in tags:
        row = next((row for row, taken in enumerate(last) if tag.x - taken >= apart), len(last))
        last[row : row + 1] = [tag.x]
        held.append(row)
    return held


def tag_rows(tags: Sequence[Tag], low: float, high: float) -> int:
    """Rows that the tags need on an axis from ``low`` to ``high``."""
    return max(_rows(tags, low, high), default=-1) + 1


def draw_lines(axes: Axes, tags: Sequence[Tag]) -> None:
    """Draw a thin line per event or rule."""
    for tag in tags:
        axes.axvline(tag.x, color=SOFT, linewidth=0.5, linestyle=(0, (2, 2)), zorder=1)


def draw_tags(axes: Axes, tags: Sequence[Tag]) -> None:
    """Write the signs of the events over the panels, on further rows where they crowd."""
    axes.set_axis_off()
    rows = _rows(tags, *axes.get_xlim())
    count = max(rows, default=0) + 1
    axes.set_ylim(0, count)
    for tag, row in zip(tags, rows, strict=True):
        axes.plot([tag.x, tag.x], [0, row + 0.2], color=SOFT, linewidth=0.5, linestyle=(0, (2, 2)), zorder=1)
        axes.text(
            tag.x, row + 0.5, tag.sign, ha="center", va="center", fontsize=TINY, color=INK, clip_on=False,
            bbox={
                "boxstyle": "circle,pad=0.18" if tag.sign.isdigit() else "square,pad=0.18",
                "facecolor": "white" if tag.sign.isdigit() else FAINT, "edgecolor": INK, "linewidth": 0.6,
            },
        )  # fmt: skip


def key_lines(tags: Sequence[Tag]) -> int:
    """Lines of the key."""
    left, right = _columns(tags)
    return max(left, right)


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
