"""Ambushes: when they are laid, and what happens when a party meets one."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import numpy as np
from simpy.events import Event

from sim.errors import ModelError
from sim.model.adaptation import Adaptation, declared
from sim.record import Kind
from sim.rules import encounter
from sim.rules.crews import ABDUCTED, KILLED, fate
from sim.rules.encounter import DETECTED, SPRUNG
from sim.rules.order import Rank
from sim.rules.sharing import next_least
from sim.rules.steps import at, whole
from sim.scenario.units import MONTH
from sim.world.keys import HALF_WORD, Stream, index
from sim.world.tape import AMBUSH, IMPOSED, MINE, Candidate

if TYPE_CHECKING:
    from sim.model.party import Party
    from sim.model.world import World

KINDS = (Kind.DETECTED, Kind.DETERRED, Kind.SPRUNG, Kind.LET_PASS)
"""What the log tells of the outcomes of a meeting."""


class Ambushes:
    """The ambushes in place, and those who may meet them.

    ``armed`` maps an ambush to the number of parties that have reached it; ``parties`` are all that have left.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.adaptation = Adaptation(world) if world.plan.attacks.adaptive.on else None
        self.armed: dict[tuple[int, int], int] = {}
        self.parties: list[Party] = []
        self.met: set[tuple[int, int]] = set()
        self.laid = 0

    def lay(self) -> Generator[Event, Any, None]:
        """Go through the tape; lay each candidate under the intensity of its moment."""
        clock = self.world.clock
        for candidate in self.world.tape.candidates:
            yield clock.at(candidate.time, Rank.AMBUSH, candidate.entity)
            if candidate.kind == IMPOSED or self._under_intensity(candidate):
                self.armed[candidate.entity, candidate.serial] = 0
                self.laid += 1
                self.world.note(Kind.LAID, candidate.entity, candidate.serial)

    def _under_intensity(self, candidate: Candidate) -> bool:
        zones, plan = self.world.plan.zones, self.world.plan
        z = candidate.zone
        mine = candidate.kind == MINE
        intensity = at(*zones.mines[z], candidate.time) if mine else declared(plan, z, candidate.time)
        if intensity > zones.ceiling[z]:
            raise ModelError(
                f"zone {zones.name[z]!r}: effort {intensity * MONTH:.4g} a month is above the ceiling of the tape, "
                f"{zones.ceiling[z] * MONTH:.4g} a month; raise the ceiling"
            )
        if self.adaptation is not None and not mine:
            intensity = self.adaptation.effort(z, candidate.time)
        return candidate.height * zones.ceiling[z] < intensity

    def meet(self, party: Party, candidate: Candidate) -> float:
        """Resolve the meeting of a party and a candidate; return the hours it costs the party."""
        key = (candidate.entity, candidate.serial)
        ordinal = self.armed.get(key)
        if ordinal is None or len(party.column) < candidate.smallest:
            return 0.0
        self.armed[key] = ordinal + 1
        self.met.add(key)
        world, plan = self.world, self.world.plan
        escort = party.present(world.clock.now)
        p = plan.protection
        ratio = encounter.loss_ratio(escort, p.ground, p.ratio_none, p.ratio)
        detects, deters, factor = encounter.stages(
            ratio, p.detection, p.deterrence, p.split_detection, p.split_deterrence, p.split_damage
        )
        mark = index(candidate.serial, ordinal)
        prey, detection, deterrence = (
            world.draws.uniform(stream, candidate.entity, mark)
            for stream in (Stream.PREY, Stream.DETECTION, Stream.DETERRENCE)
        )
        interest = encounter.interest(len(party.column), plan.attacks.prey)
        outcome = encounter.outcome(
            prey,
            detection,
            deterrence,
            interest,
            detects,
            deters,
            candidate.kind == AMBUSH,
            candidate.kind == IMPOSED,
        )
        if outcome in (DETECTED, SPRUNG):
            del self.armed[key]
        if outcome == SPRUNG:
            return self._attack(party, candidate, ordinal, escort, factor)
        self._note(party, candidate, ordinal, escort, outcome)
        return plan.driving.halt if outcome == DETECTED else 0.0

    def _attack(self, party: Party, candidate: Candidate, ordinal: int, escort: int, factor: float) -> float:
        world, plan = self.world, self.world.plan
        size = len(party.column)
        if candidate.kind == MINE:
            lost = 1
        elif candidate.kind == IMPOSED:
            lost = min(size, whole(candidate.lost))
        else:
            damage = world.draws.uniform(Stream.DAMAGE, candidate.entity, index(candidate.serial))
            mean = encounter.mean_loss(plan.attacks.damage, size, plan.attacks.exponent, factor)
            lost = encounter.negative_binomial(damage, mean, plan.attacks.shape, size)
        victims = self._victims(candidate, size, lost)
        killed = abducted = 0
        for place in victims:
            mark = world.draws.uniform(Stream.CREW, candidate.entity, index(candidate.serial, place))
            crew = fate(mark, plan.crews.killed, plan.crews.abducted)
            killed += crew == KILLED
            abducted += crew == ABDUCTED
            party.column[place].lose(crew == KILLED, crew == ABDUCTED)
        gone = set(victims)
        party.column = [tanker for k, tanker in enumerate(party.column) if k not in gone]
        party.lost += lost
        party.attacked = True
        knocked = 0
        if candidate.kind != MINE:
            knocked = self._fight(party, candidate)
            if self.adaptation is not None:
                self.adaptation.fought()
        self._note(party, candidate, ordinal, escort, SPRUNG, lost, killed, abducted, knocked)
        party.corridor.hear_of(lost)
        if party.column and encounter.turns_back(lost, size, plan.driving.turn_back):
            party.turned_back = True
        return plan.driving.regroup

    def _victims(self, candidate: Candidate, size: int, lost: int) -> list[int]:
        """Return the places in the column with the smallest marks."""
        if lost == 0:
            return []
        places = candidate.serial * HALF_WORD + np.arange(size, dtype=np.int64)
        marks = self.world.draws.uniforms(Stream.VICTIM, candidate.entity, places).tolist()
        victims = [next_least(marks, -1)]
        while len(victims) < lost:
            victims.append(next_least(marks, victims[-1]))
        return sorted(victims)

    def _fight(self, party: Party, candidate: Candidate) -> int:
        """Ground units have fought; some are knocked out. Return how many."""
        knocked = 0
        for unit in [u for u in party.units if u.pool.ground]:
            unit.fought = True
            mark = index(candidate.serial, unit.pool.component)
            if self.world.draws.uniform(Stream.KNOCKOUT, candidate.entity, mark) < (
                self.world.plan.attacks.knocked_out
            ):
                party.strike(unit)
                knocked += 1
        return knocked

    def _note(
        self, party: Party, candidate: Candidate, ordinal: int, escort: int, outcome: int, lost: int = 0, *crews: int
    ) -> None:
        """Note the outcome of a meeting, and crews killed, abducted and units knocked out if there was an attack."""
        self.world.note(KINDS[outcome], candidate.entity, candidate.serial, float(lost))
        size, now = len(party.column) + lost, self.world.clock.now
        counts = (size, lost, *(crews or (0, 0, 0)))
        party.note_encounter(now, candidate.road, candidate.kind, ordinal, escort, outcome, *counts)
