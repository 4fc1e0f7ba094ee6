"""Validation: every documented fact beside what the model shows, and beside forecasts that need no model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, partial
from math import isfinite, isnan, nan
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.errors import RequestError
from sim.plan import build
from sim.plan.plan import Plan
from sim.record import Record
from sim.results.daily import added
from sim.results.measures.imports import ML
from sim.results.quantity import Asked, Quantity, Seen
from sim.results.store import Study
from sim.scenario.calls import verb
from sim.scenario.load import Scenario, load
from sim.scenario.targets import Targets
from sim.scenario.targets import load as load_targets
from sim.shown import shown
from sim.study.bound import Bound, Series, bind, days_of, mode_of
from sim.study.calibrate import identity
from sim.study.campaign import Progress
from sim.study.engine import prepare
from sim.study.executors import HERE, Where
from sim.study.experiment import Experiment
from sim.study.packages import importing, need
from sim.study.readings import Readings, counting
from sim.study.verdicts import Verdict, verdicts
from sim.world.nature import nature

if TYPE_CHECKING:
    import pandas as pd

CENTRAL, PRIOR, POSTERIOR, HINDCAST = "central", "prior", "posterior", "hindcast"
PERSISTENCE, BALANCE, BINOMIAL = "no change", "mass balance", "negative binomial"
DISPERSION = 2.0
"""Size of the negative binomial law of attacks, whose variance is then μ + μ² / 2: as bursty as events were."""
WITHOUT_MODEL: Final = (PERSISTENCE, BALANCE, BINOMIAL)


@shown(
    lambda study: (
        f"'{study.scenario.root.title}' beside {len(study.targets)} targets: n = {study.manifest['replications']:,} of "
        f"{', '.join(study.verdicts)}, seed {study.manifest['seed']}"
    ),
    *("tables()", "verdicts", "scores"),
)
@dataclass(frozen=True)
class Validation:
    """Facts beside the model.

    Parameters
    ----------
    scenario
        What was run.
    targets
        Bound to its plan.
    values
        What each set of replications shows, by its name (central, prior, posterior, hindcast) and of the forecasts that
        need no model; shape (replications, targets), NaN where a forecast says nothing.
    manifest
        How it was made.
    """

    scenario: Scenario
    plan: Plan
    targets: tuple[Bound, ...]
    values: Mapping[str, NDArray[np.float64]]
    manifest: Mapping[str, Any]
    folder: Path | None = None

    @property
    def lead(self) -> str:
        """The set of replications that is judged: the hindcast if there is one, else posterior, else prior."""
        return next(name for name in (HINDCAST, POSTERIOR, PRIOR, CENTRAL) if name in self.values)

    @cached_property
    def verdicts(self) -> Mapping[str, tuple[Verdict, ...]]:
        """Facts beside bands, by set of replications."""
        sets = (CENTRAL, PRIOR, POSTERIOR, HINDCAST)
        return {name: verdicts(self.targets, self.values[name]) for name in sets if name in self.values}

    @cached_property
    def scores(self) -> pd.DataFrame:
        """CRPS of each forecast of each fact, in standard deviations of the fact's error; lower is better.

        Index target, a column a forecast, NaN where one says nothing.  The documented interval counts as one point:
        what lies inside is as good as what is documented.

        Source: T. Gneiting and A. Raftery (2007), "Strictly proper scoring rules, prediction, and estimation", Journal
        of the American Statistical Association 102, 359-378; S. Allen, D. Ginsbourger and J. Ziegel (2023), "Evaluating
        forecasts for high-impact events using transformed kernel scores", SIAM/ASA Journal on Uncertainty
        Quantification 11(3), for scores of transformed values; computed by scoringrules.

        Raises
        ------
        RequestError
            If scoringrules is not installed.
        """
        import pandas as pd

        rows = {
            bound.name: [crps(bound, values[:, k]) for values in self.values.values()]
            for k, bound in enumerate(self.targets)
        }
        return pd.DataFrame.from_dict(rows, orient="index", columns=[*self.values]).rename_axis("target")

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables that are kept: values, and facts with their bands and scores."""
        import pandas as pd

        names = [bound.name for bound in self.targets]
        frames = {name: pd.DataFrame(values, columns=names) for name, values in self.values.items()}
        rows = [
            (name, bound.name, bound.use, bound.low, bound.value, bound.high, low, median, high, asked, holds)
            for name, facts in self.verdicts.items()
            for bound, low, median, high, asked, _, holds in facts
        ]
        columns = ["draws", "target", "use", "documented_low", "documented_value", "documented_high"]
        columns += ["low", "median", "high", "asked", "holds"]
        return {
            "values": pd.concat(frames, names=["draws", "replication"]),
            "facts.csv": pd.DataFrame(rows, columns=columns),
            "scores.csv": self.scores,
        }


