"""Measures of stations and of shortage: where a town is not named, in the hub.

When a shortage begins and ends, and how long shocks and convoys take to be felt.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import inf

import numpy as np

from sim.results.daily import DRY, HALF, SHORT, Daily, added
from sim.results.measures.definition import DATE, declare
from sim.rules.steps import WEEK, total

NAN = float("nan")
WINDOW = 21
"""Days within which a shock is looked for at the pump: twice the 5 to 9 days of the record, and some."""
BIG = 50
"""Tankers that make a convoy big: half of the hundred that escorted convoys mostly had (ML014)."""


@declare("Half of the stations shut", "town", unit=DATE, better=1)
def half_shut(daily: Daily, place: int) -> float:
    """First day on which under 50 % of the town's stations were open with the lead product, mean over the day.

    Stations that a rule closes count as shut.
    """
    shut = daily.towns("open_share")[:, place, daily.products.index(daily.record.plan.lead)] < HALF
    return float(shut.argmax()) if shut.any() else NAN


@declare("Lowest cover", "town", kind="lowest_cover", unit="days", better=1, worth=0.25, most=lambda days: inf)
def lowest_cover_of(daily: Daily, place: int) -> float:
    """Least, over days, of stock in the town's depot and stations over a day's need of its people.

    Stock is that at the end of the day; all pump products together.
    """
    return float(daily.cover[:, place].min())


@declare("Days with under half the stations open", unit="days", better=-1, head="days half shut")
def days_half_closed(daily: Daily) -> float:
    """Days on which under 50 % of stations were open with the lead product, mean over the day."""
    return float(np.count_nonzero(daily.lead("open_share") < HALF))


@declare("Longest dry spell", unit="days", better=-1)
def longest_dry_spell(daily: Daily) -> float:
    """Longest run of days on which under 10 % were."""
    dry = longest = 0
    for share in daily.lead("open_share").tolist():
        dry = dry + 1 if share < DRY else 0
        longest = max(longest, dry)
    return float(longest)


@declare("Days short of fuel at the pump", unit="days", better=-1)
def days_short(daily: Daily) -> float:
    """Short days."""
    return float(len([fill for fill in daily.fill if fill < SHORT]))


@declare("First shortage", unit=DATE, better=1)
def first_shortage(daily: Daily) -> float:
    """First short day."""
    return next((float(day) for day, fill in enumerate(daily.fill) if fill < SHORT), NAN)


@declare("Recovery", unit=DATE, better=-1, needs="first_shortage")
def recovery(daily: Daily) -> float:
    """First day after the first shortage that begins 7 days without a short one."""
    first = first_shortage(daily)
    if first != first:
        return NAN
    days = range(int(first) + 1, len(daily.fill) - WEEK + 1)
    return next((float(day) for day in days if not any(daily.short[day : day + WEEK])), NAN)


@declare("Lowest cover", unit="days", better=1, worth=0.25, most=lambda days: inf)
def lowest_cover(daily: Daily) -> float:
    """`lowest_cover.HUB`."""
    return lowest_cover_of(daily, daily.place_of_hub)


def _lag(days: Iterable[int], daily: Daily, short: bool, within: int | None = None) -> float:
    """Return the mean days from each of some, which was not as wanted, to the next that was; NaN if none was."""
    lags = []
    for day in days:
        ahead = daily.short[day:][:within]
        if short in ahead[1:] and ahead[0] != short:
            lags.append(ahead.index(short))
    return total(lags) / len(lags) if lags else NAN


@declare("From loss to pump", unit="days")
def lag_loss_to_pump(daily: Daily) -> float:
    """Mean over attacks that made news, on a day that was not short: days to the next short day.

    At least `consumers.news` tankers lost make news; short days within 21 days count (losses show at the pump 5 to 9
    days on in the record).
    """
    met = daily.record.encounters
    times = met["time"][met["lost"] >= daily.record.plan.consumers.news]
    return _lag((times // 24.0).astype(int).tolist(), daily, True, WINDOW)


@declare("From convoy to relief", unit="days", better=-1)
def lag_convoy_to_relief(daily: Daily) -> float:
    """Mean over large convoys whose last arrival was on a short day: days to the next day that was not short.

    Large are those on import corridors with 50 arrivals or more, half of a usual escorted convoy (ML014).
    """
    convoys = daily.record.convoys
    big = (convoys["arrived"] >= BIG) & daily.imports[convoys["corridor"]] & ~np.isnan(convoys["days"])
    return _lag(map(int, convoys["departed"][big] / 24.0 + convoys["days"][big]), daily, False)


@declare("Queue for petrol", unit="h", better=-1)
def queue_hours(daily: Daily) -> float:
    """Mean wait for the lead product: integral of the queue over what was wanted."""
    wanted = float(added(daily.lead("wanted")))
    return float(added(daily.lead("queue_hours") * daily.lead("wanted"))) / wanted if wanted > 0.0 else 0.0
