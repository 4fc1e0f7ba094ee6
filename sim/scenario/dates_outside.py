"""Dates that lie outside the run: allowed, but hardly meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from sim.scenario.fields import Dated, Moment
from sim.scenario.parts import walk
from sim.scenario.pools import KINDS
from sim.scenario.problem import Fault, Path
from sim.scenario.schema import Root

Spot = tuple[Path, Moment]
APART = 2
"""Notes of one kind that are told each for itself; more are told as one."""
WHAT = {
    ("list", -1): ("numbers by date", "hold from the start on as their last entry says"),
    ("list", 1): ("entries of numbers by date", "never hold"),
    ("span", -1): ("rules and strikes", "hold from the start on"),
    ("event", -1): ("dated events", "are not part of it"),
    ("event", 1): ("dated events", "never happen"),
    **dict.fromkeys((("mark", -1), ("mark", 1)), ("marks", "are not drawn")),
    **dict.fromkeys((("figure", -1), ("figure", 1)), ("documented dates", "are not asked")),
}
"""By kind of what lies outside, and side of the run: what many of it are called, and what becomes of them."""


def outside(root: Root) -> Iterator[Fault]:
    """Iterate over the dates outside the run, each with its full path; many of one kind are told as one.

    Of a list by date, an entry before the start is in force from the start on, which is meant where later entries
    lie inside; only a list whose dates all lie outside is named, once.
    """
    if root.start.at is None or root.end.at is None:
        return
    run = _Run(root.start.at, root.end.at)
    groups: dict[tuple[str, int], list[Spot]] = {}
    for kind, (path, moment) in _spots(root, run):
        groups.setdefault((kind, run.side(moment)), []).append((path, moment))
    for (kind, _), spots in groups.items():
        if len(spots) > APART:
            yield run.together(kind, spots)
        else:
            yield from (Fault(f"{moment.text} {run.where(moment)}", at=path) for path, moment in spots)


def first_of(names: Sequence[str]) -> str:
    """Return the first three of many names."""
    return ", ".join(names[:3]) + (", …" if len(names) > 3 else "")


def _spots(root: Root, run: _Run) -> Iterator[tuple[str, Spot]]:
    """Iterate over what lies outside the run, with its kind."""
    for place, value in walk(root):
        dates = enumerate(since for since, _ in value.entries) if isinstance(value, Dated) else ()
        for spot in run.listed(((*place, str(position), "from"), since) for position, since in dates if since):
            yield "list", spot
    for _, key in KINDS:
        dates = enumerate(regime.from_ for regime in getattr(root.strategy, key))
        for spot in run.listed((("strategy", key, str(k), "from"), since) for k, since in dates if since):
            yield "list", spot
    spans: list[tuple[Path, Moment, Moment]] = [
        *((("willingness", "strikes", name), item.from_, item.to) for name, item in root.willingness.strikes.items()),
        *((("rationing", name), rule.from_, rule.to or root.end) for name, rule in root.rationing.items()),
    ]
    for place, first, last in spans:
        if run.side(first) > 0 or run.side(last) < 0:
            yield "event", ((*place, "from"), first)
        elif run.side(first) < 0 and run.side(last) > 0:
            yield "span", ((*place, "from"), first)
    threats, attacks, convoys = root.willingness.threats, root.attacks.replayed, root.convoys.recorded
    points: list[tuple[str, Path, Moment | None]] = [
        *(("event", ("willingness", "threats", name, "at"), threat.at) for name, threat in threats.items()),
        *(("event", ("attacks", "replayed", name, "at"), attack.at) for name, attack in attacks.items()),
        *(("event", ("convoys", "recorded", name, "at"), convoy.at) for name, convoy in convoys.items()),
        *(("mark", ("marks", name, "at"), mark.at) for name, mark in root.marks.items()),
        *(("figure", ("documented", name, "date"), figure.date) for name, figure in root.documented.items()),
    ]
    for kind, place, moment in points:
        if moment is not None and run.side(moment):
            yield kind, (place, moment)


def start_alone(root: Root) -> Fault:
    """Return the note that the start was set, but not the end."""
    first, last = root.start.on(datetime.min), root.end.on(datetime.min)
    wrong = f"set without 'end': the run is {(last - first).days} days, {first:%Y-%m-%d} to {last:%Y-%m-%d}"
    return Fault(wrong, at=("start",))


class _Run:
    def __init__(self, start: datetime, end: datetime) -> None:
        self.start, self.end = start, end
        self.length = (end - start) / timedelta(hours=1)

    def side(self, moment: Moment) -> int:
        """Return -1 for a moment before the start, 1 for one at the end or later, whatever is drawn; else 0."""
        value, low, high = moment.hours(self.start)
        if (value if high is None else high) < 0:
            return -1
        return int((value if low is None else low) >= self.length)

    def together(self, kind: str, spots: Sequence[Spot]) -> Fault:
        """Return one note on many spots of a kind that lie on one side."""
        side = self.side(spots[0][1])
        names = [".".join(path[:-2] if kind == "list" else path[:-1]) for path, _ in spots]
        called, so = WHAT[kind, side]
        wrong = f"{len(spots)} {called} {self.where(spots[0][1], many=True)}, and {so}: {first_of(names)}"
        return Fault(wrong, at=("start" if side < 0 else "end",))

    def where(self, moment: Moment, many: bool = False) -> str:
        """Say, of one or many moments, on which side of the run they lie."""
        if self.side(moment) < 0:
            return f"{'lie' if many else 'lies'} before the start of the run, {self.start:%Y-%m-%d}"
        return f"{'do' if many else 'does'} not lie before the end of the run, {self.end:%Y-%m-%d}"

    def listed(self, spots: Iterable[Spot]) -> Iterator[Spot]:
        """Iterate over what is to be told of the dates of one list."""
        spots = list(spots)
        early = [spot for spot in spots if self.side(spot[1]) < 0]
        late = [spot for spot in spots if self.side(spot[1]) > 0]
        if early and len(early) + len(late) == len(spots):
            yield early[-1]
        if late:
            yield late[0]
