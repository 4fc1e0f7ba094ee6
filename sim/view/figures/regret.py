"""How far each alternative falls short of the best one, over the draws of the uncertain parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from pandas import DataFrame

from sim.errors import ViewError
from sim.results.measures import goal
from sim.study.comparison import Comparison
from sim.study.ranking import judged_by_draw, regret
from sim.view.figures import figure
from sim.view.figures.sides import Side, basis, first_of, listed, measure_of, rows, scale, sides, worlds
from sim.view.style import FAINT, INK, SMALL, SOFT, Chart, beside, canvas, frame, headline, settle
from sim.view.words import counted, number, percent

Row = dict[str, float]
CAPTIONS = ("mean", "95 % of draws", "largest", "best in")
AWAY = (24, 74, 116, 152)
"""How far right of the panel the numbers stand, points."""


def _given(comparison: Comparison, **_: object) -> tuple[Comparison] | None:
    """Draw it if parameters were drawn and the goal ranks."""
    return (comparison,) if comparison.drawn and can_rank(comparison) else None


@figure("regret", "Comparison", _given)
def regrets(comparison: Comparison) -> Chart:
    """Draw each alternative's regret in the goal measure: what it gives away to the best in the same draw.

    Returns
    -------
    Chart
        For each alternative the mean (marker), the 95 % point (bar) and the largest (open circle) over the draws, and
        the share of draws in which it is the best.  A draw counts with the mean of its replications.  Alternatives
        in which attackers adapt are set beside each other only.

    Raises
    ------
    ViewError
        If the goal has no better direction, or no draw has it for all alternatives of a world.
    """
    measure = measure_of(comparison, comparison.goal)
    better = goal(comparison.goal).better
    if not can_rank(comparison):
        why = "it is neither better high nor low" if not better else "no draw has it for two of one world"
        raise ViewError(
            f"no regret in '{comparison.goal}': {why}; expected a measure that ranks, such as days_half_closed"
        )
    factor, unit = scale(measure)
    held: list[Side] = []
    table: dict[str, Row] = {}
    draws = 0
    for world, values in _choices(comparison):
        found = regret(values, better)
        found[["mean", "high", "most"]] *= factor
        for name, row in found.to_dict("index").items():
            table[str(name)] = {str(key): float(one) for key, one in row.items()}
        held, draws = [*held, *world], max(draws, len(values))
    chart = canvas(1.35 + 0.3 * max(len(held), 2))
    axes = chart.add_subplot()
    _dots(axes, held, table)
    frame(axes)
    rows(axes, held)
    said = unit if unit and measure.label.lower().startswith(unit) else f"{measure.label.lower()}{unit and f', {unit}'}"
    axes.set_xlabel(
        f"regret: {said} {'short of' if better > 0 else 'more than'} the best in the same draw", fontsize=SMALL
    )
    headline(chart, _title(held, table, unit), _detail(comparison, draws))
    settle(chart)
    return chart


def can_rank(comparison: Comparison) -> bool:
    """Whether the goal measure has a better direction, and some draw in which the alternatives of a world have it."""
    return bool(goal(comparison.goal).better) and bool(_choices(comparison))


def _choices(comparison: Comparison) -> list[tuple[list[Side], DataFrame]]:
    """Return the alternatives that one chooses between, with attackers that adapt or without, and their goal measure.

    Only draws in which all of them have it; a world with one alternative leaves nothing to choose.
    """
    values = judged_by_draw(comparison)
    parts = [(world, values[[side.name for side in world]].dropna()) for world in worlds(sides(comparison))]
    return [(world, part) for world, part in parts if len(world) > 1 and not part.empty]


def _dots(axes: Axes, held: Sequence[Side], table: Mapping[str, Row]) -> None:
    top = max(1e-9, *(row["most"] for row in table.values()))
    for place, side in enumerate(held):
        mean, high, most, best = (table[side.name][name] for name in ("mean", "high", "most", "best"))
        look = side.look
        axes.plot([0, most], [place, place], color=FAINT, linewidth=0.9, zorder=1)
        axes.plot([0, high], [place, place], color=look.colour, linewidth=2.4, solid_capstyle="butt", zorder=2)
        axes.plot([high], [place], color=look.colour, marker="|", markersize=9, markeredgewidth=2.4, zorder=3)
        axes.plot([most], [place], color=SOFT, marker="o", markersize=4, markerfacecolor="white", zorder=3)
        axes.plot(
            [mean], [place], marker=look.marker, color=look.colour, markersize=6.5, linestyle="none", zorder=4,
            markeredgecolor=look.edge or INK, markeredgewidth=1.2 if look.edge else 0.5, gid=side.name,
        )  # fmt: skip
        for column, words in enumerate((number(mean), number(high), number(most), percent(best))):
            beside(axes, words, place, AWAY[column], ha="center", fontsize=SMALL)
    for column, words in enumerate(CAPTIONS):
        beside(axes, words, -0.62, AWAY[column], ha="center", va="bottom", color=SOFT)
    axes.set_xlim(-0.02 * top, 1.04 * top)


def _title(held: Sequence[Side], table: Mapping[str, Row], unit: str) -> str:
    calm, *others = worlds(held)
    said = _safest(calm, table, unit)
    return f"{said}; where attackers adapt, {_safest(others[0], table, unit)}" if others else said


def _safest(held: Sequence[Side], table: Mapping[str, Row], unit: str) -> str:
    """Say which alternative gives away least at worst, and which is best most often."""
    least = min(table[side.name]["most"] for side in held)
    if not max(table[side.name]["most"] for side in held) > 0:
        return f"{listed([side.said for side in held])} do the same in every draw: there is nothing to regret"
    safe = [side.said for side in held if table[side.name]["most"] == least]
    often = max(held, key=lambda side: table[side.name]["best"])
    share = percent(table[often.name]["best"])
    worst = counted(number(least), unit.removesuffix("s"), unit).rstrip() if unit else number(least)
    start = f"{first_of(safe)} {'is' if len(safe) == 1 else 'are'} never more than {worst} from the best of a draw"
    if least == 0:
        return f"{first_of(safe)} {'is' if len(safe) == 1 else 'are'} best, alone or with others, in every draw"
    if [often.said] == safe:
        return f"{start}, and best in {share} of draws"
    return f"{start}; most often best is {often.said}, in {share} of draws"


def _detail(comparison: Comparison, draws: int) -> str:
    over = counted(str(draws), "draw" if comparison.drawn else "replication")
    of = "of the uncertain parameters" if comparison.drawn else "(parameters are not drawn apart from luck)"
    apart = (
        " Attackers that adapt: among themselves." if any(one.exploratory for one in comparison.alternatives) else ""
    )
    return basis(
        comparison,
        f"Marker: mean regret; end of the bar: 95 % point; open circle: largest; over {over} {of}. Best in: "
        f"share of them in which it is the best, shared where several are.{apart}",
    )
