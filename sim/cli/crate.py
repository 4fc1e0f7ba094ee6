"""``convoi crate``: describe a stored study for archives."""

from __future__ import annotations

from pathlib import Path

import click

from sim.cli.options import Folder


@click.command(short_help="Describe a stored study for archives, as an RO-Crate.")
@click.argument("folder", type=Folder(path_type=Path), metavar="FOLDER")
@click.option("--licence", metavar="TEXT", help="Licence of the results, such as https://spdx.org/licenses/CC-BY-4.0.")
def crate(folder: Path, licence: str | None) -> None:
    """Describe the finished study in FOLDER in its file ro-crate-metadata.json.

    Each file with what it is, its size and its checksum; the scenario, the command and the software that made them.
    With this file the folder is an RO-Crate, which archives read.  The file goes when the study is made anew.
    """
    from sim.errors import RequestError
    from sim.results.crate import store_crate
    from sim.study.packages import need

    need("rocrate")
    if not folder.is_dir():
        raise RequestError(f"no folder '{folder}'; expected the folder of a study", folder=folder)
    click.echo(f"written: {store_crate(folder, licence)}")
