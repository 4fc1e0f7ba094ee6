"""The command ``convoi``."""

from __future__ import annotations

import difflib
import importlib
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import click

from sim.cli.streams import LEFT, Legible, legible_streams
from sim.errors import ConvoiError, EvidenceError, FastError, PlanError, RequestError, ScenarioError

COMMANDS = {
    "check": "Say whether scenario files are valid, with every problem and its place.",
    "show": "Print the merged scenario and the implied chance of an attack per trip.",
    "evidence": "List what each number rests on.",
    "run": "Run a scenario and say what happens.",
    "compare": "Compare strategies or overlays on the same luck.",
    "sweep": "Vary one or two numbers: who wins where, and what a target takes.",
    "calibrate": "Fit a scenario to what is on record.",
    "validate": "Set every documented fact beside what the model shows.",
    "sensitivity": "Which unknown numbers move the answer, and which would change the choice.",
    "scenarios": "List the scenarios and overlays that can be named.",
    "strategies": "List the strategies that can be named.",
    "new": "Write a small country of your own, to grow.",
    "init": "Copy what is shipped into a folder, to change.",
    "schema": "Print the JSON Schema of scenario files.",
}
"""By name of a command, which is the name of its module and of its function: what it does."""

REFUSED = (ScenarioError, EvidenceError, PlanError, RequestError, FastError)
"""Errors in what a user gave."""
BAD_INPUT = 2
FAILED = 1
INTERRUPTED = 130


class Commands(click.Group):
    """A group whose commands are imported when they are called, and the one place where errors become exit codes."""

    def main(self, *args: Any, **options: Any) -> Any:
        """Run the command line; an answer that could not be printed makes a command fail that did its work."""
        with legible_streams() as out:
            try:
                return super().main(*args, **options)
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
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        if cmd_name not in COMMANDS:
            return None
        command = getattr(importlib.import_module(f"sim.cli.{cmd_name}"), cmd_name)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that was asked for; a misspelt one is answered with the nearest."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], COMMANDS, n=1)
            hint = f"did you mean '{near[0]}'?" if near else f"expected one of {', '.join(COMMANDS)}"
            ctx.fail(f"no command '{args[0]}'; {hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; what it refuses is told in a few lines."""
        try:
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


def _version(ctx: click.Context, option: click.Parameter, wanted: bool) -> None:
    if not wanted or ctx.resilient_parsing:
        return
    from sim import __version__

    click.echo(f"convoi {__version__}")
    ctx.exit()


@click.group(
    cls=Commands,
    # Colour: else click takes escape sequences out of what it prints, where they are to be shown.
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100, "color": True},
)
@click.option("--version", is_flag=True, expose_value=False, is_eager=True, callback=_version, help="Show the version.")
def main() -> None:
    """Simulate the fuel supply of a landlocked country whose roads are under attack."""
