"""How figures look: sizes, fonts, and one look per strategy, cause of waiting and product.

Colours are those of Okabe and Ito (2008), told apart by the colour-blind; a hatch, a line style and a marker go with
each, so that a print in black and white can be read too.  Everything is set on the artists themselves: drawing never
touches matplotlib's global settings, so that figures can be drawn in threads.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any, Final
from zlib import crc32

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.dates import DateLocator, MonthLocator, WeekdayLocator, num2date
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import FixedLocator, ScalarFormatter
from matplotlib.transforms import Bbox

from sim.errors import ViewError
from sim.language import points
from sim.view.panel import Chart as Chart
from sim.view.words import folded, short_date

WIDTH: Final = 7.2
"""Width of a figure in a report, inches."""
DPI: Final = 160
"""Dots per inch of a stored picture."""
SLIDE: Final = (1920, 1080)
"""Dots of a slide."""
LEAST: Final = 3.4
"""Least height of a slide, inches: smaller than a figure in a report, so that type of one size is larger on it."""
STYLES: Final = ("paper", "slides")
TITLE: Final = 10.5
TEXT: Final = 8.0
SMALL: Final = 7.0
TINY: Final = 6.2
PANEL: Final = 7.0
"""Titles of small panels."""
INK: Final = "#1a1a1a"
SOFT: Final = "#6b6b6b"
FAINT: Final = "#d9d9d9"
LOSS: Final = "#c23b00"
ACROSS: Final = 0.9
"""Width of what is drawn relative to that of its figure, about."""
LETTER: Final = 0.058
"""Width of a letter of small type, inches, about."""
APART: Final = 2.5
"""Letters between two labels along an axis."""
ORPHAN: Final = 0.3
"""Least length of the last line of a title, relative to the room for one."""
WHOLE: Final = "\N{NON-BREAKING HYPHEN}"
"""Stands for hyphens while a title is folded, so that no strategy's name is parted."""


_style: ContextVar[str] = ContextVar("style", default=STYLES[0])


@contextmanager
def styled(style: str | None) -> Iterator[None]:
    """Draw in a style inside the ``with``: ``paper``, for a report, or ``slides``; as before if it is None.

    Slides are 16 to 9, have larger type and fewer words and panels.

    Raises
    ------
    ViewError
        If there is no such style.
    """
    if style is not None and style not in STYLES:
        raise ViewError(f"no style '{style}'; expected one of {', '.join(STYLES)}")
    token = _style.set(style or _style.get())
    try:
        yield
    finally:
        _style.reset(token)


def on_slides() -> bool:
    """Whether figures are drawn for slides now."""
    return _style.get() == "slides"


@dataclass(frozen=True)
class Look:
    """Colour, line style, marker and hatch of one series; ``edge`` is the marker's edge if it is not the colour."""

    colour: str
    line: str | tuple[int, tuple[float, ...]] = "-"
    marker: str = "o"
    hatch: str = ""
    edge: str = ""


_STRATEGIES: Final = {
    "none": Look("#000000", ":", "X", ""),
    "none-dispersed": Look("#b2182b", (0, (2, 2)), "d", "**"),
    "army": Look("#e69f00", "--", "s", "///"),
    "air-only": Look("#56b4e9", "-.", "^", "..."),
    "ground": Look("#009e73", (0, (5, 1, 1, 1, 1, 1)), "D", "\\\\\\"),
    "ground-instead": Look("#762a83", (0, (6, 1, 1, 1)), "H", "---"),
    "ground+air": Look("#0072b2", "-", "o", "xxx"),
    "air-without-troops": Look("#cc79a7", (0, (1, 2)), "v", "+++"),
    "as recorded": Look("#d55e00", (0, (7, 2)), "P", "|||"),
    "as it is": Look("#d55e00", (0, (7, 2)), "P", "|||"),
    "few-large": Look("#882255", (0, (9, 3)), "p", "--"),
    "many-small": Look("#999933", (0, (1, 1)), "*", "oo"),
    "one-corridor": Look("#8a8a8a", (0, (4, 1)), ">", "//"),
    "shared": Look("#332288", (0, (3, 1, 1, 1)), "h", "\\\\"),
    "inland": Look("#a6611a", (0, (6, 2, 1, 2)), "<", "||"),
}
_SPARE: Final = (
    Look("#005f60", (0, (2, 1)), "8", "**"),
    Look("#7f5f00", (0, (3, 2, 1, 2, 1, 2)), "H", "---"),
    Look("#aa4499", (0, (8, 2, 2, 2)), "d", "//.."),
    Look("#5a5a5a", (0, (2, 3)), "^", "\\\\.."),
    Look("#8c2d04", (0, (6, 1, 1, 1)), "s", "xx"),
    Look("#44aa99", (0, (10, 2)), "D", "ooo"),
    Look("#661100", (0, (1, 3)), "v", "++"),
)
_CAUSES: Final = {
    "none": Look("#f2f2f2"),
    "order": Look("#ffffff", ":"),
    "tankers": Look("#333333", "--", "x"),
    "crews": Look("#009e73", "--", "+", "||||"),
    "loading": Look("#a6761d", "-", "s", "---"),
    "closed": Look("#f4a582", "-", "h", "++++"),
    "refusal": Look("#e69f00", "-", "o", "////"),
    "escort": Look("#0072b2", "-", "^", ""),
    "rule": Look("#f0e442", "-", "D", "...."),
    "customs": Look("#56b4e9", "-", "v", "\\\\\\\\"),
    "unloading": Look("#b7a8cf", "-", "P", "xxxx"),
}
_PRODUCTS: Final = {
    "petrol": Look("#d55e00", "-", "o", "///"),
    "diesel": Look("#0072b2", "--", "s", "\\\\\\"),
    "fuel oil": Look("#4d4d4d", "-.", "^", "..."),
    "heavy fuel": Look("#4d4d4d", "-.", "^", "..."),
    "jet": Look("#cc79a7", ":", "D", "xxx"),
}


