"""``convoi import``: pieces of a scenario from other people's data."""

from __future__ import annotations

import click

from sim.cli.group import Group

COMMANDS = {
    "roads": "Roads between towns, with kilometres and surface, from a GeoJSON export.",
    "events": "Attacks by zone and month from ACLED, UCDP or weekly counts.",
}
"""By name of a command: what it does."""


class Imports(Group):
    """What can be imported."""

    told = COMMANDS
    module = "sim.cli.import_{}"


@click.group("import", cls=Imports, short_help="Make pieces of a scenario from other people's data.")
def import_() -> None:
    """Make pieces of a scenario from other people's data, to lay on a country; see docs/importing.md."""
