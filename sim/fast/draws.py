"""The keyed random numbers of `sim.world.keys`, compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.fast.compiled import compile_all
from sim.world.philox import MULTIPLIERS, ROUNDS, WEYL

if TYPE_CHECKING:
    from sim.fast.layout import Country

M0, M1 = np.uint64(MULTIPLIERS[0]), np.uint64(MULTIPLIERS[1])
W0, W1 = np.uint64(WEYL[0]), np.uint64(WEYL[1])
MASK, HALF = np.uint64(0xFFFFFFFF), np.uint64(32)
FIVE, SIX, HIGH = np.uint64(5), np.uint64(6), np.uint64(67108864)


def keyed(key_low: int, key_high: int, replication: int, stream: int, entity: int, index: int) -> float:
    """Return the number in [0, 1) of a key and a counter, both of words in [0, 2**32)."""
    k0, k1 = np.uint64(key_low), np.uint64(key_high)
    x0, x1, x2, x3 = np.uint64(replication), np.uint64(stream), np.uint64(entity), np.uint64(index)
    for _ in range(ROUNDS):
        p0 = M0 * x0
        p1 = M1 * x2
        x0 = (p1 >> HALF) ^ x1 ^ k0
        x1 = p1 & MASK
        x2 = (p0 >> HALF) ^ x3 ^ k1
        x3 = p0 & MASK
        k0 = (k0 + W0) & MASK
        k1 = (k1 + W1) & MASK
    return np.float64((x0 >> FIVE) * HIGH + (x1 >> SIX)) / 9007199254740992.0


def uniform(country: Country, stream: int, entity: int, index: int) -> float:
    """Return the number in [0, 1) that belongs to this stream, entity and index in this replication."""
    return keyed(country.key_low, country.key_high, country.replication, stream, entity, index)


compile_all(globals())
