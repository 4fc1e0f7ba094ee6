"""The chart of a break-even: the loss ratio at which the ranking of two strategies flips, over the cycle factor."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any, Final

from sim.language import say
from sim.results.measures import goal
from sim.study.break_even import BreakEven, Curve
from sim.view.blocks import Sheet
from sim.view.break_even_answer import EQUALS, outcome_of, ratio, upper
from sim.view.figures.break_even import break_even_title
from sim.view.ranking import change
from sim.view.report.chart import INK, Chart, Entry, Panel, finished
from sim.view.report.marks import MARKERS, colour
from sim.view.style import looks
from sim.view.words import counted, percent

if TYPE_CHECKING:
    import altair as alt

EXACT: Final = ".3~g"
"""How ratios stand at ticks."""


def break_even_chart(result: BreakEven) -> Chart:
    """Draw who leads at each point tried, filled where that is sure, and where the ranking flips; a panel a way."""
    by_name = looks([result.first, result.second])
    both = (by_name[result.first], by_name[result.second])
    panels = tuple(Panel(upper(say(EQUALS[curve.equal])), _data(result, curve)) for curve in result.curves)
    drawn = say(
        "Across: round trip with {troops}, up: losses with {troops}, army alone = 1. Signs: who leads at each point "
        "tried, filled where that is sure; line: the ratio at which the ranking flips, grey: where that is not sure. "
        "Under the line {second} ranks first. {count} at each point.",
        troops=say(result.troops), second=result.second, count=counted(str(result.replications), "replication"),
    )  # fmt: skip
    key = tuple(
        Entry(say("{name} ahead", name=name), look)
        for name, look in zip((result.first, result.second), both, strict=True)
    )
    return Chart(
        "break-even", break_even_title(result), drawn, finished(_layers(result, both), 240), panels, _table(result),
        key, looks=both,
    )  # fmt: skip


def _layers(result: BreakEven, both: tuple[Any, Any]) -> list[alt.Chart]:
    """Return layers: data sets ``points``, columns c, r, s, t, f, and ``flips``, columns c, r, l, h."""
    import altair as alt

    domains = []
    for values in (result.cycles, result.ratios):
        pad = 0.12 * (values[-1] - values[0])
        domains.append([values[0] - pad, values[-1] + pad])
    x = alt.X(
        "c:Q",
        scale=alt.Scale(domain=domains[0], nice=False),
        axis=alt.Axis(title=say("round trip"), values=[*result.cycles], format=EXACT, grid=False),
    )
    scale, axis = (
        alt.Scale(domain=domains[1], nice=False),
        alt.Axis(title=say("loss ratio"), values=[*result.ratios], format=EXACT, grid=False),
    )
    series = [0, 1]
    inks = alt.Scale(domain=series, range=[colour(look) for look in both])
    shape = alt.Shape("s:N", legend=None, scale=alt.Scale(domain=series, range=[MARKERS[look.marker] for look in both]))
    flips, points = alt.Chart(alt.NamedData("flips")), alt.Chart(alt.NamedData("points"))
    unsure = flips.mark_rule(color="var(--soft)", opacity=0.35, strokeWidth=14)
    line = flips.mark_line(color=INK, strokeWidth=2)
    dash = flips.mark_tick(color=INK, orient="horizontal", thickness=3, size=26)
    sign = points.mark_point(size=80, strokeWidth=1.6, opacity=1)
    return [
        unsure.encode(x=x, y=alt.Y("l:Q", scale=scale, axis=axis), y2="h:Q"),
        line.encode(x=x, y=alt.Y("r:Q", scale=scale, axis=axis)),
        dash.encode(x=x, y=alt.Y("r:Q", scale=scale, axis=axis)),
        sign.encode(
            x=x, y=alt.Y("r:Q", scale=scale, axis=axis), shape=shape, tooltip="t:N",
            stroke=alt.Stroke("s:N", legend=None, scale=inks), fill=alt.Fill("s:N", legend=None, scale=inks),
            fillOpacity=alt.FillOpacity("f:Q", legend=None, scale=None),
        ),
    ]  # fmt: skip


def _data(result: BreakEven, curve: Curve) -> dict[str, dict[str, list[Any]]]:
    better = goal(result.measure).better or 1
    rows = result.points[result.points["equal"] == curve.equal]
    points: dict[str, list[Any]] = {"c": [], "r": [], "s": [], "f": [], "t": []}
    for cycle, at, mean, low, high in rows[["cycle", "ratio", "mean", "low", "high"]].to_numpy(dtype=float).tolist():
        second, sure = better * mean > 0.0, low > 0.0 or high < 0.0
        name = result.second if second else result.first
        told = say(
            "round trip × {cycle}, loss ratio {ratio}: {name} is surely ahead",
            cycle=ratio(cycle),
            ratio=ratio(at),
            name=name,
        )
        if not sure:
            told = say(
                "round trip × {cycle}, loss ratio {ratio}: {name} is ahead, not surely",
                cycle=ratio(cycle),
                ratio=ratio(at),
                name=name,
            )
        for column, value in zip(points, (cycle, at, int(second), float(sure), told), strict=True):
            points[column].append(value)
    kinds = [outcome_of(result, curve.equal, flip) for flip in curve.flips]
    flips: dict[str, list[Any]] = {
        "c": [flip.cycle for flip in curve.flips],
        "r": [flip.ratio if kind == "flip" else None for kind, flip in zip(kinds, curve.flips, strict=True)],
        "l": [_known(flip.low) for flip in curve.flips],
        "h": [_known(flip.high) for flip in curve.flips],
    }
    return {"points": points, "flips": flips}


def _known(value: float) -> float | None:
    return None if isnan(value) else value


def _table(result: BreakEven) -> Sheet:
    """Return who leads by how much at every point tried."""
    columns = ["equal", "cycle", "ratio", "mean", "low", "high", "won"]
    heads = (
        say("units"),
        say("round trip"),
        say("loss ratio"),
        say("mean difference"),
        say("95 % from"),
        say("to"),
        say("won"),
    )
    rows = []
    for row in result.points[columns].to_dict(orient="records"):
        equal, cycle, at, *numbers = (row[name] for name in columns)
        *differences, won = numbers
        written = [change(value, result.measure) for value in differences]
        rows.append((say(EQUALS[equal]), ratio(cycle), ratio(at), *written, percent(won)))
    return Sheet(heads, tuple(rows), frozenset(range(1, len(heads))))
