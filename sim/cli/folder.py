"""The folder in which a command keeps its results."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.environment import words
from sim.errors import ResultsError

if TYPE_CHECKING:
    from sim.results.folder import StudyFolder
    from sim.results.store import Study

RESULTS = Path("results")


@contextmanager
def results(study: Study, name: str, out: Path | None, force: bool) -> Iterator[StudyFolder]:
    """Yield the folder asked for, or the first under ``results`` that is free; nobody else writes there meanwhile."""
    from sim.results.folder import StudyFolder, free_folder

    if force and out is None:
        raise click.UsageError("--force without --out")
    command = shlex.join(["convoi", *words(click.get_current_context(silent=True), sys.argv[1:])])
    if not (out or RESULTS).is_absolute():
        Path.cwd()  # one that is gone is told as such, before anything is looked for in it
    with ExitStack() as stack:
        while True:
            folder = out or free_folder(RESULTS, name, study)
            place = StudyFolder(folder, study, force=force, command=command)
            try:
                stack.enter_context(place)
            except ResultsError as error:
                holder = vars(error).get("holder")
                if out is not None or holder is None or holder.get("study") == study.identity:
                    raise
            else:
                break  # else another study was faster, and the next name is taken
        yield place
