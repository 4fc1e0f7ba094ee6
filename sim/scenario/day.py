"""Dates as people write them: ``2025-10-20``, ``20 October 2025``, ``20 Oct 2025``, ``October 20, 2025``.

Figures with strokes or dots, such as ``10/11/2025``, are no such dates: which is the month, is a matter of custom.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

PLAIN: Final = "a date such as 2025-09-03 or 3 September 2025"
NAMED: Final = r"\d{1,2}[ -][A-Za-z]{3,9}[ -]\d{4}|[A-Za-z]{3,9} \d{1,2},? \d{4}"
"""Pattern of dates with the month by name."""
_MONTHS: Final = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
                  "november", "december")  # fmt: skip
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_DAY_FIRST = re.compile(r"(\d\d?)[ -]([A-Za-z]{3,9})[ -](\d{4})", re.ASCII)
_MONTH_FIRST = re.compile(r"([A-Za-z]{3,9}) (\d\d?),? (\d{4})", re.ASCII)
_FIGURES = re.compile(r"\d{1,4}[/.]\d{1,2}[/.]\d{1,4}", re.ASCII)


def plain_day(text: str) -> date | None:
    """Return the day that a text states plainly; None if it states none."""
    text = text.strip()
    if found := _ISO.fullmatch(text):
        return date_of(int(found[1]), int(found[2]), int(found[3]))
    if found := _DAY_FIRST.fullmatch(text):
        return date_of(int(found[3]), _month(found[2]), int(found[1]))
    if found := _MONTH_FIRST.fullmatch(text):
        return date_of(int(found[3]), _month(found[1]), int(found[2]))
    return None


def is_ambiguous(text: str) -> bool:
    """Say whether a text is a date in figures of which it is not plain which is the month."""
    return _FIGURES.fullmatch(text.strip()) is not None


def date_of(year: int, month: int, day: int) -> date | None:
    """Return a date; None if there is none."""
    try:
        return date(year, month, day) if 1900 <= year <= 2200 else None
    except ValueError:
        return None


def _month(name: str) -> int:
    """Return the number of a month by its English name, in full or short; 0 if it is none."""
    name = name.lower()
    known = (number for number, full in enumerate(_MONTHS, 1) if name in (full, full[:3]) or name == full[:4] == "sept")
    return next(known, 0)
