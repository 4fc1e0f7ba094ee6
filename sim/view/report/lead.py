"""The question that the page answers, and the answer in the plainest words."""

from __future__ import annotations

from typing import NamedTuple

from sim.language import say
from sim.results.measures import MAIN, goal
from sim.results.run import Run
from sim.study.comparison import Comparison
from sim.view.figures.sides import measure_of
from sim.view.report.choices import best_words
from sim.view.report.dry import dry_words, shut_in
from sim.view.words import mid_sentence, number


class Lead(NamedTuple):
    """A question, its answer in one or two sentences, and what the words mean."""

    question: str
    answer: str
    meaning: str


def run_lead(run: Run) -> Lead:
    """Ask whether the hub runs dry."""
    root = run.scenario.root
    return Lead(
        say("Does {town} run dry?", town=root.hub),
        dry_words(shut_in(run), run.scenario.start),
        say("Dry: a day on which under a tenth of its stations have {product}.", product=root.lead),
    )


def comparison_lead(comparison: Comparison) -> Lead:
    """Ask which alternative is best in the measure that ranks."""
    root, measure = comparison.alternatives[0].scenario.root, measure_of(comparison, comparison.goal)
    label = mid_sentence(measure.label)
    escorts = len(comparison.strategies) > 1
    if not goal(comparison.goal).better:
        question = say("How does ‘{measure}’ differ?", measure=label)
    elif comparison.goal != MAIN:
        question = say(
            "Which of {count} alternatives does best in ‘{measure}’?",
            count=number(len(comparison.names)),
            measure=label,
        )
    elif escorts:
        question = say("Which escort keeps {town}'s stations open longest?", town=root.hub)
    else:
        question = say(
            "Which of {count} alternatives keeps {town}'s stations open longest?",
            count=number(len(comparison.names)),
            town=root.hub,
        )
    meaning = say(
        "Counted: days with under half of {town}'s stations open with {product}.", town=root.hub, product=root.lead
    )
    return Lead(question, best_words(comparison), meaning if comparison.goal == MAIN else "")
