"""How much of the spread of a measure comes from luck and how much from ignorance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

PAIRS = 30
"""Fewest pairs for shares to be clear, as many as a selection takes: with fewer, one seed says that all is luck and
another that half is, and even the standard error is hardly known."""
TOO_FEW = f"–: fewer than {2 * PAIRS} replications, too uneven to tell, or hardly any variance"
"""Why a share is not shown, in words."""
UNTOLD = f"cannot be told, which takes {2 * PAIRS} replications and measures that vary evenly"
"""Why none is."""
LARGEST_ERROR = 0.25
"""Largest standard error of a clear share; beyond it two errors either way reach over the whole scale."""
HARDLY = 0.01
"""A measure whose standard deviation is under this share of its mean hardly varies: there is nothing to explain."""


def split(measures: pd.DataFrame) -> pd.DataFrame | None:
    """Split the variance of each measure into luck (tape) and ignorance (parameters).

    Replications 2k and 2k + 1 share their parameters and differ in luck, so half the mean squared difference within
    pairs estimates the variance from luck without bias; ignorance is the rest of the total (law of total variance;
    one-way analysis of variance).  A negative rest is shown as 0.  The standard error is that of the jackknife over
    pairs (Efron and Stein 1981), which asks for no normal distribution, taken before a negative rest is cut.

    Returns
    -------
    DataFrame or None
        Index measure; columns ``luck`` and ``ignorance`` (shares of 1; NaN where a measure does not vary or is not
        defined in a pair), ``error`` (standard error of either) and ``clear`` (whether the shares say anything: at
        least thirty pairs, an error of at most 0.25, and a standard deviation of at least 1 % of the mean).  None with
        fewer than two pairs.
    """
    import pandas as pd

    pairs = [(r, r + 1) for r in measures.index if r % 2 == 0 and r + 1 in measures.index]
    if len(pairs) < 2:
        return None
    first = measures.loc[[a for a, _ in pairs]].to_numpy(dtype=float)
    second = measures.loc[[b for _, b in pairs]].to_numpy(dtype=float)
    both = ~(np.isnan(first) | np.isnan(second))
    rows = [_row(first[both[:, k], k], second[both[:, k], k]) for k in range(measures.shape[1])]
    return pd.DataFrame(rows, index=measures.columns, columns=["luck", "ignorance", "error", "clear"])


def _row(a: NDArray[np.float64], b: NDArray[np.float64]) -> tuple[float, float, float, bool]:
    pairs, nan = len(a), float("nan")
    if pairs < 2:
        return nan, nan, nan, False
    squares, means = (a - b) ** 2, (a + b) / 2.0
    means = means - means.mean()
    rest = float(_ignorance(squares.sum(), means.sum(), (means**2).sum(), pairs))
    if np.isnan(rest):
        return nan, nan, nan, False
    without = squares.sum() - squares, means.sum() - means, (means**2).sum() - means**2
    left = _ignorance(*without, pairs - 1) if pairs > 2 else np.full(pairs, nan)
    error = float(np.sqrt((pairs - 1) * np.mean((left - left.mean()) ** 2)))
    values = np.concatenate((a, b))
    varies = float(values.std()) >= HARDLY * abs(float(values.mean()))
    clear = pairs >= PAIRS and error <= LARGEST_ERROR and varies
    return 1.0 - max(0.0, rest), max(0.0, rest), error, clear


def _ignorance(squares: Any, means: Any, means_squared: Any, pairs: int) -> Any:
    """Share of the variance that is not luck, below 0 by chance, from sums over pairs; NaN where nothing varies."""
    luck = squares / (2.0 * pairs)
    # The variance of pair means is that of ignorance plus half that of luck.
    between = (means_squared - means**2 / pairs) / (pairs - 1) - luck / 2.0
    total = np.asarray(between + luck, dtype=float)
    return np.divide(between, total, out=np.full(total.shape, np.nan), where=total > 1e-300)
