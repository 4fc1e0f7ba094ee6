"""Idle tankers that go to corridors which lack some."""

from __future__ import annotations

from sim.fast.agenda import WHAT, call
from sim.fast.compiled import Reals, Words, compiled
from sim.fast.corridor import add, is_open, pull_idle
from sim.fast.layout import FLEET, HEAD, KIND, LINE, RANK, TANKER
from sim.fast.memory import note


@compiled
def move_tankers(f: Reals, n: Words, kind: int) -> None:
    """Send idle tankers to corridors of the same kind that lacked tankers today."""
    now = f[HEAD.now]
    corridors = n[HEAD.corridors_count]
    lacks = False
    for c in range(corridors):
        line = n[HEAD.lines] + c * LINE.words
        n[line + LINE.served] = 0
        if n[line + LINE.kind] == kind and n[line + LINE.no_tanker] > 0:
            lacks = True
    if not lacks:
        return
    for _ in range(corridors):
        taker = 0
        for c in range(corridors):
            line = n[HEAD.lines] + c * LINE.words
            is_left = n[line + LINE.kind] == kind and n[line + LINE.served] == 0
            if is_left and (taker == 0 or _first_by(n, line, taker, LINE.no_tanker)):
                taker = line
        if taker == 0:
            return
        n[taker + LINE.served] = 1
        lacking = n[taker + LINE.no_tanker] - n[taker + LINE.coming] if is_open(f, n, taker, now) else 0
        if lacking > 0:
            _lend_to(f, n, taker, kind, lacking)


@compiled
def _lend_to(f: Reals, n: Words, taker: int, kind: int, lacking: int) -> None:
    """Take idle tankers from corridors with the most of them first."""
    corridors = n[HEAD.corridors_count]
    givers = n[HEAD.givers]
    count = 0
    for c in range(corridors):
        line = n[HEAD.lines] + c * LINE.words
        if n[line + LINE.kind] == kind:
            hole = count
            while hole > 0 and _first_by(n, line, n[givers + hole - 1], LINE.idle_count):
                n[givers + hole] = n[givers + hole - 1]
                hole -= 1
            n[givers + hole] = line
            count += 1
    for k in range(count):
        giver = n[givers + k]
        while lacking > 0 and giver != taker and n[giver + LINE.no_tanker] == 0 and n[giver + LINE.crews_free] > 0:
            tanker = _to_spare(f, n, giver, taker)
            if tanker == 0:
                break
            _transfer(f, n, tanker, giver, taker)
            lacking -= 1


@compiled
def _first_by(n: Words, one: int, other: int, field: int) -> bool:
    """Say whether a corridor comes before another: more in a field first, ties by entity."""
    a, b = n[one + field], n[other + field]
    return a > b or (a == b and n[one + LINE.entity] < n[other + LINE.entity])


@compiled
def _to_spare(f: Reals, n: Words, giver: int, taker: int) -> int:
    """Return an idle tanker that may leave a corridor: one that goes home first, then any within the limit; or 0."""
    may_lend = n[giver + LINE.away] + 1 <= n[giver + LINE.fleet] * f[FLEET.moves_share]
    own = n[n[giver + LINE.idle_from] + n[giver + LINE.number]]
    tanker = n[giver + LINE.idle_last]
    if n[n[giver + LINE.idle_from] + n[taker + LINE.number]] > 0:
        while n[tanker + TANKER.home] != taker:
            tanker = n[tanker + TANKER.before]
        return tanker
    if not may_lend:
        if own == n[giver + LINE.idle_count]:
            return 0
        while n[tanker + TANKER.home] == giver:
            tanker = n[tanker + TANKER.before]
    return tanker


@compiled
def _transfer(f: Reals, n: Words, tanker: int, giver: int, taker: int) -> None:
    now = f[HEAD.now]
    pull_idle(n, giver, tanker)
    add(f, n, giver + LINE.waiting_order, now, -1)
    n[giver + LINE.crews_free] -= 1
    n[giver + LINE.crews_tankers] -= 1
    n[taker + LINE.coming] += 1
    home = n[tanker + TANKER.home]
    if home == giver:
        n[home + LINE.away] += 1
    if home == taker:
        n[home + LINE.away] -= 1
    n[tanker + TANKER.line] = taker
    note(f, n, now, KIND.MOVED, n[taker + LINE.entity], n[tanker + TANKER.serial], 0.0)
    key = n[home + LINE.entity] << 16 | n[tanker + TANKER.serial]
    call(f, n, now + f[FLEET.moves_delay], RANK.TANKER, key, WHAT.MOVED, tanker)
