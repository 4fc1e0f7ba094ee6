"""What an event is in words, for whoever reads the log; no place is finer than a road between two towns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from sim.language import mark, say, say_counted
from sim.plan.sections import AIR, FOREIGN, NATIONAL
from sim.record import OUTCOMES, Kind, Record
from sim.results.events import MEANINGS, MET, things
from sim.results.tables import KINDS
from sim.scenario.components import BUILT_IN, components_of
from sim.scenario.load import Scenario
from sim.scenario.sources import ASSUMPTION
from sim.view.words import counted, listed, number, percent, short_date

Entry = tuple[float, int, int, int, float, int]
"""Time, kind, entity, serial and value of an entry of the log; its place among the encounters, or -1."""
TOGETHER: Final = {
    Kind.ORDERED: mark("{terminal} ({corridor}): {tankers} ordered to {town}"),
    Kind.LOADED: mark("{terminal} ({corridor}): {tankers} loaded with {product}"),
    Kind.READY: mark("{assembly} ({corridor}): {tankers} ready for a convoy"),
    Kind.CLEARED: mark("{corridor}: {tankers} through customs"),
    Kind.UNLOADED: mark("{corridor}: {tankers} unloaded"),
    Kind.BACK: mark("{terminal} ({corridor}): {tankers} back"),
    Kind.MOVED: mark("{corridor}: {tankers} on the way to join it"),
}
"""What happens to tankers, by kind; those that arrive are told with the verb that goes with their number."""


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
            return say(
                "{assembly} ({corridor}): convoy {convoy} is back with {tankers}, having turned back",
                assembly=corridor.assembly,
                corridor=name,
                convoy=convoy,
                tankers=_tankers(int(left)),
            )
        if kind == Kind.CREW_FREED:
            return say_counted(
                "{corridor}: {count} abducted crew is free again",
                "{corridor}: {count} abducted crews are free again",
                count,
                corridor=name,
                count=count,
            )
        if kind == Kind.INFLOW:
            product, volume = more
            return say(
                "{corridor}: {volume} m³ of {product} come in",
                corridor=name,
                volume=number(volume),
                product=self._product(product),
            )
        if kind == Kind.REACHED:
            values = {"town": self.plan.towns.name[int(more[0])], "corridor": name, "tankers": _tankers(count)}
            if (convoy := self._ends(name, time)) is not None:
                return say("{town} ({corridor}): convoy {convoy} arrives with {tankers}", **values, convoy=convoy)
            return say_counted(
                "{town} ({corridor}): {tankers} arrives", "{town} ({corridor}): {tankers} arrive", count, **values
            )
        place = int(more[0]) if more else 0
        terminal = self.root.terminals[corridor.terminal].town if corridor.terminal else ""
        return say(
            TOGETHER[kind],
            tankers=_tankers(count),
            corridor=name,
            terminal=terminal,
            assembly=corridor.assembly,
            town=self.plan.towns.name[place] if kind == Kind.ORDERED else "",
            product=self._product(place) if kind == Kind.LOADED else "",
        )

    def _product(self, place: float) -> str:
        return say(self.plan.products.name[int(place)])

    def _departs(self, name: str, count: int, convoy: int) -> str:
        assembly = self.root.corridors[name].assembly
        if convoy < 0:
            return say_counted(
                "{assembly} ({corridor}): {tankers} leaves without escort",
                "{assembly} ({corridor}): {tankers} leave, each by itself, without escort",
                count,
                assembly=assembly,
                corridor=name,
                tankers=_tankers(count),
            )
        row = self._convoys[convoy]
        text = say(
            "{assembly} ({corridor}): convoy {convoy} leaves, {tankers} {escort}",
            assembly=assembly,
            corridor=name,
            convoy=convoy,
            tankers=_tankers(row["tankers"]),
            escort=self._escort(row["escort"]),
        )
        if not row["short"]:
            return text
        if self.root.record:
            return say("{convoy}; on record it had {count} more", convoy=text, count=row["short"])
        return say("{convoy}; as listed it has {count} more", convoy=text, count=row["short"])

    def _ends(self, corridor: str, time: float) -> int | None:
        """Return the convoy, of more than one tanker, that reached its last stop then; None if it cannot be told."""
        there = self._ended.get((corridor, _near(time)), [])
        return there[0] if len(there) == 1 and self._convoys[there[0]]["tankers"] > 1 else None

    def _of_pool(self, kind: Kind, name: str, unit: int, until: float) -> str:
        if kind == Kind.UNIT_OUT:
            return say("unit {unit} of {pool} leaves with a convoy", unit=unit + 1, pool=name)
        moment = moment_of(self.start, until)
        return say(
            "unit {unit} of {pool}: duty ended, free again on {date} {hour}",
            unit=unit + 1,
            pool=name,
            date=short_date(moment),
            hour=f"{moment:%H:%M}",
        )

    def _of_town(self, kind: Kind, entity: int, name: str, count: int, time: float, more: Sequence[Any]) -> str | None:
        if kind == Kind.DRY:
            if time % 24.0 == 0.0:
                return None  # closed by a rule, or its stock set by hand
            first = (entity, more[0]) not in self._dry
            self._dry.add((entity, more[0]))
            if not first:
                return None
            return say_counted(
                "{town}: the first station runs out of {product}",
                "{town}: the first {count} stations run out of {product}",
                count,
                town=name,
                count=count,
                product=self._product(more[0]),
            )
        if kind == Kind.LOT:
            return None
        thing, volume = more
        if kind == Kind.QUEUE_ENDS:
            return say("{town}: nobody queues for {product} any more", town=name, product=self._product(thing))
        if not volume:
            return None
        if kind == Kind.USED:
            user, drawn = say(self.plan.users.name[thing]), number(volume)
            return say("{town}: {user} draws {volume} m³", town=name, user=user, volume=drawn)
        values = {"town": name, "product": self._product(thing), "volume": number(volume)}
        match kind:
            case Kind.ALLOTTED:
                return say("{town}: stations are allotted {volume} m³ of {product}", **values)
            case Kind.WANTED:
                values["volume"] = number(volume * 24.0)
                return say("{town}: {volume} m³ of {product} are wanted today", **values)
            case _:
                return say("{town}: stock of {product} set to {volume} m³", **values)

    def _meets(self, time: float, meeting: int, sent_back: int) -> Line:
        """Return the line of a party's meeting with an ambush or a roadblock."""
        row = self._met[meeting]
        road = self.root.roads[self.plan.roads.name[row["road"]]]
        if row["size"] > 1:
            party = say("convoy {convoy} of {tankers}", convoy=row["convoy"], tankers=_tankers(row["size"]))
        else:
            party = say("a tanker")
        kind, outcome = KINDS[row["kind"]], OUTCOMES[row["outcome"]]
        thing = say("a mine") if kind == "mine" else say("an ambush")
        if outcome == "stopped":
            through = row["size"] - row["lost"] - sent_back
            text = say(
                "a roadblock stops {party}: {fates}{crews}",
                party=party,
                fates=", ".join(_fates(row["size"], row["lost"], sent_back, through)),
                crews=_crews(row),
            )
        elif outcome == "sprung":
            values = {"party": party, "losses": self._losses(row)}
            if kind == "mine":
                text = say("{party} hits a mine: {losses}", **values)
            elif kind != "replayed":
                text = say("{party} is ambushed: {losses}", **values)
            elif self._on_record(row["road"]):
                text = say("{party} is attacked as on record: {losses}", **values)
            else:
                text = say("{party} is attacked as imposed: {losses}", **values)
            if self._turns(row["convoy"], meeting):
                text = say("{attack}; it turns back", attack=text)
        elif outcome == "detected":
            text = say("{party} finds {ambush} in time, and halts", party=party, ambush=thing)
        elif outcome == "deterred":
            text = say("{ambush} does not dare to attack {party}", party=party, ambush=thing)
        else:
            text = say("{ambush} lets {party} pass", party=party, ambush=thing)
        text = say("{road}: {text}", road=f"{road.from_}–{road.to}", text=text)
        return Line(time, "attacks", frozenset((road.from_, road.to)), text)

    def _losses(self, row: dict[str, Any]) -> str:
        """Return what a party lost in an attack."""
        lost = say_counted("{count} lost", "{count} lost", row["lost"], count=row["lost"])
        parts = [lost if row["lost"] else say("none lost")]
        if row["knocked_out"]:
            units = counted(str(row["knocked_out"]), "escort unit")
            parts.append(say("{units} out of action", units=units))
        return f"{parts[0]}{_crews(row)}{''.join(f', {part}' for part in parts[1:])}"

    def _on_record(self, road: int) -> bool:
        """Say of an imposed attack whether it is one on record, which no attack of a what-if or an assumption is."""
        name, attacks = self.plan.roads.name[road], self.root.attacks.replayed.values()
        sources = [attack.at.source for attack in attacks if attack.road == name]
        return self.root.record and all(source not in (None, ASSUMPTION) for source in sources)

    def _escort(self, bits: int) -> str:
        ground = {
            NATIONAL: say("national troops"),
            FOREIGN: say("foreign troops"),
            NATIONAL | FOREIGN: say("national and foreign troops"),
        }.get(bits & (NATIONAL | FOREIGN))
        parts = [ground] * (ground is not None) + [say("air cover")] * bool(bits & AIR)
        known = enumerate(components_of(self.root.escorts).items())
        parts += [say(component.label) for k, (name, component) in known if bits >> k & 1 and name not in BUILT_IN]
        return say("with {escort}", escort=listed([*filter(None, parts)])) if parts else say("without escort")

    def _turns(self, convoy: int, meeting: int) -> bool:
        """Say whether a meeting is the one after which a convoy turned back."""
        row = self._convoys.get(convoy)  # it is not there if it left before the first day
        return row is not None and bool(row["turned_back"]) and self._last_loss.get(convoy) == meeting

    def _willing(self, time: float, shares: dict[str, float]) -> Line:
        crews = ", ".join(f"{name} {percent(share)}" for name, share in sorted(shares.items()))
        places = frozenset(place for name in shares for place in self._places(name))
        return Line(time, "crews", places, say("crews that would join a convoy: {shares}", shares=crews))

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
    killed, abducted = row["killed"], row["abducted"]
    parts = []
    if killed:
        parts.append(say_counted("{count} crew killed", "{count} crews killed", killed, count=killed))
    if abducted:
        parts.append(say_counted("{count} crew abducted", "{count} crews abducted", abducted, count=abducted))
    return "".join(f", {part}" for part in parts)


def _fates(size: int, taken: int, sent_back: int, through: int) -> Iterator[str]:
    """Iterate over what a roadblock does with the tankers of a party."""
    if size == 1:
        yield say("it is taken") if taken else say("it is sent back") if sent_back else say("it is let through")
        return
    if taken:
        yield say_counted("{count} taken", "{count} taken", taken, count=taken)
    if sent_back:
        yield say_counted("{count} sent back", "{count} sent back", sent_back, count=sent_back)
    if through:
        yield say_counted("{count} let through", "{count} let through", through, count=through)


def moment_of(start: datetime, hours: float) -> datetime:
    """Return a moment of the run to the minute."""
    return start + timedelta(minutes=int(hours * 60.0 + 1e-6))
