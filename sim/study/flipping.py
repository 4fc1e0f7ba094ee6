"""Under which draws of the parameters the ranking of two alternatives flips."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.results.measures import goal
from sim.study.finding import judged, ranked
from sim.study.paired import by_draw
from sim.study.robust import Box, flips, regret

if TYPE_CHECKING:
    import pandas as pd

    from sim.study.comparison import Comparison


@dataclass(frozen=True)
class Flipping:
    """Where the lower-ranked of two alternatives beats the higher-ranked.

    Parameters
    ----------
    ahead, behind
        Names: by the mean of the measure that ranks, the first is better.
    box
        Conditions under which the one behind is better, or None if none stand out.
    draws
        Draws of the parameters in which the two differ.
    """

    ahead: str
    behind: str
    box: Box | None
    draws: int


def flipping(comparison: Comparison, one: str | None = None, other: str | None = None) -> Flipping | None:
    """Return the conditions under which a ranking flips.

    Parameters
    ----------
    comparison
        A comparison.
    one, other
        Two alternatives, in any order; the best and the baseline if not given (the second, if the baseline is best).

    Returns
    -------
    Flipping or None
        None if no parameters were drawn, or from a posterior, or the measure does not rank.

    Raises
    ------
    StudyError
        If ema_workbench is needed and not installed.
    """
    better = goal(comparison.goal).better
    if not comparison.drawn or comparison.fitted or not better:
        return None
    order = ranked(comparison)
    if one is None or other is None:
        one, other = order[0], comparison.baseline if comparison.baseline != order[0] else order[1]
    ahead, behind = sorted((one, other), key=order.index)
    values = better * (judged(comparison, behind) - judged(comparison, ahead))
    lead = by_draw(values, drawn=True)
    lead = lead[lead.notna() & (lead != 0.0)]
    box = flips(lead > 0.0, by_draw(comparison.values(behind, ahead), drawn=True))
    return Flipping(ahead, behind, box, len(lead))


def regrets_of(comparison: Comparison) -> pd.DataFrame | None:
    """Return the regret of each alternative over the draws of the parameters; None if it has no meaning.

    Alternatives in which attackers adapt are set beside each other only: whether they adapt is nobody's choice.
    """
    import pandas as pd

    better = goal(comparison.goal).better
    if not better or not comparison.drawn:
        return None
    values = judged_by_draw(comparison)
    worlds = [[one.name for one in comparison.alternatives if one.exploratory is on] for on in (False, True)]
    parts = [regret(values[names], better) for names in worlds if len(names) > 1 and len(values[names].dropna())]
    return pd.concat(parts) if parts else None


def judged_by_draw(comparison: Comparison) -> pd.DataFrame:
    """Return the measure that ranks by draw (index) and alternative (columns): the mean of a draw's replications."""
    import pandas as pd

    return by_draw(pd.DataFrame({name: judged(comparison, name) for name in comparison.names}), comparison.drawn)
