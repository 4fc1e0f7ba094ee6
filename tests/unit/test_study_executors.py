"""Jobs over processes, threads, a cluster or a given executor: the same results, each once, and nothing left behind."""

import json
import math
import multiprocessing
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from distributed import Client

import sim
from sim.errors import StudyError
from sim.plan import build
from sim.plan.plan import Plan
from sim.study import cluster, executors, sources
from sim.study.executors import Where, count, each
from sim.study.processes import Failure
from tests.files import TINY
from tests.jobs import at_the_depot, replication, slow_replication

FORGIVEN = 3
"""How many workers a job may kill before the scheduler calls it bad: its own default."""
JOBS = [(seed, number) for seed in (1, 2) for number in range(4)]


@pytest.fixture(scope="module")
def plan() -> Plan:
    return build(sim.load(TINY))


@pytest.fixture(scope="module")
def here(plan: Plan) -> dict[tuple[int, int], dict[str, str]]:
    """What this process makes of the jobs, bit for bit."""
    return {job: replication(plan, job) for job in JOBS}


@pytest.fixture
def switching_often() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def test_processes_give_the_same_results(plan, here) -> None:
    with closing(each(partial(replication, plan), JOBS, Where(2))) as done:
        assert dict(done) == here


def test_threads_give_the_same_results(plan, here, switching_often) -> None:
    with closing(each(partial(replication, plan), JOBS, Where(3, threads=True))) as done:
        assert dict(done) == here


def test_a_given_executor_gives_the_same_results_and_is_not_shut_down(plan, here) -> None:
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as executor:
        with closing(each(partial(replication, plan), JOBS, Where(executor=executor))) as done:
            assert dict(done) == here
        assert executor.submit(math.factorial, 5).result() == 120


@pytest.mark.parametrize("where", [Where(1), Where(2), Where(2, threads=True)], ids=["here", "processes", "threads"])
def test_a_failure_names_its_stage_and_stops_no_other(where: Where) -> None:
    with closing(each(at_the_depot, [7, 8], where)) as done:
        told = {job: (failure.message, failure.stage) for job, failure in done}
    assert told == {7: ("job 7 is refused", "depot"), 8: ("job 8 is refused", "depot")}


def test_an_executor_is_not_flooded() -> None:
    jobs = iter(range(1000))
    with ThreadPoolExecutor(2) as executor, closing(each(math.factorial, jobs, Where(executor=executor))) as done:
        next(done)
        assert next(jobs) <= 5


def test_a_study_that_is_left_lets_threads_end_what_they_have_at_work_and_begins_no_more() -> None:
    begun = []

    def work(job: int) -> None:
        begun.append(job)
        time.sleep(0.1)

    before = threading.active_count()
    done = each(work, range(100), Where(2, threads=True))
    next(done)
    done.close()
    assert threading.active_count() == before
    assert len(begun) <= 4


def test_an_interrupt_ends_threads_within_a_replication() -> None:
    threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        list(each(time.sleep, [0.5] * 100, Where(2, threads=True)))
    assert time.monotonic() - began < 2


def test_an_executor_whose_process_is_killed_stops_the_study() -> None:
    with (
        ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as executor,
        pytest.raises(StudyError, match="the executor broke"),
    ):
        list(each(signal.raise_signal, [signal.SIGKILL] * 4, Where(executor=executor)))


def test_an_executor_that_is_shut_down_takes_no_jobs() -> None:
    executor = ThreadPoolExecutor(1)
    executor.shutdown()
    with pytest.raises(StudyError, match="after shutdown"):
        list(each(math.factorial, range(4), Where(executor=executor)))


class Losing(Executor):
    """An executor that loses the jobs that it is told to lose, in one of two ways."""

    def __init__(self, loses: Callable[[int], bool], error: Exception | None) -> None:
        self._loses, self._error, self._serial = loses, error, -1

    def submit(self, fn, /, *args, **kwargs):
        self._serial += 1
        future = Future()
        if not self._loses(self._serial):
            future.set_result(fn(*args, **kwargs))
        elif self._error is None:
            future.cancel()
            future.set_running_or_notify_cancel()
        else:
            future.set_exception(self._error)
        return future


@pytest.mark.parametrize("error", [None, OSError("no route to worker")])
def test_a_job_that_an_executor_loses_is_a_failure_of_the_worker(error: Exception | None) -> None:
    executor = Losing(lambda serial: serial % 2 == 0, error)
    with closing(each(math.factorial, range(20), Where(executor=executor))) as done:
        results = dict(done)
    assert [job for job in range(20) if isinstance(results[job], Failure)] == list(range(0, 20, 2))
    assert {results[job].stage for job in range(0, 20, 2)} == {"worker"}
    assert "no route" in results[0].message or error is None


