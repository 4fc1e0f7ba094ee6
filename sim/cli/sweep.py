"""``convoi sweep``."""

from __future__ import annotations

import click

from sim.cli.options import (
    Alternatives,
    Drawing,
    Finite,
    alternatives,
    doing,
    drawing,
    measure,
    replications,
    scenario_argument,
    was_given,
)
from sim.cli.streams import as_text
from sim.cli.task import Task, end_with, tell_failures
from sim.errors import RequestError

EXAMPLE = """\b
How many escorted convoys a week for five days of cover, where nobody goes alone and no crew refuses?
  convoi sweep blockade-2025 --common escorted-only --set willingness.on=no \\
    --vary 'escorts.pools.national *.units*=1:9' --target 'cover.Bamako >= 5 d' --confidence 0.5
"""


@click.command(epilog=EXAMPLE)
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
@replications(40, "At each point.")
@drawing
@measure()
@doing
def sweep(
    alternatives: Alternatives,
    vary: tuple[str, ...],
    target: str | None,
    confidence: float,
    replications: int,
    drawing: Drawing,
    measure: str,
    task: Task,
) -> None:
    """Vary one or two numbers of SCENARIO: who wins where, and from which value on a target holds."""
    from sim.results.store import Study
    from sim.results.target import parse
    from sim.study.compare import identity
    from sim.study.sweep import prepared
    from sim.study.sweep import sweep as study
    from sim.view.sweep_answer import sweep_answer, unreached

    if target is None and was_given("confidence"):
        raise click.UsageError("--confidence without --target")
    grid = prepared(vary=vary, **vars(alternatives))
    others = (alternative.plan for line in grid.lines[1:] for alternative in line)
    task.note(((alternative.scenario, alternative.plan) for alternative in grid.lines[0]), others)
    if target is not None and len(grid.axes) > 1:
        raise RequestError("--target with two parameters varied; expected one --vary")
    wanted = parse(target, grid.lines[0][0].plan) if target is not None else None
    further = (wanted.measure,) if wanted else ()
    works = grid.works(drawing.seed, drawing.central, (measure, *further), drawing.engine).values()
    task.prepare(works)
    asked = Study(identity(works), drawing.seed, replications, drawing.central)
    with task.folder(asked, f"sweep_{alternatives.name(before=(axis.partition('=')[0] for axis in vary))}") as place:
        how = {"replications": replications, "measure": measure, "asked": further, **vars(drawing)}
        outcome = task.do(place, study, grid, **how)
        reached = outcome.reached(wanted, confidence) if wanted else None
        figures = task.keep(place, outcome, target=wanted, reached=reached, confidence=confidence)
    task.tell(
        lambda: as_text({"means": outcome.means(), "places": outcome.places(), "reached": reached}),
        lambda: sweep_answer(outcome, reached, wanted, confidence, figures),
    )
    if reached and wanted and not any(reach.is_held for reach in reached):
        tell_failures(outcome.failures)
        raise RequestError(unreached(outcome, reached, wanted, confidence))
    end_with(outcome.failures, figures=figures)
