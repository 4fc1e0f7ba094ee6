"""Which alternative to choose: what the selection and the paired differences say together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from sim.results.measures import goal
from sim.study.compare import selection
from sim.study.comparison import Comparison
from sim.study.effects import judged, ranked
from sim.study.intervals import Interval, interval
from sim.study.selection import Selection

Kind = Literal["best", "equal", "tied", "leaning", "ahead", "open", "few", "undefined", "neither"]


@dataclass(frozen=True)
class Choice:
    """What there is to choose.

    Parameters
    ----------
    kind
        ``best``: one is, by selection and by every difference; ``equal``: of several that may be, none is apart from
        another by what is worth having; ``tied``: these are the same in every replication; ``leaning``: one is
        selected, others may be as good; ``ahead``: one is ahead of each other, not yet surely of all; ``open``: it
        cannot be told which of several is; ``few``, ``undefined``: as in `Selection`; ``neither``: more is neither
        better nor worse.
    level
        Those that may be the best, by mean in the measure that ranks; the first of all alone where nothing can be said.
    trailing
        Those that the procedure does not rule out, but the first is surely ahead of, by more than is worth having.
    lead
        Of the first of these over the nearest of the others that may be the best; of all others, where it is ahead of
        all.  More is better.
    nearest
        That one.
    apart
        How far those are from one another at most, by the intervals of their differences.
    beats
        By how much each of them is better than the baseline at least; 0 or less if that is not sure, or it is one.
    selection
        What the procedure chose; None where it was not asked.
    """

    kind: Kind
    level: tuple[str, ...]
    trailing: tuple[str, ...]
    lead: Interval
    nearest: str
    apart: float
    beats: float
    selection: Selection | None


def choice(comparison: Comparison) -> Choice:
    """Say which alternative is the best in the measure that ranks, or which may be.

    An alternative may be the best if the 95 % interval of the lead that the first by mean has over it holds 0 or lies
    within what is worth having.  One that the procedure does not rule out, and the first is surely ahead of, trails.
    """
    order = ranked(comparison)
    if not goal(comparison.goal).better:
        lead = leads(comparison, order[:2])[order[0], order[1]]
        return Choice("neither", (order[0],), (), lead, order[1], 0.0, 0.0, None)
    return chosen(order, leads(comparison, order), selection(comparison), comparison.baseline)


def leads(comparison: Comparison, names: list[str]) -> dict[tuple[str, str], Interval]:
    """Return the mean lead of each alternative over each that comes after it, in the way that is better."""
    better = goal(comparison.goal).better or 1
    values = {name: better * judged(comparison, name) for name in names}
    return {(a, b): interval(values[a] - values[b], comparison.drawn) for a, b in combinations(names, 2)}


def chosen(order: list[str], leads: Mapping[tuple[str, str], Interval], selection: Selection, baseline: str) -> Choice:
    """Say the same from alternatives ranked by mean, their leads over those after them, and what was selected."""
    first, *others = order
    if selection.outcome in ("few", "undefined"):
        return Choice(selection.outcome, (first,), (), leads[first, others[0]], others[0], 0.0, 0.0, selection)
    behind = {name: leads[first, name] for name in others}
    near = [name for name, lead in behind.items() if not (lead.low > 0.0 and lead.high > selection.worth)]
    trailing = tuple(name for name in others if name in selection.contenders and name not in near)
    nearest = min(near or others, key=lambda name: behind[name].low)
    pairs = [leads[pair] for pair in combinations((first, *near), 2)]
    apart = max((max(abs(lead.low), abs(lead.high)) for lead in pairs), default=0.0)
    beats = min(leads[name, baseline].low if (name, baseline) in leads else 0.0 for name in (first, *near))
    kind: Kind = "open"
    if not near:
        kind = "ahead" if trailing else "best"
    elif selection.outcome == "tied" and {first, *near} == {*selection.contenders}:
        kind = "tied"
    elif apart <= selection.worth:
        kind = "equal"
    elif selection.best == first:
        kind = "leaning"
    return Choice(kind, (first, *near), trailing, behind[nearest], nearest, apart, beats, selection)
