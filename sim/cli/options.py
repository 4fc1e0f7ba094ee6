"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import partial, wraps
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from sim.cli.streams import noted

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem
    from pandas import DataFrame

    from sim.errors import ScenarioError
    from sim.plan.plan import Plan
    from sim.results.folder import StudyFolder
    from sim.scenario.load import Scenario
    from sim.scenario.names import Kind
    from sim.study.campaign import Work
    from sim.study.executors import Where

F = TypeVar("F", bound=Callable[..., Any])


class NamedFile(click.Path):
    """A file, or the bare name of one; whether there is one, and whether it can be read, the scenario room says."""

    def __init__(self, kind: Kind) -> None:
        super().__init__()
        self._kind = kind

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Return the names that begin so; then the shell's own files."""
        from click.shell_completion import CompletionItem

        from sim.scenario.names import named

        known = [one for one in named() if one.kind == self._kind and one.name.startswith(incomplete)]
        return [CompletionItem(one.name, help=one.told) for one in known] or super().shell_complete(
            ctx, param, incomplete
        )


FILE, OVERLAY, TARGETS = NamedFile("scenario"), NamedFile("overlay"), NamedFile("targets")


class Finite(click.FloatRange):
    """A number within bounds, which NaN and infinity are not."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the number."""
        number = super().convert(value, param, ctx)
        if not isfinite(number):
            self.fail(f"{value} is not a finite number.", param, ctx)
        return number


class Day(click.DateTime):
    """A date, as people write it."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the date."""
        from sim.scenario.day import PLAIN, plain_day

        day = plain_day(value) if isinstance(value, str) else value
        return day if isinstance(day, date) else self.fail(f"'{value}'; expected {PLAIN}.", param, ctx)


class Folder(click.Path):
    """A folder; an empty name is not the working folder."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path."""
        if value == "":
            self.fail("an empty name; expected a folder.", param, ctx)
        return super().convert(value, param, ctx)


def scenario_argument(command: F) -> F:
    """Add the argument SCENARIO."""
    return click.argument("scenario", type=FILE, metavar="SCENARIO")(command)


def layers(command: F) -> F:
    """Add ``--strategy`` and ``--overlay`` (both as ``overlays``), ``--set`` and ``--hindcast`` (as ``sets``)."""

    @wraps(command)
    def called(*args: Any, overlays: tuple[str, ...], strategy: tuple[str, ...], **given: Any) -> Any:
        from sim.scenario.load import strategy_overlay

        if len(strategy) > 1:
            raise click.UsageError(
                f"{len(strategy)} strategies; expected one (convoi compare sets several side by side)"
            )
        return command(*args, overlays=(*map(strategy_overlay, strategy), *overlays), **given)

    option = click.option(
        "--strategy", multiple=True, metavar="NAME", help="Lay a strategy on the scenario, by name or file."
    )
    return cast(F, option(overlaid(called)))


def overlaid(command: F) -> F:
    """Add ``--overlay NAME`` (as ``overlays``, repeatable), ``--set`` and ``--hindcast`` (as ``sets``)."""
    overlay = click.option(
        "--overlay",
        "overlays",
        type=OVERLAY,
        multiple=True,
        metavar="NAME",
        help="Lay a file on the scenario, by name (convoi scenarios lists them) or path; repeat.",
    )
    return overlay(settings(command))


def settings(command: F) -> F:
    """Add ``--set path=value``, repeatable, and ``--hindcast``, which is one of them (as ``sets``)."""

    @wraps(command)
    def called(*args: Any, sets: tuple[str, ...], hindcast: bool, **given: Any) -> Any:
        return command(*args, sets=(*sets, "hindcast=yes") if hindcast else sets, **given)

    option = click.option("--hindcast", is_flag=True, help="With a posterior: take the luck fitted with it, too.")
    setting = click.option(
        "--set",
        "sets",
        multiple=True,
        metavar="PATH=VALUE",
        help="Set a value: 'fleet.load=46 m3'; times a factor, from a date, of all names: "
        "'escorts.pools.*.units@2025-10-01*=2'.",
    )
    return cast(F, setting(option(called)))


def alternatives(command: F) -> F:
    """Add what a study compares: ``--strategy``, ``--overlay``, ``--common`` and ``--set``, all repeatable."""
    options = (
        click.option(
            "--strategy", "strategies", multiple=True, metavar="NAME", help="A strategy, by name or file; repeat."
        ),
        click.option(
            "--overlay",
            "overlays",
            multiple=True,
            metavar="NAME[,NAME]",
            help="An overlay, by name or path, that is an alternative, beside the scenario as it is; repeat.",
        ),
        click.option(
            "--common",
            "common",
            type=OVERLAY,
            multiple=True,
            metavar="NAME",
            help="Lay a file on every alternative, last, by name or path.",
        ),
        settings,
    )
    for option in reversed(options):
        command = option(command)
    return command


def seeded(command: F) -> F:
    """Add ``--seed``."""
    return click.option(
        "--seed", default=1, show_default=True, type=click.IntRange(0, 2**64 - 1), help="Seed of all luck."
    )(command)


def drawing(command: F) -> F:
    """Add how a study is drawn: ``--seed``, ``--engine`` and ``--central``."""
    options = (
        seeded,
        click.option(
            "--engine",
            default="fast",
            show_default=True,
            type=click.Choice(["fast", "simpy"]),
            help="What simulates: compiled code or, the same to the last bit but slower, SimPy.",
        ),
        click.option("--central", is_flag=True, help="Hold uncertain parameters at their central values."),
    )
    for option in reversed(options):
        command = option(command)
    return command


WORKERS = click.option("--workers", type=click.IntRange(1, 1024), help="How many at a time; all cores if not given.")
DRAWN = f"{__name__}.drawn"
"""Under which a command's context says whether figures are wanted."""


