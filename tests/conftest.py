import gc
import os
import signal
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import settings

# What SimPy makes in its millions is gone at once: rarer rounds through what stays save a fifth of a replication.
gc.set_threshold(50_000, 20, 100)
os.environ.setdefault("MPLBACKEND", "agg")
os.environ.pop("COLUMNS", None)  # answers are as wide as where nobody looks

settings.register_profile("repeatable", deadline=None, derandomize=True, print_blob=True)
settings.register_profile("explore", deadline=None, max_examples=2000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))


def pytest_configure(config: pytest.Config) -> None:
    """Compile the fast engine before any worker starts, so that no test waits for it or sees the notice of it."""
    from sim import fast

    # A shell's background job ignores Ctrl-C, and so would what the tests start and interrupt.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    begins = not hasattr(config, "workerinput") and not config.option.collectonly
    if begins and not fast.is_compiled():
        fast.prepare()


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> date:
    """The day on which folders of results are made in this process, also if it is over before the test is."""
    day = date(2025, 11, 28)
    monkeypatch.setattr("sim.results.folder.date", SimpleNamespace(today=lambda: day))
    return day


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder apart from the scenarios."""
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "work"


@pytest.fixture(scope="session")
def root() -> Path:
    """Folder of the project."""
    return Path(__file__).resolve().parents[1]
