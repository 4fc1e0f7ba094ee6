"""Jobs for the tests of workers, who import them by name."""

from __future__ import annotations

import os
import signal
import time
from multiprocessing.connection import Connection
from pathlib import Path

from sim.errors import ConvoiError
from sim.plan.plan import Plan
from sim.results.measures import measures
from sim.study.replicate import simulate


def once(folder: Path, deadly: int, job: int) -> int:
    """Return the job; fail if it was done before, and kill the worker that has the deadly one."""
    (folder / str(job)).mkdir()
    if job == deadly:
        os.kill(os.getpid(), signal.SIGKILL)
    return job


def replication(plan: Plan, job: tuple[int, int]) -> dict[str, str]:
    """Return all bits of the measures of a replication; the job is (seed, replication)."""
    return {name: value.hex() for name, value in measures(simulate(plan, *job), ()).items()}


def slow_replication(plan: Plan, job: tuple[int, int]) -> dict[str, str]:
    """Take longer over the same."""
    time.sleep(0.2)
    return replication(plan, job)


def at_the_depot(job: int) -> None:
    """Fail at a stage of its own."""
    raise ConvoiError(f"job {job} is refused", stage="depot")


def stop_if(stops: bool) -> None:
    """Stop the worker, as whoever sends it SIGSTOP does, if the job says so."""
    if stops:
        os.kill(os.getpid(), signal.SIGSTOP)


def half_written(deadly: bool) -> bytes:
    """Return more than a pipe takes at once; the worker dies with half of it written, if the job says so."""
    if deadly:
        whole = Connection._send

        def half(pipe: Connection, data: bytes) -> None:
            whole(pipe, data[: len(data) // 2])
            os.kill(os.getpid(), signal.SIGKILL)

        Connection._send = half
    return b"x" * 5_000_000
