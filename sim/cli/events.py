"""``convoi events``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.language import lang
from sim.cli.options import Drawing, Layers, drawing, layers, scenario_argument, whole
from sim.cli.streams import as_text
from sim.cli.task import in_folder, tell_notes_on
from sim.errors import ResultsError

if TYPE_CHECKING:
    from sim.scenario.load import Scenario
    from sim.study.replicate import Events
    from sim.view.event_words import Line

TARGET = click.Path(dir_okay=False, path_type=Path)


@click.command()
@scenario_argument
@whole("--replication", 0, 0, 2**32 - 1, "Its number in the tables of a run with the same seed.")
@click.option(
    "--what",
    metavar="WHAT[,WHAT]",
    help="convoys, attacks, stations, crews (these if not given), tankers, escorts, fuel, or all.",
)
@click.option("--from", "since", metavar="DATE", help="Leave out what was before this day, as 2025-10-20 or 'day 80'.")
@click.option("--to", "until", metavar="DATE", help="Leave out what was after this day.")
@click.option("--town", metavar="NAME", help="Only what happened there, or on its roads and corridors.")
@drawing
@layers
@click.option("--parquet", type=TARGET, metavar="FILE", help="Write every event to a Parquet file instead.")
@click.option("--csv", "as_csv", type=TARGET, metavar="FILE", help="Write every event to a CSV file instead.")
@click.option("--force", is_flag=True, help="Replace FILE if it is there.")
@lang
@click.option("--quiet", is_flag=True, help="No notes.")
@click.option("--json", "as_json", is_flag=True, help="The lines as JSON.")
def events(
    layers: Layers,
    replication: int,
    what: str | None,
    since: str | None,
    until: str | None,
    town: str | None,
    drawing: Drawing,
    parquet: Path | None,
    as_csv: Path | None,
    force: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Tell what happened in one replication of SCENARIO: convoys, attacks, stations, crews, in order of time."""
    from sim.plan import build
    from sim.study.replicate import events as study
    from sim.view.events import Choice, event_lines, lines_of

    files = {path: option for path, option in ((parquet, "--parquet"), (as_csv, "--csv")) if path is not None}
    for path, option in files.items():
        in_folder(path, option)
    if files:
        _refuse(files, force, {"--what": what, "--from": since, "--to": until, "--town": town, "--json": as_json})
    elif force:
        raise click.UsageError("--force without --parquet or --csv")
    scenario = layers.load()
    choice = Choice(_kinds(what), _day(scenario, since), _day(scenario, until), town)
    plan = build(scenario)
    if not quiet:
        tell_notes_on([(scenario, plan)])
    if drawing.engine == "fast":
        from sim.study.engine import prepare

        prepare(None if quiet else lambda text: click.echo(text, err=True))
    told = study(scenario, replication, **vars(drawing))
    if files:
        for path, option in files.items():
            _store(told, path, option)
        if not quiet:
            click.echo(f"{len(told.table):,} events: {', '.join(map(str, files))}")
    elif as_json:
        click.echo(as_text([_fields(told, line) for line in lines_of(told, choice)]))
    else:
        for line in event_lines(told, choice):
            click.echo(line)


def _kinds(what: str | None) -> tuple[str, ...]:
    from sim.results.events import WHAT
    from sim.view.events import STORY

    names = [] if what is None else [name.strip() for name in what.split(",")]
    return STORY if what is None else WHAT if "all" in names else tuple(names)


def _day(scenario: Scenario, given: str | None) -> date | None:
    from sim.view.day import day_in

    return None if given is None else (scenario.start + timedelta(days=day_in(scenario, given))).date()


def _fields(events: Events, line: Line) -> dict[str, Any]:
    when = events.scenario.start + timedelta(minutes=int(line.time * 60.0 + 1e-6))
    written = f"{when:%Y-%m-%d}" if line.whole_day else f"{when:%Y-%m-%dT%H:%M}"
    return {"date": written, "what": line.what, "places": sorted(line.places), "text": line.text}


def _refuse(files: Iterable[Path], force: bool, given: dict[str, object]) -> None:
    """Refuse what a file of every event leaves no room for, and a file that is there."""
    for option, value in given.items():
        if value:
            raise click.UsageError(f"{option} with --parquet or --csv, which hold every event")
    for path in files:
        if path.exists() and not force:
            raise ResultsError(f"'{path}' is there already; give another name, or replace it with --force", path=path)


def _store(events: Events, path: Path, option: str) -> None:
    from sim.results.files import replaced
    from sim.results.sheet import csv_text

    with replaced(path) as new:
        if option == "--parquet":
            events.table.to_parquet(new, index=False)
        else:
            new.write_text(csv_text(events.table, index=False), encoding="utf-8")
