"""Jobs over worker processes, each worker at the end of a pipe of its own.

The pools of the standard library share one queue of results: a worker that is killed while it writes to it leaves
the others, and the caller, waiting for ever. Here a dead worker is an end of file on its own pipe, whatever it did.
"""

from __future__ import annotations

import signal
import sys
import traceback
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from multiprocessing import connection, get_context, resource_tracker
from multiprocessing.connection import Connection
from types import ModuleType
from typing import Any, Generic, NamedTuple, TypeVar

from sim.errors import ConvoiError, StudyError

R = TypeVar("R")
IN_HAND = 2
"""Jobs that a worker holds: one at work and one to go on with, so that an interrupted study stops soon."""


class WorkerError(StudyError):
    """A worker process ended before its `job` was done."""


class Failure(NamedTuple):
    """A job that went wrong: what was said, and the traceback for whoever mends it."""

    message: str
    trace: str


class Done(NamedTuple, Generic[R]):
    """A job and what came of it."""

    job: int
    result: R | Failure


def each(work: Callable[[int], R], jobs: Iterable[int], workers: int) -> Generator[Done[R]]:
    """Do jobs, in this process if there is one worker; yield each as it is done, in any order.

    Parameters
    ----------
    work
        What to do with a job. With more than one worker it and its results must pickle.
    jobs
        Whole numbers.
    workers
        Processes.

    Raises
    ------
    WorkerError
        If a worker ends before its job is done.
    StudyError
        If a worker cannot be started.
    """
    if workers == 1:
        for job in jobs:
            yield Done(job, _attempt(work, job))
        return
    team: dict[Connection[Any, Any], _Worker] = {}
    try:
        left = iter(jobs)
        for _ in range(workers):
            with _interrupts_held():
                worker = _Worker(work)
                team[worker.pipe] = worker
            worker.give(left)
        while busy := [pipe for pipe, worker in team.items() if worker.hand]:
            for pipe in connection.wait(busy):
                worker = team[pipe]  # type: ignore[index]
                result = worker.take()
                job = worker.hand.popleft()
                worker.give(left)
                yield Done(job, result)
    finally:
        # Workers hold nothing that must be kept.
        for worker in team.values():
            worker.process.kill()
        for worker in team.values():
            worker.process.join()
            worker.pipe.close()


class _Worker:
    """A process, the pipe to it, and the jobs that it holds."""

    def __init__(self, work: Callable[[int], object]) -> None:
        context = get_context("spawn")
        self.hand: deque[int] = deque()
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, work), daemon=True)
        try:
            with _main_aside():
                self.process.start()
        except OSError as error:
            self.pipe.close()
            raise StudyError(f"cannot start a worker process: {error}") from error
        finally:
            theirs.close()  # from here on only the worker holds it, and its death closes it

    def give(self, jobs: Iterator[int]) -> None:
        """Hand out jobs while any are left, up to what a worker holds."""
        while len(self.hand) < IN_HAND and (job := next(jobs, None)) is not None:
            self.hand.append(job)
            try:
                self.pipe.send(job)
            except OSError as error:
                raise self._ended() from error

    def take(self) -> Any:
        """Return the result of the first job in hand."""
        try:
            return self.pipe.recv()
        except (EOFError, OSError) as error:
            raise self._ended() from error

    def _ended(self) -> WorkerError:
        return WorkerError("its worker ended; it may have run out of memory: use fewer workers", job=self.hand[0])


def _serve(pipe: Connection[Any, Any], work: Callable[[int], object]) -> None:
    try:
        while True:
            pipe.send(_attempt(work, pipe.recv()))
    except (EOFError, OSError):
        return  # whoever asked is gone


def _attempt(work: Callable[[int], R], job: int) -> R | Failure:
    try:
        return work(job)
    except ConvoiError as error:
        return Failure(str(error), traceback.format_exc())
    except Exception as error:
        return Failure(f"{type(error).__name__}: {error}", traceback.format_exc())


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Let Ctrl-C wait, so that no worker is started and forgotten; workers inherit this and are ended by the caller."""
    resource_tracker.ensure_running()  # else the first start of a worker lets interrupts through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _main_aside() -> Iterator[None]:
    """Let workers start without running the caller's script again: they need this package only."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
