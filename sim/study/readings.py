"""Numbers read off many replications, as arrays and without frames, kept so that none is simulated twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from hashlib import sha256
from itertools import count

import numpy as np
from numpy.typing import NDArray

from sim.errors import StudyError
from sim.plan.plan import Plan
from sim.record import Record
from sim.results.ledger import Ledger, Outcome
from sim.results.quantity import Asked, Seen
from sim.study.campaign import Progress
from sim.study.engine import TWINS
from sim.study.executors import Where, each
from sim.study.processes import Failure
from sim.study.sources import digest as sources
from sim.world.nature import Nature

Read = Callable[["Record"], Sequence[float]]


class Readings:
    """Reads numbers off replications of a plan.

    Parameters
    ----------
    plan
        The plan.
    read
        Reads a record.
    names
        Names of what it reads, in order.
    ledger, where
        Where readings are kept, and what simulates.
    about
        All that decides a reading beside the plan and a replication's number.
    tell
        Called after each reading.
    """

    def __init__(
        self,
        plan: Plan,
        read: Read,
        names: Sequence[str],
        ledger: Ledger,
        where: Where,
        *about: object,
        tell: Callable[[], object] = lambda: None,
    ) -> None:
        self.plan = plan
        self.digest = sha256(repr((plan, tuple(names), about, sources())).encode()).hexdigest()
        self._read, self._names, self._tell = read, tuple(names), tell
        self._ledger, self._where = ledger, where.said("fast")
        self._kept: Mapping[int, Mapping[str, float]] = ledger.measures(self.digest)

    def of(self, numbers: Sequence[int], given: Callable[[int], Nature]) -> NDArray[np.float64]:
        """Return the readings of replications, shape (replications, readings).

        Parameters
        ----------
        numbers
            Number of each.
        given
            What is given to a replication, by place in ``numbers``.

        Raises
        ------
        StudyError
            If a replication fails.
        """
        values = np.empty((len(numbers), len(self._names)))
        todo = []
        for place, number in enumerate(numbers):
            kept = self._kept.get(number)
            if kept is None:
                todo.append(place)
            else:
                values[place] = list(kept.values())
                self._tell()
        twin = TWINS.of(self.digest, self.plan)

        def show(place: int) -> Sequence[float]:
            return self._read(twin.replicate(given(place)))

        with closing(each(show, todo, self._where)) as results:
            for place, result in results:
                if isinstance(result, Failure):
                    raise StudyError(
                        f"replication {numbers[place]} failed: {result.message}", replication=numbers[place]
                    )
                values[place] = result
                told = dict(zip(self._names, map(float, result), strict=True))
                self._ledger.put(self.digest, numbers[place], Outcome(told, {}))
                self._tell()
        return values


def counting(progress: Progress | None, total: int) -> Callable[[], object]:
    """Return what counts readings and tells a study's progress."""
    done = count(1)
    return lambda: None if progress is None else progress(next(done), total)


def reader(quantities: Sequence[Asked]) -> Read:
    """Return what reads quantities off a record."""

    def read(record: Record) -> list[float]:
        seen = Seen(record)
        return [quantity.of(seen) for quantity in quantities]

    return read
