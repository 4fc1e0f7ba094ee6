"""Every number of the scenario with what it rests on, by part and by grade."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from sim.language import mark, points, say
from sim.scenario.describe import GRADES, Basis, bases, grades
from sim.scenario.load import Scenario
from sim.scenario.sources import ASSUMPTION
from sim.view.parameters import parameter_words
from sim.view.words import number, percent, with_unit

WORDS: Final = {
    "document": mark("document"),
    "public": mark("public"),
    "derived": mark("derived"),
    "assumption": mark("assumption"),
    "none": mark("no source"),
}
LAWS: Final = {
    "uniform": mark("uniform"),
    "triangular": mark("triangular"),
    "lognormal": mark("lognormal"),
}
FILLS: Final = {
    "document": "#0b5394",
    "public": "#3f8fd2",
    "derived": "#8a8f98",
    "assumption": "#d98e04",
    "none": "#b03000",
}
"""Colours of grades in the bar; the words beside it say the same."""


@dataclass(frozen=True)
class Number:
    """A number of the table: its basis, value and range in words, and the alternatives that have it, if not all."""

    words: str
    basis: Basis
    value: str
    span: str
    source: str
    grade: str
    only: str


@dataclass(frozen=True)
class Grade:
    """How many numbers have a grade; left end and width in per cent of the bar."""

    name: str
    words: str
    count: str
    share: str
    left: float
    width: float
    fill: str

    @property
    def legend(self) -> str:
        """Return what stands beside the bar."""
        return say("{grade}: {share} ({count})", grade=self.words, share=self.share, count=self.count)


@dataclass(frozen=True)
class Evidence:
    """The numbers by the part of the scenario that they belong to, and the grades in their order."""

    total: int
    groups: Mapping[str, Sequence[Number]]
    grades: tuple[Grade, ...]

    @property
    def finding(self) -> str:
        """Say which share are assumptions."""
        shares = {grade.name: grade for grade in self.grades}
        assumed = shares.get("assumption")
        if assumed is None:
            return say("Each of the {total} numbers has a source", total=number(self.total))
        return say(
            "{share} of the {total} numbers are assumptions, each with its reason and range",
            share=assumed.share, total=number(self.total),
        )  # fmt: skip

    @property
    def heads(self) -> tuple[str, ...]:
        """Heads of the table of each part."""
        return (say("Number"), say("value"), say("range"), say("source"), say("grade"), say("why"))

    @property
    def bar(self) -> Markup:
        """Return the bar of grades as a picture without words; the list beside it has them."""
        parts = [
            f'<rect x="{grade.left:g}" width="{max(grade.width - 0.3, 0.1):g}" height="4" fill="{grade.fill}"/>'
            for grade in self.grades
        ]
        return Markup(f'<svg class="grades" viewBox="0 0 100 4" aria-hidden="true">{"".join(parts)}</svg>')


def evidence_of(scenarios: Mapping[str, Scenario]) -> Evidence:
    """Return what the numbers of one scenario rest on, or of several that are compared, by name."""
    by_basis: dict[Basis, list[str]] = {}
    for name, scenario in scenarios.items():
        for basis in bases(scenario):
            by_basis.setdefault(basis, []).append(name)
    groups: dict[str, list[Number]] = {}
    for basis, names in sorted(by_basis.items(), key=lambda item: item[0].path):
        only = "" if len(names) == len(scenarios) else ", ".join(names)
        part = basis.path.partition(".")[0]
        words = parameter_words(basis.path, scenarios[names[0]])
        value, span, grade = value_words(basis.value), span_words(basis), grade_words(basis.grade)
        groups.setdefault(part, []).append(Number(words, basis, value, span, source_words(basis.source), grade, only))
    counts, left, shown = grades([*by_basis]), 0.0, []
    for name in GRADES:
        count, share = counts[name]
        if count:
            shown.append(Grade(name, grade_words(name), number(count), percent(share), left, 100 * share, FILLS[name]))
            left += 100 * share
    return Evidence(len(by_basis), groups, tuple(shown))


def grade_words(grade: str) -> str:
    """Return the grade of a number in words."""
    return say(WORDS[grade])


def source_words(source: str | None) -> str:
    """Write the source of a number: an evidence id as it is, an assumption in words; empty if it has none."""
    return grade_words(source) if source == ASSUMPTION else source or ""


def span_words(basis: Basis) -> str:
    """Write the range of a number with the law by which it is drawn; empty if it has none."""
    if basis.low is None or basis.high is None:
        return ""
    ends = {"low": value_words(basis.low), "high": value_words(basis.high)}
    if not basis.law:
        return say("{low} to {high}", **ends)
    return say("{low} to {high} ({law})", **ends, law=say(LAWS[basis.law]))


def value_words(text: str) -> str:
    """Write a value of a scenario, a number with its unit or else, as the language spoken does."""
    written, _, unit = text.partition(" ")
    return with_unit(points(written), unit) if written.replace(".", "", 1).isdigit() else text