def _spare(name: str) -> Look:
    return _SPARE[crc32(name.encode()) % len(_SPARE)]


def strategy(name: str) -> Look:
    """Look of a strategy by its name; names that are not shipped get one that depends on the name alone."""
    return _STRATEGIES.get(name) or _STRATEGIES.get(name.replace("-", " ")) or _spare(name)


def looks(names: Sequence[str], twins: Mapping[str, str] | None = None) -> dict[str, Look]:
    """Return a look for each of the names that share a figure, no two the same.

    Parameters
    ----------
    names
        In any order; the order decides which of two names that are not shipped keeps a spare look that both ask for.
    twins
        Names of alternatives in which attackers adapt, each with the name of its calm twin, whose colour and marker
        it takes, with an edge, a line and a hatch of its own.
    """
    twins = twins or {}
    by_name: dict[str, Look] = {}
    for name in names:
        if name not in twins:
            by_name[name] = _free(strategy(name), name, by_name.values())
    for name, calm in twins.items():
        look = by_name.get(calm) or strategy(calm)
        edge = INK if look.colour != _STRATEGIES["none"].colour else LOSS
        twin = replace(look, line=(0, (1, 1.5)), hatch=f"{look.hatch}O", edge=edge)
        by_name[name] = _free(twin, name, by_name.values())
    return {name: by_name[name] for name in names}


