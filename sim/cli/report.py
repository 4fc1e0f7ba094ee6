"""``convoi report``: the page of a study that is kept."""

from __future__ import annotations

from pathlib import Path

import click

from sim.cli.language import lang
from sim.cli.options import Folder
from sim.cli.task import need_for_report
from sim.errors import RequestError, ResultsError


@click.command()
@click.argument("folder", type=Folder(path_type=Path), metavar="FOLDER")
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="FILE.html", help="File, instead of report.html in FOLDER."
)
@click.option("--force", is_flag=True, help="Replace a file that is there and is no report of this study.")
@lang
def report(folder: Path, out: Path | None, force: bool) -> None:
    """Write the report of the run or comparison in FOLDER: one page of HTML, to be read without a network.

    The answer first, then how sure it is, what would change it, and what it rests on. Nothing is computed anew.
    """
    need_for_report()
    from sim.study import stored
    from sim.view.publish import report as write
    from sim.view.publish import report_words

    try:
        outcome = stored.open(folder)
    except ResultsError as error:
        raise RequestError(str(error), folder=folder) from error
    click.echo(report_words(write(outcome, out, force=force)))
