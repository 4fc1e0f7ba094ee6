"""Calibration: joint draws of parameters and luck under which the model shows what is on record."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, partial
from hashlib import sha256
from math import exp
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from sim.errors import RequestError
from sim.plan import build
from sim.plan.plan import Plan
from sim.plan.posterior import FILE, STEPS, Posterior, number_of, parts_of, write
from sim.results.ledger import Ledger
from sim.results.store import Study
from sim.scenario.calls import verb
from sim.scenario.load import Scenario, load
from sim.scenario.targets import Targets
from sim.scenario.targets import load as load_targets
from sim.shown import shown
from sim.study.alternatives import check_unfitted
from sim.study.bound import Bound, Series, bind, log_likelihood, mode_of
from sim.study.engine import prepare
from sim.study.executors import HERE, Where
from sim.study.experiment import Experiment
from sim.study.readings import Readings, reader
from sim.study.sources import digest as sources
from sim.study.tempering import Reals, Simulate, Tempered, Tempering, Whole, effective_size, informed
from sim.world.keys import Draws
from sim.world.nature import Nature, renamed

if TYPE_CHECKING:
    import pandas as pd

PARTICLES, SWEEPS = 500, 5
QUICK: Final = (120, 3)
"""Particles and sweeps of a first try."""
Tell = Callable[[float, float, int], object]


@shown(
    lambda study: (
        f"'{study.scenario.root.title}' to {len(study.targets)} targets: {len(study.posterior.fit):,} particles, "
        f"seed {study.manifest['seed']}"
    ),
    *("parameters", "evidence", "effective", "draws"),
)
@dataclass(frozen=True)
class Calibration(Tempered):
    """The outcome of a calibration: what came of the sampler, as in `sim.study.tempering.Tempered`, and of what it is.

    Parameters
    ----------
    scenario, plan
        What was calibrated; the plan ends with the last day that a target looks at.
    targets
        Bound to the plan.
    manifest
        How it was made.
    """

    scenario: Scenario
    plan: Plan
    targets: tuple[Bound, ...]
    manifest: Mapping[str, Any]
    folder: Path | None = None

    @cached_property
    def effective(self) -> float:
        """Effective number of particles, equal ones counted as one."""
        return effective_size(self.posterior)

    @cached_property
    def draws(self) -> Posterior:
        """The joint draws: equal particles are one of more weight."""
        first, _, count = self.posterior.distinct()
        ours = self.posterior.at(first)
        keys = tuple(keys_of(self.plan))
        marks = (ours.steps[:, : len(keys)] + 0.5) / STEPS
        return Posterior(
            self.manifest["seed"],
            count / count.sum(),
            marks,
            keys,
            tuple(number_of(number) for number in self.plan.uncertain),
            ours.luck,
            ours.salts,
            tuple(parts_of(self.plan)),
            {key: self.manifest[key] for key in ABOUT},
        )

    @cached_property
    def informed(self) -> tuple[Whole, float, float, float]:
        """Places of the parameters that the facts inform; see `sim.study.tempering.informed`."""
        return informed(self.posterior.steps)

    @property
    def independent(self) -> float:
        """How many independent draws would scatter as much as the means of the marks that nothing reads."""
        return 1.0 / max(self.informed[1] ** 2, 1.0 / len(self.posterior.fit))

    @cached_property
    def parameters(self) -> pd.DataFrame:
        """How far the facts inform each parameter.

        Index parameter (the first path of those that share a draw); columns mean and sd of its mark in normal scale
        (0 and 1 under the prior), contraction (1 − its variance over that of the marks that nothing reads), low, median
        and high of its value (5, 50, 95 %), the ends of its range, and whether it is informed.
        """
        import pandas as pd
        from scipy.special import ndtri

        from sim.plan.laws import draw

        marks = (self.posterior.steps + 0.5) / STEPS
        scores = ndtri(marks)
        mean, sd = scores.mean(axis=0), scores.std(axis=0)
        keys = keys_of(self.plan)
        known, _, middle, _ = self.informed
        numbers = {number.entity: number for number in reversed(self.plan.uncertain)}
        rows = {}
        for k, key in enumerate(keys):
            number = numbers[key]
            points = np.quantile(marks[:, k], (0.05, 0.5, 0.95)).tolist()
            values = (draw(number.law, u, number.low, number.value, number.high) for u in points)
            spread = float(sd[k])
            contraction = 1.0 - (spread / exp(middle)) ** 2
            ends = (number.low, number.high)
            rows[number.path] = (float(mean[k]), spread, contraction, *values, *ends, k in known)
        columns = ["mean", "sd", "contraction", "low", "median", "high", "prior_low", "prior_high", "informed"]
        return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("parameter")

    def values(self) -> pd.DataFrame:
        """Return what the particles show: index (draws, particle) with draws prior or posterior, a column a target.

        Posterior particles are in the order of `draws`, each as often as it weighs.
        """
        import pandas as pd

        names = [bound.name for bound in self.targets]
        order = np.argsort(self.posterior.distinct()[1], kind="stable")
        values = {"prior": self.prior.values, "posterior": self.posterior.values[order]}
        frames = {name: pd.DataFrame(rows, columns=names) for name, rows in values.items()}
        return pd.concat(frames, names=["draws", "particle"])

    def tables(self) -> dict[str, Any]:
        """Return the tables that are kept, by the name of their file."""
        import pandas as pd

        stages = pd.DataFrame(
            [(*stage[:4], *stage.accepted) for stage in self.stages],
            columns=["power", "effective", "evidence", "replications", *_ACCEPTED],
        )
        return {
            "values": self.values(),
            "parameters.csv": self.parameters,
            "stages.csv": stages,
            Path(FILE).stem: partial(write, self.draws),
        }


ABOUT: Final = ("scenario_name", "scope", "mode", "series", "files", "targets", "command", "evidence", "sources")
_ACCEPTED: Final = tuple(f"accepted_{name}" for name in ("all_marks", "some_marks", "one_part", "half_of_luck", "luck"))


class Setting(NamedTuple):
    """How a calibration is made: particles, sweeps at a temperature, seed, what is fitted and to which series."""

    particles: int = PARTICLES
    sweeps: int = SWEEPS
    seed: int = 1
    series: Series = "customs"
    until: date | None = None
    without: tuple[str, ...] = ()


def particle_simulator(readings: Readings, seed: int) -> Simulate:
    """Return what simulates particles: their values, shape (particles, targets), the first under a number given."""
    plan = readings.plan
    parts, keys = tuple(parts_of(plan)), keys_of(plan)
    columns = np.array([keys[number.entity] for number in plan.uncertain], np.int64)

    def simulate(first: int, steps: Whole, luck: Whole, salts: Whole) -> Reals:
        def given(place: int) -> Nature:
            names = renamed(plan, dict(zip(parts, salts[place].tolist(), strict=True)))
            return Nature(Draws(seed, int(luck[place])), ((steps[place] + 0.5) / STEPS)[columns], names)

        return readings.of(range(first, first + len(steps)), given)

    return simulate


def keys_of(plan: Plan) -> dict[int, int]:
    """Return the keys of a plan's parameters, each with its place among them; numbers that share a draw are one."""
    return {key: place for place, key in enumerate(dict.fromkeys(number.entity for number in plan.uncertain))}


