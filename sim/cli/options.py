"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from sim.errors import ScenarioError
    from sim.scenario.load import Scenario

F = TypeVar("F", bound=Callable[..., Any])

FILE = click.Path(exists=False, dir_okay=True)
"""A scenario file; whether it can be read is for the scenario room to say."""


def scenario_argument(command: F) -> F:
    """Add the argument SCENARIO."""
    return click.argument("scenario", type=FILE, metavar="SCENARIO")(command)


def layers(command: F) -> F:
    """Add ``--overlay FILE`` (as ``overlays``) and ``--set path=value`` (as ``sets``), both repeatable."""
    overlay = click.option(
        "--overlay", "overlays", type=FILE, multiple=True, metavar="FILE", help="Lay a file on the scenario."
    )
    setting = click.option(
        "--set", "sets", multiple=True, metavar="PATH=VALUE", help="Set one value, such as 'fleet.load=46 m3'."
    )
    return overlay(setting(command))


def tell_notes(scenario: Scenario) -> None:
    """Print what a scenario says that is allowed but hardly meant, on stderr."""
    for note in scenario.notes:
        click.echo(f"note: {note}", err=True)


def more_of(error: ScenarioError) -> str:
    """Return the warning that a list of problems may not be the whole list."""
    return "; more may be found when these are right" if vars(error).get("more") else ""
