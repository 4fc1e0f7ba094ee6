"""Replications of one scenario, over processes; the same bytes whatever their number and order."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, NamedTuple

from sim.errors import StudyError
from sim.plan import build
from sim.plan.plan import Plan
from sim.study.pool import Failure, WorkerError, each
from sim.world.keys import Draws
from sim.world.nature import drawn_plan

if TYPE_CHECKING:
    import pandas as pd

    from sim.model.country import Guest
    from sim.model.record import Record
    from sim.results.run import Run
    from sim.results.tables import Columns
    from sim.scenario.load import Scenario

Progress = Callable[[int, int], None]
PACKAGES = ("convoi", "simpy", "numpy", "pandas", "pyarrow")


class Outcome(NamedTuple):
    """What a worker sends back of one replication."""

    measures: dict[str, float]
    tables: dict[str, Columns]


def simulate(
    plan: Plan,
    seed: int,
    replication: int,
    *,
    central: bool = False,
    log: bool = False,
    guests: Iterable[Guest] = (),
) -> Record:
    """Run one replication and return its record, with the event log and a user's own SimPy processes if asked.

    Replications 2k and 2k + 1 share the draw of the parameters, so that luck and ignorance can be told apart.

    Raises
    ------
    ModelError
        If the model breaks one of its own rules, such as the conservation of fuel.
    """
    from sim.model import replicate

    if not central:
        plan = drawn_plan(plan, Draws(seed, replication // 2))
    return replicate(plan, Draws(seed, replication), log, guests)


def one(plan: Plan, seed: int, central: bool, wanted: tuple[str, ...], replication: int) -> Outcome:
    """Run one replication and return its measures and tables."""
    from sim.results.measures import measures
    from sim.results.tables import columns

    record = simulate(plan, seed, replication, central=central)
    return Outcome(measures(record, wanted), columns(record))


def run(
    scenario: Scenario,
    replications: int = 20,
    *,
    seed: int = 1,
    central: bool = False,
    workers: int | None = None,
    progress: Progress | None = None,
    command: str | None = None,
) -> Run:
    """Run a scenario many times.

    Parameters
    ----------
    scenario
        What to run.
    replications
        How many times; each has luck of its own, each pair a draw of the uncertain parameters.
    seed
        64-bit seed of all random numbers.
    central
        Hold every uncertain parameter at its central value.
    workers
        Processes; as many as there are cores if not given.
    progress
        Called with the number of replications done and to do.
    command
        How the run was called, for the manifest.

    Raises
    ------
    ScenarioError
        If a documented figure speaks of a measure that does not exist.
    StudyError
        If a replication fails; it names the replication and the seed.
    """
    from sim.results.names import documented
    from sim.results.run import Run
    from sim.results.tables import TABLES, frame

    if replications < 1:
        raise StudyError(f"cannot run {replications} replications; expected at least 1", value=replications)
    began = time.perf_counter()
    plan = build(scenario)
    wanted = documented(scenario, plan)
    count = min(workers or os.cpu_count() or 1, replications)
    outcomes: dict[int, Outcome] = {}
    with closing(each(partial(one, plan, seed, central, wanted), range(replications), count)) as results:
        try:
            for replication, outcome in results:
                if isinstance(outcome, Failure):
                    raise _failed(replication, seed, outcome.message, outcome.trace)
                outcomes[replication] = outcome
                if progress is not None:
                    progress(len(outcomes), replications)
        except WorkerError as error:
            raise _failed(error.job, seed, str(error)) from error
    measures = _measures(outcomes)
    frames = {name: frame(plan, name, {r: o.tables[name] for r, o in outcomes.items()}) for name in TABLES}
    manifest = {
        "title": scenario.root.title,
        "scenario": [str(path) for path in scenario.files],
        "laid": list(scenario.laid),
        "digest": scenario.digest,
        "strategy": scenario.root.strategy.name,
        "scope": scenario.root.scope,
        "seed": seed,
        "replications": replications,
        "central": central,
        "engine": "simpy",
        "versions": {"python": sys.version.split()[0], **_versions()},
        "command": command,
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(time.perf_counter() - began, 2),
        "workers": count,
    }
    return Run(
        scenario=scenario,
        measures=measures,
        towns=frames["towns"],
        flows=frames["flows"],
        convoys=frames["convoys"],
        encounters=frames["encounters"],
        binding=frames["binding"],
        manifest=manifest,
    )


def _measures(outcomes: dict[int, Outcome]) -> pd.DataFrame:
    import pandas as pd

    order = sorted(outcomes)
    index = pd.Index(order, name="replication")
    return pd.DataFrame([outcomes[r].measures for r in order], index=index)


def _versions() -> dict[str, str]:
    found = {}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found


def _failed(replication: int, seed: int, why: str, trace: str = "") -> StudyError:
    error = StudyError(f"replication {replication} (seed {seed}) failed: {why}", replication=replication, seed=seed)
    if trace:
        error.add_note(trace)  # for whoever calls from Python; the command line prints the message alone
    return error
