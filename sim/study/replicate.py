"""Replications of one scenario, over processes; the same bytes whatever their number and order."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from multiprocessing import get_context
from signal import SIG_IGN, SIGINT, signal
from types import ModuleType
from typing import TYPE_CHECKING, NamedTuple

from sim.errors import ConvoiError, StudyError
from sim.plan import build
from sim.plan.plan import Plan
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

    replication: int
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


def one(plan: Plan, seed: int, replication: int, central: bool, wanted: tuple[str, ...]) -> Outcome:
    """Run one replication and return its measures and tables."""
    from sim.results.measures import measures
    from sim.results.tables import columns

    record = simulate(plan, seed, replication, central=central)
    return Outcome(replication, measures(record, wanted), columns(record))


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
    for outcome in _all(plan, seed, replications, central, wanted, count):
        outcomes[outcome.replication] = outcome
        if progress is not None:
            progress(len(outcomes), replications)
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


_job: tuple[Plan, int, bool, tuple[str, ...]] | None = None


def _prepare(plan: Plan, seed: int, central: bool, wanted: tuple[str, ...]) -> None:
    global _job
    signal(SIGINT, SIG_IGN)  # the parent is interrupted too, and ends the workers
    _job = (plan, seed, central, wanted)


def _work(replication: int) -> Outcome:
    assert _job is not None  # set by _prepare when the process starts
    plan, seed, central, wanted = _job
    return one(plan, seed, replication, central, wanted)


def _all(
    plan: Plan, seed: int, replications: int, central: bool, wanted: tuple[str, ...], workers: int
) -> Iterator[Outcome]:
    if workers == 1:
        for replication in range(replications):
            try:
                yield one(plan, seed, replication, central, wanted)
            except ConvoiError as error:
                raise _failed(replication, seed, error) from error
        return
    pool = ProcessPoolExecutor(workers, get_context("spawn"), _prepare, (plan, seed, central, wanted))
    try:
        # A few jobs in hand for each worker, so that an interrupted run stops soon.
        waiting: dict[Future[Outcome], int] = {}
        left = iter(range(replications))
        done = 0
        while done < replications:
            for replication in left:
                waiting[_submit(pool, replication)] = replication
                if len(waiting) >= 3 * workers:
                    break
            ready, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for future in ready:
                replication = waiting.pop(future)
                try:
                    yield future.result()
                except ConvoiError as error:
                    raise _failed(replication, seed, error) from error
                done += 1
    except BrokenProcessPool as error:
        # Noticed at a result or at the next job, whichever comes first.
        raise StudyError(
            f"a worker ended before its replication was done (seed {seed}); it may have run out of memory: use fewer "
            "workers",
            seed=seed,
        ) from error
    except BaseException:
        # An interrupted pool may wait for its workers for ever; they hold nothing that must be kept.
        for process in list((pool._processes or {}).values()):
            process.terminate()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _submit(pool: ProcessPoolExecutor, replication: int) -> Future[Outcome]:
    with _main_aside():
        try:
            return pool.submit(_work, replication)
        except OSError as error:
            # A pool that breaks while it takes a job may have closed its own pipes first.
            raise BrokenProcessPool(str(error)) from error


@contextmanager
def _main_aside() -> Iterator[None]:
    """Let workers start without running the caller's script again: they need this package only."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _failed(replication: int, seed: int, error: Exception) -> StudyError:
    return StudyError(f"replication {replication} (seed {seed}) failed: {error}", replication=replication, seed=seed)
