"""Tankers that wait, by cause, and what bound in each week."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from math import ceil

import numpy as np
from matplotlib.axes import Axes
from pandas import DataFrame

from sim.language import say, say_counted
from sim.results.run import Run
from sim.rules.steps import WEEK
from sim.view.bands import weekly
from sim.view.figures import figure
from sim.view.figures.flows import LONGEST, corridors_by_size, week_middles
from sim.view.figures.parts import (
    HATCH_WIDTH,
    as_shown,
    finished,
    key,
    made_on,
    panels,
    sentences,
    several,
    stacked,
    swatch,
    zero,
)
from sim.view.figures.sides import shortened
from sim.view.run_findings import binding_shares, bound_most, bound_words
from sim.view.style import INK, PANEL, Chart, cause, dates, frame, on_slides
from sim.view.words import CAUSE_WORDS, CAUSES, number, percent

COLUMNS = 3
SHOWN = 6
"""Corridors that get a panel of their own, those with most waiting first."""
BOUND = ("tankers", "crews", *CAUSES, "none")


@figure("waiting", "Run")
def waiting(run: Run, beside: Run | Sequence[Run] = ()) -> Chart:
    """Draw tankers waiting by cause, what bound by week, and waiting on the corridors with most of it.

    Stacked areas are means over replications of weekly means of tankers waiting.  Tankers without an order are a
    reserve and not stacked.  The strip shows the share of replications bound by each cause.

    Parameters
    ----------
    run
        A run with the tables ``flows`` and ``binding``.
    beside
        Other runs, each drawn by a call of its own, with which this figure shares scales and panels.
    """
    start, others = run.scenario.start, several(beside)
    tables = [daily_means(each) for each in (run, *others)]
    table = tables[0]
    names = [] if on_slides() else _panelled(run, tables)
    chart, grid = stacked([1.9, 0.85, *[1.15] * ceil(len(names) / COLUMNS), 0.3], 0.75, COLUMNS)
    top = chart.add_subplot(grid[0, :])
    _stack(top, everywhere(table), start)
    top.set_ylim(0, _highest([everywhere(each) for each in tables]))
    frame(top, say("tankers waiting"), say("All corridors, tankers with an order waiting, by cause"))
    strip = chart.add_subplot(grid[1, :], sharex=top)
    days = int(table.index.get_level_values("day").max()) + 1
    _bound(strip, run, days)
    _scales(top, days, start)
    dates(top, labels=False)
    dates(strip)
    for axes, column, name in panels(chart, grid, names, COLUMNS, below=2):
        parts = [_of(each, name) for each in tables]
        if not parts[0].empty:
            _stack(axes, parts[0], start)
        highest = _highest(parts)
        axes.set_ylim(0, highest if not column else max(highest, float(axes.get_ylim()[1])))
        frame(axes, "" if column else say("tankers"))
        axes.set_title(shortened(say(name), LONGEST), loc="left", fontsize=PANEL, color=INK, pad=3)
        _scales(axes, days, start)
        dates(axes)
        axes.tick_params(labelleft=not column)
    cause_key(chart.add_subplot(grid[-1, :]), _drawn((run, *others), tables), 5)
    return finished(chart, waiting_title(run, table), _reading(run, table, others), made_on(run))


def _panelled(run: Run, tables: Sequence[DataFrame]) -> list[str]:
    """Return the corridors with most waiting over all of some runs, most first."""
    sums = DataFrame([each[[*CAUSES]].groupby("corridor", observed=True).sum().sum(axis=1) for each in tables]).max()
    ranks = {name: rank for rank, name in enumerate(corridors_by_size(run))}
    names = [str(name) for name in sums.index if sums[name] > 0]
    return sorted(names, key=lambda name: (-sums[name], ranks.get(name, len(ranks)), name))[:SHOWN]


def _drawn(runs: Sequence[Run], tables: Sequence[DataFrame]) -> list[str]:
    """Return the causes for which any of some runs has a tanker waiting or that bound a week."""
    seen = {name for run in runs for name in map(str, binding_shares(run))}
    seen |= {name for table in tables for name in CAUSES if table[name].any()}
    return [name for name in BOUND if name in seen]


def _of(table: DataFrame, corridor: str) -> DataFrame:
    """Return the rows of a corridor, index day; none if a run does not have it."""
    return table[table.index.get_level_values("corridor") == corridor].droplevel("corridor")


def _highest(tables: Sequence[DataFrame]) -> float:
    """Return the height of an axis that holds the stacked weekly means of some runs."""
    most = (float(weekly(each[[*CAUSES]]).sum(axis=1).max()) for each in tables if not each.empty)
    return 1.05 * max([1e-9, *most])


def daily_means(run: Run) -> DataFrame:
    """Tankers waiting by cause (columns) and orders that found none free, index corridor and day, means over runs."""
    names = {f"waiting_{name}": name for name in ("order", *CAUSES)} | {"short": "short"}
    return run.sums("flows", ["corridor", "day"], names).rename(columns=names) / len(run.measures)


def everywhere(daily: DataFrame) -> DataFrame:
    """Return the sum of all corridors, index day."""
    return daily.groupby("day").sum()


def _stack(axes: Axes, daily: DataFrame, start: datetime) -> None:
    means = weekly(daily[[*CAUSES]])
    x = week_middles(means.index.to_numpy(dtype=float), int(daily.index.max()) + 1, start)
    layers = axes.stackplot(
        x, means.to_numpy().T, colors=[cause(name).colour for name in CAUSES], edgecolor=INK, linewidth=0.4,
        hatch_linewidth=HATCH_WIDTH, labels=[say(CAUSE_WORDS[name]) for name in CAUSES],
    )  # fmt: skip
    for layer, name in zip(layers, CAUSES, strict=True):
        layer.set_hatch(cause(name).hatch)


def _scales(axes: Axes, days: int, start: datetime) -> None:
    axes.set_xlim(zero(start), zero(start) + days)


def _bound(axes: Axes, run: Run, days: int) -> None:
    shares = binding_shares(run)
    opens = zero(run.scenario.start) + WEEK * shares.index.to_numpy(dtype=float)
    widths = np.minimum(WEEK, zero(run.scenario.start) + days - opens)
    base = np.zeros(len(shares))
    for name in BOUND:
        if name not in shares:
            continue
        height = 100 * shares[name].to_numpy()
        look = cause(name)
        axes.bar(
            opens, height, widths, base, align="edge", color=look.colour, hatch=look.hatch, edgecolor=INK,
            linewidth=0.4, hatch_linewidth=HATCH_WIDTH, label=say(CAUSE_WORDS[name]),
        )  # fmt: skip
        base += height
    axes.set_ylim(0, 100)
    axes.set_yticks([0, 50, 100])
    frame(axes, say("% of runs"), say("What bound in each week (seven days from the start), share of replications"))


def cause_key(axes: Axes, names: Iterable[str], across: int) -> None:
    """Fill axes with the key of some causes, so many beside each other."""
    handles = {say(CAUSE_WORDS[name]): swatch(cause(name)) for name in names}
    key(axes, handles, across, handleheight=1.1, columnspacing=1.5, labelspacing=0.4)


def waiting_title(run: Run, daily: DataFrame) -> str:
    """Say what makes most of the waiting, and what binds."""
    sums = weekly(everywhere(daily)[[*CAUSES]]).sum()
    if float(sums.sum()) <= 0:
        return say("No tanker with an order waits")
    most = str(sums.idxmax())
    words, bound = say(CAUSE_WORDS[most]), bound_words(run)
    values = {"cause": f"{words[:1].upper()}{words[1:]}", "share": percent(float(sums[most] / sums.sum()))}
    alone = [spell for spell in bound_most(run) if spell.causes == {most}]
    if len(bound_most(run)) == 1 and alone:
        return say("{cause} makes {share} of the waiting and binds most ({dates})", dates=alone[0].dates, **values)
    if words not in bound:
        return say("{cause} makes {share} of the waiting; {bound}", bound=bound, **values)
    return bound[0].upper() + bound[1:]


def _reading(run: Run, daily: DataFrame, others: Sequence[Run]) -> str:
    count = len(run.measures)
    idle = float(everywhere(daily)["order"].mean())
    imports = [name for name, corridor in run.scenario.root.corridors.items() if corridor.kind == "import"]
    short = float(daily.loc[daily.index.isin(imports, level="corridor"), "short"].sum())
    return sentences(
        say_counted(
            "Areas: weekly means over {count} replication; panels of a row share a scale.",
            "Areas: weekly means over {count} replications; panels of a row share a scale.",
            count, count=number(count),
        ),
        say_counted(
            "Scales and panels are those of {count} other run, too.",
            "Scales and panels are those of {count} other runs, too.",
            len(others), count=number(len(others)),
        )
        if others
        else "",
        reserve_words(idle),
        say_counted(
            "On import corridors {count} load was ordered when no tanker or crew was free.",
            "On import corridors {count} loads were ordered when no tanker or crew was free.",
            as_shown(short), count=number(short),
        ),
    )  # fmt: skip


def reserve_words(idle: float) -> str:
    """Say how many tankers, a day on average, are not shown among those that wait, since they have no order."""
    return say_counted(
        "Not shown: {count} tanker a day on average without an order (a reserve).",
        "Not shown: {count} tankers a day on average without an order (a reserve).",
        as_shown(idle), count=number(idle),
    )  # fmt: skip
