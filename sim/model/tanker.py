"""A tanker and its trip: order, loading, the way out, the convoy, customs, unloading, the way back."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterable
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from sim.rules import crews as minds
from sim.rules.order import Rank
from sim.rules.road import hours_alone
from sim.rules.roadblock import MOST_ATTEMPTS
from sim.world.keys import Stream, index
from sim.world.occasions import occasion_of

if TYPE_CHECKING:
    from simpy.events import Event

    from sim.model.corridor import Corridor
    from sim.model.country import Country

ARRIVED, LOST = "arrived", "lost"
Story = Generator["Event", Any, None]


class Tanker:
    """One tanker of the fleet; ``home`` and ``serial`` name it, ``corridor`` is where it drives now.

    ``inside`` says whether it is past its assembly point; ``mark`` is its crew's mind in the present ``period``: it
    drives while the willingness is above.  ``ready`` is when it last joined a queue, ``since`` since when its crew has
    been willing there (infinite if it is not).
    """

    __slots__ = (
        "at_stop",
        "attempts",
        "corridor",
        "destination",
        "home",
        "inside",
        "laden",
        "mark",
        "period",
        "phase",
        "product",
        "ready",
        "serial",
        "since",
        "trips",
    )

    def __init__(self, corridor: Corridor, serial: int) -> None:
        self.home = self.corridor = corridor
        self.serial = serial
        self.trips = 0
        self.attempts = 0
        self.product = self.destination = -1
        self.laden = False
        self.inside = False
        self.mark = self.phase = 0.0
        self.period = minds.NO_PERIOD
        self.ready = 0.0
        self.since = math.inf
        self.at_stop: Event | None = None

    @property
    def key(self) -> int:
        """Order of this tanker among simultaneous events."""
        return self.home.entity << 16 | self.serial

    @property
    def attempt_index(self) -> int:
        """Index of draws that belong to this attempt of this trip: trips below 4,096, attempts up to 15."""
        return index(self.serial, self.trips << 4 | min(self.attempts, MOST_ATTEMPTS))


def draw_phases(country: Country) -> None:
    """Draw at which part of a period each tanker's crew stands when the run begins."""
    for tanker in country.tankers:
        tanker.phase = country.draws.uniform(Stream.PHASE, tanker.home.entity, index(tanker.serial))


def think_again(country: Country, tankers: Iterable[Tanker]) -> None:
    """At midnight: let the crews whose period is over think again whether they drive."""
    now, resolve = country.clock.now - country.plan.begin, country.plan.crews.resolve
    changed = []
    for tanker in tankers:
        period = minds.period(now, resolve, tanker.phase)
        if period != tanker.period:
            tanker.period = period
            changed.append(tanker)
    if changed:
        entities = [tanker.home.entity for tanker in changed]
        keys = [index(tanker.serial, occasion_of(tanker.period, 0)) for tanker in changed]
        marks = country.draws.uniforms(Stream.RESOLVE, entities, keys).tolist()
        for tanker, mark in zip(changed, marks, strict=True):
            tanker.mark = mark


class Stage(IntEnum):
    """Where in its trip a tanker is when its story begins; a run begins with tankers at all stages."""

    ORDERED = 0
    LOADING = 1
    ABROAD = 2
    ON_THE_ROAD = 3
    AT_CUSTOMS = 4
    AT_THE_BAY = 5
    RETURNING = 6


def trip(country: Country, tanker: Tanker, stage: Stage = Stage.ORDERED, left: float = 0.0) -> Story:
    """Drive one order from the terminal to a depot and come back.

    Parameters
    ----------
    country
        The country.
    tanker
        The tanker, with its order.
    stage
        Where the story begins.
    left
        Hours left of that stage, unless it is ORDERED.
    """
    clock, corridor, plan, key = country.clock, tanker.corridor, country.plan, tanker.key
    if stage == Stage.ORDERED:
        if corridor.turnaround > 0.0:
            yield clock.at(clock.now + corridor.turnaround, Rank.TANKER, key)
        assert corridor.terminal is not None  # only corridors with a terminal own tankers
        start = corridor.terminal.slot(clock.now)
        corridor.loading.add(clock.now, 1)
        if start > clock.now:
            yield clock.at(start, Rank.TANKER, key)
        corridor.loading.add(clock.now, -1)
        left = plan.fleet.loading
    if stage <= Stage.LOADING:
        yield clock.at(clock.now + left, Rank.TANKER, key)
        country.load(tanker)
        left = _drive(country, corridor.abroad, clock.now) - clock.now
    if stage <= Stage.ABROAD:
        yield clock.at(clock.now + left, Rank.TANKER, key)
        tanker.at_stop = clock.event()
        corridor.stand_by(tanker)
        if (yield tanker.at_stop) == LOST:
            return
    elif stage == Stage.ON_THE_ROAD:
        yield clock.at(clock.now + left, Rank.TANKER, key)
    if stage <= Stage.AT_CUSTOMS:
        out = clock.now + left if stage == Stage.AT_CUSTOMS else corridor.out_of_customs(tanker.destination, clock.now)
        if out > clock.now:
            corridor.customs.add(clock.now, 1)
            yield clock.at(out, Rank.TANKER, key)
            corridor.customs.add(clock.now, -1)
        country.clear(tanker)
    if stage <= Stage.AT_THE_BAY:
        depot = country.towns[tanker.destination].depot
        corridor.unloading.add(clock.now, 1)
        with depot.bays.request() as bay:
            yield bay
            corridor.unloading.add(clock.now, -1)
            yield clock.at(clock.now + plan.fleet.unloading, Rank.TANKER, key)
            corridor.unloading.add(clock.now, 1)
            yield depot.put(tanker.product, plan.fleet.load)
            corridor.unloading.add(clock.now, -1)
        country.unload(tanker)
        left = corridor.back_hours[tanker.destination]
    yield clock.at(clock.now + left, Rank.TANKER, key)
    country.come_home(tanker)


def _drive(country: Country, roads: tuple[int, ...], time: float) -> float:
    """Return when a tanker that drives roads on its own arrives."""
    plan = country.plan
    for road in roads:
        factor = country.factor(road, time)
        time += hours_alone(plan.roads.length[road], plan.roads.pace[road], plan.fleet.driving, factor)
    return time