def crps(bound: Bound, values: NDArray[np.float64]) -> float:
    """Return the continuous ranked probability score of an ensemble, in standard deviations of the fact's error.

    NaN if fewer than half of it say anything.
    """
    said = values[~np.isnan(values)]
    if 2 * len(said) < len(values) or not len(said):
        return nan
    with importing("scoringrules"):
        from scoringrules import crps_ensemble
    outside = np.minimum(0.0, said - bound.low) + np.maximum(0.0, said - bound.high)
    return float(crps_ensemble(0.0, outside)) / bound.soft


@verb
def validate(
    scenario: str | PathLike[str] | Scenario,
    targets: str | PathLike[str] | Targets,
    replications: int = 400,
    *,
    strategy: str | PathLike[str] | None = None,
    overlays: str | PathLike[str] | Iterable[str | PathLike[str]] = (),
    sets: str | Iterable[str] = (),
    seed: int = 1,
    series: Series = "customs",
    since: date | None = None,
    where: Where = HERE,
    folder: Path | None = None,
    force: bool = False,
    progress: Progress | None = None,
    command: str | None = None,
) -> Validation:
    """Set facts beside replications with central values, from the prior, and if the scenario names one the posterior.

    Parameters
    ----------
    scenario
        What is run, as in `sim.run`, with whatever is laid on it: recorded convoys, other inputs that were known, a
        posterior.
    targets
        The facts: a file of targets, its bare name, or loaded ones.
    strategy, overlays, sets
        What is laid on the scenario; see `sim.load`.
    replications
        How many of each; of the central values a quarter.
    seed, where, folder, force, progress, command
        As in `sim.study.replicate.run`.
    series
        Series of import volumes.
    since
        Ask only facts that were not known by this day.

    Raises
    ------
    ScenarioError
        If a target cannot be asked of the scenario.
    RequestError
        If no target is left, or scoringrules is not installed.
    StudyError
        If a replication fails.
    ResultsError
        As in `sim.study.replicate.run`.

    Examples
    --------
    >>> print(sim.told(sim.validate("tutorial", "tutorial", 40, overlays="posteriors/tutorial")))
    """
    need("scoringrules")
    prepare()
    scenario, targets = load(scenario, overlays, sets, strategy=strategy), load_targets(targets)
    plan = build(scenario)
    bounds = bind(targets, scenario, plan, series)
    if since is not None:
        bounds = tuple(bound for bound in bounds if bound.known > (since - plan.start.date()).days)
        if not bounds:
            raise RequestError(f"no target looks beyond {since:%Y-%m-%d}")
    plan = replace(plan, days=1 + max(bound.last for bound in bounds))
    prior, posterior = replace(plan, posterior=None), plan.posterior
    kinds: dict[str, tuple[Plan, bool, int]] = {
        CENTRAL: (prior, True, max(1, replications // 4)),
        PRIOR: (prior, False, replications),
    }
    if posterior is not None:
        for name, hindcast in ((POSTERIOR, False), (HINDCAST, True)):
            kinds[name] = (replace(plan, posterior=replace(posterior, hindcast=hindcast)), False, replications)
    names = [*(bound.name for bound in bounds), *(f"{BALANCE}: {bound.name}" for bound in bounds)]
    read = _reader(bounds, imported(targets, series, plan))
    values: dict[str, NDArray[np.float64]] = {}
    tell = counting(progress, replications * (len(kinds) - 1) + kinds[CENTRAL][-1])
    study = study_of(scenario, targets, replications, seed, series, since)
    experiment = Experiment(study, scenario, "fast", folder, force, command)
    with experiment.ledger() as ledger:
        for name, (ours, central, count) in kinds.items():
            readings = Readings(ours, read, names, ledger, where, central, seed, targets.digest, tell=tell)
            both = readings.of(range(count), partial(nature, ours, seed, central=central))
            values[name], balance = np.hsplit(both, 2)
            if name == PRIOR:
                values[BALANCE] = balance
    values[PERSISTENCE] = np.array([[nan if b.target.before is None else b.target.before for b in bounds]])
    values[BINOMIAL] = _binomial(bounds, replications)
    manifest = experiment.manifest(
        mode=mode_of(scenario),
        series=series,
        targets={"file": targets.path.name, "digest": targets.digest},
        since=str(since) if since else None,
    )
    return Validation(scenario, plan, bounds, values, manifest, folder)


def study_of(
    scenario: Scenario, targets: Targets, replications: int, seed: int, series: Series, since: date | None
) -> Study:
    """Return what tells a validation from other studies."""
    return Study(identity(scenario, targets, "validate", series, since), seed, replications)


def _reader(bounds: Sequence[Bound], documented: NDArray[np.float64]) -> Any:
    """Return what reads all facts off a record, and then what a mass balance from its stock says of them."""
    quantities = [bound.asked for bound in bounds]

    def read(record: Record) -> list[float]:
        seen, balanced = Seen(record), Balanced(record, documented)
        return [*(q.of(seen) for q in quantities), *(_said(q, balanced) for q in quantities)]

    return read


@dataclass(frozen=True)
class Balanced(Seen):
    """A country in which all are served until nothing is left: stock, documented imports, need.

    Parameters
    ----------
    record
        A replication, for its stock on the day before imports are documented, and its need.
    documented
        Imports by day, ML; NaN where none are documented, and as much comes as is needed.
    """

    documented: NDArray[np.float64]

    def towns(self, column: str) -> NDArray[Any]:
        """Return a column of the towns' table: shares of need that are met; NaN where a balance says nothing."""
        served = self.served
        if column in ("wanted", "need"):
            served = np.ones_like(served)
        elif column not in ("open_share", "open_any", "sold", "burned"):
            served = np.full_like(served, nan)
        return np.broadcast_to(served[:, None, None], (len(served), len(self.places), len(self.products)))

    @cached_property
    def served(self) -> NDArray[np.float64]:
        """The share of need met by day: all until the stock is gone, then what comes."""
        plan, rows = self.record.plan, self.record.stocks
        known = ~np.isnan(self.documented)
        first = int(known.argmax()) if known.any() else 0
        inside = np.zeros(plan.days)
        for column in ("depots", "stations", "users", "lots", "inside"):
            inside += added(rows[column].reshape(plan.days, -1))
        need = self.need_per_day()
        stock, shares = float(inside[max(0, first - 1)]), np.ones(plan.days)
        for day in range(first, plan.days):
            came = need if isnan(self.documented[day]) else self.documented[day] / ML
            used = min(need, stock + came)
            shares[day] = used / need
            stock += came - used
        return shares


def imported(targets: Targets, series: Series, plan: Plan) -> NDArray[np.float64]:
    """Return documented imports by day, ML, spread evenly over the windows of the targets that state them."""
    imports = np.full(plan.days, nan)
    for target in targets.root.targets.values():
        quantity = target.quantity
        if quantity.table != "imports" or target.series not in ("both", series) or target.low is None:
            continue
        first, last = days_of(quantity, plan)
        middle = (target.low + (target.high or target.low)) / 2.0
        imports[max(0, first) : last + 1] = middle / (last + 1 - first)
    return imports


def _said(asked: Asked, balanced: Balanced) -> float:
    """Return what a mass balance says of a quantity; NaN if it says nothing."""
    parts: list[Quantity] = [asked.quantity, *([asked.minus] if asked.minus else [])]
    if any(part.table != "towns" for part in parts):
        return nan
    value = replace(asked, given=None).of(balanced)
    return value if isfinite(value) else nan


def _binomial(bounds: Sequence[Bound], count: int) -> NDArray[np.float64]:
    """Return a negative binomial law about the last known number, at so many points, for counts of attacks."""
    from scipy.stats import nbinom

    values = np.full((count, len(bounds)), nan)
    points = (np.arange(count) + 0.5) / count
    for k, bound in enumerate(bounds):
        quantity, mean = bound.asked.quantity, bound.target.before
        if quantity.statistic == "count" and quantity.flags[1] and mean:
            values[:, k] = nbinom.ppf(points, DISPERSION, DISPERSION / (DISPERSION + mean))
    return values
