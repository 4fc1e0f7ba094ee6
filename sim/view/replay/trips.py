"""Each party's way: when it was on which road, from its replication's event log and the rules by which it drove.

The log has when a party left, when and on which road it met an ambush or a roadblock, where it dropped tankers and when
its trip ended.  What lies between, when it came from one road to the next, follows from the rules of both engines:
the pace of the road and day, halts at night, the time that a meeting costs.  Nothing says where on a road a meeting
was: its hours are spread over the road.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import floor
from typing import NamedTuple

import numpy as np

from sim.plan.plan import Plan
from sim.plan.sections import INLAND
from sim.record import OUTCOMES, ROADBLOCK, Kind, Record
from sim.results.events import MET
from sim.rules import encounter
from sim.rules.encounter import DETECTED, SPRUNG
from sim.rules.road import arrival, progress
from sim.rules.steps import DAY, day_of, entry
from sim.world.nature import Nature, day_factors

NEAR = 1e-6
"""Hours by which two ways of computing one moment may differ."""
STOPPED = OUTCOMES.index("stopped")


class Meeting(NamedTuple):
    """What a party met: when (h), on which road, of what kind, what came of it; tankers there, lost and sent back."""

    time: float
    road: int
    kind: int
    outcome: int
    size: int
    lost: int
    knocked: int
    sent_back: int

    @property
    def left(self) -> int:
        """Tankers that are still with the party."""
        return self.size - self.lost - self.sent_back


@dataclass
class Trip:
    """A party's way.

    Attributes
    ----------
    convoy, corridor, tankers, escort
        As in the record; ``corridor`` is an index of the plan, ``escort`` bits of components.
    times
        When it left (h since the scenario's start), and when it came to the end of each road; the last of a party that
        was lost or turned on its way is when that happened.
    halts
        Whether it stood at night.
    meetings
        What it met, in order.
    drops
        Tankers dropped at the end of each road driven.
    turned
        Whether it turned at the last of the times; it is back as long after as it drove.
    ended
        Whether all of it was lost at the last of the times.
    """

    convoy: int
    corridor: int
    tankers: int
    escort: int
    times: list[float]
    halts: bool
    meetings: list[Meeting]
    drops: list[int] = field(default_factory=list)
    turned: bool = False
    ended: bool = False

    @property
    def home(self) -> float:
        """When a party that turned is back."""
        return 2 * self.times[-1] - self.times[0]


def trips(record: Record, given: Nature) -> Iterator[Trip]:
    """Iterate over the parties that left since the scenario's start, in order of departure.

    Parameters
    ----------
    record
        A replication with its event log.
    given
        What it was given: the luck by which the pace of roads changes from day to day.
    """
    plan = record.plan
    road = Road(plan, day_factors(plan, given.draws))
    met: dict[int, list[Meeting]] = {}
    for convoy, meeting in meetings(record):
        met.setdefault(convoy, []).append(meeting)
    dropped = _dropped(record)
    columns = ("convoy", "corridor", "departed", "tankers", "escort", "turned_back", "days")
    for row in zip(*(record.convoys[name].tolist() for name in columns), strict=True):
        convoy, corridor, departed, tankers, escort, turned, days = row
        trip = Trip(convoy, corridor, tankers, escort, [], road.halts(corridor, departed), met.get(convoy, []))
        trip.turned = bool(turned)
        road.drive(trip, departed, departed + DAY * days if days == days else float("nan"))
        _drop(trip, plan, dropped, days == days)
        yield trip


class Road:
    """How parties drive in a replication."""

    def __init__(self, plan: Plan, factors: Sequence[Sequence[float]]) -> None:
        self.plan, self.factors, self.begin = plan, factors, plan.begin
        self.day = plan.driving.day_from, plan.driving.day_to

    def halts(self, corridor: int, departed: float) -> bool:
        """Say whether a party that leaves a corridor's assembly point at a time stands at night."""
        strategy = self.plan.strategy
        regimes = strategy.inland if self.plan.corridors.kind[corridor] == INLAND else strategy.imports
        return regimes.daylight[entry(regimes.start, departed + self.begin)]

    def drive(self, trip: Trip, departed: float, end: float) -> None:
        """Fill in a trip's times; ``end`` is when the record has it end, NaN if it was still on the road.

        Escorts by road that are knocked out leave the party with its own pace from the next road on; which attack took
        the last of them is not on record, but only one lets the trip end when it did.
        """
        knocks = [place for place, meeting in enumerate(trip.meetings) if meeting.knocked]
        best = float("inf")
        for last in (-1, *knocks):
            times, ended, own_end = self._drive(trip, departed, end, last)
            off = abs(own_end - end) if end == end else 0.0
            if off < best:
                best, trip.times, trip.ended = off, times, ended
            if best < NEAR:
                return

    def _drive(self, trip: Trip, departed: float, end: float, last: int) -> tuple[list[float], bool, float]:
        """Return a trip's times, whether it was lost, and its end, if the meeting ``last`` took the last escort."""
        plan, begin = self.plan, self.begin
        cycle = encounter.cycle_factor(trip.escort, plan.protection.cycle)
        guarded = trip.escort & plan.protection.ground != 0
        time, place, times = departed + begin, 0, [departed]
        meetings = trip.meetings
        for road in plan.corridors.roads[trip.corridor]:
            day = day_of(time)
            factors = self.factors[road]
            factor = factors[day] if day < len(factors) else factors[-1]
            fleet, driving = plan.fleet, plan.driving
            pace = progress(plan.roads.pace[road], fleet.driving, driving.escorted, guarded, cycle, factor)
            hours = plan.roads.length[road] / pace
            while place < len(meetings) and meetings[place].road == road:
                meeting = meetings[place]
                reach = meeting.time + begin
                hours = max(0.0, hours - self._driven(time, reach, trip.halts))
                time = reach + self._costs(meeting)
                guarded = guarded and place != last
                place += 1
                if meeting.left == 0:
                    return [*times, meeting.time], True, time - begin
                if trip.turned and place == len(meetings):
                    return [*times, time - begin], False, 2 * (time - begin) - departed
            time = arrival(time, hours, trip.halts, *self.day)
            times.append(time - begin)
            if abs(times[-1] - end) < NEAR or times[-1] > plan.days * DAY:
                break
        return times, False, times[-1]

    def _driven(self, time: float, until: float, halts: bool) -> float:
        """Return the hours of a drive, halts included, that a party has behind it: `arrival`, the other way round."""
        length = self.day[1] - self.day[0]
        if not halts or length <= 0.0:
            return until - time
        return (self._daylight(until) - self._daylight(time)) * DAY / length

    def _daylight(self, time: float) -> float:
        first, last = self.day
        hour = time - DAY * floor(time / DAY)
        return (last - first) * floor(time / DAY) + min(max(hour - first, 0.0), last - first)

    def _costs(self, meeting: Meeting) -> float:
        """Return the hours that a meeting costs a party."""
        if meeting.kind == ROADBLOCK:
            return self.plan.roadblocks.delay
        return {SPRUNG: self.plan.driving.regroup, DETECTED: self.plan.driving.halt}.get(meeting.outcome, 0.0)


def meetings(record: Record) -> Iterator[tuple[int, Meeting]]:
    """Iterate over who met what, in order of time."""
    log, sent, back = record.log, [], 0
    rows = np.isin(log["kind"], (*MET, Kind.TURNED_BACK))
    for kind, value in zip(log["kind"][rows].tolist(), log["value"][rows].tolist(), strict=True):
        if kind in MET:
            sent.append(back)
            back = 0
        elif not value:
            back += 1  # by the roadblock that follows
    columns = ("convoy", "time", "road", "kind", "outcome", "size", "lost", "knocked_out")
    for convoy, *meeting in zip(*(record.encounters[name].tolist() for name in columns), sent, strict=True):
        yield convoy, Meeting(*meeting)


def _dropped(record: Record) -> Counter[tuple[int, int, int]]:
    """Return how many tankers reached a town by a corridor in a minute: by corridor, town and minute."""
    log, corridors = record.log, record.plan.corridors.entity
    rows = log["kind"] == Kind.REACHED
    entities, towns, times = (log[name][rows].tolist() for name in ("entity", "value", "time"))
    return Counter(
        (corridors.index(entity), int(town), _minute(time))
        for entity, town, time in zip(entities, towns, times, strict=True)
    )


def _minute(time: float) -> int:
    return round(time * 60.0)


def _drop(trip: Trip, plan: Plan, dropped: Counter[tuple[int, int, int]], over: bool) -> None:
    """Fill in how many tankers a party dropped at the end of each road; ``over`` says whether its trip has an end."""
    whole = trip.times[1:-1] if trip.ended or trip.turned else trip.times[1:]
    left, place = trip.tankers, 0
    for k, time in enumerate(whole):
        while place < len(trip.meetings) and trip.meetings[place].time <= time:
            left -= trip.meetings[place].size - trip.meetings[place].left
            place += 1
        town = plan.corridors.stops[trip.corridor][k]
        last = over and not trip.ended and not trip.turned and k == len(whole) - 1
        key = None
        if town >= 0:
            minutes = (_minute(time) + off for off in (0, -1, 1))
            key = next((key for at in minutes if dropped[key := (trip.corridor, town, at)]), None)
        count = 0 if key is None else min(left, dropped[key])
        if last:
            count = left
        elif key is not None:
            # Where another came in the same minute: what the party meets later, or where it ends, shows who drove on.
            ahead = trip.meetings[place].size if place < len(trip.meetings) else int(over)
            count = max(0, min(count, left - ahead))
        if key is not None:
            dropped[key] = max(0, dropped[key] - count)
        left -= count
        trip.drops.append(count)
