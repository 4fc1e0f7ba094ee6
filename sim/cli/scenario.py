"""``convoi check``, ``show`` and ``schema``: what a scenario file may say, and what the merged one says."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import click

from sim.cli.options import FILE, Layers, as_json, layers, scenario_argument
from sim.cli.streams import as_text
from sim.cli.task import tell_notes_on
from sim.errors import ScenarioError

if TYPE_CHECKING:
    from sim.scenario.load import Scenario

COMMENT = "# "


@click.command()
@click.argument("scenarios", type=FILE, nargs=-1, required=True, metavar="SCENARIO...")
@layers
@as_json("Print a list of files with their problems as JSON.")
@click.pass_context
def check(ctx: click.Context, scenarios: tuple[str, ...], layers: Layers, as_json: bool) -> None:
    """Say whether scenario files are valid; otherwise list every problem with file, line and column.

    An overlay is checked on a scenario: convoi check SCENARIO --overlay NAME.
    """
    from sim.plan import build
    from sim.results.stated import documented
    from sim.study.notes import notes
    from sim.view.words import counted

    reports: list[dict[str, object]] = []
    for file in scenarios:
        try:
            root = replace(layers, scenario=file).load()
            plan = build(root)
            documented(root, plan)
        except ScenarioError as error:
            problems = error.problems
            many = vars(error).get("count", len(problems))
            reports.append({"file": file, "fine": False, "problems": [_fields(problem) for problem in problems]})
            more = "; more may be found when these are right" if vars(error).get("more") else ""
            if not as_json:
                click.echo(str(error), err=True)
                click.echo(f"{file}: {many} problem{'s' * (many != 1)}{more}", err=True)
        else:
            numbers = sum(1 for _ in root.numbers())
            counts = {"towns": len(root.root.towns), "corridors": len(root.root.corridors), "numbers": numbers}
            told_of = [_fields(note) for note in notes([(root, plan)])]
            reports.append({"file": file, "fine": True, "problems": [], "notes": told_of, **counts})
            if not as_json:
                tell_notes_on([(root, plan)])
                told = ", ".join(counted(str(count), what[:-1]) for what, count in counts.items())
                click.echo(f"{file}: fine ({told}, {root.start:%Y-%m-%d} to {root.end:%Y-%m-%d})")
    if as_json:
        click.echo(as_text(reports))
    if not all(report["fine"] for report in reports):
        ctx.exit(2)


def _fields(problem: object) -> dict[str, object]:
    from sim.scenario.problem import Problem

    return asdict(problem) if isinstance(problem, Problem) else {"wrong": str(problem)}


@click.command()
@scenario_argument
@layers
@click.option("--origins", is_flag=True, help="Add to each value the file and line that set it.")
def show(layers: Layers, origins: bool) -> None:
    """Print the merged scenario with defaults filled in, then what its threat means for one trip."""
    from sim.plan import build
    from sim.scenario.describe import as_yaml
    from sim.view.width import width, within

    scenario = layers.load()
    tell_notes_on([(scenario, build(scenario))])
    click.echo(as_yaml(scenario, origins, width()), nl=False)
    with within(width() - len(COMMENT)):
        for text in _trips(scenario).splitlines():
            click.echo(f"{COMMENT}{text}".rstrip())


def _trips(scenario: Scenario) -> str:
    """Return a table of chances; printed as comments, so that the whole output remains a scenario file."""
    from sim.study.threat import SIZES, chances, threats
    from sim.view.table import grid, paragraphs

    told = [
        "What one trip faces, at central values: the chance of an attack from ambush, by tankers in the party; taken: "
        "the chance that a tanker of a party without soldiers is lost at a roadblock."
    ]
    rows = []
    for threat in threats(scenario):
        odds = [chances(scenario, threat, size, army) for army in (False, True) for size in SIZES]
        cells = [*(chance.attacked for chance in odds), odds[0].taken]
        rows.append([threat.corridor, f"{threat.start:%Y-%m-%d}", *(f"{chance:.1%}" for chance in cells)])
    sizes = [f"{size}\n{who}" for who in ("alone", "with army") for size in SIZES]
    return f"\n{paragraphs(told)}\n{grid(['corridor', 'from', *sizes, 'taken'], rows, range(2, 3 + len(sizes)))}"


@click.command()
@click.option("--partial", is_flag=True, help="For overlays and files that extend others: nothing is required.")
def schema(partial: bool) -> None:
    """Print the JSON Schema of scenario files, so that editors complete and check."""
    from sim.scenario.json_schema import json_schema

    click.echo(as_text(json_schema(partial)))
