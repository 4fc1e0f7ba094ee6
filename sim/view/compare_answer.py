"""The answer to a comparison: three sentences, the tables, and what is not measured."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.results.measures import MAIN, column_of, dated, goal, kind, read
from sim.results.variance import TOO_FEW, UNTOLD
from sim.scenario.calls import argument
from sim.scenario.difference import change_of_strategy, onset
from sim.study.break_even import BreakEven
from sim.study.choice import choice
from sim.study.comparison import Comparison, differences_of, part
from sim.study.drivers import FEWEST
from sim.study.effects import Finding, finding, findings, ranked
from sim.study.intervals import Interval
from sim.study.ranking import Reversal
from sim.view.break_even_answer import break_even_answer
from sim.view.figures.sides import level_of, measure_of
from sim.view.parameters import parameter_words
from sim.view.ranking import change, choice_words, difference_words, first_words, robust_words
from sim.view.study_words import (
    CAVEAT,
    NEVER,
    alternative_words,
    failure_words,
    few_words,
    first_look,
    page,
    shared_words,
)
from sim.view.table import band_head, grid, paragraphs, where
from sim.view.town_changes import town_change_lines, town_change_table, town_loss_words
from sim.view.words import SCOPES, counted, describe, listed, long_date, mid_sentence, name_words, on_day, percent

if TYPE_CHECKING:
    from pandas import DataFrame

    Rows = Mapping[tuple[Any, Any], Mapping[Any, Any]]
    """Paired differences by alternative and measure."""

TAGS = (
    "Rests on: whether the parameters that the difference turns on, and the loss ratios in which the two differ by "
    "design, come from facts (data), from assumptions or from both; –: cannot be told."
)
NOT_RECOMMENDED = "A strategy that ranks first here is not thereby recommended."
EXPLORATORY = "Exploratory: attackers that adapt rest on no Malian data and are outside every calibration."


def comparison_answer(
    comparison: Comparison,
    break_even: BreakEven | None = None,
    reversal: Reversal | None = None,
    figures: Sequence[Path] | None = (),
) -> str:
    """Say what a comparison found, how sure that is and on what it turns, with tables of the main measures.

    Parameters
    ----------
    break_even
        The break-even curves of two of its strategies, if they were asked for.
    reversal
        Under which draws the ranking of two alternatives flips.
    figures
        As in `sim.view.run_answer.run_answer`, and so is what is returned.
    """
    differences = differences_of(comparison)
    rows = rows_of(differences)
    labels = {alternative.name: alternative.label for alternative in comparison.alternatives}
    return page(
        paragraphs(opening_lines(comparison)),
        paragraphs([*three_sentences(comparison), *beginning_words(comparison)]),
        level_table(comparison),
        goal_table(comparison, rows),
        other_table(comparison, rows),
        *_towns(comparison),
        paragraphs([*robust_words(comparison, reversal), *common_lines(differences), *first_look(comparison.count)]),
        break_even_answer(break_even, labels) if break_even is not None else "",
        paragraphs(failure_words(comparison.failures)),
        where(comparison.folder, figures),
        paragraphs([EXPLORATORY] if any(alternative.exploratory for alternative in comparison.alternatives) else []),
        paragraphs([CAVEAT, NOT_RECOMMENDED]) + "\n",
    )


def rows_of(differences: DataFrame) -> Rows:
    """Return paired differences by alternative and measure."""
    return {(row["alternative"], row["measure"]): row for row in differences.to_dict(orient="records")}


def opening_lines(comparison: Comparison) -> list[str]:
    """Say what was compared: the title, how often and on what, the alternatives, what they share."""
    root = comparison.alternatives[0].scenario.root
    draws = "and the same draws of the parameters" if comparison.drawn else "at central parameters"
    if comparison.hindcast:
        draws = "and the same parameters"
    return [
        root.title,
        f"{len(comparison.names)} alternatives, {counted(str(comparison.count), 'replication')} of each, seed "
        f"{comparison.manifest['seed']}, on the same ambushes {draws}. Scope: {SCOPES[root.scope]}.",
        "; ".join(map(alternative_words, comparison.alternatives)) + ".",
        *shared_words([alternative.scenario for alternative in comparison.alternatives], not comparison.drawn),
    ]


def three_sentences(comparison: Comparison) -> list[str]:
    """Say what was found, how sure it is, on what it turns."""
    best, *others = ranked(comparison)
    adapts = {alternative.name: alternative.exploratory for alternative in comparison.alternatives}
    beside = comparison.baseline
    if best == beside:
        beside = min(others, key=lambda name: adapts[name] != adapts[best])
    pair = finding(comparison, best, beside)
    return [
        f"Found: {first_words(comparison, pair)} {town_loss_words(comparison, best)}".rstrip(),
        f"How sure: {choice_words(comparison, choice(comparison), pair)}",
        f"Turns on: {turn_words(comparison, pair)}",
    ]


def turn_words(comparison: Comparison, pair: Finding) -> str:
    """Say on which parameters the difference turns."""
    if comparison.fitted:
        return "parameters come together from a posterior with few lines, so that no single one can be told."
    if not comparison.drawn:
        return f"nothing was drawn; run without {argument('central', True)} to see."
    draws = comparison.draws
    if draws < FEWEST:
        return few_words(draws, FEWEST, comparison.each, "tell")
    if not pair.turns:
        rest = f"; what the two differ in by design rests on: {pair.tag}" if pair.tag else ""
        return (
            f"none of {comparison.parameters.shape[1]} parameters can be told from chance by {draws} draws; more "
            f"replications may tell{rest}."
        )
    scenario = next(alternative.scenario for alternative in comparison.alternatives if alternative.name == pair.first)
    parts = [
        f"{parameter_words(turn.path, scenario)} ({change(turn.low, comparison.goal)} where it is low, "
        f"{change(turn.high, comparison.goal)} where it is high)"
        for turn in pair.turns
    ]
    return f"{name_words(pair.first)} against {name_words(pair.second)}: {'; '.join(parts)} [{pair.tag}]."


def columns_of(comparison: Comparison) -> dict[str, str]:
    """Return the main measures, that which ranks first, with the heads of their columns."""
    hub = comparison.alternatives[0].scenario.root.hub
    met = column_of("need_met", hub)
    wished = [comparison.goal, met, "worst_town_need_met", "tankers_lost", "escort_cost"]
    heads = {met: f"need met, {hub}"}
    return {
        name: heads.get(name) or goal(name).head or describe(name).heading
        for name in wished
        if name in comparison.measures
    }


def level_table(comparison: Comparison) -> str:
    """Each alternative's main measures: mean and band."""
    scenario, columns, rows = comparison.alternatives[0].scenario, columns_of(comparison), []
    for alternative in comparison.names:
        row = [alternative]
        for name in columns:
            level, measure = level_of(comparison, alternative, name), measure_of(comparison, name)
            row.append(measure.centre(level) + (f" ({measure.ends(level)})" if level.wide else ""))
        rows.append(row)
    half = "; of dates, the days by which half, and 5 and 95 %, of all have them" if any(map(dated, columns)) else ""
    notes = [f"Mean and {band_head(comparison.count)} of the replications{half}."] if comparison.count > 1 else []
    if MAIN in columns:
        notes.append(f"Days half shut: with under half of {scenario.root.hub}'s stations open.")
    table = grid(["Alternative", *columns.values()], rows)
    return f"{table}\n{paragraphs([' '.join(notes), *_undefined(comparison)])}"


