"""Which unknown numbers move a measure, and which would change the choice of a strategy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from os import PathLike
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.errors import RequestError
from sim.plan.plan import Plan
from sim.record import Record
from sim.results.daily import Daily
from sim.results.ledger import Ledger
from sim.results.measures import MAIN, goal, is_named, measures, named, written
from sim.results.never import date_of
from sim.results.store import Study
from sim.scenario.calls import verb
from sim.scenario.load import Scenario
from sim.shown import shown
from sim.study.alternatives import Alternative, check_unfitted, one_or_more
from sim.study.campaign import Progress
from sim.study.compare import wanted_measures
from sim.study.engine import prepare
from sim.study.executors import HERE, Where
from sim.study.experiment import Experiment
from sim.study.packages import importing
from sim.study.readings import Readings, counting
from sim.study.sources import digest as sources
from sim.world.keys import Draws, Stream
from sim.world.nature import Nature, marks

TRAJECTORIES, BASE, TOP = 10, 128, 10
LEVELS: Final = 4
JUMP: Final = LEVELS / (2.0 * (LEVELS - 1))
"""By how much a parameter moves in Morris's design: from the lower half of its range to the upper, and back."""
GROUPS: Final = 5
"""Groups of equal size into which a parameter's marks are parted to value knowing it."""
SHUFFLES: Final = 100
CHANCE: Final = 0.05
"""Chance that any parameter is said to be worth knowing though none is."""
LUCK, OTHERS = "luck", "all other parameters"
LUCKS: Final = 1 << 31
"""Replications among which a mark chooses."""


