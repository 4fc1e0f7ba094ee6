"""Charts of a comparison: runs with stations shut, levels and paired differences, stock and stations open."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.language import say
from sim.study.comparison import Comparison
from sim.view.bands import Fan, band_name, fan, matrix
from sim.view.figures.sides import Side, sides
from sim.view.report.chart import (
    INK,
    Axis,
    Chart,
    Entry,
    Panel,
    day_axis,
    finished,
    pointer,
    rounded,
    series_scales,
    share_axis,
    spotted,
    value_axis,
)
from sim.view.report.dry import shut_by_name, shut_drawn
from sim.view.report.fans import bands_of, by_day, dates, fan_data, fan_texts, tips_of
from sim.view.report.row_charts import forest_chart
from sim.view.words import M3_PER_ML, counted, number, percent

if TYPE_CHECKING:
    import altair as alt


def compare_charts(comparison: Comparison) -> list[Chart]:
    """Return the charts of a comparison but for the two that lead, in the order in which the page has them."""
    return [forest_chart(comparison), stock_chart(comparison), open_chart(comparison)]


def shut_by_alternative_chart(comparison: Comparison) -> Chart:
    """Draw in how many runs most of the hub's stations are shut under each alternative, day by day."""
    import altair as alt

    root, start = comparison.alternatives[0].scenario.root, comparison.alternatives[0].scenario.start
    every, shut = sides(comparison), shut_by_name(comparison)
    looks = tuple(side.look for side in every)
    days = len(shut[comparison.baseline].open)
    x, scales = day_axis(start, days), series_scales(looks)
    shares = {side.name: shut[side.name].half for side in every}
    rows, spots, texts = _rows(), _rows(), {}
    for place, side in enumerate(every):
        values = rounded(100 * shares[side.name])
        _append(rows, range(days), values, place)
        marked = spotted(days, place, len(every))
        _append(spots, marked, [values[day] for day in marked], place)
        texts[side.name] = [percent(part) for part in shares[side.name]]
    tips = [
        "\n".join([day, *(say("{name}: {label}", name=name, label=texts[name][k]) for name in texts)])
        for k, day in enumerate(dates(start, range(days)))
    ]
    y = share_axis(say("% of runs"))("m")
    lines = alt.Chart(alt.NamedData("rows")).mark_line(strokeWidth=2, interpolate="step")
    dots = alt.Chart(alt.NamedData("spots")).mark_point(filled=True, size=60, opacity=1)
    layers = [
        lines.encode(x=x, y=y, color=scales["color"], strokeDash=scales["strokeDash"]),
        dots.encode(x=x, y=y, color=scales["color"], shape=scales["shape"]),
        pointer(x),
    ]
    closed = {side.said: shut[side.name].days for side in every}
    few, many = (pick(closed, key=closed.__getitem__) for pick in (min, max))
    if closed[many] - closed[few] < 0.5:
        finding = say(
            "{town}: under half the stations are open on about {days} with every alternative (means)",
            town=root.hub,
            days=_days(closed[few]),
        )
    else:
        finding = say(
            "{town}: under half the stations are open on {few} with {best}, on {many} with {worst} (means)",
            town=root.hub, few=_days(closed[few]), best=few, many=_days(closed[many]), worst=many,
        )  # fmt: skip
    return Chart(
        "shut", finding,
        shut_drawn(comparison.count, root.hub, root.lead),
        finished(layers, 300), (Panel("", {"rows": rows, "spots": spots, "tips": tips_of(range(days), tips)}),),
        by_day(start, texts), _key(every), looks=looks,
    )  # fmt: skip


def _days(value: float) -> str:
    return counted(number(value), "day")


def _rows() -> dict[str, list[Any]]:
    return {"d": [], "m": [], "s": []}


def _append(rows: dict[str, list[Any]], days: Sequence[int], values: Sequence[float | None], series: int) -> None:
    rows["d"] += days
    rows["m"] += values
    rows["s"] += [series] * len(days)


def _key(every: Sequence[Side]) -> tuple[Entry, ...]:
    return tuple(Entry(side.name if not side.below else f"{side.name} ({side.below})", side.look) for side in every)


