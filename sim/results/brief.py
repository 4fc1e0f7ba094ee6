"""The daily tables that a study of many alternatives keeps of a replication: what its pictures need, and no more.

They are kept in single precision; a replication that one wants to see whole is run again from its seed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.plan.plan import Plan
from sim.record import Columns, Record
from sim.results.daily import Daily, added

if TYPE_CHECKING:
    import pandas as pd


BRIEF = ("days", "hub")
"""``days``: a row a day and town; ``hub``: a row a day and product of the hub."""


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
