"""``convoi at``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.options import (
    HOW_MANY,
    doing_undrawn,
    drawing,
    end_with,
    layers,
    scenario_argument,
    was_given,
    where_of,
)
from sim.cli.options import series as with_series
from sim.cli.progress import progress
from sim.cli.runs import loaded, replicated

if TYPE_CHECKING:
    from sim.study.bound import Series
    from sim.study.engine import Engine


@click.command(short_help="Say what a run shows for one day, beside what is on record for it.")
@scenario_argument
@click.argument("when", metavar="DATE")
@click.option("--town", "towns", multiple=True, metavar="NAME", help="A town beside the hub; repeat.")
@click.option(
    "--targets", metavar="FILE", help="File of targets: its facts that tell of the day are set beside it, too."
)
@with_series("With --targets. ")
@HOW_MANY
@drawing
@layers
@doing_undrawn
def at(
    scenario: str,
    when: str,
    towns: tuple[str, ...],
    targets: str | None,
    series: Series,
    replications: int,
    seed: int,
    engine: Engine,
    central: bool,
    overlays: tuple[str, ...],
    sets: tuple[str, ...],
    workers: int | None,
    threads: bool,
    cluster: str | None,
    out: Path | None,
    force: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Say what SCENARIO shows for a DATE, such as 2025-10-20 or 'day 80', beside what is on record for it.

    Stations open, queues, stock and cover of the hub and other towns, tankers waiting by cause, losses and imports so
    far: median and 5-95 % band over all replications. It is the run that 'convoi run' does: another date of the same
    run is told at once.
    """
    from sim.cli.plain import as_text
    from sim.results.folder import name_of
    from sim.scenario.targets import load as load_targets
    from sim.view.at import with_facts
    from sim.view.day import day_in, day_of, day_words, known_town

    if targets is None and was_given("series"):
        raise click.UsageError("--series without --targets")
    where = where_of(workers, threads, cluster)
    given, work = loaded(scenario, overlays, sets, seed, central, engine, quiet)
    day_in(given, when)
    for town in towns:
        known_town(given, town)
    wanted = None if targets is None else load_targets(targets)
    name = name_of(scenario, overlays, sets)
    kept = replicated(given, work, replications, name, where, out, force, quiet, as_json, anew=False)
    with kept as (_, done):
        found = day_of(done, when, towns)
    if wanted is not None:
        with progress("facts", quiet or as_json) as told:
            found = with_facts(found, wanted, series, where, told)
    if as_json:
        click.echo(as_text(found.plain()))
    elif not quiet:
        click.echo(day_words(found))
    end_with(done.failures)
