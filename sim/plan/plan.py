"""The plan: all that both engines read of a scenario, and how a replication's draws are put into it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, NamedTuple

from sim.plan.sections import (
    Attacks,
    Consumers,
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
    Roads,
    Steps,
    Strategy,
    Terminals,
    Towns,
    Users,
    Zones,
)

UNIFORM, TRIANGULAR, LOGNORMAL = 0, 1, 2


class Slot(NamedTuple):
    """Where an uncertain number stands in the plan: section, dotted field, position, and entry of a series."""

    section: str
    field: str
    position: int
    entry: int
    start: bool


@dataclass(frozen=True, slots=True)
class Uncertain:
    """A number that each replication draws: its path in the scenario, law, range, and where it stands."""

    path: str
    entity: int
    law: int
    low: float
    value: float
    high: float
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A scenario as numbers; the only input of the engines.

    ``hub`` and ``lead`` are indices of a town and a product, ``days`` the number of days, ``weekday`` that of the
    first day (0 is Monday), ``uncertain`` the numbers that replications draw.
    """

    start: datetime
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
    driving: Driving
    attacks: Attacks
    retail: Retail
    rationing: Rationing
    consumers: Consumers
    users: Users
    policy: Policy
    uncertain: tuple[Uncertain, ...]


def with_values(plan: Plan, values: Mapping[str, float]) -> Plan:
    """Return the plan with some uncertain numbers replaced.

    Parameters
    ----------
    plan
        The plan.
    values
        New value by path, in the plan's units; paths that are not uncertain are ignored.
    """
    changed: dict[str, dict[str, Any]] = {}
    for number in plan.uncertain:
        if number.path not in values:
            continue
        for slot in number.slots:
            section, _, part = slot.section.partition(".")
            holder: Any = getattr(plan, section)
            if part:
                holder = getattr(holder, part)
            todo = changed.setdefault(slot.section, {})
            old = todo.get(slot.field, getattr(holder, slot.field))
            todo[slot.field] = _put(old, slot, values[number.path])
    for key, todo in changed.items():
        section, _, part = key.partition(".")
        holder = getattr(plan, section)
        new = replace(getattr(holder, part), **todo) if part else replace(holder, **todo)
        plan = replace(plan, **{section: replace(holder, **{part: new}) if part else new})
    return plan


def _put(old: Any, slot: Slot, value: float) -> Any:
    if slot.position < 0:
        return value
    item = old[slot.position]
    if slot.entry >= 0:
        starts, values = list(item.starts), list(item.values)
        (starts if slot.start else values)[slot.entry] = value
        item = Steps(tuple(starts), tuple(values))
    else:
        item = value
    return (*old[: slot.position], item, *old[slot.position + 1 :])


def flatten(plan: Plan) -> Iterable[tuple[str, Any]]:
    """Yield every field of every section as (dotted name, value), for tests and digests."""
    for outer in fields(plan):
        section = getattr(plan, outer.name)
        if hasattr(section, "__dataclass_fields__"):
            for inner in fields(section):
                value = getattr(section, inner.name)
                if hasattr(value, "__dataclass_fields__"):
                    for deep in fields(value):
                        yield f"{outer.name}.{inner.name}.{deep.name}", getattr(value, deep.name)
                else:
                    yield f"{outer.name}.{inner.name}", value
        elif outer.name != "uncertain":
            yield outer.name, section
