"""Ambushes: when they are laid, and what happens when a convoy meets one."""

from __future__ import annotations

from sim.errors import ModelError
from sim.fast.adaptation import declared, effort, zone_of
from sim.fast.agenda import WHAT, call
from sim.fast.compiled import Reals, Words, compiled, rule
from sim.fast.crews import frighten, lose_crew
from sim.fast.draws import uniform
from sim.fast.escort import flies, knock_out
from sim.fast.layout import (
    ADAPTIVE,
    ATTACKS,
    CANDIDATE,
    CONSUMERS,
    CONVOY,
    CREWS,
    DRIVING,
    FLEET,
    FORCE,
    HEAD,
    KIND,
    LINE,
    MEETING,
    PROTECTION,
    RANK,
    STREAM,
    TANKER,
    UNIT,
    ZONE,
)
from sim.fast.memory import at, index, new, note
from sim.fast.pointers import stretch
from sim.fast.sort import scratch
from sim.plan.sections import AIR, IMPORT
from sim.rules import crews, encounter, road, sharing, steps
from sim.rules.crews import ABDUCTED, KILLED
from sim.rules.encounter import DETECTED, GROUND, SPRUNG
from sim.world.tape import AMBUSH, IMPOSED, MINE

day_of, whole, is_day = rule(steps.day_of), rule(steps.whole), rule(road.is_day)
interest = rule(encounter.interest)
cover, loss_ratio, stages = rule(encounter.cover), rule(encounter.loss_ratio), rule(encounter.stages)
mean_loss, negative_binomial = rule(encounter.mean_loss), rule(encounter.negative_binomial)
fate, next_least = rule(crews.fate), rule(sharing.next_least)
outcome, turns_back = rule(encounter.outcome), rule(encounter.turns_back)
KINDS = (KIND.DETECTED, KIND.DETERRED, KIND.SPRUNG, KIND.LET_PASS)


@compiled
def await_next(f: Reals, n: Words) -> None:
    """Wait for the time of the tape's next candidate."""
    if n[HEAD.tape_next] < n[HEAD.tape_count]:
        candidate = n[n[HEAD.tape] + n[HEAD.tape_next]]
        n[HEAD.tape_next] += 1
        call(f, n, f[candidate + CANDIDATE.time], RANK.AMBUSH, n[candidate + CANDIDATE.entity], WHAT.AMBUSH, candidate)


@compiled
def lay(f: Reals, n: Words, candidate: int) -> None:
    """Lay a candidate if it falls under the intensity of its moment."""
    if n[candidate + CANDIDATE.kind] == IMPOSED or _under_intensity(f, n, candidate):
        n[candidate + CANDIDATE.armed] = 1
        n[HEAD.laid] += 1
        note(f, n, f[HEAD.now], KIND.LAID, n[candidate + CANDIDATE.entity], n[candidate + CANDIDATE.serial], 0.0)


@compiled
def _under_intensity(f: Reals, n: Words, candidate: int) -> bool:
    number = n[candidate + CANDIDATE.zone]
    zone = zone_of(n, number)
    time = f[candidate + CANDIDATE.time]
    is_mine = n[candidate + CANDIDATE.kind] == MINE
    intensity = at(f, n, zone + ZONE.mines, time) if is_mine else declared(f, n, number, time)
    if intensity > f[zone + ZONE.ceiling]:
        raise ModelError("effort is above the ceiling of the tape")
    if n[ADAPTIVE.on] != 0 and not is_mine:
        intensity = effort(f, n, number, time)
    return f[candidate + CANDIDATE.height] * f[zone + ZONE.ceiling] < intensity


@compiled
def present(f: Reals, n: Words, convoy: int, time: float) -> int:
    """Return the components that protect a convoy at a time: air cover only if it flies, and by day."""
    escort = n[convoy + CONVOY.escort_left]
    if escort & AIR == 0:
        return escort
    fly = n[convoy + CONVOY.beside] & AIR != 0
    day = day_of(time)
    for k in range(n[convoy + CONVOY.units_count]):
        unit = n[n[convoy + CONVOY.units] + k]
        if n[n[unit + UNIT.pool] + FORCE.component] == AIR and flies(f, n, unit, day):
            fly = True
            break
    return cover(fly, escort, is_day(time, f[DRIVING.day_from], f[DRIVING.day_to]))


