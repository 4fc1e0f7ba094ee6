"""Tidy tables of a run: columns of a replication's record, and frames of many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.model.record import ConvoyRow, EncounterRow, FlowRow, TownRow, escort_name
from sim.results.binding import by_week
from sim.results.daily import Daily

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from sim.model.record import Record
    from sim.plan.plan import Plan

KINDS = ("ambush", "mine", "replayed")
TABLES = ("towns", "flows", "convoys", "encounters", "binding")
Columns = dict[str, np.ndarray[Any, Any]]


def columns(record: Record) -> dict[str, Columns]:
    """Return the tables of one replication as plain columns (things as indices), cheap to send between processes."""
    found = {
        "towns": _columns(record.towns, TownRow._fields),
        "flows": _columns(record.flows, FlowRow._fields),
        "convoys": _columns(record.convoys, ConvoyRow._fields),
        "encounters": _columns(record.encounters, EncounterRow._fields),
    }
    bound = by_week(Daily(record))
    found["binding"] = {"week": np.arange(len(bound)), "bound": np.array(bound, dtype=object)}
    return found


def _columns(rows: Sequence[tuple[Any, ...]], names: tuple[str, ...]) -> Columns:
    if not rows:
        return {name: np.array([]) for name in names}
    return {name: np.array(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}


def frame(plan: Plan, table: str, parts: Mapping[int, Columns]) -> pd.DataFrame:
    """Return a table over replications, with names and dates in place of indices.

    Parameters
    ----------
    plan
        The plan.
    table
        One of TABLES.
    parts
        Columns by replication.
    """
    import pandas as pd

    order = sorted(parts)
    names = list(parts[order[0]]) if order else []
    lengths = [len(parts[r][names[0]]) for r in order]
    data: dict[str, Any] = {"replication": np.repeat(order, lengths)}
    for name in names:
        data[name] = np.concatenate([parts[r][name] for r in order if len(parts[r][name])] or [np.array([])])
    out = pd.DataFrame(data)
    for column, labels in (
        ("town", plan.towns.name),
        ("product", plan.products.name),
        ("corridor", plan.corridors.name),
        ("road", plan.roads.name),
        ("kind", KINDS),
    ):
        if column in out:
            out[column] = pd.Categorical.from_codes(out[column].astype(int).tolist(), pd.Index(labels))
    if "escort" in out:
        out["escort"] = pd.Categorical([escort_name(int(bits)) for bits in out["escort"]])
    start = np.datetime64(plan.start, "D")
    for column, hours in (("day", 24), ("departed", 1), ("time", 1), ("week", 168)):
        if column in out:
            days = np.floor(out[column].to_numpy(dtype=float) * hours / 24.0).astype(np.int64)
            out["date"] = (start + days).astype("datetime64[ns]")
            break
    return out
