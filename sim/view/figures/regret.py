"""How far each alternative falls short of the best one, over the draws of the uncertain parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from pandas import DataFrame

from sim.errors import ViewError
from sim.language import mark, say, say_counted
from sim.results.measures import goal
from sim.study.comparison import Comparison
from sim.study.ranking import judged_by_draw, regret
from sim.view.figures import figure
from sim.view.figures.parts import finished, point, sentences
from sim.view.figures.sides import (
    Row,
    Side,
    basis,
    first_of,
    in_unit,
    measure_of,
    numbers,
    rows,
    scale,
    sides,
    worlds,
)
from sim.view.study_words import FIRST_LOOK
from sim.view.style import FAINT, SMALL, SOFT, Chart, beside, canvas, frame
from sim.view.words import listed, mid_sentence, number, percent, unit_word, with_unit

CAPTIONS = {24: mark("mean"), 72: mark("95 % of draws"), 120: mark("largest"), 160: mark("ahead in")}
"""What the numbers are that stand so many points right of the panel."""


def _arguments(comparison: Comparison, **_: object) -> tuple[Comparison] | None:
    """Draw it if parameters were drawn and the goal ranks."""
    return (comparison,) if comparison.drawn and _can_rank(comparison) else None


@figure("regret", "Comparison", _arguments)
def regrets(comparison: Comparison) -> Chart:
    """Draw each alternative's regret in the goal measure: what it gives away to the best in the same draw.

    For each alternative the mean (marker), the 95 % point (bar) and the largest (open circle) over the draws, and the
    share of draws in which it is ahead of all.  A draw counts with the mean of its replications.  Alternatives in which
    attackers adapt are set beside each other only.

    Raises
    ------
    ViewError
        If the goal has no better direction, or no draw has it for all alternatives of a world.
    """
    measure = measure_of(comparison, comparison.goal)
    better = goal(comparison.goal).better
    if not _can_rank(comparison):
        why = "it is neither better high nor low" if not better else "no draw has it for two of one world"
        raise ViewError(
            f"no regret in '{comparison.goal}': {why}; expected a measure that ranks, such as days_half_closed"
        )
    factor, unit = scale(measure)
    choices = _choices(comparison)
    alternatives = [side for world, _ in choices for side in world]
    table: dict[str, Row] = {}
    for _, values in choices:
        regrets_of = regret(values, better)
        regrets_of[["mean", "high", "most"]] *= factor
        table |= numbers(regrets_of)
    chart = canvas(1.35 + 0.3 * max(len(alternatives), 2))
    axes = chart.add_subplot()
    _dots(axes, alternatives, table)
    frame(axes)
    rows(axes, alternatives)
    named = unit and measure.plain.lower().startswith(unit)
    said = unit_word(unit) if named else in_unit(mid_sentence(measure.label), measure)
    axes.set_xlabel(
        say("regret: {amount} short of the best in the same draw", amount=said)
        if better > 0
        else say("regret: {amount} more than the best in the same draw", amount=said),
        fontsize=SMALL,
    )
    draws = max(len(values) for _, values in choices)
    few = draws if comparison.count < FIRST_LOOK else 0
    return finished(chart, _title(alternatives, table, unit, few), _reading(comparison, draws), basis(comparison))


def _can_rank(comparison: Comparison) -> bool:
    """Whether the goal measure has a better direction, and some draw in which the alternatives of a world have it."""
    return bool(goal(comparison.goal).better) and bool(_choices(comparison))


def _choices(comparison: Comparison) -> list[tuple[list[Side], DataFrame]]:
    """Return the alternatives that one chooses between, with attackers that adapt or without, and their goal measure.

    Only draws in which all of them have it; a world with one alternative leaves nothing to choose.
    """
    values = judged_by_draw(comparison)
    parts = [(world, values[[side.name for side in world]].dropna()) for world in worlds(sides(comparison))]
    return [(world, part) for world, part in parts if len(world) > 1 and not part.empty]


def _dots(axes: Axes, alternatives: Sequence[Side], table: Mapping[str, Row]) -> None:
    top = max(1e-9, *(row["most"] for row in table.values()))
    for row, side in enumerate(alternatives):
        mean, high, most, best = (table[side.name][name] for name in ("mean", "high", "most", "best"))
        colour = side.look.colour
        axes.plot([0, most], [row, row], color=FAINT, linewidth=0.9, zorder=1)
        axes.plot([0, high], [row, row], color=colour, linewidth=2.4, solid_capstyle="butt", zorder=2)
        axes.plot([high], [row], color=colour, marker="|", markersize=9, markeredgewidth=2.4, zorder=3)
        axes.plot([most], [row], color=SOFT, marker="o", markersize=4, markerfacecolor="white", zorder=3)
        point(axes, mean, row, side.look, 6.5, side.name)
        for away, words in zip(CAPTIONS, (number(mean), number(high), number(most), percent(best)), strict=True):
            beside(axes, words, row, away, ha="center", fontsize=SMALL)
    for away, words in CAPTIONS.items():
        beside(axes, say(words), -0.62, away, ha="center", va="bottom", color=SOFT)
    axes.set_xlim(-0.02 * top, 1.04 * top)


def _title(alternatives: Sequence[Side], table: Mapping[str, Row], unit: str, few: int) -> str:
    """Say which alternative gives away least; of ``few`` draws, if not 0, that it is a first look at them."""
    calm, *others = worlds(alternatives)
    said = _safest(calm, table, unit, few)
    if others:
        said = say(
            "{finding}; where attackers adapt, {other}", finding=said, other=_safest(others[0], table, unit, few)
        )
    if not few:
        return said
    return say_counted(
        "First look, {count} draw: {finding}", "First look, {count} draws: {finding}", few,
        count=number(few), finding=said,
    )  # fmt: skip


def _safest(alternatives: Sequence[Side], table: Mapping[str, Row], unit: str, few: int) -> str:
    """Say which alternative gives away least at worst, and of many draws which is best most often."""
    least = min(table[side.name]["most"] for side in alternatives)
    if not max(table[side.name]["most"] for side in alternatives) > 0:
        names = listed([side.said for side in alternatives])
        return say("{names} do the same in every draw: there is nothing to regret", names=names)
    safe = [side.said for side in alternatives if table[side.name]["most"] == least]
    names, worst = first_of(safe), with_unit(number(least), unit)
    if few:
        if least == 0:
            return say("in none of them is any other ahead of {names}", names=names)
        return say_counted(
            "in them {names} is at most {worst} behind whichever is ahead",
            "in them {names} are at most {worst} behind whichever is ahead",
            len(safe), names=names, worst=worst,
        )  # fmt: skip
    if least == 0:
        return say_counted(
            "{names} is best, alone or with others, in every draw",
            "{names} are best, alone or with others, in every draw",
            len(safe), names=names,
        )  # fmt: skip
    often = max(alternatives, key=lambda side: table[side.name]["best"])
    share = percent(table[often.name]["best"])
    if [often.said] == safe:
        return say(
            "{names} is never more than {worst} from the best of a draw, and best in {share} of draws",
            names=names, worst=worst, share=share,
        )  # fmt: skip
    return say_counted(
        "{names} is never more than {worst} from the best of a draw; most often best is {often}, in {share} of draws",
        "{names} are never more than {worst} from the best of a draw; most often best is {often}, in {share} of draws",
        len(safe), names=names, worst=worst, often=often.said, share=share,
    )  # fmt: skip


def _reading(comparison: Comparison, draws: int) -> str:
    adaptive = any(each.exploratory for each in comparison.alternatives)
    return sentences(
        say_counted(
            "Marker: mean regret; end of the bar: 95 % point; open circle: largest; over {count} draw of the uncertain "
            "parameters.",
            "Marker: mean regret; end of the bar: 95 % point; open circle: largest; over {count} draws of the "
            "uncertain parameters.",
            draws, count=number(draws),
        ),
        say("Ahead in: share of draws in which none does better, shared where several are level."),
        say("Attackers that adapt: among themselves.") if adaptive else "",
    )  # fmt: skip
