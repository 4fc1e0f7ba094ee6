"""Words of a replication: taking new ones, reading steps, writing the log."""

from __future__ import annotations

from sim.errors import FastError, StoppedError
from sim.fast.compiled import Reals, Words, compiled, rule
from sim.fast.layout import ENTRY, HEAD
from sim.fast.pointers import stretch
from sim.rules import steps
from sim.world.keys import HALF_WORD

steps_at = rule(steps.at)
CHUNK = 2048
"""Log entries for which room is taken at a time."""


@compiled
def new(n: Words, size: int) -> int:
    """Return the place of new words, all zero; a failure means that more memory is needed."""
    first = n[HEAD.free]
    end = first + size
    if end > n[HEAD.room]:
        raise MemoryError("the words of the replication are used up")
    n[HEAD.free] = end
    for k in range(first, end):
        n[k] = 0
    return first


@compiled
def heed(n: Words) -> None:
    """Go on unless another thread has said stop: it writes HEAD.stop, which nothing compiled does."""
    if n[HEAD.stop] != 0:
        raise StoppedError("the replication was told to stop")


@compiled
def at(f: Reals, n: Words, field: int, time: float) -> float:
    """Return the value at a time (h) of the steps to which a field points."""
    first, count = n[field], n[field + 1]
    if count == 1:
        return f[first + 1]
    return steps_at(stretch(f, first, count), stretch(f, first + count, count), time)


@compiled
def note(f: Reals, n: Words, time: float, kind: int, entity: int, serial: int, value: float) -> None:
    """Write an entry if the log is on; its time counts from the scenario's start."""
    if n[HEAD.log_on] == 0 or time < f[HEAD.begin]:
        return
    if n[HEAD.log_next] == n[HEAD.log_end]:
        chunk = new(n, 1 + CHUNK * ENTRY.words)
        if n[HEAD.log_first] == 0:
            n[HEAD.log_first] = chunk
        else:
            n[n[HEAD.log_last]] = chunk
        n[HEAD.log_last] = chunk
        n[HEAD.log_next] = chunk + 1
        n[HEAD.log_end] = chunk + 1 + CHUNK * ENTRY.words
    row = n[HEAD.log_next]
    n[HEAD.log_next] = row + ENTRY.words
    f[row + ENTRY.time] = time - f[HEAD.begin]
    n[row + ENTRY.kind] = kind
    n[row + ENTRY.entity] = entity
    n[row + ENTRY.serial] = serial
    f[row + ENTRY.value] = value


@compiled
def holds(n: Words, field: int, value: int) -> bool:
    """Say whether the list to which a field points holds a number."""
    first = n[field]
    last = first + n[field + 1]
    while first < last and n[first] != value:
        first += 1
    return first < last


@compiled
def index(serial: int, occasion: int) -> int:
    """Pack which one of a kind and which time into the index of a draw, as `sim.world.keys.index` does."""
    if serial < 0 or serial >= HALF_WORD or occasion < 0 or occasion >= HALF_WORD:
        raise FastError("serial or occasion of a random draw out of range")
    return serial << 16 | occasion
