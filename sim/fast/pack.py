"""A plan laid out in words."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.fast import layout
from sim.fast.layout import HEAD, LISTS_PER_THING, ONE_WORD, PLAN_FIRST, REGIMES, UNCERTAIN
from sim.world.nature import LUCKY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.plan.plan import Plan, Slot

OF_THINGS = {
    "products": layout.PRODUCT,
    "towns": layout.TOWN,
    "roads": layout.ROAD,
    "zones": layout.ZONE,
    "terminals": layout.TERMINAL,
    "corridors": layout.CORRIDOR,
    "escorts": layout.POOL,
    "rationing": layout.RULE,
    "users": layout.USER,
}
OF_ONE = {
    "fleet": layout.FLEET,
    "crews": layout.CREWS,
    "protection": layout.PROTECTION,
    "strategy": layout.STRATEGY,
    "convoys": layout.RECORDED,
    "roadblocks": layout.ROADBLOCKS,
    "driving": layout.DRIVING,
    "attacks": layout.ATTACKS,
    "attacks.adaptive": layout.ADAPTIVE,
    "retail": layout.RETAIL,
    "consumers": layout.CONSUMERS,
    "policy": layout.POLICY,
    "stocks": layout.STOCKS,
}


class Packed:
    """A plan in words, and where each of its uncertain numbers stands.

    Parameters
    ----------
    plan
        The plan.

    Attributes
    ----------
    words
        int64; floating-point numbers are there by their bits.
    entities
        The place of each entity that keys luck.
    """

    def __init__(self, plan: Plan) -> None:
        self._numbers: list[float] = [0] * PLAN_FIRST
        self._steps: dict[tuple[str, str, int], tuple[int, int]] = {}
        self._first: dict[tuple[str, str], tuple[int, int]] = {}
        for name in ("warmup", "days", "weekday", "hub"):
            self._numbers[getattr(HEAD, name)] = int(getattr(plan, name))
        for section, its in OF_THINGS.items():
            self._lay_things(section, getattr(plan, section), its)
        for section, its in OF_ONE.items():
            outer, _, inner = section.partition(".")
            holder = getattr(plan, outer)
            self._lay_one(section, getattr(holder, inner) if inner else holder, its)
        self._lay_uncertain(plan)
        self.words = _words(self._numbers)
        self.entities: dict[int, int] = {}
        for section, name in LUCKY:
            first, step = self._first[section, name]
            for k, entity in enumerate(getattr(getattr(plan, section), name)):
                self.entities[entity] = first + k * step

    def _new(self, numbers: list[float]) -> int:
        first = len(self._numbers)
        self._numbers += numbers
        return first

    def _point(self, field: int, first: int, count: int) -> None:
        self._numbers[field], self._numbers[field + 1] = first, count

    def _lay_things(self, section: str, of: Any, its: Any) -> None:
        columns = {field.name: (str(field.type), getattr(of, field.name)) for field in fields(of)}
        count = len(next(iter(columns.values()))[1])
        first = self._new([0] * (count * its.words))
        self._point(getattr(HEAD, section), first, count)
        for name, (kind, column) in columns.items():
            if kind == "Names":
                continue
            offset = getattr(its, name)
            self._first[section, name] = first + offset, its.words
            for k, value in enumerate(column):
                field = first + k * its.words + offset
                if kind in LISTS_PER_THING:
                    self._lay_list(field, kind, value)
                    if kind == "Series":
                        self._steps[section, name, k] = int(self._numbers[field]), int(self._numbers[field + 1])
                else:
                    self._numbers[field] = _of(kind, value)

    def _lay_list(self, field: int, kind: str, value: Any) -> None:
        if kind == "Series":
            starts = [float(start) for start in value.starts]
            self._point(field, self._new([*starts, *(float(one) for one in value.values)]), len(starts))
        else:
            self._point(field, self._new([int(one) for one in value]), len(value))

    def _lay_one(self, section: str, of: Any, its: Any, base: int = 0) -> None:
        for field in fields(of):
            kind, value = str(field.type), getattr(of, field.name)
            if kind == "Adaptive":
                continue
            place = base + getattr(its, field.name)
            if kind in ONE_WORD:
                self._numbers[place] = _of(kind, value)
                self._first[section, field.name] = place, 0
            elif kind == "Steps":
                self._lay_list(place, "Series", value)
                self._steps[section, field.name, -1] = int(self._numbers[place]), int(self._numbers[place + 1])
            elif kind == "Regimes":
                first = self._new([0] * REGIMES.words)
                self._numbers[place] = first
                self._lay_one(f"{section}.{field.name}", value, REGIMES, first)
            elif kind in LISTS_PER_THING:
                pairs = self._new([0] * (2 * len(value)))
                self._point(place, pairs, len(value))
                for k, one in enumerate(value):
                    self._lay_list(pairs + 2 * k, kind, one)
            else:
                first = self._new([_of(kind, one) for one in value])
                self._point(place, first, len(value))
                self._first[section, field.name] = first, 1

    def _lay_uncertain(self, plan: Plan) -> None:
        first = self._new([0] * (len(plan.uncertain) * UNCERTAIN.words))
        self._point(HEAD.uncertain, first, len(plan.uncertain))
        for k, number in enumerate(plan.uncertain):
            place = first + k * UNCERTAIN.words
            self._numbers[place + UNCERTAIN.law] = number.law
            self._numbers[place + UNCERTAIN.low] = float(number.low)
            self._numbers[place + UNCERTAIN.value] = float(number.value)
            self._numbers[place + UNCERTAIN.high] = float(number.high)
            self._numbers[place + UNCERTAIN.least] = float(number.least)
            self._numbers[place + UNCERTAIN.later] = float(number.later)
            places: list[float] = [self._place(slot) for slot in number.slots]
            self._point(place + UNCERTAIN.places, self._new(places), len(places))

    def _place(self, slot: Slot) -> int:
        if slot.entry >= 0:
            first, count = self._steps[slot.section, slot.field, slot.position]
            return first + slot.entry + (0 if slot.start else count)
        first, step = self._first[slot.section, slot.field]
        return first + max(slot.position, 0) * step


def _of(kind: str, value: Any) -> float:
    """Return a number as the layout holds it: a float, or an int for whole numbers and yes or no."""
    return float(value) if kind in ("float", "Floats") else int(value)


def _words(numbers: list[float]) -> NDArray[np.int64]:
    words = np.zeros(len(numbers), np.int64)
    reals = words.view(np.float64)
    floats = [k for k, number in enumerate(numbers) if isinstance(number, float)]
    whole = [k for k, number in enumerate(numbers) if not isinstance(number, float)]
    words[whole] = [numbers[k] for k in whole]
    reals[floats] = [numbers[k] for k in floats]
    return words
