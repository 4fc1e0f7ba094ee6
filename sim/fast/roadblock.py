"""Roadblocks: they hold a road against whoever comes without soldiers."""

from __future__ import annotations

import math

from sim.fast.agenda import WHAT, call
from sim.fast.ambush import hear_of, lose, new_meeting
from sim.fast.compiled import Reals, Words, compiled, rule
from sim.fast.draws import uniform
from sim.fast.layout import CONVOY, HEAD, KIND, LINE, MEETING, RANK, ROAD, ROADBLOCKS, STREAM, TANKER, ZONE
from sim.fast.memory import at, index, note
from sim.record import OUTCOMES, ROADBLOCK
from sim.rules import roadblock
from sim.rules.encounter import GROUND
from sim.rules.roadblock import MOST_ATTEMPTS, TAKEN, TURNED_BACK

gap_of, place_of, rest_of = rule(roadblock.gap), rule(roadblock.place), rule(roadblock.rest)
fate_of = rule(roadblock.fate)
STOPPED = OUTCOMES.index("stopped")


@compiled
def enter(f: Reals, n: Words, convoy: int, road: int) -> None:
    """Begin a road, and find out where on it the next roadblock stands."""
    place = n[HEAD.roads] + road * ROAD.words
    zone = n[place + ROAD.zone]
    f[convoy + CONVOY.driven] = 0.0
    f[convoy + CONVOY.length] = f[place + ROAD.length]
    f[convoy + CONVOY.rate] = 0.0
    guarded = n[convoy + CONVOY.escort_left] & GROUND != 0
    if zone >= 0 and not guarded and f[convoy + CONVOY.time] >= f[HEAD.begin]:
        blocks = n[HEAD.zones] + zone * ZONE.words + ZONE.roadblocks
        f[convoy + CONVOY.rate] = at(f, n, blocks, f[convoy + CONVOY.time])
    _find_next(f, n, convoy)


@compiled
def leave_road(f: Reals, n: Words, convoy: int) -> None:
    """Come to the end of the road."""
    rate = f[convoy + CONVOY.rate]
    if rate > 0.0:
        driven = f[convoy + CONVOY.driven]
        f[convoy + CONVOY.gap] = rest_of(f[convoy + CONVOY.gap], rate, f[convoy + CONVOY.length], driven)


@compiled
def stop(f: Reals, n: Words, convoy: int, road: int, time: float) -> None:
    """Let the roadblock stop the party, and find out where the next one stands."""
    column, size = n[convoy + CONVOY.column], n[convoy + CONVOY.count]
    stay, lost, killed = 0, 0, 0
    for k in range(size):
        tanker = n[column + k]
        line, entity = n[tanker + TANKER.line], n[n[tanker + TANKER.home] + LINE.entity]
        mark = _attempt(n, tanker)
        fate = fate_of(uniform(n, STREAM.ROADBLOCK_FATE, entity, mark), f[ROADBLOCKS.taken], f[ROADBLOCKS.turned_back])
        if fate == TAKEN:
            dead = uniform(n, STREAM.ROADBLOCK_CREW, entity, mark) < f[ROADBLOCKS.killed]
            lost += 1
            killed += 1 if dead else 0
            lose(f, n, tanker, dead, not dead)
        elif fate == TURNED_BACK:
            serial = n[tanker + TANKER.serial]
            note(f, n, f[HEAD.now], KIND.TURNED_BACK, n[line + LINE.entity], serial, 0.0)
            home = time + (time - f[convoy + CONVOY.departed])
            call(f, n, home, RANK.TANKER, entity << 16 | serial, WHAT.STAND_BY, tanker)
        else:
            n[column + stay] = tanker
            n[tanker + TANKER.attempts] += 1
            stay += 1
    n[convoy + CONVOY.count] = stay
    n[convoy + CONVOY.lost] += lost
    where = n[n[HEAD.roads] + road * ROAD.words + ROAD.entity]
    note(f, n, time, KIND.ROADBLOCK, where, n[convoy + CONVOY.number], float(lost))
    row = new_meeting(f, n, convoy, road, ROADBLOCK, STOPPED, lost)
    n[row + MEETING.escort] = n[convoy + CONVOY.escort_left]
    n[row + MEETING.size] = size
    n[row + MEETING.killed] = killed
    n[row + MEETING.abducted] = lost - killed
    hear_of(f, n, n[convoy + CONVOY.line], lost)
    f[convoy + CONVOY.driven] = f[convoy + CONVOY.place]
    f[convoy + CONVOY.gap] = math.nan
    _find_next(f, n, convoy)


@compiled
def _find_next(f: Reals, n: Words, convoy: int) -> None:
    """Set where on the road the next roadblock stands, infinite if there is none."""
    rate = f[convoy + CONVOY.rate]
    f[convoy + CONVOY.block] = math.inf
    if rate <= 0.0 or n[convoy + CONVOY.count] == 0:
        return
    if math.isnan(f[convoy + CONVOY.gap]):
        first = n[n[convoy + CONVOY.column]]
        if n[first + TANKER.attempts] > MOST_ATTEMPTS:
            f[convoy + CONVOY.gap] = math.inf
        else:
            entity = n[n[first + TANKER.home] + LINE.entity]
            f[convoy + CONVOY.gap] = gap_of(uniform(n, STREAM.ROADBLOCK_GAP, entity, _attempt(n, first)))
    gap, length = f[convoy + CONVOY.gap], f[convoy + CONVOY.length]
    f[convoy + CONVOY.block] = place_of(gap, rate, length, f[convoy + CONVOY.driven])


@compiled
def _attempt(n: Words, tanker: int) -> int:
    """Return the index of draws that belong to this attempt of this trip."""
    attempts = min(n[tanker + TANKER.attempts], MOST_ATTEMPTS)
    return index(n[tanker + TANKER.serial], n[tanker + TANKER.trips] << 4 | attempts)
