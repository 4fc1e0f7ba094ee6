"""Crews: how willingness falls and recovers, and how missing crews are replaced."""

from __future__ import annotations

import math

from sim.rules.steps import DAY

NO_PERIOD = -(1 << 40)
"""Period of a crew that has not thought yet."""
SAFE, ABDUCTED, KILLED = range(3)
"""What becomes of the crew of a tanker that is lost."""


def frightened(willing: float, fear: float, lost: float, felt: float) -> float:
    """Return willingness after ``lost`` tankers: ``w * exp(-fear * felt * lost / 10)``."""
    return willing * math.exp(-fear * felt * lost / 10.0)


def recovered(willing: float, recovery: float) -> float:
    """Return willingness a day later: reluctance falls by a factor e in ``recovery`` hours."""
    return 1.0 - (1.0 - willing) * math.exp(-DAY / recovery)


def period(time: float, resolve: float, phase: float) -> int:
    """Return the number of the period in which a crew keeps its mind: ``resolve`` hours, from a phase of its own."""
    return math.floor(time / resolve + phase)


def drives(willing: float, alone: float, escorted: bool) -> float:
    """Return the share of crews that drive: the willing with an escort, ``alone`` of them without."""
    return willing if escorted else willing * alone


def replacements(missing: float, share: float, carried: float) -> tuple[int, float]:
    """Return whole crews hired today and the fraction carried on."""
    exact = missing * share + carried
    n = math.floor(exact)
    return n, exact - n


def fate(mark: float, killed: float, abducted: float) -> int:
    """Return what becomes of a lost tanker's crew: KILLED, ABDUCTED (a share of those not killed) or SAFE."""
    if mark < killed:
        return KILLED
    return ABDUCTED if mark < killed + (1.0 - killed) * abducted else SAFE
