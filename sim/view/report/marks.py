"""Colours, dashes and markers of figures for a page: as properties of its style sheet and as paths of its pictures."""

from __future__ import annotations

from collections.abc import Iterable
from math import cos, pi, sin
from typing import Final

from markupsafe import Markup

from sim.view.style import Look

LIGHT: Final = "#ffffff"
DARK: Final = "#14181d"
"""Paper by day and by night."""
LEAST: Final = 4.5
"""Contrast of a mark with a dark paper, at least."""


def _polygon(corners: int, turn: float = 0.0, inner: float = 0.0) -> str:
    """Return a regular polygon about the middle, or a star where there is an inner radius."""
    steps = corners * (2 if inner else 1)
    points = []
    for k in range(steps):
        radius = inner if inner and k % 2 else 1.0
        angle = 2 * pi * k / steps + turn - pi / 2
        points.append(f"{radius * cos(angle):.3g},{radius * sin(angle):.3g}")
    return f"M{'L'.join(points)}Z"


_CROSS = "M-.3,-1H.3V-.3H1V.3H.3V1H-.3V.3H-1V-.3H-.3Z"
MARKERS: Final = {
    "o": "M-1,0A1,1 0 1 1 1,0A1,1 0 1 1 -1,0Z",
    "s": "M-.85,-.85H.85V.85H-.85Z",
    "D": "M0,-1L1,0L0,1L-1,0Z",
    "d": "M0,-1.1L.6,0L0,1.1L-.6,0Z",
    "^": _polygon(3),
    "v": _polygon(3, pi),
    ">": _polygon(3, pi / 2),
    "<": _polygon(3, -pi / 2),
    "p": _polygon(5),
    "H": _polygon(6, pi / 6),
    "h": _polygon(6),
    "8": _polygon(8, pi / 8),
    "*": _polygon(5, inner=0.42),
    "P": _CROSS,
    "X": "M-1,-.6L-.6,-1L0,-.4L.6,-1L1,-.6L.4,0L1,.6L.6,1L0,.4L-.6,1L-1,.6L-.4,0Z",
    "x": "M-1,-.8L-.8,-1L0,-.2L.8,-1L1,-.8L.2,0L1,.8L.8,1L0,.2L-.8,1L-1,.8L-.2,0Z",
    "+": "M-.15,-1H.15V-.15H1V.15H.15V1H-.15V.15H-1V-.15H-.15Z",
}
"""Outlines by the name that markers have in figures, in a square from -1 to 1."""


def colour(look: Look) -> str:
    """Return the colour of a look as the style sheet knows it."""
    return f"var(--c-{look.colour.removeprefix('#')})"


def dashes(look: Look) -> list[float]:
    """Return the dashes of a line 2 px wide, empty for a whole line."""
    if isinstance(look.line, str):
        return {"-": [], "--": [7.0, 3.5], "-.": [8.0, 3.0, 2.0, 3.0], ":": [2.0, 3.0]}[look.line]
    return [2.0 * part for part in look.line[1]]


def swatch(look: Look, shade: float = 0.0) -> Markup:
    """Return the picture of an entry of a key: a line with its marker, or a band of a shade between 0 and 1."""
    if shade:
        inside = f'<rect x="1" y="2" width="32" height="10" fill="{colour(look)}" opacity="{shade:g}"/>'
    else:
        dash = f' stroke-dasharray="{" ".join(f"{part:g}" for part in dashes(look))}"' if dashes(look) else ""
        inside = f'<path d="M1,7H33" stroke="{colour(look)}" stroke-width="2.2"{dash}/>'
        if look.marker:
            inside += f'<path d="{MARKERS[look.marker]}" transform="translate(17,7) scale(4.6)" fill="{colour(look)}"/>'
    return Markup(f'<svg class="swatch" viewBox="0 0 34 14" width="34" height="14" aria-hidden="true">{inside}</svg>')


def style_sheet(colours: Iterable[str]) -> str:
    """Return the properties of the colours used: as figures have them, and lighter where the paper is dark."""
    names = sorted(set(colours))
    day = "".join(f"--c-{name.removeprefix('#')}:{name};" for name in names)
    night = "".join(f"--c-{name.removeprefix('#')}:{lightened(name)};" for name in names)
    dark = f"@media screen and (prefers-color-scheme:dark){{:root{{{night}}}}}"
    return f":root{{{day}}}\n{dark}"


def lightened(colour: str) -> str:
    """Return a colour as far on the way to white as it takes to be seen on dark paper."""
    red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    for part in range(0, 101, 5):
        mixed = [round(value + (255 - value) * part / 100) for value in (red, green, blue)]
        shade = "#" + "".join(f"{value:02x}" for value in mixed)
        if contrast(shade, DARK) >= LEAST:
            return shade
    return "#ffffff"


def contrast(first: str, second: str) -> float:
    """Return the contrast of two colours by the Web Content Accessibility Guidelines: 1 to 21."""
    low, high = sorted(map(_luminance, (first, second)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
