"""Escort units: when they are free again, and how long they were on duty."""

from __future__ import annotations

import math

OUT = math.inf
"""When a unit is free that is out with a convoy."""


def free_again(ground: bool, home_at: float, rest: float, cycle: float, refit: float, fought: bool) -> float:
    """Return when a unit that is at its base at ``home_at`` is free: a ground unit rests, and refits after a fight."""
    if not ground:
        return home_at
    rested = home_at + rest * cycle
    return rested + refit if fought else rested


def duty_beyond(free_at: float, left_at: float, home_at: float, time: float) -> float:
    """Return what a unit's hours on duty to a time lack, or (negative) have too many.

    Trips are counted when they end, up to the return to the base: one that is OUT lacks those since it left, one on
    its way back has those still to come.
    """
    if free_at == OUT:
        return time - left_at
    return time - home_at if home_at > time else 0.0
