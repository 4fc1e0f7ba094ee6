"""What all studies do alike: keep replications in a ledger, take them from there, and tell how they were made."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import StudyError
from sim.record import Columns
from sim.results.folder import ledger_in
from sim.results.ledger import Ledger
from sim.results.shelf import ROWS
from sim.results.store import Study
from sim.scenario.load import Scenario
from sim.study.campaign import Work
from sim.study.engine import Engine

if TYPE_CHECKING:
    import pandas as pd


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
    kept
        A ledger of the caller's, open and without a folder, in which replications stay from study to study.
    began
        Reading of the performance counter at the beginning, s.
    """

    study: Study
    scenario: Scenario
    engine: Engine = "fast"
    folder: Path | None = None
    force: bool = False
    command: str | None = None
    kept: Ledger | None = None
    began: float = field(default_factory=time.perf_counter)

    def ledger(self) -> AbstractContextManager[Ledger]:
        """Return what keeps its replications, to be entered.

        Raises
        ------
        ResultsError
            On entering: if the folder holds something else or another process is at work there, or it cannot be
            written.
        """
        if self.kept is not None:
            return nullcontext(self.kept)
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
            "versions": {"python": sys.version.split()[0], **versions()},
            "command": self.command,
            "made": datetime.now(UTC).isoformat(timespec="seconds"),
            "seconds": round(time.perf_counter() - self.began, 2),
        } | own


def versions() -> dict[str, str]:
    """Return the versions of Convoi and of what results stand on, by name of the package."""
    numbers = dict.fromkeys(PACKAGES, "not installed")
    for package in PACKAGES:
        with suppress(PackageNotFoundError):
            numbers[package] = version(package)
    return numbers


def measures_of(
    works: Mapping[str, Work], ledger: Ledger, replications: Collection[int], only: Sequence[str] = ()
) -> pd.DataFrame:
    """Return the measures, or only some, of those replications that every alternative has.

    Index (alternative, replication), of works by the name of the alternative.

    Raises
    ------
    StudyError
        If there is none; with the first failure.
    """
    import pandas as pd

    shared = sorted(set(replications).intersection(*(ledger.done(work.digest) for work in works.values())))
    if not shared:
        failures = (failure for work in works.values() for failure in ledger.failures(work.digest))
        first = next((failure for failure in failures if failure.replication in replications), None)
        why = f": {first.stage}: {first.message}" if first else ""
        raise StudyError(f"no replication succeeded in all alternatives{why}")
    frames = {name: measures_frame(ledger.measures(work.digest), shared, only) for name, work in works.items()}
    return pd.concat(frames, names=["alternative", "replication"])


def measures_frame(
    rows: Mapping[int, Mapping[str, float]], replications: Sequence[int], only: Sequence[str] = ()
) -> pd.DataFrame:
    """Return the measures, or only some, of some replications, index replication."""
    import pandas as pd

    columns = [*(only or rows[replications[0]])]
    values = np.array([[rows[r][name] for name in columns] for r in replications], dtype=float)
    return pd.DataFrame(values, pd.Index(replications, name="replication"), columns)


def frames_of(
    ledger: Ledger,
    work: Work,
    table: str,
    replications: Collection[int],
    frame: Callable[[Mapping[int, Columns]], pd.DataFrame],
) -> Iterator[pd.DataFrame]:
    """Iterate over a table of a work, some replications at a time in order, so that never many are in memory.

    Parameters
    ----------
    ledger, work, table
        What is read.
    replications
        Of which.
    frame
        Makes a frame of some replications; is asked at least once.
    """
    some: dict[int, Columns] = {}
    rows = frames = 0
    for replication, columns in ledger.parts(work.digest, table):
        if replication in replications:
            some[replication] = columns
            rows += len(next(iter(columns.values())))
        if rows >= ROWS:
            yield frame(some)
            some, rows, frames = {}, 0, frames + 1
    if some or not frames:
        yield frame(some)


def failures_of(
    works: Iterable[tuple[tuple[Any, ...], Work]], ledger: Ledger, replications: Collection[int], keys: Sequence[str]
) -> pd.DataFrame:
    """Return those replications that failed, of each work once, under the first key that it is given.

    Columns those of the key, then replication, seed, stage, message.
    """
    import pandas as pd

    rows: dict[tuple[str, int], tuple[Any, ...]] = {}
    for key, work in works:
        for replication, stage, message, *_ in ledger.failures(work.digest):
            if replication in replications:
                rows.setdefault((work.digest, replication), (*key, replication, work.seed, stage, message))
    return pd.DataFrame(list(rows.values()), columns=[*keys, "replication", "seed", "stage", "message"])
