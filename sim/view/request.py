"""What a figure is asked of: anything but what a verb returned is refused in words."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import ParamSpec, TypeVar

from sim.errors import ViewError
from sim.scenario.calls import verb
from sim.scenario.problem import quoted

P = ParamSpec("P")
T = TypeVar("T")
MADE_BY = {"run": "sim.run", "comparison": "sim.compare", "sweep": "sim.sweep", "found": "sim.break_even"}
"""By name of a figure's first parameter: the verb that returns it."""
HOLDS = {"run": "tables", "comparison": "alternatives", "sweep": "axes", "found": "curves"}
"""And an attribute that nothing else has."""


def drawing(function: Callable[P, T]) -> Callable[P, T]:
    """Return a figure's function that refuses what is no outcome of the verb whose outcomes it draws."""
    first = next(iter(signature(function).parameters))
    asked = verb(function)

    @wraps(function)
    def called(*args: P.args, **kwargs: P.kwargs) -> T:
        given = args[0] if args else kwargs.get(first)
        if given is not None and first in HOLDS and not fits(given, first):
            told = quoted(given) if isinstance(given, str | int | float) else f"a {type(given).__name__}"
            raise ViewError(f"{function.__name__}: {first} is {told}; expected what {MADE_BY[first]} returned")
        return asked(*args, **kwargs)

    return called


def fits(given: object, kind: str) -> bool:
    """Say whether something is the outcome of a kind of study."""
    if kind == "run":  # one alternative of a comparison can be drawn as a run
        return hasattr(given, "part") and hasattr(given, "scenario")
    return hasattr(given, HOLDS[kind]) and (kind != "comparison" or hasattr(given, "baseline"))
