"""The answer to a comparison: three sentences, the tables, and what is not measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.results.goals import MAIN, goal
from sim.results.measure import column_of
from sim.results.units import dated
from sim.results.variance import TOO_FEW, UNTOLD
from sim.scenario.argument import argument
from sim.study.choice import choice
from sim.study.comparison import differences_of, part
from sim.study.drivers import FEWEST
from sim.study.effects import finding, findings, ranked
from sim.study.intervals import Interval
from sim.view.answer import CAVEAT, FIRST_LOOK, NEVER
from sim.view.beginning import beginning_words
from sim.view.broken_even import break_even_words
from sim.view.chosen import choice_words, found_words, town_words
from sim.view.differ import change, named, paired, said
from sim.view.feeling import felt_table, felt_words, few_words
from sim.view.figures.sides import level_of, measure_of
from sim.view.findings import shared_words
from sim.view.parameters import parameter_words
from sim.view.robust import robust_words
from sim.view.table import band_head, grid, paragraphs, where
from sim.view.words import SCOPES, counted, describe, percent, range_words

if TYPE_CHECKING:
    from datetime import datetime

    from sim.study.break_even import BreakEven
    from sim.study.comparison import Comparison
    from sim.study.effects import Finding
    from sim.study.ranking import Flipping

TAGS = (
    "Rests on: whether the parameters that the difference turns on, and the loss ratios in which the two differ by "
    "design, come from facts (data), from assumptions or from both; –: cannot be told."
)
EXPLORATORY = "Exploratory: attackers that adapt rest on no Malian data and are outside every calibration."

RANGES = "these parameter ranges"


def compared(
    comparison: Comparison,
    break_even: BreakEven | None = None,
    flipping: Flipping | None = None,
    figures: Sequence[Path] | None = (),
) -> str:
    """Say what a comparison found, how sure that is and on what it turns, with tables of the main measures.

    Parameters
    ----------
    comparison
        A comparison.
    break_even
        The break-even curves of two of its strategies, if they were asked for.
    flipping
        Under which draws the ranking of two alternatives flips.
    figures
        Figures that were stored, to say where they are.

    Returns
    -------
    str
        Plain text without colour, no line longer than `sim.view.width` says.
    """
    parts = [
        paragraphs(_opening(comparison)),
        paragraphs([*_sentences(comparison), *beginning_words(comparison)]),
        _levels(comparison),
        _goal(comparison),
        _others(comparison),
        *_towns(comparison),
        paragraphs([*robust_words(comparison, flipping), *_common(comparison)]),
        "\n".join(break_even_words(break_even, _labels(comparison))) if break_even is not None else "",
        paragraphs(_failures(comparison)),
        where(comparison.folder, figures),
        paragraphs([EXPLORATORY] if any(one.exploratory for one in comparison.alternatives) else []),
        paragraphs([CAVEAT, "A strategy that ranks first here is not thereby recommended."]),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _labels(comparison: Comparison) -> Mapping[str, str]:
    return {one.name: one.label for one in comparison.alternatives}


def _start(comparison: Comparison) -> datetime:
    return comparison.alternatives[0].scenario.start


def _opening(comparison: Comparison) -> list[str]:
    root = comparison.alternatives[0].scenario.root
    count = comparison.count
    draws = "at central parameters" if not comparison.drawn else "and the same draws of the parameters"
    draws = "and the same parameters" if comparison.hindcast else draws
    return [
        root.title,
        f"{len(comparison.names)} alternatives, {counted(str(count), 'replication')} of each, seed "
        f"{comparison.manifest['seed']}, on the same ambushes {draws}. Scope: {SCOPES[root.scope]}.",
        "; ".join(map(named, comparison.alternatives)) + ".",
        *shared_words([one.scenario for one in comparison.alternatives], not comparison.drawn),
    ]


def _sentences(comparison: Comparison) -> list[str]:
    """Say what was found, how sure it is, on what it turns."""
    order = ranked(comparison)
    best, base = order[0], comparison.baseline
    adapts = {one.name: one.exploratory for one in comparison.alternatives}
    beside = sorted(order[1:], key=lambda name: adapts[name] != adapts[best])
    found = finding(comparison, best, base if best != base else beside[0])
    return [
        f"Found: {found_words(comparison, found)} {town_words(comparison, best)}".rstrip(),
        f"How sure: {_sure(comparison, found)}",
        f"Turns on: {turn_words(comparison, found)}",
    ]


def _sure(comparison: Comparison, beside: Finding) -> str:
    of = "the fitted parameters" if comparison.fitted else RANGES if comparison.drawn else "the central parameters"
    names, base, each = len(comparison.names), comparison.baseline, comparison.each
    return choice_words(choice(comparison), beside, comparison.goal, names, base, of, each)


def turn_words(comparison: Comparison, found: Finding) -> str:
    """Say on which parameters the difference turns."""
    if comparison.fitted:
        return "parameters come together from a posterior with few lines, so that no single one can be told."
    if not comparison.drawn:
        return f"nothing was drawn; run without {argument('central', True)} to see."
    draws = comparison.draws
    if draws < FEWEST:
        return few_words(draws, FEWEST, comparison.each, "tell")
    if not found.turns:
        rest = f"; what the two differ in by design rests on: {found.tag}" if found.tag else ""
        return (
            f"none of {comparison.parameters.shape[1]} parameters can be told from chance by {draws} draws; more "
            f"replications may tell{rest}."
        )
    scenario = next(one.scenario for one in comparison.alternatives if one.name == found.first)
    parts = [
        f"{parameter_words(turn.path, scenario)} ({change(turn.low, comparison.goal)} where it is low, "
        f"{change(turn.high, comparison.goal)} where it is high)"
        for turn in found.turns
    ]
    return f"{said(found.first)} against {said(found.second)}: {'; '.join(parts)} [{found.tag}]."


def _rests(comparison: Comparison, found: Finding) -> str:
    """Return the tag of a finding; none where there are too few draws to tell on what it turns."""
    return found.tag or "" if comparison.draws >= FEWEST else ""


def _columns(comparison: Comparison) -> list[str]:
    hub = comparison.alternatives[0].scenario.root.hub
    wished = [comparison.goal, column_of("need_met", hub), "worst_town_need_met", "tankers_lost", "escort_cost"]
    return [name for name in dict.fromkeys(wished) if name in comparison.measures]


HEADS = {
    "days_half_closed": "days half shut",
    "worst_town_need_met": "need met, worst",
    "tankers_lost": "tankers lost",
    "escort_cost": "escorts, M USD",
}


def _head(comparison: Comparison, name: str) -> str:
    hub = comparison.alternatives[0].scenario.root.hub
    if name == column_of("need_met", hub):
        return f"need met, {hub}"
    return HEADS.get(name, describe(name).heading)


def _levels(comparison: Comparison) -> str:
    """Each alternative's main measures: mean and band."""
    start = _start(comparison)
    names = _columns(comparison)
    rows = []
    for one in comparison.names:
        row = [one]
        for name in names:
            held, measure = level_of(comparison, one, name), measure_of(comparison, name)
            ends = range_words(measure.text(held.low, start), measure.text(held.high, start))
            centre = measure.text(held.median if dated(name) else held.mean, start)
            row.append(f"{centre} ({ends})" if held.wide else centre)
        rows.append(row)
    count = comparison.count
    half = "; of dates, the days by which half, and 5 and 95 %, of all have them" if any(map(dated, names)) else ""
    spread = f"Mean and {band_head(count)} of the replications{half}. " if count > 1 else ""
    hub = comparison.alternatives[0].scenario.root.hub
    note = f"{spread}Days half shut: with under half of {hub}'s stations open." if MAIN in names else spread.strip()
    return f"{grid(['Alternative', *(_head(comparison, name) for name in names)], rows)}\n" + paragraphs(
        [note, *_undefined(comparison)]
    )


