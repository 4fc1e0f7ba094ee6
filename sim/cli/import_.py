"""``convoi import``: pieces of a scenario from other people's data."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import click

from sim.cli.group import Group
from sim.cli.options import Day, together
from sim.cli.task import in_folder, tell_notes

F = TypeVar("F", bound=Callable[..., Any])
FILE = click.Path(path_type=Path)


class Imports(Group):
    """What can be imported."""

    told: ClassVar = {
        "roads": ("import_", "Roads between towns, with kilometres and surface, from a GeoJSON export."),
        "events": ("import_", "Attacks by zone and month from ACLED, UCDP or weekly counts."),
    }


@click.group("import", cls=Imports)
def import_() -> None:
    """Make pieces of a scenario from other people's data, to lay on a country; see docs/importing.md."""


def _out(out: Path | None, force: bool) -> Path | None:
    """Return the file that a piece is written to; refuse one that cannot be, before anything is read."""
    if force and out is None:
        raise click.UsageError("--force without --out")
    if out is not None and out.exists() and not force:
        raise click.BadParameter(f"'{out}' exists; expected a new name, or --force", param_hint="'--out'")
    if out is not None:
        in_folder(out, "--out")
    return out


piece = together(
    "out",
    _out,
    click.option(
        "--out",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE.yaml",
        help="Write there instead of printing.",
    ),
    click.option("--force", is_flag=True, help="Replace the file of --out if it is there."),
)


def put(text: str, out: Path | None) -> None:
    """Print a piece, or write it to its file."""
    from sim.results.files import write

    if out is None:
        click.echo(text)
    else:
        write(out, text)


def _measure(option: str, unit: str, low: float, high: float, default: str, told: str) -> Callable[[F], F]:
    """Make an option that takes a number with its unit, such as ``50 m``, within bounds in a unit of the model."""

    def read(ctx: click.Context, param: click.Parameter, text: str) -> float:
        from sim.scenario.number import Quantity, Scale, read_number

        number = read_number(text, Scale(unit, low, high), None)
        if isinstance(number, Quantity):
            return number.value
        raise click.BadParameter("; ".join(map(str, number)), ctx, param)

    metavar = {"km": "LENGTH", "km/h": "PACE"}.get(unit, "SHARE")
    return click.option(option, default=default, show_default=True, metavar=metavar, callback=read, help=told)


@click.command()
@click.argument("file", type=FILE, metavar="FILE.geojson")
@click.option(
    "--towns", required=True, type=FILE, metavar="FILE", help="Towns: CSV with name,lat,lon; or GeoJSON points."
)
@piece
@_measure("--snap", "km", 0, 1, "50 m", "Join an end to a line this near.")
@_measure("--reach", "km", 0.01, 10, "2 km", "A line this near to a town's place comes by the town.")
@_measure("--paved", "km/h", 1, 120, "40 km/h", "Pace of a laden tanker on paved road.")
@_measure("--unpaved", "km/h", 1, 120, "25 km/h", "The same on unpaved road.")
@_measure("--detour", "1", 0, 1, "10 %", "Where a way by other towns takes at most this longer, it stands for a road.")
@click.option("--attribution", default="", metavar="TEXT", help="Whom the lines are by, if the file does not say.")
def roads(
    file: Path,
    towns: Path,
    out: Path | None,
    snap: float,
    reach: float,
    paved: float,
    unpaved: float,
    detour: float,
    attribution: str,
) -> None:
    """Make the roads between towns, with kilometres and surface, from the lines of a GeoJSON file.

    Reads exports of OpenStreetMap, of the Logistics Cluster and the like.  What comes out is the 'roads' of a scenario,
    to lay on a country that has these towns; no coordinates are in it.
    """
    from sim.study.packages import need

    need("networkx", "shapely")

    from sim.intake.fragment import fragment, named, surface_of
    from sim.intake.roads import roads as roads_of
    from sim.intake.ways import Paces

    paces: Paces = {"paved": paved, "unpaved": unpaved, "unknown": (paved + unpaved) / 2}
    made = roads_of(file, towns, 1000 * snap, 1000 * reach, paces, detour, attribution)
    tell_notes(made.notes)
    if made.attribution:
        click.echo(made.attribution, err=True)
    put(fragment(made), out)
    if out is None:
        return
    for name, ways in named(made):
        click.echo(f"{name}: {ways[0].whole / 1000:,.1f} km, {surface_of(ways[0])}")
    click.echo(f"{len(made.ways)} road{'s' * (len(made.ways) != 1)} in {out}")


