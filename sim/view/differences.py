"""Names and differences in sentences."""

from __future__ import annotations

from sim.study.alternatives import AS_IS, Alternative
from sim.study.intervals import Interval
from sim.view.figures.sides import scale, signed
from sim.view.words import describe

NO_INTERVAL = "no interval"
"""Of one draw, or of a measure that one replication has."""


def alternative_words(one: Alternative) -> str:
    """Return an alternative's name with its label if that says more; of the scenario itself that is its strategy's."""
    if one.label in (one.name, one.name.replace("-", " ")):
        return one.name
    return f"{AS_IS} (strategy {one.label})" if one.name == AS_IS else f"{one.name}: {one.label}"


def change(value: float, measure: str) -> str:
    """Write a difference in a measure with its sign; shares in points."""
    return signed(scale(describe(measure))[0] * value)


def difference_words(found: Interval, measure: str) -> str:
    """Write a mean paired difference with its interval."""
    return interval_words(change(found.mean, measure), change(found.low, measure), change(found.high, measure))


def interval_words(mean: str, low: str, high: str) -> str:
    """Write a mean with the ends of its interval, or that it has none."""
    return f"{mean} ({NO_INTERVAL if '–' in (low, high) else f'{low} to {high}'})" if mean != "–" else mean