def _undefined(comparison: Comparison) -> list[str]:
    """Say in how many replications each alternative has the measure that ranks, if not all have it in all."""
    counts = {name: int(part(comparison.measures, name)[comparison.goal].count()) for name in comparison.names}
    if set(counts.values()) == {comparison.count}:
        return []
    never = NEVER * dated(comparison.goal)
    having = ", ".join(f"{said(name)} {count}" for name, count in counts.items())
    return [
        f"{_head(comparison, comparison.goal)}: of {comparison.count} replications it is defined in: {having}.{never}"
    ]


def _goal(comparison: Comparison) -> str:
    """Set out the paired differences to the baseline in the measure that ranks, with what each rests on."""
    held, found = _differences(comparison), findings(comparison)
    split = any(held[one.first, comparison.goal]["clear"] for one in found)
    tagged = any(_rests(comparison, one) for one in found)
    heads = [f"Against {comparison.baseline}", _head(comparison, comparison.goal), "better / worse", "CRN removes"]
    heads += ["luck", "ignorance"] * split + ["rests on"] * tagged
    rows = []
    for one in found:
        row = held[one.first, comparison.goal]
        won = f"{percent(one.won).removesuffix(' %')} / {percent(one.lost)}" if goal(comparison.goal).better else "–"
        shares = [percent(row[part]) if row["clear"] else "–" for part in ("luck", "ignorance")] * split
        rest = [_rests(comparison, one) or "–"] * tagged
        rows.append([one.first, paired(one.difference, comparison.goal), won, _removed(row["crn"]), *shares, *rest])
    unit = "pairs of replications that share a draw of the parameters are the unit" if comparison.drawn else ""
    left = f"; luck, ignorance: shares of what is left ({TOO_FEW})" if split else ""
    if comparison.drawn and not split:
        left = f"; how much of what is left is luck and how much ignorance of the parameters {UNTOLD}"
    note = (
        f"Mean paired difference and its 95 % interval{f' ({unit})' if unit else ''}; better / worse: "
        "shares of replications, in the rest both are equal; CRN: variance of the difference removed by running both "
        f"on the same luck{left}."
    )
    numbers = range(1, len(heads) - tagged)
    return f"{grid(heads, rows, numbers=numbers)}\n{paragraphs([note, *[TAGS] * tagged])}"


