"""The question that the page answers, and the answer in the plainest words."""

from __future__ import annotations

from typing import Final, NamedTuple

from sim.language import ENGLISH, language, say, say_counted
from sim.results.measures import MAIN, goal
from sim.results.run import Run
from sim.study.comparison import Comparison
from sim.study.posteriors import posteriors_for
from sim.view.bands import band
from sim.view.compare_answer import three_sentences
from sim.view.figures.sides import measure_of
from sim.view.record_words import compare_record
from sim.view.report.choices import best_words
from sim.view.report.dry import dry_words, shut_in
from sim.view.run_findings import days_of
from sim.view.study_words import FIRST_LOOK, alternative_words
from sim.view.words import apart, describe, long_date, mid_sentence, number, on_day

FIRST: Final = "first_shortage"


class Lead(NamedTuple):
    """A question, its answer in one or two sentences, how sure that is, what is on record or names mean, and words."""

    question: str
    answer: str
    doubt: str
    beside: str
    meaning: str


def run_lead(run: Run) -> Lead:
    """Ask whether the hub runs dry."""
    root, count = run.scenario.root, len(run.measures)
    answer = dry_words(shut_in(run), run.scenario.start)
    if count < FIRST_LOOK:
        answer = say_counted(
            "{answer} A first look: {count} run is too few to be sure.",
            "{answer} A first look: {count} runs are too few to be sure.",
            count,
            answer=answer,
            count=number(count),
        )
    return Lead(
        say("Does {town} run dry?", town=root.hub),
        answer,
        _spread(run),
        _record(run),
        " ".join(
            (
                say("Dry: a day on which under a tenth of its stations have {product}.", product=say(root.lead)),
                *_setting(run),
            )
        ),
    )


def _setting(run: Run) -> list[str]:
    """Say from when to when the run goes, and what its strategy is, if a note tells it in the language spoken."""
    root, start, last = run.scenario.root, run.scenario.start, on_day(run.scenario.start, days_of(run) - 1)
    span = say(
        "From {first} {year} to {last} {year_after}.",
        first=long_date(start), year=start.year, last=long_date(last), year_after=last.year,
    )  # fmt: skip
    note = say(root.strategy.note).strip() if root.strategy.note else ""
    if not note or (language() != ENGLISH and note == root.strategy.note.strip()):
        return [span, say("Strategy: {strategy}.", strategy=say(root.strategy.label))]
    return [span, say("Strategy ‘{strategy}’: {note}", strategy=say(root.strategy.label), note=note)]


def _spread(run: Run) -> str:
    """Say how wide the headline measure is; nothing if all runs have the same."""
    spread, measure = band(run.measures[MAIN]), describe(MAIN)
    if not spread.wide:
        return ""
    return say(
        "{measure}: {low} to {high} ({band} of the runs), {mean} on average.",
        measure=measure.label, low=measure.text(spread.low), high=measure.text(spread.high, unit=True),
        band=spread.name, mean=measure.text(spread.mean),
    )  # fmt: skip


def _record(run: Run) -> str:
    """Say what is on record of the hub's first shortage where parameters are before a fit that can be had."""
    if not run.scenario.root.record or not posteriors_for(run.scenario):
        return ""
    told = [
        say("{date} ({label})", date=long_date(on_day(run.scenario.start, line.stated.value)), label=say(line.label))
        for line in compare_record(run)
        if line.stated.measure == FIRST and line.stated.value is not None
    ]
    if not told:
        return ""
    measure = mid_sentence(describe(FIRST).label)
    return say("Parameters before any fit; on record, {measure}: {dates}.", measure=measure, dates=apart(told))


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
        "Counted: days with under half of {town}'s stations open with {product}.", town=root.hub, product=say(root.lead)
    )
    _, sure, _ = three_sentences(comparison)
    beside = _who(comparison)
    return Lead(question, best_words(comparison), sure, beside, meaning if comparison.goal == MAIN else "")


def _who(comparison: Comparison) -> str:
    """Say what the names of the alternatives stand for, where a label says more."""
    told = [alternative_words(each) for each in comparison.alternatives]
    return f"{apart(told)}." if tuple(told) != comparison.names else ""
