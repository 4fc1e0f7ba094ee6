"""Settings that change nothing: allowed, but hardly meant.

A switch and a list that it turns on or off may be at odds on purpose: one file lists what another one is to switch on.
So a list is noted only where it is laid on the file that turned the switch off.
"""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import datetime
from operator import attrgetter

from sim.scenario.components import components_of
from sim.scenario.conduct import Pool
from sim.scenario.demand import Rationing
from sim.scenario.paths import steps
from sim.scenario.places import Corridor, route_of
from sim.scenario.pools import KINDS, serves
from sim.scenario.problem import Fault, Origin, Path, plain_words
from sim.scenario.schema import Root
from sim.scenario.tree import Branch, locate, node_at, origins

DEFAULT = -1
"""Rank of what no file states."""


class Layers:
    """Which of two values was laid later: files in order, then settings; those of the scenario come before ``base``."""

    def __init__(self, tree: Branch, ranks: Mapping[str, int], base: int) -> None:
        self.tree, self.base = tree, base
        self._ranks = ranks

    def rank(self, path: Path) -> int:
        """Return the rank of the file that set the value at a path."""
        return DEFAULT if node_at(self.tree, path) is None else self._of(locate(self.tree, path))

    def latest(self, *path: str) -> int:
        """Return the rank of what was laid last of all at a path and below."""
        node = node_at(self.tree, path)
        return DEFAULT if node is None else max(map(self._of, origins(node).values()))

    def _of(self, place: Origin) -> int:
        return self._ranks.get(place.file, len(self._ranks))


def inert(root: Root, layers: Layers) -> Iterator[Fault]:
    """Iterate over the settings that change nothing, each with its full path."""
    yield from _switched_off(root, layers)
    for name, rule in root.rationing.items():
        yield from _rule_notes(root, rule, ("rationing", name))
    yield from _pool_notes(root, layers)
    yield from _strike_notes(root)
    if root.power.thermal.most > 0 and not any(user.power for user in root.users.values()):
        yield Fault("changes nothing: no user is a power station ('power: yes')", at=("power", "thermal"))
    yield from _unused(root)


def _switched_off(root: Root, layers: Layers) -> Iterator[Fault]:
    """Iterate over notes on what a switch turns off, and on switches that turn on what is not there."""
    attacks, convoys, mood, strategy, retail = root.attacks, root.convoys, root.willingness, root.strategy, root.retail
    adaptive = [name for name in type(attacks.adaptive).model_fields if name != "on"]
    nothing, by_priority = "changes nothing", retail.rule == "priority"
    drawn = attacks.mode in ("drawn", "none")
    switches: tuple[tuple[bool, str, str, Iterable[str], str, bool], ...] = (
        (drawn, "attacks.mode", "attacks.replayed", attacks.replayed, "never happens", False),
        (convoys.mode == "formed", "convoys.mode", "convoys.recorded", convoys.recorded, "never leaves", False),
        (not mood.on, "willingness.on", "willingness.threats", mood.threats, nothing, True),
        (not mood.on, "willingness.on", "willingness.strikes", mood.strikes, nothing, True),
        (not attacks.adaptive.on, "attacks.adaptive.on", "attacks.adaptive", adaptive, nothing, True),
        (not by_priority and retail.priority.most > 0, "retail.rule", "retail", ["priority"], nothing, True),
        *(
            (strategy.allocation != key and bool(names), "strategy.allocation", "strategy", [key], nothing, False)
            for key, names in (("priority", strategy.priority), ("shares", strategy.shares))
        ),
    )
    for off, switch, path, names, what, together in switches:
        if off:
            wrong = f"{what}: {switch} is {plain_words(attrgetter(switch)(root))}"
            yield from _listed(layers, steps(switch), steps(path), names, wrong, together)
    if not drawn:
        yield from _replayed_notes(root)
    if convoys.mode != "formed" and not convoys.recorded:
        yield Fault(f"{convoys.mode}, but convoys.recorded lists none", at=("convoys", "mode"))
    if by_priority and retail.priority.most <= 0:
        yield Fault("priority, but retail.priority is 0: no station has it", at=("retail", "rule"))


def _replayed_notes(root: Root) -> Iterator[Fault]:
    attacks, driven = root.attacks, _inside(root)
    if not attacks.replayed:
        yield Fault(f"{attacks.mode}, but attacks.replayed lists none", at=("attacks", "mode"))
    for name, attack in attacks.replayed.items():
        if attack.road not in driven:
            wrong = "no corridor drives this road after its assembly point: nobody meets the attack"
            yield Fault(wrong, at=("attacks", "replayed", name, "road"))


def _inside(root: Root) -> set[str]:
    """Return the roads that some corridor drives after its assembly point."""
    return {road for corridor in root.corridors.values() for road in route_of(root, corridor).inside}


