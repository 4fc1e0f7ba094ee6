"""``convoi strategies``: the strategies that can be named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sim.view.width import line

if TYPE_CHECKING:
    from sim.scenario.names import NamedStrategy


@click.command(short_help="List the strategies that can be named.")
@click.argument("folders", type=click.Path(), nargs=-1, metavar="[FOLDER]...")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def strategies(folders: tuple[str, ...], as_json: bool) -> None:
    """List the strategies in ./strategies, ./scenarios/strategies and those shipped, or in the FOLDERs given.

    Of two of one name, the one found first counts.
    """
    from pathlib import Path

    from sim.scenario import names

    rows = list(names.strategies([*map(Path, folders)] or None).values())
    if as_json:
        from sim.cli.plain import as_text

        click.echo(as_text([_fields(row) for row in rows]))
        return
    for row in rows:
        click.echo(_told(row))
    click.echo(f"{len(rows)} strateg{'y' if len(rows) == 1 else 'ies'}")


def _told(row: NamedStrategy) -> str:
    """Return name and label of a strategy, what it stands for, its file, and what is wrong with it."""
    from sim.scenario.folders import shown

    below = [_first_sentence(row.note), shown(row.path), *(f"instead of {shown(path)}" for path in row.hides)]
    below += [f"problem: {row.problem}"] if row.problem else []
    first = _wrapped(f"{row.name}: {row.label}".rstrip(": "), "")
    return "\n".join([*first, *(line for text in below for line in _wrapped(text))])


def _wrapped(text: str, indent: str = "    ") -> list[str]:
    import textwrap

    return textwrap.wrap(
        text, line(), initial_indent=indent, subsequent_indent="    ", break_on_hyphens=False, break_long_words=False
    )


def _first_sentence(note: str) -> str:
    head, stop, _ = note.partition(". ")
    return head + "." if stop else head


def _fields(row: NamedStrategy) -> dict[str, object]:
    return {
        "name": row.name,
        "label": row.label,
        "note": row.note,
        "file": str(row.path),
        "problem": row.problem,
        "hides": [str(path) for path in row.hides],
    }
