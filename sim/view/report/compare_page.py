"""The page of a comparison: which sentences, tables and charts stand where."""

from __future__ import annotations

from typing import Any

from sim.language import say
from sim.results.run import Run
from sim.study.break_even import BreakEven
from sim.study.comparison import Comparison, differences_of, part
from sim.study.ranking import reversal
from sim.view.beginnings import beginning_words
from sim.view.blocks import Prose, blocks
from sim.view.break_even_answer import break_even_answer
from sim.view.compare_answer import (
    common_lines,
    goal_table,
    level_table,
    opening_lines,
    other_table,
    rows_of,
    three_sentences,
)
from sim.view.ranking import robust_words
from sim.view.report.atlas import comparison_atlas
from sim.view.report.break_even_chart import break_even_chart
from sim.view.report.carriers import carriers_of
from sim.view.report.choices import dry_lines
from sim.view.report.compare_charts import compare_charts, shut_by_alternative_chart
from sim.view.report.evidence import evidence_of
from sim.view.report.facts import Facts, facts_of
from sim.view.report.fits import fits
from sim.view.report.row_charts import levels_chart
from sim.view.report.sections import Aside, Section, made_of, set_beside_record
from sim.view.study_words import CAVEAT, EXPLORATORY, NOT_MEANT, failure_words, first_look, terms_words
from sim.view.town_changes import town_change_lines, town_change_table


def comparison_sections(comparison: Comparison, break_even: BreakEven | None) -> list[Section]:
    """Return the sections of the page of a comparison, but for the map and the replay, which the page itself adds."""
    _, made, _, *shared = opening_lines(comparison)
    first, _, turns = three_sentences(comparison)
    differences = differences_of(comparison)
    scenarios = {each.name: each.scenario for each in comparison.alternatives}
    answer = Prose((first, *dry_lines(comparison), *beginning_words(comparison)))
    record, unasked = set_beside_record(_record(comparison))
    doubt = [
        made,
        *shared,
        terms_words(),
        *first_look(comparison.count),
        *common_lines(differences),
        *failure_words(comparison.failures),
        *unasked,
    ]
    moves = [turns, *robust_words(comparison, reversal(comparison))]
    exploratory = [say(EXPLORATORY)] if any(each.exploratory for each in comparison.alternatives) else []
    central = bool(comparison.manifest["central"])
    ranges = {each.name: fits(each.plan, each.scenario, central=central) for each in comparison.alternatives}
    return [
        Section("answer", say("The answer"), (answer, shut_by_alternative_chart(comparison))),
        Section("sure", say("How sure is that?"), (Prose(tuple(doubt)),)),
        Section("change", say("What would change it?"), (Prose(tuple(moves)), *carriers_of(comparison, ranges))),
        Section(
            "unmeasured", say("What is not measured"),
            (Aside(" ".join([say(CAVEAT), say(NOT_MEANT), *exploratory])),),
        ),
        Section("strategies", say("The alternatives beside one another"), tuple(_strategies(comparison, break_even))),
        *record,
        Section("map", say("The map"), (comparison_atlas(comparison),)),
        Section("evidence", say("What the numbers rest on"), (evidence_of(scenarios, ranges),)),
        Section("making", say("How to make it again"), (made_of(comparison.manifest),)),
    ]  # fmt: skip


def _strategies(comparison: Comparison, break_even: BreakEven | None) -> list[Any]:
    rows = rows_of(differences_of(comparison))
    parts: list[Any] = [
        levels_chart(comparison),
        *(part for part in blocks(level_table, comparison) if isinstance(part, Prose)),
        *compare_charts(comparison),
        *blocks(goal_table, comparison, rows),
        *blocks(other_table, comparison, rows),
    ]
    if len(comparison.strategies) == 1:
        parts += [Prose(tuple(town_change_lines(comparison))), *blocks(town_change_table, comparison)]
    if break_even is not None:
        labels = {each.name: each.label for each in comparison.alternatives}
        parts += [break_even_chart(break_even), *blocks(break_even_answer, break_even, labels)]
    return parts


def _record(comparison: Comparison) -> list[Facts | Prose]:
    """Set the record beside the alternative that stands for what happened, if one does."""
    for each in comparison.alternatives:
        if each.scenario.root.record and each.scenario.root.documented:
            measures = part(comparison.measures, each.name)
            run = Run(each.scenario, measures, comparison.tables, comparison.manifest)
            return [Prose((say("Beside the alternative {name}:", name=each.name),)), *facts_of(run)]
    return [
        Prose(
            (
                say(
                    "No alternative stands for what happened: strategies and overlays are what-ifs, and none is set "
                    "beside the record. A run of the scenario itself has the facts beside the model."
                ),
            )
        )
    ]
