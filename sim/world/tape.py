"""The ambush tape of a replication: every candidate ambush and mine, whatever the strategy.

Candidates of a zone come as a Poisson process at the zone's ceiling; a candidate is laid iff
``height * ceiling < intensity`` when its time comes (thinning, Lewis and Shedler 1979), so less effort lays a
subset of the same ambushes at the same places and times.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import NamedTuple

from sim.errors import WorldError
from sim.halt import heed
from sim.plan.plan import Plan
from sim.world.keys import HALF_WORD, Draws, Stream, index

AMBUSH, MINE, IMPOSED = 0, 1, 2


class Candidate(NamedTuple):
    """A candidate ambush (or mine): where and when, its height mark, and the key of its further draws.

    ``time`` and ``end`` are hours of the plan, ``place`` the share of the road driven before it is reached,
    ``smallest`` the least convoy it attacks, ``lost`` the imposed loss or -1.
    """

    time: float
    entity: int
    serial: int
    kind: int
    zone: int
    road: int
    place: float
    end: float
    height: float
    smallest: float
    lost: float


@dataclass(frozen=True)
class Tape:
    """All candidates in order of (time, entity, serial), and by road."""

    candidates: tuple[Candidate, ...]
    by_road: dict[int, tuple[Candidate, ...]]
    times: dict[int, tuple[float, ...]]
    longest: float

    def near(self, road: int, time: float, until: float) -> list[Candidate]:
        """Return the candidates of a road that may stand at some moment between two times, in order of time."""
        times = self.times.get(road)
        if times is None:
            return []
        first = bisect_left(times, time - self.longest)
        last = bisect_right(times, until)
        return [c for c in self.by_road[road][first:last] if c.end > time]


def unroll(plan: Plan, draws: Draws) -> Tape:
    """Draw the candidates of one replication; there are none before the scenario's start.

    Parameters
    ----------
    plan
        The plan with the replication's parameters in it.
    draws
        The replication's random numbers.
    """
    candidates: list[Candidate] = []
    horizon = plan.days * 24.0
    begin = plan.begin
    if plan.attacks.drawn:
        for z in range(len(plan.zones.name)):
            heed()
            candidates += _zone(plan, draws, z, AMBUSH, horizon)
            if any(rate > 0.0 for rate in plan.zones.mines[z].values):
                candidates += _zone(plan, draws, z, MINE, horizon)
    attacks = plan.attacks
    for k, key in enumerate(attacks.imposed_entity):
        at, road = attacks.imposed_at[k], attacks.imposed_road[k]
        end = at + attacks.imposed_window[k]
        if end <= begin:
            continue
        candidates.append(
            Candidate(
                max(at, begin),
                key,
                0,
                IMPOSED,
                plan.roads.zone[road],
                road,
                0.5,
                end,
                0.0,
                attacks.imposed_smallest[k],
                attacks.imposed_lost[k],
            )
        )
    candidates.sort(key=lambda c: (c.time, c.entity, c.serial))
    by_road: dict[int, list[Candidate]] = {}
    for candidate in candidates:
        by_road.setdefault(candidate.road, []).append(candidate)
    return Tape(
        candidates=tuple(candidates),
        by_road={road: tuple(there) for road, there in by_road.items()},
        times={road: tuple(c.time for c in there) for road, there in by_road.items()},
        longest=max((c.end - c.time for c in candidates), default=0.0),
    )


_STREAMS = {
    AMBUSH: (
        Stream.AMBUSH_GAP,
        Stream.AMBUSH_HEIGHT,
        Stream.AMBUSH_ROAD,
        Stream.AMBUSH_PLACE,
        Stream.AMBUSH_LIFE,
    ),
    MINE: (Stream.MINE_GAP, Stream.MINE_HEIGHT, Stream.MINE_ROAD, Stream.MINE_PLACE, Stream.MINE_LIFE),
}


def _zone(plan: Plan, draws: Draws, zone: int, kind: int, horizon: float) -> list[Candidate]:
    gap, height, which, place, life = _STREAMS[kind]
    key = plan.zones.entity[zone] if kind == AMBUSH else plan.zones.mine_entity[zone]
    lifetime = plan.attacks.lifetime if kind == AMBUSH else plan.attacks.mine_lifetime
    ceiling = plan.zones.ceiling[zone]
    roads = plan.zones.roads[zone]
    whole = 0.0
    for road in roads:
        whole += plan.roads.length[road]
    candidates: list[Candidate] = []
    if ceiling <= 0.0 or not roads:
        return candidates
    # Times since the scenario's start, so that they do not change with the warm-up.
    begin, time = plan.begin, 0.0
    for serial in range(HALF_WORD):
        mark = index(serial)
        time += -math.log1p(-draws.uniform(gap, key, mark)) / ceiling
        if time >= horizon:
            break
        along = draws.uniform(which, key, mark) * whole
        for road in roads:
            if along < plan.roads.length[road]:
                break
            along -= plan.roads.length[road]
        end = time - lifetime * math.log1p(-draws.uniform(life, key, mark))
        at = draws.uniform(place, key, mark)
        tall = draws.uniform(height, key, mark)
        candidates.append(Candidate(begin + time, key, serial, kind, zone, road, at, begin + end, tall, 1.0, -1.0))
    else:
        raise WorldError(f"zone {plan.zones.name[zone]!r} has over {HALF_WORD} candidates; lower its ceiling")
    return candidates
