"""``convoi at``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.folder import results
from sim.cli.options import (
    HOW_MANY,
    doing_undrawn,
    drawing,
    end_with,
    layers,
    prepared,
    scenario_argument,
    tell_notes_on,
    was_given,
    where_of,
)
from sim.cli.options import series as with_series
from sim.cli.progress import progress

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
    from sim.results.folder import name_of, save
    from sim.results.store import Study
    from sim.scenario.load import load
    from sim.scenario.targets import load as load_targets
    from sim.study import replicate
    from sim.study.on_day import facts_on
    from sim.view.at import day_words
    from sim.view.day import at as at_day
    from sim.view.day import day_in, known_town

    if targets is None and was_given("series"):
        raise click.UsageError("--series without --targets")
    place_of = where_of(workers, threads, cluster)
    loaded = load(scenario, overlays=overlays, sets=sets)
    work = replicate.work_of(loaded, seed, central, engine)
    tell_notes_on([(loaded, work.plan)], quiet)
    day = day_in(loaded, when)
    for town in towns:
        known_town(loaded, town)
    wanted = None if targets is None else load_targets(targets)
    prepared([work], quiet)
    asked = Study(loaded.digest, seed, replications, central)
    with results(asked, f"run_{name_of(scenario, overlays, sets)}", out, force) as place:
        with progress("replications", quiet or as_json) as told:
            done = replicate.run(
                loaded,
                replications,
                seed=seed,
                central=central,
                engine=engine,
                where=place_of,
                folder=place.path,
                progress=told,
                command=place.command,
            )
        done = save(done, place.path)
    facts = None
    if wanted is not None and loaded.root.record:
        with progress("facts", quiet or as_json) as told:
            facts = facts_on(
                loaded, wanted, day, replications, seed=seed, central=central, series=series, progress=told
            )
    found = at_day(done, when, towns)
    if as_json:
        click.echo(as_text(found.plain(facts)))
    elif not quiet:
        click.echo(day_words(found, facts))
    end_with(done.failures)
