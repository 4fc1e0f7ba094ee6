"""The loss ratio at which the ranking of two strategies flips, over the cycle factor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from os import PathLike
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.errors import RequestError, StudyError
from sim.plan.plan import Plan
from sim.plan.policies import bits_of
from sim.results.folder import ledger_in
from sim.results.ledger import Ledger
from sim.results.measures import MAIN, goal, is_named, written
from sim.results.never import date_of
from sim.scenario.calls import verb
from sim.scenario.components import ARMY, Effect, components_of, effect_of, effect_path, effect_paths
from sim.scenario.describe import grades_of
from sim.scenario.load import Scenario
from sim.shown import shown
from sim.study.alternatives import Alternative, lineup, named
from sim.study.campaign import Match, Progress, Work, complete
from sim.study.comparison import Comparison
from sim.study.drivers import Tag, tag
from sim.study.effects import components_in
from sim.study.engine import Engine
from sim.study.executors import HERE, Where
from sim.study.experiment import failures_of
from sim.study.intervals import interval
from sim.study.notes import cost

POINTS, CYCLES = 5, 3
"""Values tried over the range of the loss ratio and of the cycle factor."""
BUDGET = 1.25e9
"""Events that a break-even may take unless told otherwise: some ten minutes of one core."""
FEWEST, MOST = 40, 400
"""Replications of each point that come of it, at least and at most."""


class Flip(NamedTuple):
    """Where the ranking flips at one cycle factor.

    ``ratio`` is the loss ratio under which the second strategy ranks first (NaN if the lead does not pass from the
    second to the first once within the range); ``low`` and ``high`` bound the ratios at which the 95 % interval of the
    mean paired difference holds 0; ``ahead`` is the strategy that leads over the whole range, else empty.
    """

    cycle: float
    ratio: float
    low: float
    high: float
    ahead: str


@dataclass(frozen=True)
class Curve:
    """The flips over the cycle factor, with units ``recorded``, or made equal in ``units`` or ``cost``."""

    equal: str
    flips: tuple[Flip, ...]


@shown(
    lambda curve: f"{curve.first} and {curve.second}: n = {curve.replications:,} a point, ranked by {curve.measure}",
    *("points", "curves"),
)
@dataclass(frozen=True)
class BreakEven:
    """By how much the second of two strategies must cut losses to rank before the first.

    Parameters
    ----------
    first, second
        Names of the strategies.
    component
        The component that the second has and the first has not: foreign, air, or one that the scenario names.
    measure
        What ranks.
    ratios, cycles
        Loss ratios and cycle factors tried: the evidence range of each.
    points
        Columns equal, cycle, ratio, mean, low, high, won: the mean paired difference of the measure, second less
        first, its 95 % interval, and the share of replications in which the second ranks before.
    curves
        The flips.
    replications
        Of each point.
    tag
        How far facts inform the ratio and the factor: data, both or assumption.
    failures
        Columns alternative, equal, cycle, ratio, replication, seed, stage, message: replications that failed.
    troops
        What the component is called.
    """

    first: str
    second: str
    component: str
    measure: str
    ratios: tuple[float, ...]
    cycles: tuple[float, ...]
    points: pd.DataFrame
    curves: tuple[Curve, ...]
    replications: int
    tag: Tag
    failures: pd.DataFrame | None = None
    troops: str = ""


def components(alternative: Alternative) -> list[str]:
    """Return the components beyond the national army that an alternative's convoys may have, in order of bits."""
    return [name for name in components_in(alternative.plan) if name != ARMY]


def beyond(second: Alternative, first: Alternative) -> list[str]:
    """Return the components that one of two alternatives has and the other has not, in order of bits."""
    there = components(first)
    return [name for name in components(second) if name not in there]


def pair(alternatives: Sequence[Alternative]) -> tuple[Alternative, Alternative]:
    """Return the two strategies whose ranking turns on what one component does.

    ``air-only`` and ``ground`` if both are there; else the first two in order of which the second has a component
    that the first has not.

    Raises
    ------
    RequestError
        If there are no such two.
    """
    calm = [alternative for alternative in alternatives if not alternative.exploratory]
    by_name = {alternative.name: alternative for alternative in calm}
    if {"air-only", "ground"} <= by_name.keys():
        return by_name["air-only"], by_name["ground"]
    for k, first in enumerate(calm):
        for second in calm[k + 1 :]:
            if beyond(second, first):
                return first, second
    raise RequestError("no two strategies of which the second has air or foreign troops that the first has not")


