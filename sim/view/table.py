"""Text for a terminal: paragraphs, tables and the bands in them, within the columns that there are."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from io import StringIO
from itertools import zip_longest
from pathlib import Path
from typing import Final

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from sim.language import mark, say
from sim.scenario.problem import legible
from sim.view.bands import FEW, Band, band_name
from sim.view.blocks import keep_prose, keep_sheet
from sim.view.width import line, width
from sim.view.words import NO_BREAK, Measure, folded

GAP: Final = 2
"""Columns between those of a table."""
PROSE: Final = 24
"""Columns that a column of sentences keeps, at least."""
SPLIT: Final = 80
"""Columns from which on a table that is too wide is set in as many parts as that takes; else in two, or stacked."""
STARRED = mark("* lowest–highest, of fewer than 5 replications that have it.")


def paragraphs(lines: Iterable[str], indent: str = "") -> str:
    """Fold each line; later lines are indented."""
    texts = [*lines]
    keep_prose(texts)
    return "\n".join(part for text in texts for part in folded(text, line(), indent))


def ends_of(band: Band, measure: Measure) -> str:
    """Band of a measure in a table; a star marks that of few values among bands of more."""
    return measure.ends(band) + " *" * starred(band)


def spread_words(band: Band, measure: Measure) -> str:
    """Band of a measure in a sentence, in brackets; empty of one replication."""
    return say(" ({band}: {ends})", band=band.name, ends=measure.ends(band)) if band.wide else ""


def starred(band: Band) -> bool:
    """Whether a band is that of few values among bands of more."""
    return 0 < band.count < FEW <= band.total


def defined_in(band: Band) -> str:
    """In how many replications a measure is defined, and a date came, if not in all."""
    return say("in {came} of {total}", came=band.came, total=band.total) if band.came < band.total else ""


def band_head(count: int) -> str:
    """Head of a column of bands over so many replications."""
    return band_name(count) if count < FEW else say("{percentages} band", percentages=band_name(count))


def where(folder: Path | None, figures: Sequence[Path] | None) -> str:
    """Say where tables and figures are; None if figures were not wanted."""
    lines = [say("Tables: {folder}", folder=folder)] if folder is not None else []
    if figures is None:
        lines.append(paragraphs([say("Figures: not drawn; the same command without --no-figures draws them")]))
    elif pictures := [path for path in figures if path.suffix == ".png"]:
        names = ", ".join(path.name for path in pictures)
        lines += [say("Figures: {folder}", folder=pictures[0].parent), paragraphs([f"  {names}"], "  ")]
    return "\n".join(lines)


def grid(
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    numbers: Sequence[int] | None = None,
    prose: Sequence[int] = (),
) -> str:
    """Set a table within the columns that there are, without breaking what stands in a cell.

    Where it is too wide its heads are folded, then its sentences; then it is set in parts one under the other, each
    with the first column, or, on a narrow terminal, with a line for each cell.

    Parameters
    ----------
    heads, rows
        What it holds.
    numbers
        Columns that are set to the right; all but the first if not given.
    prose
        Columns of sentences, which may be folded between words.
    """
    heads = [head.replace(NO_BREAK, " ") for head in heads]
    body = [[re.sub(f"[\n\t{NO_BREAK}]", " ", legible(text)) for text in row] for row in rows]
    right = set(range(1, len(heads)) if numbers is None else numbers)
    keep_sheet(heads, rows, frozenset(right))
    content = [max((cell_len(row[k]) for row in body), default=0) for k in range(len(heads))]
    least = [max(size, *map(cell_len, head.split() or [""])) for size, head in zip(content, heads, strict=True)]
    for k in prose:
        least[k] = min(least[k], PROSE)
    names = tuple(band_name(count).replace(NO_BREAK, " ") for count in (1, FEW))
    bands = {k for k, head in enumerate(heads) if k > 1 and head.startswith(names)}
    close, parts = _parts(least, width(), bands), _parts(least, width())
    if close and len(close) == len(parts):
        parts = close
    if not parts or (len(parts) > 2 and width() < SPLIT):
        return _stacked(heads, body)
    return "\n\n".join(_part(part, heads, body, content, least, right) for part in parts)


def _parts(least: Sequence[int], room: int, bands: Collection[int] = ()) -> list[list[int]]:
    """Return the columns of each part, all with the first; none if a part would be too wide by itself.

    Bands stay with the column before them, and no column is left alone in the last part where it can have company.
    """
    parts = _greedy(least, room, bands)
    fewer = parts
    while len(parts) > 1 and len(fewer) == len(parts) and len(fewer[-1]) < 3:
        room -= 1
        fewer = _greedy(least, room, bands)
    return fewer if len(fewer) == len(parts) else parts


def _greedy(least: Sequence[int], room: int, bands: Collection[int]) -> list[list[int]]:
    parts: list[list[int]] = [[0]]
    for k in range(1, len(least)):
        group = [parts[-1].pop(), k] if k in bands and len(parts[-1]) > 1 else [k]
        if _whole(least[m] for m in (*parts[-1], *group)) > room and len(parts[-1]) > 1:
            parts.append([0])
        parts[-1] += group
    return parts if all(_whole(least[k] for k in part) <= room for part in parts) else []


def _whole(sizes: Iterable[int]) -> int:
    return sum(size + GAP for size in sizes) - GAP


def _part(
    part: Sequence[int],
    heads: Sequence[str],
    body: Sequence[Sequence[str]],
    content: Sequence[int],
    least: Sequence[int],
    right: set[int],
) -> str:
    """Set some columns, the widest heads folded first and then the widest sentences until all fit."""
    sizes = {k: max(content[k], *map(cell_len, heads[k].split("\n"))) for k in part}
    for floor in ([max(a, b) for a, b in zip(content, least, strict=True)], least):
        while _whole(sizes.values()) > width() and (wide := [k for k in part if sizes[k] > floor[k]]):
            sizes[max(wide, key=lambda k: sizes[k] - floor[k])] -= 1
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False)
    for k in part:
        head = "\n".join(_folded(heads[k], sizes[k]))
        table.add_column(head, justify="right" if k in right else "left", width=sizes[k], overflow="fold")
    for row in body:
        table.add_row(*(row[k] for k in part))
    with StringIO() as stream:
        _console(stream).print(table)
        return "\n".join(text.rstrip() for text in stream.getvalue().rstrip().splitlines())


def _stacked(heads: Sequence[str], body: Sequence[Sequence[str]]) -> str:
    """Set a table with a line for each cell, under the first of its row."""
    names = [" ".join(head.split()) for head in heads]
    column = min(max(map(cell_len, names[1:]), default=0), width() // 2 - GAP)
    lines = [*_folded(names[0], width()), "─" * width()]
    for first, *row in body:
        lines += _folded(first, width())
        for name, text in zip(names[1:], row, strict=True):
            cells = _folded(name, column), _folded(text, width() - column - 2 * GAP)
            lines += [f"  {a}{' ' * (column - cell_len(a))}  {b}" for a, b in zip_longest(*cells, fillvalue="")]
    return "\n".join(text.rstrip() for text in lines)


def _folded(text: str, columns: int) -> list[str]:
    """Fold text between words, and only longer words within."""
    return [part.plain.rstrip() for part in Text(text).wrap(_console(StringIO()), columns, overflow="fold")]


def _console(stream: StringIO) -> Console:
    # Told that this is no notebook: else rich shows the table there and leaves a hole in the text.
    return Console(
        file=stream, width=width(), color_system=None, force_terminal=False, force_jupyter=False, markup=False,
        emoji=False,
    )  # fmt: skip