def _numbers(form: str, *counts: int) -> Callable[[click.Context, click.Parameter, str | None], tuple[float, ...]]:
    """Return what reads numbers with colons between them, each above the one before it; none if none are given."""

    def numbers(ctx: click.Context, option: click.Parameter, value: str | None) -> tuple[float, ...]:
        try:
            read = tuple(float(part) for part in (value or "").split(":")) if value is not None else ()
        except ValueError:
            read = (0.0,)
        rising = all(low < high for low, high in pairwise(read))
        if value is not None and not (len(read) in counts and rising and all(0 < number < 1e4 for number in read)):
            raise click.BadParameter(f"'{value}'; expected {form}, above 0 and in rising order")
        return read

    return numbers


@click.command()
@click.argument("file", type=FILE, metavar="FILE.csv")
@click.option("--on", "scenario", metavar="SCENARIO", help="Country whose zones these are, with their ranges as prior.")
@click.option(
    "--zones",
    type=FILE,
    metavar="FILE",
    help="Which zone a district lies in: CSV with the columns district and zone, or a YAML mapping; else by name.",
)
@click.option("--event-type", "types", multiple=True, metavar="NAME", help="Type or sub-type that counts; repeat.")
@click.option("--country", "countries", multiple=True, metavar="NAME", help="Country that counts; repeat.")
@click.option("--from", "first", type=Day(), metavar="DATE", help="First day that the file covers.")
@click.option("--to", "last", type=Day(), metavar="DATE", help="Last day that the file covers.")
@click.option(
    "--share",
    callback=_numbers("LOW:VALUE:HIGH or one number", 1, 3),
    metavar="LOW:VALUE:HIGH",
    help="Ambushes laid for convoys per event counted: an assumption.  [default: 0.05:0.2:0.5]",
)
@click.option(
    "--prior",
    callback=_numbers("LOW:HIGH", 2),
    metavar="LOW:HIGH",
    help="Ambushes a month in a zone before anything is counted: 5 and 95 % points.",
)
@click.option("--accessed", type=Day(), metavar="DATE", help="When the file was downloaded, for the citation.")
@click.option("--attribution", metavar="TEXT", help="How the file is cited, instead of the usual citation.")
@piece
def events(
    file: Path,
    scenario: str | None,
    zones: Path | None,
    types: tuple[str, ...],
    countries: tuple[str, ...],
    first: date | None,
    last: date | None,
    share: tuple[float, ...],
    prior: tuple[float, ...],
    accessed: date | None,
    attribution: str | None,
    out: Path | None,
) -> None:
    """Make an overlay with the attackers' effort by zone and month from FILE.csv.

    FILE.csv is an export of ACLED or UCDP, or a table with the columns week, district and events. Only counts by zone
    and month are taken from it.
    """
    from sim.intake.gamma import USUAL, Share, between
    from sim.intake.overlay import Belief, Citation, overlay
    from sim.intake.tally import Selection
    from sim.scenario.load import load

    ratio = Share(share[0], share[len(share) // 2], share[-1]) if share else USUAL
    belief = Belief(ratio, between(*prior) if prior else None)
    country = load(scenario) if scenario is not None else None
    selection = Selection(types, countries, first, last)
    text, notes = overlay(file, zones, selection, belief, Citation(attribution, accessed), country)
    assumed = f"each event stands for {ratio} ambushes of convoys, an assumption; --share states another"
    tell_notes([*([] if share else [assumed]), *notes])
    put(text.rstrip("\n"), out)
    if out is not None:
        check = shlex.join(["convoi", "check", scenario or "SCENARIO", "--overlay", str(out)])
        click.echo(f"{out}: written; next: {check}", err=True)
