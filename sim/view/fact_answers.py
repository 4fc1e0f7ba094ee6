"""Facts beside the model in words: the answers of a calibration and of a validation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from math import isfinite, isnan
from pathlib import Path
from typing import Any, Final

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


def band_of(verdict: Verdict, start: datetime) -> str:
    """Return the model's band in words."""
    if verdict.holds is None:
        return f"asked in {verdict.asked} of {verdict.total}" if verdict.asked else "not asked"
    ends = (value_of(verdict.bound, end, start) for end in (verdict.low, verdict.high))
    return range_words(*ends)


def verdict_of(verdict: Verdict) -> str:
    """Return the verdict in a word or two."""
    if verdict.bound.use == "input":
        return "input"
    if verdict.holds is None:
        return "too few"
    word = "says nothing" if verdict.empty else "holds"
    if not verdict.holds:
        word = f"outside: model {'lower' if verdict.high < verdict.bound.low else 'higher'}"
    return {"claim": f"claim, {word}", "check": f"{word} (not fitted)"}.get(verdict.bound.use, word)


def ordered(facts: Sequence[Verdict]) -> list[Verdict]:
    """Return facts in the order in which they are shown: those outside first, the farthest at the top; inputs last."""
    rank = {"fit": 0, "check": 1, "claim": 2, "input": 3}

    def place(verdict: Verdict) -> tuple[bool, int, float]:
        return verdict.holds is not False or verdict.bound.use == "input", rank[verdict.bound.use], -verdict.off

    return sorted(facts, key=place)


def covered(counts: Coverage, what: str) -> str:
    """Return a sentence on how many bands hold their fact."""
    if not counts.asked:
        return f"No {what}."
    share = percent(counts.inside / counts.asked)
    empty = f" Bands that cover nine tenths of what is possible, and so say nothing: {counts.empty}."
    lie = "lies" if counts.inside == 1 else "lie"
    return (
        f"{counts.inside} of {counts.asked} {what} ({share}) {lie} in the model's 5–95 % band; if bands were right, "
        f"{counts.low} to {counts.high} would be no surprise. Median width of a band: {number(counts.width)} standard "
        f"errors of its fact.{empty * bool(counts.empty)}"
    )


def facts_table(shown: Sequence[str], sets: Sequence[Sequence[Verdict]], start: datetime) -> str:
    """Set every fact beside the bands of some sets of replications, the last of which has the verdicts."""
    bands = [{verdict.bound.name: band_of(verdict, start) for verdict in facts} for facts in sets]
    rows = [
        (
            verdict.bound.target.label,
            documented(verdict.bound, start),
            *(band[verdict.bound.name] for band in bands),
            verdict_of(verdict),
        )
        for verdict in ordered(sets[-1])
    ]
    return grid(["On record", "documented", *shown, ""], rows, prose=(0, 1))


def calibration_answer(calibration: Calibration, figures: Sequence[Path] | None = ()) -> str:
    """Return what a calibration found: the facts beside prior and posterior, and what they say of the parameters."""
    samples = calibration.prior, calibration.posterior
    before, after = (verdicts(calibration.targets, sample.values) for sample in samples)
    fitted, manifest = coverage(after, "fit"), calibration.manifest
    first = str(len(set(calibration.posterior.ancestor.tolist())))
    lines = [
        f"{calibration.scenario.root.title}: calibrated",
        f"{_settings(manifest)} {counted(str(fitted.asked), 'fact')} fitted. {len(calibration.posterior.fit)} "
        f"particles, {manifest['simulated']:,} replications, {manifest['seconds'] / 60:.0f} minutes; effective size "
        f"{calibration.effective:.0f}, {counted(str(calibration.draws.lines), 'line')} of luck, "
        f"{counted(first, 'first particle')} left.",
        f"Log evidence {calibration.evidence:.1f}.",
        covered(fitted, "fitted facts"),
    ]
    return page(
        paragraphs(lines),
        facts_table(("prior", "posterior"), (before, after), calibration.plan.start),
        paragraphs(["Bands are 5–95 %; the posterior's with the luck that was fitted with it."]),
        parameters(calibration),
        where(calibration.folder, figures),
    )


def _settings(manifest: Mapping[str, Any]) -> str:
    return f"Mode: {manifest['mode']}. Scope: {manifest['scope']}. Volumes: {manifest['series']}."


def parameters(calibration: Calibration) -> str:
    """Return which parameters the facts inform, and how many stay where they were."""
    table, scenario = calibration.parameters, calibration.scenario
    informed = table[table["informed"]].sort_values("contraction", ascending=False)
    head = (
        f"The facts inform {len(informed)} of {len(table)} parameters; one by one the others cannot be told from "
        f"marks that nothing reads, which scatter as if there were {calibration.independent:.0f} independent draws. "
        "Together they may say more: what they give with other luck is for convoi validate."
    )
    rows = []
    for path, row in informed.head(MOST).iterrows():
        name, ends = str(path), ("prior_low", "prior_high", "median", "low", "high")
        *values, low, high = (shown(name, row[end], scenario) for end in ends)
        rows.append((parameter_words(name, scenario), *values, f"{low} to {high}", percent(row["contraction"])))
    heads = ["Parameter", "from", "to", "median", "5–95 %", "narrower"]
    return page(paragraphs([head]), grid(heads, rows, prose=(0,)) if rows else "")


def validation_answer(validation: Validation, figures: Sequence[Path] | None = ()) -> str:
    """Return every fact beside the model, those outside first, then coverage and scores."""
    manifest, shown = validation.manifest, list(dict.fromkeys((PRIOR, validation.lead)))
    lines = [
        f"{validation.scenario.root.title}: facts beside the model",
        f"{_settings(manifest)} {manifest['replications']} replications of each, seed {manifest['seed']}. Verdicts are "
        f"on the {validation.lead}.",
        *(
            f"{WORDS[name]}: {covered(coverage(facts, 'fit', 'check'), 'facts')}"
            for name, facts in validation.verdicts.items()
        ),
    ]
    notes = ["Bands are 5–95 %; all sets of replications are in facts.csv."]
    bounds = [verdict.bound for verdict in validation.verdicts[validation.lead]]
    if lean := sorted({bound.target.label for bound in bounds if bound.leans}):
        words = "; ".join(lean)
        notes.append(f"A range of the scenario cites the same fact, so these are no independent test: {words}.")
    return page(
        paragraphs(lines),
        facts_table(shown, [validation.verdicts[name] for name in shown], validation.plan.start),
        paragraphs(notes),
        scores(validation),
        where(validation.folder, figures),
    )


def scores(validation: Validation) -> str:
    """Return the mean scores of model and of forecasts without one, over the facts that each pair has in common."""
    table = validation.scores.loc[[bound.name for bound in validation.targets if bound.use in ("fit", "check")]]
    rows = []
    for other in [name for name in (*WITHOUT_MODEL, PRIOR) if name != validation.lead]:
        both = table[[validation.lead, other]].dropna()
        if not both.empty:
            ours, theirs = both[validation.lead], both[other]
            better = f"{int((ours < theirs).sum())} of {len(both)}"
            rows.append((other, str(len(both)), number(float(ours.mean())), number(float(theirs.mean())), better))
    if not rows:
        return ""
    heads = ["Against", "facts", f"score of the {validation.lead}", "score of the other", "better in"]
    words = "Scores (CRPS in standard errors of each fact; lower is better):"
    return f"{words}\n{grid(heads, rows)}"
