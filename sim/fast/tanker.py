"""A tanker's trip: order, loading, the way out, the convoy, customs, unloading, the way back."""

from __future__ import annotations

from sim.fast.agenda import WHAT, call
from sim.fast.assembly import stand_by
from sim.fast.compiled import Reals, Words, compiled
from sim.fast.convoy import hours_alone
from sim.fast.corridor import add, make_idle, out_of_customs, slot
from sim.fast.depot import ask_bay, depot_of, leave_bay, pour_in, tank_of
from sim.fast.layout import CORRIDOR, FLEET, HEAD, KIND, LINE, RANK, TANKER
from sim.fast.memory import note
from sim.plan.sections import IMPORT

ORDERED, LOADING, ABROAD, ON_THE_ROAD, AT_CUSTOMS, AT_THE_BAY, RETURNING = range(7)
"""Where in its trip a tanker is when its story begins."""


@compiled
def begin_trip(f: Reals, n: Words, tanker: int) -> None:
    """Begin a trip, at the stage where the run finds the tanker."""
    line, now = n[tanker + TANKER.line], f[HEAD.now]
    stage, left = n[tanker + TANKER.stage], f[tanker + TANKER.rest]
    n[tanker + TANKER.stage] = ORDERED
    if stage == ORDERED:
        turnaround = f[n[line + LINE.corridor] + CORRIDOR.turnaround]
        if turnaround > 0.0:
            wait(f, n, tanker, now + turnaround, WHAT.TURNED)
        else:
            turned(f, n, tanker)
    elif stage == LOADING:
        wait(f, n, tanker, now + left, WHAT.LOADED)
    elif stage == ABROAD:
        wait(f, n, tanker, now + left, WHAT.READY)
    elif stage == ON_THE_ROAD:
        wait(f, n, tanker, now + left, WHAT.THERE)
    elif stage == AT_CUSTOMS:
        _at_customs(f, n, tanker, now + left)
    elif stage == AT_THE_BAY:
        _at_the_bay(f, n, tanker)
    else:
        wait(f, n, tanker, now + left, WHAT.BACK)


@compiled
def wait(f: Reals, n: Words, tanker: int, time: float, what: int) -> None:
    """Let the story go on at a time."""
    key = n[n[tanker + TANKER.home] + LINE.entity] << 16 | n[tanker + TANKER.serial]
    call(f, n, time, RANK.TANKER, key, what, tanker)


@compiled
def turned(f: Reals, n: Words, tanker: int) -> None:
    """Wait for a slot of the terminal."""
    line, now = n[tanker + TANKER.line], f[HEAD.now]
    start = slot(f, n, line, now)
    add(f, n, line + LINE.loading, now, 1)
    if start > now:
        wait(f, n, tanker, start, WHAT.SLOT)
    else:
        at_slot(f, n, tanker)


@compiled
def at_slot(f: Reals, n: Words, tanker: int) -> None:
    """Load."""
    add(f, n, n[tanker + TANKER.line] + LINE.loading, f[HEAD.now], -1)
    wait(f, n, tanker, f[HEAD.now] + f[FLEET.loading], WHAT.LOADED)


@compiled
def loaded(f: Reals, n: Words, tanker: int) -> None:
    """Leave the terminal; inland tankers took their load from the depot when they were sent."""
    line, now = n[tanker + TANKER.line], f[HEAD.now]
    n[line + LINE.loaded] += 1
    product = n[tanker + TANKER.product]
    if n[tanker + TANKER.laden] == 0:
        n[tanker + TANKER.laden] = 1
        f[n[HEAD.entered] + product] += f[FLEET.load]
    note(f, n, now, KIND.LOADED, n[line + LINE.entity], n[tanker + TANKER.serial], float(product))
    time = now
    corridor = n[line + LINE.corridor]
    for k in range(n[corridor + CORRIDOR.abroad_count]):
        time += hours_alone(f, n, n[n[corridor + CORRIDOR.abroad] + k], time)
    wait(f, n, tanker, now + (time - now), WHAT.READY)


@compiled
def reached(f: Reals, n: Words, tanker: int) -> None:
    """Come to the customs of the town."""
    line = n[tanker + TANKER.line]
    _at_customs(f, n, tanker, out_of_customs(f, n, line, n[tanker + TANKER.destination], f[HEAD.now]))


