"""Alternatives compared on the same luck and the same draws of the parameters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from hashlib import sha256
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sim.errors import RequestError
from sim.record import Columns
from sim.results.ledger import Ledger
from sim.results.measures import MAIN, goal, is_named, written
from sim.results.names import fault
from sim.results.never import needed_with, with_dates
from sim.results.stated import documented
from sim.results.store import Study
from sim.scenario.calls import argument, verb
from sim.scenario.load import Scenario
from sim.scenario.problem import quoted
from sim.study import alternatives as line
from sim.study.alternatives import Alternative
from sim.study.campaign import Progress, Work, complete, ready
from sim.study.comparison import Comparison, part
from sim.study.engine import Engine
from sim.study.executors import Where
from sim.study.experiment import Experiment, failures_of, frames_of, measures_of
from sim.study.selection import FIRST, Selection, cluster_means, select
from sim.world.nature import nature, values

if TYPE_CHECKING:
    import pandas as pd


FIRST_LOOK, STEP, MOST = 2 * FIRST, 40, 1000
"""Replications with which ``auto`` begins, by which it goes on, and with which it ends."""
HERE = Where()


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
        The smallest difference in it that a choice should turn on; see `sim.results.goals`.
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
    >>> found = sim.compare("blockade-2025", ["army", "ground"], replications=40, folder="results/escorts")
    >>> print(sim.told(found))
    """
    measure = written(measure)
    if isinstance(scenario, Mapping):
        alternatives = line.of_scenarios(scenario)
    elif isinstance(scenario, Sequence) and not isinstance(scenario, str):
        alternatives = line.comparable(scenario)
    else:
        alternatives = line.lineup(scenario, strategies, overlays, common=common, sets=sets, adaptive=adaptive)
    base = line.named(alternatives, baseline, "the baseline") if baseline is not None else first(alternatives)
    works = works_of(alternatives, seed, central, measure, engine)
    if replications == "auto" and not goal(measure).better:
        auto = argument("replications", "auto")
        raise RequestError(f"{auto} with the measure '{measure}', of which neither more nor less is better")
    study = Study(identity(works), seed, replications, central)
    experiment = Experiment(study, alternatives[0].scenario, engine, folder, force, command)
    ready(works)
    with experiment.ledger() as ledger:
        if replications == "auto":
            asked, workers = _until_clear(alternatives, works, ledger, where, measure, worth, progress)
        else:
            asked = range(replications)
            workers = complete(works, asked, ledger, where, progress)
        held = _gather(alternatives, works, ledger, asked, folder)
    manifest = experiment.manifest(
        digest=study.digest,
        done=len(held["measures"].loc[base.name]),
        alternatives={
            one.name: {"label": one.label, "digest": one.scenario.digest, "laid": list(one.scenario.laid)}
            for one in alternatives
        },
        baseline=base.name,
        measure=measure,
        worth=goal(measure).worth if worth is None else worth,
        workers=workers,
    )
    return Comparison(alternatives, base.name, measure, manifest=manifest, folder=folder, **held)


def works_of(
    alternatives: Sequence[Alternative], seed: int, central: bool, measure: str, engine: Engine = "fast"
) -> list[Work]:
    """Return what is replicated of each alternative.

    Raises
    ------
    RequestError
        If there is no such measure.
    """
    wanted = wanted_measures(alternatives, (measure,))
    return [Work(one.plan, seed, central, wanted, engine=engine) for one in alternatives]


def copies(alternatives: Sequence[Alternative], works: Sequence[Work]) -> list[tuple[str, str]]:
    """Return the names of alternatives that are the same in all that decides the results, with the first of them."""
    seen: dict[str, str] = {}
    names = ((seen.setdefault(work.digest, one.name), one.name) for one, work in zip(alternatives, works, strict=True))
    return [(earlier, name) for earlier, name in names if earlier != name]


def first(alternatives: Sequence[Alternative]) -> Alternative:
    """Return the alternative that others are set beside unless one is named."""
    for one in alternatives:
        if one.name.partition(",")[0] == line.AS_IS:
            return one
    return alternatives[0]


def wanted_measures(alternatives: Sequence[Alternative], asked: Iterable[str]) -> tuple[str, ...]:
    """Return the measures beyond those that every run has: those asked for, and the documented ones.

    Raises
    ------
    RequestError
        If one asked for does not exist; with the nearest name.
    """
    found = {name for one in alternatives for name in documented(one.scenario, one.plan)}
    for measure in asked:
        for one in alternatives:
            if wrong := fault(measure, one.plan):
                where = f"measure {quoted(measure)} of '{one.name}'"
                raise RequestError(f"{where}: {wrong.wrong}; expected {wrong.expected}")
        if is_named(measure):
            found.add(measure)
    return tuple(sorted(found))


