"""The run that a command does: loaded, replicated, kept in its folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli.folder import results
from sim.cli.options import prepared, tell_notes_on
from sim.cli.progress import progress

if TYPE_CHECKING:
    from sim.results.folder import StudyFolder
    from sim.results.run import Run
    from sim.scenario.load import Scenario
    from sim.study.campaign import Work
    from sim.study.engine import Engine
    from sim.study.executors import Where


def loaded(
    scenario: str,
    overlays: tuple[str, ...],
    sets: tuple[str, ...],
    seed: int,
    central: bool,
    engine: Engine,
    quiet: bool,
) -> tuple[Scenario, Work]:
    """Return a scenario and what a run of it replicates; tell the notes on it."""
    from sim.scenario.load import load
    from sim.study.replicate import work_of

    found = load(scenario, overlays=overlays, sets=sets)
    work = work_of(found, seed, central, engine)
    tell_notes_on([(found, work.plan)], quiet)
    return found, work


@contextmanager
def replicated(
    scenario: Scenario,
    work: Work,
    replications: int | list[int],
    name: str,
    where: Where,
    out: Path | None,
    force: bool,
    quiet: bool,
    as_json: bool,
    anew: bool,
) -> Iterator[tuple[StudyFolder, Run]]:
    """Yield a run and the folder that it is kept in.

    Its tables are made ``anew``, or else a folder that holds the finished run already stays as it is, figures and all.
    """
    from sim.results.folder import stored
    from sim.results.store import Study
    from sim.study import replicate

    prepared([work], quiet)
    asked = Study(scenario.digest, work.seed, replications, work.central)
    with results(asked, f"run_{name}", out, force) as place:
        with progress("replications", quiet or as_json) as told:
            done = replicate.run(
                scenario,
                replications,
                seed=work.seed,
                central=work.central,
                engine=work.engine,
                where=where,
                folder=place.path,
                progress=told,
                command=place.command,
            )
        if anew or not place.finished(len(done.measures)):
            place.keep(stored(done), done.manifest)
        yield place, replace(done, folder=place.path)
