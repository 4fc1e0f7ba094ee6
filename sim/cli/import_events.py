"""``convoi import events``: the attackers' effort by zone and month, from counts of events."""

from __future__ import annotations

import shlex
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.options import Day, tell_notes
from sim.cli.piece import piece, put

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date


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


@click.command(short_help="Attacks by zone and month from ACLED, UCDP or weekly counts.")
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE.csv")
@click.option("--on", "scenario", metavar="SCENARIO", help="Country whose zones these are, with their ranges as prior.")
@click.option(
    "--zones",
    type=click.Path(path_type=Path),
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
    from sim.intake.effort import Belief
    from sim.intake.gamma import USUAL, Share, between
    from sim.intake.overlay import Citation, overlay
    from sim.intake.tally import Wanted
    from sim.scenario.load import load

    ratio = Share(share[0], share[len(share) // 2], share[-1]) if share else USUAL
    belief = Belief(ratio, between(*prior) if prior else None)
    country = load(scenario) if scenario is not None else None
    wanted = Wanted(types, countries, first, last)
    text, notes = overlay(file, zones, wanted, belief, Citation(attribution, accessed), country)
    assumed = f"each event stands for {ratio} ambushes of convoys, an assumption; --share states another"
    tell_notes([*([] if share else [assumed]), *notes])
    put(text.rstrip("\n"), out)
    if out is not None:
        check = shlex.join(["convoi", "check", scenario or "SCENARIO", "--overlay", str(out)])
        click.echo(f"{out}: written; next: {check}", err=True)
