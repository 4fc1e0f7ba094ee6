"""``convoi schema``: JSON Schema for editors."""

from __future__ import annotations

import click


@click.command(short_help="Print the JSON Schema of scenario files.")
@click.option("--partial", is_flag=True, help="For overlays and files that extend others: nothing is required.")
def schema(partial: bool) -> None:
    """Print the JSON Schema of scenario files, so that editors complete and check."""
    import json

    from sim.scenario.export import json_schema

    click.echo(json.dumps(json_schema(partial), indent=2, ensure_ascii=False))
