"""The map of the page: roads as wide as what arrived by them, towns, and what was lost in each zone of threat."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians, sqrt
from typing import Final, NamedTuple

from markupsafe import Markup, escape

from sim.language import say, say_counted
from sim.results.run import Run
from sim.scenario.schema import Root
from sim.study.comparison import Comparison
from sim.view.blocks import Sheet
from sim.view.borders import borders
from sim.view.figures.map import map_title, per_corridor
from sim.view.figures.threat import threatened, zone_losses
from sim.view.words import number, whole

WIDE: Final = 1000.0
MARGIN: Final = 60.0
TALLEST: Final = 0.85
"""Greatest height of the map relative to its width."""
BROADEST: Final = 11.0
"""Width of the road with most loads."""
TYPE: Final = 19.0
LETTER: Final = 0.56
"""Width of a letter relative to the size of its type, about."""


class Box(NamedTuple):
    """A rectangle that a label or sign takes."""

    left: float
    top: float
    right: float
    bottom: float

    def overlap(self, other: Box) -> float:
        """Return the area that both cover."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(0.0, across) * max(0.0, down)


@dataclass(frozen=True)
class Atlas:
    """The map as a picture, its finding, what is drawn, its key as pictures with words, and its numbers."""

    finding: str
    drawn: str
    picture: Markup
    key: tuple[tuple[Markup, str], ...]
    table: Sheet | None


def run_atlas(run: Run) -> Atlas:
    """Return the map of a run."""
    root = run.scenario.root
    arrived, lost = per_corridor(run, "arrived"), per_corridor(run, "lost")
    zones = zone_losses(run)
    rows = [
        (name, whole(arrived[name]), whole(lost[name])) for name in sorted(arrived, key=lambda name: -arrived[name])
    ]
    heads = (say("Corridor"), say("tankers arrived"), say("tankers lost"))
    drawn = say_counted(
        "Straight lines between towns; each road as wide as the loads of all corridors that use it, in {count} run. "
        "Losses belong to a whole zone of threat, not to a place in it.",
        "Straight lines between towns; each road as wide as the loads of all corridors that use it, means of {count} "
        "runs. Losses belong to a whole zone of threat, not to a place in it.",
        len(run.measures), count=number(len(run.measures)),
    )  # fmt: skip
    return _atlas(
        _Drawing(root, _loads(root, arrived), zones), map_title(run), drawn,
        Sheet(heads, tuple(rows), frozenset((1, 2))),
    )  # fmt: skip


def comparison_atlas(comparison: Comparison) -> Atlas:
    """Return the map of what is compared: its roads, towns and zones of threat."""
    root = comparison.alternatives[0].scenario.root
    zones = threatened(root)
    finding = say_counted(
        "{towns} towns, {roads} roads, {zones} zone of threat: the same for every alternative",
        "{towns} towns, {roads} roads, {zones} zones of threat: the same for every alternative",
        len(zones), towns=number(len(root.towns)), roads=number(len(root.roads)), zones=number(len(zones)),
    )  # fmt: skip
    drawn = say("Straight lines between towns. What arrives and is lost by road is told by a run of one alternative.")
    return _atlas(_Drawing(root, {}, {}), finding, drawn, None)


def _atlas(drawing: _Drawing, finding: str, drawn: str, table: Sheet | None) -> Atlas:
    if drawing.borders is not None:
        drawn = f"{drawn} {say('Borders and coasts: {source}.', source=drawing.borders.source)}"
    return Atlas(finding, drawn, drawing.picture(), drawing.key(), table)


def _loads(root: Root, arrived: Mapping[str, float]) -> dict[str, float]:
    loads: dict[str, float] = {}
    for name, corridor in root.corridors.items():
        for road in corridor.roads:
            loads[road] = loads.get(road, 0.0) + arrived.get(name, 0.0)
    return loads