def _no_figures(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    context.meta[DRAWN] = not wanted


OUT = (
    click.option(
        "--out",
        type=Folder(file_okay=False, path_type=Path),
        help="Folder of results, instead of results/NAME_DATE; a study that was interrupted goes on there.",
    ),
    click.option("--force", is_flag=True, help="Use --out though it holds another study or other files."),
)
TOLD = (
    click.option("--quiet", is_flag=True, help="Neither progress bar nor answer."),
    click.option("--json", "as_json", is_flag=True, help="The numbers as JSON instead of the answer."),
)
KEPT = (
    *OUT,
    click.option(
        "--no-figures",
        is_flag=True,
        expose_value=False,
        callback=_no_figures,
        help="Draw no figures; the same command without this draws them later, from what is kept.",
    ),
    *TOLD,
)


PLACES = (
    WORKERS,
    click.option(
        "--threads",
        is_flag=True,
        help="Use threads of one process, as the fast engine does anyway; in SimPy they take turns.",
    ),
    click.option("--cluster", metavar="ADDRESS", help="Use a dask.distributed scheduler, tcp://host:port."),
)


def doing(command: F) -> F:
    """Add what does the replications and where they go.

    ``--workers``, ``--threads``, ``--cluster``, ``--out``, ``--force``, ``--no-figures``, ``--quiet`` and ``--json``.
    """
    for option in reversed((*PLACES, *KEPT)):
        command = option(command)
    return command


def doing_undrawn(command: F) -> F:
    """Add the same for a command that draws no figures."""
    for option in reversed((*PLACES, *OUT, *TOLD)):
        command = option(command)
    return command


def doing_here(command: F) -> F:
    """Add the same for studies that only threads of the compiled engine do."""
    for option in reversed((WORKERS, *KEPT)):
        command = option(command)
    return command


HOW_MANY = click.option(
    "-n", "--replications", default=200, show_default=True, type=click.IntRange(1, 1_000_000), help="How many."
)


def series(told: str = "") -> Callable[[F], F]:
    """Add ``--series``; its help may begin with when it counts."""
    return click.option(
        "--series",
        default="customs",
        show_default=True,
        type=click.Choice(["customs", "minister"]),
        help=f"{told}Which series of import volumes to believe.",
    )


def facts(command: F) -> F:
    """Add what is on record: ``--targets`` and ``--series``."""
    options = (
        click.option(
            "--targets",
            required=True,
            type=TARGETS,
            metavar="NAME",
            help="What is on record: a file of targets, by name or path.",
        ),
        series(),
    )
    for option in reversed(options):
        command = option(command)
    return command


def was_given(*names: str) -> bool:
    """Say whether one of the options that a command knows by these names was given, be it with its default."""
    source = click.get_current_context().get_parameter_source
    return any(source(name) is not click.core.ParameterSource.DEFAULT for name in names)


def where_of(workers: int | None, threads: bool, cluster: str | None) -> Where:
    """Return what does the replications, from the options."""
    from sim.study.executors import Where, count

    if cluster is not None and (threads or workers is not None):
        raise click.UsageError("--cluster with --workers or --threads; expected one of them")
    where = Where(workers, threads or None, cluster)
    if cluster is not None:
        count(where, 1)  # asked before anything is written
    return where


def prepared(works: Iterable[Work], quiet: bool) -> None:
    """Make the engine ready for what it is to do; say so on stderr if that takes a while."""
    from sim.study.campaign import ready

    ready(works, None if quiet else partial(click.echo, err=True))


def drawn(place: StudyFolder, outcome: object, **asked: object) -> list[Path] | None:
    """Return the figures of an outcome that were stored, and note them; if drawing fails, tell it: the answer stays.

    None if figures are not wanted.
    """
    from sim.results.store import note_figures
    from sim.view.figures import files_of, save_all

    if not click.get_current_context().meta.get(DRAWN, True):
        note_figures(place.path, None)
        return None
    figures = []
    try:
        note_figures(place.path, files_of(outcome))  # what is killed from here on has said what it may leave behind
        with noted():
            figures = save_all(outcome, place.path, **asked)
    except Exception as error:
        click.echo(f"the figures could not be drawn: {type(error).__name__}: {error}", err=True)
    note_figures(place.path, figures)
    return figures


def tell_failures(failures: DataFrame | None) -> bool:
    """Tell of replications that failed, on stderr; return whether there are any."""
    if failures is None or failures.empty:
        return False
    for _, row in failures.iterrows():
        told = ", ".join(f"{name} {row[name]}" for name in failures.columns if name not in ("stage", "message"))
        click.echo(f"failed: {told}, at {row['stage']}: {row['message']}", err=True)
    click.echo("the same command tries them again; what is done is kept", err=True)
    return True


def end_with(*failures: DataFrame | None, lost: bool = False) -> None:
    """Tell of replications that failed; end as a run that failed if there are any, or if figures were lost."""
    if any([tell_failures(one) for one in failures]) or lost:
        raise click.exceptions.Exit(1)


def tell_notes(notes: Iterable[object]) -> None:
    """Print notes, each once, on stderr."""
    for note in dict.fromkeys(map(str, notes)):
        click.echo(f"note: {note}", err=True)


def tell_notes_on(
    scenarios: Iterable[tuple[Scenario, Plan]], quiet: bool = False, further: Iterable[Plan] = ()
) -> None:
    """Print the notes on what is to run, such as what is allowed but hardly meant."""
    from sim.study.notes import notes

    if not quiet:
        tell_notes(notes(scenarios, further))


def more_of(error: ScenarioError) -> str:
    """Return the warning that a list of problems may not be the whole list."""
    return "; more may be found when these are right" if vars(error).get("more") else ""
