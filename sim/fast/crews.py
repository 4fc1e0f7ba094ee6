"""Crews of a corridor: who is there, who is willing, who is missing."""

from __future__ import annotations

from sim.fast.agenda import WHAT, call
from sim.fast.compiled import Reals, Words, compiled, rule
from sim.fast.draws import uniform
from sim.fast.layout import CREWS, HEAD, KIND, LINE, RANK, STREAM, TANKER
from sim.fast.memory import at, index, note
from sim.rules import crews
from sim.rules.crews import NO_PERIOD
from sim.world import occasions

frightened, recovered, replacements = rule(crews.frightened), rule(crews.recovered), rule(crews.replacements)
occasion_of = rule(occasions.occasion_of)
share_driving, period_at = rule(crews.drives), rule(crews.period)


@compiled
def draw_phases(f: Reals, n: Words) -> None:
    """Draw at which part of a period each tanker's crew stands when the run begins."""
    for k in range(n[HEAD.tankers_count]):
        tanker = n[HEAD.tankers] + k * TANKER.words
        entity = n[n[tanker + TANKER.home] + LINE.entity]
        f[tanker + TANKER.phase] = uniform(n, STREAM.PHASE, entity, index(n[tanker + TANKER.serial], 0))
        n[tanker + TANKER.period] = NO_PERIOD


@compiled
def think_again(f: Reals, n: Words) -> None:
    """At midnight: let the crews whose period is over think again whether they drive."""
    now, resolve = f[HEAD.now] - f[HEAD.begin], f[CREWS.resolve]
    for k in range(n[HEAD.tankers_count]):
        tanker = n[HEAD.tankers] + k * TANKER.words
        period = period_at(now, resolve, f[tanker + TANKER.phase])
        if period != n[tanker + TANKER.period]:
            n[tanker + TANKER.period] = period
            entity = n[n[tanker + TANKER.home] + LINE.entity]
            mark = index(n[tanker + TANKER.serial], occasion_of(period, 0))
            f[tanker + TANKER.mark] = uniform(n, STREAM.RESOLVE, entity, mark)


@compiled
def drives(f: Reals, n: Words, line: int, time: float, escorted: bool) -> float:
    """Return the share of crews that would drive now, with an escort or without."""
    if n[CREWS.on] == 0:
        return 1.0
    return share_driving(joins(f, n, line, time), at(f, n, CREWS.alone, time), escorted)


@compiled
def joins(f: Reals, n: Words, line: int, time: float) -> float:
    """Return the share of crews that would join an escorted convoy now."""
    if n[CREWS.on] == 0:
        return 1.0
    for k in range(n[CREWS.strike_from_count]):
        if f[n[CREWS.strike_from] + k] <= time < f[n[CREWS.strike_to] + k]:
            first = n[n[CREWS.strike_corridors] + 2 * k]
            for c in range(first, first + n[n[CREWS.strike_corridors] + 2 * k + 1]):
                if n[c] == n[line + LINE.number]:
                    return 0.0
    return f[line + LINE.willing]


@compiled
def frighten(f: Reals, n: Words, line: int, lost: int, felt: float) -> None:
    """Let a loss of tankers be felt in full (1) or in part."""
    f[line + LINE.willing] = frightened(f[line + LINE.willing], f[CREWS.fear], float(lost), felt)
    note(f, n, f[HEAD.now], KIND.WILLING, n[line + LINE.entity], 0, f[line + LINE.willing])


@compiled
def threaten(f: Reals, n: Words, line: int, factor: float) -> None:
    """Let a declaration lower willingness."""
    f[line + LINE.willing] = f[line + LINE.willing] * factor
    note(f, n, f[HEAD.now], KIND.WILLING, n[line + LINE.entity], 0, f[line + LINE.willing])


@compiled
def replace_crews(f: Reals, n: Words, line: int) -> None:
    """At midnight: let reluctance fade and missing crews be replaced."""
    f[line + LINE.willing] = recovered(f[line + LINE.willing], f[CREWS.recovery])
    there = n[line + LINE.crews_free] + n[line + LINE.crews_away]
    missing = n[line + LINE.crews_tankers] * f[CREWS.per_tanker] - there
    if missing >= 1.0:
        hired, carried = replacements(missing, f[CREWS.replaced], f[line + LINE.crews_carried])
        f[line + LINE.crews_carried] = carried
        n[line + LINE.crews_free] += hired


@compiled
def lose_crew(f: Reals, n: Words, line: int, killed: bool, abducted: bool) -> None:
    """Lose a tanker; its crew is killed, abducted for a time, or safe."""
    n[line + LINE.crews_away] -= 1
    n[line + LINE.crews_tankers] -= 1
    if abducted and not killed:
        call(f, n, f[HEAD.now] + f[CREWS.freed], RANK.CREWS, n[line + LINE.entity], WHAT.FREED, line)
    elif not killed:
        n[line + LINE.crews_free] += 1


@compiled
def set_free(f: Reals, n: Words, line: int) -> None:
    """Let an abducted crew come back."""
    n[line + LINE.crews_free] += 1
    note(f, n, f[HEAD.now], KIND.CREW_FREED, n[line + LINE.entity], 0, 0.0)
