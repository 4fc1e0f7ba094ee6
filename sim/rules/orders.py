"""Orders, their split, tanks of depots and of large users, and electricity."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sim.rules.steps import DAY

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
    room, least = days * need * cover, need * DAY + loads
    return room if room > least else least


def burn(need: float, share: float, whole: float) -> float:
    """Return what a town's people use of a product, m3/h: a ``share`` of the ``whole`` of shares."""
    return need * share / whole


def supplier_share(weights: Sequence[float], steady: Sequence[float], others: Sequence[float], k: int) -> float:
    """Return the share of a town's orders that corridor ``k`` gets.

    Parameters
    ----------
    weights
        Weights of the corridors, open or not; 0 for one that does not serve the town.
    steady
        Those of open exogenous ones, else 0: each gets its weight among all, as it cannot stand in for one that is cut.
    others
        Those of the other open ones, times a factor, else 0: they share what is left.
    k
        Which corridor.
    """
    everything, open_weight = 0.0, 0.0
    for i in range(len(weights)):
        everything = everything + weights[i]
        open_weight = open_weight + others[i]
    if steady[k] > 0.0:
        return steady[k] / everything
    if others[k] <= 0.0:
        return 0.0
    left = 1.0
    for i in range(len(steady)):
        if steady[i] > 0.0:
            left = left - steady[i] / everything
    return left * others[k] / open_weight


def need(
    town: int, product: int, products: int, own: Sequence[float], shares: Sequence[float], hubs: Sequence[int]
) -> float:
    """Return what orders of a town must cover of a product, m3/h.

    Parameters
    ----------
    town, product
        Which.
    products
        How many products there are.
    own
        What towns use themselves, m3/h, by town and product.
    shares
        What corridors carry of towns' orders, by town and corridor.
    hubs
        The town whose depot each corridor draws on, or -1: it covers its own use, and its share of the needs of the
        towns supplied from it.
    """
    whole = own[town * products + product]
    for place in range(len(shares)):
        if shares[place] > 0.0 and hubs[place % len(hubs)] == town:
            whole = whole + shares[place] * need(place // len(hubs), product, products, own, shares, hubs)
    return whole


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
    kept = math.exp(-DAY / delay)
    return before * kept + today * (1.0 - kept)


def followed(ordered: float, arrived: float, follow: float) -> float:
    """Return the factor on a corridor's weight: 1 if what is ordered arrives, ``1 - follow`` if nothing does."""
    if arrived >= ordered:
        return 1.0
    return 1.0 - follow * (1.0 - arrived / ordered)


def asked_volume(
    need: float, rate: float, enters: float, through: float, share: float, exogenous: bool, withheld: bool
) -> float:
    """Return what a town's orders of a day ask of a corridor, m3.

    Parameters
    ----------
    need, rate
        The town's need and the rate at which it orders, m3/h.
    enters, through
        The shares of deliveries that may enter the town, and that come through on the corridor.
    share
        The corridor's share of the town's orders.
    exogenous
        Whether its inflow does not answer to stocks: it carries its share of the need.  Nor can a blockaded town make
        up by larger orders for what may not enter.
    withheld
        Whether what the pumps lack goes first: nothing of this product is ordered but what flows in anyway.
    """
    if withheld and not exogenous:
        return 0.0
    steady = exogenous or (enters < 1.0 and need < rate)
    return (need if steady else rate) * through * enters * share * DAY


def whole_tankers(volume: float, load: float, carried: float) -> tuple[int, float]:
    """Return whole tankers for a volume and the fraction carried to the next day."""
    exact = volume / load + carried
    n = math.floor(exact)
    return n, exact - n


def whole_loads(volume: float, load: float, most: float) -> int:
    """Return the whole tanker loads in a volume, m3; rounding lets none be more than ``most``."""
    n = math.floor(volume / load + 1e-9)
    return n - 1 if n * load > most else n


def is_scarce(stock: float, aim: float, share: float) -> bool:
    """Say whether a depot holds under a share of the stock that orders aim for."""
    return stock < share * aim


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
        both = asked + own_need * DAY
        free = stock * asked / both if both > 0.0 else 0.0
    if free <= 0.0:
        return 0.0
    return free if free < asked else asked


def user_takes(level: float, tank: float, need: float, stock: float) -> float:
    """Return what a large user takes from its depot, m3, to fill its tank beside the coming day's use."""
    room = tank + need * DAY - level
    if room <= 0.0:
        return 0.0
    return room if room < stock else stock


def power_hours(hours: float, thermal: float, served: float) -> float:
    """Return hours of power a day when power stations get a share ``served`` of their fuel."""
    return hours * (1.0 - thermal * (1.0 - served))
