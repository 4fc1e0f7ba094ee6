"""What a figure needs of a run."""

from __future__ import annotations

from collections.abc import Mapping
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

    @property
    def towns(self) -> DataFrame:
        """Daily, per replication, town and product."""

    @property
    def flows(self) -> DataFrame:
        """Daily, per replication and corridor."""

    @property
    def encounters(self) -> DataFrame:
        """A row per meeting of a convoy and an ambush."""

    @property
    def binding(self) -> DataFrame:
        """What bound, per replication and week."""

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
