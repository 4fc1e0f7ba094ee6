"""What happened in one replication of a study, seen again: replications are keyed, so it is run again with its log."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from sim.errors import RequestError
from sim.plan import build
from sim.study.replicate import simulate

if TYPE_CHECKING:
    import pandas as pd

    from sim.record import Record
    from sim.scenario.load import Scenario
    from sim.study.engine import Engine

LAST = 2**32 - 1
"""The highest number of a replication."""


@dataclass(frozen=True)
class Events:
    """One replication with its event log.

    Parameters
    ----------
    scenario
        What was run.
    record
        What the replication left: the log, and its daily tables.
    replication, seed, central
        Which one it is.
    """

    scenario: Scenario
    record: Record
    replication: int
    seed: int
    central: bool

    @cached_property
    def table(self) -> pd.DataFrame:
        """A row an event; its columns are in docs/measures.md."""
        from sim.results.events import table

        return table(self.record, self.replication)


def events(
    scenario: Scenario, replication: int = 0, *, seed: int = 1, central: bool = False, engine: Engine = "fast"
) -> Events:
    """Run one replication of a scenario again and return all that happened in it.

    Parameters
    ----------
    scenario
        What is run.
    replication
        Its number in the tables of a run with this seed.
    seed, central, engine
        As in `sim.run`.

    Raises
    ------
    RequestError
        If there is no such replication.
    """
    if not 0 <= replication <= LAST:
        raise RequestError(
            f"no replication {replication}; expected a number from 0 to {LAST:,}, as in the tables", value=replication
        )
    record = simulate(build(scenario), seed, replication, central=central, log=True, engine=engine)
    return Events(scenario, record, replication, seed, central)
