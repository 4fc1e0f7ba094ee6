"""A second opinion on a calibration: approximate Bayesian computation by pyabc, which shares no line with ours."""

from __future__ import annotations

import logging
import tempfile
from itertools import count
from math import nan
from pathlib import Path
from typing import Any, Final

import numpy as np

from sim.plan.posterior import STEPS
from sim.results.ledger import Ledger
from sim.results.store import Study
from sim.scenario.load import Scenario
from sim.scenario.targets import Targets
from sim.study.calibrate import Calibration, Setting, Tell, calibration, identity, laid_out, sampler
from sim.study.executors import HERE, Where
from sim.study.experiment import Experiment
from sim.study.packages import importing
from sim.study.tempering import FIRST, KINDS, Particles, Reals, Stage, Tempered, Whole, resampled

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
    plan, bounds = laid_out(scenario, targets, setting)
    numbers = count(FIRST * setting.particles)
    seen: dict[bytes, tuple[int, Reals]] = {}
    with Ledger(None) as ledger, tempfile.TemporaryDirectory() as scratch:
        ours = sampler(plan, bounds, setting, targets, ledger, where)
        names = [f"m{k}" for k in range(ours.parameters)]

        def steps_of(scores: Any) -> Whole:
            steps: Whole = np.minimum((ndtr(scores) * STEPS).astype(np.int64), STEPS - 1)
            return steps

        def show(given: Any) -> dict[str, Any]:
            number, steps = next(numbers), steps_of([given[name] for name in names])
            salts = np.zeros((1, ours.parts), np.int64)
            values = ours.simulate(number, steps[None, :], np.array([number]), salts)[0]
            seen[steps.tobytes()] = number, values
            return {"values": values}

        def distance(shown: Any, _: Any) -> float:
            return float(np.sqrt(-2.0 * ours.likelihood(shown["values"][None, :])[0]))

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
        populations = history.get_all_populations()
        frame, weights = history.get_distribution()
        rows = resampled(np.asarray(weights), 0.5)[: setting.particles]
        steps = steps_of(frame[names].to_numpy()[rows])
        accepted = [seen[row.tobytes()] for row in steps]
    values = np.array([value for _, value in accepted])
    posterior = Particles(
        np.column_stack((steps, prior.steps[: len(steps), ours.parameters :])),  # with marks that nothing reads
        np.array([number for number, _ in accepted]),
        np.zeros((len(steps), ours.parts), np.int64),
        values,
        ours.likelihood(values),
        rows,
    )
    stages = tuple(
        Stage(float(1.0 / max(row.epsilon, 1e-9) ** 2), nan, nan, int(row.samples), (nan,) * len(KINDS))
        for row in populations.itertuples()
        if row.t >= 0
    )
    simulated = int(populations["samples"].sum())
    tell(1.0, float(setting.particles), simulated)
    sample = Tempered(prior, posterior, nan, stages)
    return calibration(sample, experiment, plan, targets, bounds, setting, simulated)
