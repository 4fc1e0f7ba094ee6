"""A day of a run, asked of a scenario: the verb ``sim.at``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from os import PathLike
from pathlib import Path

from sim.errors import RequestError
from sim.results.run import Run
from sim.scenario.calls import as_tuple, verb
from sim.scenario.load import Scenario, load
from sim.scenario.targets import Targets
from sim.scenario.targets import load as load_targets
from sim.study.bound import Series
from sim.study.campaign import Progress
from sim.study.engine import Engine
from sim.study.executors import Where
from sim.study.replicate import run
from sim.study.verdicts import facts_on
from sim.view.day import Day, day_in, day_of


@verb
def at(
    scenario: str | PathLike[str] | Scenario | Run,
    when: str | date,
    towns: str | Iterable[str] = (),
    *,
    replications: int = 200,
    strategy: str | PathLike[str] | None = None,
    overlays: str | PathLike[str] | Iterable[str | PathLike[str]] = (),
    sets: str | Iterable[str] = (),
    targets: str | PathLike[str] | Targets | None = None,
    series: Series = "customs",
    seed: int = 1,
    central: bool = False,
    engine: Engine = "fast",
    workers: int | None = None,
    folder: Path | None = None,
    force: bool = False,
    progress: Progress | None = None,
) -> Day:
    """Return what a run shows for a day, beside what is on record for it.

    Parameters
    ----------
    scenario
        What is run: a file, its bare name, or a loaded scenario; or a run, which is read as it is.
    when
        The date, or ``day 12`` after the start.
    towns
        Towns beside the hub.
    targets, series
        A file of targets, whose facts that tell of the day are set beside it, too.
    replications, strategy, overlays, sets, seed, central, engine, workers, folder, force, progress
        As in `sim.run`; a run has them.

    Raises
    ------
    RequestError
        If the day is not one of the run, there is no such town, or an argument cannot be meant.

    Examples
    --------
    >>> day = sim.at("blockade-2025", "2025-10-20", "Mopti-Sévaré", replications=40)
    >>> day.model[["place", "what", "median", "low", "high"]]
    """
    if isinstance(scenario, Run):
        if strategy is not None or overlays or sets or folder is not None:
            raise RequestError("at: a run is read as it was made; lay strategy, overlays and sets on it in sim.run")
        outcome = scenario
    else:
        loaded = load(scenario, overlays, sets, strategy=strategy)
        day_in(loaded, when, as_tuple(towns))
        outcome = run(
            loaded, replications,
            seed=seed, central=central, engine=engine, workers=workers, folder=folder, force=force, progress=progress,
        )  # fmt: skip
    day = day_of(outcome, when, as_tuple(towns))
    return day if targets is None else with_facts(day, load_targets(targets), series, Where(workers), progress)


def with_facts(day: Day, targets: Targets, series: Series, where: Where, progress: Progress | None = None) -> Day:
    """Return a day with the facts of a file of targets that tell of it, if its scenario stands for what happened."""
    scenario, manifest = day.run.scenario, day.run.manifest
    if not scenario.root.record:
        return day
    return replace(
        day,
        facts=facts_on(
            scenario, targets, day.day, len(day.run.measures),
            seed=manifest["seed"], central=manifest["central"], series=series, where=where, progress=progress,
        ),
    )  # fmt: skip
