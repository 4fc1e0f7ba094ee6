"""Write the manual pages of convoi and its commands, by click-man, from what ``--help`` says.

Use: python docs/man.py FOLDER, then man -l FOLDER/convoi.1, or copy them to ~/.local/share/man/man1
"""

from __future__ import annotations

import re
import sys
from copy import copy
from inspect import cleandoc
from pathlib import Path

import click
from click_man.core import write_man_pages

from sim import __version__
from sim.cli.main import main

LEADING = re.compile(r"^(?=[.'])", re.MULTILINE)
"""Where a line of text would be taken for a request to the typesetter."""


def pages(folder: Path) -> None:
    """Write a page for the command and one for each below it."""
    folder.mkdir(parents=True, exist_ok=True)
    write_man_pages("convoi", _loaded(main, click.Context(main, info_name="convoi")), None, __version__, str(folder))


def _loaded(command: click.Command, ctx: click.Context) -> click.Command:
    """Return a command with all below it, which are else imported when they are called, in words for a manual."""
    command = copy(command)
    command.help = LEADING.sub(r"\\&", cleandoc(command.help or "").replace("\\", "\\e"))
    command.short_help = command.short_help or command.help.partition("\n")[0].rstrip(".")
    if isinstance(command, click.Group):
        below = {name: command.get_command(ctx, name) for name in command.list_commands(ctx)}
        command.commands = {
            name: _loaded(inner, click.Context(inner, ctx, name)) for name, inner in below.items() if inner is not None
        }
    return command


if __name__ == "__main__":
    pages(Path(sys.argv[1]))
