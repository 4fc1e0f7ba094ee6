"""Ambushes: when they are laid, and what happens when a convoy meets one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import ModelError
from sim.fast.adaptation import declared, effort
from sim.fast.agenda import WHAT, call
from sim.fast.compiled import compile_all
from sim.fast.crews import frighten, lose_crew
from sim.fast.draws import uniform
from sim.fast.escort import flies, knock_out
from sim.fast.layout import KIND, RANK, STREAM
from sim.fast.lowering import part
from sim.fast.memory import at, index, new, new_row, note
from sim.fast.records import Record, ints
from sim.fast.rules import crews, encounter, road, sharing, steps
from sim.plan.sections import IMPORT
from sim.rules.crews import ABDUCTED, KILLED
from sim.rules.encounter import DETECTED, SPRUNG
from sim.world.tape import AMBUSH, IMPOSED, MINE

if TYPE_CHECKING:
    from sim.fast.convoy import Convoy
    from sim.fast.corridor import Corridor
    from sim.fast.layout import Country
    from sim.fast.tanker import Tanker
    from sim.fast.tape import Candidate

KINDS = (KIND.DETECTED, KIND.DETERRED, KIND.SPRUNG, KIND.LET_PASS)


class Encounter(Record):
    """A row of the encounters."""

    time: float
    next: Encounter
    convoy, corridor, road, kind, ordinal, escort, outcome, size, lost, killed, abducted, knocked_out = ints(12)


def await_next(country: Country) -> None:
    """Wait for the time of the tape's next candidate."""
    if country.tape_next < len(country.tape):
        candidate = country.tape[country.tape_next]
        country.tape_next += 1
        call(country, candidate.time, RANK.AMBUSH, candidate.entity, WHAT.AMBUSH, candidate.where)


def lay(candidate: Candidate) -> None:
    """Lay a candidate if it falls under the intensity of its moment."""
    country = candidate.country
    if candidate.kind == IMPOSED or _under_intensity(candidate):
        candidate.armed = 1
        country.laid += 1
        note(country, country.now, KIND.LAID, candidate.entity, candidate.serial, 0.0)


def _under_intensity(candidate: Candidate) -> bool:
    country, zone, time = candidate.country, candidate.zone, candidate.time
    zones = country.plan.zones
    is_mine = candidate.kind == MINE
    intensity = at(zones.mines[zone], time) if is_mine else declared(country, zone, time)
    if intensity > zones.ceiling[zone]:
        raise ModelError("effort is above the ceiling of the tape")
    if country.plan.attacks.adaptive.on and not is_mine:
        intensity = effort(country, zone, time)
    return candidate.height * zones.ceiling[zone] < intensity


def present(convoy: Convoy, time: float) -> int:
    """Return the components that protect a convoy at a time: see `sim.rules.encounter.cover`."""
    driving, protection = convoy.country.plan.driving, convoy.country.plan.protection
    flying, day = convoy.beside, steps.day_of(time)
    for unit in convoy.units:
        if not unit.pool.ground and flies(unit, day):
            flying |= unit.pool.component
    light = road.is_day(time, driving.day_from, driving.day_to)
    return encounter.cover(convoy.escort_left, protection.ground, flying, protection.by_day, light)


def meet(convoy: Convoy, candidate: Candidate) -> float:
    """Resolve the meeting of a party and a candidate; return the hours it costs the party."""
    country, plan = convoy.country, convoy.country.plan
    if candidate.armed == 0 or len(convoy.column) < candidate.smallest:
        return 0.0
    ordinal = candidate.armed - 1
    candidate.armed += 1
    if not candidate.met:
        candidate.met = True
        country.met += 1
    escort, protection = present(convoy, country.now), plan.protection
    ratio = encounter.loss_ratio(escort, protection.ground, protection.ratio_none, protection.ratio)
    detects, deters, damage = encounter.stages(
        ratio,
        protection.detection,
        protection.deterrence,
        protection.split_detection,
        protection.split_deterrence,
        protection.split_damage,
    )
    kind, entity = candidate.kind, candidate.entity
    mark = index(candidate.serial, ordinal)
    came = encounter.outcome(
        uniform(country, STREAM.PREY, entity, mark),
        uniform(country, STREAM.DETECTION, entity, mark),
        uniform(country, STREAM.DETERRENCE, entity, mark),
        encounter.interest(len(convoy.column), plan.attacks.prey),
        detects,
        deters,
        kind == AMBUSH,
        kind == IMPOSED,
    )
    if came in (DETECTED, SPRUNG):
        candidate.armed = 0
    if came == SPRUNG:
        _attack(convoy, candidate, ordinal, escort, damage)
        return plan.driving.regroup
    _write(convoy, candidate, ordinal, escort, came, 0, 0, 0, 0)
    return plan.driving.halt if came == DETECTED else 0.0


