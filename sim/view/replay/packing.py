"""Numbers of a film as few bytes: columns of whole numbers in the narrowest type, one after the other, deflated."""

from __future__ import annotations

import zlib
from base64 import b64encode
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

TYPES = {"u1": (0, 2**8 - 1), "u2": (0, 2**16 - 1), "i4": (-(2**31), 2**31 - 1)}
"""Types of columns, narrowest first, with the least and the greatest number that they hold."""


def packed(columns: Mapping[str, Any]) -> dict[str, Any]:
    """Return columns of whole numbers as JSON: ``columns`` has name, type and length, in order of the bytes.

    Wider types come first, so that each column begins where its type may; the bytes are little-endian, deflated and
    in base64.

    Raises
    ------
    OverflowError
        If a number needs more than four bytes.
    """
    whole = {name: np.asarray(values).astype(np.int64).ravel() for name, values in columns.items()}
    types = {name: _type(values) for name, values in whole.items()}
    order = sorted(whole, key=lambda name: -int(types[name][1]))
    data = b"".join(whole[name].astype(f"<{types[name]}").tobytes() for name in order)
    listed = [[name, types[name], len(whole[name])] for name in order]
    return {"columns": listed, "bytes": b64encode(zlib.compress(data, 9)).decode()}


def _type(values: NDArray[np.int64]) -> str:
    least, most = (int(values.min()), int(values.max())) if len(values) else (0, 0)
    for name, (low, high) in TYPES.items():
        if low <= least and most <= high:
            return name
    raise OverflowError(f"{least} to {most} does not fit into four bytes")


def steps(values: Any) -> NDArray[np.int64]:
    """Return each number less the one before it; the first stays."""
    whole = np.array(values, dtype=np.int64)
    whole[1:] -= whole[:-1].copy()
    return whole
