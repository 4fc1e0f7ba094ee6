"""Cost against unmet need: which alternatives are efficient."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from pandas import Series

from sim.errors import ViewError
from sim.results.measures import column_of
from sim.study.comparison import Comparison
from sim.study.intervals import interval
from sim.view.figures import figure
from sim.view.figures.labels import Label, place
from sim.view.figures.sides import EXPLORATORY, Side, basis, known_town, listed, sides
from sim.view.style import INK, SMALL, SOFT, TEXT, Chart, canvas, frame, headline, settle
from sim.view.words import number

Cost = Literal["escorts and losses", "escorts"]
LITRES_PER_MILLION = 1e-3
"""Million dollars in a dollar per m3 of a million litres."""
MET = 5e-4
"""Share of need under which a town's need counts as met by all, so that it tells alternatives apart no more."""
NAMED = 4
"""Efficient alternatives that a title names."""


@dataclass(frozen=True)
class Point:
    """An alternative's mean cost and unmet need (%), both finite, with the 95 % intervals of the means."""

    side: Side
    cost: float
    unmet: float
    costs: tuple[float, float]
    unmets: tuple[float, float]

    def beaten(self, others: Sequence[Point]) -> bool:
        """Whether another of the same world is as good in both and better in one."""
        return any(
            one.cost <= self.cost and one.unmet <= self.unmet and (one.cost, one.unmet) != (self.cost, self.unmet)
            for one in others
            if one.side.exploratory is self.side.exploratory
        )


@figure("frontier", "Comparison")
def frontier(comparison: Comparison, cost: Cost = "escorts and losses", town: str | None = None) -> Chart:
    """Draw cost against need not met, and mark the alternatives that no other beats in both.

    Parameters
    ----------
    comparison
        A comparison.
    cost
        Of escorts and of lost tankers with their loads, or of escorts alone; million USD.
    town
        Town whose need counts; the hub if absent, or all towns if every alternative meets the hub's need.

    Returns
    -------
    Chart
        A point for each alternative at its means, crossed by the 95 % intervals of the means; filled and joined by
        steps if efficient, hollow if not.  Alternatives in which attackers adapt are set beside each other only.

    Raises
    ------
    ViewError
        If there is no such cost or town.
    """
    if cost not in ("escorts and losses", "escorts"):
        raise ViewError(f"no cost '{cost}'; expected 'escorts and losses' or 'escorts'")
    if town is not None:
        known_town(comparison, town)
    points, where = _points(comparison, cost, town)
    efficient = sorted(
        (one for one in points if not one.beaten(points)), key=lambda one: (one.side.exploratory, one.cost)
    )
    chart = canvas(3.9)
    axes = chart.add_subplot()
    for world in (False, True):
        _steps(axes, [one for one in efficient if one.side.exploratory is world])
    for one in points:
        _draw(axes, one, filled=one in efficient)
    frame(axes, f"need not met in {where}, %")
    what = "escorts, lost tankers and their loads" if cost == "escorts and losses" else "escorts"
    axes.set_xlabel(f"cost of {what}, million USD", fontsize=SMALL, color=INK)
    axes.margins(0.12)
    low, high = axes.get_ylim()
    axes.set_ylim(max(low, -0.06 * high), high)
    axes.xaxis.set_major_locator(MaxNLocator(8))
    axes.annotate(
        "↙ better", (0, 0), xycoords="axes fraction", xytext=(4, 4), textcoords="offset points", fontsize=SMALL,
        color=SOFT,
    )  # fmt: skip
    headline(chart, _title(points, efficient, where), _detail(comparison))
    settle(chart)
    _name(axes, points, efficient)
    return chart


def _points(comparison: Comparison, cost: Cost, town: str | None) -> tuple[list[Point], str]:
    held = sides(comparison)
    hub = comparison.alternatives[0].scenario.root.hub
    where = town or hub
    unmet = {side.name: 100 * (1 - side.measures[column_of("need_met", where)]) for side in held}
    if town is None and max(float(one.mean()) for one in unmet.values()) < 100 * MET:
        where = "all towns"
        sums = comparison.sums("days", ["alternative", "replication"], ["burned", "need"])
        share = 100 * (1 - sums["burned"] / sums["need"])
        unmet = {side.name: share.loc[side.name] for side in held}
    points = [_point(comparison, side, _cost(side, cost), unmet[side.name]) for side in held]
    return [one for one in points if isfinite(one.cost) and isfinite(one.unmet)], where


