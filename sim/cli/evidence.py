"""``convoi evidence``: what each number rests on."""

from __future__ import annotations

import textwrap
from itertools import zip_longest
from typing import TYPE_CHECKING

import click

from sim.cli.options import Layers, as_json, layers, scenario_argument
from sim.cli.streams import as_text
from sim.view.width import line

if TYPE_CHECKING:
    from sim.scenario.describe import Basis

VALUE, RANGE, SOURCE, GRADE = 16, 24, 10, 10
INDENT, PATH = 4, 24
"""Columns left free before a number whose parameter stands on a line of its own, and fewest for parameters beside."""


@click.command()
@scenario_argument
@layers
@click.option("--why", is_flag=True, help="Add what each number means and the reason for it.")
@as_json()
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
def evidence(layers: Layers, why: bool, as_json: bool, as_csv: bool) -> None:
    """List every number with its range and law, source and grade, and the share of each grade."""
    from sim.scenario.describe import bases, grades
    from sim.view.table import paragraphs

    if as_json and as_csv:
        raise click.UsageError("--json and --csv together; expected one of them")
    rows = bases(layers.load())
    if as_json:
        click.echo(as_text(rows))
        return
    if as_csv:
        from pandas import DataFrame

        from sim.results.sheet import csv_text

        click.echo(csv_text(DataFrame(rows), index=False), nl=False)
        return
    click.echo(_line("parameter", "value", "range and law", "source", "grade"))
    for row in rows:
        click.echo(_line(row.path, row.value, _range(row), row.source or "none", row.grade))
        if why:
            click.echo(_why(row))
    shares = ", ".join(f"{grade} {share:.0%} ({count})" for grade, (count, share) in grades(rows).items() if count)
    click.echo(f"\n{paragraphs([f'{len(rows)} numbers: {shares}'])}")


def _range(row: Basis) -> str:
    if row.low is None or row.high is None:
        return "–"
    law = f" {row.law}" if row.law else ""
    low, high = row.low.split(" ", 1), row.high.split(" ", 1)
    same = len(low) == len(high) == 2 and low[1] == high[1]
    return (f"{low[0]} to {row.high}" if same else f"{row.low} to {row.high}") + law


def _line(path: str, value: str, span: str, source: str, grade: str) -> str:
    """Return a row of the table; a parameter that does not fit stands on a line of its own, so that it can be found."""
    lines = []
    left = line() - VALUE - RANGE - SOURCE - GRADE - 4
    if left < PATH or len(path) > left:
        lines += textwrap.wrap(path, line(), break_on_hyphens=False)
        path = ""
    if left < PATH:
        left = INDENT
    widths = (left, VALUE, min(RANGE, line() - INDENT - VALUE - SOURCE - GRADE - 4), SOURCE, GRADE)
    cells = [
        textwrap.wrap(cell, width, break_on_hyphens=False) or [""]
        for cell, width in zip((path, value, span, source, grade), widths, strict=True)
    ]
    for parts in zip_longest(*cells, fillvalue=""):
        lines.append(" ".join(f"{part:<{width}}" for part, width in zip(parts, widths, strict=True)).rstrip())
    return "\n".join(lines)


def _why(row: Basis) -> str:
    text = " ".join(part for part in (row.meaning, row.why and f"Why: {row.why}") if part)
    return textwrap.fill(text, line(), initial_indent="    ", subsequent_indent="    ")
