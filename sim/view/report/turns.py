"""On which uncertain numbers the answer of a run turns, as far as its own draws of them tell."""

from __future__ import annotations

from sim.language import say
from sim.plan import build
from sim.results.measures import MAIN
from sim.results.run import Run
from sim.scenario.describe import grades_of
from sim.study.campaign import Work
from sim.study.compare import parameters
from sim.study.drivers import FEWEST, Turn, turns_on
from sim.study.intervals import by_draw
from sim.view.parameters import parameter_words
from sim.view.report.evidence import grade_words
from sim.view.report.sections import Turns
from sim.view.study_words import is_central, observed_words
from sim.view.words import apart, describe, number


def turns_of(run: Run) -> Turns:
    """Return which drawn numbers go with the headline measure from draw to draw, or why that cannot be told."""
    label = describe(MAIN).label
    if run.scenario.root.posterior is not None:
        why = say("parameters come together from a posterior with few lines, so that no single one can be told.")
        return Turns("", _line(label, why))
    if is_central(run):
        return Turns("", _line(label, say("nothing was drawn: all were at the middle of their ranges.")))
    values = run.counted[MAIN]
    draws = len(by_draw(values, drawn=True).dropna())
    if draws < FEWEST:
        few = say(
            "{observed}: too few to tell; it takes {count} replications.",
            observed=observed_words(draws, 2), count=number(2 * FEWEST),
        )  # fmt: skip
        return Turns("", _line(label, few))
    work = Work(build(run.scenario), int(run.manifest["seed"]))
    drawn = parameters({"": work}, run.measures.index).droplevel("alternative")
    turns = turns_on(values, drawn)
    if not turns:
        none = say(
            "none of {count} parameters can be told from chance by {draws} draws; more replications may tell.",
            count=drawn.shape[1],
            draws=draws,
        )
        return Turns("", _line(label, none))
    names = [parameter_words(turn.path, run.scenario) for turn in turns]
    finding = say("Of the uncertain numbers it turns most on: {numbers}", numbers=apart(names))
    return Turns(finding, _line(label, f"{apart(_told(run, turn) for turn in turns)}."))


def _line(measure: str, numbers: str) -> str:
    return say("On which uncertain numbers ‘{measure}’ turns: {numbers}", measure=measure, numbers=numbers)


def _told(run: Run, turn: Turn) -> str:
    """Write a parameter with the mean of the measure where it is low and where it is high, and with its grade."""
    measure = describe(MAIN)
    return say(
        "{parameter} ({low} on average where it is low, {high} where it is high; {grade})",
        parameter=parameter_words(turn.path, run.scenario),
        low=measure.text(turn.low, unit=True),
        high=measure.text(turn.high, unit=True),
        grade=grade_words(grades_of(run.scenario).get(turn.path, "none")),
    )
