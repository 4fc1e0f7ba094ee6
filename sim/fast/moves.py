"""Idle tankers that go to corridors which lack some."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.fast.agenda import WHAT, add
from sim.fast.compiled import compile_all
from sim.fast.corridor import Corridor, is_open, pull_idle
from sim.fast.layout import KIND
from sim.fast.lowering import thing
from sim.fast.memory import note
from sim.fast.tanker import Tanker, wait

if TYPE_CHECKING:
    from sim.fast.layout import Country


def move_tankers(country: Country, kind: int) -> None:
    """Send idle tankers to corridors of the same kind that lacked tankers today."""
    lacks = False
    for corridor in country.corridors:
        corridor.served = False
        if corridor.kind == kind and corridor.no_tanker > 0:
            lacks = True
    if not lacks:
        return
    for _ in range(len(country.corridors)):
        taker = thing(Corridor, country, 0)
        for corridor in country.corridors:
            is_left = corridor.kind == kind and not corridor.served
            if is_left and (not taker or _before(corridor, corridor.no_tanker, taker, taker.no_tanker)):
                taker = corridor
        if not taker:
            return
        taker.served = True
        lacking = taker.no_tanker - taker.coming if is_open(taker, country.now) else 0
        if lacking > 0:
            _lend_to(taker, lacking)


def _lend_to(taker: Corridor, lacking: int) -> None:
    """Take idle tankers from corridors of the same kind with the most of them first."""
    givers = taker.country.givers
    count = 0
    for corridor in taker.country.corridors:
        if corridor.kind == taker.kind:
            hole = count
            while hole > 0 and _before(corridor, corridor.idle.count, givers[hole - 1], givers[hole - 1].idle.count):
                givers[hole] = givers[hole - 1]
                hole -= 1
            givers[hole] = corridor
            count += 1
    for k in range(count):
        giver = givers[k]
        while lacking > 0 and giver != taker and giver.no_tanker == 0 and giver.crews.free > 0:
            tanker = _to_spare(giver, taker)
            if not tanker:
                break
            _transfer(tanker, giver, taker)
            lacking -= 1


def _before(corridor: Corridor, many: int, other: Corridor, fewer: int) -> bool:
    """Say whether a corridor comes before another: with more of something first, ties by entity."""
    return (-many, corridor.entity) < (-fewer, other.entity)


def _to_spare(giver: Corridor, taker: Corridor) -> Tanker:
    """Return an idle tanker that may leave a corridor: one that goes home first, then any within the limit."""
    may_lend = giver.away + 1 <= giver.fleet * giver.country.plan.fleet.moves_share
    tanker = giver.idle.last
    if giver.idle_from[taker.number] > 0:
        while tanker.home != taker:
            tanker = tanker.before
    elif not may_lend:
        if giver.idle_from[giver.number] == giver.idle.count:
            return thing(Tanker, giver, 0)
        while tanker.home == giver:
            tanker = tanker.before
    return tanker


def _transfer(tanker: Tanker, giver: Corridor, taker: Corridor) -> None:
    country, home = tanker.country, tanker.home
    pull_idle(tanker)
    add(giver.waiting_order, country.now, -1)
    giver.crews.free -= 1
    giver.crews.tankers -= 1
    taker.coming += 1
    if home == giver:
        home.away += 1
    if home == taker:
        home.away -= 1
    tanker.corridor = taker
    note(country, country.now, KIND.MOVED, taker.entity, tanker.serial, 0.0)
    wait(tanker, country.now + country.plan.fleet.moves_delay, WHAT.MOVED)


compile_all(globals())