def terms(first: Alternative, second: Alternative) -> tuple[int, int, str, tuple[float, ...], tuple[float, ...]]:
    """Return what a break-even of two strategies turns on, if they have one.

    Returns
    -------
    tuple
        The component that the second has and the first has not, the components that only the first has (bits), the
        name of the one varied, its loss ratios and its cycle factors.

    Raises
    ------
    RequestError
        If the second strategy has no component that the first has not, or its ratio or factor has no range.
    """
    new = beyond(second, first)
    if not new:
        raise RequestError(f"'{second.name}' has neither air nor foreign troops beyond those of '{first.name}'")
    name, known = new[0], second.plan.protection.name
    ratios, cycles = _range(second, "loss_ratio", name, POINTS), _range(second, "cycle_factor", name, CYCLES)
    return bits_of([name], known), bits_of(beyond(first, second), known), name, ratios, cycles


def equals(first: Alternative, second: Alternative) -> tuple[str, ...]:
    """Return the ways in which the units of two strategies can be made equal."""
    return ("recorded", "units", "cost") if beyond(first, second) else ("recorded",)


def affordable(first: Alternative, second: Alternative) -> int:
    """Return how many replications of each point the time for a break-even allows, by what one costs: an even number.

    The same on every machine, so that the same command asks the same of all.
    """
    points = len(equals(first, second)) * POINTS * CYCLES
    events = cost(first.plan).events + points * cost(second.plan).events
    return max(FEWEST, min(MOST, 2 * int(BUDGET / events / 2.0)))


@verb
def break_even(
    first: Alternative | Comparison | str | PathLike[str] | Scenario,
    second: Alternative | Sequence[str | PathLike[str]] = (),
    *,
    common: Iterable[str | PathLike[str]] = (),
    sets: Iterable[str] = (),
    measure: str = MAIN,
    replications: int | None = None,
    seed: int = 1,
    central: bool = False,
    engine: Engine = "fast",
    where: Where = HERE,
    folder: Path | None = None,
    force: bool = False,
    progress: Progress | None = None,
) -> BreakEven:
    """Find the loss ratio at which the ranking of two strategies flips, over the cycle factor.

    ``break_even(scenario, [a, b])`` takes a scenario (a file, its bare name, or a loaded one), on which two strategies
    are laid, then what is ``common`` and ``sets``; ``break_even(comparison)`` the two of a comparison that differ
    in one component, or ``break_even(comparison, [a, b])`` those of these names; and ``break_even(a, b)`` two
    alternatives.

    The second strategy's loss ratio and cycle factor are set to points of their ranges; everything else is drawn as
    in a comparison, the same for both strategies at every point.  Units are taken as recorded, then as many as the
    other strategy's component has, then as many as cost the same while on duty (whole units, by the draw of each
    replication).  Between points the mean difference is taken to be straight.  Without ``replications`` each point has
    as many as `affordable` says.

    Raises
    ------
    RequestError
        If the second strategy has no component that the first has not.
    StudyError
        If no replication of a point succeeds.
    ResultsError
        If the folder holds no study and other files (and ``force`` is not given), another process is at work there, or
        it cannot be written.  Of the study that it holds, nothing is changed.
    """
    first, second = _two(first, second, common, sets)
    bit, other, name, ratios, cycles = terms(first, second)
    measure = written(measure)
    if replications is None:
        replications = affordable(first, second)
    ways, numbers = equals(first, second), range(replications)
    wanted = (measure,) if is_named(measure) else ()
    base = Work(first.plan, seed, central, wanted, "none", engine=engine)
    works: dict[tuple[str, float, float], Work] = {}
    for equal in ways:
        match = None if equal == "recorded" else Match(equal, bit, other)  # type: ignore[arg-type]
        for cycle, ratio in product(cycles, ratios):
            plan = _fixed(second.plan, name, ratio, cycle)
            works[equal, cycle, ratio] = replace(base, plan=plan, match=match)
    with ledger_in(folder, None, force=force) as ledger:
        complete([base, *works.values()], numbers, ledger, where, progress)
        points = _points(base, works, ledger, measure, numbers)
        keyed = [((first.name, *next(iter(works))), base)]
        keyed += [((second.name, *key), work) for key, work in works.items()]
        failures = failures_of(keyed, ledger, numbers, ["alternative", "equal", "cycle", "ratio"])
    return curves(first, second, points, measure, replications, failures)


def curves(
    first: Alternative,
    second: Alternative,
    points: pd.DataFrame,
    measure: str,
    replications: int,
    failures: pd.DataFrame,
) -> BreakEven:
    """Return where the ranking of two strategies flips, from the points that were tried; see `BreakEven`."""
    _, _, name, ratios, cycles = terms(first, second)
    better = goal(measure).better or 1
    flips = tuple(
        Curve(equal, tuple(_flip(points, equal, cycle, better, first.name, second.name) for cycle in cycles))
        for equal in equals(first, second)
    )
    rests, troops = _tag(second, name), components_of(second.scenario.root.escorts)[name].label
    return BreakEven(
        *(first.name, second.name, name, measure, ratios, cycles),
        *(points, flips, replications, rests, failures, troops),
    )


