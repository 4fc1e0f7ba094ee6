"""A calibration for ArviZ."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from sim.errors import ResultsError
from sim.plan.posterior import FILE, read
from sim.results.store import read_table
from sim.study.needs import missing

if TYPE_CHECKING:
    from pathlib import Path


def to_arviz(folder: Path) -> Any:
    """Return a stored calibration as ArviZ's InferenceData: one chain of draws that all weigh the same.

    Groups posterior and prior_predictive, posterior_predictive: values of the parameters by path, and of the facts by
    name of the target.

    Raises
    ------
    RequestError
        If ArviZ is not installed.
    ResultsError
        If the folder holds no calibration, or one that was altered.
    """
    import numpy as np

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of changes to come
            import arviz
    except ImportError as error:
        raise missing("arviz") from error
    from sim.study.tempering import resampled
    from sim.world.laws import draw

    if not (folder / "values.parquet").is_file():
        raise ResultsError(f"{folder} holds no calibration; expected the folder of one, with 'values.parquet'")
    draws = read(folder / FILE)
    shown = read_table(folder, "values")
    values = {name: shown.loc[name] for name in ("prior", "posterior")}
    rows = resampled(draws.weights, 0.5, len(values["posterior"]))
    places = {key: k for k, key in enumerate(draws.entities)}
    parameters = {
        path: np.array([[draw(law, u, low, value, high) for u in draws.marks[rows, places[key]].tolist()]])
        for path, key, law, low, value, high in draws.numbers
    }
    return arviz.from_dict(
        posterior=parameters,
        prior_predictive={name: column.to_numpy()[None, :] for name, column in values["prior"].items()},
        posterior_predictive={name: column.to_numpy()[None, :] for name, column in values["posterior"].items()},
    )