def _cost(side: Side, cost: Cost) -> Series[float]:
    if cost == "escorts":
        return side.measures["escort_cost"]
    return side.measures["cost_per_m3"] * side.measures["imports_total"] * LITRES_PER_MILLION


def _point(comparison: Comparison, side: Side, cost: Series[float], unmet: Series[float]) -> Point:
    (mean, *costs), (left, *unmets) = (interval(values, comparison.drawn) for values in (cost, unmet))
    return Point(side, mean, left, (costs[0], costs[1]), (unmets[0], unmets[1]))


def _draw(axes: Axes, one: Point, *, filled: bool) -> None:
    look = one.side.look
    for x, y in ((one.costs, [one.unmet] * 2), ([one.cost] * 2, one.unmets)):
        axes.plot(x, y, color=look.colour, linewidth=1.3 if filled else 0.7, zorder=2)
    axes.plot(
        [one.cost], [one.unmet], marker=look.marker, markersize=8, linestyle="none", zorder=4, gid=one.side.name,
        markerfacecolor=look.colour if filled else "white",
        markeredgecolor=(look.edge or INK) if filled else look.colour,
        markeredgewidth=(1.6 if look.edge else 0.6) if filled else 1.5,
    )  # fmt: skip


def _steps(axes: Axes, efficient: Sequence[Point]) -> None:
    x, y = [one.cost for one in efficient], [one.unmet for one in efficient]
    axes.step(x, y, where="post", color=SOFT, linewidth=1.0, linestyle=(0, (4, 2)), zorder=1)


def _name(axes: Axes, points: Sequence[Point], efficient: Sequence[Point]) -> None:
    """Label the points; crosses and steps are kept clear where there is room."""
    along = [
        (low + (high - low) * k / 20, level) if across else (level, low + (high - low) * k / 20)
        for one in points
        for across, (low, high), level in ((True, one.costs, one.unmet), (False, one.unmets, one.cost))
        for k in range(21)
        if low < high
    ]
    for left, right in pairwise(efficient):
        if left.side.exploratory is not right.side.exploratory:
            continue
        along += [(left.cost + (right.cost - left.cost) * k / 40, left.unmet) for k in range(41)]
        along += [(right.cost, left.unmet + (right.unmet - left.unmet) * k / 40) for k in range(41)]
    ranked = [*efficient, *(one for one in points if one not in efficient)]
    labels = [
        Label(one.cost, one.unmet, _words(one.side), TEXT if one in efficient else SMALL, bold=one in efficient)
        for one in ranked
    ]
    place(axes, labels, lines=along)


def _words(side: Side) -> str:
    return f"{side.name}\n({EXPLORATORY})" if side.exploratory else side.name


def _title(points: Sequence[Point], efficient: Sequence[Point], where: str) -> str:
    if not points:
        return f"Neither cost nor need met in {where} is defined for any alternative"
    calm = [one for one in efficient if one.side.exploratory is efficient[0].side.exploratory]
    adaptive = [one for one in efficient if one not in calm]
    among = len(points) - len([one for one in points if one.side.exploratory is not efficient[0].side.exploratory])
    ending = f"; where attackers adapt: {listed([one.side.said for one in adaptive])}" if adaptive else ""
    if among == 1:
        return "; ".join(
            f"{one.side.said}: {number(one.unmet)} % of need unmet in {where} for {number(one.cost)} million USD"
            for one in efficient
        )
    if len(calm) == 1:
        one = calm[0]
        least = f"leaves the least need unmet in {where} ({number(one.unmet)} %)"
        return f"{one.side.said} both costs least and {least}{ending}"
    names = [one.side.said for one in calm]
    inner = listed(names) if len(names) <= NAMED else f"{names[0]} to {names[-1]}, {len(names)} in all"
    first, last = (number(one.cost) for one in (calm[0], calm[-1]))
    cost = f"for about {first} million USD each" if first == last else f"for {first} to {last} million USD"
    rest = "" if among == len(calm) else "; others cost more for no less unmet"
    return (
        f"Efficient: {inner}, {number(calm[0].unmet)} % down to {number(calm[-1].unmet)} % of need unmet in "
        f"{where} {cost}{rest}{ending}"
    )


def _detail(comparison: Comparison) -> str:
    crosses = (
        "Points: means; crosses: 95 % intervals of the means. Filled, on the steps: efficient, none costs less and "
        "leaves less unmet, on the means; hollow: beaten in both. Differences on the same luck are surer than crosses."
    )
    return basis(
        comparison, crosses if len(comparison.of[comparison.baseline]) > 1 else crosses.partition("; cross")[0] + "."
    )
