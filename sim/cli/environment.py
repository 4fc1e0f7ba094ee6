"""Options from the environment: ``CONVOI_RUN_REPLICATIONS=500`` stands for ``convoi run --replications 500``."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator
from copy import copy
from functools import wraps
from typing import Any, Final

import click
from click.core import ParameterSource

PREFIX: Final = "CONVOI"
SPOKEN: Final = ("force",)
"""Options that hold for one call and are never taken from the environment."""
SHARED: Final = ("style",)
"""Options that one variable gives to all commands: ``CONVOI_STYLE=slides``."""
GIVEN: Final = "sim.cli.words"
"""Key of a context's ``meta`` under which the words are with which the first group was called."""


def reading(ctx: click.Context, command: click.Command) -> click.Command:
    """Return a command below a context that takes options from the environment, and tells which.

    An option of several values is not taken from there, since they may hold blanks.
    """
    prefix = getattr(ctx, "auto_envvar_prefix", None)
    if prefix is None:  # it is looked at, not called
        return command
    for option in _options(command):
        option.allow_from_autoenv = False  # the variable is called as the option, not as the argument in the code
        if not (option.multiple or option.nargs != 1 or option.name in SPOKEN):
            above = PREFIX if option.name in SHARED else f"{prefix}_{command.name}"
            option.envvar = f"{above}_{option.opts[-1].lstrip('-')}".replace("-", "_").upper()
    if command.callback is None or isinstance(command, click.Group):
        return command
    callback, copied = command.callback, copy(command)

    @wraps(callback)
    def called(*args: Any, **given: Any) -> Any:
        if not given.get("quiet"):
            for note in _notes(click.get_current_context()):
                click.echo(f"note: {note}", err=True)
        return callback(*args, **given)

    copied.callback = called
    return copied


def words(ctx: click.Context | None, given: list[str]) -> list[str]:
    """Return the words of a call, with what the environment gave written out as options.

    They are ``given`` only where no group was called, which knows its own.
    """
    if ctx is None:
        return given
    given = ctx.meta.get(GIVEN, given)
    names: list[str] = []
    above = ctx
    while above.parent is not None:
        names, above = [str(above.info_name), *names], above.parent
    named = 0
    for name in names:  # options of the command above may stand before it
        named = given.index(name, named) + 1
    more = []
    for option, name in _taken(ctx):
        value = option.type_cast_value(ctx, os.environ[name])
        if not option.is_flag:
            more += [option.opts[-1], os.environ[name]]
        elif value:
            more.append(option.opts[-1])
    return [*given[:named], *more, *given[named:]]


def variable(ctx: click.Context, option: click.Parameter) -> str | None:
    """Return the variable that gave an option its value; None if it came from elsewhere."""
    given = ctx.get_parameter_source(str(option.name)) is ParameterSource.ENVIRONMENT
    # The options of ``convoi`` itself have no variable of their own.
    return str(option.envvar or f"{PREFIX}_{option.name}".upper()) if given else None


def _options(command: click.Command) -> list[click.Option]:
    return [option for option in command.params if isinstance(option, click.Option)]


def _taken(ctx: click.Context) -> list[tuple[click.Option, str]]:
    return [(option, name) for option in _options(ctx.command) if (name := variable(ctx, option)) is not None]


def _notes(ctx: click.Context) -> Iterator[str]:
    for option, name in _taken(ctx):
        yield f"{name}={os.environ[name]} in the environment stands for {option.opts[-1]}"
    known = [str(option.envvar) for option in _options(ctx.command) if option.envvar is not None]
    start = f"{ctx.auto_envvar_prefix}_"
    for name in sorted(os.environ):
        if name.startswith(start) and name not in known and os.environ[name]:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.8)
            word = "--" + name.removeprefix(start).replace("_", "-").lower()
            if any(word in option.opts for option in _options(ctx.command)):
                hint = f"give {word} with the command"
            else:
                hint = f"did you mean {near[0]}?" if near else f"expected one of {', '.join(known)}"
            yield f"{name} in the environment is not read; {hint}"
