"""CSV that a spreadsheet reads as what it is: a name or a reason never becomes a formula."""

from __future__ import annotations

import re
from collections.abc import Collection
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
    """Return the frame that a file holds which `csv_text` made, of numbers and of text in the columns ``texts``."""
    import pandas as pd

    frame = pd.read_csv(
        file, float_precision="round_trip", keep_default_na=False, na_values={}, dtype=dict.fromkeys(texts, str)
    )
    for name in frame.columns.intersection([*texts]):
        frame[name] = [value[1:] if cell(value[1:]) == value else value for value in frame[name]]
    return frame
