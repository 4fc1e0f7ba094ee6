"""Threat: from a chance per passage to a rate of ambushes and back."""

from __future__ import annotations

import math


def rate_of_chance(chance: float, lifetime: float) -> float:
    """Return ambushes laid per hour in a zone such that a convoy that passes all of it meets one with a chance.

    Ambushes arrive as a Poisson process and stay for ``lifetime`` hours on average, so the number met by a convoy
    that passes the whole zone is Poisson with mean ``rate * lifetime``.
    """
    return -math.log1p(-chance) / lifetime


def chance_of_meeting(mean: float) -> float:
    """Return the chance to meet at least one of a Poisson number of ambushes."""
    return -math.expm1(-mean)
