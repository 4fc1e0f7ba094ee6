"""What happened in one replication of a study, seen again: replications are keyed, so it is run again with its log."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from os import PathLike
from typing import TYPE_CHECKING

from sim.plan import build
from sim.results.shown import shown
from sim.scenario.calls import verb
from sim.scenario.load import Scenario, load
from sim.study.replicate import simulate

if TYPE_CHECKING:
    import pandas as pd

    from sim.record import Record
    from sim.study.engine import Engine


@shown(
    lambda found: f"'{found.scenario.root.title}': replication {found.replication}, seed {found.seed}",
    *("table", "record"),
)
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


@verb
def events(
    scenario: str | PathLike[str] | Scenario,
    replication: int = 0,
    *,
    strategy: str | PathLike[str] | None = None,
    overlays: str | PathLike[str] | Iterable[str | PathLike[str]] = (),
    sets: str | Iterable[str] = (),
    seed: int = 1,
    central: bool = False,
    engine: Engine = "fast",
) -> Events:
    """Run one replication of a scenario again and return all that happened in it.

    Parameters
    ----------
    scenario
        What is run: a file, its bare name, or a loaded scenario.
    replication
        Its number in the tables of a run with this seed, from 0 to 2³² − 1.
    strategy, overlays, sets
        What is laid on it; see `sim.load`.
    seed, central, engine
        As in `sim.run`.

    Raises
    ------
    RequestError
        If there can be no such replication.
    """
    scenario = load(scenario, overlays, sets, strategy=strategy)
    record = simulate(build(scenario), seed, replication, central=central, log=True, engine=engine)
    return Events(scenario, record, replication, seed, central)
