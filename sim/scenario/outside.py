"""Dates that lie outside the run: allowed, but hardly meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from sim.scenario.fields import Dated, Moment, Part
from sim.scenario.problem import Fault, Path
from sim.scenario.schema import Root

Spot = tuple[Path, Moment]


def outside(root: Root) -> Iterator[Fault]:
    """Iterate over the dates outside the run, each with its full path.

    Of a list by date, an entry before the start is in force from the start on, which is meant where later entries
    lie inside; only a list whose dates all lie outside is named, once.
    """
    if root.start.at is None or root.end.at is None:
        return
    run = _Run(root.start.at, root.end.at)
    yield from _lists(root, run, ())
    for kind, regimes in (("imports", root.strategy.imports), ("inland", root.strategy.inland)):
        path = ("strategy", kind)
        yield from run.listed(
            ((*path, str(position), "from"), regime.from_) for position, regime in enumerate(regimes) if regime.from_
        )
    for name, strike in root.willingness.strikes.items():
        yield from run.span(("willingness", "strikes", name), strike.from_, strike.to)
    for name, rule in root.rationing.items():
        yield from run.span(("rationing", name), rule.from_, rule.to)
    for name, threat in root.willingness.threats.items():
        yield from run.single(("willingness", "threats", name, "at"), threat.at)
    for name, attack in root.attacks.replayed.items():
        yield from run.single(("attacks", "replayed", name, "at"), attack.at)
    for name, convoy in root.convoys.recorded.items():
        yield from run.single(("convoys", "recorded", name, "at"), convoy.at)
    for name, mark in root.marks.items():
        yield from run.single(("marks", name, "at"), mark.at)
    for name, figure in root.documented.items():
        if figure.date is not None:
            yield from run.single(("documented", name, "date"), figure.date)


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

    def note(self, path: Path, moment: Moment) -> Fault:
        if self.side(moment) < 0:
            return Fault(f"{moment.text} lies before the start of the run, {self.start:%Y-%m-%d}", at=path)
        return Fault(f"{moment.text} does not lie before the end of the run, {self.end:%Y-%m-%d}", at=path)

    def single(self, path: Path, moment: Moment) -> Iterator[Fault]:
        if self.side(moment):
            yield self.note(path, moment)

    def span(self, path: Path, first: Moment, last: Moment | None) -> Iterator[Fault]:
        before = self.side(first) < 0 and (last is None or self.side(last) != 0)
        if before or self.side(first) > 0:
            yield self.note((*path, "from"), first)

    def listed(self, spots: Iterable[Spot]) -> Iterator[Fault]:
        spots = list(spots)
        early = [spot for spot in spots if self.side(spot[1]) < 0]
        late = [spot for spot in spots if self.side(spot[1]) > 0]
        if early and len(early) + len(late) == len(spots):
            yield self.note(*early[-1])
        if late:
            yield self.note(*late[0])


def _lists(value: object, run: _Run, path: Path) -> Iterator[Fault]:
    match value:
        case Dated(entries):
            yield from run.listed(
                ((*path, str(position), "from"), since)
                for position, (since, _) in enumerate(entries)
                if since is not None
            )
        case Part():
            for name, info in type(value).model_fields.items():
                yield from _lists(getattr(value, name), run, (*path, info.alias or name))
        case dict():
            for key, item in value.items():
                yield from _lists(item, run, (*path, key))
