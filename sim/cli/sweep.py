"""``convoi sweep``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.folder import results
from sim.cli.options import (
    Finite,
    alternatives,
    doing,
    drawing,
    drawn,
    end_with,
    prepared,
    scenario_argument,
    tell_failures,
    tell_notes_on,
    was_given,
    where_of,
)
from sim.cli.plain import as_text
from sim.cli.progress import progress

if TYPE_CHECKING:
    from sim.study.engine import Engine


EXAMPLE = """\b
How many escorted convoys a week for five days of cover, where nobody goes alone and no crew refuses?
  convoi sweep blockade-2025 --common escorted-only --set willingness.on=no \\
    --vary 'escorts.pools.national *.units*=1:9' --target 'cover.Bamako >= 5 d' --confidence 0.5
"""


@click.command(short_help="Vary one or two numbers of a scenario.", epilog=EXAMPLE)
@scenario_argument
@click.option(
    "--vary",
    multiple=True,
    required=True,
    metavar="PATH[=FROM:TO[:COUNT]]",
    help="What to vary, with units; whole numbers go by ones unless COUNT is given. Without FROM:TO the scenario's own "
    "range. 'PATH*=1:4' varies a factor, also of a list by date. Once or twice; PATH,PATH go together.",
)
@alternatives
@click.option("--target", metavar="TEXT", help="From which value on does this hold, such as 'cover.Bamako >= 5 d'?")
@click.option(
    "--confidence",
    default=0.9,
    show_default=True,
    type=Finite(0, 1, min_open=True, max_open=True),
    help="Share of replications in which the target must hold.",
)
@click.option(
    "-n", "--replications", default=40, show_default=True, type=click.IntRange(1, 1_000_000), help="At each point."
)
@drawing
@click.option("--measure", metavar="NAME", help="The measure that ranks, instead of days_half_closed.")
@doing
def sweep(
    scenario: str,
    vary: tuple[str, ...],
    strategies: tuple[str, ...],
    overlays: tuple[str, ...],
    common: tuple[str, ...],
    sets: tuple[str, ...],
    target: str | None,
    confidence: float,
    replications: int,
    seed: int,
    engine: Engine,
    central: bool,
    measure: str | None,
    workers: int | None,
    threads: bool,
    cluster: str | None,
    out: Path | None,
    force: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Vary one or two numbers of SCENARIO: who wins where, and from which value on a target holds."""
    from sim.errors import RequestError
    from sim.results.folder import name_of
    from sim.results.goals import MAIN
    from sim.results.measure import written
    from sim.results.store import Study
    from sim.results.target import parse
    from sim.study.compare import identity
    from sim.study.sweep import prepared as laid_out
    from sim.study.sweep import sweep as study
    from sim.view.figures.sweep import save_sweep
    from sim.view.sweep_answer import sweep_answer, unreached

    if target is None and was_given("confidence"):
        raise click.UsageError("--confidence without --target")
    where = where_of(workers, threads, cluster)
    grid = laid_out(scenario, vary, strategies, overlays, common=common, sets=sets)
    others = (one.plan for line in grid.lines[1:] for one in line)
    tell_notes_on(((one.scenario, one.plan) for one in grid.lines[0]), quiet, others)
    if target is not None and len(grid.axes) > 1:
        raise RequestError("--target with two parameters varied; expected one --vary")
    wanted = parse(target, grid.lines[0][0].plan) if target is not None else None
    measure = MAIN if measure is None else written(measure)
    further = (wanted.measure,) if wanted else ()
    works = [work for found in grid.works(seed, central, (measure, *further), engine) for work in found]
    prepared(works, quiet)
    asked = Study(identity(works), seed, replications, central)
    name = name_of(scenario, common, sets, (*(one.partition("=")[0] for one in vary), *strategies, *overlays))
    with results(asked, f"sweep_{name}", out, force) as place:
        with progress("replications", quiet or as_json) as told:
            done = study(
                grid,
                replications=replications,
                seed=seed,
                central=central,
                engine=engine,
                measure=measure,
                asked=further,
                where=where,
                folder=place.path,
                progress=told,
                command=place.command,
            )
        reached = done.reached(wanted, confidence) if wanted else None
        place.keep(done.tables(), done.manifest)
        figures = drawn(place, lambda path: save_sweep(done, path, wanted, reached, confidence))
    if as_json:
        click.echo(as_text({"means": done.means(), "places": done.places(), "reached": reached}))
    elif not quiet:
        click.echo(sweep_answer(done, reached, wanted, confidence, figures))
    if reached and wanted and not any(one.held for one in reached):
        tell_failures(done.failures)
        raise RequestError(unreached(done, reached, wanted, confidence))
    end_with(done.failures, lost=figures == [])
