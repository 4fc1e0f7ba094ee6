"""The file into which ``convoi import`` writes a piece of a scenario."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar, cast

import click

F = TypeVar("F", bound=Callable[..., Any])


def piece(command: F) -> F:
    """Add ``--out`` and ``--force``, checked before anything is read; the command takes ``out`` alone."""

    @wraps(command)
    def called(*args: Any, out: Path | None, force: bool, **given: Any) -> Any:
        if force and out is None:
            raise click.UsageError("--force without --out")
        if out is not None and out.exists() and not force:
            raise click.BadParameter(f"'{out}' exists; expected a new name, or --force", param_hint="'--out'")
        if out is not None:
            in_folder(out, "--out")
        return command(*args, out=out, **given)

    options = (
        click.option(
            "--out",
            type=click.Path(path_type=Path, dir_okay=False),
            metavar="FILE.yaml",
            help="Write there instead of printing.",
        ),
        click.option("--force", is_flag=True, help="Replace the file of --out if it is there."),
    )
    for option in reversed(options):
        called = option(called)
    return cast(F, called)


def in_folder(path: Path, option: str) -> None:
    """Refuse a file for which there is no folder."""
    if not path.parent.is_dir():
        expected = "expected a file in one that exists"
        raise click.BadParameter(f"no folder '{path.parent}'; {expected}", param_hint=f"'{option}'")


def put(text: str, out: Path | None) -> None:
    """Print a piece, or write it to its file."""
    if out is None:
        click.echo(text)
        return
    from sim.results.files import write

    write(out, text)
