"""``convoi check``: whether scenario files are valid."""

from __future__ import annotations

import click

from sim.cli.options import FILE, layers, more_of, tell_notes_on


@click.command(short_help="Say whether scenario files are valid.")
@click.argument("scenarios", type=FILE, nargs=-1, required=True, metavar="SCENARIO...")
@layers
@click.option("--json", "as_json", is_flag=True, help="Print a list of files with their problems as JSON.")
@click.pass_context
def check(
    ctx: click.Context, scenarios: tuple[str, ...], overlays: tuple[str, ...], sets: tuple[str, ...], as_json: bool
) -> None:
    """Say whether scenario files are valid; otherwise list every problem with file, line and column.

    An overlay is checked on a scenario: convoi check SCENARIO --overlay NAME.
    """
    from sim.errors import ScenarioError
    from sim.plan import build
    from sim.results.stated import documented
    from sim.scenario.load import load
    from sim.study.notes import notes
    from sim.view.words import counted

    reports: list[dict[str, object]] = []
    for file in scenarios:
        try:
            root = load(file, overlays, sets)
            plan = build(root)
            documented(root, plan)
        except ScenarioError as error:
            problems = error.problems
            many = vars(error).get("count", len(problems))
            reports.append({"file": file, "fine": False, "problems": [_fields(problem) for problem in problems]})
            if not as_json:
                click.echo(str(error), err=True)
                click.echo(f"{file}: {many} problem{'s' * (many != 1)}{more_of(error)}", err=True)
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
        from sim.cli.plain import as_text

        click.echo(as_text(reports))
    if not all(report["fine"] for report in reports):
        ctx.exit(2)


def _fields(problem: object) -> dict[str, object]:
    import dataclasses

    from sim.scenario.problem import Problem

    return dataclasses.asdict(problem) if isinstance(problem, Problem) else {"wrong": str(problem)}
