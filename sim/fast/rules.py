"""The rules compiled as they stand: each module of theirs again, under its own name."""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any, Final, cast

from sim.fast.compiled import compiled
from sim.plan import laws
from sim.rules import (
    adaptation,
    consumers,
    crews,
    encounter,
    escort,
    hazard,
    orders,
    retail,
    road,
    roadblock,
    sharing,
    stations,
    steps,
    stocks,
)
from sim.world import occasions

INTERPRETED_ONLY: Final = frozenset({"steps.total"})
"""Rules that take any Python iterable; compiled code adds in loops, in the same order."""
RULES: Final[dict[str, Callable[..., Any]]] = {}
"""The compiled rules by name of module and function, such as ``retail.backlog_after``."""
_DONE: Final[dict[Any, Any]] = {}


def _compiled(module: ModuleType) -> ModuleType:
    """Return a module with compiled copies of its functions, whose calls of one another go to the compiled ones."""
    short = module.__name__.split(".")[-1]
    twin = ModuleType(module.__name__)
    scope = vars(twin)
    for name, value in vars(module).items():
        scope[name] = _DONE.get(value, value) if callable(value) else value
        own = isinstance(value, FunctionType) and value.__module__ == module.__name__
        if own and f"{short}.{name}" not in INTERPRETED_ONLY:
            function = cast("FunctionType", value)
            copy = FunctionType(function.__code__, scope, name, function.__defaults__)
            copy.__module__, copy.__doc__ = function.__module__, function.__doc__
            scope[name] = _DONE[value] = RULES[f"{short}.{name}"] = compiled(copy)
    return twin


if not TYPE_CHECKING:  # to mypy they are the rules themselves
    laws, occasions, steps = map(_compiled, (laws, occasions, steps))
    adaptation, consumers, crews, encounter = map(_compiled, (adaptation, consumers, crews, encounter))
    escort, hazard, orders, retail, road = map(_compiled, (escort, hazard, orders, retail, road))
    roadblock, sharing, stations, stocks = map(_compiled, (roadblock, sharing, stations, stocks))

__all__ = [
    "RULES", "adaptation", "consumers", "crews", "encounter", "escort", "hazard", "laws", "occasions", "orders",
    "retail", "road", "roadblock", "sharing", "stations", "steps", "stocks",
]  # fmt: skip