def test_an_executor_that_loses_every_job_stops_the_study() -> None:
    with pytest.raises(StudyError, match="6 workers were lost one after another"):
        list(each(math.factorial, range(1000), Where(executor=Losing(lambda serial: True, None))))


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"threads": True, "cluster": "tcp://127.0.0.1:8786"}, "threads and a cluster"),
        ({"workers": 0}, "cannot use 0 workers"),
        ({"workers": 2, "cluster": "tcp://127.0.0.1:8786"}, "a cluster has the workers that it has"),
    ],
)
def test_what_contradicts_itself_is_refused(asked, told: str) -> None:
    with pytest.raises(StudyError, match=told):
        Where(**asked)


def test_what_is_not_said_is_what_suits_the_engine() -> None:
    assert Where(2).said("fast") == Where(2, threads=True)
    assert Where(2).said("simpy") == Where(2, threads=False)
    for where in (Where(threads=False), Where(threads=True), Where(cluster="tcp://127.0.0.1:8786")):
        assert where.said("fast") == where.said("simpy") == where


def test_workers_are_counted_up_to_the_jobs() -> None:
    assert [count(Where(3), jobs) for jobs in (0, 1, 2, 9)] == [1, 1, 2, 3]
    with ThreadPoolExecutor(5) as executor:
        assert count(Where(executor=executor), 9) == 5
        assert count(Where(2, executor=executor), 9) == 2


def test_sources_are_told_apart_by_content_and_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert all((sources.HOME / part).exists() for part in sources.PARTS)
    copy = shutil.copytree(sources.HOME, tmp_path / "sim")
    monkeypatch.setattr(sources, "HOME", copy)
    sources_of_copy = sources.digest.__wrapped__
    assert sources_of_copy() == sources.digest()
    (copy / "view" / "style.py").write_text("")
    (copy / "rules" / "notes.txt").write_text("no code")
    assert sources_of_copy() == sources.digest()
    (copy / "rules" / "crews.py").rename(copy / "rules" / "crew.py")
    assert sources_of_copy() != sources.digest()


def test_every_module_of_results_that_a_replication_uses_counts() -> None:
    """What the modules that make measures and tables import of the same room must be among the sources."""
    room = sources.HOME / "results"
    wanted = {"measures", "tables.py"}
    for _ in range(9):
        for part in sorted(wanted):
            for path in sources._modules(room / part):
                used = re.findall(r"^\s*from sim\.results\.(\w+)[.\w]* import", path.read_text(encoding="utf-8"), re.M)
                wanted |= {name if (room / name).is_dir() else f"{name}.py" for name in used}
    assert wanted == set(sources.RESULTS)


# A cluster: a scheduler and worker processes of this machine.


