"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from inspect import signature
from math import isfinite
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click
from click.shell_completion import CompletionItem

from sim.cli.language import lang
from sim.cli.task import Task
from sim.study.executors import Where, count

if TYPE_CHECKING:
    from sim.scenario.load import Scenario
    from sim.scenario.names import Kind
    from sim.study.engine import Engine

F = TypeVar("F", bound=Callable[..., Any])


class NamedFile(click.Path):
    """A file, or the bare name of one; whether there is one, and whether it can be read, the scenario room says."""

    def __init__(self, kind: Kind) -> None:
        super().__init__()
        self._kind = kind

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Return the names that begin so; then the shell's own files."""
        from sim.scenario.names import named_files

        known = [file for file in named_files() if file.kind == self._kind and file.name.startswith(incomplete)]
        items = [CompletionItem(file.name, help=file.told) for file in known]
        return items or super().shell_complete(ctx, param, incomplete)


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
        from sim.scenario.moment import PLAIN, plain_day

        day = plain_day(value) if isinstance(value, str) else value
        return day if isinstance(day, date) else self.fail(f"'{value}'; expected {PLAIN}.", param, ctx)


class Folder(click.Path):
    """A folder; an empty name is not the working folder."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path."""
        if value == "":
            self.fail("an empty name; expected a folder.", param, ctx)
        return super().convert(value, param, ctx)


def all_of(options: Iterable[Callable[[F], F]]) -> Callable[[F], F]:
    """Return what adds options to a command, in this order."""

    def add(command: F) -> F:
        for option in reversed([*options]):
            command = option(command)
        return command

    return add


def together(name: str, made: Callable[..., Any], *options: Callable[[Any], Any]) -> Callable[[F], F]:
    """Return what adds options that a command takes as one argument, ``made`` of what is given by those names."""
    names = signature(made).parameters

    def add(command: F) -> F:
        @wraps(command)
        def called(*args: Any, **given: Any) -> Any:
            value = made(**{key: given.pop(key) for key in names if key in given})
            return command(*args, **{name: value}, **given)

        return cast(F, all_of(options)(called))

    return add


def whole(name: str, default: int, least: int, most: int, told: str, short: str | None = None) -> Callable[[F], F]:
    """Return an option that is a whole number within bounds."""
    names = (name,) if short is None else (short, name)
    return click.option(*names, default=default, show_default=True, type=click.IntRange(least, most), help=told)


def replications(default: int = 200, told: str = "How many.", least: int = 1) -> Callable[[F], F]:
    """Return the option ``-n``."""
    return whole("--replications", default, least, 1_000_000, told, "-n")


@dataclass(frozen=True)
class Layers:
    """A scenario and what is laid on it and set in it."""

    overlays: tuple[str, ...]
    sets: tuple[str, ...]
    scenario: str = ""

    def load(self) -> Scenario:
        """Return the scenario with all that."""
        from sim.scenario.load import load

        return load(self.scenario, overlays=self.overlays, sets=self.sets)

    def name(self, alternatives: Iterable[str] = ()) -> str:
        """Return a name for results."""
        from sim.results.folder import name_of

        return name_of(self.scenario, self.overlays, self.sets, alternatives)


@dataclass(frozen=True)
class Alternatives:
    """What a study compares: strategies or overlays of a scenario, what all of them have in common, what is set."""

    scenario: str
    strategies: tuple[str, ...]
    overlays: tuple[str, ...]
    common: tuple[str, ...]
    sets: tuple[str, ...]

    def name(self, before: Iterable[str] = (), after: Iterable[str] = ()) -> str:
        """Return a name for results, in which words stand before and after what is compared."""
        return Layers(self.common, self.sets, self.scenario).name((*before, *self.strategies, *self.overlays, *after))


@dataclass(frozen=True)
class Drawing:
    """How a study is drawn."""

    seed: int
    engine: Engine
    central: bool


def _sets(sets: tuple[str, ...], hindcast: bool) -> tuple[str, ...]:
    return (*sets, "hindcast=yes") if hindcast else sets


def _overlays(strategy: tuple[str, ...], overlays: tuple[str, ...]) -> tuple[str | PathLike[str], ...]:
    from sim.scenario.load import strategy_overlay

    if len(strategy) > 1:
        raise click.UsageError(f"{len(strategy)} strategies; expected one (convoi compare sets several side by side)")
    return (*map(strategy_overlay, strategy), *overlays)


def _where(workers: int | None, threads: bool = False, cluster: str | None = None) -> Where:
    if cluster is not None and (threads or workers is not None):
        raise click.UsageError("--cluster with --workers or --threads; expected one of them")
    where = Where(workers, threads or None, cluster)
    if cluster is not None:
        count(where, 1)  # asked before anything is written
    return where


