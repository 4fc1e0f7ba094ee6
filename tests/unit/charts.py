"""What a figure shows, as tests read it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from matplotlib.figure import Figure
from matplotlib.text import Text


def one_line(text: str) -> str:
    """Return a text without its line breaks."""
    return " ".join(text.split())


def text_of(chart: Figure) -> str:
    """Return all that stands in a figure."""
    return one_line(" ".join(text.get_text() for text in chart.findobj(Text)))


def title(figure: Figure) -> str:
    """Return what a figure finds; that it is a first look is said before it, see `whole_title`."""
    return re.sub(r"^First look, [^:]*: ", "", whole_title(figure))


def whole_title(figure: Figure) -> str:
    return figure.get_suptitle().replace("\n", " ")


def panel(figure: Figure, name: str) -> Any:
    """Return the axes whose title begins with a name."""
    return next(axes for axes in figure.axes if axes.get_title("left").replace("\n", " ").startswith(name))


def check_words(chart: Figure, texts: Sequence[Text] = ()) -> None:
    """The texts, or else all that can be seen, are large enough and within the figure."""
    chart.draw_without_rendering()
    shown = [text for text in texts or chart.findobj(Text) if (texts or text.get_visible()) and text.get_text().strip()]
    assert min(text.get_fontsize() for text in shown) >= 6.0
    width, height = chart.bbox.size
    for text in shown:
        box = text.get_window_extent()
        assert box.x0 >= -1 and box.x1 <= width + 1 and box.y0 >= -1 and box.y1 <= height + 1, text.get_text()
