"""The answer to a comparison: three sentences, the tables, and what is not measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.language import say
from sim.results.measures import MAIN, column_of, dated, goal
from sim.results.variance import TOO_FEW, UNTOLD
from sim.scenario.calls import argument
from sim.study.break_even import BreakEven
from sim.study.choice import choice
from sim.study.comparison import Comparison, differences_of, part
from sim.study.drivers import FEWEST
from sim.study.effects import Finding, finding, findings, ranked
from sim.study.intervals import Interval
from sim.study.ranking import Reversal
from sim.view.beginnings import beginning_words
from sim.view.break_even_answer import break_even_answer
from sim.view.figures.sides import level_of, measure_of
from sim.view.parameters import parameter_words
from sim.view.ranking import change, choice_words, difference_words, first_words, robust_words
from sim.view.study_words import (
    CAVEAT,
    EXPLORATORY,
    NEVER,
    NOT_MEANT,
    TAGS,
    alternative_words,
    failure_words,
    few_words,
    first_look,
    page,
    shared_words,
    tag_words,
)
from sim.view.table import band_head, grid, paragraphs, where
from sim.view.town_changes import town_change_lines, town_change_table, town_loss_words
from sim.view.words import (
    SCOPES,
    apart,
    counted,
    describe,
    mid_sentence,
    name_words,
    percent,
)

if TYPE_CHECKING:
    from pandas import DataFrame

    Rows = Mapping[tuple[Any, Any], Mapping[Any, Any]]
    """Paired differences by alternative and measure."""


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
        paragraphs([say(EXPLORATORY)] * any(alternative.exploratory for alternative in comparison.alternatives)),
        paragraphs([say(CAVEAT), say(NOT_MEANT)]) + "\n",
    )


def rows_of(differences: DataFrame) -> Rows:
    """Return paired differences by alternative and measure."""
    return {(row["alternative"], row["measure"]): row for row in differences.to_dict(orient="records")}


def opening_lines(comparison: Comparison) -> list[str]:
    """Say what was compared: the title, how often and on what, the alternatives, what they share."""
    root = comparison.alternatives[0].scenario.root
    if comparison.hindcast:
        same = say("on the same ambushes and the same parameters")
    elif comparison.drawn:
        same = say("on the same ambushes and the same draws of the parameters")
    else:
        same = say("on the same ambushes at central parameters")
    return [
        say(root.title),
        say(
            "{count} alternatives, {replications} of each, seed {seed}, {same}. Scope: {scope}.",
            count=len(comparison.names),
            replications=counted(str(comparison.count), "replication"),
            seed=comparison.manifest["seed"],
            same=same,
            scope=say(SCOPES[root.scope]),
        ),
        apart(map(alternative_words, comparison.alternatives)) + ".",
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
    finding_words = say("Found: {finding}", finding=first_words(comparison, pair))
    return [
        f"{finding_words} {town_loss_words(comparison, best)}".rstrip(),
        say("How sure: {choice}", choice=choice_words(comparison, choice(comparison), pair)),
        say("Turns on: {parameters}", parameters=turn_words(comparison, pair)),
    ]


def turn_words(comparison: Comparison, pair: Finding) -> str:
    """Say on which parameters the difference turns."""
    if comparison.fitted:
        return say("parameters come together from a posterior with few lines, so that no single one can be told.")
    if not comparison.drawn:
        return say("nothing was drawn; run without {option} to see.", option=argument("central", True))
    draws = comparison.draws
    if draws < FEWEST:
        return few_words(draws, FEWEST, comparison.each, say("tell"))
    if not pair.turns:
        count = comparison.parameters.shape[1]
        if not pair.tag:
            return say(
                "none of {count} parameters can be told from chance by {draws} draws; more replications may tell.",
                count=count,
                draws=draws,
            )
        return say(
            "none of {count} parameters can be told from chance by {draws} draws; more replications may tell; what the "
            "two differ in by design rests on: {tag}.",
            count=count,
            draws=draws,
            tag=tag_words(pair.tag),
        )
    scenario = next(alternative.scenario for alternative in comparison.alternatives if alternative.name == pair.first)
    parts = [
        say(
            "{parameter} ({low} where it is low, {high} where it is high)",
            parameter=parameter_words(turn.path, scenario),
            low=change(turn.low, comparison.goal),
            high=change(turn.high, comparison.goal),
        )
        for turn in pair.turns
    ]
    return say(
        "{first} against {second}: {parameters} [{tag}].",
        first=name_words(pair.first),
        second=name_words(pair.second),
        parameters=apart(parts),
        tag=tag_words(pair.tag),
    )


def columns_of(comparison: Comparison) -> dict[str, str]:
    """Return the main measures, that which ranks first, with the heads of their columns."""
    hub = comparison.alternatives[0].scenario.root.hub
    met = column_of("need_met", hub)
    wished = [comparison.goal, met, "worst_town_need_met", "tankers_lost", "escort_cost"]
    heads = {met: say("need met, {town}", town=hub)}
    return {
        name: heads.get(name) or (say(goal(name).head) if goal(name).head else describe(name).heading)
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
    notes = []
    if comparison.count > 1:
        spread = band_head(comparison.count)
        notes.append(
            say(
                "Mean and {band} of the replications; of dates, the days by which half, and 5 and 95 %, of all have "
                "them.",
                band=spread,
            )
            if any(map(dated, columns))
            else say("Mean and {band} of the replications.", band=spread)
        )
    if MAIN in columns:
        notes.append(say("Days half shut: with under half of {town}'s stations open.", town=scenario.root.hub))
    table = grid([say("Alternative"), *columns.values()], rows)
    return f"{table}\n{paragraphs([' '.join(notes), *_undefined(comparison)])}"


def _undefined(comparison: Comparison) -> list[str]:
    """Say in how many replications each alternative has the measure that ranks, if not all have it in all."""
    counts = {name: int(part(comparison.measures, name)[comparison.goal].count()) for name in comparison.names}
    if set(counts.values()) == {comparison.count}:
        return []
    text = say(
        "{measure}: of {replications} it is defined in: {alternatives}.",
        measure=columns_of(comparison)[comparison.goal],
        replications=counted(str(comparison.count), "replication"),
        alternatives=", ".join(f"{name_words(name)} {count}" for name, count in counts.items()),
    )
    return [f"{text} {say(NEVER)}" if dated(comparison.goal) else text]


def goal_table(comparison: Comparison, differences: Rows) -> str:
    """Set out the paired differences to the baseline in the measure that ranks, with what each rests on."""
    pairs, rows = findings(comparison), []
    split = any(differences[pair.first, comparison.goal]["clear"] for pair in pairs)
    # There is no tag where there are too few draws to tell on what a difference turns.
    tags = [comparison.draws >= FEWEST and pair.tag for pair in pairs]
    tagged = any(tags)
    for pair, tag in zip(pairs, tags, strict=True):
        row = differences[pair.first, comparison.goal]
        won = f"{round(100 * pair.won)} / {percent(pair.lost)}" if goal(comparison.goal).better else "–"
        shares = [percent(row[part]) if row["clear"] else "–" for part in ("luck", "ignorance")] * split
        rest = [tag_words(tag) if tag else "–"] * tagged
        difference = difference_words(pair.difference, comparison.goal)
        rows.append([pair.first, difference, won, percent(row["crn"]), *shares, *rest])
    heads = [_against(comparison), columns_of(comparison)[comparison.goal], say("better / worse"), say("CRN removes")]
    heads += [say("luck"), say("ignorance")] * split + [say("rests on")] * tagged
    if comparison.drawn:
        unit = say(
            "Mean paired difference and its 95 % interval (pairs of replications that share a draw of the parameters "
            "are the unit)"
        )
    else:
        unit = say("Mean paired difference and its 95 % interval")
    crn = say(
        "{difference}; better / worse: shares of replications, in the rest both are equal; CRN: variance of the "
        "difference removed by running both on the same luck",
        difference=unit,
    )
    note = f"{crn}."
    if split:
        note = say("{crn}; luck, ignorance: shares of what is left ({too_few}).", crn=crn, too_few=say(TOO_FEW))
    elif comparison.drawn:
        note = say(
            "{crn}; how much of what is left is luck and how much ignorance of the parameters {untold}.",
            crn=crn,
            untold=say(UNTOLD),
        )
    return f"{grid(heads, rows, range(1, len(heads) - tagged))}\n{paragraphs([note, *[say(TAGS)] * tagged])}"


def _against(comparison: Comparison) -> str:
    return say("Against {alternative}", alternative=comparison.baseline)


def other_table(comparison: Comparison, differences: Rows) -> str:
    """Set out the paired differences to the baseline in the other main measures."""
    columns, rows = columns_of(comparison), []
    del columns[comparison.goal]
    for alternative in comparison.names:
        if alternative != comparison.baseline:
            paired = [differences[alternative, name] for name in columns]
            ends = [Interval(row["mean"], row["mean_low"], row["mean_high"]) for row in paired]
            rows.append([alternative, *map(difference_words, ends, columns)])
    return f"{grid([_against(comparison), *columns.values()], rows)}\n{say('Need met: percentage points.')}"


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
        f"{percent(float(row['crn']))} ({mid_sentence(describe(str(row['measure'])).label)}, {row['alternative']})"
        for row in (known.iloc[0], known.iloc[-1])
    )
    still = len(differences) - len(known)
    values = {
        "count": differences["measure"].nunique(),
        "median": percent(float(known["crn"].median())),
        "least": least,
        "most": most,
    }
    if not still:
        return [
            say(
                "Common random numbers (CRN) over {count} measures: in the median they remove {median} of the variance "
                "of a difference, least {least}, most {most}. All are in differences.csv.",
                **values,
            )
        ]
    return [
        say(
            "Common random numbers (CRN) over {count} measures: in the median they remove {median} of the variance of "
            "a difference, least {least}, most {most}; {still} of {total} do not vary. All are in differences.csv.",
            **values,
            still=still,
            total=len(differences),
        )
    ]
