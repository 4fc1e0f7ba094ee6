"""The land behind a map: borders, coasts, and the names of countries."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, pi, sin

import numpy as np
from matplotlib.axes import Axes
from matplotlib.transforms import Bbox

from sim.language import say
from sim.view.borders import Borders
from sim.view.figures.labels import overlap
from sim.view.style import TINY

BORDER = "#b5b5b5"
COUNTRY = "#767676"


def draw_borders(axes: Axes, behind: Borders, scale: tuple[float, float]) -> None:
    """Draw borders (dashed) and coasts; ``scale`` is the km of a degree east and north."""
    for lines, style in ((behind.lines, (0, (4, 2, 1, 2))), (behind.coasts, "-")):
        for line in lines:
            x, y = (line * scale).T
            axes.plot(
                x, y, color=BORDER, linewidth=0.6, linestyle=style, zorder=0.3, gid="border", scalex=False, scaley=False
            )


def draw_countries(
    axes: Axes, behind: Borders, scale: tuple[float, float], taken: list[Bbox], along: Sequence[tuple[float, float]]
) -> None:
    """Write the names of countries where they cover nothing else, near their place, or else leave them out."""
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    used, roads = [*taken], np.asarray(axes.transData.transform(along)).reshape(-1, 2)
    for name, spot in behind.names.items():
        x, y = spot[0] * scale[0], spot[1] * scale[1]
        if not (left < x < right and bottom < y < top):
            continue
        for turn in range(25):
            reach, angle = 9.0 * ((turn + 7) // 8), turn * pi / 4
            text = axes.annotate(
                say(name).upper(), (x, y), xytext=(reach * cos(angle), reach * sin(angle)), textcoords="offset points",
                ha="center", va="center", fontsize=TINY, color=COUNTRY, zorder=0.5, fontstyle="italic", gid="country",
            )  # fmt: skip
            box = text.get_window_extent()
            inside = axes.bbox.contains(box.x0, box.y0) and axes.bbox.contains(box.x1, box.y1)
            (low, down), (high, up) = box.padded(6).get_points()
            crossed = ((roads > (low, down)) & (roads < (high, up))).all(axis=1).any()
            if inside and not crossed and not overlap(box, used):
                used.append(box)
                break
            text.remove()
