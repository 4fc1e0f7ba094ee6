"""Cost against unmet need: which alternatives are efficient."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from typing import Literal, get_args

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from pandas import Series

from sim.errors import ViewError
from sim.language import say
from sim.results.measures import column_of
from sim.study.comparison import Comparison
from sim.study.intervals import interval
from sim.view.figures import figure
from sim.view.figures.labels import Label, place
from sim.view.figures.parts import finished, headed, sentences
from sim.view.figures.sides import Side, basis, known_town, sides
from sim.view.style import INK, SMALL, SOFT, TEXT, Chart, canvas, frame
from sim.view.words import apart, listed, number

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

    @property
    def adaptive(self) -> bool:
        """Whether attackers adapt; points of the two worlds are not set beside each other."""
        return self.side.exploratory

    def beaten(self, others: Sequence[Point]) -> bool:
        """Whether another of the same world is as good in both and better in one."""
        mine = self.cost, self.unmet
        return any(
            other.cost <= self.cost and other.unmet <= self.unmet and (other.cost, other.unmet) != mine
            for other in others
            if other.adaptive is self.adaptive
        )


@figure("frontier", "Comparison")
def frontier(comparison: Comparison, cost: Cost = "escorts and losses", town: str | None = None) -> Chart:
    """Draw cost against need not met, and mark the alternatives that no other beats in both.

    A point for each alternative at its means, crossed by the 95 % intervals of the means; filled and joined by steps if
    efficient, hollow if not.  Alternatives in which attackers adapt are set beside each other only.

    Parameters
    ----------
    comparison
        A comparison.
    cost
        Of escorts and of lost tankers with their loads, or of escorts alone; million USD.
    town
        Town whose need counts; the hub if absent, or all towns if every alternative meets the hub's need.

    Raises
    ------
    ViewError
        If there is no such cost or town.
    """
    if cost not in get_args(Cost):
        raise ViewError(f"no cost '{cost}'; expected 'escorts and losses' or 'escorts'")
    if town is not None:
        known_town(comparison, town)
    points, where = _points(comparison, cost, town)
    unbeaten = (point for point in points if not point.beaten(points))
    efficient = sorted(unbeaten, key=lambda point: (point.adaptive, point.cost))
    chart = canvas(3.9)
    axes = chart.add_subplot()
    for world in (False, True):
        steps = [(point.cost, point.unmet) for point in efficient if point.adaptive is world]
        x, y = zip(*steps, strict=True) if steps else ((), ())
        axes.step(x, y, where="post", color=SOFT, linewidth=1.0, linestyle=(0, (4, 2)), zorder=1)
    for point in points:
        _draw(axes, point, filled=point in efficient)
    frame(axes, say("need not met in {place}, %", place=where))
    what = (
        say("cost of escorts, lost tankers and their loads, million USD")
        if cost == "escorts and losses"
        else say("cost of escorts, million USD")
    )
    axes.set_xlabel(what, fontsize=SMALL, color=INK)
    axes.margins(0.12)
    low, high = axes.get_ylim()
    axes.set_ylim(max(low, -0.06 * high), high)
    left, right = axes.get_xlim()
    axes.set_xlim(max(left, -0.02 * right), right)
    axes.xaxis.set_major_locator(MaxNLocator(8))
    axes.annotate(
        say("↙ better"), (0, 0), xycoords="axes fraction", xytext=(4, 4), textcoords="offset points", fontsize=SMALL,
        color=SOFT,
    )  # fmt: skip
    title = headed(comparison.count, _title(points, efficient, where))
    finished(chart, title, _reading(comparison), basis(comparison))
    _name(axes, points, efficient)
    return chart


def _points(comparison: Comparison, cost: Cost, town: str | None) -> tuple[list[Point], str]:
    alternatives = sides(comparison)
    where = town or comparison.alternatives[0].scenario.root.hub
    unmet = {side.name: 100 * (1 - side.measures[column_of("need_met", where)]) for side in alternatives}
    if town is None and max(float(shares.mean()) for shares in unmet.values()) < 100 * MET:
        where = say("all towns")
        sums = comparison.sums("days", ["alternative", "replication"], ["burned", "need"])
        share = 100 * (1 - sums["burned"] / sums["need"])
        unmet = {side.name: share.loc[side.name] for side in alternatives}
    points = [_point(comparison, side, _cost(side, cost), unmet[side.name]) for side in alternatives]
    return [point for point in points if isfinite(point.cost) and isfinite(point.unmet)], where


def _cost(side: Side, cost: Cost) -> Series[float]:
    if cost == "escorts":
        return side.measures["escort_cost"]
    return side.measures["cost_per_m3"] * side.measures["imports_total"] * LITRES_PER_MILLION


def _point(comparison: Comparison, side: Side, cost: Series[float], unmet: Series[float]) -> Point:
    (mean, *costs), (left, *unmets) = (interval(values, comparison.drawn) for values in (cost, unmet))
    return Point(side, mean, left, (costs[0], costs[1]), (unmets[0], unmets[1]))


def _draw(axes: Axes, point: Point, *, filled: bool) -> None:
    look = point.side.look
    for x, y in ((point.costs, [point.unmet] * 2), ([point.cost] * 2, point.unmets)):
        axes.plot(x, y, color=look.colour, linewidth=1.3 if filled else 0.7, zorder=2)
    axes.plot(
        [point.cost], [point.unmet], marker=look.marker, markersize=8, linestyle="none", zorder=4, gid=point.side.name,
        markerfacecolor=look.colour if filled else "white",
        markeredgecolor=(look.edge or INK) if filled else look.colour,
        markeredgewidth=(1.6 if look.edge else 0.6) if filled else 1.5,
    )  # fmt: skip


def _name(axes: Axes, points: Sequence[Point], efficient: Sequence[Point]) -> None:
    """Label the points; crosses and steps are kept clear where there is room."""
    along = [
        (low + (high - low) * k / 20, level) if across else (level, low + (high - low) * k / 20)
        for point in points
        for across, (low, high), level in ((True, point.costs, point.unmet), (False, point.unmets, point.cost))
        for k in range(21)
        if low < high
    ]
    for left, right in pairwise(efficient):
        if left.adaptive is not right.adaptive:
            continue
        along += [(left.cost + (right.cost - left.cost) * k / 40, left.unmet) for k in range(41)]
        along += [(right.cost, left.unmet + (right.unmet - left.unmet) * k / 40) for k in range(41)]
    labels = []
    for point in sorted(points, key=lambda point: efficient.index(point) if point in efficient else len(points)):
        words = say("{name}\n(exploratory)", name=point.side.name) if point.adaptive else point.side.name
        first = point in efficient
        labels.append(Label(point.cost, point.unmet, words, TEXT if first else SMALL, bold=first))
    place(axes, labels, lines=along)


def _title(points: Sequence[Point], efficient: Sequence[Point], where: str) -> str:
    if not points:
        return say("Neither cost nor need met in {place} is defined for any alternative", place=where)
    calm = [point for point in efficient if point.adaptive is efficient[0].adaptive]
    adaptive = [point.side.said for point in efficient if point not in calm]
    among = len([point for point in points if point.adaptive is efficient[0].adaptive])
    if among == 1:
        return apart(_cost_words(point, where) for point in efficient)
    said = _efficient(calm, where, among)
    if not adaptive:
        return said
    return say("{finding}; where attackers adapt: {names}", finding=said, names=listed(adaptive))


def _cost_words(point: Point, where: str) -> str:
    return say(
        "{name}: {unmet} % of need unmet in {place} for {cost} million USD",
        name=point.side.said, unmet=number(point.unmet), place=where, cost=number(point.cost),
    )  # fmt: skip


def _efficient(calm: Sequence[Point], where: str, among: int) -> str:
    """Say which of so many alternatives of a world are efficient, from the cheapest to the dearest."""
    names = [point.side.said for point in calm]
    values = {"place": where, "most": number(calm[0].unmet), "least": number(calm[-1].unmet)}
    if len(calm) == 1:
        return say(
            "{name} both costs least and leaves the least need unmet in {place} ({most} %)", name=names[0], **values
        )
    values["names"] = (
        listed(names)
        if len(names) <= NAMED
        else say("{first} to {last}, {count} in all", first=names[0], last=names[-1], count=number(len(names)))
    )
    values["low"], values["high"] = (number(point.cost) for point in (calm[0], calm[-1]))
    if values["low"] == values["high"]:
        said = say(
            "Efficient: {names}, {most} % down to {least} % of need unmet in {place} for about {low} million USD each",
            **values,
        )
    else:
        said = say(
            "Efficient: {names}, {most} % down to {least} % of need unmet in {place} for {low} to {high} million USD",
            **values,
        )
    return said if among == len(calm) else say("{finding}; others cost more for no less unmet", finding=said)


def _reading(comparison: Comparison) -> str:
    if comparison.count < 2:
        return say("Points: means.")
    return sentences(
        say("Points: means; crosses: 95 % intervals of the means."),
        say(
            "Filled, on the steps: efficient, none costs less and leaves less unmet, on the means; hollow: beaten in "
            "both."
        ),
        say("Differences on the same luck are surer than crosses."),
    )
