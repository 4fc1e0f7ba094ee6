"""A tanker's crew that thinks again, and its trip: order, loading, the way out, the convoy, customs, the way back."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from simpy.events import Event

from sim.model.corridor import LOST
from sim.rules import crews as minds
from sim.rules.order import Rank
from sim.rules.road import hours_alone
from sim.world.keys import Stream, index
from sim.world.occasions import occasion_of

if TYPE_CHECKING:
    from sim.model.corridor import Tanker
    from sim.model.world import World

Story = Generator["Event", Any, None]


def draw_phases(world: World, tankers: Iterable[Tanker]) -> None:
    """Draw at which part of a period each tanker's crew stands when the run begins."""
    for tanker in tankers:
        tanker.phase = world.draws.uniform(Stream.PHASE, tanker.home.entity, index(tanker.serial))


def think_again(world: World, tankers: Iterable[Tanker]) -> None:
    """At midnight: let the crews whose period is over think again whether they drive."""
    now, resolve = world.clock.now - world.plan.begin, world.plan.crews.resolve
    changed = []
    for tanker in tankers:
        period = minds.period(now, resolve, tanker.phase)
        if period != tanker.period:
            tanker.period = period
            changed.append(tanker)
    if changed:
        entities = [tanker.home.entity for tanker in changed]
        keys = [index(tanker.serial, occasion_of(tanker.period, 0)) for tanker in changed]
        marks = world.draws.uniforms(Stream.RESOLVE, entities, keys).tolist()
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


def trip(tanker: Tanker, stage: Stage = Stage.ORDERED, left: float = 0.0) -> Story:
    """Drive one order from the terminal to a depot and come back.

    Parameters
    ----------
    tanker
        The tanker, with its order.
    stage
        Where the story begins.
    left
        Hours left of that stage, unless it is ORDERED.
    """
    world, corridor, key = tanker.world, tanker.corridor, tanker.key
    clock, plan = world.clock, world.plan
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
        tanker.load()
        left = _drive(world, corridor.abroad, clock.now) - clock.now
    if stage <= Stage.ABROAD:
        yield clock.at(clock.now + left, Rank.TANKER, key)
        tanker.at_stop = clock.event()
        tanker.stand_by()
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
        tanker.clear()
    if stage <= Stage.AT_THE_BAY:
        depot = corridor.towns[tanker.destination].depot
        corridor.unloading.add(clock.now, 1)
        with depot.bays.request() as bay:
            yield bay
            corridor.unloading.add(clock.now, -1)
            yield clock.at(clock.now + plan.fleet.unloading, Rank.TANKER, key)
            corridor.unloading.add(clock.now, 1)
            yield depot.put(tanker.product, plan.fleet.load)
            corridor.unloading.add(clock.now, -1)
        tanker.unload()
        left = corridor.back_hours[tanker.destination]
    yield clock.at(clock.now + left, Rank.TANKER, key)
    tanker.come_home()


def _drive(world: World, roads: tuple[int, ...], time: float) -> float:
    """Return when a tanker that drives roads on its own arrives."""
    plan = world.plan
    for road in roads:
        factor = world.factor(road, time)
        time += hours_alone(plan.roads.length[road], plan.roads.pace[road], plan.fleet.driving, factor)
    return time
