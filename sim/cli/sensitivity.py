"""``convoi sensitivity``."""

from __future__ import annotations

from pathlib import Path

import click

from sim.cli.folder import results
from sim.cli.options import doing_here, drawn, overlaid, scenario_argument, seeded, tell_notes_on
from sim.cli.progress import progress


@click.command(short_help="Which unknown numbers move the answer, and which would change the choice.")
@scenario_argument
@click.option("--strategy", "strategies", multiple=True, metavar="NAME", help="A strategy to choose from; repeat.")
@click.option("--measure", metavar="NAME", help="The measure, instead of days_half_closed.")
@click.option(
    "--trajectories", default=10, show_default=True, type=click.IntRange(2, 10_000), help="Of the screening (Morris)."
)
@click.option(
    "--base",
    default=128,
    show_default=True,
    type=click.IntRange(2, 1 << 20),
    help="Rows of Sobol's sample, a power of 2.",
)
@click.option("--top", default=10, show_default=True, type=click.IntRange(1, 100), help="Parameters that Sobol parts.")
@seeded
@overlaid
@doing_here
def sensitivity(
    scenario: str,
    strategies: tuple[str, ...],
    measure: str | None,
    trajectories: int,
    base: int,
    top: int,
    seed: int,
    overlays: tuple[str, ...],
    sets: tuple[str, ...],
    workers: int | None,
    out: Path | None,
    force: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Say which unknown numbers of SCENARIO move a measure, and which would change the choice of a strategy."""
    from sim.cli.plain import as_text
    from sim.results.folder import name_of
    from sim.results.goals import MAIN
    from sim.results.measure import written
    from sim.results.store import Study
    from sim.study.alternatives import one_or_more
    from sim.study.executors import Where
    from sim.study.packages import need
    from sim.study.sensitivity import identity
    from sim.study.sensitivity import sensitivity as study
    from sim.view.figures.sensitivity import save_sensitivity
    from sim.view.sensitive import sensitive

    measure = MAIN if measure is None else written(measure)
    found = one_or_more(scenario, strategies, overlays, sets)
    need("SALib")
    tell_notes_on(((one.scenario, one.plan) for one in found), quiet)
    asked = Study(identity(found, measure, trajectories, base, top), seed, base)
    with results(asked, f"sensitivity_{name_of(scenario, overlays, sets, strategies)}", out, force) as place:
        with progress("replications", quiet or as_json) as told:
            done = study(
                found,
                measure=measure,
                trajectories=trajectories,
                base=base,
                top=top,
                seed=seed,
                where=Where(workers),
                folder=place.path,
                progress=told,
                command=place.command,
            )
        place.keep(done.tables(), done.manifest)
        figures = drawn(place, lambda path: save_sensitivity(done, path))
    if as_json:
        click.echo(as_text({"screened": done.screened, "indices": done.indices, "worth": done.worth}))
    elif not quiet:
        click.echo(sensitive(done, figures))
