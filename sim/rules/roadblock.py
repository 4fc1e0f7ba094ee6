"""Roadblocks: where a party without soldiers meets the next one, and what becomes of each of its tankers."""

from __future__ import annotations

import math

MOST_ATTEMPTS = 15
"""Beginnings of one tanker's trip (from an assembly point, or past a roadblock) that draws tell apart."""
THROUGH, TURNED_BACK, TAKEN = 0, 1, 2


def gap(mark: float) -> float:
    """Return the number of roadblocks to be expected up to the next one: exponential with mean 1."""
    return -math.log1p(-mark)


def place(gap: float, rate: float, length: float, driven: float) -> float:
    """Return at which share of a road the next roadblock stands, infinite if it stands beyond the road's end.

    ``rate`` is per kilometre, ``length`` in km, ``driven`` the share of the road that is driven already, ``gap`` the
    roadblocks to be expected from there up to the next.
    """
    ahead = rate * length * (1.0 - driven)
    return driven + gap / (rate * length) if gap < ahead else math.inf


def rest(gap: float, rate: float, length: float, driven: float) -> float:
    """Return the gap that is left at a road's end, of which ``driven`` was driven when the gap began."""
    left = gap - rate * length * (1.0 - driven)
    return left if left > 0.0 else 0.0


def fate(mark: float, taken: float, turned_back: float) -> int:
    """Return what becomes of a tanker: taken, turned back (if not taken), or let through."""
    if mark < taken:
        return TAKEN
    return TURNED_BACK if mark < taken + (1.0 - taken) * turned_back else THROUGH
