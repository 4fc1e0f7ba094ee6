"""What a setting does to a number: it puts a value in its place, or multiplies value and range alike."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Context
from fractions import Fraction

from sim.scenario import units
from sim.scenario.entries import Entries, When, is_zero
from sim.scenario.number import HUGE
from sim.scenario.number import KEYS as NUMBER_KEYS
from sim.scenario.paths import entry
from sim.scenario.problem import NO_AMOUNT, Fault, Origin, Path, quoted
from sim.scenario.read import scalar
from sim.scenario.shape import Shape
from sim.scenario.sources import ASSUMPTION
from sim.scenario.tree import Branch, Leaf, Node, Row, Scalar, as_mapping, is_null, plain, since

NUMBERS = ("number", "dated", "moment")
_EXACT = Context(prec=60)


@dataclass(frozen=True)
class Value:
    """Puts a value in the place of what stands there; ``start`` is the first midnight, from which days count."""

    node: Node
    start: datetime | None

    @property
    def origin(self) -> Origin:
        """The place that gives the value."""
        return self.node.origin

    def instead_of(self, old: Node | None, shape: Shape, path: Path) -> Node | Fault:
        """Return what stands where a number is set: the value as an assumption; an entry keeps its ``from``."""
        node = self.node
        if shape.kind not in NUMBERS or isinstance(node, Row) or is_null(node):
            return node
        if shape.kind == "dated" and isinstance(old, Row) and any(map(since, old.items)):
            return _wipes(Entries.of(old, self.start), node, path)
        items = as_mapping(node).items
        if isinstance(node, Leaf):
            items = _assumed(items, "set on the command line", node.origin)
        keys = dict.fromkeys(items, node.origin)
        if isinstance(old, Branch) and "from" in old.items and items.keys() <= {*NUMBER_KEYS}:
            items = {"from": old.items["from"], **items}
            keys["from"] = old.keys["from"]
        return Branch(items, keys, node.origin)

    def since(self, entries: Entries, when: When, shape: Shape, path: Path) -> Node | Fault:
        """Return the list at a path with the value as the entry of a date, or without that entry."""
        if isinstance(self.node, Row):
            return Fault("a list where an entry is due", quoted(plain(self.node)), shape.expected)
        position = entries.position(when.at)
        if is_null(self.node):
            key = f"{path[-1]}@{when.text}"
            return entries.none_of(path, key) if position is None else entries.row.having(position)
        number = self.instead_of(None if position is None else entries.items[position], shape, path)
        if isinstance(number, Fault):
            return number
        if position is not None:
            return entries.row.having(position, number)
        return replace(entries.added(when, number), origin=when.place)


@dataclass(frozen=True)
class Times:
    """Multiplies what stands there, value and range alike; ``text`` is the factor as it was written."""

    text: str
    factor: Fraction
    origin: Origin

    @classmethod
    def of(cls, node: Node) -> Times | Fault:
        """Read a factor: a number of at least 0, or a percentage."""
        raw = plain(node)
        parts = units.split(raw)
        if parts is None or parts[1] not in ("", "%"):
            return Fault("not a factor", quoted(raw), "a factor such as 2, 0.5 or 150 %")
        if not 0 <= float(parts[0]) <= HUGE:
            return Fault("a factor out of range", quoted(raw), f"0 to {HUGE:g}")
        return cls(str(raw), Fraction(parts[0]) / (100 if parts[1] else 1), node.origin)

    def instead_of(self, old: Node | None, shape: Shape, path: Path) -> Node | Fault:
        """Return a number, or all entries of one by date, times the factor; the dates stay."""
        if shape.kind not in ("number", "dated"):
            return Fault("no number to multiply", quoted(path[-1]), "the path of a number, such as 'fleet.size'")
        if old is None:
            return Fault(NO_AMOUNT, quoted(path[-1]), f"'{'.'.join(path)}=…'")
        if not isinstance(old, Row):
            return self._number(old, shape)
        items: list[Node] = []
        for position, item in enumerate(old.items):
            number = self._number(item, shape)
            if isinstance(number, Fault):
                return number.under(str(position))
            items.append(number)
        return Row(tuple(items), self.origin)

    def since(self, entries: Entries, when: When, shape: Shape, path: Path) -> Node | Fault:
        """Return the list with all that holds from a date on times the factor, to the last bit as it was before.

        The stretch that the date cuts in two begins anew there, with the draw of the number that holds until then.
        """
        position = entries.cut(when.at)
        if isinstance(position, Fault):
            return position
        items = list(entries.items)
        for later in range(position, len(items)):
            number = self._number(items[later], shape)
            if isinstance(number, Fault):
                return number
            items[later] = number
        whole = position == 0 or when.at in entries.dates[position : position + 1]
        if not whole and not is_zero(items[position - 1]):
            cut = self._cut(entries, position - 1, shape, path)
            if isinstance(cut, Fault):
                return cut
            items.insert(position, when.dated(cut))
        return Row(tuple(items), self.origin)

    def _cut(self, entries: Entries, position: int, shape: Shape, path: Path) -> Node | Fault:
        """Return the number of an entry times the factor, with the draw of that number."""
        item = entries.items[position]
        number = self._number(item.without("from") if isinstance(item, Branch) else item, shape)
        if isinstance(number, Fault) or "low" not in number.items or "draw" in number.items:
            return number
        date = entries.dates[position]
        name = path if not position or date is None else entry(path, date, "")
        return number.having("draw", Leaf(".".join(name), number.origin), number.origin)

    def _number(self, node: Node, shape: Shape) -> Branch | Fault:
        old = as_mapping(node).items
        new: dict[str, Node] = {key: item for key, item in old.items() if key in ("from", "draw", "law")}
        for key in ("value", "low", "high"):
            item = old.get(key)
            if isinstance(item, Leaf):
                new[key] = Leaf(self._amount(item.value), self.origin)
        if self.factor == 0:
            new = {key: item for key, item in new.items() if key in ("from", "value")}
        value = new.get("value")
        if shape.rule is not None and shape.rule.whole and isinstance(value, Leaf) and not _is_whole(value.value):
            given = f"{plain(old['value'])} times {self.text} is {value.value}"
            return Fault("not a whole number", given, "a factor that keeps it whole, or 'path=value'")
        new = _assumed(new, f"times {self.text}, set on the command line", self.origin)
        return Branch(new, dict.fromkeys(new, self.origin), self.origin)

    def _amount(self, raw: Scalar) -> Scalar:
        """Return an amount times the factor, to the last digit; what is none is left for the check to tell."""
        parts = units.split(raw)
        if parts is None or not abs(float(parts[0])) <= HUGE:
            return raw
        value = Fraction(parts[0]) * self.factor
        text = f"{_EXACT.divide(_EXACT.create_decimal(value.numerator), _EXACT.create_decimal(value.denominator)):f}"
        return f"{text} {parts[1]}" if parts[1] else scalar(text) if not isinstance(raw, str) else text


def _assumed(number: dict[str, Node], why: str, origin: Origin) -> dict[str, Node]:
    """Return the keys of a number that somebody has set, with what is said of it."""
    return {**number, "source": Leaf(ASSUMPTION, origin), "why": Leaf(why, origin)}


def _is_whole(raw: Scalar) -> bool:
    parts = units.split(raw)
    return parts is None or bool(parts[1]) or Fraction(parts[0]).denominator == 1


def _wipes(old: Entries, value: Node, path: Path) -> Fault:
    names = old.names(path)
    given = quoted(value.value) if isinstance(value, Leaf) else "one number"
    expected = f"the path of an entry ({', '.join(names[:4])}{', …' if len(names) > 4 else ''}), or a whole list"
    return Fault("one number for a list by date would wipe its dates", given, expected)
