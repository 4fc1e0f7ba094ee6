"""What a replication draws besides the tape: parameters and luck, paces of roads, hours of delivery."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.plan.laws import draw
from sim.plan.plan import Plan, with_values
from sim.plan.posterior import parts_of
from sim.world.keys import HALF_WORD, Draws, Stream
from sim.world.occasions import occasion_of

LUCKY: Final = (
    *(("zones", "entity"), ("zones", "mine_entity"), ("corridors", "entity"), ("towns", "entity")),
    *(("roads", "entity"), ("escorts", "entity"), ("attacks", "imposed_entity")),
)
"""Sections and fields of a plan that key luck."""


class Nature(NamedTuple):
    """What is given to a replication: its luck and the marks of its parameters.

    ``marks`` holds a number in [0, 1) for each of the plan's uncertain numbers, None for the central values.
    ``renamed`` gives things of the plan another entity, and so luck of their own, while that of all others stays.
    """

    draws: Draws
    marks: NDArray[np.float64] | None = None
    renamed: Mapping[int, int] = {}


def nature(plan: Plan, seed: int, replication: int, *, central: bool = False) -> Nature:
    """Return what a replication is given; replications 2k and 2k + 1 share the draw of the parameters.

    With a posterior the parameters are those of one of its draws, and what it does not know is drawn from its range;
    in a hindcast each replication has the luck of its draw too.
    """
    luck, pair = Draws(seed, replication), Draws(seed, replication // 2)
    posterior = plan.posterior
    if posterior is None or central:
        return Nature(luck, None if central else marks(plan, pair))
    if not posterior.hindcast:
        return Nature(luck, posterior.laid_on(plan, marks(plan, pair), pair.uniform(Stream.POSTERIOR, 0)))
    mark = luck.uniform(Stream.POSTERIOR, 0)
    number, salts = posterior.luck(mark)
    return Nature(Draws(posterior.seed, number), posterior.laid_on(plan, marks(plan, luck), mark), renamed(plan, salts))


def marks(plan: Plan, draws: Draws) -> NDArray[np.float64]:
    """Return the mark of every uncertain number, in the plan's order; the same for all strategies."""
    return draws.uniforms(Stream.PARAMETER, [number.entity for number in plan.uncertain])


def values(plan: Plan, given: NDArray[np.float64]) -> dict[str, float]:
    """Return the value of every uncertain number at its mark, by path."""
    return {
        number.path: draw(number.law, mark, number.low, number.value, number.high)
        for number, mark in zip(plan.uncertain, given.tolist(), strict=True)
    }


def given_plan(plan: Plan, given: Nature) -> Plan:
    """Return the plan with a replication's values in it, and with things renamed."""
    if given.marks is not None:
        plan = with_values(plan, values(plan, given.marks))
    return with_names(plan, given.renamed)


def with_names(plan: Plan, renamed: Mapping[int, int]) -> Plan:
    """Return the plan with other entities for some of its things."""
    for section, field in LUCKY if renamed else ():
        part = getattr(plan, section)
        names = tuple(renamed.get(entity, entity) for entity in getattr(part, field))
        plan = replace(plan, **{section: replace(part, **{field: names})})
    return plan


def renamed(plan: Plan, salts: Mapping[str, int]) -> dict[int, int]:
    """Return the other entities of the things of each part of luck; salt 0 leaves a part as it is."""
    parts = parts_of(plan)
    return {entity: entity ^ salt for part, salt in salts.items() if salt for entity in parts.get(part, ())}


def day_factors(plan: Plan, draws: Draws) -> list[list[float]]:
    """Return the factor on the pace of each road on each day of the plan and one more, uniform around 1."""
    if not plan.roads.name:
        return []
    roads = np.array(plan.roads.entity, dtype=np.int64)[:, None]
    days = _occasions(plan, 1)[None, :] * HALF_WORD
    marks = draws.uniforms(Stream.DAY_FACTOR, roads, days)
    factors: list[list[float]] = (1.0 + plan.fleet.day_factor * (2.0 * marks - 1.0)).tolist()
    return factors


def _occasions(plan: Plan, more: int = 0) -> NDArray[np.int64]:
    """Return the occasion of each day of the plan and of some more days."""
    return np.array([occasion_of(day, plan.warmup) for day in range(plan.warmup + plan.days + more)], np.int64)


def station_marks(draws: Draws, town: int, stations: int, plan: Plan) -> list[list[float]]:
    """Return the mark of the hour at which a lot reaches each station on each day: shape (stations, days)."""
    serial = np.arange(stations, dtype=np.int64)[:, None] * HALF_WORD
    days = _occasions(plan)[None, :]
    marks: list[list[float]] = draws.uniforms(Stream.ARRIVAL, town, serial + days).tolist()
    return marks


def ranking(draws: Draws, stream: Stream, town: int, stations: int) -> list[float]:
    """Return a mark for each station of a town, to order or choose stations by."""
    marks: list[float] = draws.uniforms(stream, town, np.arange(stations, dtype=np.int64) * HALF_WORD).tolist()
    return marks
