"""What is shared by weight, and entries in order of a number."""

from __future__ import annotations

import math
from collections.abc import Sequence


def apportioned(count: int, weights: Sequence[float], k: int) -> int:
    """Return how many of ``count`` things entry ``k`` gets by weight: largest remainders first, equal ones in order.

    Hamilton's method.  Remainders of whole weights are exact.  Nobody gets any if no entry has a weight.
    """
    whole = 0.0
    for weight in weights:
        whole = whole + weight
    if whole <= 0.0:
        return 0
    floor = math.floor(count * weights[k] / whole)
    remainder = count * weights[k] - floor * whole
    left, before = count, 0
    for i in range(len(weights)):
        part = math.floor(count * weights[i] / whole)
        left -= part
        rest = count * weights[i] - part * whole
        if rest > remainder or (rest == remainder and i < k):
            before += 1
    return floor + 1 if before < left else floor


def next_least(keys: Sequence[float], last: int) -> int:
    """Return the entry with the least key after that of entry ``last`` (-1: of all), equal keys in order; -1 if none.

    Called with what it returned before, it goes through the entries in order of their keys.
    """
    least = -1
    for k in range(len(keys)):
        comes = last < 0 or keys[k] > keys[last] or (keys[k] == keys[last] and k > last)
        if comes and (least < 0 or keys[k] < keys[least]):
            least = k
    return least
