"""On which days pumps ran short and were filled again, as lines of the log: days as the measures count them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.results.daily import Daily
from sim.results.lags import HALF
from sim.view.event_words import Line
from sim.view.findings import lead_first
from sim.view.words import long_date, number, percent

if TYPE_CHECKING:
    from datetime import date

    from sim.record import Record

HARDLY = 0.1
"""Share of open stations under which a day is one of a dry spell."""


def pump_days(record: Record) -> Iterator[Line]:
    """Iterate, day by day, over what changed at the pumps: the hub's shortage, then each town's stations."""
    daily, plan = Daily(record), record.plan
    open_share = daily.towns("open_share").tolist()
    before = {(place, product): 2 for place in range(len(daily.places)) for product in range(len(daily.products))}
    hub, lead, short = plan.towns.name[plan.hub], plan.products.name[plan.lead], False
    for day in range(plan.days):
        if daily.short[day] != short:
            short = daily.short[day]
            sold = "all" if daily.fill[day] >= 1.0 else percent(daily.fill[day])
            sold += " of what was wanted was sold"
            text = f"{hub}: {'short of' if short else 'no longer short of'} {lead}, {sold}"
            yield Line(day * 24.0, "stations", frozenset([hub]), text, whole_day=True)
        for (place, product), level in before.items():
            share = open_share[day][place][product]
            now = 0 if share < HARDLY else 1 if share < HALF else 2
            if now != level:
                before[place, product] = now
                town = plan.towns.name[daily.places[place]]
                # Cut, not rounded: 49.6 % is under half.
                text = (
                    f"{town}: {_words(level, now, plan.products.name[daily.products[product]])} ({int(share * 100)} %)"
                )
                yield Line(day * 24.0, "stations", frozenset([town]), text, whole_day=True)


def pumps_on(record: Record, town: str, when: date, day: int) -> str:
    """Say of a town on a day which stations were open and how much was there, by product; empty if it needs no fuel."""
    daily, place = Daily(record), record.plan.towns.name.index(town)
    if place not in daily.places:
        return ""
    row = daily.places.index(place)
    open_share = daily.towns("open_share")[day, row].tolist()
    stock = (daily.towns("stock")[day, row] + daily.towns("station_stock")[day, row]).tolist()
    names = record.plan.products.name
    told = {
        names[product]: f"{percent(share)} of stations open, {number(volume)} m3 in depot and stations at its end"
        for product, share, volume in zip(daily.products, open_share, stock, strict=True)
    }
    products = lead_first(told, names[record.plan.lead])
    return f"{town} on {long_date(when)}: {'; '.join(f'{name}: {told[name]}' for name in products)}."


def _words(before: int, now: int, product: str) -> str:
    if now == 2:
        return f"half of the stations or more have {product} again"
    if now == 0:
        return f"hardly a station has {product}"
    return (
        f"more stations have {product}, but under half" if before == 0 else f"under half of the stations have {product}"
    )
