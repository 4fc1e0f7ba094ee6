"""The report of a study as a file: in the study's folder, or where it is wanted."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sim.errors import RequestError, ViewError
from sim.language import say
from sim.results.files import replaced
from sim.results.folder import StudyFolder
from sim.results.run import Run
from sim.results.store import KINDS, names_under, note_in, note_report
from sim.scenario.calls import argument, verb
from sim.scenario.problem import legible
from sim.study import stored
from sim.study.break_even import BreakEven
from sim.study.comparison import Comparison
from sim.study.packages import REPORT, need
from sim.view.study_folders import room

FILE: Final = "report.html"
"""Name of a report in the folder of its study."""


@verb
def report(
    study_or_folder: Run | Comparison | str | os.PathLike[str],
    file: str | os.PathLike[str] | None = None,
    *,
    break_even: BreakEven | None = None,
    force: bool = False,
) -> Path:
    """Write the report of a run or a comparison, a single page of HTML, and return its path.

    Parameters
    ----------
    study_or_folder
        What `sim.run` or `sim.compare` returned, or the folder in which such a study is kept.
    file
        Where to; ``report.html`` in the folder of the study if not given.  One in that folder is noted as the study's
        own and goes when another study takes the folder.  An earlier report of the study is replaced, wherever it is.
    break_even
        Of two of a comparison's alternatives; the one that is stored with it if not given.
    force
        Replace a file that is there and is no report of this study.

    Raises
    ------
    RequestError
        If the packages of ``convoi[report]`` are not installed, there is no such outcome, or a file is in the way.
    ResultsError
        If the folder cannot be opened (see `sim.open`), or another process is at work there.
    ViewError
        If the file cannot be written.

    Examples
    --------
    >>> sim.report("results/mine")
    PosixPath('results/mine/report.html')
    """
    need(*REPORT)
    given = study_or_folder
    outcome = stored.open(Path(given)) if isinstance(given, str | os.PathLike) else given
    if break_even is None and isinstance(outcome, Comparison):
        break_even = stored.break_even_in(outcome)
    return publish(outcome, None if file is None else Path(file), break_even, force)


def publish(outcome: Run | Comparison, file: Path | None, break_even: BreakEven | None, force: bool) -> Path:
    """Write the report as it is asked for; see `report`."""
    from sim.view.report import write_report

    folder = outcome.folder
    if folder is not None and not stored.holds(folder, outcome):
        folder = None
    if file is None and folder is None:
        where = f"'{outcome.folder}' does not hold" if outcome.folder is not None else "no folder holds"
        raise RequestError(f"report: {where} the finished study; expected a file, or sim.save first")
    path = Path(folder or "") / FILE if file is None else file
    with _written(path), _place(path, folder, outcome.manifest, force), replaced(path) as new:
        write_report(outcome, new, break_even)
        if folder is not None and _inside(path, folder):
            note_report(folder, path)  # before it is there: what is killed here has said what it may leave behind
    return path


def check_place(path: Path, folder: Path | None, manifest: Mapping[str, Any], force: bool) -> None:
    """Refuse a place at which no report of a study can be written; ``folder`` is that of the study, if it is kept.

    ``manifest`` is the study's: an earlier page of it may be replaced anywhere.

    Raises
    ------
    RequestError
        If there is no folder for it, or something is there that is not the report of this study and ``force`` is not
        given, or that is another of its files.
    """
    from sim.view.report.own import is_report_of

    if path.suffix not in KINDS["report"]:
        raise RequestError(f"cannot write the report to '{path}'; expected a file that ends in .html")
    if not path.parent.is_dir():
        raise RequestError(f"cannot write the report to '{path}': no folder '{path.parent}'; expected one that exists")
    if path.is_dir():
        raise RequestError(f"cannot write the report to '{path}': it is a folder; expected a file")
    ours = folder is not None and _inside(path, folder) and path.name in names_under(note_in(folder) or {}, "report")
    if os.path.lexists(path) and not ours and not force and not is_report_of(path, manifest):
        raise RequestError(
            f"'{path}' is there already and is no report of this study; expected another file, or "
            f"{argument('force', True)} to replace it"
        )


@contextmanager
def _place(path: Path, folder: Path | None, manifest: Mapping[str, Any], force: bool) -> Iterator[None]:
    """Have a place for a report meanwhile; in the folder of the study nobody else writes then."""
    if folder is None or not _inside(path, folder):
        check_place(path, folder, manifest, force)
        yield
        return
    with StudyFolder(folder, None):
        check_place(path, folder, manifest, force)
        yield


@contextmanager
def _written(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ViewError(f"cannot write the report to '{path}': {error.strerror or error}", path=path) from error


def _inside(path: Path, folder: Path) -> bool:
    """Say whether a file is to lie in a folder itself."""
    return os.path.realpath(path.parent) == os.path.realpath(folder)


def report_words(path: Path) -> str:
    """Say where a report is and how large."""
    return say("Report: {file} ({size})", file=legible(str(path)), size=room(path.stat().st_size))
