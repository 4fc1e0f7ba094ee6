"""Strategies over a range of one or two parameters: who wins where, and from which value on a target holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.errors import RequestError
from sim.results.ledger import Ledger
from sim.results.measures import MAIN, goal, written
from sim.results.never import with_dates
from sim.results.shown import shown
from sim.results.store import Study
from sim.results.target import Target, holds
from sim.scenario.calls import argument, as_tuple, verb
from sim.scenario.load import Scenario, load
from sim.study import alternatives as line
from sim.study.alternatives import Alternative
from sim.study.axis import Axis, axis
from sim.study.campaign import Progress, Work, complete
from sim.study.compare import identity, wanted_measures
from sim.study.engine import Engine
from sim.study.executors import Where
from sim.study.experiment import Experiment, failures_of, measures_of
from sim.study.intervals import by_draw, interval

if TYPE_CHECKING:
    import pandas as pd


HERE = Where()
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
    def held(self) -> bool:
        """Whether the target is held from some value on or up to one."""
        return self.point is not None or self.last is not None


@shown(
    lambda found: (
        f"{' by '.join(','.join(one.paths) for one in found.axes)}, {len(found.points)} points of "
        f"{', '.join(found.names)}: n = {found.manifest['replications']:,} each, seed {found.manifest['seed']}, "
        f"ranked by {found.goal}"
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
        return tuple(one.name for one in self.alternatives)

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
        held = self.counted[measure or self.goal].groupby(level=[0, 1], sort=False).mean().unstack()
        return held.reindex(columns=list(self.names))

    def places(self) -> tuple[Place, ...]:
        """Return who wins at each point, and by how much."""
        better = goal(self.goal).better or 1
        found = []
        values = self.counted[self.goal]
        for point in range(len(self.points)):
            held = values.loc[point]
            row = {name: better * float(held.loc[name].mean()) for name in self.names}
            best, *others = sorted(self.names, key=lambda name, row=row: (row[name] != row[name], -row[name]))  # type: ignore[misc]
            second = others[0] if others else best
            lead = interval(better * (held.loc[best] - held.loc[second]), self.drawn)
            found.append(Place(point, best, second, *lead, lead.low > 0.0))
        return tuple(found)

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables that are kept: measures, the points, and means of the measure that ranks."""
        import pandas as pd

        rows = [[one.texts[k] for one, k in zip(self.axes, point, strict=True)] for point in self.points]
        points = pd.DataFrame(rows, columns=[", ".join(one.paths) for one in self.axes]).rename_axis("point")
        means = points.join(self.means())
        found = {"measures": self.measures, "means.csv": means}
        if not self.failures.empty:
            found["failures.csv"] = self.failures
        return found

    def reached(self, target: Target, confidence: float) -> tuple[Reached, ...]:
        """Return for each alternative the smallest value of the one axis from which on a target holds.

        Raises
        ------
        RequestError
            If two parameters were varied.
        """
        if len(self.axes) != 1:
            raise RequestError(f"a target with two parameters varied; expected one {argument('vary')}")
        found = []
        for name in self.names:
            shares = []
            for point in range(len(self.points)):
                yes = holds(target, self.counted[target.measure].loc[point].loc[name]).astype(float)
                shares.append(_share(yes, self.drawn))
            failing = [k for k, (share, _, _) in enumerate(shares) if share < confidence]
            start, end = (failing[-1] + 1, failing[0] - 1) if failing else (0, len(shares) - 1)
            up, down = start if start < len(shares) else None, end if end >= 0 else None
            found.append(Reached(name, up, down if up is None else None, tuple(shares)))
        return tuple(found)


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

    def works(self, seed: int, central: bool, measures: Iterable[str], engine: Engine = "fast") -> list[list[Work]]:
        """Return what is replicated, by point and alternative.

        Raises
        ------
        RequestError
            If one of the measures does not exist.
        """
        wanted = wanted_measures(self.lines[0], measures)
        return [[Work(one.plan, seed, central, wanted, "none", engine=engine) for one in found] for found in self.lines]


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
    if not all(isinstance(one, str) for one in ranges):
        raise RequestError("vary: expected text such as 'escorts.pools.army.units=2:6', or two")
    strategies, overlays = as_tuple(strategies), as_tuple(overlays)
    if len(ranges) not in (1, 2):
        raise RequestError(f"{len(ranges)} parameters varied; expected one or two")
    base = load(scenario, common, sets)
    axes = tuple(axis(one, base) for one in ranges)
    twice = [path for path, times in Counter(path for one in axes for path in one.paths).items() if times > 1]
    if twice:
        raise RequestError(f"{argument('vary')} {twice[0]}: named twice; expected each number once")
    points = tuple(product(*(range(len(one.texts)) for one in axes)))
    if len(points) > LARGEST:
        raise RequestError(f"a grid of {len(points)} points; expected at most {LARGEST}")
    lines = []
    for point in points:
        here = (*sets, *(text for one, k in zip(axes, point, strict=True) for text in one.settings(k)))
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
    >>> found = sim.sweep("tutorial", "escorts.pools.army.units=2:6", replications=8)
    >>> found.means("tankers_lost")
    """
    measure = written(measure)
    if isinstance(scenario, Grid):
        grid = scenario
    else:
        grid = prepared(scenario, vary, strategies, overlays, common=common, sets=sets)
    works = grid.works(seed, central, (measure, *asked), engine)
    flat = [work for found in works for work in found]
    study = Study(identity(flat), seed, replications, central)
    experiment = Experiment(study, grid.base, engine, folder, force, command)
    with experiment.ledger() as ledger:
        workers = complete(flat, range(replications), ledger, where, progress)
        measures, failures = _gather(grid.lines, works, ledger, replications)
    manifest = experiment.manifest(
        digest=study.digest,
        vary=[{"paths": list(one.paths), "values": list(one.texts)} for one in grid.axes],
        alternatives={one.name: {"label": one.label} for one in grid.lines[0]},
        measure=measure,
        workers=workers,
    )
    return Sweep(grid.axes, grid.points, grid.lines[0], measures, measure, failures, manifest, folder)


def _share(yes: pd.Series[float], drawn: bool) -> tuple[float, float, float]:
    """Return a share with its 95 % interval; where all draws agree, that of Clopper and Pearson (1934)."""
    found = interval(yes, drawn)
    draws = len(by_draw(yes, drawn))
    if draws > 1 and found.mean in (0.0, 1.0):
        reach = TAIL ** (1.0 / draws)
        return (1.0, reach, 1.0) if found.mean else (0.0, 0.0, 1.0 - reach)
    low, high = (end if end != end else min(1.0, max(0.0, end)) for end in (found.low, found.high))
    return found.mean, low, high


def _gather(
    lines: Sequence[tuple[Alternative, ...]], works: Sequence[Sequence[Work]], ledger: Ledger, replications: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    import pandas as pd

    asked = range(replications)
    frames = {
        point: measures_of([one.name for one in found], some, ledger, asked)
        for point, (found, some) in enumerate(zip(lines, works, strict=True))
    }
    keyed = [
        ((point, one.name), work)
        for point, (found, some) in enumerate(zip(lines, works, strict=True))
        for one, work in zip(found, some, strict=True)
    ]
    return pd.concat(frames, names=["point"]), failures_of(keyed, ledger, asked, ["point", "alternative"])
