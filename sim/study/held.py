"""What a study takes from its ledger: the replications that every alternative has, and those that failed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from sim.errors import StudyError

if TYPE_CHECKING:
    import pandas as pd

    from sim.results.ledger import Ledger
    from sim.study.campaign import Work


def measures_of(names: Sequence[str], works: Sequence[Work], ledger: Ledger, asked: Collection[int]) -> pd.DataFrame:
    """Return the measures of the replications asked for that every alternative has.

    Index (alternative, replication).

    Raises
    ------
    StudyError
        If there is none; with the first failure.
    """
    import pandas as pd

    rows = [ledger.measures(work.digest) for work in works]
    shared = [r for r in sorted(asked) if all(r in found for found in rows)]
    if not shared:
        broken = [failed for work in works for failed in ledger.failures(work.digest) if failed.replication in asked]
        why = f": {broken[0].stage}: {broken[0].message}" if broken else ""
        raise StudyError(f"no replication succeeded in all alternatives{why}")
    frames = [pd.DataFrame([found[r] for r in shared], index=shared) for found in rows]
    return pd.concat(frames, keys=list(names), names=["alternative", "replication"])


def failures_of(
    works: Iterable[tuple[tuple[Any, ...], Work]], ledger: Ledger, asked: Collection[int], keys: Sequence[str]
) -> pd.DataFrame:
    """Return the replications asked for that failed, of each work once, under the first key that it is given.

    Columns those of the key, then replication, seed, stage, message.
    """
    import pandas as pd

    rows: dict[tuple[str, int], tuple[Any, ...]] = {}
    for key, work in works:
        for one in ledger.failures(work.digest):
            if one.replication in asked:
                row = (*key, one.replication, work.seed, one.stage, one.message)
                rows.setdefault((work.digest, one.replication), row)
    return pd.DataFrame(list(rows.values()), columns=[*keys, "replication", "seed", "stage", "message"])