def identity(works: Iterable[Work]) -> str:
    """Return what tells a study from others: SHA-256 of its works."""
    return sha256("\n".join(work.digest for work in works).encode()).hexdigest()


def selection(comparison: Comparison) -> Selection:
    """Select the best alternative in the measure that ranks; see `sim.study.selection.select`."""
    return _select(
        comparison.of,
        comparison.names,
        comparison.goal,
        comparison.manifest.get("worth", goal(comparison.goal).worth),
        drawn=comparison.drawn,
    )


def _select(
    of: Mapping[str, pd.DataFrame], found: Sequence[str], measure: str, worth: float, *, drawn: bool
) -> Selection:
    values = {name: cluster_means(of[name][measure], drawn) for name in found}
    return select(values, goal(measure).better, worth)


def _until_clear(
    alternatives: Sequence[Alternative],
    works: Sequence[Work],
    ledger: Ledger,
    where: Where,
    measure: str,
    worth: float | None,
    progress: Progress | None,
) -> tuple[range, int]:
    """Replicate until the best is selected; all alternatives go on, since their pictures and pairs need all.

    Returns the replications, and the workers that did them.
    """
    workers = 0
    for total in range(FIRST_LOOK, MOST + 1, STEP):
        workers = max(workers, complete(works, range(total), ledger, where, progress))
        of = measures_of([one.name for one in alternatives], works, ledger, range(total), needed_with(measure))
        of = with_dates(of, alternatives[0].plan.days)
        found = _select(
            {one.name: part(of, one.name) for one in alternatives},
            [one.name for one in alternatives],
            measure,
            goal(measure).worth if worth is None else worth,
            drawn=not works[0].central and not alternatives[0].scenario.root.hindcast,
        )
        if found.outcome == "undefined":
            auto = argument("replications", "auto")
            raise RequestError(f"{auto} with '{measure}', which is undefined in some replications; give a number")
        if found.outcome in ("selected", "tied"):
            break
    return range(total), workers


def _gather(
    alternatives: Sequence[Alternative], works: Sequence[Work], ledger: Ledger, asked: range, folder: Path | None
) -> dict[str, Any]:
    from sim.results.shelf import shelved
    from sim.results.tables import BRIEF

    called = [one.name for one in alternatives]
    measures = measures_of(called, works, ledger, asked)
    shared = measures.loc[called[0]].index
    tables = shelved({name: _brief(alternatives, works, ledger, name, {*shared}) for name in BRIEF}, folder)
    failures = failures_of(zip(((name,) for name in called), works, strict=True), ledger, asked, ["alternative"])
    return {
        "measures": measures,
        "parameters": parameters(called, works, shared),
        "tables": tables,
        "failures": failures,
    }


def _brief(
    alternatives: Sequence[Alternative], works: Sequence[Work], ledger: Ledger, table: str, shared: set[int]
) -> Iterator[pd.DataFrame]:
    """Iterate over a brief table, alternative by alternative, some replications at a time."""
    from sim.results.tables import brief_frame

    kinds = {
        "alternative": [one.name for one in alternatives],
        "town": _labels([one.plan.towns.name for one in alternatives]),
        "product": _labels([one.plan.products.name for one in alternatives]),
    }

    def frame(one: Alternative, some: Mapping[int, Columns]) -> pd.DataFrame:
        found = brief_frame(one.name, one.plan, some)
        for column in found.columns.intersection([*kinds]):
            found[column] = found[column].cat.set_categories(kinds[column])
        return found

    for one, work in zip(alternatives, works, strict=True):
        yield from frames_of(ledger, work, table, shared, partial(frame, one))


def _labels(names: Sequence[tuple[str, ...]]) -> list[str]:
    """Return the names of all alternatives, in the order in which they come."""
    return [*dict.fromkeys(name for some in names for name in some)]


def parameters(names: Sequence[str], works: Sequence[Work], replications: Iterable[int]) -> pd.DataFrame:
    """Return the value drawn of every uncertain parameter, index (alternative, replication).

    NaN where an alternative does not draw it.
    """
    import pandas as pd

    index = pd.Index(replications, name="replication")
    made: dict[object, pd.DataFrame] = {}
    parts = {}
    for name, work in zip(names, works, strict=True):
        key = (work.plan.uncertain, repr(work.plan.posterior))
        if key not in made:
            made[key] = pd.DataFrame([_drawn(work, r) for r in index], index)
        parts[name] = made[key]
    found = pd.concat(parts, names=["alternative"])
    return found[sorted(found.columns)]


def _drawn(work: Work, replication: int) -> dict[str, float]:
    drawn = None if work.central else nature(work.plan, work.seed, replication).marks
    return {} if drawn is None else values(work.plan, drawn)
