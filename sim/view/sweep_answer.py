"""The answer to a sweep: who is ahead where, and from which value on a target holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from math import isfinite
from pathlib import Path

from sim.language import points as pointed
from sim.language import say, say_counted
from sim.results.measures import dated
from sim.results.target import Target
from sim.study.axis import Axis
from sim.study.sweep import Place, Reached, Sweep
from sim.view.bands import band
from sim.view.parameters import parameter_words
from sim.view.ranking import better_words
from sim.view.study_words import CAVEAT, NEVER, alternative_words, failure_words, first_look, page, shared_words
from sim.view.table import grid, paragraphs, where
from sim.view.words import (
    SCOPES,
    Measure,
    apart,
    both,
    counted,
    describe,
    folded,
    name_words,
    number,
    percent,
    range_words,
    unit_word,
)

ESCORTED = "escorted_per_week"
FIRST = 28
"""Columns for the heading of the first column, at most."""
INDENT = "    "
ROWS, CROSSED = 24, 8
"""Rows of a table, and columns of one of two parameters, at most; of more values some are left out."""
SHARES = 9
"""Values at most whose shares are told."""
SEGMENTS = 4
"""Stretches of the range that are told one by one."""


def sweep_answer(
    sweep: Sweep,
    reached: Sequence[Reached] | None = None,
    target: Target | None = None,
    confidence: float | None = None,
    figures: Sequence[Path] | None = (),
) -> str:
    """Say who is ahead where in a sweep, how sure that is and, with a target, from which value on it holds.

    Parameters
    ----------
    reached, target, confidence
        From which value on each alternative holds a target, the target, and the share of replications asked for.
    figures
        As in `sim.view.run_answer.run_answer`, and so is what is returned.
    """
    lines = []
    if reached is not None and target is not None and confidence is not None:
        lines = [*target_words(sweep, reached, target, confidence), *share_words(sweep, reached)]
    return page(
        paragraphs(_opening(sweep)),
        "\n".join(paragraphs([line], INDENT * (place > 0)) for place, line in enumerate(lines)),
        _table(sweep),
        paragraphs([*filter(None, [ahead_words(sweep)]), _sure(sweep)]),
        paragraphs(failure_words(sweep.failures, lambda first: _point(sweep, first["point"]))),
        where(sweep.folder, figures),
        f"{paragraphs([say(CAVEAT)])}\n",
    )


def _point(sweep: Sweep, point: int) -> str:
    return ", ".join(value_words(axis, k) for axis, k in zip(sweep.axes, sweep.points[point], strict=True))


def share_words(sweep: Sweep, reached: Sequence[Reached]) -> list[str]:
    """Say in which share of the replications each value holds the target; of many values some are left out."""
    axis = sweep.axes[0]
    points = range(0, len(axis.values), 1 + (len(axis.values) - 1) // SHARES)
    lines = []
    for reach in reached:
        shares = ", ".join(
            say("{share} at {value}", share=percent(reach.shares[k][0]), value=value_words(axis, k)) for k in points
        )
        if len(reached) > 1:
            lines.append(say("Held with {name}: {shares}.", name=name_words(reach.alternative), shares=shares))
        else:
            lines.append(say("Held: {shares}.", shares=shares))
    return lines


def unreached(sweep: Sweep, reached: Sequence[Reached], target: Target, confidence: float) -> str:
    """Say that no alternative holds a target from any value of the range on, and how near one comes.

    The text of the `RequestError` with which such a request is refused.
    """
    axis = sweep.axes[0]
    best = max(reached, key=lambda reach: reach.shares[_highest(reach)][0])
    point = _highest(best)
    share, *_ = best.shares[point]
    who = f" with {name_words(best.alternative)}" if len(reached) > 1 else ""
    near = f"{_under(share, confidence)} at {value_words(axis, point)}{who}"
    start = f"target '{target.text}': not held in {percent(confidence)} of replications"
    path = ",".join(axis.paths)
    if share < confidence:
        return f"{start} anywhere in {path} = {span(axis)}, at most in {near}; expected a target that can be met there"
    return (
        f"{start} from any value of {path} = {span(axis)} on: in {near}, in fewer further up; expected a range at "
        "whose upper end it holds"
    )


def value_words(axis: Axis, k: int, *, unit: bool = True) -> str:
    """Write a value of an axis with four figures: ``46.25 m³``."""
    text = pointed(f"{float(f'{axis.values[k]:.4g}'):,.10g}")
    return f"{text} {unit_word(axis.unit)}".rstrip() if unit else text


def span(axis: Axis) -> str:
    """Write the range of an axis: ``1–6``, ``45–48 m³``."""
    return range_words(value_words(axis, 0), value_words(axis, -1))


def axis_words(sweep: Sweep, place: int = 0) -> str:
    """Say what one axis of a sweep varies; what its parameters have in common is said once."""
    axis, scenario = sweep.axes[place], sweep.alternatives[0].scenario
    words = [
        text.split() for text in dict.fromkeys(parameter_words(path.removesuffix("*"), scenario) for path in axis.paths)
    ]
    least = min(map(len, words))
    first = next((k for k in range(least) if len({text[k] for text in words}) > 1), least)
    last = next((k for k in range(least - first) if len({text[-1 - k] for text in words}) > 1), 0)
    middle = both([" ".join(text[first : len(text) - last]) for text in words])
    label = " ".join([*words[0][:first], middle, *words[0][len(words[0]) - last :]]).strip()
    return say("factor on {parameter}", parameter=label) if axis.relative else label


def replications(sweep: Sweep) -> int:
    """Return the replications of the point that has fewest."""
    return int(sweep.measures.groupby(level=[0, 1]).size().min())


def measure_of(sweep: Sweep, name: str | None = None) -> Measure:
    """Words for a measure of a sweep; for that which ranks if none is named."""
    scenario = sweep.alternatives[0].scenario
    return describe(name or sweep.goal, scenario.start, scenario.end)


def winner(place: Place) -> str:
    """Return who is ahead at a point; empty if nobody is or it is not defined."""
    return place.best if isfinite(place.lead) and place.lead != 0.0 else ""


def ahead_words(sweep: Sweep, most: int | None = None) -> str:
    """Say who is ahead where, of so many alternatives at most if so asked; empty of a single alternative."""
    if len(sweep.names) < 2:
        return ""
    places = sweep.places()
    names = Counter(winner(place) for place in places)
    measure = f"{measure_of(sweep).label} ({better_words(sweep.goal)})"
    if set(names) == {""}:
        return say("{measure}: nobody is ahead anywhere in the range.", measure=measure)
    if len(names) == 1:
        return say(
            "{measure}: {alternative} is ahead over the whole range, {sureness}.",
            measure=measure,
            alternative=name_words(places[0].best),
            sureness=_sureness(places),
        )
    if len(sweep.axes) == 1:
        stretches = [(name, list(some)) for name, some in groupby(places, winner)]
        if len(stretches) <= (most or SEGMENTS):
            parts = [_stretch(sweep, name, some) for name, some in stretches]
            return say("{measure}: {stretches}.", measure=measure, stretches=apart(parts))
    parts = []
    for name, times in names.most_common(most):
        some = [place for place in places if winner(place) == name]
        words = say(
            "{alternative} is ahead at {count} of {total} points, {sureness}",
            alternative=name_words(name),
            count=times,
            total=len(places),
            sureness=_sureness(some),
        )
        parts.append(words if name else say("nobody at {count}", count=times))
    if rest := len(places) - sum(times for _, times in names.most_common(most)):
        parts.append(say("others at {count}", count=rest))
    return say("{measure}: {stretches}.", measure=measure, stretches=apart(parts))


def _stretch(sweep: Sweep, name: str, places: Sequence[Place]) -> str:
    axis, first, last = sweep.axes[0], places[0].point, places[-1].point
    end = value_words(axis, last)
    if first == last:
        where = say("at {value}", value=end)
    else:
        where = say("from {low} to {high}", low=value_words(axis, first, unit=False), high=end)
    if not name:
        return say("nobody is ahead {where}", where=where)
    who, sureness = name_words(name), _sureness(places)
    return say("{alternative} is ahead {where}, {sureness}", alternative=who, where=where, sureness=sureness)


def _sureness(places: Sequence[Place]) -> str:
    sure, count = sum(place.sure for place in places), len(places)
    if sure in (0, count):
        return say("surely") if sure else say("not surely")
    return say("surely at {count} of {total}", count=sure, total=count)


def target_words(sweep: Sweep, reached: Sequence[Reached], target: Target, confidence: float) -> list[str]:
    """Say from which value on a target holds, with the shares of replications and the escorted convoys that took."""
    what = axis_words(sweep)
    if not sweep.axes[0].relative:
        what = say("value of {parameter}", parameter=what)
    bound = say("'{target}'", target=target.text)
    if target.text.startswith("cover."):
        bound = say("{target} (the lowest of the run)", target=bound)
    share = percent(confidence)
    head = say(
        "Smallest {parameter} that holds {target} in {share} of replications", parameter=what, target=bound, share=share
    )
    values = [f"{_threshold(sweep, reach, confidence)}.{_escorted(sweep, reach)}" for reach in reached]
    if len(reached) == 1:
        return [say("{head}: {value}", head=head, value=values[0])]
    names = [name_words(reach.alternative) for reach in reached]
    lines = [say("{head}: {value}", head=name, value=value) for name, value in zip(names, values, strict=True)]
    return [say("{head}:", head=head), *(f"  {line}" for line in lines)]


def _threshold(sweep: Sweep, reach: Reached, confidence: float) -> str:
    texts = [value_words(sweep.axes[0], k) for k in range(len(reach.shares))]
    shares = [share for share, _, _ in reach.shares]
    point = reach.last if reach.last is not None else reach.point
    if point is None:
        point = _highest(reach)
        interval = _interval(reach, point)
        highest = {
            "range": span(sweep.axes[0]),
            "share": _under(shares[point], confidence) + (f" ({interval})" if interval else ""),
            "value": texts[point],
        }
        words = say("nowhere in {range}; the highest share is {share} at {value}", **highest)
        return say("{finding}, but in fewer further up", finding=words) if shares[point] >= confidence else words
    if shares[point] == 1.0:
        count = replications(sweep)
        often = say_counted("the {count} replication", "all {count} replications", count, count=count)
    else:
        often = percent(shares[point])
    often = ", ".join(filter(None, (often, _interval(reach, point))))
    words = say("{value} (held in {share})", value=texts[point], share=often)
    if reach.last is not None:
        return say(
            "not from any value on, but up to {value}; {next}: {share}",
            value=words,
            next=texts[point + 1],
            share=_under(shares[point + 1], confidence),
        )
    if point == 0:
        return say("{value}, the smallest tried", value=words)
    before = say("{head}: {value}", head=texts[point - 1], value=_under(shares[point - 1], confidence))
    words = apart((words, before))
    earlier = [text for text, share in zip(texts, shares[: point - 1], strict=False) if share >= confidence]
    if not earlier:
        return words
    return say("{finding}; held at {values} too, but not from there on", finding=words, values=", ".join(earlier))


def _highest(reach: Reached) -> int:
    """Return at which value the target is held most often."""
    return max(range(len(reach.shares)), key=lambda k: reach.shares[k][0])


def _under(share: float, confidence: float) -> str:
    """Write a share so that one under that asked for is not rounded up to it."""
    hidden = share < confidence and percent(share) == percent(confidence)
    return say("{number} %", number=pointed(f"{100 * share:.1f}")) if hidden else percent(share)


def _interval(reach: Reached, point: int) -> str:
    """Write the interval of a share; empty where there is none."""
    _, low, high = reach.shares[point]
    return say("95 % interval {ends}", ends=range_words(percent(low), percent(high))) if low < high else ""


def _escorted(sweep: Sweep, reach: Reached) -> str:
    """Say how many escorted convoys a week went at the value found."""
    point = reach.point if reach.point is not None else reach.last
    if point is None or ESCORTED not in sweep.measures:
        return ""
    convoys = band(sweep.measures[ESCORTED].loc[point].loc[reach.alternative])
    if not convoys.count:
        return ""
    spread = ""
    if convoys.count > 1:
        ends = range_words(number(convoys.low), number(convoys.high))
        spread = say(" ({band}: {ends})", band=convoys.name, ends=ends)
    mean = counted(number(convoys.mean), "escorted convoy")
    return " " + say("That was {convoys} a week{spread}.", convoys=mean, spread=spread)


def _opening(sweep: Sweep) -> list[str]:
    root = sweep.alternatives[0].scenario.root
    axes = [
        say(
            "{parameter} ({paths}): {range}, {count} values",
            parameter=axis_words(sweep, place),
            paths=", ".join(axis.paths),
            range=span(axis),
            count=len(axis.texts),
        )
        for place, axis in enumerate(sweep.axes)
    ]
    beside = say("Strategy: {strategy}.", strategy=say(root.strategy.label))
    if len(sweep.names) > 1:
        names = apart(map(alternative_words, sweep.alternatives))
        beside = say("Alternatives: {alternatives}.", alternatives=names)
    if any(alternative.exploratory for alternative in sweep.alternatives):
        beside = f"{beside} {say('Exploratory: attackers adapt.')}"
    made = {
        "replications": counted(str(replications(sweep)), "replication"),
        "seed": sweep.manifest["seed"],
        "scope": say(SCOPES[root.scope]),
    }
    return [
        say(root.title),
        say("Varied: {axes}.", axes=apart(axes)),
        say("{replications} of each alternative at each point, seed {seed}, on the same luck. Scope: {scope}.", **made)
        if sweep.drawn
        else say(
            "{replications} of each alternative at each point, seed {seed}, on the same luck, central parameters. "
            "Scope: {scope}.",
            **made,
        ),
        beside,
        *shared_words(
            [alternative.scenario for alternative in sweep.alternatives],
            not sweep.drawn,
            sum(len(axis.paths) for axis in sweep.axes),
        ),
    ]


def _table(sweep: Sweep) -> str:
    measure, several, first = measure_of(sweep), len(sweep.names) > 1, sweep.axes[0]
    undefined, never = (bool(table[sweep.goal].isna().any()) for table in (sweep.counted, sweep.measures))
    if undefined:
        notes = [say("{measure}: means over the replications that have it.", measure=measure.heading)]
    else:
        notes = [say("{measure}: means over the replications.", measure=measure.heading)]
    notes += [say(NEVER)] * (never and dated(sweep.goal)) + [say("*: surely ahead.")] * several
    means = {name: [measure.text(float(mean)) for mean in sweep.means()[name]] for name in sweep.names}
    ahead = [f"{winner(place) or '–'}{' *' * place.sure}" for place in sweep.places()] if several else []
    shown = _some(len(first.values), ROWS)
    left_out = len(first.values) > ROWS
    if len(sweep.axes) == 1:
        columns = {**({say("ahead"): ahead} if several else {}), **means}
        heads = [axis_words(sweep), *columns]
        rows = [[value_words(first, k), *(cells[k] for cells in columns.values())] for k in shown]
    else:
        second = sweep.axes[1]
        cells = dict(zip(sweep.points, ahead or means[sweep.names[0]], strict=True))
        across = _some(len(second.values), CROSSED)
        heads = [f"{axis_words(sweep)} ↓ {axis_words(sweep, 1)} →", *(value_words(second, m) for m in across)]
        rows = [[value_words(first, k), *(cells[k, m] for m in across)] for k in shown]
        left_out = left_out or len(second.values) > CROSSED
        if several:
            notes = [say("Who is ahead in '{measure}'; *: surely.", measure=measure.label)]
    notes += [say("Not all values are shown; all are in the tables.")] * left_out
    return "\n".join([grid(["\n".join(folded(heads[0], FIRST)), *heads[1:]], rows), paragraphs([" ".join(notes)])])


def _some(count: int, most: int) -> list[int]:
    """Return so many positions at most, evenly spread, with the first and the last."""
    step = max(1, -(-(count - 1) // (most - 1)))
    return [*range(0, count - 1, step), count - 1]


def _sure(sweep: Sweep) -> str:
    surely = say(
        "Surely means that the 95 % interval of the mean paired difference to the runner-up excludes 0, at each point "
        "by itself."
    )
    if sweep.drawn:
        conditional = say(
            "All of this is conditional on these parameter ranges, and on what else the scenario holds fixed."
        )
    else:
        conditional = say(
            "All of this is conditional on the central parameters, and on what else the scenario holds fixed."
        )
    return " ".join([*[surely] * (len(sweep.names) > 1), conditional, *first_look(replications(sweep))])
