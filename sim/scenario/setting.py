"""Settings by the command line or a sweep: ``path=value``, ``path*=factor``, and either from a date: ``path@date``.

A ``*`` in a key of the path stands for all names that fit: ``escorts.pools.*.units``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple
from unicodedata import normalize

from sim.scenario.calls import argument
from sim.scenario.change import NUMBERS, Times, Value
from sim.scenario.entries import default_of, end_of, entries_at, instant, moment_of, start_of
from sim.scenario.paths import WILD, Touched, matching, stamp, steps
from sim.scenario.problem import NO_AMOUNT, NO_NUMBER, Fault, Origin, Path, Problem, nearest, quoted
from sim.scenario.read import UnreadableError, read_value
from sim.scenario.schema import ROOT
from sim.scenario.shape import Shape
from sim.scenario.tree import Branch, Node, Row, is_null, since

ABSENT = (NO_AMOUNT, NO_NUMBER)
"""What is wrong where an optional number is not given: of several that a ``*`` stands for, those are passed over."""


def apply(tree: Branch, settings: tuple[str, ...]) -> tuple[Branch, list[Problem], Touched]:
    """Return the tree with each setting applied in order, what is wrong with settings, and what wildcards touch."""
    problems, touched, before = list[Problem](), dict[str, list[Path]](), dict[str, Branch]()
    for setting in settings:
        place = Origin(f"{argument('sets')} {quoted(setting)[1:-1]}")
        result = _applied(tree, setting, place)
        if isinstance(result, Problem):
            problems.append(result)
        else:
            if result.away:
                before[place.file] = tree
            tree, touched[place.file] = result.tree, result.paths
    problems += _idle(tree, touched, before)
    return tree, problems, {file: paths for file, paths in touched.items() if len(paths) > 1}


def _idle(tree: Branch, touched: Touched, before: Mapping[str, Branch]) -> Iterator[Problem]:
    """Iterate over the settings that can change nothing, since all they set holds from the end of the run on.

    What a setting took away is looked for in the tree ``before`` it.
    """
    start, end = start_of(tree), end_of(tree)
    if start is None or end is None:
        return
    for file, paths in touched.items():
        dates = [None if "from" in path else _begin(before.get(file, tree), path, start) for path in paths]
        late = [date for date in dates if date is not None and date >= end]
        if late and len(late) == len(dates):
            wrong, expected = f"changes nothing: the run ends on {stamp(end)}", f"a date before {stamp(end)}"
            yield Problem.at(Origin(file), (), Fault(wrong, stamp(late[0]), expected, paths[0]))


def _begin(node: Node | None, path: Path, start: datetime) -> datetime | None:
    """Return the earliest date from which an entry of a list by date holds to which a path leads; None if to none."""
    shape: Shape | None = ROOT
    for key in path:
        pair = shape.field_and_date(key) if shape is not None else None
        if pair is not None:
            at = instant(pair[1], start)
            return at if isinstance(at, datetime) else None
        if isinstance(node, Row):
            moment = moment_of(since(node.at(key)))
            return None if moment is None else (moment.low or moment).instant(start)
        node = node.items.get(key) if isinstance(node, Branch) else None
        shape = shape and shape.below(key)
    return None


class _Made(NamedTuple):
    """A tree with a setting made, the paths at which it was, and whether it took away what stood there."""

    tree: Branch
    paths: list[Path]
    away: bool


def _applied(tree: Branch, setting: str, place: Origin) -> _Made | Problem:
    """Return the tree with a setting made at each path that fits."""
    name, _, text = (part.strip() for part in normalize("NFC", setting).partition("="))
    relative = name.endswith("*") and not name.endswith(".*")
    name = name.removesuffix("*").rstrip() if relative else name
    if not name or not text:
        expected = "path=value, such as 'fleet.load=46 m3', or path*=factor, such as 'fleet.size*=2'"
        return Problem.at(place, (), Fault("not a setting", quoted(setting), expected))
    path = steps(name)
    try:
        node = read_value(text, place)
    except UnreadableError as error:
        return replace(error.problem, path=name)
    start = start_of(tree)
    change = Times.of(node) if relative else Value(node, start)
    result = change if isinstance(change, Fault) else _everywhere(tree, _Task(change, start), path)
    return Problem.at(place, (), replace(result, at=result.at or path)) if isinstance(result, Fault) else result


def _everywhere(tree: Branch, task: _Task, pattern: Path) -> _Made | Fault:
    """Return the tree with a change made at each path that fits."""
    paths = matching(tree, ROOT, pattern)
    if isinstance(paths, Fault):
        return paths
    away = isinstance(task.change, Value) and is_null(task.change.node)
    touched, absent = list[Path](), list[Fault]()
    for path in reversed(paths) if away else paths:  # so that what is taken away moves nothing that comes
        result = task.made(tree, ROOT, path)
        if isinstance(result, Branch):
            tree = result
            touched.append(path)
        else:
            assert isinstance(result, Fault)
            fault = replace(result, at=path)
            if fault.wrong not in ABSENT:
                return fault
            absent.append(fault)
    return _Made(tree, touched[::-1] if away else touched, away) if touched else absent[0]


@dataclass(frozen=True)
class _Task:
    """A change on its way down a path; the path must lead to something that is there or may be there."""

    change: Value | Times
    start: datetime | None

    def made(self, node: Node | None, shape: Shape, path: Path, above: Path = ()) -> Node | Fault:
        """Return ``node`` with the change made at ``path`` below it."""
        if not path or (path == ("value",) and shape.kind in NUMBERS):
            return self.change.instead_of(node, shape, above)
        key, rest = path[0], path[1:]
        if isinstance(node, Row):
            return self._in_list(node, shape, path, above)
        pair = shape.field_and_date(key)
        if pair is not None and (below := shape.below(pair[0])) is not None:
            return self._from_date(node, shape, below, pair, rest, above)
        below, items = shape.below(key), node.items if isinstance(node, Branch) else {}
        in_number = shape.kind in NUMBERS and below is not None and not key.isdecimal()
        if in_number and not isinstance(node, Branch):
            return Fault("a number without a mapping", quoted(key), f"'{'.'.join(above)}=…', whole or as a mapping")
        new = shape.kind == "table" and not rest and self._may_be_new(below)
        if below is None or not (key in items or new or in_number or shape.kind == "part"):
            key = pair[0] if pair else key
            return _forgotten(shape, key, above) or _unknown(key, [*items, *shape.keys], above)
        old = items.get(key)
        if old is None and isinstance(self.change, Times):
            old = default_of(shape, key)
        return self._put(node, key, self.made(old, below, rest, (*above, key)))

    def _put(self, node: Node | None, key: str, new: Node | Fault) -> Branch | Fault:
        place = self.change.origin
        branch = node if isinstance(node, Branch) else Branch({}, {}, place)
        if isinstance(new, Fault):
            return new
        if is_null(new):
            return branch.without(key)
        return branch.having(key, new, place if new.origin == place else branch.keys.get(key, place))

    def _in_list(self, node: Row, shape: Shape, path: Path, above: Path) -> Row | Fault:
        key, *rest = path
        item, below = node.at(key), shape.below(key)
        if item is None or below is None:
            return _unknown(key, [str(position) for position in range(len(node.items))], above)
        new = self.made(item, below, tuple(rest), (*above, key))
        return new if isinstance(new, Fault) else node.having(int(key), *([] if is_null(new) else [new]))

    def _from_date(
        self, node: Node | None, shape: Shape, below: Shape, pair: tuple[str, str], rest: Path, above: Path
    ) -> Node | Fault:
        """Change the entry of a date; a number by date gets one if it has none."""
        names = (*above, pair[0])
        old = node.items.get(pair[0]) if isinstance(node, Branch) else None
        place, first = self.change.origin, f"'{'.'.join(names)}=…' first"
        dated = entries_at(old, shape, pair, place, self.start, first)
        if isinstance(dated, Fault):
            return dated
        entries, when = dated
        position = entries.position(when.at)
        if below.kind == "dated" and rest in ((), ("value",)):
            new = self.change.since(entries, when, below, names)
        elif position is not None:
            new = self._in_list(entries.row, below, (str(position), *rest), names)
        else:
            return entries.none_of(names, "@".join(pair))
        return self._put(node, pair[0], new)

    def _may_be_new(self, below: Shape | None) -> bool:
        """Let a named number be added by setting it, a named part by giving its keys."""
        if below is None or not isinstance(self.change, Value):
            return False
        node = self.change.node
        return isinstance(node, Branch) or (below.kind == "number" and not is_null(node))


def _forgotten(shape: Shape, key: str, above: Path) -> Fault | None:
    """Return the fault of a path that leaves out which of a table's things it means; None if that is not why."""
    below = shape.below(key) if shape.kind == "table" else None
    if below is None or key not in below.keys:
        return None
    expected = f"a name between, or * for all: '{'.'.join((*above, WILD, key))}'"
    return Fault("no such path", quoted(key), expected)


def _unknown(key: str, known: list[str], above: Path) -> Fault:
    near = nearest(key, known)
    if near is not None:
        expected = f"a known path; the nearest is '{'.'.join((*above, near))}'"
        return Fault("no such path", quoted(key), expected)
    place = f"below '{'.'.join(above)}'" if above else "at the top"
    shown = ", ".join(dict.fromkeys(known)) if known else "nothing"
    return Fault("no such path", quoted(key), f"{place}: {shown[:120]}")
