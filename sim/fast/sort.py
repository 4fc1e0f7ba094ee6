"""Numbers put in order without moving equal ones past each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.fast.compiled import compile_all
from sim.fast.lowering import part

if TYPE_CHECKING:
    from sim.fast.records import Row

RUN = 12
"""Numbers that are sorted by insertion before runs are merged."""


def put_in_order(keys: Row[float], count: int, order: Row[int]) -> None:
    """Write the places 0 … count - 1 in order of their keys, equal ones as they stand.

    Parameters
    ----------
    keys, count
        The keys, and how many of them.
    order
        Where the places are written; as many words beyond them are used.
    """
    for first in range(0, count, RUN):
        for k in range(first, min(first + RUN, count)):
            hole = k
            while hole > first and keys[k] < keys[order[hole - 1]]:
                order[hole] = order[hole - 1]
                hole -= 1
            order[hole] = k
    spare = part(order, count, count)
    width = RUN
    while width < count:
        for first in range(0, count, 2 * width):
            _merge(keys, order, spare, first, min(first + width, count), min(first + 2 * width, count))
        for k in range(count):
            order[k] = spare[k]
        width *= 2


def _merge(keys: Row[float], order: Row[int], spare: Row[int], first: int, middle: int, last: int) -> None:
    left, right = first, middle
    for k in range(first, last):
        if right >= last or (left < middle and keys[order[left]] <= keys[order[right]]):
            spare[k] = order[left]
            left += 1
        else:
            spare[k] = order[right]
            right += 1


compile_all(globals())