@shown(
    lambda study: (
        f"{study.measure}, of {', '.join(alternative.name for alternative in study.alternatives)}: "
        f"{study.manifest['trajectories']} trajectories, base {study.manifest['replications']:,}, "
        f"seed {study.manifest['seed']}"
    ),
    *("screened", "indices", "worth"),
)
@dataclass(frozen=True)
class Sensitivity:
    """What moves a measure.

    Parameters
    ----------
    alternatives
        The scenario, or strategies.
    measure
        The measure.
    screened
        Morris: index parameter; columns effect (mean absolute change of the measure as the parameter moves by half of
        its draws, in the alternative in which it is largest), sign (mean change there) and spread (its sd).
    indices
        Sobol, for the first alternative: index the parameters that screening put first, luck, and all other parameters;
        columns first, first_error, total, total_error (shares of the variance, and half 95 % intervals).
    worth
        Value of knowing each parameter before one chooses: index parameter, columns worth (in the measure's unit,
        what chance alone would give taken off), changes (share of draws in which the choice would be another) and told
        (whether that can be told from chance).
    choice
        The alternative that is best without knowing more.
    everything
        Value of knowing all, luck too.
    """

    alternatives: tuple[Alternative, ...]
    measure: str
    screened: pd.DataFrame
    indices: pd.DataFrame
    worth: pd.DataFrame
    choice: str
    everything: float
    manifest: Mapping[str, Any]
    folder: Path | None = None

    @property
    def alike(self) -> int:
        """How many parameters may move the measure as much as the first: twice the error of the difference apart."""
        table = self.screened.sort_values("effect", ascending=False)
        error = table["spread"].to_numpy() / np.sqrt(self.manifest["trajectories"])
        effect = table["effect"].to_numpy()
        return int((effect[0] - effect[1:] < 2.0 * np.hypot(error[0], error[1:])).sum())

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables that are kept."""
        return {"screened.csv": self.screened, "indices.csv": self.indices, "worth.csv": self.worth}


@verb
def sensitivity(
    scenario: str | PathLike[str] | Scenario | Sequence[Alternative],
    strategies: Iterable[str | PathLike[str]] = (),
    *,
    common: Iterable[str | PathLike[str]] = (),
    sets: Iterable[str] = (),
    measure: str = MAIN,
    trajectories: int = TRAJECTORIES,
    base: int = BASE,
    top: int = TOP,
    seed: int = 1,
    where: Where = HERE,
    folder: Path | None = None,
    force: bool = False,
    progress: Progress | None = None,
    command: str | None = None,
) -> Sensitivity:
    """Screen all uncertain parameters by Morris's elementary effects, then part the variance by Sobol's indices.

    Sources: M. Morris (1991), "Factorial sampling plans for preliminary computational experiments", Technometrics 33,
    161-174; A. Saltelli et al. (2010), "Variance based sensitivity analysis of model output", Computer Physics
    Communications 181, 259-270; both by SALib.  M. Strong, J. Oakley and A. Brennan (2014), "Estimating multiparameter
    partial expected value of perfect information from a probabilistic sensitivity analysis sample", Medical Decision
    Making 34, 311-326, here with groups in place of a regression.

    Parameters
    ----------
    scenario
        A file, its bare name, a loaded scenario, or alternatives that were made of one.
    strategies, common, sets
        Strategies to choose from, the scenario alone if there are none; overlays and settings laid on all.
    measure
        The measure.
    trajectories
        Of Morris; each takes one replication more than there are parameters, of each alternative, on the same luck.
    base
        Rows of Sobol's sample, a power of 2; it takes ``top`` + 4 times as many replications of each alternative.
    top
        How many parameters are parted.
    seed, where, folder, force, progress, command
        As in `sim.compare`.

    Raises
    ------
    RequestError
        If SALib is not installed, the measure does not exist, a posterior is laid on, nothing is uncertain, nothing
        moves the measure, or ``base`` is no power of 2.
    StudyError
        If a replication fails.
    ResultsError
        As in `sim.compare`.
    """
    measure = written(measure)
    with importing("SALib"):
        from SALib.analyze import morris as effects
        from SALib.analyze import sobol as shares
        from SALib.sample import morris as trajectory
        from SALib.sample import sobol as saltelli
    alternatives = (
        tuple(scenario)
        if isinstance(scenario, Sequence) and not isinstance(scenario, str)
        else one_or_more(scenario, strategies, common, sets)
    )
    check_unfitted((alternative.scenario for alternative in alternatives), "sensitivity")
    if base < 1 or base & (base - 1):
        raise RequestError(f"a base of {base} rows; expected a power of 2, such as 128")
    wanted_measures(alternatives, (measure,))
    prepare()
    names = _names(alternatives)
    if not names:
        raise RequestError("nothing is uncertain: no number of the scenario has a range")
    keys = list(names)
    screen = _problem(names.values())
    theirs = seed % (1 << 32)  # what SALib takes
    points = trajectory.sample(screen, trajectories, num_levels=LEVELS, seed=theirs)
    # The ends of a range are hardly ever true: the levels lie in the middles of its quarters.
    points = (points * (LEVELS - 1) + 0.5) / LEVELS
    width = min(top, len(keys))
    total = (len(points) + base * (width + 4)) * len(alternatives)
    study = Study(identity(alternatives, measure, trajectories, base, top), seed, base)
    experiment = Experiment(study, alternatives[0].scenario, "fast", folder, force, command)
    with experiment.ledger() as ledger:
        shown = partial(_shown, alternatives, measure, ledger, where, counting(progress, total), seed)

        def screening(k: int) -> tuple[int, dict[int, float]]:
            return k // (len(keys) + 1), dict(zip(keys, points[k].tolist(), strict=True))

        first = shown("morris", screening, len(points))
        moves = [effects.analyze(screen, points, column, num_levels=LEVELS) for column in first.T]
        size = np.array([move["mu_star"] for move in moves]) * JUMP
        lead = size.argmax(axis=0)
        columns = {
            "effect": size.max(axis=0),
            "sign": JUMP * np.array([moves[a]["mu"][k] for k, a in enumerate(lead)]),
            "spread": JUMP * np.array([moves[a]["sigma"][k] for k, a in enumerate(lead)]),
        }
        screened = pd.DataFrame(columns, index=pd.Index(screen["names"], name="parameter"))
        order = np.argsort(-size.max(axis=0), kind="stable")[:width]
        best = [keys[k] for k in order]
        best_names = [names[key] for key in best]
        parted = _problem([*best_names, LUCK, OTHERS])
        sample = saltelli.sample(parted, base, calc_second_order=False, seed=theirs)

        def given(k: int) -> tuple[int, dict[int, float], int]:
            *row, luck, others = sample[k].tolist()
            return int(luck * LUCKS), dict(zip(best, row, strict=True)), int(others * LUCKS)

        second = shown("sobol", given, len(sample))
    step = width + 4
    free = np.concatenate((np.arange(0, len(sample), step), np.arange(step - 1, len(sample), step)))  # A and B
    if not np.ptp(second[free, 0]):
        what = f"'{measure}' is the same in all {len(free)} replications of '{alternatives[0].name}'"
        raise RequestError(f"{what}: nothing moves it; expected another measure, or a larger base")
    part = shares.analyze(parted, second[:, 0], calc_second_order=False, seed=theirs)
    indices = pd.DataFrame(
        {"first": part["S1"], "first_error": part["S1_conf"], "total": part["ST"], "total_error": part["ST_conf"]},
        index=pd.Index(parted["names"], name="parameter"),
    )
    worth, choice, everything = _worth(second[free], sample[free, :width], best_names, alternatives, measure, seed)
    manifest = experiment.manifest(
        alternatives={alternative.name: {"label": alternative.label} for alternative in alternatives},
        measure=measure,
        trajectories=trajectories,
        base=base,
        simulated=total,
    )
    return Sensitivity(alternatives, measure, screened, indices, worth, choice, everything, manifest, folder)


def identity(alternatives: Sequence[Alternative], *how: object) -> str:
    """Return a digest of all that a study of sensitivity is made of, for its manifest."""
    ours = [(alternative.name, alternative.scenario.digest) for alternative in alternatives]
    return sha256(repr((ours, how, sources())).encode()).hexdigest()


def _names(alternatives: Sequence[Alternative]) -> dict[int, str]:
    """Return the keys of all parameters, each with the first path that has it."""
    names: dict[int, str] = {}
    for alternative in alternatives:
        for number in alternative.plan.uncertain:
            names.setdefault(number.entity, number.path)
    return names


def _problem(names: Iterable[str]) -> dict[str, Any]:
    """Return what SALib calls a problem: marks between 0 and 1."""
    listed = list(names)
    return {"num_vars": len(listed), "names": listed, "bounds": [[0.0, 1.0]] * len(listed)}


def _shown(
    alternatives: Sequence[Alternative],
    measure: str,
    ledger: Ledger,
    where: Where,
    tell: Callable[[], object],
    seed: int,
    what: str,
    given: Any,
    count: int,
) -> NDArray[np.float64]:
    """Return the measure of every alternative, each point on the same luck, shape (points, alternatives).

    ``given`` returns by point the number of its luck, the marks of parameters by key, and optionally the number by
    which all others are drawn (else they lie at their medians).
    """

    def read(record: Record) -> list[float]:
        if is_named(measure):
            return [named(Daily(record), measure)]
        return [date_of(measure, measures(record), record.plan.days)]

    def nature(plan: Plan, place: int) -> Nature:
        luck, known, *others = given(place)
        rest = marks(plan, Draws(seed, others[0])).tolist() if others else [0.5] * len(plan.uncertain)
        laid = [known.get(n.entity, mark) for n, mark in zip(plan.uncertain, rest, strict=True)]
        return Nature(Draws(seed, luck), np.array(laid))

    columns = []
    for plan in (alternative.plan for alternative in alternatives):
        readings = Readings(plan, read, [measure], ledger, where, what, seed, count, tell=tell)
        columns.append(readings.of(range(count), partial(nature, plan)))
    values = np.hstack(columns)
    if np.isnan(values).any():
        share = float(np.isnan(values).mean())
        raise RequestError(f"'{measure}' is not defined in {share:.0%} of replications; expected another measure")
    return values


def _worth(
    values: NDArray[np.float64],
    given: NDArray[np.float64],
    names: Sequence[str],
    alternatives: Sequence[Alternative],
    measure: str,
    seed: int,
) -> tuple[pd.DataFrame, str, float]:
    """Return the value of knowing each parameter, the choice without, and the value of knowing all."""
    gain = (goal(measure).better or 1) * values
    means = gain.mean(axis=0)
    best = int(means.argmax())
    groups = [np.argsort(np.argsort(column)) * GROUPS // len(given) for column in given.T]
    orders = [
        np.argsort(Draws(seed, shuffle).uniforms(Stream.CALIBRATION, 0, np.arange(len(given))))
        for shuffle in range(SHUFFLES)
    ]
    known = np.array([_known(gain, group, best) for group in groups])
    chance = np.array([[_known(gain, group[order], best)[0] for order in orders] for group in groups])
    over, by_chance = known[:, 0] - chance.mean(axis=1), chance - chance.mean(axis=1, keepdims=True)
    # The largest of all parameters in a shuffle: so many are looked at (Westfall and Young 1993).
    limit = np.quantile(by_chance.max(axis=0), 1.0 - CHANCE)
    frame = pd.DataFrame(
        {"worth": np.maximum(0.0, over), "changes": known[:, 1], "told": over > limit},
        index=pd.Index(names, name="parameter"),
    )
    return frame, alternatives[best].name, float((gain.max(axis=1) - gain[:, best]).mean())


def _known(gain: NDArray[np.float64], group: NDArray[np.int64], best: int) -> tuple[float, float]:
    """Return what one gains if one knows the group, and the share of draws in which one would choose another."""
    worth = changes = 0.0
    for number in np.unique(group):  # of fewer draws than groups some are empty
        ours = gain[group == number]
        means = ours.mean(axis=0)
        share = len(ours) / len(gain)
        worth += share * float(means.max() - means[best])
        changes += share * float(means.argmax() != best)
    return worth, changes
