"""What the command of a study does beside the study: its folder, progress, figures, answer, and the end."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.environment import words
from sim.cli.streams import bare, legible_streams, library_notes
from sim.errors import ConvoiError, ResultsError
from sim.study.executors import Where

if TYPE_CHECKING:
    from pandas import DataFrame

    from sim.plan.plan import Plan
    from sim.results.folder import StudyFolder
    from sim.results.run import Run
    from sim.results.store import Study
    from sim.scenario.load import Scenario
    from sim.study.break_even import BreakEven
    from sim.study.campaign import Progress, Work
    from sim.study.comparison import Comparison

RESULTS = Path("results")


@dataclass(frozen=True)
class Task:
    """What the options that all studies share ask for: who does the replications, where they go, what is told."""

    where: Where
    out: Path | None
    force: bool
    quiet: bool
    as_json: bool
    no_figures: bool = True
    style: str = "paper"

    @property
    def silent(self) -> bool:
        """Whether nothing but JSON, if that, is printed."""
        return self.quiet or self.as_json

    def say(self, text: str) -> None:
        """Tell something beside the answer."""
        if not self.quiet:
            click.echo(text, err=True)

    def note(self, scenarios: Iterable[tuple[Scenario, Plan]], further: Iterable[Plan] = ()) -> None:
        """Tell the notes on what is to run."""
        if not self.quiet:
            tell_notes_on(scenarios, further)

    def prepare(self, works: Iterable[Work]) -> None:
        """Make the engine ready for what it is to do; say so if that takes a while."""
        from sim.study.campaign import ready

        ready(works, None if self.quiet else self.say)

    @contextmanager
    def folder(self, study: Study, name: str) -> Iterator[StudyFolder]:
        """Yield the folder asked for, or the first free one under ``results``; nobody else writes there meanwhile."""
        from sim.results.folder import StudyFolder, free_folder

        if self.force and self.out is None:
            raise click.UsageError("--force without --out")
        command = shlex.join(["convoi", *words(click.get_current_context(silent=True), sys.argv[1:])])
        if not (self.out or RESULTS).is_absolute():
            Path.cwd()  # one that is gone is told as such, before anything is looked for in it
        with ExitStack() as stack:
            while True:
                folder = self.out or free_folder(RESULTS, name, study)
                place = StudyFolder(folder, study, force=self.force, command=command)
                try:
                    stack.enter_context(place)
                except ResultsError as error:
                    holder = vars(error).get("holder")
                    if self.out is not None or holder is None or holder.get("study") == study.identity:
                        raise
                else:
                    break  # else another study was faster, and the next name is taken
            yield place

    def do(
        self, place: StudyFolder, study: Callable[..., Any], *given: Any, what: str = "replications", **how: Any
    ) -> Any:
        """Return what a study gives that is kept in a folder, behind a progress bar."""
        with progress(what, self.silent) as report:
            return study(*given, **how, where=self.where, folder=place.path, progress=report, command=place.command)

    def keep(
        self,
        place: StudyFolder,
        outcome: Any,
        flips: BreakEven | None = None,
        **asked: object,
    ) -> list[Path] | None:
        """Store a study, then its figures, with what is asked of them; return those, None if none are wanted.

        If drawing fails, it is told: the answer must not be lost.
        """
        from sim.results.store import note_figures
        from sim.study.stored import store
        from sim.view.figures import files_of, save_all

        store(place, outcome, flips)
        asked = asked if flips is None else {"flips": flips, **asked}
        if self.no_figures:
            note_figures(place.path, None)
            return None
        figures = []
        try:
            note_figures(place.path, files_of(outcome))  # what is killed from here on has said what it may leave behind
            with library_notes():
                figures = save_all(outcome, place.path, style=self.style, **asked)
        except Exception as error:
            click.echo(f"the figures could not be drawn: {_reason(error)}", err=True)
        note_figures(place.path, figures)
        return figures

    def publish(self, outcome: Run | Comparison, break_even: BreakEven | None = None) -> Path | None:
        """Write the report of a study into its folder, and return it; if that fails, it is told, as with figures."""
        from sim.view.publish import publish

        try:
            with library_notes():
                return publish(outcome, None, break_even, self.force)
        except Exception as error:
            click.echo(f"the report could not be written: {_reason(error)}", err=True)
            return None

    def tell(self, numbers: Callable[[], str], answer: Callable[[], str], page: Path | None = None) -> None:
        """Print the numbers or the answer, or neither; of a report where it is."""
        if self.as_json:
            click.echo(numbers())
        elif not self.quiet:
            click.echo(answer())
        if page is not None:
            from sim.view.publish import report_words

            self.say(report_words(page))


def _reason(error: Exception) -> str:
    """Return why something failed; what Convoi itself refuses needs no name of a class."""
    return str(error) if isinstance(error, ConvoiError) else f"{type(error).__name__}: {error}"


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

        def report(power: float, effective: float, replications: int) -> None:
            nonlocal first
            first = first or power
            passed, whole = monotonic() - began, 1.0 - log(first)
            left = passed * (whole / max(0.5, log(power / first) + 1.0) - 1.0) / 60.0
            status.update(
                f"temperature {1.0 / power:,.1f}, effective size {effective:.0f}, {replications:,} replications, "
                + ("the last sweeps" if power >= 1.0 else f"about {max(1.0, left):.0f} min left")
            )

        yield report


def in_folder(path: Path, option: str) -> None:
    """Refuse a file for which there is no folder."""
    if not path.parent.is_dir():
        expected = "expected a file in one that exists"
        raise click.BadParameter(f"no folder '{path.parent}'; {expected}", param_hint=f"'{option}'")


def tell_failures(failures: DataFrame | None) -> bool:
    """Tell of replications that failed, on stderr; return whether there are any."""
    if failures is None or failures.empty:
        return False
    for _, row in failures.iterrows():
        which = ", ".join(f"{name} {row[name]}" for name in failures.columns if name not in ("stage", "message"))
        click.echo(f"failed: {which}, at {row['stage']}: {row['message']}", err=True)
    click.echo("the same command tries them again; what is done is kept", err=True)
    return True


def need_for_report() -> None:
    """Refuse a report that could not be written for want of a package, before anything is computed."""
    from sim.study.packages import REPORT, need

    need(*REPORT)


def end_with(*failures: DataFrame | None, figures: list[Path] | None = None, lost: bool = False) -> None:
    """Tell of replications that failed; end as a failed run if there are any, or if figures or report were lost."""
    if any([tell_failures(table) for table in failures]) or figures == [] or lost:
        raise click.exceptions.Exit(1)


def tell_notes(notes: Iterable[object]) -> None:
    """Print notes, each once, on stderr."""
    for note in dict.fromkeys(map(str, notes)):
        click.echo(f"note: {note}", err=True)


def tell_notes_on(scenarios: Iterable[tuple[Scenario, Plan]], further: Iterable[Plan] = ()) -> None:
    """Print the notes on what is to run, such as what is allowed but hardly meant."""
    from sim.study.notes import notes

    tell_notes(notes(scenarios, further))