scenario_argument = click.argument("scenario", type=FILE, metavar="SCENARIO")
settings = together(
    "sets",
    _sets,
    click.option(
        "--set",
        "sets",
        multiple=True,
        metavar="PATH=VALUE",
        help="Set a value: 'fleet.load=46 m3'; times a factor, from a date, of all names: "
        "'escorts.pools.*.units@2025-10-01*=2'.",
    ),
    click.option("--hindcast", is_flag=True, help="With a posterior: take the luck fitted with it, too."),
)
overlay = click.option(
    "--overlay",
    "overlays",
    type=OVERLAY,
    multiple=True,
    metavar="NAME",
    help="Lay a file on the scenario, by name (convoi scenarios lists them) or path; repeat.",
)
strategy = click.option(
    "--strategy", multiple=True, metavar="NAME", help="Lay a strategy on the scenario, by name or file."
)
layers = together("layers", Layers, together("overlays", _overlays, strategy, overlay), settings)
overlaid = together("layers", Layers, overlay, settings)


def strategies(told: str) -> Callable[[F], F]:
    """Return the option ``--strategy`` of a study that compares several."""
    return click.option("--strategy", "strategies", multiple=True, metavar="NAME", help=f"{told}; repeat.")


alternatives = together(
    "alternatives",
    Alternatives,
    strategies("A strategy, by name or file"),
    click.option(
        "--overlay",
        "overlays",
        multiple=True,
        metavar="NAME[,NAME]",
        help="An overlay, by name or path, that is an alternative, beside the scenario as it is; repeat.",
    ),
    click.option(
        "--common",
        type=OVERLAY,
        multiple=True,
        metavar="NAME",
        help="Lay a file on every alternative, last, by name or path.",
    ),
    settings,
)
seeded = whole("--seed", 1, 0, 2**64 - 1, "Seed of all luck.")
drawing = together(
    "drawing",
    Drawing,
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
workers = click.option("--workers", type=click.IntRange(1, 1024), help="How many at a time; all cores if not given.")
where = together(
    "where",
    _where,
    workers,
    click.option(
        "--threads",
        is_flag=True,
        help="Use threads of one process, as the fast engine does anyway; in SimPy they take turns.",
    ),
    click.option("--cluster", metavar="ADDRESS", help="Use a dask.distributed scheduler, tcp://host:port."),
)
out = all_of(
    (
        click.option(
            "--out",
            type=Folder(file_okay=False, path_type=Path),
            help="Folder of results, instead of results/NAME_DATE; a study that was interrupted goes on there.",
        ),
        click.option("--force", is_flag=True, help="Use --out though it holds another study or other files."),
    )
)
figures = all_of(
    (
        click.option(
            "--no-figures",
            is_flag=True,
            help="Draw no figures; the same command without this draws them later, from what is kept.",
        ),
        click.option(
            "--style",
            default="paper",
            show_default=True,
            type=click.Choice(["paper", "slides"]),
            help="Figures for a report, or for slides: 16 to 9, larger type, fewer words.",
        ),
    )
)
reporting = click.option(
    "--report", "reported", is_flag=True, help="Write the report too, report.html in the folder: one page to hand on."
)
quiet = click.option("--quiet", is_flag=True, help="Neither progress bar nor answer.")


def as_json(told: str = "Print JSON.") -> Callable[[F], F]:
    """Return the option ``--json``."""
    return click.option("--json", "as_json", is_flag=True, help=told)


numbers = as_json("The numbers as JSON instead of the answer.")
doing = together("task", Task, where, out, figures, lang, quiet, numbers)
doing_undrawn = together("task", Task, where, out, lang, quiet, numbers)
"""The same for a command that draws no figures."""
doing_here = together("task", Task, together("where", _where, workers), out, figures, lang, quiet, numbers)
"""The same for studies that only threads of the compiled engine do."""


def series(begin: str = "") -> Callable[[F], F]:
    """Return the option ``--series``; its help may begin with when it counts."""
    return click.option(
        "--series",
        default="customs",
        show_default=True,
        type=click.Choice(["customs", "minister"]),
        help=f"{begin}Which series of import volumes to believe.",
    )


def measure(told: str = "The measure that ranks") -> Callable[[F], F]:
    """Return the option ``--measure``: as the table of measures holds it, the main one if none is given."""

    def written_or_main(ctx: click.Context, param: click.Parameter, name: str | None) -> str | None:
        if ctx.resilient_parsing:  # a shell that completes does not wait for the measures
            return name
        from sim.results.measures import MAIN, written

        return MAIN if name is None else written(name)

    help_ = f"{told}, instead of days_half_closed."
    return click.option("--measure", metavar="NAME", callback=written_or_main, help=help_)


facts = all_of(
    (
        click.option(
            "--targets",
            required=True,
            type=TARGETS,
            metavar="NAME",
            help="What is on record: a file of targets, by name or path.",
        ),
        series(),
    )
)


def was_given(*names: str) -> bool:
    """Say whether one of the options that a command knows by these names was given, be it with its default."""
    source = click.get_current_context().get_parameter_source
    return any(source(name) is not click.core.ParameterSource.DEFAULT for name in names)
