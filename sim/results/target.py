"""A target for a measure as a person writes it: ``cover.Bamako >= 5 d``."""

from __future__ import annotations

import re
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import normalize

from sim.errors import RequestError
from sim.results.goals import goal
from sim.results.names import OF_TOWNS, names
from sim.results.units import DATE, dated, unit
from sim.scenario import units
from sim.scenario.problem import nearest, one_of, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from pandas import Series

    from sim.plan.plan import Plan

EXAMPLE = "cover.Bamako >= 5 d"
SHORT_NAMES = {"cover": "lowest_cover"}
"""What may be written before a town's name in place of the measure's."""
_COMPARED: dict[str, Callable[[Series, float], Series]] = {
    ">=": lambda values, bound: values >= bound,
    "<=": lambda values, bound: values <= bound,
    ">": lambda values, bound: values > bound,
    "<": lambda values, bound: values < bound,
}
_PARTS = re.compile(r"([^<>=]+)([<>=]+)([^<>=]+)")
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
    """A bound on a measure: its name, ``>=``, ``<=``, ``>`` or ``<``, the bound in the measure's unit, and the text.

    The bound of a date is a day since the start, that of a share lies between 0 and 1.
    """

    measure: str
    sense: str
    value: float
    text: str


def parse(text: str, plan: Plan, more: Collection[str] = ()) -> Target:
    """Read a target.

    Parameters
    ----------
    text
        A measure, a comparison, a number with the measure's unit: ``days_half_closed <= 10 d``,
        ``need_met.Mopti-Sévaré >= 95 %``, ``tankers_lost < 50``.  Measures of a town are written with its name after
        a dot; ``cover.TOWN`` is its lowest cover.  The bound of a date is one: ``half_shut.Bamako >= 2025-10-01``.
    plan
        Of any of the alternatives: towns, products and start.
    more
        Names of further measures that the runs have, those with a date in their name.

    Raises
    ------
    RequestError
        If it cannot be read: no comparison, an unknown measure or town, a number without unit or with a wrong one.
    """
    parts = _PARTS.fullmatch(normalize("NFC", text))
    if parts is None or parts[2] not in _COMPARED:
        wrong = f"no comparison '{parts[2]}'" if parts else "not a measure, a comparison and a number"
        raise _refused(text, wrong, f"one of {', '.join(_COMPARED)}, as in '{EXAMPLE}'")
    measure = _measure(text, parts[1].strip(), plan, more)
    return Target(measure, parts[2], _value(text, measure, parts[3].strip(), plan), text.strip())


def holds(target: Target, values: Series) -> Series:
    """Say of each replication whether a target holds.

    Where the measure is not defined (NaN) the target does not hold, but for one: a date that should come late and
    never came, such as ``first_shortage`` or ``half_shut_TOWN``, is later than any bound.  ``recovery`` is not: without
    it there was either no shortage or no end to one.
    """
    if dated(target.measure) and goal(target.measure).better > 0:
        values = values.fillna(float("inf"))
    return _COMPARED[target.sense](values, target.value)


def _refused(text: str, wrong: str, expected: str, what: str = "target") -> RequestError:
    return RequestError(f"{what} {quoted(text)}: {wrong}; expected {expected}", target=text)


def _measure(text: str, name: str, plan: Plan, more: Collection[str]) -> str:
    """Return the measure that is meant by a name."""
    known = sorted({*names(plan), *more})
    kind, dot, town = name.partition(".")
    kind = SHORT_NAMES.get(kind, kind)
    if not dot:
        if name not in known:
            raise _refused(text, f"no measure {quoted(name)}", _near(name, known, "a measure of docs/measures.md"))
        return name
    if kind not in OF_TOWNS:
        kinds = [*OF_TOWNS, *SHORT_NAMES]
        raise _refused(text, f"no measure {quoted(kind)} of a town", one_of(kinds, kind))
    if town not in plan.towns.name:
        raise _refused(text, f"no town {quoted(town)}", _near(town, plan.towns.name, one_of(plan.towns.name)))
    return f"{kind}_{town}"


def _near(name: str, known: Collection[str], otherwise: str) -> str:
    """Return the known name that begins as this one does or is nearest to it, as an expectation."""
    longer = [one for one in known if name and one.lower().startswith(name.lower())]
    near = longer[0] if len(longer) == 1 else nearest(name, known)
    return f"a known name; the nearest is '{near}'" if near else otherwise


def amount(written: str, measure: str) -> float:
    """Read a difference in a measure, such as ``2 d``, ``1 %`` or ``5 tankers``; dates differ by days.

    Raises
    ------
    RequestError
        If it is no number, or its unit is missing or wrong.
    """
    return _number(written, measure, "days" if dated(measure) else unit(measure), written.strip(), "--worth")


def _value(text: str, measure: str, written: str, plan: Plan) -> float:
    """Return a bound in the unit of its measure."""
    if unit(measure) == DATE:
        return _day(text, measure, written, plan)
    return _number(text, measure, unit(measure), written)


def _number(text: str, measure: str, due: str, written: str, what: str = "target") -> float:
    """Return a number in the unit that is due."""
    example = _QUANTITIES[due][2] if due in _QUANTITIES else f"20 {due}".rstrip()
    found = units.split(written)
    if found is None:
        raise _refused(text, f"{quoted(written)} is not a number", f"{measure} as in '{example}'", what)
    number, given = found
    if given == due or (due == "tankers" and not given):
        scale = Fraction(1, 100) if due == "%" else Fraction(1)
    elif given and due in _QUANTITIES:
        try:
            scale = units.factor(given, _QUANTITIES[due][0]) / _QUANTITIES[due][1]
        except units.UnitError as error:
            raise _refused(text, str(error), f"{measure} in {due}, as in '{example}'", what) from error
    else:
        wrong = f"unit '{given}'" if given else "a number without unit"
        raise _refused(text, wrong, f"{measure} {f'in {due}' if due else 'without unit'}, as in '{example}'", what)
    try:
        return float(Fraction(number) * scale)
    except OverflowError as error:
        raise _refused(text, f"{quoted(written)} is too large", f"{measure} as in '{example}'", what) from error


def _day(text: str, measure: str, written: str, plan: Plan) -> float:
    """Return a date as days since the start."""
    try:
        when = datetime.strptime(written, "%Y-%m-%d")
    except ValueError as error:
        raise _refused(text, f"{quoted(written)} is not a date", f"{measure} as in '{plan.start:%Y-%m-%d}'") from error
    return float((when - plan.start).days)
