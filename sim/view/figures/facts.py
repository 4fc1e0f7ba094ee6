"""All facts on one time axis and how far the model is from each, and which parameters they inform."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from sim.language import mark, points, say, say_counted
from sim.study.bound import Bound
from sim.study.calibrate import Calibration
from sim.study.tempering import SURE
from sim.study.validate import Validation
from sim.study.verdicts import Verdict, coverage, verdicts
from sim.view.break_even_answer import upper
from sim.view.fact_answers import documented, ordered, setting_words, verdict_of
from sim.view.figures import figure
from sim.view.figures.parts import finished, sentences, zero
from sim.view.parameters import parameter_words
from sim.view.style import FAINT, INK, LOSS, SMALL, SOFT, Chart, beside, canvas, dates, frame, legend, on_slides
from sim.view.words import folded, number

REACH: Final = 6.0
"""Standard deviations of a fact's error to which the right panel goes."""
ROW: Final = 0.23
LINES: Final = 2
"""Lines of a fact's label for which a row has room."""
PARAMETER_ROW: Final = 0.19
MOST: Final = 20
"""Parameters that are drawn at most."""
LABEL: Final = 44
"""Characters of a line of a fact's label."""
ON_SLIDE: Final = 12
"""Facts that a slide has room for: those outside their band first."""
COLOURS: Final = {
    "prior": ("#9a9a9a", 2.2),
    "posterior": ("#0072b2", 4.0),
    "hindcast": ("#0072b2", 4.0),
    "central": (INK, 1.2),
}
"""Colour and width of a band, by set of replications."""
BANDS: Final = mark("Bars: 5–95 % of replications, with the median; a bar that reaches the green strip holds the fact.")
SETS: Final = {
    "prior": mark("prior"), "posterior": mark("posterior"), "hindcast": mark("hindcast"), "central": mark("central"),
}  # fmt: skip
"""Sets of replications as they are said."""


def facts(
    name: str,
    bounds: Sequence[Bound],
    values: Mapping[str, NDArray[np.float64]],
    judged: Sequence[Verdict],
    start: datetime,
    detail: tuple[str, str],
) -> Chart:
    """Draw when each fact was, and how far the bands of two sets of replications lie from it.

    A row a fact, in order of date: left its days, right the 5–95 % bands as distances from what is documented, in
    standard deviations of the fact's error; bands that reach the middle hold.

    Parameters
    ----------
    name
        What is judged: one of the sets, or ``calibrated``.
    bounds
        The facts.
    values
        Sets of replications to draw, at most two, the one that is judged last; shape (replications, facts).
    judged
        The verdicts on the last.
    start
        First midnight of the run.
    detail
        How the figure is read and what it was made of, in small type.
    """
    shown = {verdict.bound.name for verdict in ordered(judged)[: ON_SLIDE if on_slides() else None]}
    dated = sorted(range(len(bounds)), key=lambda k: (sum(_days(bounds[k])), bounds[k].last))
    order = [k for k in dated if bounds[k].name in shown]
    labels = [say(bound.target.label) for bound in bounds]
    texts = [
        folded(say("{head}: {value}", head=label, value=documented(bound, start)), LABEL)
        for label, bound in zip(labels, bounds, strict=True)
    ]
    chart = canvas(1.5 + ROW * len(order) * max(1.0, *(len(texts[k]) / LINES for k in order)))
    left, right = chart.subplots(1, 2, width_ratios=[1.0, 1.15])
    for row, k in enumerate(order):
        bound, verdict = bounds[k], judged[k]
        outside = verdict.holds is False and bound.use != "input"
        ink = LOSS if outside else INK
        _when(left, bound, row, start, ink)
        beside(left, "\n".join(texts[k]), row, -4, color=ink, fontweight="bold" if outside else "normal")
        for place, (name, column) in enumerate(values.items()):
            _band(right, bound, column[:, k], row + 0.22 * (place - (len(values) - 1) / 2), name, first=row == 0)
        beside(right, verdict_of(verdict), row, 3, color=LOSS if outside else SOFT)
    for axes in (left, right):
        axes.set_ylim(len(order) + 0.9, -0.6)  # room for the legend
        axes.set_yticks([])
        frame(axes)
        axes.grid(axis="x", color=FAINT, linewidth=0.5)
    first = min(bound.asked.quantity.first for bound in bounds if bound.asked.quantity.first > 0)
    last = max(bound.last for bound in bounds)
    left.set_xlim(zero(start) + first - 2, zero(start) + last + 1)
    dates(left)
    right.set_xlim(-REACH - 0.4, REACH + 0.4)
    right.axvspan(-0.15, 0.15, color="#009e73", alpha=0.35, linewidth=0, zorder=0)
    right.set_xticks([-6, -3, 0, 3, 6], ["≤−6", "−3", "0", "3", "≥6"], fontsize=SMALL)
    left.set_title(say("Days on record"), fontsize=SMALL, loc="left", color=INK)
    right.set_title(say("Model less record, in its standard errors"), fontsize=SMALL, loc="left", color=INK)
    legend(right, loc="lower right")
    covered = coverage(judged, "fit", "check")
    missed = [labels[k] for k in dated if judged[k].holds is False and bounds[k].use in ("fit", "check")]
    reading, made = detail
    if len(order) < len(bounds):
        few = say(
            "{count} of {total} facts: those outside the band, then others.",
            count=number(len(order)), total=number(len(bounds)),
        )  # fmt: skip
        made = sentences(few, made)
    return finished(chart, _title(name, covered.inside, covered.asked, missed), reading, made)