def stock_chart(comparison: Comparison) -> Chart:
    """Draw the hub's stock under each alternative with its band, a panel each."""
    hub = comparison.alternatives[0].scenario.root.hub
    table = comparison.part("days", ["alternative", "replication", "day", "stock"], town=hub)
    fans = _fans(comparison, table.assign(stock=table["stock"] / M3_PER_ML), "stock")
    top = max(float(spread.high.max()) for spread in fans.values())
    ends = {side.said: float(fans[side.name].median[-1]) for side in sides(comparison)}
    low, high = (pick(ends, key=ends.__getitem__) for pick in (min, max))
    finding = say(
        "{town}: stock on the last day is {high} ML with {most} and {low} ML with {least} (medians)",
        town=hub, high=number(ends[high]), most=high, low=number(ends[low]), least=low,
    )  # fmt: skip
    return _panels(
        comparison, "stock", finding,
        say("Stock of pump fuel in {town}'s depot and stations, million litres (ML).", town=hub),
        fans, value_axis("ML", top), number,
    )  # fmt: skip


def open_chart(comparison: Comparison) -> Chart:
    """Draw the share of the hub's stations open with the lead product under each alternative, a panel each."""
    root = comparison.alternatives[0].scenario.root
    table = comparison.part("hub", ["alternative", "replication", "day", "open"], product=root.lead)
    fans = _fans(comparison, table.assign(open=100 * table["open"]), "open")
    least = {side.said: float(fans[side.name].median.min()) for side in sides(comparison)}
    low, high = (pick(least, key=least.__getitem__) for pick in (min, max))
    finding = say(
        "{town}: at its lowest the median share of stations open is {low} with {worst} and {high} with {best}",
        town=root.hub, low=percent(least[low] / 100), worst=low, high=percent(least[high] / 100), best=high,
    )  # fmt: skip
    return _panels(
        comparison, "open", finding,
        say(
            "Share of {town}'s stations open with {product}, mean over each day.",
            town=root.hub, product=say(root.lead),
        ),
        fans, share_axis(say("% of stations")), lambda value: percent(value / 100),
    )  # fmt: skip


def _fans(comparison: Comparison, table: Any, column: str) -> dict[str, Fan]:
    fans = {}
    for name, rows in table.groupby("alternative", observed=True):
        whole = matrix(rows, column)
        fans[str(name)] = fan(whole, whole.index.to_numpy(dtype=float))
    return fans


def _panels(
    comparison: Comparison, name: str, finding: str, drawn: str, fans: Mapping[str, Fan], axis: Axis,
    write: Callable[[float], str],
) -> Chart:  # fmt: skip
    """Return a chart with a panel for each alternative, and in each the baseline's median as a thin line."""
    import altair as alt

    every, start = sides(comparison), comparison.alternatives[0].scenario.start
    base = fans[comparison.baseline]
    days = len(base.x)
    scales, x = series_scales([side.look for side in every]), day_axis(start, days)
    rows = alt.Chart(alt.NamedData("rows"))
    layers: list[alt.Chart] = []
    for low, high, opacity in bands_of(base.total):
        layers.append(rows.mark_area(opacity=opacity).encode(x=x, y=axis(low), y2=f"{high}:Q", color=scales["color"]))
    line = rows.mark_line(strokeWidth=2)
    layers.append(line.encode(x=x, y=axis("m"), color=scales["color"], strokeDash=scales["strokeDash"]))
    thin = alt.Chart(alt.NamedData("base")).mark_line(color=INK, strokeWidth=1)
    layers += [thin.encode(x=x, y=axis("m")), pointer(x)]
    panels, columns = [], {}
    for place, side in enumerate(every):
        spread = fans[side.name]
        texts = columns[side.name] = fan_texts(spread, write)
        named = zip(dates(start, texts), texts, strict=True)
        tips = [say("{name}: {label}", name=day, label=text) for day, text in named]
        data = {**fan_data(spread), "s": [place] * days}
        line_of = {"d": rounded(base.x, 6), "m": rounded(base.median)}
        panels.append(Panel(side.name, {"rows": data, "base": line_of, "tips": tips_of(range(days), tips)}))
    said = _bands_words(base.total, drawn, next(side.said for side in every if side.baseline))
    return Chart(
        name, finding, said, finished(layers, 130), tuple(panels), by_day(start, columns),
        looks=tuple(side.look for side in every),
    )  # fmt: skip


def _bands_words(total: int, drawn: str, baseline: str) -> str:
    """Say what is drawn and as what: so many runs have so many bands."""
    values = {"drawn": drawn, "count": number(total), "outer": band_name(total), "baseline": baseline}
    match len(bands_of(total)):
        case 0:
            return say("{drawn} Line: the one run; thin line: {baseline}.", **values)
        case 1:
            return say("{drawn} Line: median of {count} runs; band: {outer}; thin line: {baseline}.", **values)
    return say("{drawn} Line: median of {count} runs; bands: {outer} and 25–75 %; thin line: {baseline}.", **values)
