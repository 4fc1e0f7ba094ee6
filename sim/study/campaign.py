"""Replications of several works, done wherever they are done, and kept as they come."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Literal, NamedTuple

from sim.plan.plan import Plan
from sim.results.ledger import Failed, Ledger, Outcome
from sim.study.executors import Where, count, each
from sim.study.pool import Failure
from sim.study.sources import digest as sources
from sim.world.keys import Draws
from sim.world.nature import drawn_plan

if TYPE_CHECKING:
    from sim.study.match import Match

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
    """

    plan: Plan
    seed: int
    central: bool = False
    wanted: tuple[str, ...] = ()
    tables: Tables = "brief"
    match: Match | None = None

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all that decides the results: plan, seed, what is kept, and the sources of the model."""
        parts = (self.plan, self.seed, self.central, self.wanted, self.tables, self.match, sources())
        return sha256(repr(parts).encode()).hexdigest()


class Job(NamedTuple):
    """One replication of a work."""

    work: Work
    replication: int


def drawn(plan: Plan, seed: int, replication: int, *, central: bool) -> Plan:
    """Return the plan with a replication's draw of the parameters, which replications 2k and 2k + 1 share."""
    return plan if central else drawn_plan(plan, Draws(seed, replication // 2))


def do(job: Job) -> Outcome:
    """Run one replication; an error carries the ``stage`` at which it came."""
    from sim.model import replicate
    from sim.results.brief import brief
    from sim.results.measures import measures
    from sim.results.tables import columns

    work, replication = job
    stage = "parameters"
    try:
        plan = drawn(work.plan, work.seed, replication, central=work.central)
        if work.match is not None:
            plan = work.match.applied(plan)
        stage = "model"
        record = replicate(plan, Draws(work.seed, replication))
        stage = "measures"
        found = measures(record, work.wanted)
        stage = "tables"
        kept = columns(record) if work.tables == "all" else brief(record) if work.tables == "brief" else {}
    except Exception as error:
        error.stage = stage  # type: ignore[attr-defined]
        raise
    return Outcome(found, kept)


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
    held = {digest: ledger.done(digest) for digest in unique}
    todo = [Job(work, r) for r in replications for digest, work in unique.items() if r not in held[digest]]
    done, total = len(replications) * len(unique) - len(todo), len(replications) * len(unique)
    if progress is not None:
        progress(done, total)
    if not todo:
        return 0
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
