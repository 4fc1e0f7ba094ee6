"""What a scenario file says, with the place of each value."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

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

    def at(self, key: str) -> Node | None:
        """Return the item at a position, written as a key; None if there is none."""
        position = int(key) if key.isdecimal() and len(key) < 9 else len(self.items)
        return self.items[position] if str(position) == key and position < len(self.items) else None

    def having(self, position: int, *nodes: Node) -> Row:
        """Return the same list with other items in the place of the one at a position; with none, without it."""
        return Row((*self.items[:position], *nodes, *self.items[position + 1 :]), self.origin)


@dataclass(frozen=True, slots=True)
class Branch:
    """A mapping, with the place of each key."""

    items: dict[str, Node]
    keys: dict[str, Origin]
    origin: Origin

    def having(self, key: str, node: Node, place: Origin) -> Branch:
        """Return the same mapping with a key more, or with another value of it."""
        return Branch({**self.items, key: node}, {**self.keys, key: place}, self.origin)

    def only(self, kept: Container[str]) -> Branch:
        """Return the same mapping with some of its keys alone."""
        items = {key: item for key, item in self.items.items() if key in kept}
        return Branch(items, {key: self.keys[key] for key in items}, self.origin)

    def without(self, key: str) -> Branch:
        """Return the same mapping without a key."""
        return self.only(self.items.keys() - {key})


Node = Leaf | Row | Branch
T = TypeVar("T")


class Same(Generic[T]):
    """A thing that is the same as another only if it is that one, by which what was made of it is kept."""

    __slots__ = ("thing",)

    def __init__(self, thing: T) -> None:
        self.thing = thing

    def __hash__(self) -> int:
        return id(self.thing)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self.thing is other.thing


def plain(node: Node) -> Any:
    """Return dicts, lists and scalars without places."""
    match node:
        case Leaf(value):
            return value
        case Row(items):
            return [plain(item) for item in items]
        case Branch(items):
            return {key: plain(item) for key, item in items.items()}


def is_null(node: Node | None) -> bool:
    """Say whether a node is ``null``, which takes away what stands there."""
    return isinstance(node, Leaf) and node.value is None


def as_mapping(number: Node) -> Branch:
    """Return a number, or what stands in its place, as a mapping with a value."""
    if isinstance(number, Branch):
        return number
    return Branch({"value": number}, {"value": number.origin}, number.origin)


def since(node: Node | None) -> Node | None:
    """Return the date of an entry of a list by date; None if it has none."""
    return node.items.get("from") if isinstance(node, Branch) else None


def size(node: Node) -> int:
    """Return how many values there are in a node, keys and itself among them."""
    below = [item for _, item, _ in children(node)]
    return 1 + sum(map(size, below)) + (len(below) if isinstance(node, Branch) else 0)


def height(node: Node) -> int:
    """Return how many levels of mappings and lists there are in a node."""
    return 0 if isinstance(node, Leaf) else 1 + max((height(item) for _, item, _ in children(node)), default=0)


def children(node: Node) -> Iterator[tuple[str, Node, Origin]]:
    """Iterate over key or position, node and the place that a message about it names."""
    if isinstance(node, Branch):
        for key, item in node.items.items():
            yield key, item, item.origin if isinstance(item, Leaf) else node.keys[key]
    elif isinstance(node, Row):
        for position, item in enumerate(node.items):
            yield str(position), item, item.origin


def node_at(node: Node, path: Path) -> Node | None:
    """Return what stands at a path of keys; None if nothing does."""
    below: Node | None = node
    for key in path:
        below = below.items.get(key) if isinstance(below, Branch) else None
    return below


def origins(node: Node) -> dict[Path, Origin]:
    """Return the place of every value below ``node``."""
    places: dict[Path, Origin] = {(): node.origin}
    _add_origins(node, (), places)
    return places


def _add_origins(node: Node, path: Path, places: dict[Path, Origin]) -> None:
    for key, item, place in children(node):
        below = (*path, key)
        places[below] = place
        if not isinstance(item, Leaf):
            _add_origins(item, below, places)


def locate(node: Node, path: Path, key: bool = False) -> Origin:
    """Return the place of the value at ``path`` (or of its key), or of the nearest mapping or list above it."""
    place = node.origin
    for depth, step in enumerate(path):
        if isinstance(node, Branch) and step in node.items:
            item = node.items[step]
            wanted = key and depth == len(path) - 1
            place = item.origin if isinstance(item, Leaf) and not wanted else node.keys[step]
        elif isinstance(node, Row) and (below := node.at(step)) is not None:
            item, place = below, below.origin
        else:
            return place
        node = item
    return place
