"""``convoi sensitivity``."""

from __future__ import annotations

import click

from sim.cli.options import Layers, doing_here, overlays, scenario_argument, seeded
from sim.cli.streams import as_text
from sim.cli.task import Task


@click.command()
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
@overlays
@doing_here
def sensitivity(
    layers: Layers,
    strategies: tuple[str, ...],
    measure: str | None,
    trajectories: int,
    base: int,
    top: int,
    seed: int,
    task: Task,
) -> None:
    """Say which unknown numbers of SCENARIO move a measure, and which would change the choice of a strategy."""
    from sim.results.goals import MAIN
    from sim.results.measure import written
    from sim.results.store import Study
    from sim.study.lineup import one_or_more
    from sim.study.needs import need
    from sim.study.sensitivity import identity
    from sim.study.sensitivity import sensitivity as study
    from sim.view.figures.sensitivity import save_sensitivity
    from sim.view.sensitive import sensitive

    measure = MAIN if measure is None else written(measure)
    alternatives = one_or_more(layers.scenario, strategies, layers.overlays, layers.sets)
    need("SALib")
    task.note((one.scenario, one.plan) for one in alternatives)
    asked = Study(identity(alternatives, measure, trajectories, base, top), seed, base)
    with task.folder(asked, f"sensitivity_{layers.name(strategies)}") as place:
        done = task.do(
            place, study, alternatives, measure=measure, trajectories=trajectories, base=base, top=top, seed=seed
        )
        figures = task.keep(place, done, save_sensitivity)
    task.tell(
        lambda: as_text({"screened": done.screened, "indices": done.indices, "worth": done.worth}),
        lambda: sensitive(done, figures),
    )
