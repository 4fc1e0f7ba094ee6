"""Keys that are null and unknown: they would vanish in silence, as null removes a key."""

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
