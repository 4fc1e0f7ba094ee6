"""The answer to a sweep: who is ahead where, and from which value on a target holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from math import isfinite
from pathlib import Path

from sim.results.measures import dated, goal
from sim.results.target import Target
from sim.study.axis import Axis
from sim.study.sweep import Place, Reached, Sweep
from sim.view.bands import band
from sim.view.differences import alternative_words
from sim.view.parameters import parameter_words
from sim.view.study_words import CAVEAT, NEVER, failure_words, first_look, page, shared_words
from sim.view.table import grid, paragraphs, where
from sim.view.words import SCOPES, Measure, counted, describe, folded, name_words, number, percent, range_words

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
    sweep
        A sweep.
    reached, target, confidence
        From which value on each alternative holds a target, the target, and the share of replications asked for.
    figures
        Figures that were stored, to say where they are.

    Returns
    -------
    str
        Plain text without colour, no line longer than `sim.view.width` says.
    """
    lines = []
    if reached is not None and target is not None and confidence is not None:
        lines = [*held_words(sweep, reached, target, confidence), *share_words(sweep, reached)]
    return page(
        paragraphs(_opening(sweep)),
        "\n".join(paragraphs([line], INDENT * (place > 0)) for place, line in enumerate(lines)),
        _table(sweep),
        paragraphs([*filter(None, [ahead_words(sweep)]), _sure(sweep)]),
        paragraphs(failure_words(sweep.failures, lambda first: _point(sweep, first["point"]))),
        where(sweep.folder, figures),
        f"{paragraphs([CAVEAT])}\n",
    )


def _point(sweep: Sweep, point: int) -> str:
    return ", ".join(value_words(one, k) for one, k in zip(sweep.axes, sweep.points[point], strict=True))


