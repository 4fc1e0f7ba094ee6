"""Figures and answers of runs and comparisons; ``sim.plot`` is this room: ``sim.plot.stock(run, "Bamako")``.

Figures are matplotlib ones, which notebooks show as they are.  Nothing heavy is imported before a figure is drawn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.view.figures import save_all
    from sim.view.figures.break_even import break_even
    from sim.view.figures.by_strategy import by_strategy
    from sim.view.figures.comparison import save_comparison
    from sim.view.figures.delays import delays
    from sim.view.figures.flips import flips
    from sim.view.figures.flows import flows
    from sim.view.figures.forest import forest
    from sim.view.figures.frontier import frontier
    from sim.view.figures.funnel import funnel
    from sim.view.figures.funnels import funnels
    from sim.view.figures.map import corridor_map
    from sim.view.figures.regret import regrets
    from sim.view.figures.stock import stock
    from sim.view.figures.sweep import save_sweep
    from sim.view.figures.target import reached
    from sim.view.figures.towns import felt
    from sim.view.figures.waiting import waiting
    from sim.view.figures.winners import winners

__all__ = [
    "break_even",
    "by_strategy",
    "corridor_map",
    "delays",
    "felt",
    "flips",
    "flows",
    "forest",
    "frontier",
    "funnel",
    "funnels",
    "reached",
    "regrets",
    "save_all",
    "save_comparison",
    "save_sweep",
    "stock",
    "waiting",
    "winners",
]

_HOMES = {
    "break_even": "sim.view.figures.break_even",
    "by_strategy": "sim.view.figures.by_strategy",
    "corridor_map": "sim.view.figures.map",
    "delays": "sim.view.figures.delays",
    "felt": "sim.view.figures.towns",
    "flips": "sim.view.figures.flips",
    "flows": "sim.view.figures.flows",
    "forest": "sim.view.figures.forest",
    "frontier": "sim.view.figures.frontier",
    "funnel": "sim.view.figures.funnel",
    "funnels": "sim.view.figures.funnels",
    "reached": "sim.view.figures.target",
    "regrets": "sim.view.figures.regret",
    "save_all": "sim.view.figures",
    "save_comparison": "sim.view.figures.comparison",
    "save_sweep": "sim.view.figures.sweep",
    "stock": "sim.view.figures.stock",
    "waiting": "sim.view.figures.waiting",
    "winners": "sim.view.figures.winners",
}


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    from sim.view.request import drawing

    return drawing(getattr(import_module(_HOMES[name]), name))


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
