"""``convoi import roads``: roads between towns from a GeoJSON export."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from sim.cli.options import tell_notes
from sim.cli.piece import piece, put

FILE = click.Path(path_type=Path)
F = TypeVar("F", bound=Callable[..., Any])


def measure(option: str, unit: str, low: float, high: float, default: str, told: str) -> Callable[[F], F]:
    """Make an option that takes a number with its unit, such as ``50 m``, within bounds in a unit of the model."""

    def read(ctx: click.Context, param: click.Parameter, text: str) -> float:
        from sim.scenario.number import Quantity, Scale, read_number

        number = read_number(text, Scale(unit, low, high), None)
        if isinstance(number, Quantity):
            return number.value
        raise click.BadParameter("; ".join(map(str, number)), ctx, param)

    metavar = {"km": "LENGTH", "km/h": "PACE"}.get(unit, "SHARE")
    return click.option(option, default=default, show_default=True, metavar=metavar, callback=read, help=told)


@click.command(short_help="Roads between towns from a GeoJSON export.")
@click.argument("file", type=FILE, metavar="FILE.geojson")
@click.option(
    "--towns", required=True, type=FILE, metavar="FILE", help="Towns: CSV with name,lat,lon; or GeoJSON points."
)
@piece
@measure("--snap", "km", 0, 1, "50 m", "Join an end to a line this near.")
@measure("--reach", "km", 0.01, 10, "2 km", "A line this near to a town's place comes by the town.")
@measure("--paved", "km/h", 1, 120, "40 km/h", "Pace of a laden tanker on paved road.")
@measure("--unpaved", "km/h", 1, 120, "25 km/h", "The same on unpaved road.")
@measure("--detour", "1", 0, 1, "10 %", "Where a way by other towns takes at most this longer, it stands for a road.")
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
    from sim.intake.roads import roads as made_of
    from sim.intake.ways import Paces

    paces: Paces = {"paved": paved, "unpaved": unpaved, "unknown": (paved + unpaved) / 2}
    found = made_of(file, towns, 1000 * snap, 1000 * reach, paces, detour, attribution)
    tell_notes(found.notes)
    if found.attribution:
        click.echo(found.attribution, err=True)
    put(fragment(found), out)
    if out is None:
        return
    for name, ways in named(found):
        click.echo(f"{name}: {ways[0].whole / 1000:,.1f} km, {surface_of(ways[0])}")
    click.echo(f"{len(found.ways)} road{'s' * (len(found.ways) != 1)} in {out}")
