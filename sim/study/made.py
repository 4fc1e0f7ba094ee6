"""How a study was made, for its manifest."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.scenario.load import Scenario
    from sim.study.engine import Engine

PACKAGES = ("convoi", "simpy", "numba", "numpy", "pandas", "pyarrow")


def made(
    scenario: Scenario,
    seed: int,
    replications: int | str | list[int],
    central: bool,
    engine: Engine,
    began: float,
    command: str | None,
) -> dict[str, Any]:
    """Return the entries of a manifest that every study has.

    Parameters
    ----------
    scenario
        What was run, or the first of several.
    seed, replications, central, engine
        How it was to be drawn, and what simulated.
    began
        Reading of the performance counter at the beginning, s.
    command
        How it was called.
    """
    return {
        "title": scenario.root.title,
        "scenario": [str(path) for path in scenario.files],
        "laid": list(scenario.laid),
        "digest": scenario.digest,
        "strategy": scenario.root.strategy.name,
        "scope": scenario.root.scope,
        "seed": seed,
        "replications": replications,
        "central": central,
        "engine": engine,
        "versions": {"python": sys.version.split()[0], **_versions()},
        "command": command,
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(time.perf_counter() - began, 2),
    }


def _versions() -> dict[str, str]:
    found = {}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found
