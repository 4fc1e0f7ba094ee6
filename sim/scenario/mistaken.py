"""Whole things taken for another: an overlay for a scenario, a misspelt name for a new thing."""

from __future__ import annotations

from collections.abc import Collection
from itertools import islice

from sim.scenario.calls import argument
from sim.scenario.parts import MISSING
from sim.scenario.problem import Fault, Path, nearest, quoted
from sim.scenario.schema import Root
from sim.scenario.shape import Shape
from sim.scenario.tree import Branch, origins

REQUIRED = tuple(info.alias or name for name, info in Root.model_fields.items() if info.is_required())
CORE = ("title", "start", "end", "towns", "corridors")
FEW = 20
"""Names that may be misspelt ones for which the table around them is looked through."""
MISTAKEN = "a new name that lacks what it needs"


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
    shape: Shape | None = Shape("part", "", part=Root)
    found = None
    for depth, key in enumerate(path):
        if shape is not None and shape.kind == "table" and depth < len(path) - 1:
            found = path[:depth]
        shape = shape.below(key) if shape is not None else None
    return found


def _elsewhere(tree: Branch, path: Path, spoilt: Collection[Path]) -> str | None:
    """Return the near name of a sound part that another file wrote."""
    table = tree
    for key in path[:-1]:
        below = table.items.get(key)
        if not isinstance(below, Branch):
            return None
        table = below
    own = table.items.get(path[-1])
    if own is None:
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
