"""``convoi show``: the merged scenario."""

from __future__ import annotations

import click

from sim.cli.options import layers, scenario_argument, tell_notes


@click.command(short_help="Print the merged scenario.")
@scenario_argument
@layers
@click.option("--origins", is_flag=True, help="Add to each value the file and line that set it.")
def show(scenario: str, overlays: tuple[str, ...], sets: tuple[str, ...], origins: bool) -> None:
    """Print the merged scenario with defaults filled in, then the implied chance of an attack per trip."""
    from sim.scenario.describe import written
    from sim.scenario.load import load
    from sim.study.hazard import implied_attack_chance

    loaded = load(scenario, overlays, sets)
    tell_notes(loaded)
    click.echo(written(loaded, places=origins), nl=False)
    # The heading and the rows are comments, so that the whole output remains a scenario file.
    click.echo("\n# Implied chance of an attack per trip, at central values")
    click.echo(f"# {'corridor':<24}{'from':<14}{'meets an ambush':>17}{'attacked, army':>17}{'attacked, alone':>17}")
    for row in implied_attack_chance(loaded):
        chances = "".join(f"{chance:>17.1%}" for chance in (row.meets, row.attacked, row.attacked_alone))
        click.echo(f"# {row.corridor:<24}{row.start:%Y-%m-%d}    {chances}")
