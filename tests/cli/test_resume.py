"""A study that is interrupted, killed or finds the disk full goes on where it was, and ends with the same bytes."""

from __future__ import annotations

import hashlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.results.ledger import LEDGER
from sim.results.store import MANIFEST, UNFINISHED
from tests.calls import CODE, TINY, environment

COUNT = 20
ALTERNATIVES = 2
LIMITED = (
    "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
    "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)); "
)
"""No file may grow beyond 0.1 MB, which the ledger is the first to reach: what a full disk does to a write."""


def command(
    here: Path,
    before: str = "",
    workers: int = 2,
    engine: str = "simpy",
    count: int = COUNT,
    also: tuple[str, ...] = (),
) -> list[str]:
    (here / "more.yaml").write_text(
        "escorts:\n  pools:\n    army:\n      units: {value: 9, source: assumption, why: what-if}\n", encoding="utf-8"
    )
    words = ["compare", TINY, "--overlay", "more.yaml", "-n", str(count), "--workers", str(workers)]
    return [sys.executable, "-c", f"{before}{CODE}", *words, "--quiet", "--no-figures", "--engine", engine, *also]


def whole(here: Path, **how: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(here, **how), cwd=here, env=environment(), capture_output=True, text=True, timeout=240, check=False
    )


def folder(here: Path) -> Path:
    (study,) = (here / "results").iterdir()
    return study


def digest(here: Path) -> str:
    return hashlib.sha256((folder(here) / "measures.parquet").read_bytes()).hexdigest()


def done(here: Path) -> int:
    """Return how many replications are kept."""
    ledger = next(iter(sorted((here / "results").glob(f"compare_tiny_more_*/{LEDGER}"))), None)
    if ledger is None:
        return 0
    base = sqlite3.connect(f"file:{ledger}?mode=ro", uri=True, timeout=10)
    try:
        return int(base.execute("SELECT count(*) FROM done").fetchone()[0])
    except sqlite3.OperationalError:  # not made yet
        return 0
    finally:
        base.close()


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Digest of the measures of a study that nothing disturbed, made by one process."""
    here = tmp_path_factory.mktemp("undisturbed")
    made = whole(here, workers=1)
    assert (made.returncode, made.stderr) == (0, "")
    assert (folder(here) / MANIFEST).exists()
    assert not (folder(here) / UNFINISHED).exists()
    return digest(here)


def begun(here: Path, **how: object) -> subprocess.Popen[str]:
    """Start a study and wait until a few replications are kept."""
    process = subprocess.Popen(
        command(here, **how),
        cwd=here,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    for _ in range(1200):
        if done(here) >= 5:
            return process
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)
    raise AssertionError("waited a minute in vain")


@pytest.mark.parametrize(
    ("end", "code"),
    [
        (lambda process: os.killpg(process.pid, signal.SIGINT), 130),
        (lambda process: os.kill(process.pid, signal.SIGKILL), -signal.SIGKILL),
    ],
    ids=["Ctrl-C", "kill -9"],
)
def test_an_ended_study_goes_on(
    end: Callable[[subprocess.Popen[str]], None], code: int, tmp_path: Path, expected: str
) -> None:
    process = begun(tmp_path)
    end(process)
    process.communicate(timeout=60)
    assert process.returncode == code
    kept = done(tmp_path)
    assert 5 <= kept < COUNT * ALTERNATIVES
    assert (folder(tmp_path) / UNFINISHED).exists()
    again = whole(tmp_path)
    assert (again.returncode, again.stderr) == (0, "")
    assert done(tmp_path) == COUNT * ALTERNATIVES, "none lost, none twice"
    assert digest(tmp_path) == expected


def test_ctrl_c_ends_the_fast_engine_within_two_seconds_and_keeps_what_is_done(tmp_path: Path, expected: str) -> None:
    process = begun(tmp_path, engine="fast", count=100_000)
    known, began = done(tmp_path), time.monotonic()
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=60)
    assert time.monotonic() - began < 2
    assert process.returncode == 130
    kept = done(tmp_path)
    assert known <= kept < 100_000 * ALTERNATIVES
    again = whole(tmp_path, engine="fast", also=("--out", f"results/{folder(tmp_path).name}"))
    assert (again.returncode, again.stderr) == (0, "")
    assert done(tmp_path) == max(kept, COUNT * ALTERNATIVES), "none lost, none twice"
    assert digest(tmp_path) == expected, "the bytes that SimPy gives"


def test_a_full_disk_is_told_and_the_study_goes_on_when_there_is_room(tmp_path: Path, expected: str) -> None:
    full = whole(tmp_path, before=LIMITED, workers=1)
    assert full.returncode == 1
    assert "make room and give the same command again: what is done is kept" in full.stderr
    assert "Traceback" not in full.stderr
    assert 1 <= done(tmp_path) < COUNT * ALTERNATIVES
    again = whole(tmp_path)
    assert (again.returncode, again.stderr) == (0, "")
    assert done(tmp_path) == COUNT * ALTERNATIVES
    assert digest(tmp_path) == expected


def test_another_study_does_not_take_the_folder_of_an_unfinished_one(tmp_path: Path) -> None:
    process = begun(tmp_path)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)
    other = [*command(tmp_path), "--seed", "2"]
    other[other.index("-n") + 1] = "2"
    subprocess.run(other, cwd=tmp_path, env=environment(), check=True, timeout=120)
    assert len([*(tmp_path / "results").iterdir()]) == 2
    assert done(tmp_path) >= 5
