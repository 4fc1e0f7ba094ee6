"""Figures, each declared at the function that draws it; ``save_all`` stores those of whatever a verb returned."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, TypeVar

from sim.errors import ViewError
from sim.view import fits

if TYPE_CHECKING:
    from sim.view.style import Chart

Draw = TypeVar("Draw", bound="Callable[..., Chart]")
MODULES: Final = (
    *("forest", "stock", "dry", "flows", "waiting", "map"),
    *("frontier", "funnels", "delays", "regret", "towns", "break_even", "flips"),
    *("winners", "target", "facts", "sensitivity"),
)
"""Where figures are declared, in the order in which they are stored."""
_WRITING = Lock()


@dataclass(frozen=True)
class Entry:
    """A figure: its file's name, the class of the outcome it is drawn from, and what draws it.

    ``arguments`` returns what it is drawn with, of an outcome and what else was asked; None if it is not drawn.
    """

    name: str
    of: str
    arguments: Callable[..., tuple[Any, ...] | None]
    draw: Callable[..., Chart]

    def stem(self, outcome: Any) -> str:
        """Return the name of its files, in which HUB stands for that of the scenario."""
        return self.name.replace("HUB", _plain(outcome.scenario.root.hub)) if "HUB" in self.name else self.name


FIGURES: Final[list[Entry]] = []
"""All that are declared, once `figures` has been asked for them."""


def figure(
    name: str, of: str, arguments: Callable[..., tuple[Any, ...] | None] = lambda outcome, **_: (outcome,)
) -> Callable[[Draw], Draw]:
    """Return what declares a figure at the function that draws it; see `Entry`."""

    def declare(draw: Draw) -> Draw:
        FIGURES.append(Entry(name, of, arguments, draw))
        return draw

    return declare


def figures() -> list[Entry]:
    """Return all figures, in the order in which they are stored."""
    for module in MODULES:
        import_module(f"{__name__}.{module}")
    return sorted(FIGURES, key=lambda entry: MODULES.index(entry.draw.__module__.rpartition(".")[2]))


def figures_of(outcome: object) -> list[Entry]:
    """Return the figures that may be drawn of what a verb returned; what can be read like a run is taken for one.

    Raises
    ------
    ViewError
        If there are none.
    """
    kinds = {kind.__name__ for kind in type(outcome).__mro__}
    if entries := [entry for entry in figures() if entry.of in kinds or (entry.of == "Run" and fits(outcome, "Run"))]:
        return entries
    raise ViewError(f"no figure is drawn of a {type(outcome).__name__}; expected what a verb such as sim.run returned")


def files_of(outcome: object) -> list[Path]:
    """Return the names of all files that `save_all` may store of what a verb returned."""
    return [Path(f"{entry.stem(outcome)}.{kind}") for entry in figures_of(outcome) for kind in ("png", "svg")]


def save_all(outcome: object, folder: str | Path, *, style: str | None = None, **extras: Any) -> list[Path]:
    """Store the figures of what a verb returned as PNG and SVG.

    Parameters
    ----------
    outcome
        A run, comparison, sweep, calibration, validation or sensitivity.
    folder
        Where to; made if it is missing.
    style
        ``paper`` or ``slides``, see `sim.view.style.styled`.
    extras
        Of a comparison ``flips``, the break-even of two of its strategies, and ``reversal``, under which conditions a
        ranking flips; of a sweep ``target``, ``reached``, where it is, and ``confidence``.

    Returns
    -------
    list of Path
        Files written, of each figure PNG then SVG.

    Raises
    ------
    ViewError
        If there are none, there is no such style, or the folder or a file cannot be written.
    """
    from sim.view.style import styled

    with styled(style):
        charts = {
            entry.stem(outcome): entry.draw(*arguments)
            for entry in figures_of(outcome)
            if (arguments := entry.arguments(outcome, **extras)) is not None
        }
    return save_charts(charts, folder)


def save_charts(charts: Mapping[str, Chart], folder: str | Path) -> list[Path]:
    """Store figures by name in a folder, which is made if it is missing.

    Warns once if there are characters for which this machine has no font.

    Raises
    ------
    ViewError
        If the folder or a file cannot be written.
    """
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        files = [path for name, chart in charts.items() for path in save(chart, folder / name)]
    except OSError as problem:
        raise ViewError(f"cannot write figures to '{folder}': {problem.strerror or problem}") from problem
    if unsaid := "".join(sorted({letter for chart in charts.values() for letter in chart.unsaid})):
        warnings.warn(f"no font of this machine has {unsaid}; the figures show codes instead", stacklevel=2)
    return files


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
