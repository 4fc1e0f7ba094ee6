"""``convoi scenarios`` and ``strategies``: what can be named."""

from __future__ import annotations

import textwrap
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.options import as_json
from sim.cli.streams import as_text
from sim.view.width import line

if TYPE_CHECKING:
    from sim.scenario.names import Named, NamedStrategy

HEADINGS = {
    "scenario": "Scenarios: convoi run NAME",
    "overlay": "Overlays: convoi run SCENARIO --overlay NAME",
    "strategies": "Strategies: convoi run SCENARIO --strategy NAME",
    "targets": "On record: convoi validate SCENARIO --targets NAME",
}
"""By kind, or by folder where it has an option of its own."""
NARROW = 80
"""Columns under which what a file says stands below its name."""


@click.command()
@click.option("--where", is_flag=True, help="Add where each lies.")
@as_json()
def scenarios(where: bool, as_json: bool) -> None:
    """List the scenarios, overlays, strategies and targets that can be named, with what each says in a line.

    Looked for are files in the working folder and its folder 'scenarios', then those shipped; of two of one name, the
    one found first counts.
    """
    from sim.scenario.names import named_files
    from sim.view.table import paragraphs

    rows = named_files()
    if as_json:
        click.echo(as_text(rows))
        return
    for heading, group in groupby(rows, lambda row: HEADINGS[row.home if row.home in HEADINGS else row.kind]):
        click.echo(f"{heading}")
        for row in group:
            click.echo(_named(row, where))
        click.echo()
    told = "A file of your own goes by path or, in this folder, by name. convoi init copies what is shipped."
    click.echo(paragraphs([told]))


def _named(row: Named, where: bool) -> str:
    """Return name, folder and line of a file."""
    from sim.scenario.folders import shown
    from sim.view.words import folded

    indent = " " * (26 if line() >= NARROW else 6)
    head = f"  {row.name:<22}  " if len(indent) > 6 else f"  {row.name}\n{indent}"
    *before, first = head.split("\n")
    lines = [*before, *folded(f"{first}{row.told}", line(), indent)]
    return "\n".join([*lines, *([f"{indent}{shown(row.path)}"] if where else [])])


@click.command()
@click.argument("folders", type=click.Path(), nargs=-1, metavar="[FOLDER]...")
@as_json()
def strategies(folders: tuple[str, ...], as_json: bool) -> None:
    """List the strategies in ./strategies, ./scenarios/strategies and those shipped, or in the FOLDERs given.

    Of two of one name, the one found first counts.
    """
    from sim.scenario import names

    rows = list(names.strategies([*map(Path, folders)] or None).values())
    if as_json:
        renamed = [{"file" if key == "path" else key: value for key, value in vars(row).items()} for row in rows]
        click.echo(as_text(renamed))
        return
    for row in rows:
        click.echo(_strategy(row))
    click.echo(f"{len(rows)} strateg{'y' if len(rows) == 1 else 'ies'}")


def _strategy(row: NamedStrategy) -> str:
    """Return name and label of a strategy, what it stands for, its file, and what is wrong with it."""
    from sim.scenario.folders import shown

    sentence, stop, _ = row.note.partition(". ")
    below = [sentence + stop.strip(), shown(row.path), *(f"instead of {shown(path)}" for path in row.hides)]
    below += [f"problem: {row.problem}"] if row.problem else []
    first = _wrapped(f"{row.name}: {row.label}".rstrip(": "), "")
    return "\n".join([*first, *(line for text in below for line in _wrapped(text))])


def _wrapped(text: str, indent: str = "    ") -> list[str]:
    return textwrap.wrap(
        text, line(), initial_indent=indent, subsequent_indent="    ", break_on_hyphens=False, break_long_words=False
    )
