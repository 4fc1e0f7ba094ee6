"""``convoi run``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.options import HOW_MANY, doing, drawing, drawn, end_with, layers, scenario_argument, was_given, where_of
from sim.cli.runs import loaded, replicated

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
    from sim.results.folder import name_of
    from sim.view.figures import save_all
    from sim.view.run_answer import run_answer

    if only and was_given("replications"):
        raise click.UsageError("--only with -n, which is how many from 0 on; expected one of them")
    where = where_of(workers, threads, cluster)
    found, work = loaded(scenario, overlays, sets, seed, central, engine, quiet)
    asked, name = sorted(set(only)) or replications, name_of(scenario, overlays, sets)
    with replicated(found, work, asked, name, where, out, force, quiet, as_json, anew=True) as (place, done):
        figures = drawn(place, lambda path: save_all(done, path))
    if as_json:
        click.echo(done.summary().to_json(orient="index", indent=2))
    elif not quiet:
        click.echo(run_answer(done, figures))
    end_with(done.failures, lost=figures == [])
