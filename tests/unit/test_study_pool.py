"""Jobs over processes: done once each, told when they fail, and never left waiting, whenever a worker dies."""

import math
import multiprocessing
import operator
import os
import signal
import sys
import threading
import time
from contextlib import closing
from functools import partial
from pathlib import Path
from types import ModuleType

import pytest

from sim.errors import StudyError
from sim.study import processes
from sim.study.executors import Where, each
from sim.study.processes import Failure
from tests.jobs import half_written, once, stop_if

LARGE = 50_000_000  # bytes; far more than a pipe takes while nobody reads


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_each_job_is_done_once(workers: int, tmp_path: Path) -> None:
    with closing(each(partial(once, tmp_path, -1), iter(range(20)), Where(workers))) as done:
        results = list(done)
    assert sorted(results) == [(job, job) for job in range(20)]
    assert not multiprocessing.active_children()


def test_a_job_may_be_a_pair_of_numbers() -> None:
    pairs = [(alternative, replication) for alternative in range(2) for replication in range(2)]
    with closing(each(operator.itemgetter(1), pairs, Where(2))) as done:
        assert dict(done) == {pair: pair[1] for pair in pairs}


def test_no_more_workers_are_started_than_there_are_jobs() -> None:
    with closing(each(math.factorial, range(2), Where(5))) as done:
        next(done)
        assert len(multiprocessing.active_children()) == 2


@pytest.mark.parametrize("workers", [1, 2])
def test_a_failed_job_is_told_and_stops_no_other(workers: int) -> None:
    with closing(each(partial(operator.floordiv, 12), range(4), Where(workers))) as done:
        results = dict(done)
    failure = results.pop(0)
    assert results == {1: 12, 2: 6, 3: 4}
    assert isinstance(failure, Failure)
    assert failure.message.startswith("ZeroDivisionError: ")
    assert failure.stage == "replication"
    assert "Traceback" in failure.trace


@pytest.mark.parametrize("deadly", [0, 4, 9])
def test_a_job_that_kills_its_worker_fails_alone_and_the_others_are_done_once(deadly: int, tmp_path: Path) -> None:
    with closing(each(partial(once, tmp_path, deadly), range(10), Where(2))) as done:
        results = dict(done)
    failure = results.pop(deadly)
    assert (failure.stage, "signal 9" in failure.message) == ("worker", True)
    assert results == {job: job for job in range(10) if job != deadly}
    assert not multiprocessing.active_children()


def kill_workers() -> None:
    """Kill all workers, and wait until the system has closed their pipes: until then they would take jobs."""
    numbers = [worker.pid for worker in multiprocessing.active_children() if worker.pid is not None]
    for number in numbers:
        os.kill(number, signal.SIGKILL)
    for number in numbers:  # not by joining: whom it tells that a process ended, nobody else is told
        while is_alive(number):
            time.sleep(0.001)


def is_alive(number: int) -> bool:
    """Say whether a process goes on: it is there, and no zombie."""
    try:
        return Path(f"/proc/{number}/stat").read_bytes().rpartition(b")")[2].split()[0] not in b"ZX"
    except OSError:
        return False


def test_workers_killed_while_they_write_fail_what_they_had_at_work() -> None:
    with closing(each(partial(operator.mul, b"x" * LARGE), [1] * 6, Where(2))) as done:
        assert next(done).result == b"x" * LARGE
        kill_workers()
        results = [result for _, result in done]
    lost = [result for result in results if isinstance(result, Failure)]
    assert len(lost) <= 2 and {result.stage for result in lost} <= {"worker"}  # none of one that had just been read
    assert [len(result) for result in results if not isinstance(result, Failure)] == [LARGE] * (5 - len(lost))
    assert not multiprocessing.active_children()


