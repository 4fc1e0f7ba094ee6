"""Numbers with unit, range and source."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, TypeVar

from sim.scenario import units
from sim.scenario.problem import Fault, nearest, quoted
from sim.scenario.sources import Sources, provenance

T = TypeVar("T")
Law = Literal["uniform", "triangular", "lognormal"]
LAWS: tuple[Law, ...] = ("uniform", "triangular", "lognormal")
KEYS = ("value", "low", "high", "law", "source", "why", "draw")
HUGE = 1e15


@dataclass(frozen=True)
class Quantity:
    """A number of a scenario in the unit of the model.

    Attributes
    ----------
    value, low, high
        In ``unit``; low and high are None when the number is certain.  For a lognormal law the value is the
        median and low and high are the 5 % and 95 % points; otherwise they are the ends of the range, and of a
        triangular law the value is the mode.
    law
        None when the number is certain.
    source, why
        Evidence id or ``assumption``, and the reason; None if the scenario gives none.
    draw
        Name of a draw: uncertain numbers that name the same one are high or low together; ``path`` names a draw too.
    text, unit, path
        The value as it was written, the unit of the model, and the name in the scenario: the dotted path, and of a
        later entry of a list by date the entry's date (``zones.west.effort@2025-09-03``).
    """

    value: float
    low: float | None = None
    high: float | None = None
    law: Law | None = None
    source: str | None = None
    why: str | None = None
    draw: str | None = None
    text: str = ""
    unit: str = "1"
    path: str = ""

    @property
    def least(self) -> float:
        """The lowest that may be drawn."""
        return self.value if self.low is None else self.low

    @property
    def most(self) -> float:
        """The highest that may be drawn."""
        return self.value if self.high is None else self.high

    @property
    def certain(self) -> bool:
        """Whether the number has no range."""
        return self.law is None

    @property
    def key(self) -> str:
        """What the number's draw is keyed by: numbers of one key are high or low together."""
        return self.draw or self.path


@dataclass(frozen=True)
class Scale:
    """The unit of a number, the unit it is shown in, and its range in the unit of the model.

    ``ratio`` says that a number without unit is one of something to another, such as a share, which percent may state;
    a ``whole`` number is none.
    """

    unit: str
    low: float
    high: float
    show: str | None = None
    whole: bool = False
    ratio: bool = True

    @property
    def expected(self) -> str:
        """What may be written: ``a volume rate such as '3.3 ML/day'``."""
        if self.whole:
            return "a whole number such as 12"
        name, example = units.KINDS.get(self.unit, ("quantity", f"1 {self.unit}"))
        if self.unit == "1":
            return f"a {name} such as {example}" + (" or 40 %" if self.ratio else "")
        example = _EXAMPLES.get(self.show or "", example)
        return f"a {name} such as '{example}'"

    @property
    def bare(self) -> str:
        """What may be written where a unit was written in vain."""
        if self.whole:
            return "a bare whole number such as 12"
        return "a bare number such as 0.4" + (", or 40 %" if self.ratio else "")

    def shown(self, value: float) -> str:
        """Return a value of the model as text in the unit that people read."""
        show = self.show or self.unit
        return units.shown(value / float(units.factor(show, self.unit)), show)

    @property
    def span(self) -> str:
        """The range as text."""
        return f"{self.shown(self.low)} to {self.shown(self.high)}"


_EXAMPLES = {"days": "10 days", "1/day": "12 /day", "km/day": "150 km/day", "min": "5 min", "USD/day": "5000 USD/day"}


def read_number(raw: object, scale: Scale, sources: Sources | None) -> Quantity | list[Fault]:
    """Return the number that ``raw`` (a scalar or a mapping) states, or all that is wrong with it."""
    if not isinstance(raw, Mapping):
        amount = _amount(raw, scale)
        return [amount] if isinstance(amount, Fault) else Quantity(amount, text=str(raw).strip(), unit=scale.unit)

    def amount_at(key: str) -> float | Fault:
        return _amount(raw[key], scale, whole=scale.whole and key == "value")

    def missing() -> Fault:
        return Fault("a number without a value", quoted(dict(raw)), f"'value': {scale.expected}")

    amounts, source, why, faults = stated(raw, KEYS, sources, amount_at, missing)
    law = raw.get("law")
    if law is not None and law not in LAWS:
        faults.append(Fault("unknown law", quoted(law), f"one of {', '.join(LAWS)}", ("law",)))
    faults += _range_faults(raw, amounts, law)
    draw = raw.get("draw")
    if draw is not None and not (isinstance(draw, str) and draw):
        faults.append(Fault("not a name", quoted(draw), "a name such as customs", ("draw",)))
    if faults:
        return faults
    value, low, high = amounts["value"], amounts.get("low"), amounts.get("high")
    if low is not None and high is not None and law is None:
        law = "triangular"
    return Quantity(value, low, high, law, source, why, draw, str(raw["value"]).strip(), scale.unit)


