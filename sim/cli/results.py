"""``convoi results`` and ``crate``: the studies that are kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sim.cli.options import Folder, as_json
from sim.cli.streams import as_text
from sim.cli.task import RESULTS
from sim.errors import RequestError


@click.command()
@click.argument("folder", required=False, type=Folder(path_type=Path), metavar="[FOLDER]")
@as_json()
def results(folder: Path | None, as_json: bool) -> None:
    """List the studies in FOLDER, ./results if not given, or the files of one study.

    Each with what it is of, whether it is finished or how far it came, its size, and the command that made it and goes
    on with it.  Nothing is changed.
    """
    from sim.results.listing import as_numbers, is_study, kept, listing
    from sim.view.study_folders import folder_details, folder_lines

    parent = folder or RESULTS
    if folder is not None and not folder.is_dir():
        raise RequestError(f"no folder '{folder}'; expected a folder of results", folder=folder)
    numbers: Any
    if folder is not None and is_study(folder):
        study = kept(folder)
        numbers, lines = as_numbers(study), folder_details(study)
    elif parent.is_dir():
        studies = listing(parent)
        others = len([path for path in parent.iterdir() if not path.is_dir()])
        numbers, lines = [as_numbers(study) for study in studies], folder_lines(parent, studies, others)
    else:
        numbers, lines = [], iter([f"no studies yet: there is no folder '{parent}' here"])
    for text in [as_text(numbers)] if as_json else lines:
        click.echo(text)


@click.command()
@click.argument("folder", type=Folder(path_type=Path), metavar="FOLDER")
@click.option("--licence", metavar="TEXT", help="Licence of the results, such as https://spdx.org/licenses/CC-BY-4.0.")
def crate(folder: Path, licence: str | None) -> None:
    """Describe the finished study in FOLDER in its file ro-crate-metadata.json.

    Each file with what it is, its size and its checksum; the scenario, the command and the software that made them.
    With this file the folder is an RO-Crate, which archives read.  The file goes when the study is made anew.
    """
    from sim.study.packages import need

    need("rocrate")

    from sim.results.crate import store_crate

    if not folder.is_dir():
        raise RequestError(f"no folder '{folder}'; expected the folder of a study", folder=folder)
    click.echo(f"written: {store_crate(folder, licence)}")
