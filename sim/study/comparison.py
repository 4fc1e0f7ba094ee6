"""What comes of comparing alternatives on the same luck and the same draws of the parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import RequestError
from sim.results.measures import goal, written
from sim.results.names import expected
from sim.results.never import with_dates
from sim.results.run import FAILURES
from sim.results.shelf import Shelf, Wanted
from sim.results.tables import BRIEF
from sim.shown import shown
from sim.study.alternatives import Alternative
from sim.study.intervals import differences, summary

if TYPE_CHECKING:
    import pandas as pd


@shown(
    lambda study: (
        f"{', '.join(study.names)}: n = {study.count:,} each, seed {study.manifest['seed']}, "
        f"baseline {study.baseline}, ranked by {study.goal}"
    ),
    *("measures", "summary()", "differences()", "days", "hub"),
)
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
        Index (alternative, replication), a column an uncertain parameter (dotted path): the value drawn, in the model's
        unit, NaN where the alternative does not draw it; empty with ``central``.  Alternatives draw the same numbers at
        the same marks, so their values differ only where their ranges do.
    tables
        `days` and `hub`.
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
    tables: Shelf
    failures: pd.DataFrame
    manifest: Mapping[str, Any]
    folder: Path | None = None

    @cached_property
    def days(self) -> pd.DataFrame:
        """Daily state of the towns.

        Columns alternative, replication, day, town, stock (m3 of pump fuel in depot and stations), open (share of
        stations open with any product), burned, need (m3 of that day).
        """
        return self.tables.whole("days")

    @cached_property
    def hub(self) -> pd.DataFrame:
        """Columns alternative, replication, day, product, open: share of the hub's stations open with each product."""
        return self.tables.whole("hub")

    def part(self, table: str, columns: Iterable[str], **where: Wanted) -> pd.DataFrame:
        """Return some columns of a table where others hold a value: ``part("days", ["stock"], town="Bamako")``.

        Of many replications this takes a fraction of the memory of the whole table.
        """
        return self.tables.part(table, columns, **where)

    def sums(self, table: str, by: Iterable[str], columns: Iterable[str], **where: Wanted) -> pd.DataFrame:
        """Return sums of some columns of a table, index the columns by which they are summed."""
        return self.tables.sums(table, by, columns, **where)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the alternatives, in order."""
        return tuple(alternative.name for alternative in self.alternatives)

    @property
    def strategies(self) -> set[str]:
        """Names of the strategies that the alternatives have."""
        return {alternative.scenario.root.strategy.name for alternative in self.alternatives}

    @property
    def drawn(self) -> bool:
        """Whether parameters were drawn apart from luck; replications 2k and 2k + 1 then share theirs."""
        return not self.manifest["central"] and not self.hindcast

    @property
    def fitted(self) -> bool:
        """Whether parameters come from a posterior: then they go together, and none can be told from the others."""
        return self.alternatives[0].scenario.root.posterior is not None

    @property
    def hindcast(self) -> bool:
        """Whether parameters and luck were drawn together; then each replication stands for itself."""
        return self.alternatives[0].scenario.root.hindcast

    @property
    def draws(self) -> int:
        """How many independent observations there are: draws of the parameters, or replications if none was drawn."""
        return int((self.of[self.baseline].index // self.each).nunique())

    @property
    def each(self) -> int:
        """How many replications make one independent observation."""
        return 2 if self.drawn else 1

    @property
    def count(self) -> int:
        """How many replications there are of each."""
        return len(self.of[self.baseline])

    def summary(self) -> pd.DataFrame:
        """Return what the replications of each alternative say: index (measure, alternative).

        Columns as in `sim.study.intervals.summary`.
        """
        return _by_measure(summary_of(self))

    def differences(self) -> pd.DataFrame:
        """Return the paired differences of each alternative to the baseline: index (measure, alternative).

        Columns as in `sim.study.intervals.differences`.
        """
        return _by_measure(differences_of(self))

    def ranked_by(self, measure: str) -> Comparison:
        """Return the same replications, ranked by another measure and its smallest difference worth having.

        Raises
        ------
        RequestError
            If there is no such measure; with the nearest name.
        """
        measure = written(measure)
        if measure not in self.measures:
            hint = expected(measure, [str(name) for name in self.measures])
            raise RequestError(f"no measure '{measure}' in this comparison; expected {hint}")
        manifest = {**self.manifest, "measure": measure, "worth": goal(measure).worth}
        return replace(self, goal=measure, manifest=manifest)

    def values(self, first: str, second: str) -> pd.DataFrame:
        """Return the parameters that either of two alternatives draws, index replication; the first's where both do."""
        return part(self.parameters, first).fillna(part(self.parameters, second)).dropna(axis=1, how="all")

    @cached_property
    def of(self) -> Mapping[str, pd.DataFrame]:
        """The measures of each alternative, indexed by replication, dates as `sim.results.never` counts them."""
        measures = with_dates(self.measures, self.alternatives[0].plan.days)
        return {name: part(measures, name) for name in self.names}


def part(measures: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return the measures of one alternative, indexed by replication."""
    return measures[measures.index.get_level_values("alternative") == name].droplevel("alternative")


def _by_measure(table: pd.DataFrame) -> pd.DataFrame:
    """Index a table by measure and alternative, those of one measure together, both in their order."""
    table = table.set_index(["measure", "alternative"])
    return table.loc[list(dict.fromkeys(table.index.get_level_values("measure")))]


def differences_of(comparison: Comparison) -> pd.DataFrame:
    """Return the paired differences of every alternative to the baseline in every measure.

    Columns alternative, measure and those of `sim.study.intervals.differences`.
    """
    base = comparison.of[comparison.baseline]
    return _stacked(
        {
            name: differences(comparison.of[name], base, comparison.drawn)
            for name in comparison.names
            if name != comparison.baseline
        }
    )


def summary_of(comparison: Comparison) -> pd.DataFrame:
    """Return the summary of every alternative in every measure.

    Columns alternative, measure, those of `sim.study.intervals.summary`, and ``never``: replications in which a date
    never came, and counts as `sim.results.never` says.
    """
    summaries = {name: summary(comparison.of[name], comparison.drawn) for name in comparison.names}
    for name, table in summaries.items():
        table["never"] = table["defined"] - part(comparison.measures, name).count()
    return _stacked(summaries)


def tables(comparison: Comparison) -> dict[str, pd.DataFrame | Callable[[Path], None]]:
    """Return all tables of a comparison by the name of their file, or what writes them there."""
    failures = {} if comparison.failures.empty else {FAILURES: comparison.failures}
    return {
        "measures": comparison.measures,
        "parameters": comparison.parameters,
        **{name: partial(comparison.tables.store, name) for name in BRIEF},
        "summary.csv": summary_of(comparison),
        "differences.csv": differences_of(comparison),
        **failures,
    }


def _stacked(parts: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    import pandas as pd

    return pd.concat(parts, names=["alternative", "measure"]).reset_index()
