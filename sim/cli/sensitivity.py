"""``convoi sensitivity``."""

from __future__ import annotations

import click

from sim.cli.options import Layers, doing_here, measure, overlaid, scenario_argument, seeded, strategies, whole
from sim.cli.streams import as_text
from sim.cli.task import Task


@click.command()
@scenario_argument
@strategies("A strategy to choose from")
@measure("The measure")
@whole("--trajectories", 10, 2, 10_000, "Of the screening (Morris).")
@whole("--base", 128, 2, 1 << 20, "Rows of Sobol's sample, a power of 2.")
@whole("--top", 10, 1, 100, "Parameters that Sobol parts.")
@seeded
@overlaid
@doing_here
def sensitivity(
    layers: Layers,
    strategies: tuple[str, ...],
    measure: str,
    trajectories: int,
    base: int,
    top: int,
    seed: int,
    task: Task,
) -> None:
    """Say which unknown numbers of SCENARIO move a measure, and which would change the choice of a strategy."""
    from sim.results.store import Study
    from sim.study.alternatives import one_or_more
    from sim.study.packages import need
    from sim.study.sensitivity import identity
    from sim.study.sensitivity import sensitivity as study
    from sim.view.sensitivity_answer import sensitivity_answer

    alternatives = one_or_more(layers.scenario, strategies, layers.overlays, layers.sets)
    need("SALib")
    task.note((alternative.scenario, alternative.plan) for alternative in alternatives)
    asked = Study(identity(alternatives, measure, trajectories, base, top), seed, base)
    with task.folder(asked, f"sensitivity_{layers.name(strategies)}") as place:
        outcome = task.do(
            place, study, alternatives, measure=measure, trajectories=trajectories, base=base, top=top, seed=seed
        )
        figures = task.keep(place, outcome)
    task.tell(
        lambda: as_text({"screened": outcome.screened, "indices": outcome.indices, "worth": outcome.worth}),
        lambda: sensitivity_answer(outcome, figures),
    )
