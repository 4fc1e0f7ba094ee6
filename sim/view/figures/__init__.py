"""Figures of a run; ``save_all`` stores those that every run gets."""

from __future__ import annotations

import re
import warnings
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.view.source import Viewed
    from sim.view.style import Chart

_WRITING = Lock()


def save_all(run: Viewed, folder: str | Path) -> list[Path]:
    """Store a run's figures as PNG and SVG.

    Parameters
    ----------
    run
        A run.
    folder
        Where to; made if it is missing.

    Returns
    -------
    list of Path
        Files written: stock of the hub, flows, waiting, map and funnel, each PNG then SVG.

    Raises
    ------
    ViewError
        If the folder or a file cannot be written.
    """
    from sim.view.figures.flows import flows
    from sim.view.figures.funnel import funnel
    from sim.view.figures.map import corridor_map
    from sim.view.figures.stock import stock
    from sim.view.figures.waiting import waiting

    hub = run.scenario.root.hub
    drawn = {
        f"stock-{_plain(hub)}": stock(run, hub),
        "flows": flows(run),
        "waiting": waiting(run),
        "map": corridor_map(run),
        "funnel": funnel(run),
    }
    return save_charts(drawn, folder)


def save_charts(drawn: Mapping[str, Chart], folder: str | Path) -> list[Path]:
    """Store figures by name in a folder, which is made if it is missing.

    Warns once if there are characters for which this machine has no font.

    Raises
    ------
    ViewError
        If the folder or a file cannot be written.
    """
    from sim.errors import ViewError

    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        written = [path for name, chart in drawn.items() for path in save(chart, folder / name)]
    except OSError as problem:
        raise ViewError(f"cannot write figures to '{folder}': {problem.strerror or problem}") from problem
    if unsaid := "".join(sorted({letter for chart in drawn.values() for letter in chart.unsaid})):
        warnings.warn(f"no font of this machine has {unsaid}; the figures show codes instead", stacklevel=2)
    return written


def save(chart: Chart, stem: Path) -> list[Path]:
    """Write a figure as ``stem.png`` and ``stem.svg``, the same bytes each time.

    The identifiers in an SVG come from a global setting of matplotlib, which is set for the time of writing only.
    """
    from matplotlib import rc_context

    from sim.results.files import replaced

    png, svg = stem.with_name(f"{stem.name}.png"), stem.with_name(f"{stem.name}.svg")
    with _WRITING, rc_context({"svg.hashsalt": "convoi", "svg.fonttype": "none"}):
        with replaced(png) as new:
            chart.savefig(new, metadata={"Software": None})
        with replaced(svg) as new:
            chart.savefig(new, metadata={"Date": None})
    return [png, svg]


def _plain(name: str) -> str:
    return re.sub(r"[^\w-]+", "-", name.lower()).strip("-")
