"""Where two records of one replication differ first: a parameter, an event, a row, a total; bit for bit.

Two engines, two machines or two versions that should give the same answer are compared with it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.record import CONVOYS, ENCOUNTERS, FLOWS, IMPORTS, LOG, OUTCOMES, REALS, STOCKS, TOWNS, USERS, Kind
from sim.results.events import things as listed
from sim.rules.steps import whole

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.plan.plan import Plan
    from sim.record import Columns, Record

TABLES: Final = {
    "towns": TOWNS,
    "flows": FLOWS,
    "convoys": CONVOYS,
    "encounters": ENCOUNTERS,
    "users": USERS,
    "stocks": STOCKS,
    "imports": IMPORTS,
}
BEFORE: Final = 4
"""Events shown before the first that differs."""
Names = tuple[str, str]


def first_difference(record: Record, other: Record, names: Names = ("one", "other")) -> str | None:
    """Return in words the first thing in which two records differ in any bit, or None.

    Looked at in turn: the drawn parameters; the event logs, if both have one; the tables; the totals.  ``events``,
    which counts what an engine handled, may differ.
    """
    return next((difference for difference in _differences(record, other, names) if difference is not None), None)


def logged(record: Record) -> bool:
    """Say whether a record has an event log."""
    return len(record.log.get("time", ())) > 0


def _differences(record: Record, other: Record, names: Names) -> Iterator[str | None]:
    yield _parameters(record, other, names)
    if logged(record) and logged(other):
        yield _logs(record, other, names)
    for table in TABLES:
        yield _table(table, record, other, names)
    yield _totals(record, other, names)


def _parameters(record: Record, other: Record, names: Names) -> str | None:
    for (field, mine), (_, its) in zip(flatten(record.plan), flatten(other.plan), strict=True):
        if _exactly(mine) != _exactly(its):
            return f"parameter {_unlike(field, mine, its, names)}"
    return None


def flatten(section: Any, above: str = "") -> Iterator[tuple[str, Any]]:
    """Iterate over the fields of a plan and of its sections, by dotted name, but for what is drawn."""
    for name in [field.name for field in fields(section) if field.name not in ("uncertain", "posterior")]:
        value = getattr(section, name)
        yield from flatten(value, f"{above}{name}.") if is_dataclass(value) else [(above + name, value)]


def _unlike(what: str, mine: Any, its: Any, names: Names) -> str:
    """Say that two values differ: the values, or as deep in lists of one length as they do."""
    listed = isinstance(mine, tuple | list) and isinstance(its, tuple | list)
    if listed and len(mine) == len(its):
        for k, pair in enumerate(zip(mine, its, strict=True)):
            if _exactly(pair[0]) != _exactly(pair[1]):
                return _unlike(f"{what}[{k}]", *pair, names)
    return f"{what}: {mine!r} in {names[0]}, {its!r} in {names[1]}"


def _exactly(value: Any) -> Any:
    """Return what is equal for two values if and only if they are the same to the bit."""
    if isinstance(value, float):
        return float(value).hex(), math.copysign(1.0, value)
    if isinstance(value, dict):
        return {key: _exactly(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_exactly(item) for item in value]
    return value


def _logs(record: Record, other: Record, names: Names) -> str | None:
    if (wrong := _malformed("log", LOG, record.log, other.log, names)) is not None:
        return wrong
    sizes = len(record.log["time"]), len(other.log["time"])
    first = _first_row(record.log, other.log, LOG)
    if first is None:
        return None
    label = things(record.plan)
    lines = [f"event {first} differs ({_counted(sizes, names, 'events')}):"]
    lines += [f"  both: {event(record, k, label)}" for k in range(max(0, first - BEFORE), first)]
    for name, side, size in zip(names, (record, other), sizes, strict=True):
        lines.append(f"  {name}: {event(side, first, label) if first < size else 'no event more'}")
    return "\n".join(lines)


def event(record: Record, row: int, label: Callable[[int], str] | None = None) -> str:
    """Return an event of a record's log in words: day and hour, what, which thing, serial and value."""
    label = things(record.plan) if label is None else label
    time, kind, entity, serial, value = (record.log[column][row].item() for column in LOG)
    known = kind in Kind.__members__.values()
    what = Kind(kind).name if known else f"kind {kind}"
    return f"{moment(time)}  {what}  {label(entity)}  serial {serial}  value {value!r}"