def _title(name: str, inside: int, asked: int, missed: Sequence[str]) -> str:
    values = {"name": upper(say(SETS.get(name, name))), "inside": number(inside), "asked": number(asked)}
    said = say_counted(
        "{name}: {inside} of {asked} facts lies in the 5–95 % band",
        "{name}: {inside} of {asked} facts lie in the 5–95 % band",
        inside, **values,
    )  # fmt: skip
    if not missed:
        return said
    if len(missed) == 1:
        return say("{finding}; outside: {fact}", finding=said, fact=missed[0])
    return say("{finding}; outside: {fact} and {more} more", finding=said, fact=missed[0], more=number(len(missed) - 1))


def _when(axes: Axes, bound: Bound, row: int, start: datetime, colour: str) -> None:
    """Draw the days that a fact speaks of; a date with its range is a bar on them."""
    first, last = _days(bound)
    x = [zero(start) + first, zero(start) + last + 1]
    axes.plot(x, [row, row], color=colour, solid_capstyle="butt", linewidth=5.0 if bound.is_date else 2.0)


def _days(bound: Bound) -> tuple[int, int]:
    """Return the first and the last day of a fact: those of its date, or of what is looked at."""
    return (int(bound.low), int(bound.high)) if bound.is_date else (bound.asked.quantity.first, bound.last)


def _band(axes: Axes, bound: Bound, values: NDArray[np.float64], y: float, name: str, *, first: bool) -> None:
    defined = values[~np.isnan(values)]
    if not len(defined):
        return
    ends = np.quantile(defined, (0.05, 0.5, 0.95))
    off = (np.minimum(0.0, ends - bound.low) + np.maximum(0.0, ends - bound.high)) / bound.soft
    low, median, high = np.clip(off, -REACH, REACH).tolist()
    colour, width = COLOURS[name]
    axes.plot(
        [low, high],
        [y, y],
        color=colour,
        linewidth=width,
        solid_capstyle="butt",
        label=say(SETS[name]) if first else None,
    )
    axes.plot([median], [y], marker="|", markersize=5, color=INK if width > 3 else SOFT, zorder=4)


