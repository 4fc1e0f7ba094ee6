"""``convoi run``, and the run that other commands do as it does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from sim.cli.options import Drawing, Layers, doing, drawing, layers, replications, scenario_argument, was_given
from sim.cli.task import Task, end_with

if TYPE_CHECKING:
    from sim.results.folder import StudyFolder
    from sim.results.run import Run
    from sim.scenario.load import Scenario
    from sim.study.campaign import Work


def loaded(layers: Layers, drawing: Drawing, task: Task) -> tuple[Scenario, Work]:
    """Return a scenario and what a run of it replicates; tell the notes on it."""
    from sim.study.replicate import work_of

    scenario = layers.load()
    work = work_of(scenario, drawing.seed, drawing.central, drawing.engine)
    task.note([(scenario, work.plan)])
    return scenario, work


@contextmanager
def replicated(
    scenario: Scenario, work: Work, replications: int | list[int], drawing: Drawing, name: str, task: Task
) -> Iterator[tuple[StudyFolder, Run]]:
    """Yield a run and the folder that is its own meanwhile."""
    from sim.results.store import Study
    from sim.study import replicate

    task.prepare([work])
    with task.folder(Study(scenario.digest, work.seed, replications, work.central), f"run_{name}") as place:
        done = task.do(place, replicate.run, scenario, replications, **vars(drawing))
        yield place, replace(done, folder=place.path)


@click.command()
@scenario_argument
@replications()
@click.option("--only", type=click.IntRange(0, 2**32 - 1), multiple=True, help="One replication, by number; repeat.")
@drawing
@layers
@doing
def run(layers: Layers, replications: int, only: tuple[int, ...], drawing: Drawing, task: Task) -> None:
    """Run SCENARIO and say what happens, what bound, and where the figures are."""
    from sim.results.folder import stored
    from sim.view.run_answer import run_answer

    if only and was_given("replications"):
        raise click.UsageError("--only with -n, which is how many from 0 on; expected one of them")
    scenario, work = loaded(layers, drawing, task)
    with replicated(scenario, work, sorted(set(only)) or replications, drawing, layers.name(), task) as (place, done):
        figures = task.keep(place, done, stored(done))
    task.tell(lambda: done.summary().to_json(orient="index", indent=2), lambda: run_answer(done, figures))
    end_with(done.failures, figures=figures)
