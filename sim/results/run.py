"""A run: its tables, how it was made, and where it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sim.results.variance import split

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from sim.scenario.load import Scenario


@dataclass(frozen=True)
class Run:
    """The outcome of many replications of one scenario.

    Parameters
    ----------
    scenario
        What was run.
    measures
        A row a replication (index ``replication``), a column a measure; see docs/measures.md.
    towns, flows, convoys, encounters, binding
        Tidy tables with a column ``replication``.
    manifest
        How the run was made: title, digest of the scenario, seed, versions, command, timings.
    folder
        Where the run is kept, if it is.
    failures
        Columns replication, seed, stage, message: replications that failed and are not in the tables.
    """

    scenario: Scenario
    measures: pd.DataFrame
    towns: pd.DataFrame
    flows: pd.DataFrame
    convoys: pd.DataFrame
    encounters: pd.DataFrame
    binding: pd.DataFrame
    manifest: Mapping[str, Any]
    folder: Path | None = None
    failures: pd.DataFrame | None = None

    @cached_property
    def variance(self) -> pd.DataFrame | None:
        """Shares of each measure's variance from luck and from ignorance; None if it cannot be told."""
        return None if self.manifest["central"] else split(self.measures)

    def summary(self) -> pd.DataFrame:
        """Return mean, median, 5 and 95 % points of each measure over replications, and how many define it."""
        import pandas as pd

        m = self.measures
        return pd.DataFrame(
            {
                "mean": m.mean(),
                "median": m.median(),
                "low": m.quantile(0.05),
                "high": m.quantile(0.95),
                "defined": m.notna().sum(),
            }
        )
