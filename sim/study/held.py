"""What a study takes from its ledger: the replications that every alternative has, and those that failed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.errors import StudyError
from sim.results.shelf import ROWS

if TYPE_CHECKING:
    import pandas as pd

    from sim.record import Columns
    from sim.results.ledger import Ledger
    from sim.study.campaign import Work


def measures_of(
    names: Sequence[str], works: Sequence[Work], ledger: Ledger, asked: Collection[int], only: Sequence[str] = ()
) -> pd.DataFrame:
    """Return the measures, or only some, of the replications asked for that every alternative has.

    Index (alternative, replication).

    Raises
    ------
    StudyError
        If there is none; with the first failure.
    """
    import pandas as pd

    done = [ledger.done(work.digest) for work in works]
    shared = [r for r in sorted(asked) if all(r in found for found in done)]
    if not shared:
        broken = [failed for work in works for failed in ledger.failures(work.digest) if failed.replication in asked]
        why = f": {broken[0].stage}: {broken[0].message}" if broken else ""
        raise StudyError(f"no replication succeeded in all alternatives{why}")
    frames = [measures_frame(ledger.measures(work.digest), shared, only) for work in works]
    return pd.concat(frames, keys=list(names), names=["alternative", "replication"])


def measures_frame(
    rows: Mapping[int, Mapping[str, float]], wanted: Sequence[int], only: Sequence[str] = ()
) -> pd.DataFrame:
    """Return the measures, or only some, of the replications wanted, index replication."""
    import numpy as np
    import pandas as pd

    columns = [*(only or rows[wanted[0]])]
    found = np.array([[rows[r][name] for name in columns] for r in wanted], dtype=float)
    return pd.DataFrame(found, pd.Index(wanted, name="replication"), columns)


def frames_of(
    ledger: Ledger,
    work: Work,
    table: str,
    wanted: Collection[int],
    frame: Callable[[Mapping[int, Columns]], pd.DataFrame],
) -> Iterator[pd.DataFrame]:
    """Iterate over a table of a work, some replications at a time in order, so that never many are in memory.

    Parameters
    ----------
    ledger, work, table
        What is read.
    wanted
        Replications.
    frame
        Makes a frame of some replications; is asked at least once.
    """
    some: dict[int, Columns] = {}
    rows = frames = 0
    for replication, columns in ledger.parts(work.digest, table):
        if replication in wanted:
            some[replication] = columns
            rows += len(next(iter(columns.values())))
        if rows >= ROWS:
            yield frame(some)
            some, rows, frames = {}, 0, frames + 1
    if some or not frames:
        yield frame(some)


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
