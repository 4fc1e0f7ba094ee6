"""``convoi calibrate``."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.folder import results
from sim.cli.options import Day, doing_here, drawn, facts, layers, scenario_argument, seeded, tell_notes_on, was_given
from sim.cli.progress import tempering

if TYPE_CHECKING:
    from sim.study.bound import Series


@click.command(short_help="Fit a scenario to what is on record.")
@scenario_argument
@facts
@click.option("--particles", default=500, show_default=True, type=click.IntRange(20, 100_000), help="How many.")
@click.option(
    "--sweeps", default=5, show_default=True, type=click.IntRange(1, 1000), help="Moves of each at a temperature."
)
@click.option("--quick", is_flag=True, help="A first try in some two minutes, with fewer of both.")
@click.option("--until", type=Day(), metavar="DATE", help="Fit only facts up to this day; the rest wait.")
@click.option("--without", multiple=True, metavar="TARGET", help="Check a target instead of fitting it; repeat.")
@seeded
@click.option(
    "--method",
    default="smc",
    show_default=True,
    type=click.Choice(["smc", "pyabc"]),
    help="Tempered sequential Monte Carlo, or as a second opinion approximate Bayesian computation by pyabc.",
)
@layers
@doing_here
def calibrate(
    scenario: str,
    targets: str,
    series: Series,
    particles: int,
    sweeps: int,
    quick: bool,
    until: date | None,
    without: tuple[str, ...],
    seed: int,
    method: str,
    overlays: tuple[str, ...],
    sets: tuple[str, ...],
    workers: int | None,
    out: Path | None,
    force: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Fit SCENARIO to the facts in a file of targets: joint draws of parameters and luck that show what is on record.

    Convoys and attacks are drawn, or, with an overlay that imposes them, those of the record.
    """
    from sim.cli.plain import as_text
    from sim.plan import build
    from sim.results.folder import name_of
    from sim.results.store import Study
    from sim.scenario.load import load
    from sim.scenario.targets import load as load_targets
    from sim.study import calibrate as study
    from sim.study.by_pyabc import by_pyabc
    from sim.study.executors import Where
    from sim.study.packages import need
    from sim.study.verdicts import verdicts
    from sim.view.calibrated import calibrated
    from sim.view.figures.calibration import save_calibration

    if quick and was_given("particles", "sweeps"):
        raise click.UsageError("--quick with --particles or --sweeps, which it sets; expected one of them")
    if method == "pyabc":
        need("pyabc")
    loaded, wanted = load(scenario, overlays=overlays, sets=sets), load_targets(targets)
    if quick:
        particles, sweeps = study.QUICK
    setting = study.Setting(particles, sweeps, seed, series, until, without)
    tell_notes_on([(loaded, build(loaded))], quiet)
    asked = Study(study.identity(loaded, wanted, setting, method), seed, particles)
    with results(asked, f"calibrate_{name_of(scenario, overlays, sets)}", out, force) as place:
        made = by_pyabc if method == "pyabc" else study.calibrate
        with tempering(quiet or as_json) as told:
            done = made(
                loaded,
                wanted,
                setting,
                where=Where(workers),
                folder=place.path,
                tell=told,
                command=place.command,
            )
        place.keep(done.tables(), done.manifest)
        figures = drawn(place, lambda path: save_calibration(done, path))
    if as_json:
        facts_found = {
            one.bound.name: {"low": one.low, "median": one.median, "high": one.high, "holds": one.holds}
            for one in verdicts(done.targets, done.posterior.values)
        }
        click.echo(as_text({"evidence": done.evidence, "facts": facts_found, "parameters": done.parameters}))
    elif not quiet:
        click.echo(calibrated(done, figures))
