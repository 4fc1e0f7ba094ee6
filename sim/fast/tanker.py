"""A tanker and its trip: order, loading, the way out, the convoy, customs, unloading, the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.fast.agenda import WHAT, add, call
from sim.fast.compiled import compile_all
from sim.fast.convoy import hours_alone
from sim.fast.corridor import Corridor, make_idle, out_of_customs, slot
from sim.fast.depot import ask_bay, leave_bay, pour_in
from sim.fast.draws import uniform
from sim.fast.layout import KIND, RANK, STREAM
from sim.fast.memory import index, note
from sim.fast.records import Record, flags, floats, ints
from sim.fast.rules import crews, occasions
from sim.plan.sections import IMPORT
from sim.rules.crews import NO_PERIOD

if TYPE_CHECKING:
    from sim.fast.depot import Depot
    from sim.fast.layout import Country

ORDERED, LOADING, ABROAD, ON_THE_ROAD, AT_CUSTOMS, AT_THE_BAY, RETURNING = range(7)
"""Where in its trip a tanker is when its story begins."""


class Tanker(Record):
    """One tanker of the fleet; it is in one list at a time: idle, queue, waiting for a bay or for room."""

    home: Corridor
    corridor: Corridor
    before: Tanker
    next: Tanker
    mark, ready, rest, phase, since = floats(5)
    serial, trips, attempts, product, destination, stage, period = ints(7)
    laden, inside, left = flags(3)


def draw_phases(country: Country) -> None:
    """Draw at which part of a period each tanker's crew stands when the run begins."""
    for tanker in country.tankers:
        tanker.phase = uniform(country, STREAM.PHASE, tanker.home.entity, index(tanker.serial, 0))
        tanker.period = NO_PERIOD


def think_again(country: Country) -> None:
    """At midnight: let the crews whose period is over think again whether they drive."""
    now, resolve = country.now - country.begin, country.plan.crews.resolve
    for tanker in country.tankers:
        period = crews.period(now, resolve, tanker.phase)
        if period != tanker.period:
            tanker.period = period
            mark = index(tanker.serial, occasions.occasion_of(period, 0))
            tanker.mark = uniform(country, STREAM.RESOLVE, tanker.home.entity, mark)


def begin_trip(tanker: Tanker) -> None:
    """Begin a trip, at the stage where the run finds the tanker."""
    now, stage, left = tanker.country.now, tanker.stage, tanker.rest
    tanker.stage = ORDERED
    if stage == ORDERED:
        turnaround = tanker.corridor.turnaround
        if turnaround > 0.0:
            wait(tanker, now + turnaround, WHAT.TURNED)
        else:
            turned(tanker)
    elif stage == LOADING:
        wait(tanker, now + left, WHAT.LOADED)
    elif stage == ABROAD:
        wait(tanker, now + left, WHAT.READY)
    elif stage == ON_THE_ROAD:
        wait(tanker, now + left, WHAT.THERE)
    elif stage == AT_CUSTOMS:
        _at_customs(tanker, now + left)
    elif stage == AT_THE_BAY:
        _at_the_bay(tanker)
    else:
        wait(tanker, now + left, WHAT.BACK)


def wait(tanker: Tanker, time: float, what: int) -> None:
    """Let the story go on at a time."""
    call(tanker.country, time, RANK.TANKER, tanker.home.entity << 16 | tanker.serial, what, tanker.where)


def turned(tanker: Tanker) -> None:
    """Wait for a slot of the terminal."""
    corridor, now = tanker.corridor, tanker.country.now
    start = slot(corridor.terminal, now)
    add(corridor.loading, now, 1)
    if start > now:
        wait(tanker, start, WHAT.SLOT)
    else:
        at_slot(tanker)


def at_slot(tanker: Tanker) -> None:
    """Load."""
    country = tanker.country
    add(tanker.corridor.loading, country.now, -1)
    wait(tanker, country.now + country.plan.fleet.loading, WHAT.LOADED)