def share_words(sweep: Sweep, reached: Sequence[Reached]) -> list[str]:
    """Say in which share of the replications each value holds the target; of many values some are left out."""
    one = sweep.axes[0]
    points = range(0, len(one.values), 1 + (len(one.values) - 1) // SHARES)
    return [
        f"Held{f' with {name_words(each.alternative)}' if len(reached) > 1 else ''}: "
        f"{', '.join(f'{percent(each.shares[k][0])} at {value_words(one, k)}' for k in points)}."
        for each in reached
    ]


def unreached(sweep: Sweep, reached: Sequence[Reached], target: Target, confidence: float) -> str:
    """Say that no alternative holds a target from any value of the range on, and how near one comes.

    The text of the `RequestError` with which such a request is refused.
    """
    one = sweep.axes[0]
    best = max(reached, key=lambda each: each.shares[_highest(each)][0])
    point = _highest(best)
    share, *_ = best.shares[point]
    who = f" with {name_words(best.alternative)}" if len(reached) > 1 else ""
    near = f"{_under(share, confidence)} at {value_words(one, point)}{who}"
    start = f"target '{target.text}': not held in {percent(confidence)} of replications"
    path = ",".join(one.paths)
    if share < confidence:
        return f"{start} anywhere in {path} = {span(one)}, at most in {near}; expected a target that can be met there"
    return (
        f"{start} from any value of {path} = {span(one)} on: in {near}, in fewer further up; expected a range at whose "
        "upper end it holds"
    )


def value_words(one: Axis, k: int, *, unit: bool = True) -> str:
    """Write a value of an axis with four figures: ``46.25 m3``."""
    text = f"{float(f'{one.values[k]:.4g}'):,.10g}"
    return f"{text} {one.unit}".rstrip() if unit else text


def span(one: Axis) -> str:
    """Write the range of an axis: ``1–6``, ``45–48 m3``."""
    return range_words(value_words(one, 0), value_words(one, -1))


def axis_words(sweep: Sweep, place: int = 0) -> str:
    """Say what one axis of a sweep varies; what its parameters have in common is said once."""
    one, scenario = sweep.axes[place], sweep.alternatives[0].scenario
    words = [
        text.split() for text in dict.fromkeys(parameter_words(path.removesuffix("*"), scenario) for path in one.paths)
    ]
    least = min(map(len, words))
    first = next((k for k in range(least) if len({text[k] for text in words}) > 1), least)
    last = next((k for k in range(least - first) if len({text[-1 - k] for text in words}) > 1), 0)
    middle = " and ".join(" ".join(text[first : len(text) - last]) for text in words)
    said = " ".join([*words[0][:first], middle, *words[0][len(words[0]) - last :]]).strip()
    return f"factor on {said}" if one.relative else said


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
    """Say who is ahead where; empty of a single alternative.

    Parameters
    ----------
    sweep
        A sweep.
    most
        How many alternatives to name at most; all if absent.
    """
    if len(sweep.names) < 2:
        return ""
    places = sweep.places()
    names = Counter(winner(place) for place in places)
    more, less = ("later", "earlier") if dated(sweep.goal) else ("more", "less")
    better = {1: f"{more} is better", -1: f"{less} is better", 0: f"{more} counts as ahead"}[goal(sweep.goal).better]
    measure = f"{measure_of(sweep).label} ({better})"
    if set(names) == {""}:
        return f"{measure}: nobody is ahead anywhere in the range."
    if len(names) == 1:
        return f"{measure}: {name_words(places[0].best)} is ahead over the whole range, {_sureness(places)}."
    if len(sweep.axes) == 1:
        stretches = [(name, list(some)) for name, some in groupby(places, winner)]
        if len(stretches) <= (most or SEGMENTS):
            return f"{measure}: {'; '.join(_stretch(sweep, name, some) for name, some in stretches)}."
    parts = []
    for name, times in names.most_common(most):
        some = [place for place in places if winner(place) == name]
        said = f"{name_words(name)} is ahead at {times} of {len(places)} points, {_sureness(some)}"
        parts.append(said if name else f"nobody at {times}")
    rest = len(places) - sum(times for _, times in names.most_common(most))
    return f"{measure}: {'; '.join([*parts, *([f'others at {rest}'] if rest else [])])}."


def _stretch(sweep: Sweep, name: str, places: Sequence[Place]) -> str:
    one, first, last = sweep.axes[0], places[0].point, places[-1].point
    end = value_words(one, last)
    where = f"at {end}" if first == last else f"from {value_words(one, first, unit=False)} to {end}"
    return f"{name_words(name)} is ahead {where}, {_sureness(places)}" if name else f"nobody is ahead {where}"


def _sureness(places: Sequence[Place]) -> str:
    sure, count = sum(place.sure for place in places), len(places)
    if sure in (0, count):
        return "surely" if sure else "not surely"
    return f"surely at {sure} of {count}"


def held_words(sweep: Sweep, reached: Sequence[Reached], target: Target, confidence: float) -> list[str]:
    """Say from which value on a target holds, with the shares of replications and the escorted convoys that took."""
    what = axis_words(sweep) if sweep.axes[0].relative else f"value of {axis_words(sweep)}"
    lowest = " (the lowest of the run)" * target.text.startswith("cover.")
    head = f"Smallest {what} that holds '{target.text}'{lowest} in {percent(confidence)} of replications"
    told = [f"{_held(sweep, one, confidence)}.{_escorted(sweep, one)}" for one in reached]
    if len(reached) == 1:
        return [f"{head}: {told[0]}"]
    return [f"{head}:", *(f"  {name_words(one.alternative)}: {said}" for one, said in zip(reached, told, strict=True))]


def _held(sweep: Sweep, one: Reached, confidence: float) -> str:
    texts = [value_words(sweep.axes[0], k) for k in range(len(one.shares))]
    shares = [share for share, _, _ in one.shares]
    point = one.last if one.last is not None else one.point
    if point is None:
        point = _highest(one)
        ending = ", but in fewer further up" if shares[point] >= confidence else ""
        interval = _interval(one, point, " (", ")")
        highest = f"{_under(shares[point], confidence)}{interval} at {texts[point]}"
        return f"nowhere in {span(sweep.axes[0])}; the highest share is {highest}{ending}"
    often = f"all {replications(sweep)} replications" if shares[point] == 1.0 else percent(shares[point])
    said = f"{texts[point]} (held in {often}{_interval(one, point, ', ')})"
    if one.last is not None:
        return f"not from any value on, but up to {said}; {texts[point + 1]}: {_under(shares[point + 1], confidence)}"
    if point == 0:
        return f"{said}, the smallest tried"
    said = f"{said}; {texts[point - 1]}: {_under(shares[point - 1], confidence)}"
    earlier = [text for text, share in zip(texts, shares[: point - 1], strict=False) if share >= confidence]
    return f"{said}; held at {', '.join(earlier)} too, but not from there on" if earlier else said


def _highest(one: Reached) -> int:
    """Return at which value the target is held most often."""
    return max(range(len(one.shares)), key=lambda k: one.shares[k][0])


def _under(share: float, confidence: float) -> str:
    """Write a share so that one under that asked for is not rounded up to it."""
    hidden = share < confidence and percent(share) == percent(confidence)
    return f"{100 * share:.1f} %" if hidden else percent(share)


def _interval(one: Reached, point: int, before: str, after: str = "") -> str:
    _, low, high = one.shares[point]
    return f"{before}95 % interval {range_words(percent(low), percent(high))}{after}" if low < high else ""


def _escorted(sweep: Sweep, one: Reached) -> str:
    """Say how many escorted convoys a week went at the value found."""
    point = one.point if one.point is not None else one.last
    if point is None or ESCORTED not in sweep.measures:
        return ""
    found = band(sweep.measures[ESCORTED].loc[point].loc[one.alternative])
    if not found.count:
        return ""
    spread = f" ({found.name}: {range_words(number(found.low), number(found.high))})" if found.count > 1 else ""
    return f" That was {counted(number(found.mean), 'escorted convoy')} a week{spread}."


def _opening(sweep: Sweep) -> list[str]:
    root = sweep.alternatives[0].scenario.root
    axes = [
        f"{axis_words(sweep, place)} ({', '.join(one.paths)}): {span(one)}, {len(one.texts)} values"
        for place, one in enumerate(sweep.axes)
    ]
    beside = f"Strategy: {root.strategy.label}."
    if len(sweep.names) > 1:
        beside = f"Alternatives: {'; '.join(map(alternative_words, sweep.alternatives))}."
    exploratory = " Exploratory: attackers adapt." * any(one.exploratory for one in sweep.alternatives)
    return [
        root.title,
        f"Varied: {'; '.join(axes)}.",
        f"{counted(str(replications(sweep)), 'replication')} of each alternative at each point, seed "
        f"{sweep.manifest['seed']}, on the same luck{'' if sweep.drawn else ', central parameters'}. Scope: "
        f"{SCOPES[root.scope]}.",
        beside + exploratory,
        *shared_words(
            [one.scenario for one in sweep.alternatives], not sweep.drawn, sum(len(one.paths) for one in sweep.axes)
        ),
    ]


def _table(sweep: Sweep) -> str:
    measure, several, first = measure_of(sweep), len(sweep.names) > 1, sweep.axes[0]
    undefined, never = (bool(table[sweep.goal].isna().any()) for table in (sweep.counted, sweep.measures))
    which = f"{' that have it' * undefined}.{NEVER * (never and dated(sweep.goal))}"
    note = f"{measure.heading}: means over the replications{which}{' *: surely ahead.' * several}"
    start = sweep.alternatives[0].scenario.start
    means = {name: [measure.text(float(mean), start) for mean in sweep.means()[name]] for name in sweep.names}
    ahead = [f"{winner(place) or '–'}{' *' * place.sure}" for place in sweep.places()] if several else []
    shown = _some(len(first.values), ROWS)
    left_out = len(first.values) > ROWS
    if len(sweep.axes) == 1:
        columns = {**({"ahead": ahead} if several else {}), **means}
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
            note = f"Who is ahead in '{measure.label}'; *: surely."
    note += " Not all values are shown; all are in the tables." * left_out
    return "\n".join([grid(["\n".join(folded(heads[0], FIRST)), *heads[1:]], rows), paragraphs([note])])


def _some(count: int, most: int) -> list[int]:
    """Return so many positions at most, evenly spread, with the first and the last."""
    step = max(1, -(-(count - 1) // (most - 1)))
    return [*range(0, count - 1, step), count - 1]


def _sure(sweep: Sweep) -> str:
    surely = (
        "Surely means that the 95 % interval of the mean paired difference to the runner-up excludes 0, at each point "
        "by itself."
    )
    ranges = "on these parameter ranges" if sweep.drawn else "on the central parameters"
    conditional = f"All of this is conditional {ranges}, and on what else the scenario holds fixed."
    return " ".join([*[surely] * (len(sweep.names) > 1), conditional, *first_look(replications(sweep))])
