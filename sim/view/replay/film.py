"""A film: what the player shows of one replication, in whole minutes, tankers, cubic metres and thousandths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import FastError
from sim.plan.plan import Plan
from sim.record import ROADBLOCK, Kind, Record
from sim.results.daily import Daily
from sim.rules.encounter import DETECTED, DETERRED, LET_PASS, SPRUNG
from sim.rules.steps import DAY
from sim.study.replicate import simulate
from sim.view.replay.ground import Ground
from sim.view.replay.packing import packed, steps
from sim.view.replay.trips import Meeting, Trip, meetings, trips
from sim.world.keys import Draws
from sim.world.nature import nature
from sim.world.tape import unroll

MINUTES = 60
HIT, BLOCKED, SEEN, SCARED, PASSED = range(5)
"""What a party met: an attack, a roadblock; an ambush that it saw in time, that was called off, that let it pass."""
MET = {SPRUNG: HIT, DETECTED: SEEN, DETERRED: SCARED, LET_PASS: PASSED}
BACK, ROAD, AIR = 1, 2, 4
"""Of a party: whether it turned back, whether escorts by road, by air, go with it; 8: it stands at night; 16: lost."""
NIGHT, ENDED = 8, 16


@dataclass
class Film:
    """One replication of one alternative.

    Attributes
    ----------
    columns
        Columns of whole numbers by name, see `film`.
    daylight
        First and last minute of the day between which those who stand at night drive.
    towns
        Places of the ground of the towns that need fuel, in the order of the columns by day and town.
    trips, record
        Its parties, and what the replication left.
    """

    columns: Mapping[str, Any]
    daylight: tuple[int, int]
    towns: list[int]
    trips: Sequence[Trip] = field(repr=False)
    record: Record = field(repr=False)

    @cached_property
    def log(self) -> NDArray[np.float64]:
        """The event log in a canonical order, shape (events, 5), by which two films of a replication are compared."""
        log = np.column_stack([self.record.log[name] for name in ("time", "kind", "entity", "serial", "value")])
        return log[np.lexsort(log.T[::-1])].astype(float)

    @property
    def laid(self) -> list[list[int]]:
        """Road, first and last minute of the ambushes laid."""
        return [self.columns[name].tolist() for name in ("laid_road", "laid_from", "laid_until")]

    def data(self) -> dict[str, Any]:
        """Return the film as JSON."""
        return {**packed(self.columns), "daylight": self.daylight, "towns": self.towns}


def film(plan: Plan, ground: Ground, seed: int, replication: int, *, central: bool = False) -> Film:
    """Run a replication again and return its film.

    Its columns are, for parties in order of departure: ``departed`` (minutes, steps), ``route`` (of the ground),
    ``tankers``, ``bits``, ``roads`` (how many it drove, also in part), ``legs`` (minutes on each of them, party by
    party); ``met`` party, minute (steps), what, tankers lost and sent back; ``drop`` party, minute and tankers that
    leave it before its last town; ``wait`` hour (steps), place and tankers there from then on; ``laid`` road, first
    and last minute of each ambush of the tape that was laid; by day and town ``open`` (thousandths of stations with
    the lead product), ``stock`` (m3 of it in depot and stations at the day's end), ``depot`` (m3 of that in the depot),
    ``cover`` (tenths of days of its use there); by day ``left``, ``arrived``, ``lost``, tankers.  Who left before the
    scenario's start is in these and in what is met alone, as the party after the last.
    """
    given = nature(plan, seed, replication, central=central)
    try:
        record = simulate(plan, seed, replication, central=central, log=True, engine="fast")
    except FastError:  # what the compiled engine has no room for, SimPy does alike
        record = simulate(plan, seed, replication, central=central, log=True, engine="simpy")
    parties = [*trips(record, given)]
    columns = _parties(record, ground, parties)
    columns |= _waiting(record, ground)
    columns |= _laid(record, ground, given.draws)
    columns |= _towns(record) | _days(record)
    driving = record.plan.driving
    towns = [ground.places[record.plan.towns.name[place]].number for place in Daily(record).places]
    daylight = minute(driving.day_from), minute(driving.day_to)
    return Film(columns, daylight, towns, parties, record)


def minute(hours: float) -> int:
    """Return a time in whole minutes."""
    return int(np.floor(hours * MINUTES + 1e-6))


def parting(first: Film, second: Film) -> int | None:
    """Return the minute at which two films of one replication part; None if they do not.

    They do by the first event that is not in both, or with the first day on which a town's stations or stock differ, if
    that is over earlier.
    """
    count = min(len(first.log), len(second.log))
    differ = np.nonzero((first.log[:count] != second.log[:count]).any(axis=1))[0]
    moments = []
    if len(differ) or len(first.log) != len(second.log):
        place = int(differ[0]) if len(differ) else count
        moments.append(minute(min(float(each.log[place, 0]) for each in (first, second) if place < len(each.log))))
    day = min(_other_day(first, second, name) for name in ("open", "stock", "cover"))
    if day < first.record.plan.days and not any(moment < (day + 1) * DAY * MINUTES for moment in moments):
        moments.append(minute(day * DAY))
    return min(moments, default=None)


def _other_day(first: Film, second: Film, name: str) -> int:
    """Return the first day on which a column by day and town differs; the day after the last if none does."""
    days = first.record.plan.days
    if first.towns != second.towns:
        return 0
    differ = (np.ravel(first.columns[name]) != np.ravel(second.columns[name])).reshape(days, -1).any(axis=1)
    return int(np.argmax(differ)) if differ.any() else days


def _parties(record: Record, ground: Ground, parties: Sequence[Trip]) -> dict[str, Any]:
    plan = record.plan
    routes = [ground.route(plan, corridor) for corridor in range(len(plan.corridors.name))]
    by_air = sum(1 << k for k in range(len(plan.protection.name))) & ~plan.protection.ground
    legs, met, drops, bits, roads = [], [], [], [], []
    known = {trip.convoy for trip in parties}
    earlier = [meeting for convoy, meeting in meetings(record) if convoy not in known]
    met += [_met(ground, plan, len(parties), meeting) for meeting in earlier]
    for place, trip in enumerate(parties):
        times = [minute(time) for time in trip.times]
        legs += [after - before for before, after in pairwise(times)]
        roads.append(len(times) - 1)
        bits.append(
            BACK * trip.turned
            + ROAD * bool(trip.escort & plan.protection.ground)
            + AIR * bool(trip.escort & by_air)
            + NIGHT * trip.halts
            + ENDED * trip.ended
        )
        met += [_met(ground, plan, place, meeting) for meeting in trip.meetings]
        ends = trip.drops if trip.ended or trip.turned else trip.drops[:-1]
        drops += [(place, times[k + 1], count) for k, count in enumerate(ends) if count]
    met.sort()
    table = np.array(met, dtype=np.int64).reshape(-1, 6).T
    drop = np.array(drops, dtype=np.int64).reshape(-1, 3).T
    return {
        "departed": steps([minute(trip.times[0]) for trip in parties]),
        "route": [ground.number(routes[trip.corridor]) for trip in parties],
        "tankers": [trip.tankers for trip in parties],
        "bits": bits,
        "roads": roads,
        "legs": legs,
        "met_minute": steps(table[0]),
        **{f"met_{name}": table[k] for k, name in ((1, "party"), (2, "what"), (3, "lost"), (4, "back"), (5, "road"))},
        **{f"drop_{name}": drop[k] for k, name in enumerate(("party", "minute", "tankers"))},
    }


def _met(ground: Ground, plan: Plan, party: int, meeting: Meeting) -> tuple[int, ...]:
    """Return the row of a meeting: minute, party, what, tankers lost and sent back, road."""
    what = BLOCKED if meeting.kind == ROADBLOCK else MET[meeting.outcome]
    road = ground.roads[plan.roads.name[meeting.road]].number
    return minute(meeting.time), party, what, meeting.lost, meeting.sent_back, road


def _waiting(record: Record, ground: Ground) -> dict[str, Any]:
    """Return how many tankers wait at each assembly point, hour by hour where that changes."""
    plan, log = record.plan, record.log
    corridors, hours = plan.corridors, int(plan.days * DAY)
    entities = np.array(corridors.entity)
    order = np.argsort(entities)
    points = sorted({point for point in corridors.assembly if point >= 0})
    changes = np.zeros((len(points), hours + 1), np.int64)
    rows = np.isin(log["kind"], (Kind.READY, Kind.DEPARTED))
    times = log["time"][rows]
    corridor = order[np.searchsorted(entities, log["entity"][rows], sorter=order)]
    queue = np.searchsorted(points, np.array(corridors.assembly)[corridor])
    change = np.where(log["kind"][rows] == Kind.READY, 1, -log["value"][rows]).astype(np.int64)
    np.add.at(changes, (queue, np.minimum(hours, np.ceil(times - 1e-9)).astype(np.int64)), change)
    exact = np.bincount(queue, change * np.maximum(DAY - times, 0.0) / DAY, len(points))
    flows = record.flows
    causes = ("waiting_closed", "waiting_refusal", "waiting_escort", "waiting_rule")
    first = len(flows["day"]) // plan.days
    waited = np.sum([flows[cause][:first] for cause in causes], axis=0)
    places: dict[int, NDArray[np.int64]] = {}
    for row, point in enumerate(points):
        ours = [k for k in range(len(corridors.name)) if corridors.assembly[k] == point]
        days = sum(float(waited[flows["corridor"][:first].tolist().index(k)]) for k in ours)
        # Who waited when the scenario began is not in the log: as many as the tanker-days of its first day lack.
        before = max(0, round(days - exact[row]))
        counts = before + np.cumsum(changes[row])
        place = ground.places[ground.route(plan, ours[0]).nodes[0]].number
        places[place] = places.get(place, np.zeros(hours + 1, np.int64)) + counts
    entries = []
    for place, counts in places.items():
        turns = np.nonzero(np.diff(counts, prepend=-1))[0]
        entries += [(int(hour), place, int(counts[hour])) for hour in turns]
    entries.sort()
    table = np.array(entries, dtype=np.int64).reshape(-1, 3).T
    return {"wait_hour": steps(table[0]), "wait_place": table[1], "wait_tankers": np.maximum(table[2], 0)}


def _laid(record: Record, ground: Ground, draws: Draws) -> dict[str, Any]:
    """Return the ambushes that were laid, by road, and from when to when they were meant to stay."""
    log = record.log
    rows = log["kind"] == Kind.LAID
    laid = set(zip(log["entity"][rows].tolist(), log["serial"][rows].tolist(), strict=True))
    begin, horizon, names = record.plan.begin, record.plan.horizon, record.plan.roads.name
    table = [
        (ground.roads[names[each.road]].number, minute(each.time - begin), minute(min(each.end, horizon) - begin))
        for each in unroll(record.plan, draws).candidates
        if (each.entity, each.serial) in laid
    ]
    columns = np.array(table, dtype=np.int64).reshape(-1, 3).T
    return dict(zip(("laid_road", "laid_from", "laid_until"), columns, strict=True))


def _days(record: Record) -> dict[str, Any]:
    """Return the tankers that left, arrived and were lost on each day, from the log."""
    log, days = record.log, record.plan.days

    def by_day(kind: Kind, weights: NDArray[np.float64] | None = None) -> NDArray[Any]:
        rows = log["kind"] == kind
        day = np.minimum(log["time"][rows] // DAY, days - 1).astype(np.int64)
        return np.bincount(day, None if weights is None else weights[rows], days)

    return {"left": by_day(Kind.DEPARTED, log["value"]), "arrived": by_day(Kind.REACHED), "lost": by_day(Kind.LOST)}


def _towns(record: Record) -> dict[str, Any]:
    """Return what stands at the towns at the end of each day, days first: all of the lead product."""
    daily = Daily(record)
    lead = daily.products.index(record.plan.lead)
    share, depot, stations, need = (
        daily.towns(name)[:, :, lead] for name in ("open_share", "stock", "station_stock", "need")
    )
    stock = depot + stations
    cover = np.divide(stock, need, out=np.full(stock.shape, np.inf), where=need > 0.0)
    return {
        "open": np.rint(1000.0 * share),
        "stock": np.rint(stock),
        "depot": np.rint(depot),
        "cover": np.rint(10.0 * np.minimum(cover, 1000.0)),
    }
