"""Which alternative is best, in the plainest words, and in how many runs the hub runs dry under each."""

from __future__ import annotations

from sim.language import say, say_counted
from sim.results.measures import MAIN
from sim.study.choice import choice
from sim.study.comparison import Comparison
from sim.study.effects import finding, ranked
from sim.view.break_even_answer import upper
from sim.view.figures.sides import level_of, measure_of
from sim.view.ranking import near_first
from sim.view.report.dry import dry_words, shut_by_name
from sim.view.words import listed, long_date, mid_sentence, name_words, number, on_day


def best_words(comparison: Comparison) -> str:
    """Say which alternative is best and by what, or between which that cannot be told."""
    chosen = choice(comparison)
    if chosen.kind == "undefined":
        label = mid_sentence(measure_of(comparison, comparison.goal).label)
        return say("That cannot be told: ‘{measure}’ is not defined in every run.", measure=label)
    order, first = ranked(comparison), chosen.level[0]
    beside = comparison.baseline if first != comparison.baseline else order[-1 if order[-1] != first else 0]
    level = level_text(comparison, first)
    who, other = name_words(first), name_words(beside)
    name = upper(who)
    if chosen.kind == "tied":
        return say("{names} are the same in every run: {level}.", names=listed(_names(chosen.level)), level=level)
    means = _means_words(level, who, level_text(comparison, beside), other, main=comparison.goal == MAIN)
    match chosen.kind:
        case "best":
            return say("{name}. {means}", name=name, means=means)
        case "ahead":
            return say("{name}, so far. {means}", name=name, means=means)
        case "few":
            count = number(comparison.count)
            near = near_first(comparison, finding(comparison, first, next(other for other in order if other != first)))
            if near:
                names = listed(_names((first, *near)))
                return say_counted(
                    "Between {names} that cannot be told from {count} run. {means}",
                    "Between {names} that cannot be told from {count} runs. {means}",
                    comparison.count, names=names, count=count, means=means,
                )  # fmt: skip
            return say_counted(
                "{name} in this one run, too few to be sure. {means}",
                "{name} in these {count} runs, too few to be sure. {means}",
                comparison.count, name=name, count=count, means=means,
            )  # fmt: skip
        case "leaning":
            rest = listed(_names(chosen.level[1:]))
            return say("Perhaps {name}; as good may be {others}. {means}", name=who, others=rest, means=means)
        case "equal":
            names = listed(_names(chosen.level))
            return say("{names} are equal for practical purposes. {means}", names=names, means=means)
        case "neither":
            return say("Neither more nor less of it is better. {means}", means=means)
    names = listed(_names(chosen.level))
    return say("That cannot be told between {names}. {means}", names=names, means=means)


def _names(names: tuple[str, ...]) -> list[str]:
    return [*map(name_words, names)]


def _means_words(level: str, who: str, beside: str, other: str, *, main: bool) -> str:
    if main:
        return say(
            "Under half of the stations are open on {level} with {who}, on {beside} with {other} (means).",
            level=level, who=who, beside=beside, other=other,
        )  # fmt: skip
    return say("It is {level} with {who}, {beside} with {other}.", level=level, who=who, beside=beside, other=other)


def level_text(comparison: Comparison, name: str) -> str:
    """Write the measure that ranks of one alternative: its mean, or the date by which half of all runs have it."""
    measure, level = measure_of(comparison, comparison.goal), level_of(comparison, name, comparison.goal)
    return measure.text(level.median if measure.unit == "date" else level.mean, unit=True)


def level_words(comparison: Comparison) -> str:
    """Say in a heading between what the alternatives lie in the measure that ranks."""
    order = ranked(comparison)
    label = measure_of(comparison, comparison.goal).label
    return say(
        "{measure}: {first} with {best}, {last} with {worst}",
        measure=label, first=level_text(comparison, order[0]), best=name_words(order[0]),
        last=level_text(comparison, order[-1]), worst=name_words(order[-1]),
    )  # fmt: skip


def dry_lines(comparison: Comparison) -> list[str]:
    """Say in how many runs the hub runs dry under each alternative, under a sentence that says what that is."""
    scenario = comparison.alternatives[0].scenario
    root, start = scenario.root, scenario.start
    lines = [
        say(
            "{town} runs dry (on some day under a tenth of its stations have {product}):",
            town=root.hub, product=say(root.lead),
        )
    ]  # fmt: skip
    for name, shut in shut_by_name(comparison).items():
        if shut.runs == 1:
            words = mid_sentence(dry_words(shut, start)).removesuffix(".")
            lines.append("  " + say("{name}: {label}", name=name, label=words))
            continue
        dry, values = len(shut.dry), {"name": name, "runs": number(shut.runs)}
        if not dry:
            lines.append("  " + say("{name}: in none of {runs} runs", **values))
            continue
        values["day"] = long_date(on_day(start, shut.by_half))
        if dry == 1:
            lines.append("  " + say("{name}: in one of {runs} runs, on {day}", **values))
            continue
        values["dry"] = number(dry)
        lines.append("  " + say("{name}: in {dry} of {runs} runs, half of them by {day}", **values))
    return lines