@verb
def calibrate(
    scenario: str | PathLike[str] | Scenario,
    targets: str | PathLike[str] | Targets,
    setting: Setting = Setting(),  # noqa: B008 (a tuple)
    *,
    strategy: str | PathLike[str] | None = None,
    overlays: str | PathLike[str] | Iterable[str | PathLike[str]] = (),
    sets: str | Iterable[str] = (),
    where: Where = HERE,
    folder: Path | None = None,
    force: bool = False,
    tell: Tell = lambda *_: None,
    command: str | None = None,
) -> Calibration:
    """Calibrate a scenario to targets by tempered sequential Monte Carlo (see `sim.study.tempering`).

    All uncertain parameters move.  With recorded convoys and attacks imposed the fit tests logistics, with drawn ones
    the threat; which it is follows from the scenario.

    Parameters
    ----------
    scenario
        What is calibrated: a file, its bare name, or a loaded scenario.
    targets
        Facts, and what stands for them: a file of targets, its bare name, or loaded ones.
    strategy, overlays, sets
        What is laid on the scenario; see `sim.load`.
    setting
        Particles, sweeps, seed, the series of volumes; ``until`` leaves out what looks beyond a day, ``without`` some
        targets by name: these are checked, not fitted.
    where, folder, force, command
        As in `sim.study.replicate.run`.
    tell
        Called after every sweep with the power of the likelihood, the effective size, and the replications so far.

    Raises
    ------
    ScenarioError
        If a target cannot be asked of the scenario.
    RequestError
        If a target left out does not exist, if none is left to be fitted, if a posterior is laid on, or if nothing is
        uncertain.
    StudyError
        If a replication fails.
    ResultsError
        As in `sim.study.replicate.run`.

    Examples
    --------
    >>> calibration = sim.calibrate("tutorial", "tutorial", sim.Setting(particles=40, sweeps=1))
    """
    scenario, targets = load(scenario, overlays, sets, strategy=strategy), load_targets(targets)
    plan, bounds = laid_out(scenario, targets, setting)
    study = Study(identity(scenario, targets, setting, "smc"), setting.seed, setting.particles)
    experiment = Experiment(study, scenario, "fast", folder, force, command)
    with experiment.ledger() as ledger:
        sample = sampler(plan, bounds, setting, targets, ledger, where, tell).run()
    return calibration(sample, experiment, plan, targets, bounds, setting, sample.stages[-1].replications)


