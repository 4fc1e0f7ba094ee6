"""A rate by counts: a Gamma law that counts in a time of exposure have updated, and what it makes of a share.

The effort θ of a zone has a prior Gamma(shape, rate). A share s of the events counted are ambushes, so that the counts
are Poisson with mean θ t / s, and for a given s the posterior is Gamma(shape + k, rate + t/s) (Gelman et al. 2013,
Bayesian Data Analysis, 2.6). The counts cannot tell s from θ: s keeps its law (a cut, Plummer 2015), and the posterior
is the mixture over it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sim.scenario.number import Quantity

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray


POINTS: Final = (0.05, 0.5, 0.95)
_NODES: Final = 24


@dataclass(frozen=True)
class Gamma:
    """A Gamma law of a rate per month."""

    shape: float
    rate: float


WEAK: Final = Gamma(0.5, 0.0)
"""Jeffreys' prior of a Poisson rate, which hardly says anything."""


@dataclass(frozen=True)
class Share:
    """Ambushes per event counted: triangular between ``low`` and ``high``, or ``value`` alone if those are equal."""

    low: float
    value: float
    high: float

    @property
    def certain(self) -> bool:
        """Whether there is no range."""
        return self.low == self.high

    def __str__(self) -> str:
        return f"{self.value:g}" if self.certain else f"{self.value:g} ({self.low:g} to {self.high:g})"


USUAL: Final = Share(0.05, 0.2, 0.5)
"""If none is given: few events are ambushes of convoys; how few is not known."""


def between(low: float, high: float) -> Gamma:
    """Return the Gamma law whose 5 and 95 % points these are; 0 < low < high."""
    from math import exp, log

    from scipy.optimize import brentq
    from scipy.special import gammaincinv

    def excess(logarithm: float) -> float:
        shape = exp(logarithm)
        ends = float(gammaincinv(shape, POINTS[0])), float(gammaincinv(shape, POINTS[2]))
        return log(ends[1]) - log(max(ends[0], 1e-300)) - log(high / low)

    shape = exp(brentq(excess, log(0.01), log(1e7)))
    return Gamma(shape, float(gammaincinv(shape, POINTS[2])) / high)


def prior_of(number: Quantity, per_month: float) -> Gamma | None:
    """Return the Gamma law through the 5 and 95 % points of a number's range; None if it has none.

    ``per_month`` is how many of the number's unit are one per month.
    """
    from scipy import stats

    low, high = number.least, number.most
    if number.law is None or high <= low:
        return None
    if number.law != "lognormal":
        width = high - low
        uniform = number.law == "uniform"
        law = stats.uniform(low, width) if uniform else stats.triang((number.value - low) / width, low, width)
        low, high = float(law.ppf(POINTS[0])), float(law.ppf(POINTS[2]))
    return between(low / per_month, high / per_month)


def points(prior: Gamma, count: float, exposure: float, share: Share) -> tuple[float, float, float]:
    """Return the 5, 50 and 95 % points of the effort per month after a count in so many months."""
    from scipy.optimize import brentq
    from scipy.special import gammainc, gammaincinv

    values, weights = _law(share)
    shape = prior.shape + count
    rates = prior.rate + exposure / values

    def quantile(p: float) -> float:
        each = gammaincinv(shape, p) / rates
        low, high = float(each.min()), float(each.max())
        if low == high:
            return low
        return float(brentq(lambda x: float(weights @ gammainc(shape, rates * x)) - p, low, high, rtol=1e-12))

    return quantile(POINTS[0]), quantile(POINTS[1]), quantile(POINTS[2])


def _law(share: Share) -> tuple[NDArray[float64], NDArray[float64]]:
    """Return points and weights by which a function is averaged over a share: Gauss-Legendre on each side."""
    import numpy as np

    if share.certain:
        return np.array([share.value]), np.array([1.0])
    x, w = np.polynomial.legendre.leggauss(_NODES)
    u, w = (x + 1.0) / 2.0, w / 2.0
    width = share.high - share.low
    left, right = share.value - share.low, share.high - share.value
    values = np.concatenate([share.low + left * u, share.high - right * u])
    weights = np.concatenate([2.0 * u * w * left / width, 2.0 * u * w * right / width])
    kept = weights > 0.0
    return values[kept], weights[kept]