class Site:
    """A real scheduler and its workers."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.processes = folder, []
        self.scheduler = self.start("scheduler", "--port", "0")
        file = folder / "scheduler.json"
        while not file.exists():
            time.sleep(0.02)
        while not file.read_text():
            time.sleep(0.02)
        self.address = json.loads(file.read_text())["address"]

    def start(self, kind: str, *options: str, path: Path = sources.HOME.parent) -> subprocess.Popen:
        """Start a scheduler or a worker that takes convoi from a folder."""
        common = ["--scheduler-file", str(self.folder / "scheduler.json"), "--host", "127.0.0.1", "--no-dashboard"]
        words = [sys.executable, "-m", f"distributed.cli.dask_{kind}", *common, *options]
        both = os.pathsep.join([str(path), str(sources.HOME.parent)])
        with (self.folder / f"{kind}.log").open("a") as log:
            process = subprocess.Popen(words, env={**os.environ, "PYTHONPATH": both}, cwd=path, stdout=log, stderr=log)
        self.processes.append(process)
        return process

    def worker(self, path: Path = sources.HOME.parent) -> subprocess.Popen:
        own = ["--no-nanny", "--local-directory", str(self.folder)]
        return self.start("worker", "--nthreads", "1", *own, path=path)

    def workers(self) -> int:
        """Return how many workers have come."""
        with Client(self.address, set_as_default=False) as client:
            return len(client.nthreads())

    def end(self) -> None:
        for process in self.processes[1:]:
            process.terminate()
            process.wait()
        self.scheduler.kill()
        self.scheduler.wait()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path)
    yield site
    site.end()


def test_a_cluster_loses_a_worker_and_gives_the_same_results(plan, here, site: Site) -> None:
    victim, _ = site.worker(), site.worker()
    while site.workers() < 2:
        time.sleep(0.1)
    results = []
    with closing(each(partial(slow_replication, plan), JOBS, Where(cluster=site.address))) as done:
        for result in done:
            results.append(result)
            if len(results) == 2:  # both have jobs at work, and more in hand
                victim.kill()
    assert sorted(job for job, _ in results) == JOBS
    assert dict(results) == here
    assert count(Where(cluster=site.address), 9) == 1


def test_a_job_that_kills_workers_of_a_cluster_is_a_failure(site: Site) -> None:
    for _ in range(FORGIVEN + 1):
        site.worker()
    while site.workers() <= FORGIVEN:
        time.sleep(0.1)
    with closing(each(signal.raise_signal, [signal.SIGKILL], Where(cluster=site.address))) as done:
        ((_, failure),) = done
        assert (failure.stage, "KilledWorker" in failure.message) == ("worker", True)


def test_a_study_that_is_left_takes_its_jobs_back_from_a_cluster(site: Site) -> None:
    site.worker()
    done = each(time.sleep, [0.3] * 100, Where(cluster=site.address))
    next(done)
    with cluster.joined(site.address) as watcher:
        assert any(watcher.client.processing().values())
        done.close()
        time.sleep(0.5)
        assert not any(watcher.client.processing().values())


def test_workers_that_would_not_compute_the_same_are_refused(tmp_path: Path, site: Site) -> None:
    copy = shutil.copytree(sources.HOME, tmp_path / "other" / "sim")
    with (copy / "rules" / "crews.py").open("a") as file:
        file.write("\n# another\n")
    with closing(each(time.sleep, [0.1] * 100, Where(cluster=site.address))) as done:
        site.worker()
        assert next(done).result is None
        other = site.worker(path=tmp_path / "other")
        with pytest.raises(StudyError, match=r"worker tcp://\S+ would not compute the same: sources \w+ there"):
            list(done)
    with pytest.raises(StudyError, match=r"worker tcp://\S+ would not compute the same: sources \w+ there"):
        count(Where(cluster=site.address), 9)
    other.terminate()
    other.wait()
    (tmp_path / "empty" / "sim").mkdir(parents=True)
    (tmp_path / "empty" / "sim" / "__init__.py").touch()
    site.worker(path=tmp_path / "empty")
    while site.workers() < 2:
        time.sleep(0.1)
    with pytest.raises(StudyError, match=r"worker tcp://\S+ has no convoi, or another one: .*No module named"):
        count(Where(cluster=site.address), 9)


def test_a_cluster_without_workers_is_refused(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "ANSWER_TIME", 1.0)
    with pytest.raises(StudyError, match=f"{site.address} has no workers"):
        next(each(math.factorial, range(4), Where(cluster=site.address)))


def test_a_cluster_that_loses_all_its_workers_is_given_up(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "ALONE_TIME", 1.0)
    monkeypatch.setattr(cluster, "ASK_EVERY", 0.2)
    monkeypatch.setattr(executors, "ASK_EVERY", 0.2)
    worker = site.worker()
    results = []
    with pytest.raises(StudyError, match=f"{site.address} has had no workers for 1 s"):
        for result in each(time.sleep, [0.1] * 100, Where(cluster=site.address)):
            results.append(result)
            worker.kill()
    assert {result for _, result in results} == {None}


def test_a_scheduler_that_goes_away_stops_the_study_and_fails_no_job(site: Site) -> None:
    site.worker()
    results = []
    with pytest.raises(StudyError, match=f"the cluster at {site.address} is gone"):
        for result in each(time.sleep, [0.1] * 100, Where(cluster=site.address)):
            results.append(result)
            site.scheduler.kill()
    assert {result for _, result in results} == {None}


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1:8786", "tcp://", "tcp://127.0.0.1", "tcp://127.0.0.1:port", "here", "tcp://[::1"),
        *("pigeon://127.0.0.1:8786", "ucx://a:1", "inproc://a:1"),
    ],
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(StudyError, match=r"expected such as tcp://127\.0\.0\.1:8786"):
        count(Where(cluster=address), 1)


def test_an_address_where_nobody_answers_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "ANSWER_TIME", 0.5)
    with pytest.raises(StudyError, match=r"no dask\.distributed scheduler answers at 'tcp://127\.0\.0\.1:1'"):
        count(Where(cluster="tcp://127.0.0.1:1"), 1)


def test_a_cluster_with_a_stopped_worker_is_not_waited_for_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    class Silent:
        """A client of a cluster of which one worker does not answer."""

        _run = None

        def sync(self, *_: object, callback_timeout: float, **__: object) -> dict[str, object]:
            time.sleep(callback_timeout)
            raise TimeoutError

        def scheduler_info(self, **_: object) -> dict[str, dict[str, dict[str, float]]]:
            return {"workers": {"tcp://a:1": {"last_seen": 9.0}, "tcp://b:1": {"last_seen": 2.0}}}

    monkeypatch.setattr(cluster, "ANSWER_TIME", 0.1)
    with pytest.raises(StudyError, match="tcp://b:1 has been silent for longest"):
        cluster._bases(Silent(), "tcp://s:1")


def test_a_cluster_needs_dask_distributed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(StudyError, match=r"pip install 'convoi\[cluster\]'"):
        count(Where(cluster="tcp://127.0.0.1:8786"), 1)
