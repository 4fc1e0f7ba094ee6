"""Jobs over processes: done once each, told when they fail, and never left waiting, whenever a worker dies."""

import math
import multiprocessing
import operator
import os
import signal
import threading
import time
from contextlib import closing
from functools import partial

import pytest

from sim.errors import StudyError
from sim.study.pool import Failure, each

LARGE = 50_000_000  # bytes; far more than a pipe takes while nobody reads


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_each_job_is_done_once(workers: int) -> None:
    with closing(each(math.factorial, iter(range(20)), workers)) as done:
        results = dict(done)
    assert results == {job: math.factorial(job) for job in range(20)}
    assert not multiprocessing.active_children()


@pytest.mark.parametrize("workers", [1, 2])
def test_a_failed_job_is_told_and_stops_no_other(workers: int) -> None:
    with closing(each(partial(operator.floordiv, 12), range(4), workers)) as done:
        results = dict(done)
    failure = results.pop(0)
    assert results == {1: 12, 2: 6, 3: 4}
    assert isinstance(failure, Failure)
    assert failure.message.startswith("ZeroDivisionError: ")
    assert "Traceback" in failure.trace


def kill_workers() -> None:
    for worker in multiprocessing.active_children():
        assert worker.pid is not None
        os.kill(worker.pid, signal.SIGKILL)


def test_a_worker_killed_while_it_writes_is_told() -> None:
    # The first result is read and no other: both workers then hold one that the pipe cannot take whole.
    with closing(each(partial(operator.mul, b"x" * LARGE), [1] * 8, 2)) as done:
        assert next(done).result == b"x" * LARGE
        time.sleep(0.5)
        kill_workers()
        with pytest.raises(StudyError, match="worker ended"):
            list(done)
    assert not multiprocessing.active_children()


@pytest.mark.parametrize("after", [0.0, 0.01, 0.03, 0.1, 0.3])
def test_a_worker_killed_while_it_starts_is_told(after: float) -> None:
    def assassin() -> None:
        while not multiprocessing.active_children():
            time.sleep(0.001)
        time.sleep(after)
        kill_workers()

    thread = threading.Thread(target=assassin)
    thread.start()
    with closing(each(time.sleep, [5] * 4, 2)) as done, pytest.raises(StudyError, match="worker"):
        list(done)
    thread.join()


def test_a_study_that_is_left_ends_its_workers() -> None:
    done = each(math.factorial, range(1000), 2)
    next(done)
    assert len(multiprocessing.active_children()) == 2
    done.close()
    assert not multiprocessing.active_children()