class _Drawing:
    """Puts a scenario's places on a sheet and draws it, layer by layer."""

    def __init__(self, root: Root, loads: Mapping[str, float], lost: Mapping[str, float]) -> None:
        self.root, self.loads, self.lost = root, loads, lost
        used = {road for corridor in root.corridors.values() for road in corridor.roads}
        self.roads = {name: (road.from_, road.to) for name, road in root.roads.items() if name in used}
        self.imports = {
            road for corridor in root.corridors.values() if corridor.kind == "import" for road in corridor.roads
        }
        ends = {end for pair in self.roads.values() for end in pair}
        spots = {name: town.at for name, town in root.towns.items()}
        spots |= {name: junction.at for name, junction in root.junctions.items() if name in ends}
        self.project = _Projection([(at.lon, at.lat) for at in spots.values()])
        self.high = self.project.high
        self.at = {name: self.project(at.lon, at.lat) for name, at in spots.items()}
        self.borders = borders(root)
        self.threat = threatened(root) | set(lost)
        self.taken = [Box(x - 8, y - 8, x + 8, y + 8) for x, y in self.at.values()]

    def picture(self) -> Markup:
        layers = [*self._lands(), *self._hazards(), *self._roads(), *self._losses(), *self._towns(), *self._names()]
        head = f'<svg viewBox="0 0 {WIDE:g} {self.high:g}" aria-hidden="true" font-size="{TYPE:g}" fill="none">'
        return Markup(f"{head}{''.join(layers)}</svg>")

    def key(self) -> tuple[tuple[Markup, str], ...]:
        """Return the key: only of what the map has."""
        entries = [("M1,7H33", "var(--accent)", 4.0, "", say("road of import corridors"))]
        if set(self.roads) - self.imports:
            entries.append(("M1,7H33", "var(--soft)", 3.0, "6 3", say("road of inland corridors only")))
        if self.threat:
            entries.append(("M1,7H33", "var(--hazard)", 12.0, "", say("roads of a zone of threat")))
        key = [(_swatch(path, ink, width, dash), words) for path, ink, width, dash, words in entries]
        if self.lost:
            circle = Markup(
                '<svg class="swatch" viewBox="0 0 34 14" width="34" height="14" aria-hidden="true">'
                '<circle cx="17" cy="7" r="6" fill="var(--loss)"/></svg>'
            )
            key.append((circle, say("tankers lost in a zone, mean")))
        if self.borders is not None:
            key.append((_swatch("M1,7H33", "var(--land)", 1.5, ""), say("borders and coasts")))
        return tuple(key)

    def _lands(self) -> Iterator[str]:
        """Draw borders and coasts as one path, and the names of the countries that lie on the sheet."""
        if self.borders is None:
            return
        lines = []
        for line in (*self.borders.lines, *self.borders.coasts):
            points = [self.project(lon, lat) for lon, lat in line.tolist()]
            lines.append("M" + "L".join(f"{x:.0f},{y:.0f}" for x, y in points))
        yield f'<path d="{"".join(lines)}" stroke="var(--land)" stroke-width="1.5"/>'
        for name, at in self.borders.names.items():
            x, y = self.project(*at)
            half = LETTER * TYPE * len(name) / 2
            if half < x < WIDE - half and TYPE < y < self.high - TYPE:
                yield (
                    f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="middle" fill="var(--soft)" font-style="italic">'
                    f"{escape(say(name))}</text>"
                )

    def _line(self, road: str) -> str:
        (x, y), (east, south) = (self.at[end] for end in self.roads[road])
        return f"M{x:.1f},{y:.1f}L{east:.1f},{south:.1f}"

    def _hazards(self) -> Iterator[str]:
        hazard = {road for name in self.threat for road in self.root.zones[name].roads}
        for road in self.roads:
            if road in hazard:
                yield f'<path d="{self._line(road)}" stroke="var(--hazard)" stroke-width="26" stroke-linecap="round"/>'

    def _roads(self) -> Iterator[str]:
        most = max(self.loads.values(), default=0.0) or 1.0
        for road in self.roads:
            width = max(1.5, BROADEST * self.loads.get(road, 0.0) / most) if self.loads else 3.0
            ink, dash = ("var(--accent)", "") if road in self.imports else ("var(--soft)", ' stroke-dasharray="9 4"')
            yield f'<path d="{self._line(road)}" stroke="{ink}" stroke-width="{width:.1f}"{dash}/>'

    def _losses(self) -> Iterator[str]:
        for name, count in sorted(self.lost.items(), key=lambda item: -item[1]):
            ends = [self.at[end] for road in self.root.zones[name].roads for end in self.roads.get(road, ())]
            if not ends:
                continue
            x, y = (sum(axis) / len(ends) for axis in zip(*ends, strict=True))
            radius = max(13.0, 3.4 * sqrt(count))
            box = min(
                (Box(x + dx - radius, y + dy - radius, x + dx + radius, y + dy + radius) for dx, dy in _around(radius)),
                key=self._covered,
            )
            self.taken.append(box)
            east, south = (box.left + box.right) / 2, (box.top + box.bottom) / 2
            yield (
                f'<circle cx="{east:.1f}" cy="{south:.1f}" r="{radius:.1f}" fill="var(--loss)" stroke="var(--paper)" '
                f'stroke-width="2"/><text x="{east:.1f}" y="{south + 6:.1f}" text-anchor="middle" fill="var(--paper)" '
                f'font-weight="700">{escape(whole(count) if count >= 1 else "<1")}</text>'
            )

    def _towns(self) -> Iterator[str]:
        for name, (x, y) in self.at.items():
            if name == self.root.hub:
                yield f'<rect x="{x - 9:.1f}" y="{y - 9:.1f}" width="18" height="18" fill="var(--ink)"/>'
            elif name in self.root.towns:
                yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6" fill="var(--ink)"/>'
            else:
                yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="var(--paper)" stroke="var(--ink)"/>'

    def _names(self) -> Iterator[str]:
        """Write the names of towns where each covers least, the hub's first; one that finds no room is left out."""
        for name in sorted(self.root.towns, key=lambda name: name != self.root.hub):
            x, y = self.at[name]
            size = TYPE * (1.35 if name == self.root.hub else 1.0)
            wide = LETTER * size * len(name)
            boxes = {
                side: Box(left, y + down - 0.8 * size, left + wide, y + down + 0.25 * size)
                for side, left, down in (
                    ("start", x + 13, 0.3 * size), ("end", x - 13 - wide, 0.3 * size),
                    ("middle", x - wide / 2, -14.0), ("middle ", x - wide / 2, 14 + 0.8 * size),
                )
            }  # fmt: skip
            side = min(boxes, key=lambda side: self._covered(boxes[side]))
            box = boxes[side]
            if name != self.root.hub and self._covered(box) > 0.35 * wide * size:
                continue
            self.taken.append(box)
            anchor = {"start": box.left, "end": box.right}.get(side, (box.left + box.right) / 2)
            weight = ' font-weight="700"' if name == self.root.hub else ""
            yield (
                f'<text x="{anchor:.1f}" y="{box.bottom - 0.25 * size:.1f}" text-anchor="{side.strip()}" '
                f'font-size="{size:g}"{weight} fill="var(--ink)" stroke="var(--paper)" stroke-width="4" '
                f'paint-order="stroke">{escape(name)}</text>'
            )

    def _covered(self, box: Box) -> float:
        outside = (
            max(0.0, -box.left) + max(0.0, box.right - WIDE) + max(0.0, -box.top) + max(0.0, box.bottom - self.high)
        )
        return sum(box.overlap(other) for other in self.taken) + 1e3 * outside


