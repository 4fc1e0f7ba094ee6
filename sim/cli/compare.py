"""``convoi compare``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from sim.cli.options import Alternatives, Drawing, alternatives, doing, drawing, measure, reporting, scenario_argument
from sim.cli.streams import as_text
from sim.cli.task import Task, end_with, need_for_report
from sim.errors import RequestError

if TYPE_CHECKING:
    from sim.study.break_even import BreakEven
    from sim.study.comparison import Comparison

USUAL = 200
"""Replications of each alternative if it is not said how many."""


class Count(click.IntRange):
    """A number of replications, or auto."""

    name = "INTEGER|auto"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the number, or the word."""
        if value == "auto":
            return value
        try:
            int(value)
        except ValueError:
            self.fail(f"{value!r} is neither a whole number nor 'auto'.", param, ctx)
        return super().convert(value, param, ctx)


@click.command()
@scenario_argument
@alternatives
@click.option(
    "-n",
    "--replications",
    show_default=str(USUAL),
    type=Count(1, 1_000_000),
    help="How many of each, and at each point of --break-even, which else takes what some minutes allow.",
)
@drawing
@click.option("--baseline", metavar="NAME", help="The alternative that the others are set beside.")
@measure()
@click.option("--worth", metavar="AMOUNT", help="Smallest difference in it that matters, such as '2 d' or '1 %'.")
@click.option("--break-even", is_flag=True, help="At which loss ratio does the ranking of two strategies flip?")
@click.option("--between", nargs=2, metavar="NAME NAME", help="Which two, for --break-even.")
@click.option(
    "--adaptive",
    type=click.Choice(["off", "on", "both"]),
    help="Exploratory: attackers that adapt, or both worlds side by side.",
)
@reporting
@doing
def compare(
    alternatives: Alternatives,
    replications: int | str | None,
    drawing: Drawing,
    baseline: str | None,
    measure: str,
    worth: str | None,
    break_even: bool,
    between: tuple[str, str] | None,
    adaptive: str | None,
    reported: bool,
    task: Task,
) -> None:
    """Compare strategies (--strategy) or overlays (--overlay) of SCENARIO on the same luck.

    Every alternative meets the same ambushes and the same draws of the parameters, replication by replication.
    """
    from sim.results.store import Study
    from sim.results.target import amount
    from sim.study import compare as study
    from sim.study.alternatives import ADAPTIVE, lineup, named
    from sim.study.break_even import affordable, pair, terms
    from sim.study.break_even import break_even as find
    from sim.study.comparison import differences_of
    from sim.study.packages import need
    from sim.study.ranking import reversal
    from sim.view.compare_answer import comparison_answer

    if between and not break_even:
        raise click.UsageError("--between without --break-even")
    need("ema_workbench")
    if reported:
        need_for_report()
    line = lineup(**vars(alternatives), adaptive=adaptive or "as set")  # type: ignore[arg-type]
    two = tuple(named(line, name, "--between") for name in between) if between else pair(line) if break_even else ()
    points = replications if isinstance(replications, int) else None
    replications = USUAL if replications is None else replications
    if two:
        terms(*two)
        if points is None:
            points = affordable(*two)
            task.say(f"break-even: {points} replications at each point; -n says another number")
    task.note((alternative.scenario, alternative.plan) for alternative in line)
    least = None if worth is None else amount(worth, measure)
    if least is not None and not least > 0.0:
        raise RequestError(f"--worth {worth}: expected more than 0")
    works = study.works_of(line, drawing.seed, drawing.central, measure, drawing.engine)
    for first, second in study.copies(works):
        task.say(f"note: '{second}' differs from '{first}' in nothing that the model sees")
    task.prepare(works.values())
    asked = Study(study.identity(works.values()), drawing.seed, replications, drawing.central)
    both = [ADAPTIVE] if adaptive == "both" else []
    with task.folder(asked, f"compare_{alternatives.name(after=both)}") as place:
        how = {"measure": measure, **vars(drawing)}
        outcome = task.do(place, study.compare, line, replications=replications, baseline=baseline, worth=least, **how)
        flips = None
        if two:
            how = {"what": "break-even", "replications": points, **how}
            flips = task.do(place, lambda command, **how: find(*two, **how), **how)
        flip = reversal(outcome, *(alternative.name for alternative in two))
        figures = task.keep(place, outcome, flips, reversal=flip)
        page = task.publish(outcome, flips) if reported else None
    task.tell(
        lambda: as_text(_numbers(outcome, differences_of(outcome), flips)),
        lambda: comparison_answer(outcome, flips, flip, figures),
        page,
    )
    lost = reported and page is None
    end_with(outcome.failures, flips.failures if flips else None, figures=figures, lost=lost)


def _numbers(outcome: Comparison, differences: Any, flips: BreakEven | None) -> dict[str, Any]:
    """Return the numbers of a comparison."""
    from sim.results.measures import goal
    from sim.study.choice import choice
    from sim.study.compare import selection
    from sim.study.effects import findings
    from sim.study.intervals import summary

    numbers = {
        "baseline": outcome.baseline,
        "measure": outcome.goal,
        "findings": [finding._asdict() | {"difference": finding.difference._asdict()} for finding in findings(outcome)],
        "selection": vars(selection(outcome)) if goal(outcome.goal).better else None,
        "choice": {name: value for name, value in vars(choice(outcome)).items() if name != "selection"},
        "summary": {name: summary(outcome.of[name], outcome.drawn).T.to_dict() for name in outcome.names},
        "differences": {
            str(name): rows.drop(columns="alternative").set_index("measure").T.to_dict()
            for name, rows in differences.groupby("alternative", sort=False)
        },
    }
    if flips is not None:
        numbers["break_even"] = [
            {"equal": curve.equal, "flips": [flip._asdict() for flip in curve.flips]} for curve in flips.curves
        ]
    return numbers
