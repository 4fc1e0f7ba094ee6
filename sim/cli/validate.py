"""``convoi validate``."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.folder import results
from sim.cli.options import Day, doing_here, drawn, facts, layers, scenario_argument, seeded, tell_notes_on
from sim.cli.progress import progress

if TYPE_CHECKING:
    from sim.study.bound import Series


@click.command(short_help="Set every documented fact beside what the model shows.")
@scenario_argument
@facts
@click.option(
    "-n", "--replications", default=400, show_default=True, type=click.IntRange(20, 1_000_000), help="How many of each."
)
@click.option("--since", type=Day(), metavar="DATE", help="Ask only facts that look beyond this day.")
@seeded
@layers
@doing_here
def validate(
    scenario: str,
    targets: str,
    series: Series,
    replications: int,
    since: date | None,
    seed: int,
    overlays: tuple[str, ...],
    sets: tuple[str, ...],
    workers: int | None,
    out: Path | None,
    force: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Set every fact in a file of targets beside what SCENARIO shows, those outside its band first.

    Replications have central values, ranges, and with a posterior laid on the scenario its draws.
    """
    from sim.cli.plain import as_text
    from sim.plan import build
    from sim.results.folder import name_of
    from sim.scenario.load import load
    from sim.scenario.targets import load as load_targets
    from sim.study import validate as study
    from sim.study.executors import Where
    from sim.study.packages import need
    from sim.view.figures.calibration import save_validation
    from sim.view.validated import validated

    need("scoringrules")
    loaded, wanted = load(scenario, overlays=overlays, sets=sets), load_targets(targets)
    tell_notes_on([(loaded, build(loaded))], quiet)
    asked = study.study_of(loaded, wanted, replications, seed, series, since)
    with results(asked, f"validate_{name_of(scenario, overlays, sets)}", out, force) as place:
        with progress("replications", quiet or as_json) as told:
            done = study.validate(
                loaded,
                wanted,
                replications,
                seed=seed,
                series=series,
                since=since,
                where=Where(workers),
                folder=place.path,
                progress=told,
                command=place.command,
            )
        place.keep(done.tables(), done.manifest)
        figures = drawn(place, lambda path: save_validation(done, path))
    if as_json:
        click.echo(as_text({"facts": done.tables()["facts.csv"], "scores": done.scores}))
    elif not quiet:
        click.echo(validated(done, figures))
