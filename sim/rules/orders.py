"""Orders, their split, tanks of depots and of large users, and electricity."""

from __future__ import annotations

import math

ROUNDING = 1e-9
"""Relative excess of a draw on a depot over its stock that is taken for rounding."""
TOLERANCE = 1e-9
"""Largest relative difference that the balance of a product may show."""


def capacity(days: float, need: float, cover: float, loads: float) -> float:
    """Return the room of a depot's tank, m3: ``days`` (h) of the need it covers times the product's cover.

    No tank holds less than a day's need and ``loads`` (m3).  Stations draw once a day: in a smaller one tankers would
    wait for room while stations run dry.
    """
    if need <= 0.0:
        return 0.0
    room, least = days * need * cover, need * 24.0 + loads
    return room if room > least else least


def order_rate(need: float, target: float, position: float, correction: float) -> float:
    """Return what a depot orders, m3/h: ``max(0, need + (target - position) / correction)``."""
    rate = need + (target - position) / correction
    return rate if rate > 0.0 else 0.0


def target(capacity: float, share: float, need: float, lead: float, stations: float) -> float:
    """Return the position that orders aim for, m3: the wanted stock, that of stations, and what is on its way in peace.

    Orders that saw the depot alone would leave a town whose stations have run dry where it is.
    """
    return capacity * share + need * lead + stations


def smoothed(before: float, today: float, delay: float) -> float:
    """Return a daily number smoothed exponentially over ``delay`` hours."""
    kept = math.exp(-24.0 / delay)
    return before * kept + today * (1.0 - kept)


def followed(ordered: float, arrived: float, follow: float) -> float:
    """Return the factor on a corridor's weight: 1 if what is ordered arrives, ``1 - follow`` if nothing does."""
    if arrived >= ordered:
        return 1.0
    return 1.0 - follow * (1.0 - arrived / ordered)


def whole_tankers(volume: float, load: float, carried: float) -> tuple[int, float]:
    """Return whole tankers for a volume and the fraction carried to the next day."""
    exact = volume / load + carried
    n = math.floor(exact)
    return n, exact - n


def kept_back(own_need: float, reserve: float, aim: float, whole_need: float) -> float:
    """Return what a hub keeps back from inland tankers under ``hub first``, m3.

    ``reserve`` hours of its own need, but no more than its own part of the stock that orders aim for: else a small
    depot would never give anything.
    """
    kept = own_need * reserve
    most = aim * own_need / whole_need if whole_need > 0.0 else 0.0
    return kept if kept < most else most


def released(stock: float, asked: float, own_need: float, kept: float, hub_first: bool) -> float:
    """Return what a hub's stock may give to inland tankers today, m3.

    ``hub first`` gives what exceeds the stock kept back; ``proportional`` shares the stock as today's needs are.
    """
    if hub_first:
        free = stock - kept
    else:
        both = asked + own_need * 24.0
        free = stock * asked / both if both > 0.0 else 0.0
    if free <= 0.0:
        return 0.0
    return free if free < asked else asked


def user_takes(level: float, tank: float, need: float, stock: float) -> float:
    """Return what a large user takes from its depot, m3, to fill its tank beside the coming day's use."""
    room = tank + need * 24.0 - level
    if room <= 0.0:
        return 0.0
    return room if room < stock else stock


def power_hours(hours: float, thermal: float, served: float) -> float:
    """Return hours of power a day when power stations get a share ``served`` of their fuel."""
    return hours * (1.0 - thermal * (1.0 - served))
