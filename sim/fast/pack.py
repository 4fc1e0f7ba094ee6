"""A plan laid out in words."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.fast.layout import Country, Uncertain
from sim.fast.records import Declared, Kind
from sim.plan.plan import Plan, Slot
from sim.world.nature import LUCKY


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
        self._numbers: list[float] = [0] * Country.words
        self._fields: dict[tuple[str, str], tuple[int, Kind]] = {}
        offset, kind = Country.fields["plan"]
        self._lay_fields(kind.of, offset, plan, "")
        offset, kind = Country.fields["uncertain"]
        first = self._new(kind.of, offset, len(plan.uncertain))
        for k, number in enumerate(plan.uncertain):
            place = first + k * Uncertain.words
            for name in ("law", "low", "value", "high", "least", "later"):
                offset, kind = Uncertain.fields[name]
                self._lay(kind, place + offset, getattr(number, name))
            offset, kind = Uncertain.fields["places"]
            first_place = self._new(kind.of, place + offset, len(number.slots))
            self._numbers[first_place:] = map(self._place, number.slots)
        self.words = _words(self._numbers)
        self.entities: dict[int, int] = {}
        for section, name in LUCKY:
            place, kind = self._fields[section, name]
            for k, entity in enumerate(getattr(getattr(plan, section), name)):
                self.entities[entity] = int(self._numbers[place]) + k * kind.of.words

    def _new(self, kind: Kind, field: int, count: int) -> int:
        """Let a field point to so many new things; return the place of the first."""
        first = len(self._numbers)
        self._numbers += [0] * (count * kind.words)
        self._numbers[field], self._numbers[field + 1] = first, count
        return first

    def _lay_fields(self, record: Declared, place: int, of: Any, section: str) -> None:
        for name, (offset, kind) in record.fields.items():
            self._fields[section, name] = place + offset, kind
            self._lay(kind, place + offset, getattr(of, name), f"{section}.{name}".lstrip("."))

    def _lay(self, kind: Kind, place: int, value: Any, name: str = "") -> None:
        if kind.name == "part":
            self._lay_fields(kind.of, place, value, name)
        elif kind.name == "row":
            first = self._new(kind.of, place, len(value))
            for k, item in enumerate(value):
                self._lay(kind.of, first + k * kind.of.words, item, name)
        else:
            self._numbers[place] = float(value) if kind.name == "float" else int(value)

    def _place(self, slot: Slot) -> int:
        place, kind = self._fields[slot.section, slot.field]
        if kind.name == "row":
            place, kind = int(self._numbers[place]) + max(slot.position, 0) * kind.of.words, kind.of
        if slot.entry < 0:
            return place
        return int(self._numbers[place + kind.of.fields["starts" if slot.start else "values"].offset]) + slot.entry


def _words(numbers: list[float]) -> NDArray[np.int64]:
    words = np.zeros(len(numbers), np.int64)
    reals = words.view(np.float64)
    floats = [k for k, number in enumerate(numbers) if isinstance(number, float)]
    whole = [k for k, number in enumerate(numbers) if not isinstance(number, float)]
    words[whole] = [numbers[k] for k in whole]
    reals[floats] = [numbers[k] for k in floats]
    return words
