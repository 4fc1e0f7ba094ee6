"""``convoi run``."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.options import layers, scenario_argument, tell_notes

if TYPE_CHECKING:
    from sim.results.run import Run
    from sim.scenario.load import Scenario


@click.command()
@scenario_argument
@click.option(
    "-n", "--replications", default=20, show_default=True, type=click.IntRange(1, 1_000_000), help="How many."
)
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0, 2**64 - 1), help="Seed of all luck.")
@click.option("--engine", default="simpy", show_default=True, type=click.Choice(["simpy"]), help="What simulates.")
@click.option("--central", is_flag=True, help="Hold uncertain parameters at their central values.")
@layers
@click.option("--workers", type=click.IntRange(1, 1024), help="Processes; all cores if not given.")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="Folder of results, instead of results/NAME."
)
@click.option("--quiet", is_flag=True, help="Neither progress bar nor answer.")
@click.option("--json", "as_json", is_flag=True, help="The summary of the measures as JSON instead of the answer.")
def run(
    scenario: str,
    replications: int,
    seed: int,
    engine: str,
    central: bool,
    overlays: tuple[str, ...],
    sets: tuple[str, ...],
    workers: int | None,
    out: Path | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """Run SCENARIO and say what happens, what bound, and where the figures are."""
    from sim.results.store import make, note_figures, save
    from sim.scenario.load import load
    from sim.view.answer import answer
    from sim.view.figures import save_all

    loaded = load(scenario, overlays=overlays, sets=sets)
    if not quiet:
        tell_notes(loaded)

    def folder() -> Path:
        return out or _folder(scenario, loaded, overlays, sets, seed, replications, central)

    make(folder())
    done = _run(loaded, replications, seed, central, workers, quiet or as_json)
    # Asked again, since another run may have taken the folder meanwhile.
    done = save(done, folder())
    assert done.folder is not None
    figures = save_all(done, done.folder)
    note_figures(done.folder, figures)
    if as_json:
        click.echo(done.summary().to_json(orient="index", indent=2))
    elif not quiet:
        click.echo(answer(done, figures))


def _run(scenario: Scenario, replications: int, seed: int, central: bool, workers: int | None, silent: bool) -> Run:
    from sim.study import replicate

    command = shlex.join(["convoi", *sys.argv[1:]])
    if silent or not sys.stderr.isatty():
        return replicate.run(scenario, replications, seed=seed, central=central, workers=workers, command=command)
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("replications"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=replications)
        return replicate.run(
            scenario,
            replications,
            seed=seed,
            central=central,
            workers=workers,
            command=command,
            progress=lambda done, _: bar.update(task, completed=done),
        )


def _folder(
    scenario: str,
    loaded: Scenario,
    overlays: tuple[str, ...],
    sets: tuple[str, ...],
    seed: int,
    replications: int,
    central: bool,
) -> Path:
    """Return results/NAME, or NAME-2, NAME-3, … if that holds another run."""
    from sim.results.store import free_folder, name_of

    made = {"digest": loaded.digest, "seed": seed, "replications": replications, "central": central}
    return free_folder(Path("results"), name_of(scenario, overlays, sets), made)
