"""What a scenario's efforts mean for one trip: the chance that a convoy is attacked, by corridor and date."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from sim.plan import build
from sim.plan.sections import EXOGENOUS
from sim.rules.encounter import NATIONAL, loss_ratio, stages
from sim.rules.hazard import chance_of_meeting, rate_of_chance
from sim.rules.steps import at, total

if TYPE_CHECKING:
    from sim.plan.plan import Plan
    from sim.scenario.load import Scenario


class Chance(NamedTuple):
    """A corridor's threat from a date on.

    ``meets`` is the chance that a convoy that drives the whole corridor meets an ambush in place, ``attacked`` that
    it is attacked when the army alone escorts it, ``attacked_alone`` when nobody does.
    """

    corridor: str
    start: datetime
    meets: float
    attacked: float
    attacked_alone: float


def implied_attack_chance(scenario: Scenario) -> list[Chance]:
    """Return the implied chances of a trip at central values, a row whenever a corridor's threat changes.

    Ambushes in place on a road at a convoy's passage are Poisson with mean rate x mean lifetime x share of the zone's
    length; meetings are thinned by detection, those with ambushes by deterrence too.  Attacks that a scenario imposes
    are left out.
    """
    plan = build(scenario)
    changes = sorted(
        {plan.begin, *(t for series in (plan.zones.effort, plan.zones.mines) for s in series for t in s.starts)}
    )
    rows: list[Chance] = []
    for c, name in enumerate(plan.corridors.name):
        if plan.corridors.kind[c] == EXOGENOUS:
            continue
        last = None
        for time in changes:
            if not plan.begin <= time < plan.horizon:
                continue
            roads = plan.corridors.roads[c] if plan.attacks.drawn else ()
            mean = (total(_mean(plan, r, time, False) for r in roads), total(_mean(plan, r, time, True) for r in roads))
            if mean != last:
                met = (
                    chance_of_meeting(mean[0] + mean[1]),
                    chance_of_meeting(_attacks(plan, NATIONAL, *mean)),
                    chance_of_meeting(_attacks(plan, 0, *mean)),
                )
                rows.append(Chance(name, plan.start + timedelta(hours=time - plan.begin), *met))
            last = mean
    return rows


def _mean(plan: Plan, road: int, time: float, mines: bool) -> float:
    """Return the mean number of ambushes (or mines) in place on a road."""
    zone = plan.roads.zone[road]
    if zone < 0:
        return 0.0
    zones = plan.zones
    rate = at(*(zones.mines if mines else zones.effort)[zone], time)
    if zones.by_chance[zone] and not mines:
        rate = rate_of_chance(rate, plan.attacks.lifetime)
    length = total(plan.roads.length[r] for r in zones.roads[zone])
    return rate * plan.attacks.lifetime * plan.roads.length[road] / length


def _attacks(plan: Plan, escort: int, ambushes: float, mines: float) -> float:
    """Return the mean number of attacks that meetings with ambushes and mines lead to under an escort."""
    p = plan.protection
    ratio = loss_ratio(escort, p.ratio_none, p.ratio_foreign, p.ratio_air)
    detects, deters, _ = stages(ratio, p.detection, p.deterrence, p.split_detection, p.split_deterrence, p.split_damage)
    return (1.0 - detects) * (mines + (1.0 - deters) * ambushes)
