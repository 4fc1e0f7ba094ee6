"""Schematic map of the corridors: what arrived by them and what was lost in each zone of threat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from math import cos, hypot, radians, sqrt
from string import ascii_uppercase
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from sim.language import mark, say, say_counted
from sim.results.run import Run
from sim.scenario.places import Position
from sim.scenario.schema import Root
from sim.view.bands import band
from sim.view.borders import Borders, borders
from sim.view.figures import figure
from sim.view.figures.labels import FAR, NEAR, POINTER, Label, around, free, overlap, place
from sim.view.figures.land import draw_borders, draw_countries
from sim.view.figures.parts import as_shown, finished, key, losses_words, made_on, sentences, several, stacked
from sim.view.figures.sides import shortened
from sim.view.figures.threat import threatened, zone_losses
from sim.view.style import INK, LOSS, SMALL, TINY, WIDTH, Chart, canvas, headline, on_slides
from sim.view.words import number, percent, whole

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
UNNAMED: Final = mark("Dots without a name are junctions.")
LEGEND: Final = 0.62
"""Height of the legend under a map, inches."""
DOT: Final = 4.5
"""Room about a place, each way, that circles and letters keep out of, points."""
FINE: Final = 200
"""Points across the map at which labels look for roads."""
ACROSS: Final = 7.0 / WIDTH
"""Width of a map relative to that of its figure."""


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
def corridor_map(run: Run, beside: Run | Sequence[Run] = ()) -> Chart:
    """Draw the corridors between towns, as wide as the loads that arrived by them, and the losses of each zone.

    Roads are straight lines between towns.  Losses are summed over a whole zone and drawn at its middle; nothing is
    placed more finely.  All numbers are means over the replications.  Behind lie the borders of countries, if they are
    known.  A slide leaves out numbers of corridors, losses under one tanker, and names that find no room.

    Parameters
    ----------
    run
        A run with the tables ``flows`` and ``encounters``.
    beside
        Other runs, each drawn by a call of its own, with which this map shares the scale of its roads; circles are of
        one scale in all maps.
    """
    root, slides = run.scenario.root, on_slides()
    scale = _scale(root)
    places = _places(root, scale)
    delivered, lost = per_corridor(run, "arrived"), per_corridor(run, "lost")
    lost_by_zone = zone_losses(run)
    roads = _lines(root, places, delivered)
    most = max((_most(each) for each in (run, *several(beside))), default=0.0) or 1.0
    drawn = [name for name in sorted(delivered) if root.corridors[name].roads]
    letters = {name: _letters(rank) for rank, name in enumerate(drawn)}
    entries = [(letters.get(name, "–"), name, delivered[name], lost[name]) for name in sorted(delivered)]
    entries.sort(key=lambda entry: entry[1] not in letters)
    left, right, bottom, top = _limits(places)
    threat = threatened(root) | set(lost_by_zone)
    if slides:
        lost_by_zone = {name: count for name, count in lost_by_zone.items() if count >= 1}
        chart = canvas(0.0)
        grid = chart.add_gridspec(1, 2, width_ratios=[1, 0.38])
    else:
        map_high, key_high = ACROSS * WIDTH * (top - bottom) / (right - left), 0.15 * ((len(entries) + 1) // 2 + 1)
        chart, grid = stacked([map_high, LEGEND, key_high], 0.85)
    axes = chart.add_subplot(grid[0])
    axes.set_axis_off()
    axes.set_xlim(left, right)
    axes.set_ylim(bottom, top)
    axes.set_aspect("equal")
    behind = borders(root)
    title, reading, made = map_title(run), _reading(run, behind, bool(several(beside))), made_on(run)
    if behind is not None:
        draw_borders(axes, behind, scale)
    _draw_roads(axes, roads, most, {road for name in threat for road in root.zones[name].roads})
    _draw_towns(axes, places, root.hub)
    _draw_legend(chart.add_subplot(grid[1]), most, bool(threat), across=1 if slides else 3)
    if not slides:
        _draw_key(chart.add_subplot(grid[2]), entries)
    finished(chart, title, sentences(reading, say(UNNAMED)), made)
    apart = (right - left) / FINE
    along = [line.at(part) for line in roads.values() for part in np.linspace(0, 1, 2 + round(line.length / apart))]
    dots = [around(axes, spot.x, spot.y, DOT) for spot in places.values()]
    taken = _draw_losses(axes, root, places, lost_by_zone, dots)
    if not slides:
        taken += _draw_letters(axes, {letters[name]: root.corridors[name].roads for name in drawn}, roads, taken, dots)
    taken.append(_draw_scale(axes, places, taken))
    labels = _labels(places, root.hub)
    if slides:
        roads_at = Counter(spot for line in roads.values() for spot in (line.start, line.end))
        labels = [label for label in labels if label.needed or roads_at[places[label.words]] == 1]
    optional = [replace(label, needed=label.needed and not slides) for label in labels[1:]]
    written = place(axes, labels[:1], [*taken, *dots], along, places=NEAR)
    taken += [*map(Text.get_window_extent, written), around(axes, labels[0].x, labels[0].y, DOT)]
    written += place(axes, optional, taken, along, places=NEAR if slides else NEAR + FAR)
    if behind is not None:
        draw_countries(axes, behind, scale, [*taken, *(text.get_window_extent() for text in written)], along)
    if len(written) == len(labels) and not slides:
        headline(chart, title, sentences(reading, made))
    return chart


def _scale(root: Root) -> tuple[float, float]:
    """Return the km of a degree east and of one north, at the middle of the map."""
    middle = radians(float(np.mean([at.lat for at, _ in _spots(root).values()])))
    return KM_PER_DEGREE * cos(middle), KM_PER_DEGREE


def _most(run: Run) -> float:
    """Return the loads of the road of a run that has most."""
    loads: Counter[str] = Counter()
    for name, count in per_corridor(run, "arrived").items():
        loads.update(dict.fromkeys(run.scenario.root.corridors[name].roads, count))
    return max(loads.values(), default=0.0)


def _letters(rank: int) -> str:
    """Return what stands for a corridor: A to Z, then AA, AB and so on."""
    first, last = divmod(rank, len(ascii_uppercase))
    return (_letters(first - 1) if first else "") + ascii_uppercase[last]


def per_corridor(run: Run, column: str) -> dict[str, float]:
    """Sum a column of the flows over the run, by corridor, mean over replications."""
    sums = run.sums("flows", ["corridor"], [column])[column] / len(run.measures)
    return {str(name): float(value) for name, value in sums.items()}


def _spots(root: Root) -> dict[str, tuple[Position, bool]]:
    """Return where the towns (True) and the junctions that corridors use are, in degrees."""
    used = {end for corridor in root.corridors.values() for road in corridor.roads for end in _ends(root, road)}
    spots = {name: (town.at, True) for name, town in root.towns.items()}
    return spots | {name: (junction.at, False) for name, junction in root.junctions.items() if name in used}


def _places(root: Root, scale: tuple[float, float]) -> dict[str, Place]:
    east, north = scale
    return {name: Place(east * at.lon, north * at.lat, town) for name, (at, town) in _spots(root).items()}


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


def _draw_roads(axes: Axes, roads: Mapping[str, Line], most: float, hazard: Collection[str]) -> None:
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
        Label(spot.x, spot.y, name, TINY + (2 if name == hub else 0.5 if spot.town else -0.2), name == hub, spot.town)
        for name, spot in ranked
    ]


def _draw_losses(
    axes: Axes, root: Root, places: Mapping[str, Place], lost: Mapping[str, float], dots: list[Bbox]
) -> list[Bbox]:
    """Draw a circle at the middle of each zone, or, clear of towns and other circles, beside it with an arrow."""
    boxes: list[Bbox] = []
    for name, count in sorted(lost.items(), key=lambda item: (-item[1], item[0])):
        ends = [places[end] for road in root.zones[name].roads for end in _ends(root, road) if end in places]
        radius = sqrt(max(SMALLEST, PER_TANKER * count)) / 2
        inside = 2 * radius >= HOLDS
        x, y = float(np.mean([end.x for end in ends])), float(np.mean([end.y for end in ends]))
        words = f"{count:.0f}" if count >= 1 else "<1"
        beside = 0.0 if inside else 2.0 + 0.7 * SMALL * len(words)
        east, north, box = free(axes, x, y, (radius, beside), [*dots, *boxes])
        if (east, north) != (x, y):
            axes.annotate(
                "", (x, y), xytext=(east, north), zorder=5, arrowprops={**POINTER, "shrinkA": radius, "shrinkB": 0}
            )
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


def _draw_letters(
    axes: Axes, letters: Mapping[str, Sequence[str]], roads: Mapping[str, Line], taken: list[Bbox], dots: list[Bbox]
) -> list[Bbox]:
    """Write the letter of each corridor on a free one of its roads that it shares least, clear of places if it can."""
    users = Counter(road for names in letters.values() for road in names)
    boxes: list[Bbox] = []
    for letter, names in letters.items():
        spots = []
        for road in names:
            for part in (0.5, 0.35, 0.65, 0.2, 0.8):
                x, y = roads[road].at(part)
                box = around(axes, x, y, 3.0 + 2.5 * len(letter))
                covered = overlap(box, [*taken, *boxes])
                spots.append((covered, users[road], overlap(box, dots), -roads[road].length, x, y, box))
        *_, x, y, box = min(spots, key=lambda spot: spot[:4])
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
        said = shortened(say(name) if letter != "–" else say("{corridor} (no road drawn)", corridor=say(name)), 44)
        numbers = say("{arrived} arrived, {lost} lost", arrived=whole(arrived), lost=whole(lost))
        for words, across, side in ((letter, x, "center"), (said, x + 0.02, "left"), (numbers, x + 0.46, "right")):
            axes.text(
                across, y, words, ha=side, va="center", fontsize=TINY + 0.3, color=INK, transform=axes.transAxes,
                fontweight="bold" if words == letter else "normal",
            )  # fmt: skip


def _draw_legend(axes: Axes, most: float, threat: bool, *, across: int) -> None:
    """Fill axes with the key of the map, so many entries beside each other; ``most`` loads pass on the widest road."""
    handles: dict[str, Line2D] = {
        say_counted(
            "road of import corridors, {count} load", "road of import corridors, {count} loads",
            as_shown(most), count=number(most),
        ): Line2D([], [], color=IMPORT, linewidth=WIDEST),
        say_counted(
            "the same, {count} load", "the same, {count} loads", as_shown(most / 5), count=number(most / 5)
        ): Line2D([], [], color=IMPORT, linewidth=max(0.8, WIDEST / 5)),
        say("road of inland corridors only"): Line2D([], [], color=INLAND, linewidth=1.5, linestyle=DASH),
        say("town with stations"): Line2D([], [], marker="o", color=INK, markersize=3.6, linestyle=""),
        say("other place"): Line2D([], [], marker="o", color="white", markeredgecolor=INK, markersize=3, linestyle=""),
    }  # fmt: skip
    if threat:
        handles[say("roads of a zone of threat")] = Line2D([], [], color=HAZARD, linewidth=WIDEST + 3)
        for count in REFERENCES:
            words = say("{count} tankers lost in the zone", count=number(count))
            handles[words] = Line2D([], [], **LOST, markersize=sqrt(PER_TANKER * count), linestyle="")
            if count != REFERENCES[-1]:
                handles[" "] = Line2D([], [], linestyle="")  # room for the large circle
    key(axes, handles, across, fontsize=TINY, labelspacing=0.75, columnspacing=2.0, handleheight=0.9)


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
        covered = sum(box.contains(*point) for point in points) + sum(overlap(box, [other]) > 0 for other in taken)
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
        return say("Nothing arrives from abroad")
    most = max(imports, key=lambda name: imports[name])
    return say_counted(
        "Corridor {corridor} carries {share} of the {count} load from abroad; {losses}",
        "Corridor {corridor} carries {share} of the {count} loads from abroad; {losses}",
        as_shown(total), corridor=say(most), share=percent(imports[most] / total), count=number(total),
        losses=losses_words(band(run.measures["tankers_lost"])),
    )  # fmt: skip


def _reading(run: Run, behind: Borders | None, shared: bool) -> str:
    total = len(run.measures)
    return sentences(
        say("Positions are schematic: straight lines between towns."),
        say("Losses belong to a whole zone, not to a place in it."),
        say("Means of {count} replications; a road counts all loads of the corridors that use it.", count=number(total))
        if total > 1
        else say("One replication; a road counts all loads of the corridors that use it."),
        say("Roads are of the scale of the runs beside it, too.") if shared else "",
        say("Borders: Natural Earth.") if behind is not None else "",
    )
