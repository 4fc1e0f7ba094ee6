"""``convoi calibrate`` and ``validate``: a scenario beside what is on record."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

import click

from sim.cli.options import (
    Day,
    Layers,
    doing_here,
    facts,
    layers,
    replications,
    scenario_argument,
    seeded,
    was_given,
    whole,
)
from sim.cli.streams import as_text
from sim.cli.task import Task, tempering

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
        fit = partial(by_pyabc if method == "pyabc" else study.calibrate, where=task.where)
        with tempering(task.silent) as tell:
            outcome = fit(scenario, wanted, setting, folder=place.path, tell=tell, command=place.command)
        figures = task.keep(place, outcome)

    def numbers() -> str:
        facts = {
            fact.bound.name: {"low": fact.low, "median": fact.median, "high": fact.high, "holds": fact.holds}
            for fact in verdicts(outcome.targets, outcome.posterior.values)
        }
        return as_text({"evidence": outcome.evidence, "facts": facts, "parameters": outcome.parameters})

    task.tell(numbers, lambda: calibration_answer(outcome, figures))


@click.command()
@scenario_argument
@facts
@replications(400, "How many of each.", 20)
@click.option("--since", type=Day(), metavar="DATE", help="Ask only facts that look beyond this day.")
@seeded
@layers
@doing_here
def validate(
    layers: Layers, targets: str, series: Series, replications: int, since: date | None, seed: int, task: Task
) -> None:
    """Set every fact in a file of targets beside what SCENARIO shows, those outside its band first.

    Replications have central values, ranges, and with a posterior laid on the scenario its draws.
    """
    from sim.plan import build
    from sim.scenario.targets import load as load_targets
    from sim.study import validate as study
    from sim.study.packages import need
    from sim.view.fact_answers import validation_answer

    need("scoringrules")
    scenario, wanted = layers.load(), load_targets(targets)
    task.note([(scenario, build(scenario))])
    asked = study.study_of(scenario, wanted, replications, seed, series, since)
    with task.folder(asked, f"validate_{layers.name()}") as place:
        outcome = task.do(place, study.validate, scenario, wanted, replications, seed=seed, series=series, since=since)
        figures = task.keep(place, outcome)
    task.tell(
        lambda: as_text({"facts": outcome.tables()["facts.csv"], "scores": outcome.scores}),
        lambda: validation_answer(outcome, figures),
    )
