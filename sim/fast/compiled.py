"""How functions of this room are compiled; with ``NUMBA_DISABLE_JIT=1`` everything runs interpreted."""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any, Final, TypeVar

from numba import njit

from sim.fast.cache import folder, kept_in

F = TypeVar("F", bound=Callable[..., Any])
OPTIONS: Final[Any] = {"nogil": True, "error_model": "python", "_nrt": False}
"""Without a count of references: nothing is allocated, and counting took three fifths of the time."""


def compiled(function: F) -> F:
    """Compile a function when it is first called; it leaves the interpreter's lock to others."""
    twin: F = njit(**OPTIONS)(function)
    return twin


def compile_all(module: dict[str, Any]) -> None:
    """Put compiled functions in the place of those that a module, given by its names, has declared."""
    for name, value in module.items():
        if isinstance(value, FunctionType) and value.__module__ == module["__name__"]:
            module[name] = compiled(value)


def entry(function: F) -> F:
    """Compile a function that is called from outside, and keep it on disk."""
    twin: F
    try:
        with kept_in(folder()):
            twin = njit(**OPTIONS, cache=True)(function)
    except RuntimeError:  # nothing can be kept any more, as on a full disk
        twin = njit(**OPTIONS)(function)
    return twin
