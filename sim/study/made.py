"""How a study was made, for its manifest."""

from __future__ import annotations

import sys
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from sim.results.folder import ledger_in

if TYPE_CHECKING:
    from pathlib import Path

    from sim.results.ledger import Ledger
    from sim.results.store import Study
    from sim.scenario.load import Scenario
    from sim.study.engine import Engine

PACKAGES = ("convoi", "simpy", "numba", "numpy", "pandas", "pyarrow")


@dataclass(frozen=True)
class Experiment:
    """A study that is made: which, where it is kept as it goes, and how it was called.

    Parameters
    ----------
    study
        What tells it from others.
    scenario
        What is run, or the first of several.
    engine
        What simulates.
    folder
        Where it is kept; one that was interrupted is resumed.
    force
        Take the folder though it holds another study or files that are not Convoi's.
    command
        How it was called.
    began
        Reading of the performance counter at the beginning, s.
    """

    study: Study
    scenario: Scenario
    engine: Engine = "fast"
    folder: Path | None = None
    force: bool = False
    command: str | None = None
    began: float = field(default_factory=time.perf_counter)

    def ledger(self) -> AbstractContextManager[Ledger]:
        """Return what keeps its replications, to be entered.

        Raises
        ------
        ResultsError
            On entering: if the folder holds something else or another process is at work there, or it cannot be
            written.
        """
        return ledger_in(self.folder, self.study, force=self.force, command=self.command)

    def manifest(self, **own: Any) -> dict[str, Any]:
        """Return how it was made: the entries that every study has, and those of its own."""
        return {
            "title": self.scenario.root.title,
            "scenario": [str(path) for path in self.scenario.files],
            "laid": list(self.scenario.laid),
            "digest": self.scenario.digest,
            "strategy": self.scenario.root.strategy.name,
            "scope": self.scenario.root.scope,
            "seed": self.study.seed,
            "replications": self.study.replications,
            "central": self.study.central,
            "engine": self.engine,
            "versions": {"python": sys.version.split()[0], **_versions()},
            "command": self.command,
            "made": datetime.now(UTC).isoformat(timespec="seconds"),
            "seconds": round(time.perf_counter() - self.began, 2),
        } | own


def _versions() -> dict[str, str]:
    found = {}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found
