"""Days and weeks as tables of events write them."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from sim.scenario.moment import date_of, plain_day

DAY: Final = "a date such as 2025-05-16, 16 May 2025 or, day first, 16/05/2025"
WEEK: Final = "the first day of a week, such as 2025-05-12, or 2025-W20"
_ISO = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)(?:[ T]00:00(?::00(?:\.0+)?)?)?", re.ASCII)
_DAY_FIRST = re.compile(r"(\d\d?)[/.](\d\d?)[/.](\d{4})", re.ASCII)
_WEEK = re.compile(r"(\d{4})-?W(\d\d)", re.ASCII)


@lru_cache(maxsize=100_000)
def day(text: str) -> date | None:
    """Return the day that a text states; None if it states none.

    Of a date in figures with strokes the day comes first, as in exports of ACLED.
    """
    text = text.strip()
    if match := _ISO.fullmatch(text):
        return date_of(int(match[1]), int(match[2]), int(match[3]))
    if match := _DAY_FIRST.fullmatch(text):
        return date_of(int(match[3]), int(match[2]), int(match[1]))
    return plain_day(text)


def week(text: str) -> date | None:
    """Return the first day of the week that a text states; None if it states none."""
    match = _WEEK.fullmatch(text.strip().upper())
    if match is None:
        return day(text)
    try:
        return date.fromisocalendar(int(match[1]), int(match[2]), 1)
    except ValueError:
        return None


def month_end(of: date) -> date:
    """Return the last day of the month of a day."""
    return of.replace(day=monthrange(of.year, of.month)[1])


def months(first: date, last: date) -> list[tuple[date, date]]:
    """Return the first and last day of each month, or part of one, between two days."""
    parts = []
    while first <= last:
        end = min(month_end(first), last)
        parts.append((first, end))
        first = end + timedelta(days=1)
    return parts
