"""``convoi run`` and ``at``: a run, and what it shows for one day."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from sim.cli.options import (
    Drawing,
    Layers,
    doing,
    doing_undrawn,
    drawing,
    layers,
    replications,
    reporting,
    scenario_argument,
    series,
    was_given,
)
from sim.cli.streams import as_text
from sim.cli.task import Task, end_with, need_for_report, progress

if TYPE_CHECKING:
    from sim.results.folder import StudyFolder
    from sim.results.run import Run
    from sim.scenario.load import Scenario
    from sim.study.bound import Series
    from sim.study.campaign import Work


def scenario_and_work(layers: Layers, drawing: Drawing, task: Task) -> tuple[Scenario, Work]:
    """Return a scenario and what a run of it replicates; tell the notes on it."""
    from sim.study.replicate import work_of

    scenario = layers.load()
    work = work_of(scenario, drawing.seed, drawing.central, drawing.engine)
    task.note([(scenario, work.plan)])
    return scenario, work


@contextmanager
def run_in_folder(
    scenario: Scenario, work: Work, replications: int | list[int], drawing: Drawing, layers: Layers, task: Task
) -> Iterator[tuple[StudyFolder, Run]]:
    """Yield a run and the folder that is its own meanwhile."""
    from sim.results.store import Study
    from sim.study import replicate

    task.prepare([work])
    with task.folder(Study(scenario.digest, work.seed, replications, work.central), f"run_{layers.name()}") as place:
        outcome = task.do(place, replicate.run, scenario, replications, **vars(drawing))
        yield place, replace(outcome, folder=place.path)


@click.command()
@scenario_argument
@replications()
@click.option("--only", type=click.IntRange(0, 2**32 - 1), multiple=True, help="One replication, by number; repeat.")
@drawing
@layers
@reporting
@doing
def run(layers: Layers, replications: int, only: tuple[int, ...], drawing: Drawing, reported: bool, task: Task) -> None:
    """Run SCENARIO and say what happens, what bound, and where the figures are."""
    from sim.view.run_answer import run_answer

    if only and was_given("replications"):
        raise click.UsageError("--only with -n, which is how many from 0 on; expected one of them")
    if reported:
        need_for_report()
    scenario, work = scenario_and_work(layers, drawing, task)
    with run_in_folder(scenario, work, sorted(set(only)) or replications, drawing, layers, task) as (place, outcome):
        figures = task.keep(place, outcome)
        page = task.publish(outcome) if reported else None
    task.tell(lambda: outcome.summary().to_json(orient="index", indent=2), lambda: run_answer(outcome, figures), page)
    end_with(outcome.failures, figures=figures, lost=reported and page is None)


@click.command()
@scenario_argument
@click.argument("when", metavar="DATE")
@click.option("--town", "towns", multiple=True, metavar="NAME", help="A town beside the hub; repeat.")
@click.option(
    "--targets", metavar="FILE", help="File of targets: its facts that tell of the day are set beside it, too."
)
@series("With --targets. ")
@replications()
@drawing
@layers
@doing_undrawn
def at(
    layers: Layers,
    when: str,
    towns: tuple[str, ...],
    targets: str | None,
    series: Series,
    replications: int,
    drawing: Drawing,
    task: Task,
) -> None:
    """Say what SCENARIO shows for a DATE, such as 2025-10-20 or 'day 80', beside what is on record for it.

    Stations open, queues, stock and cover of the hub and other towns, tankers waiting by cause, losses and imports so
    far: median and 5-95 % band over all replications. It is the run that 'convoi run' does: another date of the same
    run is told at once.
    """
    from sim.scenario.targets import load as load_targets
    from sim.study.stored import store
    from sim.view.at import with_facts
    from sim.view.day import day_in, day_of, day_words

    if targets is None and was_given("series"):
        raise click.UsageError("--series without --targets")
    scenario, work = scenario_and_work(layers, drawing, task)
    day_in(scenario, when, towns)
    wanted = None if targets is None else load_targets(targets)
    with run_in_folder(scenario, work, replications, drawing, layers, task) as (place, outcome):
        if not place.finished(len(outcome.measures)):  # else it stays as it is, figures and all
            store(place, outcome)
        day = day_of(outcome, when, towns)
    if wanted is not None:
        with progress("facts", task.silent) as report:
            day = with_facts(day, wanted, series, task.where, report)
    task.tell(lambda: as_text(day.plain()), lambda: day_words(day))
    end_with(outcome.failures)
