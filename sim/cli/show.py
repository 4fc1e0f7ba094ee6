"""``convoi show``: the merged scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sim.cli.options import layers, scenario_argument, tell_notes_on

if TYPE_CHECKING:
    from sim.scenario.load import Scenario


@click.command(short_help="Print the merged scenario.")
@scenario_argument
@layers
@click.option("--origins", is_flag=True, help="Add to each value the file and line that set it.")
def show(scenario: str, overlays: tuple[str, ...], sets: tuple[str, ...], origins: bool) -> None:
    """Print the merged scenario with defaults filled in, then what its threat means for one trip."""
    from sim.plan import build
    from sim.scenario.describe import written
    from sim.scenario.load import load

    loaded = load(scenario, overlays, sets)
    tell_notes_on([(loaded, build(loaded))])
    click.echo(written(loaded, places=origins), nl=False)
    for line in _trips(loaded):
        click.echo(f"# {line}".rstrip())


def _trips(scenario: Scenario) -> list[str]:
    """Return a table of chances; printed as comments, so that the whole output remains a scenario file."""
    from sim.study.hazard import SIZES, chances, threats

    lines = [
        "",
        "What one trip faces, at central values: the chance of an attack from ambush, by tankers in the party;",
        "taken: the chance that a tanker of a party without soldiers is lost at a roadblock.",
        f"{'':<35}{'alone':^24}{'with the army':^24}",
        f"{'corridor':<23}{'from':<12}" + "".join(f"{size:>8}" for size in (*SIZES, *SIZES)) + f"{'taken':>8}",
    ]
    for threat in threats(scenario):
        found = [chances(scenario, threat, size, army) for army in (False, True) for size in SIZES]
        cells = [*(chance.attacked for chance in found), found[0].taken]
        lines.append(f"{threat.corridor:<23}{threat.start:%Y-%m-%d}  " + "".join(f"{chance:>8.1%}" for chance in cells))
    return lines
