"""Filling the sections of a plan out of a scenario, remembering where each uncertain number went."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

from sim.plan.entities import Entities
from sim.plan.laws import LOGNORMAL, TRIANGULAR, UNIFORM, draw
from sim.plan.plan import Slot, Uncertain
from sim.plan.sections import Steps
from sim.scenario.fields import Dated, Moment, Part, Quantity

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

LAWS = {"uniform": UNIFORM, "triangular": TRIANGULAR, "lognormal": LOGNORMAL}
Section = TypeVar("Section", bound="DataclassInstance")


class Collector:
    """Makes the sections of a plan, and notes the slots of each uncertain number in them.

    Parameters
    ----------
    start
        First midnight of the scenario.
    later
        Hours from the first moment of the plan to the scenario's start.
    """

    def __init__(self, start: datetime, later: float = 0.0) -> None:
        self._start = start
        self._later = later
        self._entities = Entities()
        self._keys: dict[str, str] = {}
        self._ranges: dict[str, tuple[int, float, float, float]] = {}
        self._slots: dict[str, list[Slot]] = {}
        self._moments: dict[str, float] = {}

    def entities(self, kind: str, names: Iterable[str]) -> tuple[int, ...]:
        """Return the stable hash of each name of a kind."""
        return tuple(self._entities(kind, name) for name in names)

    def section(self, kind: type[Section], place: str, source: Part | list[Any], /, **others: Any) -> Section:
        """Return a section, whose fields are those of the same names of a part of the scenario but for some others.

        Quantities and moments become numbers, dated quantities steps; all else stays as it is.

        Parameters
        ----------
        kind, place
            Class of the section, and where it stands in the plan.
        source
            The part, or a list of parts for columns with one entry each.
        others
            What fills a field instead: the dotted name under which the source has it, a list for a column, or a value.
        """
        values: dict[str, Any] = {}
        for field in fields(kind):
            value = others.get(field.name, field.name)
            if isinstance(value, str):
                value = _read(source, value)
            if isinstance(value, list):
                slots = (Slot(place, field.name, k, -1, False) for k in range(len(value)))
                values[field.name] = tuple(map(self._taken, value, slots))
            else:
                values[field.name] = self._taken(value, Slot(place, field.name, -1, -1, False))
        return kind(**(others | values))

    def start_of(self, moment: Moment | None, place: str, field: str, position: int) -> float:
        """Return when something begins, in the plan's hours: not before the scenario's start; 0 if it always held."""
        return 0.0 if moment is None else self._time(moment, Slot(place, field, position, -1, False), 0.0)

    def uncertain(self) -> tuple[Uncertain, ...]:
        """Return the uncertain numbers of the sections made so far, in order of name."""
        return tuple(
            Uncertain(
                path,
                self._entities("parameter", self._keys[path]),
                *self._ranges[path],
                tuple(slots),
                *((self._moments[path], self._later) if path in self._moments else ()),
            )
            for path, slots in sorted(self._slots.items())
        )

    def _taken(self, value: Any, slot: Slot) -> Any:
        if isinstance(value, Quantity):
            return self._number(value, slot)
        if isinstance(value, Moment):
            return self._time(value, slot, -math.inf)
        return self._steps(value, slot) if isinstance(value, Dated) else value

    def _steps(self, dated: Dated, slot: Slot) -> Steps:
        """Return a dated quantity as steps; an entry without a date holds from the start."""
        starts: list[float] = []
        values: list[float] = []
        for k, (moment, quantity) in enumerate(dated.entries):
            values.append(self._number(quantity, slot._replace(entry=k)))
            starts.append(0.0 if moment is None else self._time(moment, slot._replace(entry=k, start=True), 0.0))
        return Steps(tuple(starts), tuple(values))

    def _time(self, moment: Moment, slot: Slot, least: float) -> float:
        value, low, high = moment.hours(self._start)
        if moment.law is not None and low is not None and high is not None:
            value = self._median(moment.path, moment.path, (LAWS[moment.law], low, value, high), slot)
            self._moments[moment.path] = least
        return max(value, least) + self._later

    def _number(self, quantity: Quantity, slot: Slot) -> float:
        low, high = quantity.low, quantity.high
        if quantity.law is None or low is None or high is None:
            return quantity.value
        return self._median(quantity.path, quantity.key, (LAWS[quantity.law], low, quantity.value, high), slot)

    def _median(self, path: str, key: str, law: tuple[int, float, float, float], slot: Slot) -> float:
        """Return what the plan holds of an uncertain number, noting its slot."""
        self._keys[path] = key
        self._ranges.setdefault(path, law)
        self._slots.setdefault(path, []).append(slot)
        code, low, value, high = law
        return draw(code, 0.5, low, value, high)


def _read(source: Part | list[Any], name: str) -> Any:
    """Return what a part has under a dotted name, or what each of a list of parts has."""
    read = attrgetter(name)
    return [read(part) for part in source] if isinstance(source, list) else read(source)
