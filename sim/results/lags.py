"""When a shortage begins and ends, and how long shocks and convoys take to be felt."""

from __future__ import annotations

import numpy as np

from sim.results.daily import SHORT, Daily
from sim.rules.steps import total

NAN = float("nan")
LASTING = 7
"""Days without shortage that make a recovery."""
WINDOW = 21
"""Days within which a shock is looked for at the pump: twice the 5 to 9 days of the record, and some."""
HALF = 0.5
"""Share of a town's stations under which a day is one with most of them shut."""
BIG = 50
"""Tankers that make a convoy big: half of the hundred that escorted convoys mostly had (ML014)."""


def first_shortage(daily: Daily) -> float:
    """Return the first day on which the hub sold under 80 % of the lead product wanted; NaN if there was none."""
    for day, fill in enumerate(daily.fill):
        if fill < SHORT:
            return float(day)
    return NAN


def half_shut(daily: Daily, place: int) -> float:
    """Return the first day with under half of a town's stations open with the lead product; NaN if there was none.

    ``place`` is the town's among those that need fuel.
    """
    shut = daily.towns("open_share")[:, place, daily.products.index(daily.record.plan.lead)] < HALF
    return float(shut.argmax()) if shut.any() else NAN


def recovery(daily: Daily) -> float:
    """Return the first day after the first shortage that begins a week without; NaN if there was none."""
    first = first_shortage(daily)
    if first != first:
        return NAN
    for day in range(int(first) + 1, len(daily.fill) - LASTING + 1):
        if not any(daily.short[day : day + LASTING]):
            return float(day)
    return NAN


def loss_to_pump(daily: Daily) -> float:
    """Return the mean number of days from an attack that made news to the next shortage in the hub.

    Only attacks on days without shortage count, and shortages within 21 days of them; NaN if there was none.
    """
    news = daily.record.plan.consumers.news
    met, lags = daily.record.encounters, []
    for time, lost in zip(met["time"].tolist(), met["lost"].tolist(), strict=True):
        day = int(time // 24.0)
        if lost >= news and day < len(daily.short) and not daily.short[day]:
            later = [d for d in range(day, min(day + WINDOW, len(daily.short))) if daily.short[d]]
            if later:
                lags.append(later[0] - day)
    return total(lags) / len(lags) if lags else NAN


def convoy_to_relief(daily: Daily) -> float:
    """Return the mean number of days from the arrival of a big convoy in a shortage to the next day without.

    Big is 50 tankers or more; NaN if none arrived in a shortage that ended.
    """
    convoys, lags = daily.record.convoys, []
    big = (convoys["arrived"] >= BIG) & daily.imports[convoys["corridor"]] & ~np.isnan(convoys["days"])
    for came in (convoys["departed"][big] / 24.0 + convoys["days"][big]).tolist():
        day = int(came)
        if day < len(daily.short) and daily.short[day]:
            later = [d for d in range(day, len(daily.short)) if not daily.short[d]]
            if later:
                lags.append(later[0] - day)
    return total(lags) / len(lags) if lags else NAN
