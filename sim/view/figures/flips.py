"""When a ranking flips: the draws over the two leading parameters of a box, and who is better in each."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from numpy.typing import NDArray
from pandas import DataFrame

from sim.errors import ViewError
from sim.language import say, say_counted
from sim.results.measures import goal
from sim.scenario.load import Scenario
from sim.study.comparison import Comparison
from sim.study.intervals import by_draw
from sim.study.ranking import Box, Reversal
from sim.view.figures import figure
from sim.view.figures.parts import finished, headed, sentences
from sim.view.figures.sides import Side, basis, in_unit, measure_of, scale, sides
from sim.view.parameters import parameter_words, shown
from sim.view.parameters import scale as unit_of
from sim.view.style import FAINT, INK, SMALL, SOFT, Chart, canvas, frame
from sim.view.words import listed, number, percent, with_unit

Condition = tuple[str, float | None, float | None]
TITLED = 2
"""Conditions that a title spells out."""


def _arguments(
    comparison: Comparison, reversal: Reversal | None = None, **_: object
) -> tuple[Comparison, Box, str, str] | None:
    """Draw it if conditions were found under which a ranking flips."""
    if reversal is None or reversal.box is None:
        return None
    return comparison, reversal.box, reversal.behind, reversal.ahead


@figure("flips", "Comparison", _arguments)
def flips(comparison: Comparison, box: Box, first: str, second: str) -> Chart:
    """Draw each draw of the parameters as a point over the two leading parameters of a box.

    Filled points in the first's look where it is better in the goal measure, hollow ones in the second's where that is,
    crosses where they tie; the box shaded.  Points outside the box's further conditions are small.  With one condition
    the other axis is the difference in the goal measure.

    Parameters
    ----------
    comparison
        A comparison in which parameters were drawn.
    box
        Conditions under which the first beats the second, from `sim.study.ranking.flips`.
    first, second
        Names of alternatives.

    Raises
    ------
    ViewError
        If no parameters were drawn, or there is no such alternative.
    """
    alternatives = {side.name: side for side in sides(comparison)}
    missing = [name for name in (first, second) if name not in alternatives]
    if missing:
        why = f"no alternative '{missing[0]}'; it has {', '.join(alternatives)}"
    elif not comparison.drawn:
        why = "no parameters were drawn"
    else:
        why = "" if box.conditions else "the box has no condition"
    if why:
        raise ViewError(f"no flips to draw: {why}")
    ours, theirs = alternatives[first], alternatives[second]
    differs = by_draw(ours.measures[comparison.goal] - theirs.measures[comparison.goal], True).dropna()
    drawn = by_draw(comparison.values(first, second), True).loc[differs.index]
    wins = np.sign(differs.to_numpy()) * (goal(comparison.goal).better or 1)
    scenario = next(each.scenario for each in comparison.alternatives if each.name == first)
    chart = canvas(4.3)
    axes = chart.add_subplot()
    lead = box.conditions[:2]
    (x, across), *others = (_scale(drawn, path, scenario) for path, _, _ in lead)
    if others:
        y, up = others[0]
    else:
        measure = measure_of(comparison, comparison.goal)
        y = np.array(differs, dtype=np.float64) * scale(measure)[0]
        words = say("{measure}: {first} less {second}", measure=measure.label, first=ours.name, second=theirs.name)
        up = in_unit(words, measure)
    _points(axes, x, y, wins, _inside(drawn, box.conditions[2:]), ours, theirs)
    _limits(axes, x, y)
    _shade(axes, lead)
    frame(axes, up)
    axes.set_xlabel(across, fontsize=SMALL, color=INK)
    axes.legend(
        loc="lower left", bbox_to_anchor=(0, 1), ncols=4, fontsize=SMALL, frameon=False, borderaxespad=0.2,
        handletextpad=0.3, columnspacing=1.5,
    )  # fmt: skip
    title = headed(comparison.count, _title(box, ours, theirs, scenario))
    return finished(chart, title, _reading(box, scenario), basis(comparison))


def _scale(drawn: DataFrame, path: str, scenario: Scenario) -> tuple[NDArray[np.float64], str]:
    """Return what was drawn of a parameter, in the unit in which it is read, and what its axis is called."""
    factor, unit = unit_of(path)
    words = parameter_words(path, scenario), with_unit("", unit).strip()
    return drawn[path].to_numpy() * factor, ", ".join(filter(None, words))


def _inside(drawn: DataFrame, conditions: tuple[Condition, ...]) -> NDArray[np.bool_]:
    """Say which draws hold the conditions."""
    inside = np.ones(len(drawn), dtype=bool)
    for path, low, high in conditions:
        values = drawn[path].to_numpy()
        inside &= (values >= (-np.inf if low is None else low)) & (values <= (np.inf if high is None else high))
    return inside


def _points(
    axes: Axes, x: NDArray[np.float64], y: NDArray[np.float64], wins: NDArray[np.float64], large: NDArray[np.bool_],
    ours: Side, theirs: Side,
) -> None:  # fmt: skip
    kinds = (
        (wins > 0, ours.look.marker, ours.look.colour, ours.look.edge or INK, say("{name} better", name=ours.said)),
        (wins < 0, theirs.look.marker, "white", theirs.look.colour, say("{name} better", name=theirs.said)),
        (wins == 0, "x", SOFT, SOFT, say("tied")),
    )
    for which, marker, face, edge, words in kinds:
        if not which.any():
            continue
        size = np.where(large[which], 26.0, 7.0)
        count = int(which.sum())
        words = say_counted("{kind} ({count} draw)", "{kind} ({count} draws)", count, kind=words, count=number(count))
        cross = marker == "x"
        axes.scatter(
            x[which], y[which], s=size, marker=marker, facecolors=None if cross else face,
            edgecolors=None if cross else edge,
            linewidths=0.5 if face != "white" else 1.2, zorder=3, label=words, color=SOFT if cross else None,
        )  # fmt: skip


def _limits(axes: Axes, x: NDArray[np.float64], y: NDArray[np.float64]) -> None:
    for values, limit in ((x, axes.set_xlim), (y, axes.set_ylim)):
        low, high = float(values.min()), float(values.max())
        pad = 0.04 * (high - low) or 0.5
        limit(low - pad, high + pad)


def _shade(axes: Axes, conditions: tuple[Condition, ...]) -> None:
    """Shade the box, from edge to edge where it has no limit."""
    spans = []
    for (path, low, high), (least, most) in zip(conditions, (axes.get_xlim(), axes.get_ylim()), strict=False):
        factor = unit_of(path)[0]
        spans.append((least if low is None else low * factor, most if high is None else high * factor))
    (left, right), (bottom, top) = (*spans, axes.get_ylim())[:2]
    size = right - left, top - bottom
    box = Rectangle((left, bottom), *size, facecolor=FAINT, alpha=0.45, edgecolor=INK, linewidth=1.4, zorder=1)
    axes.add_patch(box)
    if len(conditions) == 1:
        axes.axhline(0, color=SOFT, linewidth=0.8, zorder=2)


def conditions_words(conditions: tuple[Condition, ...], scenario: Scenario) -> list[str]:
    """Write conditions: ``loss ratio of foreign ground troops under 0.55``."""
    words = []
    for path, low, high in conditions:
        name = parameter_words(path, scenario)
        least, most = (None if end is None else shown(path, end, scenario) for end in (low, high))
        values = {"parameter": name, "least": least, "most": most}
        if least and most:
            words.append(say("{parameter} from {least} to {most}", **values))
        else:
            words.append(
                say("{parameter} over {least}", **values) if least else say("{parameter} under {most}", **values)
            )
    return words


def _title(box: Box, ours: Side, theirs: Side, scenario: Scenario) -> str:
    more = len(box.conditions) - TITLED
    values = {
        "name": ours.said, "other": theirs.said, "share": percent(box.density), "all": percent(box.base),
        "when": listed(conditions_words(box.conditions[:TITLED], scenario)),
    }  # fmt: skip
    if more <= 0:
        return say("{name} beats {other} in {share} of draws with {when} ({all} of all draws)", **values)
    return say_counted(
        "{name} beats {other} in {share} of draws with {when} and {count} further condition ({all} of all draws)",
        "{name} beats {other} in {share} of draws with {when} and {count} further conditions ({all} of all draws)",
        more, count=number(more), **values,
    )  # fmt: skip


def _reading(box: Box, scenario: Scenario) -> str:
    more = conditions_words(box.conditions[TITLED:], scenario)
    return sentences(
        say("Each point: a draw of the uncertain parameters, mean of its replications."),
        say(
            "Shaded: the box, found by PRIM; it holds {mass} of draws and {coverage} of those that the first wins.",
            mass=percent(box.mass),
            coverage=percent(box.coverage),
        ),
        say("Further: {conditions}; draws outside are small.", conditions=listed(more)) if more else "",
    )
