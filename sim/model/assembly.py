"""An assembly point: the queue of laden tankers, and how convoys are formed on the full hour."""

from __future__ import annotations

import math
from bisect import bisect_left, insort
from typing import TYPE_CHECKING

from sim.model.convoy import Convoy
from sim.model.escort import escorts_for, free_escorts
from sim.plan.sections import INLAND
from sim.record import Kind
from sim.rules.road import is_day
from sim.rules.steps import entry, total, whole

if TYPE_CHECKING:
    from sim.model.ambush import Ambushes
    from sim.model.corridor import Corridor, Tanker
    from sim.model.escort import Pool, Unit

Shares = dict[int, float]
"""By corridor, the share of its crews that would drive."""


class AssemblyPoint:
    """Where tankers of one corridor, or of several that begin with the same road, wait for a convoy.

    The queue is kept in order of (ready time, fleet, serial); each corridor keeps the willingness marks of its tankers
    that wait in ascending order, so that the number of the willing is one search.
    """

    def __init__(self, ambushes: Ambushes, pools: list[Pool], corridors: list[Corridor]) -> None:
        self.world, self.ambushes, self.pools, self.corridors = ambushes.world, ambushes, pools, corridors
        for corridor in corridors:
            corridor.stand_by = self.stand_by
        self.entity = corridors[0].entity
        self.regimes = corridors[0].regimes
        self.queue: list[tuple[float, int, int, Tanker]] = []
        self.last_departure = self.last_alone = -math.inf

    @property
    def oldest(self) -> float:
        """Since when the first in the queue waits, infinite if nobody does."""
        return self.queue[0][0] if self.queue else math.inf

    def stand_by(self, tanker: Tanker) -> None:
        """Join the queue; until the next full hour a tanker waits because convoys are formed on the hour."""
        now, corridor = self.world.clock.now, tanker.corridor
        tanker.ready = now
        tanker.inside = corridor.kind == INLAND
        tanker.attempts += 1
        tanker.since = now if tanker.mark < corridor.crews.drives(now, True) else math.inf
        insort(self.queue, (now, tanker.home.entity, tanker.serial, tanker))
        insort(corridor.marks, tanker.mark)
        corridor.rule_hours += math.ceil(now) - now
        self.world.note(Kind.READY, corridor.entity, tanker.serial)

    def think_again(self, now: float) -> None:
        """At midnight, when some crews have new minds: note since when each that waits is willing."""
        shares = self._shares(now, True)
        for _, _, _, tanker in self.queue:
            if not tanker.mark < shares[tanker.corridor.number]:
                tanker.since = math.inf
            elif tanker.since == math.inf:
                tanker.since = now
        for corridor in self.corridors:
            corridor.marks = sorted(e[3].mark for e in self.queue if e[3].corridor is corridor)

    def dispatch(self, now: float) -> None:
        """Form the convoys that may leave at this hour, and count why the others wait."""
        if not self.queue:
            return
        k = entry(self.regimes.start, now)
        leaves, lacks_escort, shares = self._form(now, k)
        while leaves and self.regimes.headway[k] <= 0.0:
            leaves, lacks_escort, shares = self._form(now, k)
        self._trickle(now, k)
        for corridor in self.corridors:
            waiting = len(corridor.marks)
            if not corridor.is_open(now):
                corridor.closed_hours += waiting
                continue
            willing = bisect_left(corridor.marks, shares[corridor.number])
            corridor.refusal_hours += waiting - willing
            if lacks_escort:
                corridor.escort_hours += willing
            else:
                corridor.rule_hours += willing

    def leave_on_record(self, now: float, corridor: Corridor, tankers: int, escort: int) -> int:
        """Let a convoy on record leave by a corridor's roads, willing or not; return how many tankers it lacks."""
        column = [e[3] for e in self.queue if e[3].destination in corridor.stops][:tankers]
        if column:
            units = free_escorts(self.pools, corridor.number, escort, now, [])
            self._depart(now, column, units, corridor, escort, tankers - len(column))
        return tankers - len(column)

    def _form(self, now: float, k: int) -> tuple[bool, bool, Shares]:
        """Let a convoy leave if the regime allows.

        Returns
        -------
        tuple
            Whether one left, whether one is ready but lacks an escort, and the shares of crews that would have driven.
        """
        r = self.regimes
        must = r.must[k]
        shares = self._shares(now, True)
        lead = self._first(shares)
        units: list[Unit] | None = []
        if not must:
            if lead is not None and r.may[k]:
                units = free_escorts(self.pools, lead.corridor.number, r.may[k], now, [])
            if not units:
                shares = self._shares(now, False)
                lead = self._first(shares)
        formed = not must or self.world.plan.convoys.formed
        if lead is None or not formed or not self._enough(now, k, shares, lead):
            return False, False, shares
        if must:
            units = escorts_for(self.pools, lead.corridor.number, must, now)
        if units is None:
            return False, True, shares
        if not self._may_leave(now, k, self.last_departure):
            return False, False, shares
        self.last_departure = now
        if must:
            units += free_escorts(self.pools, lead.corridor.number, r.may[k], now, units)
        self._depart(now, self._column(lead, shares, whole(r.max[k])), units, lead.corridor)
        return True, False, shares

    def _trickle(self, now: float, k: int) -> None:
        """Where an escort is due, let those willing for so long who would drive alone go together without one."""
        r = self.regimes
        if not (r.alone[k] and r.must[k] and self._may_leave(now, k, self.last_alone)):
            return
        shares, until = self._shares(now, False), now - r.patience[k]
        lead = self._first(shares, until)
        if lead is not None:
            self.last_alone = now
            self._depart(now, self._column(lead, shares, len(self.queue), until), [], lead.corridor)

    def _shares(self, now: float, escorted: bool) -> Shares:
        return {c.number: c.crews.drives(now, escorted) if c.is_open(now) else 0.0 for c in self.corridors}

    def _enough(self, now: float, k: int, shares: Shares, lead: Tanker) -> bool:
        """Say whether there are enough willing ones, or the first of them has waited long enough."""
        willing = total(bisect_left(c.marks, shares[c.number]) for c in self.corridors)
        return willing >= whole(self.regimes.min[k]) or now - lead.ready >= self.regimes.longest_wait[k]

    def _may_leave(self, now: float, k: int, last: float) -> bool:
        """Say whether headway since the last departure and daylight allow one now."""
        r, driving = self.regimes, self.world.plan.driving
        return now - last >= r.headway[k] and (not r.daylight[k] or is_day(now, driving.day_from, driving.day_to))

    def _first(self, shares: Shares, until: float = math.inf) -> Tanker | None:
        """Return the first in the queue that would drive and has been willing since a time or longer."""
        for _, _, _, tanker in self.queue:
            if tanker.mark < shares[tanker.corridor.number] and tanker.since <= until:
                return tanker
        return None

    def _column(self, lead: Tanker, shares: Shares, most: int, until: float = math.inf) -> list[Tanker]:
        """Return the first that would drive, of those for towns on the lead's corridor; see `_first`."""
        stops = lead.corridor.stops
        chosen: list[Tanker] = []
        for _, _, _, tanker in self.queue:
            if tanker.destination in stops and tanker.mark < shares[tanker.corridor.number] and tanker.since <= until:
                chosen.append(tanker)
                if len(chosen) == most:
                    break
        return chosen

    def _depart(
        self, now: float, column: list[Tanker], units: list[Unit], by: Corridor, escort: int = 0, short: int = 0
    ) -> None:
        going = set(map(id, column))
        self.queue = [e for e in self.queue if id(e[3]) not in going]
        daylight = self.regimes.daylight[entry(self.regimes.start, now)]
        convoy = Convoy(self.ambushes, by, column, units, daylight, escort, short)
        for tanker in column:
            corridor = tanker.corridor
            tanker.inside = True
            del corridor.marks[bisect_left(corridor.marks, tanker.mark)]
            corridor.departed += 1
            corridor.escorted += convoy.escort != 0
        self.world.clock.process(convoy.drive())