def _two(
    given: Alternative | Comparison | str | PathLike[str] | Scenario,
    second: Alternative | Sequence[str | PathLike[str]],
    common: Iterable[str | PathLike[str]],
    sets: Iterable[str],
) -> tuple[Alternative, Alternative]:
    """Return the two alternatives that were asked for."""
    if isinstance(given, Alternative) and isinstance(second, Alternative):
        return given, second
    if isinstance(given, Alternative) or isinstance(second, Alternative | str):
        raise RequestError("break_even: one alternative; expected two, or a scenario and a list of two strategies")
    names = list(second)
    if isinstance(given, Comparison):
        if not names:
            return pair(given.alternatives)
        chosen = tuple(named(given.alternatives, str(name), "the break-even") for name in names)
    else:
        chosen = lineup(given, names, common=common, sets=sets)
    if len(chosen) != 2:
        raise RequestError(f"break_even: {len(chosen)} strategies; expected two")
    return chosen[0], chosen[1]


def _range(alternative: Alternative, effect: Effect, component: str, count: int) -> tuple[float, ...]:
    number = effect_of(alternative.scenario.root.escorts, component, effect)
    if number.low is None or number.high is None:
        path, expected = effect_path(component, effect), "expected 'low' and 'high' to look for a flip in"
        raise RequestError(f"{path} has no range in '{alternative.name}'; {expected}")
    return tuple(float(f"{value:.6g}") for value in np.linspace(number.low, number.high, count))


def _fixed(plan: Plan, component: str, ratio: float, cycle: float) -> Plan:
    """Return the plan with a component's loss ratio and cycle factor set, no longer drawn."""
    paths, given = effect_paths(component), plan.protection
    k = given.name.index(component)

    def put(values: tuple[float, ...], value: float) -> tuple[float, ...]:
        return (*values[:k], value, *values[k + 1 :])

    return replace(
        plan,
        protection=replace(given, ratio=put(given.ratio, ratio), cycle=put(given.cycle, cycle)),
        uncertain=tuple(number for number in plan.uncertain if number.path not in paths),
    )


def _points(
    base: Work, works: dict[tuple[str, float, float], Work], ledger: Ledger, measure: str, numbers: range
) -> pd.DataFrame:
    def shown(work: Work) -> pd.Series[float]:
        rows, days = ledger.measures(work.digest), base.plan.days
        return pd.Series({r: date_of(measure, rows[r], days) for r in numbers if r in rows}, dtype=float)

    better, theirs = goal(measure).better or 1, shown(base)
    rows = []
    for (equal, cycle, ratio), work in works.items():
        ours = shown(work)
        shared = ours.index.intersection(theirs.index)
        if shared.empty:
            raise StudyError(f"no replication succeeded at loss ratio {ratio:g}, cycle factor {cycle:g}")
        difference = ours[shared] - theirs[shared]
        won = float((better * difference.dropna() > 0.0).mean())
        rows.append((equal, cycle, ratio, *interval(difference, not base.central), won))
    return pd.DataFrame(rows, columns=["equal", "cycle", "ratio", "mean", "low", "high", "won"])


def _flip(points: pd.DataFrame, equal: str, cycle: float, better: int, first: str, second: str) -> Flip:
    """Return where the second strategy's lead, as a function of its loss ratio, falls to 0."""
    rows = points[(points["equal"] == equal) & (points["cycle"] == cycle)].sort_values("ratio")
    ratio = rows["ratio"].to_numpy()
    lead = better * rows["mean"].to_numpy()
    ends = better * rows[["low", "high"]].to_numpy()
    least, most = ends.min(axis=1), ends.max(axis=1)
    crossed = list(_crossings(ratio, lead))
    if len(crossed) > 1 or lead[0] < lead[-1]:
        crossed = []
    unsure = [*(r for r, a, b in zip(ratio, least, most, strict=True) if a <= 0.0 <= b)]
    unsure += [*_crossings(ratio, least), *_crossings(ratio, most)]
    nan = float("nan")
    low, high = (min(unsure), max(unsure)) if unsure else (nan, nan)
    if crossed:
        return Flip(cycle, crossed[0], float(low), float(high), "")
    ahead = second if np.all(lead > 0.0) else first if np.all(lead < 0.0) else ""
    return Flip(cycle, nan, float(low), float(high), ahead)


def _crossings(x: np.ndarray, y: np.ndarray) -> Iterator[float]:
    """Iterate over the places where straight lines between points pass 0."""
    for k in range(len(x) - 1):
        a, b = y[k], y[k + 1]
        if (a > 0.0) != (b > 0.0) and a != b:
            yield float(x[k] + (x[k + 1] - x[k]) * a / (a - b))


def _tag(second: Alternative, component: str) -> Tag:
    """Return how far facts inform the second strategy's loss ratio and cycle factor."""
    rests = tag((), grades_of(second.scenario), always=effect_paths(component))
    assert rests is not None
    return rests
