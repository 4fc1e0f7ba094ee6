"""``convoi scenarios``: the scenarios, overlays and targets that can be named."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sim.scenario.names import Named

HEADINGS = {
    "scenario": "Scenarios: convoi run NAME",
    "overlay": "Overlays: convoi run SCENARIO --overlay NAME",
    "strategies": "Strategies: convoi run SCENARIO --strategy NAME",
    "targets": "On record: convoi validate SCENARIO --targets NAME",
}
"""By kind, or by folder where it has an option of its own."""
NARROW = 80
"""Columns under which what a file says stands below its name."""


@click.command(short_help="List the scenarios and overlays that can be named.")
@click.option("--where", is_flag=True, help="Add where each lies.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def scenarios(where: bool, as_json: bool) -> None:
    """List the scenarios, overlays, strategies and targets that can be named, with what each says in a line.

    Looked for are files in the working folder and its folder 'scenarios', then those shipped; of two of one name, the
    one found first counts.
    """
    from sim.scenario.names import named_files
    from sim.view.table import paragraphs

    rows = named_files()
    if as_json:
        from sim.cli.plain import as_text

        click.echo(as_text([{**vars(row), "path": str(row.path)} for row in rows]))
        return
    for heading, group in groupby(rows, lambda row: HEADINGS[row.home if row.home in HEADINGS else row.kind]):
        click.echo(f"{heading}")
        for row in group:
            click.echo(_told(row, where))
        click.echo()
    told = "A file of your own goes by path or, in this folder, by name. convoi init copies what is shipped."
    click.echo(paragraphs([told]))


def _told(row: Named, where: bool) -> str:
    """Return name, folder and line of a file."""
    from sim.scenario.folders import shown
    from sim.view.width import line
    from sim.view.words import folded

    indent = " " * (26 if line() >= NARROW else 6)
    head = f"  {row.name:<22}  " if len(indent) > 6 else f"  {row.name}\n{indent}"
    *before, first = head.split("\n")
    lines = [*before, *folded(f"{first}{row.told}", line(), indent)]
    return "\n".join([*lines, *([f"{indent}{shown(row.path)}"] if where else [])])
