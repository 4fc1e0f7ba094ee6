"""Whether two tables of measures are the same to the last bit."""

from hashlib import sha256

import numpy as np
import pandas as pd


def measures_digest(measures: pd.DataFrame) -> str:
    """Return the SHA-256 of the measures: names, replications, and the bits of every number."""
    digest = sha256()
    digest.update("\n".join(map(str, measures.columns)).encode())
    digest.update(np.ascontiguousarray(measures.index.to_numpy(dtype="<i8")).tobytes())
    # One pattern of bits for every NaN.
    values = measures.to_numpy(dtype="<f8").copy()
    values[np.isnan(values)] = np.nan
    digest.update(np.ascontiguousarray(values).tobytes())
    return digest.hexdigest()
