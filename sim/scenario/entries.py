"""Entries of numbers by date, by their dates: looked up, added, replaced, and taken away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import lru_cache

from sim.scenario import units
from sim.scenario.limits import ENTRIES
from sim.scenario.merge import lay, numeric
from sim.scenario.moment import EXPECTED, Moment, read_moment
from sim.scenario.paths import entry, stamp
from sim.scenario.problem import NO_DATE, NO_NUMBER, NO_START, Fault, Origin, Path, Problem, one_of, quoted
from sim.scenario.read import read_data
from sim.scenario.schema import ROOT
from sim.scenario.shape import Shape, fields_of
from sim.scenario.tree import Branch, Leaf, Node, Row, as_mapping, is_null, plain, since

DEFAULT = Origin("default")


def start_of(tree: Branch) -> datetime | None:
    """Return the start of the scenario that a tree states, as far as it can be read."""
    moment = moment_of(tree.items.get("start"))
    return moment.at if moment else None


def end_of(tree: Branch) -> datetime | None:
    """Return the end of the scenario that a tree states, as far as it can be read."""
    moment = moment_of(tree.items.get("end"))
    return moment.instant(start_of(tree)) if moment else None


def moment_of(node: Node | None) -> Moment | None:
    """Return the moment that a node states; None if it states none that can be read."""
    if isinstance(node, Leaf) and isinstance(node.value, str):
        return _moment_of(node.value)
    moment = None if node is None else read_moment(plain(node), None)
    return moment if isinstance(moment, Moment) else None


@lru_cache(maxsize=4 * ENTRIES)
def _moment_of(text: str) -> Moment | None:
    """Return the moment that a text states; the dates of a list are looked at for each entry that is added."""
    moment = read_moment(text, None)
    return moment if isinstance(moment, Moment) else None


def default_of(shape: Shape, key: str) -> Node | None:
    """Return what the schema puts at a key that no file sets; None if nothing."""
    field = fields_of(shape.part).get(key) if shape.part is not None else None
    return None if field is None or field.default in (None, []) else read_data(field.default, DEFAULT)


def is_zero(node: Node) -> bool:
    """Say whether a number is a certain 0, whatever its unit."""
    items = as_mapping(node).items
    value = items.get("value")
    parts = units.split(value.value) if isinstance(value, Leaf) and "low" not in items else None
    return parts is not None and Fraction(parts[0]) == 0


@dataclass(frozen=True)
class When:
    """A date from which a number holds: as a time, as it was written, and the place that gives it."""

    at: datetime
    text: str
    place: Origin

    def dated(self, number: Node) -> Branch:
        """Return a number as the entry of this date."""
        number = as_mapping(number)
        keys = {"from": self.place, **number.keys}
        return Branch({"from": Leaf(self.text, self.place), **number.items}, keys, number.origin)


@dataclass(frozen=True)
class Entries:
    """The entries of a list by date as a file writes them; a number that stands alone is the first.

    ``start`` is the first midnight, from which days count; None if it is not known.
    """

    row: Row
    start: datetime | None

    @classmethod
    def of(cls, node: Node, start: datetime | None) -> Entries:
        """Take the entries of a list, or the number that stands alone."""
        return cls(node if isinstance(node, Row) else Row((node,), node.origin), start)

    @property
    def items(self) -> tuple[Node, ...]:
        """The entries as they are written."""
        return self.row.items

    @property
    def moments(self) -> list[Moment | None]:
        """The moment from which each entry holds; None if it has none, or none that can be read."""
        return [moment_of(since(item)) for item in self.items]

    @property
    def dates(self) -> list[datetime | None]:
        """The date of each entry; None if it has none, or none that can be read."""
        return [None if moment is None else moment.instant(self.start) for moment in self.moments]

    def position(self, at: datetime) -> int | None:
        """Return the position of the entry of a date; None if there is none."""
        return next((position for position, date in enumerate(self.dates) if date == at), None)

    def cut(self, at: datetime) -> int | Fault:
        """Return how many entries begin before a date, whatever is drawn; a fault if that cannot be told of one."""
        for position, moment in enumerate(self.moments):
            span = self._span(moment) if moment else []
            if not span:
                if position:
                    return position
                continue
            low, value, high = span
            before = high <= at and low < at
            mixed = low < at < high or (value == at and low < high)
            if mixed and not (value == at and is_zero(self.items[position if before else position - 1])):
                expected = f"before {stamp(low)} or after {stamp(high)}: an entry begins at some time between"
                return Fault("a factor from a date at which an entry may or may not hold", stamp(at), expected)
            if not before:
                return position
        return len(self.items)

    def _span(self, moment: Moment) -> list[datetime]:
        """Return the earliest, the central and the latest date of a moment; none if it counts from an unknown start."""
        ends = (moment.low or moment, moment, moment.high or moment)
        return [at for end in ends if (at := end.instant(self.start)) is not None]

    def names(self, path: Path) -> list[str]:
        """Return how each entry may be addressed: the first by position, others by date."""
        return [
            ".".join((*path, str(position)) if not position or date is None else entry(path, date, ""))
            for position, date in enumerate(self.dates)
        ]

    def added(self, when: When, number: Node) -> Row:
        """Return the list with a number from a date on, in order of date; a first without date holds from the start."""
        before = (date <= when.at if date is not None else not place for place, date in enumerate(self.dates))
        position = sum(before)
        return Row((*self.items[:position], when.dated(number), *self.items[position:]), self.row.origin)

    def none_of(self, path: Path, key: str) -> Fault:
        """Return the fault of a key with a date of which the list at ``path`` has no entry."""
        known = [name for name in self.names(path) if "@" in name]
        return Fault(NO_DATE, quoted(key), one_of(known) if known else f"'{path[-1]}' alone")


def instant(date: str, start: datetime | None) -> datetime | Fault:
    """Return the date and time that the text after ``@`` states."""
    moment = _moment_of(date)
    if moment is None:
        return Fault("not a date after '@'", quoted(date), EXPECTED)
    at = moment.instant(start)
    return at or Fault(NO_START, quoted(date), "a date such as 2025-09-03")


def entries_at(
    node: Node | None, shape: Shape, key: tuple[str, str], place: Origin, start: datetime | None, first: str
) -> tuple[Entries, When] | Fault:
    """Return the entries at a field of a part and the date that a key such as ``units@2025-10-01`` names.

    ``node`` is what stands at the field, else its default counts; ``first`` says what is expected if there is neither.
    """
    field, date = key
    below = shape.below(field)
    if below is None:
        return Fault("unknown key", quoted(field), one_of(shape.keys, field))
    if below.by_date is None:
        return Fault("a date where none is due", quoted("@".join(key)), f"'{field}' alone: it is no number by date")
    at = instant(date, start)
    if isinstance(at, Fault):
        return at
    node = default_of(shape, field) if node is None else node
    if node is None:
        return Fault(NO_NUMBER, quoted("@".join(key)), first)
    return Entries.of(node, start), When(at, date, place)


def with_entries(tree: Branch, laid: Branch) -> tuple[Branch, list[Problem]]:
    """Return a tree with each key such as ``units@2025-10-01`` made an entry of the list by date, and what is wrong.

    A number at such a key is added to what stands at ``units``, in order of date, or replaces the entry of the same
    date, which keeps its ``from``; keys without a value are laid on that entry, and null takes it away. Such keys stand
    only where the file stands that was laid last.
    """
    problems: list[Problem] = []
    whole = _entered(tree, laid, ROOT, (), start_of(tree), problems)
    assert isinstance(whole, Branch)
    return whole, problems


def _entered(node: Node, laid: Node, shape: Shape, path: Path, start: datetime | None, problems: list[Problem]) -> Node:
    if not isinstance(node, Branch) or not isinstance(laid, Branch):
        return node
    items, keys = dict(node.items), dict(node.keys)
    dates: dict[tuple[str, datetime], str] = {}
    for key in laid.items:
        if key not in node.items:
            continue
        item, below, pair = node.items[key], shape.below(key), shape.field_and_date(key)
        if pair is None:
            if below is not None:
                items[key] = _entered(item, laid.items[key], below, (*path, key), start, problems)
            continue
        field = pair[0]
        del items[key]
        place = keys.pop(key)
        entries = entries_at(items.get(field), shape, pair, place, start, f"'{field}' too: what holds until then")
        result = entries if isinstance(entries, Fault) else _laid(*entries, shape, pair, item, dates)
        if isinstance(result, Fault):
            problems.append(Problem.at(place, (*path, key), result))
        else:
            items[field] = result
            keys.setdefault(field, place)
    return Branch(items, keys, node.origin)


def _laid(
    entries: Entries, when: When, shape: Shape, key: tuple[str, str], node: Node, dates: dict[tuple[str, datetime], str]
) -> Node | Fault:
    """Return the list with what stands at a key with a date laid on it; ``dates`` are those of the keys before."""
    field, date = key
    below = shape.below(field)
    assert below is not None
    first = dates.setdefault((field, when.at), date)
    if first != date:
        return Fault("a date twice", f"'{field}@{first}' and '{field}@{date}'", "each date once")
    if len(dates) > ENTRIES:
        return Fault("too many entries", quoted("@".join(key)), f"at most {ENTRIES:,}")
    position = entries.position(when.at)
    if is_null(node):
        return entries.none_of((field,), "@".join(key)) if position is None else entries.row.having(position)
    if isinstance(node, Row):
        return Fault("a list where an entry is due", quoted(plain(node)), below.expected)
    own = since(node)
    moment = moment_of(own)
    if own is not None and (moment is None or moment.instant(entries.start) != when.at):
        return Fault("two dates of one entry", quoted(plain(own)), f"{date}, or no 'from'", ("from",))
    if position is not None:
        return entries.row.having(position, _over(entries.items[position], as_mapping(node)))
    return entries.added(when, node) if below.kind == "dated" else entries.none_of((field,), "@".join(key))


def _over(old: Node, new: Branch) -> Node:
    """Return an entry with another laid on it: a number with a value keeps nothing of the old one but its date."""
    assert isinstance(old, Branch)
    return lay(new, old.only({"from"}) if "value" in new.items and numeric(new, "from") else old)
