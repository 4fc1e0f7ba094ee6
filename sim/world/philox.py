"""Philox4x32-10, the counter-based generator under every random number.

A counter of four words and a key of two words give four random words. Nothing is remembered between calls, so the same
counter and key give the same words on any machine, in any order.

Source: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3",
SC '11, doi:10.1145/2063384.2063405.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Key: TypeAlias = tuple[int, int]
Words: TypeAlias = tuple[int, int, int, int]
Schedule: TypeAlias = tuple[Key, ...]
WordArray: TypeAlias = npt.NDArray[np.uint32]
WordArrays: TypeAlias = tuple[WordArray, WordArray, WordArray, WordArray]

ROUNDS = 10
MASK = 0xFFFFFFFF
MULTIPLIERS = 0xD2511F53, 0xCD9E8D57
WEYL = 0x9E3779B9, 0xBB67AE85


def key_schedule(key: Key) -> Schedule:
    """Return the key words of each of the ten rounds."""
    return tuple(((key[0] + i * WEYL[0]) & MASK, (key[1] + i * WEYL[1]) & MASK) for i in range(ROUNDS))


def scramble(counter: Words, schedule: Schedule) -> Words:
    """Return the four random words of a counter under a key schedule made beforehand.

    The words must be Python integers in [0, 2**32); this innermost loop does not check them.
    """
    c0, c1, c2, c3 = counter
    for k0, k1 in schedule:
        p0 = 0xD2511F53 * c0  # literals: a global look-up would cost a tenth of the time
        p1 = 0xCD9E8D57 * c2
        c0 = (p1 >> 32) ^ c1 ^ k0
        c1 = p1 & 0xFFFFFFFF
        c2 = (p0 >> 32) ^ c3 ^ k1
        c3 = p0 & 0xFFFFFFFF
    return c0, c1, c2, c3


def philox4x32(counter: Words, key: Key) -> Words:
    """Return the four random 32-bit words of a counter and a key, all words Python integers in [0, 2**32)."""
    return scramble(counter, key_schedule(key))


def philox4x32_array(
    c0: npt.ArrayLike, c1: npt.ArrayLike, c2: npt.ArrayLike, c3: npt.ArrayLike, key: Key
) -> WordArrays:
    """Return the random words of many counters, the same bits as `philox4x32` of each.

    Parameters
    ----------
    c0, c1, c2, c3
        Words of the counters in [0, 2**32), broadcast against each other.
    key
        Two words, the same for all counters.

    Returns
    -------
    tuple of four uint32 arrays
        Each of the broadcast shape.
    """
    x0, x1, x2, x3 = np.broadcast_arrays(*(np.asarray(c, dtype=np.uint64) for c in (c0, c1, c2, c3)))
    m0, m1, mask, half = (np.uint64(n) for n in (*MULTIPLIERS, MASK, 32))
    for k0, k1 in key_schedule(key):
        p0, p1 = m0 * x0, m1 * x2
        x0, x1 = (p1 >> half) ^ x1 ^ np.uint64(k0), p1 & mask
        x2, x3 = (p0 >> half) ^ x3 ^ np.uint64(k1), p0 & mask
    return x0.astype(np.uint32), x1.astype(np.uint32), x2.astype(np.uint32), x3.astype(np.uint32)


def uniform(words: Words) -> float:
    """Return a double in [0, 1) with 53 random bits, made of the first two words."""
    return ((words[0] >> 5) * 67108864 + (words[1] >> 6)) / 9007199254740992


def uniform_array(words: WordArrays) -> npt.NDArray[np.float64]:
    """Return doubles in [0, 1), the same numbers as `uniform` of each counter's words."""
    high, low = words[0].astype(np.uint64) >> np.uint64(5), words[1].astype(np.uint64) >> np.uint64(6)
    return (high * np.uint64(67108864) + low).astype(np.float64) / 9007199254740992.0
