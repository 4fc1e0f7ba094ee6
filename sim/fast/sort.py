"""Numbers put in order without moving equal ones past each other, and found in an order."""

from __future__ import annotations

from sim.fast.compiled import Reals, Words, compiled
from sim.fast.layout import HEAD
from sim.fast.memory import new

RUN = 12
"""Numbers that are sorted by insertion before runs are merged."""


@compiled
def put_in_order(f: Reals, n: Words, keys: int, count: int, order: int) -> None:
    """Write the places 0 … count - 1 in order of their keys, equal ones as they stand.

    Parameters
    ----------
    f, n
        The words.
    keys
        Where the keys are.
    count
        How many there are.
    order
        Where the places are written; as many words beyond them are used.
    """
    for first in range(0, count, RUN):
        for k in range(first, min(first + RUN, count)):
            hole = k
            while hole > first and f[keys + k] < f[keys + n[order + hole - 1]]:
                n[order + hole] = n[order + hole - 1]
                hole -= 1
            n[order + hole] = k
    spare = order + count
    width = RUN
    while width < count:
        for first in range(0, count, 2 * width):
            _merge(f, n, keys, order, spare, first, min(first + width, count), min(first + 2 * width, count))
        for k in range(count):
            n[order + k] = n[spare + k]
        width *= 2


@compiled
def _merge(f: Reals, n: Words, keys: int, order: int, spare: int, first: int, middle: int, last: int) -> None:
    one, other = first, middle
    for k in range(first, last):
        if other >= last or (one < middle and f[keys + n[order + one]] <= f[keys + n[order + other]]):
            n[spare + k] = n[order + one]
            one += 1
        else:
            n[spare + k] = n[order + other]
            other += 1


@compiled
def count_below(f: Reals, n: Words, listed: int, count: int, field: int, value: float) -> int:
    """Return how many of the things in a list, which are in order of a field, have less than a value there."""
    low, high = 0, count
    while low < high:
        middle = (low + high) >> 1
        if f[n[listed + middle] + field] < value:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def scratch(n: Words, size: int) -> int:
    """Return the place of words for use at once; whatever is taken next may be there too."""
    first = new(n, size)
    n[HEAD.free] = first
    return first
