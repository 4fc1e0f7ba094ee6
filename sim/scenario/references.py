"""Names that must exist, such as the towns of roads, and whole things taken for another.

The latter are an overlay taken for a scenario, and a misspelt name taken for a new thing.
"""

from __future__ import annotations

import typing
from collections.abc import Collection, Iterator
from functools import lru_cache
from itertools import islice
from typing import Any

from sim.scenario.calls import argument
from sim.scenario.components import BUILT_IN, alternatives
from sim.scenario.fields import Known
from sim.scenario.parts import walk
from sim.scenario.places import Corridor, Of, Road
from sim.scenario.problem import MISSING, Fault, Path, nearest, one_of, quoted, some
from sim.scenario.schema import ROOT, Root
from sim.scenario.shape import Shape, shape_at
from sim.scenario.tree import Branch, node_at, origins

REQUIRED = tuple(info.alias or name for name, info in Root.model_fields.items() if info.is_required())
CORE = ("title", "start", "end", "towns", "corridors")
FEW = 20
"""Names that may be misspelt ones for which the table around them is looked through."""
MISTAKEN = "a new name that lacks what it needs"


def reference_rules(root: Root) -> Iterator[Iterator[Fault]]:
    """Iterate over the rules on names that must exist and on corridors' ways; each gives its faults for itself."""
    yield _name_faults(root)
    yield _namesake_faults(root)
    yield _zone_faults(root)
    for name, road in getattr(root, "roads", {}).items():
        yield _road_faults(name, road)
    for name, corridor in getattr(root, "corridors", {}).items():
        yield _way_faults(root, ("corridors", name), corridor)


def _mentions(root: Root) -> Iterator[tuple[Path, str, str]]:
    """Iterate over the names of things that are declared elsewhere: path, name and kind of thing."""
    for path, text in walk(root):
        kind = _kind_at(path) if isinstance(text, str) else ""
        if kind:
            yield path, str(text), kind
    for town, products in getattr(root, "stocks", {}).items():
        yield ("stocks", town), town, "towns"
        yield from ((("stocks", town, product), product, "products") for product in products)
    yield from ((("strategy", "shares", name), name, "corridors") for name in root.strategy.shares)


@lru_cache(10_000)
def _kind_at(path: Path) -> str:
    """Return of what kind the thing is that a text at a path names; empty if it names none."""
    known = shape_at(Root, path)
    marks = typing.get_args(known.check) if known is not None else ()
    kinds = ("component" if isinstance(mark, Known) else mark.kind for mark in marks if isinstance(mark, Known | Of))
    return next(kinds, "")


def _name_faults(root: Root) -> Iterator[Fault]:
    """Iterate over names that nothing has, as far as the things that might have them can be read."""
    known: dict[str, dict[str, Any]] = {key: part for key, part in root.__dict__.items() if isinstance(part, dict)}
    if known.keys() >= {"towns", "junctions"}:
        known["places"] = {**known["towns"], **known["junctions"]}
    components = getattr(getattr(root, "escorts", None), "components", None)
    if components is not None:
        known["component"] = known["components"] = {**BUILT_IN, **dict(sorted(components.items()))}
    for path, text, kind in _mentions(root):
        names = alternatives(text) if kind == "components" else [text]
        if kind not in known or (len(set(names)) == len(names) and known[kind].keys() >= set(names)):
            continue
        if kind == "component":
            yield Fault("not a known word", quoted(text), one_of(known[kind]), path)
        elif kind == "components":
            expected = f"{one_of(known[kind])}, or alternatives such as 'national | foreign'"
            yield Fault("not a component", quoted(text), expected, path)
        else:
            word = "town or junction" if kind == "places" else kind[:-1]
            yield Fault(f"unknown {word}", quoted(text), one_of(known[kind], text), path)


def _namesake_faults(root: Root) -> Iterator[Fault]:
    for name in root.junctions:
        if name in root.towns:
            yield Fault("a town and a junction of one name", quoted(name), "one or the other", ("junctions", name))


def _zone_faults(root: Root) -> Iterator[Fault]:
    zone_of: dict[str, str] = {}
    for name, zone in root.zones.items():
        for position, road in enumerate(getattr(zone, "roads", ())):
            if zone_of.setdefault(road, name) != name:
                place = ("zones", name, "roads", str(position))
                given = f"'{road}' in '{zone_of[road]}' and '{name}'"
                yield Fault("a road in two places", given, "each road once, in one zone at most", place)


def _road_faults(name: str, road: Road) -> Iterator[Fault]:
    if road.from_ == road.to:
        expected = f"another place than {road.from_}, where it begins"
        yield Fault("a road that leads nowhere", quoted(road.to), expected, ("roads", name, "to"))


