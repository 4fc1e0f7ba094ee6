"""The tables of a comparison that are kept on disk."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sim.results.brief import BRIEF
from sim.study.comparison import part
from sim.study.paired import differences, summary

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import pandas as pd

    from sim.study.break_even import BreakEven
    from sim.study.comparison import Comparison


def differences_of(comparison: Comparison) -> pd.DataFrame:
    """Return the paired differences of every alternative to the baseline in every measure.

    Columns alternative, measure and those of `sim.study.paired.differences`.
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

    Columns alternative, measure, those of `sim.study.paired.summary`, and ``never``: replications in which a date
    never came, and counts as `sim.results.never` says.
    """
    found = {name: summary(comparison.of[name], comparison.drawn) for name in comparison.names}
    for name, table in found.items():
        table["never"] = table["defined"] - part(comparison.measures, name).count()
    return _stacked(found)


def tables(
    comparison: Comparison, break_even: BreakEven | None = None
) -> Mapping[str, pd.DataFrame | Callable[[Path], None]]:
    """Return all tables of a comparison by the name of their file, or what writes them there."""
    found: dict[str, pd.DataFrame | Callable[[Path], None]] = {
        "measures": comparison.measures,
        "parameters": comparison.parameters,
        **{name: partial(comparison.tables.store, name) for name in BRIEF},
        "summary.csv": summary_of(comparison),
        "differences.csv": differences_of(comparison),
    }
    if not comparison.failures.empty:
        found["failures.csv"] = comparison.failures
    if break_even is not None:
        found["break-even.csv"] = break_even.points
    return found


def _stacked(parts: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    import pandas as pd

    return pd.concat(parts, names=["alternative", "measure"]).reset_index()
