"""Groups of commands, each imported when it is called."""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Mapping
from keyword import iskeyword
from typing import ClassVar

import click

from sim.cli.environment import GIVEN, reading


class Group(click.Group):
    """A group that knows its commands by name, and imports a command when it is called."""

    told: ClassVar[Mapping[str, tuple[str, str]]] = {}
    """By name of a command: the module where it lies, as a function of that name, and what it does."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the options; the words of the whole call are kept, whoever called."""
        ctx.meta.setdefault(GIVEN, [*args])
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return list(self.told)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        if cmd_name not in self.told:
            return None
        module, does = self.told[cmd_name]
        name = cmd_name + "_" * iskeyword(cmd_name)
        command: click.Command = getattr(importlib.import_module(f"sim.cli.{module}"), name)
        command.short_help = does
        return reading(ctx, command)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that was asked for; a misspelt one is answered with the nearest."""
        if args and args[0] not in self.told and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], self.told, n=1)
            hint = f"did you mean '{near[0]}'?" if near else f"expected one of {', '.join(self.told)}"
            ctx.fail(f"no command '{args[0]}'; {hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, does) for name, (_, does) in self.told.items()])
