"""The command ``convoi``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any

import click

from sim import __version__
from sim.cli.environment import PREFIX, variable
from sim.cli.group import Group
from sim.cli.language import lang
from sim.cli.streams import LEFT, Legible, legible_streams
from sim.errors import ConvoiError, EvidenceError, FastError, IntakeError, PlanError, RequestError, ScenarioError
from sim.scenario.calls import in_shell
from sim.view.width import columns_of, line, within

COMMANDS = {
    "check": ("scenario", "Say whether scenario files are valid, with every problem and its place."),
    "show": ("scenario", "Print the merged scenario and the implied chance of an attack per trip."),
    "evidence": ("evidence", "List what each number rests on."),
    "run": ("run", "Run a scenario and say what happens."),
    "at": ("run", "Say what a run shows for one day, beside what is on record for it."),
    "events": ("events", "Tell what happened in one replication, hour by hour."),
    "results": ("results", "List the studies that are kept, with their sizes."),
    "report": ("report", "Write the report of a stored study: one page to look at and hand on."),
    "crate": ("results", "Describe a stored study for archives, as an RO-Crate."),
    "compare": ("compare", "Compare strategies or overlays on the same luck."),
    "explore": ("explore", "Move numbers on a page of this machine and see the answer follow."),
    "sweep": ("sweep", "Vary one or two numbers: who wins where, and what a target takes."),
    "calibrate": ("facts", "Fit a scenario to what is on record."),
    "validate": ("facts", "Set every documented fact beside what the model shows."),
    "sensitivity": ("sensitivity", "Which unknown numbers move the answer, and which would change the choice."),
    "scenarios": ("names", "List the scenarios and overlays that can be named."),
    "strategies": ("names", "List the strategies that can be named."),
    "new": ("new", "Write a small country of your own, to grow."),
    "init": ("new", "Copy what is shipped into a folder, to change."),
    "import": ("import_", "Make pieces of a scenario from other people's data: roads, events."),
    "schema": ("scenario", "Print the JSON Schema of scenario files."),
}
"""By name of a command: the module where it lies, and what it does."""

REFUSED = (ScenarioError, EvidenceError, IntakeError, PlanError, RequestError, FastError)
"""Errors in what a user gave."""
BAD_INPUT = 2
FAILED = 1
INTERRUPTED = 130


class Commands(Group):
    """All commands, and the one place where errors become exit codes."""

    told = COMMANDS

    def main(self, *args: Any, **options: Any) -> Any:
        """Run the command line; an answer that could not be printed makes a command fail that did its work."""
        with in_shell(), legible_streams() as out, within(columns_of(out.bare)):
            try:
                return super().main(*args, **{"terminal_width": line()} | options)
            except SystemExit as end:
                if not end.code and _untold(out):
                    end.code = FAILED
                raise

    def _main_shell_completion(self, *args: Any, **options: Any) -> None:
        """Answer a shell that completes: in bytes, past the streams that show what others wrote."""
        with redirect_stdout(sys.stdout.bare.raw if isinstance(sys.stdout, Legible) else sys.stdout):
            super()._main_shell_completion(*args, **options)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the options; what is not text in this locale's encoding has no name that could be stored."""
        for word in args:
            if any("\ud800" <= letter <= "\udfff" for letter in word):
                ctx.fail(f"'{word}' cannot be read in the encoding {sys.getfilesystemencoding()}; expected text in it")
        with _variables_named():
            return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; what it refuses is told in a few lines."""
        try:
            with _variables_named():
                return super().invoke(ctx)
        except ConvoiError as error:
            click.echo(str(error), err=True)
            if isinstance(error, ScenarioError) and vars(error).get("more"):
                click.echo("more may be found when these are right", err=True)
            ctx.exit(BAD_INPUT if isinstance(error, REFUSED) else FAILED)
        except KeyboardInterrupt:
            click.echo("interrupted; what is done is kept, the same command goes on from there", err=True)
            ctx.exit(INTERRUPTED)
        except OSError as error:
            click.echo(f"cannot go on: {error.strerror or error}: {_place(error)}", err=True)
            ctx.exit(FAILED)


@contextmanager
def _variables_named() -> Iterator[None]:
    """Tell of the variable that gave an option a value which it cannot have."""
    try:
        yield
    except click.BadParameter as error:
        if not (error.ctx and error.param and (name := variable(error.ctx, error.param))):
            raise
        told = f"{error.message.rstrip('.')}; it stands in the environment as {name}."
        raise click.BadParameter(told, error.ctx, error.param, error.param_hint) from error


def _place(error: OSError) -> str:
    """Return what an error of the system is about."""
    if error.filename is not None:
        return f"'{error.filename}'"
    try:
        return f"in {Path.cwd()}"
    except OSError:
        return "the working folder is gone"


def _untold(out: Legible) -> bool:
    """Tell, if that can be told, why an answer could not be printed; a reader that has left missed nothing."""
    problem = out.bare.problem
    if problem is None or problem.errno in LEFT:
        return False
    click.echo(f"the answer could not be printed: {problem.strerror}; what was to be stored is stored", err=True)
    return True


@click.group(
    cls=Commands,
    # Colour: else click takes escape sequences out of what it prints, where they are to be shown.
    context_settings={"help_option_names": ["-h", "--help"], "color": True, "auto_envvar_prefix": PREFIX},
)
@click.version_option(__version__, message="convoi %(version)s", allow_from_autoenv=False, help="Show the version.")
@lang
def main() -> None:
    """Simulate the fuel supply of a landlocked country whose roads are under attack."""
