"""A target for a measure as a person writes it: ``cover.Bamako >= 5 d``."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import normalize

from sim.errors import RequestError
from sim.plan.plan import Plan
from sim.results.measures import dated, read, unit
from sim.results.names import fault, outside
from sim.scenario import units
from sim.scenario.calls import argument
from sim.scenario.moment import plain_day
from sim.scenario.problem import Fault, quoted

if TYPE_CHECKING:
    from pandas import Series


EXAMPLE = "cover.Bamako >= 5 d"
_COMPARED: dict[str, Callable[[Series, float], Series]] = {
    ">=": lambda values, bound: values >= bound,
    "<=": lambda values, bound: values <= bound,
    ">": lambda values, bound: values > bound,
    "<": lambda values, bound: values < bound,
}
_PARTS = re.compile(r"(.*[^<>=\s])\s*([<>=]+)\s*([^<>=]+)")
_QUANTITIES = {
    "days": ("h", 24, "5 d"),
    "h": ("h", 1, "12 h"),
    "ML": ("m3", 1000, "60 ML"),
    "L": ("L", 1, "9000 L"),
    "%": ("1", 1, "95 %"),
    "USD": ("USD", 1, "40 USD"),
    "million USD": ("USD", 1_000_000, "1.5 million USD"),
}
"""By unit of a measure whose values may be written in other units: one that scenarios know, how many make one of the
measure's, and an example."""


class Target(NamedTuple):
    """A bound on a measure of the table, ``>=``, ``<=``, ``>`` or ``<``, the bound in the measure's unit, and the text.

    The bound of a date is a day since the start, that of a share lies between 0 and 1.
    """

    measure: str
    sense: str
    value: float
    text: str


def parse(text: str, plan: Plan) -> Target:
    """Read a target.

    Parameters
    ----------
    text
        A measure, a comparison, a number with the measure's unit: ``days_half_closed <= 10 d``,
        ``need_met.Mopti-Sévaré >= 95 %``, ``tankers_lost < 50``; ``cover.TOWN`` is the town's lowest cover.  The bound
        of a date is one: ``half_shut.Bamako >= 2025-10-01``; it lies in the run, or is the day after its last.
    plan
        Of any of the alternatives: towns, products and start.

    Raises
    ------
    RequestError
        If it cannot be read: no comparison, an unknown measure or town, a number without unit or with a wrong one;
        or if it looks at days outside the run.
    """
    parts = _PARTS.fullmatch(normalize("NFC", text))
    if parts is None or parts[2] not in _COMPARED:
        wrong = f"no comparison '{parts[2]}'" if parts else "not a measure, a comparison and a number"
        raise _refusal(text, wrong, f"one of {', '.join(_COMPARED)}, as in '{EXAMPLE}'")
    measure, sense, written = _measure(text, parts[1].strip(), plan), parts[2], parts[3].strip()
    if dated(measure):
        return Target(measure, sense, _day(text, measure, sense, written, plan), text.strip())
    return Target(measure, sense, _number(text, measure, unit(measure), written), text.strip())


def holds(target: Target, values: Series) -> Series:
    """Say of each replication whether a target holds, from the measure with its dates (see `sim.results.never`).

    Where the measure is not defined (NaN) the target does not hold.
    """
    return _COMPARED[target.sense](values, target.value)


def _refusal(text: str, wrong: str, expected: str, what: str = "target") -> RequestError:
    return RequestError(f"{what} {quoted(text)}: {wrong}; expected {expected}", target=text)


def _measure(text: str, name: str, plan: Plan) -> str:
    """Return the measure that is meant by a name."""
    measure, wrong = read(name), fault(name, plan)
    if wrong is None and (part := outside(measure, plan.start, plan.days)):
        wrong = Fault(part, quoted(name), "a month with all its days")
    if wrong is not None:
        raise _refusal(text, wrong.wrong, wrong.expected)
    return str(measure)


def amount(written: str, measure: str) -> float:
    """Read a difference in a measure, such as ``2 d``, ``1 %`` or ``5 tankers``; dates differ by days.

    Raises
    ------
    RequestError
        If it is no number, or its unit is missing or wrong.
    """
    return _number(written, measure, "days" if dated(measure) else unit(measure), written.strip(), argument("worth"))


def in_unit(written: float | str, measure: str) -> float:
    """Read a value of a measure that is no date, with its unit, such as ``90 %`` or ``53 ML``; a number is in it.

    Raises
    ------
    RequestError
        If it is no number, or its unit is missing or wrong.
    """
    return _number(written, measure, unit(measure), written.strip(), "value") if isinstance(written, str) else written


def _number(text: str, measure: str, due: str, written: str, what: str = "target") -> float:
    """Return a number in the unit that is due."""
    example = _QUANTITIES[due][2] if due in _QUANTITIES else f"20 {due}".rstrip()
    parts = units.split(written)
    if parts is None:
        raise _refusal(text, f"{quoted(written)} is not a number", f"{measure} as in '{example}'", what)
    number, given = parts
    if given == due or (due == "tankers" and not given):
        scale = Fraction(1, 100) if due == "%" else Fraction(1)
    elif given and due in _QUANTITIES:
        try:
            scale = units.factor(given, _QUANTITIES[due][0]) / _QUANTITIES[due][1]
        except units.UnitError as error:
            raise _refusal(text, str(error), f"{measure} in {due}, as in '{example}'", what) from error
    else:
        wrong = f"unit '{given}'" if given else "a number without unit"
        raise _refusal(text, wrong, f"{measure} {f'in {due}' if due else 'without unit'}, as in '{example}'", what)
    try:
        return float(Fraction(number) * scale)
    except OverflowError as error:
        raise _refusal(text, f"{quoted(written)} is too large", f"{measure} as in '{example}'", what) from error


def _day(text: str, measure: str, sense: str, written: str, plan: Plan) -> float:
    """Return a date as days since the start; of one outside the run no replication could say whether it holds."""
    when = plain_day(written)
    if when is None:
        raise _refusal(text, f"{quoted(written)} is not a date", f"{measure} as in '{plan.start:%Y-%m-%d}'")
    day, last = (when - plan.start.date()).days, plan.days - (sense in ("<=", ">"))
    if not 0 <= day <= last:
        end = plan.start + timedelta(days=last)
        raise _refusal(text, "a date outside the run", f"one from {plan.start:%Y-%m-%d} to {end:%Y-%m-%d}")
    return float(day)
