"""How functions of this room are compiled, and the rules compiled as they stand.

With ``NUMBA_DISABLE_JIT=1`` everything runs interpreted.
"""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType, ModuleType
from typing import Any, Final, TypeAlias, TypeVar

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.fast.cache import folder, kept_in
from sim.rules import (
    adaptation,
    consumers,
    crews,
    encounter,
    hazard,
    orders,
    retail,
    road,
    stations,
    steps,
)
from sim.world import laws

F = TypeVar("F", bound=Callable[..., Any])
Words: TypeAlias = NDArray[np.int64]
Reals: TypeAlias = NDArray[np.float64]

OPTIONS: Final = {"nogil": True, "error_model": "python", "_nrt": False}
"""Without a count of references: nothing is allocated, and counting took three fifths of the time."""
INTERPRETED_ONLY: Final = frozenset({"steps.total"})
"""Rules that take any Python iterable; compiled code adds in loops, in the same order."""


def compiled(function: F) -> F:
    """Compile a function when it is first called; it leaves the interpreter's lock to others."""
    twin: F = njit(**OPTIONS)(function)
    return twin


def entry(function: F) -> F:
    """Compile a function that is called from outside, and keep it on disk."""
    with kept_in(folder()):
        twin: F = njit(**OPTIONS, cache=True)(function)
    return twin


def _twins() -> dict[str, Callable[..., Any]]:
    """Compile copies of the functions of the rules, whose calls of one another go to the compiled ones."""
    found: dict[str, Callable[..., Any]] = {}
    twin_of: dict[Any, Callable[..., Any]] = {}
    for module in (laws, steps, adaptation, consumers, crews, encounter, hazard, orders, retail, road, stations):
        scope = {name: twin_of.get(value, value) if callable(value) else value for name, value in vars(module).items()}
        for name, value in _functions(module):
            copy = FunctionType(value.__code__, scope, name, value.__defaults__)
            copy.__module__ = value.__module__
            copy.__doc__ = value.__doc__
            twin_of[value] = scope[name] = found[f"{module.__name__.split('.')[-1]}.{name}"] = compiled(copy)
    return found


def _functions(module: ModuleType) -> list[tuple[str, FunctionType]]:
    short = module.__name__.split(".")[-1]
    return [
        (name, value)
        for name, value in vars(module).items()
        if isinstance(value, FunctionType)
        and value.__module__ == module.__name__
        and f"{short}.{name}" not in INTERPRETED_ONLY
    ]


RULES: Final = _twins()
"""The compiled rules by name of module and function, such as ``retail.backlog_after``."""