def loaded(tanker: Tanker) -> None:
    """Leave the terminal; inland tankers took their load from the depot when they were sent."""
    country, corridor = tanker.country, tanker.corridor
    now = country.now
    corridor.loaded += 1
    if not tanker.laden:
        tanker.laden = True
        country.balance[tanker.product].entered += country.plan.fleet.load
    note(country, now, KIND.LOADED, corridor.entity, tanker.serial, float(tanker.product))
    time = now
    for road in corridor.abroad:
        time += hours_alone(country, road, time)
    wait(tanker, now + (time - now), WHAT.READY)


def reached(tanker: Tanker) -> None:
    """Come to the customs of the town."""
    _at_customs(tanker, out_of_customs(tanker.corridor, tanker.destination, tanker.country.now))


def _at_customs(tanker: Tanker, out: float) -> None:
    now = tanker.country.now
    if out > now:
        add(tanker.corridor.customs, now, 1)
        wait(tanker, out, WHAT.CUSTOMS)
    else:
        _clear(tanker)


def out(tanker: Tanker) -> None:
    """Leave customs after a wait."""
    add(tanker.corridor.customs, tanker.country.now, -1)
    _clear(tanker)


def _clear(tanker: Tanker) -> None:
    """Count the load as imported if it came from abroad, and go to the depot."""
    country, corridor = tanker.country, tanker.corridor
    corridor.arrived += 1
    if corridor.kind == IMPORT:
        count_import(corridor, tanker.product, country.plan.fleet.load)
    note(country, country.now, KIND.CLEARED, corridor.entity, tanker.serial, 0.0)
    _at_the_bay(tanker)


def count_import(corridor: Corridor, product: int, volume: float) -> None:
    """Count what came into the country today."""
    country = corridor.country
    row = country.day * len(country.corridors) + corridor.number
    where = row * len(country.balance) + product
    country.imports[where] += volume
    country.imports_noted[where] = True


def _depot(tanker: Tanker) -> Depot:
    return tanker.country.towns[tanker.destination].depot


def _at_the_bay(tanker: Tanker) -> None:
    add(tanker.corridor.unloading, tanker.country.now, 1)
    ask_bay(_depot(tanker), tanker)


def at_bay(tanker: Tanker) -> None:
    """Begin to unload."""
    country = tanker.country
    add(tanker.corridor.unloading, country.now, -1)
    wait(tanker, country.now + country.plan.fleet.unloading, WHAT.UNLOADED)


def unloaded(tanker: Tanker) -> None:
    """Wait for room in the tank."""
    add(tanker.corridor.unloading, tanker.country.now, 1)
    pour_in(_depot(tanker).tanks[tanker.product], tanker)


def poured(tanker: Tanker) -> None:
    """Leave the bay, empty, for home."""
    country, corridor, town = tanker.country, tanker.corridor, tanker.destination
    now = country.now
    add(corridor.unloading, now, -1)
    leave_bay(_depot(tanker))
    tanker.laden = False
    country.bound[town * len(country.balance) + tanker.product] -= 1
    note(country, now, KIND.UNLOADED, corridor.entity, tanker.serial, 0.0)
    wait(tanker, now + corridor.back_hours[town], WHAT.BACK)


def back(tanker: Tanker) -> None:
    """Come back to the terminal."""
    country, corridor = tanker.country, tanker.corridor
    corridor.crews.away -= 1
    corridor.crews.free += 1
    note(country, country.now, KIND.BACK, corridor.entity, tanker.serial, 0.0)
    make_idle(tanker)


def moved(tanker: Tanker) -> None:
    """Come to another corridor."""
    corridor = tanker.corridor
    corridor.coming -= 1
    corridor.crews.tankers += 1
    corridor.crews.free += 1
    make_idle(tanker)


compile_all(globals())
