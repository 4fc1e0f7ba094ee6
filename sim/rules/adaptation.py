"""Attackers that adapt: effort follows fuel that passes with less protection, and grows with violence."""

from __future__ import annotations

import math

from sim.rules.steps import DAY, WEEK

LOOK_BACK = WEEK * DAY
"""Hours after which attackers look back."""


def exposure(tankers: int, ratio: float, part: float) -> float:
    """Return what tankers on a road offer: tankers x loss ratio of their escort x the road's part of its zone.

    One more ambush, laid anywhere in the zone, could expect a loss in proportion to it.
    """
    return tankers * ratio * part


def reshared(base: float, exposed: float, whole_base: float, whole_exposed: float, share: float) -> float:
    """Return a zone's effort: one share of all effort follows exposure, the rest stays where it was.

    ``(1 - share) * base + share * whole_base * exposed / whole_exposed``; the base if nothing is exposed.  The
    efforts of the zones that make up both wholes add up to the whole base.
    """
    if whole_exposed <= 0.0:
        return base
    return (1.0 - share) * base + share * whole_base * (exposed / whole_exposed)


def recruited(level: float, fights: int, growth: float, fading: float, hours: float) -> float:
    """Return the logarithm of the factor on effort after ``hours`` with some fights.

    It falls by a factor e in ``fading`` hours and rises by ``growth`` per ten fights.
    """
    return level * math.exp(-hours / fading) + growth * fights / 10.0


def grown(effort: float, level: float, ceiling: float) -> float:
    """Return ``effort * exp(level)``, at most the ceiling."""
    if effort <= 0.0:
        return 0.0
    if level > 700.0 or level >= math.log(ceiling / effort):  # before exp(level) overflows
        return ceiling
    raised = effort * math.exp(level)
    return raised if raised < ceiling else ceiling
