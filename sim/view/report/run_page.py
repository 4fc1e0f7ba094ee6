"""The page of a run: which sentences, tables and charts stand where."""

from __future__ import annotations

import shlex
from typing import Any

from sim.language import say
from sim.plan import build
from sim.results.measures import MAIN, column_of
from sim.results.run import Run
from sim.study.bound import mode_of
from sim.view.blocks import Prose, blocks
from sim.view.report.atlas import run_atlas
from sim.view.report.evidence import evidence_of
from sim.view.report.facts import facts_of
from sim.view.report.fits import fits
from sim.view.report.run_charts import open_chart, shut_chart, stock_chart, towns_chart
from sim.view.report.sections import Aside, Code, Section, made_of, set_beside_record, spoken
from sim.view.report.traffic_charts import traffic_charts
from sim.view.report.turns import turns_of
from sim.view.run_answer import APART, binding_lines, measure_table, shortage_lines, stations_line, worst_lines
from sim.view.study_words import CAVEAT, failure_words, layers_on, run_opening, terms_words
from sim.view.town_words import by_town
from sim.view.words import describe, mid_sentence, percent


def run_sections(run: Run) -> list[Section]:
    """Return the sections of the page of a run, but for the map and the replay, which the page itself adds."""
    fit = fits(build(run.scenario), run.scenario, central=bool(run.manifest["central"]))
    record, unasked = set_beside_record(facts_of(run))
    return [
        Section(
            "answer", say("The answer"),
            (
                Prose((stations_line(run), *_met(run))), shut_chart(run),
                Prose((*shortage_lines(run), *worst_lines(run))),
            ),
        ),
        Section("sure", say("How sure is that?"), (Prose((*_sure(run), *unasked)),)),
        Section("change", say("What would change it?"), tuple(_change(run))),
        Section("unmeasured", say("What is not measured"), (Aside(say(CAVEAT)),)),
        Section("supply", say("Supply day by day"), tuple(_supply(run))),
        *record,
        Section("map", say("The map"), (run_atlas(run),)),
        Section("evidence", say("What the numbers rest on"), (evidence_of({"": run.scenario}, {"": fit}),)),
        Section("making", say("How to make it again"), (made_of(run.manifest),)),
    ]  # fmt: skip


def _met(run: Run) -> list[str]:
    """Say why need is met with stations shut, where it mostly is."""
    root = run.scenario.root
    names = [column_of(measure, root.hub, root.lead) for measure in ("need_met", "fill_rate")]
    if not all(name in run.measures for name in names) or not run.measures[MAIN].any():
        return []
    met, sold = (float(run.measures[name].mean()) for name in names)
    if not met > sold + APART:
        return []
    return [
        say(
            "All the same {met} of {town}'s need for {product} was met: people burn what is in their own tanks, and "
            "fill them at the stations that are open. Of what they wanted to buy, {sold} was sold.",
            met=percent(met), town=root.hub, product=say(root.lead), sold=percent(sold),
        )
    ]  # fmt: skip


def _sure(run: Run) -> list[str]:
    """Say what was run, and what is luck."""
    _, *opening = run_opening(run)
    lines = [*opening, terms_words()]
    split = run.variance
    if split is not None and MAIN in split.index and bool(split["clear"][MAIN]):
        luck, ignorance = (percent(float(split[part][MAIN])) for part in ("luck", "ignorance"))
        lines.append(
            say(
                "Of the spread in {measure}, {luck} is luck (ambushes and days drawn differently) and {ignorance} "
                "ignorance of the parameters.",
                measure=mid_sentence(describe(MAIN).label),
                luck=luck,
                ignorance=ignorance,
            )
        )
    if run.failures is not None:
        lines += failure_words(run.failures.assign(alternative="")) if len(run.failures) else []
    return lines


def _change(run: Run) -> list[Any]:
    scenario = run.scenario
    fitted = scenario.root.posterior is not None
    bound = say(
        "What bound is what held supply back in a week: the cause that cost most tanker-days on the way from abroad; "
        "or nothing, where imports or the stock of depots came near what was wanted."
    )
    listed = [turns_of(run), Prose((bound,)), *blocks(binding_lines, run)]
    if fitted and mode_of(scenario) != "free":  # what was fitted comes with recorded convoys and attacks
        return listed
    words = ["convoi", "sensitivity", scenario.name]
    for layer in layers_on(scenario, scenario.laid):  # without a posterior: it draws each number from its own range
        words += ["--set" if "=" in layer else "--overlay", layer]
    moves = say("What moves the answer most is asked with:")
    before = say("What moves the answer most, with numbers as before the fit, is asked with:")
    return [*listed, Prose((before if fitted else moves,)), Code(spoken(shlex.join(words)))]


def _supply(run: Run) -> list[Any]:
    towns = towns_chart(run)
    return [
        stock_chart(run), open_chart(run), *([towns] if towns else []), *blocks(by_town, run), *traffic_charts(run),
        *blocks(measure_table, run),
    ]  # fmt: skip
