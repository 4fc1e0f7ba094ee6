"""Attackers that adapt (exploratory): each week they look at what passed where, and at how much was fought."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.fast.compiled import compile_all
from sim.fast.layout import KIND
from sim.fast.memory import at, new_row, note
from sim.fast.rules import adaptation, encounter, hazard
from sim.plan.sections import Ints
from sim.rules.adaptation import LOOK_BACK

if TYPE_CHECKING:
    from sim.fast.layout import Country


def build_adaptation(country: Country) -> None:
    """Lay out what attackers have seen; exists only where the scenario switches adaptation on."""
    zones = country.plan.zones
    count = len(zones.entity)
    country.weeks = country.plan.days // 7 + 1
    country.seen = new_row(float, country, country.weeks * count)
    country.exposed = new_row(float, country, count)
    country.lengths = new_row(float, country, count)
    for z in range(count):
        country.lengths[z] = length_of(country, zones.roads[z])


def declared(country: Country, zone: int, time: float) -> float:
    """Return the ambushes laid per hour in a zone by the scenario at a time."""
    zones = country.plan.zones
    effort = at(zones.effort[zone], time)
    if not zones.by_chance[zone]:
        return effort
    part = length_of(country, zones.passage[zone]) / length_of(country, zones.roads[zone])
    return hazard.rate_of_chance(effort, country.plan.attacks.lifetime, part)


def length_of(country: Country, roads: Ints) -> float:
    """Return the length of some roads, km."""
    length = 0.0
    for road in roads:
        length += country.plan.roads.length[road]
    return length


def passes(country: Country, road: int, tankers: int, escort: int, time: float) -> None:
    """Note tankers on a road at a time, now or later, and the components that protect them there."""
    plan, protection = country.plan, country.plan.protection
    zone = plan.roads.zone[road]
    if zone < 0 or time < country.begin:
        return
    week = int((time - country.begin) // LOOK_BACK)
    if week >= country.weeks:
        return
    ratio = encounter.loss_ratio(escort, protection.ground, protection.ratio_none, protection.ratio)
    part = plan.roads.length[road] / country.lengths[zone]
    country.seen[week * len(country.lengths) + zone] += adaptation.exposure(tankers, ratio, part)


def draw_conclusions(country: Country) -> None:
    """Let attackers look back at the week that ends now."""
    now, adaptive, zones = country.now, country.plan.attacks.adaptive, len(country.lengths)
    week = int((now - country.begin) // LOOK_BACK) - 1
    for z in range(zones):
        country.exposed[z] = country.seen[week * zones + z]
    growth, fading = adaptive.recruitment, adaptive.fading
    country.level = adaptation.recruited(country.level, country.fights, growth, fading, LOOK_BACK)
    country.fights = 0
    for z in range(zones):
        note(country, now, KIND.EFFORT, country.plan.zones.entity[z], 0, effort(country, z, now))


def effort(country: Country, zone: int, time: float) -> float:
    """Return the ambushes laid per hour in a zone at a time of the present week."""
    base = declared(country, zone, time)
    if base <= 0.0:
        return 0.0
    whole_base, whole_exposed, exposed = 0.0, 0.0, 0.0
    for z in range(len(country.lengths)):
        other = declared(country, z, time)
        whole_base += other
        seen = country.exposed[z] if other > 0.0 else 0.0
        whole_exposed += seen
        if z == zone:
            exposed = seen
    share = adaptation.reshared(base, exposed, whole_base, whole_exposed, country.plan.attacks.adaptive.reshare)
    # The tape holds no more ambushes than its ceiling; what goes beyond is not laid elsewhere.
    return adaptation.grown(share, country.level, country.plan.zones.ceiling[zone])


compile_all(globals())