@compiled
def meet(f: Reals, n: Words, convoy: int, candidate: int) -> float:
    """Resolve the meeting of a party and a candidate; return the hours it costs the party."""
    armed = n[candidate + CANDIDATE.armed]
    if armed == 0 or n[convoy + CONVOY.count] < f[candidate + CANDIDATE.smallest]:
        return 0.0
    ordinal = armed - 1
    n[candidate + CANDIDATE.armed] = armed + 1
    if n[candidate + CANDIDATE.met] == 0:
        n[candidate + CANDIDATE.met] = 1
        n[HEAD.met] += 1
    escort = present(f, n, convoy, f[HEAD.now])
    ratio = loss_ratio(escort, f[PROTECTION.ratio_none], f[PROTECTION.ratio_foreign], f[PROTECTION.ratio_air])
    detects, deters, damage = stages(
        ratio,
        f[PROTECTION.detection],
        f[PROTECTION.deterrence],
        f[PROTECTION.split_detection],
        f[PROTECTION.split_deterrence],
        f[PROTECTION.split_damage],
    )
    kind, entity = n[candidate + CANDIDATE.kind], n[candidate + CANDIDATE.entity]
    mark = index(n[candidate + CANDIDATE.serial], ordinal)
    came = outcome(
        uniform(n, STREAM.PREY, entity, mark),
        uniform(n, STREAM.DETECTION, entity, mark),
        uniform(n, STREAM.DETERRENCE, entity, mark),
        interest(n[convoy + CONVOY.count], f[ATTACKS.prey]),
        detects,
        deters,
        kind == AMBUSH,
        kind == IMPOSED,
    )
    if came in (DETECTED, SPRUNG):
        n[candidate + CANDIDATE.armed] = 0
    if came == SPRUNG:
        _attack(f, n, convoy, candidate, ordinal, escort, damage)
        return f[DRIVING.regroup]
    _write(f, n, convoy, candidate, ordinal, escort, came, 0, 0, 0, 0)
    return f[DRIVING.halt] if came == DETECTED else 0.0


@compiled
def _attack(f: Reals, n: Words, convoy: int, candidate: int, ordinal: int, escort: int, damage: float) -> None:
    size, column = n[convoy + CONVOY.count], n[convoy + CONVOY.column]
    kind, entity = n[candidate + CANDIDATE.kind], n[candidate + CANDIDATE.entity]
    serial = n[candidate + CANDIDATE.serial]
    if kind == MINE:
        lost = 1
    elif kind == IMPOSED:
        lost = min(size, whole(f[candidate + CANDIDATE.lost]))
    else:
        mean = mean_loss(f[ATTACKS.damage], size, f[ATTACKS.exponent], damage)
        lost = negative_binomial(uniform(n, STREAM.DAMAGE, entity, index(serial, 0)), mean, f[ATTACKS.shape], size)
    _choose_victims(f, n, column, size, entity, serial, lost)
    killed, abducted = 0, 0
    stay = 0
    for place in range(size):
        tanker = n[column + place]
        if n[tanker + TANKER.left] == 0:
            n[column + stay] = tanker
            stay += 1
            continue
        n[tanker + TANKER.left] = 0
        mark = uniform(n, STREAM.CREW, entity, index(serial, place))
        crew = fate(mark, f[CREWS.killed], f[CREWS.abducted])
        killed += 1 if crew == KILLED else 0
        abducted += 1 if crew == ABDUCTED else 0
        lose(f, n, tanker, crew == KILLED, crew == ABDUCTED)
    n[convoy + CONVOY.count] = stay
    n[convoy + CONVOY.lost] += lost
    n[convoy + CONVOY.attacked] = 1
    knocked = 0
    if kind != MINE:
        knocked = _fight(f, n, convoy, entity, serial)
        if n[ADAPTIVE.on] != 0:
            n[HEAD.fights] += 1
    _write(f, n, convoy, candidate, ordinal, escort, SPRUNG, lost, killed, abducted, knocked)
    hear_of(f, n, n[convoy + CONVOY.line], lost)
    if stay > 0 and turns_back(lost, size, f[DRIVING.turn_back]):
        n[convoy + CONVOY.turned_back] = 1


@compiled
def _choose_victims(f: Reals, n: Words, column: int, size: int, entity: int, serial: int, lost: int) -> None:
    """Mark as left the tankers at the places in the column with the smallest marks."""
    if lost == 0:
        return
    marks = scratch(n, size)
    for place in range(size):
        f[marks + place] = uniform(n, STREAM.VICTIM, entity, index(serial, place))
    last = -1
    for _ in range(min(lost, size)):
        last = next_least(stretch(f, marks, size), last)
        n[n[column + last] + TANKER.left] = 1


