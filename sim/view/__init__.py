"""Figures and answers of runs and comparisons; ``sim.plot`` is this room: ``sim.plot.stock(run, "Bamako")``.

Figures are matplotlib ones, which notebooks show as they are.  Nothing heavy is imported before a figure is drawn.
"""

from __future__ import annotations

from typing import Any


def __getattr__(name: str) -> Any:
    if name.startswith("_"):
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    from sim.view.figures import figures, save_all
    from sim.view.request import drawing

    drawn = {"save_all": save_all} | {entry.draw.__name__: entry.draw for entry in figures()}
    if name not in drawn:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    return drawing(drawn[name])


def __dir__() -> list[str]:
    from sim.view.figures import figures

    return sorted({*globals(), "save_all", *(entry.draw.__name__ for entry in figures())})
