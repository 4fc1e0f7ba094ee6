"""Figures and answers of runs and comparisons; ``sim.plot`` is this room: ``sim.plot.stock(run, "Bamako")``.

Figures are matplotlib ones, which notebooks show as they are.  Nothing heavy is imported before a figure is drawn.
Each takes ``style="slides"``, too, which draws it for a screen: 16 to 9, larger type, fewer words.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import Any, Final

from sim.errors import ViewError
from sim.scenario.calls import verb
from sim.scenario.problem import quoted

_OUTCOMES: Final = {
    "Run": ("sim.run", ("part", "scenario")),  # one alternative of a comparison can be drawn as a run
    "Comparison": ("sim.compare", ("alternatives", "baseline")),
    "Sweep": ("sim.sweep", ("axes",)),
    "BreakEven": ("sim.break_even", ("curves",)),
    "Calibration": ("sim.calibrate", ("prior", "posterior")),
    "Validation": ("sim.validate", ("verdicts", "lead")),
    "Sensitivity": ("sim.sensitivity", ("screened", "worth")),
}
"""By class of what is drawn: the verb that returns it, and the attributes by which it is known."""


def fits(outcome: object, kind: str) -> bool:
    """Say whether something can be drawn as the outcome of a kind."""
    return all(hasattr(outcome, name) for name in _OUTCOMES[kind][1])


def _drawn() -> dict[str, Callable[..., Any]]:
    from sim.view.figures import figures, save_all

    return {"save_all": save_all} | {entry.draw.__name__: entry.draw for entry in figures()}


def _refusing(draw: Callable[..., Any]) -> Callable[..., Any]:
    """Return a figure's function that refuses in words what is no outcome of the verb whose outcomes it draws."""
    first, *_ = signature(draw).parameters.values()
    known = verb(draw)

    @wraps(draw)
    def figure(*args: Any, style: str | None = None, **kwargs: Any) -> Any:
        from sim.view.style import styled

        outcome = args[0] if args else kwargs.get(first.name)
        if outcome is not None and first.annotation in _OUTCOMES and not fits(outcome, first.annotation):
            what = quoted(outcome) if isinstance(outcome, str | int | float) else f"a {type(outcome).__name__}"
            expected = f"expected what {_OUTCOMES[first.annotation][0]} returned"
            raise ViewError(f"{draw.__name__}: {first.name} is {what}; {expected}")
        with styled(style):
            return known(*args, **kwargs)

    return figure


def __getattr__(name: str) -> Any:
    if name.startswith("_") or name not in (drawn := _drawn()):
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    return _refusing(drawn[name])


def __dir__() -> list[str]:
    return sorted(_drawn())
