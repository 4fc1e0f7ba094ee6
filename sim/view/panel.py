"""Figures that draw text as it is written, whatever names hold: no formulas, no controls, in fonts that have it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from io import BytesIO
from typing import Any, Final, NamedTuple

from matplotlib.axes import Axes
from matplotlib.axis import Tick
from matplotlib.backend_bases import RendererBase
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.ft2font import FT2Font
from matplotlib.legend import Legend
from matplotlib.text import Annotation, Text

from sim.language import language, speaking
from sim.scenario.problem import legible

USUAL: Final = "DejaVu Sans"
"""The font that comes with matplotlib; what it lacks is drawn in others of the machine."""
UNSEEN: Final = ("Cf", "Mn")
"""Categories of characters that only change their neighbours; where no font has them they are left out."""


class Written(NamedTuple):
    """Text as it can be drawn, the properties it is drawn with, and the characters for which there is no font."""

    text: str
    looks: dict[str, Any]
    unsaid: str


@lru_cache(maxsize=4096)
def written(text: str) -> Written:
    r"""Return text that is never read as a formula, with its control characters shown, and the fonts that have it.

    A character that no font here has is shown by its code, ``\u6771``, so that two names do not become the same boxes.
    """
    text = legible(text.replace("\t", " "))
    wanted = {ord(letter) for letter in text if letter != "\n"} - coverage(USUAL)
    families = _families(frozenset(wanted)) if wanted else ()
    unsaid = wanted.difference(*map(coverage, families))
    codes = {code: "" if unicodedata.category(chr(code)) in UNSEEN else ascii(chr(code))[1:-1] for code in unsaid}
    looks: dict[str, Any] = {"parse_math": False}
    if families:
        looks["fontfamily"] = [USUAL, *families]
    return Written(text.translate(codes), looks, "".join(sorted(chr(code) for code in unsaid if codes[code])))


@cache
def coverage(family: str) -> frozenset[int]:
    """Return the characters that a font of the machine has; none if it cannot be drawn at any size."""
    # Not by findfont, which tells of every weight that a family lacks.
    files = [font.fname for font in fontManager.ttflist if font.name == family]
    try:
        font = FT2Font(min(files))
    except (OSError, RuntimeError, ValueError):
        return frozenset()
    return frozenset(font.get_charmap()) if font.scalable else frozenset()


@cache
def _families(wanted: frozenset[int]) -> tuple[str, ...]:
    """Return installed fonts that have as much as can be had of some characters, those that have most first."""
    # The font of last resort has a box for everything.
    names = sorted({font.name for font in fontManager.ttflist if not font.name.startswith("Last Resort")} - {USUAL})
    left, families = set(wanted), []
    while left:
        best = max(names, key=lambda name: len(left & coverage(name)), default="")
        if not best or not left & coverage(best):
            break
        families.append(best)
        left -= coverage(best)
    return tuple(families)


class Panel(Axes):
    """Axes that draw text as it is written, unless ``parse_math`` is given; what follows the text is given by name."""

    def text(self, x: float, y: float, s: str, **options: Any) -> Text:  # type: ignore[override]
        """Write text at a place."""
        text, looks = self._written(s)
        return super().text(x, y, text, **{**looks, **options})

    def annotate(self, text: str, xy: tuple[float, float], **options: Any) -> Annotation:  # type: ignore[override]
        """Write text beside a place."""
        text, looks = self._written(text)
        return super().annotate(text, xy, **{**looks, **options})

    def set_title(self, label: str, **options: Any) -> Text:  # type: ignore[override]
        """Write the title."""
        label, looks = self._written(label)
        return super().set_title(label, **{**looks, **options})

    def set_xlabel(self, xlabel: str, **options: Any) -> Text:  # type: ignore[override]
        """Write what runs from left to right."""
        xlabel, looks = self._written(xlabel)
        return super().set_xlabel(xlabel, **{**looks, **options})

    def set_ylabel(self, ylabel: str, **options: Any) -> Text:  # type: ignore[override]
        """Write what runs upwards."""
        ylabel, looks = self._written(ylabel)
        return super().set_ylabel(ylabel, **{**looks, **options})

    def set_xticks(self, ticks: Any, labels: Iterable[str] | None = None, **options: Any) -> list[Tick]:
        """Write names along the lower side."""
        return super().set_xticks(ticks, **{**self._names(labels), **options})

    def set_yticks(self, ticks: Any, labels: Iterable[str] | None = None, **options: Any) -> list[Tick]:
        """Write names along the left side."""
        return super().set_yticks(ticks, **{**self._names(labels), **options})

    def legend(self, *words: Any, **options: Any) -> Legend:
        """Draw a key."""
        key = super().legend(*words, **options)
        for entry in key.get_texts():
            text, looks = self._written(entry.get_text())
            entry.set(text=text, **looks)
        return key

    def _written(self, text: str) -> tuple[str, dict[str, Any]]:
        chart = self.get_figure(root=True)
        assert isinstance(chart, Chart)
        return chart.written(text)

    def _names(self, labels: Iterable[str] | None) -> dict[str, Any]:
        if labels is None:
            return {}
        names = [*labels]
        return {"labels": [self._written(name)[0] for name in names], **self._written("".join(names))[1]}


class Chart(Figure):
    """A matplotlib figure that notebooks show without pyplot, and whose text is drawn as it is written.

    Attributes
    ----------
    unsaid
        Characters of its text for which this machine has no font.
    language
        That in which it was made.
    """

    def __init__(self, *words: Any, **options: Any) -> None:
        self.unsaid: set[str] = set()
        self.language = language()
        super().__init__(*words, **options)

    def written(self, text: str) -> tuple[str, dict[str, Any]]:
        """Return text as it can be drawn here and the properties that this takes."""
        text, looks, unsaid = written(text)
        self.unsaid.update(unsaid)
        return text, looks

    def add_subplot(self, *place: Any, **options: Any) -> Any:
        """Add a panel."""
        return super().add_subplot(*place, axes_class=Panel, **options)

    def suptitle(self, t: str, **options: Any) -> Text:
        """Write the title."""
        text, looks = self.written(t)
        return super().suptitle(text, **{**looks, **options})

    def supxlabel(self, t: str, **options: Any) -> Text:
        """Write the line at the foot."""
        text, looks = self.written(t)
        return super().supxlabel(text, **{**looks, **options})

    def draw(self, renderer: RendererBase) -> None:
        """Draw it in the language in which it was made, also the numbers and dates at ticks, which are written now."""
        with speaking(self.language):
            super().draw(renderer)

    def _repr_png_(self) -> bytes:
        picture = BytesIO()
        self.savefig(picture, format="png")
        return picture.getvalue()
