"""How a choice holds up over the ranges of the parameters, in words: regret, and when a ranking flips."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.study.ranking import regrets_of
from sim.view.differ import change, said
from sim.view.figures.flips import conditions_words
from sim.view.words import counted, percent

if TYPE_CHECKING:
    from sim.study.comparison import Comparison
    from sim.study.ranking import Flipping


def robust_words(comparison: Comparison, flipping: Flipping | None) -> list[str]:
    """Say how far each alternative falls short over the draws of the parameters, and when the ranking flips."""
    held = regrets_of(comparison)
    lines = []
    if held is not None:
        means, highs = (dict(zip(held.index, held[column].tolist(), strict=True)) for column in ("mean", "high"))
        parts = [
            f"{said(name)} {_amount(means[name], comparison)} (95 % point {_amount(highs[name], comparison)})"
            for name in means
        ]
        lines.append(
            "Regret (shortfall from the best alternative in the same draw of the parameters, mean): "
            f"{', '.join(parts)}."
        )
    if flipping is not None:
        lines.append(flip_words(comparison, flipping))
    return lines


def flip_words(comparison: Comparison, found: Flipping) -> str:
    """Say under which conditions the ranking of two alternatives flips."""
    if found.box is None:
        return (
            f"No condition on the parameters stands out under which {said(found.behind)} beats {said(found.ahead)} "
            f"({counted(str(found.draws), 'draw')} in which they differ)."
        )
    scenario = next(one.scenario for one in comparison.alternatives if one.name == found.behind)
    when = " and ".join(conditions_words(found.box.conditions, scenario))
    return (
        f"The ranking flips: {said(found.behind)} beats {said(found.ahead)} in {percent(found.box.density)} of the "
        f"draws with {when}, against {percent(found.box.base)} of all draws; these are {percent(found.box.coverage)} "
        "of the draws in which it does (found by PRIM)."
    )


def _amount(value: float, comparison: Comparison) -> str:
    return change(value, comparison.goal).removeprefix("+")
