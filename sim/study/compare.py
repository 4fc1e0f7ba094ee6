"""Alternatives compared on the same luck and the same draws of the parameters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from hashlib import sha256
from os import PathLike
from pathlib import Path
from typing import Literal

import pandas as pd

from sim.errors import RequestError
from sim.record import Columns
from sim.results.ledger import Ledger
from sim.results.measures import MAIN, goal, is_named, written
from sim.results.names import fault
from sim.results.never import needed_with, with_dates
from sim.results.shelf import shelved
from sim.results.stated import documented
from sim.results.store import Study
from sim.results.tables import BRIEF, brief_frame
from sim.scenario.calls import argument, verb
from sim.scenario.load import Scenario
from sim.scenario.problem import quoted
from sim.study import alternatives as line
from sim.study.alternatives import Alternative
from sim.study.campaign import Progress, Work, complete, ready
from sim.study.comparison import Comparison, part
from sim.study.engine import Engine
from sim.study.executors import HERE, Where
from sim.study.experiment import Experiment, failures_of, frames_of, measures_of
from sim.study.selection import FIRST, Selection, cluster_means, select
from sim.world.nature import nature, values

FIRST_LOOK, STEP, MOST = 2 * FIRST, 40, 1000
"""Replications with which ``auto`` begins, by which it goes on, and with which it ends."""


@verb
def compare(
    scenario: str | PathLike[str] | Scenario | Mapping[str, str | PathLike[str] | Scenario] | Sequence[Alternative],
    strategies: Iterable[str | PathLike[str]] = (),
    overlays: Iterable[str | PathLike[str] | Sequence[str | PathLike[str]]] = (),
    *,
    common: Iterable[str | PathLike[str]] = (),
    sets: Iterable[str] = (),
    adaptive: line.Adaptive = "as set",
    replications: int | Literal["auto"] = 200,
    seed: int = 1,
    central: bool = False,
    engine: Engine = "fast",
    baseline: str | None = None,
    measure: str = MAIN,
    worth: float | None = None,
    where: Where = HERE,
    folder: Path | None = None,
    force: bool = False,
    progress: Progress | None = None,
    command: str | None = None,
    ledger: Ledger | None = None,
) -> Comparison:
    """Compare alternatives, all on one tape of ambushes and one draw of the parameters a replication.

    Parameters
    ----------
    scenario
        A scenario file, its bare name or a loaded scenario, on which strategies and overlays are laid; or scenarios
        by name.
    strategies, overlays, common, sets, adaptive
        The alternatives; see `sim.study.alternatives.lineup`.
    replications
        How many of each; ``auto`` begins with 60 and goes on by 40 until the best can be selected, to 1,000 at most.
    seed, central, engine
        As in `sim.run`.
    baseline
        Name of the alternative that the others are set beside; the first, or the scenario itself beside overlays.
    measure
        The measure that ranks.
    worth
        The smallest difference in it that a choice should turn on; see `sim.results.measures.goal`.
    where
        What does the replications: threads, processes, a cluster, an executor of the caller's.
    folder
        Where the study is kept as it goes; one that was interrupted is resumed.
    force
        Take the folder though it holds another study or files that are not Convoi's.
    progress
        Called with the number of replications done and to do.
    command
        How it was called, for the manifest.
    ledger
        A ledger that the caller holds open, instead of a folder: what it has of the same work is not done again.

    Raises
    ------
    RequestError
        If the alternatives cannot be compared, or the measure or the baseline does not exist.
    ScenarioError
        If an alternative is no valid scenario.
    StudyError
        If no replication succeeds in all alternatives.
    ResultsError
        If the folder holds something else or another process is at work there, or it cannot be written.

    Examples
    --------
    >>> print(sim.told(sim.compare("blockade-2025", ["army", "ground"], replications=40, folder="results/escorts")))
    """
    measure = written(measure)
    if isinstance(scenario, Mapping):
        alternatives = line.of_scenarios(scenario)
    elif isinstance(scenario, Sequence) and not isinstance(scenario, str):
        alternatives = line.comparable(scenario)
    else:
        alternatives = line.lineup(scenario, strategies, overlays, common=common, sets=sets, adaptive=adaptive)
    base = line.named(alternatives, baseline, "the baseline") if baseline is not None else first(alternatives)
    worth = goal(measure).worth if worth is None else worth
    works = works_of(alternatives, seed, central, measure, engine)
    if replications == "auto" and not goal(measure).better:
        auto = argument("replications", "auto")
        raise RequestError(f"{auto} with the measure '{measure}', of which neither more nor less is better")
    study = Study(identity(works.values()), seed, replications, central)
    experiment = Experiment(study, alternatives[0].scenario, engine, folder, force, command, ledger)
    ready(works.values())
    with experiment.ledger() as ledger:
        if replications == "auto":
            drawn = not central and not alternatives[0].scenario.root.hindcast
            numbers, workers = _until_clear(works, ledger, where, measure, worth, drawn, progress)
        else:
            numbers = range(replications)
            workers = complete(works.values(), numbers, ledger, where, progress)
        measures = measures_of(works, ledger, numbers)
        shared = measures.loc[base.name].index
        tables = shelved({name: _brief(works, ledger, name, {*shared}) for name in BRIEF}, folder)
        failures = failures_of((((name,), work) for name, work in works.items()), ledger, numbers, ["alternative"])
    manifest = experiment.manifest(
        digest=study.digest,
        done=len(shared),
        alternatives={
            a.name: {"label": a.label, "digest": a.scenario.digest, "laid": list(a.scenario.laid)} for a in alternatives
        },
        baseline=base.name,
        measure=measure,
        worth=worth,
        workers=workers,
    )
    drawings = parameters(works, shared)
    return Comparison(alternatives, base.name, measure, measures, drawings, tables, failures, manifest, folder)


def works_of(
    alternatives: Sequence[Alternative], seed: int, central: bool, measure: str, engine: Engine = "fast"
) -> dict[str, Work]:
    """Return what is replicated of each alternative, by its name.

    Raises
    ------
    RequestError
        If there is no such measure.
    """
    wanted = wanted_measures(alternatives, (measure,))
    return {a.name: Work(a.plan, seed, central, wanted, engine=engine) for a in alternatives}


def copies(works: Mapping[str, Work]) -> list[tuple[str, str]]:
    """Return the names of alternatives that are the same in all that decides the results, with the first of them."""
    seen: dict[str, str] = {}
    names = ((seen.setdefault(work.digest, name), name) for name, work in works.items())
    return [(earlier, name) for earlier, name in names if earlier != name]


def first(alternatives: Sequence[Alternative]) -> Alternative:
    """Return the alternative that others are set beside unless one is named."""
    for alternative in alternatives:
        if alternative.name.partition(",")[0] == line.AS_IS:
            return alternative
    return alternatives[0]


def wanted_measures(alternatives: Sequence[Alternative], measures: Iterable[str]) -> tuple[str, ...]:
    """Return the measures beyond those that every run has: some that are asked for, and the documented ones.

    Raises
    ------
    RequestError
        If one asked for does not exist; with the nearest name.
    """
    wanted = {name for alternative in alternatives for name in documented(alternative.scenario, alternative.plan)}
    for measure in measures:
        for alternative in alternatives:
            if wrong := fault(measure, alternative.plan):
                where = f"measure {quoted(measure)} of '{alternative.name}'"
                raise RequestError(f"{where}: {wrong.wrong}; expected {wrong.expected}")
        if is_named(measure):
            wanted.add(measure)
    return tuple(sorted(wanted))


def identity(works: Iterable[Work]) -> str:
    """Return what tells a study from others: SHA-256 of its works."""
    return sha256("\n".join(work.digest for work in works).encode()).hexdigest()


def selection(comparison: Comparison) -> Selection:
    """Select the best alternative in the measure that ranks; see `sim.study.selection.select`."""
    measure, drawn = comparison.goal, comparison.drawn
    values = {name: cluster_means(measures[measure], drawn) for name, measures in comparison.of.items()}
    return select(values, goal(measure).better, comparison.manifest.get("worth", goal(measure).worth))


def _until_clear(
    works: Mapping[str, Work],
    ledger: Ledger,
    where: Where,
    measure: str,
    worth: float,
    drawn: bool,
    progress: Progress | None,
) -> tuple[range, int]:
    """Replicate until the best is selected; all alternatives go on, since their pictures and pairs need all.

    Returns the replications, and the workers that did them.
    """
    workers = 0
    for total in range(FIRST_LOOK, MOST + 1, STEP):
        workers = max(workers, complete(works.values(), range(total), ledger, where, progress))
        measures = measures_of(works, ledger, range(total), needed_with(measure))
        measures = with_dates(measures, next(iter(works.values())).plan.days)
        values = {name: cluster_means(part(measures, name)[measure], drawn) for name in works}
        outcome = select(values, goal(measure).better, worth).outcome
        if outcome == "undefined":
            auto = argument("replications", "auto")
            raise RequestError(f"{auto} with '{measure}', which is undefined in some replications; give a number")
        if outcome in ("selected", "tied"):
            break
    return range(total), workers


def _brief(works: Mapping[str, Work], ledger: Ledger, table: str, shared: set[int]) -> Iterator[pd.DataFrame]:
    """Iterate over a brief table, alternative by alternative, some replications at a time."""
    plans = [work.plan for work in works.values()]
    kinds = {
        "alternative": [*works],
        "town": [*dict.fromkeys(town for plan in plans for town in plan.towns.name)],
        "product": [*dict.fromkeys(product for plan in plans for product in plan.products.name)],
    }

    def frame(name: str, some: Mapping[int, Columns]) -> pd.DataFrame:
        rows = brief_frame(name, works[name].plan, some)
        for column in rows.columns.intersection([*kinds]):
            rows[column] = rows[column].cat.set_categories(kinds[column])
        return rows

    for name, work in works.items():
        yield from frames_of(ledger, work, table, shared, partial(frame, name))


def parameters(works: Mapping[str, Work], replications: Iterable[int]) -> pd.DataFrame:
    """Return the value drawn of every uncertain parameter, index (alternative, replication).

    NaN where an alternative does not draw it.
    """
    index = pd.Index(replications, name="replication")
    made: dict[object, pd.DataFrame] = {}
    parts = {}
    for name, work in works.items():
        key = (work.plan.uncertain, repr(work.plan.posterior))
        if key not in made:
            made[key] = pd.DataFrame([_drawn(work, r) for r in index], index)
        parts[name] = made[key]
    return pd.concat(parts, names=["alternative"]).sort_index(axis=1)


def _drawn(work: Work, replication: int) -> dict[str, float]:
    marks = None if work.central else nature(work.plan, work.seed, replication).marks
    return {} if marks is None else values(work.plan, marks)
