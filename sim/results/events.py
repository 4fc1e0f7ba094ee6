"""The events of one replication as a tidy table: when, what happened, to which things."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from sim.record import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from numpy.typing import NDArray

    from sim.plan.plan import Plan
    from sim.record import Record


class Meaning(NamedTuple):
    """What an entry of the log says: its subject, its word, and what its serial and its value are.

    ``serial`` is a column of the table or nothing, ``value`` a column that names a thing, a unit of ``number``, or
    nothing.
    """

    what: str
    word: str
    serial: str = ""
    value: str = ""


MEANINGS: Final = {
    Kind.ORDERED: Meaning("tankers", "ordered", "tanker", "town"),
    Kind.LOADED: Meaning("tankers", "loaded", "tanker", "product"),
    Kind.READY: Meaning("tankers", "ready", "tanker"),
    Kind.DEPARTED: Meaning("convoys", "departed", "convoy", "tankers"),
    Kind.REACHED: Meaning("convoys", "reached", "tanker", "town"),
    Kind.CLEARED: Meaning("tankers", "cleared", "tanker"),
    Kind.UNLOADED: Meaning("tankers", "unloaded", "tanker"),
    Kind.BACK: Meaning("tankers", "back", "tanker"),
    Kind.LOST: Meaning("attacks", "lost", "tanker", "product"),
    Kind.TURNED_BACK: Meaning("convoys", "turned back", "convoy", "tankers"),
    Kind.MOVED: Meaning("tankers", "moved", "tanker"),
    Kind.DETECTED: Meaning("attacks", "detected", "convoy", "tankers"),
    Kind.DETERRED: Meaning("attacks", "deterred", "convoy", "tankers"),
    Kind.SPRUNG: Meaning("attacks", "sprung", "convoy", "tankers"),
    Kind.LET_PASS: Meaning("attacks", "let pass", "convoy", "tankers"),
    Kind.ROADBLOCK: Meaning("attacks", "stopped", "convoy", "tankers"),
    Kind.UNIT_OUT: Meaning("escorts", "unit out", "unit"),
    Kind.UNIT_BACK: Meaning("escorts", "unit back", "unit", "h"),
    Kind.ALLOTTED: Meaning("fuel", "allotted", "product", "m3"),
    Kind.LOT: Meaning("stations", "lot", "station", "m3"),
    Kind.DRY: Meaning("stations", "dry", "station", "product"),
    Kind.QUEUE_ENDS: Meaning("stations", "queue ends", "product"),
    Kind.WANTED: Meaning("fuel", "wanted", "product", "m3/h"),
    Kind.WILLING: Meaning("crews", "willing", "", "share"),
    Kind.USED: Meaning("fuel", "drawn", "user", "m3"),
    Kind.INFLOW: Meaning("fuel", "inflow", "product", "m3"),
    Kind.CREW_FREED: Meaning("crews", "freed"),
    Kind.STOCK_SET: Meaning("fuel", "stock set", "product", "m3"),
}
"""By kind of entry.  Ambushes that are laid and how effort moves concern nobody until parties meet: they are left out."""
MET: Final = (Kind.DETECTED, Kind.DETERRED, Kind.SPRUNG, Kind.LET_PASS, Kind.ROADBLOCK)
"""Kinds of a party's meetings, each of which is a row of the encounters, in the same order."""
WHAT: Final = tuple(dict.fromkeys(meaning.what for meaning in MEANINGS.values()))
THINGS: Final = ("town", "corridor", "road", "pool", "user", "product")
NUMBERED: Final = ("convoy", "tanker", "station", "unit")
COLUMNS: Final = ("replication", "time", "date", "what", "event", *THINGS, *NUMBERED, "number", "of")


def things(plan: Plan) -> dict[int, tuple[str, str]]:
    """Return what kind of thing each entity of a plan is, and its name; an attack of the record has its place."""
    listed = {
        "town": (plan.towns.entity, plan.towns.name),
        "corridor": (plan.corridors.entity, plan.corridors.name),
        "zone": (plan.zones.entity, plan.zones.name),
        "mines of": (plan.zones.mine_entity, plan.zones.name),
        "road": (plan.roads.entity, plan.roads.name),
        "pool": (plan.escorts.entity, plan.escorts.name),
        "imposed attack": (plan.attacks.imposed_entity, map(str, range(len(plan.attacks.imposed_entity)))),
    }
    return {
        entity: (what, name)
        for what, (entities, names) in listed.items()
        for entity, name in zip(entities, names, strict=True)
    }