def _attack(convoy: Convoy, candidate: Candidate, ordinal: int, escort: int, damage: float) -> None:
    country, plan, size = convoy.country, convoy.country.plan, len(convoy.column)
    kind, entity, serial = candidate.kind, candidate.entity, candidate.serial
    attacks = plan.attacks
    if kind == MINE:
        lost = 1
    elif kind == IMPOSED:
        lost = min(size, steps.whole(candidate.lost))
    else:
        mark = uniform(country, STREAM.DAMAGE, entity, index(serial, 0))
        mean = encounter.mean_loss(attacks.damage, size, attacks.exponent, damage)
        lost = encounter.negative_binomial(mark, mean, attacks.shape, size)
    _choose_victims(convoy, candidate, lost)
    killed, abducted = 0, 0
    stay = 0
    for place in range(size):
        tanker = convoy.column[place]
        if not tanker.left:
            convoy.column[stay] = tanker
            stay += 1
            continue
        tanker.left = False
        mark = uniform(country, STREAM.CREW, entity, index(serial, place))
        crew = crews.fate(mark, plan.crews.killed, plan.crews.abducted)
        killed += 1 if crew == KILLED else 0
        abducted += 1 if crew == ABDUCTED else 0
        lose(tanker, crew == KILLED, crew == ABDUCTED)
    convoy.column = part(convoy.column, 0, stay)
    convoy.lost += lost
    convoy.attacked = True
    knocked = 0
    if kind != MINE:
        knocked = _fight(convoy, entity, serial)
        if attacks.adaptive.on:
            country.fights += 1
    _write(convoy, candidate, ordinal, escort, SPRUNG, lost, killed, abducted, knocked)
    hear_of(convoy.corridor, lost)
    if stay > 0 and encounter.turns_back(lost, size, plan.driving.turn_back):
        convoy.turned_back = True


def _choose_victims(convoy: Convoy, candidate: Candidate, lost: int) -> None:
    """Mark as left the tankers at the places in the column with the smallest marks."""
    if lost == 0:
        return
    country, size = convoy.country, len(convoy.column)
    free = country.free
    marks = new_row(float, country, size)
    for place in range(size):
        marks[place] = uniform(country, STREAM.VICTIM, candidate.entity, index(candidate.serial, place))
    last = -1
    for _ in range(min(lost, size)):
        last = sharing.next_least(marks, last)
        convoy.column[last].left = True
    country.free = free


def lose(tanker: Tanker, killed: bool, abducted: bool) -> None:
    """Lose a tanker and its load."""
    country, corridor, home, product = tanker.country, tanker.corridor, tanker.home, tanker.product
    tanker.laden = False
    country.balance[product].lost += country.plan.fleet.load
    country.bound[tanker.destination * len(country.balance) + product] -= 1
    corridor.lost += 1
    if corridor != home:
        home.away -= 1
    lose_crew(corridor, killed, abducted)
    note(country, country.now, KIND.LOST, corridor.entity, tanker.serial, float(product))


def _fight(convoy: Convoy, entity: int, serial: int) -> int:
    """Ground units have fought; some are knocked out. Return how many."""
    country = convoy.country
    knocked = 0
    left, stay = 0, 0
    for unit in convoy.units:
        component = unit.pool.component
        if unit.pool.ground:
            unit.fought = True
            mark = uniform(country, STREAM.KNOCKOUT, entity, index(serial, component))
            if mark < country.plan.attacks.knocked_out:
                knock_out(unit, country.now)
                knocked += 1
                continue
        convoy.units[stay] = unit
        stay += 1
        left |= component
    if knocked > 0:
        convoy.units = part(convoy.units, 0, stay)
        convoy.escort_left &= left | convoy.beside
    return knocked


def hear_of(corridor: Corridor, lost: int) -> None:
    """Let crews and consumers learn of a loss."""
    if lost == 0:
        return
    country = corridor.country
    frighten(corridor, lost, 1.0)
    for other in country.corridors:
        if other != corridor and other.kind == IMPORT:
            frighten(other, lost, country.plan.crews.spill)
    if lost >= country.plan.consumers.news:
        country.last_news = country.now


def _write(
    convoy: Convoy,
    candidate: Candidate,
    ordinal: int,
    escort: int,
    outcome: int,
    lost: int,
    killed: int,
    abducted: int,
    knocked: int,
) -> None:
    """Note the outcome of a meeting."""
    country = convoy.country
    note(country, country.now, KINDS[outcome], candidate.entity, candidate.serial, float(lost))
    encounter = new_encounter(convoy, candidate.road, candidate.kind, outcome, lost)
    encounter.ordinal = ordinal
    encounter.escort = escort
    encounter.size = len(convoy.column) + lost
    encounter.killed = killed
    encounter.abducted = abducted
    encounter.knocked_out = knocked


def new_encounter(convoy: Convoy, road: int, kind: int, outcome: int, lost: int) -> Encounter:
    """Return a new row of the encounters."""
    country = convoy.country
    encounter = new(Encounter, country, 1)[0]
    if country.encounters:
        country.last_encounter.next = encounter
    else:
        country.encounters = encounter
    country.last_encounter = encounter
    country.encounters_count += 1
    encounter.time = country.now
    encounter.convoy = convoy.number
    encounter.corridor = convoy.corridor.number
    encounter.road = road
    encounter.kind = kind
    encounter.outcome = outcome
    encounter.lost = lost
    return encounter


compile_all(globals())
