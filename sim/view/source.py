"""What a figure needs of a run."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from pandas import DataFrame

    from sim.scenario.load import Scenario


class Viewed(Protocol):
    """A run as the view room sees it; ``sim.results.run.Run`` is one."""

    @property
    def measures(self) -> DataFrame:
        """A row per replication."""

    def part(self, table: str, columns: Iterable[str], **where: str | Collection[str]) -> DataFrame:
        """Return some columns of a table, of the rows in which other columns hold a value or one of several.

        Tables are ``towns`` (daily, per replication, town and product), ``flows`` (daily, per replication and
        corridor), ``encounters`` (a row per meeting of a convoy and an ambush) and ``binding`` (what bound, per
        replication and week).
        """

    def sums(self, table: str, by: Iterable[str], columns: Iterable[str], **where: str | Collection[str]) -> DataFrame:
        """Return sums of some columns of a table, indexed by the columns by which they are summed."""

    @property
    def manifest(self) -> Mapping[str, Any]:
        """How the run was made."""

    @property
    def scenario(self) -> Scenario:
        """The scenario that was run."""

    @property
    def folder(self) -> Path | None:
        """Where the run is stored, if it is."""

    @property
    def variance(self) -> DataFrame | None:
        """Shares of variance from luck and ignorance, per measure, if they are known."""
