"""A small map of a scenario for notebooks: roads, those under threat, towns; in the colours of the text around it."""

from __future__ import annotations

from html import escape
from math import cos, radians
from typing import Final

from sim.language import say
from sim.scenario.load import Scenario
from sim.scenario.problem import legible
from sim.view.figures.threat import threatened

WIDE: Final = 420.0
MARGIN: Final = 14.0
BESIDES: Final = 80.0
"""Room left and right of the map for names, points."""
LETTER: Final = 5.6
"""Width of a letter in small type, points."""
BESIDE: Final = ((7.0, 3.5, "start"), (-7.0, 3.5, "end"), (0.0, -8.0, "middle"), (0.0, 15.0, "middle"))
"""Where a name may stand: points right of its place and down, and which end of it is there."""
THREAT: Final = "#d55e00"


def sketch(scenario: Scenario) -> str:
    """Return the map as SVG: straight lines between places, names where they find room, the hub's first."""
    root = scenario.root
    ends = {end for road in root.roads.values() for end in (road.from_, road.to)}
    spots = {name: town.at for name, town in root.towns.items()}
    spots |= {name: junction.at for name, junction in root.junctions.items() if name in ends}
    middle = radians(sum(at.lat for at in spots.values()) / len(spots))
    flat = {name: (cos(middle) * at.lon, -at.lat) for name, at in spots.items()}
    left, top = (min(place[k] for place in flat.values()) for k in (0, 1))
    right, low = (max(place[k] for place in flat.values()) for k in (0, 1))
    scale = (WIDE - 2 * MARGIN) / max(right - left, 1.6 * (low - top), 0.5)
    places = {name: (MARGIN + scale * (x - left), MARGIN + scale * (y - top)) for name, (x, y) in flat.items()}
    tall = 2 * MARGIN + scale * (low - top)
    wide = 2 * (MARGIN + BESIDES) + scale * (right - left)
    hazard = {road for zone in threatened(root) for road in root.zones[zone].roads}
    lines = "".join(_line(places[road.from_], places[road.to], name in hazard) for name, road in root.roads.items())
    dots = "".join(_dot(*places[name], name in root.towns, name == root.hub) for name in places)
    order = sorted(root.towns, key=lambda name: name != root.hub) + sorted(places.keys() - root.towns.keys())
    names = "".join(_names(places, order))
    title = escape(legible(say("Roads of {title}; those under threat are dashed and red.", title=say(root.title))))
    return (
        f'<svg role="img" aria-label="{title}" viewBox="{-BESIDES:.0f} 0 {wide:.0f} {tall:.0f}" '
        f'xmlns="http://www.w3.org/2000/svg" '
        f'style="display:block;max-width:100%;width:{wide:.0f}px;height:auto" fill="currentColor" font-size="10.5" '
        f'font-family="sans-serif">{lines}{dots}{names}</svg><p style="margin:.2em 0"><small>{title}</small></p>'
    )


def _line(start: tuple[float, float], end: tuple[float, float], threat: bool) -> str:
    look = f'stroke="{THREAT}" stroke-width="2.4" stroke-dasharray="6 3"' if threat else (
        'stroke="currentColor" stroke-opacity="0.45" stroke-width="1.4"'
    )  # fmt: skip
    return f'<line x1="{start[0]:.1f}" y1="{start[1]:.1f}" x2="{end[0]:.1f}" y2="{end[1]:.1f}" {look}/>'


def _dot(x: float, y: float, town: bool, hub: bool) -> str:
    if hub:
        return f'<rect x="{x - 5:.1f}" y="{y - 5:.1f}" width="10" height="10"/>'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{3.2 if town else 1.8}"/>'


def _names(places: dict[str, tuple[float, float]], order: list[str]) -> list[str]:
    """Write names beside their places, one after the other, each where it covers no other and no place.

    The first is written wherever that is.
    """
    taken = [(x - 4, y - 4, x + 4, y + 4) for x, y in places.values()]
    written = []
    for name in order:
        x, y = places[name]
        size = LETTER * len(name)
        for east, north, side in BESIDE:
            start = x + east - {"start": 0.0, "middle": size / 2, "end": size}[side]
            box = (start, y + north - 9, start + size, y + north + 2)
            free = not any(_meet(box, other) for other in taken)
            if start > -BESIDES and box[1] > -2 and (free or name == order[0]):
                taken.append(box)
                look = 'font-weight="bold" ' * (name == order[0])
                at = f'x="{x + east:.1f}" y="{y + north:.1f}" text-anchor="{side}"'
                written.append(f"<text {look}{at}>{escape(legible(name))}</text>")
                break
    return written


def _meet(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