@compiled
def lose(f: Reals, n: Words, tanker: int, killed: bool, abducted: bool) -> None:
    """Lose a tanker and its load."""
    line, home, product = n[tanker + TANKER.line], n[tanker + TANKER.home], n[tanker + TANKER.product]
    n[tanker + TANKER.laden] = 0
    f[n[HEAD.gone] + product] += f[FLEET.load]
    n[n[HEAD.bound] + n[tanker + TANKER.destination] * n[HEAD.products_count] + product] -= 1
    n[line + LINE.lost] += 1
    if line != home:
        n[home + LINE.away] -= 1
    lose_crew(f, n, line, killed, abducted)
    note(f, n, f[HEAD.now], KIND.LOST, n[line + LINE.entity], n[tanker + TANKER.serial], float(product))


@compiled
def _fight(f: Reals, n: Words, convoy: int, entity: int, serial: int) -> int:
    """Ground units have fought; some are knocked out. Return how many."""
    knocked = 0
    units = n[convoy + CONVOY.units]
    left, stay = 0, 0
    for k in range(n[convoy + CONVOY.units_count]):
        unit = n[units + k]
        component = n[n[unit + UNIT.pool] + FORCE.component]
        if component & GROUND != 0:
            n[unit + UNIT.fought] = 1
            if uniform(n, STREAM.KNOCKOUT, entity, index(serial, component)) < f[ATTACKS.knocked_out]:
                knock_out(f, n, unit, f[HEAD.now])
                knocked += 1
                continue
        n[units + stay] = unit
        stay += 1
        left |= component
    if knocked > 0:
        n[convoy + CONVOY.units_count] = stay
        n[convoy + CONVOY.escort_left] &= left | n[convoy + CONVOY.beside]
    return knocked


@compiled
def hear_of(f: Reals, n: Words, line: int, lost: int) -> None:
    """Let crews and consumers learn of a loss."""
    if lost == 0:
        return
    frighten(f, n, line, lost, 1.0)
    for c in range(n[HEAD.corridors_count]):
        other = n[HEAD.lines] + c * LINE.words
        if other != line and n[other + LINE.kind] == IMPORT:
            frighten(f, n, other, lost, f[CREWS.spill])
    if lost >= f[CONSUMERS.news]:
        f[HEAD.last_news] = f[HEAD.now]


@compiled
def _write(
    f: Reals,
    n: Words,
    convoy: int,
    candidate: int,
    ordinal: int,
    escort: int,
    outcome: int,
    lost: int,
    killed: int,
    abducted: int,
    knocked: int,
) -> None:
    """Note the outcome of a meeting."""
    now = f[HEAD.now]
    kind = KINDS[outcome]
    note(f, n, now, kind, n[candidate + CANDIDATE.entity], n[candidate + CANDIDATE.serial], float(lost))
    row = new_meeting(f, n, convoy, n[candidate + CANDIDATE.road], n[candidate + CANDIDATE.kind], outcome, lost)
    n[row + MEETING.ordinal] = ordinal
    n[row + MEETING.escort] = escort
    n[row + MEETING.size] = n[convoy + CONVOY.count] + lost
    n[row + MEETING.killed] = killed
    n[row + MEETING.abducted] = abducted
    n[row + MEETING.knocked_out] = knocked


@compiled
def new_meeting(f: Reals, n: Words, convoy: int, road: int, kind: int, outcome: int, lost: int) -> int:
    """Return a new row of the encounters."""
    row = new(n, MEETING.words)
    if n[HEAD.encounters] == 0:
        n[HEAD.encounters] = row
    else:
        n[n[HEAD.last_encounter] + MEETING.next] = row
    n[HEAD.last_encounter] = row
    n[HEAD.encounters_count] += 1
    f[row + MEETING.time] = f[HEAD.now]
    n[row + MEETING.convoy] = n[convoy + CONVOY.number]
    n[row + MEETING.corridor] = n[n[convoy + CONVOY.line] + LINE.number]
    n[row + MEETING.road] = road
    n[row + MEETING.kind] = kind
    n[row + MEETING.outcome] = outcome
    n[row + MEETING.lost] = lost
    return row
