"""Attackers that adapt (exploratory): each week they look at what passed where, and at how much was fought."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.model.geography import passage_part
from sim.plan.plan import Plan
from sim.record import Kind
from sim.rules import adaptation as rules
from sim.rules.adaptation import LOOK_BACK
from sim.rules.encounter import loss_ratio
from sim.rules.hazard import rate_of_chance
from sim.rules.steps import at, total

if TYPE_CHECKING:
    from sim.model.world import World


def declared(plan: Plan, zone: int, time: float) -> float:
    """Return the ambushes laid per hour in a zone by the scenario at a time."""
    effort = at(*plan.zones.effort[zone], time)
    if not plan.zones.by_chance[zone]:
        return effort
    return rate_of_chance(effort, plan.attacks.lifetime, passage_part(plan, zone))


class Adaptation:
    """Effort by zone as attackers adapt it; exists only where the scenario switches adaptation on.

    Only zones in which the scenario declares an effort at a moment take part at that moment: a pause, a time before
    the embargo or a quiet zone stays without ambushes.  Mines and replayed attacks stay as declared.
    """

    def __init__(self, world: World) -> None:
        self.world, self.plan = world, world.plan
        plan = self.plan
        self.level = 0.0
        self.exposed = [0.0 for _ in plan.zones.name]
        self._seen: dict[int, list[float]] = {}
        self._fights = 0
        self._length = [total(plan.roads.length[road] for road in roads) for roads in plan.zones.roads]

    def passes(self, road: int, tankers: int, escort: int, time: float) -> None:
        """Note tankers on a road at a time, now or later, and the components that protect them there."""
        zone, plan = self.plan.roads.zone[road], self.plan
        if zone < 0 or time < plan.begin:
            return
        p = plan.protection
        ratio = loss_ratio(escort, p.ground, p.ratio_none, p.ratio)
        week = self._seen.setdefault(int((time - plan.begin) // LOOK_BACK), [0.0 for _ in plan.zones.name])
        week[zone] += rules.exposure(tankers, ratio, plan.roads.length[road] / self._length[zone])

    def fought(self) -> None:
        """Note that an ambush was sprung."""
        self._fights += 1

    def week(self) -> None:
        """Let attackers draw their conclusions from the week that ends now."""
        now, adaptive = self.world.clock.now, self.plan.attacks.adaptive
        self.exposed = self._seen.pop(int((now - self.plan.begin) // LOOK_BACK) - 1, [0.0 for _ in self.exposed])
        self.level = rules.recruited(self.level, self._fights, adaptive.recruitment, adaptive.fading, LOOK_BACK)
        self._fights = 0
        for zone, entity in enumerate(self.plan.zones.entity):
            self.world.note(Kind.EFFORT, entity, 0, self.effort(zone, now))

    def effort(self, zone: int, time: float) -> float:
        """Return the ambushes laid per hour in a zone at a time of the present week."""
        plan = self.plan
        efforts = [declared(plan, z, time) for z in range(len(plan.zones.name))]
        if efforts[zone] <= 0.0:
            return 0.0
        exposed = [e if effort > 0.0 else 0.0 for e, effort in zip(self.exposed, efforts, strict=True)]
        share = plan.attacks.adaptive.reshare
        effort = rules.reshared(efforts[zone], exposed[zone], total(efforts), total(exposed), share)
        # The tape holds no more ambushes than its ceiling; what goes beyond is not laid elsewhere.
        return rules.grown(effort, self.level, plan.zones.ceiling[zone])
