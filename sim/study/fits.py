"""The posteriors that can be named for a scenario that has none laid on it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sim.plan.posterior import FILE
from sim.scenario.files import Files
from sim.scenario.folders import POSTERIORS, TOP, matches, name_in, readable, roots
from sim.scenario.merge import laid_together
from sim.scenario.tree import Leaf
from sim.study.bound import mode_of

if TYPE_CHECKING:
    from pathlib import Path

    from sim.scenario.load import Scenario


def fits(scenario: Scenario) -> list[str]:
    """Return the names by which posteriors of a scenario can be laid on it, nearest folder first; none if it has one.

    They are of its own file, scope of demand and mode: convoys and attacks drawn, or those of the record imposed.
    """
    root, source = scenario.root, scenario.source
    if root.posterior is not None:
        return []
    wanted = {"scenario_name": scenario.name, "scope": root.scope, "mode": mode_of(scenario)}
    found: dict[str, bool] = {}
    searched = roots(None if source is None else source.beside)
    for folder in searched:
        for path in readable(folder / POSTERIORS):
            found.setdefault(name_in(path), wanted.items() <= _about(path).items())
    twice = {name for name in found if any(matches(name, folder, (TOP,)) for folder in searched)}
    return [f"{POSTERIORS}/{name}" if name in twice else name for name, ours in found.items() if ours]


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