def laid_out(scenario: Scenario, targets: Targets, setting: Setting) -> tuple[Plan, tuple[Bound, ...]]:
    """Return the plan, up to the last day that is looked at, and the targets bound to it.

    Raises
    ------
    ScenarioError
        If a target cannot be asked of the scenario.
    RequestError
        As `calibrate`.
    """
    check_unfitted((scenario,), "calibrate")
    prepare()
    plan = build(scenario)
    bounds = chosen(bind(targets, scenario, plan, setting.series), setting, plan)
    if not plan.uncertain:
        raise RequestError("nothing to calibrate: no number of the scenario has a range")
    plan = replace(plan, days=1 + max(bound.last for bound in bounds if bound.use == "fit"))
    return plan, tuple(bound for bound in bounds if bound.last < plan.days)


def sampler(
    plan: Plan,
    bounds: Sequence[Bound],
    setting: Setting,
    targets: Targets,
    ledger: Ledger,
    where: Where,
    tell: Tell = lambda *_: None,
) -> Tempering:
    """Return what samples particles of a plan, keeping what they show in a ledger."""
    names = [bound.name for bound in bounds]
    readings = Readings(plan, reader([b.asked for b in bounds]), names, ledger, where, setting, targets.digest)
    simulate, likelihood = particle_simulator(readings, setting.seed), partial(log_likelihood, bounds)
    particles, sweeps, seed, *_ = setting
    return Tempering(simulate, likelihood, len(keys_of(plan)), len(parts_of(plan)), particles, sweeps, seed, tell)


def calibration(
    sample: Tempered,
    experiment: Experiment,
    plan: Plan,
    targets: Targets,
    bounds: tuple[Bound, ...],
    setting: Setting,
    simulated: int,
) -> Calibration:
    """Return a sample with what it is of and how it was made, by so many replications."""
    scenario = experiment.scenario
    manifest = experiment.manifest(
        scenario_name=scenario.name,
        mode=mode_of(scenario),
        series=setting.series,
        files=[file.name for file in scenario.files],
        targets={"file": targets.path.name, "digest": targets.digest, "fitted": _fitted(bounds)},
        evidence=sample.evidence,
        sources=sources()[:12],
        calibration=setting._asdict() | {"until": str(setting.until) if setting.until else None},
        simulated=simulated,
    )
    return Calibration(
        **vars(sample), scenario=scenario, plan=plan, targets=bounds, manifest=manifest, folder=experiment.folder
    )


def identity(scenario: Scenario, targets: Targets, *how: object) -> str:
    """Return a digest of all that a study of facts is made of, for its manifest."""
    parts = (scenario.digest, scenario.name, targets.digest, how, sources())
    return sha256(repr(parts).encode()).hexdigest()


def chosen(bounds: Sequence[Bound], setting: Setting, plan: Plan) -> tuple[Bound, ...]:
    """Return the targets, those left out of the fit turned into checks.

    Raises
    ------
    RequestError
        If one left out does not exist, or none is left to be fitted.
    """
    known = [bound.name for bound in bounds]
    for name in setting.without:
        if name not in known:
            raise RequestError(f"no target '{name}' to leave out; expected one of {', '.join(known)}")
    until = plan.days if setting.until is None else (setting.until - plan.start.date()).days
    left = {bound.name for bound in bounds if bound.name in setting.without or bound.known > until}
    targets = tuple(
        b if b.use != "fit" else replace(b, use="check") if b.name in left else b.until(until) if b.is_date else b
        for b in bounds
    )
    if not _fitted(targets):
        raise RequestError("no target is left to be fitted")
    return targets


def _fitted(bounds: Collection[Bound]) -> list[str]:
    return [bound.name for bound in bounds if bound.use == "fit"]
