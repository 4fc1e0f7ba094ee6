"""A corridor: its idle tankers, its terminal, its crews, and the customs of the towns it serves."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.fast.agenda import add
from sim.fast.compiled import compile_all
from sim.fast.memory import at
from sim.fast.queue import pull, push
from sim.fast.records import Record, floats, ints
from sim.fast.rules import road, steps
from sim.plan.sections import Ints, Regimes

if TYPE_CHECKING:
    from sim.fast.agenda import Tally
    from sim.fast.assembly import AssemblyPoint
    from sim.fast.crews import Crews
    from sim.fast.queue import Queue
    from sim.fast.records import Link, Part, Row
    from sim.fast.tanker import Tanker


class Terminal(Record):
    """Where tankers load; ``free`` is when the next slot opens."""

    number: int
    free: float


def loads(terminal: Terminal, time: float) -> bool:
    """Say whether tankers can load at a time."""
    return _rate(terminal, time) > 0.0


def slot(terminal: Terminal, now: float) -> float:
    """Take the next slot and return when it opens, infinite if it never does.

    The next one opens when one slot's worth of time has passed, at the rates of that time.
    """
    start = now if now > terminal.free else terminal.free
    while start < math.inf and not loads(terminal, start):
        start = _change(terminal, start)
    time, left = start, 1.0
    while time < math.inf:
        rate, change = _rate(terminal, time), _change(terminal, time)
        if rate > 0.0 and left / rate <= change - time:
            time += left / rate
            break
        if rate > 0.0:
            left -= rate * (change - time)
        time = change
    terminal.free = time
    return start


def _rate(terminal: Terminal, time: float) -> float:
    plan, k = terminal.country.plan, terminal.number
    return road.slot_rate(at(plan.terminals.slots[k], time), at(plan.terminals.supply[k], time), plan.fleet.load)


def _change(terminal: Terminal, time: float) -> float:
    plan, k = terminal.country.plan.terminals, terminal.number
    slots, supply = steps.next_change(plan.slots[k].starts, time), steps.next_change(plan.supply[k].starts, time)
    return slots if slots < supply else supply


class Corridor(Record):
    """One corridor with its tankers.

    ``waiting`` of its ``marks`` are those who wait at the assembly point by ascending mark, ``share`` is that of its
    crews that would drive in the dispatch at hand, ``passes`` says of each town whether it is on the way,
    ``idle_from`` counts idle tankers by the corridor that is their home.
    """

    terminal: Terminal
    abroad: Ints
    roads: Ints
    stops: Ints
    regimes: Link[Regimes]
    back_hours: Row[float]
    crews: Part[Crews]
    assembly: AssemblyPoint
    idle: Part[Queue]
    idle_from: Row[int]
    marks: Row[Tanker]
    passes: Row[bool]
    served: bool
    last_out: Row[float]
    waiting_order: Part[Tally]
    loading: Part[Tally]
    customs: Part[Tally]
    unloading: Part[Tally]
    turnaround, share, closed_hours, refusal_hours, escort_hours, rule_hours, asked_of, got_through = floats(8)
    number, entity, kind, hub, away, coming, fleet, waiting, ordered, loaded, departed, escorted, arrived = ints(13)
    lost, short, no_tanker, no_crew = ints(4)


def is_open(corridor: Corridor, time: float) -> bool:
    """Say whether a corridor is open at a time."""
    return at(corridor.country.plan.corridors.open[corridor.number], time) > 0.5


def is_escorted(corridor: Corridor, time: float) -> bool:
    """Say whether convoys leave with an escort only."""
    return len(corridor.regimes.must[steps.entry(corridor.regimes.start, time)]) > 0


def out_of_customs(corridor: Corridor, town: int, now: float) -> float:
    """Return when a tanker that reaches a town's customs now is let out; nobody overtakes."""
    delay = at(corridor.country.plan.corridors.customs[corridor.number], now)
    out = road.in_turn(now, delay, corridor.last_out[town])
    corridor.last_out[town] = out
    return out


def make_idle(tanker: Tanker) -> None:
    """Let a tanker wait for an order."""
    push_idle(tanker)
    add(tanker.corridor.waiting_order, tanker.country.now, 1)


def push_idle(tanker: Tanker) -> None:
    """Put a tanker behind the idle ones of its corridor."""
    push(tanker.corridor.idle, tanker)
    tanker.corridor.idle_from[tanker.home.number] += 1


def pull_idle(tanker: Tanker) -> None:
    """Take a tanker out of the idle ones of its corridor."""
    pull(tanker.corridor.idle, tanker)
    tanker.corridor.idle_from[tanker.home.number] -= 1


compile_all(globals())
