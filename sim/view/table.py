"""Text for a terminal: paragraphs, tables and the bands in them, at most 100 columns wide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from sim.scenario.legible import legible
from sim.view.bands import FEW, band_name
from sim.view.words import folded, range_words

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from sim.view.bands import Band
    from sim.view.words import Measure

COLUMNS = 100
STARRED = "* lowest–highest, of fewer than 5 replications that have it."


def paragraphs(lines: Iterable[str], indent: str = "") -> str:
    """Fold each line; later lines are indented."""
    return "\n".join(part for line in lines for part in folded(line, COLUMNS, indent))


def ends_of(one: Band, measure: Measure, start: datetime) -> str:
    """Band of a measure in a table; a star marks that of few values among bands of more."""
    written = range_words(measure.text(one.low, start), measure.text(one.high, start))
    return f"{written} *" if starred(one) else written


def starred(one: Band) -> bool:
    """Whether a band is that of few values among bands of more."""
    return 0 < one.count < FEW <= one.total


def defined_in(one: Band) -> str:
    """In how many replications a measure is defined, and a date came, if not in all."""
    return f"in {one.came} of {one.total}" if one.came < one.total else ""


def band_head(count: int) -> str:
    """Head of a column of bands over so many replications."""
    return band_name(count) if count < FEW else f"{band_name(count)} band"


def where(folder: Path | None, figures: Sequence[Path] | None) -> str:
    """Say where tables and figures are; None if figures were not wanted."""
    lines = [f"Tables: {folder}"] if folder is not None else []
    if figures is None:
        return "\n".join([*lines, "Figures: not drawn; the same command without --no-figures draws them"])
    pictures = [path for path in figures if path.suffix == ".png"]
    if pictures:
        names = ", ".join(path.name for path in pictures)
        lines += [f"Figures: {pictures[0].parent}", *folded(f"  {names}", COLUMNS, "  ")]
    return "\n".join(lines)


def grid(heads: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[int] | None = None) -> str:
    """Set a table at most 100 columns wide; columns of numbers to the right, long words folded."""
    from io import StringIO

    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    right = set(range(1, len(heads)) if numbers is None else numbers)
    made = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False)
    for place, head in enumerate(heads):
        made.add_column(head, justify="right" if place in right else "left", no_wrap=place in right, overflow="fold")
    for row in rows:
        made.add_row(*map(legible, row))
    held = StringIO()
    # Told that this is no notebook: else rich shows the table there and leaves a hole in the text.
    plain = Console(
        file=held,
        width=COLUMNS,
        color_system=None,
        force_terminal=False,
        force_jupyter=False,
        markup=False,
        emoji=False,
    )
    plain.print(made)
    return "\n".join(line.rstrip() for line in held.getvalue().rstrip().splitlines())
