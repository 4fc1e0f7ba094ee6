"""Paths of numbers as people write and read them: keys joined by dots, an entry by its date: ``units@2025-10-01``.

The name of a number is what its draw is keyed by: its path, and of a later entry of a list by date the path and the
entry's date. So it depends neither on the position in the list nor on whether the first entry stands alone.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from sim.scenario.problem import Path

_FRACTION = re.compile(r"(@day\s+-?\d+)\.(\d)")
_DOT = "\0"


def steps(path: str) -> Path:
    """Return the keys of a dotted path; the dot of ``@day 12.5`` parts no keys."""
    return tuple(key.replace(_DOT, ".") for key in _FRACTION.sub(rf"\1{_DOT}\2", path).split("."))


def parted(key: str) -> tuple[str, str] | None:
    """Return field and date of a key such as ``units@2025-10-01``; None if it is not one."""
    field, at, date = key.rpartition("@")
    return (field.strip(), date.strip()) if at and field.strip() and date.strip() else None


def stamp(at: datetime) -> str:
    """Return a date or time as it stands in a name, whichever way it was written."""
    at = (at + timedelta(microseconds=500_000)).replace(microsecond=0)
    if (at.hour, at.minute, at.second) == (0, 0, 0):
        return f"{at:%Y-%m-%d}"
    return at.isoformat(" ", "seconds" if at.second else "minutes")


def entry(path: Path, at: datetime | None, fallback: str) -> Path:
    """Return the name of the entry of a date in the list at ``path``; ``fallback`` stands for an unknown date."""
    return (*path[:-1], f"{path[-1]}@{fallback if at is None else stamp(at)}")
