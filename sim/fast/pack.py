"""A plan laid out in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.fast.layout import Country, Uncertain
from sim.fast.records import STEPS, Declared, Kind
from sim.world.nature import LUCKY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.plan.plan import Plan, Slot


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
        self._steps: dict[tuple[str, str, int], tuple[int, int]] = {}
        self._first: dict[tuple[str, str], tuple[int, int]] = {}
        place, kind = Country.fields["plan"]
        self._lay_fields(kind.of, place, plan, "")
        place, kind = Country.fields["uncertain"]
        first = self._new(place, len(plan.uncertain), Uncertain.words)
        for k, number in enumerate(plan.uncertain):
            for name in ("law", "low", "value", "high", "least", "later"):
                offset, kind = Uncertain.fields[name]
                self._lay(kind, first + k * Uncertain.words + offset, getattr(number, name))
            places = self._new(first + k * Uncertain.words + Uncertain.fields["places"].offset, len(number.slots))
            self._numbers[places:] = map(self._place, number.slots)
        self.words = _words(self._numbers)
        self.entities: dict[int, int] = {}
        for section, name in LUCKY:
            first, step = self._first[section, name]
            for k, entity in enumerate(getattr(getattr(plan, section), name)):
                self.entities[entity] = first + k * step

    def _new(self, field: int, count: int, words: int = 1) -> int:
        """Let a field point to so many new things; return the place of the first."""
        first = len(self._numbers)
        self._numbers += [0] * (count * words)
        self._numbers[field], self._numbers[field + 1] = first, count
        return first

    def _lay_fields(self, record: Declared, place: int, of: Any, section: str) -> None:
        for name, (offset, kind) in record.fields.items():
            value = getattr(of, name)
            if kind.name == "part":
                self._lay_fields(kind.of, place + offset, value, f"{section}.{name}".lstrip("."))
                continue
            self._lay(kind, place + offset, value)
            first, step = place + offset, 0
            if kind.name == "row":
                first, step = int(self._numbers[first]), kind.of.words
                for k in range(len(value)) if kind.of == STEPS else ():
                    self._steps[section, name, k] = self._pointer(first + k * step)
            elif kind == STEPS:
                self._steps[section, name, -1] = self._pointer(first)
            self._first[section, name] = first, step

    def _lay(self, kind: Kind, place: int, value: Any) -> None:
        if kind == STEPS:
            first = self._new(place, len(value.starts), 2)
            self._numbers[first:] = map(float, (*value.starts, *value.values))
        elif kind.name == "row":
            first = self._new(place, len(value), kind.of.words)
            for k, one in enumerate(value):
                self._lay(kind.of, first + k * kind.of.words, one)
        else:
            self._numbers[place] = float(value) if kind.name == "float" else int(value)

    def _pointer(self, field: int) -> tuple[int, int]:
        return int(self._numbers[field]), int(self._numbers[field + 1])

    def _place(self, slot: Slot) -> int:
        if slot.entry >= 0:
            first, count = self._steps[slot.section, slot.field, slot.position]
            return first + slot.entry + (0 if slot.start else count)
        first, step = self._first[slot.section, slot.field]
        return first + max(slot.position, 0) * step


def _words(numbers: list[float]) -> NDArray[np.int64]:
    words = np.zeros(len(numbers), np.int64)
    reals = words.view(np.float64)
    floats = [k for k, number in enumerate(numbers) if isinstance(number, float)]
    whole = [k for k, number in enumerate(numbers) if not isinstance(number, float)]
    words[whole] = [numbers[k] for k in whole]
    reals[floats] = [numbers[k] for k in floats]
    return words
