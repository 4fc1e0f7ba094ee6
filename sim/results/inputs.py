"""What a study was made of, kept with it: each scenario as a file, and the posteriors that scenarios name."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from sim.errors import ConvoiError, ResultsError
from sim.plan.posterior import FILE
from sim.scenario.describe import as_yaml
from sim.scenario.difference import digest_of
from sim.scenario.folders import POSTERIORS
from sim.scenario.load import Scenario, load
from sim.scenario.problem import Origin

STEM: Final = "scenario"
"""Name of the file of a run's scenario; of an alternative's, what it begins with."""
LONGEST: Final = 60
"""Letters of an alternative's name in that of its file."""
Inputs = dict[str, Callable[[Path], object]]
"""By name of a file in a study's folder: what writes it to a path."""


def inputs_of(scenarios: Mapping[str, Scenario]) -> tuple[Inputs, dict[str, Any]]:
    """Return the files of scenarios and what the manifest notes of them.

    Parameters
    ----------
    scenarios
        By name of the alternative; a single one has none: ``""``.

    Returns
    -------
    tuple
        By name of a file, what writes it; under ``scenarios`` the file of each, and the posterior that it names, by the
        words in which it was named: in the folder it lies elsewhere.
    """
    files: Inputs = {}
    note: dict[str, dict[str, str]] = {}
    places: dict[tuple[str, Path], str] = {}
    for name, scenario in scenarios.items():
        # A posterior tells by the name of a file whether its numbers are the ones that it was fitted with.
        taken = {*files, *(path.name for path in scenario.files)}
        file = _free(taken, f"{STEM}-{_safe(name)}" if name else STEM, ".yaml")
        merged = dict(scenario.merged)
        merged = {"title": merged.pop("title"), "name": scenario.name} | merged
        note[name] = {"file": file}
        if (posterior := scenario.root.posterior) is not None:
            source = posterior_folder(scenario)
            if (posterior, source) not in places:
                places[posterior, source] = place = _place(source, [*places.values()])
                files[f"{place}/{FILE}"] = partial(shutil.copyfile, source / FILE)
            merged["posterior"] = places[posterior, source]
            note[name]["posterior"] = posterior
        files[file] = partial(_write, replace(scenario, merged=merged))
    return files, {"scenarios": note} if note else {}


def posterior_folder(scenario: Scenario) -> Path:
    """Return where the posterior lies that a scenario names: it counts from the file that names it."""
    place = scenario.origins.get(("posterior",), Origin(""))
    return (Path(place.file).parent if place.line else Path()).absolute() / str(scenario.root.posterior)


def scenario_in(folder: Path, note: Mapping[str, str], digest: str, laid: Iterable[str]) -> Scenario:
    """Return a scenario that was kept with a study.

    Parameters
    ----------
    folder
        The folder of the study.
    note
        What the manifest notes of it; see `inputs_of`.
    digest, laid
        Of the scenario that the study was of.

    Raises
    ------
    ResultsError
        If the file is no scenario, or another.
    """
    path = folder / note["file"]
    try:
        scenario = load(path)
    except ConvoiError as error:
        raise ResultsError(f"'{path}' is no scenario to this version of Convoi: {error}", path=path) from error
    root = scenario.root
    if "posterior" in note:
        root = root.model_copy(update={"posterior": note["posterior"]})
    if digest_of(root) != digest:
        message = f"'{path}' is another scenario to this version of Convoi: its digest is {digest_of(root)[:12]}…"
        raise ResultsError(f"{message}; expected {digest[:12]}…, that of the scenario of the study", path=path)
    return replace(scenario, digest=digest, laid=tuple(laid))


def _write(scenario: Scenario, path: Path) -> None:
    path.write_text(as_yaml(scenario), encoding="utf-8")


def _safe(name: str) -> str:
    """Return the name of an alternative as a part of a file's name."""
    return re.sub(r"[^\w.+–-]+", "_", name)[:LONGEST].strip("_.") or "alternative"


def _free(names: Collection[str], stem: str, ending: str) -> str:
    """Return a name that no other has, also where capitals do not count."""
    taken = {name.casefold() for name in names}
    free, number = f"{stem}{ending}", 1
    while free.casefold() in taken:
        number += 1
        free = f"{stem}-{number}{ending}"
    return free


def _place(source: Path, places: Collection[str]) -> str:
    """Return where a posterior lies in the folder of the study, by the name of the folder from which it comes."""
    name = source.name if source.name not in ("", "..") else source.resolve().name
    place, number = f"{POSTERIORS}/{name}", 1
    while place.casefold() in (other.casefold() for other in places):
        number += 1
        place = f"{POSTERIORS}/{number}/{name}"
    return place
