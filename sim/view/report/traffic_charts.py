"""Charts of a run's roads: tankers that wait, by cause, and tankers that arrive, by corridor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from sim.language import say, say_counted
from sim.results.run import Run
from sim.rules.steps import WEEK
from sim.view.bands import fan, matrix, weekly
from sim.view.blocks import Sheet
from sim.view.figures.flows import ARRIVED, corridors_by_size, flows_title
from sim.view.figures.waiting import daily_means, everywhere, waiting_title
from sim.view.report.chart import Chart, Entry, Panel, day_axis, finished, rounded, value_axis
from sim.view.report.fans import fan_data, fan_key, fan_layers, fan_texts, share_layers, tips_of
from sim.view.run_findings import days_of
from sim.view.style import INK, Look, cause
from sim.view.words import CAUSE_WORDS, CAUSES, number, on_day, percent, range_words, short_date

CORRIDORS: Final = 12
"""Corridors that get a panel, those that delivered most first."""
ORDERED: Final = Look(INK, ":", "")


def traffic_charts(run: Run) -> list[Chart]:
    """Return the charts of waiting and of arrivals; none of what did not happen."""
    return [chart for chart in (waiting_chart(run), flows_chart(run)) if chart is not None]


def week_words(run: Run, weeks: int) -> list[str]:
    """Return the first and last day of each week since the start."""
    start, days = run.scenario.start, days_of(run)
    ends = [(WEEK * week, min(WEEK * week + WEEK, days) - 1) for week in range(weeks)]
    return [range_words(*(short_date(on_day(start, day)) for day in end)) for end in ends]


def _by_week(weeks: Sequence[str], columns: Mapping[str, Sequence[str]]) -> Sheet:
    rows = tuple(zip(weeks, *columns.values(), strict=True))
    return Sheet((say("Week"), *columns), rows, frozenset(range(1, len(columns) + 1)))


def waiting_chart(run: Run) -> Chart | None:
    """Draw the tankers that wait on all corridors, a panel a cause, those with most waiting first."""
    start, days = run.scenario.start, days_of(run)
    daily = daily_means(run)
    everything = everywhere(daily)[[*CAUSES]]
    means = weekly(everything)
    sums = everything.sum()
    causes = [str(name) for name in sums.sort_values(ascending=False, kind="stable").index if sums[name] > 0]
    if not causes:
        return None
    weeks = week_words(run, len(means))
    middles = [min(WEEK * week + WEEK / 2, (WEEK * week + days) / 2) for week in range(len(means))]
    top = float(means[causes].to_numpy().max())
    look, panels, columns = Look(cause("escort").colour, "-", ""), [], {}
    for name in causes:
        texts = [number(value) for value in means[name]]
        tips = [
            say("{week}: {count} tankers waiting", week=week, count=text)
            for week, text in zip(weeks, texts, strict=True)
        ]
        words = say(CAUSE_WORDS[name]).capitalize()
        heading = say("{cause}: {share} of the waiting", cause=words, share=percent(sums[name] / sums.sum()))
        columns[words] = texts
        panels.append(
            Panel(
                heading, {"rows": {"d": middles, "m": rounded(means[name].to_numpy())}, "tips": tips_of(middles, tips)}
            )
        )
    return Chart(
        "waiting", waiting_title(run, daily),
        say_counted(
            "Tankers with an order that wait, all corridors together, weekly means over {count} run; all panels have "
            "one scale.",
            "Tankers with an order that wait, all corridors together, weekly means over {count} runs; all panels have "
            "one scale.",
            len(run.measures), count=number(len(run.measures)),
        ),
        finished(share_layers(look, start, days, value_axis(say("tankers"), top), step=False), 110),
        tuple(panels), _by_week(weeks, columns),
        looks=(look,),
    )  # fmt: skip


def flows_chart(run: Run) -> Chart | None:
    """Draw the tankers that arrive and those that were ordered, a panel a corridor, weekly means."""
    import altair as alt

    start, days, total = run.scenario.start, days_of(run), len(run.measures)
    panels, columns, top, weeks = [], {}, 0.0, [""]
    names = corridors_by_size(run)[:CORRIDORS]
    for name in names:
        table = run.part("flows", ["replication", "day", "ordered", "arrived"], corridor=name)
        arrived, ordered = (weekly(matrix(table, column)) for column in ("arrived", "ordered"))
        middles = np.array([min(WEEK * week + WEEK / 2, (WEEK * week + days) / 2) for week in range(len(arrived))])
        spread, wanted = fan(arrived, middles), fan(ordered, middles)
        weeks = week_words(run, len(arrived))
        texts = columns[name] = fan_texts(spread, number)
        tips = [
            say(
                "{week}: {arrived} tankers a day arrived, {ordered} ordered",
                week=week,
                arrived=text,
                ordered=number(value),
            )
            for week, text, value in zip(weeks, texts, wanted.median.tolist(), strict=True)
        ]
        orders = {"d": middles.tolist(), "m": rounded(wanted.median)}
        panels.append(
            Panel(name, {"rows": fan_data(spread), "orders": orders, "tips": tips_of(middles.tolist(), tips)})
        )
        top = max(top, float(spread.high.max()), float(wanted.median.max()))
    if not panels:
        return None
    axis = value_axis(say("tankers a day"))
    layers = [*fan_layers(ARRIVED, start, days, axis, total)]
    line = alt.Chart(alt.NamedData("orders")).mark_line(color="var(--ink)", strokeWidth=1.2, strokeDash=[2, 2])
    layers.insert(-1, line.encode(x=day_axis(start, days), y=axis("m")))
    return Chart(
        "flows", flows_title(run),
        say("Tankers that arrive by each corridor, weekly means a day; panels have scales of their own."),
        finished(layers, 110), tuple(panels),
        _by_week(weeks, columns),
        (*fan_key(ARRIVED, total), Entry(say("tankers ordered, median"), ORDERED)), looks=(ARRIVED, ORDERED),
    )  # fmt: skip
