"""Charts of a run's towns: runs with stations shut, stock, stations open."""

from __future__ import annotations

from typing import Final

import numpy as np

from sim.language import say, say_counted
from sim.results.daily import HALF
from sim.results.run import Run
from sim.view.bands import fan, matrix, threads
from sim.view.figures.stock import STOCK
from sim.view.report.chart import Chart, Entry, Panel, day_axis, finished, rounded, share_axis, value_axis
from sim.view.report.dry import Shut, half_words, shared_words, shut_drawn, shut_in
from sim.view.report.fans import (
    by_day,
    dates,
    fan_data,
    fan_key,
    fan_layers,
    fan_texts,
    share_data,
    share_layers,
    tips_of,
)  # fmt: skip
from sim.view.run_findings import days_of, first_shortage, pump_products, shortage_words, town_rows
from sim.view.style import INK, Look, product
from sim.view.words import M3_PER_ML, listed, number, percent

SINGLE: Final = 3
"""Runs above which single ones are drawn through the band of stations open."""
THIN: Final = Look(INK, ":", "")


def shut_chart(run: Run) -> Chart:
    """Draw in how many runs most of the hub's stations are shut, day by day."""
    root, start = run.scenario.root, run.scenario.start
    shut, look = shut_in(run), product(root.lead)
    drawn = " ".join(filter(None, (shut_drawn(shut.runs, root.hub, root.lead), shared_words(shut))))
    columns = {
        say("runs with under half of the stations open"): [percent(share) for share in shut.half],
        say("stations open, mean"): [percent(share) for share in shut.open.mean(axis=1)],
    }
    return Chart(
        "shut", half_words(shut, root.hub, root.lead, start), drawn,
        finished(share_layers(look, start, len(shut.open), share_axis(say("% of runs")))),
        (Panel("", share_data(shut.half, start)),), by_day(start, columns), looks=(look,),
    )  # fmt: skip


def towns(run: Run) -> list[str]:
    """Return the towns that need fuel, the hub first."""
    root = run.scenario.root
    there = {str(name) for name in run.part("towns", ["town"])["town"].unique()}
    return [root.hub, *(name for name in root.towns if name in there and name != root.hub)]


def stock_chart(run: Run) -> Chart:
    """Draw the stock of pump fuel of each town, the hub first; one is shown at a time."""
    root, start, days, total = run.scenario.root, run.scenario.start, days_of(run), len(run.measures)
    panels, columns = [], {}
    for town in towns(run):
        table = town_rows(run, town, ["replication", "day", "stock", "station_stock"])
        whole = matrix(table.assign(total=(table["stock"] + table["station_stock"]) / M3_PER_ML), "total")
        spread = fan(whole, whole.index.to_numpy(dtype=float))
        texts = columns[town] = fan_texts(spread, number)
        tips = [
            say("{day}: {stock} ML", day=day, stock=text) for day, text in zip(dates(start, texts), texts, strict=True)
        ]
        panels.append(Panel(town, {"rows": fan_data(spread), "tips": tips_of(spread.x.tolist(), tips)}))
    lead = pump_products(run)[0]
    return Chart(
        "stock", shortage_words(root.hub, lead, first_shortage(run, root.hub, lead), start, run.scenario.end),
        say("Stock of pump fuel in the town's depot and stations at the end of each day, million litres (ML)."),
        finished(fan_layers(STOCK, start, days, value_axis("ML"), total)),
        tuple(panels), by_day(start, columns), fan_key(STOCK, total), choose=say("Town"), looks=(STOCK,),
    )  # fmt: skip


