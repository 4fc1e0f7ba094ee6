"""Days and weeks as tables of events write them."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

DAY: Final = "a date such as 2025-05-16, 16 May 2025 or, day first, 16/05/2025"
WEEK: Final = "the first day of a week, such as 2025-05-12, or 2025-W20"
_MONTHS: Final = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
                  "november", "december")  # fmt: skip
_ISO = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)(?:[ T]00:00(?::00(?:\.0+)?)?)?", re.ASCII)
_NAMED = re.compile(r"(\d\d?)[ -]([A-Za-z]{3,9})[ -](\d{4})", re.ASCII)
_DAY_FIRST = re.compile(r"(\d\d?)[/.](\d\d?)[/.](\d{4})", re.ASCII)
_WEEK = re.compile(r"(\d{4})-?W(\d\d)", re.ASCII)


@lru_cache(maxsize=100_000)
def day(text: str) -> date | None:
    """Return the day that a text states; None if it states none.

    Of a date in figures with strokes the day comes first, as in exports of ACLED.
    """
    text = text.strip()
    if found := _ISO.fullmatch(text):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if found := _NAMED.fullmatch(text):
        return _date(int(found[3]), _month(found[2]), int(found[1]))
    if found := _DAY_FIRST.fullmatch(text):
        return _date(int(found[3]), int(found[2]), int(found[1]))
    return None


def week(text: str) -> date | None:
    """Return the first day of the week that a text states; None if it states none."""
    found = _WEEK.fullmatch(text.strip().upper())
    if found is None:
        return day(text)
    try:
        return date.fromisocalendar(int(found[1]), int(found[2]), 1)
    except ValueError:
        return None


def month_end(of: date) -> date:
    """Return the last day of the month of a day."""
    return (of.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def months(first: date, last: date) -> list[tuple[date, date]]:
    """Return the first and last day of each month, or part of one, between two days."""
    parts = []
    while first <= last:
        end = min(month_end(first), last)
        parts.append((first, end))
        first = end + timedelta(days=1)
    return parts


def _month(name: str) -> int:
    """Return the number of a month by its English name, in full or short; 0 if it is none."""
    name = name.lower()
    known = (number for number, full in enumerate(_MONTHS, 1) if name in (full, full[:3]) or name == full[:4] == "sept")
    return next(known, 0)


def _date(year: int, month: int, day_of_month: int) -> date | None:
    try:
        return date(year, month, day_of_month) if 1900 <= year <= 2200 else None
    except ValueError:
        return None
