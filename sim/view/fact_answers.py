"""Facts beside the model in words: the answers of a calibration and of a validation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from math import isfinite, isnan
from pathlib import Path
from typing import Any, Final

from sim.language import mark, points, say, say_counted
from sim.study.bound import Bound
from sim.study.calibrate import Calibration
from sim.study.validate import CENTRAL, HINDCAST, POSTERIOR, PRIOR, WITHOUT_MODEL, Validation
from sim.study.verdicts import Coverage, Verdict, coverage, verdicts
from sim.view.parameters import parameter_words, shown
from sim.view.study_words import page
from sim.view.table import grid, paragraphs, where
from sim.view.words import apart, counted, due, number, percent, range_words, with_unit

SETTINGS: Final = {
    "mode": (mark("free"), mark("replay")), "scope": (mark("pump"), mark("all")),
    "series": (mark("customs"), mark("minister")),
}  # fmt: skip
"""Words of the settings of facts and model, by key in the manifest."""
MOST = 12
"""Rows of informed parameters."""
WORDS: Final = {
    CENTRAL: mark("Central values, fresh luck"),
    PRIOR: mark("Prior"),
    POSTERIOR: mark("Posterior, fresh luck"),
    HINDCAST: mark("Posterior with its own luck (hindcast)"),
}


def documented(bound: Bound, start: datetime) -> str:
    """Return what is documented, with its unit: ``80 % or more``, ``5–7 Oct``, ``118–235 tankers``."""
    return interval(bound.low, bound.high, lambda value: value_of(bound, value, start), bound.target.unit)


def interval(low: float, high: float, write: Callable[[float], str], unit: str = "") -> str:
    """Return what is documented from one end to another, of which one may be open, with a unit if it is to be said."""
    if isfinite(low) and isfinite(high):
        return f"{range_words(write(low), write(high))} {say(unit) if unit else ''}".rstrip()
    end = with_unit(write(low if isfinite(low) else high), unit)
    return say("{value} or more", value=end) if isfinite(low) else say("{value} or less", value=end)


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
        if not verdict.asked:
            return say("not asked")
        return say("asked in {count} of {total}", count=verdict.asked, total=verdict.total)
    ends = (value_of(verdict.bound, end, start) for end in (verdict.low, verdict.high))
    return range_words(*ends)


def verdict_of(verdict: Verdict) -> str:
    """Return the verdict in a word or two."""
    if verdict.bound.use == "input":
        return say("input")
    if verdict.holds is None:
        return say("too few")
    word = say("says nothing") if verdict.empty else say("holds")
    if not verdict.holds:
        lower = verdict.high < verdict.bound.low
        word = say("outside: model lower") if lower else say("outside: model higher")
    match verdict.bound.use:
        case "claim":
            return say("claim, {verdict}", verdict=word)
        case "check":
            return say("{verdict} (not fitted)", verdict=word)
        case _:
            return word


def ordered(facts: Sequence[Verdict]) -> list[Verdict]:
    """Return facts in the order in which they are shown: those outside first, the farthest at the top; inputs last."""
    rank = {"fit": 0, "check": 1, "claim": 2, "input": 3}

    def place(verdict: Verdict) -> tuple[bool, int, float]:
        return verdict.holds is not False or verdict.bound.use == "input", rank[verdict.bound.use], -verdict.off

    return sorted(facts, key=place)


def covered(counts: Coverage, what: str) -> str:
    """Return a sentence on how many bands hold their fact."""
    if not counts.asked:
        return say("No {facts}.", facts=what)
    text = say_counted(
        "{count} of {total} {facts} ({share}) lies in the model's 5–95 % band; if bands were right, {low} to {high} "
        "would be no surprise. Median width of a band: {width} standard errors of its fact.",
        "{count} of {total} {facts} ({share}) lie in the model's 5–95 % band; if bands were right, {low} to {high} "
        "would be no surprise. Median width of a band: {width} standard errors of its fact.",
        counts.inside,
        count=counts.inside,
        total=counts.asked,
        facts=what,
        share=percent(counts.inside / counts.asked),
        low=counts.low,
        high=counts.high,
        width=number(counts.width),
    )
    if not counts.empty:
        return text
    empty = say("Bands that cover nine tenths of what is possible, and so say nothing: {count}.", count=counts.empty)
    return f"{text} {empty}"


def facts_table(shown: Sequence[str], sets: Sequence[Sequence[Verdict]], start: datetime) -> str:
    """Set every fact beside the bands of some sets of replications, the last of which has the verdicts."""
    bands = [{verdict.bound.name: band_of(verdict, start) for verdict in facts} for facts in sets]
    rows = [
        (
            say(verdict.bound.target.label),
            documented(verdict.bound, start),
            *(band[verdict.bound.name] for band in bands),
            verdict_of(verdict),
        )
        for verdict in ordered(sets[-1])
    ]
    return grid([say("On record"), say("documented"), *map(say, shown), ""], rows, prose=(0, 1))


def calibration_answer(calibration: Calibration, figures: Sequence[Path] | None = ()) -> str:
    """Return what a calibration found: the facts beside prior and posterior, and what they say of the parameters."""
    samples = calibration.prior, calibration.posterior
    before, after = (verdicts(calibration.targets, sample.values) for sample in samples)
    fitted, manifest = coverage(after, "fit"), calibration.manifest
    first = str(len(set(calibration.posterior.ancestor.tolist())))
    lines = [
        say("{title}: calibrated", title=say(calibration.scenario.root.title)),
        say(
            "{settings} {facts} fitted. {particles}, {replications}, {minutes}; "
            "effective size {size}, {lines} of luck, {first} left.",
            settings=_settings(manifest),
            facts=counted(str(fitted.asked), "fact"),
            particles=counted(str(len(calibration.posterior.fit)), "particle"),
            replications=counted(points(f"{manifest['simulated']:,}"), "replication"),
            minutes=counted(f"{manifest['seconds'] / 60:.0f}", "minute"),
            size=f"{calibration.effective:.0f}",
            lines=counted(str(calibration.draws.lines), "line"),
            first=counted(first, "first particle"),
        ),
        say("Log evidence {evidence}.", evidence=points(f"{calibration.evidence:.1f}".replace("-", "−"))),
        covered(fitted, say("fitted facts")),
    ]
    return page(
        paragraphs(lines),
        facts_table((PRIOR, POSTERIOR), (before, after), calibration.plan.start),
        paragraphs([say("Bands are 5–95 %; the posterior's with the luck that was fitted with it.")]),
        parameters(calibration),
        where(calibration.folder, figures),
    )


def _settings(manifest: Mapping[str, Any]) -> str:
    return say("Mode: {mode}. Scope: {scope}. Volumes: {series}.", **setting_words(manifest))


def setting_words(manifest: Mapping[str, Any]) -> dict[str, str]:
    """Return what facts and model are set to, each in a word: its ``mode``, ``scope`` and ``series``."""
    return {key: say(str(manifest[key])) for key in SETTINGS}


def parameters(calibration: Calibration) -> str:
    """Return which parameters the facts inform, and how many stay where they were."""
    table, scenario = calibration.parameters, calibration.scenario
    informed = table[table["informed"]].sort_values("contraction", ascending=False)
    head = say(
        "The facts inform {count} of {total} parameters; one by one the others cannot be told from marks that nothing "
        "reads, which scatter as if there were {draws} independent draws. Together they may say more: what they give "
        "with other luck is for convoi validate.",
        count=len(informed),
        total=len(table),
        draws=f"{calibration.independent:.0f}",
    )
    rows = []
    for path, row in informed.head(MOST).iterrows():
        name, ends = str(path), ("prior_low", "prior_high", "median", "low", "high")
        *values, low, high = (shown(name, row[end], scenario) for end in ends)
        band = say("{low} to {high}", low=low, high=high)
        rows.append((parameter_words(name, scenario), *values, band, percent(row["contraction"])))
    heads = [say("Parameter"), say("from"), say("to"), say("median"), say("5–95 %"), say("narrower")]
    return page(paragraphs([head]), grid(heads, rows, prose=(0,)) if rows else "")


def validation_answer(validation: Validation, figures: Sequence[Path] | None = ()) -> str:
    """Return every fact beside the model, those outside first, then coverage and scores."""
    manifest, shown = validation.manifest, list(dict.fromkeys((PRIOR, validation.lead)))
    lines = [
        say("{title}: facts beside the model", title=say(validation.scenario.root.title)),
        say(
            "{settings} {replications} of each, seed {seed}. Verdicts are on the {lead}.",
            settings=_settings(manifest),
            replications=counted(str(manifest["replications"]), "replication"),
            seed=manifest["seed"],
            lead=say(validation.lead),
        ),
        *(
            say("{draws}: {coverage}", draws=say(WORDS[name]), coverage=covered(some, say("facts")))
            for name, some in ((name, coverage(facts, "fit", "check")) for name, facts in validation.verdicts.items())
        ),
    ]
    notes = [say("Bands are 5–95 %; all sets of replications are in facts.csv.")]
    bounds = [verdict.bound for verdict in validation.verdicts[validation.lead]]
    if lean := sorted({say(bound.target.label) for bound in bounds if bound.leans}):
        facts = apart(lean)
        notes.append(
            say("A range of the scenario cites the same fact, so these are no independent test: {facts}.", facts=facts)
        )
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
            better = say("{count} of {total}", count=int((ours < theirs).sum()), total=len(both))
            rows.append((say(other), str(len(both)), number(float(ours.mean())), number(float(theirs.mean())), better))
    if not rows:
        return ""
    ours_head = say("score of the {lead}", lead=say(validation.lead))
    heads = [say("Against"), say("facts"), ours_head, say("score of the other"), say("better in")]
    words = say("Scores (CRPS in standard errors of each fact; lower is better):")
    return f"{words}\n{grid(heads, rows)}"