def open_chart(run: Run) -> Chart:
    """Draw the share of stations open with a product in each town, with some single runs through the band."""
    import altair as alt

    root, start, days, total = run.scenario.root, run.scenario.start, days_of(run), len(run.measures)
    look, panels, columns = product(root.lead), [], {}
    shown = [(root.hub, name) for name in pump_products(run)] + [(town, root.lead) for town in towns(run)[1:]]
    for town, name in shown:
        table = town_rows(run, town, ["replication", "day", "product", "open_share"])
        table = table[table["product"] == name]
        if table.empty:
            continue
        whole = 100 * matrix(table, "open_share")
        spread = fan(whole, whole.index.to_numpy(dtype=float))
        heading = say("{town}, {product}", town=town, product=say(name))
        texts = columns[heading] = fan_texts(spread, lambda value: percent(value / 100))
        tips = [
            say("{day}: {share} of stations open", day=day, share=text)
            for day, text in zip(dates(start, texts), texts, strict=True)
        ]
        data = {"rows": fan_data(spread), "tips": tips_of(spread.x.tolist(), tips)}
        if total > SINGLE:
            single = threads(whole, 100 * HALF).to_numpy()[:, ::2]
            data["runs"] = {
                "d": [*range(days)] * single.shape[1],
                "m": rounded(single.T.ravel()),
                "s": [place for place in range(single.shape[1]) for _ in range(days)],
            }
        panels.append(Panel(heading, data))
    axis = share_axis(say("% of stations"))
    layers = [*fan_layers(look, start, days, axis, total)]
    key = fan_key(look, total)
    if total > SINGLE:
        thin = alt.Chart(alt.NamedData("runs")).mark_line(color="var(--ink)", strokeWidth=1, strokeDash=[2, 2])
        layers.insert(-1, thin.encode(x=day_axis(start, days), y=axis("m"), detail="s:N"))
        key += (Entry(say("single runs: one of the best, of the middle, of the worst by days shut"), THIN),)
    shut = shut_in(run)
    finding = say(
        "Under half of {town}'s stations have {product} on {days} of {all} days, on average",
        town=root.hub,
        product=say(root.lead),
        days=number(shut.days),
        all=number(days),
    )
    drawn = say("Share of the town's stations open with a product, mean over each day.")
    return Chart(
        "open", finding, drawn, finished(layers), tuple(panels), by_day(start, columns), key,
        choose=say("Town and product"), looks=(look, THIN),
    )  # fmt: skip


def towns_chart(run: Run) -> Chart | None:
    """Draw in how many runs most stations are shut in each town but the hub, a panel a town, worst first."""
    root, start = run.scenario.root, run.scenario.start
    shares: dict[str, np.ndarray] = {}
    for town in towns(run)[1:]:
        table = town_rows(run, town, ["replication", "day", "product", "open_share"])
        table = table[table["product"] == root.lead]
        if not table.empty:
            shares[town] = Shut(matrix(table, "open_share").to_numpy(dtype=float)).half
    if not shares:
        return None
    order = sorted(shares, key=lambda town: -float(shares[town].sum()))
    look = product(root.lead)
    most = [town for town in order if (shares[town] > HALF).any()]
    finding = say("In no other town most runs have under half of the stations open on any day")
    if most:
        names = (
            listed(most)
            if len(most) <= 3
            else say("{names} and {count} more", names=", ".join(most[:3]), count=number(len(most) - 3))
        )
        finding = say(
            "In most runs under half of the stations have {product} for a time in {towns}",
            product=say(root.lead),
            towns=names,
        )
    layers = share_layers(look, start, len(shares[order[0]]), share_axis(say("% of runs")))
    return Chart(
        "towns", finding,
        say_counted(
            "Share of {count} run in which under half of the town's stations have {product}, by day; the town with "
            "most first.",
            "Share of {count} runs in which under half of the town's stations have {product}, by day; the town with "
            "most first.",
            len(run.measures), count=number(len(run.measures)), product=say(root.lead),
        ),
        finished(layers, 110), tuple(Panel(town, share_data(shares[town], start)) for town in order),
        by_day(start, {town: [percent(part) for part in shares[town]] for town in order}), looks=(look,),
    )  # fmt: skip
