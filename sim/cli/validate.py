"""``convoi validate``."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from sim.cli.options import Day, Layers, doing_here, facts, layers, replications, scenario_argument, seeded
from sim.cli.streams import as_text
from sim.cli.task import Task

if TYPE_CHECKING:
    from sim.study.bound import Series


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
        done = task.do(place, study.validate, scenario, wanted, replications, seed=seed, series=series, since=since)
        figures = task.keep(place, done)
    task.tell(
        lambda: as_text({"facts": done.tables()["facts.csv"], "scores": done.scores}),
        lambda: validation_answer(done, figures),
    )