@compiled
def _at_customs(f: Reals, n: Words, tanker: int, out: float) -> None:
    line, now = n[tanker + TANKER.line], f[HEAD.now]
    if out > now:
        add(f, n, line + LINE.customs, now, 1)
        wait(f, n, tanker, out, WHAT.CUSTOMS)
    else:
        _clear(f, n, tanker)


@compiled
def out(f: Reals, n: Words, tanker: int) -> None:
    """Leave customs after a wait."""
    add(f, n, n[tanker + TANKER.line] + LINE.customs, f[HEAD.now], -1)
    _clear(f, n, tanker)


@compiled
def _clear(f: Reals, n: Words, tanker: int) -> None:
    """Count the load as imported if it came from abroad, and go to the depot."""
    line = n[tanker + TANKER.line]
    n[line + LINE.arrived] += 1
    if n[line + LINE.kind] == IMPORT:
        count_import(f, n, line, n[tanker + TANKER.product], f[FLEET.load])
    note(f, n, f[HEAD.now], KIND.CLEARED, n[line + LINE.entity], n[tanker + TANKER.serial], 0.0)
    _at_the_bay(f, n, tanker)


@compiled
def count_import(f: Reals, n: Words, line: int, product: int, volume: float) -> None:
    """Count what came into the country today."""
    row = n[HEAD.day] * n[HEAD.corridors_count] + n[line + LINE.number]
    where = row * n[HEAD.products_count] + product
    f[n[HEAD.imports] + where] += volume
    n[n[HEAD.imports_noted] + where] = 1


@compiled
def _at_the_bay(f: Reals, n: Words, tanker: int) -> None:
    add(f, n, n[tanker + TANKER.line] + LINE.unloading, f[HEAD.now], 1)
    ask_bay(n, depot_of(n, n[tanker + TANKER.destination]), tanker)


@compiled
def at_bay(f: Reals, n: Words, tanker: int) -> None:
    """Begin to unload."""
    add(f, n, n[tanker + TANKER.line] + LINE.unloading, f[HEAD.now], -1)
    wait(f, n, tanker, f[HEAD.now] + f[FLEET.unloading], WHAT.UNLOADED)


@compiled
def unloaded(f: Reals, n: Words, tanker: int) -> None:
    """Wait for room in the tank."""
    add(f, n, n[tanker + TANKER.line] + LINE.unloading, f[HEAD.now], 1)
    pour_in(f, n, tank_of(n, n[tanker + TANKER.destination], n[tanker + TANKER.product]), tanker)


@compiled
def poured(f: Reals, n: Words, tanker: int) -> None:
    """Leave the bay, empty, for home."""
    line, now, town = n[tanker + TANKER.line], f[HEAD.now], n[tanker + TANKER.destination]
    add(f, n, line + LINE.unloading, now, -1)
    leave_bay(n, depot_of(n, town))
    n[tanker + TANKER.laden] = 0
    n[n[HEAD.bound] + town * n[HEAD.products_count] + n[tanker + TANKER.product]] -= 1
    note(f, n, now, KIND.UNLOADED, n[line + LINE.entity], n[tanker + TANKER.serial], 0.0)
    wait(f, n, tanker, now + f[n[line + LINE.back] + town], WHAT.BACK)


@compiled
def back(f: Reals, n: Words, tanker: int) -> None:
    """Come back to the terminal."""
    line = n[tanker + TANKER.line]
    n[line + LINE.crews_away] -= 1
    n[line + LINE.crews_free] += 1
    note(f, n, f[HEAD.now], KIND.BACK, n[line + LINE.entity], n[tanker + TANKER.serial], 0.0)
    make_idle(f, n, tanker)


@compiled
def moved(f: Reals, n: Words, tanker: int) -> None:
    """Come to another corridor."""
    line = n[tanker + TANKER.line]
    n[line + LINE.coming] -= 1
    n[line + LINE.crews_tankers] += 1
    n[line + LINE.crews_free] += 1
    make_idle(f, n, tanker)


@compiled
def ready(f: Reals, n: Words, tanker: int) -> None:
    """Wait at the assembly point."""
    stand_by(f, n, tanker)
