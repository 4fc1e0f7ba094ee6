"""Which days draws belong to."""

from __future__ import annotations

OCCASIONS = 1 << 16


def occasion_of(day: int, warmup: int) -> int:
    """Return the occasion of a draw for a day of the plan: days since the scenario's start, from 0.

    Days of the warm-up count backwards from 65,535, so that its length changes no draw of another day.
    """
    return (day - warmup) % OCCASIONS
