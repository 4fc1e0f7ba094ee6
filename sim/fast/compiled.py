"""How functions of this room are compiled, and the rules compiled as they stand.

With ``NUMBA_DISABLE_JIT=1`` everything runs interpreted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import FunctionType, ModuleType
from typing import Any, Final, TypeVar, cast

from numba import njit

from sim.fast.cache import folder, kept_in
from sim.fast.lowering import OPTIONS
from sim.rules import (
    adaptation,
    consumers,
    crews,
    encounter,
    hazard,
    orders,
    retail,
    road,
    roadblock,
    stations,
    steps,
    stocks,
)
from sim.world import laws, occasions

F = TypeVar("F", bound=Callable[..., Any])


MODULES: Final = (
    *(laws, occasions, steps, adaptation, consumers, crews, encounter, hazard, orders, retail, road, roadblock),
    *(stations, stocks),
)
INTERPRETED_ONLY: Final = frozenset({"steps.total"})
"""Rules that take any Python iterable; compiled code adds in loops, in the same order."""


def compiled(function: F) -> F:
    """Compile a function when it is first called; it leaves the interpreter's lock to others."""
    twin: F = njit(**OPTIONS)(function)
    return twin


def entry(function: F) -> F:
    """Compile a function that is called from outside, and keep it on disk."""
    twin: F
    try:
        with kept_in(folder()):
            twin = njit(**OPTIONS, cache=True)(function)
    except RuntimeError:  # nothing can be kept any more, as on a full disk
        twin = njit(**OPTIONS)(function)
    return twin


def rule(function: F) -> F:
    """Return the compiled twin of a rule."""
    return cast("F", _TWIN_OF[cast("FunctionType", function)])


def _compile_rules() -> Iterator[tuple[FunctionType, Callable[..., Any]]]:
    """Compile copies of the functions of the rules, whose calls of one another go to the compiled ones."""
    done: dict[Any, Callable[..., Any]] = {}
    for module in MODULES:
        scope = {name: done.get(value, value) if callable(value) else value for name, value in vars(module).items()}
        for name, value in _functions(module):
            copy = FunctionType(value.__code__, scope, name, value.__defaults__)
            copy.__module__ = value.__module__
            copy.__doc__ = value.__doc__
            done[value] = scope[name] = compiled(copy)
            yield value, done[value]


def _functions(module: ModuleType) -> list[tuple[str, FunctionType]]:
    short = module.__name__.split(".")[-1]
    return [
        (name, value)
        for name, value in vars(module).items()
        if isinstance(value, FunctionType)
        and value.__module__ == module.__name__
        and f"{short}.{name}" not in INTERPRETED_ONLY
    ]


_TWIN_OF: Final = dict(_compile_rules())
RULES: Final = {f"{one.__module__.split('.')[-1]}.{one.__name__}": twin for one, twin in _TWIN_OF.items()}
"""The compiled rules by name of module and function, such as ``retail.backlog_after``."""
