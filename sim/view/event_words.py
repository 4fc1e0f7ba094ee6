"""What an event is in words, for whoever reads the log; no place is finer than a road between two towns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from sim.plan.sections import AIR, FOREIGN, NATIONAL
from sim.record import OUTCOMES, Kind, Record
from sim.results.events import MEANINGS, MET, things
from sim.results.tables import KINDS
from sim.scenario.components import BUILT_IN, components_of
from sim.scenario.load import Scenario
from sim.scenario.sources import ASSUMPTION
from sim.view.words import counted, is_are, listed, number, percent, short_date

Entry = tuple[float, int, int, int, float, int]
"""Time, kind, entity, serial and value of an entry of the log; its place among the encounters, or -1."""
TOGETHER: Final = {
    Kind.ORDERED: "{terminal} ({corridor}): {n} ordered to {town}",
    Kind.LOADED: "{terminal} ({corridor}): {n} loaded with {product}",
    Kind.READY: "{assembly} ({corridor}): {n} ready for a convoy",
    Kind.REACHED: "{town} ({corridor}): {n} arrive{s}",
    Kind.CLEARED: "{corridor}: {n} through customs",
    Kind.UNLOADED: "{corridor}: {n} unloaded",
    Kind.BACK: "{terminal} ({corridor}): {n} back",
    Kind.MOVED: "{corridor}: {n} on the way to join it",
}
"""What happens to tankers, by kind; ``n`` is how many."""


@dataclass(frozen=True)
class Line:
    """An event as it is told: when (h), of what kind, at or between which places, in words."""

    time: float
    what: str
    places: frozenset[str]
    text: str
    whole_day: bool = False

    @property
    def day(self) -> int:
        """Day from 0."""
        return int(self.time // 24.0)


class Words:
    """Turns the log of a replication of a scenario into lines."""

    def __init__(self, scenario: Scenario, record: Record) -> None:
        self.root, self.plan, self.start = scenario.root, record.plan, scenario.start
        self._log, self._things = record.log, things(record.plan)
        self._met = _rows(record.encounters)
        self._convoys = {row["convoy"]: row for row in _rows(record.convoys)}
        self._ended: dict[tuple[str, int], list[int]] = {}
        for convoy, row in self._convoys.items():
            if row["arrived"] and row["days"] == row["days"]:
                name = record.plan.corridors.name[row["corridor"]]
                self._ended.setdefault((name, _near(row["departed"] + 24.0 * row["days"])), []).append(convoy)
        self._dry: set[tuple[int, float]] = set()
        self._last_loss = {row["convoy"]: place for place, row in enumerate(self._met) if row["lost"] > 0}

    def lines(self) -> Iterator[Line]:
        """Iterate over lines of the log in order of time: what happens at one moment to many of a kind is one line.

        What is known beforehand, such as when a unit's duty ends, stands in the log ahead of its time.
        """
        for moment, entries in groupby(sorted(self._entries(), key=itemgetter(0)), key=itemgetter(0)):
            yield from self._at_once(moment, entries)

    def _entries(self) -> Iterator[Entry]:
        """Iterate over the entries of the log in its order."""
        meeting = -1
        for time, kind, *more in zip(*(column.tolist() for column in self._log.values()), strict=True):
            meeting += kind in MET
            yield time, kind, *more, meeting if kind in MET else -1

    def _at_once(self, moment: float, entries: Iterable[Entry]) -> Iterator[Line]:
        counts: Counter[tuple[Any, ...]] = Counter()
        willing: dict[str, float] = {}
        sent_back = 0
        for _, kind, entity, serial, value, meeting in entries:
            if kind in MET:
                counts[kind, meeting, sent_back] += 1
                sent_back = 0
            elif kind == Kind.TURNED_BACK and not value:
                sent_back += 1  # by the roadblock that follows
            elif kind == Kind.WILLING:
                willing[self._things[entity][1]] = value
            elif kind in MEANINGS and kind != Kind.LOST:
                counts[self._key(kind, entity, serial, value)] += 1
        for (kind, *more), count in counts.items():
            if kind in MET:
                yield self._meets(moment, *more)
            elif (line := self._line(Kind(kind), *more, count=count, time=moment)) is not None:
                yield line
        if willing and self.plan.crews.on:
            yield self._willing(moment, willing)

    def _key(self, kind: int, entity: int, serial: int, value: float) -> tuple[Any, ...]:
        """Return what entries of one moment must share to be told as one."""
        if kind == Kind.DEPARTED:
            convoy = self._convoys[serial]
            alone = value == 1.0 and not convoy["escort"] and not convoy["short"]
            return kind, entity, -1 if alone else serial
        if kind in (Kind.ORDERED, Kind.LOADED, Kind.REACHED, Kind.LOT, Kind.DRY):
            return kind, entity, value
        if kind in TOGETHER or kind == Kind.CREW_FREED:
            return kind, entity
        return kind, entity, serial, value

    def _line(self, kind: Kind, entity: int, *more: Any, count: int, time: float) -> Line | None:
        """Return the line of what happened so many times at a moment; None if there is nothing to tell."""
        thing, name = self._things[entity]
        what = MEANINGS[kind].what
        if thing == "corridor":
            if kind == Kind.CLEARED and self.root.corridors[name].kind == "inland":
                return None  # customs are at the border
            if (kind == Kind.DEPARTED and more[0] < 0) or (kind == Kind.REACHED and count == 1):
                what = "tankers"  # each goes by itself
            return Line(time, what, self._places(name), self._of_corridor(kind, name, count, time, more))
        if thing == "pool":
            return Line(time, what, frozenset(), self._of_pool(kind, name, *more))
        text = self._of_town(kind, entity, name, count, time, more)
        return None if text is None else Line(time, what, frozenset([name]), text)

    def _of_corridor(self, kind: Kind, name: str, count: int, time: float, more: Sequence[Any]) -> str:
        corridor = self.root.corridors[name]
        if kind == Kind.DEPARTED:
            return self._departs(name, count, *more)
        if kind == Kind.TURNED_BACK:
            convoy, left = more
            back = f"convoy {convoy} is back with {_tankers(int(left))}, having turned back"
            return f"{corridor.assembly} ({name}): {back}"
        if kind == Kind.CREW_FREED:
            return f"{name}: {counted(str(count), 'abducted crew')} {is_are(str(count))} free again"
        if kind == Kind.INFLOW:
            product, volume = more
            return f"{name}: {number(volume)} m3 of {self.plan.products.name[product]} come in"
        if kind == Kind.REACHED and (convoy := self._ends(name, time)) is not None:
            return f"{self.plan.towns.name[int(more[0])]} ({name}): convoy {convoy} arrives with {_tankers(count)}"
        place = int(more[0]) if more else 0
        terminal = self.root.terminals[corridor.terminal].town if corridor.terminal else ""
        return TOGETHER[kind].format(
            n=_tankers(count),
            s="s" if count == 1 else "",
            corridor=name,
            terminal=terminal,
            assembly=corridor.assembly,
            town=self.plan.towns.name[place] if kind in (Kind.ORDERED, Kind.REACHED) else "",
            product=self.plan.products.name[place] if kind == Kind.LOADED else "",
        )

    def _departs(self, name: str, count: int, convoy: int) -> str:
        assembly = self.root.corridors[name].assembly
        if convoy < 0:
            leave = "1 tanker leaves" if count == 1 else f"{_tankers(count)} leave, each by itself,"
            return f"{assembly} ({name}): {leave} without escort"
        row = self._convoys[convoy]
        text = f"{assembly} ({name}): convoy {convoy} leaves, {_tankers(row['tankers'])} {self._escort(row['escort'])}"
        source = "on record it had" if self.root.record else "as listed it has"
        return f"{text}; {source} {row['short']} more" if row["short"] else text

    def _ends(self, corridor: str, time: float) -> int | None:
        """Return the convoy, of more than one tanker, that reached its last stop then; None if it cannot be told."""
        there = self._ended.get((corridor, _near(time)), [])
        return there[0] if len(there) == 1 and self._convoys[there[0]]["tankers"] > 1 else None

    def _of_pool(self, kind: Kind, name: str, unit: int, until: float) -> str:
        if kind == Kind.UNIT_OUT:
            return f"unit {unit + 1} of {name} leaves with a convoy"
        moment = moment_of(self.start, until)
        return f"unit {unit + 1} of {name}: duty ended, free again on {short_date(moment)} {moment:%H:%M}"

    def _of_town(self, kind: Kind, entity: int, name: str, count: int, time: float, more: Sequence[Any]) -> str | None:
        products = self.plan.products.name
        if kind == Kind.DRY:
            if time % 24.0 == 0.0:
                return None  # closed by a rule, or its stock set by hand
            first = (entity, more[0]) not in self._dry
            self._dry.add((entity, more[0]))
            stations = "first station runs" if count == 1 else f"first {count} stations run"
            return f"{name}: the {stations} out of {products[int(more[0])]}" if first else None
        if kind == Kind.LOT:
            return None
        thing, volume = more
        if kind == Kind.QUEUE_ENDS:
            return f"{name}: nobody queues for {products[thing]} any more"
        if not volume:
            return None
        match kind:
            case Kind.USED:
                return f"{name}: {self.plan.users.name[thing]} draws {number(volume)} m3"
            case Kind.ALLOTTED:
                return f"{name}: stations are allotted {number(volume)} m3 of {products[thing]}"
            case Kind.WANTED:
                return f"{name}: {number(volume * 24.0)} m3 of {products[thing]} are wanted today"
            case _:
                return f"{name}: stock of {products[thing]} set to {number(volume)} m3"

    def _meets(self, time: float, meeting: int, sent_back: int) -> Line:
        """Return the line of a party's meeting with an ambush or a roadblock."""
        row = self._met[meeting]
        road = self.root.roads[self.plan.roads.name[row["road"]]]
        party = f"convoy {row['convoy']} of {_tankers(row['size'])}" if row["size"] > 1 else "a tanker"
        kind, outcome = KINDS[row["kind"]], OUTCOMES[row["outcome"]]
        thing = "a mine" if kind == "mine" else "an ambush"
        if outcome == "stopped":
            through = row["size"] - row["lost"] - sent_back
            fates = ((row["lost"], "taken"), (sent_back, "sent back"), (through, "let through"))
            parts = [f"{n if row['size'] > 1 else 'it is'} {fate}" for n, fate in fates if n]
            text = f"a roadblock stops {party}: {', '.join(parts)}{_crews(row)}"
        elif outcome == "sprung":
            verb = {"mine": "hits a mine", "replayed": self._imposed(row["road"])}.get(kind, "is ambushed")
            lost = f"{row['lost']} lost" if row["lost"] else "none lost"
            units = f", {counted(str(row['knocked_out']), 'escort unit')} out of action" if row["knocked_out"] else ""
            turns = "; it turns back" if self._turns(row["convoy"], meeting) else ""
            text = f"{party} {verb}: {lost}{_crews(row)}{units}{turns}"
        elif outcome == "detected":
            text = f"{party} finds {thing} in time, and halts"
        elif outcome == "deterred":
            text = f"{thing} does not dare to attack {party}"
        else:
            text = f"{thing} lets {party} pass"
        return Line(time, "attacks", frozenset((road.from_, road.to)), f"{road.from_}–{road.to}: {text}")

    def _imposed(self, road: int) -> str:
        """Say of an imposed attack whether it is one on record, which no attack of a what-if or an assumption is."""
        name, attacks = self.plan.roads.name[road], self.root.attacks.replayed.values()
        sources = [attack.at.source for attack in attacks if attack.road == name]
        recorded = self.root.record and all(source not in (None, ASSUMPTION) for source in sources)
        return "is attacked as on record" if recorded else "is attacked as imposed"

    def _escort(self, bits: int) -> str:
        ground = " and ".join(word for bit, word in ((NATIONAL, "national"), (FOREIGN, "foreign")) if bits & bit)
        parts = [f"{ground} troops"] * bool(ground) + ["air cover"] * bool(bits & AIR)
        known = enumerate(components_of(self.root.escorts).items())
        parts += [component.label for k, (name, component) in known if bits >> k & 1 and name not in BUILT_IN]
        return f"with {listed(parts)}" if parts else "without escort"

    def _turns(self, convoy: int, meeting: int) -> bool:
        """Say whether a meeting is the one after which a convoy turned back."""
        row = self._convoys.get(convoy)  # it is not there if it left before the first day
        return row is not None and bool(row["turned_back"]) and self._last_loss.get(convoy) == meeting

    def _willing(self, time: float, shares: dict[str, float]) -> Line:
        crews = ", ".join(f"{name} {percent(share)}" for name, share in sorted(shares.items()))
        places = frozenset(place for name in shares for place in self._places(name))
        return Line(time, "crews", places, f"crews that would join a convoy: {crews}")

    def _places(self, name: str) -> frozenset[str]:
        corridor = self.root.corridors[name]
        return frozenset((*corridor.serves, *([corridor.assembly] if corridor.assembly else [])))


def _rows(table: dict[str, Any]) -> list[dict[str, Any]]:
    columns = {name: column.tolist() for name, column in table.items()}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _near(time: float) -> int:
    """Return a time in thousandths of an hour: what is added up in another order differs in the last bits."""
    return round(time * 1000.0)


def _tankers(count: int) -> str:
    return counted(str(count), "tanker")


def _crews(row: dict[str, Any]) -> str:
    """Return what became of crews beyond those that got away."""
    fates = ((row["killed"], "killed"), (row["abducted"], "abducted"))
    return "".join(f", {counted(str(n), 'crew')} {fate}" for n, fate in fates if n)


def moment_of(start: datetime, hours: float) -> datetime:
    """Return a moment of the run to the minute."""
    return start + timedelta(minutes=int(hours * 60.0 + 1e-6))
