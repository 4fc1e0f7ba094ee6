"""A calibration in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.study.verdicts import coverage, verdicts
from sim.view.facts import band_of, covered, documented, ordered, verdict_of
from sim.view.parameters import parameter_words, shown
from sim.view.table import grid, paragraphs, where
from sim.view.words import counted, percent

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sim.study.calibrate import Calibration

MOST = 12


def calibrated(done: Calibration, figures: Sequence[Path] | None = ()) -> str:
    """Return what a calibration found: the facts beside prior and posterior, and what they say of the parameters."""
    start = done.plan.start
    before = {one.bound.name: one for one in verdicts(done.targets, done.prior.values)}
    after = verdicts(done.targets, done.posterior.values)
    fitted = coverage(after, "fit")
    made = done.manifest
    rows = [
        (
            one.bound.target.label,
            documented(one.bound, start),
            band_of(before[one.bound.name], start),
            band_of(one, start),
            verdict_of(one),
        )
        for one in ordered(after)
    ]
    first = str(len(set(done.posterior.ancestor.tolist())))
    told = [
        f"{done.scenario.root.title}: calibrated",
        f"Mode: {made['mode']}. Scope: {made['scope']}. Volumes: {made['series']}. "
        f"{counted(str(fitted.asked), 'fact')} fitted. {len(done.posterior.fit)} particles, "
        f"{made['simulated']:,} replications, {made['seconds'] / 60:.0f} minutes; effective size {done.effective:.0f}, "
        f"{counted(str(done.lines), 'line')} of luck, {counted(first, 'first particle')} left.",
        f"Log evidence {done.evidence:.1f}.",
        covered(fitted, "fitted facts"),
    ]
    parts = [
        paragraphs(told),
        grid(["On record", "documented", "prior", "posterior", ""], rows, prose=(0, 1)),
        paragraphs(["Bands are 5–95 %; the posterior's with the luck that was fitted with it."]),
        parameters(done),
        where(done.folder, figures),
    ]
    return "\n\n".join(part for part in parts if part)


def parameters(done: Calibration) -> str:
    """Return which parameters the facts inform, and how many stay where they were."""
    table = done.parameters
    informed = table[table["informed"]].sort_values("contraction", ascending=False)
    head = (
        f"The facts inform {len(informed)} of {len(table)} parameters; one by one the others cannot be told from "
        f"marks that nothing reads, which scatter as if there were {done.independent:.0f} independent draws. Together "
        "they may say more: what they give with other luck is for convoi validate."
    )
    rows = [
        (
            parameter_words(str(path), done.scenario),
            *(shown(str(path), row[name], done.scenario) for name in ("prior_low", "prior_high", "median")),
            " to ".join(shown(str(path), row[name], done.scenario) for name in ("low", "high")),
            percent(row["contraction"]),
        )
        for path, row in informed.head(MOST).iterrows()
    ]
    heads = ["Parameter", "from", "to", "median", "5–95 %", "narrower"]
    return f"{paragraphs([head])}\n\n{grid(heads, rows, prose=(0,))}" if rows else paragraphs([head])
