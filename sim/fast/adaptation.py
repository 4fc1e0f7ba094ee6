"""Attackers that adapt (exploratory): each week they look at what passed where, and at how much was fought."""

from __future__ import annotations

from sim.fast.compiled import Reals, Words, compiled, rule
from sim.fast.layout import ADAPTIVE, ATTACKS, HEAD, KIND, PROTECTION, ROAD, ZONE
from sim.fast.memory import at, new, note
from sim.rules import adaptation, encounter, hazard
from sim.rules.adaptation import WEEK

rate_of_chance, loss_ratio = rule(hazard.rate_of_chance), rule(encounter.loss_ratio)
exposure, reshared = rule(adaptation.exposure), rule(adaptation.reshared)
recruited, grown = rule(adaptation.recruited), rule(adaptation.grown)


@compiled
def zone_of(n: Words, number: int) -> int:
    """Return the place of a zone's plan."""
    return n[HEAD.zones] + number * ZONE.words


@compiled
def build_adaptation(f: Reals, n: Words) -> None:
    """Lay out what attackers have seen; exists only where the scenario switches adaptation on."""
    zones = n[HEAD.zones_count]
    n[HEAD.weeks] = n[HEAD.days] // 7 + 1
    n[HEAD.seen] = new(n, n[HEAD.weeks] * zones)
    n[HEAD.exposed] = new(n, zones)
    n[HEAD.lengths] = new(n, zones)
    for z in range(zones):
        f[n[HEAD.lengths] + z] = _length(f, n, n[zone_of(n, z) + ZONE.roads], n[zone_of(n, z) + ZONE.roads_count])


@compiled
def declared(f: Reals, n: Words, zone: int, time: float) -> float:
    """Return the ambushes laid per hour in a zone by the scenario at a time."""
    effort = at(f, n, zone_of(n, zone) + ZONE.effort, time)
    place = zone_of(n, zone)
    if n[place + ZONE.by_chance] == 0:
        return effort
    driven = _length(f, n, n[place + ZONE.passage], n[place + ZONE.passage_count])
    part = driven / _length(f, n, n[place + ZONE.roads], n[place + ZONE.roads_count])
    return rate_of_chance(effort, f[ATTACKS.lifetime], part)


@compiled
def _length(f: Reals, n: Words, first: int, count: int) -> float:
    """Return the length of the roads in a list, km."""
    length = 0.0
    for k in range(first, first + count):
        length += f[n[HEAD.roads] + n[k] * ROAD.words + ROAD.length]
    return length


@compiled
def passes(f: Reals, n: Words, road: int, tankers: int, escort: int, time: float) -> None:
    """Note tankers on a road at a time, now or later, and the components that protect them there."""
    place = n[HEAD.roads] + road * ROAD.words
    zone = n[place + ROAD.zone]
    if zone < 0 or time < f[HEAD.begin]:
        return
    week = int((time - f[HEAD.begin]) // WEEK)
    if week >= n[HEAD.weeks]:
        return
    ratio = loss_ratio(escort, f[PROTECTION.ratio_none], f[PROTECTION.ratio_foreign], f[PROTECTION.ratio_air])
    part = f[place + ROAD.length] / f[n[HEAD.lengths] + zone]
    f[n[HEAD.seen] + week * n[HEAD.zones_count] + zone] += exposure(tankers, ratio, part)


@compiled
def draw_conclusions(f: Reals, n: Words) -> None:
    """Let attackers look back at the week that ends now."""
    now = f[HEAD.now]
    zones = n[HEAD.zones_count]
    seen = n[HEAD.seen] + (int((now - f[HEAD.begin]) // WEEK) - 1) * zones
    for z in range(zones):
        f[n[HEAD.exposed] + z] = f[seen + z]
    f[HEAD.level] = recruited(f[HEAD.level], n[HEAD.fights], f[ADAPTIVE.recruitment], f[ADAPTIVE.fading], WEEK)
    n[HEAD.fights] = 0
    for z in range(zones):
        note(f, n, now, KIND.EFFORT, n[zone_of(n, z) + ZONE.entity], 0, effort(f, n, z, now))


@compiled
def effort(f: Reals, n: Words, zone: int, time: float) -> float:
    """Return the ambushes laid per hour in a zone at a time of the present week."""
    base = declared(f, n, zone, time)
    if base <= 0.0:
        return 0.0
    whole_base, whole_exposed, exposed = 0.0, 0.0, 0.0
    for z in range(n[HEAD.zones_count]):
        other = declared(f, n, z, time)
        whole_base += other
        seen = f[n[HEAD.exposed] + z] if other > 0.0 else 0.0
        whole_exposed += seen
        if z == zone:
            exposed = seen
    found = reshared(base, exposed, whole_base, whole_exposed, f[ADAPTIVE.reshare])
    # The tape holds no more ambushes than its ceiling; what goes beyond is not laid elsewhere.
    return grown(found, f[HEAD.level], f[zone_of(n, zone) + ZONE.ceiling])
