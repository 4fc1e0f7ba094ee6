"""Zones of threat: which there are in a run, and what was lost in each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.results.run import Run

if TYPE_CHECKING:
    from sim.scenario.schema import Root


def zone_losses(run: Run) -> dict[str, float]:
    """Tankers lost per zone of threat, mean over replications; zones without loss are left out."""
    zones = {road: name for name, zone in run.scenario.root.zones.items() for road in zone.roads}
    roads = run.sums("encounters", ["road"], ["lost"])["lost"]
    sums = roads.groupby(roads.index.map(zones)).sum() / len(run.measures)
    return {str(name): float(lost) for name, lost in sums.items() if lost > 0}


def threatened(root: Root) -> set[str]:
    """Zones in which ambushes or mines can be laid at some time of the run, or an attack is replayed."""
    mode, held = root.attacks.mode, set()
    replayed = {one.road for one in root.attacks.replayed.values()} if mode in ("replayed", "both") else set()
    for name, zone in root.zones.items():
        dated = [one for one in (zone.effort, zone.chance, zone.mines) if one is not None]
        drawn = mode in ("drawn", "both") and any(level.value > 0 for one in dated for _, level in one.entries)
        if drawn or replayed & set(zone.roads):
            held.add(name)
    return held
