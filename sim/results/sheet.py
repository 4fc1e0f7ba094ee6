"""CSV that a spreadsheet reads as what it is: a name or a reason never becomes a formula."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import pandas as pd

STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
"""What text begins with that a spreadsheet would compute or run."""
QUANTITY: Final = re.compile(r"[+-]?[\d.]+(e[+-]?\d+)?( [\w%/ .]+)?")
"""A number, with its unit or without, which no spreadsheet takes for more than that."""


def cell(value: Any) -> Any:
    """Return text with an apostrophe before it where a spreadsheet would take it for a formula; else what was given."""
    formula = isinstance(value, str) and value.startswith(STARTS) and not QUANTITY.fullmatch(value)
    return f"'{value}" if formula else value


def csv_text(table: pd.DataFrame, *, index: bool) -> str:
    """Return a frame as CSV, with its index as columns before the others or without it."""
    flat = table.reset_index(allow_duplicates=True) if index else table.copy(deep=False)
    for place, kind in enumerate(flat.dtypes):
        if kind.kind == "O":
            flat.isetitem(place, [cell(value) for value in flat.iloc[:, place]])
    return flat.rename(columns=cell).to_csv(index=False)


def csv_frame(file: Path, texts: Collection[str]) -> pd.DataFrame:
    """Return the frame that a file holds which `csv_text` made, of text in the columns ``texts`` and numbers in others.

    Numbers are the same to the last bit.

    Raises
    ------
    ValueError
        If it holds something else.
    """
    import pandas as pd

    written = pd.read_csv(file, dtype=str, keep_default_na=False)
    columns = {name: [*written[name]] for name in written}
    return pd.DataFrame({name: (_texts if name in texts else _numbers)(cells) for name, cells in columns.items()})


def _texts(cells: Sequence[str]) -> list[str]:
    return [text[1:] if cell(text[1:]) == text else text for text in cells]


def _numbers(cells: Sequence[str]) -> list[int] | list[float]:
    if all(text.lstrip("-").isdecimal() for text in cells):
        return [int(text) for text in cells]
    return [float(text or "nan") for text in cells]
