"""Documented facts beside bands of what the model shows."""

from __future__ import annotations

from collections.abc import Sequence
from math import nan
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.study.bound import Bound

FEWEST = 20
"""Replications in which a fact must have been asked, for a band."""
LEVEL = 0.9
"""What the bands should hold."""


class Verdict(NamedTuple):
    """A fact beside the model's band.

    ``low`` and ``high`` are the 5 and 95 % points over the replications that were asked (``asked`` of ``total``), NaN
    with fewer than 20; ``holds`` says whether the band and what is documented have something in common, None if it
    cannot be said.
    """

    bound: Bound
    low: float
    median: float
    high: float
    asked: int
    total: int
    holds: bool | None

    @property
    def off(self) -> float:
        """How far the band lies from what is documented, in standard deviations of the fact's error; 0 if it holds."""
        if self.holds is not False:
            return 0.0
        return max(self.bound.low - self.high, self.low - self.bound.high) / self.bound.soft


class Coverage(NamedTuple):
    """Of ``asked`` bands so many hold their fact; ``low`` to ``high`` would be no surprise if each did at 90 %.

    ``width`` is the median width of a band, in standard deviations of its fact's error: wide bands hold easily.
    """

    held: int
    asked: int
    low: int
    high: int
    width: float


def verdicts(bounds: Sequence[Bound], values: NDArray[np.float64]) -> tuple[Verdict, ...]:
    """Return each fact beside the band of values of shape (replications, facts), in the order of the facts."""
    found = []
    for k, bound in enumerate(bounds):
        column = values[~np.isnan(values[:, k]), k]
        if len(column) < min(FEWEST, len(values)) or not len(column):
            found.append(Verdict(bound, nan, nan, nan, len(column), len(values), None))
            continue
        low, median, high = np.quantile(column, (0.05, 0.5, 0.95)).tolist()
        holds = high >= bound.low and low <= bound.high
        found.append(Verdict(bound, low, median, high, len(column), len(values), holds))
    return tuple(found)


def coverage(found: Sequence[Verdict], *uses: str) -> Coverage:
    """Return how many bands hold their fact, of the facts of some uses, all if none is named."""
    from scipy.stats import binom

    asked = [one for one in found if one.holds is not None and (not uses or one.bound.use in uses)]
    low, high = (int(binom.ppf(point, len(asked), LEVEL)) for point in (0.025, 0.975)) if asked else (0, 0)
    widths = [(one.high - one.low) / one.bound.soft for one in asked]
    return Coverage(len([one for one in asked if one.holds]), len(asked), low, high, float(np.median(widths or [0.0])))
