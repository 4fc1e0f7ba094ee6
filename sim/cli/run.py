"""``convoi run``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.folder import results
from sim.cli.options import (
    HOW_MANY,
    doing,
    drawing,
    drawn,
    end_with,
    layers,
    prepared,
    scenario_argument,
    tell_notes_on,
    was_given,
    where_of,
)
from sim.cli.progress import progress

if TYPE_CHECKING:
    from sim.study.engine import Engine


@click.command()
@scenario_argument
@HOW_MANY
@click.option("--only", type=click.IntRange(0, 2**32 - 1), multiple=True, help="One replication, by number; repeat.")
@drawing
@layers
@doing
def run(
    scenario: str,
    replications: int,
    only: tuple[int, ...],
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
    """Run SCENARIO and say what happens, what bound, and where the figures are."""
    from sim.results.folder import name_of, save
    from sim.results.store import Study
    from sim.scenario.load import load
    from sim.study import replicate
    from sim.view.answer import answer
    from sim.view.figures import save_all

    if only and was_given("replications"):
        raise click.UsageError("--only with -n, which is how many from 0 on; expected one of them")
    where = where_of(workers, threads, cluster)
    loaded = load(scenario, overlays=overlays, sets=sets)
    work = replicate.work_of(loaded, seed, central, engine)
    tell_notes_on([(loaded, work.plan)], quiet)
    prepared([work], quiet)
    asked = Study(loaded.digest, seed, sorted(set(only)) or replications, central)
    with results(asked, f"run_{name_of(scenario, overlays, sets)}", out, force) as place:
        with progress("replications", quiet or as_json) as told:
            done = replicate.run(
                loaded,
                only or replications,
                seed=seed,
                central=central,
                engine=engine,
                where=where,
                folder=place.path,
                progress=told,
                command=place.command,
            )
        done = save(done, place.path)
        figures = drawn(place, lambda path: save_all(done, path))
    if as_json:
        click.echo(done.summary().to_json(orient="index", indent=2))
    elif not quiet:
        click.echo(answer(done, figures))
    end_with(done.failures, lost=figures == [])
