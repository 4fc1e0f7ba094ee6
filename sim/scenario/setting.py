"""Settings by the command line or a sweep: ``path=value``, ``path*=factor``, and either from a date: ``path@date``.

A ``*`` in a key of the path stands for all names that fit: ``escorts.pools.*.units``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from unicodedata import normalize

from sim.scenario.calls import argument
from sim.scenario.entries import Entries, dated, default_of, end_of, instant, is_zero, start_of
from sim.scenario.number import KEYS as NUMBER_KEYS
from sim.scenario.paths import WILD, Touched, entry, field_and_date, matching, stamp, steps
from sim.scenario.problem import Fault, Origin, Path, Problem, nearest, one_of, quoted
from sim.scenario.read import UnreadableError, read_value
from sim.scenario.scaling import Factor, assumed
from sim.scenario.schema import ROOT
from sim.scenario.shape import Shape
from sim.scenario.tree import Branch, Leaf, Node, Row, since

WHY = "set on the command line"
NUMBERS = ("number", "dated", "moment")


ABSENT = ("nothing to multiply", "no number to begin with")
"""What is wrong where an optional number is not given: of several that a ``*`` stands for, those are passed over."""


def apply(tree: Branch, settings: tuple[str, ...]) -> tuple[Branch, list[Problem], Touched]:
    """Return the tree with each setting applied in order, what is wrong with settings, and what wildcards touch."""
    problems, touched = list[Problem](), dict[str, list[Path]]()
    for setting in settings:
        done = _applied(tree, setting)
        if isinstance(done, Problem):
            problems.append(done)
        else:
            tree, paths = done
            touched[_place(setting).file] = paths
    problems += _idle(tree, touched)
    return tree, problems, {file: paths for file, paths in touched.items() if len(paths) > 1}


def _idle(tree: Branch, touched: Touched) -> Iterator[Problem]:
    """Iterate over the settings that can change nothing, since all they set holds from the end of the run on."""
    start, end = start_of(tree), end_of(tree)
    if start is None or end is None:
        return
    for file, paths in touched.items():
        dates = [None if "from" in path else _begin(tree, path, start) for path in paths]
        late = [date for date in dates if date is not None and date >= end]
        if late and len(late) == len(dates):
            wrong, expected = f"changes nothing: the run ends on {stamp(end)}", f"a date before {stamp(end)}"
            yield Problem.at(Origin(file), (), Fault(wrong, stamp(late[0]), expected, paths[0]))


def _begin(node: Node | None, path: Path, start: datetime) -> datetime | None:
    """Return the earliest date from which an entry of a list by date holds to which a path leads; None if to none."""
    shape: Shape | None = ROOT
    for key in path:
        pair = field_and_date(key) if shape is not None and shape.kind == "part" and key not in shape.keys else None
        if pair is not None:
            at = instant(pair[1], start)
            return at if isinstance(at, datetime) else None
        if isinstance(node, Row):
            item = node.items[int(key)] if key.isdecimal() and int(key) < len(node.items) else None
            moment = Entries.of(item, start).moments[0] if item is not None and since(item) is not None else None
            return None if moment is None else (moment.low or moment).instant(start)
        node = node.items.get(key) if isinstance(node, Branch) else None
        shape = shape and shape.below(key)
    return None


def _place(setting: str) -> Origin:
    return Origin(f"{argument('sets')} {quoted(setting)[1:-1]}")


def _applied(tree: Branch, setting: str) -> tuple[Branch, list[Path]] | Problem:
    place = _place(setting)
    name, _, text = (part.strip() for part in normalize("NFC", setting).partition("="))
    relative = name.endswith("*") and not name.endswith(".*")
    name = name.removesuffix("*").rstrip() if relative else name
    if not name or not text:
        expected = "path=value, such as 'fleet.load=46 m3', or path*=factor, such as 'fleet.size*=2'"
        return Problem.at(place, (), Fault("not a setting", quoted(setting), expected))
    path = steps(name)
    try:
        value = read_value(text, place)
    except UnreadableError as error:
        return replace(error.problem, path=name)
    task = _task(value, place, start_of(tree), relative=relative)
    done = task if isinstance(task, Fault) else _everywhere(tree, task, path)
    return Problem.at(place, (), replace(done, at=done.at or path)) if isinstance(done, Fault) else done


def _everywhere(tree: Branch, task: _Task, path: Path) -> tuple[Branch, list[Path]] | Fault:
    """Return the tree with a change made at each path that fits, and those paths."""
    paths = matching(tree, ROOT, path)
    if isinstance(paths, Fault):
        return paths
    touched, absent = list[Path](), list[Fault]()
    for one in paths:
        done = task.done(tree, ROOT, one)
        if isinstance(done, Branch):
            tree = done
            touched.append(one)
        else:
            assert isinstance(done, Fault)
            fault = replace(done, at=one)
            if done.wrong not in ABSENT:
                return fault
            absent.append(fault)
    return (tree, touched) if touched else absent[0]


def _task(value: Node, place: Origin, start: datetime | None, relative: bool) -> _Task | Fault:
    if not relative:
        return _Task(_Value(value, start), place, start, isinstance(value, Branch))
    factor = Factor.of(value)
    return factor if isinstance(factor, Fault) else _Task(_Times(factor), place, start, False)


@dataclass(frozen=True)
class _Value:
    """Puts a value in the place of what stands there."""

    value: Node
    start: datetime | None

    def __call__(self, old: Node | None, shape: Shape, path: Path) -> Node | Fault:
        """Return what stands where a number is set: the value as an assumption; an entry keeps its ``from``."""
        value = self.value
        if shape.kind not in NUMBERS or isinstance(value, Row) or (isinstance(value, Leaf) and value.value is None):
            return value
        if shape.kind == "dated" and isinstance(old, Row) and any(map(since, old.items)):
            return _wipes(Entries.of(old, self.start), value, path)
        items = dict(value.items) if isinstance(value, Branch) else {"value": value, **assumed(WHY, value.origin)}
        keys = dict.fromkeys(items, value.origin)
        stated = since(old)
        if stated is not None and isinstance(old, Branch) and "from" not in items and items.keys() <= {*NUMBER_KEYS}:
            items = {"from": stated, **items}
            keys["from"] = old.keys["from"]
        return Branch(items, keys, value.origin)

    def since(self, entries: Entries, when: When, shape: Shape, path: Path) -> Node | Fault:
        """Return the list with an entry more."""
        number = self._entry(entries, shape, path)
        if isinstance(number, Fault):
            return number
        return replace(entries.added(when.at, when.dated(number)), origin=when.place)

    def _entry(self, entries: Entries, shape: Shape, path: Path) -> Node | Fault:
        if isinstance(self.value, Row):
            return Fault("a list where an entry is due", quoted([]), shape.expected)
        if isinstance(self.value, Leaf) and self.value.value is None:
            return Fault("no entry of this date", quoted(".".join(path)), one_of(entries.names(path)))
        return self(None, shape, path)


@dataclass(frozen=True)
class _Times:
    """Multiplies what stands there, value and range alike."""

    factor: Factor

    def __call__(self, old: Node | None, shape: Shape, path: Path) -> Node | Fault:
        """Return the number, or all its entries, times the factor."""
        if shape.kind not in ("number", "dated"):
            return Fault("no number to multiply", quoted(path[-1]), "the path of a number, such as 'fleet.size'")
        if old is None:
            return Fault("nothing to multiply", quoted(path[-1]), f"'{'.'.join(path)}=…'")
        return self.factor.times(old, shape)

    def since(self, entries: Entries, when: When, shape: Shape, path: Path) -> Node | Fault:
        """Return the list with all that holds from a date on times the factor, to the last bit as it was before.

        The stretch that the date cuts in two begins anew there, with the draw of the number that holds until then.
        """
        position = entries.cut(when.at)
        if isinstance(position, Fault):
            return position
        items = list(entries.items)
        for later in range(position, len(items)):
            done = self.factor.times(items[later], shape)
            if isinstance(done, Fault):
                return done
            items[later] = done
        whole = position == 0 or when.at in entries.dates[position : position + 1]
        if not whole and not is_zero(items[position - 1]):
            cut = self._cut(entries, position - 1, shape, path)
            if isinstance(cut, Fault):
                return cut
            items.insert(position, when.dated(cut))
        return Row(tuple(items), self.factor.origin)

    def _cut(self, entries: Entries, position: int, shape: Shape, path: Path) -> Node | Fault:
        """Return the number of an entry times the factor, with the draw of that number."""
        item = entries.items[position]
        done = self.factor.times(item.without("from") if isinstance(item, Branch) else item, shape)
        if not isinstance(done, Branch) or "low" not in done.items or "draw" in done.items:
            return done
        date = entries.dates[position]
        name = path if not position or date is None else entry(path, date, "")
        return done.having("draw", Leaf(".".join(name), done.origin), done.origin)


@dataclass(frozen=True)
class When:
    """A date from which a setting holds, as a time and as it was written, and the place that gives it."""

    at: datetime
    text: str
    place: Origin

    def dated(self, number: Node) -> Branch:
        """Return a number as the entry of this date."""
        return dated(number, self.text, self.place)


@dataclass(frozen=True)
class _Task:
    """A change on its way down a path; the path must lead to something that is there or may be there."""

    change: _Value | _Times
    place: Origin
    start: datetime | None
    whole: bool

    def done(self, node: Node | None, shape: Shape, path: Path, above: Path = ()) -> Node | Fault:
        """Return ``node`` with the change made at ``path`` below it."""
        if not path or (path == ("value",) and shape.kind in NUMBERS):
            return self.change(node, shape, above)
        if isinstance(node, Row):
            return self._in_list(node, shape, path, above)
        key, rest = path[0], path[1:]
        here = node.items if isinstance(node, Branch) else {}
        pair = field_and_date(key) if shape.kind == "part" and key not in shape.keys else None
        if pair is not None and (below := shape.below(pair[0])) is not None:
            return self._from_date(node, shape, below, pair, path, above)
        below = shape.below(key)
        new = shape.kind == "table" and not rest and self._may_be_new(below)
        known = shape.kind == "part"
        if shape.kind in NUMBERS and below is not None and not key.isdecimal():
            if not isinstance(node, Branch):
                return Fault("a number without a mapping", quoted(key), f"'{'.'.join(above)}=…', whole or as a mapping")
            known = True
        if below is None or not (key in here or new or known):
            return _forgotten(shape, pair[0] if pair else key, above) or _unknown(
                pair[0] if pair else key, [*here, *shape.keys], above
            )
        old = here.get(key)
        if old is None and isinstance(self.change, _Times):
            old = default_of(shape, key)
        done = self.done(old, below, rest, (*above, key))
        return done if isinstance(done, Fault) else self._put(node, key, done)

    def _put(self, node: Node | None, key: str, done: Node) -> Branch:
        branch = node if isinstance(node, Branch) else Branch({}, {}, self.place)
        if isinstance(done, Leaf) and done.value is None:
            return branch.without(key)
        return branch.having(key, done, self.place if done.origin == self.place else branch.keys.get(key, self.place))

    def _in_list(self, node: Row, shape: Shape, path: Path, above: Path) -> Node | Fault:
        key, below = path[0], shape.below(path[0])
        if not key.isdecimal() or len(key) > 9 or int(key) >= len(node.items) or below is None:
            return _unknown(key, [str(position) for position in range(len(node.items))], above)
        done = self.done(node.items[int(key)], below, path[1:], (*above, key))
        if isinstance(done, Fault):
            return done
        return Row((*node.items[: int(key)], done, *node.items[int(key) + 1 :]), node.origin)

    def _from_date(
        self, node: Node | None, shape: Shape, below: Shape, pair: tuple[str, str], path: Path, above: Path
    ) -> Node | Fault:
        """Change the entry of a date; a number by date gets one if it has none."""
        field, date = pair
        if below.by_date is None:
            return Fault("a date where none is due", quoted(path[0]), f"'{field}' alone: it is no number by date")
        at = instant(date, self.start)
        if isinstance(at, Fault):
            return at
        here = node.items.get(field) if isinstance(node, Branch) else None
        old = default_of(shape, field) if here is None else here
        if old is None:
            return Fault("no number to begin with", quoted(path[0]), f"'{'.'.join((*above, field))}=…' first")
        entries, rest, names = Entries.of(old, self.start), path[1:], (*above, field)
        position = entries.position(at)
        whole = below.kind == "dated" and rest in ((), ("value",))
        if whole and (position is None or isinstance(self.change, _Times)):
            done = self.change.since(entries, When(at, date, self.place), below, names)
        elif position is not None:
            done = self.done(old, below, (str(position), *rest), names)
        else:
            known = [name for name in entries.names(names) if "@" in name]
            return Fault("no entry of this date", quoted(path[0]), one_of(known) if known else f"'{names[-1]}' alone")
        return done if isinstance(done, Fault) else self._put(node, field, done)

    def _may_be_new(self, below: Shape | None) -> bool:
        """Let a named number be added by setting it, a named part by giving its keys."""
        if below is None or not isinstance(self.change, _Value):
            return False
        value = self.change.value
        return self.whole or (below.kind == "number" and not (isinstance(value, Leaf) and value.value is None))


def _wipes(old: Entries, value: Node, path: Path) -> Fault:
    names = old.names(path)
    given = quoted(value.value) if isinstance(value, Leaf) else "one number"
    expected = f"the path of an entry ({', '.join(names[:4])}{', …' if len(names) > 4 else ''}), or a whole list"
    return Fault("one number for a list by date would wipe its dates", given, expected)


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
