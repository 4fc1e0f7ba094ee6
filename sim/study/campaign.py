"""Replications of several works, done wherever they are done, and kept as they come."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from typing import Literal, NamedTuple

from sim.errors import ModelError, RoomError
from sim.plan.plan import Plan
from sim.plan.sections import Steps
from sim.record import Record
from sim.results.ledger import Failed, Ledger, Outcome
from sim.results.measures import measures
from sim.results.mending import say
from sim.results.tables import brief, columns
from sim.rules.steps import at, total, whole
from sim.study.engine import TWINS, Engine, check_engine, prepare
from sim.study.executors import Where, count, each
from sim.study.processes import Failure
from sim.study.sources import digest as sources
from sim.world.nature import Nature, given_plan, nature

Equal = Literal["units", "cost"]


@dataclass(frozen=True)
class Match:
    """The units of one component set after those of another, once the parameters of a replication are drawn.

    Parameters
    ----------
    equal
        ``units``: as many units; ``cost``: as many as cost the same while on duty, rounded to whole units.
    component
        Whose units are set, as a bit.
    like
        Whose units are taken as the standard, as bits.
    """

    equal: Equal
    component: int
    like: int

    def applied(self, plan: Plan) -> Plan:
        """Return a drawn plan with the units set wherever the component has any; the first pool of it takes all."""
        escorts = plan.escorts
        ours = [k for k, bits in enumerate(escorts.component) if bits == self.component]
        theirs = [k for k, bits in enumerate(escorts.component) if bits & self.like]
        units = list(escorts.units)
        first = ours[0]
        times = sorted({t for k in (*ours, *theirs) for t in (0.0, *escorts.units[k].starts)})
        values = []
        for time in times:
            own = total(at(*escorts.units[k], time) for k in ours)
            standard = total(
                at(*escorts.units[k], time) * (escorts.cost[k] / escorts.cost[first] if self.equal == "cost" else 1.0)
                for k in theirs
            )
            values.append(float(whole(standard)) if own > 0.0 else 0.0)
        units[first] = Steps(tuple(times), tuple(values))
        for k in ours[1:]:
            units[k] = Steps((0.0,), (0.0,))
        return replace(plan, escorts=replace(escorts, units=tuple(units)))


Progress = Callable[[int, int], None]
Tables = Literal["all", "brief", "none"]


@dataclass(frozen=True, eq=False)
class Work:
    """What is replicated: a plan with a seed, and what is kept of each replication.

    Parameters
    ----------
    plan
        The plan.
    seed
        64 bits.
    central
        Hold uncertain parameters at their central values.
    wanted
        Measures beyond those that every run has.
    tables
        Which tables are kept.
    match
        What is made equal between two escorts once the parameters are drawn.
    engine
        What simulates.

    Raises
    ------
    RequestError
        If there is no such engine.
    """

    plan: Plan
    seed: int
    central: bool = False
    wanted: tuple[str, ...] = ()
    tables: Tables = "brief"
    match: Match | None = None
    engine: Engine = "fast"

    def __post_init__(self) -> None:
        check_engine(self.engine)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all that decides the results: plan, seed, what is kept, and the sources of the model."""
        # Engines give the same bits, but one must not go on with what the other kept: a difference would be hidden.
        parts = (self.plan, self.seed, self.central, self.wanted, self.tables, self.match, self.engine, sources())
        return sha256(repr(parts).encode()).hexdigest()


class Job(NamedTuple):
    """One replication of a work."""

    work: Work
    replication: int


def do(job: Job) -> Outcome:
    """Run one replication; an error carries the ``stage`` at which it came."""
    work, replication = job
    record = _fast(work, replication) if work.engine == "fast" else _simpy(work, replication)
    stage = "measures"
    try:
        values = measures(record, work.wanted)
        stage = "tables"
        kept = columns(record) if work.tables == "all" else brief(record) if work.tables == "brief" else {}
    except Exception as error:
        error.stage = stage  # type: ignore[attr-defined]
        raise
    return Outcome(values, kept)


def _fast(work: Work, replication: int) -> Record:
    """Simulate with the compiled engine; what goes wrong there is told in the words of SimPy."""
    from sim.fast import Twin

    prepare()  # a worker process or a cluster's is not the one that was made ready
    try:
        given = nature(work.plan, work.seed, replication, central=work.central)
        if work.match is not None:
            plan = work.match.applied(given_plan(work.plan, given))
            return Twin(plan).replicate(Nature(given.draws))
        return TWINS.of(work.digest, work.plan).replicate(given)
    except RoomError:
        raise  # SimPy needs more
    except ModelError as error:
        _simpy(work, replication)
        raise ModelError(
            f"the engines differ: with seed {work.seed} the fast engine fails in replication {replication} ({error}) "
            "and SimPy does not; use --engine simpy",
            stage="model",
        ) from error


def _simpy(work: Work, replication: int) -> Record:
    from sim.model import replicate

    stage = "parameters"
    try:
        given = nature(work.plan, work.seed, replication, central=work.central)
        plan = given_plan(work.plan, given)
        plan = plan if work.match is None else work.match.applied(plan)
        stage = "model"
        return replicate(plan, given.draws)
    except Exception as error:
        error.stage = stage  # type: ignore[attr-defined]
        raise


def ready(works: Iterable[Work], tell: Callable[[str], object] | None = say) -> None:
    """Make the compiled engine ready for the works that it does, before jobs begin.

    Parameters
    ----------
    works
        What is replicated.
    tell
        Told in a line if the engine must first be compiled; None for nobody.
    """
    for work in works:
        if work.engine == "fast":
            prepare(tell)
            TWINS.of(work.digest, work.plan)


def complete(
    works: Iterable[Work],
    replications: Sequence[int],
    ledger: Ledger,
    where: Where,
    progress: Progress | None = None,
) -> int:
    """Do the replications that the ledger does not hold yet, each replication of all works before the next.

    Works that are the same in all that decides the results are done once.  Failures are kept in the ledger and stop
    nothing.  Returns how many were done at a time, 0 if there was nothing left to do.

    Raises
    ------
    StudyError
        If the replications cannot be done where they should be.
    ResultsError
        If the ledger cannot be written.
    """
    unique = {work.digest: work for work in works}
    kept = {digest: ledger.done(digest) for digest in unique}
    todo = [Job(work, r) for r in replications for digest, work in unique.items() if r not in kept[digest]]
    done, total = len(replications) * len(unique) - len(todo), len(replications) * len(unique)
    if progress is not None:
        progress(done, total)
    if not todo:
        return 0
    ready(unique.values())
    where = where.said(todo[0].work.engine)
    workers = count(where, len(todo))
    with closing(each(do, todo, where)) as results:
        for job, result in results:
            if isinstance(result, Failure):
                failed = Failed(job.replication, result.stage, result.message, result.trace)
                ledger.fail(job.work.digest, failed)
            else:
                ledger.put(job.work.digest, job.replication, result)
            done += 1
            if progress is not None:
                progress(done, total)
    return workers
