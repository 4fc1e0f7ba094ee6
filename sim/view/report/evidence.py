"""Every number of the scenario with what it rests on, by part and by grade."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from markupsafe import Markup

from sim.language import mark, points, say
from sim.scenario.describe import GRADES, Basis, bases, grades
from sim.scenario.load import Scenario
from sim.scenario.sources import ASSUMPTION
from sim.view.parameters import parameter_words
from sim.view.report.fits import Fit
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
    """A number in words, with its path, the alternatives that have it, if not all, and the cells of its row."""

    words: str
    path: str
    only: str
    cells: tuple[str, ...]


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
    """The numbers by the part of the scenario that they belong to, the heads of their tables, the grades in order.

    ``ranged`` are the assumptions that have a range.
    """

    total: int
    ranged: int
    heads: tuple[str, ...]
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
            "{share} of the {total} numbers are assumptions; {ranged} of these {count} have a range",
            share=assumed.share, total=number(self.total), ranged=number(self.ranged), count=assumed.count,
        )  # fmt: skip

    @property
    def bar(self) -> Markup:
        """Return the bar of grades as a picture without words; the list beside it has them."""
        parts = [
            f'<rect x="{grade.left:g}" width="{max(grade.width - 0.3, 0.1):g}" height="4" fill="{grade.fill}"/>'
            for grade in self.grades
        ]
        return Markup(f'<svg class="grades" viewBox="0 0 100 4" aria-hidden="true">{"".join(parts)}</svg>')


def evidence_of(scenarios: Mapping[str, Scenario], fits: Mapping[str, Fit]) -> Evidence:
    """Return what the numbers of one scenario rest on, or of several that are compared, by name.

    ``fits`` are the ranges after a fit of each; see `sim.view.report.fits.fits`.
    """
    names: dict[tuple[Basis, str], list[str]] = {}
    for name, scenario in scenarios.items():
        for basis in bases(scenario):
            # A study that was kept has a file for each alternative, so that the places differ.
            names.setdefault((replace(basis, origin=""), fits[name].get(basis.path, "")), []).append(name)
    groups: dict[str, list[Number]] = {}
    fitted = any(fits.values())
    for (basis, fit), having in sorted(names.items(), key=lambda item: item[0][0].path):
        words = parameter_words(basis.path, scenarios[having[0]])
        only = "" if len(having) == len(scenarios) else ", ".join(having)
        row = Number(words, basis.path, only, cells(basis, fit if fitted else None))
        groups.setdefault(basis.path.partition(".")[0], []).append(row)
    rows = [basis for basis, _ in names]
    counts, left, shown = grades(rows), 0.0, []
    ranged = sum(basis.grade == ASSUMPTION and basis.low is not None for basis in rows)
    for name in GRADES:
        count, share = counts[name]
        if count:
            shown.append(Grade(name, grade_words(name), number(count), percent(share), left, 100 * share, FILLS[name]))
            left += 100 * share
    return Evidence(len(rows), ranged, heads(fitted=fitted), groups, tuple(shown))


def heads(*, fitted: bool) -> tuple[str, ...]:
    """Return the heads of a table of numbers; with the ranges before and after a fit, if there was one."""
    ranges = (say("range before the fit"), say("5–95 % after the fit")) if fitted else (say("range"),)
    return (say("Number"), say("value"), *ranges, say("source"), say("grade"), say("why"))


def cells(basis: Basis, fit: str | None) -> tuple[str, ...]:
    """Return the cells of the row of a number after its name; ``fit`` is its range after the fit, if there was one."""
    ranges = (span_words(basis), *([] if fit is None else [fit]))
    return (value_words(basis.value), *ranges, source_words(basis.source), grade_words(basis.grade), basis.why or "")


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
