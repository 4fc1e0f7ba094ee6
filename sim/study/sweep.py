"""Strategies over a range of one or two parameters: who wins where, and from which value on a target holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from os import PathLike
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.errors import RequestError
from sim.results.measures import MAIN, goal, written
from sim.results.never import with_dates
from sim.results.store import Study
from sim.results.target import Target, holds
from sim.scenario.calls import argument, as_tuple, verb
from sim.scenario.load import Scenario, load
from sim.shown import shown
from sim.study import alternatives as line
from sim.study.alternatives import Alternative
from sim.study.axis import Axis, axis
from sim.study.campaign import Progress, Work, complete
from sim.study.compare import identity, wanted_measures
from sim.study.engine import Engine
from sim.study.executors import HERE, Where
from sim.study.experiment import Experiment, failures_of, measures_of
from sim.study.intervals import by_draw, interval

LARGEST = 400
"""Points of a grid, at most."""
TAIL = 0.025
"""Chance beyond either end of a 95 % interval."""


class Place(NamedTuple):
    """The best alternative at a point of a sweep; ``sure`` if the 95 % interval of its lead excludes 0."""

    point: int
    best: str
    runner_up: str
    lead: float
    low: float
    high: float
    sure: bool


class Reached(NamedTuple):
    """From which value on, or up to which, an alternative holds a target.

    ``point`` is the first value from which on the share of replications that hold it is never under the confidence
    asked for; None if there is none.  ``last`` is then the last value up to which it never is, if there is one: the
    target is one that low values hold.  ``shares`` has (share, low, high) by value, with a 95 % interval, NaN with
    fewer than two draws.
    """

    alternative: str
    point: int | None
    last: int | None
    shares: tuple[tuple[float, float, float], ...]

    @property
    def is_held(self) -> bool:
        """Whether the target is held from some value on or up to one."""
        return self.point is not None or self.last is not None


@shown(
    lambda study: (
        f"{' by '.join(','.join(axis.paths) for axis in study.axes)}, {len(study.points)} points of "
        f"{', '.join(study.names)}: n = {study.manifest['replications']:,} each, seed {study.manifest['seed']}, "
        f"ranked by {study.goal}"
    ),
    *("measures", "means()", "places()", "reached()"),
)
@dataclass(frozen=True)
class Sweep:
    """Alternatives at every point of a grid, all on the same luck.

    Parameters
    ----------
    axes
        What was varied: one or two.
    points
        The place of each point on the axes.
    alternatives
        Those of the first point.
    measures
        Index (point, alternative, replication), a column a measure.
    goal
        The measure that ranks.
    failures
        Columns point, alternative, replication, seed, stage, message.
    manifest, folder
        As in a comparison.
    """

    axes: tuple[Axis, ...]
    points: tuple[tuple[int, ...], ...]
    alternatives: tuple[Alternative, ...]
    measures: pd.DataFrame
    goal: str
    failures: pd.DataFrame
    manifest: Mapping[str, Any]
    folder: Path | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the alternatives."""
        return tuple(alternative.name for alternative in self.alternatives)

    @property
    def drawn(self) -> bool:
        """Whether parameters were drawn."""
        return not self.manifest["central"]

    @cached_property
    def counted(self) -> pd.DataFrame:
        """The measures, dates as `sim.results.never` counts them."""
        return with_dates(self.measures, self.alternatives[0].plan.days)

    def means(self, measure: str | None = None) -> pd.DataFrame:
        """Return the mean of a measure (see `counted`): a row a point, a column an alternative."""
        means = self.counted[measure or self.goal].groupby(level=[0, 1], sort=False).mean().unstack()
        return means.reindex(columns=list(self.names))

    def places(self) -> tuple[Place, ...]:
        """Return who wins at each point, and by how much."""
        better = goal(self.goal).better or 1
        means, places = better * self.means(), []
        for point in range(len(self.points)):
            best, *others = means.iloc[point].sort_values(ascending=False, kind="stable").index
            second = others[0] if others else best
            values = better * self.counted[self.goal].loc[point]
            lead = interval(values.loc[best] - values.loc[second], self.drawn)
            places.append(Place(point, best, second, *lead, lead.low > 0.0))
        return tuple(places)

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables that are kept: measures, the points, and means of the measure that ranks."""
        rows = [[axis.texts[k] for axis, k in zip(self.axes, point, strict=True)] for point in self.points]
        points = pd.DataFrame(rows, columns=[", ".join(axis.paths) for axis in self.axes]).rename_axis("point")
        failures = {} if self.failures.empty else {"failures.csv": self.failures}
        return {"measures": self.measures, "means.csv": points.join(self.means()), **failures}

    def reached(self, target: Target, confidence: float) -> tuple[Reached, ...]:
        """Return for each alternative the smallest value of the one axis from which on a target holds.

        Raises
        ------
        RequestError
            If two parameters were varied.
        """
        if len(self.axes) != 1:
            raise RequestError(f"a target with two parameters varied; expected one {argument('vary')}")
        reached = []
        for name in self.names:
            shares = []
            for point in range(len(self.points)):
                yes = holds(target, self.counted[target.measure].loc[point].loc[name]).astype(float)
                shares.append(_share(yes, self.drawn))
            failing = [k for k, (share, _, _) in enumerate(shares) if share < confidence]
            start, end = (failing[-1] + 1, failing[0] - 1) if failing else (0, len(shares) - 1)
            up, down = start if start < len(shares) else None, end if end >= 0 else None
            reached.append(Reached(name, up, down if up is None else None, tuple(shares)))
        return tuple(reached)


@dataclass(frozen=True)
class Grid:
    """What a sweep runs: the alternatives at every point.

    Parameters
    ----------
    base
        The scenario without what is varied.
    axes, points
        As in `Sweep`.
    lines
        The alternatives of each point.
    """

    base: Scenario
    axes: tuple[Axis, ...]
    points: tuple[tuple[int, ...], ...]
    lines: tuple[tuple[Alternative, ...], ...]

    def works(
        self, seed: int, central: bool, measures: Iterable[str], engine: Engine = "fast"
    ) -> dict[tuple[int, str], Work]:
        """Return what is replicated, by point and name of the alternative.

        Raises
        ------
        RequestError
            If one of the measures does not exist.
        """
        wanted = wanted_measures(self.lines[0], measures)
        return {
            (point, alternative.name): Work(alternative.plan, seed, central, wanted, "none", engine=engine)
            for point, alternatives in enumerate(self.lines)
            for alternative in alternatives
        }


def prepared(
    scenario: str | PathLike[str] | Scenario,
    vary: str | Sequence[str],
    strategies: Iterable[str | PathLike[str]] = (),
    overlays: Iterable[str | PathLike[str] | Sequence[str | PathLike[str]]] = (),
    *,
    common: Iterable[str | PathLike[str]] = (),
    sets: Iterable[str] = (),
) -> Grid:
    """Return what a sweep runs; see `sweep`.

    Raises
    ------
    RequestError
        If a range cannot be read or is not of a number of the scenario.
    ScenarioError
        If a point is no valid scenario.
    """
    common, sets = as_tuple(common), as_tuple(sets)
    ranges: tuple[str, ...] = as_tuple(vary)
    if not all(isinstance(text, str) for text in ranges):
        raise RequestError("vary: expected text such as 'escorts.pools.army.units=2:6', or two")
    strategies, overlays = as_tuple(strategies), as_tuple(overlays)
    if len(ranges) not in (1, 2):
        raise RequestError(f"{len(ranges)} parameters varied; expected one or two")
    base = load(scenario, common, sets)
    axes = tuple(axis(text, base) for text in ranges)
    twice = [path for path, times in Counter(path for each in axes for path in each.paths).items() if times > 1]
    if twice:
        raise RequestError(f"{argument('vary')} {twice[0]}: named twice; expected each number once")
    points = tuple(product(*(range(len(each.texts)) for each in axes)))
    if len(points) > LARGEST:
        raise RequestError(f"a grid of {len(points)} points; expected at most {LARGEST}")
    lines = []
    for point in points:
        here = (*sets, *(text for each, k in zip(axes, point, strict=True) for text in each.settings(k)))
        if overlays:
            lines.append(line.lineup(scenario, strategies, overlays, common=common, sets=here, least=1))
        else:
            lines.append(line.one_or_more(scenario, strategies, common, here))
    return Grid(base, axes, points, tuple(lines))


@verb
def sweep(
    scenario: str | PathLike[str] | Scenario | Grid,
    vary: str | Sequence[str] = (),
    strategies: Iterable[str | PathLike[str]] = (),
    overlays: Iterable[str | PathLike[str] | Sequence[str | PathLike[str]]] = (),
    *,
    common: Iterable[str | PathLike[str]] = (),
    sets: Iterable[str] = (),
    replications: int = 40,
    seed: int = 1,
    central: bool = False,
    engine: Engine = "fast",
    measure: str = MAIN,
    asked: Iterable[str] = (),
    where: Where = HERE,
    folder: Path | None = None,
    force: bool = False,
    progress: Progress | None = None,
    command: str | None = None,
) -> Sweep:
    """Run every alternative at every point of a range of one parameter, or of a grid of two.

    Parameters
    ----------
    scenario
        A file, a bare name, a loaded scenario, or what `prepared` made of one.
    vary
        One or two ranges: ``path=from:to:count``, or ``path`` for the scenario's own range; see `sim.study.axis.axis`.
    strategies, overlays, common, sets
        The alternatives; the scenario itself if neither strategies nor overlays are given.
    replications, seed, central, engine, measure, where, folder, force, progress, command
        As in `sim.compare`.
    asked
        Further measures that are wanted, that of a target for one.

    Raises
    ------
    RequestError
        If a range cannot be read or is not of a number of the scenario, or a measure does not exist.
    ScenarioError
        If a point is no valid scenario.
    StudyError
        If no replication succeeds in all alternatives at a point.
    ResultsError
        As in `sim.compare`.

    Examples
    --------
    >>> sim.sweep("tutorial", "escorts.pools.army.units=2:6", replications=8).means("tankers_lost")
    """
    measure = written(measure)
    if isinstance(scenario, Grid):
        grid = scenario
    else:
        grid = prepared(scenario, vary, strategies, overlays, common=common, sets=sets)
    works = grid.works(seed, central, (measure, *asked), engine)
    study = Study(identity(works.values()), seed, replications, central)
    experiment = Experiment(study, grid.base, engine, folder, force, command)
    numbers, names = range(replications), [alternative.name for alternative in grid.lines[0]]
    with experiment.ledger() as ledger:
        workers = complete(works.values(), numbers, ledger, where, progress)
        frames = {
            point: measures_of({name: works[point, name] for name in names}, ledger, numbers)
            for point in range(len(grid.points))
        }
        failures = failures_of(works.items(), ledger, numbers, ["point", "alternative"])
    measures = pd.concat(frames, names=["point"])
    manifest = experiment.manifest(
        digest=study.digest,
        vary=[{"paths": list(each.paths), "values": list(each.texts)} for each in grid.axes],
        alternatives={alternative.name: {"label": alternative.label} for alternative in grid.lines[0]},
        measure=measure,
        workers=workers,
    )
    return Sweep(grid.axes, grid.points, grid.lines[0], measures, measure, failures, manifest, folder)


def _share(yes: pd.Series[float], drawn: bool) -> tuple[float, float, float]:
    """Return a share with its 95 % interval; where all draws agree, that of Clopper and Pearson (1934)."""
    share = interval(yes, drawn)
    draws = len(by_draw(yes, drawn))
    if draws > 1 and share.mean in (0.0, 1.0):
        reach = TAIL ** (1.0 / draws)
        return (1.0, reach, 1.0) if share.mean else (0.0, 0.0, 1.0 - reach)
    low, high = np.clip((share.low, share.high), 0.0, 1.0).tolist()
    return share.mean, low, high
