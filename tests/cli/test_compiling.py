"""Ctrl-C while the engine is being compiled."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.study.engine import COMPILING
from tests.calls import TINY
from tests.files import ROOT


def at_work(cache: Path) -> int:
    """Return how many processes have been told to keep code in a folder and are still there."""
    told = f"CONVOI_CACHE={cache}\0".encode()
    count = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            count += told in (process / "environ").read_bytes()
        except OSError:
            continue
    return count


@pytest.mark.parametrize("end", [os.killpg, os.kill], ids=["its group", "it alone"])
def test_ctrl_c_ends_a_compilation_within_two_seconds(end: Callable[[int, int], None], tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    with subprocess.Popen(
        [sys.executable, "-c", "from sim.cli.main import main; main()", "run", TINY, "-n", "2"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "CONVOI_CACHE": str(cache)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == f"{COMPILING}\n"
        for _ in range(400):
            if [*cache.rglob("*.draw_parameters-*.nbc")]:  # the first function; the next takes half a minute
                break
            time.sleep(0.05)
        assert at_work(cache) == 2
        began = time.monotonic()
        end(process.pid, signal.SIGINT)
        out, error = process.communicate(timeout=60)
    assert time.monotonic() - began < 2
    assert process.returncode == 130
    assert (out, error.count("\n"), error[:12]) == ("", 1, "interrupted;")
    assert at_work(cache) == 0
    assert not [*cache.rglob("*.replicate-*")]
    assert not [*cache.rglob("*.tmp.*")]
    assert not (tmp_path / "results").exists()
