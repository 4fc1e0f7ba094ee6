"""The kernel that every simulator runs: parameters, draws made beforehand, events, and their comparison.

One corridor, one assembly point, one escort, one depot.  A tanker loads at the terminal (one after another, a slot
each), drives to the assembly point, waits there, drives to the depot in a convoy, waits for one of the bays and then
for room in the tank, unloads, drives home, and loads again.  On each full hour, if the escort is free and at least
``least`` tankers wait or the first of them has waited ``longest``, up to ``most`` leave with it in order of (ready
time, tanker).  The escort comes back, rests and is free again.  Once a day the depot's use is taken from the tank, or
what is left in it.

Times are hours, volumes whole m3.  All random hours are drawn before anything is timed, keyed by (tanker, trip) and by
convoy, so that no simulator is timed on random numbers and none can draw them in another order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

Row = tuple[float, int, int]
Run = Callable[[], "Iterable[Row]"]


class Kind(IntEnum):
    """What happened; the number that goes with it is a tanker, a convoy or a volume."""

    LOADED = 1
    READY = 2
    CONVOY = 3
    """A convoy departs; its number."""
    LEFT = 4
    """A tanker leaves with it."""
    ARRIVED = 5
    """A convoy reaches the depot; its number."""
    UNLOADING = 6
    UNLOADED = 7
    BACK = 8
    FREE = 9
    """The escort has come back and rested; the convoy it went with."""
    DRAWN = 10
    """What the day's draw took, m3."""


@dataclass(frozen=True)
class Kernel:
    """How much of everything."""

    days: int = 1_160
    tankers: int = 60
    slot: float = 0.25
    least: int = 10
    most: int = 30
    longest: float = 48.0
    rest: float = 6.0
    bays: int = 2
    lot: int = 40
    tank: int = 900
    draw: int = 560
    draw_at: float = 6.5

    @property
    def until(self) -> float:
        """The end, at no full hour."""
        return 24.0 * self.days + 0.25


@dataclass(frozen=True)
class Hours:
    """Random hours: ``out``, ``unload`` and ``home`` by (tanker, trip); ``drive`` and ``back`` by convoy."""

    out: NDArray[np.float64]
    unload: NDArray[np.float64]
    home: NDArray[np.float64]
    drive: NDArray[np.float64]
    back: NDArray[np.float64]


SHORTEST = {"out": 8.0, "unload": 0.5, "home": 8.0, "drive": 16.0, "back": 12.0}
SPREAD = {"out": 16.0, "unload": 0.5, "home": 16.0, "drive": 12.0, "back": 8.0}


def draw(kernel: Kernel, seed: int = 1) -> Hours:
    """Draw every hour that the kernel can need; uniform between the shortest and the shortest and the spread."""
    from sim.world.keys import Draws, Stream, entity, index

    draws = Draws(seed, 0)
    trips = int(kernel.until / (SHORTEST["out"] + SHORTEST["drive"] + SHORTEST["home"])) + 2
    convoys = int(kernel.until / (SHORTEST["drive"] + SHORTEST["back"] + kernel.rest)) + 2
    occasions = [[index(tanker, trip) for trip in range(trips)] for tanker in range(kernel.tankers)]

    def hours(name: str, indices: object) -> NDArray[np.float64]:
        u = draws.uniforms(Stream.TRIP, entity("peers", name), np.asarray(indices))
        return SHORTEST[name] + SPREAD[name] * u

    by_trip = {name: hours(name, occasions) for name in ("out", "unload", "home")}
    by_convoy = {name: hours(name, range(convoys)) for name in ("drive", "back")}
    return Hours(**by_trip, **by_convoy)


EVENT = np.dtype([("time", "f8"), ("kind", "i8"), ("number", "i8")])


def canonical(rows: Iterable[Row]) -> NDArray[np.void]:
    """Return events in the order of (time, kind, number), whatever order a simulator wrote simultaneous ones in."""
    events = rows if isinstance(rows, np.ndarray) else np.array(list(rows), EVENT)
    return events[np.lexsort((events["number"], events["kind"], events["time"]))]


def difference(expected: NDArray[np.void], events: NDArray[np.void]) -> str | None:
    """Return the first difference between two lists of events in words, or None if they are equal bit for bit."""
    both = min(len(expected), len(events))
    differs = np.flatnonzero(expected[:both] != events[:both])
    if differs.size:
        at = int(differs[0])
        return f"event {at:,}: expected {_words(expected[at])}, found {_words(events[at])}"
    if len(expected) != len(events):
        longer, which = (expected, "missing") if len(expected) > both else (events, "too many")
        return f"{len(events):,} events, expected {len(expected):,}; first {which}: {_words(longer[both])}"
    return None


def _words(event: np.void) -> str:
    return f"{Kind(int(event['kind'])).name} {event['number']} at {float(event['time'])!r}"
