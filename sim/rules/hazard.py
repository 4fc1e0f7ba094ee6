"""Threat: from a chance per passage to a rate of ambushes and back."""

from __future__ import annotations

import math


def rate_of_chance(chance: float, lifetime: float, part: float) -> float:
    """Return ambushes laid per hour in a zone such that a passage meets one with a chance.

    Ambushes arrive as a Poisson process and stay for ``lifetime`` hours on average, so the number met on a passage
    that drives a ``part`` of the zone's length is Poisson with mean ``rate * lifetime * part``.
    """
    return -math.log1p(-chance) / (lifetime * part)


def chance_of_meeting(mean: float) -> float:
    """Return the chance to meet at least one of a Poisson number of ambushes."""
    return -math.expm1(-mean)
