"""Jobs done wherever they are done: threads, processes, a cluster, or an executor of the caller's."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Generator, Hashable, Iterable
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from operator import length_hint
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Final, Generic, NamedTuple, TypeVar

from sim.errors import StudyError
from sim.halt import Halt, obeyed
from sim.study.cluster import ASK_EVERY, do_if_same, joined
from sim.study.processes import AT_WORK, Failure, Processes, attempt
from sim.study.sources import basis

if TYPE_CHECKING:
    from sim.study.engine import Engine

J = TypeVar("J", bound=Hashable)
R = TypeVar("R")
IN_HAND: Final = 2
"""Jobs given to each worker: one at work and one to go on with, so that an interrupted study stops soon."""
IN_A_ROW: Final = 5
"""Workers lost one after another, with no job done in between, after which a study is given up; of processes of
this machine, as many as work at a time."""


class Done(NamedTuple, Generic[J, R]):
    """A job and what came of it."""

    job: J
    result: R | Failure


@dataclass(frozen=True)
class Where:
    """What does the jobs: threads of this process or processes of this machine if nothing is said.

    Parameters
    ----------
    workers
        How many at a time; as many as there are cores if not given. A cluster has as many as it has.
    threads
        True for threads of this process, False for processes of this machine. If not given, threads for the compiled
        engine, which lets them run beside each other, and processes for SimPy, in which they would take turns.
    cluster
        Address of a dask.distributed scheduler, ``tcp://host:port``.
    executor
        An executor of the caller's, who also shuts it down.

    Raises
    ------
    StudyError
        If more than one is asked for, or the number of workers is not possible.
    """

    workers: int | None = None
    threads: bool | None = None
    cluster: str | None = None
    executor: Executor | None = None

    def __post_init__(self) -> None:
        asked = {
            "threads": self.threads is True,
            "a cluster": self.cluster is not None,
            "an executor": self.executor is not None,
        }
        chosen = [name for name, is_asked in asked.items() if is_asked]
        if len(chosen) > 1:
            raise StudyError(f"{' and '.join(chosen)} are asked for; jobs are done by one of them")
        if self.workers is not None and (not isinstance(self.workers, int) or self.workers < 1):
            raise StudyError(f"cannot use {self.workers} workers; expected at least 1", value=self.workers)
        if self.workers is not None and self.cluster is not None:
            raise StudyError(f"a cluster has the workers that it has; {self.workers} were asked for")

    def said(self, engine: Engine) -> Where:
        """Return the same with threads or processes, whichever suits an engine, if neither was said."""
        if self.threads is not None or self.cluster is not None or self.executor is not None:
            return self
        return replace(self, threads=engine == "fast")


HERE: Final = Where()
"""On this machine."""


def count(where: Where, jobs: int) -> int:
    """Return how many jobs are done at a time; of a cluster, now.

    Raises
    ------
    StudyError
        If the cluster cannot be used.
    """
    if where.cluster is not None:
        with joined(where.cluster) as cluster:
            return max(1, min(cluster.cores(), jobs))
    return max(1, min(_at_a_time(where), jobs))


def each(work: Callable[[J], R], jobs: Iterable[J], where: Where) -> Generator[Done[J, R]]:
    """Do jobs; yield each once, as it is done, in any order.

    A job whose worker is lost is a failure of the stage "worker". On leaving, what is not begun is cancelled, and what
    is at work in this process is told to stop and waited for; processes of the caller's and a cluster end by themselves
    what is at work there.

    Parameters
    ----------
    work
        What to do with a job. But for threads it, jobs and results must pickle.
    jobs
        What tells one piece of work from another, such as numbers or pairs of numbers.
    where
        What does them.

    Raises
    ------
    StudyError
        If the executor breaks, the cluster cannot be used, or workers are lost one after another with no job done.
    """
    if where.cluster is not None:
        with joined(where.cluster) as cluster:
            executor = cluster.client.get_executor(pure=False)
            yield from _through(executor, partial(do_if_same, basis(), partial(attempt, work)), jobs, cluster.cores)
        return
    many = count(where, length_hint(jobs, _at_a_time(where)))
    if where.executor is not None:
        yield from _here(where.executor, work, jobs, _at_a_time(where))
    elif where.threads:
        with ThreadPoolExecutor(_at_a_time(where)) as executor:
            yield from _here(executor, work, jobs, _at_a_time(where))
    elif many > 1:
        with Processes(many) as executor:
            yield from _here(executor, work, jobs, many)
    else:
        for job in jobs:
            yield Done(job, attempt(work, job))


def _here(executor: Executor, work: Callable[[J], R], jobs: Iterable[J], many: int) -> Generator[Done[J, R]]:
    """Do jobs by an executor that works so many at a time; what is at work in this process can be told to stop."""
    halt = Halt() if isinstance(executor, ThreadPoolExecutor) and not isinstance(executor, Processes) else None
    do = partial(attempt, work) if halt is None else partial(_until, halt, work)
    yield from _through(executor, do, jobs, lambda: many, halt)


def _at_a_time(where: Where) -> int:
    own = getattr(where.executor, "_max_workers", None)  # what the executors of the standard library call it
    return where.workers or own or len(os.sched_getaffinity(0))


def _until(halt: Halt, work: Callable[[J], R], job: J) -> R | Failure:
    with obeyed(halt):
        return attempt(work, job)


def _through(
    executor: Executor,
    do: Callable[[J], R | Failure],
    jobs: Iterable[J],
    at_a_time: Callable[[], int],
    halt: Halt | None = None,
) -> Generator[Done[J, R]]:
    """Give an executor what it can do soon, and take what it has done; ``halt`` stops what is at work on leaving."""
    left = iter(jobs)
    begun: dict[Future[R | Failure], J] = {}
    finished: SimpleQueue[Future[R | Failure]] = SimpleQueue()
    lost, own = 0, isinstance(executor, Processes)
    try:
        while True:
            for job in islice(left, max(0, max(1, IN_HAND * at_a_time()) - len(begun))):
                future = _submitted(executor, partial(do, job))
                begun[future] = job
                future.add_done_callback(finished.put)
            if not begun:
                return
            try:
                future = finished.get(timeout=ASK_EVERY)
            except Empty:
                continue
            result = _result(future)
            if isinstance(result, Failure) and result.stage == AT_WORK:
                at_a_time()  # stops here if the cluster itself is gone, which is no job's failure
                lost += 1
                if lost > (at_a_time() if own else IN_A_ROW):
                    ends = "worker processes ended" if own else "workers were lost"
                    message = f"{lost} {ends} one after another and no job was done in between"
                    raise StudyError(f"{message}; the last: {result.message}", job=begun[future])
            else:
                lost = 0
            yield Done(begun.pop(future), result)
    finally:
        at_work = [future for future in begun if not future.cancel()]
        if halt is not None:
            halt.tell()
            wait(at_work)


def _submitted(executor: Executor, do: Callable[[], R]) -> Future[R]:
    try:
        return executor.submit(do)
    except RuntimeError as error:  # broken, or shut down
        raise StudyError(f"the executor takes no jobs: {error}") from error


def _result(future: Future[R | Failure]) -> R | Failure:
    """Return what came of a job; `attempt` tells what the job itself raises, so what is raised here is not its own."""
    try:
        return future.result()
    except StudyError:
        raise
    except BrokenExecutor as error:
        raise StudyError(f"the executor broke: {error}") from error
    except CancelledError:
        return Failure("its worker was lost: the job was cancelled", "", AT_WORK)
    except Exception as error:
        return Failure(f"its worker was lost: {type(error).__name__}: {error}", traceback.format_exc(), AT_WORK)
