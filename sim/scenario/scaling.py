"""Numbers times a factor, as they are written: the value and its range alike."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Context
from fractions import Fraction
from typing import Any

from sim.scenario import units
from sim.scenario.number import HUGE
from sim.scenario.problem import Fault, Origin, quoted
from sim.scenario.read import scalar
from sim.scenario.shape import Shape
from sim.scenario.sources import ASSUMPTION
from sim.scenario.tree import Branch, Leaf, Node, Row, plain

EXPECTED = "a factor such as 2, 0.5 or 150 %"
_EXACT = Context(prec=60)


@dataclass(frozen=True)
class Factor:
    """A factor, as it was written and as a number, and the place that gives it."""

    text: str
    value: Fraction
    origin: Origin

    @classmethod
    def of(cls, node: Node) -> Factor | Fault:
        """Read a factor: a number of at least 0, or a percentage."""
        raw = node.value if isinstance(node, Leaf) else plain(node)
        parts = units.split(str(raw)) if isinstance(raw, int | float | str) and not isinstance(raw, bool) else None
        if parts is None or parts[1] not in ("", "%"):
            return Fault("not a factor", quoted(raw), EXPECTED)
        if not 0 <= float(parts[0]) <= HUGE:
            return Fault("a factor out of range", quoted(raw), f"0 to {HUGE:g}")
        value = Fraction(parts[0]) / (100 if parts[1] else 1)
        return cls(str(raw), value, node.origin)

    def times(self, node: Node, shape: Shape) -> Node | Fault:
        """Return a number, or all entries of one by date, times the factor; the dates stay."""
        if not isinstance(node, Row):
            return self._number(node, shape)
        items: list[Node] = []
        for position, item in enumerate(node.items):
            done = self._number(item, shape)
            if isinstance(done, Fault):
                return done.under(str(position))
            items.append(done)
        return Row(tuple(items), self.origin)

    def _number(self, node: Node, shape: Shape) -> Node | Fault:
        old = dict(node.items) if isinstance(node, Branch) else {"value": node}
        new: dict[str, Node] = {key: item for key, item in old.items() if key in ("from", "draw", "law")}
        for key in ("value", "low", "high"):
            item = old.get(key)
            if isinstance(item, Leaf):
                new[key] = Leaf(self._amount(item.value), self.origin)
        if self.value == 0:
            new = {key: item for key, item in new.items() if key in ("from", "value")}
        value = new.get("value")
        if shape.rule is not None and shape.rule.whole and isinstance(value, Leaf) and not _whole(value.value):
            given = f"{_text(old['value'])} times {self.text} is {value.value}"
            return Fault("not a whole number", given, "a factor that keeps it whole, or 'path=value'")
        new |= assumed(f"times {self.text}, set on the command line", self.origin)
        return Branch(new, dict.fromkeys(new, self.origin), self.origin)

    def _amount(self, raw: Any) -> Any:
        """Return an amount times the factor, to the last digit; what is none is left for the check to tell."""
        parts = units.split(str(raw)) if isinstance(raw, int | float | str) and not isinstance(raw, bool) else None
        if parts is None or not abs(float(parts[0])) <= HUGE:
            return raw
        number = _decimal(Fraction(parts[0]) * self.value)
        return f"{number} {parts[1]}" if parts[1] else scalar(number) if not isinstance(raw, str) else number


def assumed(why: str, origin: Origin) -> dict[str, Node]:
    """Return what is said of a number that somebody has set."""
    return {"source": Leaf(ASSUMPTION, origin), "why": Leaf(why, origin)}


def _decimal(value: Fraction) -> str:
    ratio = _EXACT.divide(_EXACT.create_decimal(value.numerator), _EXACT.create_decimal(value.denominator))
    return f"{ratio:f}"


def _whole(raw: Any) -> bool:
    parts = units.split(str(raw))
    return parts is None or bool(parts[1]) or Fraction(parts[0]).denominator == 1


def _text(node: Node) -> str:
    return str(node.value) if isinstance(node, Leaf) else quoted(plain(node))