def _undefined(comparison: Comparison) -> list[str]:
    """Say in how many replications each alternative has the measure that ranks, if not all have it in all."""
    counts = {name: int(part(comparison.measures, name)[comparison.goal].count()) for name in comparison.names}
    if set(counts.values()) == {comparison.count}:
        return []
    head, never = columns_of(comparison)[comparison.goal], NEVER * dated(comparison.goal)
    having = ", ".join(f"{name_words(name)} {count}" for name, count in counts.items())
    return [f"{head}: of {comparison.count} replications it is defined in: {having}.{never}"]


def goal_table(comparison: Comparison, differences: Rows) -> str:
    """Set out the paired differences to the baseline in the measure that ranks, with what each rests on."""
    pairs, rows = findings(comparison), []
    split = any(differences[pair.first, comparison.goal]["clear"] for pair in pairs)
    # There is no tag where there are too few draws to tell on what a difference turns.
    tags = [comparison.draws >= FEWEST and pair.tag for pair in pairs]
    tagged = any(tags)
    for pair, tag in zip(pairs, tags, strict=True):
        row = differences[pair.first, comparison.goal]
        won = f"{percent(pair.won).removesuffix(' %')} / {percent(pair.lost)}" if goal(comparison.goal).better else "–"
        shares = [percent(row[part]) if row["clear"] else "–" for part in ("luck", "ignorance")] * split
        rest = [tag or "–"] * tagged
        difference = difference_words(pair.difference, comparison.goal)
        rows.append([pair.first, difference, won, _removed(row["crn"]), *shares, *rest])
    heads = [f"Against {comparison.baseline}", columns_of(comparison)[comparison.goal], "better / worse", "CRN removes"]
    heads += ["luck", "ignorance"] * split + ["rests on"] * tagged
    unit = " (pairs of replications that share a draw of the parameters are the unit)" * comparison.drawn
    left = f"; luck, ignorance: shares of what is left ({TOO_FEW})" if split else ""
    if comparison.drawn and not split:
        left = f"; how much of what is left is luck and how much ignorance of the parameters {UNTOLD}"
    note = (
        f"Mean paired difference and its 95 % interval{unit}; better / worse: shares of replications, in the rest both "
        f"are equal; CRN: variance of the difference removed by running both on the same luck{left}."
    )
    return f"{grid(heads, rows, range(1, len(heads) - tagged))}\n{paragraphs([note, *[TAGS] * tagged])}"


