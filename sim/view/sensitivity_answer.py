"""A study of sensitivity in words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sim.study.sensitivity import LUCK, OTHERS, Sensitivity
from sim.view.parameters import parameter_words
from sim.view.study_words import page
from sim.view.table import grid, paragraphs, where
from sim.view.words import counted, describe, name_words, number, percent

MOST = 10


def sensitivity_answer(sensitivity: Sensitivity, figures: Sequence[Path] | None = ()) -> str:
    """Return what moves the measure, how its variance parts, and what it would be worth to know."""
    scenario = sensitivity.alternatives[0].scenario
    measure = describe(sensitivity.measure).heading
    screened = sensitivity.screened.sort_values("effect", ascending=False)
    first, manifest = screened.index[0], sensitivity.manifest
    under = name_words(sensitivity.alternatives[0].name)
    luck = float(sensitivity.indices["total"][LUCK])
    lines = [
        f"{scenario.root.title}: what moves {measure}",
        f"{len(screened)} parameters, {manifest['replications']:,} replications, seed {manifest['seed']}.",
        f"Most moved by {unknown_words(sensitivity, str(first))}: {number(screened['effect'].iloc[0])} on average from "
        f"one half of its range to the other{alike_words(sensitivity)}. Luck alone makes {percent(max(0.0, luck))} of "
        "the variance.",
    ]
    rows = [
        (unknown_words(sensitivity, str(name)), number(row["effect"]), number(row["sign"]))
        for name, row in screened.head(MOST).iterrows()
    ]
    shares = [
        (
            unknown_words(sensitivity, str(name)),
            *(f"{percent(row[k])} ± {percent(row[f'{k}_error'])}" for k in ("first", "total")),
        )
        for name, row in sensitivity.indices.iterrows()
    ]
    return page(
        paragraphs(lines),
        grid(["Parameter", "moves it by", "mean, with sign"], rows, prose=(0,)),
        paragraphs([f"Shares of the variance under {under} (Sobol), with half 95 % intervals:"]),
        grid(["What is unknown", "alone", "with all it acts with"], shares, prose=(0,)),
        worth(sensitivity),
        where(sensitivity.folder, figures),
    )


def alike_words(sensitivity: Sensitivity) -> str:
    """Say how many others may move it as much as the first."""
    return f" ({counted(str(sensitivity.alike), 'other')} may move it as much)" if sensitivity.alike else ""


def worth(sensitivity: Sensitivity) -> str:
    """Return what it would be worth to know each parameter before one chooses a strategy."""
    if len(sensitivity.alternatives) < 2:
        return ""
    table = sensitivity.worth.sort_values("worth", ascending=False)
    unit = describe(sensitivity.measure).unit
    rows = [
        (unknown_words(sensitivity, str(name)), number(row["worth"]), percent(row["changes"]))
        for name, row in table[table["told"]].iterrows()
    ]
    head = (
        f"Without knowing more one chooses {name_words(sensitivity.choice)}. To know everything, luck too, would be "
        f"worth {number(sensitivity.everything)} {unit}."
    )
    unclear = f"{len(table) - len(rows)} of {len(table)}"
    if not rows:
        return paragraphs([f"{head} Of no one number can it be told from chance whether knowing it would change that."])
    lines = [f"{head} To know one number before one chooses (of {unclear} it cannot be told from chance):"]
    return page(paragraphs(lines), grid(["Parameter", f"worth, {unit}", "another choice in"], rows, prose=(0,)))


def unknown_words(sensitivity: Sensitivity, name: str) -> str:
    """Return a parameter in words."""
    if name in (LUCK, OTHERS):
        return name
    for alternative in sensitivity.alternatives:
        if any(number.path == name for number in alternative.plan.uncertain):
            return parameter_words(name, alternative.scenario)
    return name
