"""Simulation-based calibration: are the sampler's posteriors those of the model, on the tutorial?

Use: python benchmarks/ranks.py [-n 200] [--particles 100] [--sweeps 3] [--seed 1]

A truth is drawn from the prior, simulated, and seen with an error; the calibration to what was seen must rank the truth
among its draws as often at each place as at any other.  Printed is, by parameter, the χ² of the ranks in bins, and
what chance alone exceeds in 1 % of cases.

Source: S. Talts et al. (2018), "Validating Bayesian inference algorithms with simulation-based calibration",
arXiv:1804.06788.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.measuring import text  # noqa: E402
from sim.plan import build  # noqa: E402
from sim.plan.posterior import parts_of  # noqa: E402
from sim.results.ledger import Ledger  # noqa: E402
from sim.results.quantity import Asked, Quantity  # noqa: E402
from sim.study.calibrate import keys_of, particle_simulator  # noqa: E402
from sim.study.engine import prepare  # noqa: E402
from sim.study.executors import Where  # noqa: E402
from sim.study.readings import Readings, reader  # noqa: E402
from sim.study.tempering import IDLE, STEPS, Tempering  # noqa: E402
from sim.world.keys import Draws, Stream  # noqa: E402

if TYPE_CHECKING:
    from numpy.typing import NDArray

DAYS: Final = 28
"""Days of the tutorial that are simulated, after a week of peace."""
WATCHED: Final = ("products.petrol.need", "driving.escorted", "attacks.damage")
"""Parameters whose ranks are printed: one that the data inform well, one somewhat, one less."""


def setup() -> tuple[Any, list[Asked], NDArray[np.float64], list[int]]:
    """Return plan, what is seen of a run, the error of each, and the places of the watched parameters."""
    import sim

    plan = replace(build(sim.load(ROOT / "scenarios" / "tutorial.yaml", sets="warmup=7 days")), days=DAYS)
    town = plan.towns.name.index("Capital")
    last = DAYS - 1
    asked = [
        Asked(Quantity("towns", "sold", town=town, last=last, statistic="total")),
        Asked(Quantity("towns", "stock", town=town, first=last - 6, last=last)),
        Asked(Quantity("encounters", "lost", last=last, statistic="total")),
    ]
    keys = keys_of(plan)
    places = [next(keys[number.entity] for number in plan.uncertain if number.path == path) for path in WATCHED]
    return plan, asked, np.array([150.0, 400.0, 10.0]), places


def ranks(truths: int, particles: int, sweeps: int, seed: int = 1) -> NDArray[np.int64]:
    """Return the rank of each truth among the draws of its posterior, shape (truths, watched parameters)."""
    from scipy.special import ndtri

    plan, asked, error, places = setup()
    prepare()
    width, parts = len(keys_of(plan)), len(parts_of(plan))
    ranked = []
    for truth in range(truths):
        with Ledger(None) as ledger:
            names = [str(k) for k in range(len(asked))]
            readings = Readings(plan, reader(asked), names, ledger, Where(), truth)
            show = particle_simulator(readings, seed)
            draws = Draws(seed, truth)
            steps = (draws.uniforms(Stream.PARAMETER, np.arange(width + IDLE)) * STEPS).astype(np.int64)
            number = 1_000_000 + truth
            seen = show(number, steps[None, :], np.array([number]), np.zeros((1, parts), np.int64))[0]
            seen = seen + error * ndtri(draws.uniforms(Stream.CALIBRATION, np.arange(len(error))))

            def likelihood(values: NDArray[np.float64], seen: NDArray[np.float64] = seen) -> NDArray[np.float64]:
                fit: NDArray[np.float64] = -0.5 * np.square((values - seen) / error).sum(axis=1)
                return fit

            done = Tempering(show, likelihood, width, parts, particles, sweeps, seed + 1000 * (truth + 1)).run()
        ranked.append((done.posterior.steps[:, places] < steps[places]).sum(axis=0))
    return np.array(ranked)


def chi_squared(ranked: NDArray[np.int64], particles: int, bins: int) -> NDArray[np.float64]:
    """Return the χ² of ranks against equal numbers in bins, by column."""
    place = np.minimum(ranked * bins // (particles + 1), bins - 1)
    counts = np.array([np.bincount(column, minlength=bins) for column in place.T])
    wished = len(ranked) / bins
    result: NDArray[np.float64] = (np.square(counts - wished) / wished).sum(axis=1)
    return result


def main() -> None:
    """Rank and print."""
    from scipy.stats import chi2

    words = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    words.add_argument("-n", "--truths", type=int, default=200, metavar="N")
    words.add_argument("--particles", type=int, default=100)
    words.add_argument("--sweeps", type=int, default=3)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--bins", type=int, default=10)
    asked = words.parse_args()
    ranked = ranks(asked.truths, asked.particles, asked.sweeps, asked.seed)
    limit = float(chi2.ppf(0.99, asked.bins - 1))
    rows = [
        [path, f"{value:.1f}", f"{limit:.1f}", "even" if value < limit else "uneven"]
        for path, value in zip(WATCHED, chi_squared(ranked, asked.particles, asked.bins), strict=True)
    ]
    print(text(["parameter", "χ² of the ranks", "1 % of chance", ""], rows))


if __name__ == "__main__":
    main()
