"""Which overlays can be laid on a scenario: those that speak of its things."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sim.errors import ScenarioError
from sim.scenario.files import Files
from sim.scenario.load import Scenario, load
from sim.scenario.names import Named
from sim.scenario.schema import ROOT
from sim.scenario.shape import Shape
from sim.scenario.tree import plain


def fitting(scenario: Scenario, files: Iterable[Named]) -> list[Named]:
    """Return the files that can be laid on a scenario, as far as names tell.

    One that names something new, such as a town, is tried: it may bring what it names, or be of another country.
    """
    return [file for file in files if not _brings(scenario, file) or _loads(scenario, file)]


def _brings(scenario: Scenario, file: Named) -> bool:
    """Say whether a file names things that the scenario has not, or cannot be read."""
    layers = Files().layers(file.path)
    return not layers or any(_names(plain(layer), scenario.merged, ROOT) for layer in layers)


def _names(overlay: Mapping[str, Any], merged: object, shape: Shape) -> bool:
    """Say whether an overlay's part names what the scenario's has not: a thing in a table, a position in a list."""
    if isinstance(merged, list):
        return any(not key.isdecimal() or int(key) >= len(merged) for key in overlay)
    known = merged if isinstance(merged, Mapping) else {}
    for key, item in overlay.items():
        below = shape.below(key)
        if shape.kind == "table" and key not in known:
            return True
        if isinstance(item, Mapping) and below is not None and _names(item, known.get(key), below):
            return True
    return False


def _loads(scenario: Scenario, file: Named) -> bool:
    try:
        load(scenario, [file.path])
    except ScenarioError:
        return False
    return True
