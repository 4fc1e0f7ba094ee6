"""Documented facts beside bands of what the model shows, all of them or those of one day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from math import nan
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.plan import build
from sim.results.ledger import Ledger
from sim.scenario.load import Scenario
from sim.scenario.targets import Targets
from sim.study.bound import Bound, Series, bind
from sim.study.campaign import Progress
from sim.study.engine import prepare
from sim.study.executors import Where
from sim.study.readings import Readings, counting, reader
from sim.world.nature import nature

FEWEST = 20
"""Replications in which a fact must have been asked, for a band."""
LEVEL = 0.9
"""What the bands should hold."""
WHOLE = 0.9
"""Share of what is possible that the 5 to 95 % band of a number covers of which nothing is known but that."""


def meets(low: float, high: float, least: float, most: float) -> bool:
    """Say whether a band and what is documented, from ``least`` to ``most``, have something in common."""
    return high >= least and low <= most


def says_nothing(low: float, high: float, scale: tuple[float, float] | None) -> bool:
    """Say whether a band covers all that is possible, or as much of it as if nothing were known."""
    if scale is None:
        return False
    least, most = scale
    return min(high, most) - max(low, least) >= (WHOLE - 1e-9) * (most - least)


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

    @property
    def empty(self) -> bool:
        """Whether the band holds its fact only because it covers all that is possible."""
        return self.holds is True and says_nothing(self.low, self.high, self.bound.scale)


class Coverage(NamedTuple):
    """Of ``asked`` bands ``inside`` hold their fact; ``low`` to ``high`` would be no surprise if each did at 90 %.

    ``width`` is the median width of a band, in standard deviations of its fact's error: wide bands hold easily, and
    ``empty`` of them say nothing.
    """

    inside: int
    asked: int
    low: int
    high: int
    width: float
    empty: int = 0


def verdicts(bounds: Sequence[Bound], values: NDArray[np.float64]) -> tuple[Verdict, ...]:
    """Return each fact beside the band of values of shape (replications, facts), in the order of the facts."""
    return tuple(_verdict(bound, column) for bound, column in zip(bounds, values.T, strict=True))


def _verdict(bound: Bound, values: NDArray[np.float64]) -> Verdict:
    asked = values[~np.isnan(values)]
    if len(asked) < min(FEWEST, len(values)) or not len(asked):
        return Verdict(bound, nan, nan, nan, len(asked), len(values), None)
    # Between a date and none there is nothing: see `sim.results.never.by_share`.
    method: Literal["inverted_cdf", "linear"] = "inverted_cdf" if bound.is_date else "linear"
    low, median, high = np.quantile(asked, (0.05, 0.5, 0.95), method=method).tolist()
    return Verdict(bound, low, median, high, len(asked), len(values), meets(low, high, bound.low, bound.high))


def coverage(facts: Sequence[Verdict], *uses: str) -> Coverage:
    """Return how many bands hold their fact, of the facts of some uses, all if none is named."""
    from scipy.stats import binom

    asked = [fact for fact in facts if fact.holds is not None and (not uses or fact.bound.use in uses)]
    low, high = (int(binom.ppf(point, len(asked), LEVEL)) for point in (0.025, 0.975)) if asked else (0, 0)
    width = float(np.median([(fact.high - fact.low) / fact.bound.soft for fact in asked] or [0.0]))
    holding, empty = ([fact for fact in asked if getattr(fact, what)] for what in ("holds", "empty"))
    return Coverage(len(holding), len(asked), low, high, width, len(empty))


LONGEST = 31
"""What is on record of more days than these, of more than a month, tells of no day."""


def facts_on(
    scenario: Scenario,
    targets: Targets,
    day: int,
    replications: int = 200,
    *,
    seed: int = 1,
    central: bool = False,
    series: Series = "customs",
    where: Where | None = None,
    progress: Progress | None = None,
) -> tuple[Verdict, ...]:
    """Set the facts that tell of a day of the run beside replications of a scenario.

    A fact tells of the day if its days hold it: those from which it is read, or of a date those of its range.

    Parameters
    ----------
    scenario, targets, replications, seed, series, where, progress
        As in `sim.study.validate.validate`.
    day
        Number of the day, from 0.
    central
        Hold every uncertain parameter at its central value.

    Raises
    ------
    ScenarioError
        If a target cannot be asked of the scenario.
    StudyError
        If a replication fails.
    """
    plan = build(scenario)
    bounds = [bound for bound in bind(targets, scenario, plan, series) if tells_of(bound, day)]
    if not bounds:
        return ()
    prepare()
    ours = replace(plan, days=1 + max(bound.last for bound in bounds))
    read, names = reader([bound.asked for bound in bounds]), [bound.name for bound in bounds]
    with Ledger(None) as ledger:
        tell = counting(progress, replications)
        readings = Readings(ours, read, names, ledger, where or Where(), central, seed, targets.digest, tell=tell)
        values = readings.of(range(replications), partial(nature, ours, seed, central=central))
    return verdicts(bounds, values)


def tells_of(bound: Bound, day: int) -> bool:
    """Say whether the days of a fact hold a day, and are not too many."""
    quantity = bound.asked.quantity
    first, last = (bound.low, bound.high) if bound.is_date else (quantity.first, quantity.last)
    return (bound.is_date or not quantity.measure) and first <= day <= last < first + LONGEST
