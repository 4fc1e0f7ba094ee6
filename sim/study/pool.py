"""Jobs over worker processes, each worker at the end of a pipe of its own.

The pools of the standard library share one queue of results: a worker that is killed while it writes to it leaves
the others, and the caller, waiting for ever. Here a dead worker is an end of file on its own pipe, whatever it did.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections import deque
from collections.abc import Callable, Generator, Hashable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from multiprocessing import connection, get_context, resource_tracker
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from time import monotonic
from types import ModuleType
from typing import Any, Final, Generic, NamedTuple, TypeVar

from sim.errors import ConvoiError, StudyError

J = TypeVar("J", bound=Hashable)
R = TypeVar("R")
IN_HAND: Final = 2
"""Jobs that a worker holds: one at work and one to go on with, so that an interrupted study stops soon."""
AT_WORK: Final = "worker"
"""Stage of a failure that is the worker's: it ended with the job at work."""
LOOK_EVERY: Final = 2.0
"""Seconds between looks at whether workers are stopped."""
LOOKS: Final = 15
"""Looks in a row at which a worker is stopped, so for half a minute, after which it is taken for lost."""
END_TIME: Final = 1.0
"""Seconds that a worker has to end by itself once its pipe is closed."""


class WorkerError(StudyError):
    """Workers end one after another and no job is done; `job` is what the last one had at work, if anything."""


class Failure(NamedTuple):
    """A job that went wrong: what was said, the traceback for whoever mends it, and the stage at which it was."""

    message: str
    trace: str
    stage: str


class Done(NamedTuple, Generic[J, R]):
    """A job and what came of it."""

    job: J
    result: R | Failure


def each(work: Callable[[J], R], jobs: Iterable[J], workers: int) -> Generator[Done[J, R]]:
    """Do jobs, in this process if there is one worker; yield each once, as it is done, in any order.

    When a worker ends, the job that it had at work is a failure of the stage "worker"; what else it held goes to
    others, and a new worker takes its place. One that is stopped (SIGSTOP) and does not go on within half a minute is
    ended; one that merely computes for long is not.

    Parameters
    ----------
    work
        What to do with a job. With more than one worker it, jobs and results must pickle.
    jobs
        What tells one piece of work from another, such as numbers or pairs of numbers.
    workers
        Processes; no more are started than there are jobs.

    Raises
    ------
    WorkerError
        If more workers end one after another than work at a time, and no job is done in between.
    StudyError
        If a worker cannot be started.
    """
    if workers == 1:
        for job in jobs:
            yield Done(job, attempt(work, job))
        return
    left = _Left(jobs)
    team: dict[Connection[Any, Any], _Worker[J]] = {}
    deaths = 0
    looked = monotonic()
    try:
        while left or any(worker.hand for worker in team.values()):
            while left and len(team) < workers:
                with _interrupts_held():
                    worker = _Worker[J](work)
                    team[worker.pipe] = worker
                worker.give(left, 1)
            for many in range(1, IN_HAND + 1):
                for worker in team.values():
                    worker.give(left, many)
            if monotonic() - looked >= LOOK_EVERY:
                for worker in team.values():
                    worker.look()
                looked = monotonic()
            for pipe in connection.wait(team, LOOK_EVERY):
                worker = team[pipe]  # type: ignore[index]
                try:
                    said = worker.pipe.recv()
                except (EOFError, OSError):
                    why = worker.bury()
                    del team[worker.pipe]
                    lost = [worker.hand.popleft()] if worker.up and worker.hand else []
                    left.back(worker.hand)
                    deaths += 1
                    if deaths > workers:
                        message = f"{deaths} worker processes ended one after another and no job was done in between"
                        raise WorkerError(f"{message}; the last {why}", job=next(iter(lost), None)) from None
                    for job in lost:
                        yield Done(job, Failure(f"its worker process {why}", "", AT_WORK))
                    continue
                if not worker.up:
                    worker.up = True
                    continue
                deaths = 0
                job = worker.hand.popleft()
                worker.give(left, IN_HAND)
                yield Done(job, said)
    finally:
        # Workers hold nothing that must be kept.
        for worker in team.values():
            worker.process.kill()
        for worker in team.values():
            worker.process.join()
            worker.pipe.close()


def attempt(work: Callable[[J], R], job: J) -> R | Failure:
    """Do a job, and make what it raises a failure."""
    try:
        return work(job)
    except Exception as error:
        message = str(error) if isinstance(error, ConvoiError) else f"{type(error).__name__}: {error}"
        return Failure(message, traceback.format_exc(), getattr(error, "stage", "replication"))


class _Left(Generic[J]):
    """Jobs that no worker holds; those that come back go first."""

    def __init__(self, jobs: Iterable[J]) -> None:
        self._first: deque[J] = deque()
        self._rest = iter(jobs)

    def __bool__(self) -> bool:
        if not self._first:
            self._first.extend(islice(self._rest, 1))
        return bool(self._first)

    def pop(self) -> J:
        return self._first.popleft()

    def back(self, jobs: Iterable[J]) -> None:
        self._first.extendleft(jobs)


class _Worker(Generic[J]):
    """A process, the pipe to it, and the jobs that it holds; it is up once it has said so."""

    def __init__(self, work: Callable[[J], object]) -> None:
        context = get_context("spawn")
        self.hand: deque[J] = deque()
        self.up = False
        self.stops = 0
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

    def give(self, left: _Left[J], many: int) -> None:
        """Hand out jobs while any are left, until the worker holds so many; a dead or stopped one gets none."""
        while len(self.hand) < many and left and not _is_stopped(self.process.pid):
            job = left.pop()
            try:
                self.pipe.send(job)
            except OSError:
                left.back([job])
                return
            self.hand.append(job)

    def look(self) -> None:
        """End the worker if it has been stopped at every look for long."""
        self.stops = self.stops + 1 if _is_stopped(self.process.pid) else 0
        if self.stops == LOOKS:
            self.process.kill()

    def bury(self) -> str:
        """Make an end of a worker that has closed its pipe, and say how it ended."""
        self.process.join(END_TIME)
        self.process.kill()
        self.process.join()
        self.pipe.close()
        if self.stops >= LOOKS:
            return f"was stopped and did not go on for {LOOKS * LOOK_EVERY:.0f} s"
        code = self.process.exitcode or 0
        how = f"was killed by signal {-code} ({signal.strsignal(-code)})" if code < 0 else f"ended with code {code}"
        return f"{how}; it may have run out of memory: use fewer workers"


def _serve(pipe: Connection[Any, Any], work: Callable[[J], object]) -> None:
    jobs: SimpleQueue[J] = SimpleQueue()
    Thread(target=_receive, args=(pipe, jobs), daemon=True).start()
    pipe.send("up")
    while True:
        pipe.send(attempt(work, jobs.get()))


def _is_stopped(process: int | None) -> bool:
    """Say whether a process is stopped, as by SIGSTOP; not if the system does not tell."""
    try:
        return Path(f"/proc/{process}/stat").read_bytes().rpartition(b")")[2].split()[0] == b"T"
    except (OSError, IndexError):
        return False


def _receive(pipe: Connection[Any, Any], jobs: SimpleQueue[J]) -> None:
    """Take jobs as they come, so that neither side waits for the other to read; end with whoever gives them."""
    try:
        while True:
            jobs.put(pipe.recv())
    except (EOFError, OSError):
        pass
    except Exception:
        traceback.print_exc()
    finally:
        os._exit(1)


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
