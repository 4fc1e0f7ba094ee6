"""The plan: all that both engines read of a scenario, and how a replication's draws are put into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from sim.plan.posterior import Posterior
from sim.plan.sections import (
    Attacks,
    Consumers,
    Convoys,
    Corridors,
    Crews,
    Driving,
    Escorts,
    Fleet,
    Policy,
    Products,
    Protection,
    Rationing,
    Retail,
    Roadblocks,
    Roads,
    Steps,
    Stocks,
    Strategy,
    Terminals,
    Towns,
    Users,
    Zones,
)


class Slot(NamedTuple):
    """Where an uncertain number stands in the plan: section, dotted field, position, and entry of a series."""

    section: str
    field: str
    position: int
    entry: int
    start: bool


@dataclass(frozen=True, slots=True)
class Uncertain:
    """A number that each replication draws: its name, the hash of its key, law, range, and where it stands.

    ``value`` is what the law needs beside the range: the mode or the median.  The plan holds the median at the slots.
    ``path`` is the name under which people see the number; numbers of one key have names of their own.  Moments are
    in hours since the scenario's start; the plan holds them ``later`` by the warm-up, and none that begins something
    before ``least``.
    """

    path: str
    entity: int
    law: int
    low: float
    value: float
    high: float
    slots: tuple[Slot, ...]
    least: float = float("-inf")
    later: float = 0.0


@dataclass(frozen=True, slots=True)
class Plan:
    """A scenario as numbers; the only input of the engines.

    ``start`` is the scenario's first midnight, ``warmup`` the days simulated before it, ``days`` those from it on,
    which are reported.  All times are hours since the warm-up began.  ``hub`` and ``lead`` are indices of a town and a
    product, ``weekday`` is that of the warm-up's first day (0 is Monday), ``uncertain`` the numbers that replications
    draw, ``posterior`` the joint draws that stand in for their ranges.
    """

    start: datetime
    warmup: int
    days: int
    weekday: int
    hub: int
    lead: int
    products: Products
    towns: Towns
    roads: Roads
    zones: Zones
    terminals: Terminals
    corridors: Corridors
    fleet: Fleet
    crews: Crews
    escorts: Escorts
    protection: Protection
    strategy: Strategy
    convoys: Convoys
    driving: Driving
    roadblocks: Roadblocks
    attacks: Attacks
    retail: Retail
    rationing: Rationing
    consumers: Consumers
    users: Users
    policy: Policy
    stocks: Stocks
    uncertain: tuple[Uncertain, ...]
    posterior: Posterior | None = None

    @property
    def begin(self) -> float:
        """The scenario's start, in hours since the warm-up began."""
        return self.warmup * 24.0

    @property
    def horizon(self) -> float:
        """The last midnight, in hours since the warm-up began."""
        return (self.warmup + self.days) * 24.0


def with_values(plan: Plan, values: Mapping[str, float]) -> Plan:
    """Return the plan with some uncertain numbers replaced.

    Parameters
    ----------
    plan
        The plan.
    values
        New value by name, in the plan's units, moments in hours since the scenario's start; names that are not
        uncertain are ignored.
    """
    changed: dict[str, dict[str, Any]] = {}
    for number in plan.uncertain:
        if number.path in values:
            value = max(values[number.path], number.least) + number.later
            for slot in number.slots:
                section = changed.setdefault(slot.section, {})
                if slot.field not in section:
                    before = getattr(_section(plan, slot.section), slot.field)
                    section[slot.field] = before if slot.position < 0 else list(before)
                if slot.position < 0:
                    section[slot.field] = _set(section[slot.field], slot, value)
                else:
                    column = section[slot.field]
                    column[slot.position] = _set(column[slot.position], slot, value)
    new: dict[str, Any] = {}
    for name, numbers in changed.items():
        section = {field: tuple(value) if isinstance(value, list) else value for field, value in numbers.items()}
        outer, _, inner = name.partition(".")
        if inner:
            section = {inner: replace(_section(plan, name), **section)}
        new[outer] = replace(new.get(outer, getattr(plan, outer)), **section)
    return replace(plan, **new)


def _section(plan: Plan, name: str) -> Any:
    outer, _, inner = name.partition(".")
    section = getattr(plan, outer)
    return getattr(section, inner) if inner else section


def _set(before: float | Steps, slot: Slot, value: float) -> float | Steps:
    """Return what a slot's place has with the value: the value, or the steps of which it is one."""
    if not isinstance(before, Steps):
        return value
    if slot.start:
        return before._replace(starts=_put(before.starts, slot.entry, value))
    return before._replace(values=_put(before.values, slot.entry, value))


def _put(column: tuple[Any, ...], position: int, value: object) -> tuple[Any, ...]:
    return (*column[:position], value, *column[position + 1 :])