def _removed(share: float) -> str:
    return percent(share).replace("-", "−")


def _others(comparison: Comparison) -> str:
    """Set out the paired differences to the baseline in the other main measures."""
    names = [name for name in _columns(comparison) if name != comparison.goal]
    held = _differences(comparison)
    rows = []
    for one in comparison.names:
        if one != comparison.baseline:
            found = [held[one, name] for name in names]
            ends = [Interval(row["mean"], row["mean_low"], row["mean_high"]) for row in found]
            rows.append([one, *(paired(end, name) for end, name in zip(ends, names, strict=True))])
    heads = [_head(comparison, name) for name in names]
    table = grid([f"Against {comparison.baseline}", *heads], rows)
    return f"{table}\nNeed met: percentage points."


def _towns(comparison: Comparison) -> list[str]:
    """Say who feels a change where the alternatives differ in something else than the strategy."""
    if len({one.scenario.root.strategy.name for one in comparison.alternatives}) > 1:
        return []
    return [paragraphs(felt_words(comparison)), felt_table(comparison)]


def _differences(comparison: Comparison) -> dict[tuple[str, str], dict[str, float]]:
    """Return the row of each alternative and measure."""
    rows: list[dict[Any, Any]] = differences_of(comparison).to_dict(orient="records")
    return {(row["alternative"], row["measure"]): row for row in rows}


def _common(comparison: Comparison) -> list[str]:
    """Say what common random numbers do over all measures."""
    rows = differences_of(comparison)
    known = rows.dropna(subset="crn")
    lines = []
    if not known.empty:
        order = known.sort_values("crn")
        least, most = order.iloc[0], order.iloc[-1]
        still = len(rows) - len(known)
        lines.append(
            f"Common random numbers (CRN) over {rows['measure'].nunique()} measures: in the median they remove "
            f"{_removed(float(known['crn'].median()))} of the variance of a difference, least "
            f"{_removed(float(least['crn']))} ({_lower(str(least['measure']))}, {least['alternative']}), most "
            f"{_removed(float(most['crn']))} ({_lower(str(most['measure']))}, {most['alternative']})"
            f"{f'; {still} of {len(rows)} do not vary' if still else ''}. All are in differences.csv."
        )
    count = comparison.count
    if count < FIRST_LOOK:
        lines.append(f"{counted(str(count), 'replication')} give{'s' * (count == 1)} a first look; quote 200 or more.")
    return lines


def _lower(measure: str) -> str:
    label = describe(measure).label
    return label[0].lower() + label[1:]


def _failures(comparison: Comparison) -> list[str]:
    held = comparison.failures
    if held.empty:
        return []
    first = held.iloc[0]
    return [
        f"{counted(str(len(held)), 'replication')} failed and {'is' if len(held) == 1 else 'are'} left out, in all "
        f"alternatives: the first is replication {first['replication']} of {first['alternative']} (seed "
        f"{first['seed']}), at {first['stage']}: {first['message']}"
    ]
