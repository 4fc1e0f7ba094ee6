"""A run: its tables, how it was made, and where it is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.results.measures import dated
from sim.results.never import by_share, with_dates
from sim.results.shelf import Shelf, Wanted
from sim.results.tables import TABLES
from sim.results.variance import split
from sim.scenario.load import Scenario
from sim.shown import shown

if TYPE_CHECKING:
    import pandas as pd

FAILURES: Final = "failures.csv"
"""Name of the file of the replications that failed, if any did."""


def _whole(table: str, rows: str) -> cached_property[pd.DataFrame]:
    """Return the attribute of a run that reads a table whole; its docstring says what the rows are."""

    def read(run: Run) -> pd.DataFrame:
        return run.tables.whole(table)

    read.__doc__ = rows
    return cached_property(read)


@shown(
    lambda run: f"'{run.scenario.root.title}': n = {len(run.measures):,}, seed {run.manifest.get('seed')}",
    *("measures", *TABLES, "summary()"),
)
@dataclass(frozen=True)
class Run:
    """The outcome of many replications of one scenario.

    Its tables are read when they are asked for: `towns`, `flows` and so on whole, `part` only what is wanted of one.

    Parameters
    ----------
    scenario
        What was run.
    measures
        A row a replication (index ``replication``), a column a measure; see docs/measures.md.
    tables
        The tidy tables towns, flows, convoys, encounters and binding, with a column ``replication``.
    manifest
        How the run was made: title, digest of the scenario, seed, versions, command, timings.
    folder
        Where the run is kept, if it is.
    failures
        Columns replication, seed, stage, message: replications that failed and are not in the tables.
    """

    scenario: Scenario
    measures: pd.DataFrame
    tables: Shelf
    manifest: Mapping[str, Any]
    folder: Path | None = None
    failures: pd.DataFrame | None = None

    @cached_property
    def counted(self) -> pd.DataFrame:
        """The measures, dates as `sim.results.never` counts them."""
        return with_dates(self.measures, (self.scenario.end - self.scenario.start).days)

    towns = _whole("towns", "A row a replication, day, town and product.")
    flows = _whole("flows", "A row a replication, day and corridor.")
    convoys = _whole("convoys", "A row a convoy.")
    encounters = _whole("encounters", "A row a meeting of a convoy with an ambush.")
    users = _whole("users", "A row a replication, day and large user.")
    stocks = _whole(
        "stocks", "A row a replication, day and product: where the country's fuel is, what came and what went."
    )
    binding = _whole("binding", "A row a replication and week: what bound.")

    def part(self, table: str, columns: Iterable[str], **where: Wanted) -> pd.DataFrame:
        """Return some columns of a table where others hold a value: ``run.part("towns", ["stock"], town="Bamako")``.

        Of many replications this takes a fraction of the memory of the whole table.
        """
        return self.tables.part(table, columns, **where)

    def sums(self, table: str, by: Iterable[str], columns: Iterable[str], **where: Wanted) -> pd.DataFrame:
        """Return sums of some columns of a table, index the columns by which they are summed."""
        return self.tables.sums(table, by, columns, **where)

    @cached_property
    def variance(self) -> pd.DataFrame | None:
        """Shares of each measure's variance from luck and from ignorance; None if it cannot be told.

        In a hindcast the two come together, and cannot be told apart.
        """
        return None if self.manifest["central"] or self.scenario.root.hindcast else split(self.counted)

    def summary(self) -> pd.DataFrame:
        """Return mean, median, 5 and 95 % points of each measure over the replications that define it, and how many do.

        A date has the days by which half, 5 and 95 % of all replications have it, NaN where that is after the last day;
        in how many it did not come is the last column, and if in any, it has no mean.
        """
        import pandas as pd

        m, days = self.measures, (self.scenario.end - self.scenario.start).days
        points = pd.DataFrame(
            {
                "mean": m.mean(),
                "median": m.median(),
                "low": m.quantile(0.05),
                "high": m.quantile(0.95),
                "defined": m.count(),
                "never": 0,
            }
        )
        for name in (name for name in map(str, m) if dated(name)):
            ends = [by_share(m[name], share, days) for share in (0.5, 0.05, 0.95)]
            never = int(m[name].isna().sum())
            mean = float("nan") if never else m[name].mean()
            points.loc[name] = [mean, *(float("nan") if day >= days else day for day in ends), len(m), never]
        return points.astype({"defined": int, "never": int})


def tables(run: Run) -> dict[str, pd.DataFrame | Callable[[Path], None]]:
    """Return all tables of a run by the name of their file, or what writes them there."""
    failures = {} if run.failures is None or run.failures.empty else {FAILURES: run.failures}
    return {"measures": run.measures, **{table: partial(run.tables.store, table) for table in TABLES}, **failures}
