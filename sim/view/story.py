"""One replication in short, for notebooks: its weeks in a table, its days in a figure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from sim.language import say, say_counted
from sim.results.daily import HALF, Daily
from sim.rules.steps import WEEK
from sim.study.replicate import Events
from sim.view.events import head_lines
from sim.view.figures.parts import finished, stacked, zero
from sim.view.style import INK, LOSS, dates, frame, product
from sim.view.table import grid, paragraphs
from sim.view.words import number, on_day, percent, range_words, short_date

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.view.style import Chart

    Counts = NDArray[np.float64]


def per_day(events: Events, word: str) -> Counts:
    """Return how many entries of the log with a word there are, by day."""
    days, table = events.record.plan.days, events.table
    hours = table.loc[table["event"] == word, "time"].to_numpy()
    counts: Counts = np.bincount((hours // 24.0).astype(int), minlength=days)[:days].astype(float)
    return counts


def story_words(events: Events) -> None:
    """Set what happened in a replication: which it is, its half-shut days and losses, and a table of its weeks."""
    paragraphs([*head_lines(events), finding(events)])
    share, start = Daily(events.record).lead("open_share"), events.scenario.start
    columns = {head: per_day(events, word) for head, word in heads().items()}
    rows = []
    for first, last in _weeks(len(share)):
        week = range_words(*(short_date(on_day(start, day)) for day in (first, last)))
        sums = (number(float(counts[first : last + 1].sum())) for counts in columns.values())
        rows.append([week, *sums, percent(float(share[first : last + 1].min()))])
    hub, lead = events.scenario.root.hub, say(_lead(events))
    of = say("lowest share of stations with {product}, {town}", product=lead, town=hub)
    grid([say("Week"), *columns, of], rows)


def heads() -> dict[str, str]:
    """Return, by head of a column, the word in the log whose entries it counts."""
    return {
        say("convoys left"): "departed",
        say("tankers unloaded"): "unloaded",
        say("ambushes sprung"): "sprung",
        say("tankers lost"): "lost",
    }


def _weeks(days: int) -> Iterator[tuple[int, int]]:
    return ((first, min(first + WEEK, days) - 1) for first in range(0, days, WEEK))


def _lead(events: Events) -> str:
    return events.record.plan.products.name[events.record.plan.lead]


def finding(events: Events) -> str:
    """Say on how many days most of the hub's stations were shut, and how many tankers were lost."""
    shut = int((Daily(events.record).lead("open_share") < HALF).sum())
    lost = number(float(per_day(events, "lost").sum()))
    return say_counted(
        "Under half of {town}'s stations have {product} on {days} day; tankers lost: {lost}.",
        "Under half of {town}'s stations have {product} on {days} days; tankers lost: {lost}.",
        shut,
        town=events.scenario.root.hub,
        product=say(_lead(events)),
        days=number(float(shut)),
        lost=lost,
    )


def story(events: Events) -> Chart:
    """Draw, day by day, the share of the hub's stations that have its lead product, and the tankers lost."""
    share = 100.0 * Daily(events.record).lead("open_share")
    lost, start = per_day(events, "lost"), events.scenario.start
    x = np.arange(len(share)) + zero(start)
    chart, rows = stacked([1.3, 0.9], 0.75)
    top = chart.add_subplot(rows[0])
    below = chart.add_subplot(rows[1], sharex=top)
    look = product(_lead(events))
    top.plot(x, share, color=look.colour, linestyle=look.line, linewidth=1.4)
    top.axhline(100.0 * HALF, color=INK, linewidth=0.6, linestyle=":")
    top.set_ylim(0, 104)
    below.bar(x + 0.5, lost, width=0.9, color=LOSS)
    below.set_ylim(0, max(float(lost.max()), 1.0) * 1.1)
    hub = events.scenario.root.hub
    frame(top, "%", say("Share of stations with {product}, {town}", product=say(_lead(events)), town=hub))
    frame(below, say("tankers"), say("Tankers lost on the day"))
    for axes in (top, below):
        axes.set_xlim(x[0], x[-1] + 1)
        dates(axes, labels=axes is below)
    which = say(
        "Replication {number} of seed {seed}; dotted: half of the stations.",
        number=str(events.replication),
        seed=str(events.seed),
    )
    return finished(chart, finding(events).removesuffix("."), which)
