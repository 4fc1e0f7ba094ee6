"""``convoi compare``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.folder import results
from sim.cli.options import (
    alternatives,
    doing,
    drawing,
    drawn,
    end_with,
    prepared,
    scenario_argument,
    tell_notes_on,
    where_of,
)
from sim.cli.plain import as_text
from sim.cli.progress import progress

if TYPE_CHECKING:
    from sim.study.break_even import BreakEven
    from sim.study.comparison import Comparison
    from sim.study.engine import Engine

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


@click.command(short_help="Compare strategies or overlays on the same luck.")
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
@click.option("--measure", default=None, metavar="NAME", help="The measure that ranks, instead of days_half_closed.")
@click.option("--worth", metavar="AMOUNT", help="Smallest difference in it that matters, such as '2 d' or '1 %'.")
@click.option("--break-even", is_flag=True, help="At which loss ratio does the ranking of two strategies flip?")
@click.option("--between", nargs=2, metavar="NAME NAME", help="Which two, for --break-even.")
@click.option(
    "--adaptive",
    type=click.Choice(["off", "on", "both"]),
    help="Exploratory: attackers that adapt, or both worlds side by side.",
)
@doing
def compare(
    scenario: str,
    strategies: tuple[str, ...],
    overlays: tuple[str, ...],
    common: tuple[str, ...],
    sets: tuple[str, ...],
    replications: int | str | None,
    seed: int,
    engine: Engine,
    central: bool,
    baseline: str | None,
    measure: str | None,
    worth: str | None,
    break_even: bool,
    between: tuple[str, str] | None,
    adaptive: str | None,
    workers: int | None,
    threads: bool,
    cluster: str | None,
    out: Path | None,
    force: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Compare strategies (--strategy) or overlays (--overlay) of SCENARIO on the same luck.

    Every alternative meets the same ambushes and the same draws of the parameters, replication by replication.
    """
    from sim.errors import RequestError
    from sim.results.folder import name_of
    from sim.results.goals import MAIN
    from sim.results.measure import written
    from sim.results.store import Study
    from sim.results.target import amount
    from sim.study import compare as study
    from sim.study.alternatives import ADAPTIVE, lineup, named
    from sim.study.break_even import affordable, pair, terms
    from sim.study.break_even import break_even as find
    from sim.study.comparison import differences_of, tables
    from sim.study.packages import need
    from sim.study.ranking import flipping
    from sim.view.compared import compared
    from sim.view.figures.comparison import save_comparison

    if between and not break_even:
        raise click.UsageError("--between without --break-even")
    need("ema_workbench")
    where = where_of(workers, threads, cluster)
    found = lineup(scenario, strategies, overlays, common=common, sets=sets, adaptive=adaptive or "as set")  # type: ignore[arg-type]
    two = tuple(named(found, name, "--between") for name in between) if between else pair(found) if break_even else ()
    points = replications if isinstance(replications, int) else None
    replications = USUAL if replications is None else replications
    if two:
        terms(*two)
        if points is None:
            points = affordable(*two)
            if not quiet:
                click.echo(f"break-even: {points} replications at each point; -n says another number", err=True)
    tell_notes_on(((one.scenario, one.plan) for one in found), quiet)
    measure = MAIN if measure is None else written(measure)
    least = None if worth is None else amount(worth, measure)
    if least is not None and not least > 0.0:
        raise RequestError(f"--worth {worth}: expected more than 0")
    works = study.works_of(found, seed, central, measure, engine)
    for first, second in [] if quiet else study.copies(found, works):
        click.echo(f"note: '{second}' differs from '{first}' in nothing that the model sees", err=True)
    prepared(works, quiet)
    asked = Study(study.identity(works), seed, replications, central)
    name = name_of(scenario, common, sets, (*strategies, *overlays, *([ADAPTIVE] if adaptive == "both" else [])))
    with results(asked, f"compare_{name}", out, force) as place:
        with progress("replications", quiet or as_json) as told:
            done = study.compare(
                found,
                replications=replications,  # type: ignore[arg-type]
                seed=seed,
                central=central,
                engine=engine,
                baseline=baseline,
                measure=measure,
                worth=least,
                where=where,
                folder=place.path,
                progress=told,
                command=place.command,
            )
        flips = None
        if two:
            with progress("break-even", quiet or as_json) as told:
                flips = find(
                    *two, measure=measure, replications=points, seed=seed, central=central, engine=engine, where=where,
                    folder=place.path, progress=told,
                )  # fmt: skip
        place.keep(tables(done) | ({} if flips is None else {"break-even.csv": flips.points}), done.manifest)
        flip = flipping(done, *(one.name for one in two))
        figures = drawn(place, lambda path: save_comparison(done, path, flips, flip))
    if as_json:
        click.echo(as_text(_numbers(done, differences_of(done), flips)))
    elif not quiet:
        click.echo(compared(done, flips, flip, figures))
    end_with(done.failures, flips.failures if flips else None, lost=figures == [])


def _numbers(done: Comparison, differences: Any, flips: BreakEven | None) -> dict[str, Any]:
    """Return the numbers of a comparison."""
    from sim.results.goals import goal
    from sim.study.choice import choice
    from sim.study.compare import selection
    from sim.study.effects import findings
    from sim.study.intervals import summary

    found = {
        "baseline": done.baseline,
        "measure": done.goal,
        "findings": [one._asdict() | {"difference": one.difference._asdict()} for one in findings(done)],
        "selection": vars(selection(done)) if goal(done.goal).better else None,
        "choice": {name: value for name, value in vars(choice(done)).items() if name != "selection"},
        "summary": {name: summary(done.of[name], done.drawn).T.to_dict() for name in done.names},
        "differences": {
            str(name): rows.drop(columns="alternative").set_index("measure").T.to_dict()
            for name, rows in differences.groupby("alternative", sort=False)
        },
    }
    if flips is not None:
        found["break_even"] = [
            {"equal": curve.equal, "flips": [flip._asdict() for flip in curve.flips]} for curve in flips.curves
        ]
    return found
