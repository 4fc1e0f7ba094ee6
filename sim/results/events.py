"""The events of one replication as a tidy table: when, what happened, to which things."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.plan.plan import Plan
from sim.record import Columns, Kind, Record
from sim.results.tables import names_of

if TYPE_CHECKING:
    import pandas as pd


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
"""By kind of entry.  Ambushes that are laid, and how effort moves, are left out: nobody meets them yet."""
MET: Final = (Kind.DETECTED, Kind.DETERRED, Kind.SPRUNG, Kind.LET_PASS, Kind.ROADBLOCK)
"""Kinds of a party's meetings, each of which is a row of the encounters, in the same order."""
WHAT: Final = tuple(dict.fromkeys(meaning.what for meaning in MEANINGS.values()))
THINGS: Final = ("town", "corridor", "road", "pool", "user", "product")
NUMBERED: Final = ("convoy", "tanker", "station", "unit")


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
    """Return the log of a replication's record as a table, in order of time; see docs/measures.md for its columns."""
    import pandas as pd

    keep = np.isin(record.log["kind"], [*MEANINGS])
    log = {name: column[keep] for name, column in record.log.items()}
    minutes = np.floor(log["time"] * 60.0 + 1e-6).astype("timedelta64[m]")  # a moment is read to the minute
    out = pd.DataFrame(
        {"replication": replication, "time": log["time"], "date": np.datetime64(record.plan.start, "ns") + minutes}
    )
    place = np.searchsorted(kinds := sorted(MEANINGS), log["kind"])
    meanings = [MEANINGS[kind] for kind in kinds]
    out["what"] = _words([WHAT.index(meaning.what) for meaning in meanings], place, WHAT)
    out["event"] = _words(range(len(meanings)), place, [meaning.word for meaning in meanings])
    names = names_of(record.plan)
    for thing, codes in _things(record, log, names).items():
        out[thing] = _words(codes, slice(None), names[thing])
    for name in NUMBERED:
        serials = _serials(record, log, name)
        out[name] = pd.arrays.IntegerArray(serials, serials < 0)
    units = sorted({meaning.value for meaning in meanings} - {*THINGS, ""})
    of = np.array([units.index(meaning.value) if meaning.value in units else -1 for meaning in meanings])[place]
    number = np.where(of >= 0, log["value"], np.nan)
    number[_sent_back(log)] = 1.0
    out["number"], out["of"] = number, _words(of, slice(None), units)
    # What is known beforehand, such as when a unit's duty ends, stands in the log ahead of its time.
    return out.sort_values("time", kind="stable", ignore_index=True)


def _words(codes: Any, place: Any, words: Sequence[str]) -> Any:
    import pandas as pd

    return pd.Categorical.from_codes(np.asarray(codes, np.int64)[place], pd.Index([*words]))


def _things(record: Record, log: Columns, names: dict[str, tuple[str, ...]]) -> dict[str, NDArray[Any]]:
    """Return by column the place of each entry's thing among the names; -1 for none."""
    places = {thing: np.full(len(log["kind"]), -1) for thing in THINGS}
    known = things(record.plan)
    for entity in np.unique(log["entity"]).tolist():
        what, name = known.get(entity, ("", ""))
        if what in places:
            places[what][log["entity"] == entity] = names[what].index(name)
    for column in ("corridor", "road"):
        places[column][np.isin(log["kind"], MET)] = record.encounters[column]
    for kind, meaning in MEANINGS.items():
        rows = log["kind"] == kind
        for column, thing in (("serial", meaning.serial), ("value", meaning.value)):
            if thing in places:
                places[thing][rows] = log[column][rows].astype(np.int64)
    return places


def _serials(record: Record, log: Columns, name: str) -> NDArray[Any]:
    """Return the numbers of a thing that has no name; -1 for none."""
    of_it = [kind for kind, meaning in MEANINGS.items() if meaning.serial == name]
    serials = np.where(np.isin(log["kind"], of_it), log["serial"], -1)
    if name == "convoy":
        serials[_sent_back(log)] = -1
        serials[np.isin(log["kind"], MET)] = record.encounters["convoy"]
    elif name == "tanker":
        serials[_sent_back(log)] = log["serial"][_sent_back(log)]
    return serials


def _sent_back(log: Columns) -> NDArray[np.bool_]:
    """Say which entries are of a single tanker that a roadblock sent back."""
    single: NDArray[np.bool_] = (log["kind"] == Kind.TURNED_BACK) & (log["value"] == 0.0)
    return single
