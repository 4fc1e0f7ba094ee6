"""The order of simultaneous events: (time, rank, entity)."""

from __future__ import annotations

from enum import IntEnum


class Rank(IntEnum):
    """What comes first among simultaneous events; what a process causes at once comes before all of these."""

    AMBUSH = 2
    TANKER = 3
    CONVOY = 4
    LOT = 5
    RETAIL = 6
    CREWS = 7
    MIDNIGHT = 8
    THREAT = 9
    ALLOTMENT = 10
    DISPATCH = 11