def _around(radius: float) -> Iterator[tuple[float, float]]:
    """Yield steps away from a place, nearest first, so that of equal ones the nearest is taken."""
    yield 0.0, 0.0
    for reach in (0.6, 1.0, 1.5, 2.2):
        for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1), (0.7, 0.7), (-0.7, 0.7), (0.7, -0.7), (-0.7, -0.7)):
            yield reach * (radius + 8) * dx, reach * (radius + 8) * dy


def _swatch(path: str, ink: str, width: float, dash: str) -> Markup:
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return Markup(
        '<svg class="swatch" viewBox="0 0 34 14" width="34" height="14" aria-hidden="true">'
        f'<path d="{path}" stroke="{ink}" stroke-width="{width:g}"{dashes}/></svg>'
    )


class _Projection:
    """Puts places on a sheet `WIDE` across, north up; distances are true at their middle latitude."""

    def __init__(self, places: Sequence[tuple[float, float]]) -> None:
        self.squeeze = cos(radians(sum(lat for _, lat in places) / len(places)))
        xs, ys = [self.squeeze * lon for lon, _ in places], [-lat for _, lat in places]
        across, down = max(max(xs) - min(xs), 1e-6), max(ys) - min(ys)
        self.scale = min((WIDE - 2 * MARGIN) / across, (TALLEST * WIDE - 2 * MARGIN) / max(down, 1e-6))
        self.left = (WIDE - self.scale * across) / 2 - self.scale * min(xs)
        self.top = MARGIN - self.scale * min(ys)
        self.high = self.scale * down + 2 * MARGIN

    def __call__(self, lon: float, lat: float) -> tuple[float, float]:
        return self.left + self.scale * self.squeeze * lon, self.top - self.scale * lat