def stated(
    raw: Mapping[str, Any],
    known: tuple[str, ...],
    sources: Sources | None,
    read: Callable[[str], T | Fault],
    missing: Callable[[], Fault],
) -> tuple[dict[str, T], str | None, str | None, list[Fault]]:
    """Return what a mapping with a range states: value and ends as far as they can be read, source, why, and faults.

    ``read`` returns what stands at a key, ``missing`` the fault of a mapping without a value.
    """
    source, why, faults = provenance(raw, sources)
    faults = [*(unknown_key(key, known) for key in raw if key not in known), *faults]
    values: dict[str, T] = {}
    written = [key for key in ("value", "low", "high") if raw.get(key) is not None]
    if "value" not in written:
        faults.append(missing())
    for key in written:
        value = read(key)
        if isinstance(value, Fault):
            faults.append(value.under(key))
        else:
            values[key] = value
    if ("low" in written) != ("high" in written):
        end, other = ("low", "high") if "low" in written else ("high", "low")
        faults.append(Fault(f"'{end}' without '{other}'", quoted(raw[end]), "both or neither", (end,)))
    return values, source, why, faults


def unknown_key(key: str, known: tuple[str, ...]) -> Fault:
    """Return the fault of a key that is not among the known ones."""
    near = nearest(key, known)
    expected = f"one of {', '.join(known)}" if near is None else f"'{near}'?"
    return Fault("unknown key", quoted(key), expected, (key,))


def _range_faults(raw: Mapping[str, Any], amounts: Mapping[str, float], law: object) -> list[Fault]:
    if raw.get("low") is None and raw.get("high") is None:
        return [Fault("a law without a range", quoted(law), "'low' and 'high'", ("law",))] if law is not None else []
    if len(amounts) < 3:
        return []
    value, low, high = amounts["value"], amounts["low"], amounts["high"]
    given = f"low {raw['low']}, value {raw['value']}, high {raw['high']}"
    if not low <= value <= high:
        return [Fault("the range does not hold the value", given, "low ≤ value ≤ high")]
    if low == high:
        return [Fault("an empty range", given, "low < high, or neither")]
    if law is None and value in (low, high):
        expected = "'law: triangular' if that end is the likeliest value, 'law: uniform' if all are equally likely"
        return [Fault("a value at an end of its range, and no law", given, expected)]
    if law == "lognormal" and not 0 < low < value < high:
        return [Fault("not a range of a lognormal law", given, "0 < low < value < high")]
    return []


def _amount(raw: object, scale: Scale, whole: bool | None = None) -> float | Fault:
    whole = scale.whole if whole is None else whole
    parts = units.split(raw)
    if parts is None and (isinstance(raw, bool) or not isinstance(raw, int | float)):
        return Fault("not a number", quoted(raw), scale.expected)
    text, unit = parts or ("nan", "")
    if not abs(float(text)) <= HUGE:
        return Fault("not a number that can be used", quoted(raw), scale.expected)
    if not unit and scale.unit != "1":
        return Fault("a number without a unit", quoted(raw), scale.expected)
    try:
        # The same decimal gives the same float whichever unit it is written in.
        value = float(Fraction(text) * units.factor(unit or scale.unit, scale.unit))
    except units.UnitError as fault:
        if scale.unit == "1":
            return Fault("a unit where none is due", quoted(raw), scale.bare)
        return Fault(str(fault), quoted(raw), scale.expected)
    if scale.unit == "1" and unit not in ("", "1") and (scale.whole or not scale.ratio):
        return Fault("a percentage of what is no share", quoted(raw), scale.bare)
    if not scale.low <= value <= scale.high:
        return Fault("out of range", quoted(raw), scale.span)
    if whole and value != math.floor(value):
        return Fault("not a whole number", quoted(raw), scale.expected)
    return value
