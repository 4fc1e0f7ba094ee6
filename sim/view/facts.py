"""Facts beside the model in words: the answers of a calibration and of a validation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from math import isfinite, isnan
from pathlib import Path
from typing import Final

from sim.study.bound import Bound
from sim.study.calibrate import Calibration
from sim.study.validate import CENTRAL, HINDCAST, POSTERIOR, PRIOR, WITHOUT_MODEL, Validation
from sim.study.verdicts import Coverage, Verdict, coverage, verdicts
from sim.view.parameters import parameter_words, shown
from sim.view.study_words import page
from sim.view.table import grid, paragraphs, where
from sim.view.words import counted, due, number, percent, range_words

MOST = 12
"""Rows of informed parameters."""
WORDS: Final = {
    CENTRAL: "Central values, fresh luck",
    PRIOR: "Prior",
    POSTERIOR: "Posterior, fresh luck",
    HINDCAST: "Posterior with its own luck (hindcast)",
}


def documented(bound: Bound, start: datetime) -> str:
    """Return what is documented, with its unit: ``80 % or more``, ``5–7 Oct``, ``118–235 tankers``."""
    return interval(bound.low, bound.high, lambda value: value_of(bound, value, start), bound.target.unit)


def interval(low: float, high: float, write: Callable[[float], str], unit: str = "") -> str:
    """Return what is documented from one end to another, of which one may be open, with a unit if it is to be said."""
    unit = f" {unit}".rstrip()
    if isfinite(low) and isfinite(high):
        return range_words(write(low), write(high)) + unit
    end = write(low if isfinite(low) else high)
    return f"{end}{unit.removesuffix('s') if end == '1' else unit} or {'more' if isfinite(low) else 'less'}"


def value_of(bound: Bound, value: float, start: datetime) -> str:
    """Return a value of the quantity; a first day that did not come is after the last."""
    if isnan(value):
        return "–"
    if bound.is_date:
        return due(start, value, bound.asked.quantity.last + 1)
    return percent(value) if bound.is_share else number(value)


def band_of(one: Verdict, start: datetime) -> str:
    """Return the model's band in words."""
    if one.holds is None:
        return f"asked in {one.asked} of {one.total}" if one.asked else "not asked"
    ends = (value_of(one.bound, end, start) for end in (one.low, one.high))
    return range_words(*ends)


def verdict_of(one: Verdict) -> str:
    """Return the verdict in a word or two."""
    if one.bound.use == "input":
        return "input"
    if one.holds is None:
        return "too few"
    word = "says nothing" if one.empty else "holds"
    if not one.holds:
        word = f"outside: model {'lower' if one.high < one.bound.low else 'higher'}"
    return {"claim": f"claim, {word}", "check": f"{word} (not fitted)"}.get(one.bound.use, word)


def ordered(found: Sequence[Verdict]) -> list[Verdict]:
    """Return facts in the order in which they are shown: those outside first, the farthest at the top; inputs last."""
    rank = {"fit": 0, "check": 1, "claim": 2, "input": 3}

    def place(one: Verdict) -> tuple[bool, int, float]:
        return one.holds is not False or one.bound.use == "input", rank[one.bound.use], -one.off

    return sorted(found, key=place)


def covered(one: Coverage, what: str) -> str:
    """Return a sentence on how many bands hold their fact."""
    if not one.asked:
        return f"No {what}."
    share = percent(one.held / one.asked)
    empty = f" Bands that cover nine tenths of what is possible, and so say nothing: {one.empty}." * bool(one.empty)
    lie = "lies" if one.held == 1 else "lie"
    return (
        f"{one.held} of {one.asked} {what} ({share}) {lie} in the model's 5–95 % band; if bands were right, {one.low} "
        f"to {one.high} would be no surprise. Median width of a band: {number(one.width)} standard errors of its "
        f"fact.{empty}"
    )


def facts_table(shown: Sequence[str], sets: Sequence[Sequence[Verdict]], start: datetime) -> str:
    """Set every fact beside the bands of some sets of replications, the last of which has the verdicts."""
    bands = [{one.bound.name: band_of(one, start) for one in found} for found in sets]
    rows = [
        (
            one.bound.target.label,
            documented(one.bound, start),
            *(band[one.bound.name] for band in bands),
            verdict_of(one),
        )
        for one in ordered(sets[-1])
    ]
    return grid(["On record", "documented", *shown, ""], rows, prose=(0, 1))


