"""Laying one file on another: what comes of it, and nulls that name nothing, which would vanish in silence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce
from typing import Final

from sim.scenario.number import KEYS as NUMBER_KEYS
from sim.scenario.problem import NO_NAME, Fault, Origin, Path, Problem, one_of, quoted
from sim.scenario.schema import ROOT
from sim.scenario.shape import Shape
from sim.scenario.tree import Branch, Node, Row, children, is_null, since

NOTHING: Final = Branch({}, {}, Origin(""))
"""What the first layer is laid on."""
_NUMBER = frozenset(NUMBER_KEYS)


def lay(over: Branch, base: Branch) -> Branch:
    """Return ``base`` with ``over`` laid on it.

    Mappings are merged key by key, ``null`` removes a key.  A list is replaced whole by a list; a mapping of positions
    changes its entries.  A number is replaced whole if its value is given, so that no range or source of the old value
    is left behind.  A key such as ``units@2025-10-01`` stays, even null: see `sim.scenario.entries.with_entries`.
    """
    items, keys = dict(base.items), dict(base.keys)
    for key, node in over.items.items():
        old = items.get(key)
        if is_null(node) and (key in items or "@" not in key):
            items.pop(key, None)
            keys.pop(key, None)
            continue
        if isinstance(node, Branch) and isinstance(old, Row) and _positions(node, len(old.items)):
            items[key] = _entries(node, old)
        elif isinstance(node, Branch) and isinstance(old, Branch) and not (_number(node) and numeric(old)):
            items[key] = lay(node, old)
        else:
            items[key] = without_nulls(node)
        keys[key] = over.keys[key]
    return Branch(items, keys, over.origin)


def laid_together(layers: Iterable[Branch]) -> Branch:
    """Return layers laid on one another, the first at the bottom."""
    return reduce(lambda below, above: lay(above, below), layers, NOTHING)


def wiped(base: Node, laid: Node, path: Path = ()) -> Iterator[Fault]:
    """Iterate over the lists by date that one number has taken the place of."""
    if isinstance(base, Branch) and isinstance(laid, Branch):
        for key, item in base.items.items():
            if key in laid.items:
                yield from wiped(item, laid.items[key], (*path, key))
    elif isinstance(base, Row) and not isinstance(laid, Row) and any(map(since, base.items)):
        wrong = "one number in the place of a list by date: its dates are gone"
        yield Fault(wrong, expected="a list, of one entry if this is meant", at=path)


def _positions(node: Branch, length: int) -> bool:
    """Say whether a mapping's keys are positions of a list of this length, or the next ones after it."""
    others = node.items.keys() - {str(position) for position in range(length)}
    return bool(node.items) and others == {str(length + k) for k in range(len(others))}


def _entries(over: Branch, base: Row) -> Row:
    """Return a list with entries changed, added or, by ``null``, removed; a new number keeps the old ``from``."""
    old: dict[str, Node] = {str(position): item for position, item in enumerate(base.items)}
    places = {key: item.origin for key, item in old.items()}
    for key, node in over.items.items():
        entry = old.get(key)
        if isinstance(node, Branch) and isinstance(entry, Branch) and _number(node, "from"):
            old[key] = entry.only({"from"})
    laid = lay(over, Branch(old, places, base.origin))
    return Row(tuple(laid.items[key] for key in sorted(laid.items, key=int)), base.origin)


def without_nulls(node: Node) -> Node:
    """Return a node without the keys that are ``null``."""
    match node:
        case Branch(items, keys, origin):
            kept = {key: without_nulls(item) for key, item in items.items() if not is_null(item)}
            return Branch(kept, {key: keys[key] for key in kept}, origin)
        case Row(items, origin):
            return Row(tuple(without_nulls(item) for item in items), origin)
        case _:
            return node


def _number(node: Branch, *more: str) -> bool:
    return "value" in node.items and numeric(node, *more)


def numeric(node: Branch, *more: str) -> bool:
    """Tell a number from a part such as the fleet, which has a value among its other keys."""
    return node.items.keys() <= _NUMBER.union(more)


def idle_nulls(over: Node, base: Node | None, shape: Shape = ROOT, path: Path = ()) -> Iterator[Problem]:
    """Iterate over the problems of nulls, in a file that is laid on ``base``, that take nothing away.

    Their key is unknown, most often for a comma in text without quotes, or the name of a thing that ``base`` has not.
    """
    known = base.items if isinstance(base, Branch) else {}
    for key, item, _ in children(over):
        null = isinstance(over, Branch) and is_null(item)
        if not null and not isinstance(item, Branch | Row):
            continue
        below = shape.below(key)
        fault = None
        if below is None and null and shape.keys:
            expected = one_of(shape.keys, key) + "; text that holds a comma stands in quotes"
            fault = Fault("unknown key", quoted(key), expected)
        elif null and shape.kind == "table" and key not in known:
            fault = Fault(NO_NAME, quoted(key), one_of(known, key))
        elif below is not None:
            yield from idle_nulls(item, known.get(key), below, (*path, key))
        if fault is not None and isinstance(over, Branch):
            yield Problem.at(over.keys[key], (*path, key), fault)
