"""``convoi show``: the merged scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sim.cli.options import layers, scenario_argument, tell_notes_on

if TYPE_CHECKING:
    from sim.scenario.load import Scenario

COMMENT = "# "


@click.command(short_help="Print the merged scenario.")
@scenario_argument
@layers
@click.option("--origins", is_flag=True, help="Add to each value the file and line that set it.")
def show(scenario: str, overlays: tuple[str, ...], sets: tuple[str, ...], origins: bool) -> None:
    """Print the merged scenario with defaults filled in, then what its threat means for one trip."""
    from sim.plan import build
    from sim.scenario.describe import written
    from sim.scenario.load import load
    from sim.view.width import width, within

    loaded = load(scenario, overlays, sets)
    tell_notes_on([(loaded, build(loaded))])
    click.echo(written(loaded, origins, width()), nl=False)
    with within(width() - len(COMMENT)):
        for text in _trips(loaded).splitlines():
            click.echo(f"{COMMENT}{text}".rstrip())


def _trips(scenario: Scenario) -> str:
    """Return a table of chances; printed as comments, so that the whole output remains a scenario file."""
    from sim.study.threat import SIZES, chances, threats
    from sim.view.table import grid, paragraphs

    told = [
        "What one trip faces, at central values: the chance of an attack from ambush, by tankers in the party; taken: "
        "the chance that a tanker of a party without soldiers is lost at a roadblock."
    ]
    rows = []
    for threat in threats(scenario):
        found = [chances(scenario, threat, size, army) for army in (False, True) for size in SIZES]
        cells = [*(chance.attacked for chance in found), found[0].taken]
        rows.append([threat.corridor, f"{threat.start:%Y-%m-%d}", *(f"{chance:.1%}" for chance in cells)])
    sizes = [f"{size}\n{who}" for who in ("alone", "with army") for size in SIZES]
    return f"\n{paragraphs(told)}\n{grid(['corridor', 'from', *sizes, 'taken'], rows, range(2, 3 + len(sizes)))}"
