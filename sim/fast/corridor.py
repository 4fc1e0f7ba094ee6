"""A corridor: its idle tankers, its terminal, and the customs of the towns it serves."""

from __future__ import annotations

import math

from sim.fast.compiled import Reals, Words, compiled, rule
from sim.fast.layout import CORRIDOR, FLEET, GATE, HEAD, LINE, REGIMES, TALLY, TANKER
from sim.fast.memory import at
from sim.fast.pointers import stretch
from sim.rules import road, steps

entry, next_change = rule(steps.entry), rule(steps.next_change)
in_turn, slot_rate = rule(road.in_turn), rule(road.slot_rate)


@compiled
def add(f: Reals, n: Words, tally: int, time: float, change: int) -> None:
    """Change a number at a time, and its integral over time."""
    f[tally + TALLY.total] += n[tally + TALLY.count] * (time - f[tally + TALLY.last])
    f[tally + TALLY.last] = time
    n[tally + TALLY.count] += change


@compiled
def take_total(f: Reals, n: Words, tally: int, time: float) -> float:
    """Return the integral since the last call, in units of count times hours."""
    add(f, n, tally, time, 0)
    total = f[tally + TALLY.total]
    f[tally + TALLY.total] = 0.0
    return total


@compiled
def is_open(f: Reals, n: Words, line: int, time: float) -> bool:
    """Say whether a corridor is open at a time."""
    return at(f, n, n[line + LINE.corridor] + CORRIDOR.open, time) > 0.5


@compiled
def is_escorted(f: Reals, n: Words, line: int, time: float) -> bool:
    """Say whether convoys leave with an escort only."""
    r = n[line + LINE.regimes]
    k = entry(stretch(f, n[r + REGIMES.start], n[r + REGIMES.start_count]), time)
    return n[n[r + REGIMES.must] + 2 * k + 1] > 0


@compiled
def loads(f: Reals, n: Words, terminal: int, time: float) -> bool:
    """Say whether tankers can load at a terminal at a time."""
    return _rate(f, n, terminal, time) > 0.0


@compiled
def slot(f: Reals, n: Words, line: int, now: float) -> float:
    """Take the next slot of the terminal and return when it opens, infinite if it never does.

    The next one opens when one slot's worth of time has passed, at the rates of that time.
    """
    terminal = n[line + LINE.terminal]
    start = now if now > f[terminal + GATE.free] else f[terminal + GATE.free]
    while start < math.inf and not loads(f, n, terminal, start):
        start = _change(f, n, terminal, start)
    time, left = start, 1.0
    while time < math.inf:
        rate, change = _rate(f, n, terminal, time), _change(f, n, terminal, time)
        if rate > 0.0 and left / rate <= change - time:
            time += left / rate
            break
        if rate > 0.0:
            left -= rate * (change - time)
        time = change
    f[terminal + GATE.free] = time
    return start


@compiled
def _rate(f: Reals, n: Words, terminal: int, time: float) -> float:
    return slot_rate(at(f, n, terminal + GATE.slots, time), at(f, n, terminal + GATE.supply, time), f[FLEET.load])


@compiled
def _change(f: Reals, n: Words, terminal: int, time: float) -> float:
    one = next_change(stretch(f, n[terminal + GATE.slots], n[terminal + GATE.slots_count]), time)
    other = next_change(stretch(f, n[terminal + GATE.supply], n[terminal + GATE.supply_count]), time)
    return one if one < other else other


@compiled
def out_of_customs(f: Reals, n: Words, line: int, town: int, now: float) -> float:
    """Return when a tanker that reaches a town's customs now is let out; nobody overtakes."""
    delay = at(f, n, n[line + LINE.corridor] + CORRIDOR.customs, now)
    out = in_turn(now, delay, f[n[line + LINE.last_out] + town])
    f[n[line + LINE.last_out] + town] = out
    return out


@compiled
def make_idle(f: Reals, n: Words, tanker: int) -> None:
    """Let a tanker wait for an order."""
    line = n[tanker + TANKER.line]
    push_idle(n, line, tanker)
    add(f, n, line + LINE.waiting_order, f[HEAD.now], 1)


@compiled
def push_idle(n: Words, line: int, tanker: int) -> None:
    """Put a tanker behind the idle ones."""
    last = n[line + LINE.idle_last]
    n[tanker + TANKER.before] = last
    n[tanker + TANKER.next] = 0
    if last == 0:
        n[line + LINE.idle] = tanker
    else:
        n[last + TANKER.next] = tanker
    n[line + LINE.idle_last] = tanker
    n[line + LINE.idle_count] += 1
    n[n[line + LINE.idle_from] + n[n[tanker + TANKER.home] + LINE.number]] += 1


@compiled
def pull_idle(n: Words, line: int, tanker: int) -> None:
    """Take a tanker out of the idle ones."""
    unlink(n, line + LINE.idle, line + LINE.idle_last, tanker)
    n[line + LINE.idle_count] -= 1
    n[n[line + LINE.idle_from] + n[n[tanker + TANKER.home] + LINE.number]] -= 1


@compiled
def unlink(n: Words, first: int, last: int, tanker: int) -> None:
    """Take a tanker out of a list, of whose ends the places are given."""
    before, after = n[tanker + TANKER.before], n[tanker + TANKER.next]
    n[first if before == 0 else before + TANKER.next] = after
    n[last if after == 0 else after + TANKER.before] = before