def _free(look: Look, name: str, taken: Iterable[Look]) -> Look:
    """Return the look, or from a spare one that depends on the name on, the first that is not taken."""
    used = set(taken)
    first, count = crc32(name.encode()) % len(_SPARE), len(_SPARE)
    tried = 0
    while look in used:
        spare, other = _SPARE[(first + tried) % count], _SPARE[(first + tried + tried // count) % count]
        look = replace(spare, line=other.line, marker=other.marker, hatch=other.hatch)
        tried += 1
        if tried > count * count:
            raise ViewError(f"no look is left for '{name}'; a figure holds {len(used)} alternatives at most")
    return look


def cause(name: str) -> Look:
    """Look of a cause of waiting, or of what bound."""
    return _CAUSES.get(name) or _spare(name)


def product(name: str) -> Look:
    """Look of a product by its name."""
    return _PRODUCTS.get(name) or _spare(name)


def canvas(height: float) -> Chart:
    """Return an empty figure of report width, or a slide.

    Parameters
    ----------
    height
        Inches; a slide that needs more than `LEAST` has smaller type.
    """
    size, dpi = (WIDTH, height), float(DPI)
    if on_slides():
        dpi = SLIDE[1] / max(LEAST, height)
        size = (SLIDE[0] + 0.01) / dpi, (SLIDE[1] + 0.01) / dpi  # a little more, which rounds to whole dots
    chart = Chart(figsize=size, dpi=dpi, facecolor="white")
    FigureCanvasAgg(chart)
    return chart


def figure_of(axes: Axes) -> Chart:
    """Return the figure that axes are in."""
    chart = axes.get_figure(root=True)
    assert isinstance(chart, Chart)
    return chart


def headline(chart: Chart, finding: str, detail: str = "") -> None:
    """Write the finding over the figure, and under it in small type what is drawn."""
    wide = float(chart.get_figwidth()) / WIDTH
    for width in (84, 80, 76, 72):
        lines = [line.replace(WHOLE, "-") for line in _title_lines(finding.replace("-", WHOLE), round(wide * width))]
        title = chart.suptitle("\n".join(lines), x=0.012, ha="left", fontsize=TITLE, fontweight="bold", color=INK)
        if title.get_window_extent().x1 <= 0.99 * chart.bbox.x1:
            break
    if detail:
        chart.supxlabel("\n".join(folded(detail, round(142 * wide))), x=0.012, ha="left", fontsize=TINY, color=SOFT)


def _title_lines(finding: str, width: int) -> list[str]:
    """Fold a title; a last line that would be a word or two takes more from those before it."""
    lines = folded(finding, width)
    if len(lines) > 1 and len(lines[-1]) < ORPHAN * width:
        narrower = (folded(finding, less) for less in range(width - 1, width // 2, -1))
        return next((some for some in narrower if len(some) == len(lines) and len(some[-1]) >= ORPHAN * width), lines)
    return lines


def settle(chart: Chart) -> None:
    """Lay the figure out once for good, to a millionth of its size, so that the same figure gives the same bytes.

    A figure that kept its layout would be drawn twice each time it is stored.
    """
    ConstrainedLayoutEngine(w_pad=0.05, h_pad=0.03).execute(chart)
    for axes in chart.axes:
        axes.set_position(Bbox(np.round(axes.get_position(original=True).get_points(), 6)))
        axes.apply_aspect()


class Numbers(ScalarFormatter):
    """Numbers of an axis as the language spoken writes them."""

    def __call__(self, x: float, pos: int | None = None) -> str:
        """Write the number at a tick."""
        return points(super().__call__(x, pos))


def frame(axes: Axes, label: str = "", title: str = "") -> None:
    """Give axes their fonts, grid and spines."""
    axes.tick_params(labelsize=SMALL, colors=INK, length=2.5, width=0.6)
    axes.grid(axis="y", color=FAINT, linewidth=0.5)
    axes.set_axisbelow(True)
    for axis in (axes.xaxis, axes.yaxis):
        if isinstance(axis.get_major_formatter(), ScalarFormatter):
            axis.set_major_formatter(Numbers())
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_linewidth(0.6)
    if label:
        axes.set_ylabel(label, fontsize=SMALL, color=INK)
    if title:
        axes.set_title(title, loc="left", fontsize=TEXT, color=INK, pad=3)


def legend(axes: Axes, **options: Any) -> None:
    """Small legend without a border that hides as little as it can."""
    usual: dict[str, Any] = {"fontsize": TINY, "frameon": True, "framealpha": 0.85, "edgecolor": "none"}
    key = axes.legend(**{**usual, "handlelength": 2.2, "borderpad": 0.2, "labelspacing": 0.3, **options})
    key.set_zorder(6)


def beside(axes: Axes, words: str, row: float, away: float, up: float = 0.0, **looks: Any) -> None:
    """Write in small type beside a row: so many points right of the panel, or left of it if they are negative."""
    usual = {"va": "center", "ha": "right" if away < 0 else "left", "fontsize": TINY, "color": INK}
    axes.annotate(
        words, (int(away > 0), row), xycoords=("axes fraction", "data"), xytext=(away, up),
        textcoords="offset points", **{**usual, **looks},
    )  # fmt: skip


def dates(axes: Axes, *, labels: bool = True) -> None:
    """Put ticks at the start of the axis and the first of each month (1 Sep) or every other, small ones on Mondays.

    It is every other where the labels have no room: in a narrow panel of a grid, or in words that are longer.
    """
    low, high = axes.get_xlim()
    if high - low < 45:
        major: DateLocator = WeekdayLocator(byweekday=0, interval=1 if high - low < 25 else 2)
    else:
        major = MonthLocator(interval=3 if high - low >= 400 else 1 if _roomy(axes) else 2)
        axes.xaxis.set_minor_locator(WeekdayLocator(byweekday=0))
    regular = major.tick_values(num2date(low), num2date(high))
    apart = 0.4 * (float(regular[1] - regular[0]) if len(regular) > 1 else high - low)
    axes.xaxis.set_major_locator(
        FixedLocator([low, *(float(x) for x in regular if low + apart < x < high - 0.02 * (high - low))])
    )
    axes.xaxis.set_major_formatter(lambda x, _: short_date(num2date(x)))
    axes.tick_params(axis="x", which="minor", length=1.5, width=0.4)
    axes.tick_params(axis="x", labelbottom=labels)


def _roomy(axes: Axes) -> bool:
    """Whether a label a month has room along axes in a grid."""
    low, high = (num2date(end) for end in axes.get_xlim())
    place = axes.get_subplotspec()
    assert place is not None
    across = ACROSS * float(figure_of(axes).get_figwidth()) * len(place.colspan) / place.get_gridspec().ncols
    texts = [short_date(low), *(short_date(num2date(day)) for day in MonthLocator().tick_values(low, high))]
    return sum(len(text) + APART for text in texts[:-1]) * LETTER < across
