"""Filling stations: tanks as quantiles of their law, nozzles, and when they ask for fuel."""

from __future__ import annotations

import math

from sim.world.laws import normal

ALLOTMENT_HOUR = 6.0
"""Hour of the day at which depots allot."""
WEEK = 7
"""Days over which the lots of a station are counted."""


def tank(rank: int, count: int, median: float, spread: float) -> float:
    """Return the tank volume of the station of a rank among ``count``: a quantile of a lognormal law, m3."""
    return median * math.exp(spread * normal((rank + 0.5) / count))


def nozzles(volume: float, per_nozzle: float) -> int:
    """Return the nozzles of a tank: at least one."""
    n = math.floor(volume / per_nozzle + 0.5)
    return n if n > 1 else 1


def asks_for(stock: float, coming: float, reorder: float, lot: float, volume: float) -> float:
    """Return what a station asks for, m3: a lot, or what fits into a small tank; 0 if it asks for nothing.

    A station asks when what it has and expects is under its reorder point.  A delivery smaller than a lot must fill
    at least half of the tank.
    """
    has = stock + coming
    room = volume - has
    if has >= reorder:
        return 0.0
    if room >= lot:
        return lot
    return room if room >= 0.5 * volume else 0.0
