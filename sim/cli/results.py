"""``convoi results``: the studies that are kept."""

from __future__ import annotations

from pathlib import Path

import click

from sim.cli.options import Folder


@click.command(short_help="List the studies that are kept, with their sizes.")
@click.argument("folder", required=False, type=Folder(path_type=Path), metavar="[FOLDER]")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def results(folder: Path | None, as_json: bool) -> None:
    """List the studies in FOLDER, ./results if not given, or the files of one study.

    Each with what it is of, whether it is finished or how far it came, its size, and the command that made it and goes
    on with it.  Nothing is changed.
    """
    from sim.cli.folder import RESULTS
    from sim.cli.plain import as_text
    from sim.errors import RequestError
    from sim.results.listing import as_numbers, is_study, kept, listing
    from sim.view.study_folders import folder_details, folder_lines

    parent = folder or RESULTS
    if folder is not None and not folder.is_dir():
        raise RequestError(f"no folder '{folder}'; expected a folder of results", folder=folder)
    if folder is not None and is_study(folder):
        one = kept(folder)
        if as_json:
            click.echo(as_text(as_numbers(one)))
        else:
            for line in folder_details(one):
                click.echo(line)
        return
    found = listing(parent) if parent.is_dir() else []
    if as_json:
        click.echo(as_text([as_numbers(one) for one in found]))
        return
    if not parent.is_dir():
        click.echo(f"no studies yet: there is no folder '{parent}' here")
        return
    for line in folder_lines(parent, found, len([path for path in parent.iterdir() if not path.is_dir()])):
        click.echo(line)
