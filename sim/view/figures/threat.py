"""Zones of threat: which there are in a run, and what was lost in each."""

from __future__ import annotations

from sim.results.run import Run
from sim.scenario.schema import Root


def zone_losses(run: Run) -> dict[str, float]:
    """Tankers lost per zone of threat, mean over replications; zones without loss are left out."""
    zones = {road: name for name, zone in run.scenario.root.zones.items() for road in zone.roads}
    roads = run.sums("encounters", ["road"], ["lost"])["lost"]
    sums = roads.groupby(roads.index.map(zones)).sum() / len(run.measures)
    return {str(name): float(lost) for name, lost in sums.items() if lost > 0}


def threatened(root: Root) -> set[str]:
    """Zones in which ambushes or mines can be laid at some time of the run, or an attack is replayed."""
    mode, zones = root.attacks.mode, set()
    replayed = {attack.road for attack in root.attacks.replayed.values()} if mode in ("replayed", "both") else set()
    for name, zone in root.zones.items():
        dated = [levels for levels in (zone.effort, zone.chance, zone.mines) if levels is not None]
        drawn = mode in ("drawn", "both") and any(level.value > 0 for levels in dated for _, level in levels.entries)
        if drawn or replayed & set(zone.roads):
            zones.add(name)
    return zones
