"""``convoi calibrate``."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from sim.cli.options import Day, Layers, doing_here, facts, layers, scenario_argument, seeded, was_given, whole
from sim.cli.progress import tempering
from sim.cli.streams import as_text
from sim.cli.task import Task

if TYPE_CHECKING:
    from sim.study.bound import Series


@click.command()
@scenario_argument
@facts
@whole("--particles", 500, 20, 100_000, "How many.")
@whole("--sweeps", 5, 1, 1000, "Moves of each at a temperature.")
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
    layers: Layers,
    targets: str,
    series: Series,
    particles: int,
    sweeps: int,
    quick: bool,
    until: date | None,
    without: tuple[str, ...],
    seed: int,
    method: str,
    task: Task,
) -> None:
    """Fit SCENARIO to the facts in a file of targets: joint draws of parameters and luck that show what is on record.

    Convoys and attacks are drawn, or, with an overlay that imposes them, those of the record.
    """
    from sim.plan import build
    from sim.results.store import Study
    from sim.scenario.targets import load as load_targets
    from sim.study import calibrate as study
    from sim.study.by_pyabc import by_pyabc
    from sim.study.packages import need
    from sim.study.verdicts import verdicts
    from sim.view.fact_answers import calibration_answer

    if quick and was_given("particles", "sweeps"):
        raise click.UsageError("--quick with --particles or --sweeps, which it sets; expected one of them")
    if method == "pyabc":
        need("pyabc")
    scenario, wanted = layers.load(), load_targets(targets)
    if quick:
        particles, sweeps = study.QUICK
    setting = study.Setting(particles, sweeps, seed, series, until, without)
    task.note([(scenario, build(scenario))])
    asked = Study(study.identity(scenario, wanted, setting, method), seed, particles)
    with task.folder(asked, f"calibrate_{layers.name()}") as place:
        fit = by_pyabc if method == "pyabc" else study.calibrate
        with tempering(task.silent) as tell:
            done = fit(scenario, wanted, setting, where=task.where, folder=place.path, tell=tell, command=place.command)
        figures = task.keep(place, done)

    def numbers() -> str:
        facts = {
            one.bound.name: {"low": one.low, "median": one.median, "high": one.high, "holds": one.holds}
            for one in verdicts(done.targets, done.posterior.values)
        }
        return as_text({"evidence": done.evidence, "facts": facts, "parameters": done.parameters})

    task.tell(numbers, lambda: calibration_answer(done, figures))
