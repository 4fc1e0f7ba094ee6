"""A validation in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.study.validate import CENTRAL, HINDCAST, POSTERIOR, PRIOR, WITHOUT_MODEL
from sim.study.verdicts import coverage
from sim.view.facts import band_of, covered, documented, ordered, verdict_of
from sim.view.table import grid, paragraphs, where
from sim.view.words import number

WORDS: Final = {
    CENTRAL: "Central values, fresh luck",
    PRIOR: "Prior",
    POSTERIOR: "Posterior, fresh luck",
    HINDCAST: "Posterior with its own luck (hindcast)",
}

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sim.study.validate import Validation


def validated(done: Validation, figures: Sequence[Path] | None = ()) -> str:
    """Return every fact beside the model, those outside first, then coverage and scores."""
    start, made = done.plan.start, done.manifest
    shown = list(dict.fromkeys((PRIOR, done.lead)))
    sets = {name: {one.bound.name: one for one in found} for name, found in done.verdicts.items()}
    rows = [
        (
            one.bound.target.label,
            documented(one.bound, start),
            *(band_of(sets[name][one.bound.name], start) for name in shown),
            verdict_of(one),
        )
        for one in ordered(done.verdicts[done.lead])
    ]
    told = [
        f"{done.scenario.root.title}: facts beside the model",
        f"Mode: {made['mode']}. Scope: {made['scope']}. Volumes: {made['series']}. {made['replications']} replications "
        f"of each, seed {made['seed']}. Verdicts are on the {done.lead}.",
        *(
            f"{WORDS[name]}: {covered(coverage(found, 'fit', 'check'), 'facts')}"
            for name, found in done.verdicts.items()
        ),
    ]
    lean = sorted({one.bound.target.label for one in done.verdicts[done.lead] if one.bound.leans})
    notes = ["Bands are 5–95 %; all sets of replications are in facts.csv."]
    if lean:
        words = "; ".join(lean)
        notes.append(f"A range of the scenario cites the same fact, so these are no independent test: {words}.")
    parts = [
        paragraphs(told),
        grid(["On record", "documented", *shown, ""], rows, prose=(0, 1)),
        paragraphs(notes),
        scores(done),
        where(done.folder, figures),
    ]
    return "\n\n".join(part for part in parts if part)


def scores(done: Validation) -> str:
    """Return the mean scores of model and of forecasts without one, over the facts that each pair has in common."""
    table = done.scores.loc[[bound.name for bound in done.targets if bound.use in ("fit", "check")]]
    rows = []
    for other in [name for name in (*WITHOUT_MODEL, PRIOR) if name != done.lead]:
        both = table[[done.lead, other]].dropna()
        if both.empty:
            continue
        ours, theirs = both[done.lead], both[other]
        better = f"{int((ours < theirs).sum())} of {len(both)}"
        rows.append((other, str(len(both)), number(float(ours.mean())), number(float(theirs.mean())), better))
    if not rows:
        return ""
    heads = ["Against", "facts", f"score of the {done.lead}", "score of the other", "better in"]
    words = "Scores (CRPS in standard errors of each fact; lower is better):"
    return f"{words}\n{grid(heads, rows)}"