def calibration_answer(done: Calibration, figures: Sequence[Path] | None = ()) -> str:
    """Return what a calibration found: the facts beside prior and posterior, and what they say of the parameters."""
    before, after = (verdicts(done.targets, one.values) for one in (done.prior, done.posterior))
    fitted, made = coverage(after, "fit"), done.manifest
    first = str(len(set(done.posterior.ancestor.tolist())))
    told = [
        f"{done.scenario.root.title}: calibrated",
        f"Mode: {made['mode']}. Scope: {made['scope']}. Volumes: {made['series']}. "
        f"{counted(str(fitted.asked), 'fact')} fitted. {len(done.posterior.fit)} particles, "
        f"{made['simulated']:,} replications, {made['seconds'] / 60:.0f} minutes; effective size {done.effective:.0f}, "
        f"{counted(str(done.draws.lines), 'line')} of luck, {counted(first, 'first particle')} left.",
        f"Log evidence {done.evidence:.1f}.",
        covered(fitted, "fitted facts"),
    ]
    return page(
        paragraphs(told),
        facts_table(("prior", "posterior"), (before, after), done.plan.start),
        paragraphs(["Bands are 5–95 %; the posterior's with the luck that was fitted with it."]),
        parameters(done),
        where(done.folder, figures),
    )


def parameters(done: Calibration) -> str:
    """Return which parameters the facts inform, and how many stay where they were."""
    table, scenario = done.parameters, done.scenario
    informed = table[table["informed"]].sort_values("contraction", ascending=False)
    head = (
        f"The facts inform {len(informed)} of {len(table)} parameters; one by one the others cannot be told from "
        f"marks that nothing reads, which scatter as if there were {done.independent:.0f} independent draws. Together "
        "they may say more: what they give with other luck is for convoi validate."
    )
    rows = []
    for path, row in informed.head(MOST).iterrows():
        name, ends = str(path), ("prior_low", "prior_high", "median", "low", "high")
        *values, low, high = (shown(name, row[end], scenario) for end in ends)
        rows.append((parameter_words(name, scenario), *values, f"{low} to {high}", percent(row["contraction"])))
    heads = ["Parameter", "from", "to", "median", "5–95 %", "narrower"]
    return page(paragraphs([head]), grid(heads, rows, prose=(0,)) if rows else "")


def validation_answer(done: Validation, figures: Sequence[Path] | None = ()) -> str:
    """Return every fact beside the model, those outside first, then coverage and scores."""
    made, shown = done.manifest, list(dict.fromkeys((PRIOR, done.lead)))
    told = [
        f"{done.scenario.root.title}: facts beside the model",
        f"Mode: {made['mode']}. Scope: {made['scope']}. Volumes: {made['series']}. {made['replications']} replications "
        f"of each, seed {made['seed']}. Verdicts are on the {done.lead}.",
        *(
            f"{WORDS[name]}: {covered(coverage(found, 'fit', 'check'), 'facts')}"
            for name, found in done.verdicts.items()
        ),
    ]
    notes = ["Bands are 5–95 %; all sets of replications are in facts.csv."]
    if lean := sorted({one.bound.target.label for one in done.verdicts[done.lead] if one.bound.leans}):
        words = "; ".join(lean)
        notes.append(f"A range of the scenario cites the same fact, so these are no independent test: {words}.")
    return page(
        paragraphs(told),
        facts_table(shown, [done.verdicts[name] for name in shown], done.plan.start),
        paragraphs(notes),
        scores(done),
        where(done.folder, figures),
    )


def scores(done: Validation) -> str:
    """Return the mean scores of model and of forecasts without one, over the facts that each pair has in common."""
    table = done.scores.loc[[bound.name for bound in done.targets if bound.use in ("fit", "check")]]
    rows = []
    for other in [name for name in (*WITHOUT_MODEL, PRIOR) if name != done.lead]:
        both = table[[done.lead, other]].dropna()
        if not both.empty:
            ours, theirs = both[done.lead], both[other]
            better = f"{int((ours < theirs).sum())} of {len(both)}"
            rows.append((other, str(len(both)), number(float(ours.mean())), number(float(theirs.mean())), better))
    if not rows:
        return ""
    heads = ["Against", "facts", f"score of the {done.lead}", "score of the other", "better in"]
    words = "Scores (CRPS in standard errors of each fact; lower is better):"
    return f"{words}\n{grid(heads, rows)}"
