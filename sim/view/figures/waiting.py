"""Tankers that wait, by cause, and what bound in each week."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from math import ceil

import numpy as np
from matplotlib.axes import Axes
from pandas import DataFrame

from sim.results.run import Run
from sim.rules.steps import WEEK
from sim.view.bands import weekly
from sim.view.figures import figure
from sim.view.figures.flows import LONGEST, corridors_by_size, week_middles
from sim.view.figures.parts import HATCH_WIDTH, finished, key, panels, stacked, swatch, zero
from sim.view.figures.sides import shortened
from sim.view.run_findings import binding_shares, bound_words
from sim.view.study_words import made_words
from sim.view.style import INK, PANEL, Chart, cause, dates, frame
from sim.view.words import CAUSE_WORDS, CAUSES, counted, number, percent

COLUMNS = 3
SHOWN = 6
"""Corridors that get a panel of their own, those with most waiting first."""
BOUND = ("tankers", "crews", *CAUSES, "none")


@figure("waiting", "Run")
def waiting(run: Run) -> Chart:
    """Draw tankers waiting by cause, what bound by week, and waiting on the corridors with most of it.

    Stacked areas are means over replications of weekly means of tankers waiting.  Tankers without an order are a
    reserve and not stacked.  The strip shows the share of replications bound by each cause.

    Parameters
    ----------
    run
        A run with the tables ``flows`` and ``binding``.
    """
    start = run.scenario.start
    table = daily_means(run)
    sums = table[[*CAUSES]].groupby("corridor", observed=True).sum().sum(axis=1)
    names = [name for name in corridors_by_size(run) if sums[name] > 0]
    names = sorted(names, key=lambda name: -sums[name])[:SHOWN]
    chart, grid = stacked([1.9, 0.85, *[1.15] * ceil(len(names) / COLUMNS), 0.3], 0.75, COLUMNS)
    top = chart.add_subplot(grid[0, :])
    _stack(top, everywhere(table), start)
    frame(top, "tankers waiting", "All corridors, tankers with an order waiting, by cause")
    strip = chart.add_subplot(grid[1, :], sharex=top)
    days = int(table.index.get_level_values("day").max()) + 1
    _bound(strip, run, days)
    _scales(top, days, start)
    dates(top, labels=False)
    dates(strip)
    for axes, column, name in panels(chart, grid, names, COLUMNS, below=2):
        _stack(axes, table[table.index.get_level_values("corridor") == name].droplevel("corridor"), start)
        frame(axes, "" if column else "tankers")
        axes.set_title(shortened(name, LONGEST), loc="left", fontsize=PANEL, color=INK, pad=3)
        _scales(axes, days, start)
        dates(axes)
        axes.tick_params(labelleft=not column)
    cause_key(chart.add_subplot(grid[-1, :]), BOUND, 5)
    return finished(chart, waiting_title(run, table), _detail(run, table))


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
        hatch_linewidth=HATCH_WIDTH, labels=[CAUSE_WORDS[name] for name in CAUSES],
    )  # fmt: skip
    for layer, name in zip(layers, CAUSES, strict=True):
        layer.set_hatch(cause(name).hatch)
    axes.set_ylim(bottom=0)


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
            linewidth=0.4, hatch_linewidth=HATCH_WIDTH, label=CAUSE_WORDS[name],
        )  # fmt: skip
        base += height
    axes.set_ylim(0, 100)
    axes.set_yticks([0, 50, 100])
    frame(axes, "% of runs", "What bound in each week (seven days from the start), share of replications")


def cause_key(axes: Axes, names: Iterable[str], across: int) -> None:
    """Fill axes with the key of some causes, so many beside each other."""
    handles = {CAUSE_WORDS[name]: swatch(cause(name)) for name in names}
    key(axes, handles, across, handleheight=1.1, columnspacing=1.5, labelspacing=0.4)


def waiting_title(run: Run, daily: DataFrame) -> str:
    """Say what makes most of the waiting, and what binds."""
    sums = weekly(everywhere(daily)[[*CAUSES]]).sum()
    if float(sums.sum()) <= 0:
        return "No tanker with an order waits"
    most = str(sums.idxmax())
    share = float(sums[most] / sums.sum())
    makes = f"{CAUSE_WORDS[most].capitalize()} makes {percent(share)} of the waiting"
    bound = bound_words(run)
    if CAUSE_WORDS[most] not in bound:
        return f"{makes}; {bound}"
    alone = re.fullmatch(rf"{CAUSE_WORDS[most]} (\(.+\)) binds most", bound)
    return f"{makes} and binds most {alone[1]}" if alone else bound[0].upper() + bound[1:]


def _detail(run: Run, daily: DataFrame) -> str:
    count = len(run.measures)
    idle = float(everywhere(daily)["order"].mean())
    imports = [name for name, corridor in run.scenario.root.corridors.items() if corridor.kind == "import"]
    short = float(daily.loc[daily.index.isin(imports, level="corridor"), "short"].sum())
    return (
        f"Areas: weekly means over {counted(str(count), 'replication')}; panels of a row share a scale. "
        f"Not shown: {number(idle)} tankers a day on average without an order (a reserve). "
        f"On import corridors {counted(number(short), 'load was', 'loads were')} ordered when no tanker or crew was "
        f"free. {made_words(run)}"
    )