def _removed(share: float) -> str:
    return percent(share).replace("-", "−")


def other_table(comparison: Comparison, differences: Rows) -> str:
    """Set out the paired differences to the baseline in the other main measures."""
    columns, rows = columns_of(comparison), []
    del columns[comparison.goal]
    for alternative in comparison.names:
        if alternative != comparison.baseline:
            paired = [differences[alternative, name] for name in columns]
            ends = [Interval(row["mean"], row["mean_low"], row["mean_high"]) for row in paired]
            rows.append([alternative, *map(difference_words, ends, columns)])
    return f"{grid([f'Against {comparison.baseline}', *columns.values()], rows)}\nNeed met: percentage points."


def _towns(comparison: Comparison) -> list[str]:
    """Say who feels a change where the alternatives differ in something else than the strategy."""
    if len(comparison.strategies) > 1:
        return []
    return [paragraphs(town_change_lines(comparison)), town_change_table(comparison)]


def common_lines(differences: DataFrame) -> list[str]:
    """Say what common random numbers do over all measures."""
    known = differences.dropna(subset="crn").sort_values("crn")
    if known.empty:
        return []
    least, most = (
        f"{_removed(float(row['crn']))} ({mid_sentence(describe(str(row['measure'])).label)}, {row['alternative']})"
        for row in (known.iloc[0], known.iloc[-1])
    )
    still = len(differences) - len(known)
    return [
        f"Common random numbers (CRN) over {differences['measure'].nunique()} measures: in the median they remove "
        f"{_removed(float(known['crn'].median()))} of the variance of a difference, least {least}, most {most}"
        f"{f'; {still} of {len(differences)} do not vary' if still else ''}. All are in differences.csv."
    ]


def _beginnings(comparison: Comparison) -> dict[date, list[str]]:
    """Return the days on which alternatives begin, each with their names as sentences have them.

    A strategy begins with its second regime of imports, an overlay when it first makes a difference to the baseline;
    the baseline itself, and what differs in nothing or in no regime, is left out.
    """
    scenarios = {alternative.name: alternative.scenario for alternative in comparison.alternatives}
    start, base = comparison.alternatives[0].scenario.start, scenarios[comparison.baseline]
    days: dict[date, list[str]] = {}
    for name, scenario in scenarios.items():
        hours = change_of_strategy(scenario) if len(comparison.strategies) > 1 else onset(scenario, base)
        if hours is not None:
            days.setdefault(on_day(start, hours / 24.0), []).append(name_words(name))
    return days


def beginning_words(comparison: Comparison) -> list[str]:
    """Say which alternatives begin when, if not all on one day, and how to count from the last of these days on."""
    days, month = _beginnings(comparison), _month_of(comparison.goal)
    if len(days) < 2 or (month is not None and month >= max(days)):
        return []
    first = comparison.alternatives[0].scenario.start.date()
    begins = [
        f"{listed(names)} {'with the run' if day == first else f'on {long_date(day)}'}"
        for day, names in sorted(days.items())
    ]
    label = measure_of(comparison, comparison.goal).label
    other = _whole_month(comparison, max(days))
    after = f"; {argument('measure', other)} ranks by what comes after" if other else ""
    of = "is of the whole run, in which" if month is None else "begins before the last of them, so that"
    return [
        f"They begin on different days, {listed(begins)}: '{label}' {of} what begins late has less time to show{after}."
    ]


def _month_of(measure: str) -> date | None:
    """Return the first day of the month that a measure is of; None if it is of the whole run."""
    parts = read(measure)
    return date.fromisoformat(f"{parts.month}-01") if parts and parts.month else None


def _whole_month(comparison: Comparison, day: date) -> str:
    """Return the measure of the imports of the first whole month from a day on, if the run has one."""
    last = comparison.alternatives[0].scenario.end.date()
    for name in sorted(map(str, comparison.measures)):
        first = _month_of(name) if kind(name) == "imports" else None
        if first and day <= first and name != comparison.goal:
            after = first + timedelta(monthrange(first.year, first.month)[1])
            return name if after <= last else ""
    return ""