def _listed(
    layers: Layers, switch: Path, path: Path, names: Iterable[str], wrong: str, together: bool
) -> Iterator[Fault]:
    """Iterate over notes on what was laid on the file that set the switch, or stands ``together`` with it."""
    off = layers.rank(switch)
    for name in names:
        rank = layers.latest(*path, name)
        if rank > off or (together and rank == off != DEFAULT):
            yield Fault(wrong, at=(*path, name))


def _rule_notes(root: Root, rule: Rationing, path: Path) -> Iterator[Fault]:
    if rule.fill is None and rule.share is None and rule.closed_stations is None and not rule.closed_days:
        yield Fault("a rule with nothing in it: neither fill, share, closed_days nor closed_stations", at=path)
    if rule.fill is not None and rule.fill.least >= root.retail.fill.most:
        wrong = f"changes nothing: people buy {root.retail.fill.text} at a time anyway (retail.fill)"
        yield Fault(wrong, at=(*path, "fill"))
    if rule.closed_stations is not None and rule.closed_stations.most <= 0:
        yield Fault("changes nothing: no station is closed", at=(*path, "closed_stations"))
    known = [root.products[name] for name in rule.products]
    if known and not any(product.pump for product in known):
        yield Fault("changes nothing: no station sells these products", at=(*path, "products"))
    start = root.start.on(datetime.min)
    end = (root.end.on(start) - start).days * 24.0
    first = max(rule.from_.earliest(start), 0.0)
    last = end if rule.to is None else min(rule.to.latest(start), end)
    if first < last and math.ceil(first / 24.0) * 24.0 >= last:
        wrong = (
            "never applies: no midnight of the run lies in it, and rules are looked up at midnight for the whole day"
        )
        yield Fault(wrong, at=path)


def _pool_notes(root: Root, layers: Layers) -> Iterator[Fault]:
    """Iterate over what a kind of units does not read, and over pools laid on a strategy that never calls on them."""
    known = components_of(root.escorts)
    for name, pool in root.escorts.pools.items():
        path, ground = ("escorts", "pools", name), known[pool.component].ground
        for key in () if ground else ("rest", "refit", "rebuilt"):
            if getattr(pool, key).most > 0:
                yield Fault("changes nothing: air units neither rest nor fight on the ground", at=(*path, key))
        if ground and pool.availability.least < 1:
            yield Fault("changes nothing: ground units always march", at=(*path, "availability"))
        own, units = (layers.rank((*path, key)) for key in ("component", "units"))
        regimes = layers.rank(("strategy", "imports"))
        meant = own == layers.latest("strategy") or own >= max(layers.base, regimes)
        if (meant or units >= max(layers.base, regimes)) and not _taken(root, pool):
            takers = "no regime of its corridors and no convoy on record"
            wrong = f"no unit of this pool ever leaves: {takers} takes {pool.component} units"
            yield Fault(wrong, at=path if meant else (*path, "units"))


def _strike_notes(root: Root) -> Iterator[Fault]:
    for name, strike in root.willingness.strikes.items():
        for position, corridor in enumerate(strike.corridors):
            if root.corridors[corridor].kind == "exogenous":
                at = ("willingness", "strikes", name, "corridors", str(position))
                yield Fault(f"changes nothing: {corridor} has no crews, it is an exogenous inflow", at=at)


def _taken(root: Root, pool: Pool) -> bool:
    """Say whether a regime of a kind of corridors that a pool serves, or a convoy on record, takes its units."""
    kinds = {corridor.kind for name, corridor in root.corridors.items() if serves(pool, name)}
    regimes = [regime for kind, key in KINDS if kind in kinds for regime in getattr(root.strategy, key)]
    wanted = {name for regime in regimes for entry in (*regime.must, *regime.may) for name in entry.split(" | ")}
    if root.convoys.mode != "formed":
        wanted |= {name for convoy in root.convoys.recorded.values() for name in convoy.escort}
    return pool.component in wanted


def _unused(root: Root) -> Iterator[Fault]:
    """Iterate over parts of the map that no corridor comes by."""
    corridors: list[Corridor] = list(root.corridors.values())
    driven = {road for corridor in corridors for road in corridor.roads}
    inside = _inside(root)
    ends = {end for road in root.roads.values() for end in (road.from_, road.to)}
    used: dict[str, Container[str | None]] = {
        "roads": driven,
        "junctions": ends | {terminal.town for terminal in root.terminals.values()},
        "terminals": {corridor.terminal for corridor in corridors},
        "zones": {name for name, zone in root.zones.items() if inside.intersection(zone.roads)},
    }
    wrong = {
        "roads": "no corridor drives this road",
        "junctions": "no road and no terminal is here",
        "terminals": "no corridor begins at this terminal",
        "zones": "no corridor drives a road of this zone after its assembly point: nobody meets its threat",
    }
    for table, names in used.items():
        for name in getattr(root, table):
            if name not in names:
                yield Fault(f"unused: {wrong[table]}", at=(table, name))
