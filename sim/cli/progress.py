"""Progress bars."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sim.cli.streams import bare, legible_streams

if TYPE_CHECKING:
    from sim.study.campaign import Progress


@contextmanager
def progress(what: str, silent: bool) -> Iterator[Progress | None]:
    """Yield what a study calls with the work done and to do; nothing if silent, or if nobody looks at a terminal."""
    if silent or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    # While it shows, the bar stands in for both streams; what is printed meanwhile goes above it.
    with Bar(*columns, console=Console(file=bare(sys.stderr)), transient=True) as bar, legible_streams():
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextmanager
def tempering(silent: bool) -> Iterator[Callable[[float, float, int], object]]:
    """Yield what a calibration calls after a sweep with power, effective size and replications.

    A line on a terminal says temperature, effective size and roughly the time left: the temperature falls about as fast
    on a logarithmic scale as it has so far.
    """
    if silent or not sys.stderr.isatty():
        yield lambda *_: None
        return
    from math import log
    from time import monotonic

    from rich.console import Console
    from rich.status import Status

    began, first = monotonic(), 0.0
    with Status("drawing from the prior", console=Console(file=bare(sys.stderr))) as status, legible_streams():

        def told(power: float, effective: float, replications: int) -> None:
            nonlocal first
            first = first or power
            passed, whole = monotonic() - began, 1.0 - log(first)
            left = passed * (whole / max(0.5, log(power / first) + 1.0) - 1.0) / 60.0
            status.update(
                f"temperature {1.0 / power:,.1f}, effective size {effective:.0f}, {replications:,} replications, "
                + ("the last sweeps" if power >= 1.0 else f"about {max(1.0, left):.0f} min left")
            )

        yield told
