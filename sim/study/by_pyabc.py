"""A second opinion on a calibration: approximate Bayesian computation by pyabc, which shares no line with ours."""

from __future__ import annotations

import logging
import tempfile
from itertools import count
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.plan.posterior import STEPS, parts_of
from sim.results.ledger import Ledger
from sim.results.store import Study
from sim.scenario.load import Scenario
from sim.scenario.targets import Targets
from sim.study.calibrate import Calibration, Setting, Tell, identity, laid_out, manifest_of, simulator
from sim.study.executors import HERE, Where
from sim.study.experiment import Experiment
from sim.study.packages import importing
from sim.study.tempering import FIRST, Particles, Stage, Tempering, resampled

STRICT: Final = 8
"""How many times as strict as there are sweeps."""


def by_pyabc(
    scenario: Scenario,
    targets: Targets,
    setting: Setting = Setting(),  # noqa: B008 (a tuple)
    *,
    where: Where = HERE,
    folder: Path | None = None,
    tell: Tell = lambda *_: None,
    command: str | None = None,
) -> Calibration:
    """Calibrate by pyabc, with the root of the summed squared misfits as its distance.

    Luck is new in every simulation.  Accepted are particles nearer than one in ``8 × sweeps`` of the prior, in one
    population: the weights of further ones, densities in as many dimensions as there are parameters, underflow.  pyabc
    draws its own random numbers, so that no two runs are the same; otherwise as `sim.study.calibrate.calibrate`.

    Source: E. Schälte et al. (2022), "pyABC: efficient and robust easy-to-use approximate Bayesian computation",
    Journal of Open Source Software 7(74), 4304.

    Raises
    ------
    RequestError
        If pyabc is not installed.
    """
    with importing("pyabc"):
        import pyabc
    from scipy.special import ndtr

    study = Study(identity(scenario, targets, setting, "pyabc"), setting.seed, setting.particles)
    experiment = Experiment(study, scenario, "fast", folder, command=command)
    plan, bounds, keys = laid_out(scenario, targets, setting)
    names = [f"m{k}" for k in range(keys)]
    numbers = count(FIRST * setting.particles)
    parts = len(parts_of(plan))
    seen: dict[bytes, tuple[int, NDArray[np.float64]]] = {}
    with Ledger(None) as ledger, tempfile.TemporaryDirectory() as scratch:
        simulate, likelihood = simulator(plan, bounds, setting, targets, ledger, where)

        def show(given: Any) -> dict[str, Any]:
            number = next(numbers)
            steps = np.minimum((ndtr([given[name] for name in names]) * STEPS).astype(np.int64), STEPS - 1)
            values = simulate(number, steps[None, :], np.array([number]), np.zeros((1, parts), np.int64))[0]
            seen[steps.tobytes()] = number, values
            return {"values": values}

        def distance(shown: Any, _: Any) -> float:
            return float(np.sqrt(-2.0 * likelihood(shown["values"][None, :])[0]))

        ours = Tempering(simulate, likelihood, keys, parts, setting.particles, setting.sweeps, setting.seed)
        prior = ours.begin()
        logging.getLogger("ABC").setLevel(logging.ERROR)
        abc = pyabc.ABCSMC(
            show,
            pyabc.Distribution(**{name: pyabc.RV("norm", 0, 1) for name in names}),
            distance,
            population_size=setting.particles,
            eps=pyabc.ListEpsilon([float(np.quantile(np.sqrt(-2.0 * prior.fit), 1.0 / (STRICT * setting.sweeps)))]),
            sampler=pyabc.sampler.SingleCoreSampler(),  # others pickle what simulates
        )
        abc.new(f"sqlite:///{Path(scratch) / 'pyabc.db'}", {})
        history = abc.run(max_nr_populations=1)
        told = history.get_all_populations()
        frame, weights = history.get_distribution()
        scores = frame[names].to_numpy()
        rows = resampled(np.asarray(weights), 0.5)[: setting.particles]
        steps = np.minimum((ndtr(scores[rows]) * STEPS).astype(np.int64), STEPS - 1)
        accepted = [seen[row.tobytes()] for row in steps]
    values = np.array([value for _, value in accepted])
    posterior = Particles(
        np.column_stack((steps, prior.steps[: len(steps), keys:])),  # with marks that nothing reads
        np.array([number for number, _ in accepted]),
        np.zeros((len(steps), parts), np.int64),
        values,
        likelihood(values),
        rows,
    )
    stages = tuple(
        Stage(
            float(1.0 / max(row.epsilon, 1e-9) ** 2), float("nan"), float("nan"), int(row.samples), (float("nan"),) * 5
        )
        for row in told.itertuples()
        if row.t >= 0
    )
    tell(1.0, float(setting.particles), int(told["samples"].sum()))
    manifest = manifest_of(experiment, targets, setting, bounds, float("nan"), int(told["samples"].sum()))
    return Calibration(scenario, plan, bounds, prior, posterior, float("nan"), stages, manifest, folder)
