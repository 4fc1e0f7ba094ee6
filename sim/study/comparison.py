"""What comes of comparing alternatives on the same luck and the same draws of the parameters."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from sim.study.alternative import Alternative


@dataclass(frozen=True)
class Comparison:
    """Alternatives over the same replications.

    Parameters
    ----------
    alternatives
        In the order in which they were given.
    baseline
        Name of the one that the others are set beside.
    goal
        The measure that ranks.
    measures
        Index (alternative, replication), a column a measure; only replications that every alternative has.
    parameters
        Index replication, a column an uncertain parameter (dotted path): the value drawn, in the model's unit; empty
        with ``central``.  The same for all alternatives; a path is there if any alternative has it.
    days
        Columns alternative, replication, day, town, stock (m3 of pump fuel in depot and stations), open (share of
        stations open with any product), burned, need (m3 of that day).
    hub
        Columns alternative, replication, day, product, open: share of the hub's stations open with each product.
    failures
        Columns alternative, replication, seed, stage, message: replications that failed.
    manifest
        How the study was made: title, seed, replications, central, versions, command, timings.
    folder
        Where it is kept, if it is.
    """

    alternatives: tuple[Alternative, ...]
    baseline: str
    goal: str
    measures: pd.DataFrame
    parameters: pd.DataFrame
    days: pd.DataFrame
    hub: pd.DataFrame
    failures: pd.DataFrame
    manifest: Mapping[str, Any]
    folder: Path | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the alternatives, in order."""
        return tuple(one.name for one in self.alternatives)

    @property
    def drawn(self) -> bool:
        """Whether parameters were drawn; replications 2k and 2k + 1 then share theirs."""
        return not self.manifest["central"]

    @cached_property
    def of(self) -> Mapping[str, pd.DataFrame]:
        """The measures of each alternative, indexed by replication."""
        return {name: part(self.measures, name) for name in self.names}


def part(measures: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return the measures of one alternative, indexed by replication."""
    return measures[measures.index.get_level_values("alternative") == name].droplevel("alternative")
