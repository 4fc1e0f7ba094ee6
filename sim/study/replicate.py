"""Replications of one scenario; the same bytes whatever does them and in which order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, partial
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import FastError, StudyError
from sim.model.country import Guest
from sim.plan import build
from sim.plan.plan import Plan
from sim.record import Record
from sim.results.events import table
from sim.results.ledger import Failed, Ledger
from sim.results.run import Run
from sim.results.shelf import shelved
from sim.results.stated import documented
from sim.results.store import Study
from sim.results.tables import TABLES, frame
from sim.scenario.calls import verb
from sim.scenario.load import Scenario, load
from sim.shown import shown
from sim.study.campaign import Progress, Work, complete
from sim.study.engine import Engine, check_engine, prepare
from sim.study.executors import Where
from sim.study.experiment import Experiment, failures_of, frames_of, measures_frame
from sim.world.nature import given_plan, nature

if TYPE_CHECKING:
    import pandas as pd


def simulate(
    plan: Plan,
    seed: int,
    replication: int,
    *,
    central: bool = False,
    log: bool = False,
    guests: Iterable[Guest] = (),
    engine: Engine = "simpy",
) -> Record:
    """Run one replication and return its record, with the event log and a user's own SimPy processes if asked.

    Replications 2k and 2k + 1 share the draw of the parameters, so that luck and ignorance can be told apart. Both
    engines return the same bits; SimPy can be watched, the compiled engine is quicker.

    Raises
    ------
    FastError
        If guests are to come to the compiled engine.
    RequestError
        If there is no such engine.
    ModelError
        If the model breaks one of its own rules, such as the conservation of fuel.
    """
    check_engine(engine)
    guests = tuple(guests)
    given = nature(plan, seed, replication, central=central)
    if engine == "fast":
        if guests:
            raise FastError("guests with engine 'fast', which has no SimPy processes; use engine 'simpy'")
        from sim.fast import Twin

        prepare()
        return Twin(plan).replicate(given, log)
    from sim.model import replicate

    return replicate(given_plan(plan, given), given.draws, log, guests)


@verb
def run(
    scenario: str | PathLike[str] | Scenario,
    replications: int | Iterable[int] = 20,
    *,
    strategy: str | PathLike[str] | None = None,
    overlays: str | PathLike[str] | Iterable[str | PathLike[str]] = (),
    sets: str | Iterable[str] = (),
    seed: int = 1,
    central: bool = False,
    engine: Engine = "fast",
    workers: int | None = None,
    where: Where | None = None,
    folder: Path | None = None,
    force: bool = False,
    progress: Progress | None = None,
    command: str | None = None,
    ledger: Ledger | None = None,
) -> Run:
    """Run a scenario many times.

    Parameters
    ----------
    scenario
        What to run: a file, its bare name, or a loaded scenario.
    strategy, overlays, sets
        What is laid on it; see `sim.load`.
    replications
        How many times, or which replications; each has luck of its own, each pair a draw of the uncertain parameters.
    seed
        64-bit seed of all random numbers.
    central
        Hold every uncertain parameter at its central value.
    engine
        What simulates: the compiled engine or, the same to the last bit but far slower (docs/performance.md), SimPy.
    workers
        How many at a time; as many as there are cores if not given.
    where
        What does the replications, if neither threads (compiled engine) nor processes (SimPy): the other of them, a
        cluster, an executor of the caller's.
    folder
        Where replications are kept as they come; a run that was interrupted is resumed.
    force
        Take the folder though it holds another study or files that are not Convoi's.
    progress
        Called with the number of replications done and to do.
    command
        How the run was called, for the manifest.
    ledger
        A ledger that the caller holds open, instead of a folder: what it has of the same work is not done again.

    Raises
    ------
    ScenarioError
        If a documented figure speaks of a measure that does not exist, or cannot have its value.
    StudyError
        If no replication succeeds; those that fail beside others are kept in the run's ``failures``.
    ResultsError
        If the folder holds something else or another process is at work there, or it cannot be written.
    RequestError
        If an argument cannot be meant.

    Examples
    --------
    >>> done = sim.run("tutorial", 8, strategy="none", sets="fleet.size=200", folder="results/mine")
    >>> done.measures["tankers_lost"].median()
    """
    scenario = load(scenario, overlays, sets, strategy=strategy)
    numbers = range(replications) if isinstance(replications, int) else sorted(set(replications))
    if not numbers or numbers[0] < 0:
        raise StudyError(f"cannot run {replications} replications; expected at least 1", value=replications)
    work = work_of(scenario, seed, central, engine)
    study = Study(scenario.digest, seed, replications if isinstance(replications, int) else [*numbers], central)
    experiment = Experiment(study, scenario, engine, folder, force, command, ledger)
    with experiment.ledger() as ledger:
        count = complete((work,), numbers, ledger, where or Where(workers), progress)
        done = ledger.done(work.digest).intersection(numbers)
        if not done:
            raise _failed(next(each for each in ledger.failures(work.digest) if each.replication in numbers), seed)
        failures = failures_of([((), work)], ledger, numbers, [])
        measures = measures_frame(ledger.measures(work.digest), sorted(done))
        frames = {name: frames_of(ledger, work, name, done, partial(frame, work.plan)) for name in TABLES}
        tables = shelved(frames, folder)
    manifest = experiment.manifest(done=len(done), workers=count)
    return Run(scenario=scenario, measures=measures, tables=tables, manifest=manifest, failures=failures)


def work_of(scenario: Scenario, seed: int, central: bool, engine: Engine) -> Work:
    """Return what a run replicates.

    Raises
    ------
    ScenarioError
        If a documented figure speaks of a measure that does not exist, or cannot have its value.
    """
    plan = build(scenario)
    return Work(plan, seed, central, documented(scenario, plan), "all", engine=engine)


@shown(
    lambda story: f"'{story.scenario.root.title}': replication {story.replication}, seed {story.seed}",
    *("table", "record"),
)
@dataclass(frozen=True)
class Events:
    """One replication with its event log.

    Parameters
    ----------
    scenario
        What was run.
    record
        What the replication left: the log, and its daily tables.
    replication, seed, central
        Which one it is.
    """

    scenario: Scenario
    record: Record
    replication: int
    seed: int
    central: bool

    @cached_property
    def table(self) -> pd.DataFrame:
        """A row an event; its columns are in docs/measures.md."""
        return table(self.record, self.replication)


@verb
def events(
    scenario: str | PathLike[str] | Scenario,
    replication: int = 0,
    *,
    strategy: str | PathLike[str] | None = None,
    overlays: str | PathLike[str] | Iterable[str | PathLike[str]] = (),
    sets: str | Iterable[str] = (),
    seed: int = 1,
    central: bool = False,
    engine: Engine = "fast",
) -> Events:
    """Run one replication of a scenario again and return all that happened in it.

    Parameters
    ----------
    scenario
        What is run: a file, its bare name, or a loaded scenario.
    replication
        Its number in the tables of a run with this seed, from 0 to 2³² − 1.
    strategy, overlays, sets
        What is laid on it; see `sim.load`.
    seed, central, engine
        As in `sim.run`.

    Raises
    ------
    RequestError
        If there can be no such replication.
    """
    scenario = load(scenario, overlays, sets, strategy=strategy)
    record = simulate(build(scenario), seed, replication, central=central, log=True, engine=engine)
    return Events(scenario, record, replication, seed, central)


def _failed(failure: Failed, seed: int) -> StudyError:
    why = f"replication {failure.replication} (seed {seed}) failed: {failure.stage}: {failure.message}"
    error = StudyError(why, replication=failure.replication, seed=seed)
    if failure.trace:
        error.add_note(failure.trace)  # for whoever calls from Python; the command line prints the message alone
    return error
