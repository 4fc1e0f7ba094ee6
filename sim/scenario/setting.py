"""Settings: ``path=value`` from the command line or from a sweep."""

from __future__ import annotations

import re
from dataclasses import replace

from sim.scenario.number import KEYS as NUMBER_KEYS
from sim.scenario.problem import Fault, Origin, Path, Problem, nearest, quoted
from sim.scenario.read import UnreadableError, read_value
from sim.scenario.schema import Root
from sim.scenario.shape import Shape
from sim.scenario.sources import ASSUMPTION
from sim.scenario.tree import Branch, Leaf, Node, Row

WHY = "set on the command line"
_SETTING = re.compile(r"\s*([^=]+?)\s*=\s*(.*)", re.DOTALL)


def apply(tree: Branch, settings: tuple[str, ...]) -> tuple[Branch, list[Problem]]:
    """Return the tree with each setting applied in order, and what is wrong with settings."""
    problems = []
    for setting in settings:
        place = Origin(f"--set {quoted(setting)[1:-1]}")
        found = _SETTING.fullmatch(setting)
        if not found or not found[2].strip():
            fault = Fault("not a setting", quoted(setting), "path=value, such as 'fleet.load=46 m3'")
            problems.append(Problem.at(place, (), fault))
            continue
        path = tuple(found[1].split("."))
        try:
            value = read_value(found[2], place)
        except UnreadableError as error:
            problems.append(replace(error.problem, path=found[1]))
            continue
        done = _set(tree, Shape("part", "", part=Root), path, value)
        if isinstance(done, Fault):
            problems.append(Problem.at(place, (), replace(done, at=path)))
        else:
            assert isinstance(done, Branch)
            tree = done
    return tree, problems


def _set(node: Node | None, shape: Shape, path: Path, value: Node, above: Path = ()) -> Node | Fault:
    """Return ``node`` with ``value`` at ``path``; the path must lead to something that is there or may be there."""
    if not path or (path == ("value",) and shape.kind in ("number", "dated", "moment")):
        return _valued(node, shape, value)
    key, rest = path[0], path[1:]
    below = shape.below(key)
    if isinstance(node, Row):
        if not key.isdecimal() or int(key) >= len(node.items) or below is None:
            positions = [str(position) for position in range(len(node.items))]
            return _unknown(key, positions, above)
        done = _set(node.items[int(key)], below, rest, value, (*above, key))
        if isinstance(done, Fault):
            return done
        items = (*node.items[: int(key)], done, *node.items[int(key) + 1 :])
        return Row(items, node.origin)
    here = node.items if isinstance(node, Branch) else {}
    new = shape.kind == "table" and not rest and _may_be_new(below, value)
    known = shape.kind == "part"
    if shape.kind in ("number", "dated", "moment") and below is not None and not key.isdecimal():
        if not isinstance(node, Branch):
            return Fault("a number without a mapping", quoted(key), f"'{'.'.join(above)}=…', whole or as a mapping")
        known = True
    if below is None or not (key in here or new or known):
        return _unknown(key, [*here, *shape.keys], above)
    done = _set(here.get(key), below, rest, value, (*above, key))
    if isinstance(done, Fault):
        return done
    branch = node if isinstance(node, Branch) else Branch({}, {}, value.origin)
    if isinstance(done, Leaf) and done.value is None:
        kept = {name: item for name, item in branch.items.items() if name != key}
        return Branch(kept, {name: branch.keys[name] for name in kept}, branch.origin)
    place = value.origin if done.origin == value.origin else branch.keys.get(key, value.origin)
    keys = {**branch.keys, key: place}
    return Branch({**branch.items, key: done}, keys, branch.origin)


def _may_be_new(below: Shape | None, value: Node) -> bool:
    """Let a named number be added by setting it, a named part by giving its keys."""
    return below is not None and (below.kind == "number" or isinstance(value, Branch))


def _valued(old: Node | None, shape: Shape, value: Node) -> Node:
    """Return what stands where a number is set: the value as an assumption; a dated entry keeps its ``from``."""
    if shape.kind not in ("number", "dated", "moment") or isinstance(value, Row):
        return value
    items: dict[str, Node]
    if isinstance(value, Branch):
        items = dict(value.items)
    elif value.value is None:
        return value
    else:
        texts = {"source": ASSUMPTION, "why": WHY}
        items = {"value": value, **{key: Leaf(text, value.origin) for key, text in texts.items()}}
    keys = dict.fromkeys(items, value.origin)
    if isinstance(old, Branch) and "from" in old.items and "from" not in items and items.keys() <= {*NUMBER_KEYS}:
        items = {"from": old.items["from"], **items}
        keys["from"] = old.keys["from"]
    return Branch(items, keys, value.origin)


def _unknown(key: str, known: list[str], above: Path) -> Fault:
    near = nearest(key, known)
    if near is not None:
        expected = f"a known path; the nearest is '{'.'.join((*above, near))}'"
        return Fault("no such path", quoted(key), expected)
    place = f"below '{'.'.join(above)}'" if above else "at the top"
    shown = ", ".join(dict.fromkeys(known)) if known else "nothing"
    return Fault("no such path", quoted(key), f"{place}: {shown[:120]}")
