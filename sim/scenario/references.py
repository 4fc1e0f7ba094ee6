"""Names that must exist, such as the towns of roads, and whole things taken for another.

The former are looked for in plain data, beside the faults that keep a scenario from being read; the latter are an
overlay taken for a scenario, and a misspelt name taken for a new thing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import Any

from sim.scenario.calls import argument
from sim.scenario.components import BUILT_IN, alternatives
from sim.scenario.parts import MISSING
from sim.scenario.problem import Fault, Path, nearest, one_of, quoted, some
from sim.scenario.schema import ROOT, Root
from sim.scenario.shape import Shape
from sim.scenario.tree import Branch, node_at, origins

Things = dict[str, dict[str, Any]]
REQUIRED = tuple(info.alias or name for name, info in Root.model_fields.items() if info.is_required())
CORE = ("title", "start", "end", "towns", "corridors")
FEW = 20
"""Names that may be misspelt ones for which the table around them is looked through."""
MISTAKEN = "a new name that lacks what it needs"


def reference_faults(data: dict[str, Any]) -> list[Fault]:
    """Return the fault of each name that does not exist, and of each corridor that is no way."""
    kinds = ("towns", "junctions", "roads", "terminals", "corridors", "products")
    things = {kind: _table(data, kind) for kind in kinds}
    names = {**things, "places": {**things["towns"], **things["junctions"]}}
    faults = [fault for path, name, kind in _mentions(data) if (fault := _unknown(path, name, names[kind], kind))]
    faults += _twice(data)
    faults += _component_faults(data)
    for name, corridor in things["corridors"].items():
        faults += _way_faults(things, ("corridors", name), corridor)
    return faults


def _mentions(data: dict[str, Any]) -> Iterator[tuple[Path, str, str]]:
    """Iterate over every mention of a name: path, name, and what it must be."""
    rules: tuple[tuple[str, str, str], ...] = (
        ("roads", "from", "places"),
        ("roads", "to", "places"),
        ("zones", "roads", "roads"),
        ("zones", "along", "corridors"),
        ("terminals", "town", "places"),
        ("corridors", "terminal", "terminals"),
        ("corridors", "roads", "roads"),
        ("corridors", "assembly", "places"),
        ("corridors", "serves", "towns"),
        ("rationing", "towns", "towns"),
        ("rationing", "products", "products"),
        ("users", "town", "towns"),
        ("users", "product", "products"),
    )
    for table, key, kind in rules:
        for name, part in _table(data, table).items():
            yield from _each((table, name, key), part.get(key), kind)
    for town, held in _table(data, "stocks").items():
        yield ("stocks", town), town, "towns"
        for product in held:
            yield ("stocks", town, product), product, "products"
    for name, part in _table(data, "willingness", "strikes").items():
        yield from _each(("willingness", "strikes", name, "corridors"), part.get("corridors"), "corridors")
    for name, part in _table(data, "escorts", "pools").items():
        yield from _each(("escorts", "pools", name, "serves"), part.get("serves"), "corridors")
    for name, part in _table(data, "convoys", "recorded").items():
        yield from _each(("convoys", "recorded", name, "corridor"), part.get("corridor"), "corridors")
    for name, part in _table(data, "attacks", "replayed").items():
        yield from _each(("attacks", "replayed", name, "road"), part.get("road"), "roads")
    strategy = _mapping(data.get("strategy"))
    yield from _each(("strategy", "priority"), strategy.get("priority"), "corridors")
    for name in _mapping(strategy.get("shares")):
        yield ("strategy", "shares", name), name, "corridors"
    yield from _each(("hub",), data.get("hub"), "towns")
    yield from _each(("lead",), data.get("lead"), "products")


def _each(path: Path, value: object, kind: str) -> Iterator[tuple[Path, str, str]]:
    if isinstance(value, str):
        yield path, value, kind
    for at, text in _listed(path, value):
        yield at, text, kind


def _unknown(path: Path, name: str, known: Things, kind: str) -> Fault | None:
    word = "town or junction" if kind == "places" else kind[:-1]
    return None if name in known else Fault(f"unknown {word}", quoted(name), one_of(known, name), path)


def _component_faults(data: dict[str, Any]) -> Iterator[Fault]:
    """Iterate over the mentions of components of escorts that there are not."""
    known = [*BUILT_IN, *sorted(_mapping(_mapping(data.get("escorts")).get("components")))]
    words, strategy = one_of(known), _mapping(data.get("strategy"))
    for path, text in _components(data, strategy):
        if text not in known:
            yield Fault("not a known word", quoted(text), words, path)
    for path, text in _of_regimes(strategy, "must"):
        names = alternatives(text)
        if len(set(names)) < len(names) or not set(names) <= set(known):
            yield Fault("not a component", quoted(text), f"{words}, or alternatives such as 'national | foreign'", path)


def _components(data: dict[str, Any], strategy: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    """Iterate over the mentions of single components, each with its path."""
    for name, pool in _table(data, "escorts", "pools").items():
        if text := _text(pool, "component"):
            yield ("escorts", "pools", name, "component"), text
    for name, convoy in _table(data, "convoys", "recorded").items():
        yield from _listed(("convoys", "recorded", name, "escort"), convoy.get("escort"))
    yield from _of_regimes(strategy, "may")


def _of_regimes(strategy: dict[str, Any], key: str) -> Iterator[tuple[Path, str]]:
    for kind in ("imports", "inland"):
        regimes = strategy.get(kind)
        for rank, regime in enumerate(regimes if isinstance(regimes, list) else []):
            yield from _listed(("strategy", kind, str(rank), key), _mapping(regime).get(key))


def _listed(path: Path, value: object) -> Iterator[tuple[Path, str]]:
    """Iterate over the texts of a list."""
    for position, item in enumerate(value if isinstance(value, list) else []):
        if isinstance(item, str):
            yield (*path, str(position)), item


def _twice(data: dict[str, Any]) -> Iterator[Fault]:
    for name, part in _table(data, "roads").items():
        if _text(part, "from") == _text(part, "to") != "":
            expected = f"another place than {_text(part, 'from')}, where it begins"
            yield Fault("a road that leads nowhere", quoted(part["to"]), expected, ("roads", name, "to"))
    towns = _table(data, "towns")
    for name in _table(data, "junctions"):
        if name in towns:
            yield Fault("a town and a junction of one name", quoted(name), "one or the other", ("junctions", name))
    zone_of: dict[str, str] = {}
    for zone, part in _table(data, "zones").items():
        for position, road in enumerate(_texts(part.get("roads"))):
            if zone_of.get(road, zone) != zone:
                place = ("zones", zone, "roads", str(position))
                given = f"'{road}' in '{zone_of[road]}' and '{zone}'"
                yield Fault("a road in two places", given, "each road once, in one zone at most", place)
            zone_of.setdefault(road, zone)


def _way_faults(things: dict[str, Things], path: Path, corridor: dict[str, Any]) -> Iterator[Fault]:
    kind = corridor.get("kind")
    if kind == "exogenous":
        for key in ("terminal", "roads", "assembly"):
            if corridor.get(key):
                expected = f"no '{key}' on an exogenous corridor"
                yield Fault("a key without meaning here", quoted(corridor[key]), expected, (*path, key))
        return
    if kind not in ("import", "inland"):
        return
    absent = [key for key in ("terminal", "roads", "assembly") if not corridor.get(key)]
    for key in absent:
        yield Fault("missing", "nothing", f"'{key}' on every corridor that is not exogenous", (*path, key))
    terminal = things["terminals"].get(_text(corridor, "terminal"))
    if terminal is None or absent:
        return
    if (kind == "inland") != (terminal.get("depot") is True):
        expected = "a terminal with 'depot: true'" if kind == "inland" else "a terminal without a depot of the country"
        wrong = f"not a terminal of an {kind} corridor"
        yield Fault(wrong, quoted(corridor["terminal"]), expected, (*path, "terminal"))
    here = _text(terminal, "town")
    if terminal.get("depot") is True and here and here not in things["towns"]:
        at = ("terminals", _text(corridor, "terminal"), "town")
        yield Fault("a depot that is not there", quoted(here), "a town, since 'depot: true'", at)
    stops = [here]
    driven: set[tuple[str, str]] = set()
    for position, name in enumerate(_texts(corridor["roads"])):
        road = things["roads"].get(name, {})
        place, ends = (*path, "roads", str(position)), [_text(road, "from"), _text(road, "to")]
        if not all((here, *ends)):
            return
        if stops[-1] not in ends:
            given = f"'{name}' from {ends[0]} to {ends[1]}"
            yield Fault("a road that does not connect", given, f"a road that begins or ends at {stops[-1]}", place)
            return
        if (name, stops[-1]) in driven:
            given = f"'{name}' from {stops[-1]}"
            yield Fault("a road driven twice the same way", given, "each road once, or there and back", place)
            return
        driven.add((name, stops[-1]))
        stops.append(ends[1] if ends[0] == stops[-1] else ends[0])
    yield from _stop_faults(path, corridor, stops, things["towns"])


def _stop_faults(path: Path, corridor: dict[str, Any], stops: list[str], towns: Things) -> Iterator[Fault]:
    assembly = _text(corridor, "assembly")
    if assembly not in stops:
        yield Fault("not on the corridor", quoted(assembly), f"one of {some(stops)}", (*path, "assembly"))
        return
    after = dict.fromkeys(stops[stops.index(assembly) + 1 :])
    for position, town in enumerate(_texts(corridor.get("serves"))):
        if town in towns and town not in after:
            expected = f"a town after {assembly}: {some(after) or 'there is none'}"
            place = (*path, "serves", str(position))
            yield Fault("not on the corridor after its assembly point", quoted(town), expected, place)
    if not _texts(corridor.get("serves")):
        yield Fault("a corridor that serves no town", "an empty list", "one town or more", (*path, "serves"))


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _table(data: dict[str, Any], *path: str) -> dict[str, dict[str, Any]]:
    """Return the named parts at a path, leaving out what is no mapping."""
    found: Any = data
    for key in path:
        found = _mapping(found).get(key)
    return {name: part for name, part in _mapping(found).items() if isinstance(part, dict)}


def _text(part: dict[str, Any], key: str) -> str:
    """Return the text at a key; empty where something else stands, of which the reading tells."""
    value = part.get(key)
    return value if isinstance(value, str) else ""


def _texts(value: object) -> Iterable[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


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
    found = None
    for depth, key in enumerate(path):
        if shape is not None and shape.kind == "table" and depth < len(path) - 1:
            found = path[:depth]
        shape = shape.below(key) if shape is not None else None
    return found


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