@figure("facts", "Calibration")
def facts_of_calibration(calibration: Calibration) -> Chart:
    """Draw the facts beside prior and posterior; see `facts`."""
    values = {"prior": calibration.prior.values, "posterior": calibration.posterior.values}
    made = calibration.manifest
    reading = sentences(say(BANDS), say("Grey: prior; blue: posterior, with the luck fitted with it."))
    count = len(calibration.posterior.fit)
    made_of = sentences(
        say_counted(
            "Mode {mode}, scope {scope}, volumes of {series}; {count} particle.",
            "Mode {mode}, scope {scope}, volumes of {series}; {count} particles.",
            count, **setting_words(made), count=number(count),
        ),
        say("Inputs and checks were not fitted."),
    )  # fmt: skip
    judged = verdicts(calibration.targets, calibration.posterior.values)
    return facts(mark("calibrated"), calibration.targets, values, judged, calibration.plan.start, (reading, made_of))


@figure("facts", "Validation")
def facts_of_validation(validation: Validation) -> Chart:
    """Draw the facts beside the prior and whatever is judged; see `facts`."""
    lead, made = validation.lead, validation.manifest
    values = {name: validation.values[name] for name in dict.fromkeys(("prior", lead))}
    colours = say("Grey: prior; blue: {name}.", name=say(SETS[lead])) if len(values) > 1 else say("Grey: prior.")
    count = len(values[lead])
    made_of = say_counted(
        "Mode {mode}, scope {scope}; {count} replication.", "Mode {mode}, scope {scope}; {count} replications.",
        count, **setting_words(made), count=number(count),
    )  # fmt: skip
    detail = (sentences(say(BANDS), colours), made_of)
    start = validation.plan.start
    return facts(lead, validation.targets, values, validation.verdicts[lead], start, detail)


@figure("informed", "Calibration")
def informed(calibration: Calibration) -> Chart:
    """Draw the parameters that moved most from their prior.

    A row a parameter: mean and one standard deviation of its mark in normal scale, in which every prior is the same
    grey bar from −1 to 1; those that moved or narrowed most first.
    """
    table = calibration.parameters
    distance = table["mean"].abs() + (1.0 - table["sd"]).clip(lower=0.0)
    shown = table.loc[distance.sort_values(ascending=False).index].head(MOST)
    chart = canvas(1.3 + PARAMETER_ROW * len(shown))
    axes = chart.subplots()
    axes.axvspan(-1, 1, color=FAINT, linewidth=0, zorder=0)
    for row, (path, moved) in enumerate(shown.iterrows()):
        axes.plot(
            [moved["mean"] - moved["sd"], moved["mean"] + moved["sd"]], [row, row], color="#0072b2", linewidth=4.0
        )
        axes.plot([moved["mean"]], [row], marker="|", markersize=7, color=INK)
        beside(axes, parameter_words(str(path), calibration.scenario), row, -4)
    for side in (-1.0, 1.0):
        axes.axvline(side * SURE * calibration.informed[1], color=SOFT, linewidth=0.8, linestyle=(0, (3, 2)))
    axes.set_ylim(len(shown) - 0.4, -0.6)
    axes.set_yticks([])
    frame(axes)
    axes.grid(axis="x", color="white", linewidth=0.6)
    axes.set_xlim(-3, 3)
    axes.set_xlabel(say("standard deviations of the prior; grey: the prior's own"), fontsize=SMALL, color=SOFT)
    count = int(table["informed"].sum())
    return finished(
        chart,
        say(
            "The facts inform {count} of {all} parameters; one by one the others cannot be told from chance",
            count=number(count),
            all=number(len(table)),
        ),
        sentences(
            say(
                "Mean and one standard deviation, in normal scale; the {count} that moved or narrowed most.",
                count=number(len(shown)),
            ),
            say(
                "Between the dashed lines ({sure} standard deviations of marks that nothing reads) a mean says "
                "nothing.",
                sure=points(f"{SURE:g}"),
            ),
        ),
    )
