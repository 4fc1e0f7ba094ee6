"""The alternatives of a comparison as figures show them, and differences between them in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from math import isfinite, nan

from matplotlib.axes import Axes
from pandas import DataFrame

from sim.errors import ViewError
from sim.language import say
from sim.results.measures import DATE, column_of, goal
from sim.study.comparison import Comparison, part
from sim.view.bands import Band, measured
from sim.view.figures.parts import rowed, sentences
from sim.view.style import INK, SMALL, SOFT, TINY, Look, beside, looks
from sim.view.words import Measure, describe, listed, name_words, number, signed, unit_word, with_unit

Row = dict[str, float]
"""Numbers of an alternative or a measure, by name."""
EXPLORATORY = "exploratory"
NAME_WIDTH = 24
"""Characters of a name or label in a row's heading."""


@dataclass(frozen=True)
class Side:
    """One alternative: its name, label and look, and its measures indexed by replication."""

    name: str
    label: str
    look: Look
    measures: DataFrame
    exploratory: bool
    baseline: bool

    @property
    def said(self) -> str:
        """The name in a sentence: in quotes where it reads as words of its own, with a word if attackers adapt."""
        name = name_words(self.name)
        if self.exploratory and EXPLORATORY not in self.name:
            return say("{name} (exploratory)", name=name)
        return name

    @property
    def below(self) -> str:
        """What stands under the name: the label if it says more, and whether attackers adapt."""
        if self.exploratory:
            return say("exploratory: attackers adapt")
        plain = self.label.replace("-", " ") == self.name.replace("-", " ")
        return "" if plain else say(self.label)


def sides(comparison: Comparison) -> tuple[Side, ...]:
    """Return the alternatives in their order, each with a look of its own.

    An exploratory alternative, such as ``army, adaptive``, looks like its calm twin, ``army``.
    """
    calm = [each.name for each in comparison.alternatives if not each.exploratory]
    twins = {
        each.name: next((name for name in calm if each.name.startswith(f"{name}, ")), each.name)
        for each in comparison.alternatives
        if each.exploratory
    }
    look = looks(comparison.names, twins)
    of, baseline = comparison.of, comparison.baseline
    return tuple(
        Side(each.name, each.label, look[each.name], of[each.name], each.exploratory, each.name == baseline)
        for each in comparison.alternatives
    )


def worlds(alternatives: Sequence[Side]) -> list[list[Side]]:
    """Part the alternatives in which attackers adapt from the others: whether they adapt is nobody's choice.

    Calm ones come first; a world without alternatives is left out.
    """
    parts = [[side for side in alternatives if side.exploratory is adaptive] for adaptive in (False, True)]
    return [part for part in parts if part]


def rows(axes: Axes, alternatives: Sequence[Side], *, named: bool = True) -> None:
    """Give a panel a row for each alternative, headed, if it is to be named, by its name and, smaller, its label."""
    rowed(axes, len(alternatives))
    for row, side in enumerate(alternatives if named else ()):
        below = shortened(side.below, NAME_WIDTH + 4)
        for words, up, size, ink in (
            (shortened(side.name, NAME_WIDTH), 3.6 * bool(below), SMALL, INK),
            (below, -3.6, TINY, SOFT),
        ):
            beside(axes, words, row, -6, up, fontsize=size, color=ink)


def shortened(text: str, width: int) -> str:
    """Cut a text that is too long between words, or within a word that is most of it."""
    if len(text) <= width:
        return text
    head = text[:width].rpartition(" ")[0].rstrip(" (+:")
    return f"{head if 2 * len(head) > width else text[: width - 1]} …"


def known_town(comparison: Comparison, town: str) -> None:
    """Refuse a town that the comparison does not have; with the nearest name."""
    towns = comparison.alternatives[0].scenario.root.towns
    known = sorted(name for name in towns if column_of("need_met", name) in comparison.measures)
    if town not in known:
        raise unknown("town", town, known)


def unknown(what: str, name: str, known: Sequence[str]) -> ViewError:
    """Return the error of a name that the comparison does not have; with the nearest."""
    near = get_close_matches(name, known, 1, 0.4)
    hint = f"; nearest: {near[0]}" if near else ""
    return ViewError(f"no {what} '{name}' in the comparison; it has {', '.join(known)}{hint}")


def measure_of(comparison: Comparison, name: str) -> Measure:
    """Words for a measure of the comparison's scenario."""
    scenario = comparison.alternatives[0].scenario
    return describe(name, scenario.start, scenario.end)


def level_of(comparison: Comparison, alternative: str, name: str) -> Band:
    """Band of a measure over the replications of one alternative."""
    scenario = comparison.alternatives[0].scenario
    return measured(part(comparison.measures, alternative), name, (scenario.end - scenario.start).days)


def scale(measure: Measure) -> tuple[float, str]:
    """Return the factor and unit in which differences in a measure are read: dates differ by days, shares by points."""
    if measure.unit == "%":
        return 100.0, "points"
    return 1.0, "days" if measure.unit == DATE else measure.unit


def in_unit(words: str, measure: Measure) -> str:
    """Write a heading with the unit of differences behind it, unless the measure's label begins with the unit."""
    unit = scale(measure)[1]
    return f"{words}, {unit_word(unit)}" if unit and not measure.plain.lower().startswith(unit) else words


def numbers(table: DataFrame) -> dict[str, Row]:
    """Return the rows of a table of numbers by their names."""
    rows = table.astype(float).to_dict(orient="index").items()
    return {str(name): {str(key): value for key, value in row.items()} for name, row in rows}


def first_of(names: Sequence[str]) -> str:
    """Write one or two names, or the first of more with how many there are besides."""
    if len(names) < 3:
        return listed(names)
    return say("{first} and {count} others", first=names[0], count=number(len(names) - 1))


def difference_words(measure: Measure, mean: float, low: float = nan, high: float = nan) -> str:
    """Write a difference, with its interval if it has one: ``−8.1 points (−9.5 to −6.7)``.

    The unit is left out where the measure's label begins with it.
    """
    factor, unit = scale(measure)
    written = signed(factor * mean)
    text = written if measure.plain.lower().startswith(unit) else with_unit(written, unit)
    if not isfinite(low):
        return text
    return f"{text} ({to_words(signed(factor * low), signed(factor * high))})"


def to_words(low: str, high: str) -> str:
    """Write the ends of an interval that may hold signs: ``−3 to +2``."""
    return low if low == high else say("{low} to {high}", low=low, high=high)


def arrow(name: str) -> str:
    """Say on which side of zero a difference in a measure is better."""
    return {1: say("better →"), -1: say("← better"), 0: ""}[goal(name).better]


def basis(comparison: Comparison) -> str:
    """Say over what the figure is drawn: replications, parameters and scenario."""
    return sentences(
        _over(comparison),
        say("Exploratory: attackers adapt; outside calibration.")
        if any(each.exploratory for each in comparison.alternatives)
        else "",
        say("Scenario: {title}.", title=say(comparison.alternatives[0].scenario.root.title)),
    )


def _over(comparison: Comparison) -> str:
    count = comparison.count
    if count < 2:
        return say("One replication.")
    many = number(count)
    if comparison.hindcast:
        return say(
            "{count} replications, the same luck for all, each with parameters and luck of its own draw.", count=many
        )
    if comparison.drawn:
        return say(
            "{count} replications, the same luck for all, each pair with a draw of the uncertain parameters.",
            count=many,
        )
    return say("{count} replications, the same luck for all, parameters at central values.", count=many)
