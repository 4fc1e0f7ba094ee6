"""Quantile functions: a uniform number in [0, 1) turned into a value of a law.

They use + − × ÷, comparisons and `math.sqrt/log/exp` only, so that compiled they give the same bits. Callers see to it
that low ≤ mode ≤ high, and 0 < low for the lognormal law; then every value lies in [low, high].
"""

from __future__ import annotations

from math import exp, log, sqrt
from typing import Final

from sim.errors import PlanError

UNIFORM, TRIANGULAR, LOGNORMAL = 0, 1, 2
Z95: Final = 1.6448536269514722
"""95 % point of the standard normal law."""
LEAST: Final = 5.551115123125783e-17
"""2**-54, half a step of the grid of uniform numbers: stands in for 0, whose normal quantile is infinite."""

# Coefficients of AS 241, highest power first: numerator and denominator for the middle, the tails and the far tails.
MIDDLE_TOP: Final = (
    2.5090809287301226727e3,
    3.3430575583588128105e4,
    6.7265770927008700853e4,
    4.5921953931549871457e4,
    1.3731693765509461125e4,
    1.9715909503065514427e3,
    1.3314166789178437745e2,
    3.3871328727963666080e0,
)
MIDDLE_BOTTOM: Final = (
    5.2264952788528545610e3,
    2.8729085735721942674e4,
    3.9307895800092710610e4,
    2.1213794301586595867e4,
    5.3941960214247511077e3,
    6.8718700749205790830e2,
    4.2313330701600911252e1,
    1.0,
)
TAIL_TOP: Final = (
    7.74545014278341407640e-4,
    2.27238449892691845833e-2,
    2.41780725177450611770e-1,
    1.27045825245236838258e0,
    3.64784832476320460504e0,
    5.76949722146069140550e0,
    4.63033784615654529590e0,
    1.42343711074968357734e0,
)
TAIL_BOTTOM: Final = (
    1.05075007164441684324e-9,
    5.47593808499534494600e-4,
    1.51986665636164571966e-2,
    1.48103976427480074590e-1,
    6.89767334985100004550e-1,
    1.67638483018380384940e0,
    2.05319162663775882187e0,
    1.0,
)
FAR_TOP: Final = (
    2.01033439929228813265e-7,
    2.71155556874348757815e-5,
    1.24266094738807843860e-3,
    2.65321895265761230930e-2,
    2.96560571828504891230e-1,
    1.78482653991729133580e0,
    5.46378491116411436990e0,
    6.65790464350110377720e0,
)
FAR_BOTTOM: Final = (
    2.04426310338993978564e-15,
    1.42151175831644588870e-7,
    1.84631831751005468180e-5,
    7.86869131145613259100e-4,
    1.48753612908506148525e-2,
    1.36929880922735805310e-1,
    5.99832206555887937690e-1,
    1.0,
)


def clip(x: float, low: float, high: float) -> float:
    """Return x, or the end of [low, high] that it passed."""
    if x < low:
        return low
    if x > high:
        return high
    return x


def polynomial(x: float, coefficients: tuple[float, ...]) -> float:
    """Return the polynomial with these coefficients, highest power first, by Horner's rule."""
    y = 0.0
    for c in coefficients:
        y = y * x + c
    return y


def uniform(u: float, low: float, high: float) -> float:
    """Return the u-quantile of the uniform law on [low, high]."""
    return clip(low + u * (high - low), low, high)


def triangular(u: float, low: float, mode: float, high: float) -> float:
    """Return the u-quantile of the triangular law on [low, high] with its peak at mode."""
    width = high - low
    if u * width < mode - low:
        return clip(low + sqrt(u * width * (mode - low)), low, mode)
    return clip(high - sqrt((1.0 - u) * width * (high - mode)), mode, high)


def normal(u: float) -> float:
    """Return the u-quantile of the standard normal law to about 16 digits; finite for every u in [0, 1).

    Source: M. J. Wichura (1988), "Algorithm AS 241: the percentage points of the normal distribution", Applied
    Statistics 37, 477–484, routine PPND16.
    """
    q = u - 0.5
    if -0.425 <= q <= 0.425:
        r = 0.180625 - q * q
        return q * polynomial(r, MIDDLE_TOP) / polynomial(r, MIDDLE_BOTTOM)
    r = u if q < 0.0 else 1.0 - u
    r = sqrt(-log(r if r > LEAST else LEAST))
    if r <= 5.0:
        x = polynomial(r - 1.6, TAIL_TOP) / polynomial(r - 1.6, TAIL_BOTTOM)
    else:
        x = polynomial(r - 5.0, FAR_TOP) / polynomial(r - 5.0, FAR_BOTTOM)
    return -x if q < 0.0 else x


def lognormal(u: float, median: float, low: float, high: float) -> float:
    """Return the u-quantile of a lognormal law through a median and 5 % and 95 % points, without what lies beyond.

    The tails are left out by reading the law between its 5 % and 95 % points. Each half has a spread of its own,
    log(median / low) below and log(high / median) above, so that a skewed range is met at all three points.
    """
    z = normal(0.05 + 0.9 * u)
    sigma = log(median / low) if z < 0.0 else log(high / median)
    return clip(median * exp(sigma / Z95 * z), low, high)


def draw(law: int, u: float, low: float, mode: float, high: float) -> float:
    """Return the u-quantile of a law given by its code; mode is the median of the lognormal law, unused in the uniform.

    Raises
    ------
    PlanError
        If no law has this code.
    """
    if law == UNIFORM:
        return uniform(u, low, high)
    if law == TRIANGULAR:
        return triangular(u, low, mode, high)
    if law == LOGNORMAL:
        return lognormal(u, mode, low, high)
    raise PlanError("no law has this code; the codes are 0 uniform, 1 triangular, 2 lognormal")
