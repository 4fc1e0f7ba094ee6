"""A study of sensitivity in words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sim.language import points, say, say_counted
from sim.study.sensitivity import LUCK, OTHERS, Sensitivity
from sim.view.figures.sides import in_unit, scale
from sim.view.parameters import parameter_words
from sim.view.ranking import amount
from sim.view.study_words import page
from sim.view.table import grid, paragraphs, where
from sim.view.words import counted, describe, name_words, number, percent, signed, unit_word

MOST = 10


def sensitivity_answer(sensitivity: Sensitivity, figures: Sequence[Path] | None = ()) -> str:
    """Return what moves the measure, how its variance parts, and what it would be worth to know."""
    scenario = sensitivity.alternatives[0].scenario
    measure = describe(sensitivity.measure)
    factor, _ = scale(measure)
    screened = sensitivity.screened.sort_values("effect", ascending=False)
    first, manifest = screened.index[0], sensitivity.manifest
    under = name_words(sensitivity.alternatives[0].name)
    lines = [
        say("{title}: what moves {measure}", title=say(scenario.root.title), measure=in_unit(measure.label, measure)),
        say(
            "{parameters}, {replications}, seed {seed}.",
            parameters=counted(str(len(screened)), "parameter"),
            replications=counted(points(f"{manifest['simulated']:,}"), "replication"),
            seed=manifest["seed"],
        ),
        say(
            "Most moved by {parameter}: {effect} on average from one half of its range to the other{alike}. Luck alone "
            "makes {luck} of the variance.",
            parameter=unknown_words(sensitivity, str(first)),
            effect=amount(screened["effect"].iloc[0], sensitivity.measure),
            alike=alike_words(sensitivity),
            luck=luck_words(sensitivity),
        ),
    ]
    rows = [
        (unknown_words(sensitivity, str(name)), number(factor * row["effect"]), signed(factor * row["sign"]))
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
        grid([say("Parameter"), say("moves it by"), say("mean, with sign")], rows, prose=(0,)),
        paragraphs(
            [say("Shares of the variance under {alternative} (Sobol), with half 95 % intervals:", alternative=under)]
        ),
        grid([say("What is unknown"), say("alone"), say("with all it acts with")], shares, prose=(0,)),
        worth(sensitivity),
        where(sensitivity.folder, figures),
    )


def luck_words(sensitivity: Sensitivity) -> str:
    """Write the share of the variance that luck makes, with half of its 95 % interval: ``22 % ± 7 %``."""
    share, error = (float(sensitivity.indices[column][LUCK]) for column in ("total", "total_error"))
    return f"{percent(max(0.0, share))} ± {percent(error)}"


def alike_words(sensitivity: Sensitivity) -> str:
    """Say how many others may move it as much as the first."""
    if not sensitivity.alike:
        return ""
    return say_counted(
        " ({count} other may move it as much)",
        " ({count} others may move it as much)",
        sensitivity.alike,
        count=sensitivity.alike,
    )


def worth(sensitivity: Sensitivity) -> str:
    """Return what it would be worth to know each parameter before one chooses a strategy."""
    if len(sensitivity.alternatives) < 2:
        return ""
    table = sensitivity.worth.sort_values("worth", ascending=False)
    factor, unit = scale(describe(sensitivity.measure))
    rows = [
        (unknown_words(sensitivity, str(name)), number(factor * row["worth"]), percent(row["changes"]))
        for name, row in table[table["told"]].iterrows()
    ]
    head = say(
        "Without knowing more one chooses {choice}. To know everything, luck too, would be worth {worth}.",
        choice=name_words(sensitivity.choice),
        worth=amount(sensitivity.everything, sensitivity.measure),
    )
    if not rows:
        rest = say("Of no one number can it be told from chance whether knowing it would change that.")
        return paragraphs([f"{head} {rest}"])
    rest = say(
        "To know one number before one chooses (of {unclear} of {count} it cannot be told from chance):",
        unclear=len(table) - len(rows),
        count=len(table),
    )
    heads = [say("Parameter"), say("worth, {unit}", unit=unit_word(unit)), say("another choice in")]
    return page(paragraphs([f"{head} {rest}"]), grid(heads, rows, prose=(0,)))


def unknown_words(sensitivity: Sensitivity, name: str) -> str:
    """Return a parameter in words."""
    if name in (LUCK, OTHERS):
        return say(name)
    for alternative in sensitivity.alternatives:
        if any(number.path == name for number in alternative.plan.uncertain):
            return parameter_words(name, alternative.scenario)
    return name
