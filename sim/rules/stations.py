"""Filling stations: tanks as quantiles of their law, nozzles, and when they ask for fuel."""

from __future__ import annotations

import math

from sim.plan.laws import normal

ALLOTMENT_HOUR = 6.0
"""Hour of the day at which depots allot."""


def tank(rank: int, count: int, median: float, spread: float) -> float:
    """Return the tank volume of the station of a rank among ``count``: a quantile of a lognormal law, m3."""
    return median * math.exp(spread * normal((rank + 0.5) / count))


def nozzles(volume: float, per_nozzle: float) -> int:
    """Return the nozzles of a tank: at least one."""
    n = math.floor(volume / per_nozzle + 0.5)
    return n if n > 1 else 1


def calm_sales(burn: float, nozzles: int, all_nozzles: int) -> float:
    """Return what a station sells on a calm day, m3/h: its town's sales by nozzles."""
    return burn * nozzles / all_nozzles


def delivery(lot: float, cover: float, sales: float) -> float:
    """Return what a tanker leaves at a station, m3: a lot, or what covers so many hours of the station's calm sales."""
    most = cover * sales
    return most if most < lot else lot


def room(volume: float, reorder: float, lot: float) -> float:
    """Return the tank that a station has, m3: at least its reorder point and a delivery."""
    least = reorder + lot
    return volume if volume > least else least


def usual_wait(delivered_from: float, delivered_to: float) -> float:
    """Return the mean hours from a stock under the reorder point to the delivery: half a day, then the lorry."""
    return 12.0 + 0.5 * (delivered_from + delivered_to)


def low_stock(reorder: float, sales: float, wait: float) -> float:
    """Return what a station holds when a delivery comes, m3, ``wait`` hours after it fell under its reorder point."""
    left = reorder - sales * wait
    return left if left > 0.0 else 0.0


def stock_between(low: float, lot: float, part: float) -> float:
    """Return what a station holds, m3, a ``part`` of the way back from the next delivery to the last one.

    At the first midnight stations are spread over these parts, so that they do not all run low on one day; half-way
    is what they hold on average.
    """
    return low + lot * part


def asks_for(stock: float, coming: float, reorder: float, lot: float) -> float:
    """Return what a station asks for, m3: a delivery when it has and expects less than its reorder point, else 0."""
    return lot if stock + coming < reorder else 0.0
