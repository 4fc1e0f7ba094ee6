"""Ambushes: when they are laid, and what happens when a convoy meets one."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import ModelError
from sim.model.adaptation import declared
from sim.record import Kind
from sim.rules import encounter
from sim.rules.crews import ABDUCTED, KILLED, fate
from sim.rules.encounter import DETECTED, GROUND, SPRUNG
from sim.rules.order import Rank
from sim.rules.sharing import next_least
from sim.rules.steps import at, whole
from sim.world.keys import HALF_WORD, Stream, index
from sim.world.tape import AMBUSH, IMPOSED, MINE

if TYPE_CHECKING:
    from simpy.events import Event

    from sim.model.convoy import Convoy
    from sim.model.country import Country
    from sim.world.tape import Candidate

KINDS = (Kind.DETECTED, Kind.DETERRED, Kind.SPRUNG, Kind.LET_PASS)
"""What the log tells of the outcomes of a meeting."""


class Ambushes:
    """The ambushes in place; ``armed`` maps an ambush to the number of parties that have reached it."""

    def __init__(self, country: Country) -> None:
        self.country = country
        self.armed: dict[tuple[int, int], int] = {}
        self.met: set[tuple[int, int]] = set()
        self.laid = 0

    def lay(self) -> Generator[Event, Any, None]:
        """Go through the tape; lay each candidate under the intensity of its moment."""
        clock = self.country.clock
        for candidate in self.country.tape.candidates:
            yield clock.at(candidate.time, Rank.AMBUSH, candidate.entity)
            if candidate.kind == IMPOSED or self._under_intensity(candidate):
                self.armed[candidate.entity, candidate.serial] = 0
                self.laid += 1
                self.country.log.add(clock.now, Kind.LAID, candidate.entity, candidate.serial)

    def _under_intensity(self, candidate: Candidate) -> bool:
        zones, plan = self.country.plan.zones, self.country.plan
        z = candidate.zone
        mine = candidate.kind == MINE
        intensity = at(*zones.mines[z], candidate.time) if mine else declared(plan, z, candidate.time)
        if intensity > zones.ceiling[z]:
            raise ModelError(
                f"zone {zones.name[z]!r}: effort {intensity * 730.5:.4g} a month is above the ceiling of the tape, "
                f"{zones.ceiling[z] * 730.5:.4g} a month; raise the ceiling"
            )
        if self.country.adaptation is not None and not mine:
            intensity = self.country.adaptation.effort(z, candidate.time)
        return candidate.height * zones.ceiling[z] < intensity

    def meet(self, convoy: Convoy, candidate: Candidate) -> float:
        """Resolve the meeting of a party and a candidate; return the hours it costs the party."""
        key = (candidate.entity, candidate.serial)
        ordinal = self.armed.get(key)
        if ordinal is None or len(convoy.column) < candidate.smallest:
            return 0.0
        self.armed[key] = ordinal + 1
        self.met.add(key)
        country, plan = self.country, self.country.plan
        now = country.clock.now
        escort = convoy.present(now)
        p = plan.protection
        ratio = encounter.loss_ratio(escort, p.ratio_none, p.ratio_foreign, p.ratio_air)
        detects, deters, factor = encounter.stages(
            ratio, p.detection, p.deterrence, p.split_detection, p.split_deterrence, p.split_damage
        )
        mark = index(candidate.serial, ordinal)
        prey, detection, deterrence = (
            country.draws.uniform(stream, candidate.entity, mark)
            for stream in (Stream.PREY, Stream.DETECTION, Stream.DETERRENCE)
        )
        interest = encounter.interest(len(convoy.column), plan.attacks.prey)
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
            return self._attack(convoy, candidate, ordinal, escort, factor)
        self._note(convoy, candidate, ordinal, escort, outcome, 0, 0, 0, 0)
        return plan.driving.halt if outcome == DETECTED else 0.0

    def _attack(self, convoy: Convoy, candidate: Candidate, ordinal: int, escort: int, factor: float) -> float:
        country, plan = self.country, self.country.plan
        now, size = country.clock.now, len(convoy.column)
        if candidate.kind == MINE:
            lost = 1
        elif candidate.kind == IMPOSED:
            lost = min(size, whole(candidate.lost))
        else:
            damage = country.draws.uniform(Stream.DAMAGE, candidate.entity, index(candidate.serial))
            mean = encounter.mean_loss(plan.attacks.damage, size, plan.attacks.exponent, factor)
            lost = encounter.negative_binomial(damage, mean, plan.attacks.shape, size)
        victims = self._victims(candidate, size, lost)
        killed = abducted = 0
        for place in victims:
            mark = country.draws.uniform(Stream.CREW, candidate.entity, index(candidate.serial, place))
            crew = fate(mark, plan.crews.killed, plan.crews.abducted)
            killed += crew == KILLED
            abducted += crew == ABDUCTED
            country.lose(convoy.column[place], crew == KILLED, crew == ABDUCTED)
        gone = set(victims)
        convoy.column = [tanker for k, tanker in enumerate(convoy.column) if k not in gone]
        convoy.lost += lost
        convoy.attacked = True
        knocked = 0
        if candidate.kind != MINE:
            knocked = self._fight(convoy, candidate, now)
            if country.adaptation is not None:
                country.adaptation.fought()
        self._note(convoy, candidate, ordinal, escort, SPRUNG, lost, killed, abducted, knocked)
        country.hear_of(convoy.corridor, lost)
        if convoy.column and encounter.turns_back(lost, size, plan.driving.turn_back):
            convoy.turned_back = True
        return plan.driving.regroup

    def _victims(self, candidate: Candidate, size: int, lost: int) -> list[int]:
        """Return the places in the column with the smallest marks."""
        if lost == 0:
            return []
        places = candidate.serial * HALF_WORD + np.arange(size, dtype=np.int64)
        marks = self.country.draws.uniforms(Stream.VICTIM, candidate.entity, places).tolist()
        victims = [next_least(marks, -1)]
        while len(victims) < lost:
            victims.append(next_least(marks, victims[-1]))
        return sorted(victims)

    def _fight(self, convoy: Convoy, candidate: Candidate, now: float) -> int:
        """Ground units have fought; some are knocked out. Return how many."""
        knocked = 0
        for unit in [u for u in convoy.units if u.pool.component & GROUND]:
            unit.fought = True
            mark = index(candidate.serial, unit.pool.component)
            if self.country.draws.uniform(Stream.KNOCKOUT, candidate.entity, mark) < (
                self.country.plan.attacks.knocked_out
            ):
                convoy.strike(unit, now)
                knocked += 1
        return knocked

    def _note(
        self,
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
        now = self.country.clock.now
        self.country.log.add(now, KINDS[outcome], candidate.entity, candidate.serial, float(lost))
        self.country.rows.encounter(
            now, convoy, candidate, ordinal, escort, outcome, lost, killed, abducted, knocked
        )
