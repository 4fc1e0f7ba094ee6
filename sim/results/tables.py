"""Tidy tables of a run: columns of a replication's record, and frames of many."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.plan.plan import Plan
from sim.plan.policies import escort_name
from sim.record import OUTCOMES, Columns, Record
from sim.results.daily import Daily
from sim.results.measures.binding import by_week
from sim.results.measures.waiting import BOUNDS

if TYPE_CHECKING:
    import pandas as pd


KINDS = ("ambush", "mine", "replayed", "roadblock")
TABLES = ("towns", "flows", "convoys", "encounters", "users", "stocks", "binding")


def columns(record: Record) -> dict[str, Columns]:
    """Return the tables of one replication as plain columns (things as indices), cheap to send between processes."""
    bound = np.array([BOUNDS.index(what) for what in by_week(Daily(record))], np.int64)
    return {
        "towns": record.towns,
        "flows": record.flows,
        "convoys": record.convoys,
        "encounters": record.encounters,
        "users": record.users,
        "stocks": record.stocks,
        "binding": {"week": np.arange(len(bound)), "bound": bound},
    }


def names_of(plan: Plan) -> dict[str, tuple[str, ...]]:
    """Return the names that stand in tables for the indices of things, by column."""
    return {
        "town": plan.towns.name,
        "corridor": plan.corridors.name,
        "road": plan.roads.name,
        "pool": plan.escorts.name,
        "user": plan.users.name,
        "product": plan.products.name,
    }


def frame(plan: Plan, parts: Mapping[int, Columns]) -> pd.DataFrame:
    """Return a table over replications, with names and dates in place of indices.

    Parameters
    ----------
    plan
        The plan.
    parts
        Columns by replication.
    """
    import pandas as pd

    order = sorted(parts)
    names = list(parts[order[0]]) if order else []
    lengths = [len(parts[r][names[0]]) for r in order]
    data: dict[str, Any] = {"replication": np.repeat(order, lengths)}
    for name in names:
        data[name] = np.concatenate([parts[r][name] for r in order])
    out = pd.DataFrame(data)
    for column, labels in {**names_of(plan), "kind": KINDS}.items():
        if column in out:
            out[column] = pd.Categorical.from_codes(out[column].to_numpy(np.int64), pd.Index(labels))
    if "escort" in out:
        components = plan.protection.name
        escorts = [escort_name(bits, components) for bits in range(1 << len(components))]
        ordered = sorted(escorts)
        codes = np.array([ordered.index(escort) for escort in escorts])
        out["escort"] = pd.Categorical.from_codes(codes[out["escort"].to_numpy(np.int64)], pd.Index(ordered))
    for column, words in (("outcome", OUTCOMES), ("bound", BOUNDS)):
        if column in out:
            out[column] = np.array(words, dtype=object)[out[column].to_numpy()]
    for column in ("turned_back", "attacked"):
        if column in out:
            out[column] = out[column].astype(bool)
    start = np.datetime64(plan.start, "D")
    for column, hours in (("day", 24), ("departed", 1), ("time", 1), ("week", 168)):
        if column in out:
            days = np.floor(out[column].to_numpy(dtype=float) * hours / 24.0).astype(np.int64)
            out["date"] = (start + days).astype("datetime64[ns]")
            break
    return out