def _way_faults(root: Root, path: Path, corridor: Corridor) -> Iterator[Fault]:
    keys = ("terminal", "roads", "assembly")
    parts = {key: getattr(corridor, key) for key in keys if hasattr(corridor, key)}
    if corridor.kind == "exogenous":
        for key, part in parts.items():
            if part:
                expected = f"no '{key}' on an exogenous corridor"
                yield Fault("a key without meaning here", quoted(part), expected, (*path, key))
        return
    absent = [key for key, part in parts.items() if not part]
    for key in absent:
        yield Fault(MISSING, "nothing", f"'{key}' on every corridor that is not exogenous", (*path, key))
    terminal = root.terminals.get(corridor.terminal or "")
    if terminal is None or absent:
        return
    if (corridor.kind == "inland") != terminal.depot:
        inland = corridor.kind == "inland"
        expected = "a terminal with 'depot: true'" if inland else "a terminal without a depot of the country"
        wrong = f"not a terminal of an {corridor.kind} corridor"
        yield Fault(wrong, quoted(corridor.terminal), expected, (*path, "terminal"))
    if terminal.depot and terminal.town not in root.towns:
        at = ("terminals", corridor.terminal or "", "town")
        yield Fault("a depot that is not there", quoted(terminal.town), "a town, since 'depot: true'", at)
    stops = [terminal.town]
    driven: set[tuple[str, str]] = set()
    for position, name in enumerate(corridor.roads):
        here, place = stops[-1], (*path, "roads", str(position))
        if name not in root.roads:
            return
        ends = [root.roads[name].from_, root.roads[name].to]
        if here not in ends:
            given = f"'{name}' from {ends[0]} to {ends[1]}"
            yield Fault("a road that does not connect", given, f"a road that begins or ends at {here}", place)
            return
        if (name, here) in driven:
            given = f"'{name}' from {here}"
            yield Fault("a road driven twice the same way", given, "each road once, or there and back", place)
            return
        driven.add((name, here))
        stops.append(ends[1] if ends[0] == here else ends[0])
    yield from _stop_faults(root, path, corridor, stops)


def _stop_faults(root: Root, path: Path, corridor: Corridor, stops: list[str]) -> Iterator[Fault]:
    assembly = corridor.assembly
    if assembly not in stops:
        yield Fault("not on the corridor", quoted(assembly), f"one of {some(stops)}", (*path, "assembly"))
        return
    after = dict.fromkeys(stops[stops.index(assembly) + 1 :])
    for position, town in enumerate(corridor.serves):
        if town in root.towns and town not in after:
            expected = f"a town after {assembly}: {some(after) or 'there is none'}"
            place = (*path, "serves", str(position))
            yield Fault("not on the corridor after its assembly point", quoted(town), expected, place)
    if not corridor.serves:
        yield Fault("a corridor that serves no town", "an empty list", "one town or more", (*path, "serves"))


def is_overlay(tree: Branch) -> bool:
    """Say whether a file lacks most of a scenario."""
    return len([key for key in CORE if key not in tree.items]) >= 3


def overlay_fault(tree: Branch, file: str) -> Fault | None:
    """Return the fault of a file that lacks most of a scenario; None if it lacks little."""
    if not is_overlay(tree):
        return None
    lacking = [key for key in dict.fromkeys((*CORE, *REQUIRED)) if key not in tree.items]
    shown = ", ".join(lacking[:5]) + (", …" if len(lacking) > 5 else "")
    known = tree.items.keys() & Root.model_fields.keys()
    kind = "an overlay" if known else "no scenario"
    return Fault(f"{file} is {kind}: it lacks {shown}; lay it on a scenario with {argument('overlays')}")


def unlike(tree: Branch, faults: list[Fault]) -> list[Fault]:
    """Return the faults with those of each misspelt name made one.

    A name is taken for misspelt if its part lacks something and a near name stands in another file.
    """
    names: dict[Path, list[str]] = {}
    for fault in faults:
        table = _table_of(fault.at) if fault.wrong == MISSING else None
        if table is not None:
            names.setdefault(fault.at[: len(table) + 1], []).append(".".join(fault.at[len(table) + 1 :]))
    kept = list(faults)
    for path, lacking in islice(names.items(), FEW):
        near = _elsewhere(tree, path, names.keys())
        if near is None:
            continue
        kept = [fault for fault in kept if not (fault.wrong == MISSING and fault.at[: len(path)] == path)]
        more = ", ".join(lacking[:5]) + (", …" if len(lacking) > 5 else "")
        expected = f"a known name (did you mean '{near}'?), or {more} too"
        kept.append(Fault(MISTAKEN, quoted(path[-1]), expected, path))
    return kept


def _table_of(path: Path) -> Path | None:
    """Return the path of the innermost table of parts above a key."""
    shape: Shape | None = ROOT
    table = None
    for depth, key in enumerate(path):
        if shape is not None and shape.kind == "table" and depth < len(path) - 1:
            table = path[:depth]
        shape = shape.below(key) if shape is not None else None
    return table


def _elsewhere(tree: Branch, path: Path, spoilt: Collection[Path]) -> str | None:
    """Return the near name of a sound part that another file wrote."""
    table, own = node_at(tree, path[:-1]), node_at(tree, path)
    if not isinstance(table, Branch) or own is None:
        return None
    files = {place.file for place in origins(own).values()}
    others = [
        name
        for name, item in table.items.items()
        if name != path[-1]
        and (*path[:-1], name) not in spoilt
        and {place.file for place in origins(item).values()} - files
    ]
    return nearest(path[-1], others)
