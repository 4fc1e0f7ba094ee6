"""Units that a scenario may write, and exact factors to the units of the model."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from sim.scenario.problem import nearest

if TYPE_CHECKING:
    from pint import UnitRegistry

MONTH: Final = 730.5
"""Hours of a month: 30.4375 days, the mean over four years."""
DEFINITIONS = (
    "metre = [length] = m = meter = metres = meters",
    "kilometre = 1000 * metre = km = kilometer = kilometres = kilometers",
    "hour = [time] = h = hours",
    "second = hour / 3600 = s = seconds",
    "minute = hour / 60 = min = minutes",
    "day = 24 * hour = d = days",
    "week = 168 * hour = weeks",
    f"month = {MONTH} * hour = months",
    "year = 8766 * hour = years",
    "litre = 0.001 * metre ** 3 = L = l = liter = litres = liters",
    "million_litres = 1000 * metre ** 3 = ML",
    "dollar = [money] = USD",
    "franc = [franc] = XOF = CFA",
    "percent = 0.01 = pct",
)
"""ML: million litres."""

KINDS = {
    "1": ("number", "0.4"),
    "m3": ("volume", "46 m3"),
    "L": ("volume", "40 L"),
    "m3/h": ("volume rate", "3.3 ML/day"),
    "L/h": ("flow", "40 L/min"),
    "h": ("time", "36 h"),
    "1/h": ("rate", "9 /month"),
    "km": ("length", "120 km"),
    "km/h": ("pace", "25 km/h"),
    "1/km": ("number per length", "0.003 /km"),
    "USD": ("sum of money", "80000 USD"),
    "USD/h": ("cost per time", "5000 USD/day"),
    "USD/m3": ("price", "800 USD/m3"),
    "XOF/L": ("price", "775 XOF/L"),
    "XOF/USD": ("exchange rate", "600 XOF/USD"),
}
"""By unit of the model: what a quantity in it is called, and an example."""

_NAMES = re.compile(r"[A-Za-z%]+")
_UNIT = re.compile(r"(?:1\s*)?(?:/\s*|per\s+)?[A-Za-z_%]+(?:(?:\^|\*\*)?[123])?"
                   r"(?:\s*(?:[*/·]|\bper\b|\s)\s*[A-Za-z_%]+(?:(?:\^|\*\*)?[123])?){0,4}")  # fmt: skip
_NUMBER = re.compile(r"\s*([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,4})?)(?![\d.])\s*(\S.*?)?\s*", re.ASCII)


class UnitError(ValueError):
    """A unit that is unknown or of another dimension; the message says which."""


@lru_cache(maxsize=1)
def registry() -> UnitRegistry[Any]:
    """Return the pint registry of the units above; factors are exact fractions."""
    import pint

    units: UnitRegistry[Any] = pint.UnitRegistry(None, non_int_type=Fraction)
    for definition in DEFINITIONS:
        units.define(definition)
    return units


@lru_cache(maxsize=1)
def known_units() -> tuple[str, ...]:
    """Return every spelling of a unit."""
    words = [word for line in DEFINITIONS for word in line.replace("=", " ").split()]
    return ("m3", "%", *(word for word in words if word.replace("_", "").isalpha()))


def split(raw: object) -> tuple[str, str] | None:
    """Split ``'3.3 ML/day'`` into number and unit; None if it does not begin with a number.  A number has no unit."""
    text = str(raw) if isinstance(raw, int | float | str) and not isinstance(raw, bool) else ""
    match = _NUMBER.fullmatch(text) if len(text) <= 100 else None
    return (match[1], match[2] or "") if match else None


@lru_cache(maxsize=512)
def factor(unit: str, internal: str) -> Fraction:
    """Return how many ``internal`` units one ``unit`` is; raises UnitError."""
    ratio = _parsed(unit) / _parsed(internal)
    if ratio.dimensionality:
        raise UnitError(f"'{unit}' is not a unit of a {KINDS.get(internal, ('quantity',))[0]}")
    return Fraction(ratio.to("").magnitude)


@lru_cache(maxsize=512)
def _parsed(unit: str) -> Any:
    units = registry()
    if unit in ("", "1"):
        return units.Quantity(Fraction(1))
    if len(unit) > 40 or not _UNIT.fullmatch(unit):
        raise UnitError(f"'{unit[:40]}' is not a unit")
    for name in _NAMES.findall(re.sub(r"\bper\b", "/", unit)):
        if name not in known_units():
            near = nearest(name, known_units())
            raise UnitError(f"unknown unit '{name}'" + (f", the nearest is '{near}'" if near else ""))
    text = re.sub(r"\bper\b", "/", unit).replace("%", "percent").replace("·", "*").replace("^", "**")
    text = re.sub(r"([A-Za-z])([123])", r"\1**\2", text).strip()
    return units.Quantity(Fraction(1), units.parse_units("1" + text if text.startswith("/") else text))


def shown(value: float, unit: str) -> str:
    """Return a number with its unit as a person writes it: ``9 /month``, ``40 %``, ``0.4``."""
    number = f"{value:.6g}" if abs(value) < 1e6 else f"{value:.12g}"
    suffix = unit[1:] if unit.startswith("1/") else unit
    return number if unit == "1" else f"{number} {suffix}"
