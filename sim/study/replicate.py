"""Replications of one scenario; the same bytes whatever does them and in which order."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from sim.errors import StudyError
from sim.plan import build
from sim.plan.plan import Plan
from sim.results.ledger import Failed, Ledger
from sim.study.campaign import Progress, Work, complete, drawn
from sim.study.executors import Where
from sim.study.made import made
from sim.world.keys import Draws

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from sim.model.country import Guest
    from sim.model.record import Record
    from sim.results.run import Run
    from sim.scenario.load import Scenario


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

    return replicate(drawn(plan, seed, replication, central=central), Draws(seed, replication), log, guests)


def run(
    scenario: Scenario,
    replications: int | Iterable[int] = 20,
    *,
    seed: int = 1,
    central: bool = False,
    workers: int | None = None,
    where: Where | None = None,
    folder: Path | None = None,
    progress: Progress | None = None,
    command: str | None = None,
) -> Run:
    """Run a scenario many times.

    Parameters
    ----------
    scenario
        What to run.
    replications
        How many times, or which replications; each has luck of its own, each pair a draw of the uncertain parameters.
    seed
        64-bit seed of all random numbers.
    central
        Hold every uncertain parameter at its central value.
    workers
        Processes; as many as there are cores if not given.
    where
        What does the replications, if not processes: threads, a cluster, an executor of the caller's.
    folder
        Where replications are kept as they come; a run that was interrupted is resumed.
    progress
        Called with the number of replications done and to do.
    command
        How the run was called, for the manifest.

    Raises
    ------
    ScenarioError
        If a documented figure speaks of a measure that does not exist.
    StudyError
        If no replication succeeds; those that fail beside others are kept in the run's ``failures``.
    """
    from sim.results.names import documented
    from sim.results.run import Run
    from sim.results.tables import TABLES, frame

    asked = range(replications) if isinstance(replications, int) else tuple(sorted(set(replications)))
    if not asked or asked[0] < 0:
        raise StudyError(f"cannot run {replications} replications; expected at least 1", value=replications)
    began = time.perf_counter()
    plan = build(scenario)
    work = Work(plan, seed, central, documented(scenario, plan), "all")
    where = where or Where(workers)
    with Ledger(folder) as ledger:
        count = complete((work,), asked, ledger, where, progress)
        rows = {r: found for r, found in ledger.measures(work.digest).items() if r in asked}
        failed = [one for one in ledger.failures(work.digest) if one.replication in asked]
        if not rows:
            one = failed[0]
            raise _failed(one.replication, seed, f"{one.stage}: {one.message}", one.trace)
        frames = {
            name: frame(plan, name, {r: t for r, t in ledger.tables(work.digest, name).items() if r in rows})
            for name in TABLES
        }
    told = replications if isinstance(replications, int) else list(asked)
    manifest = made(scenario, seed, told, central, began, command)
    manifest |= {"done": len(rows), "workers": count}
    return Run(
        scenario=scenario,
        measures=_measures(rows),
        towns=frames["towns"],
        flows=frames["flows"],
        convoys=frames["convoys"],
        encounters=frames["encounters"],
        binding=frames["binding"],
        manifest=manifest,
        failures=failures_frame([(one, seed) for one in failed]),
    )


def _measures(rows: dict[int, dict[str, float]]) -> pd.DataFrame:
    import pandas as pd

    index = pd.Index(list(rows), name="replication")
    return pd.DataFrame(list(rows.values()), index=index)


def failures_frame(failed: Iterable[tuple[Failed, int]]) -> pd.DataFrame:
    """Return failures with their seeds as a table: replication, seed, stage, message."""
    import pandas as pd

    rows = [(one.replication, seed, one.stage, one.message) for one, seed in failed]
    return pd.DataFrame(rows, columns=["replication", "seed", "stage", "message"])


def _failed(replication: int, seed: int, why: str, trace: str = "") -> StudyError:
    error = StudyError(f"replication {replication} (seed {seed}) failed: {why}", replication=replication, seed=seed)
    if trace:
        error.add_note(trace)  # for whoever calls from Python; the command line prints the message alone
    return error
