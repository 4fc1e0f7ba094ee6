"""What a scenario file says, with the place of each value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sim.scenario.problem import Origin, Path

Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Leaf:
    """A single value."""

    value: Scalar
    origin: Origin


@dataclass(frozen=True, slots=True)
class Row:
    """A list."""

    items: tuple[Node, ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class Branch:
    """A mapping, with the place of each key."""

    items: dict[str, Node]
    keys: dict[str, Origin]
    origin: Origin


Node = Leaf | Row | Branch


def plain(node: Node) -> Any:
    """Return dicts, lists and scalars without places."""
    match node:
        case Leaf(value):
            return value
        case Row(items):
            return [plain(item) for item in items]
        case Branch(items):
            return {key: plain(item) for key, item in items.items()}


def children(node: Node) -> Iterator[tuple[str, Node, Origin]]:
    """Iterate over key or position, node and the place that a message about it names."""
    if isinstance(node, Branch):
        for key, item in node.items.items():
            yield key, item, item.origin if isinstance(item, Leaf) else node.keys[key]
    elif isinstance(node, Row):
        for position, item in enumerate(node.items):
            yield str(position), item, item.origin


def origins(node: Node, path: Path = ()) -> dict[Path, Origin]:
    """Return the place of every value below ``node``."""
    places: dict[Path, Origin] = {path: node.origin} if not path else {}
    for key, item, place in children(node):
        places[(*path, key)] = place
        places.update(origins(item, (*path, key)))
    return places


def locate(node: Node, path: Path, key: bool = False) -> Origin:
    """Return the place of the value at ``path`` (or of its key), or of the nearest mapping or list above it."""
    place = node.origin
    for depth, step in enumerate(path):
        for name, item, at in children(node):
            if name == step:
                last = depth == len(path) - 1
                place = node.keys[name] if key and last and isinstance(node, Branch) else at
                node = item
                break
        else:
            return place
    return place
