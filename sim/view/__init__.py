"""Figures and the short answer of a run; ``sim.plot`` is this room: ``sim.plot.stock(run, "Bamako")``.

Figures are matplotlib ones, which notebooks show as they are.  Nothing heavy is imported before a figure is drawn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.view.figures import save_all
    from sim.view.figures.flows import flows
    from sim.view.figures.funnel import funnel
    from sim.view.figures.map import corridor_map
    from sim.view.figures.stock import stock
    from sim.view.figures.waiting import waiting

__all__ = ["corridor_map", "flows", "funnel", "save_all", "stock", "waiting"]

_HOMES = {
    "corridor_map": "sim.view.figures.map",
    "flows": "sim.view.figures.flows",
    "funnel": "sim.view.figures.funnel",
    "save_all": "sim.view.figures",
    "stock": "sim.view.figures.stock",
    "waiting": "sim.view.figures.waiting",
}


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
