"""Names and differences in sentences."""

from __future__ import annotations

from sim.study.alternatives import AS_IS, Alternative
from sim.study.intervals import Interval
from sim.view.figures.sides import scale, signed
from sim.view.words import describe

NO_INTERVAL = "no interval"
"""Of one draw, or of a measure that one replication has."""


def alternative_words(alternative: Alternative) -> str:
    """Return an alternative's name with its label if that says more; of the scenario itself that is its strategy's."""
    if alternative.label in (alternative.name, alternative.name.replace("-", " ")):
        return alternative.name
    if alternative.name == AS_IS:
        return f"{AS_IS} (strategy {alternative.label})"
    return f"{alternative.name}: {alternative.label}"


def change(value: float, measure: str) -> str:
    """Write a difference in a measure with its sign; shares in points."""
    return signed(scale(describe(measure))[0] * value)


def difference_words(difference: Interval, measure: str) -> str:
    """Write a mean paired difference with its interval."""
    return interval_words(*(change(value, measure) for value in difference))


def interval_words(mean: str, low: str, high: str) -> str:
    """Write a mean with the ends of its interval, or that it has none."""
    return f"{mean} ({NO_INTERVAL if '–' in (low, high) else f'{low} to {high}'})" if mean != "–" else mean