def moment(time: float) -> str:
    """Return a time as day and hour with minutes, and in full: ``day 3 06:30 (78.5 h)``."""
    if not np.isfinite(time):
        return f"{time!r} h"
    minutes = whole(time * 60.0)
    return f"day {minutes // 1440} {minutes // 60 % 24:02}:{minutes % 60:02} ({time!r} h)"


def things(plan: Plan) -> Callable[[int], str]:
    """Return what names a thing of a plan by its entity."""
    known = listed(plan)
    return lambda entity: " ".join(known.get(entity, ("entity", str(entity))))


def _table(table: str, record: Record, other: Record, names: Names) -> str | None:
    columns = TABLES[table]
    ours, theirs = getattr(record, table), getattr(other, table)
    if (wrong := _malformed(table, columns, ours, theirs, names)) is not None:
        return wrong
    first = _first_row(ours, theirs, columns)
    if first is None:
        return None
    sizes = len(ours[columns[0]]), len(theirs[columns[0]])
    if first >= min(sizes):
        longer = ours if first < sizes[0] else theirs
        holder = names[0] if longer is ours else names[1]
        row = ", ".join(f"{column} {longer[column][first].item()!r}" for column in columns)
        return f"{table}: {_counted(sizes, names, 'rows')}; row {first} is in {holder} alone: {row}"
    column = next(c for c in columns if _bits(ours[c][first : first + 1]) != _bits(theirs[c][first : first + 1]))
    place = ", ".join(_cell(record.plan, key, ours[key][first].item()) for key in _keys(table, column))
    values = (
        f"  {name}: {_cell(side.plan, column, getattr(side, table)[column][first].item())}"
        for name, side in zip(names, (record, other), strict=True)
    )
    return "\n".join((f"{table}, row {first}{f' ({place})' if place else ''}, column {column} differs:", *values))


def _keys(table: str, column: str) -> tuple[str, ...]:
    """Return the columns before a column that say which row it is."""
    columns = TABLES[table]
    known = {"day", "town", "product", "corridor", "user", "convoy", "time"}
    return tuple(name for name in columns[: columns.index(column)] if name in known)


def _cell(plan: Plan, column: str, value: Any) -> str:
    """Return a value with its column and, where it is a thing's index, the thing's name."""
    listed = {
        "town": plan.towns.name,
        "product": plan.products.name,
        "corridor": plan.corridors.name,
        "user": plan.users.name,
        "road": plan.roads.name,
        "outcome": OUTCOMES,
    }.get(column, ())
    return f"{column} {listed[value] if isinstance(value, int) and 0 <= value < len(listed) else repr(value)}"


def _malformed(table: str, columns: tuple[str, ...], ours: Columns, theirs: Columns, names: Names) -> str | None:
    """Return what is wrong if one side's columns are not those of the table, of its kinds and of one length."""
    for name, side in zip(names, (ours, theirs), strict=True):
        if tuple(side) != columns:
            return f"{table} has columns {', '.join(side)} in {name}; expected {', '.join(columns)}"
        for column, cells in side.items():
            wanted = np.dtype(np.float64 if column in REALS[table] else np.int64)
            if cells.dtype != wanted:
                return f"{table}, column {column} is {cells.dtype} in {name}; expected {wanted}"
            rows = len(side[columns[0]])
            if len(cells) != rows:
                return f"{table}, column {column} has {len(cells)} rows in {name}; {columns[0]} has {rows}"
    return None


def _first_row(ours: Columns, theirs: Columns, columns: tuple[str, ...]) -> int | None:
    """Return the first row that differs in any column or that one side lacks, or None."""
    sizes = len(ours[columns[0]]), len(theirs[columns[0]])
    shared = min(sizes)
    first = shared
    for column in columns:
        unequal = ours[column][:first].view(np.int64) != theirs[column][:first].view(np.int64)
        if unequal.any():
            first = int(unequal.argmax())
    return first if first < max(sizes) else None


def _bits(cell: NDArray[Any]) -> int:
    return int(cell.view(np.int64)[0])


def _counted(sizes: tuple[int, int], names: Names, what: str) -> str:
    return ", ".join(f"{size:,} {what} in {name}" for size, name in zip(sizes, names, strict=True))


def _totals(record: Record, other: Record, names: Names) -> str | None:
    for what in ("balance", "unit_hours", "ambushes_laid", "ambushes_met"):
        mine, its = getattr(record, what), getattr(other, what)
        if _exactly(mine) != _exactly(its):
            return _unlike(what, mine, its, names)
    return None
