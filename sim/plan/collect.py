"""Taking numbers out of a scenario, remembering where each uncertain one went."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import datetime
from math import sqrt
from operator import attrgetter
from typing import Any

from sim.plan.plan import LOGNORMAL, TRIANGULAR, UNIFORM, Slot, Uncertain
from sim.plan.sections import Steps
from sim.scenario.fields import Dated, Moment, Part, Quantity

LAWS = {"uniform": UNIFORM, "triangular": TRIANGULAR, "lognormal": LOGNORMAL}


class Collector:
    """Reads quantities, dated quantities and moments, and notes the slot of each uncertain one.

    Parameters
    ----------
    start
        First midnight of the scenario.
    entity
        Gives the stable hash of a parameter's key.
    later
        Hours from the first moment of the plan to the scenario's start.
    """

    def __init__(self, start: datetime, entity: Callable[[str, str], int], later: float = 0.0) -> None:
        self.start = start
        self._later = later
        self._moments: dict[str, float] = {}
        self._entity = entity
        self._keys: dict[str, str] = {}
        self._found: dict[str, tuple[int, float, float, float, list[Slot]]] = {}

    def number(self, quantity: Quantity, section: str, field: str, position: int = -1) -> float:
        """Return the central value of a quantity that stands at ``section.field[position]``."""
        return self._noted(quantity, Slot(section, field, position, -1, False))

    def numbers(self, part: Part, section: str) -> dict[str, float]:
        """Return all plain numbers of a part, which stand in fields of the same names."""
        found = ((name, getattr(part, name)) for name in type(part).model_fields)
        return {name: self.number(value, section, name) for name, value in found if hasattr(value, "law")}

    def columns(self, section: str, things: Sequence[object], *same: str, **others: str) -> dict[str, Any]:
        """Return columns of a section with one entry a thing: numbers, or steps of what is dated.

        ``same`` name columns that the things call likewise, ``others`` what they call those of another name.
        """
        return {
            field: tuple(self._entry(attrgetter(name)(thing), section, field, k) for k, thing in enumerate(things))
            for field, name in ({one: one for one in same} | others).items()
        }

    def _entry(self, value: Any, section: str, field: str, position: int) -> float | Steps:
        take = self.number if hasattr(value, "law") else self.steps
        return take(value, section, field, position)

    def steps(self, dated: Dated, section: str, field: str, position: int) -> Steps:
        """Return a dated quantity as steps; an entry without a date holds from the start."""
        starts: list[float] = []
        values: list[float] = []
        for k, (moment, quantity) in enumerate(dated.entries):
            values.append(self._noted(quantity, Slot(section, field, position, k, False)))
            slot = Slot(section, field, position, k, True)
            starts.append(0.0 if moment is None else self._time(moment, slot, 0.0))
        return Steps(tuple(starts), tuple(values))

    def moment(self, moment: Moment, section: str, field: str, position: int) -> float:
        """Return a moment in the plan's hours."""
        return self._time(moment, Slot(section, field, position, -1, False), -math.inf)

    def start_of(self, moment: Moment, section: str, field: str, position: int) -> float:
        """Return when something begins, in the plan's hours: not before the scenario's start."""
        return self._time(moment, Slot(section, field, position, -1, False), 0.0)

    def uncertain(self) -> tuple[Uncertain, ...]:
        """Return what was found, in order of name."""
        return tuple(
            Uncertain(
                path,
                self._entity("parameter", self._keys[path]),
                law,
                low,
                value,
                high,
                tuple(slots),
                *((self._moments[path], self._later) if path in self._moments else ()),
            )
            for path, (law, low, value, high, slots) in sorted(self._found.items())
        )

    def _time(self, moment: Moment, slot: Slot, least: float) -> float:
        value, low, high = moment.hours(self.start)
        if moment.law is not None and low is not None and high is not None:
            value = self._note(moment.path, moment.path, (LAWS[moment.law], low, value, high), slot)
            self._moments[moment.path] = least
        return max(value, least) + self._later

    def _noted(self, quantity: Quantity, slot: Slot) -> float:
        low, high = quantity.low, quantity.high
        if quantity.law is None or low is None or high is None:
            return quantity.value
        return self._note(quantity.path, quantity.key, (LAWS[quantity.law], low, quantity.value, high), slot)

    def _note(self, path: str, key: str, law: tuple[int, float, float, float], slot: Slot) -> float:
        self._keys[path] = key
        self._found.setdefault(path, (*law, []))[4].append(slot)
        return median(*law)


def median(law: int, low: float, value: float, high: float) -> float:
    """Return the median of a law, to the last bit what `sim.world.laws.draw` gives for 0.5."""
    if law == LOGNORMAL:
        return value
    width = high - low
    if law == UNIFORM:
        return min(max(low + 0.5 * width, low), high)
    if 0.5 * width < value - low:
        return min(max(low + sqrt(0.5 * width * (value - low)), low), value)
    return min(max(high - sqrt(0.5 * width * (high - value)), value), high)
