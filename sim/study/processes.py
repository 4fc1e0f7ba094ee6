"""An executor over processes, each at the end of a pipe of its own.

The executors of the standard library share one queue of results: a worker that is killed while it writes to it leaves
whoever reads waiting for ever. Here a dead worker is an end of file on its own pipe, whatever it did.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing import get_context, parent_process, resource_tracker
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Lock, Thread, local
from types import ModuleType
from typing import Any, Final, NamedTuple, TypeVar

from sim.errors import ConvoiError, StudyError

J = TypeVar("J")
R = TypeVar("R")
AT_WORK: Final = "worker"
"""Stage of a failure that is the worker's: it ended with the job at work."""
LOOK_EVERY: Final = 2.0
"""Seconds between looks at whether a worker is stopped."""
LOOKS: Final = 15
"""Looks in a row at which a worker is stopped, so for half a minute, after which it is taken for lost."""
END_TIME: Final = 1.0
"""Seconds that a worker has to end by itself once its pipe is closed."""
STARTS: Final = 3
"""Processes started one after another that end before they are up, after which a study is given up."""
_CHILDREN: Final = Lock()
"""Held by whoever starts a child or asks after one: multiprocessing keeps one list of them for all threads."""


class Failure(NamedTuple):
    """A job that went wrong: what was said, the traceback for whoever mends it, and the stage at which it was."""

    message: str
    trace: str
    stage: str


def attempt(work: Callable[[J], R], job: J) -> R | Failure:
    """Do a job, and make what it raises a failure."""
    try:
        return work(job)
    except Exception as error:
        message = str(error) if isinstance(error, ConvoiError) else f"{type(error).__name__}: {error}"
        return Failure(message, traceback.format_exc(), getattr(error, "stage", "replication"))


class Processes(ThreadPoolExecutor):
    """Threads, each of which hands jobs to a process of its own and waits for what comes of them.

    A job whose process ends is a `Failure` of the stage "worker", and another process takes its place.  One that is
    stopped (SIGSTOP) and does not go on within half a minute is ended; one that merely computes for long is not.  No
    more are started than there are jobs.  Shutting down ends them, whatever is at work.

    Parameters
    ----------
    workers
        How many, at most.
    """

    def __init__(self, workers: int) -> None:
        resource_tracker.ensure_running()  # else the first start of a worker lets interrupts through again
        # Ctrl-C is for the caller, who ends the workers: these inherit what their thread lets through.
        super().__init__(workers, initializer=signal.pthread_sigmask, initargs=(signal.SIG_BLOCK, {signal.SIGINT}))
        self._own = local()
        self._workers: list[_Worker] = []
        self._is_over = False

    def submit(self, fn: Callable[..., R], /, *args: Any, **kwargs: Any) -> Future[R]:
        """Have a process do a job: it, and what comes of it, must pickle."""
        return super().submit(self._hand, partial(fn, *args, **kwargs))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes, which hold nothing that must be kept."""
        with _CHILDREN:
            self._is_over = True
        for worker in self._workers:
            worker.kill()
        super().shutdown(wait, cancel_futures=cancel_futures)
        for worker in self._workers:
            worker.bury()

    def _hand(self, job: Callable[[], Any]) -> Any:
        worker: _Worker | None = getattr(self._own, "worker", None)
        if worker is None or not worker.is_ready():
            worker = self._own.worker = self._up()
        return worker.do(job)

    def _up(self) -> _Worker:
        """Return a new worker that has begun.

        Raises
        ------
        StudyError
            If it cannot be started, or one after another ends before it is up.
        """
        why = "was not wanted any more"
        for _ in range(STARTS):
            with _CHILDREN:
                if self._is_over:
                    break
                worker = _Worker()
                self._workers.append(worker)
            if worker.is_up():
                return worker
            why = worker.bury()
        raise StudyError(f"{STARTS} worker processes ended one after another and none began; the last {why}")


class _Worker:
    """A process and the pipe to it."""

    def __init__(self) -> None:
        context = get_context("spawn")
        self._stops = 0
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs,), daemon=True)
        try:
            with _main_aside():
                self._process.start()
        except OSError as error:
            self._pipe.close()
            raise StudyError(f"cannot start a worker process: {error}") from error
        finally:
            theirs.close()  # from here on only the worker holds it, and its death closes it

    def is_up(self) -> bool:
        """Wait until the worker has begun; say whether it did."""
        with suppress(EOFError, OSError):
            return bool(self._pipe.recv())
        return False

    def is_ready(self) -> bool:
        """Say whether the worker would begin a job: it lives and is not stopped."""
        with _CHILDREN:
            return self._process.is_alive() and not _is_stopped(self._process.pid)

    def do(self, job: Callable[[], Any]) -> Any:
        """Return what comes of a job; a failure if the worker ends."""
        try:
            self._pipe.send(job)
            while not self._pipe.poll(LOOK_EVERY):
                self._stops = self._stops + 1 if _is_stopped(self._process.pid) else 0
                if self._stops == LOOKS:
                    self.kill()
            return self._pipe.recv()
        except (EOFError, OSError):
            return Failure(f"its worker process {self.bury()}", "", AT_WORK)

    def kill(self) -> None:
        """End the worker at once."""
        with _CHILDREN:
            self._process.kill()

    def bury(self) -> str:
        """Make an end of a worker that has closed its pipe, and say how it ended."""
        with _CHILDREN:
            self._process.join(END_TIME)
            self._process.kill()
            self._process.join()
        self._pipe.close()
        if self._stops >= LOOKS:
            return f"was stopped and did not go on for {LOOKS * LOOK_EVERY:.0f} s"
        code = self._process.exitcode or 0
        how = f"was killed by signal {-code} ({signal.strsignal(-code)})" if code < 0 else f"ended with code {code}"
        return f"{how}; it may have run out of memory: use fewer workers"


def _serve(pipe: Connection[Any, Any]) -> None:
    Thread(target=_end_with_the_caller, daemon=True).start()
    pipe.send(True)
    with suppress(BrokenPipeError):
        while True:
            try:
                job = pipe.recv()
            except EOFError:
                return
            pipe.send(job())


def _end_with_the_caller() -> None:
    caller = parent_process()
    assert caller is not None
    caller.join()
    os._exit(1)


def _is_stopped(process: int | None) -> bool:
    """Say whether a process is stopped, as by SIGSTOP; not if the system does not tell."""
    try:
        return Path(f"/proc/{process}/stat").read_bytes().rpartition(b")")[2].split()[0] == b"T"
    except (OSError, IndexError):
        return False


@contextmanager
def _main_aside() -> Iterator[None]:
    """Let workers start without running the caller's script again: they need this package only."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
