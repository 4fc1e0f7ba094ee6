"""Schematic map of the corridors: what arrived by them and what was lost in each zone of threat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from math import cos, hypot, pi, radians, sin, sqrt
from string import ascii_uppercase
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.transforms import Bbox

from sim.results.run import Run
from sim.scenario.schema import Root
from sim.view.bands import band
from sim.view.figures import figure
from sim.view.figures.labels import Label, overlap, place
from sim.view.figures.parts import finished, losses_words, stacked
from sim.view.figures.sides import shortened
from sim.view.figures.threat import threatened, zone_losses
from sim.view.study_words import made_words
from sim.view.style import INK, LOSS, SMALL, SOFT, TINY, Chart, headline
from sim.view.words import counted, number, whole

KM_PER_DEGREE = 111.2
WIDEST = 7.0
"""Width of the road with most tankers, points."""
IMPORT, INLAND, HAZARD = "#3f6f9f", "#8a8a8a", "#f3d9cc"
DASH = (0, (2, 0.8))
LOST: Final[dict[str, Any]] = {"marker": "o", "color": LOSS, "markeredgecolor": INK, "markeredgewidth": 0.8}
PER_TANKER = 4.4
"""Size of a circle per tanker lost, square points: the same in every map, so that maps compare."""
REFERENCES = (10, 100)
"""Tankers lost of the circles in the legend."""
HOLDS = 9.2
"""Width of the smallest circle that holds its number; beside smaller ones it is written, points."""
TALLEST = 0.8
"""Greatest height of the map relative to its width."""
SMALLEST = 6.0
"""Least size of a circle, so that it can be seen, square points."""
UNNAMED = " Dots without a name are junctions."


@dataclass(frozen=True)
class Place:
    """A town or junction on the map, in km east and north."""

    x: float
    y: float
    town: bool


@dataclass(frozen=True)
class Line:
    """A road drawn from place to place: the loads that arrived over it, and whether any came from abroad."""

    start: Place
    end: Place
    loads: float
    imported: bool

    @property
    def length(self) -> float:
        """Kilometres."""
        return hypot(self.start.x - self.end.x, self.start.y - self.end.y)

    def at(self, part: float) -> tuple[float, float]:
        """Return the point so far along it."""
        start, end = self.start, self.end
        return start.x + part * (end.x - start.x), start.y + part * (end.y - start.y)


@figure("map", "Run")
def corridor_map(run: Run) -> Chart:
    """Draw the corridors between towns, as wide as the loads that arrived by them, and the losses of each zone.

    Roads are straight lines between towns.  Losses are summed over a whole zone and drawn at its middle; nothing is
    placed more finely.  All numbers are means over the replications.

    Parameters
    ----------
    run
        A run with the tables ``flows`` and ``encounters``.
    """
    root = run.scenario.root
    places = _places(root)
    delivered, lost = per_corridor(run, "arrived"), per_corridor(run, "lost")
    lost_by_zone = zone_losses(run)
    roads = _lines(root, places, delivered)
    drawn = [name for name in sorted(delivered) if root.corridors[name].roads]
    letters = {name: _letters(rank) for rank, name in enumerate(drawn)}
    entries = [(letters.get(name, "–"), name, delivered[name], lost[name]) for name in sorted(delivered)]
    entries.sort(key=lambda entry: entry[1] not in letters)
    left, right, bottom, top = _limits(places)
    map_high, key_high = 7.0 * (top - bottom) / (right - left), 0.15 * ((len(entries) + 1) // 2 + 1)
    chart, grid = stacked([map_high, key_high], 0.8)
    axes = chart.add_subplot(grid[0])
    axes.set_axis_off()
    axes.set_xlim(left, right)
    axes.set_ylim(bottom, top)
    axes.set_aspect("equal")
    title, detail = map_title(run), _detail(run)
    threat = threatened(root) | set(lost_by_zone)
    _draw_roads(axes, roads, {road for name in threat for road in root.zones[name].roads})
    _draw_towns(axes, places, root.hub)
    _draw_key(chart.add_subplot(grid[1]), entries)
    finished(chart, title, detail + UNNAMED)
    along = [line.at(part) for line in roads.values() for part in np.linspace(0, 1, 60)]
    taken = [_draw_legend(axes, roads, along, bool(threat))]
    taken += _draw_losses(axes, root, places, lost_by_zone, taken)
    taken += _draw_letters(axes, {letters[name]: root.corridors[name].roads for name in drawn}, roads, taken)
    taken.append(_draw_scale(axes, places, taken))
    labels = _labels(places, root.hub)
    if len(place(axes, labels, taken, along)) == len(labels):
        headline(chart, title, detail)
    return chart


def _letters(rank: int) -> str:
    """Return what stands for a corridor: A to Z, then AA, AB and so on."""
    first, last = divmod(rank, len(ascii_uppercase))
    return (_letters(first - 1) if first else "") + ascii_uppercase[last]


def per_corridor(run: Run, column: str) -> dict[str, float]:
    """Sum a column of the flows over the run, by corridor, mean over replications."""
    sums = run.sums("flows", ["corridor"], [column])[column] / len(run.measures)
    return {str(name): float(value) for name, value in sums.items()}


def _places(root: Root) -> dict[str, Place]:
    used = {end for corridor in root.corridors.values() for road in corridor.roads for end in _ends(root, road)}
    spots = {name: (town.at, True) for name, town in root.towns.items()}
    spots |= {name: (junction.at, False) for name, junction in root.junctions.items() if name in used}
    middle = radians(float(np.mean([at.lat for at, _ in spots.values()])))
    return {
        name: Place(KM_PER_DEGREE * cos(middle) * at.lon, KM_PER_DEGREE * at.lat, town)
        for name, (at, town) in spots.items()
    }


def _ends(root: Root, road: str) -> tuple[str, str]:
    return root.roads[road].from_, root.roads[road].to


def _limits(places: Mapping[str, Place]) -> tuple[float, float, float, float]:
    """Limits in km with a margin, between half and four fifths as high as wide."""
    xs, ys = [spot.x for spot in places.values()], [spot.y for spot in places.values()]
    wide = max(max(xs) - min(xs), max(ys) - min(ys), 50.0)
    margin = 0.07 * wide
    left, right = min(xs) - margin, max(xs) + margin
    middle = (min(ys) + max(ys)) / 2
    half = max((max(ys) - min(ys)) / 2 + margin, 0.25 * (right - left))
    if 2 * half > TALLEST * (right - left):
        centre = (left + right) / 2
        left, right = centre - half / TALLEST, centre + half / TALLEST
    return left, right, middle - half, middle + half


def _lines(root: Root, places: Mapping[str, Place], delivered: Mapping[str, float]) -> dict[str, Line]:
    """Return the roads that corridors use, each with the loads of all of them together."""
    lines: dict[str, Line] = {}
    for name, corridor in root.corridors.items():
        for road in corridor.roads:
            start, end = (places[spot] for spot in _ends(root, road))
            line = lines.get(road) or Line(start, end, 0.0, False)
            loads, imported = line.loads + delivered.get(name, 0.0), line.imported or corridor.kind == "import"
            lines[road] = replace(line, loads=loads, imported=imported)
    return lines


def _draw_roads(axes: Axes, roads: Mapping[str, Line], hazard: Collection[str]) -> None:
    most = max((line.loads for line in roads.values()), default=1.0) or 1.0
    for name, line in roads.items():
        xy = [line.start.x, line.end.x], [line.start.y, line.end.y]
        if name in hazard:
            axes.plot(*xy, color=HAZARD, linewidth=WIDEST + 6, solid_capstyle="round", zorder=1)
        width = max(0.8, WIDEST * line.loads / most)
        colour, dash = (IMPORT, "-") if line.imported else (INLAND, DASH)
        axes.plot(*xy, color=colour, linewidth=width, linestyle=dash, solid_capstyle="round", zorder=2, gid=name)


def _draw_towns(axes: Axes, places: Mapping[str, Place], hub: str) -> None:
    for name, spot in places.items():
        size, face = (7.0, INK) if name == hub else (3.6, INK) if spot.town else (2.6, "white")
        axes.plot(
            [spot.x], [spot.y], marker="s" if name == hub else "o", markersize=size, color=face, markeredgecolor=INK,
            markeredgewidth=0.7, zorder=6,
        )  # fmt: skip


def _labels(places: Mapping[str, Place], hub: str) -> list[Label]:
    ranked = sorted(places.items(), key=lambda item: (item[0] != hub, not item[1].town, item[0]))
    return [
        Label(spot.x, spot.y, name, TINY + (2 if name == hub else 0.5 if spot.town else -0.6), name == hub, spot.town)
        for name, spot in ranked
    ]


def _draw_losses(
    axes: Axes, root: Root, places: Mapping[str, Place], lost: Mapping[str, float], taken: list[Bbox]
) -> list[Bbox]:
    """Draw a circle at the middle of each zone, or beside it on a thin line, clear of towns and of other circles."""
    boxes: list[Bbox] = []
    towns = [_around(axes, spot.x, spot.y, 4.5) for spot in places.values()]
    for name, count in sorted(lost.items(), key=lambda item: (-item[1], item[0])):
        ends = [places[end] for road in root.zones[name].roads for end in _ends(root, road) if end in places]
        radius = sqrt(max(SMALLEST, PER_TANKER * count)) / 2
        inside = 2 * radius >= HOLDS
        x, y = float(np.mean([end.x for end in ends])), float(np.mean([end.y for end in ends]))
        words = f"{count:.0f}" if count >= 1 else "<1"
        beside = 0.0 if inside else 2.0 + 0.7 * SMALL * len(words)
        east, north, box = _free(axes, x, y, (radius, beside), [*taken, *towns, *boxes])
        if (east, north) != (x, y):
            axes.plot([x, east], [y, north], color=SOFT, linewidth=0.6, zorder=5)
            axes.plot([x], [y], marker=".", markersize=2.5, color=SOFT, zorder=5)
        axes.scatter(
            [east], [north], s=4 * radius**2, color=LOSS, alpha=0.9, edgecolor=INK, linewidth=0.8, zorder=7, gid=name
        )
        axes.annotate(
            words, (east, north), xytext=(0 if inside else radius + 1.5, 0), textcoords="offset points",
            ha="center" if inside else "left", va="center", fontsize=TINY if inside and radius < 7 else SMALL,
            color="white" if inside else INK, fontweight="bold", zorder=9,
        )  # fmt: skip
        boxes.append(box)
    return boxes


def _free(axes: Axes, x: float, y: float, size: tuple[float, float], others: list[Bbox]) -> tuple[float, float, Bbox]:
    """Return the nearest place about a spot for a circle that covers least of other boxes.

    ``size`` is its radius and the width of the words beside it, points.
    """
    km_per_point = axes.figure.dpi / 72 / float(axes.transData.get_matrix()[0, 0])
    best: tuple[tuple[float, float], float, float, Bbox] | None = None
    for reach in (0.0, 6.0, 10.0, 14.0, 19.0, 25.0, 32.0, 40.0, 50.0):
        for turn in range(1 if not reach else 16):
            east = x + reach * km_per_point * cos(turn * pi / 8)
            north = y + reach * km_per_point * sin(turn * pi / 8)
            circle = _around(axes, east, north, size[0] + 1.5)
            box = Bbox.from_extents(circle.x0, circle.y0, circle.x1 + size[1] * axes.figure.dpi / 72, circle.y1)
            within = axes.bbox.contains(box.x0, box.y0) and axes.bbox.contains(box.x1, box.y1)
            covered = sum(overlap(box, other) for other in others) + (0.0 if within else 1e6)
            if best is None or (covered, reach) < best[0]:
                best = (covered, reach), east, north, box
            if covered == 0.0:  # no place further off is better
                return east, north, box
    assert best is not None
    return best[1:]


def _around(axes: Axes, x: float, y: float, points: float) -> Bbox:
    dots = points * axes.figure.dpi / 72
    across, up = axes.transData.transform((x, y))
    return Bbox.from_bounds(across - dots, up - dots, 2 * dots, 2 * dots)


def _draw_letters(
    axes: Axes, letters: Mapping[str, Sequence[str]], roads: Mapping[str, Line], taken: list[Bbox]
) -> list[Bbox]:
    """Write the letter of each corridor on a free one of its roads that it shares least, a long one if it can."""
    users = Counter(road for names in letters.values() for road in names)
    boxes: list[Bbox] = []
    for letter, names in letters.items():
        spots = []
        for road in names:
            for part in (0.5, 0.35, 0.65):
                x, y = roads[road].at(part)
                box = _around(axes, x, y, 3.0 + 2.5 * len(letter))
                covered = any(overlap(box, other) > 0 for other in [*taken, *boxes])
                spots.append((covered, users[road], -roads[road].length, x, y, box))
        *_, x, y, box = min(spots, key=lambda spot: spot[:3])
        axes.text(
            x, y, letter, ha="center", va="center", fontsize=TINY, color=INK, zorder=8, fontweight="bold",
            bbox={"boxstyle": "square,pad=0.2", "facecolor": "white", "edgecolor": INK, "linewidth": 0.6},
        )  # fmt: skip
        boxes.append(box)
    return boxes


def _draw_key(axes: Axes, entries: Sequence[tuple[str, str, float, float]]) -> None:
    """Write what arrived and was lost by each corridor, in two columns."""
    axes.set_axis_off()
    half = max(1, (len(entries) + 1) // 2)
    for rank, (letter, name, arrived, lost) in enumerate(entries):
        column, row = divmod(rank, half)
        x, y = 0.02 + 0.51 * column, 1 - (row + 0.5) / half
        said = shortened(name if letter != "–" else f"{name} (no road drawn)", 44)
        numbers = f"{whole(arrived)} arrived, {whole(lost)} lost"
        for words, across, side in ((letter, x, "center"), (said, x + 0.02, "left"), (numbers, x + 0.46, "right")):
            axes.text(
                across, y, words, ha=side, va="center", fontsize=TINY + 0.3, color=INK, transform=axes.transAxes,
                fontweight="bold" if words == letter else "normal",
            )  # fmt: skip


def _draw_legend(
    axes: Axes, roads: Mapping[str, Line], along: Sequence[tuple[float, float]], threat: bool
) -> Bbox:  # fmt: skip
    """Draw the legend in the corner where it covers least of the roads."""
    most = max((line.loads for line in roads.values()), default=1.0)
    handles = [
        Line2D([], [], color=IMPORT, linewidth=WIDEST, label=f"road of import corridors, {number(most)} loads"),
        Line2D([], [], color=IMPORT, linewidth=max(0.8, WIDEST / 5), label=f"the same, {number(most / 5)} loads"),
        Line2D([], [], color=INLAND, linewidth=1.5, linestyle=DASH, label="road of inland corridors only"),
        Line2D([], [], marker="o", color=INK, markersize=3.6, linestyle="", label="town with stations"),
        Line2D([], [], marker="o", color="white", markeredgecolor=INK, markersize=3, linestyle="", label="other place"),
    ]  # fmt: skip
    if threat:
        handles.append(Line2D([], [], color=HAZARD, linewidth=WIDEST + 3, label="roads of a zone of threat"))
        for count in REFERENCES:
            size, words = sqrt(PER_TANKER * count), f"{count} tankers lost in the zone"
            handles.append(Line2D([], [], **LOST, markersize=size, linestyle="", label=words))
            if count != REFERENCES[-1]:
                handles.append(Line2D([], [], linestyle="", label=" "))
    points = np.asarray(axes.transData.transform(along))
    legends: dict[Legend, int] = {}
    for corner in ("lower left", "upper right", "upper left", "lower right"):
        legend = axes.legend(
            handles=handles, loc=corner, fontsize=TINY, frameon=False, labelspacing=0.7, handlelength=2.6,
            borderpad=0.8,
        )  # fmt: skip
        box = legend.get_window_extent()
        legends[legend] = sum(box.contains(*point) for point in points)
    axes.legend_ = min(legends, key=legends.__getitem__)
    return axes.legend_.get_window_extent()


def _draw_scale(axes: Axes, places: Mapping[str, Place], taken: list[Bbox]) -> Bbox:
    """Draw a scale and an arrow to the north in the lower corner that is free."""
    left, right = axes.get_xlim()
    bottom, top = axes.get_ylim()
    wide, high = right - left, top - bottom
    length = next((km for km in (500, 200, 100, 50, 20, 10, 5) if km < 0.22 * wide), 2)
    covers = []
    for x in (right - 0.02 * wide - length, left + 0.08 * wide):
        y = bottom + 0.035 * high
        corners = [(x - 0.06 * wide, bottom), (x + length, bottom + 0.12 * high)]
        box = Bbox(axes.transData.transform(corners))
        points = [axes.transData.transform((spot.x, spot.y)) for spot in places.values()]
        covered = sum(box.contains(*point) for point in points) + sum(overlap(box, other) > 0 for other in taken)
        covers.append((covered, x, y, box))
    _, x, y, box = min(covers, key=lambda cover: cover[0])
    axes.plot([x, x + length], [y, y], color=INK, linewidth=1.6, solid_capstyle="butt", gid="scale")
    middle = x + length / 2, y + 0.012 * high
    axes.text(*middle, f"{length} km", ha="center", va="bottom", fontsize=TINY, color=INK)
    axes.annotate(
        "N", (x - 0.04 * wide, y - 0.01 * high), xytext=(0, 14), textcoords="offset points",
        ha="center", fontsize=TINY, color=INK, arrowprops={"arrowstyle": "<-", "color": INK, "linewidth": 0.8},
    )  # fmt: skip
    return box


def map_title(run: Run) -> str:
    """Say which corridor carries most, and what is lost."""
    corridors = run.scenario.root.corridors
    imports = {name: count for name, count in per_corridor(run, "arrived").items() if corridors[name].kind != "inland"}
    total = sum(imports.values())
    if not total:
        return "Nothing arrives from abroad"
    most = max(imports, key=lambda name: imports[name])
    part = f"{100 * imports[most] / total:.0f} % of the {counted(number(total), 'load')}"
    share = f"Corridor {most} carries {part} from abroad"
    return f"{share}; {losses_words(band(run.measures['tankers_lost']))}"


def _detail(run: Run) -> str:
    total = len(run.measures)
    return (
        f"Positions are schematic: straight lines between towns. Losses belong to a whole zone, not to a place in it. "
        f"{f'Means of {total} replications' if total > 1 else 'One replication'}; a road counts all loads of the "
        f"corridors that use it. {made_words(run)}"
    )
