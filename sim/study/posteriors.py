"""Posteriors on disk: those that can be named for a scenario, and a calibration for ArviZ."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import ResultsError
from sim.plan.laws import draw
from sim.plan.posterior import FILE, read
from sim.results.store import read_table
from sim.scenario.files import Files
from sim.scenario.folders import POSTERIORS, TOP, matches, name_in, readable, roots
from sim.scenario.load import Scenario
from sim.scenario.merge import laid_together
from sim.scenario.tree import Leaf
from sim.study.bound import mode_of
from sim.study.packages import importing
from sim.study.tempering import resampled


def posteriors_for(scenario: Scenario) -> list[str]:
    """Return the names by which posteriors of a scenario can be laid on it, nearest folder first; none if it has one.

    They are of its own file, scope of demand and mode: convoys and attacks drawn, or those of the record imposed.
    """
    root, source = scenario.root, scenario.source
    if root.posterior is not None:
        return []
    wanted = {"scenario_name": scenario.name, "scope": root.scope, "mode": mode_of(scenario)}
    fitting: dict[str, bool] = {}
    searched = roots(None if source is None else source.beside)
    for folder in searched:
        for path in readable(folder / POSTERIORS):
            fitting.setdefault(name_in(path), wanted.items() <= _about(path).items())
    twice = {name for name in fitting if any(matches(name, folder, (TOP,)) for folder in searched)}
    return [f"{POSTERIORS}/{name}" if name in twice else name for name, ours in fitting.items() if ours]


def _about(overlay: Path) -> dict[str, object]:
    """Return of what the posterior is that an overlay names; nothing if it cannot be read, which its use will tell."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    named = laid_together(Files().layers(overlay)).items.get("posterior")
    if not isinstance(named, Leaf):
        return {}
    try:
        told = pq.read_schema(overlay.parent / str(named.value) / FILE).metadata[b"convoi"]
        return dict(json.loads(told)["about"])
    except (pa.ArrowException, KeyError, TypeError, ValueError, OSError):
        return {}


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
    with importing("arviz"):
        import arviz
    if not (folder / "values.parquet").is_file():
        raise ResultsError(f"{folder} holds no calibration; expected the folder of one, with 'values.parquet'")
    draws = read(folder / FILE)
    shown = read_table(folder, "values")
    rows = resampled(draws.weights, 0.5, len(shown.loc["posterior"]))
    places = {key: k for k, key in enumerate(draws.entities)}
    parameters = {
        path: np.array([[draw(law, u, low, value, high) for u in draws.marks[rows, places[key]].tolist()]])
        for path, key, law, low, value, high in draws.numbers
    }
    predictive: dict[str, Any] = {
        f"{kind}_predictive": {name: column.to_numpy()[None, :] for name, column in shown.loc[kind].items()}
        for kind in ("prior", "posterior")
    }
    return arviz.from_dict(posterior=parameters, **predictive)
