"""The report: one page of HTML that stands alone, with the answer first and what it rests on after it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.study.packages import need

if TYPE_CHECKING:
    from sim.results.run import Run
    from sim.study.break_even import BreakEven
    from sim.study.comparison import Comparison


def write_report(outcome: Run | Comparison, path: Path, break_even: BreakEven | None = None) -> Path:
    """Write what a run or a comparison found as one page that needs nothing beside it and no network.

    Parameters
    ----------
    outcome
        What ``sim.run`` or ``sim.compare`` returned.
    path
        File of the page; its folder is there.  A file of that name is replaced.
    break_even
        The break-even curves of two of a comparison's strategies, if they were asked for.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    RequestError
        If a package that draws the page is not installed; nothing is computed or written then.
    ResultsError
        If the file cannot be written.
    """
    need("altair", "vl_convert", "jinja2")
    from sim.results.files import write, writing
    from sim.view.report.page import page

    text = page(outcome, break_even)
    with writing(path.parent):
        write(path, text)
    return path
