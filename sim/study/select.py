"""The best of several alternatives, by a published procedure with a guarantee."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sim.errors import StudyError
from sim.study.needs import missing

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

FIRST = 30
"""Observations of the first stage. Differences between strategies are 0 in many draws and large in a few, so that the
variance of ten, the usual first stage, is often far too low, and an alternative is ruled out that later leads."""
Outcome = Literal["selected", "tied", "open", "few", "undefined"]
ROUNDING = 1e-9
"""Differences that vary by no more than this share of the smallest one worth having do not vary."""


@dataclass(frozen=True)
class Selection:
    """What the procedure chose.

    Parameters
    ----------
    best
        The alternative selected, or None.
    contenders
        Those not ruled out, in the order given; the best alone if there is one.
    outcome
        ``selected``; ``tied``, the contenders are the same in every observation, so that there is nothing to choose
        between them; ``open``, the observations ran out with more than one left; ``few``, there are fewer than the
        first stage takes; ``undefined``, the measure is undefined in some, so that means cannot be compared.
    used, available
        Observations (draws of the parameters) that it took to decide, and those there are.
    worth
        Smallest difference worth having, in the measure's unit.
    confidence
        If the best is better than every other by ``worth`` or more, the chance that it is the one selected is at least
        this, for means over the parameter ranges as they are and about normal means of pairs.
    first
        Observations of the first stage, which estimates the variances.
    procedure
        Name and source, for the note under a table.
    """

    best: str | None
    contenders: tuple[str, ...]
    outcome: Outcome
    used: int
    available: int
    worth: float
    confidence: float
    first: int
    procedure: str


def cluster_means(series: pd.Series[float], drawn: bool) -> NDArray[np.float64]:
    """Return the independent observations of a measure: means of pairs, or all values if nothing was drawn.

    A pair of which one replication was not run is left out, for its mean would vary more than the others'; one in
    which the measure is undefined gives NaN.
    """
    import numpy as np

    series = series.sort_index()
    if not drawn:
        return np.asarray(series, dtype=np.float64)
    pairs = series.groupby(series.index // 2)
    return np.asarray(pairs.mean(skipna=False)[pairs.size() == 2], dtype=np.float64)


def select(
    values: Mapping[str, NDArray[np.float64]], better: int, worth: float, confidence: float = 0.95, first: int = FIRST
) -> Selection:
    """Select the best alternative by KN, or say which remain.

    KN takes one observation of every alternative at a time and drops one as soon as it falls too far behind another.
    It uses the variances of paired differences, and so holds under common random numbers and gains by them.

    Source: S.-H. Kim, B. L. Nelson (2001), "A fully sequential procedure for indifference-zone selection in
    simulation", ACM TOMACS 11(3), 251-273, doi:10.1145/502109.502111; code of sim-tools.

    Parameters
    ----------
    values
        Observations of the goal by alternative, each of shape (draws,), see `cluster_means`; the same draws in the same
        order in all.
    better
        1 where more is better, -1 where less is.
    worth
        Smallest difference worth having, in the measure's unit; the procedure is indifferent to less.
    confidence
        Between 1 / alternatives and 1.
    first
        Observations of the first stage, see `FIRST`.

    Raises
    ------
    StudyError
        If sim-tools is not installed, or an argument is out of its range.
    """
    import numpy as np

    names, k = tuple(values), len(values)
    if k < 2:
        raise StudyError(f"cannot select the best of {k} alternatives; expected two or more", value=k)
    if better not in (-1, 1):
        raise StudyError("cannot select by a measure that is neither better high nor better low", value=better)
    if not worth > 0.0:
        raise StudyError(f"a smallest difference worth having of {worth:g}; expected more than 0", value=worth)
    if not 1.0 / k < confidence < 1.0:
        raise StudyError(f"confidence {confidence:g}; expected more than 1/{k} and less than 1", value=confidence)
    if first < 2:
        raise StudyError(f"a first stage of {first} observations; expected two or more", value=first)
    data = np.array([values[name] for name in names], dtype=float)
    version, kn = _kn()
    n = data.shape[1]

    def told(left: list[int], outcome: Outcome, used: int) -> Selection:
        best = names[left[0]] if outcome == "selected" else None
        text = f"KN (Kim and Nelson 2001; sim-tools {version})"
        return Selection(
            best, tuple(names[i] for i in left), outcome, used, n, worth, confidence, first, procedure=text
        )

    if np.isnan(data).any():
        return told([*range(k)], "undefined", 0)
    if n < first:
        return told([*range(k)], "few", 0)
    run = kn(
        _Stored(data), n_designs=k, delta=worth, alpha=1.0 - confidence, n_0=first, obj="min" if better < 0 else "max"
    )
    try:
        run.solve()
    except _ExhaustedError:
        outcome: Outcome = "open"
    else:
        outcome = "selected" if len(run._contenders) == 1 else "tied"
    return told([int(i) for i in run._contenders], outcome, run.used)


class _ExhaustedError(Exception):
    """An observation was asked for beyond the last one stored."""


class _Stored:
    """Stored observations, handed out as if simulated; shape (alternatives, draws)."""

    def __init__(self, data: NDArray[np.float64]) -> None:
        self.data = data
        self.taken = [0] * len(data)

    def register_observer(self, observer: Any) -> None:
        self.observer = observer

    def simulate(self, design: int) -> None:
        if self.taken[design] == self.data.shape[1]:
            raise _ExhaustedError
        self.observer.feedback(self, design, self.data[design, self.taken[design]])
        self.taken[design] += 1


def _kn() -> tuple[str, Any]:
    """Return the version of sim-tools and its KN, mended."""
    import numpy as np

    try:
        from importlib.metadata import version

        from sim_tools.ovs.indifference_zone import KN
    except ImportError as error:
        raise missing("sim_tools") from error

    class Mended(KN):  # type: ignore[misc]
        used = 0

        def _calc_variance_of_differences(self) -> NDArray[np.float64]:
            differs = self._env.data[:, None] - self._env.data
            early = differs[:, :, : self._n_0]
            variance = early.var(axis=-1, ddof=1)
            # Differences that are all the same in the first stage but not later: their variance is not 0 but unknown,
            # and the first difference to come would rule one out for good. Neither is ruled out by the other.
            still, stays = (np.ptp(d, axis=-1) <= ROUNDING * self._delta for d in (early, differs))
            variance[still & ~stays] = np.inf
            self._same = (differs == 0.0).all(axis=-1)
            self.used = self._n_0
            return np.asarray(variance)

        def _limit_to_distance_from_sample_means(self, design_i: int, design_l: int) -> float:
            # sim-tools 1.3.0 keeps the variances flat, without the diagonal, and looks them up at i (k − 1) + l − 1,
            # which for l < i is the variance of another pair.
            variance = float(self._variance_of_diffs[design_i, design_l])
            return float(max(0.0, self._h_squared * variance / (2.0 * self._delta * self._r) - self._delta / 2.0))

        def _screening(self) -> None:
            super()._screening()
            self.used = self._r

        def _stopping(self) -> bool:
            # Alternatives that are the same in every observation would be carried to the end of the data.
            return bool(self._same[np.ix_(self._contenders, self._contenders)].all())

    return version("sim-tools"), Mended