def test_workers_that_die_in_the_midst_of_a_result_hold_up_nobody() -> None:
    """The executors of the standard library wait for ever here: for the rest, on a pipe that others hold open."""
    with closing(each(half_written, [False, False, True] * 8, Where(2))) as done:
        results = [result for _, result in done]
    lost = [result for result in results if isinstance(result, Failure)]
    assert [(failure.stage, "signal 9" in failure.message) for failure in lost] == [("worker", True)] * 8
    assert len(results) == 24


def test_a_result_that_arrived_before_its_worker_was_killed_counts(tmp_path: Path) -> None:
    with closing(each(partial(once, tmp_path, -1), range(12), Where(2))) as done:
        results = [next(done)]
        time.sleep(1.5)  # by now they have done all that they hold, and nobody has read it
        kill_workers()
        results += done
    assert sorted(results) == [(job, job) for job in range(12)]


@pytest.mark.parametrize("after", [0.0, 0.03, 0.1, 0.3])
def test_workers_killed_while_they_start_are_replaced(after: float) -> None:
    def assassin() -> None:
        while len(multiprocessing.active_children()) < 2:
            time.sleep(0.001)
        time.sleep(after)
        kill_workers()

    thread = threading.Thread(target=assassin)
    thread.start()
    with closing(each(time.sleep, [0.1] * 8, Where(2))) as done:
        results = [result for _, result in done]
    thread.join()
    assert len(results) == 8
    assert results.count(None) >= 6
    assert {result.stage for result in results if result is not None} <= {"worker"}


def test_workers_that_end_again_and_again_stop_the_study() -> None:
    failed = []
    with (
        closing(each(signal.raise_signal, [signal.SIGKILL] * 20, Where(2))) as done,
        pytest.raises(StudyError, match="3 worker processes ended one after another") as stopped,
    ):
        failed.extend(done)
    assert stopped.value.job == signal.SIGKILL
    assert [failure.stage for _, failure in failed] == ["worker"] * 2
    assert not multiprocessing.active_children()


def test_a_death_now_and_then_does_not_stop_the_study() -> None:
    calm, deadly = signal.SIGWINCH, signal.SIGKILL
    with closing(each(signal.raise_signal, [deadly, calm, calm, calm] * 5, Where(2))) as done:
        results = [result for _, result in done]
    assert results.count(None) == 15
    assert len(results) == 20


def test_workers_that_cannot_begin_fail_no_job(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture) -> None:
    here_only = ModuleType("here_only")
    exec("def serve(pipe): pass", here_only.__dict__)
    monkeypatch.setitem(sys.modules, "here_only", here_only)
    monkeypatch.setattr(processes, "_serve", here_only.serve)
    with closing(each(abs, range(4), Where(2))) as done, pytest.raises(StudyError, match="ended with code 1"):
        assert list(done) == []
    assert "No module named 'here_only'" in capfd.readouterr().err


def test_jobs_and_results_may_be_larger_than_a_pipe_takes() -> None:
    jobs = [bytes([k]) * 1_000_000 for k in range(8)]
    with closing(each(partial(operator.mul, 10), jobs, Where(2))) as done:
        assert dict(done) == {job: job * 10 for job in jobs}


def test_a_study_that_is_left_ends_its_workers() -> None:
    done = each(math.factorial, range(1000), Where(2))
    next(done)
    assert len(multiprocessing.active_children()) == 2
    done.close()
    assert not multiprocessing.active_children()


def test_a_worker_that_stays_stopped_is_a_lost_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "LOOK_EVERY", 0.1)
    with closing(each(stop_if, [False, True, False, False], Where(2))) as done:
        results = dict(enumerate(result for _, result in done))
    lost = [result for result in results.values() if isinstance(result, Failure)]
    assert len(results) == 4
    assert [(failure.stage, failure.message) for failure in lost] == [
        (processes.AT_WORK, "its worker process was stopped and did not go on for 2 s")
    ]


def test_a_worker_that_computes_for_long_is_not_taken_for_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "LOOK_EVERY", 0.02)
    with closing(each(time.sleep, [1.0, 1.0], Where(2))) as done:
        assert [result for _, result in done] == [None, None]
