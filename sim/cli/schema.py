"""``convoi schema``: JSON Schema for editors."""

from __future__ import annotations

import click


@click.command(short_help="Print the JSON Schema of scenario files.")
@click.option("--partial", is_flag=True, help="For overlays and files that extend others: nothing is required.")
def schema(partial: bool) -> None:
    """Print the JSON Schema of scenario files, so that editors complete and check."""
    from sim.cli.plain import as_text
    from sim.scenario.json_schema import json_schema

    click.echo(as_text(json_schema(partial)))
