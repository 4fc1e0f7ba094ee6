"""Keys that are null and name nothing: they would vanish in silence, as null removes a key."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.problem import Fault, Path, Problem, one_of, quoted
from sim.scenario.schema import Root
from sim.scenario.shape import Shape
from sim.scenario.tree import Branch, Leaf, Node, children

ROOT = Shape("part", "", part=Root)


def strays(node: Node, shape: Shape = ROOT, path: Path = ()) -> Iterator[Problem]:
    """Iterate over the problems of unknown null keys; most come from a comma in text without quotes."""
    for key, item, place in children(node):
        below = shape.below(key)
        if below is not None:
            yield from strays(item, below, (*path, key))
        elif isinstance(node, Branch) and isinstance(item, Leaf) and item.value is None and shape.keys:
            expected = one_of(shape.keys, key) + "; text that holds a comma stands in quotes"
            yield Problem.at(node.keys.get(key, place), (*path, key), Fault("unknown key", quoted(key), expected))


def absent(over: Node, base: Node | None, shape: Shape = ROOT, path: Path = ()) -> Iterator[Problem]:
    """Iterate over the problems of null names of things, in a file that is laid on ``base``, of which it has none."""
    if not isinstance(over, Branch):
        return
    for key, item in over.items.items():
        known = base.items if isinstance(base, Branch) else {}
        below = shape.below(key)
        if below is not None and not isinstance(item, Leaf):
            yield from absent(item, known.get(key), below, (*path, key))
        elif shape.kind == "table" and isinstance(item, Leaf) and item.value is None and key not in known:
            fault = Fault("nothing of this name to remove", quoted(key), one_of(known, key))
            yield Problem.at(over.keys[key], (*path, key), fault)
