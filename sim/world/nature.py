"""What a replication draws besides the tape: parameters, paces of roads, hours of delivery."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.plan.plan import with_values
from sim.world.keys import HALF_WORD, Stream
from sim.world.laws import draw
from sim.world.occasions import occasion_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.plan.plan import Plan
    from sim.world.keys import Draws


def drawn_values(plan: Plan, draws: Draws) -> dict[str, float]:
    """Return the replication's value of every uncertain number, by path; the same for all strategies."""
    return {
        number.path: draw(
            number.law, draws.uniform(Stream.PARAMETER, number.entity), number.low, number.value, number.high
        )
        for number in plan.uncertain
    }


def drawn_plan(plan: Plan, draws: Draws) -> Plan:
    """Return the plan with the replication's values in it."""
    return with_values(plan, drawn_values(plan, draws))


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
