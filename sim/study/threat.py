"""What a scenario's threat means for one trip: chances of a party, by its size, its escort, corridor and date."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import NamedTuple

from sim.plan import build
from sim.plan.plan import Plan
from sim.plan.sections import EXOGENOUS, NATIONAL
from sim.rules.encounter import interest, loss_ratio, stages
from sim.rules.hazard import chance_of_meeting, rate_of_chance
from sim.rules.steps import at, total
from sim.scenario.load import Scenario

SIZES = (1, 10, 100)
"""Tankers of the parties of which chances are told."""


class Threat(NamedTuple):
    """What a corridor's roads hold from a date on: means over one trip.

    ``ambushes`` and ``mines`` are those in place that a party reaches, ``roadblocks`` those that a party without
    soldiers meets if none of its tankers turns back.
    """

    corridor: str
    start: datetime
    ambushes: float
    mines: float
    roadblocks: float


class Chances(NamedTuple):
    """The chances of a party on one trip.

    ``attacked`` is the chance of one attack or more, ``taken`` the chance that a tanker of the party is taken at a
    roadblock, if it is neither attacked nor turned back before.
    """

    attacked: float
    taken: float


def threats(scenario: Scenario) -> list[Threat]:
    """Return the threat of each corridor at central values, a row whenever it changes.

    Ambushes in place on a road at a party's passage are Poisson with mean rate x mean lifetime x share of the zone's
    length (mines with their own lifetime), roadblocks with mean rate x kilometres.  Attacks that a scenario imposes
    are left out, and so is what other parties do to an ambush before.
    """
    plan = build(scenario)
    zones = plan.zones
    dated = (zones.effort, zones.mines, zones.roadblocks)
    changes = sorted({plan.begin, *(t for series in dated for s in series for t in s.starts)})
    rows: list[Threat] = []
    for c, name in enumerate(plan.corridors.name):
        if plan.corridors.kind[c] == EXOGENOUS:
            continue
        last: tuple[float, ...] | None = None
        for time in changes:
            if not plan.begin <= time < plan.horizon:
                continue
            means = _means(plan, plan.corridors.roads[c], time)
            if means != last:
                rows.append(Threat(name, plan.start + timedelta(hours=time - plan.begin), *means))
            last = means
    return rows


def chances(scenario: Scenario, threat: Threat, size: int, army: bool) -> Chances:
    """Return the chances of a party of ``size`` tankers, alone or with the army, at central values.

    An ambush takes interest, is not detected, and is not deterred, each by chance; a mine may be detected only.
    """
    plan = build(scenario)
    p = plan.protection
    ratio = loss_ratio(NATIONAL if army else 0, p.ground, p.ratio_none, p.ratio)
    detects, deters, _ = stages(ratio, p.detection, p.deterrence, p.split_detection, p.split_deterrence, p.split_damage)
    sprung = threat.ambushes * interest(size, plan.attacks.prey) * (1.0 - deters) + threat.mines
    taken = 0.0 if army else chance_of_meeting(threat.roadblocks * plan.roadblocks.taken)
    return Chances(chance_of_meeting((1.0 - detects) * sprung), taken)


def _means(plan: Plan, roads: tuple[int, ...], time: float) -> tuple[float, float, float]:
    drawn = roads if plan.attacks.drawn else ()
    zones = plan.zones
    blocked = [road for road in roads if plan.roads.zone[road] >= 0]
    return (
        total(_in_place(plan, road, time, False) for road in drawn),
        total(_in_place(plan, road, time, True) for road in drawn),
        total(plan.roads.length[road] * at(*zones.roadblocks[plan.roads.zone[road]], time) for road in blocked),
    )


def _in_place(plan: Plan, road: int, time: float, mines: bool) -> float:
    """Return the mean number of ambushes (or mines) in place on a road."""
    zone = plan.roads.zone[road]
    if zone < 0:
        return 0.0
    zones, length = plan.zones, plan.roads.length
    lifetime = plan.attacks.mine_lifetime if mines else plan.attacks.lifetime
    rate = at(*(zones.mines if mines else zones.effort)[zone], time)
    whole = math.fsum(length[r] for r in zones.roads[zone])
    if zones.by_chance[zone] and not mines:
        rate = rate_of_chance(rate, lifetime, math.fsum(length[r] for r in zones.passage[zone]) / whole)
    return rate * lifetime * length[road] / whole
