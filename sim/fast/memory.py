"""The memory of a replication: new things and rows in it, steps, the log."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from sim.errors import FastError, StoppedError
from sim.fast.compiled import compile_all
from sim.fast.lowering import many, row, thing
from sim.fast.records import Record, ints
from sim.fast.rules import steps
from sim.plan.sections import Steps
from sim.world.keys import HALF_WORD

if TYPE_CHECKING:
    from sim.fast.layout import Country
    from sim.fast.records import Many, Row

T = TypeVar("T")
R = TypeVar("R", bound=Record)
CHUNK = 2048
"""Log entries for which room is taken at a time."""


class Entry(Record):
    """A line of the log."""

    time: float
    value: float
    kind, entity, serial = ints(3)


class Chunk(Record):
    """Some of the log: where the next of it is; entries follow."""

    next: Chunk


def take(country: Country, size: int) -> int:
    """Return the place of new words, all zero; a failure means that more memory is needed."""
    first = country.free
    end = first + size
    if end > country.room:
        raise MemoryError("the words of the replication are used up")
    country.free = end
    words = row(int, country, first, size)
    for k in range(size):
        words[k] = 0
    return first


def new(kind: type[R], country: Country, count: int) -> Many[R]:
    """Return new records, all their fields zero."""
    return many(kind, country, take(country, count * kind.words), count)


def new_row(kind: type[T], country: Country, count: int) -> Row[T]:
    """Return a new row of zeros, or of links to nothing."""
    return row(kind, country, take(country, count), count)


def heed(country: Country) -> None:
    """Go on unless another thread has said stop: it writes ``stop``, which nothing compiled does."""
    if country.stop != 0:
        raise StoppedError("the replication was told to stop")


def at(given: Steps, time: float) -> float:
    """Return the value of a piecewise constant number at a time (h)."""
    if len(given.starts) == 1:
        return given.values[0]
    return steps.at(given.starts, given.values, time)


def note(country: Country, time: float, kind: int, entity: int, serial: int, value: float) -> None:
    """Write an entry if the log is on; its time counts from the scenario's start."""
    if not country.log_on or time < country.begin:
        return
    if country.log_next == country.log_end:
        chunk = thing(Chunk, country, take(country, Chunk.words + CHUNK * Entry.words))
        if country.log_first:
            country.log_last.next = chunk
        else:
            country.log_first = chunk
        country.log_last = chunk
        country.log_next = chunk.where + Chunk.words
        country.log_end = country.log_next + CHUNK * Entry.words
    entry = thing(Entry, country, country.log_next)
    country.log_next += Entry.words
    entry.time = time - country.begin
    entry.kind = kind
    entry.entity = entity
    entry.serial = serial
    entry.value = value


def index(serial: int, occasion: int) -> int:
    """Pack which one of a kind and which time into the index of a draw, as `sim.world.keys.index` does."""
    if serial < 0 or serial >= HALF_WORD or occasion < 0 or occasion >= HALF_WORD:
        raise FastError("serial or occasion of a random draw out of range")
    return serial << 16 | occasion


compile_all(globals())
