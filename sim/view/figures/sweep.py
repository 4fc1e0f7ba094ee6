"""The figures that every sweep gets."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.results.target import Target
    from sim.study.sweep import Reached, Sweep


def save_sweep(
    sweep: Sweep,
    folder: str | Path,
    target: Target | None = None,
    found: Sequence[Reached] | None = None,
    confidence: float = 0.9,
) -> list[Path]:
    """Store a sweep's figures as PNG and SVG: winners, and target if one was asked for.

    Raises
    ------
    ViewError
        If the folder or a file cannot be written.
    """
    from sim.view.figures import save_charts
    from sim.view.figures.target import reached
    from sim.view.figures.winners import winners

    drawn = {"winners": winners(sweep)}
    if target is not None and found is not None:
        drawn["target"] = reached(sweep, target, found, confidence)
    return save_charts(drawn, folder)
