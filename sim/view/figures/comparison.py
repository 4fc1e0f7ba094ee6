"""The figures that every comparison gets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.study.break_even import BreakEven
    from sim.study.comparison import Comparison
    from sim.study.ranking import Flipping
    from sim.view.style import Chart


def save_comparison(
    comparison: Comparison,
    folder: str | Path,
    found: BreakEven | None = None,
    flipping: Flipping | None = None,
) -> list[Path]:
    """Store a comparison's figures as PNG and SVG.

    Parameters
    ----------
    comparison
        A comparison.
    folder
        Where to; made if it is missing.
    found
        The break-even of two of its strategies, if it was asked for.
    flipping
        Conditions under which the ranking of two alternatives flips, if any were found.

    Returns
    -------
    list of Path
        Files written: forest, stock-by-strategy, frontier, funnels, waiting-by-strategy, each PNG then SVG; regret if
        parameters were drawn and the goal ranks; towns if all alternatives have one strategy and differ in something
        else; break-even and flips if there are any.

    Raises
    ------
    ViewError
        If the folder or a file cannot be written.
    """
    from sim.view.figures import save_charts
    from sim.view.figures.by_strategy import by_strategy
    from sim.view.figures.delays import delays
    from sim.view.figures.flips import flips
    from sim.view.figures.forest import forest
    from sim.view.figures.frontier import frontier
    from sim.view.figures.funnels import funnels
    from sim.view.figures.regret import can_rank, regrets
    from sim.view.figures.towns import felt

    drawn: dict[str, Chart] = {
        "forest": forest(comparison),
        "stock-by-strategy": by_strategy(comparison),
        "frontier": frontier(comparison),
        "funnels": funnels(comparison),
        "waiting-by-strategy": delays(comparison),
    }
    if comparison.drawn and can_rank(comparison):
        drawn["regret"] = regrets(comparison)
    if len({one.scenario.root.strategy.name for one in comparison.alternatives}) == 1:
        drawn["towns"] = felt(comparison)
    if found is not None:
        from sim.view.figures.break_even import break_even

        drawn["break-even"] = break_even(found, {one.name: one.label for one in comparison.alternatives})
    if flipping is not None and flipping.box is not None:
        drawn["flips"] = flips(comparison, flipping.box, flipping.behind, flipping.ahead)
    return save_charts(drawn, folder)
