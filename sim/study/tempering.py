"""Tempered sequential Monte Carlo over marks and luck.

Particles start from a wide draw of the prior: every parameter by a uniform mark under its own law, luck by a number and
salts that key random numbers. The likelihood of the facts is raised from the power 0 to 1, each time so far that the
effective sample size falls to a share; particles are then resampled, and moved by Metropolis steps that leave the
tempered posterior as it is: Crank–Nicolson steps on all marks in normal scale, or some marks drawn anew, while luck
stays, and new luck, of one part of the world, of several or of all, while the marks stay. Only that the numbers are
keyed makes this possible.

A few marks more are carried along that nothing reads.  What they show at the end, a mean that is not that of the prior
or a smaller spread, comes of few particles alone, and is the measure of what the facts say of the others.

Sources: P. Del Moral, A. Doucet and A. Jasra (2006), "Sequential Monte Carlo samplers", Journal of the Royal
Statistical Society B 68(3), 411-436; S. Cotter, G. Roberts, A. Stuart and D. White (2013), "MCMC methods for
functions", Statistical Science 28(3), 424-446; temperatures by bisection on the effective sample size as in A. Jasra
et al. (2011), "Inference for Lévy-driven stochastic volatility models via adaptive sequential Monte Carlo",
Scandinavian Journal of Statistics 38(1), 1-22.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import exp, log
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.plan.posterior import STEPS
from sim.rules.steps import total
from sim.world.keys import WORD, Draws, Stream

Reals: TypeAlias = NDArray[np.float64]
Whole: TypeAlias = NDArray[np.int64]

KINDS: Final = ("all marks", "some marks", "one part of luck", "half of luck", "all luck")
CHANCES: Final = (0.25, 0.45, 0.18, 0.06, 0.06)
"""How often each kind of move is tried."""
IDLE: Final = 24
"""Marks that nothing reads."""
FIRST: Final = 10
"""Draws from the prior for each particle: lines that are there at the beginning cost one replication each, and none is
gained later."""
SURE: Final = 3.0
"""Standard deviations of the marks that nothing reads beyond which a parameter counts as informed."""
WISHED: Final = 0.25
"""Share of accepted moves that the step of all marks, and the share of those drawn anew, are tuned to."""
HASTE: Final = 2.0
"""How fast they are: multiplied by the exponential of this times what the share accepted is over or under."""
LAST: Final = 2
"""How many times as many sweeps follow at the end as at each temperature."""


class Particles(NamedTuple):
    """Particles, a row each.

    ``steps`` are marks in steps of 1 / 65,536, ``luck`` numbers of replications, ``salts`` those of each part of luck,
    ``values`` what the simulation gave, ``fit`` their log-likelihood, ``ancestor`` the first particle of their line.
    """

    steps: Whole
    luck: Whole
    salts: Whole
    values: Reals
    fit: Reals
    ancestor: Whole

    def at(self, rows: Whole) -> Particles:
        """Return some rows."""
        return Particles._make(column[rows] for column in self)

    def distinct(self) -> tuple[Whole, Whole, Whole]:
        """Return the first row of each distinct particle, which of them each row is, and how often each occurs."""
        rows = np.column_stack((self.steps, self.luck, self.salts))
        _, first, which, count = np.unique(rows, axis=0, return_index=True, return_inverse=True, return_counts=True)
        return first, which.ravel(), count

    def taken(self, other: Particles, yes: NDArray[np.bool_]) -> Particles:
        """Return the particles with those of another set in the rows that say yes."""
        return Particles(
            np.where(yes[:, None], other.steps, self.steps),
            np.where(yes, other.luck, self.luck),
            np.where(yes[:, None], other.salts, self.salts),
            np.where(yes[:, None], other.values, self.values),
            np.where(yes, other.fit, self.fit),
            self.ancestor,
        )


class Stage(NamedTuple):
    """What was done at one power of the likelihood."""

    power: float
    effective: float
    evidence: float
    replications: int
    accepted: tuple[float, ...]


@dataclass(frozen=True)
class Tempered:
    """What came of it.

    Parameters
    ----------
    prior, posterior
        Particles before (ten times as many) and after; all weigh the same.
    evidence
        Log of the mean likelihood under the prior.
    stages
        One a power of the likelihood.
    """

    prior: Particles
    posterior: Particles
    evidence: float
    stages: tuple[Stage, ...]


Simulate = Callable[[int, Whole, Whole, Whole], Reals]
"""Takes the number of the first replication, steps, luck and salts of some particles; returns their values.  The last
``IDLE`` columns of the steps are read by nobody."""


@dataclass
class Tempering:
    """A sampler.

    Parameters
    ----------
    simulate, likelihood
        Values of particles, and the log-likelihood of values, shape (particles,), at most 0 where it is a misfit.
    parameters, parts
        How many marks and parts of luck a particle has.
    particles, sweeps
        How many particles, and how many moves of each at a power of the likelihood.
    seed
        Seed of the sampler's own random numbers.
    tell
        Called after every sweep with the power, the effective size and the replications so far.
    """

    simulate: Simulate
    likelihood: Callable[[Reals], Reals]
    parameters: int
    parts: int
    particles: int
    sweeps: int
    seed: int
    tell: Callable[[float, float, int], object] = lambda *_: None
    _sizes: list[float] = field(default_factory=lambda: [0.3, 0.3])
    _sweep: int = 0

    def run(self, share: float = 0.5) -> Tempered:
        """Sample; the effective size falls to a share of the particles at each power."""
        count = self.particles
        prior = now = self.begin()
        power = evidence = 0.0
        stages = []
        while power < 1.0:
            rise = next_rise(now.fit, 1.0 - power, share * count)
            weights = np.exp(rise * (now.fit - now.fit.max()))
            evidence += rise * float(now.fit.max()) + log(float(weights.mean()))
            effective = _effective(weights)
            power = 1.0 if rise >= 1.0 - power else power + rise
            mark = Draws(self.seed, self._sweep).uniform(Stream.CALIBRATION, FIRST * count)
            now = now.at(resampled(weights, mark, count))
            rates = []
            for _ in range(self.sweeps * (LAST if power == 1.0 else 1)):
                now, rate = self._moved(now, power)
                rates.append(rate)
                self.tell(power, effective, count * (FIRST + self._sweep))
            stages.append(Stage(power, effective, evidence, count * (FIRST + self._sweep), _means(rates)))
        return Tempered(prior, now, evidence, tuple(stages))

    def begin(self) -> Particles:
        """Draw from the prior, ten times as many as there are particles."""
        places = np.arange(FIRST * self.particles)
        steps = (self._uniforms(places, self.parameters + IDLE) * STEPS).astype(np.int64)
        salts = np.zeros((len(places), self.parts), np.int64)
        values = self.simulate(0, steps, places, salts)
        return Particles(steps, places, salts, values, self.likelihood(values), places)

    def _uniforms(self, places: Whole, columns: int) -> Reals:
        """Return numbers of the next sweep, shape (particles, columns)."""
        draws = Draws(self.seed, self._sweep)
        return draws.uniforms(Stream.CALIBRATION, places[:, None], np.arange(columns)[None, :])

    def _moved(self, now: Particles, power: float) -> tuple[Particles, list[float]]:
        """Try one move of each particle; also return the share accepted of each kind, NaN where none was tried."""
        from scipy.special import ndtr, ndtri

        self._sweep += 1
        count, width = now.steps.shape
        marks = self._uniforms(np.arange(count), 2 + 2 * width + 2 * self.parts + 1)
        which, coin = marks[:, 0], marks[:, 1]
        noise, chosen = marks[:, 2 : 2 + width], marks[:, 2 + width : 2 + 2 * width]
        rest = marks[:, 2 + 2 * width :]
        kind = np.searchsorted(np.cumsum(CHANCES[:-1]), which, side="right")
        size = np.array([self._sizes[0], 1.0, 0.0, 0.0, 0.0])[kind][:, None]
        size = np.where((kind[:, None] == 1) & (chosen >= max(self._sizes[1], 2.0 / width)), 0.0, size)
        z = ndtri((now.steps + 0.5) / STEPS)
        z = np.sqrt(1.0 - np.square(size)) * z + size * ndtri((np.floor(noise * STEPS) + 0.5) / STEPS)
        steps = np.where(size > 0.0, np.minimum((ndtr(z) * STEPS).astype(np.int64), STEPS - 1), now.steps)
        first = count * (FIRST - 1 + self._sweep)
        luck, salts = now.luck.copy(), now.salts.copy()
        fresh = 1 + (rest[:, : self.parts] * (WORD - 1)).astype(np.int64)
        single = np.arange(self.parts)[None, :] == (rest[:, -1] * self.parts).astype(np.int64)[:, None]
        several = rest[:, self.parts : 2 * self.parts] < 0.5
        renewed = ((kind == 2)[:, None] & single) | ((kind == 3)[:, None] & several)
        salts[renewed] = fresh[renewed]
        luck[kind == 4] = (first + np.arange(count))[kind == 4]
        salts[kind == 4] = 0
        values = self.simulate(first, steps, luck, salts)
        fit = self.likelihood(values)
        with np.errstate(divide="ignore"):
            yes = np.log(coin) < power * (fit - now.fit)
        rates = [float(yes[kind == k].mean()) if (kind == k).any() else float("nan") for k in range(len(KINDS))]
        for k, rate in enumerate(rates[:2]):
            if rate == rate:
                self._sizes[k] = min(1.0, max(0.01, self._sizes[k] * exp(HASTE * (rate - WISHED))))
        moved = Particles(steps, luck, salts, values, fit, now.ancestor)
        return now.taken(moved, yes), rates


def _means(rates: Sequence[Sequence[float]]) -> tuple[float, ...]:
    """Return the mean share accepted of each kind of move, NaN where none was tried."""
    columns = [[rate for rate in column if rate == rate] for column in zip(*rates, strict=True)]
    return tuple(total(column) / len(column) if column else float("nan") for column in columns)


def next_rise(fit: Reals, most: float, effective: float) -> float:
    """Return by how much the power of the likelihood may rise until the effective size falls to a number.

    Parameters
    ----------
    fit
        Log-likelihoods of particles that weigh the same.
    most
        Largest rise.
    effective
        Wished effective size.
    """
    shifted = fit - fit.max()

    def size(rise: float) -> float:
        return _effective(np.exp(rise * shifted))

    if size(most) >= effective:
        return most
    low, high = 0.0, most
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if size(middle) >= effective else (low, middle)
    return high


def resampled(weights: Reals, mark: float, count: int | None = None) -> Whole:
    """Return ``count`` rows (else as many as there are) by systematic resampling: each as often as it weighs."""
    count = len(weights) if count is None else count
    ends = np.cumsum(weights) / weights.sum()
    places = (np.arange(count) + mark) / count
    return np.minimum(np.searchsorted(ends, places, side="right"), len(weights) - 1)


def informed(steps: Whole) -> tuple[Whole, float, float, float]:
    """Say which marks the facts inform, by what marks that nothing reads show.

    Of the idle marks (the last columns) the means scatter about 0, and the logs of the sds about a mean of their own;
    both come of few independent lines alone.  A mark is informed if it lies more than three sds of that scatter away.

    Returns
    -------
    tuple
        The columns informed, and of the idle marks the sd of the means, and mean and sd of log sd.
    """
    from scipy.special import ndtri

    scores = ndtri((steps + 0.5) / STEPS)
    means, spreads = scores.mean(axis=0), np.log(np.maximum(scores.std(axis=0), 1e-9))
    idle = slice(-IDLE, None)
    scatter = float(np.sqrt(np.square(means[idle]).mean()))
    middle, width = float(spreads[idle].mean()), float(spreads[idle].std())
    yes = (np.abs(means) > SURE * scatter) | (spreads < middle - SURE * width)
    return np.flatnonzero(yes[:-IDLE]), scatter, middle, width


def effective_size(particles: Particles) -> float:
    """Return the effective number of particles, equal ones counted as one: (Σ n)² / Σ n²."""
    return _effective(particles.distinct()[-1].astype(float))


def _effective(weights: Reals) -> float:
    return float(weights.sum() ** 2 / np.square(weights).sum())
