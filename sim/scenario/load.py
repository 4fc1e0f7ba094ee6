"""Loading a scenario: files, overlays and settings in, a checked `Scenario` out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from os import PathLike
from pathlib import Path as FilePath
from typing import Any

from sim.errors import ScenarioError
from sim.scenario.entries import DEFAULT, entered
from sim.scenario.files import Files
from sim.scenario.inert import Layers, inert
from sim.scenario.merge import lay, wiped
from sim.scenario.mistaken import MISSING, MISTAKEN, overlay_fault, unlike
from sim.scenario.moment import Moment
from sim.scenario.number import Quantity
from sim.scenario.outside import outside, start_alone
from sim.scenario.partial import partial as sound
from sim.scenario.pools import pool_notes
from sim.scenario.problem import Fault, Origin, Path, Problem, few, sparing
from sim.scenario.record import what_if
from sim.scenario.references import reference_faults
from sim.scenario.schema import Root
from sim.scenario.semantics import semantic_faults
from sim.scenario.setting import apply
from sim.scenario.sizes import size_faults
from sim.scenario.sources import Sources
from sim.scenario.strays import absent, strays
from sim.scenario.tree import Branch, locate, origins, plain
from sim.scenario.validate import UNTOLD, filled, numbers, validated

_EMPTY = Branch({}, {}, Origin(""))


@dataclass(frozen=True, repr=False)
class Scenario:
    """A checked scenario.

    Attributes
    ----------
    root
        The scenario as the schema declares it; every number in the unit of the model.
    files
        The files that it was made from, base first, overlays last.
    origins
        The place that set each value, by path; a value that no file sets has none.
    digest
        SHA-256 of what the model sees: values, ranges and names, not notes, sources or spelling.
    merged
        The content of all files together with defaults filled in, as plain dicts, lists and scalars.
    laid
        The overlays, by file name without ending, and the settings, as they were given: what the scenario is not
        by itself.
    name
        The name of the scenario's own file, without ending.
    notes
        What is allowed but hardly meant, such as dates outside the run, each with its place.
    """

    root: Root
    files: tuple[FilePath, ...]
    origins: Mapping[Path, Origin]
    digest: str
    merged: Mapping[str, Any]
    laid: tuple[str, ...] = ()
    name: str = ""
    notes: tuple[Problem | str, ...] = ()

    def __repr__(self) -> str:
        files = ", ".join(str(file) for file in self.files)
        return f"Scenario({self.root.title!r}, files=[{files}], laid={list(self.laid)}, digest={self.digest[:8]!r})"

    @property
    def start(self) -> datetime:
        """First midnight."""
        return self.root.start.on(datetime.min)

    @property
    def end(self) -> datetime:
        """Last midnight."""
        return self.root.end.on(self.start)

    def numbers(self) -> Iterator[tuple[str, Quantity | Moment, Origin]]:
        """Iterate over dotted path, number or moment, and the place that set it, in order of path."""
        for path, number in sorted(numbers(self.root), key=lambda pair: _order(pair[0])):
            yield ".".join(path), number, self.origins.get(path, DEFAULT)


def load(
    path: str | PathLike[str],
    overlays: str | PathLike[str] | Iterable[str | PathLike[str]] = (),
    sets: str | Iterable[str] = (),
) -> Scenario:
    """Load a scenario file, lay overlays on it in order, then apply settings ``path=value``.

    A single overlay or setting needs no list.  Raises ScenarioError with every problem found, each with its place;
    its attribute ``more`` says whether others may show when these are right.
    """
    overlays = (overlays,) if isinstance(overlays, str | PathLike) else tuple(overlays)
    sets = (sets,) if isinstance(sets, str) else tuple(sets)
    with sparing():
        return _loaded(path, overlays, sets)


def _loaded(path: str | PathLike[str], overlays: tuple[str | PathLike[str], ...], sets: tuple[str, ...]) -> Scenario:
    files = Files()
    base = files.layers(FilePath(path))
    over = [layer for name in overlays for layer in files.layers(FilePath(name))]
    tree, dates = _together([*base, *over])
    problems: list[Problem] = [*files.problems, *(stray for layer in (*base, *over) for stray in strays(layer)), *dates]
    if files.broken:
        raise ScenarioError(few(problems), more=True)
    tree, faults = apply(tree, sets)
    problems += faults
    data = plain(tree)
    large = size_faults(data)
    if large:
        raise ScenarioError(few([_placed(tree, fault, FilePath(path)) for fault in large]), more=True)
    root, found = validated(data, Sources.of_evidence())
    overlay = overlay_fault(tree, str(path)) if root is None else None
    if overlay is not None:
        found = [overlay, *(fault for fault in found if fault.wrong != MISSING)]
    else:
        found = unlike(tree, found + reference_faults(data))
        found += semantic_faults(sound(data) if root is None else root)
    problems += [_placed(tree, fault, FilePath(path)) for fault in found]
    if root is None or problems:
        unique: list[Problem] = sorted(dict.fromkeys(problems), key=_place)
        raise ScenarioError(few(unique), more=root is None and overlay is None, count=len(unique))
    merged = filled(root, data)
    root = _with_date(root)
    if what_if(over, sets):
        root, merged = root.model_copy(update={"record": False}), {**merged, "record": False}
    laid = (*(FilePath(name).stem for name in overlays), *sets)
    scenario = Scenario(root, tuple(files.paths), origins(tree), _digest(root), merged, laid, FilePath(path).stem)
    own, _ = _together(base)
    changed = [key for key in ("start", "end") if locate(own, (key,)) != locate(tree, (key,))]
    layers = Layers(tree, files.paths, len(base))
    alone = [start_alone(root)] if changed == ["start"] else []
    notes = (*alone, *wiped(own, tree), *outside(root), *pool_notes(root), *inert(root, layers))
    return replace(scenario, notes=tuple(Problem.at(locate(tree, note.at), (), note) for note in notes))


def _together(layers: list[Branch]) -> tuple[Branch, list[Problem]]:
    """Return the layers laid on one another, and what is wrong with keys that have a date."""
    tree, problems = _EMPTY, list[Problem]()
    for layer in layers:
        problems += absent(layer, tree)
        tree, found = entered(lay(layer, tree), layer)
        problems += found
    return tree, problems


def _with_date(root: Root) -> Root:
    """Return the scenario with the date of an end that is written as a day."""
    if root.start.at is None or root.end.day is None:
        return root
    at = root.start.at + timedelta(days=root.end.day)
    return root.model_copy(update={"end": replace(root.end, at=at, day=None)})


def _placed(tree: Branch, fault: Fault, path: FilePath) -> Problem:
    by_key = fault.wrong in ("unknown key", MISTAKEN)
    origin = locate(tree, fault.at, key=by_key)
    return Problem.at(origin if origin.file else Origin(str(path), 1, 1), (), fault)


def _place(problem: Problem) -> tuple[bool, str, int, int]:
    return problem.wrong == UNTOLD, problem.file, problem.line, problem.column


def _order(path: Path) -> tuple[tuple[int, int, str], ...]:
    return tuple((0, int(key), "") if key.isdecimal() else (1, 0, key) for key in path)


def _digest(root: Root) -> str:
    def canonical(value: Any) -> Any:
        if isinstance(value, Quantity):
            return [value.value, value.low, value.high, value.law, value.draw]
        if isinstance(value, Moment):
            return [value.day, str(value.at), *(end and canonical(end) for end in (value.low, value.high))]
        raise TypeError(f"no canonical form of {type(value).__name__}")

    parts = {name: getattr(root, name) for name in type(root).model_fields if name not in ("note", "title", "record")}
    text = json.dumps(_tidy(parts), sort_keys=True, separators=(",", ":"), default=canonical)
    return hashlib.sha256(text.encode()).hexdigest()


def _tidy(value: Any) -> Any:
    from pydantic import BaseModel

    if isinstance(value, BaseModel):
        return {name: _tidy(getattr(value, name)) for name in type(value).model_fields}
    if isinstance(value, dict):
        return {key: _tidy(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_tidy(item) for item in value]
    return [list(entry) for entry in value.entries] if hasattr(value, "entries") else value
