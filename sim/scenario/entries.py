"""Entries of numbers by date, by their dates: found, added, replaced, and taken away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import lru_cache
from typing import Any

from sim.scenario import units
from sim.scenario.limits import ENTRIES
from sim.scenario.merge import lay, numeric
from sim.scenario.moment import EXPECTED, Moment, read_moment
from sim.scenario.paths import entry, field_and_date, stamp
from sim.scenario.problem import Fault, Origin, Path, Problem, one_of, quoted
from sim.scenario.schema import ROOT
from sim.scenario.shape import Shape, fields_of
from sim.scenario.tree import Branch, Leaf, Node, Row, plain

DEFAULT = Origin("default")


def start_of(tree: Branch) -> datetime | None:
    """Return the start of the scenario that a tree states, as far as it can be read."""
    moment = _moment(tree.items.get("start"))
    return moment.at if moment else None


def end_of(tree: Branch) -> datetime | None:
    """Return the end of the scenario that a tree states, as far as it can be read."""
    moment = _moment(tree.items.get("end"))
    return moment.instant(start_of(tree)) if moment else None


def default_of(shape: Shape, key: str) -> Node | None:
    """Return what the schema puts at a key that no file sets; None if nothing."""
    field = fields_of(shape.part).get(key) if shape.part is not None else None
    return None if field is None else _node(field.default)


@dataclass(frozen=True)
class Entries:
    """The entries of a list by date as a file writes them; a number that stands alone is the first.

    ``start`` is the first midnight, from which days count; None if it is not known.
    """

    items: tuple[Node, ...]
    origin: Origin
    start: datetime | None

    @classmethod
    def of(cls, node: Node, start: datetime | None) -> Entries:
        """Take the entries of a list, or the number that stands alone."""
        return cls(node.items if isinstance(node, Row) else (node,), node.origin, start)

    @property
    def moments(self) -> list[Moment | None]:
        """The moment from which each entry holds; None if it has none, or none that can be read."""
        return [_moment(item.items.get("from")) if isinstance(item, Branch) else None for item in self.items]

    @property
    def dates(self) -> list[datetime | None]:
        """The date of each entry; None if it has none, or none that can be read."""
        return [None if moment is None else moment.instant(self.start) for moment in self.moments]

    def position(self, at: datetime) -> int | None:
        """Return the position of the entry of a date; None if there is none."""
        return next((position for position, date in enumerate(self.dates) if date == at), None)

    def before(self, at: datetime) -> int:
        """Return how many entries hold, or have held, at a date; the first without a date holds from the start."""
        return sum(date <= at if date is not None else position == 0 for position, date in enumerate(self.dates))

    def cut(self, at: datetime) -> int | Fault:
        """Return how many entries begin before a date, whatever is drawn; a fault if that cannot be told of one."""
        for position, moment in enumerate(self.moments):
            low, value, high = self._span(moment)
            if low is None or value is None or high is None:
                if position:
                    return position
                continue
            before = high <= at and low < at
            mixed = low < at < high or (value == at and low < high)
            if mixed and not (value == at and is_zero(self.items[position if before else position - 1])):
                expected = f"before {stamp(low)} or after {stamp(high)}: an entry begins at some time between"
                return Fault("a factor from a date at which an entry may or may not hold", stamp(at), expected)
            if not before:
                return position
        return len(self.items)

    def _span(self, moment: Moment | None) -> tuple[datetime | None, datetime | None, datetime | None]:
        """Return the earliest, the central and the latest date of a moment."""
        if moment is None:
            return None, None, None
        low, high = moment.low or moment, moment.high or moment
        return low.instant(self.start), moment.instant(self.start), high.instant(self.start)

    def names(self, path: Path) -> list[str]:
        """Return how each entry may be addressed: the first by position, others by date."""
        return [
            ".".join((*path, str(position)) if not position or date is None else entry(path, date, ""))
            for position, date in enumerate(self.dates)
        ]

    def replaced(self, position: int, new: Node) -> Row:
        """Return the list with another entry at a position."""
        return Row((*self.items[:position], new, *self.items[position + 1 :]), self.origin)

    def added(self, at: datetime, new: Node) -> Row:
        """Return the list with an entry more, in order of date."""
        position = self.before(at)
        return Row((*self.items[:position], new, *self.items[position:]), self.origin)

    def without(self, position: int) -> Row:
        """Return the list without an entry."""
        return Row((*self.items[:position], *self.items[position + 1 :]), self.origin)


def instant(date: str, start: datetime | None) -> datetime | Fault:
    """Return the date and time that the text after ``@`` states."""
    read = read_moment(date, None)
    if isinstance(read, list):
        return Fault("not a date after '@'", quoted(date), EXPECTED)
    at = read.instant(start)
    return at or Fault("a day after a start that is not known", quoted(date), "a date such as 2025-09-03")


def dated(number: Node, date: str, origin: Origin) -> Branch:
    """Return a number as the entry of a date."""
    if not isinstance(number, Branch):
        number = Branch({"value": number}, {"value": number.origin}, number.origin)
    keys = {"from": origin, **number.keys}
    return Branch({"from": Leaf(date, origin), **number.items}, keys, number.origin)


def with_entries(tree: Branch, laid: Branch) -> tuple[Branch, list[Problem]]:
    """Return a tree with each key such as ``units@2025-10-01`` made an entry of the list by date, and what is wrong.

    A number at such a key is added to what stands at ``units``, in order of date, or replaces the entry of the same
    date, which keeps its ``from``; keys without a value are laid on that entry, and null takes it away. Such keys stand
    only where the file stands that was laid last.
    """
    problems: list[Problem] = []
    done = _entered(tree, laid, ROOT, (), start_of(tree), problems)
    assert isinstance(done, Branch)
    return done, problems


def _entered(node: Node, laid: Node, shape: Shape, path: Path, start: datetime | None, problems: list[Problem]) -> Node:
    if not isinstance(node, Branch) or not isinstance(laid, Branch):
        return node
    items, keys = dict(node.items), dict(node.keys)
    seen: dict[tuple[str, datetime], str] = {}
    for key in laid.items:
        if key not in node.items:
            continue
        item, below = node.items[key], shape.below(key)
        pair = field_and_date(key) if shape.kind == "part" and key not in shape.keys else None
        if pair is None:
            if below is not None:
                items[key] = _entered(item, laid.items[key], below, (*path, key), start, problems)
            continue
        del items[key]
        at = keys.pop(key)
        done = _entry(items.get(pair[0]), shape, pair, Item(item, at, start), seen)
        if isinstance(done, Fault):
            problems.append(Problem.at(at, (*path, key), done))
        else:
            items[pair[0]] = done
            keys.setdefault(pair[0], at)
    return Branch(items, keys, node.origin)


@dataclass(frozen=True)
class Item:
    """What stands at a key with a date: the node, the place of the key, and the start from which days count."""

    node: Node
    place: Origin
    start: datetime | None


def _entry(
    old: Node | None, shape: Shape, key: tuple[str, str], item: Item, seen: dict[tuple[str, datetime], str]
) -> Node | Fault:
    """Return what stands at a field once the entry of a date is laid on it."""
    field, date = key
    below = shape.below(field)
    if below is None:
        return Fault("unknown key", quoted(field), one_of(shape.keys, field))
    if below.by_date is None:
        return Fault("a date where none is due", quoted("@".join(key)), f"'{field}' alone: it is no number by date")
    at = instant(date, item.start)
    if isinstance(at, Fault):
        return at
    other = seen.setdefault((field, at), date)
    if other != date:
        return Fault("a date twice", f"'{field}@{other}' and '{field}@{date}'", "each date once")
    if len(seen) > ENTRIES:
        return Fault("too many entries", quoted("@".join(key)), f"at most {ENTRIES:,}")
    old = default_of(shape, field) if old is None else old
    if old is None:
        return Fault("no number to begin with", quoted("@".join(key)), f"'{field}' too: what holds until then")
    return _laid(Entries.of(old, item.start), below, (field, date, at), item)


def _laid(entries: Entries, below: Shape, key: tuple[str, str, datetime], item: Item) -> Node | Fault:
    field, date, at = key
    node, position = item.node, entries.position(at)
    if isinstance(node, Leaf) and node.value is None:
        return entries.without(position) if position is not None else _none_of_date(entries, field, date)
    if isinstance(node, Row):
        return Fault("a list where an entry is due", quoted(plain(node)), below.expected)
    since = node.items.get("from") if isinstance(node, Branch) else None
    moment = _moment(since)
    if since is not None and (moment is None or moment.instant(entries.start) != at):
        return Fault("two dates of one entry", quoted(plain(since)), f"{date}, or no 'from'", ("from",))
    if position is None:
        if below.kind != "dated":
            return _none_of_date(entries, field, date)
        return entries.added(at, dated(node, date, item.place))
    return entries.replaced(position, _over(entries.items[position], node, item.place))


def _over(old: Node, new: Node, place: Origin) -> Node:
    """Return an entry with another laid on it: a number with a value keeps nothing of the old one but its date."""
    assert isinstance(old, Branch)
    if isinstance(new, Leaf):
        new = Branch({"value": new}, {"value": new.origin}, place)
    assert isinstance(new, Branch)
    if "value" in new.items and numeric(new, "from"):
        old = old.only({"from"})
    return lay(new, old)


def is_zero(node: Node) -> bool:
    """Say whether a number is a certain 0, whatever its unit."""
    raw = node.items.get("value") if isinstance(node, Branch) else node
    ranged = isinstance(node, Branch) and "low" in node.items
    parts = units.split(str(raw.value)) if isinstance(raw, Leaf) else None
    return parts is not None and not ranged and Fraction(parts[0]) == 0


def _none_of_date(entries: Entries, field: str, date: str) -> Fault:
    known = [name for name in entries.names((field,)) if "@" in name]
    return Fault("no entry of this date", quoted(f"{field}@{date}"), one_of(known) if known else f"'{field}' alone")


def _moment(node: Node | None) -> Moment | None:
    if isinstance(node, Leaf) and isinstance(node.value, str):
        return _moment_of(node.value)
    read = None if node is None else read_moment(plain(node), None)
    return read if isinstance(read, Moment) else None


@lru_cache(maxsize=4 * ENTRIES)
def _moment_of(text: str) -> Moment | None:
    """Return the moment that a text states; the dates of a list are looked at for each entry that is added."""
    read = read_moment(text, None)
    return read if isinstance(read, Moment) else None


def _node(value: Any) -> Node | None:
    if value is None:
        return None
    if isinstance(value, Mapping):
        items = {key: node for key, item in value.items() if (node := _node(item)) is not None}
        return Branch(items, dict.fromkeys(items, DEFAULT), DEFAULT)
    return Leaf(value, DEFAULT) if isinstance(value, str | int | float | bool) else None
