"""Tidy tables of a run: columns of a replication's record, and frames of many.

A study of many alternatives keeps brief ones of each: what its pictures need, in single precision.  A replication that
one wants to see whole is run again from its seed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.plan.plan import Plan
from sim.plan.policies import escort_name
from sim.record import OUTCOMES, Columns, Record
from sim.results.daily import Daily, added
from sim.results.measures.binding import by_week
from sim.results.measures.waiting import BOUNDS
from sim.rules.steps import DAY, WEEK

if TYPE_CHECKING:
    import pandas as pd


KINDS = ("ambush", "mine", "replayed", "roadblock")
TABLES = ("towns", "flows", "convoys", "encounters", "users", "stocks", "binding")
BRIEF = ("days", "hub")
"""``days``: a row a day and town; ``hub``: a row a day and product of the hub."""


def columns(record: Record) -> dict[str, Columns]:
    """Return the tables of one replication as plain columns (things as indices), cheap to send between processes."""
    bound = np.array([BOUNDS.index(what) for what in by_week(Daily(record))], np.int64)
    recorded = {name: getattr(record, name) for name in TABLES if name != "binding"}
    return {**recorded, "binding": {"week": np.arange(len(bound)), "bound": bound}}


def brief(record: Record) -> dict[str, Columns]:
    """Return the brief tables of one replication as plain columns, things as indices.

    ``days`` has day, town, stock (m3 of pump fuel in depot and stations), open (share of stations with any product),
    burned and need (m3); ``hub`` day, product, open.
    """
    daily, count = Daily(record), record.plan.days
    day, place, product = (np.array(x, np.int16) for x in (range(count), daily.places, daily.products))
    sums = {
        "stock": added(daily.towns("stock") + daily.towns("station_stock")),
        "open": daily.towns("open_any")[:, :, 0],
        "burned": added(daily.towns("burned")),
        "need": added(daily.towns("need")),
    }
    return {
        "days": {
            "day": np.repeat(day, len(place)),
            "town": np.tile(place, count),
            **{name: values.ravel().astype(np.float32) for name, values in sums.items()},
        },
        "hub": {
            "day": np.repeat(day, len(product)),
            "product": np.tile(product, count),
            "open": daily.hub("open_share").T.ravel().astype(np.float32),
        },
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
    """Return a table over replications, of the columns of each, with names and dates in place of indices."""
    import pandas as pd

    out = _joined(plan, parts)
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
    for column, hours in (("day", DAY), ("departed", 1.0), ("time", 1.0), ("week", WEEK * DAY)):
        if column in out:
            days = np.floor(out[column].to_numpy(dtype=float) * hours / DAY).astype(np.int64)
            out["date"] = (start + days).astype("datetime64[ns]")
            break
    return out


def brief_frame(alternative: str, plan: Plan, parts: Mapping[int, Columns]) -> pd.DataFrame:
    """Return one of the brief tables of an alternative as `frame` does, without dates."""
    import pandas as pd

    out = _joined(plan, parts).astype({"replication": np.int32})
    out.insert(0, "alternative", pd.Series(alternative, out.index, pd.CategoricalDtype([alternative])))
    return out


def _joined(plan: Plan, parts: Mapping[int, Columns]) -> pd.DataFrame:
    """Return the columns of replications one below the other, in order, with names in place of indices."""
    import pandas as pd

    order = sorted(parts)
    names = list(parts[order[0]]) if order else []
    lengths = [len(parts[r][names[0]]) for r in order]
    data: dict[str, Any] = {"replication": np.repeat(order, lengths)}
    for name in names:
        data[name] = np.concatenate([parts[r][name] for r in order])
    for column, labels in {**names_of(plan), "kind": KINDS}.items():
        if column in data:
            data[column] = pd.Categorical.from_codes(data[column].astype(np.int64), pd.Index(labels))
    return pd.DataFrame(data)
