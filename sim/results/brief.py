"""The daily tables that a study of many alternatives keeps of a replication: what its pictures need, and no more.

They are kept in single precision; a replication that one wants to see whole is run again from its seed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.results.tables import Columns

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from sim.model.record import Record
    from sim.plan.plan import Plan

BRIEF = ("days", "hub")
"""``days``: a row a day and town; ``hub``: a row a day and product of the hub."""


def brief(record: Record) -> dict[str, Columns]:
    """Return the brief tables of one replication as plain columns, things as indices.

    ``days`` has day, town, stock (m3 of pump fuel in depot and stations), open (share of stations with any product),
    burned and need (m3); ``hub`` day, product, open.
    """
    plan = record.plan
    days: dict[tuple[int, int], list[float]] = {}
    hub: list[tuple[int, int, float]] = []
    for row in record.towns:
        held = days.setdefault((row.day, row.town), [0.0, row.open_any, 0.0, 0.0])
        held[0] += row.stock + row.station_stock
        held[2] += row.burned
        held[3] += row.need
        if row.town == plan.hub:
            hub.append((row.day, row.product, row.open_share))
    keys, values = np.array(list(days), dtype=np.int16), np.array(list(days.values()), dtype=np.float32)
    some = np.array(hub)
    return {
        "days": {
            "day": keys[:, 0],
            "town": keys[:, 1],
            **{name: values[:, k] for k, name in enumerate(("stock", "open", "burned", "need"))},
        },
        "hub": {
            "day": some[:, 0].astype(np.int16),
            "product": some[:, 1].astype(np.int16),
            "open": some[:, 2].astype(np.float32),
        },
    }


def brief_frame(parts: Mapping[str, tuple[Plan, Mapping[int, Columns]]]) -> pd.DataFrame:
    """Return one of the brief tables over alternatives and replications, with names in place of indices.

    Parameters
    ----------
    parts
        By alternative: its plan, and the columns by replication.
    """
    import pandas as pd

    frames = []
    for plan, columns in parts.values():
        names = list(next(iter(columns.values()), {}))
        lengths = [len(columns[r][names[0]]) for r in columns] if names else []
        data: dict[str, Any] = {"replication": np.repeat(np.array(list(columns), dtype=np.int32), lengths)}
        for name in names:
            data[name] = np.concatenate([columns[r][name] for r in columns])
        for column, labels in (("town", plan.towns.name), ("product", plan.products.name)):
            if column in data:
                data[column] = pd.Categorical.from_codes(data[column], pd.Index(labels))
        frames.append(pd.DataFrame(data))
    found = pd.concat(frames, keys=range(len(frames)), names=["alternative", None]).reset_index(level=0)
    found["alternative"] = pd.Categorical.from_codes(found["alternative"], pd.Index(list(parts)))
    for column in ("town", "product"):
        if column in found:
            found[column] = found[column].astype("category")
    return found.reset_index(drop=True)
