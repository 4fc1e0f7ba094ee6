"""Labels beside points so that none covers another: each takes the first of several places that is free."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patheffects import withStroke
from matplotlib.text import Annotation, Text
from matplotlib.transforms import Bbox
from numpy.typing import NDArray

from sim.view.style import INK

NEAR = ((5, 0), (-5, 0), (0, 5), (0, -5), (4, 4), (-4, 4), (4, -4), (-4, -4))
"""Places close to the point, in points of type: right, left, above, below, and the corners."""
CLEAR = 10.0
"""Half-width of the box about a point that other points' labels keep out of, in dots of the screen."""
POINTER: Final = {"arrowstyle": "-|>,head_length=0.24,head_width=0.1", "color": INK, "linewidth": 0.45}
"""What leads from words to what they are of: an arrow, so that it is not taken for a road or a step."""
FAR = tuple((x * reach, y * reach) for reach in (2.6, 4.5, 7.0) for x, y in NEAR)


@dataclass(frozen=True)
class Label:
    """Words for a point; ``needed`` labels go to the least bad place if none is free, others are left out."""

    x: float
    y: float
    words: str
    size: float
    bold: bool = False
    needed: bool = True


def place(
    axes: Axes,
    labels: Sequence[Label],
    taken: Sequence[Bbox] = (),
    lines: Sequence[tuple[float, float]] = (),
    *,
    places: Sequence[tuple[float, float]] = NEAR + FAR,
) -> list[Annotation]:
    """Write labels in order, each where it covers neither an earlier one nor a taken box nor another's point.

    Parameters
    ----------
    axes
        Axes whose limits and place in the figure are final.
    labels
        The most important first.
    taken
        Boxes in display units that no label may cover.
    lines
        Points along lines, in the axes' units, that labels avoid if they can.
    places
        Where a label may stand beside its point, points of type; the best first.
    """
    points = [axes.transData.transform((label.x, label.y)) for label in labels]
    dots = [Bbox.from_bounds(x - CLEAR, y - CLEAR, 2 * CLEAR, 2 * CLEAR) for x, y in points]
    along = np.asarray(axes.transData.transform(lines)) if lines else np.empty((0, 2))
    used = list(taken)
    written = []
    for rank, label in enumerate(labels):
        others = used + [dot for place, dot in enumerate(dots) if place != rank]
        text = _best(axes, label, others, along, places)
        if text is not None:
            used.append(_box(text))
            written.append(text)
    return written


def _best(
    axes: Axes,
    label: Label,
    others: Sequence[Bbox],
    along: NDArray[np.float64],
    places: Sequence[tuple[float, float]],
) -> Annotation | None:
    """Write a label at the place with least cover, then with fewest line points, then the nearest."""
    best: tuple[tuple[float, float], tuple[float, float]] | None = None
    for rank, offset in enumerate(places):
        trial = _write(axes, label, offset)
        box = _box(trial)
        trial.remove()
        inside = all(axes.bbox.contains(x, y) for x, y in ((box.x0, box.y0), (box.x1, box.y1)))
        cover = overlap(box, others) + (0.0 if inside else 1e6)
        under = (along[:, 0] > box.x0) & (along[:, 0] < box.x1) & (along[:, 1] > box.y0) & (along[:, 1] < box.y1)
        crossed = int(np.count_nonzero(under))
        far = 3 * (rank // len(NEAR))
        if best is None or (cover, crossed + far) < best[0]:
            best = (cover, crossed + far), offset
        if cover == 0 and crossed == 0:  # no place further off is better
            break
    if best is None or (best[0][0] > 0 and not label.needed):
        return None
    return _write(axes, label, best[1])


def _write(axes: Axes, label: Label, offset: tuple[float, float]) -> Annotation:
    across, up = offset
    far = max(abs(across), abs(up)) > 6
    return axes.annotate(
        label.words, (label.x, label.y), xytext=offset, textcoords="offset points", fontsize=label.size, color=INK,
        fontweight="bold" if label.bold else "normal", zorder=8, annotation_clip=False,
        path_effects=[withStroke(linewidth=1.6, foreground="white")],
        ha="left" if across > 0 else "right" if across < 0 else "center",
        va="bottom" if up > 0 else "top" if up < 0 else "center",
        arrowprops={**POINTER, "shrinkA": 0, "shrinkB": 2.5} if far else None,
    )  # fmt: skip


def _box(written: Annotation) -> Bbox:
    """Box of the words alone, without the line that leads to the point."""
    assert written.figure is not None
    assert isinstance(written.figure.canvas, FigureCanvasAgg)
    written.update_positions(written.figure.canvas.get_renderer())
    return Text.get_window_extent(written).padded(3)


def overlap(box: Bbox, others: Sequence[Bbox]) -> float:
    """Sum of the areas that a box shares with each of others."""
    corners = np.array([other.extents for other in others]).reshape(-1, 4)
    shared = np.minimum(box.max, corners[:, 2:]) - np.maximum(box.min, corners[:, :2])
    return float(shared.clip(0.0).prod(axis=1).sum())


def free(
    axes: Axes, x: float, y: float, size: tuple[float, float], others: Sequence[Bbox]
) -> tuple[float, float, Bbox]:
    """Return the nearest place about a spot for a circle that covers least of other boxes.

    ``size`` is its radius and the width of the words beside it, points.
    """
    km_per_point = axes.figure.dpi / 72 / float(axes.transData.get_matrix()[0, 0])
    best: tuple[tuple[float, float], float, float, Bbox] | None = None
    for reach in (0.0, 6.0, 10.0, 14.0, 19.0, 25.0, 32.0, 40.0, 50.0):
        for turn in range(1 if not reach else 16):
            east = x + reach * km_per_point * cos(turn * pi / 8)
            north = y + reach * km_per_point * sin(turn * pi / 8)
            circle = around(axes, east, north, size[0] + 1.5)
            box = Bbox.from_extents(circle.x0, circle.y0, circle.x1 + size[1] * axes.figure.dpi / 72, circle.y1)
            within = axes.bbox.contains(box.x0, box.y0) and axes.bbox.contains(box.x1, box.y1)
            covered = overlap(box, others) + (0.0 if within else 1e6)
            if best is None or (covered, reach) < best[0]:
                best = (covered, reach), east, north, box
            if covered == 0.0:  # no place further off is better
                return east, north, box
    assert best is not None
    return best[1:]


def around(axes: Axes, x: float, y: float, points: float) -> Bbox:
    """Return the box of so many points each way about a spot, in display units."""
    dots = points * axes.figure.dpi / 72
    across, up = axes.transData.transform((x, y))
    return Bbox.from_bounds(across - dots, up - dots, 2 * dots, 2 * dots)
