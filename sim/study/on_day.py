"""Documented facts of a file of targets that tell of one day, beside what replications show."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from sim.plan import build
from sim.results.folder import ledger_in
from sim.results.store import Study
from sim.study.bound import bind
from sim.study.calibrate import identity
from sim.study.engine import prepare
from sim.study.executors import Where
from sim.study.readings import Readings, counting, reader
from sim.study.verdict import verdicts
from sim.world.nature import nature

if TYPE_CHECKING:
    from sim.scenario.load import Scenario
    from sim.scenario.targets import Targets
    from sim.study.bound import Bound, Series
    from sim.study.campaign import Progress
    from sim.study.verdict import Verdict


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
    study = Study(identity(scenario, targets, "on day", series, day), seed, replications)
    with ledger_in(None, study) as ledger:
        tell = counting(progress, replications)
        about = (central, seed, targets.digest)
        readings = Readings(ours, read, names, ledger, where or Where(), *about, tell=tell)
        values = readings.of(range(replications), partial(nature, ours, seed, central=central))
    return verdicts(bounds, values)


def tells_of(bound: Bound, day: int) -> bool:
    """Say whether the days of a fact hold a day, and are not too many."""
    quantity = bound.asked.quantity
    first, last = (bound.low, bound.high) if bound.is_date else (quantity.first, quantity.last)
    return (bound.is_date or not quantity.measure) and first <= day <= last < first + LONGEST