def table(record: Record, replication: int) -> pd.DataFrame:
    """Return the log of a record as a table, in order of time; see docs/measures.md for its columns.

    Parameters
    ----------
    record
        A record with its event log.
    replication
        Which one it is.
    """
    import pandas as pd

    plan, kinds = record.plan, record.log["kind"]
    keep = np.isin(kinds, [int(kind) for kind in MEANINGS])
    log = {name: column[keep] for name, column in record.log.items()}
    kinds = log["kind"]
    time = log["time"]
    moment = np.datetime64(plan.start, "ns") + np.floor(time * 60.0 + 1e-6).astype("timedelta64[m]")
    out = pd.DataFrame({"replication": replication, "time": time, "date": moment})
    code = {kind: k for k, kind in enumerate(MEANINGS)}
    order = np.array([code.get(Kind(kind), -1) if kind in list(Kind) else -1 for kind in range(max(Kind) + 1)])[kinds]
    words = [meaning.word for meaning in MEANINGS.values()]
    out["event"] = pd.Categorical.from_codes(order, words)
    subject = np.array([WHAT.index(meaning.what) for meaning in MEANINGS.values()])
    out.insert(3, "what", pd.Categorical.from_codes(subject[order], WHAT))
    for name, codes in _things(record, log, kinds).items():
        out[name] = pd.Categorical.from_codes(codes, _names(plan)[name])
    for name in NUMBERED:
        out[name] = _nullable(_serials(record, log, kinds, name))
    out["number"], out["of"] = _numbers(log, kinds, order)
    return out


def _names(plan: Plan) -> dict[str, tuple[str, ...]]:
    named = (plan.towns, plan.corridors, plan.roads, plan.escorts, plan.users, plan.products)
    return {thing: section.name for thing, section in zip(THINGS, named, strict=True)}


def _things(record: Record, log: dict[str, NDArray[Any]], kinds: NDArray[Any]) -> dict[str, NDArray[Any]]:
    """Return by column the place of each entry's thing among the names; -1 for none."""
    plan = record.plan
    found = {thing: np.full(len(kinds), -1) for thing in THINGS}
    known = things(plan)
    for entity in np.unique(log["entity"]).tolist():
        what, name = known.get(entity, ("", ""))
        if what in found:
            found[what][log["entity"] == entity] = _names(plan)[what].index(name)
    met = np.isin(kinds, [int(kind) for kind in MET])
    for column in ("corridor", "road"):
        found[column][met] = record.encounters[column]
    for kind, column, thing in _of_things():
        rows = kinds == kind
        found[thing][rows] = log[column][rows].astype(np.int64)
    return found


def _of_things() -> Iterator[tuple[Kind, str, str]]:
    """Iterate over the kinds whose serial or value is a thing's place among the names."""
    for kind, meaning in MEANINGS.items():
        if meaning.serial in THINGS:
            yield kind, "serial", meaning.serial
        if meaning.value in THINGS:
            yield kind, "value", meaning.value


def _serials(record: Record, log: dict[str, NDArray[Any]], kinds: NDArray[Any], name: str) -> NDArray[Any]:
    """Return the numbers of a thing that has no name; -1 for none."""
    found = np.full(len(kinds), -1)
    for kind, meaning in MEANINGS.items():
        if meaning.serial == name:
            rows = kinds == kind
            found[rows] = log["serial"][rows]
    single = (kinds == Kind.TURNED_BACK) & (log["value"] == 0.0)  # a tanker that a roadblock sent back
    if name == "convoy":
        found[single] = -1
        found[np.isin(kinds, [int(kind) for kind in MET])] = record.encounters["convoy"]
    elif name == "tanker":
        found[single] = log["serial"][single]
    return found


def _nullable(numbers: NDArray[Any]) -> Any:
    import pandas as pd

    return pd.arrays.IntegerArray(numbers, numbers < 0)


def _numbers(log: dict[str, NDArray[Any]], kinds: NDArray[Any], order: NDArray[Any]) -> tuple[Any, Any]:
    """Return what goes with each entry that is a number, and of what it is one."""
    import pandas as pd

    units = [meaning.value if meaning.value not in THINGS else "" for meaning in MEANINGS.values()]
    listed = sorted({*units} - {""})
    codes = np.array([listed.index(unit) if unit else -1 for unit in units])[order]
    number = np.where(codes >= 0, log["value"], np.nan)
    number[(kinds == Kind.TURNED_BACK) & (log["value"] == 0.0)] = 1.0
    return number, pd.Categorical.from_codes(codes, listed)
