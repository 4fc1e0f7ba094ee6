"""``convoi at``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sim.cli.options import Drawing, Layers, doing_undrawn, drawing, layers, replications, scenario_argument, was_given
from sim.cli.options import series as with_series
from sim.cli.progress import progress
from sim.cli.run import loaded, replicated
from sim.cli.streams import as_text
from sim.cli.task import Task, end_with

if TYPE_CHECKING:
    from sim.study.bound import Series


@click.command()
@scenario_argument
@click.argument("when", metavar="DATE")
@click.option("--town", "towns", multiple=True, metavar="NAME", help="A town beside the hub; repeat.")
@click.option(
    "--targets", metavar="FILE", help="File of targets: its facts that tell of the day are set beside it, too."
)
@with_series("With --targets. ")
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
    from sim.results.folder import stored
    from sim.scenario.targets import load as load_targets
    from sim.view.at import with_facts
    from sim.view.day import day_in, day_of, day_words

    if targets is None and was_given("series"):
        raise click.UsageError("--series without --targets")
    scenario, work = loaded(layers, drawing, task)
    day_in(scenario, when, towns)
    wanted = None if targets is None else load_targets(targets)
    with replicated(scenario, work, replications, drawing, layers.name(), task) as (place, done):
        if not place.finished(len(done.measures)):  # else it stays as it is, figures and all
            place.keep(stored(done), done.manifest)
        day = day_of(done, when, towns)
    if wanted is not None:
        with progress("facts", task.silent) as told:
            day = with_facts(day, wanted, series, task.where, told)
    task.tell(lambda: as_text(day.plain()), lambda: day_words(day))
    end_with(done.failures)
